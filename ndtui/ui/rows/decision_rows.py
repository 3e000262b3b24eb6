"""The left pane: what the operator decides, as rows; each says what it is and what choosing it does."""

from typing import Any

from ndtui.analysis.wording.properties import Line
from ndtui.model.compiled.origin import Origin
from ndtui.model.design import edits
from ndtui.model.design.design import Design
from ndtui.model.design.exemption import Exemption
from ndtui.model.design.ipsec_policy import KEYING_MODULES, KeyingModule
from ndtui.model.scenarios.catalogue import MODES
from ndtui.model.vocabulary import short_name
from ndtui.model.vocabulary.layers import FAMILIES, PROTECTED_LAYERS, Family
from ndtui.model.vocabulary.pages import PAGES
from ndtui.ui.rows.decision_words import FAMILY_WORDS, FLAG_WORDS, LIFETIME_WORDS, MODULE_WORDS, SUBLAYER_WORDS
from ndtui.ui.rows.view import Column, KeyOf, View
from ndtui.ui.state.selection import Decision

#: A row of the left pane: a decision, or an exemption as it stands in the design.
Row = Decision | Exemption


_EXEMPTION_KEYS = (
    (("designer.switch",), "on/off"),
    (("designer.edit",), "edit"),
    (("designer.duplicate",), "duplicate"),
    (("designer.delete",), "delete"),
    (("designer.move_up", "designer.move_down"), "move"),
)


def _box(on: bool, title: str) -> str:
    return f"[{'x' if on else ' '}] {title}"


def decision_rows(design: Design) -> list[Row]:
    """Return the rows for a design, exemptions last."""
    return [*_policy_rows(design), *_mode_rows(design), *_object_rows(design), *_exemption_rows(design)]


def _policy_rows(design: Design) -> list[Decision]:
    mode = MODES[design.rules[0].mode]
    return [
        Decision("name", f"Policy  {design.name}", "it stands in the name of every object."),
        Decision("scenario", f"Scenario  {mode.title}", mode.text, mode.page),
        Decision("keying", "Keying modules", heading=True),
        *(_module_row(design, module) for module in KEYING_MODULES),
        Decision("families", "Address families", heading=True),
        *(_family_row(design, family) for family in FAMILIES),
    ]


def _module_row(design: Design, module: KeyingModule) -> Decision:
    text = _box(module in design.keying_modules, module)
    return Decision(module, text, MODULE_WORDS[module], "ipsec-configuration", lambda d: edits.toggle_module(d, module))


def _family_row(design: Design, family: Family) -> Decision:
    text = _box(family in design.families, f"IP{family.lower()}")
    return Decision(family, text, FAMILY_WORDS[family], "ipsec-configuration", lambda d: edits.toggle_family(d, family))


def _mode_rows(design: Design) -> list[Decision]:
    extended = _box(design.extended_mode is not None, "Extended mode")
    return [
        Decision("flags", "Flags and modes", heading=True),
        Decision(
            "nd_secure",
            _box(design.rules[0].nd_secure, "ND_SECURE"),
            FLAG_WORDS["nd_secure"],
            "sample",
            edits.toggle_nd_secure,
        ),
        Decision("extended_mode", extended, FLAG_WORDS["extended_mode"], "em-policy", edits.toggle_extended_mode),
        Decision(
            "ale_persist_context",
            _box(design.rules[0].ale_persist_context, "ALE raw context"),
            FLAG_WORDS["ale_persist_context"],
            "sample",
            edits.toggle_ale_context,
        ),
    ]


def _object_rows(design: Design) -> list[Decision]:
    weight = design.sublayer.weight
    lifetimes = "  ".join(f"{name}: {words}" for name, words in LIFETIME_WORDS.items())
    return [
        Decision("objects", "Objects", heading=True),
        Decision("lifetime", f"Lifetime  {design.lifetime}", lifetimes, "object-management"),
        Decision(
            "sublayer",
            f"Sublayer  {'universal' if weight is None else f'own, {weight}'}",
            SUBLAYER_WORDS,
            "best-practices",
        ),
        Decision(
            "tests",
            f"Tests  {len(design.assertions) or 'none'}",
            "Tests that the design carries, [[assert]] in its file: what has to become of which traffic.",
        ),
        Decision(
            "accepted",
            f"Accepted findings  {len(design.suppressions) or 'none'}",
            "Findings that were looked at and are accepted, [[suppress]] in its file, each with the reason.",
        ),
    ]


def _exemption_rows(design: Design) -> list[Row]:
    return [
        Decision("exemptions", f"Exemptions ({len(design.exemptions)})", heading=True),
        *design.exemptions,
        Decision("add", "[+] add", "Add traffic that is left out of IPsec."),
    ]


def row_id(row: Row) -> str:
    """Return what a row is called: a decision's id, or an exemption's origin."""
    return str(Origin.exemption(row.name)) if isinstance(row, Exemption) else row.id


def _cells(row: Row) -> tuple[str, ...]:
    if isinstance(row, Exemption):
        return (f" {_box(row.enabled, row.name)}",)
    return (row.text if row.heading or row.id == "name" else f" {row.text}",)


def _is_heading(row: Row) -> bool:
    return isinstance(row, Decision) and row.heading


DECISIONS = View(
    (Column("decisions", 0),),
    _cells,
    row_id,
    lambda row: "head" if _is_heading(row) else "",
    selectable=lambda row: not _is_heading(row),
    head=False,
    heading=_is_heading,
)


def explain_decision(row: Row, key_of: KeyOf) -> list[Line]:
    """Return what the lower pane says of a decision or an exemption."""
    if isinstance(row, Exemption):
        return _explain_exemption(row, key_of)
    lines = [Line("Decision", row.text.strip()), Line("What", row.help), Line("Change", how_to_change(row, key_of))]
    return [*lines, Line("See", PAGES[row.page])] if row.page else lines


def how_to_change(row: Decision, key_of: KeyOf) -> str:
    """Return the keys that change a decision."""
    if row.toggle:
        return f"{key_of('designer.switch')}; {key_of('designer.edit')} shows first what it would do"
    own = {"add": "designer.add_exemption", "name": "designer.rename"}.get(row.id)
    choose = key_of("lists.activate")
    return f"{choose} or {key_of(own)}" if own else choose


def _explain_exemption(e: Exemption, key_of: KeyOf) -> list[Line]:
    def ports(value: Any) -> str:
        return ", ".join(str(v) for v in value)

    lines = [
        Line("Exemption", f"{e.name}{'' if e.enabled else ' (disabled)'}"),
        Line("Protocol", str(e.protocol)),
        Line("Remote port", ports(e.remote_ports)),
        Line("Local port", ports(e.local_ports)),
        Line("Remote", ports(e.remote_addresses)),
        Line("Local", ports(e.local_addresses)),
        Line("ICMP type", "" if e.icmp_type is None else str(e.icmp_type)),
        Line("ICMP code", "" if e.icmp_code is None else str(e.icmp_code)),
        Line("Families", ", ".join(e.families)),
        Line("Layers", "" if e.layers == PROTECTED_LAYERS else ", ".join(short_name(s) for s in e.layers)),
        Line("Comment", e.comment),
    ]
    lines = [line for line in lines if line.text]
    return [
        *lines,
        Line("Keys", ", ".join(f"{' '.join(map(key_of, names))} {what}" for names, what in _EXEMPTION_KEYS)),
        Line("See", PAGES["ike-exemptions"]),
    ]
