"""Filter effect: what a machine's filter does when it matches, by its flags and by what is known of its callout.

Sources: the flags of FWPM_FILTER0 (https://learn.microsoft.com/windows/win32/api/fwpmtypes/ns-fwpmtypes-fwpm_filter0);
what becomes of filters whose callout no driver has registered,
https://learn.microsoft.com/windows-hardware/drivers/ddi/fwpsk/nf-fwpsk-fwpscalloutregister0 (those that would terminate
block, those that inspect are passed over); what Windows' own callouts are for,
https://learn.microsoft.com/windows/win32/fwp/built-in-callout-identifiers
"""

from typing import Literal

from ndtui.analysis.dump import Dump, DumpFilter
from ndtui.model.vocabulary.layers import stem_of

Effect = Literal["asleep", "goes-on", "permit", "block", "callout", "may-go-on"]
"""``callout``: its callout permits or blocks; ``may-go-on``: or it lets the next filter decide."""
Callouts = Literal["open", "pass", "block"]
"""What is taken of callouts that nobody knows: either, that they let pass, or that they block."""

DISABLED, BOOT_TIME = "FWPM_FILTER_FLAG_DISABLED", "FWPM_FILTER_FLAG_BOOTTIME"
PERMIT_UNREGISTERED = "FWPM_FILTER_FLAG_PERMIT_IF_CALLOUT_UNREGISTERED"
_GOES_ON = ("FWP_ACTION_CALLOUT_INSPECTION", "FWP_ACTION_CONTINUE", "FWP_ACTION_NONE", "FWP_ACTION_NONE_NO_MATCH")
_UNKNOWN = "FWP_ACTION_CALLOUT_UNKNOWN"
#: Windows' own callouts that set something and judge nothing.
_HARMLESS = (
    "FWPM_CALLOUT_TCP_CHIMNEY_",
    "FWPM_CALLOUT_SET_OPTIONS_",
    "FWPM_CALLOUT_TCP_TEMPLATES_",
    "FWPM_CALLOUT_TEREDO_",
    "FWPM_CALLOUT_EDGE_TRAVERSAL_ALE_LISTEN_V6",
    "FWPM_CALLOUT_EDGE_TRAVERSAL_ALE_RESOURCE_ASSIGNMENT_V6",
)
_IPSEC = ("FWPM_CALLOUT_IPSEC_",)


def is_asleep(each: DumpFilter) -> bool:
    """Tell whether a filter decides nothing once BFE is up: it is disabled, or for the time before."""
    return DISABLED in each.flags or BOOT_TIME in each.flags


def unregistered(each: DumpFilter, dump: Dump) -> bool:
    """Tell whether the file shows that no driver has registered the callout of a filter."""
    callout = dump.callouts.get(each.callout) if each.callout else None
    return callout is not None and not callout.registered


def effect_of(each: DumpFilter, dump: Dump, callouts: Callouts) -> Effect:
    """Return what a filter does when it matches."""
    if is_asleep(each):
        return "asleep"
    if each.action in _GOES_ON:
        return "goes-on"
    if not each.callout and "CALLOUT" not in each.action:
        return "block" if each.action == "FWP_ACTION_BLOCK" else "permit"
    if unregistered(each, dump):
        return "permit" if PERMIT_UNREGISTERED in each.flags else "block"
    return _of_callout(each, callouts)


def _of_callout(each: DumpFilter, callouts: Callouts) -> Effect:
    if each.callout.startswith(_HARMLESS):
        return "goes-on" if each.action == _UNKNOWN else "permit"
    if "SILENT_DROP" in each.callout:
        return "block"
    return _of_unknown_callout(each, callouts)


def _of_unknown_callout(each: DumpFilter, callouts: Callouts) -> Effect:
    if callouts == "open" or not is_foreign(each):
        return "may-go-on" if each.action == _UNKNOWN else "callout"
    if callouts == "block":
        return "block"
    return "goes-on" if each.action == _UNKNOWN else "permit"


def is_foreign(each: DumpFilter) -> bool:
    """Tell whether the callout of a filter is one of which nobody here knows what it does."""
    return bool(each.callout) and not stem_of(each.callout).startswith(_IPSEC)
