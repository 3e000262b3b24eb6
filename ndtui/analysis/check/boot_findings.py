"""Findings about the time until BFE is up: what passes in clear then, and what a design lets through."""

from collections.abc import Iterator, Sequence

from ndtui.analysis.check.finding import Finding, Rule
from ndtui.analysis.check.rule_places import enabled, requires_inbound
from ndtui.common.counted import counted
from ndtui.common.text import in_quotes
from ndtui.model.compiled.boot_filters import directions_of
from ndtui.model.compiled.objects import FilterSet
from ndtui.model.compiled.origin import Origin
from ndtui.model.design.before_bfe import DIRECTIONS, Direction
from ndtui.model.design.design import Design
from ndtui.model.design.exemption import Exemption
from ndtui.model.scenarios.catalogue import MODES
from ndtui.model.vocabulary.layers import ALE_AUTH_CONNECT
from ndtui.model.vocabulary.pages import PAGES


def dropped_later(design: Design) -> tuple[Direction, ...]:
    """Return the directions in which the rules drop clear traffic once BFE is up."""
    rules = enabled(design)
    inbound = any(map(requires_inbound, rules))
    outbound = any(
        ALE_AUTH_CONNECT in rule.stems or (MODES[rule.mode].protects and not MODES[rule.mode].sends_clear)
        for rule in rules
    )
    return tuple(each for each, drops in zip(DIRECTIONS, (inbound, outbound), strict=True) if drops)


def before_bfe(filterset: FilterSet) -> Iterator[Finding]:
    """Persistent filters are not there from the start of TCP/IP on; what they drop passes until they are."""
    design = filterset.design
    needed = dropped_later(design)
    missing = [each for each in needed if each not in design.before_bfe]
    if design.lifetime != "persistent" or not missing:
        return
    which = "" if set(missing) == set(needed) else f"{missing[0]} "
    held = " and ".join(design.before_bfe)
    these = f"those of this design block {held} traffic only" if held else "none of these is one"
    wanted = tuple(each for each in DIRECTIONS if each in missing or each in design.before_bfe)
    yield Finding(
        "before-bfe",
        "note",
        Origin("before_bfe"),
        f"Persistent filters are added when BFE starts: until then {which}traffic passes in clear",
        f"Only boot-time filters are there from the start of TCP/IP on, and {these}.",
        f"Block it until then with {written(wanted)}, and let exemptions through that have to hold then too "
        "(before_bfe = true); or keep services that must not be reached in clear from starting before BFE.",
        PAGES["object-management"],
    )


def written(directions: Sequence[Direction]) -> str:
    """Return how a design's file says what is blocked."""
    listed = ", ".join(f'"{each}"' for each in directions)
    return f"before_bfe = [{listed}]"


def _let_through(design: Design) -> Iterator[tuple[Exemption, tuple[Direction, ...]]]:
    for each in counted(design.exemptions):
        if each.before_bfe and each.enabled:
            yield each, directions_of(each)


def let_through_for_nothing(filterset: FilterSet) -> Iterator[Finding]:
    """An exemption is let through before BFE is up where nothing of it is blocked."""
    design = filterset.design
    for each, directions in _let_through(design):
        if not set(directions).isdisjoint(design.before_bfe):
            continue
        wanted = tuple(d for d in DIRECTIONS if d in directions or d in design.before_bfe)
        it, blocked = " and ".join(directions) or "no", " and ".join(design.before_bfe) or "none"
        yield Finding(
            "exempt-before-bfe",
            "note",
            Origin.exemption(each.name),
            f"{in_quotes(each.name)} is let through before BFE is up, where nothing is blocked that it is for",
            f"Until BFE is up it is for {it} traffic, by its layers, and the design blocks {blocked} then.",
            (f"Block it with {written(wanted)}, or s" if directions else "S") + "et before_bfe = false.",
            PAGES["object-management"],
        )


def profile_before_bfe(filterset: FilterSet) -> Iterator[Finding]:
    """An exemption before BFE is up asks for the network profile, which may not be known by then."""
    for each, directions in _let_through(filterset.design):
        if each.profiles and not set(directions).isdisjoint(filterset.design.before_bfe):
            yield Finding(
                "profile-before-bfe",
                "note",
                Origin.exemption(each.name),
                f"{in_quotes(each.name)} is let through before BFE is up on some network profiles only, "
                f"which may not be known "
                "by then",
                "The condition compares with the category of the network; what that is before BFE is up is not "
                "documented.",
                "Leave profiles out, or set before_bfe = false and let it through once BFE is up.",
                PAGES["condition-identifiers"],
            )


RULES: tuple[Rule, ...] = (before_bfe, let_through_for_nothing, profile_before_bfe)
