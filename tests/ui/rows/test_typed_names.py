"""Blanks around a name that is typed in a form are no part of it, and blanks alone are no name."""

from dataclasses import replace
from typing import Any

import pytest
from pydantic import ValidationError

from ndtui.model.design.items import Item, ListName
from ndtui.ui.rows.criteria_form import criteria_form
from ndtui.ui.rows.decision_forms import DECISION_FORMS
from ndtui.ui.rows.item_forms import ITEM_FORMS
from ndtui.ui.state.workbench import Workbench, open_workbench
from tests.support import design


def _work(name: str = "one") -> Workbench:
    return open_workbench(design(name="site", exemptions=[{"name": name}], rules=[{"name": name}]), None)


def _made(form: Any, name: str) -> Any:
    return form.make({**form.values, "name": name})


def test_a_design_is_renamed_to_what_stands_between_the_blanks() -> None:
    form = DECISION_FORMS["name"](_work())
    assert _made(form, "  north site  ") == _made(form, "north site")
    assert _made(form, "north site").name == "north site"
    assert form.effect(_made(form, " site ")) == "changes nothing"
    with pytest.raises(ValidationError, match="is empty"):
        _made(form, "   ")


@pytest.mark.parametrize("field", ["rules", "exemptions"])
def test_a_rule_and_an_exemption_too(field: ListName) -> None:
    work = _work()
    item = Item(field, 0, getattr(work.design, field)[0])
    assert _made(ITEM_FORMS[field](work, item), " two ").name == "two"
    assert _made(ITEM_FORMS[field](work, item), " one ").name == "one"
    new = ITEM_FORMS[field](work, None)
    assert new.make({**new.values, "protocol": "tcp", "name": " two "}).name == "two"


def test_a_certificate_too() -> None:
    form = criteria_form(None, "")
    form = replace(form, values={**form.values, "name_type": "IKEEXT_CERT_CRITERIA_DNS"})
    assert _made(form, " host.example ").name == "host.example"
