"""``ndtui trace`` and the page that ``ndtui matrix`` makes, on the command line."""

import json
from pathlib import Path
from typing import Any

import pytest

from ndtui.analysis.traffic.packet_grammar import GRAMMAR
from tests.cli.running import Run
from tests.support import ROOT

ISOLATION = ("nd-transport", "nd-boundary", "transport-require", "nd-certificates", "nd-ike-only")
INBOUND = "in tcp 10.0.0.5:51000 -> 10.0.0.9:443"
OUTBOUND = "out tcp 10.0.0.9:51000 -> 10.0.0.5:443"
ICMP = "in icmp 10.0.0.5 -> 10.0.0.9"


def document(run: Run, *words: str | Path) -> Any:
    ran = run("trace", *words, "--json")
    assert (ran.status, ran.err) == (0, "")
    return json.loads(ran.out)


def printed(run: Run, *words: str | Path) -> str:
    ran = run("trace", *words)
    assert (ran.status, ran.err) == (0, "")
    assert all(len(line) <= 80 for line in ran.out.splitlines())
    return ran.out


def course(first: str, settled: str) -> dict[str, str]:
    return {"first": first, "settled": settled}


REQUIRED = {"peer_with_ipsec": course("blocked", "protected"), "peer_without_ipsec": course("blocked", "blocked")}
REQUESTED = {"peer_with_ipsec": course("clear", "protected"), "peer_without_ipsec": course("clear", "clear")}
EXEMPT = {"peer_with_ipsec": course("exempt", "exempt"), "peer_without_ipsec": course("exempt", "exempt")}


@pytest.mark.parametrize(
    ("design", "packet", "wanted"),
    [
        ("nd-transport", INBOUND, REQUIRED),
        ("nd-transport", OUTBOUND, REQUESTED),
        ("nd-transport", ICMP, EXEMPT),
        ("nd-boundary", INBOUND, REQUESTED),
        ("nd-boundary", OUTBOUND, REQUESTED),
        ("nd-boundary", ICMP, EXEMPT),
        ("transport-require", INBOUND, REQUIRED),
        ("transport-require", OUTBOUND, REQUIRED),
        ("transport-require", ICMP, EXEMPT),
    ],
)
def test_the_outcome_as_json(design: str, packet: str, wanted: object, run: Run):
    assert document(run, design, packet)["outcome"] == wanted


def test_the_steps_as_json(run: Run):
    traced = document(run, "nd-transport", "out udp 10.0.0.9:500 -> 10.0.0.5:500")
    assert [step["layerKey"] for step in traced["steps"]] == [
        "FWPM_LAYER_ALE_AUTH_CONNECT_V4",
        "FWPM_LAYER_OUTBOUND_TRANSPORT_V4",
        "FWPM_LAYER_OUTBOUND_IPPACKET_V4",
    ]
    connect, transport, _ = traced["steps"]
    assert connect["deciding"]["origin"] == transport["deciding"]["origin"] == "bfe:ike-exemption"
    (sublayer,) = transport["subLayers"]
    assert [each["name"] for each in sublayer["beaten"]] == ["nd-transport: outbound transport"]
    failed = {each["name"]: each["reason"] for each in transport["notMatching"]}
    assert failed["nd-transport: exempt ICMP"] == "wants ICMP, has UDP"
    assert transport["notMatchingCount"] == len(failed) == 2


def test_the_trace_for_a_person(run: Run):
    text = printed(run, "nd-transport", INBOUND)
    assert "decides   nd-transport: require protection inbound" in text
    assert "not met   nd-transport: exempt ICMP: wants ICMP, has TCP" in text
    assert "peer with IPsec       blocked            protected\n" in text
    assert "Must be protected, and is dropped if it is not" in text
    assert "Because of scenario negotiation-discovery: nd-transport: require protection" in text
    exempt = printed(run, "nd-transport", ICMP)
    assert "outranks  nd-transport: inbound transport" in exempt
    assert "Because of exemption ICMP" in exempt


def test_what_to_bear_in_mind_is_said(run: Run):
    assert "A later packet does not meet the ALE layer again" in printed(run, "nd-transport", f"{INBOUND} later")
    assert "not documented" in printed(run, "nd-transport", "in tcp 127.0.0.1:1 -> 127.0.0.1:2")
    assert "its filters ask for unicast, and this is multicast" in printed(
        run, "nd-transport", "in udp 10.0.0.5:5353 -> 224.0.0.251:5353"
    )
    assert "no filters for IPv6 where this packet passes" in printed(
        run, "nd-ipv4-only", "in tcp [fe80::5]:51000 -> [fe80::9]:443"
    )


def test_fields_by_options_make_the_same_packet(run: Run):
    words = ("--direction", "in", "--protocol", "icmp", "--from", "10.0.0.5", "--to", "10.0.0.9", "--icmp-type", "3")
    more = ("--icmp-code", "4", "--later", "--loopback", "--type", "multicast")
    assert document(run, "nd-transport", *words, *more) == document(
        run, "nd-transport", f"{ICMP} type 3 code 4 later loopback multicast"
    )
    assert document(run, "nd-transport", ICMP[3:], "--direction", "in") == document(run, "nd-transport", ICMP)


def test_many_packets_come_from_a_file(run: Run, tmp_path: Path):
    file = tmp_path / "packets.txt"
    file.write_text(f"# the three\n{INBOUND}\n{OUTBOUND}  # to the web\n\n{ICMP}\n")
    found = document(run, "nd-transport", "--file", file)["traces"]
    assert [each["outcome"] for each in found] == [REQUIRED, REQUESTED, EXEMPT]
    ran = run("trace", "nd-transport", "--file", "-", stdin=file.read_bytes())
    lines = ran.out.splitlines()
    assert len(lines) == 4
    assert lines[1].startswith("blocked, protected  blocked  in tcp 10.0.0.5:51000 -> 10.0.0.9:443")


def test_filters_that_do_not_match_are_left_out_unless_all_are_wanted(run: Run, tmp_path: Path):
    exemptions = "".join(
        f'[[exemptions]]\nname = "e{n}"\nprotocol = "udp"\nremote_ports = {n + 1}\n' for n in range(50)
    )
    file = tmp_path / "many.toml"
    file.write_text(f'format = "ndtui-design"\nversion = 1\nname = "many"\n{exemptions}')
    assert "more that do not match; --all shows them" in printed(run, file, INBOUND)
    few, every = document(run, file, INBOUND)["steps"][1], document(run, file, INBOUND, "--all")["steps"][1]
    assert len(few["notMatching"]) < len(every["notMatching"]) == few["notMatchingCount"] == 52
    assert printed(run, file, INBOUND, "--all").count("not met") == 104


def test_a_bundle_is_traced_like_the_design_it_holds(run: Run, tmp_path: Path):
    bundle = tmp_path / "bundle.json"
    bundle.write_text(run("compile", "nd-transport", "--json").out)
    assert document(run, bundle, INBOUND) == document(run, "nd-transport", INBOUND)


@pytest.mark.parametrize("name", ["[/x] [b", "a" * 300, "ключ 鍵 " * 40])
def test_a_hostile_name_is_harmless(name: str, run: Run, tmp_path: Path):
    file = tmp_path / "hostile.toml"
    file.write_text(f'format = "ndtui-design"\nversion = 1\nname = "{name.strip()}"\n', encoding="utf-8")
    assert f"{name[:5]}" in run("trace", file, INBOUND).out
    as_timeline = run("trace", file, INBOUND, "--peer", file)
    assert (as_timeline.status, as_timeline.err) == (0, "")


@pytest.mark.parametrize(
    ("peer", "wanted", "module"),
    [
        ("none", course("clear", "clear"), None),
        ("ike", course("clear", "protected"), "IKE"),
        ("authip", course("clear", "protected"), "AuthIP"),
        ("ikev2", course("clear", "clear"), None),
        ("both", course("clear", "protected"), "AuthIP"),
        ("all", course("clear", "protected"), "AuthIP"),
        ("nd-boundary", course("clear", "protected"), "AuthIP"),
        ("transport-require", course("blocked", "protected"), "AuthIP"),
        (
            "nd-ike-only",
            course("blocked", "blocked"),
            None,
        ),  # it proves itself with certificates, and is asked for Kerberos
    ],
)
def test_the_timeline_with_a_peer(peer: str, wanted: object, module: str | None, run: Run):
    as_timeline = document(run, "nd-transport", OUTBOUND, "--peer", peer)
    assert (as_timeline["course"], as_timeline["module"]) == (wanted, module)


def test_the_timeline_as_text(run: Run):
    text = printed(run, "nd-transport", OUTBOUND, "--time-line")
    assert "with a peer with all keying modules" in text
    assert "with a peer with IKE and AuthIP" in printed(run, "nd-transport", OUTBOUND, "--peer", "both")
    assert text.index("Main mode by AuthIP") < text.index("Quick mode") < text.index("The connection is upgraded")
    assert "SA + 10 s" in text
    assert text.endswith("First clear, then protected.\n")
    failed = printed(run, "nd-transport", INBOUND, "--mismatch", "authentication")
    assert "No common authentication." in failed
    assert failed.endswith("Blocked throughout.\n")


#: Command lines, and what the line that refuses them must say.
BAD_USE = {
    ("nd-transport",): "there is no packet",
    ("nd-transport", "nonsense"): "no -> between its two ends",
    ("nd-transport", "tcp 10.0.0.5:1 -> 10.0.0.9:2"): "--direction",
    ("nd-transport", "--protocol", "tcp"): "--from and --to is missing",
    ("nope", INBOUND): "nope",
    ("nd-transport", INBOUND, "--peer", "nope"): "nope",
    ("nd-transport", INBOUND, "--peer", "ikev3"): "there is no peer 'ikev3': did you mean ikev2 or ike?",
    ("nd-transport", "--file", "missing.txt"): "missing.txt",
    ("-", "--file", "-"): "cannot hold both",
    ("nd-transport", INBOUND, "--icmp-type", "3"): "type belongs to ICMP",
}


@pytest.mark.parametrize("words", BAD_USE, ids=" ".join)
def test_bad_use_is_refused_in_one_line(words: tuple[str, ...], run: Run, tmp_path: Path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert BAD_USE[words] in run("trace", *words).refusal()


def test_a_file_is_refused_with_the_line_that_is_wrong(run: Run, tmp_path: Path):
    file = tmp_path / "packets.txt"
    file.write_text(f"{INBOUND}\n# fine so far\nin tcp 10.0.0.5:1 -> 10.0.0.9\n")
    assert (
        "packets.txt, line 3: the destination 10.0.0.9 has no port"
        in run("trace", "nd-transport", "--file", file).refusal()
    )
    file.write_text("# nothing\n")
    assert "holds no packet" in run("trace", "nd-transport", "--file", file).refusal()


def test_the_grammar_is_in_the_help(run: Run):
    assert GRAMMAR in run("trace", "--help").out
    assert GRAMMAR in (ROOT / "docs" / "trace.md").read_text(encoding="utf-8")


def test_the_matrix_ends_in_a_square_and_what_was_agreed_on(run: Run):
    lines = run("matrix", "nd-transport", "nd-boundary", "transport-require").out.splitlines()
    assert [line.split()[-5:] for line in lines[1:6]] == [
        ["protected", "protected", "protected", "clear", "clear"],
        ["protected", "protected", "protected", "clear", "clear"],
        ["protected", "protected", "protected", "blocked", "blocked"],
        ["blocked", "clear", "blocked", "protected", "clear"],
        ["blocked", "clear", "blocked", "clear", "clear"],
    ]
    assert "AuthIP: main mode AES_256, SHA_384, ECP_384; quick mode" in lines[-4]
    assert "AuthIP: main mode AES_128, SHA1, GROUP_NONE; quick mode" in lines[-2]


def test_the_page_of_the_isolation_domain_is_current(run: Run):
    made = run("matrix", *ISOLATION, "--markdown").out
    text = (ROOT / "docs" / "isolation.md").read_text(encoding="utf-8")
    assert text == made, f"ndtui matrix {' '.join(ISOLATION)} --markdown > docs/isolation.md"


def test_the_map_stands_above_the_layers(run: Run):
    lines = printed(run, "nd-transport", INBOUND).splitlines()
    assert lines[0] == INBOUND
    assert lines[2] == " peer --> INBOUND_TRANSPORT --> [ALE_AUTH_RECV_ACCEPT] --> this host"
    assert lines[3].split() == ["IPsec", "checks", "IPsec", "requires", "protected", "or", "blocked"]
    assert lines[4] == "  +- IKE: UDP 500 passes --> main mode (IKE, AuthIP) --> quick mode --> SA"
    assert lines[6] == "INBOUND_TRANSPORT_V4"
