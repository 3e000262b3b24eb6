"""What each flag of a negotiation does, as a box with a plain title: main mode's, quick mode's, those of methods.

Source: IKEEXT_POLICY2, IPSEC_TRANSPORT_POLICY2, IKEEXT_CERTIFICATE_AUTHENTICATION2, IKEEXT_KERBEROS_AUTHENTICATION1,
IKEEXT_NTLM_V2_AUTHENTICATION0, IKEEXT_PRESHARED_KEY_AUTHENTICATION1, IKEEXT_EAP_AUTHENTICATION0 and
IKEEXT_CERTIFICATE_CRITERIA0.
"""

from collections.abc import Iterable, Mapping

from ndtui.model.design.authentication import FLAG_MODULES
from ndtui.model.design.first_windows import newer_words
from ndtui.model.design.ipsec_policy import MAIN_MODE_FLAGS, QUICK_MODE_FLAGS
from ndtui.model.design.keying_modules import KEYING_MODULES
from ndtui.ui.rows.form_fields import Option

_WORDS: Mapping[str, tuple[str, str]] = {
    "IKEEXT_POLICY_FLAG_DISABLE_DIAGNOSTICS": (
        "no diagnostics",
        "Takes no notifications of peers that are not authenticated, and sends none of its state.",
    ),
    "IKEEXT_POLICY_FLAG_NO_MACHINE_LUID_VERIFY": ("machine's LUID not verified", "Does not verify it."),
    "IKEEXT_POLICY_FLAG_NO_IMPERSONATION_LUID_VERIFY": ("impersonation's LUID not verified", "Does not verify it."),
    "IKEEXT_POLICY_FLAG_ENABLE_OPTIONAL_DH": (
        "peers without a DH group",
        "As responder takes any Diffie-Hellman proposal, none too, whatever the proposals say.",
    ),
    "IKEEXT_POLICY_FLAG_MOBIKE_NOT_SUPPORTED": ("no MOBIKE", "Peers do not move to other addresses."),
    "IKEEXT_POLICY_ENABLE_IKEV2_FRAGMENTATION": (
        "fragmentation",
        "Divides long messages of the negotiation, which large certificates make.",
    ),
    "IPSEC_POLICY_FLAG_NAT_ENCAP_ALLOW_GENERAL_NAT_TRAVERSAL": (
        "NAT traversal",
        "This host, the peer or both may be behind address translation, with the usual ports.",
    ),
    "IPSEC_POLICY_FLAG_NAT_ENCAP_ALLOW_PEER_BEHIND_NAT": (
        "NAT traversal, one of both",
        "This host or the peer may be behind address translation, not both. Microsoft: less secure, more flexible.",
    ),
    "IPSEC_POLICY_FLAG_DONT_NEGOTIATE_SECOND_LIFETIME": (
        "lifetime in seconds not said",
        "Does not send the lifetime in seconds, for peers that stumble over it.",
    ),
    "IPSEC_POLICY_FLAG_DONT_NEGOTIATE_BYTE_LIFETIME": (
        "lifetime in bytes not said",
        "Does not send the lifetime in bytes, for peers that stumble over it.",
    ),
    "IPSEC_POLICY_FLAG_KEY_MANAGER_ALLOW_DICTATE_KEY": ("key manager dictates keys", "A key manager may set keys."),
    "IPSEC_POLICY_FLAG_KEY_MANAGER_ALLOW_NOTIFY_KEY": ("key manager learns keys", "A key manager is told the keys."),
    "IKEEXT_CERT_AUTH_FLAG_SSL_ONE_WAY": ("one way", "The initiator proves nothing."),
    "IKEEXT_CERT_AUTH_FLAG_DISABLE_CRL_CHECK": (
        "revocation not checked",
        "Takes revoked certificates too. Without it one is refused that is found to be revoked.",
    ),
    "IKEEXT_CERT_AUTH_ENABLE_CRL_CHECK_STRONG": (
        "strict revocation check",
        "Refuses a certificate too of which it cannot be found out whether it is revoked.",
    ),
    "IKEEXT_CERT_AUTH_DISABLE_SSL_CERT_VALIDATION": (
        "server usage not checked",
        "Does not ask for the key usage of SSL servers; everything else is checked.",
    ),
    "IKEEXT_CERT_AUTH_ALLOW_HTTP_CERT_LOOKUP": (
        "fetch peers' certificates",
        "Fetches a peer's certificate from the URL that the peer names.",
    ),
    "IKEEXT_CERT_AUTH_URL_CONTAINS_BUNDLE": ("URL is of a bundle", "At the URL is a bundle of certificates."),
    "IKEEXT_CERT_AUTH_FLAG_DISABLE_REQUEST_PAYLOAD": (
        "no certificate request",
        "Does not tell peers which authorities it trusts.",
    ),
    "IKEEXT_KERB_AUTH_DISABLE_INITIATOR_TOKEN_GENERATION": (
        "no token as initiator",
        "Does not make a Kerberos token as initiator.",
    ),
    "IKEEXT_KERB_AUTH_DONT_ACCEPT_EXPLICIT_CREDENTIALS": (
        "no explicit credentials",
        "Takes only the credentials of who is logged on.",
    ),
    "IKEEXT_KERB_AUTH_FORCE_PROXY_ON_INITIATOR": ("initiator uses the proxy", "Uses the proxy as initiator always."),
    "IKEEXT_NTLM_V2_AUTH_DONT_ACCEPT_EXPLICIT_CREDENTIALS": (
        "no explicit credentials",
        "Takes only the credentials of who is logged on.",
    ),
    "IKEEXT_PSK_FLAG_LOCAL_AUTH_ONLY": ("for this host only", "Only this host proves itself with the key."),
    "IKEEXT_PSK_FLAG_REMOTE_AUTH_ONLY": ("for peers only", "Only peers prove themselves with the key."),
    "IKEEXT_EAP_FLAG_LOCAL_AUTH_ONLY": ("for this host only", "Only this host proves itself with EAP."),
    "IKEEXT_EAP_FLAG_REMOTE_AUTH_ONLY": ("for peers only", "Only peers prove themselves with EAP."),
    "IKEEXT_CERT_FLAG_ENABLE_ACCOUNT_MAPPING": (
        "map to an account",
        "The certificate stands for an account of the domain, whose access then counts.",
    ),
    "IKEEXT_CERT_FLAG_DISABLE_REQUEST_PAYLOAD": ("not in requests", "Peers are not told of this authority."),
    "IKEEXT_CERT_FLAG_INTERMEDIATE_CA": ("an intermediate authority", "The root is one between a root and peers."),
    "IKEEXT_CERT_FLAG_IGNORE_INIT_CERT_MAP_FAILURE": (
        "go on without an account",
        "Goes on where the initiator's certificate stands for no account; with the mapping only.",
    ),
    "IKEEXT_CERT_FLAG_FOLLOW_RENEWAL_CERTIFICATE": (
        "follow renewals",
        "Takes the certificate that has renewed the one with the thumbprint.",
    ),
}


def flag_options(flags: Iterable[str]) -> tuple[Option, ...]:
    """Return the boxes of some flags, each with the keying modules that act on it and since when there is one."""
    return tuple(Option(flag, _title(flag), f"{flag}: {_WORDS[flag][1]}", newer_words(flag)) for flag in flags)


def _title(flag: str) -> str:
    modules = MAIN_MODE_FLAGS.get(flag) or QUICK_MODE_FLAGS.get(flag) or FLAG_MODULES.get(flag) or KEYING_MODULES
    acting = "" if len(modules) == len(KEYING_MODULES) else f" ({', '.join(modules)})"
    return f"{_WORDS[flag][0]}{acting}"
