"""What the lower pane says of the selected row."""

from ndtui.analysis.check.finding import Finding
from ndtui.analysis.wording.context_properties import explain_context
from ndtui.analysis.wording.properties import Line, explain_filter, origin_words
from ndtui.model.compiled.objects import Filter, FilterSet, ProviderContext
from ndtui.ui.rows.decision_rows import explain_decision
from ndtui.ui.state.selection import Subject


def explain(subject: Subject | None, filterset: FilterSet) -> list[Line]:
    """Return what there is to say about what a row shows."""
    if subject is None:
        return []
    if isinstance(subject, Filter):
        return explain_filter(subject, filterset)
    if isinstance(subject, ProviderContext):
        return explain_context(subject, filterset)
    return explain_finding(subject) if isinstance(subject, Finding) else explain_decision(subject)


def explain_finding(finding: Finding) -> list[Line]:
    """Return everything that a finding says."""
    return [
        Line(finding.severity.capitalize(), finding.message),
        Line("Why", finding.why),
        Line("Remedy", finding.remedy),
        Line("Where", origin_words(finding.where)),
        Line("Id", finding.id),
        Line("See", finding.source),
    ]
