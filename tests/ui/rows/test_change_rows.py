"""The Changes view: how a design differs from another state of it, as rows."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

import pytest

from ndtui.analysis.packet_sets.effort import Effort
from ndtui.analysis.packet_sets.policy_sets import PolicySets
from ndtui.analysis.wording.properties import Line
from ndtui.model.compiled.compile import compile_design
from ndtui.model.compiled.documents import object_lists
from ndtui.model.compiled.objects import FilterSet
from ndtui.model.design import edits
from ndtui.model.design.design import Design
from ndtui.model.design.exemption import Exemption
from ndtui.ui.rows.change_rows import ChangeRow, change_rows
from ndtui.ui.rows.view import Heading
from ndtui.ui.state.comparison import Base, Comparison, Policy, Side, base_of_design, compare
from tests.support import change, preset, ruled


def compared(before: Design, after: Design) -> Comparison:
    return compare(base_of_design("before", before), compile_design(after), Effort(1_000_000))


def shown(before: Design, after: Design) -> dict[str, list[ChangeRow]]:
    """Return the rows of each heading."""
    found: dict[str, list[ChangeRow]] = {}
    for row in change_rows(compared(before, after)):
        if isinstance(row, Heading):
            rows = found.setdefault(row.layer, [])
        else:
            rows.append(row)
    return found


def with_dns() -> Design:
    dns = Exemption(name="DNS", protocol="udp", remote_ports=(53,), remote_addresses=("10.0.0.1",))
    return edits.add_exemption(preset("nd-transport"), dns)


def test_what_an_exemption_changes_by_traffic_first():
    rows = shown(preset("nd-transport"), with_dns())
    assert list(rows) == ["traffic", "decisions", "objects"]
    assert [(row.what, row.was, row.is_now) for row in rows["traffic"]] == [
        ("in v4 udp from 10.0.0.1 port 53", "protected", "exempt"),
        ("out v4 udp to 10.0.0.1 port 53", "requested", "exempt"),
    ]
    assert [(row.sign, row.what, row.was, row.is_now) for row in rows["decisions"]] == [
        ("+", "exemptions[DNS]", "nothing", "udp 53 10.0.0.1")
    ]
    assert [(row.sign, row.what, row.is_now) for row in rows["objects"]] == [
        ("+", "INBOUND_TRANSPORT_V4: exempt DNS", "there"),
        ("+", "OUTBOUND_TRANSPORT_V4: exempt DNS", "there"),
        ("+", "ALE_AUTH_RECV_ACCEPT_V4: exempt DNS", "there"),
    ]


def test_every_region_has_a_packet_that_shows_it():
    for row in shown(preset("nd-transport"), with_dns())["traffic"]:
        said = {line.label: line.text for line in row.lines}
        assert "udp" in said["For example"]
        assert "53" in said["For example"]
        assert said["Now"].startswith("exemption DNS")


def test_what_goes_and_what_only_differs():
    base = preset("nd-transport")
    rows = shown(with_dns(), ruled(base, nd_secure=False))
    assert {(row.sign, row.what) for row in rows["decisions"]} == {
        ("-", "exemptions[DNS]"),
        ("~", "rules[base].nd_secure"),
    }
    assert {row.sign for row in rows["objects"]} == {"-", "~"}
    [first, *_] = [row for row in rows["objects"] if row.sign == "~"]
    assert any("flags" in line.label for line in first.lines)


def test_what_differs_in_an_object_is_said_in_the_words_of_a_plan():
    base = preset("nd-transport")
    narrow = {**dict(base.exemptions[0]), "remote_addresses": ("10.0.0.0/8",)}
    rows = shown(base, change(base, exemptions=(narrow,)))["objects"]
    [said, *_] = [[(line.label, line.text) for line in row.lines] for row in rows if row.sign == "~"]
    assert said[2:] == [("Matches", "unicast, ICMP  ->  unicast, ICMP, remote 10.0.0.0/8")]


@pytest.mark.parametrize(
    ("before", "after", "was", "is_now"),
    [
        (range(9), [*range(8), 20], "10.0.0.8, beside 8 in both", "10.0.0.20, beside 8 in both"),
        (range(9), range(11), "9 in both", "10.0.0.9, 10.0.0.10, beside 9 in both"),
        (range(2), range(3), "10.0.0.0, 10.0.0.1", "10.0.0.0, 10.0.0.1, 10.0.0.2"),
    ],
)
def test_of_long_lists_it_is_said_what_each_has_by_itself(before: Any, after: Any, was: str, is_now: str):
    def peers(numbers: Iterable[int]) -> Design:
        addresses = tuple(f"10.0.0.{number}" for number in numbers)
        return change(preset("nd-transport"), exemptions=(Exemption(name="all", remote_addresses=addresses),))

    [row] = shown(peers(before), peers(after))["decisions"]
    assert (row.was, row.is_now) == (was, is_now)


def test_neither_keys_nor_the_name_of_the_policy_are_said_to_differ():
    base = preset("nd-transport")
    other = change(ruled(base, nd_secure=False), name="another", id=UUID(int=7))
    rows = [row for row in shown(base, other)["objects"] if row.sign == "~"]
    assert {line.label for row in rows for line in row.lines} == {"Object", "Policy flags"}


def test_a_filter_that_leads_to_another_context_names_both():
    made = {"rules": [{"name": "base"}, {"name": "SQL", "scope": {"protocol": "tcp", "local_ports": [1433]}}]}
    before = Design.model_validate({"name": "srv", "version": 2, "keying_modules": ["IKE"], **made})
    after = change(before, rules=(before.rules[0], {**dict(before.rules[1]), "nd_secure": False}))
    [one, *_] = [row for row in shown(before, after)["objects"] if row.sign == "~"]
    kind = "FWPM_IPSEC_IKE_QM_TRANSPORT_CONTEXT"
    assert one.lines[-1] == Line("Context", f"{kind} (IKE quick mode)  ->  {kind} (SQL: IKE quick mode)")


def test_no_difference_is_no_row():
    assert change_rows(compared(preset("nd-transport"), preset("nd-transport"))) == []
    assert compared(preset("nd-transport"), preset("nd-transport")).count == 0


def test_what_is_not_decided_is_said():
    base = base_of_design("before", preset("nd-transport"))
    found = compare(base, compile_design(with_dns()), Effort(3))
    rows = [row for row in change_rows(found) if isinstance(row, ChangeRow) and row.was == "not decided"]
    assert rows
    assert all("too many ways" in row.lines[1].text for row in rows)


def test_what_a_backend_holds_has_no_decisions():
    held = Base("what store holds", lambda: Side(Policy.of(compile_design(preset("nd-transport"))), None))
    found = compare(held, compile_design(with_dns()), Effort(1_000_000))
    assert found.decisions == ()
    assert [row.layer for row in change_rows(found) if isinstance(row, Heading)] == ["traffic", "objects"]


@pytest.mark.parametrize("name", ["nd-boundary", "nd-ike-only", "nd-ipv4-only"])
def test_every_row_has_a_key_of_its_own(name: str):
    from ndtui.ui.rows.change_rows import CHANGES

    rows = change_rows(compared(preset("nd-transport"), preset(name)))
    keys = [CHANGES.key(row) for row in rows]
    assert len(set(keys)) == len(keys)


def test_what_a_comparison_worked_out_is_let_go_of(monkeypatch: pytest.MonkeyPatch):
    """In the thread that compares, bit by bit: freed in one go it holds up the keys for 50 ms."""
    made: list[Policy] = []

    def kept(filterset: FilterSet) -> Policy:
        made.append(Policy(filterset.design.name, lambda: object_lists(filterset), PolicySets.of(filterset)))
        return made[-1]

    monkeypatch.setattr(Policy, "of", kept)
    assert compared(preset("nd-transport"), with_dns()).count == 6
    assert len(made) == 2
    for policy in made:
        assert not {"objects", "identified"} & set(vars(policy))
        assert policy.sets._layers == policy.sets._cases == {}
        assert policy.identified  # asked again, it is found out again


def test_what_there_is_to_say_is_made_when_a_row_is_read(monkeypatch: pytest.MonkeyPatch):
    made: list[str] = []
    monkeypatch.setattr("ndtui.ui.rows.change_rows.Line", lambda label, text: made.append(label) or (label, text))
    rows = [row for row in change_rows(compared(preset("nd-transport"), with_dns())) if isinstance(row, ChangeRow)]
    assert made == []
    assert rows[0].lines[3][0] == "For example"
    assert made == ["Traffic", "Was", "Is", "For example", "Before", "Now"]


def test_what_a_rule_or_a_proposal_says_stands_in_words():
    base = preset("nd-transport")
    rows = {row.what: row for row in shown(base, preset("nd-guaranteed-encryption"))["decisions"]}
    [rule] = [row for what, row in rows.items() if what.startswith("rules[") and row.sign == "+"]
    assert rule.was == "nothing"
    assert "encryption guaranteed" in rule.is_now
    assert "local_ports 1433" in rule.is_now
    one = shown(base, preset("ms-sample"))["decisions"]
    said = {row.what: row.is_now for row in one}
    assert said["main_mode.proposals[1].cipher"] == "IKEEXT_CIPHER_3DES"
    assert (
        "auth IPSEC_AUTH_CONFIG_HMAC_SHA_1_96; cipher IPSEC_CIPHER_CONFIG_CBC_3DES" in said["quick_mode.proposals[3]"]
    )
    assert said["rules[base].ale_persist_context"] == "yes"
    assert not any(sign in text for row in one for text in (row.was, row.is_now) for sign in ("{", "None", "True"))
