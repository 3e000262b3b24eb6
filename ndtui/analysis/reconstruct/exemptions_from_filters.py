"""Exemptions from filters: permit filters of a dump back into the exemptions they came from."""

from collections.abc import Collection, Iterable, Sequence
from typing import Any, NamedTuple

from pydantic import ValidationError

from ndtui.analysis.dump import DumpFilter
from ndtui.analysis.reconstruct.order_of_adding import order_of_adding
from ndtui.analysis.reconstruct.traffic_from_filters import NotReconstructedError, traffic_of
from ndtui.model.design.exemption import PROGRAM_LAYERS, Exemption, copy_name, rebuild
from ndtui.model.files.design_file import reason_of
from ndtui.model.vocabulary.layers import PROTECTED_LAYERS, Family, stem_of


class Permit(NamedTuple):
    """A permit filter, and the name of the exemption it belongs to."""

    name: str
    filter: DumpFilter


def reconstruct_exemptions(
    permits: Iterable[Permit],
    protected: Collection[str],
    families: Sequence[Family],
    before_bfe: Iterable[Permit] = (),
) -> tuple[tuple[Exemption, ...], list[str]]:
    """Return the exemptions that permit filters stand for, in the order they were added, and what has no place.

    Filters of one name are one exemption: it has one per layer and address family. ``protected`` are the layers that
    have callouts, without their family; ``before_bfe`` the permit filters that stand until BFE is up, which are all
    that there is of an exemption that has nothing to be left out of later.
    """
    usual, usual_layers = _by_name(permits)
    boot, boot_layers = _by_name(before_bfe)
    groups = {**boot, **usual}
    order = order_of_adding([*usual_layers, *boot_layers])
    found: list[Exemption] = []
    missing: list[str] = []
    for name in order:
        filters = groups[name]
        taken = [exemption.name for exemption in found]
        try:
            exemption = _exemption(copy_name(name, taken) if name in taken else name, filters, protected, families)
            found.append(rebuild(exemption, before_bfe=True) if name in boot else exemption)
        except NotReconstructedError as error:
            missing.append(f"exemption {name}: {error}")
        except ValidationError as error:
            missing.append(f"exemption {name}: {reason_of(error)}")
    return tuple(found), missing


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
