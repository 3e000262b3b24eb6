"""What Windows refuses, the design refuses first, and says which of its parts, why, and Windows' own word for it."""

import json
import re

import pytest
from pydantic import ValidationError

from ndtui.common.errors import InputError
from ndtui.model.design.design import Design, change
from ndtui.model.design.exemption import Exemption
from ndtui.model.files.design_file import design_from
from ndtui.model.vocabulary.pages import PAGES
from tests.support import design, one_line, refused

CERTIFICATE = {
    "method": "IKEEXT_CERTIFICATE",
    "inbound": "IKEEXT_CERT_CONFIG_ENTERPRISE_STORE",
    "outbound": "IKEEXT_CERT_CONFIG_ENTERPRISE_STORE",
}
SSL = {**CERTIFICATE, "method": "IKEEXT_SSL"}
KERBEROS = {"method": "IKEEXT_KERBEROS"}
NTLM = {"method": "IKEEXT_NTLM_V2"}
PROPOSAL = {"cipher": "IKEEXT_CIPHER_AES_128", "integrity": "IKEEXT_INTEGRITY_SHA_256", "dh_group": "IKEEXT_DH_ECP_256"}
SHA = "IPSEC_AUTH_CONFIG_HMAC_SHA_256_128"
AES = "IPSEC_CIPHER_CONFIG_CBC_AES_128"
AH = {"type": "IPSEC_TRANSFORM_AH", "auth": SHA}
ESP_AUTH = {"type": "IPSEC_TRANSFORM_ESP_AUTH", "auth": SHA}
ESP_CIPHER = {"type": "IPSEC_TRANSFORM_ESP_CIPHER", "cipher": AES}
ESP_BOTH = {"type": "IPSEC_TRANSFORM_ESP_AUTH_AND_CIPHER", "auth": SHA, "cipher": AES}


def ike(*methods, **fields):
    return {"keying_modules": ["IKE"], "main_mode": {"ike_authentication": [*methods]}, **fields}


def authip(*methods, **fields):
    return {"keying_modules": ["AuthIP"], "main_mode": {"authip_authentication": [*methods]}, **fields}


def main_mode(**fields):
    return {"main_mode": {"proposals": [{**PROPOSAL, **fields}]}}


def quick_mode(*transforms, **fields):
    return {"quick_mode": {"proposals": [{"transforms": [*transforms], **fields}]}}


def exemption(**fields):
    return {"exemptions": [{"name": "example", **fields}]}


def psk(key):
    return ike({"method": "IKEEXT_PRESHARED_KEY", "key": key})


REFUSALS = {
    # Keying modules and address families.
    "no keying module": ({"keying_modules": []}, ["keying_modules is empty", '"IKE"', '"AuthIP"']),
    "a keying module twice": ({"keying_modules": ["IKE", "IKE"]}, ["keying_modules", "FWP_E_DUPLICATE_KEYMOD"]),
    "an unknown keying module": ({"keying_modules": ["IKEv3"]}, ["keying_modules[0]", "'IKEv3'", "'IKE'", "'IKEv2'"]),
    "no address family": ({"families": []}, ["families is empty", '"V4"', '"V6"']),
    "an address family twice": ({"families": ["V4", "V4"]}, ["families", "twice"]),
    "an unknown address family": ({"families": ["V5"]}, ["families[0]", "'V5'", "'V4'"]),
    # Scenario.
    "an unknown scenario": ({"scenario": "tunnel"}, ["scenario", "'tunnel'", "'boundary'"]),
    "boundary with ND_SECURE": (
        {"scenario": "boundary", "nd_secure": True},
        ["nd_secure", "IPSEC_POLICY_FLAG_ND_BOUNDARY", PAGES["boundary"], "nd_secure = false"],
    ),
    "an ALE raw context without ALE filters, boundary": (
        {"scenario": "boundary", "ale_persist_context": True},
        ["ale_persist_context", "negotiation-discovery", "false"],
    ),
    "an ALE raw context without ALE filters, require": (
        {"scenario": "require", "ale_persist_context": True},
        ["ale_persist_context", "negotiation-discovery", "false"],
    ),
    # Sublayer and lifetime.
    "an own sublayer without weight": ({"sublayer": {"kind": "own"}}, ["sublayer", "weight", "65535"]),
    "a weight for the universal sublayer": ({"sublayer": {"weight": 5}}, ["sublayer", "weight", 'kind = "own"']),
    "a weight of 17 bits": ({"sublayer": {"kind": "own", "weight": 65536}}, ["sublayer.weight", "65535", "65536"]),
    "a negative weight": ({"sublayer": {"kind": "own", "weight": -1}}, ["sublayer.weight", "-1"]),
    "an unknown lifetime": ({"lifetime": "long"}, ["lifetime", "'long'", "'persistent'"]),
    "boot-time as a lifetime": (
        {"lifetime": "boottime"},
        ["lifetime", "'boottime'", 'lifetime = "persistent"', 'before_bfe = ["inbound", "outbound"]'],
    ),
    "before BFE without persistence": (
        {"before_bfe": ["inbound"]},
        ["before_bfe: ", "kept across restarts", 'lifetime = "static" is not', 'set lifetime = "persistent"'],
    ),
    "an exemption before BFE without persistence": (
        {"lifetime": "dynamic", "exemptions": [{"name": "e"}, {"name": "f", "before_bfe": True}]},
        ["exemptions[1].before_bfe: ", 'lifetime = "dynamic" is not', "leave before_bfe out"],
    ),
    "a direction twice": ({"lifetime": "persistent", "before_bfe": ["inbound", "inbound"]}, ["before_bfe", "twice"]),
    "an unknown direction": ({"lifetime": "persistent", "before_bfe": ["up"]}, ["before_bfe[0]", "'up'", "'outbound'"]),
    # Names.
    "no name": ({"name": ""}, ["name", "FWP_E_NULL_DISPLAY_NAME"]),
    "a test of no traffic": ({"assert": [{"traffic": " ", "verdict": "blocked"}]}, ["is empty: write traffic such as"]),
    "no reason": ({"suppress": [{"id": "a", "reason": ""}]}, ["is empty: say why the finding is accepted"]),
    "a name of spaces": ({"name": "   "}, ["name", "FWP_E_NULL_DISPLAY_NAME"]),
    "a name with a line break": ({"name": "a\nb"}, ["name", "U+000A"]),
    "a name too long": ({"name": "a" * 513}, ["name", "512"]),
    "an exemption without a name": ({"exemptions": [{"protocol": "tcp"}]}, ["exemptions[0].name", "missing"]),
    "an exemption with an empty name": (
        {"exemptions": [{"name": ""}]},
        ["exemptions[0].name", "FWP_E_NULL_DISPLAY_NAME"],
    ),
    # Authentication.
    "no method for IKE": (ike(), ["main_mode.ike_authentication", "IKE", "FWP_E_ZERO_LENGTH_ARRAY"]),
    "no method for AuthIP": (authip(), ["main_mode.authip_authentication", "AuthIP", "FWP_E_ZERO_LENGTH_ARRAY"]),
    "NTLM with IKE": (
        ike(NTLM),
        [
            "ike_authentication",
            "IKEEXT_NTLM_V2",
            "IKE",
            "FWP_E_INCOMPATIBLE_AUTH_METHOD",
            PAGES["authentication-method"],
        ],
    ),
    "SSL with IKE": (ike(SSL), ["ike_authentication", "IKEEXT_SSL", "FWP_E_INCOMPATIBLE_AUTH_METHOD"]),
    "anonymous with IKE": (ike({"method": "IKEEXT_ANONYMOUS"}), ["IKEEXT_ANONYMOUS", "FWP_E_INCOMPATIBLE_AUTH_METHOD"]),
    "a certificate with AuthIP": (
        authip(CERTIFICATE),
        ["authip_authentication", "IKEEXT_CERTIFICATE", "FWP_E_INCOMPATIBLE_AUTH_METHOD", "IKEEXT_SSL"],
    ),
    "a pre-shared key with AuthIP": (
        authip({"method": "IKEEXT_PRESHARED_KEY", "key": "env:PSK"}),
        ["IKEEXT_PRESHARED_KEY", "AuthIP", "FWP_E_INCOMPATIBLE_AUTH_METHOD"],
    ),
    "a method of IKEv2": (
        ike({"method": "IKEEXT_EAP"}),
        ["ike_authentication", "IKEEXT_EAP", "IKE does not have", "FWP_E_INCOMPATIBLE_AUTH_METHOD"],
    ),
    "IKEv2 without a method": (
        {"keying_modules": ["IKEv2"], "main_mode": {"ikev2_authentication": []}},
        ["main_mode.ikev2_authentication", "empty while IKEv2 is on", "FWP_E_ZERO_LENGTH_ARRAY"],
    ),
    "IKEv2 with Kerberos": (
        {"keying_modules": ["IKEv2"], "main_mode": {"ikev2_authentication": [KERBEROS]}},
        ["ikev2_authentication", "IKEEXT_KERBEROS", "IKEv2 does not have"],
    ),
    "IKEv2 without a group": (
        {
            "keying_modules": ["IKEv2"],
            "main_mode": {
                "ikev2_authentication": [CERTIFICATE],
                "ikev2_proposals": [
                    {
                        "cipher": "IKEEXT_CIPHER_AES_256",
                        "integrity": "IKEEXT_INTEGRITY_SHA_256",
                        "dh_group": "IKEEXT_DH_GROUP_NONE",
                    }
                ],
            },
        },
        ["main_mode.ikev2_proposals[0]", "IKEEXT_DH_GROUP_NONE", "FWP_E_INCOMPATIBLE_DH_GROUP"],
    ),
    "a flag of another method": (
        ike({"method": "IKEEXT_KERBEROS", "flags": ["IKEEXT_CERT_AUTH_FLAG_DISABLE_CRL_CHECK"]}),
        ["ike_authentication[0]", "IKEEXT_CERT_AUTH_FLAG_DISABLE_CRL_CHECK", "IKEEXT_KERB_AUTH"],
    ),
    "a proxy of another method": (
        authip({"method": "IKEEXT_NTLM_V2", "proxy": "kdc.example.com"}),
        ["authip_authentication[0]", "proxy", "IKEEXT_KERBEROS"],
    ),
    "criteria of a store with a root": (
        ike(CERTIFICATE | {"inbound_criteria": [{"root": "subject:CN=Example"}]}),
        ["ike_authentication[0]", "inbound_criteria", "leave root out"],
    ),
    "criteria without anything": (
        ike(CERTIFICATE | {"inbound_criteria": [{}]}),
        ["ike_authentication[0].inbound_criteria[0]", "say nothing"],
    ),
    "criteria with a name of no kind": (
        ike(CERTIFICATE | {"outbound_criteria": [{"name": "a.example.com"}]}),
        ["outbound_criteria[0]", "name_type"],
    ),
    "a flag of main mode twice": (
        {"main_mode": {"flags": ["IKEEXT_POLICY_FLAG_ENABLE_OPTIONAL_DH"] * 2}},
        ["main_mode", "flags", "twice"],
    ),
    "a flag of tunnels": (
        {"quick_mode": {"flags": ["IPSEC_POLICY_FLAG_CLEAR_DF_ON_TUNNEL"]}},
        ["quick_mode.flags[0]", "IPSEC_POLICY_FLAG_CLEAR_DF_ON_TUNNEL"],
    ),
    "IKEv2 that gives up at once": (
        {"main_mode": {"retransmit_seconds": 60}},
        ["main_mode", "retransmit_seconds", "120"],
    ),
    "a method for IKE twice": (
        ike(KERBEROS, KERBEROS),
        ["ike_authentication", "IKEEXT_KERBEROS", "FWP_E_DUPLICATE_AUTH_METHOD"],
    ),
    "a method for AuthIP twice": (
        authip(NTLM, KERBEROS, NTLM),
        ["authip_authentication", "IKEEXT_NTLM_V2", "FWP_E_DUPLICATE_AUTH_METHOD"],
    ),
    "methods of a module that is off are checked too": (
        ike(KERBEROS) | {"main_mode": {"authip_authentication": [CERTIFICATE]}},
        ["authip_authentication", "FWP_E_INCOMPATIBLE_AUTH_METHOD"],
    ),
    "a pre-shared key without a reference": (
        ike({"method": "IKEEXT_PRESHARED_KEY"}),
        ["main_mode.ike_authentication[0]", "IKEEXT_PRESHARED_KEY", "env:NAME", "keyring:NAME"],
    ),
    "a key for Kerberos": (ike({**KERBEROS, "key": "env:PSK"}), ["key", "IKEEXT_PRESHARED_KEY", "IKEEXT_KERBEROS"]),
    "a key that is a secret": (psk("correct horse"), ["main_mode.ike_authentication[0].key", "env:", "keyring:"]),
    "a key from nowhere": (psk("file:/etc/psk"), ["main_mode.ike_authentication[0].key", "env:", "keyring:"]),
    "a key without a name": (psk("env:"), ["main_mode.ike_authentication[0].key", "env:", "keyring:"]),
    "a certificate without configuration": (
        ike({"method": "IKEEXT_CERTIFICATE"}),
        ["IKEEXT_CERTIFICATE", "inbound", "outbound", "IKEEXT_CERT_CONFIG_TYPE"],
    ),
    "a trust list without roots": (
        ike({**CERTIFICATE, "inbound": "IKEEXT_CERT_CONFIG_EXPLICIT_TRUST_LIST"}),
        ["IKEEXT_CERT_CONFIG_EXPLICIT_TRUST_LIST", "roots", "FWP_E_ZERO_LENGTH_ARRAY"],
    ),
    "roots without a trust list": (
        ike({**CERTIFICATE, "roots": ["subject:CN=Root"]}),
        ["roots", "IKEEXT_CERT_CONFIG_EXPLICIT_TRUST_LIST"],
    ),
    "roots for Kerberos": (ike({**KERBEROS, "roots": ["subject:CN=Root"]}), ["roots", "IKEEXT_KERBEROS"]),
    "flags for NTLM": (
        authip({**NTLM, "flags": ["IKEEXT_CERT_AUTH_FLAG_DISABLE_CRL_CHECK"]}),
        ["flags", "IKEEXT_NTLM_V2"],
    ),
    "a root that is no subject": (
        ike({**CERTIFICATE, "inbound": "IKEEXT_CERT_CONFIG_EXPLICIT_TRUST_LIST", "roots": ["CN=Root"]}),
        ["roots[0]", "subject:", "thumbprint:"],
    ),
    "a root of a subject that is too long": (
        ike({**CERTIFICATE, "inbound": "IKEEXT_CERT_CONFIG_EXPLICIT_TRUST_LIST", "roots": ["subject:" + "a" * 513]}),
        ["roots[0]", "520"],
    ),
    "an address of certificates that is too long": (
        authip({**SSL, "certificate_url": "http://" + "a" * 2041}),
        ["certificate_url", "2047"],
    ),
    # Main mode.
    "no main mode proposal": ({"main_mode": {"proposals": []}}, ["main_mode.proposals"]),
    "no Diffie-Hellman group with IKE": (
        main_mode(dh_group="IKEEXT_DH_GROUP_NONE"),
        ["main_mode.proposals[0]", "IKEEXT_DH_GROUP_NONE", "FWP_E_INCOMPATIBLE_DH_GROUP", PAGES["dh-group"]],
    ),
    "an unknown cipher": (main_mode(cipher="AES"), ["main_mode.proposals[0].cipher", "'AES'", "IKEEXT_CIPHER_AES_256"]),
    "a cipher of IKEv2": (
        main_mode(cipher="IKEEXT_CIPHER_AES_GCM_256_16ICV"),
        ["proposals[0]", "IKEEXT_CIPHER_AES_GCM_256_16ICV", "ikev2_proposals"],
    ),
    "an unknown integrity": (
        main_mode(integrity="SHA1"),
        ["main_mode.proposals[0].integrity", "IKEEXT_INTEGRITY_SHA1"],
    ),
    "a main mode of no seconds": (main_mode(lifetime_seconds=0), ["main_mode.proposals[0].lifetime_seconds", "0"]),
    "a main mode of 33 bits": (main_mode(lifetime_seconds=2**32), ["main_mode.proposals[0].lifetime_seconds"]),
    # Quick mode.
    "no quick mode proposal": ({"quick_mode": {"proposals": []}}, ["quick_mode.proposals"]),
    "no transform": (quick_mode(), ["quick_mode.proposals[0].transforms"]),
    "three transforms": (quick_mode(AH, ESP_AUTH, ESP_CIPHER), ["quick_mode.proposals[0].transforms"]),
    "AH and AH": (
        quick_mode(AH, AH),
        ["quick_mode.proposals[0]", "AH plus ESP", "FWP_E_INVALID_TRANSFORM_COMBINATION", PAGES["proposal"]],
    ),
    "ESP and ESP": (
        quick_mode(ESP_AUTH, ESP_CIPHER),
        ["quick_mode.proposals[0]", "AH plus ESP", "FWP_E_INVALID_TRANSFORM_COMBINATION"],
    ),
    "AH without authentication": (
        quick_mode({"type": "IPSEC_TRANSFORM_AH"}),
        ["IPSEC_TRANSFORM_AH", "auth", "FWP_E_INVALID_AUTH_TRANSFORM"],
    ),
    "AH with a cipher": (
        quick_mode({**AH, "cipher": AES}),
        ["IPSEC_TRANSFORM_AH", "cipher", "FWP_E_INVALID_CIPHER_TRANSFORM"],
    ),
    "ESP authentication with a cipher": (
        quick_mode({**ESP_AUTH, "cipher": AES}),
        ["IPSEC_TRANSFORM_ESP_AUTH", "FWP_E_INVALID_CIPHER_TRANSFORM"],
    ),
    "ESP encryption with authentication": (
        quick_mode({**ESP_CIPHER, "auth": SHA}),
        ["IPSEC_TRANSFORM_ESP_CIPHER", "FWP_E_INVALID_AUTH_TRANSFORM"],
    ),
    "ESP encryption without a cipher": (
        quick_mode({"type": "IPSEC_TRANSFORM_ESP_CIPHER"}),
        ["IPSEC_TRANSFORM_ESP_CIPHER", "FWP_E_INVALID_CIPHER_TRANSFORM"],
    ),
    "ESP both without a cipher": (
        quick_mode({**ESP_AUTH, "type": "IPSEC_TRANSFORM_ESP_AUTH_AND_CIPHER"}),
        ["IPSEC_TRANSFORM_ESP_AUTH_AND_CIPHER", "FWP_E_INVALID_CIPHER_TRANSFORM"],
    ),
    "GCM of two lengths": (
        quick_mode({**ESP_BOTH, "auth": "IPSEC_AUTH_CONFIG_GCM_AES_128", "cipher": "IPSEC_CIPHER_CONFIG_GCM_AES_256"}),
        ["IPSEC_AUTH_CONFIG_GCM_AES_128", "IPSEC_CIPHER_CONFIG_GCM_AES_256", "FWP_E_INVALID_TRANSFORM_COMBINATION"],
    ),
    "GCM with a hash": (
        quick_mode({**ESP_BOTH, "cipher": "IPSEC_CIPHER_CONFIG_GCM_AES_256"}),
        [SHA, "IPSEC_CIPHER_CONFIG_GCM_AES_256", "FWP_E_INVALID_TRANSFORM_COMBINATION"],
    ),
    "GCM with CBC": (
        quick_mode({**ESP_BOTH, "auth": "IPSEC_AUTH_CONFIG_GCM_AES_128"}),
        ["IPSEC_AUTH_CONFIG_GCM_AES_128", AES, "FWP_E_INVALID_TRANSFORM_COMBINATION"],
    ),
    "a transform for tunnels": (
        quick_mode({"type": "IPSEC_TRANSFORM_ESP_AUTH_FW", "auth": SHA}),
        ["quick_mode.proposals[0].transforms[0].type", "IPSEC_TRANSFORM_ESP_AUTH_FW"],
    ),
    "a quick mode of 299 seconds": (
        quick_mode(ESP_BOTH, lifetime_seconds=299),
        ["quick_mode.proposals[0].lifetime_seconds", "300", "299"],
    ),
    "a quick mode of three days": (
        quick_mode(ESP_BOTH, lifetime_seconds=259200),
        ["quick_mode.proposals[0].lifetime_seconds", "172800"],
    ),
    "a quick mode of few kilobytes": (
        quick_mode(ESP_BOTH, lifetime_kilobytes=20479),
        ["quick_mode.proposals[0].lifetime_kilobytes", "20480"],
    ),
    "a quick mode of no packets": (
        quick_mode(ESP_BOTH, lifetime_packets=0),
        ["quick_mode.proposals[0].lifetime_packets", "0"],
    ),
    "an unknown PFS group": (
        quick_mode(ESP_BOTH, pfs_group="PFS2048"),
        ["quick_mode.proposals[0].pfs_group", "'PFS2048'", "IPSEC_PFS_2048"],
    ),
    "an idle time of nothing": ({"quick_mode": {"idle_timeout_seconds": 0}}, ["quick_mode.idle_timeout_seconds", "0"]),
    # Extended mode.
    "extended mode without AuthIP": (
        {"keying_modules": ["IKE"], "extended_mode": {}},
        ["extended_mode", "AuthIP", "FWP_E_EM_NOT_SUPPORTED", PAGES["em-policy"]],
    ),
    "extended mode without methods": ({"extended_mode": {"authentication": []}}, ["extended_mode.authentication"]),
    "extended mode with a method of IKE": (
        {"extended_mode": {"authentication": [CERTIFICATE]}},
        ["extended_mode", "IKEEXT_CERTIFICATE", "FWP_E_INCOMPATIBLE_AUTH_METHOD"],
    ),
    "extended mode with a method twice": (
        {"extended_mode": {"authentication": [KERBEROS, KERBEROS]}},
        ["extended_mode", "IKEEXT_KERBEROS", "FWP_E_DUPLICATE_AUTH_METHOD"],
    ),
    "an unknown impersonation": (
        {"extended_mode": {"impersonation": "SYSTEM"}},
        ["extended_mode.impersonation", "'SYSTEM'", "IKEEXT_IMPERSONATION_NONE"],
    ),
    # Exemptions.
    "two exemptions of one name": (
        {"exemptions": [{"name": "DNS"}, {"name": "WINS"}, {"name": "DNS"}]},
        ["exemptions[2].name", "'DNS'", "twice"],
    ),
    "ports of any protocol": (exemption(local_ports=[53]), ["exemptions[0]", "ports", "TCP or UDP", "any"]),
    "ports of ICMP": (
        exemption(protocol="icmp", remote_ports=[8]),
        ["exemptions[0]", "ports", "icmp", "the same field"],
    ),
    "ports of SCTP": (exemption(protocol=132, remote_ports=[80]), ["exemptions[0]", "ports", "132"]),
    "an ICMP type of TCP": (exemption(protocol="tcp", icmp_type=8), ["exemptions[0]", "icmp_type", "tcp"]),
    "an ICMP code without a type": (
        exemption(protocol="icmp", icmp_code=0),
        ["exemptions[0]", "icmp_code", "icmp_type"],
    ),
    "an ICMP type of nine bits": (exemption(protocol="icmp", icmp_type=256), ["exemptions[0].icmp_type", "255", "256"]),
    "an unknown protocol": (
        exemption(protocol="quic"),
        ["exemptions[0].protocol", "'quic'", "any, icmp, tcp, udp, icmpv6, igmp, gre, esp, ah"],
    ),
    "a protocol of nine bits": (exemption(protocol=256), ["exemptions[0].protocol", "256", "255"]),
    "a protocol as a yes": (exemption(protocol=True), ["exemptions[0].protocol", "True"]),
    "no layer": (exemption(layers=[]), ["exemptions[0].layers", "enabled = false"]),
    "a layer twice": (
        exemption(layers=["FWPM_LAYER_INBOUND_TRANSPORT"] * 2),
        ["exemptions[0].layers", "twice"],
    ),
    "an unknown layer": (
        exemption(layers=["FWPM_LAYER_STREAM"]),
        ["exemptions[0].layers", "'FWPM_LAYER_STREAM'", "FWPM_LAYER_INBOUND_TRANSPORT"],
    ),
    "a layer with its family": (
        exemption(layers=["FWPM_LAYER_INBOUND_TRANSPORT_V4"]),
        ["'FWPM_LAYER_INBOUND_TRANSPORT_V4'", "write FWPM_LAYER_INBOUND_TRANSPORT", "families"],
    ),
    "a protocol at a layer of packets": (
        exemption(protocol="udp", layers=["FWPM_LAYER_INBOUND_IPPACKET"]),
        ["exemptions[0]", "FWPM_LAYER_INBOUND_IPPACKET", "IP_PROTOCOL", "protocol", "FWP_E_CONDITION_NOT_FOUND"],
    ),
    "a remote address at a layer of listeners": (
        exemption(remote_addresses=["192.0.2.1"], layers=["FWPM_LAYER_ALE_AUTH_LISTEN"]),
        ["FWPM_LAYER_ALE_AUTH_LISTEN", "IP_REMOTE_ADDRESS", "remote_addresses", "FWP_E_CONDITION_NOT_FOUND"],
    ),
    "a unicast condition at a layer of policy": (
        exemption(layers=["FWPM_LAYER_IKEEXT"]),
        ["FWPM_LAYER_IKEEXT", "IP_LOCAL_ADDRESS_TYPE", "unicast", "FWP_E_CONDITION_NOT_FOUND"],
    ),
    "addresses of no common family": (
        exemption(local_addresses=["192.0.2.1"], remote_addresses=["2001:db8::1"]),
        ["exemptions[0]", "local_addresses", "remote_addresses", "family"],
    ),
    "an address of a family left out": (
        exemption(families=["V4"], remote_addresses=["2001:db8::1"]),
        ["exemptions[0]", "remote_addresses", "2001:db8::1", "V6"],
    ),
    "an IPv6 address in a design for IPv4": (
        {"families": ["V4"], **exemption(local_addresses=["2001:db8::1"])},
        ["exemptions[0].local_addresses", "2001:db8::1", "'example'", "V6", "V4"],
    ),
    "an exemption for IPv4 in a design for IPv6": (
        {"families": ["V6"], **exemption(families=["V4"])},
        ["exemptions[0].families", "'example'", "V6"],
    ),
}


def reason(fields):
    """Return the line by which plain data is refused; the same whether it is validated or read from a file."""
    with pytest.raises(InputError) as caught:
        design_from(json.loads(json.dumps({"name": "test", **fields})), "file.json")
    with pytest.raises(ValidationError):
        Design.model_validate({"name": "test", **fields})
    return one_line(str(caught.value))


@pytest.mark.parametrize("case", REFUSALS)
def test_refused_with_what_and_why(case):
    fields, said = REFUSALS[case]
    message = reason(fields)
    assert message.startswith("file.json")
    for part in said:
        assert part in message, f"{part!r} is not in: {message}"


def test_what_stands_beside_the_refusals_is_accepted():
    """Each refusal is about one thing: the same design without it is fine."""
    for fields in (
        {},
        ike(KERBEROS),
        ike(KERBEROS, CERTIFICATE, {"method": "IKEEXT_PRESHARED_KEY", "key": "env:PSK"}),
        ike({**CERTIFICATE, "inbound": "IKEEXT_CERT_CONFIG_EXPLICIT_TRUST_LIST", "roots": ["thumbprint:" + "0f" * 20]}),
        ike({**CERTIFICATE, "inbound": "IKEEXT_CERT_CONFIG_EXPLICIT_TRUST_LIST", "roots": ["subject:" + "a" * 512]}),
        authip(KERBEROS, NTLM, SSL, {"method": "IKEEXT_ANONYMOUS"}),
        main_mode(),
        {"keying_modules": ["AuthIP"], **main_mode(dh_group="IKEEXT_DH_GROUP_NONE")},
        quick_mode(AH),
        quick_mode(AH, ESP_BOTH),
        quick_mode(ESP_CIPHER, AH),
        quick_mode(ESP_BOTH, lifetime_seconds=300, lifetime_kilobytes=20480, lifetime_packets=1),
        quick_mode({**ESP_BOTH, "auth": "IPSEC_AUTH_CONFIG_GCM_AES_192", "cipher": "IPSEC_CIPHER_CONFIG_GCM_AES_192"}),
        {"extended_mode": {}},
        {"scenario": "boundary"},
        {"scenario": "require"},
        {"sublayer": {"kind": "own", "weight": 0}},
        {"sublayer": {"kind": "own", "weight": 65535}},
        {"name": "a" * 512},
        exemption(protocol="tcp", local_ports=[53]),
        exemption(protocol="icmp", icmp_type=255, icmp_code=255),
        exemption(protocol=58, icmp_type=1),
        exemption(layers=["FWPM_LAYER_INBOUND_IPPACKET"]),
        exemption(layers=["FWPM_LAYER_ALE_AUTH_LISTEN"], local_addresses=["192.0.2.1"]),
    ):
        Design.model_validate({"name": "test", **fields})


@pytest.mark.parametrize("secret", ["hunter2hunter2", "env:my secret", "S3cr3t:With:Colons", "k" * 200])
def test_a_secret_in_place_of_a_reference_is_not_repeated(secret):
    assert secret[:20] not in reason(psk(secret))
    assert secret[:20] not in reason(ike({**KERBEROS, "key": secret}))
    assert secret[:20] not in reason(ike({"method": "IKEEXT_PRESHARED_KEY", "psk": secret}))
    text = f'name = "test"\n[main_mode]\nike_authentication = [{{method = "IKEEXT_PRESHARED_KEY", key = "{secret}"}}]\n'
    assert secret[:20] not in refused(text)


def test_a_secret_of_digits_is_not_repeated_either():
    assert "87654321" not in reason(psk(87654321))


def test_a_change_is_refused_as_a_file_is():
    for changes, code in (
        ({"keying_modules": ()}, "keying_modules is empty"),
        ({"rules": ({"mode": "boundary", "nd_secure": True},)}, "ND_BOUNDARY"),
        ({"extended_mode": {}, "keying_modules": ("IKE",)}, "FWP_E_EM_NOT_SUPPORTED"),
    ):
        with pytest.raises(ValidationError, match=code):
            change(design(), **changes)


def test_nothing_can_be_changed_behind_the_checks():
    made = design(exemptions=[{"name": "DNS"}])
    for element, field, value in (
        (made, "keying_modules", ()),
        (made.exemptions[0], "layers", ()),
        (made.main_mode, "proposals", ()),
        (made.sublayer, "weight", 1),
    ):
        with pytest.raises(ValidationError, match="frozen"):
            setattr(element, field, value)


@pytest.mark.parametrize("layer", ["FWPM_LAYER_IKEEXT", "FWPM_LAYER_IPSEC"])
def test_layers_of_policy_take_no_exemption(layer):
    with pytest.raises(ValidationError, match="FWP_E_CONDITION_NOT_FOUND"):
        Exemption(name="x", layers=(layer,))


def test_the_layers_that_are_proposed_can_be_chosen():
    message = reason(exemption(layers=["FWPM_LAYER_STREAM"]))
    proposed = re.findall(r"FWPM_LAYER_\w+", message.partition("choose")[2])
    assert len(proposed) > 3
    for layer in proposed:
        assert Exemption(name="x", layers=(layer,)).layers == (layer,)


def test_switching_a_module_off_keeps_what_was_decided_for_it():
    both = design(main_mode={"authip_authentication": [NTLM]})
    only_ike = change(both, keying_modules=("IKE",))
    assert change(only_ike, keying_modules=("IKE", "AuthIP")) == both


def test_all_problems_are_counted_and_the_first_is_told():
    message = refused('name = ""\nscenario = "x"\nlifetime = "y"\n')
    assert "line 1" in message
    assert "and 2 more" in message
