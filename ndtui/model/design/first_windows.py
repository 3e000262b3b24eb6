"""Since which Windows there is what a design negotiates with: the one place that findings and forms ask.

Algorithms and ways to authenticate have it in their own table (``ndtui.model.vocabulary.algorithms``); keying modules,
flags and members of structures have it here. Source: the pages of FWPM_PROVIDER_CONTEXT2, IPSEC_TRANSPORT_POLICY2,
IKEEXT_POLICY1, IKEEXT_CERTIFICATE_AUTHENTICATION1 and 2, IKEEXT_KERBEROS_AUTHENTICATION1 and
IKEEXT_PRESHARED_KEY_AUTHENTICATION1, and where a page does not say, NTDDI_VERSION in the SDK's iketypes.h.
"""

from collections.abc import Mapping

from ndtui.model.design.windows_versions import VERSION_TITLES, VERSIONS, WindowsVersion
from ndtui.model.vocabulary.algorithms import ALGORITHMS, METHODS_KNOWN

_FIRST = "Windows Vista"
#: A version as a page calls it, and as a design does. Nothing is refused of which it is not documented.
_VERSION_OF: Mapping[str, WindowsVersion] = {
    "": "Vista",
    _FIRST: "Vista",
    "Windows Vista with SP1": "Vista",
    "Windows 7": "7",
    "Windows 8": "8",
    "Windows 10, version 1703": "10",
}
#: What came after the first Windows with WFP, by its name in a design. IKEv2 is for transport mode.
_CAME_LATER: Mapping[str, str] = {
    "IKEv2": "Windows 8",
    "inbound_criteria": "Windows 8",
    "outbound_criteria": "Windows 8",
    "proxy": "Windows 8",
    "certificate_url": "Windows 7",
    "retransmit_seconds": "Windows 7",
    "IPSEC_POLICY_FLAG_KEY_MANAGER_ALLOW_DICTATE_KEY": "Windows 8",
    "IPSEC_POLICY_FLAG_KEY_MANAGER_ALLOW_NOTIFY_KEY": "Windows 8",
    "IKEEXT_KERB_AUTH_FORCE_PROXY_ON_INITIATOR": "Windows 8",
    "IKEEXT_PSK_FLAG_LOCAL_AUTH_ONLY": "Windows 7",
    "IKEEXT_PSK_FLAG_REMOTE_AUTH_ONLY": "Windows 7",
    "IKEEXT_EAP_FLAG_LOCAL_AUTH_ONLY": "Windows 7",
    "IKEEXT_EAP_FLAG_REMOTE_AUTH_ONLY": "Windows 7",
    "IKEEXT_CERT_AUTH_ALLOW_HTTP_CERT_LOOKUP": "Windows 7",
    "IKEEXT_CERT_AUTH_URL_CONTAINS_BUNDLE": "Windows 7",
    "IKEEXT_CERT_AUTH_FLAG_DISABLE_REQUEST_PAYLOAD": "Windows 10, version 1703",
}


def since(name: str) -> str:
    """Return the first Windows with an algorithm, a method, a module, a flag or a member, as its page calls it.

    It is empty where no page does, and the first Windows with WFP for names of which nothing else is known.
    """
    known = ALGORITHMS.get(name) or METHODS_KNOWN.get(name)
    return known.since if known is not None else _CAME_LATER.get(name, _FIRST)


def first_windows(name: str) -> WindowsVersion:
    """Return the first Windows with it, as a design calls it."""
    return _VERSION_OF[since(name)]


def came_with(name: str) -> str:
    """Return the first Windows with it and the servers that have the same, or the release where it is a later one."""
    words = since(name)
    return words if ", version" in words else VERSION_TITLES[first_windows(name)]


def not_in(windows: WindowsVersion | None, name: str) -> str:
    """Return why a Windows that a design is meant for does not have it, ``not in Windows 7: since Windows 8``.

    It is empty where that Windows has it, or where the design is meant for any.
    """
    if windows is None or VERSIONS.index(first_windows(name)) <= VERSIONS.index(windows):
        return ""
    return f"not in Windows {windows}: since {since(name)}"


def newer_words(name: str) -> str:
    """Return ``since Windows 8`` for what came after the first Windows with WFP, and nothing for the rest."""
    return "" if first_windows(name) == VERSIONS[0] else f"since {since(name)}"
