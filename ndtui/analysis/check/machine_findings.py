"""Findings about a design on a machine: what there keeps it from its work. The machine's filters come from a dump."""

from collections.abc import Iterable, Iterator, Sequence

from ndtui.analysis.check.cited_pages import CALLOUT_DRIVERS
from ndtui.analysis.check.finding import NAMED, Finding, Severity
from ndtui.analysis.dump import Dump
from ndtui.analysis.machine.keying_service import is_not_automatic
from ndtui.analysis.machine.others_in_the_way import InTheWay, in_the_way
from ndtui.common.text import in_quotes, shortened
from ndtui.model.compiled.objects import Filter, FilterSet
from ndtui.model.compiled.origin import Origin
from ndtui.model.vocabulary import short_name
from ndtui.model.vocabulary.layers import IKEEXT, IPSEC, stem_of
from ndtui.model.vocabulary.pages import PAGES
from ndtui.model.vocabulary.sublayers import BUILTIN_WEIGHTS, UNIVERSAL

_UNIVERSAL = f"{UNIVERSAL} ({BUILTIN_WEIGHTS[UNIVERSAL]})"
_TRY = (
    "See what becomes of traffic there with ndtui trace FILE PACKET; remove it, or leave its traffic out of the design."
)


def on_machine(filterset: FilterSet, dump: Dump) -> tuple[Finding, ...]:
    """Return what a machine has that keeps a design from its work, the service first, then filters layer by layer."""
    return (*of_service(dump), *of_others(in_the_way(filterset, dump)))


def of_service(dump: Dump) -> Iterator[Finding]:
    """Yield that the service which negotiates, and which every design needs, is not set to start by itself."""
    if is_not_automatic(dump):
        yield Finding(
            "ikeext-not-automatic",
            "warning",
            Origin("rules"),
            "The machine's provider IKEEXT is disabled: its service was not set to start by itself when BFE started",
            "IKEEXT negotiates for IKE and AuthIP. Unless something starts it nothing is negotiated, and what needs "
            "protection is dropped. The file does not tell whether it runs.",
            "Have it start by itself, with sc.exe config IKEEXT start= auto, then sc.exe start IKEEXT.",
            PAGES["provider"],
        )


def of_others(found: Iterable[InTheWay]) -> Iterator[Finding]:
    """Yield a finding for each filter that is in the way; it stands at the element of the first filter it affects."""
    for each in found:
        if each.kind == "transport-callout":
            yield _transport_callout(each)
        elif each.kind == "ipsec":
            yield _other_ipsec(each)
        elif each.kind == "hard-permit":
            yield _hard_permit(each)
        else:
            yield _decides(each)


def _transport_callout(each: InTheWay) -> Finding:
    where = (
        f"in a sublayer whose weight the file does not tell, and which may not be below {_UNIVERSAL}"
        if each.weight is None
        else f"in a sublayer of weight {each.weight}, which is not below {_UNIVERSAL}"
    )
    return Finding(
        "callout-not-below",
        _severity(each),
        each.affected[0].origin,
        f"{_named(each)} calls a driver {where}; it may match what {whom(each.affected)} "
        f"{'decide' if each.affected[1:] else 'decides'} over",
        "So as not to interfere with IPsec's own processing, drivers are to register callouts at transport layers in a "
        "sublayer of lower weight than the universal one.",
        "Ask its maker for a version that does, and try the design on such a machine before you rely on it.",
        CALLOUT_DRIVERS,
    )


def _other_ipsec(each: InTheWay) -> Finding:
    return Finding(
        "other-ipsec-first",
        _severity(each),
        each.affected[0].origin,
        f"{_named(each)} hands traffic to IPsec {_where(each)} {whom(each.affected)}",
        "Sublayers are asked from the highest weight to the lowest, and filters of one from the heaviest: another "
        "IPsec policy is asked first. The sublayer of Windows Firewall's connection security rules weighs 40961 on the "
        "machines seen.",
        "Remove that policy from the machine, such as the connection security rule that it comes from.",
        PAGES["filter-arbitration"],
    )


def _hard_permit(each: InTheWay) -> Finding:
    return Finding(
        "hard-permit-first",
        _severity(each),
        each.affected[0].origin,
        f"{_named(each)} permits hard, {_where(each)} {whom(each.affected)}",
        "Nothing but the veto of a callout blocks what is permitted hard: a filter of the design that blocks does "
        "nothing behind it, and what an IPsec callout blocks is audited as a conflict.",
        "Take FWPM_FILTER_FLAG_CLEAR_ACTION_RIGHT from it, or let it match only what is not to be protected.",
        PAGES["filter-arbitration"],
    )


def _decides(each: InTheWay) -> Finding:
    if each.kind == "ties":
        said = f"{_acts(each)}, and weighs as much as {whom(each.affected)}: which of them is first is undefined"
    else:
        said = f"{_acts(each)} {_where(each)} {whom(each.affected)}"
    return Finding(
        "decides-first",
        _severity(each),
        each.affected[0].origin,
        f"{_named(each)} {said}",
        "Within a sublayer the heaviest filter that matches decides, alone; what another sublayer blocks is blocked. "
        "What a driver's callout decides is in no file.",
        _TRY,
        PAGES["filter-arbitration"],
    )


def _severity(each: InTheWay) -> Severity:
    """Return how severe it is: where nobody knows whether it comes before ours, it is to be known."""
    return "note" if each.place == "unknown" else "warning"


def _named(each: InTheWay) -> str:
    name, provider = shortened(each.filter.name or each.filter.key, 60), each.provider
    owner = shortened(provider.name or provider.key, 60) if provider is not None else ""
    service = (
        f", service {in_quotes(shortened(provider.service, 60))}" if provider is not None and provider.service else ""
    )
    of = f" of {in_quotes(owner)}{service}" if owner else ""
    return f"{in_quotes(name)} (filter {each.filter.filter_id}{of}) at {short_name(each.filter.layer)}"


def _where(each: InTheWay) -> str:
    if each.place == "same":
        return "in the same sublayer, and weighs more than"
    if each.weight is None and each.place == "unknown":
        return "in a sublayer whose weight the file does not tell, maybe before"
    if each.place == "unknown":
        return f"in a sublayer of the same weight ({each.weight}), maybe before"
    return (
        "in a sublayer that is asked before"
        if each.weight is None
        else f"in a sublayer of weight {each.weight}, before"
    )


def _acts(each: InTheWay) -> str:
    if each.effect == "block":
        return "blocks"
    if each.effect == "permit":
        return "leads to another policy" if stem_of(each.filter.layer) in (IKEEXT, IPSEC) else "permits"
    return f"calls {shortened(short_name(each.filter.callout), 60)}"


def whom(affected: Sequence[Filter]) -> str:
    """Return the filters of a design that are affected: the first few, and how many more there are."""
    labels = [in_quotes(shortened(each.label, 60)) for each in affected]
    if len(labels) > NAMED + 1:
        return f"{', '.join(labels[:NAMED])} and {len(labels) - NAMED:,} more"
    return " and ".join((", ".join(labels[:-1]), labels[-1])) if labels[1:] else labels[0]
