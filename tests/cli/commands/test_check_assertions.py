"""``ndtui check`` with assertions and suppressions."""

import json
from pathlib import Path

import pytest

from ndtui.analysis.packet_sets.effort import Effort
from tests.cli.running import Run

HEAD = 'name = "test"\nfamilies = ["V4"]\n'
#: What is said of every design that drops inbound clear traffic of all hosts.
DROPS = ["management-dropped", "no-domain-controller", "authip-kerberos"]
TRUE = '[[assert]]\ntraffic = "in tcp from 10.0.0.0/8 to any port 443"\nverdict = "protected"\n'
FALSE = '[[assert]]\ntraffic = "out tcp"\nverdict = "protected"\n'
ACCEPTED = '[[suppress]]\nid = "one-family"\nreason = "IPv6 is switched off"\n'


def test_a_true_assertion_leaves_the_exit_status_at_0(run: Run):
    ran = run("check", "-", stdin=(HEAD + TRUE.replace("in tcp", "in v4 tcp")).encode())
    assert ran.status == 0
    assert "1 assertion: 1 true of every packet, 0 not\n" in ran.out


def test_a_false_assertion_is_an_error_with_a_witness(run: Run):
    ran = run("check", "-", stdin=(HEAD + TRUE + FALSE).encode())
    assert ran.status == 1
    assert "error: assertion-failed at assert:out tcp\n" in ran.out
    assert "'out tcp' is not always protected: out tcp 10.0.0.9:51000 -> 10.0.0.5:443 is requested" in ran.out
    assert "outbound transport at OUTBOUND_TRANSPORT_V4" in ran.out


def test_the_witness_can_be_traced(run: Run):
    ran = run("check", "-", "--json", stdin=(HEAD + FALSE).encode())
    [proof] = json.loads(ran.out)["assertions"]
    assert not proof["holds"]
    traced = run("trace", "nd-transport", proof["witness"], "--json")
    assert json.loads(traced.out)["outcome"] == proof["outcome"]


def test_what_is_suppressed_is_shown_with_the_reason(run: Run):
    ran = run("check", "-", stdin=(HEAD + ACCEPTED).encode())
    assert ran.status == 0
    assert "suppressed warning: one-family at families\n" in ran.out
    assert "  Accepted: IPv6 is switched off\n" in ran.out
    assert ran.out.endswith("1 warning, 2 notes, 1 suppressed\n")


def test_json_has_what_is_suppressed_and_what_was_asserted(run: Run):
    document = json.loads(run("check", "-", "--json", stdin=(HEAD + TRUE + ACCEPTED).encode()).out)
    assert [each["id"] for each in document["findings"]] == DROPS
    assert [(each["id"], each["reason"]) for each in document["suppressed"]] == [("one-family", "IPv6 is switched off")]
    assert document["assertions"] == [
        {"traffic": "in tcp from 10.0.0.0/8 to any port 443", "verdict": "protected", "holds": True}
    ]


def test_a_bundle_carries_both(run: Run, tmp_path: Path):
    source = tmp_path / "test.toml"
    source.write_text(HEAD + FALSE + ACCEPTED, encoding="utf-8")
    bundle = tmp_path / "test.json"
    bundle.write_text(run("compile", source, "--json").out, encoding="utf-8")
    assert run("check", bundle).out == run("check", source).out
    assert [finding["id"] for finding in json.loads(bundle.read_text(encoding="utf-8"))["findings"]] == [
        "assertion-failed",
        *DROPS,
    ]


def test_a_wrong_assertion_is_refused_in_one_line(run: Run):
    ran = run("check", "-", stdin=(HEAD + FALSE.replace("out tcp", "out tpc")).encode())
    assert "'tpc' is no protocol" in ran.refusal()


def test_an_assertion_that_is_not_decided_is_neither_true_nor_false(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(Effort, "for_filters", lambda _: Effort(0))
    path = tmp_path / "mine.toml"
    path.write_text('name = "mine"\n[[assert]]\ntraffic = "in tcp"\nverdict = "protected"\n', encoding="utf-8")
    ran = run("check", path)
    assert ran.status == 1
    assert "warning: not-decided at assert:in tcp\n" in ran.out
    assert "1 assertion: 0 true of every packet, 0 not, 1 not decided\n" in ran.out
    assert json.loads(run("check", path, "--json").out)["assertions"][0]["holds"] is None
