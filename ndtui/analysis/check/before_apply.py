"""What is said before a policy is applied: of all findings those after which it may be too late."""

from ndtui.analysis.check.finding import Finding
from ndtui.analysis.check.reachability_findings import management_dropped
from ndtui.analysis.check.suppression import unsuppressed
from ndtui.model.compiled.objects import FilterSet


def before_apply(filterset: FilterSet) -> tuple[Finding, ...]:
    """Return what is to be said before a compiled design is applied, without what the design suppresses.

    That is found at once, however large the design is; ``examine`` says the rest.
    """
    return unsuppressed(management_dropped(filterset), filterset.design.suppressions)
