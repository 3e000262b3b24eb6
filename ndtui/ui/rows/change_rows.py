"""The Changes view: how the design differs from another state of it, what it means first."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

from ndtui.analysis.wording.properties import Line
from ndtui.common.counted import counted
from ndtui.model.compiled.document_types import Document
from ndtui.model.design.differences import Difference, said
from ndtui.model.design.exemption import Exemption
from ndtui.model.design.exemption_phrase import phrase_of, texts_of
from ndtui.model.vocabulary import short_name
from ndtui.ui.rows.view import Column, Heading, View

if TYPE_CHECKING:
    from ndtui.analysis.verify.compare import ObjectChange, Region, UndecidedRegion
    from ndtui.ui.state.comparison import Comparison

_SIGNS = {"add": "+", "change": "~", "remove": "-"}
#: What is compared without the policy's name or by what it is, and so told as it was compared.
_TOLD_APART: Mapping[str, str] = {"displayData.name": "Name", "providerContext": "Context"}
#: Lists that have so much in common are told by what they do not: their beginning would be all there is to see.
_MANY = 4
_DOES = {sign: word for word, sign in _SIGNS.items()}


@dataclass(frozen=True, slots=True)
class ChangeRow:
    """One change: its sign, what it is about, what that was and is; what else there is to say is made when asked for.

    A comparison may have 100,000 of them, of which a few are ever read.
    """

    sign: str
    what: str
    was: str
    is_now: str
    change: "Region | UndecidedRegion | Difference | ObjectChange"

    @property
    def region(self) -> "Region | None":
        """The traffic whose outcome differs, if that is what it is about."""
        from ndtui.analysis.verify.compare import Region  # noqa: PLC0415 - the view is known at the start, the rest later

        return self.change if isinstance(self.change, Region) else None

    @property
    def layer(self) -> str:
        """The layer of an object that differs; empty of anything else."""
        return getattr(self.change, "layer", "")

    @property
    def lines(self) -> tuple[Line, ...]:
        """All there is to say of the change."""
        if isinstance(self.change, Difference):
            return Line("Decision", self.what), Line("Was", self.was), Line("Is", self.is_now)
        if self.region is not None:
            return _region_lines(self.region)
        from ndtui.analysis.verify.compare import ObjectChange  # noqa: PLC0415 - as above

        if isinstance(self.change, ObjectChange):
            return tuple(_object_lines(self.change))
        why = "Its filters cross in too many ways to say whether the outcome of some of it changes"
        return Line("Traffic", self.what), Line("Not decided", why)


def change_rows(comparison: "Comparison") -> list[Heading | ChangeRow]:
    """Return the changes under a heading for each way of looking at them."""
    meaning = comparison.meaning
    traffic = [*map(_of_region, counted(meaning.regions))]
    traffic += [ChangeRow("", each.traffic, "not decided", "not decided", each) for each in meaning.undecided]
    groups = (
        ("traffic", "Traffic whose outcome changes", traffic),
        ("decisions", "Decisions", [_of_decision(each) for each in counted(comparison.decisions)]),
        ("objects", "Objects", [_of_object(each) for each in counted(comparison.objects)]),
    )
    rows: list[Heading | ChangeRow] = []
    for name, title, members in groups:
        if members:
            rows += [Heading(name, f"{title}  {len(members)}"), *members]
    return rows


def _of_region(region: "Region") -> ChangeRow:
    return ChangeRow("~", region.traffic, *_was_and_is(region), region)


def _was_and_is(region: "Region") -> tuple[str, str]:
    from ndtui.analysis.verify.assertions import verdict_of  # noqa: PLC0415 - as above

    return verdict_of(region.before), verdict_of(region.after)


def _region_lines(region: "Region") -> tuple[Line, ...]:
    apart = "" if region.whole else ", apart from what other filters decide"
    was, is_now = _was_and_is(region)
    return (
        Line("Traffic", f"{region.traffic}{apart}"),
        Line("Was", was),
        Line("Is", is_now),
        Line("For example", str(region.witness)),
        Line("Before", region.before_by),
        Line("Now", region.after_by),
    )


def _of_decision(each: Difference) -> ChangeRow:
    sign = "+" if each.first is None else "-" if each.second is None else "~"
    return ChangeRow(sign, each.place, *sides_in_short(each), each)


def sides_in_short(each: Difference) -> tuple[str, str]:
    """Return what each side says; of long lists what it has by itself, and how much they have in common."""
    first, second = each.first, each.second
    if isinstance(first, list) and isinstance(second, list):
        known = {*map(str, first)} & {*map(str, second)}
        if len(known) >= _MANY and {*map(str, first)} != {*map(str, second)}:
            return _beside(first, known), _beside(second, known)
    return _said_in_short(first), _said_in_short(second)


def _beside(values: list[object], known: set[str]) -> str:
    own = [each for each in values if str(each) not in known]
    return f"{said(own)}, beside {len(known)} in both" if own else f"{len(known)} in both"


def _said_in_short(value: object) -> str:
    """Return what one side says; of an exemption, the traffic it is about."""
    if isinstance(value, dict) and "remote_ports" in value:
        return phrase_of(texts_of(Exemption.model_validate(value))) or "any traffic"
    return said(value)


def _of_object(each: "ObjectChange") -> ChangeRow:
    at = f"{short_name(each.layer)}: " if each.layer else ""  # first: a narrow column shows no more
    was = "" if each.action == "add" else "there"
    is_now = {"add": "there", "change": "differs", "remove": ""}[each.action]
    return ChangeRow(_SIGNS[each.action], f"{at}{each.name}", was, is_now, each)


def _object_lines(each: "ObjectChange") -> Iterator[Line]:
    words = {"add": "added", "change": "changed", "remove": "removed"}
    yield Line("Object", f"{each.name}, {words[each.action]}")
    if each.layer:
        yield Line("Layer", each.layer)
    if each.before is not None and each.after is not None:
        yield from _property_lines(each, each.before, each.after)


def _property_lines(each: "ObjectChange", before: Document, after: Document) -> Iterator[Line]:
    """Yield what differs in the words of a plan; what says nothing, such as a key, is taken to be the same."""
    from ndtui.analysis.wording.object_lines import change_lines  # noqa: PLC0415 - as above

    for path, label in _TOLD_APART.items():
        yield from (Line(label, f"{old}  ->  {new}") for name, old, new in each.differences if name == path)
    differing = {"displayData", *(re.split(r"[.[]", path)[0] for path, *_ in each.differences)}
    same = {name: value for name, value in after.items() if name not in differing}
    was, is_now = (
        {
            **same,
            **{name: value for name, value in document.items() if name in differing},
            "displayData": {**document["displayData"], "name": each.name},
        }
        for document in (before, after)
    )
    yield from change_lines(each.object_kind, cast("Document", was), cast("Document", is_now))


def _cells(row: Any) -> tuple[str, ...]:
    return (row.text,) if isinstance(row, Heading) else (row.what, row.was, row.is_now)


CHANGES = View(
    (
        Column("what", 0, 9, least=24, ample=46),
        Column("was", 0, 7, least=11, ample=26),
        Column("is now", 0, 8, least=11, ample=26),
        Column("does", 8, 7, aliases=("action",), cell=lambda row: _DOES.get(row.sign, "")),
        Column("layer", 24, 7, cell=lambda row: short_name(row.layer)),
    ),
    _cells,
    lambda row: row.layer if isinstance(row, Heading) else (row.what, row.was, row.is_now),
    lambda row: "head" if isinstance(row, Heading) else "",
    lambda row: "" if isinstance(row, Heading) else row.sign,
    selectable=lambda row: not isinstance(row, Heading),
    empty="no difference",
    heading=lambda row: isinstance(row, Heading),
    name="changes",
)
