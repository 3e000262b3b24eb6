"""``--before-bfe`` of ``ndtui trace``, and how the time until BFE is up is shown by other commands."""

import json
from pathlib import Path

import pytest

from ndtui.model.design.design import change
from ndtui.model.files.design_file import format_design, parse_design
from tests.cli.running import Run
from tests.netsh import show_state
from tests.support import exempting

PACKET = "in tcp 10.0.0.5:51000 -> 10.0.0.9:443"
DHCP = {"name": "DHCP", "protocol": "udp", "remote_ports": [67], "before_bfe": True}
CLOSED = exempting(DHCP, name="closed", lifetime="persistent", before_bfe=["inbound", "outbound"])


@pytest.fixture
def closed(tmp_path: Path) -> Path:
    path = tmp_path / "closed.toml"
    path.write_text(format_design(CLOSED), encoding="utf-8")
    return path


def test_a_packet_until_then(closed: Path, run: Run):
    ran = run("trace", closed, PACKET, "--before-bfe")
    assert (ran.status, ran.err) == (0, "")
    assert all(len(line) <= 80 for line in ran.out.splitlines())
    assert f"{PACKET}, before BFE is up" in ran.out
    assert "ALE_AUTH_RECV_ACCEPT_V4\n  decides   closed: before BFE: block inbound\n" in ran.out
    assert "not met   closed: before BFE: exempt DHCP: wants UDP, has TCP" in ran.out
    assert "Blocked until BFE is up." in ran.out
    assert "callout" not in ran.out


def test_as_json(closed: Path, run: Run):
    found = json.loads(run("trace", closed, PACKET, "--before-bfe", "--json").out)
    assert (found["beforeBfe"], found["outcome"]) == (True, "blocked")
    assert [step["deciding"]["origin"] for step in found["steps"] if step["deciding"]] == ["before_bfe:inbound"]
    many = json.loads(run("trace", closed, PACKET, "out udp 10.0.0.9:68 -> 10.0.0.5:67", "--before-bfe", "--json").out)
    assert [each["outcome"] for each in many["traces"]] == ["blocked", "exempt"]


def test_what_to_bear_in_mind_is_noted_as_on_the_screen(closed: Path, run: Run):
    packet = "in udp 10.0.0.5:67 -> 10.0.0.9:68 fragment"
    assert "\nNote: A fragment meets INBOUND_IPPACKET as it arrives" in run("trace", closed, packet, "--before-bfe").out
    (note,) = json.loads(run("trace", closed, packet, "--before-bfe", "--json").out)["notes"]
    assert note.startswith("A fragment meets ")
    later = run("trace", closed, f"{PACKET} later", "--before-bfe").out
    assert "protected" not in later  # nothing is, until BFE is up


def test_where_no_filter_stands_no_note_speaks_of_one(run: Run):
    assert "Note:" not in run("trace", "nd-transport", f"{PACKET} loopback", "--before-bfe").out


def test_many_packets_are_a_table(closed: Path, run: Run):
    lines = run("trace", closed, PACKET, "out tcp 127.0.0.1:1 -> 127.0.0.1:2", "--before-bfe").out.splitlines()
    assert [line.split()[0] for line in lines] == ["before", "blocked", "untouched"]


def test_what_there_is_not_until_then_is_refused(closed: Path, tmp_path: Path, run: Run):
    ran = run("trace", closed, PACKET, "--before-bfe", "--peer", "ike")
    assert (ran.status, ran.out) == (2, "")
    assert "there is no timeline before BFE is up" in ran.err
    dump = tmp_path / "state.xml"
    dump.write_text(show_state(CLOSED), encoding="utf-8")
    ran = run("trace", dump, PACKET, "--before-bfe")
    assert (ran.status, ran.out) == (2, "")
    assert "this is a dump" in ran.err


def test_tables_show_it_under_headings_of_its_own(closed: Path, run: Run):
    for words in (("compile", closed), ("order", closed), ("order", closed, "--ladder")):
        lines = run(*words).out.splitlines()
        heads = [n for n, line in enumerate(lines) if line.startswith("ALE_AUTH_RECV_ACCEPT_V4")]
        assert len(heads) == 2, words
        usual, early = (lines[number] for number in heads)
        assert "before BFE" not in usual
        assert "before BFE" in early
        below = "\n".join(lines[heads[1] :])
        assert "before BFE: block inbound" in below
        assert "require protection inbound" not in below
    assert "28 filters in 12 layers" in run("compile", closed).out


def test_orders_as_json_say_it(closed: Path, run: Run):
    for words in (("order", closed, "--json"), ("order", closed, "--ladder", "--json")):
        layers = json.loads(run(*words).out)["layers"]
        early = [each["layerKey"] for each in layers if each.get("beforeBfe")]
        assert early == [f"FWPM_LAYER_ALE_AUTH_{stem}_{f}" for stem in ("RECV_ACCEPT", "CONNECT") for f in ("V4", "V6")]


def test_a_report_and_a_table_have_it(closed: Path, run: Run):
    report = run("export", closed, "--format", "report").out
    assert "### FWPM_LAYER_ALE_AUTH_CONNECT_V6 before BFE is up" in report
    assert "| blocked before BFE is up | inbound, outbound |" in report
    table = run("export", closed, "--format", "table").out
    assert table.count("closed: before BFE: block outbound,before_bfe:outbound,") == 2


def test_import_reads_it_back(tmp_path: Path, run: Run):
    dump, saved = tmp_path / "state.xml", tmp_path / "saved.toml"
    dump.write_text(show_state(CLOSED), encoding="utf-8")
    ran = run("import", "--from-netsh", dump, "-o", saved)
    assert (ran.status, ran.out) == (0, "")
    assert parse_design(saved.read_text(encoding="utf-8"), "saved.toml") == CLOSED


def test_import_reads_families_back_that_only_have_filters_then(tmp_path: Path, run: Run):
    scope = {"remote_addresses": ["10.0.0.0/8"]}
    of = change(CLOSED, rules=({"name": "base", "scope": scope},), exemptions=())
    dump, saved = tmp_path / "state.xml", tmp_path / "saved.toml"
    dump.write_text(show_state(of), encoding="utf-8")
    assert run("import", "--from-netsh", dump, "-o", saved).status == 0
    assert parse_design(saved.read_text(encoding="utf-8"), "saved.toml") == of


def test_diff_names_the_objects_and_no_traffic(closed: Path, tmp_path: Path, run: Run):
    other = tmp_path / "open.toml"
    other.write_text(format_design(change(CLOSED, before_bfe=())), encoding="utf-8")
    ran = run("diff", other, closed)
    assert ran.status == 1
    assert ran.out.count("before BFE: block inbound") == 2
    assert run("diff", other, closed, "--meaning").status == 0
