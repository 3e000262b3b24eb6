"""What netsh has no words for: named by the element, refused, or left out and said so at the head."""

from typing import Any

import pytest

from ndtui.exporters.contract import ExportError
from ndtui.model.compiled.compile import compile_design
from ndtui.model.design.design import Design
from tests.exporters.netsh_script.small_netsh import FORMAT, applied, file_of
from tests.exporters.powershell.test_powershell_losses import FATAL as FATAL_FOR_RULES
from tests.exporters.powershell.test_powershell_losses import LOST as LOST_BY_RULES

MAIN = {"cipher": "IKEEXT_CIPHER_AES_256", "integrity": "IKEEXT_INTEGRITY_SHA_256", "dh_group": "IKEEXT_DH_ECP_256"}
KERBEROS = {"method": "IKEEXT_KERBEROS"}
NTLM = {"method": "IKEEXT_NTLM_V2"}
PSK = {"method": "IKEEXT_PRESHARED_KEY", "key": "env:IPSEC_KEY"}
CERTIFICATE = {
    "method": "IKEEXT_CERTIFICATE",
    "inbound": "IKEEXT_CERT_CONFIG_EXPLICIT_TRUST_LIST",
    "outbound": "IKEEXT_CERT_CONFIG_EXPLICIT_TRUST_LIST",
    "roots": ["subject:CN=Example Root CA"],
}
NO_GROUP = {**MAIN, "dh_group": "IKEEXT_DH_GROUP_NONE"}
NAMES = {"keying_modules": ["AuthIP"]}
ROOT = {"root": "subject:CN=Example Root CA"}
SECURE = {"exemptions": [], "name": "netsh", "version": 2}
BASE = {"name": "base"}


def design(*rules: dict[str, Any], **fields: Any) -> Design:
    """Return a design of rules, or with the base rule, whose main mode can be said unless something is said of it."""
    main = {"proposals": [MAIN], **fields.pop("main_mode", {})}
    return Design.model_validate({**SECURE, "rules": list(rules) or [BASE], "main_mode": main, **fields})


def certificates(*roots: str, **fields: Any) -> Design:
    """Return a design in which machines have certificates, as IKE and IKEv2 of the newest Windows ask for them."""
    method = {**CERTIFICATE, **({"roots": list(roots)} if roots else {}), **fields}
    return design(
        windows="11 24H2",
        keying_modules=["IKE", "IKEv2"],
        main_mode={"ike_authentication": [method], "ikev2_authentication": [method]},
    )


def criteria(**fields: Any) -> dict[str, Any]:
    """Return what says more of the certificates of both sides."""
    return {"roots": [], "inbound_criteria": [{**ROOT, **fields}], "outbound_criteria": [{**ROOT, **fields}]}


#: What is left out or said otherwise, element by element, with words that its reason has.
LOST = [
    (design(main_mode={"proposals": [MAIN, {**MAIN, "dh_group": "IKEEXT_DH_GROUP_14"}]}),
     "main_mode.proposals[1]", "one key exchange"),
    (design(**NAMES, main_mode={"authip_authentication": [NTLM], "proposals": [MAIN, NO_GROUP]}),
     "main_mode.proposals[1]", "without a key exchange"),
    (design({"name": "R", "scope": {"remote_addresses": ["10.0.0.0/8"]}}), "rule 'R' scope", "either way round"),
    (design({"name": "R", "scope": {"protocol": "tcp", "local_ports": [1433]}}), "rule 'R' scope", "either way round"),
    (design(exemptions=[{"name": "E", "remote_addresses": ["192.0.2.1"]}]), "exemption 'E'", "either way round"),
    (design(exemptions=[{"name": "E", "protocol": "udp", "remote_ports": [53]}]), "exemption 'E'", "either way round"),
    (design(BASE, {"name": "R", "scope": {"local_addresses": ["192.0.2.1"], "interfaces": ["lan"]}}),
     "rule 'R'", "types of interfaces or addresses"),
    (design(exemptions=[{"name": "E", "local_addresses": ["192.0.2.1"], "interfaces": ["lan"]}]),
     "exemption 'E'", "types of interfaces or addresses"),
    (design(exemptions=[{"name": "E", "remote_addresses": ["239.1.0.0/16"]}]), "exemption 'E'", "multicast"),
    (design(exemptions=[{"name": "E", "remote_addresses": ["ff02::/16"]}]), "exemption 'E'", "multicast"),
    (design(**NAMES, main_mode={"authip_authentication": [NTLM]},
            extended_mode={"authentication": [NTLM, {**KERBEROS, "proxy": "kdc.example"}]}),
     "extended_mode IKEEXT_KERBEROS", "Kerberos proxy"),
]  # fmt: skip

#: What cannot be left out either.
FATAL = [
    (design(keying_modules=["IKE"]), "keying_modules IKE", "names none"),
    (design(**NAMES), "keying_modules AuthIP", "names none"),
    (design(**NAMES, extended_mode={}), "keying_modules AuthIP", "names none"),
    (design(keying_modules=["IKE"], main_mode={"ike_authentication": [PSK, KERBEROS]}),
     "keying_modules IKE", "names none"),
    (design(keying_modules=["IKE"], main_mode={"ike_authentication": [CERTIFICATE]}),
     "keying_modules IKE", "names none"),
    (design(keying_modules=["IKEv2"], main_mode={"ikev2_authentication": [CERTIFICATE]}),
     "keying_modules IKEv2", "names none"),
    (design(keying_modules=["IKE", "AuthIP", "IKEv2"]), "keying_modules IKE, AuthIP, IKEv2", "names none"),
    (design(keying_modules=["IKE", "IKEv2"],
            main_mode={"ike_authentication": [CERTIFICATE], "ikev2_authentication": [CERTIFICATE]}),
     "keying_modules IKE, IKEv2", "24H2"),
    (design(windows="7"), "windows 7", "before Windows 8"),
    (design(windows="Vista"), "windows Vista", "before Windows 8"),
    (design(**NAMES, main_mode={"authip_authentication": [NTLM], "proposals": [NO_GROUP]}),
     "main_mode.proposals", "no proposal is left"),
    (design(main_mode={"ike_authentication": [{**KERBEROS, "proxy": "kdc.example"}],
                       "authip_authentication": [{**KERBEROS, "proxy": "kdc.example"}]}),
     "main_mode IKEEXT_KERBEROS", "Kerberos proxy"),
    (certificates(**criteria(key_usages=["1.3.6.1.5.5.8.2.2"])),
     "main_mode IKEEXT_CERTIFICATE", "more than an authority"),
    (certificates(**criteria(thumbprint="0a" * 20)), "main_mode IKEEXT_CERTIFICATE", "more than an authority"),
    (certificates(**criteria(name="x", name_type="IKEEXT_CERT_CRITERIA_DNS")),
     "main_mode IKEEXT_CERTIFICATE", "more than an authority"),
    (certificates(roots=[], inbound_criteria=[ROOT], outbound_criteria=[{"root": "subject:CN=Other"}]),
     "main_mode IKEEXT_CERTIFICATE", "more than an authority"),
    (certificates("subject:O=Example, C=DE"), "main_mode IKEEXT_CERTIFICATE", "wants CN="),
    (certificates("subject:CN=Ex\u00e4mple"), "main_mode IKEEXT_CERTIFICATE", "ASCII"),
    (certificates("subject:CN=one | CN=two"), "main_mode IKEEXT_CERTIFICATE", "a bar, a colon or a backslash"),
    (certificates("subject:CN=one certmapping:yes"), "main_mode IKEEXT_CERTIFICATE", "a bar, a colon or a backslash"),
    (certificates("subject:CN=one\\"), "main_mode IKEEXT_CERTIFICATE", "a bar, a colon or a backslash"),
    (design(BASE, {"name": "R", "mode": "inherit", "machines": f"D:{'(A;;CC;;;S-1-5-21-1-2-3-513)' * 300}",
                   "scope": {"protocol": "tcp", "local_ports": [1]}}),
     "ndtui netsh: R (in, only if secure)", "8191"),
]  # fmt: skip


def _named(said: Design, element: str, why: str) -> None:
    missing = FORMAT.unsupported(compile_design(said), {})
    found = [each for each in missing if each.element == element]
    assert found, missing
    assert any(why in each.why for each in found), found
    with pytest.raises(ExportError, match="cannot express"):
        file_of(said)


@pytest.mark.parametrize(("said", "element", "why"), LOST, ids=[f"{n} {each[1]}" for n, each in enumerate(LOST)])
def test_what_is_lost_is_named_and_stands_at_the_head(said: Design, element: str, why: str) -> None:
    _named(said, element, why)
    head = file_of(said, lossy=True).partition("set ")[0]
    assert "LEFT OUT, OR SAID OTHERWISE" in head
    assert f"rem   - {element}: " in head
    applied(said, lossy=True)


@pytest.mark.parametrize(("said", "element", "why"), FATAL, ids=[f"{n} {each[1]}" for n, each in enumerate(FATAL)])
def test_what_cannot_be_left_out_is_refused_all_the_same(said: Design, element: str, why: str) -> None:
    _named(said, element, why)
    with pytest.raises(ExportError, match="cannot leave out"):
        file_of(said, lossy=True)


EVERY = [(each[0], each[1]) for each in (*LOST_BY_RULES, *FATAL_FOR_RULES) if each[1] != "keying_modules IKE, IKEv2"]


@pytest.mark.parametrize(("said", "element"), EVERY, ids=[f"{n} {each[1]}" for n, each in enumerate(EVERY)])
def test_what_rules_of_windows_firewall_cannot_say_netsh_cannot_either(said: Design, element: str) -> None:
    assert element in [each.element for each in FORMAT.unsupported(compile_design(said), {})]


def test_keying_modules_go_without_saying_where_one_alone_knows_the_methods() -> None:
    keys = design(keying_modules=["IKE"], main_mode={"ike_authentication": [PSK]})
    names = design(**NAMES, main_mode={"authip_authentication": [NTLM]}, extended_mode={})
    for said, auth in ((keys, 'auth1=computerpsk auth1psk="!IPSEC_KEY!"'), (names, "auth1=computerntlm auth2=user")):
        assert not FORMAT.unsupported(compile_design(said), {})
        text = file_of(said)
        assert auth in text
        assert "one alone knows these methods" in " ".join(text.replace("rem", "").split())


def test_certificates_of_several_authorities_are_one_method() -> None:
    said = certificates("subject:CN=Example Root CA", 'subject:C=US, O=Example, CN="North, South"')
    assert not FORMAT.unsupported(compile_design(said), {})
    (rule,) = applied(said).of("consec")
    assert rule["auth1"] == "computercert"
    assert rule["auth1ca"] == "CN=Example Root CA catype:root | C=US, O=Example, CN=\\'North, South\\' catype:root"


def test_intermediate_and_mapped_authorities_are_said() -> None:
    flags = ["IKEEXT_CERT_FLAG_INTERMEDIATE_CA", "IKEEXT_CERT_FLAG_ENABLE_ACCOUNT_MAPPING"]
    (rule,) = applied(certificates(**criteria(flags=flags))).of("consec")
    assert rule["auth1ca"] == "CN=Example Root CA certmapping:yes catype:intermediate"


def test_a_rule_that_wants_what_another_wants_may_be_for_more() -> None:
    """Exchanged it is for traffic that the base rule has anyway."""
    said = design(BASE, {"name": "R", "scope": {"remote_addresses": ["10.0.0.0/8"]}})
    assert not FORMAT.unsupported(compile_design(said), {})


def test_addresses_of_all_of_a_family_leave_multicast_out() -> None:
    for family, texts in (
        ("V4", "0.0.0.0-223.255.255.255,240.0.0.0/4"),
        ("V6", "::-feff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"),
    ):
        (rule,) = applied(design(families=[family])).of("consec")
        assert rule["endpoint2"] == texts
