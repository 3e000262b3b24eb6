"""Every member of Windows' structures that a design is said to carry is reached from a design.

What the marshaller writes for one that says everything is read by the offsets of a C compiler. Whether it is the right
thing that stands there is tested beside, by what comes back; here, that nothing stays empty for ever.
"""

from ctypes import addressof
from typing import Any

import pytest

from ndtui.backends.wfp.marshal.context_versions import context_version
from ndtui.backends.wfp.marshal.object_structs import Arena, to_struct
from ndtui.model.compiled.compile import compile_design
from ndtui.model.compiled.context_documents import context_document
from ndtui.model.design.design import Design
from ndtui.model.vocabulary.numbers import ENUMERATIONS
from tests.backends.wfp import raw_structs
from tests.model.vocabulary.negotiation_members import CARRIED

EXPLICIT, ENTERPRISE, TRUSTED = (
    f"IKEEXT_CERT_CONFIG_{kind}" for kind in ("EXPLICIT_TRUST_LIST", "ENTERPRISE_STORE", "TRUSTED_ROOT_STORE")
)
ASKED = {
    "thumbprint": "0123456789abcdef0123456789abcdef01234567",
    "key_usages": ["1.3.6.1.5.5.8.2.2"],
    "name_type": "IKEEXT_CERT_CRITERIA_CN",
    "name": "host",
    "flags": ["IKEEXT_CERT_FLAG_DISABLE_REQUEST_PAYLOAD"],
}
ROOTED = [{"root": "subject:x", **ASKED}]


def by_certificate(method: str, inbound: str, outbound: str, **more: Any) -> dict[str, Any]:
    """Return a method with criteria of both sides."""
    sides = {
        f"{side}_criteria": ROOTED if config == EXPLICIT else [ASKED]
        for side, config in (("inbound", inbound), ("outbound", outbound))
    }
    flags = ["IKEEXT_CERT_AUTH_FLAG_DISABLE_CRL_CHECK"]
    return {"method": method, "inbound": inbound, "outbound": outbound, "flags": flags, **sides, **more}


MAIN = {
    "ike_authentication": [
        by_certificate("IKEEXT_CERTIFICATE", EXPLICIT, ENTERPRISE),
        by_certificate("IKEEXT_CERTIFICATE_ECDSA_P256", ENTERPRISE, TRUSTED),
        by_certificate("IKEEXT_CERTIFICATE_ECDSA_P384", TRUSTED, EXPLICIT),
    ],
    "authip_authentication": [
        {
            "method": "IKEEXT_KERBEROS",
            "proxy": "kdc.example.com",
            "flags": ["IKEEXT_KERB_AUTH_FORCE_PROXY_ON_INITIATOR"],
        },
        {"method": "IKEEXT_NTLM_V2", "flags": ["IKEEXT_NTLM_V2_AUTH_DONT_ACCEPT_EXPLICIT_CREDENTIALS"]},
        by_certificate("IKEEXT_SSL", ENTERPRISE, ENTERPRISE),
    ],
    "ikev2_authentication": [
        {"method": "IKEEXT_PRESHARED_KEY", "key": "env:X", "flags": ["IKEEXT_PSK_FLAG_LOCAL_AUTH_ONLY"]},
        {"method": "IKEEXT_EAP", "flags": ["IKEEXT_EAP_FLAG_REMOTE_AUTH_ONLY"]},
        by_certificate("IKEEXT_CERTIFICATE", TRUSTED, TRUSTED, certificate_url="http://pki.example.com/host.cer"),
    ],
    "proposals": [
        {
            "cipher": "IKEEXT_CIPHER_AES_256",
            "integrity": "IKEEXT_INTEGRITY_SHA_384",
            "dh_group": "IKEEXT_DH_ECP_384",
            "quick_mode_limit": 5,
        }
    ],
    "flags": ["IKEEXT_POLICY_FLAG_NO_MACHINE_LUID_VERIFY"],
    "impersonation": "IKEEXT_IMPERSONATION_SOCKET_PRINCIPAL",
    "max_dynamic_filters": 3,
    "retransmit_seconds": 121,
}
SHA, AES = "IPSEC_AUTH_CONFIG_HMAC_SHA_256_128", "IPSEC_CIPHER_CONFIG_CBC_AES_256"
QUICK = {
    "flags": ["IPSEC_POLICY_FLAG_KEY_MANAGER_ALLOW_NOTIFY_KEY"],
    "proposals": [
        {"transforms": transforms}
        for transforms in (
            [{"type": "IPSEC_TRANSFORM_AH", "auth": SHA}],
            [{"type": "IPSEC_TRANSFORM_ESP_AUTH", "auth": SHA}],
            [{"type": "IPSEC_TRANSFORM_ESP_CIPHER", "cipher": AES}],
            [{"type": "IPSEC_TRANSFORM_ESP_AUTH_AND_CIPHER", "auth": SHA, "cipher": AES}],
        )
    ],
}
EVERYTHING = {
    "name": "everything",
    "keying_modules": ["IKE", "AuthIP", "IKEv2"],
    "main_mode": MAIN,
    "quick_mode": QUICK,
    "extended_mode": {
        "impersonation": "IKEEXT_IMPERSONATION_SOCKET_PRINCIPAL",
        "authentication": [by_certificate("IKEEXT_SSL", ENTERPRISE, ENTERPRISE)],
    },
}


@pytest.fixture
def filled(native, monkeypatch) -> set[str]:
    """Return the members, as STRUCTURE.member, in which something else than zero stands."""
    found: set[str] = set()
    usual = raw_structs._read_member

    def read_member(structure: str, base: int, line: str, document: dict[str, Any]) -> None:
        usual(structure, base, line, document)
        member, kind, *rest = line.split()
        value = document.get(raw_structs._SPELLINGS.get(member, member))
        if kind.startswith("enum"):
            value = ENUMERATIONS[rest[0]][value]
        if value:
            found.add(f"{structure}.{member}")
            if kind in ("array", "texts"):
                found.add(f"{structure}.{rest[-1]}")

    monkeypatch.setattr(raw_structs, "_read_member", read_member)
    contexts = [context_document(each) for each in compile_design(Design.model_validate(EVERYTHING)).contexts]
    assert [context_version(each) for each in contexts] == [2] * 6
    for document in contexts:
        with Arena() as arena:
            made = to_struct(native, arena, "providerContext", document)
            raw_structs.read("FWPM_PROVIDER_CONTEXT2", addressof(made))
    return found


def test_a_design_that_says_everything_reaches_every_member(filled):
    assert {*CARRIED} - filled == set()
    assert {each for each in filled if not each.startswith(("FWPM", "FWP_"))} == {*CARRIED}
