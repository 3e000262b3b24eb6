"""Facts: what a file tells of the services that a design needs, and of how long its filters stand there.

Sources: https://learn.microsoft.com/windows/win32/fwp/object-management for lifetimes,
https://learn.microsoft.com/windows/win32/api/fwpmtypes/ns-fwpmtypes-fwpm_provider0 for providers that are disabled
"""

from collections.abc import Iterator
from typing import Literal, NamedTuple

from ndtui.analysis.drift.machine_drift import Drift
from ndtui.analysis.dump import Dump
from ndtui.analysis.machine.keying_service import ikeext_provider, is_not_automatic
from ndtui.model.compiled.document_names import is_filter
from ndtui.model.compiled.objects import BOOT_TIME

ProviderState = Literal["disabled", "not disabled", "not in the file"]


class Facts(NamedTuple):
    """What a file tells: of the provider IKEEXT, and of the policy's filters how many are of which kind.

    ``provider_flags`` are those of our provider, None where the machine does not have it.
    """

    ikeext: ProviderState
    provider_flags: tuple[str, ...] | None
    filters: int
    persistent: int
    boot_time: int
    disabled: int


def facts_there(found: Drift, dump: Dump) -> Facts:
    """Return what a file tells of a design's policy on a machine beside its objects."""
    provider = next((each for (kind, _), each in found.held.objects.items() if kind == "provider"), None)
    flags = [each["flags"] for each in found.held.objects.values() if is_filter(each)]
    return Facts(
        _ikeext(dump),
        None if provider is None else tuple(provider["flags"]),
        len(flags),
        *(sum(name in each for each in flags) for name in (_PERSISTENT, BOOT_TIME, _DISABLED)),
    )


_PERSISTENT, _DISABLED = "FWPM_FILTER_FLAG_PERSISTENT", "FWPM_FILTER_FLAG_DISABLED"


def _ikeext(dump: Dump) -> ProviderState:
    if ikeext_provider(dump) is None:
        return "not in the file"
    return "disabled" if is_not_automatic(dump) else "not disabled"


def facts_lines(facts: Facts) -> Iterator[str]:
    """Yield the facts in words."""
    why = ": its service was not set to start by itself when BFE started" if facts.ikeext == "disabled" else ""
    yield f"The provider IKEEXT, of IKE and AuthIP, is {facts.ikeext}{why}"
    if facts.provider_flags is not None:
        persistent = "persistent" if "FWPM_PROVIDER_FLAG_PERSISTENT" in facts.provider_flags else "not persistent"
        disabled = (
            ", and disabled by BFE, with its filters" if "FWPM_PROVIDER_FLAG_DISABLED" in facts.provider_flags else ""
        )
        yield f"The provider of the policy: {persistent}{disabled}"
    if facts.filters:
        others = facts.filters - facts.persistent - facts.boot_time
        yield (
            f"Filters of the policy: {facts.filters}; {facts.persistent} persistent, {facts.boot_time} until BFE "
            f"is up, {others} until BFE stops or their session ends; {facts.disabled} disabled"
        )
