"""What the checker says, as rows: findings of one kind are one row that unfolds."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from ndtui.analysis.check.finding import Finding, of_one_kind, some_places
from ndtui.analysis.wording.properties import Line
from ndtui.model.compiled.origin import Origin
from ndtui.model.design.design import Design
from ndtui.ui.rows.view import Column, KeyOf, Tone, View
from ndtui.ui.state.finding_kind import FindingKind
from ndtui.ui.state.workbench import Mark

_TONES: dict[str, Tone] = {"error": "error", "warning": "warning", "note": ""}
_RANKS = {"error": 0, "warning": 1, "note": 2}


@dataclass(frozen=True, slots=True, eq=False)
class FindingPlace:
    """One of several findings of a kind, below its heading."""

    finding: Finding


def finding_rows(findings: Iterable[Finding]) -> list[FindingKind | FindingPlace | Finding]:
    """Return a row for each kind of finding, and below it one for each; what there is once stands alone."""
    rows: list[FindingKind | FindingPlace | Finding] = []
    for same in of_one_kind(findings):
        if len(same) == 1:
            rows.append(same[0])
        else:
            rows.append(FindingKind(tuple(same)))
            rows += map(FindingPlace, same)
    return rows


def new_findings(rows: Iterable[Any], known: Collection[tuple[str, Origin]] | None) -> dict[int, Mark]:
    """Return marks of rows, by their ``id()``, of which a finding is none of those that were known before."""
    if known is None:
        return {}
    return {id(row): "+" for row in rows if any((each.id, each.where) not in known for each in _all_of(row))}


def _all_of(row: Any) -> tuple[Finding, ...]:
    return row.findings if isinstance(row, FindingKind) else (_said(row),)


def finding_of(row: Any) -> Finding | None:
    """Return the finding that a row is about; none for a heading and for other rows."""
    return row.finding if isinstance(row, FindingPlace) else row if isinstance(row, Finding) else None


def _said(row: Any) -> Finding:
    return row.first if isinstance(row, FindingKind) else row.finding if isinstance(row, FindingPlace) else row


def _cells(row: Any) -> tuple[str, ...]:
    finding = _said(row)
    if isinstance(row, FindingKind):
        count = f"{len(row.findings):,} x {finding.id}: {finding.message}"
        return (finding.severity, count, some_places(row.findings))
    message = f"  {finding.message}" if isinstance(row, FindingPlace) else finding.message
    return (finding.severity, message, str(finding.where))


def _key(row: Any) -> object:
    finding = _said(row)
    if isinstance(row, FindingKind):
        return ("kind", finding.severity, finding.id)
    return (finding.id, finding.where, finding.message)


FINDINGS = View(
    (
        Column("severity", 8, value=lambda row: _RANKS[_said(row).severity]),
        Column("what", 0, 8, least=40, aliases=("message",)),
        Column("where", 26, 5, aliases=("place",)),
        Column("id", 26, 7, aliases=("kind",), cell=lambda row: _said(row).id),
        Column("remedy", 40, 7, cell=lambda row: _said(row).remedy),
    ),
    _cells,
    _key,
    lambda row: _TONES[_said(row).severity],
    empty="nothing to say: no findings",
    heading=lambda row: isinstance(row, FindingKind),
    outside=lambda row: isinstance(row, Finding),
    folded=lambda _: True,
    name="findings",
    heading_name=lambda row: row.first.id,
)


def explain_kind(kind: FindingKind, design: Design, key_of: KeyOf) -> list[Line]:
    """Return what the lower pane says of several findings of one kind, and the key that remedies all of them."""
    from ndtui.ui.rows.remedies import is_remedied, remedy_words  # noqa: PLC0415 - not needed for the first picture

    first = kind.first
    does = is_remedied(design, kind.findings)
    key = f" {key_of('designer.remedy')} does it for all {len(kind.findings):,}: {remedy_words(first)}." if does else ""
    places: Sequence[Finding] = kind.findings
    unfold = f"{key_of('lists.activate')} or {key_of('tables.unfold')}"
    return [
        Line(first.severity.capitalize(), f"{len(places):,} findings of one kind, of which the first: {first.message}"),
        Line("Where", some_places(places)),
        Line("Why", first.why),
        Line("Remedy", f"{first.remedy}{key}"),
        Line("Keys", f"{unfold} shows each of them, {key_of('tables.fold')} folds them"),
        Line("Id", first.id),
        Line("See", first.source),
    ]
