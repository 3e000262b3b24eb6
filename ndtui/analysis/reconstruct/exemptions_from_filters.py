"""Exemptions from filters: permit filters of a dump back into the exemptions they came from."""

from collections.abc import Collection, Iterable, Sequence
from typing import Any, NamedTuple

from pydantic import ValidationError

from ndtui.analysis.dump import DumpFilter
from ndtui.analysis.reconstruct.order_of_adding import order_of_adding
from ndtui.analysis.reconstruct.traffic_from_filters import NotReconstructedError, traffic_of
from ndtui.model.compiled.boot_filters import BLOCKED_AT, directions_of
from ndtui.model.design.exemption import PROGRAM_LAYERS, Exemption, copy_name, rebuild
from ndtui.model.files.design_file import reason_of
from ndtui.model.vocabulary.layers import ALE_AUTH_CONNECT, PROTECTED_LAYERS, Family, stem_of


class Permit(NamedTuple):
    """A permit filter, and the name of the exemption it belongs to."""

    name: str
    filter: DumpFilter


class BeforeBfe(NamedTuple):
    """What stands until BFE is up: the layers at which it blocks, without their family, and what is let through."""

    blocked: Collection[str] = ()
    permits: Iterable[Permit] = ()


def reconstruct_exemptions(
    permits: Iterable[Permit],
    protected: Collection[str],
    families: Sequence[Family],
    before_bfe: BeforeBfe = BeforeBfe(),  # noqa: B008 - immutable
) -> tuple[tuple[Exemption, ...], list[str]]:
    """Return the exemptions that permit filters stand for, in the order they were added, and what has no place.

    Filters of one name are one exemption: it has one per layer and address family. ``protected`` are the layers that
    have callouts, without their family. Filters that stand until BFE is up are all that there is of an exemption that
    has nothing to be left out of later.
    """
    usual, usual_layers = _by_name(permits)
    boot, boot_layers = _by_name(before_bfe.permits)
    groups = {**boot, **usual}
    order = order_of_adding([*usual_layers, *boot_layers])
    found: list[Exemption] = []
    missing: list[str] = []
    for name in order:
        filters = groups[name]
        taken = [exemption.name for exemption in found]
        try:
            exemption = _exemption(copy_name(name, taken) if name in taken else name, filters, protected, families)
            found.append(_held_early(exemption, usual.get(name), boot[name], before_bfe) if name in boot else exemption)
        except NotReconstructedError as error:
            missing.append(f"exemption {name}: {error}")
        except ValidationError as error:
            missing.append(f"exemption {name}: {reason_of(error)}")
    return tuple(found), missing


def _held_early(
    exemption: Exemption, usual: Sequence[DumpFilter] | None, early: Sequence[DumpFilter], before_bfe: BeforeBfe
) -> Exemption:
    """Return an exemption that holds before BFE is up too, with layers that say it is for just these directions."""
    there = {stem_of(each.layer) for each in early}
    layers: Collection[str] = exemption.layers
    if usual is None and exemption.program and ALE_AUTH_CONNECT in there:
        layers = PROTECTED_LAYERS  # named, that layer would have a filter later too
    elif usual is not None and {BLOCKED_AT[each] for each in directions_of(exemption)} & {*before_bfe.blocked} != there:
        # what no callout is at makes a filter of this time alone
        layers = {stem_of(each.layer) for each in usual} | (there - {ALE_AUTH_CONNECT})
    return rebuild(exemption, before_bfe=True, layers=tuple(layers))


def _by_name(permits: Iterable[Permit]) -> tuple[dict[str, list[DumpFilter]], list[list[str]]]:
    """Return filters by the exemption they belong to, and the exemptions of each layer in the order of adding."""
    groups: dict[str, list[DumpFilter]] = {}
    layers: dict[str, list[str]] = {}
    for name, each in sorted(permits, key=lambda p: p.filter.filter_id):
        groups.setdefault(name, []).append(each)
        layers.setdefault(each.layer, []).append(name)
    return groups, list(layers.values())


def _exemption(
    name: str, filters: Sequence[DumpFilter], protected: Collection[str], families: Sequence[Family]
) -> Exemption:
    said, present = traffic_of(filters, Exemption)
    fields: dict[str, Any] = {"name": name, **said}
    stems = {stem_of(each.layer) for each in filters}
    usual = PROGRAM_LAYERS if "program" in said else PROTECTED_LAYERS
    if stems != {stem for stem in usual if stem in protected}:
        fields["layers"] = tuple(stems)
    exemption = Exemption.model_validate(fields)
    if set(exemption.reach(families)) != set(present):
        exemption = Exemption.model_validate({**fields, "families": present})
    return exemption
