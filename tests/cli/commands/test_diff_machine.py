"""``ndtui diff DESIGN DUMP``: how a design is on a machine."""

import json
from pathlib import Path

import pytest

from tests.cli.running import Run
from tests.machines import machine_file

TRANSPORT = "<layerKey>FWPM_LAYER_INBOUND_TRANSPORT_V4</layerKey>"


def state(run: Run, folder: Path, design: object, show: str = "state") -> Path:
    """Write what a machine would say that holds a design."""
    path = folder / f"{show}.xml"
    words = ("export", design, "--format", "netsh-xml", "--set", f"show={show}", "--lossy", "-o", path, "--force")
    assert run(*words).status == 0
    return path


def edited(path: Path, old: str, new: str) -> Path:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8", newline="")
    return path


def one_asleep(path: Path, name: str) -> Path:
    """Have the first filter of a name sleep."""
    before, _, after = path.read_text(encoding="utf-8").partition(f"<name>{name}</name>")
    assert "<flags/>" in after
    off = '<flags numItems="1"><item>FWPM_FILTER_FLAG_DISABLED</item></flags>'
    path.write_text(f"{before}<name>{name}</name>{after.replace('<flags/>', off, 1)}", encoding="utf-8", newline="")
    return path


def test_a_machine_that_has_just_the_design(run: Run, tmp_path: Path):
    path = state(run, tmp_path, "nd-transport")
    ran = run("diff", "nd-transport", path)
    assert ran.status == 0
    assert ran.out.startswith(
        f"nd-transport on {path} (netsh wfp show state)\n\nThe provider IKEEXT, of IKE and AuthIP, "
    )
    assert ran.out.endswith(
        "25 of 25 objects there, 0 missing, 0 changed, 0 disabled, 0 that the design does not have; "
        "0 regions of traffic differ\n"
    )
    assert run("diff", path, "nd-transport").out == ran.out
    document = json.loads(run("diff", "nd-transport", path, "--json").out)
    assert (document["same"], document["matchedBy"], document["objects"], document["left"]) == (True, "keys", [], [])
    assert document["machine"] == {"file": str(path), "kind": "state", "timeStamp": ""}
    assert document["counts"] == {"there": 25, "missing": 0, "changed": 0, "disabled": 0, "left": 0}


def test_what_has_drifted_is_named_with_the_traffic_that_it_is_about(run: Run, tmp_path: Path):
    path = one_asleep(state(run, tmp_path, "nd-transport"), "nd-transport: inbound transport")
    edited(path, "<maxLifetimeSeconds>28800</maxLifetimeSeconds>", "<maxLifetimeSeconds>60</maxLifetimeSeconds>")
    ran = run("diff", "nd-transport", path)
    assert ran.status == 1
    assert "INBOUND_TRANSPORT_V4\n  disabled: inbound transport\n" in ran.out
    assert "Provider contexts\n  changed: IKE main mode\n      Proposal 1: " in ran.out
    assert ", 60 s" in ran.out
    assert "Made by" not in ran.out
    assert "Traffic that is treated otherwise there\n" in ran.out
    assert "      machine: the scenario decides: nd-transport: " in ran.out
    assert "1 disabled" in ran.out.splitlines()[-1]
    document = json.loads(run("diff", "nd-transport", path, "--json").out)
    [asleep] = [each for each in document["objects"] if each["state"] == "disabled"]
    assert asleep["layerKey"] == "FWPM_LAYER_INBOUND_TRANSPORT_V4"
    assert asleep["key"] == asleep["keyThere"]
    changed = [each for each in document["objects"] if each["state"] == "changed"]
    assert {each["kind"] for each in changed} == {"providerContext"}
    assert {"property", "design", "machine"} == changed[0]["differences"][0].keys()
    assert document["regions"]
    assert document["same"] is False


def test_another_version_that_is_left_is_said(run: Run, tmp_path: Path):
    design = tmp_path / "own.toml"
    design.write_text(
        'name = "own"\n[[exemptions]]\nname = "DNS"\nprotocol = "udp"\nremote_ports = [53]\n', encoding="utf-8"
    )
    path = state(run, tmp_path, design)
    design.write_text('name = "own"\n', encoding="utf-8")
    ran = run("diff", design, path)
    assert ran.status == 1
    assert "  left of another version of this policy: own: exempt DNS\n" in ran.out
    assert "      machine: a filter of no design decides: own: exempt DNS at " in ran.out
    other = run("diff", "nd-transport", path)
    assert "  of another policy of ndtui: own: exempt DNS\n" in other.out


def test_traffic_alone(run: Run, tmp_path: Path):
    path = state(run, tmp_path, "nd-transport")
    ran = run("diff", "nd-transport", path, "--meaning")
    assert (ran.status, ran.out.splitlines()[-1]) == (0, "0 regions of traffic differ")
    ran = run("diff", "nd-boundary", path, "--meaning")
    assert ran.status == 1
    assert "requested -> protected" in ran.out
    assert "missing" not in ran.out
    assert "counts" not in json.loads(run("diff", "nd-boundary", path, "--meaning", "--json").out)


@pytest.mark.parametrize("name", ["filters-newest", "state-newest"])
def test_a_machine_without_any_of_it(run: Run, tmp_path: Path, name: str):
    path = machine_file(name, tmp_path)
    ran = run("diff", "nd-transport", path)
    assert ran.status == 1
    assert "\nNothing of it is on that machine\n" in ran.out
    assert "Traffic" not in ran.out
    assert json.loads(run("diff", "nd-transport", path, "--json").out)["same"] is False


def test_what_the_file_does_not_tell_is_said_and_is_no_answer(run: Run, tmp_path: Path):
    path = state(run, tmp_path, "nd-transport", "filters")
    ran = run("diff", "nd-transport", path)
    assert ran.status == 2
    assert "Not compared: 4 provider contexts, which netsh wfp show filters does not list: show state does\n" in ran.out
    document = json.loads(run("diff", "nd-transport", path, "--json").out)
    assert document["same"] is None
    assert len(document["notCompared"]) == 1
    assert run("diff", "nd-transport", path, "--meaning").status == 0
    assert run("diff", "nd-transport", one_asleep(path, "nd-transport: inbound transport")).status == 1


def test_a_filter_that_no_packet_shows_leaves_traffic_out(run: Run, tmp_path: Path):
    path = state(run, tmp_path, "nd-transport")
    edited(
        path, "<fieldKey>FWPM_CONDITION_IP_PROTOCOL</fieldKey>", "<fieldKey>FWPM_CONDITION_INTERFACE_INDEX</fieldKey>"
    )
    ran = run("diff", "nd-transport", path)
    assert ran.status == 1
    assert "Not compared: traffic, because nd-transport: exempt ICMP asks for INTERFACE_INDEX, which" in ran.out
    assert run("diff", "nd-transport", path, "--meaning").status == 2


def test_two_dumps_are_compared_as_designs(run: Run, tmp_path: Path):
    one = state(run, tmp_path, "nd-transport")
    other = tmp_path / "other.xml"
    other.write_bytes(one.read_bytes())
    ran = run("diff", one, other)
    assert (ran.status, ran.out.splitlines()[0]) == (0, "From nd-transport to nd-transport")


def test_a_machine_is_compared_with_a_store_as_a_design(run: Run, tmp_path: Path):
    store = tmp_path / "policy.db"
    assert run("apply", "nd-transport", "--store", store, "--yes").status == 0
    ran = run("diff", "store:", state(run, tmp_path, "nd-transport"), "--store", store)
    assert (ran.status, ran.out.splitlines()[0]) == (0, "From nd-transport to nd-transport")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("<wfpstate><layers numItems='1'><item>", "dump.xml"),
        ("<wfpdiag><filters><item><filterKey>{x}</filterKey></item></filters></wfpdiag>", "has no layerKey"),
        ("<netEvents/>", "ndtui events reads what happened"),
        ("<Événements/>", "the root element is"),
        ("Filtres écrits\n", "dump.xml"),
    ],
)
def test_what_is_no_dump_is_refused_in_a_line(run: Run, tmp_path: Path, text: str, said: str):
    path = tmp_path / "dump.xml"
    path.write_text(text, encoding="utf-8")
    assert said in run("diff", "nd-transport", path).refusal()


def test_a_dump_is_known_by_its_content_too(run: Run, tmp_path: Path):
    path = state(run, tmp_path, "nd-transport").rename(tmp_path / "machine.txt")
    assert run("diff", "nd-transport", path).status == 0


def test_a_name_from_a_machine_acts_on_no_terminal(run: Run, tmp_path: Path):
    path = state(run, tmp_path, "nd-transport")
    edited(path, "<name>nd-transport: exempt ICMP</name>", "<name>[/x] [b\u202e&#x9;&#x85;</name>")
    ran = run("diff", "nd-transport", path)
    assert ran.status == 1
    assert all(line.isprintable() for line in ran.out.splitlines())


def test_a_flag_that_somebody_set_is_told_and_those_of_the_engine_are_not(run: Run, tmp_path: Path):
    design = tmp_path / "own.toml"
    design.write_text('name = "own"\nlifetime = "persistent"\n', encoding="utf-8")
    path = state(run, tmp_path, design)
    persistent = "<item>FWPM_FILTER_FLAG_PERSISTENT</item>"
    others = "<item>FWPM_FILTER_FLAG_CLEAR_ACTION_RIGHT</item><item>FWPM_FILTER_FLAG_INDEXED</item>"
    text = path.read_text(encoding="utf-8")
    before, _, after = text.partition("<name>own: outbound transport</name>")
    path.write_text(
        f"{before}<name>own: outbound transport</name>{after.replace(persistent, others, 1)}", encoding="utf-8"
    )
    out = run("diff", design, path).out
    assert "      Flags: FWPM_FILTER_FLAG_PERSISTENT  ->  FWPM_FILTER_FLAG_CLEAR_ACTION_RIGHT\n" in out
    assert "INDEXED" not in out


def test_what_stands_under_other_keys_is_there_and_what_applying_would_do_is_said(run: Run, tmp_path: Path):
    design = tmp_path / "own.toml"
    design.write_text('name = "own"\n', encoding="utf-8")
    path = state(run, tmp_path, design)
    design.write_text('name = "own"\nid = "0badc0de-0000-4000-8000-000000000001"\n', encoding="utf-8")
    ran = run("diff", design, path)
    assert ran.status == 0
    assert "so that applying would replace what is there: 18 objects\n" in ran.out
    ours = "489976ae-370f-5c73-9591-b263415d86d2"
    ran = run("diff", design, edited(path, ours, "0badc0de-0000-4000-9000-000000000009"))
    assert "It holds nothing of ndtui: compared with the IPsec policy of another program" in ran.out
    assert "so that applying would add the design's own beside it: 18 objects\n" in ran.out
    assert json.loads(run("diff", design, path, "--json").out)["matchedBy"] == "meaning"
