"""Kinds of networks and interfaces, by the words of Windows Firewall, as conditions have them.

Sources: NLM_NETWORK_CATEGORY in netlistmgr.h for what FWPM_CONDITION_CURRENT_PROFILE_ID calls the network category,
https://learn.microsoft.com/windows/win32/api/netlistmgr/ne-netlistmgr-nlm_network_category (real machines also have
filters for a category 3, which no document names); ipifcons.h, which FWPM_CONDITION_INTERFACE_TYPE refers to, with the
numbers of https://www.iana.org/assignments/ianaiftype-mib: ethernetCsmacd, ieee80211, ppp.
"""

from collections.abc import Mapping
from typing import Literal

Profile = Literal["domain", "private", "public"]
InterfaceType = Literal["lan", "wireless", "remote-access"]

#: Network profiles by their category.
PROFILES: Mapping[Profile, int] = {"domain": 2, "private": 1, "public": 0}
#: Types of interfaces by their IF_TYPE number: IF_TYPE_ETHERNET_CSMACD, IF_TYPE_IEEE80211, IF_TYPE_PPP.
INTERFACES: Mapping[InterfaceType, int] = {"lan": 6, "wireless": 71, "remote-access": 23}
#: The same and two that others filter by, as ipifcons.h calls them; the registry: softwareLoopback, tunnel.
INTERFACE_CONSTANTS: Mapping[str, int] = {
    "IF_TYPE_ETHERNET_CSMACD": 6,
    "IF_TYPE_PPP": 23,
    "IF_TYPE_SOFTWARE_LOOPBACK": 24,
    "IF_TYPE_IEEE80211": 71,
    "IF_TYPE_TUNNEL": 131,
}
