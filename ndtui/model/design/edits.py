"""Edits: each takes a Design and returns the changed one, or raises what makes the change impossible."""

from ndtui.model.design.design import Design, Lifetime, Sublayer, change
from ndtui.model.design.exemption import Exemption, copy_name, rebuild
from ndtui.model.design.ipsec_policy import ExtendedMode, MainMode
from ndtui.model.design.items import Item, Listed, ListName, item_named
from ndtui.model.design.keying_modules import KEYING_MODULES, KeyingModule
from ndtui.model.design.negotiation_edits import methods_like
from ndtui.model.design.rule import Rule
from ndtui.model.vocabulary.layers import Family


def toggle_module(design: Design, module: KeyingModule) -> Design:
    """Switch a keying module on or off; the last one cannot be switched off."""
    return with_modules(design, _toggled(design.keying_modules, module), design.extended_mode)


def with_modules(design: Design, modules: tuple[str, ...], extended_mode: ExtendedMode | None) -> Design:
    """Negotiate with some keying modules; one of which nothing is said authenticates with certificates.

    Extended mode changes in the same step: it goes with AuthIP, and rules may need it.
    """
    main_mode = able_main_mode(design.main_mode, modules, design.keying_modules)
    return change(design, keying_modules=modules, main_mode=main_mode, extended_mode=extended_mode)


def able_main_mode(main_mode: MainMode, modules: tuple[str, ...], before: tuple[KeyingModule, ...]) -> MainMode:
    """Return main mode policy in which each of some keying modules has a method, certificates where it had none.

    Of IKEv2 a design need not say anything while it is off. ``before`` are the modules that were on: certificates are
    those that one of them asks for.
    """
    methods = {
        f"{module.lower()}_authentication": (methods_like(module, main_mode, before),)
        for module in KEYING_MODULES
        if module in modules and not main_mode.authentication(module)
    }
    return MainMode.model_validate({**dict(main_mode), **methods}) if methods else main_mode


def toggle_family(design: Design, family: Family) -> Design:
    """Cover an address family or not; the last one stays."""
    return change(design, families=_toggled(design.families, family))


def _toggled(present: tuple[str, ...], item: str) -> tuple[str, ...]:
    return tuple(p for p in present if p != item) if item in present else (*present, item)


def toggle_extended_mode(design: Design) -> Design:
    """Add AuthIP's extended mode with its default policy, or take it out."""
    return change(design, extended_mode=None if design.extended_mode else ExtendedMode())


def set_lifetime(design: Design, lifetime: Lifetime) -> Design:
    """Say how long the objects stay; what only persistent ones can say, of the time until BFE is up, goes with that."""
    if lifetime == "persistent":
        return change(design, lifetime=lifetime)
    exemptions = tuple(rebuild(each, before_bfe=False) if each.before_bfe else each for each in design.exemptions)
    return change(design, lifetime=lifetime, before_bfe=(), exemptions=exemptions)


def set_sublayer(design: Design, weight: int | None) -> Design:
    """Put the filters into a sublayer of their own with a weight, or with ``None`` into the universal one."""
    return change(design, sublayer=Sublayer(kind="universal" if weight is None else "own", weight=weight))


def insert(design: Design, field: ListName, place: int, element: Listed) -> Design:
    """Put an element into one of the design's lists, at a place from 0."""
    before = getattr(design, field)
    return change(design, **{field: (*before[:place], element, *before[place:])})


def replace_item(design: Design, item: Item, element: Listed) -> Design:
    """Put an element in the place of another."""
    before = getattr(design, item.field)
    return change(design, **{item.field: (*before[: item.place], element, *before[item.place + 1 :])})


def toggle_item(design: Design, item: Item) -> Design:
    """Enable or disable a rule or an exemption; what can be neither stays as it is."""
    if not isinstance(item.element, Rule | Exemption):
        return design
    switched = type(item.element).model_validate({**dict(item.element), "enabled": not item.element.enabled})
    return replace_item(design, item, switched)


def copy_of_item(design: Design, item: Item) -> Listed:
    """Return a copy of an element; of one that has a name, under a free one."""
    element = item.element
    if not isinstance(element, Rule | Exemption):
        return element
    new = copy_name(element.name, (each.name for each in getattr(design, item.field)))
    return type(element).model_validate({**dict(element), "name": new})


def delete_item(design: Design, item: Item) -> Design:
    """Take an element out."""
    before = getattr(design, item.field)
    return change(design, **{item.field: (*before[: item.place], *before[item.place + 1 :])})


def move_item(design: Design, item: Item, by: int) -> Design:
    """Move an element up (-1) or down (+1) in its list; at the end it stays."""
    moved = list(getattr(design, item.field))
    target = item.place + by
    if not 0 <= target < len(moved):
        return design
    moved.insert(target, moved.pop(item.place))
    return change(design, **{item.field: tuple(moved)})


def exemption_item(design: Design, name: str) -> Item:
    """Return an exemption with its place; a name that is not there is a ``KeyError``."""
    return item_named(design, "exemptions", name)


def add_exemption(design: Design, exemption: Exemption, after: str | None = None) -> Design:
    """Add an exemption behind the one named, or at the end."""
    place = exemption_item(design, after).place + 1 if after is not None else len(design.exemptions)
    return insert(design, "exemptions", place, exemption)


def replace_exemption(design: Design, name: str, exemption: Exemption) -> Design:
    """Put an exemption in the place of the one named."""
    return replace_item(design, exemption_item(design, name), exemption)


def add_rule(design: Design, rule: Rule) -> Design:
    """Add a rule at the end."""
    return insert(design, "rules", len(design.rules), rule)


def replace_rule(design: Design, name: str, rule: Rule) -> Design:
    """Put a rule in the place of the one named."""
    return replace_item(design, item_named(design, "rules", name), rule)
