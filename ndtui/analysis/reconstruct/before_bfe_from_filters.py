"""Before BFE from filters: which filters of a dump are of the time until BFE is up, and what a design says by them."""

from collections.abc import Iterable, Iterator

from ndtui.analysis.dump import DumpFilter
from ndtui.analysis.reconstruct.exemptions_from_filters import Permit
from ndtui.analysis.reconstruct.known_filters import is_permit
from ndtui.model.compiled.boot_filters import BLOCKED_AT
from ndtui.model.compiled.filter_values import BLOCK
from ndtui.model.compiled.objects import BEFORE_BFE
from ndtui.model.design.before_bfe import Direction
from ndtui.model.vocabulary.layers import stem_of


def blocked_directions(filters: Iterable[DumpFilter]) -> tuple[Direction, ...]:
    """Return the directions that boot-time filters block."""
    blocked = {stem_of(each.layer) for each in filters if each.action == BLOCK}
    return tuple(direction for direction, stem in BLOCKED_AT.items() if stem in blocked)


def permits_before_bfe(filters: Iterable[DumpFilter], policy: str) -> Iterator[Permit]:
    """Yield what is let through until BFE is up, with the exemption it belongs to, of a policy of ours."""
    for each in filters:
        if is_permit(each):
            yield Permit(each.name.removeprefix(f"{policy}: {BEFORE_BFE}exempt ") or "unnamed", each)


def policy_of(filters: Iterable[DumpFilter]) -> str | None:
    """Return the policy that the names of what blocks begin with, of ours; None where there is none."""
    for each in filters:
        policy, found, _ = each.name.rpartition(f": {BEFORE_BFE}block ")
        if found and each.action == BLOCK:
            return policy
    return None
