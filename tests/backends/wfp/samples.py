"""Documents that go beyond what a design compiles to: conditions of every data type, policies with every member."""

from itertools import count
from typing import Any

from ndtui.model.compiled.compile import compile_design
from ndtui.model.compiled.document_types import (
    AuthenticationDocument,
    AuthTransformDocument,
    CertificateDocument,
    CipherTransformDocument,
    ConditionDocument,
    Document,
    FilterDocument,
    Kind,
    MainModeDocument,
    ProviderContextDocument,
    QuickModeDocument,
    TransformDocument,
    ValueDocument,
)
from ndtui.model.compiled.documents import object_lists
from ndtui.model.design.design import Design
from ndtui.model.files import presets
from tests.backends.wfp.windows_machine import SYSTEM

ACCEPT_V4 = "FWPM_LAYER_ALE_AUTH_RECV_ACCEPT_V4"
ACCEPT_V6 = "FWPM_LAYER_ALE_AUTH_RECV_ACCEPT_V6"
STRANGE = 'Größe \U0001f512 \\ "quoted" 中文'

_numbers = count(1)


def new_key() -> str:
    """Return a key that nothing has yet."""
    return f"{{c0ffee00-0000-4000-8000-{next(_numbers):012x}}}"


def objects_of(design: Design) -> list[tuple[Kind, Document]]:
    """Return all objects of a design."""
    lists = object_lists(compile_design(design))
    return [
        ("provider", lists["provider"]),
        *[("subLayer", each) for each in lists["subLayers"]],
        *[("providerContext", each) for each in lists["providerContexts"]],
        *[("filter", each) for each in lists["filters"]],
    ]


def preset_objects() -> list[tuple[Kind, Document]]:
    """Return all objects of all presets that come with the program."""
    return [each for preset in presets.shipped() for each in objects_of(preset.load())]


def value(data_type: str, member: str, content: Any) -> ValueDocument:
    """Return the value of a condition."""
    return {"type": data_type, member: content}


def ranged(low: ValueDocument, high: ValueDocument) -> ValueDocument:
    """Return a range of values."""
    return value("FWP_RANGE_TYPE", "rangeValue", {"valueLow": low, "valueHigh": high})


#: (layer, field, match type, value): every data type that a condition may have, at its limits where it has some.
CONDITIONS: list[tuple[str, str, str, ValueDocument]] = [
    (ACCEPT_V4, "IP_PROTOCOL", "EQUAL", value("FWP_UINT8", "uint8", 0xFF)),
    (ACCEPT_V4, "IP_PROTOCOL", "NOT_EQUAL", value("FWP_UINT8", "uint8", 0)),
    (ACCEPT_V4, "IP_LOCAL_PORT", "GREATER", value("FWP_UINT16", "uint16", 0xFFFF)),
    (ACCEPT_V4, "FLAGS", "FLAGS_ANY_SET", value("FWP_UINT32", "uint32", 0xFFFFFFFF)),
    (ACCEPT_V4, "IP_LOCAL_ADDRESS", "EQUAL", value("FWP_UINT32", "uint32", "10.1.2.3")),
    (ACCEPT_V4, "IP_REMOTE_ADDRESS", "EQUAL", value("FWP_UINT32", "uint32", "255.255.255.255")),
    (ACCEPT_V4, "IP_LOCAL_INTERFACE", "EQUAL", value("FWP_UINT64", "uint64", 0xFEDCBA9876543210)),
    (ACCEPT_V6, "IP_LOCAL_ADDRESS", "EQUAL", value("FWP_BYTE_ARRAY16_TYPE", "byteArray16", "fe80::1:2")),
    (ACCEPT_V4, "ALE_APP_ID", "EQUAL", value("FWP_BYTE_BLOB_TYPE", "byteBlob", {"data": "5c00640000ff0000"})),
    (ACCEPT_V4, "ALE_APP_ID", "PREFIX", value("FWP_BYTE_BLOB_TYPE", "byteBlob", {"data": ""})),
    (ACCEPT_V4, "ALE_USER_ID", "EQUAL", value("FWP_SECURITY_DESCRIPTOR_TYPE", "sd", SYSTEM)),
    (ACCEPT_V4, "ALE_PACKAGE_ID", "EQUAL", value("FWP_SID", "sid", "S-1-15-2-1-4294967295-3")),
    (ACCEPT_V4, "ALE_PACKAGE_ID", "EQUAL", value("FWP_SID", "sid", "S-1-5-18")),
    (ACCEPT_V4, "ALE_APP_ID", "EQUAL", value("FWP_UNICODE_STRING_TYPE", "unicodeString", STRANGE)),
    (ACCEPT_V4, "ALE_APP_ID", "EQUAL", value("FWP_UNICODE_STRING_TYPE", "unicodeString", "")),
    (ACCEPT_V4, "ALE_APP_ID", "EQUAL", value("FWP_BYTE_ARRAY6_TYPE", "byteArray6", "00:11:22:aa:bb:ff")),
    (
        ACCEPT_V4,
        "IP_REMOTE_ADDRESS",
        "EQUAL",
        value("FWP_V4_ADDR_MASK", "v4AddrMask", {"addr": "10.0.0.0", "mask": "255.128.0.0"}),
    ),
    (
        ACCEPT_V6,
        "IP_REMOTE_ADDRESS",
        "EQUAL",
        value("FWP_V6_ADDR_MASK", "v6AddrMask", {"addr": "2001:db8::", "prefixLength": 128}),
    ),
    (
        ACCEPT_V4,
        "IP_REMOTE_PORT",
        "RANGE",
        ranged(value("FWP_UINT16", "uint16", 1), value("FWP_UINT16", "uint16", 65535)),
    ),
    (
        ACCEPT_V4,
        "IP_REMOTE_ADDRESS",
        "RANGE",
        ranged(value("FWP_UINT32", "uint32", "10.0.0.1"), value("FWP_UINT32", "uint32", "10.0.0.9")),
    ),
    (
        ACCEPT_V6,
        "IP_REMOTE_ADDRESS",
        "RANGE",
        ranged(
            value("FWP_BYTE_ARRAY16_TYPE", "byteArray16", "::1"),
            value("FWP_BYTE_ARRAY16_TYPE", "byteArray16", "ffff::"),
        ),
    ),
    (
        ACCEPT_V4,
        "IP_LOCAL_INTERFACE",
        "RANGE",
        ranged(value("FWP_UINT64", "uint64", 0), value("FWP_UINT64", "uint64", 2**64 - 1)),
    ),
]


def condition(field: str, match: str, content: ValueDocument) -> ConditionDocument:
    """Return a condition; field and match type without the prefix all of them have."""
    return {"fieldKey": f"FWPM_CONDITION_{field}", "matchType": f"FWP_MATCH_{match}", "conditionValue": content}


def a_filter(*conditions: ConditionDocument, **members: Any) -> FilterDocument:
    """Return a filter that permits what its conditions say."""
    return {
        "filterKey": new_key(),
        "displayData": {"name": f"filter {STRANGE}", "description": ""},
        "flags": [],
        "layerKey": ACCEPT_V4,
        "subLayerKey": "FWPM_SUBLAYER_UNIVERSAL",
        "weight": {"type": "FWP_EMPTY"},
        "filterCondition": list(conditions),
        "action": {"type": "FWP_ACTION_PERMIT", "filterType": None},
        "rawContext": 0,
        **members,
    }


def without_raw(document: FilterDocument) -> FilterDocument:
    """Return a filter without the raw context that a provider context takes the place of."""
    return {name: member for name, member in document.items() if name != "rawContext"}


def sides(config: str, roots: list[str] | None = None) -> CertificateDocument:
    """Return the certificate part of an authentication method, both ways alike."""
    both: dict[str, Any] = {}
    for side in ("inbound", "outbound"):
        both[f"{side}ConfigType"] = f"IKEEXT_CERT_CONFIG_{config}"
        if roots is not None:
            both[f"{side}RootArray"] = roots
    return {**both, "flags": ["IKEEXT_CERT_AUTH_FLAG_DISABLE_CRL_CHECK"]}


METHODS: list[AuthenticationDocument] = [
    {"authenticationMethodType": "IKEEXT_KERBEROS"},
    {"authenticationMethodType": "IKEEXT_NTLM_V2"},
    {"authenticationMethodType": "IKEEXT_ANONYMOUS"},
    {
        "authenticationMethodType": "IKEEXT_PRESHARED_KEY",
        "presharedKeyAuthentication": {"presharedKey": "env:NDTUI_KEY"},
    },
    {
        "authenticationMethodType": "IKEEXT_CERTIFICATE",
        "certificateAuthentication": sides("EXPLICIT_TRUST_LIST", ["subject:CN=Root", "thumbprint:" + "0a" * 20]),
    },
    {
        "authenticationMethodType": "IKEEXT_CERTIFICATE_ECDSA_P256",
        "certificateAuthentication": sides("ENTERPRISE_STORE"),
    },
    {"authenticationMethodType": "IKEEXT_SSL", "sslAuthentication": sides("TRUSTED_ROOT_STORE")},
    {"authenticationMethodType": "IKEEXT_SSL_ECDSA_P384", "sslAuthentication": sides("UNSPECIFIED")},
]


def a_context(
    context_type: str, member: str, policy: MainModeDocument | QuickModeDocument, **members: Any
) -> ProviderContextDocument:
    """Return a provider context."""
    return {
        "providerContextKey": new_key(),
        "displayData": {"name": "context", "description": STRANGE},
        "flags": ["FWPM_PROVIDER_CONTEXT_FLAG_PERSISTENT"],
        "type": context_type,
        member: policy,
        "origin": "keying-module:IKE",
        **members,
    }


def main_mode(*methods: AuthenticationDocument, **members: Any) -> MainModeDocument:
    """Return a main mode policy, none of whose numbers are the same."""
    return {
        "softExpirationTime": 1,
        "authenticationMethods": list(methods),
        "initiatorImpersonationType": "IKEEXT_IMPERSONATION_SOCKET_PRINCIPAL",
        "ikeProposals": [
            {
                "cipherAlgorithm": {"algoIdentifier": "IKEEXT_CIPHER_AES_192", "keyLen": 2, "rounds": 3},
                "integrityAlgorithm": {"algoIdentifier": "IKEEXT_INTEGRITY_SHA_384"},
                "maxLifetimeSeconds": 0xFFFFFFFF,
                "dhGroup": group,
                "quickModeLimit": 0xFFFFFFFE,
            }
            for group in ("IKEEXT_DH_GROUP_14", "IKEEXT_DH_GROUP_2048", "IKEEXT_DH_GROUP_24")
        ],
        "flags": [],
        "maxDynamicFilters": 4,
        **members,
    }


def _auth(config: str, kind: str) -> AuthTransformDocument:
    return {"authTransformId": {"authType": f"IPSEC_AUTH_{kind}", "authConfig": f"IPSEC_AUTH_CONFIG_{config}"}}


def _cipher(config: str, kind: str) -> CipherTransformDocument:
    return {
        "cipherTransformId": {
            "cipherType": f"IPSEC_CIPHER_TYPE_{kind}",
            "cipherConfig": f"IPSEC_CIPHER_CONFIG_{config}",
        }
    }


TRANSFORMS: list[TransformDocument] = [
    {"ipsecTransformType": "IPSEC_TRANSFORM_AH", "ahTransform": _auth("HMAC_SHA_256_128", "SHA_256")},
    {"ipsecTransformType": "IPSEC_TRANSFORM_ESP_AUTH", "espAuthTransform": _auth("GCM_AES_256", "AES_256")},
    {"ipsecTransformType": "IPSEC_TRANSFORM_ESP_CIPHER", "espCipherTransform": _cipher("CBC_3DES", "3DES")},
    {
        "ipsecTransformType": "IPSEC_TRANSFORM_ESP_AUTH_AND_CIPHER",
        "espAuthAndCipherTransform": {
            "authTransform": {
                **_auth("GCM_AES_192", "AES_192"),
                "cryptoModuleId": "{0b0b0b0b-0000-4000-8000-00000000000b}",
            },
            "cipherTransform": _cipher("GCM_AES_192", "AES_192"),
        },
    },
]


def quick_mode(**members: Any) -> QuickModeDocument:
    """Return a quick mode policy with every type of transform."""
    return {
        "ipsecProposals": [
            {
                "lifetime": {"lifetimeSeconds": 301, "lifetimeKilobytes": 0x7FFFFFFF, "lifetimePackets": 0xFFFFFFFF},
                "saTransforms": transforms,
                "pfsGroup": group,
            }
            for transforms, group in (
                (TRANSFORMS[:1], "IPSEC_PFS_14"),
                (TRANSFORMS[1:3], "IPSEC_PFS_2048"),
                (TRANSFORMS[3:], "IPSEC_PFS_MM"),
            )
        ],
        "flags": ["IPSEC_POLICY_FLAG_BANDWIDTH4", "IPSEC_POLICY_FLAG_ND_SECURE"],
        "ndAllowClearTimeoutSeconds": 5,
        "saIdleTimeout": {"idleTimeoutSeconds": 6, "idleTimeoutSecondsFailOver": 7},
        **members,
    }


def own_objects() -> list[tuple[Kind, Document]]:
    """Return objects with every data type, every way to authenticate, and every type of transform."""
    callout = {"type": "FWP_ACTION_CALLOUT_TERMINATING", "filterType": "FWPM_CALLOUT_IPSEC_INBOUND_TRANSPORT_V4"}
    has_context = ["FWPM_FILTER_FLAG_HAS_PROVIDER_CONTEXT", "FWPM_FILTER_FLAG_PERSISTENT"]
    em_policy = {"authenticationMethods": METHODS[:2], "initiatorImpersonationType": "IKEEXT_IMPERSONATION_NONE"}
    objects: list[tuple[Kind, Document]] = [
        ("filter", a_filter(condition(*rest), layerKey=layer)) for layer, *rest in CONDITIONS
    ]
    objects += [
        ("filter", a_filter(*(condition(*rest) for layer, *rest in CONDITIONS if layer == ACCEPT_V4))),
        ("filter", a_filter(weight={"type": "FWP_UINT64", "uint64": 2**64 - 1}, rawContext=2**64 - 1)),
        ("filter", a_filter(weight={"type": "FWP_UINT8", "uint8": 15}, action=callout, origin=STRANGE)),
        ("filter", without_raw(a_filter(flags=has_context, providerContextKey=new_key(), providerKey=new_key()))),
        ("subLayer", {**_named("subLayerKey"), "flags": ["FWPM_SUBLAYER_FLAG_PERSISTENT"], "weight": 0xFFFF}),
        (
            "provider",
            {**_named("providerKey"), "flags": ["FWPM_PROVIDER_FLAG_PERSISTENT"], "serviceName": "PolicyAgent"},
        ),
        ("providerContext", a_context("FWPM_IPSEC_IKE_MM_CONTEXT", "ikeMmPolicy", main_mode(*METHODS))),
        ("providerContext", a_context("FWPM_IPSEC_AUTHIP_MM_CONTEXT", "authIpMmPolicy", main_mode(*METHODS[::-1]))),
        ("providerContext", a_context("FWPM_IPSEC_IKE_QM_TRANSPORT_CONTEXT", "ikeQmTransportPolicy", quick_mode())),
        (
            "providerContext",
            a_context(
                "FWPM_IPSEC_AUTHIP_QM_TRANSPORT_CONTEXT", "authIpQmTransportPolicy", quick_mode(emPolicy=em_policy)
            ),
        ),
    ]
    return objects


def _named(member: str) -> dict[str, Any]:
    return {member: new_key(), "displayData": {"name": "x", "description": "described"}}
