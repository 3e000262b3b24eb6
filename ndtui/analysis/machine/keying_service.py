"""The service that negotiates, as far as a dump tells of it: by the flag of the provider that stands for it.

BFE gives a provider FWPM_PROVIDER_FLAG_DISABLED when it starts, where the provider's Windows service is not set to
start by itself. Whether the service runs at the time of the dump is not in the file.
Source: https://learn.microsoft.com/windows/win32/api/fwpmtypes/ns-fwpmtypes-fwpm_provider0
"""

from ndtui.analysis.dump import Dump, DumpProvider
from ndtui.model.vocabulary.providers import IKEEXT_PROVIDER

DISABLED = "FWPM_PROVIDER_FLAG_DISABLED"


def ikeext_provider(dump: Dump) -> DumpProvider | None:
    """Return the provider of IKE and AuthIP, if the file lists it."""
    return next((each for each in dump.providers if each.key.lower() in _KEYS), None)


def is_not_automatic(dump: Dump) -> bool:
    """Tell whether the service IKEEXT was not set to start by itself when BFE started."""
    provider = ikeext_provider(dump)
    return provider is not None and DISABLED in provider.flags


_KEYS = tuple(each.lower() for each in IKEEXT_PROVIDER)
