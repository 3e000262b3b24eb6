"""What registry values have no place for: named by the element, refused, or left out and said so at the head.

Each gap of the grammar of [MS-GPFAS], and each check of [MS-FASP] that a design can fail, has a design here.
"""

import pytest

from ndtui.exporters.contract import ExportError
from ndtui.model.design.design import Design
from tests.exporters.group_policy.exported import lost, policy_of, text_of
from tests.exporters.powershell.test_powershell_losses import (
    AUTHIP,
    CERTIFICATE,
    IKE,
    IKEV2,
    KERBEROS,
    LOST,
    design,
    exempt,
    main,
    quick,
)

_TWO_SIDED = {"local_addresses": ["10.0.0.0/8"], "remote_addresses": ["10.0.0.0/8"]}
_PORTS = {"local_ports": ["80-83"], "remote_ports": ["80-83"]}
_KEY = {"method": "IKEEXT_PRESHARED_KEY", "key": "env:S3CRET"}
_NTLM = {"method": "IKEEXT_NTLM_V2"}
_ROOT = "subject:CN=Example Root CA"
_GROUP_2 = {"cipher": "IKEEXT_CIPHER_AES_128", "integrity": "IKEEXT_INTEGRITY_SHA1", "dh_group": "IKEEXT_DH_GROUP_2"}
_SAME = {"proposals": [_GROUP_2]}
_NO_GROUP = {**_GROUP_2, "dh_group": "IKEEXT_DH_GROUP_NONE"}
_FORCED = [_GROUP_2, {**_GROUP_2, "cipher": "IKEEXT_CIPHER_3DES"}]
_ESP = {"type": "IPSEC_TRANSFORM_ESP_AUTH", "auth": "IPSEC_AUTH_CONFIG_HMAC_SHA_1_96"}
_CRITERIA = {"root": _ROOT, "name": "a|b", "name_type": "IKEEXT_CERT_CRITERIA_CN"}
_BELOW = {"root": _ROOT, "flags": ["IKEEXT_CERT_FLAG_INTERMEDIATE_CA"]}
_AT_TRANSPORT = ["FWPM_LAYER_INBOUND_TRANSPORT", "FWPM_LAYER_OUTBOUND_TRANSPORT"]


def ike(*methods: dict[str, object]) -> dict[str, object]:
    """Return the fields of a design in which machines authenticate to one another with IKE."""
    return {**IKE, "main_mode": {**_SAME, "ike_authentication": list(methods)}}


#: What is left out, element by element, with words of its reason.
GAPS = [
    # There is no token for ...
    (design(**exempt(protocol="icmp", icmp_type=8)), "exemption 'E'", "type of ICMP"),
    (design(**exempt(program=r"C:\x.exe")), "exemption 'E'", "program"),
    (design(**ike(KERBEROS, _KEY)), "main_mode IKEEXT_PRESHARED_KEY", "in clear"),
    (design(**AUTHIP, **main(**_SAME, authip_authentication=[{**KERBEROS, "proxy": "kdc.example"}, _NTLM])),
     "main_mode IKEEXT_KERBEROS", "allows Kerberos no flag"),
    (design(**AUTHIP, **main(proposals=[_GROUP_2, _NO_GROUP])), "main_mode.proposals[1]", "without a key exchange"),
    (design(lifetime="dynamic"), "lifetime dynamic", "session"),
    (design({"name": "R", "weight_range": 3}), "rule 'R' weight_range", "order"),
    # The ends of a rule are taken either way round.
    (design({"name": "A", "scope": {"local_addresses": ["10.0.0.0/8"]}},
            {"name": "B", "scope": _TWO_SIDED}), "rule 'A' scope", "either way round"),
    (design(**exempt(protocol="udp", remote_ports=[53])), "exemption 'E'", "either way round"),
    # The checks of connection security rules.
    (design({"name": "A", "scope": _TWO_SIDED},
            {"name": "B", "scope": {"protocol": "tcp", "local_ports": ["1000-2000"]}}), "rule 'B'", "ranges of ports"),
    (design({"name": "A", "scope": {**_TWO_SIDED, "interfaces": ["lan"]}}, {"name": "B"}),
     "rule 'A'", "types of interfaces or addresses of this machine"),
    (design({"name": "A"}, {"name": "B", "scope": {"remote_addresses": ["239.0.0.0/8"]}}), "rule 'B'", "multicast"),
    (design(**exempt(remote_addresses=["ff02::1"])), "exemption 'E'", "multicast"),
    (design(**exempt(protocol=1)), "exemption 'E'", "other address family"),
    # The checks of authentication sets.
    (design(**ike({**CERTIFICATE, "roots": ["subject:CN=a|b", _ROOT]})), "main_mode IKEEXT_CERTIFICATE", "a bar"),
    (design(**ike(KERBEROS, {**CERTIFICATE, "roots": [], "inbound_criteria": [_CRITERIA],
                             "outbound_criteria": [_CRITERIA]})), "main_mode IKEEXT_CERTIFICATE", "a bar"),
    (design(**ike(KERBEROS, {**CERTIFICATE, "method": "IKEEXT_CERTIFICATE_ECDSA_P256", "roots": [],
                             "inbound_criteria": [_BELOW], "outbound_criteria": [_BELOW]})),
     "main_mode IKEEXT_CERTIFICATE_ECDSA_P256", "SkipVersion"),
    (design(**main(authip_authentication=[KERBEROS, {"method": "IKEEXT_NTLM_V2"}])),
     "main_mode.ike_authentication", "takes none of them"),
    # The checks of cryptographic sets.
    (design(**main(proposals=[_GROUP_2, {**_GROUP_2, "dh_group": "IKEEXT_DH_ECP_256"}])),
     "main_mode.proposals[1]", "one key exchange"),
    (design(**main(proposals=[{**_GROUP_2, "lifetime_seconds": 90}])), "main_mode.proposals lifetime_seconds",
     "minutes"),
    (design(**main(proposals=[{**_GROUP_2, "lifetime_seconds": 2880 * 60}])), "main_mode.proposals lifetime_seconds",
     "minutes"),
    (design(**quick(proposals=[{"transforms": [_ESP], "lifetime_seconds": 301}])),
     "quick_mode.proposals[0] lifetime_seconds", "minutes"),
    (design(**quick(proposals=[{"transforms": [_ESP], "lifetime_packets": 9}])),
     "quick_mode.proposals[0].lifetime_packets", "packets"),
    (design(**quick(proposals=[{"transforms": [_ESP]}, {"transforms": [_ESP], "pfs_group": "IPSEC_PFS_NONE"}])),
     "quick_mode.proposals[1]", "one group"),
]  # fmt: skip

#: What cannot be left out either.
FATAL = [
    (design(windows="7"), "windows 7", "schema 2.20"),
    (design(**ike(_KEY)), "main_mode", "no method of authentication is left"),
    (design(**IKEV2, **main(**_SAME, ikev2_authentication=[_KEY])), "main_mode", "no method of authentication is left"),
    (design({"name": "R", "scope": {"remote_addresses": ["224.0.0.0/4", "ff00::/8"]}}), "rules", "no rule"),
    (design(**AUTHIP, **main(proposals=[_NO_GROUP])), "main_mode.proposals", "no proposal is left"),
    (
        design({"name": "A", "scope": {**_TWO_SIDED, "protocol": "tcp"}},
               {"name": "B", "scope": {"local_addresses": ["192.0.2.0/24"], "remote_addresses": ["192.0.2.0/24"]},
                "negotiation": {**IKE, "main_mode": {**_SAME, "ike_authentication": [KERBEROS]},
                                "quick_mode": {"proposals": [{"transforms": [_ESP]}]}}}),
        "rule 'B' main_mode",
        "one set of main mode",
    ),
]  # fmt: skip


def _ids(cases: list[tuple[Design, str, str]]) -> list[str]:
    return [f"{number} {each[1]}" for number, each in enumerate(cases)]


def _named(said: Design, element: str, why: str) -> None:
    found = lost(said, main_mode="yes")
    assert element in found, found
    assert why in found[element]
    with pytest.raises(ExportError, match="cannot express"):
        text_of(said, main_mode="yes")


@pytest.mark.parametrize(("said", "element", "why"), GAPS, ids=_ids(GAPS))
def test_what_is_lost_is_named_and_stands_at_the_head(said: Design, element: str, why: str) -> None:
    _named(said, element, why)
    text = text_of(said, lossy=True, main_mode="yes")
    assert "LEFT OUT" in text
    assert f"\r\n; - {element}: " in text
    assert "S3CRET" not in text


@pytest.mark.parametrize(("said", "element", "why"), FATAL, ids=_ids(FATAL))
def test_what_cannot_be_left_out_is_refused_all_the_same(said: Design, element: str, why: str) -> None:
    _named(said, element, why)
    with pytest.raises(ExportError, match="cannot leave out"):
        text_of(said, lossy=True, main_mode="yes")


def test_what_rules_of_windows_firewall_cannot_say_has_no_registry_value_either() -> None:
    """What the script for PowerShell cannot say; a key alone is refused for another reason."""
    for said, element, why in LOST:
        found = lost(said, main_mode="yes")
        assert element in found, (element, found)
        assert why in found[element] or "IKEEXT_PRESHARED_KEY" in element


@pytest.mark.parametrize("source", ["env:S3CRET", "keyring:S3CRET"])
def test_a_key_is_refused_wherever_it_is_kept(source: str) -> None:
    said = design(**ike({**_KEY, "key": source}, KERBEROS))
    assert "for every machine to read" in lost(said)["main_mode IKEEXT_PRESHARED_KEY"]
    text = text_of(said, lossy=True)
    assert "SHKey" not in text
    assert "S3CRET" not in text


# -- main mode ---------------------------------------------------------------------------------------------------------

_OTHER = {
    "another group": {"proposals": [{**each, "dh_group": "IKEEXT_DH_GROUP_14"} for each in _FORCED]},
    "another cipher": {"proposals": [{**each, "cipher": "IKEEXT_CIPHER_AES_256"} for each in _FORCED[:1]]},
    "one proposal less": {"proposals": _FORCED[:1]},
    "another order": {"proposals": _FORCED[::-1]},
    "another lifetime": {"proposals": [{**each, "lifetime_seconds": 3600} for each in _FORCED]},
    "sessions": {"proposals": [{**each, "quick_mode_limit": 5} for each in _FORCED]},
}
_UNFORCED = ["IKEEXT_POLICY_FLAG_ENABLE_OPTIONAL_DH"]


def test_what_machines_have_by_themselves_is_no_loss() -> None:
    """Source of what the default set holds: [MS-FASP], the default sets."""
    assert lost(design(**main(proposals=_FORCED, flags=_UNFORCED))) == {}
    assert lost(design(**IKE, **main(proposals=_FORCED))) == {}, "IKE does the exchange whatever is said"
    text = text_of(design(**main(proposals=_FORCED, flags=_UNFORCED)))
    assert "MainModeRules" not in text
    assert r"\Phase1CryptoSet" not in text


@pytest.mark.parametrize("name", _OTHER)
def test_other_main_mode_is_lost_unless_it_is_wanted(name: str) -> None:
    said = design(**main(**_OTHER[name], flags=_UNFORCED))
    assert list(lost(said)) == ["main_mode"]
    assert "--set main-mode=yes writes it" in lost(said)["main_mode"]
    assert lost(said, main_mode="yes") == {}
    assert r"\Phase1CryptoSet" not in text_of(said, lossy=True)


def test_an_exchange_that_authip_has_to_do_is_not_what_machines_do_by_themselves() -> None:
    assert list(lost(design(**main(proposals=_FORCED)))) == ["main_mode"]


# -- what is said all the same -----------------------------------------------------------------------------------------


def test_what_goes_without_saying_is_no_loss() -> None:
    """Rules that are off, ports next to each other, either port, addresses in hundreds, what nothing protects."""
    said = design(
        {"name": "either port", "scope": {"protocol": "tcp", **_PORTS, "either_port": True}},
        {"name": "off", "mode": "require", "enabled": False},
        {"name": "in neither direction", "scope": {**_TWO_SIDED, "protocol": "udp"}},
        exemptions=[
            {"name": "many", "remote_addresses": [f"10.0.{n}.1" for n in range(130)],
             "local_addresses": [f"10.0.{n}.1" for n in range(130)]},
            {"name": "switched off", "program": "C:\\x.exe", "enabled": False},
            {"name": "nothing protects it", "protocol": "tcp", "local_ports": [7], "remote_ports": [9]},
        ],
        **main(proposals=_FORCED),
    )  # fmt: skip
    assert lost(said, main_mode="yes") == {}, lost(said, main_mode="yes")


@pytest.mark.parametrize("fields", [{}, {"families": ["V4"]}])
def test_all_of_icmp_of_the_families_that_a_design_has_is_what_the_host_leaves_out(fields: dict[str, object]) -> None:
    said = design(families=["V4"], **exempt(protocol="icmp", **fields), **main(proposals=_FORCED, flags=_UNFORCED))
    assert lost(said, ipsec_exempt="yes") == {}
    policy = policy_of(said, ipsec_exempt="yes")
    assert (policy.exempt, len(policy.connection_security)) == (0b0010, 1)
    assert len(policy_of(said).connection_security) == 2


def test_several_keying_modules_stand_beside_one_another() -> None:
    """New-NetIPsecRule takes several of them since Windows 11 24H2 alone; the token is there as often as one likes."""
    methods = {"ike_authentication": [CERTIFICATE], "ikev2_authentication": [CERTIFICATE]}
    said = design(keying_modules=["IKE", "IKEv2"], **main(proposals=_FORCED, **methods))
    assert lost(said, main_mode="yes") == {}
    assert "|KeyMod=IkeV1|KeyMod=IkeV2|" in text_of(said, main_mode="yes")


def test_a_block_beside_an_exemption_for_answers() -> None:
    answers = exempt(protocol="udp", remote_ports=[53], local_ports=[53], layers=_AT_TRANSPORT)
    said = design({"name": "base"}, **answers, **main(proposals=_FORCED))
    text = text_of(said, main_mode="yes")
    assert "|Action=Block|Active=TRUE|Dir=In|Protocol=17|LPort=53|RPort=53|" in text.replace("v2.0", "")
