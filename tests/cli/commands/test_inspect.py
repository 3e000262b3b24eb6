"""``ndtui inspect``: all there is in a dump, and what of it is asked for."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from tests.cli.running import Run
from tests.events import net_event, net_events
from tests.machines import MACHINES, machine_file
from tests.netsh import show_filters, show_state
from tests.support import design, preset


@pytest.fixture
def machine(tmp_path: Path) -> Path:
    path = tmp_path / "state.xml"
    made = design(
        exemptions=[{"name": "DNS", "protocol": "udp", "remote_ports": [53]}, {"name": "web", "protocol": "tcp"}],
        sublayer={"kind": "own", "weight": 77},
    )
    text = show_state(made).replace(
        "<sessions/>",
        '<sessions numItems="1"><item><sessionKey>{s}</sessionKey><displayData><name>Mine</name><description/>'
        "</displayData><flags/><processId>4</processId><username>SYSTEM</username></item></sessions>",
    )
    path.write_text(text, encoding="utf-8")
    return path


def printed(run: Run, *words: object) -> str:
    ran = run("inspect", *words)
    assert (ran.status, ran.err) == (0, ""), ran
    return ran.out


def found(run: Run, *words: object) -> dict[str, Any]:
    document: dict[str, Any] = json.loads(printed(run, *words, "--json"))
    return document


def names(document: dict[str, Any]) -> list[str]:
    return [each["displayData"]["name"] for layer in document["layers"] for each in layer["filters"]]


def test_all_there_is(run: Run, machine: Path):
    text = printed(run, machine)
    for part in (
        "weight  sublayer",
        "test: exempt DNS",
        "IPSEC_AUTHIP_QM_TRANSPORT_CONTEXT {",
        "    ndAllowClearTimeoutSeconds: 10",
        "      authConfig: IPSEC_AUTH_CONFIG_GCM_AES_256",
        "provider                                service",
        "session  process  user    flags  name",
        "UDP, IP_REMOTE_PORT = 53",
    ):
        assert part in text, part
    assert text.endswith("1 sublayer, 4 provider contexts, 1 provider, 1 session\n")


def test_the_document_has_everything(run: Run, machine: Path):
    document = found(run, machine)
    assert len(document["providerContexts"]) == 4
    policy = document["providerContexts"][0]["ikeMmPolicy"]
    assert policy["ikeProposals"][0]["cipherAlgorithm"]["algoIdentifier"] == "IKEEXT_CIPHER_AES_256"
    assert document["contextTypes"]["FWPM_IPSEC_IKE_MM_CONTEXT"] == 1
    assert [each["processId"] for each in document["sessions"]] == ["4"]
    assert document["subLayers"][0]["weight"] == 77


@pytest.mark.parametrize(
    ("search", "wanted"),
    [
        (("--condition", "remote_port 53"), {"test: exempt DNS"}),
        (("--condition", "IP_PROTOCOL TCP"), {"test: exempt web"}),
        (("--find", "EXEMPT dns"), {"test: exempt DNS"}),
        (("--type", "AUTHIP_MM"), {"test: AuthIP main mode"}),
        (("--context", "IKE quick"), {"test: IKE quick mode"}),
        (("--provider", "nobody"), set()),
        (("--find", "dns", "--condition", "LOCAL_PORT"), set()),
    ],
)
def test_search(search: tuple[str, ...], wanted: set[str], run: Run, machine: Path):
    assert set(names(found(run, machine, *search))) == wanted


def test_search_by_provider(run: Run, machine: Path):
    everything = names(found(run, machine))
    assert names(found(run, machine, "--provider", "NDTUI")) == everything
    assert len(everything) > 20


def test_search_keeps_only_what_matches_of_all_objects(run: Run, machine: Path):
    document = found(run, machine, "--type", "IKE_MM")
    assert [each["type"] for each in document["providerContexts"]] == ["FWPM_IPSEC_IKE_MM_CONTEXT"]
    assert (document["subLayers"], document["providers"], document["sessions"]) == ([], [], [])
    assert [each["displayData"]["name"] for each in found(run, machine, "--find", "mine")["sessions"]] == ["Mine"]
    assert found(run, machine, "--find", "ECP_384")["providerContexts"] != []


def test_net_events_beside_the_filters_are_said_to_be_read_by_another_command(run: Run, machine: Path):
    assert "events" not in printed(run, machine)
    event = net_events(net_event())
    event = event[event.index("<netEvents") : event.index("</wfpdiag")]
    machine.write_text(machine.read_text("utf-8").replace("</wfpstate>", f"{event}</wfpstate>"), "utf-8")
    assert printed(run, machine).endswith("1 session\nNet events of the file are read by ndtui events\n")


def test_only_some_sections(run: Run, machine: Path):
    text = printed(run, machine, "--show", "providers", "--show", "sublayers")
    assert "sublayer" in text
    assert "exempt DNS" not in text
    assert "'filter'" in run("inspect", machine, "--show", "filter").refusal()


def test_a_dump_of_filters_only(run: Run, tmp_path: Path):
    path = tmp_path / "filters.xml"
    path.write_text(show_filters(preset("nd-transport")), encoding="utf-8")
    text = printed(run, path)
    assert "20 filters in 10 layers, from netsh wfp show filters\n" in text
    assert text.endswith("0 sublayers, 0 provider contexts, 1 provider, 0 sessions\n")


def test_names_of_any_language_and_unknown_elements(run: Run, tmp_path: Path):
    path = tmp_path / "filters.xml"
    text = show_filters(preset("nd-transport")).replace("exempt ICMP", "Détection \u202e 引导 🛡")
    path.write_bytes(text.replace("<reserved/>", "<reserved/><novelty>1</novelty>").encode("utf-16"))
    text = printed(run, path)
    assert "Détection \\u202e 引导 🛡" in text
    assert "Not understood: wfpdiag/filters/item/novelty (20)" in text


@pytest.mark.parametrize("name", MACHINES)
def test_machines(name: str, tmp_path: Path, run: Run):
    """As many filters as the file has keys within its filters, however it is read."""
    path = machine_file(name, tmp_path)
    document = found(run, path)
    text = path.read_text(encoding="utf-8-sig")
    sections = re.findall(r"<filters(?: numItems=\"\d+\")?>.*?</filters>", text, re.DOTALL)
    assert len(names(document)) == sum(section.count("<filterKey>") for section in sections)
    assert document["unknown"] == {}
    assert printed(run, path).count("\n  0x") == len(names(document))


ONE = """<?xml version="1.0"?><wfpstate><layers><item><layer><layerKey>FWPM_LAYER_ALE_AUTH_CONNECT_V4</layerKey>
<flags/><field numItems="1"><item><fieldKey>FWPM_CONDITION_IP_PROTOCOL</fieldKey><dataType>FWP_UINT8</dataType></item>
</field><layerId>48</layerId></layer><callouts numItems="1"><item><calloutKey>{c}</calloutKey><displayData>
<name>gone</name><description/></displayData><flags/><applicableLayer>FWPM_LAYER_ALE_AUTH_CONNECT_V4</applicableLayer></item></callouts>
<filters numItems="3">%s</filters></item><item><layer><layerKey>FWPM_LAYER_STREAM_V4</layerKey><flags/><field/>
<layerId>20</layerId></layer><callouts/><filters/></item></layers><subLayers/><providers/></wfpstate>"""
FILTER = """<item><filterKey>{{{1}}}</filterKey><displayData><name>{1}</name><description/></displayData>
<flags numItems="1"><item>FWPM_FILTER_FLAG_{2}</item></flags><layerKey>FWPM_LAYER_ALE_AUTH_CONNECT_V4</layerKey>
<subLayerKey>{{s}}</subLayerKey><weight><type>FWP_EMPTY</type></weight><filterCondition/><action><type>FWP_ACTION_{3}</type>
<filterType>{4}</filterType></action><rawContext>0</rawContext><filterId>{0}</filterId>
<effectiveWeight><type>FWP_UINT64</type><uint64>{0}</uint64></effectiveWeight></item>"""


@pytest.fixture
def small(tmp_path: Path) -> Path:
    path = tmp_path / "small.xml"
    made = [
        FILTER.format(67229, "first", "CLEAR_ACTION_RIGHT", "PERMIT", ""),
        FILTER.format(67230, "sleeper", "DISABLED", "BLOCK", ""),
        FILTER.format(148, "caller", "PERMIT_IF_CALLOUT_UNREGISTERED", "CALLOUT_TERMINATING", "{c}"),
    ]
    path.write_text(ONE % "".join(made), encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("words", "wanted", "layers"),
    [
        (("--find", "67229"), ["first"], ["FWPM_LAYER_ALE_AUTH_CONNECT_V4"]),
        (("--find", "clear_action"), ["first"], ["FWPM_LAYER_ALE_AUTH_CONNECT_V4"]),
        (("--find", "48"), ["sleeper", "first", "caller"], ["FWPM_LAYER_ALE_AUTH_CONNECT_V4"]),
        (("--find", "20"), [], ["FWPM_LAYER_STREAM_V4"]),
        (("--find", "6722"), [], []),
        (
            ("--layer", "48"),
            ["sleeper", "first", "caller"],
            [*map("FWPM_LAYER_{}".format, ("ALE_AUTH_CONNECT_V4", "STREAM_V4"))],
        ),
        (("--find", "first", "--layer", "48"), ["first"], ["FWPM_LAYER_ALE_AUTH_CONNECT_V4"]),
    ],
)
def test_ids_and_flags_are_found(words: tuple[str, ...], wanted: list[str], layers: list[str], run: Run, small: Path):
    document = found(run, small, *words)
    assert names(document) == wanted
    assert list(document["layerFields"]) == layers


def test_ids_flags_and_states_are_shown_and_what_sleeps_stands_apart(run: Run, small: Path):
    for text in (printed(run, small), run("order", small).out):
        assert "ALE_AUTH_CONNECT_V4 (layer 48), sublayer {s} of unknown weight\n" in text
        awake, asleep = text.split("asleep, deciding nothing once BFE is up", 1)
        assert "67229  PERMIT" in awake
        assert "CLEAR_ACTION_RIGHT" in awake
        assert "CALLOUT_TERMINATING {c}, not registered: permits" in awake
        assert "sleeper" not in awake
        assert "67230" in asleep
    states = {each["filterId"]: each for layer in found(run, small)["layers"] for each in layer["filters"]}
    assert {number: each["asleep"] for number, each in states.items()} == {67229: False, 67230: True, 148: False}
    assert states[148]["calloutUnregistered"]
    assert "no layer 49" in run("inspect", small, "--layer", "49").refusal()
