"""``ndtui check --on`` and ``order --among``: what a machine has that keeps a design from its work there."""

import json
from pathlib import Path
from typing import Any

import pytest

from ndtui.model.compiled.document_types import Document
from tests.cli.running import Run
from tests.netsh import show_filters, show_state
from tests.support import preset

DRIVER = "{0badc0de-0000-4000-8000-0000000d0000}"


def theirs(**fields: Any) -> Document:
    """Return a filter of somebody else, of the highest weight in the universal sublayer."""
    most = {"type": "FWP_UINT64", "uint64": (1 << 64) - 1}
    return {
        "filterKey": "{0badc0de-0000-4000-a000-000000000001}",
        "displayData": {"name": "trap [b] \x1b[31m", "description": ""},
        "flags": "",
        "providerKey": "",
        "providerData": "",
        "layerKey": "FWPM_LAYER_OUTBOUND_TRANSPORT_V4",
        "subLayerKey": "FWPM_SUBLAYER_UNIVERSAL",
        "weight": most,
        "filterCondition": "",
        "action": {"type": "FWP_ACTION_BLOCK", "filterType": ""},
        "rawContext": 0,
        "reserved": "",
        "filterId": 67229,
        "effectiveWeight": most,
        **fields,
    }


def state(folder: Path, *others: Document) -> Path:
    """Write what a machine says that has nd-boundary and filters of others."""
    path = folder / "wfpstate.xml"
    text = show_state(preset("nd-boundary"), *others)
    path.write_text(text.replace("\x1b", ""), encoding="utf-8")
    return path


def test_check_says_what_is_in_the_way_there_among_all_it_finds(run: Run, tmp_path: Path):
    path = state(tmp_path, theirs())
    plain, found = run("check", "nd-transport"), run("check", "nd-transport", "--on", path)
    assert found.status == plain.status == 0
    assert "decides-first" not in plain.out
    assert (
        "warning: decides-first at exemption:ICMP\n  'trap [b] [31m' (filter 67229) at OUTBOUND_TRANSPORT_V4 blocks"
        in found.out
    )
    assert "  See:    https://learn.microsoft.com/windows/win32/fwp/filter-arbitration\n" in found.out
    document = json.loads(run("check", "nd-transport", "--on", path, "--json").out)
    [said] = [each for each in document["findings"] if each["id"] == "decides-first"]
    assert said["where"] == "exemption:ICMP"


def test_a_machine_without_others_adds_nothing(run: Run, tmp_path: Path):
    assert run("check", "nd-transport", "--on", state(tmp_path)).out == run("check", "nd-transport").out


def test_a_design_suppresses_what_a_machine_shows(run: Run, tmp_path: Path):
    design = tmp_path / "own.toml"
    accepted = '[[suppress]]\nid = "decides-first"\nreason = "the trap is ours"\n'
    design.write_text(f'name = "own"\n{accepted}', encoding="utf-8")
    out = run("check", design, "--on", state(tmp_path, theirs())).out
    assert "suppressed warning: decides-first at scenario" in out
    assert "unused-suppression" not in run("check", design).out


def test_order_names_who_is_in_the_way_of_which_filters(run: Run, tmp_path: Path):
    path = state(tmp_path, theirs(), theirs(action={"type": "FWP_ACTION_CALLOUT_TERMINATING", "filterType": DRIVER}))
    text = run("order", "nd-transport", "--among", path).out
    below = text.partition("In the way of the design there\n")[2]
    assert "  warning: 'trap [b] [31m' (filter 67229) at OUTBOUND_TRANSPORT_V4 blocks in the same sublayer" in below
    assert "developing-ipsec-compatible-callout-drivers [callout-not-below]" in below
    document = json.loads(run("order", "nd-transport", "--among", path, "--json").out)
    assert [each["id"] for each in document["inTheWay"]] == ["decides-first", "callout-not-below"]
    blocking = document["inTheWay"][0]
    assert blocking["filter"]["filterId"] == 67229
    assert blocking["filter"]["place"] == "same"
    assert [each["name"] for each in blocking["affected"]] == [
        "nd-transport: exempt ICMP",
        "nd-transport: outbound transport",
    ]
    keys = {each["filterKey"] for group in document["layers"] for each in group["filters"] if each["ours"]}
    assert {each["filterKey"] for each in blocking["affected"]} < keys


def test_a_layer_alone_has_who_is_in_the_way_there_alone(run: Run, tmp_path: Path):
    path = state(tmp_path, theirs(), theirs(layerKey="FWPM_LAYER_INBOUND_TRANSPORT_V4"))
    words = ("order", "nd-transport", "--among", path, "--layer", "INBOUND_TRANSPORT_V4")
    assert "at INBOUND_TRANSPORT_V4 blocks" in run(*words).out
    assert "at OUTBOUND_TRANSPORT_V4 blocks" not in run(*words).out
    assert [each["layerKey"] for each in json.loads(run(*words, "--json").out)["inTheWay"]] == [
        "FWPM_LAYER_INBOUND_TRANSPORT_V4"
    ]
    assert "In the way" not in run("order", "nd-transport", "--among", path, "--layer", "IPSEC_V4").out


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "wfpstate.xml"),
        ("<wfpstate><layers>", "wfpstate.xml"),
        ("<html></html>", "the root element is <html>, so this is no dump"),
        (
            "<netEvents></netEvents>",
            "the root element is <netEvents>, so this is no dump: ndtui events reads what happened",
        ),
        ("Les filtres WFP ont bien été écrits dans le fichier\n", "wfpstate.xml"),
    ],
)
def test_what_is_no_dump_is_refused_in_a_line(run: Run, tmp_path: Path, text: str, said: str):
    path = tmp_path / "wfpstate.xml"
    path.write_text(text, encoding="utf-8")
    assert said in run("check", "nd-transport", "--on", path).refusal()
    assert "none.xml" in run("check", "nd-transport", "--on", tmp_path / "none.xml").refusal()


def test_a_file_without_weights_says_where_nobody_knows(run: Run, tmp_path: Path):
    path = tmp_path / "filters.xml"
    path.write_text(show_filters(preset("nd-boundary")), encoding="utf-8")
    assert run("check", "nd-transport", "--on", path).out == run("check", "nd-transport").out
