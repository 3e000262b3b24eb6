"""Before a policy is applied errors of the design are said, and what may lock somebody out."""

import pytest

from ndtui.analysis.check.before_apply import before_apply
from ndtui.analysis.check.examine import check
from ndtui.model.compiled.compile import compile_design
from ndtui.model.design.design import Design
from tests.analysis.check.test_check import CASES
from tests.support import design, preset

FALSE = {"traffic": "in tcp from any to any port 443", "verdict": "exempt"}


@pytest.mark.parametrize("of", [case for pair in CASES.values() for case in pair])
def test_every_error_is_said(of: Design) -> None:
    filterset = compile_design(of)
    errors = {each for each in check(filterset) if each.severity == "error"}
    assert {each for each in before_apply(filterset) if each.severity == "error"} == errors


def test_there_are_errors_among_the_cases() -> None:
    said = {
        each.id for of, _ in CASES.values() for each in before_apply(compile_design(of)) if each.severity == "error"
    }
    assert said >= {"exempts-everything", "encryption-not-offered", "method-needs-group", "too-new", "assertion-failed"}


def test_what_the_design_accepts_is_not_said() -> None:
    accepted = design(**{"assert": [FALSE], "suppress": [{"id": "assertion-failed", "reason": "not yet"}]})
    assert "assertion-failed" not in {each.id for each in before_apply(compile_design(accepted))}


@pytest.mark.parametrize("name", ["nd-transport", "nd-boundary", "nd-zones", "nd-domain-member"])
def test_of_a_design_without_errors_no_more_is_said_than_who_is_locked_out(name: str) -> None:
    said = {each.id for each in before_apply(compile_design(preset(name)))}
    assert said <= {"management-dropped"}
