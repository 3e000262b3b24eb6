"""``ndtui diff``: designs, bundles and what a store holds, by objects and by meaning."""

import json
from pathlib import Path

import pytest

from ndtui.analysis.packet_sets.effort import Effort
from tests.cli.running import Run


def test_the_same_design_is_no_difference(run: Run):
    ran = run("diff", "nd-transport", "nd-transport")
    assert ran.status == 0
    assert ran.out == "From nd-transport to nd-transport\n\n0 objects and 0 regions of traffic differ\n"


def test_two_scenarios_differ_in_objects_and_in_traffic(run: Run):
    ran = run("diff", "nd-transport", "nd-boundary")
    assert ran.status == 1
    assert "ALE_AUTH_RECV_ACCEPT_V4\n  - require protection inbound\n  - exempt ICMP\n" in ran.out
    assert "ikeQmTransportPolicy.flags[0]: IPSEC_POLICY_FLAG_ND_SECURE -> IPSEC_POLICY_FLAG_ND_BOUNDARY" in ran.out
    assert "  in v4 any, apart from what other filters decide\n      protected -> requested\n" in ran.out
    assert "      for example in tcp 10.0.0.5:51000 -> 10.0.0.9:443\n" in ran.out
    assert ran.out.endswith("6 objects and 2 regions of traffic differ\n")


def test_json_has_both_with_the_outcome_of_each_side(run: Run):
    ran = run("diff", "nd-transport", "nd-boundary", "--json")
    document = json.loads(ran.out)
    assert (document["before"], document["after"], document["same"]) == ("nd-transport", "nd-boundary", False)
    assert {change["action"] for change in document["objects"]} == {"remove", "change"}
    region = document["regions"][0]
    assert region["before"]["outcome"]["peer_with_ipsec"] == {"first": "blocked", "settled": "protected"}
    assert region["after"]["outcome"]["peer_with_ipsec"] == {"first": "clear", "settled": "protected"}
    for side in ("before", "after"):
        traced = run("trace", document[side], region["witness"], "--json")
        assert json.loads(traced.out)["outcome"] == region[side]["outcome"]


def test_meaning_alone_leaves_objects_out(run: Run):
    ran = run("diff", "nd-transport", "nd-authip-only", "--meaning")
    assert ran.status == 0
    assert run("diff", "nd-transport", "nd-authip-only").status == 1


def test_many_regions_are_cut_short_unless_all_are_asked_for(run: Run, tmp_path: Path):
    ports = "".join(f'[[exemptions]]\nname = "p{n}"\nprotocol = "tcp"\nremote_ports = [{n}]\n' for n in range(1, 41))
    path = tmp_path / "many.toml"
    path.write_text('name = "many"\nfamilies = ["V4"]\n' + ports, encoding="utf-8")
    short = run("diff", "nd-ipv4-only", path, "--meaning")
    assert "regions more: --all shows them" in short.out
    assert "more: --all" not in run("diff", "nd-ipv4-only", path, "--meaning", "--all").out


def test_a_store_is_compared_with_a_design(run: Run, tmp_path: Path):
    store = tmp_path / "policy.db"
    assert run("apply", "nd-boundary", "--store", store, "--yes").status == 0
    assert run("diff", "nd-boundary", "store:", "--store", store).status == 0
    changed = run("diff", "store:", "nd-transport", "--store", store)
    assert changed.status == 1
    assert "From nd-boundary to nd-transport\n" in changed.out
    assert "requested -> protected" in changed.out


def test_an_empty_store_touches_nothing(run: Run, tmp_path: Path):
    ran = run("diff", "store:", "transport-require", "--store", tmp_path / "none.db")
    assert ran.status == 1
    assert "From no policy to transport-require\n" in ran.out
    assert "untouched -> protected" in ran.out


def test_a_bundle_is_compared_with_its_design(run: Run, tmp_path: Path):
    bundle = tmp_path / "bundle.json"
    bundle.write_text(run("compile", "nd-domain-member", "--json").out, encoding="utf-8")
    assert run("diff", "nd-domain-member", bundle).status == 0


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("nd-transport", "no-such-preset"), "no-such-preset"),
        (("nd-transport", "none.xml"), "none.xml"),
        (("-", "-"), "both sides are standard input"),
        (("nd-transport",), "B"),
    ],
)
def test_what_cannot_be_compared_is_refused(run: Run, words: tuple[str, ...], said: str):
    assert said in run("diff", *words).refusal()


def test_a_difference_that_is_not_decided_is_no_answer(run: Run, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(Effort, "for_filters", lambda _: Effort(0))
    ran = run("diff", "nd-transport", "nd-boundary", "--meaning")
    assert ran.status == 2
    assert "Not decided, because its filters cross in too many ways" in ran.out
    assert "0 objects and 0 regions of traffic differ, " in ran.out
    document = json.loads(run("diff", "nd-transport", "nd-boundary", "--meaning", "--json").out)
    assert document["same"] is None
    assert document["undecided"][0].keys() == {"direction", "family", "traffic"}
    assert run("diff", "nd-transport", "nd-boundary").status == 1, "objects differ anyhow"
