"""Drift: each object of a design as it is on a machine, and what is there of ours that the design does not have."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal, NamedTuple

from ndtui.analysis.drift.counterparts import Renamed, counterparts, plain, renamed_by
from ndtui.analysis.drift.held_there import HeldThere, Identity, Objects, held_there, kinds_listed, objects_of
from ndtui.analysis.drift.untold import settled
from ndtui.analysis.dump import Dump
from ndtui.common.gc_pause import without_garbage_collection
from ndtui.model.compiled.document_diff import Difference, differences
from ndtui.model.compiled.document_names import display_name
from ndtui.model.compiled.document_types import Document, Kind
from ndtui.model.compiled.objects import FilterSet

State = Literal["there", "missing", "changed", "disabled"]
"""How an object of a design is on a machine; ``disabled``: it is as it is to be, and sleeps."""
Left = Literal["this policy", "another policy", "another program"]
"""Whose an object is that the design does not have: left of this policy, of another of ours, of another program's."""

_DISABLED = ("FWPM_FILTER_FLAG_DISABLED", "FWPM_PROVIDER_FLAG_DISABLED")


class ObjectThere(NamedTuple):
    """An object of a design, and what stands for it on a machine; ``differences`` are from the design to the machine.

    ``disabled`` says that it sleeps, whatever its state is; ``other_key`` that its key is not the design's.
    """

    kind: Kind
    ours: Document
    there: Document | None
    state: State
    differences: tuple[Difference, ...] = ()
    disabled: bool = False
    other_key: bool = False


class LeftThere(NamedTuple):
    """An object of a machine that the design does not have."""

    kind: Kind
    document: Document
    whose: Left
    disabled: bool


@dataclass(frozen=True, eq=False)
class Drift:
    """A design held against a machine. ``uncompared`` is what the file does not tell, in words."""

    policy: str
    held: HeldThere
    objects: tuple[ObjectThere, ...]
    left: tuple[LeftThere, ...]
    uncompared: tuple[str, ...]

    @cached_property
    def counts(self) -> Mapping[State, int]:
        """How many objects are in each state."""
        found: dict[State, int] = {"there": 0, "missing": 0, "changed": 0, "disabled": 0}
        for each in self.objects:
            found[each.state] += 1
        return found

    @property
    def differs(self) -> bool:
        """Whether anything that can be compared is otherwise than the design has it."""
        return self.counts["there"] < len(self.objects) or bool(self.left)

    @property
    def same(self) -> bool | None:
        """Whether the machine has just the design; None where nothing differs, and not all can be compared."""
        return False if self.differs else None if self.uncompared else True


@without_garbage_collection()
def drift(filterset: FilterSet, dump: Dump) -> Drift:
    """Return how a design is on a machine, as far as the file tells."""
    listed = kinds_listed(dump)
    whole = objects_of(filterset)
    held = held_there(dump, whole)
    kinds = [kind for kind in listed if held.ours or kind != "provider"]
    design = {identity: document for identity, document in whole.items() if identity[0] in kinds}
    pairs = counterparts(design, held)
    untold: list[str] = list(_not_listed(filterset, dump))
    objects = tuple(_compared(design, held.objects, pairs, untold))
    taken = set(pairs.values())
    name = filterset.design.name
    left = tuple(
        LeftThere(kind, document, _whose(name, document, held), is_disabled(document))
        for (kind, key), document in held.objects.items()
        if (kind, key) not in taken
    )
    return Drift(name, held, objects, left, tuple(dict.fromkeys(untold)))


def _compared(
    design: Objects, there: Objects, pairs: Mapping[Identity, Identity], untold: list[str]
) -> Iterator[ObjectThere]:
    renamed = renamed_by(pairs)
    for identity, ours in design.items():
        at = pairs.get(identity)
        if at is None:
            yield ObjectThere(identity[0], ours, None, "missing")
            continue
        document, unknown = settled(there[at], ours)
        untold += unknown
        found = tuple(_differences(identity[0], ours, document, renamed, other_key=at != identity))
        disabled = is_disabled(document)
        state: State = "changed" if found else "disabled" if disabled else "there"
        yield ObjectThere(identity[0], ours, document, state, found, disabled, at != identity)


def _differences(
    kind: Kind, ours: Document, there: Document, renamed: Renamed, *, other_key: bool
) -> Iterator[Difference]:
    before, after = plain(kind, ours, {}, other_key=other_key), plain(kind, there, renamed, other_key=other_key)
    return differences("", before, after)


def is_disabled(document: Document) -> bool:
    """Tell whether a filter sleeps, or all those of a provider."""
    return any(flag in _DISABLED for flag in document.get("flags", ()))


def _whose(policy: str, document: Document, held: HeldThere) -> Left:
    if not held.ours:
        return "another program"
    name = display_name(document)
    return "this policy" if name == policy or name.startswith(f"{policy}: ") else "another policy"


def _not_listed(filterset: FilterSet, dump: Dump) -> Sequence[str]:
    """Return what of a design no file lists, or not this one."""
    found = []
    if dump.kind == "filters":
        contexts = len(filterset.contexts)
        several = "s" if contexts > 1 else ""
        found.append(
            f"{contexts} provider context{several}, which netsh wfp show filters does not list: show state does"
        )
        if filterset.sublayers:
            found.append("the sublayer's weight, which netsh wfp show filters does not list: show state does")
    return found
