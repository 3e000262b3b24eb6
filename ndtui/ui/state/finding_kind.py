"""FindingKind: several findings of one kind as one thing that can be selected."""

from dataclasses import dataclass

from ndtui.analysis.check.finding import Finding


@dataclass(frozen=True, slots=True, eq=False)
class FindingKind:
    """Several findings of one kind and one severity: a heading that can be chosen."""

    findings: tuple[Finding, ...]

    @property
    def first(self) -> Finding:
        """The first of them, which speaks for all."""
        return self.findings[0]
