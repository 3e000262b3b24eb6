"""Windows' own names, all in this package: GUIDs, numbers, layers and their fields, sublayers, documentation pages.

Constants are carried through the program by their full SDK name, as ``netsh wfp show`` prints them; this package
turns a name into its GUID or number, and shortens it for a screen.
"""

from collections.abc import Collection

from ndtui.model.vocabulary.guids import GUIDS
from ndtui.model.vocabulary.numbers import ENUMERATIONS, NUMBERS

__all__ = ["GUIDS", "NUMBERS", "guid_of", "members", "number_of", "short_name"]

_PREFIXES = (
    "FWPM_LAYER_",
    "FWPM_CALLOUT_",
    "FWPM_CONDITION_",
    "FWPM_SUBLAYER_",
    "FWPM_CONTEXT_",
    "FWPM_FILTER_FLAG_",
    "FWP_ACTION_",
    "FWP_MATCH_",
    "FWPM_",
    "FWP_",
    "IKEEXT_",
    "IPSEC_",
)


def number_of(name: str) -> int:
    """Return the number behind an SDK constant; a name this program does not use is a ``KeyError``."""
    return NUMBERS[name]


def guid_of(name: str) -> str:
    """Return the GUID behind an SDK name, lower-case and without braces; an unknown name is a ``KeyError``."""
    return GUIDS[name]


def members(enumeration: str) -> Collection[str]:
    """Return the names of an SDK enumeration, for example ``IKEEXT_CIPHER_TYPE``."""
    return ENUMERATIONS[enumeration].keys()


def short_name(name: str) -> str:
    """Return a constant without its SDK prefix, for screens: ``FWPM_LAYER_IPSEC_V4`` becomes ``IPSEC_V4``."""
    for prefix in _PREFIXES:
        if name.startswith(prefix):
            return name[len(prefix) :]
    return name
