"""Findings that are true of a policy on a host, whatever installs it there: who and what is cut off."""

from collections.abc import Iterator
from dataclasses import replace

from ndtui.analysis.check.finding import Finding
from ndtui.analysis.check.reachability_findings import EXEMPT_MANAGEMENT, management_dropped
from ndtui.exporters.on_hosts.cloud_platforms import platform_findings
from ndtui.model.compiled.objects import FilterSet

#: What is left where nothing undoes a policy by itself.
OTHER_WAY_IN = "see that there is another way in than the network"


def host_findings(filterset: FilterSet, or_else: str = OTHER_WAY_IN) -> Iterator[Finding]:
    """Yield what a policy cuts off; ``or_else`` is what can be done instead of exempting who manages the host."""
    for each in management_dropped(filterset):
        yield replace(each, remedy=f"{EXEMPT_MANAGEMENT}, or {or_else}.")
    yield from platform_findings(filterset)
