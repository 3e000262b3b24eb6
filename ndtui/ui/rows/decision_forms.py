"""The forms of a design's decisions. Each makes the changed design, and says beforehand what that would do."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from typing import Any

from ndtui.common.text import in_quotes
from ndtui.model.design import edits
from ndtui.model.design.before_bfe import DIRECTIONS
from ndtui.model.design.design import LIFETIMES, Design, change, derived_id, negotiation_of
from ndtui.model.design.ipsec_policy import ExtendedMode
from ndtui.model.design.keying_modules import KEYING_MODULES
from ndtui.model.design.windows_versions import OTHER, VERSION_TITLES, VERSIONS
from ndtui.model.vocabulary.layers import FAMILIES
from ndtui.ui.rows.decision_words import (
    BEFORE_BFE_WORDS,
    DIRECTION_WORDS,
    EXTENDED_MODE_WORDS,
    FAMILY_WORDS,
    LIFETIME_WORDS,
    MODULE_WORDS,
    SUBLAYER_WORDS,
    TARGET_WORDS,
)
from ndtui.ui.rows.form_fields import ChoiceField, Form, Option, TextField, TicksField, Values, typed_name
from ndtui.ui.rows.negotiation_parts import PART_FORMS
from ndtui.ui.rows.target_choices import for_windows
from ndtui.ui.state.effect import effect_of
from ndtui.ui.state.workbench import Workbench


def _name(workbench: Workbench) -> Form[Design]:
    design = workbench.design
    fields = (
        TextField("name", "Name", "Stands in the name of every object."),
        TextField("description", "Description", "What it is for; it stands in the file and in reports."),
        TextField(
            "id",
            "Identity",
            "The keys of all objects are derived from it: keep it to keep them under another name. Empty: the name's.",
            "as the name gives it",
        ),
    )

    def make(values: Values) -> Design:
        same = values["description"] == before["description"]  # a text of several lines shows as one
        description = design.description if same else values["description"]
        name = typed_name(values["name"], before["name"])
        identity = values["id"].strip() or derived_id(name)
        return change(design, name=name, description=description, id=identity)

    before = {
        "name": design.name,
        "description": design.description.replace("\n", " "),
        "id": "" if design.id == derived_id(design.name) else str(design.id),
    }
    return Form("Name and description", fields, before, make, partial(effect_of, workbench))


def _keying(focus: str) -> Callable[[Workbench], Form[Design]]:
    def form(workbench: Workbench) -> Form[Design]:
        design = workbench.design
        options = tuple(Option(module, module, MODULE_WORDS[module]) for module in KEYING_MODULES)
        extended = (Option("extended_mode", "Extended mode", EXTENDED_MODE_WORDS),)
        values = {
            "modules": design.keying_modules,
            "extended": () if design.extended_mode is None else ("extended_mode",),
        }

        def make(values: Values) -> Design:
            extended_mode = (design.extended_mode or ExtendedMode()) if values["extended"] else None
            return edits.with_modules(design, values["modules"], extended_mode)

        fields = (TicksField("modules", "Negotiate by", options), TicksField("extended", "and by", extended))
        shown = Form("Keying modules", fields, values, make, partial(effect_of, workbench), focus=focus)
        return for_windows(shown, design.windows)

    return form


def _negotiated(part: str, workbench: Workbench) -> Form[Design]:
    """Return the form of a part of what the design negotiates."""
    form = for_windows(PART_FORMS[part](negotiation_of(workbench.design)), workbench.design.windows)

    def make(values: Values) -> Design:
        return change(workbench.design, **dict(form.make(values)))

    whole: Form[Any] = form
    return replace(whole, make=make, effect=partial(effect_of, workbench))


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


def _lifetime(workbench: Workbench) -> Form[Design]:
    design = workbench.design
    options = tuple(Option(each, each, LIFETIME_WORDS[each]) for each in LIFETIMES)
    fields = (ChoiceField("lifetime", "Lifetime", options),)

    def make(values: Values) -> Design:
        return edits.set_lifetime(design, values["lifetime"])

    return Form("Lifetime", fields, {"lifetime": design.lifetime}, make, partial(effect_of, workbench))


def _windows(workbench: Workbench) -> Form[Design]:
    design = workbench.design
    own = (
        Option("", "any Windows", "Nothing is said of what a version does not have."),
        *(Option(each, f"Windows {each}", VERSION_TITLES[each]) for each in VERSIONS),
    )
    theirs = (
        *(Option(each, f"Windows {each}", VERSION_TITLES[each]) for each in VERSIONS),
        Option(OTHER, "no Windows", "IKE and IKEv2, with certificates or a pre-shared key."),
    )
    fields = (
        ChoiceField("windows", "Meant for", own),
        TicksField("peers", "Peers have", theirs, TARGET_WORDS, below=True),
    )
    values = {"windows": design.windows or "", "peers": design.peers}

    def make(values: Values) -> Design:
        return change(design, windows=values["windows"] or None, peers=values["peers"])

    return Form("Meant for", fields, values, make, partial(effect_of, workbench))


def _before_bfe(workbench: Workbench) -> Form[Design]:
    design = workbench.design
    options = tuple(Option(each, each, DIRECTION_WORDS[each]) for each in DIRECTIONS)
    fields = (TicksField("before_bfe", "Block", options, BEFORE_BFE_WORDS),)

    def make(values: Values) -> Design:
        return change(design, before_bfe=values["before_bfe"])

    values = {"before_bfe": design.before_bfe}
    return Form("Before BFE is up", fields, values, make, partial(effect_of, workbench), focus=DIRECTIONS[0])


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
            raise ValueError(f"{in_quotes(text)} is no weight: write a number from 0 to 65535")
        return edits.set_sublayer(design, int(text))

    def follow(changed: str, values: Values) -> Values:
        return {"kind": "own"} if changed == "weight" and values["weight"].strip() else {}

    return Form("Sublayer", fields, values, make, partial(effect_of, workbench), follow)


#: The form of each decision, by the decision's id.
DECISION_FORMS: Mapping[str, Callable[[Workbench], Form[Design]]] = {
    "name": _name,
    **{name: _keying(name) for name in KEYING_MODULES},
    **{name: partial(_negotiated, name) for name in ("algorithms", "main_mode", "quick_mode", "extended_mode")},
    **{family: _families(family) for family in FAMILIES},
    "lifetime": _lifetime,
    "before_bfe": _before_bfe,
    "windows": _windows,
    "sublayer": _sublayer,
}
