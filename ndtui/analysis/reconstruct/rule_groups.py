"""Groups: which filters of a dump make one rule; by their names where they are ours, else by what they ask of traffic.

Rules are listed in the order in which their filters were added, layer by layer.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from ndtui.analysis.dump import Dump, DumpContext, DumpFilter
from ndtui.analysis.reconstruct.known_filters import identities, is_block, is_callout, is_keying, is_permit, traffic_key
from ndtui.analysis.reconstruct.order_of_adding import order_of_adding
from ndtui.model.compiled.rule_filters import BLOCK_LABEL, SIDES, context_key
from ndtui.model.design.design import derived_id
from ndtui.model.design.exemption import copy_name
from ndtui.model.design.keying_modules import KEYING_MODULES
from ndtui.model.design.rule import BASE
from ndtui.model.scenarios.catalogue import ENCRYPTED_ACCEPT, ENCRYPTED_CONNECT, IDENTIFIED_ACCEPT, MODES
from ndtui.model.vocabulary.layers import stem_of

_ROWS = (
    *(row for mode in MODES.values() for row in mode.callouts),
    ENCRYPTED_ACCEPT,
    ENCRYPTED_CONNECT,
    IDENTIFIED_ACCEPT,
)
_LABELS = (
    *(f"{module} {mode} mode" for module in KEYING_MODULES for mode in ("main", "quick")),
    *dict.fromkeys((*(row.label for row in _ROWS), BLOCK_LABEL)),
)
_ENDINGS = tuple(f": {label}{side}" for label in _LABELS for side in ("", *SIDES.values()))


@dataclass(slots=True)
class Group:
    """The filters of one rule: those that packets meet, and those that lead to what it negotiates with.

    Of filters that are not ours nobody knows which rule has a policy: they are in no group. ``either_port``: the
    service may be on either side.
    """

    name: str
    filters: list[DumpFilter] = field(default_factory=list)
    policies: list[DumpFilter] = field(default_factory=list)
    either_port: bool = False


def policy_name(filters: Iterable[DumpFilter], dump: Dump) -> str | None:
    """Return what a policy of ours is called; None where no filter has a name that we give.

    Where there is no base rule, what all names begin with may be the policy's name together with a rule's: a sublayer
    of its own is called as the policy, and the keys of contexts tell, but for a policy that has an id of its own.
    """
    listed = list(filters)
    stems = list(dict.fromkeys(filter(None, (_stem(each.name) for each in listed if not is_permit(each)))))
    if not stems:
        return None
    shortest = min(stems, key=len)
    parts = shortest.split(": ")
    exempted = [each.name for each in listed if is_permit(each)]
    fitting = [
        name
        for name in (": ".join(parts[:end]) for end in range(len(parts), 0, -1))
        if all(stem == name or stem.startswith(f"{name}: ") for stem in stems)
        and all(each.startswith(f"{name}: exempt ") for each in exempted)
    ]
    used = {each.sublayer for each in listed}
    sublayers = {each.name for each in dump.sublayers if each.key in used}
    proven = (n for n in fitting if n in sublayers or any(_is_key_of(n, each) for each in dump.provider_contexts))
    return next(proven, (fitting or [shortest])[0])


def _is_key_of(policy: str, context: DumpContext) -> bool:
    stem = _stem(context.name)
    if stem is None or not (stem == policy or stem.startswith(f"{policy}: ")):
        return False
    return context.key.lower() == f"{{{context_key(derived_id(policy), context.type, _rule(policy, stem))}}}"


def _stem(name: str) -> str | None:
    """Return the name of a filter or a context without what it is: that of the policy, and the rule's if it has one."""
    for ending in _ENDINGS:
        if name.endswith(ending):
            return name.removesuffix(ending)
    return None


def _rule(policy: str, stem: str | None) -> str:
    """Return the rule that a stem names; the base rule is not named."""
    return BASE if stem is None or stem == policy else stem.removeprefix(f"{policy}: ")


def groups_by_name(filters: Sequence[DumpFilter], policy: str, contexts: Mapping[str, DumpContext]) -> list[Group]:
    """Return the groups of filters of ours."""
    groups: dict[str, Group] = {}
    layers: dict[str, list[str]] = {}
    earlier: list[tuple[str, str]] = []
    for each in sorted(filters, key=lambda f: f.filter_id):
        if is_permit(each):
            continue
        name = _rule(policy, _stem(each.name))
        group = groups.setdefault(name, Group(name))
        (group.policies if is_keying(each) else group.filters).append(each)
        group.either_port |= each.name.endswith(tuple(SIDES.values()))
        layers.setdefault(each.layer, []).append(name)
        context = contexts.get(each.provider_context_key)
        if context is not None:
            earlier.append((_rule(policy, _stem(context.name)), name))
    order = order_of_adding([*layers.values(), *earlier])
    return [groups[name] for name in order if name in groups]


def groups_by_traffic(filters: Iterable[DumpFilter]) -> list[Group]:
    """Return the groups of somebody else's filters: callouts for the same traffic, and what blocks it behind them.

    Of several callouts at one layer for the same traffic each that differs in its weight, in who may connect, or in
    what it demands, is a rule of its own.
    """
    found: dict[object, Group] = {}
    for each in sorted(filters, key=lambda f: (bool(identities(f)), f.filter_id)):
        if not (is_callout(each) or is_block(each)):
            continue
        key: tuple[object, ...] = (traffic_key(each),)
        group = found.setdefault(key, Group(each.name))
        if _weighs_otherwise(group, each):
            key = (*key, each.weight_type, each.weight)
            group = found.setdefault(key, Group(each.name))
        if _clashes(group, each):
            group = found.setdefault((*key, *identities(each).items(), each.raw_context), Group(each.name))
        group.filters.append(each)
    groups = list(found.values())
    whole = next((group for group in groups if len(traffic_key(group.filters[0])) <= 1), groups[0] if groups else None)
    return list(_named(groups, whole))


def _weighs_otherwise(group: Group, each: DumpFilter) -> bool:
    """Tell whether a group has filters of another weight, one of them at a filter's layer."""
    others = {(other.weight_type, other.weight) for other in group.filters}
    same_layer = any(other.layer == each.layer and other.action == each.action for other in group.filters)
    return same_layer and (each.weight_type, each.weight) not in others


def _clashes(group: Group, each: DumpFilter) -> bool:
    """Tell whether a group has a callout at a filter's layer that says something else."""
    said = (identities(each), each.raw_context)
    there = (other for other in group.filters if is_callout(other) and stem_of(other.layer) == stem_of(each.layer))
    return is_callout(each) and any((identities(other), other.raw_context) != said for other in there)


def _named(groups: Iterable[Group], whole: Group | None) -> Iterator[Group]:
    taken = [BASE]
    for group in groups:
        if group is whole:
            group.name = BASE
        else:
            wanted = group.name or "unnamed"
            group.name = copy_name(wanted, taken) if wanted in taken else wanted
            taken.append(group.name)
        yield group
