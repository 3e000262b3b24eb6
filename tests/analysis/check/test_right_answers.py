"""What people asked for or were bitten by, each as a design of its own, with the answer that is right."""

import pytest

from ndtui.analysis.check.examine import Report, examine
from ndtui.analysis.trace.boot_trace import boot_outcome, boot_tracer
from ndtui.analysis.trace.tracer import trace
from ndtui.analysis.traffic.packet import parse_packet
from ndtui.model.compiled.compile import compile_design
from ndtui.model.design.design import Design
from tests.cli.conftest import run
from tests.cli.running import Run
from tests.model.scenarios.test_rule_tables import lines
from tests.support import design, exempting, preset, refused

__all__ = ["run"]


def report(of: Design) -> Report:
    return examine(compile_design(of))


def ids(of: Design) -> set[str]:
    return {each.id for each in report(of).findings}


def test_traffic_before_bfe_is_up():
    """Source: https://learn.microsoft.com/windows/win32/fwp/object-management, "Object Lifetimes"."""
    of = design(rules=[{"mode": "require"}], lifetime="persistent")
    (said,) = [each for each in report(of).findings if each.id == "before-bfe"]
    assert "added when BFE starts: until then traffic passes in clear" in said.message
    assert "boot-time filters" in said.why
    assert said.source.endswith("/fwp/object-management")
    assert 'before_bfe = ["inbound", "outbound"]' in said.remedy
    assert "before-bfe" not in ids(design(rules=[{"mode": "require"}]))


def test_traffic_before_bfe_is_up_can_be_blocked():
    """Cases: henrypp/simplewall#292 and #2058, tnodir/fort#754; Windows Firewall's own filters stand there too."""
    icmp = {"name": "ICMP", "protocol": "icmp", "before_bfe": True}
    closed = exempting(icmp, rules=[{"mode": "require"}], lifetime="persistent", before_bfe=["inbound", "outbound"])
    assert "before-bfe" not in ids(closed)
    tracer = boot_tracer(compile_design(closed))
    for packet, wanted in (
        ("in tcp 192.0.2.5 -> 192.0.2.9:445", "blocked"),
        ("out tcp 192.0.2.9 -> 192.0.2.5:443", "blocked"),
        ("in icmp 192.0.2.5 -> 192.0.2.9", "exempt"),
    ):
        assert boot_outcome(tracer.trace(parse_packet(packet))) == wanted
    half = design(rules=[{"mode": "require"}], lifetime="persistent", before_bfe=["inbound"])
    (said,) = [each for each in report(half).findings if each.id == "before-bfe"]
    assert "until then outbound traffic passes in clear" in said.message
    assert "block inbound traffic only" in said.why
    assert 'before_bfe = ["inbound", "outbound"]' in said.remedy
    assert "before-bfe" not in ids(design(lifetime="persistent", before_bfe=["inbound"]))  # outbound may be clear later
    assert "before-bfe" not in ids(design(rules=[{"mode": "boundary"}], lifetime="persistent"))
    encrypted = [{"name": "base", "mode": "boundary", "encryption": "guaranteed"}]
    assert "before-bfe" in ids(design(rules=encrypted, lifetime="persistent", before_bfe=["inbound"]))


def test_boot_time_is_no_lifetime():
    said = refused('name = "x"\nlifetime = "boottime"\n')
    assert 'lifetime = "persistent"' in said
    assert "before_bfe" in said


def test_remote_management_is_locked_out(run: Run):
    """Source: the repair that Microsoft has for virtual machines after just this (win-fix-ipsec-rdp-block.ps1)."""
    (said,) = [each for each in report(preset("nd-transport")).findings if each.id == "management-dropped"]
    assert said.severity == "warning"
    for port in (3389, 5985, 22, 445):
        assert f"({port})" in said.message
    assert "Remote management" in run("plan", "nd-transport").err
    assert "Remote management" in run("apply", "nd-transport", "--yes").err


def test_protection_of_one_port_for_one_subnet():
    """Sources: KB 2855053 and scripts with one TCP port; it took exemptions of all other traffic before."""
    scope = {"protocol": "tcp", "local_ports": [445], "remote_addresses": ["10.10.2.0/24"]}
    asserted = [
        {"traffic": "in tcp from 10.10.2.0/24 to any port 445", "verdict": "protected"},
        {"traffic": "in tcp from 192.0.2.0/24 to any port 445", "verdict": "untouched"},
        {"traffic": "in tcp from 10.10.2.0/24 to any port 446", "verdict": "untouched"},
        {"traffic": "out v6 tcp", "verdict": "untouched"},
    ]
    of = design(
        rules=[{"name": "SMB", "mode": "require", "scope": scope}], keying_modules=["IKE"], **{"assert": asserted}
    )
    found = report(of)
    assert [proof.holds for proof in found.proofs] == [True] * len(asserted)
    assert {each.id for each in found.findings} == {"condition-left-out"}
    asks = "PROTOCOL=6 REMOTE_ADDRESS=10.10.2.0/255.255.255.0 LOCAL_PORT=445"
    assert lines(of) == [
        "IKEEXT_V4 | SMB: IKE main mode | REMOTE_ADDRESS=10.10.2.0/255.255.255.0",
        f"IPSEC_V4 | SMB: IKE quick mode | {asks}",
        f"INBOUND_TRANSPORT_V4 | INBOUND_TRANSPORT_V4 0 | unicast {asks}",
        f"OUTBOUND_TRANSPORT_V4 | OUTBOUND_TRANSPORT_V4 0 | unicast {asks}",
    ]


@pytest.mark.parametrize(
    "keyword",
    [
        "LocalSubnet",
        "localsubnet",
        "LocalSubnet6",
        "DNS",
        "DHCP",
        "WINS",
        "DefaultGateway",
        "Internet",
        "PlayToDevice",
        "IntranetRemoteAccess",
        "Local subnet",
        "DNS servers",
        "Default gateway",
    ],
)
@pytest.mark.parametrize("where", ["exemptions", "rules"])
def test_keywords_of_the_firewall_service_are_no_addresses(keyword: str, where: str):
    """Cases: TechNet cc730706 step 5, scripts with endpoint2=localsubnet."""
    part = {
        "exemptions": f'[[exemptions]]\nname = "LS"\nremote_addresses = ["{keyword}"]\n',
        "rules": f'[[rules]]\n[rules.scope]\nremote_addresses = ["{keyword}"]\n',
    }[where]
    message = refused(f'name = "ls"\nversion = 2\n{part}')
    assert f"'{keyword}' is a keyword of Windows Firewall, and WFP has addresses only: write the " in message
    assert "line " in message


def test_a_name_that_is_no_keyword_is_refused_as_ever():
    message = refused('name = "ls"\n[[exemptions]]\nname = "LS"\nremote_addresses = ["LocalSubnets"]\n')
    assert "'LocalSubnets' is no address" in message
    message = refused('name = "any"\n[[exemptions]]\nname = "Any"\nremote_addresses = ["Any"]\n')
    assert "'Any' is every address: leave the field out" in message


@pytest.mark.parametrize(
    ("keyword", "meant"),
    [
        ("RPC", "the ports that RPC gives out, such as 49152-65535"),
        ("RPCEPMap", "135"),
        ("RPC-EPMap", "135"),
        ("rpc-epmap", "135"),
        ("IPHTTPS", "the port of IP-HTTPS"),
        ("IPHTTPSIn", "the port of IP-HTTPS"),
        ("Teredo", "the port of Teredo"),
        ("PlayToDiscovery", "the ports that are meant"),
        ("mDNS", "5353"),
    ],
)
@pytest.mark.parametrize("side", ["local_ports", "remote_ports"])
def test_keywords_of_the_firewall_service_are_no_ports(keyword: str, meant: str, side: str):
    """Source: FW_PORT_KEYWORD in MS-FASP: the ports that they stand for change, and a service keeps track of them."""
    for part in ('[[exemptions]]\nname = "a"\n', "[[rules]]\n[rules.scope]\n"):
        message = refused(f'name = "ports"\nversion = 2\n{part}protocol = "tcp"\n{side} = ["{keyword}"]\n')
        assert (
            f"{side}: '{keyword}' is a keyword of Windows Firewall, and WFP has numbers only: write {meant}" in message
        )
        message = refused(f'name = "ports"\nversion = 2\n{part}protocol = "tcp"\n{side} = "Any"\n')
        assert "'Any' is every port: leave the field out" in message


GROUP = "O:LSD:(A;;CC;;;S-1-5-21-1-2-3-1104)"


def test_only_members_of_a_group_reach_a_port():
    """Source: https://learn.microsoft.com/windows/win32/fwp/remote-identity-authorization."""
    desk = {
        "name": "Desk",
        "mode": "inherit",
        "machines": GROUP,
        "scope": {"protocol": "tcp", "local_ports": [3389]},
    }
    of = design(rules=[{"name": "base"}, desk], families=["V4"], keying_modules=["IKE"])
    asks = "unicast PROTOCOL=6 LOCAL_PORT=3389"
    assert [each for each in lines(of) if each.startswith("ALE_AUTH_RECV_ACCEPT")] == [
        "ALE_AUTH_RECV_ACCEPT_V4 | INBOUND_INITIATE_SECURE_V4 0 | unicast",
        f"ALE_AUTH_RECV_ACCEPT_V4 | INBOUND_INITIATE_SECURE_V4 0 | {asks} ALE_REMOTE_MACHINE_ID={GROUP}",
        f"ALE_AUTH_RECV_ACCEPT_V4 | BLOCK | {asks}",
    ]
    assert report(of).passed
    users = refused(
        'name = "x"\nversion = 2\nkeying_modules = ["IKE"]\n[[rules]]\nname = "base"\n[[rules]]\nname = "Desk"\n'
        f'mode = "inherit"\nusers = "{GROUP}"\n'
    )
    assert "extended mode" in users


def test_esp_and_ah_cannot_be_exempt():
    """Source: developing-ipsec-compatible-callout-drivers: they are verified and decrypted at the transport layer."""
    of = exempting({"name": "ESP", "protocol": 50}, {"name": "AH", "protocol": 51}, {"name": "GRE", "protocol": 47})
    said = [each for each in report(of).findings if each.id == "exempts-ipsec"]
    assert [str(each.where) for each in said] == ["exemption:ESP", "exemption:AH"]
    assert all("does nothing" in each.message for each in said)
    assert "decrypts at the transport layer" in said[0].why


def test_who_sends_from_port_53_is_not_let_in_by_the_preset():
    compiled = compile_design(preset("nd-domain-member"))
    for traffic, port in (("tcp", 3389), ("tcp", 51000), ("udp", 3389)):
        outcomes = trace(compiled, parse_packet(f"in {traffic} 203.0.113.7:53 -> 10.0.0.9:{port}")).outcomes
        assert outcomes.peer_without_ipsec.settled == "blocked"
    controller = trace(compiled, parse_packet("in tcp 192.0.2.10:61000 -> 10.0.0.9:445")).outcomes
    assert controller.peer_without_ipsec.settled == "exempt"
    answer = trace(compiled, parse_packet("in udp 203.0.113.7:53 -> 10.0.0.9:51000 later")).outcomes
    assert answer.peer_without_ipsec.settled == "exempt"
