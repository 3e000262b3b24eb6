"""The form of an exemption for a program: a field, a word of its line, and the layers that it covers."""

from textual.widgets import Checkbox, Input

from ndtui.model.vocabulary.layers import ALE_AUTH_CONNECT, ALE_AUTH_RECV_ACCEPT, PROTECTED_LAYERS
from tests.desk import at_work
from tests.support import design, exempting

PATH = r"C:\Program Files\X\x.exe"


async def test_the_line_and_the_field_say_the_same():
    async with at_work() as desk:
        await desk.keys("a")
        await desk.write(f'tcp local 7000 app "{PATH}"')
        assert desk.top.query_one("#program", Input).value == PATH
        ticked = {box.id for box in desk.top.query(Checkbox) if box.value}
        assert ticked & set(PROTECTED_LAYERS) == {ALE_AUTH_RECV_ACCEPT}
        assert desk.problem.startswith("TCP local 7000 x.exe: +2 filters")
        assert "IPsec still negotiates for it at the transport layers" in desk.problem
        await desk.keys("enter")
        made = desk.design.exemptions[-1]
        assert (made.program, made.layers) == (PATH, PROTECTED_LAYERS)
        assert f"Program: {PATH} Layers: ALE_AUTH_RECV_ACCEPT, ALE_AUTH_CONNECT" in desk.explanation
        await desk.keys("e", "enter")
        assert desk.design.exemptions[-1] is made


async def test_without_the_program_it_covers_every_protected_layer_again():
    async with at_work(exempting({"name": "agent", "protocol": "tcp", "program": PATH})) as desk:
        await desk.select("exemption:agent")
        await desk.keys("e")
        await desk.fill(program="")
        assert desk.top.query_one("#traffic", Input).value == "tcp"
        ticked = {box.id for box in desk.top.query(Checkbox) if box.value}
        assert set(PROTECTED_LAYERS) <= ticked
        await desk.keys("enter")
        assert (desk.design.exemptions[0].program, desk.design.exemptions[0].layers) == ("", PROTECTED_LAYERS)


async def test_a_transport_layer_and_a_path_that_is_none_are_refused():
    async with at_work(design()) as desk:
        await desk.keys("a")
        await desk.write(f'tcp app "{PATH}"')
        desk.top.query_one(f"#{PROTECTED_LAYERS[0]}", Checkbox).toggle()
        await desk.settle()
        assert "cannot tell programs apart" in desk.problem
        desk.top.query_one(f"#{PROTECTED_LAYERS[0]}", Checkbox).toggle()
        await desk.fill(program=r"%SystemRoot%\x.exe")
        assert "has an environment variable" in desk.problem


async def test_layers_that_were_named_stay():
    named = {"name": "agent", "program": PATH, "layers": [ALE_AUTH_CONNECT]}
    async with at_work(exempting(named)) as desk:
        await desk.select("exemption:agent")
        await desk.keys("e")
        await desk.fill(comment="why")
        await desk.keys("enter")
        assert (desk.design.exemptions[0].comment, desk.design.exemptions[0].layers) == ("why", (ALE_AUTH_CONNECT,))


async def test_an_exemption_is_put_at_the_layer_of_outbound_connections_by_a_tick():
    dns = {"name": "DNS", "protocol": "udp", "remote_ports": [53]}
    held = exempting(dns, rules=[{"encryption": "guaranteed"}])
    async with at_work(held) as desk:
        await desk.select("exemption:DNS")
        await desk.keys("e")
        ticked = {box.id for box in desk.top.query(Checkbox) if box.value}
        assert ALE_AUTH_CONNECT not in ticked
        desk.top.query_one(f"#{ALE_AUTH_CONNECT}", Checkbox).toggle()
        await desk.settle()
        await desk.keys("enter")
        assert desk.design.exemptions[0].layers == (*PROTECTED_LAYERS, ALE_AUTH_CONNECT)
        await desk.keys("e")
        desk.top.query_one(f"#{ALE_AUTH_CONNECT}", Checkbox).toggle()
        await desk.settle()
        await desk.keys("enter")
        assert desk.design.exemptions[0].layers == PROTECTED_LAYERS
