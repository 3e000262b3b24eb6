"""Which version of Windows' structures a provider context takes, decided here alone by what its document says.

Version 0 is what every Windows with WFP takes, by FwpmProviderContextAdd0. What has no place in it takes version 2, by
FwpmProviderContextAdd2. Version 1, of Windows 7, is never written: without FWPM_IPSEC_IKEV2_QM_TRANSPORT_CONTEXT, which
version 2 brings, IKEv2 protects no transport.
Source: the pages of FWPM_PROVIDER_CONTEXT2 and of what it holds, against those of version 0.
"""

from collections.abc import Iterator, Mapping

from ndtui.model.compiled.context_documents import CRITERIA_MEMBERS, POLICY_MEMBERS

#: The first Windows with the structures of version 2.
NEEDED = "Windows 8 or Windows Server 2012"

#: Where the policies of types stand that FWPM_PROVIDER_CONTEXT0 does not have.
_NEWER_POLICIES = ("ikeV2MmPolicy", "ikeV2QmTransportPolicy")

#: Members that structures of version 0 do not have.
_NEWER_MEMBERS = frozenset(
    {
        "retransmitDurationSecs",
        "localCertLocationUrl",
        "proxyServer",
        "eapAuthentication",
        *(side + member for side in ("inbound", "outbound") for member in CRITERIA_MEMBERS.values()),
    }
)

#: Flags and methods that the pages of version 0 do not have, though there would be room for their numbers.
_NEWER_NAMES = frozenset(
    {
        "IKEEXT_EAP",
        "IKEEXT_KERB_AUTH_FORCE_PROXY_ON_INITIATOR",
        "IKEEXT_PSK_FLAG_LOCAL_AUTH_ONLY",
        "IKEEXT_PSK_FLAG_REMOTE_AUTH_ONLY",
        "IPSEC_POLICY_FLAG_KEY_MANAGER_ALLOW_DICTATE_KEY",
        "IPSEC_POLICY_FLAG_KEY_MANAGER_ALLOW_NOTIFY_KEY",
    }
)


def context_version(document: Mapping[str, object]) -> int:
    """Return the version of the structures that the document of a provider context takes: 0 or 2."""
    return 2 if newer_member(document) else 0


def newer_member(document: Mapping[str, object]) -> str:
    """Return the path of the first member that version 0 has no place for, with what stands there where it is a name.

    It is empty when there is none.
    """
    member = POLICY_MEMBERS.get(str(document.get("type")), "")
    if member in _NEWER_POLICIES:
        return member
    return next(_newer(document.get(member), member), "")


def _newer(value: object, path: str) -> Iterator[str]:
    if isinstance(value, Mapping):
        for name, inner in value.items():
            if inner and name in _NEWER_MEMBERS:
                yield f"{path}.{name}"
            yield from _newer(inner, f"{path}.{name}")
    elif isinstance(value, list | tuple):
        for number, inner in enumerate(value):
            yield from _newer(inner, path if isinstance(inner, str) else f"{path}[{number}]")
    elif isinstance(value, str) and value in _NEWER_NAMES:
        yield f"{path} {value}"
