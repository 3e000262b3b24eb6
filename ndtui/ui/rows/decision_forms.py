"""The forms of a design's decisions. Each makes the changed design, and says beforehand what that would do."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from ndtui.model.design import edits
from ndtui.model.design.assertion import VERDICTS, Assertion, Suppression
from ndtui.model.design.design import LIFETIMES, Design, change
from ndtui.model.design.ipsec_policy import KEYING_MODULES
from ndtui.model.scenarios.catalogue import MODES
from ndtui.model.vocabulary.layers import FAMILIES
from ndtui.ui.rows.decision_words import FAMILY_WORDS, FLAG_WORDS, LIFETIME_WORDS, MODULE_WORDS, SUBLAYER_WORDS
from ndtui.ui.rows.form_fields import ChoiceField, Form, ListField, Option, TextField, TicksField, Values
from ndtui.ui.state.effect import effect_of
from ndtui.ui.state.workbench import Workbench

_FLAG_TITLES = {
    "nd_secure": "ND_SECURE",
    "extended_mode": "Extended mode",
    "ale_persist_context": "ALE raw context",
}


def _name(workbench: Workbench) -> Form[Design]:
    design = workbench.design
    fields = (
        TextField("name", "Name", "Stands in the name of every object."),
        TextField("description", "Description", "What it is for; it stands in the file and in reports."),
    )

    def make(values: Values) -> Design:
        same = values["description"] == before["description"]  # a text of several lines shows as one
        description = design.description if same else values["description"]
        return change(design, name=values["name"], description=description)

    before = {"name": design.name, "description": design.description.replace("\n", " ")}
    return Form("Name and description", fields, before, make, partial(effect_of, workbench))


def _scenario(workbench: Workbench) -> Form[Design]:
    design = workbench.design
    options = tuple(Option(mode.id, mode.title, mode.text) for mode in MODES.values())
    fields = (ChoiceField("scenario", "Scenario", options),)

    def make(values: Values) -> Design:
        same = values["scenario"] == design.rules[0].mode
        return design if same else edits.set_scenario(design, values["scenario"])

    return Form("Scenario", fields, {"scenario": design.rules[0].mode}, make, partial(effect_of, workbench))


def _keying(focus: str) -> Callable[[Workbench], Form[Design]]:
    def form(workbench: Workbench) -> Form[Design]:
        design = workbench.design
        options = tuple(Option(module, module, MODULE_WORDS[module]) for module in KEYING_MODULES)
        values = {"modules": design.keying_modules}

        def make(values: Values) -> Design:
            return change(design, keying_modules=values["modules"])

        fields = (TicksField("modules", "Negotiate with", options),)
        return Form("Keying modules", fields, values, make, partial(effect_of, workbench), focus=focus)

    return form


def _families(focus: str) -> Callable[[Workbench], Form[Design]]:
    def form(workbench: Workbench) -> Form[Design]:
        design = workbench.design
        options = tuple(Option(family, f"IP{family.lower()}", FAMILY_WORDS[family]) for family in FAMILIES)

        def make(values: Values) -> Design:
            return change(design, families=values["families"])

        fields = (TicksField("families", "Cover", options),)
        return Form(
            "Address families", fields, {"families": design.families}, make, partial(effect_of, workbench), focus=focus
        )

    return form


def _flags(focus: str) -> Callable[[Workbench], Form[Design]]:
    def form(workbench: Workbench) -> Form[Design]:
        design = workbench.design
        fields = (TicksField("flags", "Set", tuple(Option(n, t, FLAG_WORDS[n]) for n, t in _FLAG_TITLES.items())),)
        on = (design.rules[0].nd_secure, design.extended_mode is not None, design.rules[0].ale_persist_context)
        now = tuple(name for name, is_set in zip(_FLAG_TITLES, on, strict=True) if is_set)

        def make(values: Values) -> Design:
            wanted = values["flags"]
            changed = edits.set_flags(
                design, nd_secure="nd_secure" in wanted, ale_persist_context="ale_persist_context" in wanted
            )
            same = ("extended_mode" in wanted) == (design.extended_mode is not None)
            return changed if same else edits.toggle_extended_mode(changed)

        return Form("Flags and modes", fields, {"flags": now}, make, partial(effect_of, workbench), focus=focus)

    return form


def _lifetime(workbench: Workbench) -> Form[Design]:
    design = workbench.design
    options = tuple(Option(each, each, LIFETIME_WORDS[each]) for each in LIFETIMES)
    fields = (ChoiceField("lifetime", "Lifetime", options),)

    def make(values: Values) -> Design:
        return change(design, lifetime=values["lifetime"])

    return Form("Lifetime", fields, {"lifetime": design.lifetime}, make, partial(effect_of, workbench))


def _sublayer(workbench: Workbench) -> Form[Design]:
    design = workbench.design
    weight = design.sublayer.weight
    kinds = (
        Option("universal", "universal", SUBLAYER_WORDS),
        Option("own", "own", "A sublayer of the policy's own, with the weight below. " + SUBLAYER_WORDS),
    )
    fields = (
        ChoiceField("kind", "Sublayer", kinds),
        TextField(
            "weight", "Weight", "Of a sublayer of its own: 0 to 65535; a higher one is asked first.", "0 to 65535"
        ),
    )
    values = {"kind": design.sublayer.kind, "weight": "" if weight is None else str(weight)}

    def make(values: Values) -> Design:
        text = values["weight"].strip()
        if values["kind"] == "universal":
            return edits.set_sublayer(design, None)
        if not (text.isascii() and text.isdigit() and len(text) <= 5 and int(text) <= 65535):
            raise ValueError(f"{text!r} is no weight: write a number from 0 to 65535")
        return edits.set_sublayer(design, int(text))

    def follow(changed: str, values: Values) -> Values:
        return {"kind": "own"} if changed == "weight" and values["weight"].strip() else {}

    return Form("Sublayer", fields, values, make, partial(effect_of, workbench), follow)


def _test_form(former: Any | None) -> Form[Assertion]:
    options = tuple(Option(verdict, verdict) for verdict in VERDICTS)
    fields = (
        TextField("traffic", "Traffic", "Every packet of it is looked at.", "in tcp from 10.0.0.0/8 to any port 443"),
        ChoiceField("verdict", "Is", options, "What has to become of every packet of it."),
        TextField("comment", "Comment", "For whoever reads the design."),
    )
    before: dict[str, Any] = {"traffic": "", "verdict": VERDICTS[0], "comment": ""}
    if former is not None:
        before = {"traffic": former.traffic, "verdict": former.verdict, "comment": former.comment.replace("\n", " ")}

    def make(values: Values) -> Assertion:
        kept = former is not None and values["comment"] == before["comment"]
        comment = former.comment if former is not None and kept else values["comment"]
        return Assertion.model_validate({**values, "comment": comment})

    return Form("Test", fields, before, make, _test_words)


def _test_words(test: Assertion) -> str:
    return f"{test.traffic}: {test.verdict}"


def _tests(workbench: Workbench) -> Form[Design]:
    design = workbench.design
    words = "Tests that the design carries: what has to become of which traffic."
    fields = (ListField("tests", "Tests", _test_words, _test_form, words),)

    def make(values: Values) -> Design:
        return change(design, assertions=values["tests"])

    return Form("Tests", fields, {"tests": design.assertions}, make, partial(effect_of, workbench))


def _accepted_form(former: Any | None) -> Form[Suppression]:
    fields = (
        TextField("id", "Finding", "The id of the finding, as the Findings view says it."),
        TextField("reason", "Reason", "Why it is accepted; ndtui check shows it."),
        TextField("where", "Where", "The one place that is meant, such as exemption:DNS. Empty: every place."),
    )
    shown = {"id": "", "reason": "", "where": ""} if former is None else former.model_dump()

    def make(values: Values) -> Suppression:
        return Suppression.model_validate(dict(values))

    return Form("Accepted finding", fields, shown, make, _accepted_words)


def _accepted_words(accepted: Suppression) -> str:
    return f"{accepted.id}{f' at {accepted.where}' if accepted.where else ''}: {accepted.reason}"


def _accepted(workbench: Workbench) -> Form[Design]:
    design = workbench.design
    words = "Findings that were looked at and are accepted, each with the reason."
    fields = (ListField("accepted", "Accepted", _accepted_words, _accepted_form, words),)

    def make(values: Values) -> Design:
        return change(design, suppressions=values["accepted"])

    return Form("Accepted findings", fields, {"accepted": design.suppressions}, make, partial(effect_of, workbench))


#: The form of each decision, by the decision's id.
DECISION_FORMS: Mapping[str, Callable[[Workbench], Form[Design]]] = {
    "name": _name,
    "scenario": _scenario,
    **{module: _keying(module) for module in KEYING_MODULES},
    **{family: _families(family) for family in FAMILIES},
    **{flag: _flags(flag) for flag in _FLAG_TITLES},
    "lifetime": _lifetime,
    "sublayer": _sublayer,
    "tests": _tests,
    "accepted": _accepted,
}
