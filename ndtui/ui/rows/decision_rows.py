"""The left pane: what the operator decides, as rows; each says what it is and what choosing it does."""

from collections.abc import Collection, Iterable
from typing import Any

from ndtui.analysis.wording.negotiation_words import (
    algorithms_words,
    extended_mode_words,
    main_mode_words,
    quick_mode_words,
)
from ndtui.analysis.wording.properties import Line
from ndtui.model.compiled.origin import Origin
from ndtui.model.design import edits
from ndtui.model.design.design import Design, negotiation_of
from ndtui.model.design.exemption import Exemption
from ndtui.model.design.first_windows import not_in
from ndtui.model.design.items import Item, ListName
from ndtui.model.design.keying_modules import KEYING_MODULES, KeyingModule
from ndtui.model.design.rule import Rule
from ndtui.model.vocabulary import short_name
from ndtui.model.vocabulary.layers import FAMILIES, PROTECTED_LAYERS, Family
from ndtui.model.vocabulary.pages import PAGES
from ndtui.ui.rows.decision_words import (
    ALGORITHMS_WORDS,
    BEFORE_BFE_WORDS,
    EXTENDED_MODE_WORDS,
    FAMILY_WORDS,
    LIFETIME_WORDS,
    MAIN_MODE_WORDS,
    MODULE_WORDS,
    QUICK_MODE_WORDS,
    SUBLAYER_WORDS,
    TARGET_WORDS,
)
from ndtui.ui.rows.item_words import explain_item, item_words
from ndtui.ui.rows.rule_words import explain_rule, rule_row
from ndtui.ui.rows.view import Column, KeyOf, View
from ndtui.ui.state.selection import Decision
from ndtui.ui.state.workbench import Workbench

#: A row of the left pane: a decision, or an element of one of the design's lists.
Row = Decision | Rule | Exemption | Item

_ITEM_KEYS = (
    (("designer.switch",), "on/off"),
    (("designer.edit",), "edit"),
    (("designer.duplicate",), "duplicate"),
    (("designer.delete",), "delete"),
    (("designer.move_up", "designer.move_down"), "move"),
)


class FailingTest(Item):
    """A test that is false: its traffic is that of a finding of the checker."""

    __slots__ = ()


def _box(on: bool, title: str) -> str:
    return f"[{'x' if on else ' '}] {title}"


def failing_tests(workbench: Workbench) -> frozenset[str]:
    """Return the traffic of the tests that are known to be false."""
    if not (workbench.design.assertions and workbench.checked):
        return frozenset()
    return frozenset(each.where.name for each in workbench.findings if each.id == "assertion-failed")


def decision_rows(design: Design, failing: Collection[str] = ()) -> list[Row]:
    """Return the rows for a design: rules first, of which there are few, exemptions last.

    ``failing`` is the traffic of the tests that are known to be false.
    """
    return [
        Decision("name", f"Policy  {design.name}", "it stands in the name of every object."),
        *_rule_rows(design),
        *_policy_rows(design),
        *_object_rows(design),
        *_test_rows(design, failing),
        *_exemption_rows(design),
    ]


def _rule_rows(design: Design) -> list[Row]:
    return [
        Decision("rules", f"Rules ({len(design.rules)})", "Which traffic is protected, and how.", heading=True),
        *design.rules,
        Decision(
            "add_rule", "[+] add", "Add a rule: traffic that is protected, encrypted, or open to some peers only."
        ),
    ]


def _policy_rows(design: Design) -> list[Row]:
    negotiation = negotiation_of(design)
    has_extended = design.extended_mode is not None
    extended = _box(has_extended, "Extended mode")
    if has_extended:
        extended += f"  {extended_mode_words(negotiation)}"
    return [
        Decision("keying", "Keying modules", "What negotiates protection, and what it offers.", heading=True),
        *(_module_row(design, module) for module in KEYING_MODULES),
        Decision("algorithms", f"Algorithms  {algorithms_words(negotiation)}", ALGORITHMS_WORDS, "proposal"),
        Decision("main_mode", f"Main mode  {main_mode_words(negotiation)}", MAIN_MODE_WORDS, "ikeext-policy"),
        Decision("quick_mode", f"Quick mode  {quick_mode_words(negotiation)}", QUICK_MODE_WORDS, "transport-policy"),
        Decision("extended_mode", extended, EXTENDED_MODE_WORDS, "em-policy", edits.toggle_extended_mode, has_extended),
        Decision("windows", f"Meant for  {_target_words(design)}", TARGET_WORDS, "ipsec-configuration"),
        Decision("families", "Address families", "For which of them there are filters.", heading=True),
        *(_family_row(design, family) for family in FAMILIES),
    ]


def _target_words(design: Design) -> str:
    """Return which Windows a design is meant for, and which peers."""
    own = "any Windows" if design.windows is None else f"Windows {design.windows}"
    return f"{own}, with {', '.join(design.peers)}" if design.peers else own


def _module_row(design: Design, module: KeyingModule) -> Decision:
    is_on = module in design.keying_modules
    text, words = _box(is_on, module), MODULE_WORDS[module]
    reason = not_in(design.windows, module)
    if reason:
        text, words = f"{text}  {reason}", f"{words} It is {reason}."
    return Decision(module, text, words, "ipsec-configuration", lambda d: edits.toggle_module(d, module), is_on)


def _family_row(design: Design, family: Family) -> Decision:
    is_on = family in design.families
    text, words = _box(is_on, f"IP{family.lower()}"), FAMILY_WORDS[family]
    return Decision(family, text, words, "ipsec-configuration", lambda d: edits.toggle_family(d, family), is_on)


def _object_rows(design: Design) -> list[Decision]:
    weight = design.sublayer.weight
    lifetimes = "  ".join(f"{name}: {words}" for name, words in LIFETIME_WORDS.items())
    return [
        Decision("objects", "Objects", "How long they live, and in which sublayer.", heading=True),
        Decision("lifetime", f"Lifetime  {design.lifetime}", lifetimes, "object-management"),
        *_before_bfe_rows(design),
        Decision(
            "sublayer",
            f"Sublayer  {'universal' if weight is None else f'own, {weight}'}",
            SUBLAYER_WORDS,
            "best-practices",
        ),
    ]


def _before_bfe_rows(design: Design) -> list[Decision]:
    """Return the row of what is blocked until BFE is up, which only persistent policies can say."""
    if design.lifetime != "persistent":
        return []
    blocked = {"inbound": "block in", "outbound": "block out"}
    words = "block both" if len(design.before_bfe) > 1 else next(map(blocked.get, design.before_bfe), "in clear")
    return [Decision("before_bfe", f"Before BFE  {words}", BEFORE_BFE_WORDS, "object-management")]


def _test_rows(design: Design, failing: Collection[str]) -> list[Row]:
    tests, accepted = design.assertions, design.suppressions
    return [
        Decision("tests", f"Tests ({len(tests)})", "What must become of which traffic: it is checked.", heading=True),
        *(
            (FailingTest if each.traffic in failing else Item)("assertions", place, each)
            for place, each in enumerate(tests)
        ),
        Decision("add_test", "[+] add", "Add a test: what has to become of which traffic, [[assert]] in the file."),
        Decision("accepted", f"Accepted findings ({len(accepted)})", "What the checker need not say.", heading=True),
        *(Item("suppressions", place, each) for place, each in enumerate(accepted)),
        Decision("add_accepted", "[+] add", "Accept a finding, with the reason; [[suppress]] in the file."),
    ]


def _exemption_rows(design: Design) -> list[Row]:
    return [
        Decision("exemptions", f"Exemptions ({len(design.exemptions)})", "What is left out of IPsec.", heading=True),
        *design.exemptions,
        Decision("add", "[+] add", "Add traffic that is left out of IPsec."),
    ]


def row_id(row: Row) -> str:
    """Return what a row is called: a decision's id, a rule's or an exemption's origin, or the place in a list."""
    if isinstance(row, Rule):
        return str(Origin.rule(row.name))
    if isinstance(row, Item):
        return item_id(row.field, row.place)
    return str(Origin.exemption(row.name)) if isinstance(row, Exemption) else row.id


def item_id(field: ListName, place: int) -> str:
    """Return what the row of an element is called that has no name."""
    return f"{field}:{place}"


def _cells(row: Row) -> tuple[str, ...]:
    if isinstance(row, Exemption):
        return (f" {_box(row.enabled, row.name)}",)
    if isinstance(row, Rule):
        return (f" {_box(row.enabled, rule_row(row))}",)
    if isinstance(row, Item):
        return (f" {'× ' if isinstance(row, FailingTest) else ''}{item_words(row.element)}",)
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
    heading_name=lambda row: row.text.partition(" (")[0],
)


def explain_decision(row: Row, key_of: KeyOf) -> list[Line]:
    """Return what the lower pane says of a decision, or of an element of a list."""
    if isinstance(row, Exemption):
        return _explain_exemption(row, key_of)
    if isinstance(row, Rule):
        return [*explain_rule(row), _item_keys(key_of)]
    if isinstance(row, Item):
        return [*explain_item(row.element, key_of), _item_keys(key_of, _ITEM_KEYS[1:])]
    lines = [Line("Decision", row.text.strip()), Line("What", row.help), Line("Change", how_to_change(row, key_of))]
    return [*lines, Line("See", PAGES[row.page])] if row.page else lines


def how_to_change(row: Decision, key_of: KeyOf) -> str:
    """Return the keys that change a decision."""
    if row.toggle:
        return f"{key_of('designer.switch')}; {key_of('lists.activate')} shows first what it would do"
    own = {"add": "designer.add_exemption", "add_rule": "designer.add_rule", "name": "designer.rename"}.get(row.id)
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
        Line("Profiles", ", ".join(e.profiles)),
        Line("Interfaces", ", ".join(e.interfaces)),
        Line("Program", e.program),
        Line("Families", ", ".join(e.families)),
        Line("Layers", "" if e.stems == PROTECTED_LAYERS else ", ".join(short_name(s) for s in e.stems)),
        Line("Before BFE", "let through too" if e.before_bfe else ""),
        Line("Comment", e.comment),
    ]
    lines = [line for line in lines if line.text]
    return [
        *lines,
        _item_keys(key_of),
        Line("See", PAGES["ike-exemptions"]),
    ]


def _item_keys(key_of: KeyOf, keys: Iterable[tuple[tuple[str, ...], str]] = _ITEM_KEYS) -> Line:
    return Line("Keys", ", ".join(f"{' '.join(map(key_of, names))} {what}" for names, what in keys))
