"""What could not be decided within the effort that the checker takes: a finding of its own kind."""

from ndtui.analysis.check.cited_pages import OWN_FINDINGS
from ndtui.analysis.check.finding import Finding
from ndtui.model.compiled.origin import Origin

NOT_DECIDED = "not-decided"


def undecided(where: Origin, question: str) -> Finding:
    """Return the finding that a question about a design, which begins with "whether", is not decided."""
    return Finding(
        NOT_DECIDED,
        "warning",
        where,
        f"Not decided: {question}",
        "Their ranges cross in so many ways that looking at every combination would take too long; what is not decided "
        "may be so or not.",
        "Give exemptions fewer ranges each, or split them by protocol or network so that fewer of them cross.",
        OWN_FINDINGS,
    )
