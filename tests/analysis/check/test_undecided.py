"""Checking explodes no more: what it may take is limited, and what is beyond is said to be not decided."""

import json
import random
from collections.abc import Iterator
from typing import Any

import pytest

from ndtui.analysis.check.examine import Report, examine
from ndtui.analysis.check.finding import Finding
from ndtui.analysis.check.undecided import NOT_DECIDED
from ndtui.analysis.packet_sets.effort import LIMIT, LIMIT_EACH, Effort
from ndtui.analysis.verify.assertions import prove
from ndtui.analysis.verify.compare import Policy, compare_meaning
from ndtui.cli.printing.check_text import show_report
from ndtui.cli.printing.diff_text import show_differences
from ndtui.model.compiled.compile import compile_design
from ndtui.model.design.design import Design, change
from tests.support import exempting

TCP = {"traffic": "in tcp", "verdict": "protected"}


def _spread(draw: random.Random, last: int, width: int) -> Iterator[tuple[int, int]]:
    for low in sorted(draw.sample(range(0, last - width, width + 1), 5)):
        yield low, low + draw.randint(0, width - 1)


def five_ranges(count: int) -> Design:
    """Return a design of exemptions of TCP with five ranges in each field, which cross each other everywhere."""
    draw = random.Random(1)

    def one() -> dict[str, Any]:
        def ports() -> list[str]:
            return [f"{low}-{high}" for low, high in _spread(draw, 65536, 12000)]

        def addresses(net: int) -> list[str]:
            spans = _spread(draw, 65536, 12000)
            return [f"{net}.0.{low >> 8}.{low & 255}-{net}.0.{high >> 8}.{high & 255}" for low, high in spans]

        fields = {"local_addresses": addresses(10), "remote_addresses": addresses(11)}
        return {"protocol": "tcp", **fields, "local_ports": ports(), "remote_ports": ports()}

    return exempting(*(one() for _ in range(count)), families=["V4"])


def test_checking_explodes_no_more():
    """Without a limit these take minutes: every part that the ranges cut the space into was looked at."""
    compiled = compile_design(change(five_ranges(120), assertions=[TCP]))
    effort = Effort.for_filters(len(compiled.filters))
    spent = effort.left
    report = examine(compiled, effort)
    spent -= effort.left
    assert spent <= LIMIT + LIMIT_EACH * len(compiled.filters)
    assert report.proofs[0].holds is False
    assert len(undecided_in(report)) <= 1, "nearly all are decided: each has a packet of its own"


@pytest.fixture(scope="module")
def crossing() -> Design:
    """Return exemptions that leave little of what they cross in, with assertions about it."""
    return change(
        five_ranges(24), assertions=[{**TCP, "verdict": "exempt"}, {"traffic": "out udp", "verdict": "blocked"}]
    )


def undecided_in(report: Report) -> list[Finding]:
    return [finding for finding in report.findings if finding.id == NOT_DECIDED]


def test_what_is_beyond_the_effort_is_not_decided(crossing: Design):
    report = examine(compile_design(crossing), Effort(40))
    assert not report.decided
    assert not report.passed
    assert [proof.holds for proof in report.proofs] == [None, None]
    assert {finding.severity for finding in undecided_in(report)} == {"warning"}
    assert {str(finding.where) for finding in undecided_in(report)} == {
        "assert:in tcp",
        "assert:out udp",
        "exemptions",
    }
    assert "assertion-failed" not in {finding.id for finding in report.findings}
    for finding in undecided_in(report):
        assert finding.message.startswith("Not decided: whether ")


def test_what_is_found_within_the_effort_is_said_although_other_things_are_not_decided(crossing: Design):
    proofs = prove(compile_design(crossing), Effort.for_filters(0))
    assert [proof.holds for proof in proofs] == [False, False]


def test_the_same_effort_decides_the_same(crossing: Design):
    for limit in (100, 3000):
        first, second = (examine(compile_design(crossing), Effort(limit)) for _ in range(2))
        assert first == second


def test_a_suppressed_question_does_not_fail_the_check(crossing: Design):
    accepted = change(crossing, suppressions=[{"id": NOT_DECIDED, "reason": "looked at by hand"}])
    report = examine(compile_design(accepted), Effort(40))
    assert report.passed
    assert not report.decided


def test_check_prints_what_is_not_decided(crossing: Design, capsys: pytest.CaptureFixture[str]):
    report = examine(compile_design(crossing), Effort(40))
    show_report(crossing, report, as_json=False, every=True)
    out = capsys.readouterr().out
    assert "warning: not-decided at assert:in tcp\n  Not decided: whether 'in tcp' is always exempt\n" in out
    assert "2 assertions: 0 true of every packet, 0 not, 2 not decided\n" in out
    show_report(crossing, report, as_json=True)
    assert [each["holds"] for each in json.loads(capsys.readouterr().out)["assertions"]] == [None, None]


def test_diff_names_the_traffic_that_is_not_decided(crossing: Design, capsys: pytest.CaptureFixture[str]):
    sides = (Policy.of(compile_design(exempting(families=["V4"]))), Policy.of(compile_design(crossing)))
    found = compare_meaning(*sides, Effort(40))
    assert found.undecided
    assert not compare_meaning(*sides, Effort.for_filters(100)).undecided
    show_differences(sides, (), found, most=1, as_json=False)
    out = capsys.readouterr().out
    assert "Not decided, because its filters cross in too many ways" in out
    assert f"  {found.undecided[0].traffic}\n" in out
    show_differences(sides, (), found, most=1, as_json=True)
    document = json.loads(capsys.readouterr().out)
    assert len(document["undecided"]) == len(found.undecided)
    assert document["same"] is (False if found.regions else None)
