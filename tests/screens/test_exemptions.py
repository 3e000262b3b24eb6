"""Exemptions: added, edited, copied, switched, moved and deleted, by keys and through the form."""

import pytest
from textual.widgets import Button, Checkbox, Input

from ndtui.model.vocabulary.layers import ALE_AUTH_CONNECT, PROTECTED_LAYERS
from ndtui.screens.dialogs.form_screen import FormScreen
from tests.desk import Desk, at_work
from tests.support import design, exempting, preset

OPEN_PORT = "warning: 'UDP 53' lets anybody in who sends from port 53: to every port of this host"
DNS = {"name": "DNS", "protocol": "udp", "remote_ports": [53]}


def three():
    return exempting(
        {"name": "a", "protocol": "tcp", "remote_ports": [1]},
        {"name": "b", "protocol": "tcp", "remote_ports": [2]},
        {"name": "c", "protocol": "tcp", "remote_ports": [3]},
    )


def form_is_open(desk: Desk) -> bool:
    return isinstance(desk.top, FormScreen)


async def test_udp_53_added_by_keys_alone():
    async with at_work() as desk:
        await desk.keys("j", "j", "j")
        assert desk.decisions.row.id == "IKE"
        await desk.keys("space")
        assert desk.count == 16
        await desk.keys("a")
        await desk.write("udp 53")
        assert desk.problem == f"UDP 53: +6 filters, 22 in all; {OPEN_PORT}"
        await desk.keys("enter")
        assert desk.count == 22
        assert desk.names == ["ICMP", "UDP 53"]
        assert "22 filters" in desk.status
        assert desk.decisions.row.name == "UDP 53"
        added = desk.design.exemptions[1]
        assert (added.protocol, added.remote_ports, added.layers) == ("udp", ((53, 53),), PROTECTED_LAYERS)


async def test_the_line_fills_the_fields_and_the_fields_the_line():
    async with at_work() as desk:
        await desk.keys("a")
        await desk.write("tcp 443 10.0.0.1, 10.0.0.2")
        assert values(desk, "protocol", "remote_ports", "remote_addresses") == ["tcp", "443", "10.0.0.1,10.0.0.2"]
        await desk.fill(remote_ports="443, 8443", local_ports="5")
        assert values(desk, "traffic") == ["tcp 443,8443 10.0.0.1,10.0.0.2 local 5"]
        await desk.fill(traffic="icmp type 8")
        assert values(desk, "protocol", "remote_ports", "remote_addresses", "local_ports", "icmp_type") == [
            "icmp", "", "", "", "8",
        ]  # fmt: skip
        await desk.fill(traffic="icmp type eight")
        assert "ICMP type" in desk.problem
        await desk.fill(traffic="icmp from somewhere")
        assert "'from' means nothing where it stands" in desk.problem
        assert desk.top.query_one("#problem").has_class("-wrong")
        await desk.keys("enter")
        assert form_is_open(desk)


async def test_udp_and_53_in_two_fields_is_no_protocol_53():
    async with at_work() as desk:
        await desk.keys("a")
        await desk.write("udp")
        await desk.keys("tab")
        await desk.write("53")
        await desk.keys("enter")
        assert desk.names == ["ICMP", "UDP 53"]


async def test_an_exemption_that_is_edited_shows_its_line():
    async with at_work(exempting({**DNS, "remote_addresses": ["10.0.0.0/8"]})) as desk:
        await desk.select("exemption:DNS")
        await desk.keys("e")
        assert values(desk, "traffic") == ["udp 53 10.0.0.0/8"]


def values(desk: Desk, *names: str) -> list[str]:
    return [desk.top.query_one(f"#{name}", Input).value for name in names]


async def test_the_form_says_what_the_field_in_use_is_for():
    async with at_work() as desk:
        await desk.keys("a")
        assert "those of this host behind local" in desk.words
        await desk.keys("down")
        assert "Ports of the other side" in desk.words
        await desk.keys("up", *["tab"] * 17)
        assert "Packets that come in, at INBOUND_TRANSPORT." in desk.words


async def test_what_a_change_would_do_tells_of_new_findings():
    async with at_work() as desk:
        await desk.keys("a")
        await desk.fill(traffic="udp 10.0.0.1")
        assert desk.problem == "UDP 10.0.0.1: +3 filters, 23 in all"
        await desk.fill(traffic="icmp type 8")
        assert "+6 filters, 26 in all; warning: 'ICMP type 8' has ICMP type 8 in both" in desk.problem
        assert desk.problem.endswith("; 1 more finding")


async def test_the_row_that_adds():
    async with at_work() as desk:
        await desk.keys("G", "enter")
        assert form_is_open(desk)
        await desk.fill(name="web", protocol="tcp", remote_ports="443")
        await desk.press("ok")
        assert desk.names == ["ICMP", "web"]


async def test_every_field_arrives():
    async with at_work(design()) as desk:
        await desk.keys("a")
        await desk.fill(
            name="all of it",
            protocol="6",
            remote_ports="1024-2047, 53",
            local_ports="5",
            remote_addresses="10.0.0.0/8, 192.0.2.1-192.0.2.9",
            local_addresses="10.0.0.1",
            comment="why",
        )
        for box in ("FWPM_LAYER_OUTBOUND_TRANSPORT", "V6", "enabled"):
            desk.top.query_one(f"#{box}", Checkbox).toggle()
        await desk.settle()
        assert desk.problem == "all of it: the same 14 filters"
        desk.top.query_one("#enabled", Checkbox).toggle()
        await desk.settle()
        assert desk.problem.startswith("all of it: +2 filters, 16 in all; warning: 'all of it' covers some")
        await desk.keys("enter")
        (made,) = desk.design.exemptions
        assert (
            made
            == design(
                exemptions=[
                    {
                        "name": "all of it",
                        "protocol": "tcp",
                        "remote_ports": [53, "1024-2047"],
                        "local_ports": [5],
                        "remote_addresses": ["10.0.0.0/8", "192.0.2.1-192.0.2.9"],
                        "local_addresses": ["10.0.0.1"],
                        "comment": "why",
                        "families": ["V4"],
                        "layers": [PROTECTED_LAYERS[0], PROTECTED_LAYERS[2]],
                    }
                ]
            ).exemptions[0]
        )


# What is typed into an empty form, and what it says is wrong.
WRONG = [
    ({"protocol": "udp", "remote_ports": "70000"}, "70000 is out of range"),
    ({"protocol": "udp", "remote_ports": "9-1"}, "write 1-9"),
    ({"protocol": "quic"}, "'quic' is no protocol"),
    ({"protocol": "256"}, "'256' is no protocol"),
    ({"protocol": "icmp", "remote_ports": "53"}, "ports belong to TCP or UDP"),
    ({"protocol": "udp", "icmp_type": "8"}, "ICMP type"),
    ({"protocol": "icmp", "icmp_type": "300"}, "ICMP type"),
    ({"protocol": "icmp", "icmp_type": "٣"}, "ICMP type"),
    ({"protocol": "icmp", "icmp_type": "-1"}, "ICMP type"),
    ({"protocol": "icmp", "icmp_code": "1"}, "ICMP code"),
    ({"remote_addresses": "10.0.0.0/33"}, "10.0.0.0/33"),
    ({"remote_addresses": "10.0.0.1/8"}, "host bits"),
    ({"remote_addresses": "fe80::%eth0"}, "zone"),
    ({"remote_addresses": "somewhere"}, "'somewhere' is no address"),
    ({"remote_addresses": "10.0.0.1", "local_addresses": "fe80::1"}, "share no address family"),
    ({"remote_addresses": "fe80::/10"}, "covers only IPv4"),
    ({"protocol": "udp", "name": "ICMP"}, "'ICMP' is there twice"),
    ({"protocol": "udp", "name": "a\u202eb"}, "U+202E"),
    ({"protocol": "udp", "name": "a" * 600}, "512"),
    ({"protocol": "udp", "comment": "a" * 9000}, "8192"),
]


async def test_the_form_says_what_is_wrong_and_stays():
    async with at_work("nd-ipv4-only") as desk:
        before = desk.bench
        await desk.keys("a")
        for fields, said in WRONG:
            await desk.fill(**fields)
            assert said in desk.problem, fields
            assert desk.top.query_one("#problem").has_class("-wrong")
            await desk.keys("enter")
            assert form_is_open(desk), fields
            await desk.fill(**dict.fromkeys(fields, ""))
        await desk.fill(protocol="udp", remote_ports="53")
        assert desk.problem == f"UDP 53: +3 filters, 13 in all; {OPEN_PORT}"
        assert not desk.top.query_one("#problem").has_class("-wrong")
        assert desk.bench is before
        await desk.press("cancel")
        assert desk.bench is before


async def test_boxes_that_leave_nothing_are_wrong():
    async with at_work() as desk:
        await desk.keys("a")
        await desk.fill(protocol="udp")
        for boxes, said in ((("V4", "V6"), "Applies: choose"), (PROTECTED_LAYERS, "Covers: ")):
            for box in boxes:
                desk.top.query_one(f"#{box}", Checkbox).toggle()
            await desk.settle()
            assert said in desk.problem
            await desk.keys("enter")
            assert form_is_open(desk)
            for box in boxes:
                desk.top.query_one(f"#{box}", Checkbox).toggle()
            await desk.settle()
        await desk.keys("enter")
        assert desk.names == ["ICMP", "UDP"]


LONG = ("icmp_type", "icmp_code", "remote_ports", "protocol", "remote_addresses")


async def test_a_number_of_any_length_is_only_wrong():
    async with at_work() as desk:
        await desk.keys("a")
        labels = ("ICMP type", "ICMP code", "Remote ports", "Protocol", "Remote")
        for label, field in zip(labels, LONG, strict=True):
            await desk.fill(**{"protocol": "icmp", field: "9" * 5000})
            assert desk.top.query_one("#problem").has_class("-wrong"), field
            assert desk.problem.startswith(label)
            assert len(desk.problem) < 300
            await desk.fill(**{field: ""})


@pytest.mark.parametrize("way", ["enter", "ok"])
async def test_an_empty_form_cannot_be_accepted(way):
    async with at_work() as desk:
        await desk.keys("a")
        assert desk.problem.startswith("Say what to leave out")
        for only in ({}, {"name": "a name alone"}, {"comment": "a comment alone"}):
            await desk.fill(**only)
            await (desk.press(way) if way == "ok" else desk.keys(way))
            assert form_is_open(desk)
        await desk.fill(name="", comment="", protocol="udp")
        await desk.fill(protocol="")
        await (desk.press(way) if way == "ok" else desk.keys(way))
        assert form_is_open(desk)
        await desk.keys("escape")
        assert desk.names == ["ICMP"]


async def test_an_exemption_is_named_by_what_it_matches():
    async with at_work() as desk:
        await desk.keys("a")
        for fields, name in (
            ({"protocol": "udp", "remote_ports": "53"}, "UDP 53"),
            ({"protocol": "17", "remote_ports": "53"}, "UDP 53"),
            ({"protocol": "tcp", "local_ports": "22"}, "TCP local 22"),
            ({"remote_addresses": "10.0.0.0/8"}, "ANY 10.0.0.0/8"),
            ({"protocol": "47"}, "protocol 47"),
        ):
            await desk.fill(**fields)
            assert desk.problem.partition(":")[0] == name
            await desk.fill(**dict.fromkeys(fields, ""))


async def test_names_that_are_taken_get_a_number():
    async with at_work() as desk:
        for name in ("UDP 53", "UDP 53 2", "UDP 53 3"):
            await desk.keys("a")
            await desk.fill(protocol="udp", remote_ports="53")
            await desk.keys("enter")
            assert desk.names[-1] == name


async def test_a_name_taken_away_is_made_anew():
    async with at_work(exempting({"name": "UDP 53", "protocol": "udp", "remote_ports": [53]})) as desk:
        await desk.select("exemption:UDP 53")
        await desk.keys("e")
        await desk.fill(name="")
        await desk.keys("enter")
        assert desk.names == ["UDP 53"]


async def test_a_new_exemption_goes_behind_the_selected_one():
    async with at_work(three()) as desk:
        await desk.select("exemption:a")
        await desk.keys("a")
        await desk.fill(name="new", protocol="udp")
        await desk.keys("enter")
        assert desk.names == ["a", "new", "b", "c"]
        assert desk.decisions.row.name == "new"


@pytest.mark.parametrize("key", ["e", "enter"])
async def test_editing(key):
    async with at_work(three()) as desk:
        await desk.select("exemption:b")
        await desk.keys(key)
        assert desk.top.query_one("#name", Input).value == "b"
        assert desk.problem == "b: changes nothing"
        await desk.fill(name="renamed", remote_ports="8080")
        await desk.keys("enter")
        assert desk.names == ["a", "renamed", "c"]
        assert desk.design.exemptions[1].remote_ports == ((8080, 8080),)
        assert desk.decisions.row.name == "renamed"
        await desk.keys("u")
        assert desk.design == three()


UNTOUCHED = (
    {"protocol": 6, "remote_ports": ["5-6", 53], "local_ports": [1], "enabled": False},
    {"protocol": "icmp", "icmp_type": 8, "icmp_code": 0, "families": ["V4"]},
    {"remote_addresses": ["10.0.0.0/8", "192.0.2.1-192.0.2.9", "fe80::/10"], "comment": "one line"},
    {"layers": ["FWPM_LAYER_INBOUND_TRANSPORT", "FWPM_LAYER_ALE_AUTH_CONNECT"]},
    {"families": ["V4", "V6"]},
    {"name": " spaced "},
    {"comment": "one\n\ntwo\n"},
    {"comment": " spaced "},
)


async def test_editing_from_the_right_finds_the_exemption_at_the_left():
    async with at_work(three()) as desk:
        await desk.select("exemption:a")
        await desk.go_to(lambda row: str(getattr(row, "origin", "")) == "exemption:c")
        await desk.keys("e")
        await desk.fill(name="renamed")
        await desk.keys("enter")
        assert desk.names == ["a", "b", "renamed"]
        assert desk.decisions.row.name == "renamed"


async def test_a_form_without_a_change_makes_no_step():
    made = exempting(*UNTOUCHED)
    async with at_work(made) as desk:
        for exemption in made.exemptions:
            await desk.select(f"exemption:{exemption.name}")
            await desk.keys("e", "enter")
            assert not form_is_open(desk)
            assert desk.design == made, exemption
            assert desk.bench.untouched


async def test_a_comment_of_several_lines_outlives_an_edit():
    for comment in ("one\ntwo", "one\ntwo\n", "\n one\n\n two ", "tab\there"):
        async with at_work(exempting({**DNS, "comment": comment})) as desk:
            await desk.select("exemption:DNS")
            await desk.keys("e")
            await desk.fill(remote_ports="54")
            await desk.keys("enter")
            assert desk.design.exemptions[0].remote_ports == ((54, 54),)
            assert desk.design.exemptions[0].comment == comment


async def test_a_comment_that_is_written_anew_is_taken():
    async with at_work(exempting({**DNS, "comment": "one\ntwo"})) as desk:
        await desk.select("exemption:DNS")
        await desk.keys("e")
        await desk.fill(comment="another")
        await desk.keys("enter")
        assert desk.design.exemptions[0].comment == "another"


async def test_a_layer_that_the_form_does_not_show_is_kept():
    async with at_work(exempting({**DNS, "layers": ["FWPM_LAYER_ALE_AUTH_CONNECT"]})) as desk:
        await desk.select("exemption:DNS")
        await desk.keys("e")
        await desk.fill(remote_ports="54")
        await desk.keys("enter")
        assert desk.design.exemptions[0].layers == ("FWPM_LAYER_ALE_AUTH_CONNECT",)
        assert desk.design.exemptions[0].remote_ports == ((54, 54),)
        await desk.keys("e")
        desk.top.query_one(f"#{PROTECTED_LAYERS[0]}", Checkbox).toggle()
        await desk.settle()
        await desk.keys("enter")
        assert set(desk.design.exemptions[0].layers) == {PROTECTED_LAYERS[0], "FWPM_LAYER_ALE_AUTH_CONNECT"}


async def test_duplicating():
    async with at_work(three()) as desk:
        await desk.select("exemption:a")
        await desk.keys("D", "D")
        assert desk.names == ["a", "a 2", "a 3", "b", "c"]
        assert desk.decisions.row.name == "a 3"
        assert {e.remote_ports for e in desk.design.exemptions[:3]} == {((1, 1),)}


async def test_duplicating_the_longest_name_there_may_be():
    async with at_work(exempting({"name": "a" * 512, "protocol": "udp"})) as desk:
        await desk.select(f"exemption:{'a' * 512}")
        await desk.keys("D")
        assert len(desk.names) == 2


async def test_switching_one_off_and_on():
    async with at_work(three()) as desk:
        await desk.select("exemption:b")
        await desk.keys("space")
        assert [e.enabled for e in desk.design.exemptions] == [True, False, True]
        assert desk.count == 26
        assert "[ ] b" in desk.text
        assert "b (disabled)" in desk.explanation
        await desk.keys("space")
        assert desk.design == three()


async def test_moving():
    async with at_work(three()) as desk:
        await desk.select("exemption:b")
        await desk.keys("K")
        assert desk.names == ["b", "a", "c"]
        await desk.keys("K")
        assert desk.names == ["b", "a", "c"]
        assert len(desk.bench.history.past) == 1
        await desk.keys("J", "J", "J")
        assert desk.names == ["a", "c", "b"]
        assert desk.decisions.row.name == "b"


@pytest.mark.parametrize("key", ["d", "delete"])
async def test_deleting(key):
    async with at_work(three()) as desk:
        await desk.select("exemption:b")
        await desk.keys(key)
        assert desk.names == ["a", "c"]
        assert desk.count == 26
        await desk.keys("u")
        assert desk.design == three()
        await desk.select("exemption:a")
        await desk.keys(key, "j", key)
        await desk.run("app.redo")
        assert len(desk.names) <= 2


async def test_the_filters_of_an_exemption_stand_for_it():
    """At the right, keys that act on an exemption act on the one that made the selected filter."""
    async with at_work(three()) as desk:
        await desk.go_to(lambda row: str(getattr(row, "origin", "")) == "exemption:b")
        await desk.keys("space")
        assert [e.enabled for e in desk.design.exemptions] == [True, False, True]
        assert desk.table.has_focus
        await desk.keys("space")
        assert desk.design == three()
        await desk.keys("e")
        assert desk.top.query_one("#name", Input).value == "b"
        await desk.keys("escape", "K")
        assert desk.names == ["b", "a", "c"]
        await desk.keys("d")
        assert desk.names == ["a", "c"]


async def test_the_findings_about_an_exemption_stand_for_it():
    async with at_work(exempting({"name": "everything"})) as desk:
        await desk.keys("4")
        await desk.go_to(lambda finding: finding.id == "exempts-everything")
        await desk.keys("d")
        assert desk.names == []


@pytest.mark.parametrize("key", ["d", "D", "K", "J"])
async def test_keys_for_exemptions_need_one(key):
    async with at_work() as desk:
        before = desk.bench
        await desk.select("IKE")
        await desk.keys(key)
        assert desk.said == ["Select a rule, an exemption or a test first, or a filter that one has made"]
        await desk.go_to(lambda row: str(getattr(row, "origin", "")) == "keying-module:IKE")
        desk.app.clear_notifications()
        await desk.keys(key)
        assert desk.said == ["Select a rule, an exemption or a test first, or a filter that one has made"] * 2
        assert desk.bench is before


@pytest.mark.parametrize("key", ["space", "e"])
async def test_a_filter_that_no_rule_and_no_exemption_made_cannot_be_switched_or_edited(key):
    async with at_work(design(lifetime="persistent", before_bfe=["inbound"])) as desk:
        before = desk.bench
        await desk.go_to(lambda row: str(getattr(row, "origin", "")).startswith("before_bfe"))
        await desk.keys(key)
        assert desk.said == ["Select a rule, an exemption or a test first, or a filter that one has made"]
        assert desk.bench is before


async def test_tab_goes_through_the_whole_form():
    async with at_work(size=(60, 20)) as desk:
        await desk.keys("a")
        seen = []
        while desk.app.focused.id not in seen:
            seen.append(desk.app.focused.id)
            assert desk.app.focused.region.height == 1
            assert desk.app.focused.region in desk.app.size.region
            await desk.keys("tab")
        assert seen == [
            "traffic", "remote_ports", "remote_addresses", "local_ports", "local_addresses", "protocol", "icmp_type",
            "icmp_code", "domain", "private", "public", "lan", "wireless", "remote-access",
            "program", "name", "comment", *PROTECTED_LAYERS, ALE_AUTH_CONNECT, "V4", "V6", "enabled", "ok", "cancel",
        ]  # fmt: skip
        desk.top.query_one("#cancel", Button).focus()
        await desk.keys("enter")
        assert desk.top is desk.app.designer
        assert desk.design == preset("nd-transport")
