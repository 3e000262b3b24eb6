"""A form that is opened and not changed says that it changes nothing, and makes what is there, whatever the design."""

from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from ndtui.model.design.assertion import VERDICTS
from ndtui.model.design.design import Design, change
from ndtui.model.design.items import WORDS, Item
from ndtui.ui.rows.decision_forms import DECISION_FORMS
from ndtui.ui.rows.form_fields import Form
from ndtui.ui.rows.item_forms import ITEM_FORMS
from ndtui.ui.state.workbench import Workbench, open_workbench
from tests.forms import forms_in
from tests.negotiations import negotiating_designs
from tests.rule_strategies import designs_with_rules
from tests.strategies import proses, ruled_designs
from tests.support import design

#: Users are told by extended mode alone, and only AuthIP has it.
_WITH_USERS = design(
    extended_mode={}, rules=[{"name": "base"}, {"name": "RDP", "mode": "inherit", "users": "O:LSD:(A;;CC;;;DA)"}]
)


@st.composite
def _noted(draw: st.DrawFn, designs: st.SearchStrategy[Design]) -> Design:
    """Draw a design with a test and an accepted finding."""
    test = {"traffic": "in tcp to any port 443", "verdict": draw(st.sampled_from(VERDICTS)), "comment": draw(proses)}
    accepted = {"id": "some-finding", "reason": "seen", "where": draw(st.sampled_from(["", "exemption:DNS"]))}
    return change(draw(designs), assertions=(test,), suppressions=(accepted,))


def _forms(workbench: Workbench) -> Iterator[tuple[str, Form[Any], Any]]:
    """Yield the form of each decision and of each item that is there, with what it edits."""
    for name, decision in DECISION_FORMS.items():
        yield name, decision(workbench), workbench.design
    for field in WORDS:
        for place, element in enumerate(getattr(workbench.design, field)):
            yield f"{field}[{place}]", ITEM_FORMS[field](workbench, Item(field, place, element)), element


@given(st.one_of(map(_noted, (designs_with_rules(), ruled_designs(), negotiating_designs()))))
@example(_WITH_USERS)
@example(design(rules=[{"name": " blanks around "}]))
@settings(suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
def test_a_form_that_is_not_changed_changes_nothing(drawn: Design):
    workbench = open_workbench(drawn, None)
    for name, form, edited in _forms(workbench):
        made = form.make(form.values)
        assert made == edited, name
        assert "changes nothing" in form.effect(made), name
        for inner, holds in forms_in(form, edited):
            assert inner.make(inner.values) == holds, (name, inner.title)


def test_keying_modules_change_where_a_rule_names_users():
    form = DECISION_FORMS["AuthIP"](open_workbench(_WITH_USERS, None))
    made = form.make({**form.values, "modules": ("AuthIP", "IKEv2")})
    assert made.keying_modules == ("AuthIP", "IKEv2")
    assert made.extended_mode == _WITH_USERS.extended_mode
    with pytest.raises(ValueError, match="extended mode"):
        form.make({**form.values, "extended": ()})
