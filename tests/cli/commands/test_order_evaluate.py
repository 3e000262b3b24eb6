"""``ndtui order`` on dumps: how well the model does, a machine's own order, and a design among its filters."""

import json
from pathlib import Path

import pytest

from ndtui.model.compiled.compile import compile_design
from ndtui.model.compiled.documents import filter_document
from ndtui.model.files.design_file import format_design
from tests.cli.running import Run
from tests.machines import MACHINES, OLDER, machine_file
from tests.netsh import show_state
from tests.support import exempting, preset

TOTALS = ("filters", "exact", "pairs", "right", "tied", "wrong")


@pytest.fixture
def machine(tmp_path: Path) -> Path:
    """A dump of a machine that has nd-transport, with the weights that the model gives."""
    path = tmp_path / "state.xml"
    path.write_text(show_state(preset("nd-transport")), encoding="utf-8")
    return path


def printed(run: Run, *words: object) -> str:
    ran = run(*words)
    assert (ran.status, ran.err) == (0, ""), ran
    return ran.out


def test_evaluate_has_the_totals_of_every_layer_and_of_all(run: Run, machine: Path):
    found = json.loads(printed(run, "order", "--evaluate", machine, "--json"))
    assert found["calibrated"] is False
    assert tuple(found["total"]) == TOTALS
    for key in TOTALS:
        assert found["total"][key] == sum(layer[key] for layer in found["layers"])
    assert found["total"]["wrong"] == 0
    assert found["total"]["pairs"] == found["total"]["right"] > 0
    layer = next(each for each in found["layers"] if each["layerKey"] == "FWPM_LAYER_INBOUND_TRANSPORT_V4")
    assert {key: layer[key] for key in TOTALS} == {
        "filters": 2, "exact": 2, "pairs": 1, "right": 1, "tied": 0, "wrong": 0
    }  # fmt: skip


def test_evaluate_says_what_the_model_was_told(run: Run, machine: Path):
    plain = printed(run, "order", "--evaluate", machine)
    assert "The model was told nothing of this dump" in plain
    calibrated = printed(run, "order", "--evaluate", machine, "--calibrate")
    assert "Calibrated: the version of Windows was learnt" in calibrated
    assert "In the right order: 100.00 % of " in plain
    found = json.loads(printed(run, "order", "--evaluate", machine, "--calibrate", "--json"))
    assert found["calibrated"] is True
    assert {layer["fields"] for layer in found["layers"]} <= {"newest", "older", "listed"}


def test_evaluate_one_layer(run: Run, machine: Path):
    text = printed(run, "order", "--evaluate", machine, "--layer", "inbound_transport_v4")
    assert "INBOUND_TRANSPORT_V4  2 " in text
    assert "OUTBOUND" not in text
    refusal = run("order", "--evaluate", machine, "--layer", "STREAM_V4").refusal()
    assert "no filter of automatic weight at layer 'STREAM_V4'" in refusal


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ((), "there is nothing to put in order"),
        (("nd-transport", "--evaluate", "x.xml"), "--evaluate takes a dump and nothing else"),
        (("--evaluate", "x.xml", "--among", "x.xml"), "--evaluate takes a dump and nothing else"),
        (("nd-transport", "--calibrate"), "--calibrate belongs to --evaluate"),
        (("--evaluate", "missing.xml"), "there is no file missing.xml"),
        (("missing.xml",), "there is no file missing.xml"),
        (("nd-transport", "--among", "missing.xml"), "there is no file missing.xml"),
    ],
)
def test_words_that_do_not_fit(words: tuple[str, ...], message: str, run: Run):
    assert message in run("order", *words).refusal()


def test_a_dump_is_put_in_order_by_its_own_weights(run: Run, machine: Path):
    text = printed(run, "order", machine, "--layer", "INBOUND_TRANSPORT_V4")
    assert text.index("exempt ICMP") < text.index("inbound transport")
    assert "provider context" not in text
    renamed = machine.rename(machine.with_name("state.txt"))
    assert printed(run, "order", renamed, "--layer", "INBOUND_TRANSPORT_V4") == text


def foreign(key: str, weight: int, sublayer: str = "FWPM_SUBLAYER_UNIVERSAL") -> dict[str, object]:
    """Return a filter of somebody else's at the layer of inbound packets."""
    layer = "FWPM_LAYER_INBOUND_TRANSPORT_V4"
    ours = next(each for each in compile_design(preset("nd-transport")).filters if each.layer == layer)
    return {
        **filter_document(ours),
        "filterKey": key,
        "displayData": {"name": f"theirs {key}", "description": ""},
        "providerKey": "{0badc0de-0000-4000-8000-000000000000}",
        "subLayerKey": sublayer,
        "filterId": 1,
        "effectiveWeight": {"type": "FWP_UINT64", "uint64": weight},
    }


def test_a_design_among_the_filters_of_a_machine(run: Run, tmp_path: Path):
    path = tmp_path / "state.xml"
    theirs = [
        foreign("{top}", 2**64 - 1),
        foreign("{bottom}", 0),
        foreign("{between}", 2**62),
        foreign("{above}", 1, "FWPM_SUBLAYER_RPC_AUDIT"),
    ]
    path.write_text(show_state(preset("nd-boundary"), *theirs), encoding="utf-8")
    words = ("order", "nd-transport", "--among", path)
    found = json.loads(printed(run, *words, "--layer", "INBOUND_TRANSPORT_V4", "--json"))["layers"]
    assert [group["subLayerKey"] for group in found] == ["FWPM_SUBLAYER_RPC_AUDIT", "FWPM_SUBLAYER_UNIVERSAL"]
    names = [each["name"] for each in found[1]["filters"]]
    assert names == [
        "theirs {top}",
        "nd-transport: exempt ICMP",
        "theirs {between}",
        "nd-transport: inbound transport",
        "theirs {bottom}",
    ]
    assert [each["ours"] for each in found[1]["filters"]] == [False, True, False, True, False]
    text = printed(run, *words)
    assert "+ marks the design's filters" in text
    assert "nd-boundary" not in text  # what is there of ours would be replaced
    assert "\n  +  0xc " in text
    assert "no filter at layer 'STREAM_V4'" in run(*words, "--layer", "STREAM_V4").refusal()


BOOT, OFF = "FWPM_FILTER_FLAG_BOOTTIME", "FWPM_FILTER_FLAG_DISABLED"
CLOSED = exempting(
    {"name": "ICMP", "protocol": "icmp", "before_bfe": True}, lifetime="persistent", before_bfe=["inbound", "outbound"]
)


def test_boot_time_filters_stand_where_their_weight_puts_them_and_are_told_apart(run: Run, tmp_path: Path):
    design = tmp_path / "closed.toml"
    design.write_text(format_design(CLOSED), encoding="utf-8")
    path = tmp_path / "state.xml"
    accept, connect = "FWPM_LAYER_ALE_AUTH_RECV_ACCEPT_V4", "FWPM_LAYER_ALE_AUTH_CONNECT_V4"
    theirs = [
        {**foreign("{boot}", 2**62), "layerKey": connect, "flags": [BOOT]},
        {**foreign("{off}", 2**62), "layerKey": accept, "flags": [OFF]},
        {**foreign("{usual}", 1), "layerKey": accept},
    ]
    path.write_text(show_state(preset("nd-boundary"), *theirs), encoding="utf-8")
    words = ("order", design, "--among", path)
    found = {group["layerKey"]: group for group in json.loads(printed(run, *words, "--json"))["layers"]}
    early, late = {"beforeBfe": True}, {"disabled": True}

    def told(layer: str) -> list[tuple[str, dict[str, bool]]]:
        members = ("beforeBfe", "disabled")
        return [(f["name"], {m: f[m] for m in members if m in f}) for f in found[layer]["filters"]]

    assert told(connect) == [
        ("test: before BFE: exempt ICMP", early),
        ("theirs {boot}", early),
        ("test: before BFE: block outbound", early),
    ]
    assert sorted(told(accept)[:2]) == [("test: before BFE: exempt ICMP", early), ("test: exempt ICMP", {})]
    assert told(accept)[2] == ("theirs {off}", late)
    assert ("test: before BFE: block inbound", early) in told(accept)[3:]
    assert ("theirs {usual}", {}) in told(accept)[3:]
    text = printed(run, *words)
    assert "  block, before BFE  " in text
    assert "before BFE: a boot-time filter, which decides until BFE is up and sleeps from then on." in text
    assert "disabled: it sleeps, and decides over nothing." in text
    assert "test: before BFE: block outbound" in printed(run, *words, "--layer", "ALE_AUTH_CONNECT_V4")


def test_a_layer_of_boot_time_filters_alone_stands_in_its_place(run: Run, machine: Path, tmp_path: Path):
    leaving = {"name": "leaving", "protocol": "tcp", "layers": ["FWPM_LAYER_ALE_AUTH_CONNECT"]}
    held = exempting(leaving, rules=[{"mode": "require"}], lifetime="persistent", before_bfe=["inbound"])
    design = tmp_path / "closed.toml"
    design.write_text(format_design(held), encoding="utf-8")
    found = json.loads(printed(run, "order", design, "--among", machine, "--json"))["layers"]
    layers = [group["layerKey"].removeprefix("FWPM_LAYER_") for group in found]
    assert layers[-4:] == [
        f"ALE_AUTH_{name}" for name in ("RECV_ACCEPT_V4", "RECV_ACCEPT_V6", "CONNECT_V4", "CONNECT_V6")
    ]


def test_without_such_filters_nothing_is_said_of_them(run: Run, machine: Path):
    text = printed(run, "order", "nd-transport", "--among", machine)
    assert "before BFE" not in text
    assert "disabled" not in text


@pytest.mark.parametrize("name", MACHINES)
def test_machines(name: str, tmp_path: Path, run: Run):
    path = machine_file(name, tmp_path)
    for words in ((), ("--calibrate",)):
        total = json.loads(printed(run, "order", "--evaluate", path, *words, "--json"))["total"]
        assert total["right"] == total["pairs"] > 150
        assert total["tied"] == total["wrong"] == 0
        assert (total["exact"] == total["filters"]) == (bool(words) or name not in OLDER)
    text = printed(run, "order", "nd-transport", "--among", path)
    assert text.count("\n  +  0x") == 20
