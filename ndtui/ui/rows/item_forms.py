"""The forms of what stands in the lists of a design."""

from collections.abc import Callable, Mapping
from typing import Any

from ndtui.model.design import edits
from ndtui.model.design.assertion import VERDICTS, Assertion, Suppression, Verdict
from ndtui.model.design.design import Design
from ndtui.model.design.exemption import Exemption
from ndtui.model.design.items import Item, Listed, ListName
from ndtui.model.design.rule import Rule
from ndtui.ui.rows.exemption_form import exemption_form
from ndtui.ui.rows.form_fields import ChoiceField, Form, IncompleteError, Option, TextField, Values
from ndtui.ui.rows.rule_form import rule_form
from ndtui.ui.state.effect import effect_of
from ndtui.ui.state.workbench import Workbench

_MEANINGS: Mapping[Verdict, str] = {
    "protected": "Dropped unless IPsec protects it, whatever the peer can do.",
    "encrypted": "Protected, and dropped unless it is encrypted too: a rule guarantees it.",
    "requested": "In clear while IPsec negotiates, and with a peer that cannot.",
    "clear": "A peer without IPsec can have it in clear: requested, exempt or untouched.",
    "exempt": "Left out of IPsec by an exemption.",
    "blocked": "Dropped, whatever the peer can do.",
    "untouched": "No filter of the policy matches.",
}
_TEST = (
    TextField("traffic", "Traffic", "Every packet of it is looked at.", "in tcp from 10.0.0.0/8 to any port 443"),
    ChoiceField(
        "verdict",
        "Is",
        tuple(Option(each, each, _MEANINGS[each]) for each in VERDICTS),
        "What has to become of every packet of it.",
    ),
    TextField("comment", "Comment", "For whoever reads the design."),
)
_ACCEPTED = (
    TextField("id", "Finding", "The id of the finding, as the Findings view says it."),
    TextField("reason", "Reason", "Why it is accepted; ndtui check shows it."),
    TextField("where", "Where", "The one place that is meant, such as exemption:DNS. Empty: every place."),
)


def _rule(workbench: Workbench, item: Item | None) -> Form[Any]:
    return rule_form(workbench, item.element if item is not None and isinstance(item.element, Rule) else None)


def _exemption(workbench: Workbench, item: Item | None) -> Form[Any]:
    return exemption_form(workbench, item.element if item is not None and isinstance(item.element, Exemption) else None)


def _test(workbench: Workbench, item: Item | None) -> Form[Any]:
    former = item.element if item is not None and isinstance(item.element, Assertion) else None
    before: dict[str, Any] = {"traffic": "", "verdict": VERDICTS[0], "comment": ""}
    if former is not None:
        before = {"traffic": former.traffic, "verdict": former.verdict, "comment": former.comment.replace("\n", " ")}

    def make(values: Values) -> Assertion:
        if former is None and not values["traffic"].strip():
            raise IncompleteError("Say which traffic it is about")
        kept = former is not None and values["comment"] == before["comment"]
        comment = former.comment if former is not None and kept else values["comment"]
        return Assertion.model_validate({**values, "comment": comment})

    title = "Add test" if item is None else "Edit test"
    return Form(title, _TEST, before, make, lambda made: _effect(workbench, "assertions", item, made), new=item is None)


def _accepted(workbench: Workbench, item: Item | None) -> Form[Any]:
    shown = {"id": "", "reason": "", "where": ""} if item is None else item.element.model_dump()

    def make(values: Values) -> Suppression:
        if item is None and not values["id"].strip():
            raise IncompleteError("Say which finding is accepted, by its id")
        return Suppression.model_validate(dict(values))

    title = "Accept finding" if item is None else "Edit accepted finding"
    return Form(title, _ACCEPTED, shown, make, lambda made: _effect(workbench, "suppressions", item, made))


def _effect(workbench: Workbench, field: ListName, item: Item | None, made: Listed) -> str:
    design: Design = workbench.design
    if item is None:
        return effect_of(workbench, edits.insert(design, field, len(getattr(design, field)), made))
    return effect_of(workbench, edits.replace_item(design, item, made))


#: The form of an element of each list; with ``None`` for the element, that of a new one.
ITEM_FORMS: Mapping[ListName, Callable[[Workbench, Item | None], Form[Any]]] = {
    "rules": _rule,
    "exemptions": _exemption,
    "assertions": _test,
    "suppressions": _accepted,
}
