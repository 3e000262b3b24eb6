"""What the lower pane says of the selected row."""

from typing import Any

from ndtui.analysis.check.finding import Finding
from ndtui.analysis.wording.element_words import origin_words
from ndtui.analysis.wording.negotiation_words import NEGOTIATED
from ndtui.analysis.wording.properties import Line, explain_filter
from ndtui.model.compiled.objects import Filter, FilterSet, ProviderContext
from ndtui.model.design.design import Design, negotiation_of
from ndtui.model.vocabulary.guids import LAYERS
from ndtui.ui.rows.change_rows import ChangeRow
from ndtui.ui.rows.decision_rows import explain_decision, how_to_change
from ndtui.ui.rows.design_rows import subject_of
from ndtui.ui.rows.finding_rows import explain_kind
from ndtui.ui.rows.view import Heading, KeyOf
from ndtui.ui.rows.weight_ladder import OtherSublayersRow, RangeRow, StandRow, SublayerRow
from ndtui.ui.state.finding_kind import FindingKind
from ndtui.ui.state.selection import Decision, Subject


def explain_row(row: Any, filterset: FilterSet, key_of: KeyOf) -> list[Line]:
    """Return what there is to say about a row of the left pane or of a view; ``key_of`` tells which keys hold."""
    if isinstance(row, Decision) and row.id == "name":
        return explain_policy(row, filterset, key_of)
    if isinstance(row, StandRow | RangeRow | SublayerRow | OtherSublayersRow):
        from ndtui.ui.rows.ladder_rows import explain_ladder_row  # noqa: PLC0415 - not needed for the first picture

        return explain_ladder_row(row, filterset)
    if isinstance(row, Heading):  # only a folded one is ever selected
        layer = [Line("Layer", row.layer)] if row.layer in LAYERS else []
        return [Line("Folded", row.text), *layer, _unfolds(key_of)]
    if isinstance(row, Decision) and row.heading:
        return [Line("Folded", row.text), Line("What", row.help), _unfolds(key_of)]
    if isinstance(row, ChangeRow):
        trace = [Line("Trace", f"{key_of('designer.trace')} traces that packet")] if row.region is not None else []
        return [*row.lines, *trace]
    return explain(subject_of(row), filterset, key_of)


def explain_policy(row: Decision, filterset: FilterSet, key_of: KeyOf) -> list[Line]:
    """Return what the policy as a whole does, for the row that has its name; this is what the start shows."""
    from ndtui.ui.rows.policy_picture import policy_picture  # noqa: PLC0415 - brings the trace engine with it

    design = filterset.design
    about = [" ".join(part.split()) for part in design.description.split("\n\n")]
    lines = [*policy_picture(filterset)]
    lines += [Line("" if number else "About", part) for number, part in enumerate(filter(None, about))]
    return [*lines, Line("Name", f"{design.name}: {row.help}"), Line("Change", how_to_change(row, key_of))]


def _unfolds(key_of: KeyOf) -> Line:
    return Line("Keys", f"{_choose_or_unfold(key_of)} unfolds it")


def _choose_or_unfold(key_of: KeyOf) -> str:
    return f"{key_of('lists.activate')} or {key_of('tables.unfold')}"


def explain(subject: Subject | None, filterset: FilterSet, key_of: KeyOf) -> list[Line]:
    """Return what there is to say about what a row shows."""
    if subject is None:
        return []
    if isinstance(subject, Filter):
        return explain_filter(subject, filterset)
    if isinstance(subject, ProviderContext):
        from ndtui.analysis.wording.context_properties import explain_context  # noqa: PLC0415

        return explain_context(subject, filterset)
    if isinstance(subject, Finding | FindingKind):
        return _explain_found(subject, filterset.design, key_of)
    if isinstance(subject, Decision) and subject.id in NEGOTIATED:
        return explain_negotiated(subject, filterset.design, key_of)
    return explain_decision(subject, key_of)


def explain_negotiated(row: Decision, design: Design, key_of: KeyOf) -> list[Line]:
    """Return what a design negotiates by one of its modes, all of it, for the row of the mode."""
    what, *rest = explain_decision(row, key_of)
    return [what, *NEGOTIATED[row.id](negotiation_of(design)), *rest]


def _explain_found(subject: Finding | FindingKind, design: Design, key_of: KeyOf) -> list[Line]:
    if isinstance(subject, FindingKind):
        return explain_kind(subject, design, key_of)
    return explain_finding(subject, design, key_of)


def explain_finding(finding: Finding, design: Design, key_of: KeyOf) -> list[Line]:
    """Return everything that a finding says, and the key that does what its remedy says where one does."""
    from ndtui.ui.rows.remedies import is_remedied, remedy_words  # noqa: PLC0415 - not needed for the first picture

    does = is_remedied(design, [finding])
    key = f" {key_of('designer.remedy')} does it: {remedy_words(finding)}." if does else ""
    return [
        Line(finding.severity.capitalize(), finding.message),
        Line("Why", finding.why),
        Line("Remedy", f"{finding.remedy}{key}"),
        Line("Where", origin_words(finding.where)),
        Line("Id", finding.id),
        Line("See", finding.source),
    ]
