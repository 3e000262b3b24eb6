"""Provider contexts that version 0 of Windows' structures has no place for, and the member that is the first of it."""

from typing import Any

from ndtui.model.compiled.document_types import AuthenticationDocument, ProviderContextDocument
from tests.backends.wfp.samples import METHODS, STRANGE, a_context, main_mode, quick_mode

EXPLICIT = "IKEEXT_CERT_CONFIG_EXPLICIT_TRUST_LIST"
ENTERPRISE = "IKEEXT_CERT_CONFIG_ENTERPRISE_STORE"
TRUSTED = "IKEEXT_CERT_CONFIG_TRUSTED_ROOT_STORE"

CRITERIA: dict[str, Any] = {
    "certData": "subject:CN=Issuing CA",
    "certHash": "0123456789abcdef0123456789abcdef01234567",
    "eku": ["1.3.6.1.5.5.8.2.2", "1.3.6.1.5.5.7.3.1"],
    "name": {"nameType": "IKEEXT_CERT_CRITERIA_RFC822", "certName": STRANGE},
    "flags": ["IKEEXT_CERT_FLAG_INTERMEDIATE_CA", "IKEEXT_CERT_FLAG_FOLLOW_RENEWAL_CERTIFICATE"],
}


def certificates(member: str = "certificateAuthentication", **said: Any) -> AuthenticationDocument:
    """Return a method with certificates: of a store on both sides, but for what is said."""
    kind = "IKEEXT_CERTIFICATE" if member.startswith("certificate") else "IKEEXT_SSL"
    body = {"inboundConfigType": ENTERPRISE, "outboundConfigType": ENTERPRISE, "flags": [], **said}
    return {"authenticationMethodType": kind, member: body}


def _method(kind: str, member: str, **body: Any) -> AuthenticationDocument:
    return {"authenticationMethodType": f"IKEEXT_{kind}", member: body}


KEYED = _method(
    "PRESHARED_KEY",
    "presharedKeyAuthentication",
    presharedKey="env:NDTUI_KEY",
    flags=["IKEEXT_PSK_FLAG_REMOTE_AUTH_ONLY"],
)
PROXY = _method("KERBEROS", "kerberosAuthentication", flags=[], proxyServer="kdc.example.com")
FORCED = _method("KERBEROS", "kerberosAuthentication", flags=["IKEEXT_KERB_AUTH_FORCE_PROXY_ON_INITIATOR"])
EAP = _method("EAP", "eapAuthentication", flags=["IKEEXT_EAP_FLAG_LOCAL_AUTH_ONLY"])
NTLM = _method("NTLM_V2", "ntlmV2Authentication", flags=["IKEEXT_NTLM_V2_AUTH_DONT_ACCEPT_EXPLICIT_CREDENTIALS"])
LOOKED_UP = certificates(
    localCertLocationUrl="http://pki.example.com/host.cer", flags=["IKEEXT_CERT_AUTH_URL_CONTAINS_BUNDLE"]
)
#: Every list of criteria, on either side; and lists that say no more than roots, or a store, say without them.
CHOSEN = [
    certificates(inboundConfigType=EXPLICIT, inboundRootCriteria=[CRITERIA, {**CRITERIA, "eku": ["2.5.29.37.0"]}]),
    certificates(outboundConfigType=EXPLICIT, outboundRootCriteria=[CRITERIA]),
    certificates(inboundEnterpriseStoreCriteria=[{"flags": [], "certHash": "0A" * 20}]),
    certificates(outboundEnterpriseStoreCriteria=[{"flags": [], "eku": ["1.3.6.1.5.5.8.2.2"]}]),
    certificates(
        inboundConfigType=TRUSTED,
        outboundConfigType=TRUSTED,
        inboundTrustedRootStoreCriteria=[
            {"flags": [], "name": {"nameType": "IKEEXT_CERT_CRITERIA_DC", "certName": "x"}}
        ],
        outboundTrustedRootStoreCriteria=[{"flags": ["IKEEXT_CERT_FLAG_DISABLE_REQUEST_PAYLOAD"]}],
    ),
    certificates(
        inboundConfigType=EXPLICIT,
        outboundConfigType=EXPLICIT,
        inboundRootCriteria=[{"flags": [], "certData": "subject:x"}],
        outboundRootArray=["subject:x", "thumbprint:" + "0a" * 20],
    ),
    certificates("sslAuthentication", outboundEnterpriseStoreCriteria=[{"flags": []}]),
]
SIDES_OF_CHOSEN = (
    "inboundRootCriteria",
    "outboundRootCriteria",
    "inboundEnterpriseStoreCriteria",
    "outboundEnterpriseStoreCriteria",
    "inboundTrustedRootStoreCriteria",
    "inboundRootCriteria",
    "outboundEnterpriseStoreCriteria",
)


def main(module: str, *methods: AuthenticationDocument, **members: Any) -> ProviderContextDocument:
    """Return a provider context of a module's main mode."""
    member = {"IKE": "ikeMmPolicy", "AuthIP": "authIpMmPolicy", "IKEv2": "ikeV2MmPolicy"}[module]
    return a_context(f"FWPM_IPSEC_{module.upper()}_MM_CONTEXT", member, main_mode(*methods, **members))


def quick(module: str, **members: Any) -> ProviderContextDocument:
    """Return a provider context of a module's quick mode."""
    member = {"IKE": "ikeQm", "AuthIP": "authIpQm", "IKEv2": "ikeV2Qm"}[module] + "TransportPolicy"
    return a_context(f"FWPM_IPSEC_{module.upper()}_QM_TRANSPORT_CONTEXT", member, quick_mode(**members))


def newer_contexts() -> list[tuple[ProviderContextDocument, str]]:
    """Return provider contexts of version 2, and what is the first in each that version 0 has no place for."""
    first = "authenticationMethods[0]"
    dictated = ["IPSEC_POLICY_FLAG_KEY_MANAGER_ALLOW_DICTATE_KEY", "IPSEC_POLICY_FLAG_ND_SECURE"]
    extended = {
        "authenticationMethods": [NTLM, CHOSEN[-1]],
        "initiatorImpersonationType": "IKEEXT_IMPERSONATION_SOCKET_PRINCIPAL",
    }
    kerberos = "kerberosAuthentication"
    return [
        (main("IKEv2", certificates()), "ikeV2MmPolicy"),
        (main("IKEv2", LOOKED_UP, KEYED, EAP, retransmitDurationSecs=120), "ikeV2MmPolicy"),
        (main("IKEv2", METHODS[4], flags=["IKEEXT_POLICY_FLAG_MOBIKE_NOT_SUPPORTED"]), "ikeV2MmPolicy"),
        (quick("IKEv2"), "ikeV2QmTransportPolicy"),
        (main("IKE", *METHODS[:2], retransmitDurationSecs=0xFFFFFFFF), "ikeMmPolicy.retransmitDurationSecs"),
        (main("IKE", PROXY), f"ikeMmPolicy.{first}.{kerberos}.proxyServer"),
        (
            main("AuthIP", FORCED, NTLM),
            f"authIpMmPolicy.{first}.{kerberos}.flags IKEEXT_KERB_AUTH_FORCE_PROXY_ON_INITIATOR",
        ),
        (
            main("IKE", KEYED),
            f"ikeMmPolicy.{first}.presharedKeyAuthentication.flags IKEEXT_PSK_FLAG_REMOTE_AUTH_ONLY",
        ),
        (main("IKE", LOOKED_UP), f"ikeMmPolicy.{first}.certificateAuthentication.localCertLocationUrl"),
        *(
            (main("IKE", chosen), f"ikeMmPolicy.{first}.{[*chosen][1]}.{member}")
            for chosen, member in zip(CHOSEN, SIDES_OF_CHOSEN, strict=True)
        ),
        (
            quick("AuthIP", flags=dictated, emPolicy=extended),
            "authIpQmTransportPolicy.flags IPSEC_POLICY_FLAG_KEY_MANAGER_ALLOW_DICTATE_KEY",
        ),
        (
            quick("AuthIP", emPolicy=extended),
            "authIpQmTransportPolicy.emPolicy.authenticationMethods[1].sslAuthentication."
            "outboundEnterpriseStoreCriteria",
        ),
    ]
