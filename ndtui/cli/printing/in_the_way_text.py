"""Filters of others that are in the way of a design on a machine, as lines and as plain data."""

from collections.abc import Iterable, Iterator
from typing import Any

from ndtui.analysis.check.finding import NAMED, Finding, of_one_kind
from ndtui.analysis.check.machine_findings import of_others
from ndtui.analysis.check.suppression import unsuppressed
from ndtui.analysis.machine.others_in_the_way import InTheWay
from ndtui.model.compiled.document_names import braces
from ndtui.model.design.design import Design


def in_the_way_lines(found: Iterable[Finding], design: Design) -> Iterator[str]:
    """Yield what is in the way and not accepted by the design: of one kind the first few, why, and the page."""
    kinds = of_one_kind(unsuppressed(found, design.suppressions))
    if kinds:
        yield ""
        yield "In the way of the design there"
    for same in kinds:
        yield from (f"  {finding.severity}: {finding.message}" for finding in same[:NAMED])
        if same[NAMED:]:
            yield f"  and {len(same) - NAMED:,} more like these: --json has them all"
        yield f"    Why:    {same[0].why}"
        yield f"    Remedy: {same[0].remedy}"
        yield f"    See:    {same[0].source} [{same[0].id}]"


def in_the_way_document(each: InTheWay) -> dict[str, Any]:
    """Return one filter that is in the way, and every filter of the design that it affects."""
    (finding,) = of_others([each])
    return {
        "id": finding.id,
        "severity": finding.severity,
        "message": finding.message,
        "why": finding.why,
        "remedy": finding.remedy,
        "source": finding.source,
        "layerKey": each.filter.layer,
        "filter": {
            "filterKey": each.filter.key,
            "filterId": each.filter.filter_id,
            "name": each.filter.name,
            "providerKey": each.filter.provider,
            "provider": "" if each.provider is None else each.provider.name,
            "service": "" if each.provider is None else each.provider.service,
            "subLayerKey": each.filter.sublayer,
            "subLayerWeight": each.weight,
            "place": each.place,
        },
        "affected": [
            {"filterKey": braces(ours.key_text), "name": ours.name, "origin": str(ours.origin)}
            for ours in each.affected
        ],
    }
