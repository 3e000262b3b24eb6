"""Rules in the designer: their rows and keys, their form, and what follows from each."""

import pytest
from textual.widgets import Checkbox, Input, Static

from ndtui.model.compiled.weights import effective_weight
from ndtui.model.design.access_list import access_list
from ndtui.model.files.design_file import parse_design
from ndtui.screens.dialogs.form_screen import FormScreen
from ndtui.ui.widgets.choice_list import ChoiceList
from tests.desk import Desk, at_work
from tests.support import design, preset

GROUP = "S-1-5-21-1004336348-1177238915-682003330-1104"


def two(**more):
    """Return a design with a rule for SQL beside the base."""
    sql = {"name": "SQL", "mode": "inherit", "encryption": "guaranteed"}
    scope = {"protocol": "tcp", "local_ports": [1433]}
    return design(version=2, rules=[{"name": "base"}, {**sql, "scope": scope, **more}])


def rules(desk: Desk) -> list[str]:
    return [rule.name for rule in desk.design.rules]


def mode(desk: Desk) -> str:
    return desk.top.query_one("#mode", ChoiceList).value


def ticked(desk: Desk) -> set[str]:
    return {box.id for box in desk.top.query(Checkbox) if box.value}


# -- the list -----------------------------------------------------------------------------------------------------


async def test_a_row_says_name_mode_and_scope():
    async with at_work(two(), size=(140, 40)) as desk:
        text = desk.decisions.text()
        assert "Rules (2)" in text
        assert "[x] base  ND transport" in text
        assert "[x] SQL  encrypted, TCP 1433 here" in text


async def test_the_keys_of_a_list_act_on_rules():
    async with at_work(two()) as desk:
        await desk.select("rule:SQL")
        await desk.keys("space")
        assert [rule.enabled for rule in desk.design.rules] == [True, False]
        assert "SQL (disabled)" in desk.explanation
        await desk.keys("space", "D")
        assert rules(desk) == ["base", "SQL", "SQL 2"]
        assert desk.decisions.row.name == "SQL 2"
        await desk.keys("K", "K")
        assert rules(desk) == ["SQL 2", "base", "SQL"]
        assert desk.decisions.row.name == "SQL 2"
        await desk.keys("K")
        assert desk.said == ["It is the first rule already"]
        await desk.keys("J", "d")
        assert rules(desk) == ["base", "SQL"]
        await desk.select("rule:SQL")
        await desk.keys("enter")
        assert isinstance(desk.top, FormScreen)
        assert desk.top.query_one("#name", Input).value == "SQL"


@pytest.mark.parametrize("key", ["space", "d"])
async def test_the_only_rule_that_protects_stays(key):
    async with at_work(two()) as desk:
        before = desk.bench
        await desk.select("rule:base")
        await desk.keys(key)
        assert desk.bench is before
        assert "none that is enabled protects anything by itself" in desk.said[-1]


async def test_filters_and_findings_of_a_rule_stand_for_it():
    async with at_work(two()) as desk:
        await desk.go_to(lambda row: str(getattr(row, "origin", "")) == "rule:SQL")
        await desk.keys("e")
        assert desk.top.query_one("#name", Input).value == "SQL"
        await desk.keys("escape", "d")
        assert rules(desk) == ["base"]
        await desk.go_to(lambda row: str(getattr(row, "origin", "")) == "scenario")
        await desk.keys("e")
        assert desk.top.query_one("#name", Input).value == "base"


@pytest.mark.parametrize(
    ("scope", "packet"),
    [
        ({"protocol": "tcp", "local_ports": [1433]}, "in tcp "),
        ({"protocol": "tcp", "remote_ports": [1433]}, "out tcp "),
        ({"protocol": "tcp", "local_ports": [1433], "remote_ports": [1433], "either_port": True}, "in tcp "),
        ({"remote_addresses": ["192.0.2.7"]}, "in tcp 192.0.2.7:"),
    ],
)
async def test_a_packet_of_the_rule_is_traced(scope, packet):
    async with at_work(two(scope=scope)) as desk:
        await desk.select("rule:SQL")
        await desk.keys("t")
        assert desk.packet.startswith(packet)
        assert "protocol" not in scope or ":1433" in desk.packet
        assert "A packet that the rule SQL is for" in desk.words


async def test_the_explanation_of_a_rule_says_everything():
    named = access_list([GROUP, "DC"], ["DG"])
    scope = {"protocol": "tcp", "local_ports": [1433], "interfaces": ["lan"]}
    more = {"machines": named, "comment": "for the shop", "weight_range": 7, "scope": scope}
    async with at_work(two(**more)) as desk:
        await desk.select("rule:SQL")
        for part in (
            "Rule: SQL", "Traffic: TCP 1433 here, lan",
            "quick mode cannot tell interfaces apart", "Mode: As other rules", "Encryption: guaranteed",
            f"members of {GROUP} may connect", "domain computers may connect", "domain guests may not connect",
            "range 7", "main mode cannot tell ports apart", "for the shop", "space on/off",
        ):  # fmt: skip
            assert part in desk.explanation


async def test_the_row_that_adds_and_the_key_ask_the_same():
    async with at_work() as desk:
        await desk.keys("A")
        assert "Add rule" in desk.words
        assert "as it is" not in desk.words
        assert desk.problem == "Say which traffic it is for: a protocol, ports or addresses"
        await desk.keys("escape")
        await desk.select("add_rule")
        await desk.keys("enter")
        assert "Add rule" in desk.words


async def test_the_line_says_whether_machines_or_users_are_meant():
    async with at_work(design(extended_mode={}), size=(140, 50)) as desk:
        await desk.keys("A")
        assert "only users SID" in str(desk.top.query_one("#field-help", Static).content)
        await desk.fill(traffic="tcp 3389 only S-1-5-21-1-2-3-512")
        assert "machines that are members of S-1-5-21-1-2-3-512 may connect; Domain Admins has users" in desk.problem
        await desk.fill(traffic="tcp 3389 only users S-1-5-21-1-2-3-512")
        assert desk.problem.endswith("; users that are members of S-1-5-21-1-2-3-512 may connect")


async def test_a_hostile_name_is_shown_as_it_is_and_edited():
    name = "[/x] [b [@click=app.leave]\u9375\U0001f512 %s {0}"
    async with at_work(two(name=name), size=(140, 40)) as desk:
        await desk.select(f"rule:{name}")
        assert "[x] [/x] [b [@click" in desk.text
        assert "Rule [/x] [b [@click=app.leave]" in desk.words
        await desk.keys("D", "e", "enter", "d", "space")
        assert rules(desk) == ["base", name]


# -- the form -----------------------------------------------------------------------------------------------------


async def test_the_line_fills_the_fields_and_the_fields_the_line():
    async with at_work() as desk:
        await desk.keys("A")
        await desk.write("tcp 3389 from 10.1.0.0/16 domain wireless")
        values = {
            name: desk.top.query_one(f"#{name}", Input).value for name in ("protocol", "ports", "remote_addresses")
        }
        assert values == {"protocol": "tcp", "ports": "3389", "remote_addresses": "10.1.0.0/16"}
        assert {"domain", "wireless"} <= ticked(desk)
        await desk.fill(ports="22")
        desk.top.query_one("#wireless", Checkbox).toggle()
        await desk.settle()
        desk.top.query_one("#service", ChoiceList).focus()
        await desk.keys("j")
        assert desk.top.query_one("#traffic", Input).value == "tcp 22 elsewhere to 10.1.0.0/16 domain"


async def test_a_mode_is_proposed_until_one_is_chosen():
    async with at_work(design(version=2, rules=[{"name": "base", "mode": "require"}])) as desk:
        await desk.keys("A")
        await desk.write("tcp 1433")
        assert mode(desk) == "require"
        await desk.write(" encrypt")
        assert mode(desk) == "inherit"
        assert "TCP 1433 here: +4 filters" in desk.problem
        desk.top.query_one("#mode", ChoiceList).focus()
        await desk.keys("g")
        assert (mode(desk), "nd_secure" in ticked(desk)) == ("negotiation-discovery", True)
        await desk.keys("j")
        assert "nd_secure" not in ticked(desk)
        await desk.fill(traffic="tcp 1433 only DC")
        assert mode(desk) == "boundary"
        await desk.keys("enter")
        assert (desk.design.rules[1].mode, desk.design.rules[1].machines) == ("boundary", access_list(["DC"]))


async def test_a_rule_that_adds_takes_over_where_the_other_holds_so_that_it_wins_there():
    scope = {"remote_addresses": ["10.0.0.0/8"], "profiles": ["domain"]}
    async with at_work(design(version=2, rules=[{"name": "base", "scope": scope}])) as desk:
        await desk.keys("A")
        await desk.write("tcp 1433 encrypt")
        assert desk.top.query_one("#remote_addresses", Input).value == "10.0.0.0/8"
        assert "domain" in ticked(desk)
        await desk.keys("enter")
        made = desk.design.rules[1]
        assert (made.mode, made.scope.profiles) == ("inherit", ("domain",))
        accept = [each for each in desk.bench.filterset.filters if each.layer == "FWPM_LAYER_ALE_AUTH_RECV_ACCEPT_V4"]
        assert str(max(accept, key=lambda each: effective_weight(each).value).origin) == f"rule:{made.name}"
        await desk.keys("A")
        await desk.write("tcp 22 encrypt")
        await desk.fill(remote_addresses="")
        await desk.keys("enter")
        assert desk.design.rules[2].scope.remote_addresses == ()


async def test_traffic_that_no_rule_protects_gets_protection_of_its_own():
    scope = {"remote_addresses": ["10.0.0.0/8"]}
    async with at_work(design(version=2, rules=[{"name": "base", "mode": "require", "scope": scope}])) as desk:
        await desk.keys("A")
        await desk.write("192.0.2.0/24 encrypt")
        assert mode(desk) == "require"
        await desk.fill(traffic="10.1.0.0/16 encrypt")
        assert mode(desk) == "inherit"


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"traffic": "tcp 99999"}, "ports go from 0 to 65535"),
        ({"traffic": "tcp foo"}, "'foo' means nothing"),
        ({"traffic": "tcp 1433 only"}, "ends after only"),
        ({"traffic": "10.0.0.0/8", "machines": "me"}, "'ME' is no SID"),
        ({"traffic": "10.0.0.0/8", "not_machines": "DG"}, "names only who may not connect"),
        ({"traffic": "10.0.0.0/8", "users": "DU"}, "extended mode"),
        ({"traffic": "10.0.0.0/8", "weight_range": "12"}, "from 1 to 11"),
        ({"traffic": "tcp 1433", "name": "base"}, "'base' is there twice"),
        ({"traffic": "1433"}, "is no protocol"),
    ],
)
async def test_what_is_wrong_is_said_while_it_is_typed_and_not_taken(values, said):
    async with at_work() as desk:
        await desk.keys("A")
        for name, text in values.items():
            await desk.fill(**{name: text})
        assert said in desk.problem
        await desk.keys("enter")
        assert isinstance(desk.top, FormScreen)
        assert rules(desk) == ["base"]


async def test_every_field_arrives():
    async with at_work(design(extended_mode={})) as desk:
        await desk.keys("A")
        await desk.fill(
            name="all of it", protocol="tcp", ports="443, 8443", other_ports="1024-65535",
            remote_addresses="10.0.0.0/8", local_addresses="10.0.0.1", machines=f"{GROUP}, dc",
            not_machines="DG", users="DU", weight_range="3", comment="why",
        )  # fmt: skip
        for box in ("private", "public", "lan", "guaranteed"):
            desk.top.query_one(f"#{box}", Checkbox).toggle()
        await desk.settle()
        await desk.keys("enter")
        made = desk.design.rules[1].model_dump(mode="json", exclude_defaults=True)
        assert made == {
            "name": "all of it",
            "mode": "inherit",
            "nd_secure": False,
            "scope": {
                "protocol": "tcp", "local_ports": [443, 8443], "remote_ports": ["1024-65535"],
                "local_addresses": ["10.0.0.1"], "remote_addresses": ["10.0.0.0/8"],
                "profiles": ["private", "public"], "interfaces": ["lan"],
            },
            "encryption": "guaranteed",
            "machines": access_list([GROUP, "DC"], ["DG"]),
            "users": access_list(["DU"]),
            "weight_range": 3,
            "comment": "why",
        }  # fmt: skip


async def test_what_the_form_does_not_show_is_kept():
    sddl = "O:SYG:SYD:P(A;;GA;;;DC)(D;;CC;;;DG)"
    more = {"mode": "require", "negotiation": {"keying_modules": ["IKE"]}, "machines": sddl, "comment": "one\ntwo"}
    async with at_work(two(**more)) as desk:
        before = desk.design
        await desk.select("rule:SQL")
        await desk.keys("e")
        assert desk.problem == (
            "SQL: changes nothing; machines with the SID of domain computers may connect; "
            "machines with the SID of domain guests may not connect"
        )
        assert desk.top.query_one("#machines", Input).value == sddl
        await desk.fill(ports="1434")
        await desk.keys("enter")
        made = desk.design.rules[1]
        assert made.scope.local_ports == ((1434, 1434),)
        assert (made.negotiation, made.machines, made.comment) == (
            before.rules[1].negotiation, sddl, "one\ntwo"
        )  # fmt: skip


@pytest.mark.parametrize(
    ("scope", "service", "line"),
    [
        ({"local_ports": [1], "remote_ports": [1], "either_port": True}, "either", "tcp 1 either"),
        ({"local_ports": [1], "remote_ports": [2], "either_port": True}, "either", "tcp 1 either other 2"),
        ({"local_ports": [1], "remote_ports": [2]}, "here", "tcp 1 here other 2"),
        ({"remote_ports": [2]}, "elsewhere", "tcp 2 elsewhere"),
        ({"local_ports": ["5-9"]}, "here", "tcp 5-9 here"),
        ({}, "here", "tcp"),
    ],
)
async def test_the_service_is_said_as_people_mean_it(scope, service, line):
    async with at_work(two(scope={"protocol": "tcp", **scope})) as desk:
        before = desk.design
        await desk.select("rule:SQL")
        await desk.keys("e")
        assert desk.top.query_one("#service", ChoiceList).value == service
        assert desk.top.query_one("#traffic", Input).value == f"{line} encrypt"
        await desk.fill(traffic="udp 9 encrypt", comment="x")
        await desk.fill(traffic=f"{line} encrypt")
        await desk.keys("enter")
        assert desk.design.rules[1].scope == before.rules[1].scope
        assert desk.design.rules[1].comment == "x"


async def test_the_base_takes_another_mode():
    async with at_work() as desk:
        await desk.select("rule:base")
        await desk.keys("e")
        desk.top.query_one("#mode", ChoiceList).focus()
        await desk.keys("j")
        assert "-4 filters, 16 in all; 2 provider contexts changed" in desk.problem
        await desk.keys("enter")
        assert (desk.design.rules[0].mode, desk.design.rules[0].nd_secure) == ("boundary", False)
        await desk.keys("e")
        desk.top.query_one("#nd_secure", Checkbox).toggle()
        await desk.settle()
        assert "ND_BOUNDARY" in desk.problem


async def test_the_buttons_stay_in_sight_whatever_the_help_of_a_field_takes():
    async with at_work(size=(60, 20)) as desk:
        await desk.keys("A")
        await desk.write("tcp 1433 encrypt")
        seen = set()
        while desk.app.focused.id not in seen:
            seen.add(desk.app.focused.id)
            assert "OK (enter)" in desk.text
            assert desk.app.focused.region in desk.app.size.region
            await desk.keys("tab")
        assert {"mode", "service", "remote-access", "guaranteed", "not_users", "enabled"} <= seen


async def test_a_mode_list_says_what_each_does_and_a_scope_field_which_layers_ask():
    async with at_work(size=(140, 50)) as desk:
        await desk.keys("A", "tab", "tab")
        assert "Inbound must be protected" in desk.words
        await desk.keys("j")
        assert "required in none" in desk.words
        await desk.keys("tab")
        assert "Main mode cannot tell ports apart" in desk.words


# -- what people come for -----------------------------------------------------------------------------------------

#: What is done, the keys before and after the text that is typed, and that text.
TASKS = (
    ("limit to a network", ("j", "e"), "10.0.0.0/8", ("enter",)),
    ("require encryption for SQL", ("A",), "tcp 1433 encrypt", ("enter",)),
    ("let one group connect", ("A",), f"tcp 3389 only {GROUP}", ("enter",)),
    ("exempt DNS", ("a",), "udp 53 192.0.2.53, 192.0.2.54", ("enter",)),
)
#: Keys beside the text that a task may take.
MOST = 15


async def test_four_policies_by_keys_alone_saved_and_opened_again():
    async with at_work(saved=False) as desk:
        effects = {}
        for what, before, text, after in TASKS:
            assert len(before) + len(after) <= MOST
            await desk.keys(*before)
            await desk.write(text)
            effects[what] = desk.problem
            await desk.keys(*after)
            assert desk.top is desk.app.designer
        assert effects["require encryption for SQL"].startswith("TCP 1433 here from 10.0.0.0/8: +2 filters")
        assert f"machines that are members of {GROUP} may connect" in effects["let one group connect"]
        made = desk.design
        base, sql, rdp = made.rules
        assert [str(each) for each in base.scope.remote_addresses] == ["10.0.0.0/8"]
        assert (sql.mode, sql.encryption, sql.scope.local_ports) == ("inherit", "guaranteed", ((1433, 1433),))
        assert (rdp.mode, rdp.machines, rdp.scope.local_ports) == ("inherit", access_list([GROUP]), ((3389, 3389),))
        assert desk.names == ["ICMP", "UDP 53 192.0.2.53, 192.0.2.54"]
        await desk.keys("5")
        await desk.until(lambda: "1433" in desk.table.text())
        await desk.keys("1", "/")
        await desk.write("1433")
        assert "1433" in desk.table.text()
        await desk.keys("enter", "W")
        await desk.keys("enter")
        await desk.until(lambda: desk.bench.path is not None)
        target = desk.bench.path
    opened = parse_design(target.read_text("utf-8"), "mine")
    assert opened.rules == made.rules
    assert opened.exemptions == made.exemptions
    async with at_work(opened, size=(140, 40)) as desk:
        text = desk.decisions.text()
        for row in ("base  ND transport, 10.0.0.0/8", "TCP 1433 here from 10.0.0.0/8", "TCP 3389 here from 10.0.0.0/8"):
            assert row in text


async def test_nothing_else_changes_what_the_default_is():
    async with at_work() as desk:
        await desk.select("rule:base")
        await desk.keys("e", "enter")
        assert desk.design == preset("nd-transport")
        assert not desk.bench.history.past
