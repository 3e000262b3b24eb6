"""Kinds of networks and interfaces, by the words of Windows Firewall, as conditions have them.

Sources: for profiles NL_INTERFACE_NETWORK_CATEGORY_STATE in nldef.h of the Windows SDK. Its four states (unknown 0,
public 1, private 2, domain authenticated 3) are those that filters of real machines ask for: Windows Firewall has
boot-time filters for each pair of two of them, and protection against port scans for each. The profile ids of NtCoreLib
(https://github.com/google/sandbox-attacksurface-analysis-tools) are the same; NLM_NETWORK_CATEGORY, which begins with
public 0, has three. For interfaces ipifcons.h, which FWPM_CONDITION_INTERFACE_TYPE refers to, with the numbers of
https://www.iana.org/assignments/ianaiftype-mib: ethernetCsmacd, ieee80211, ppp.
"""

from collections.abc import Mapping
from typing import Literal

Profile = Literal["domain", "private", "public"]
InterfaceType = Literal["lan", "wireless", "remote-access"]

#: Network profiles by the state of an interface's network category; of one that is not known yet it is 0.
PROFILES: Mapping[Profile, int] = {"domain": 3, "private": 2, "public": 1}
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
