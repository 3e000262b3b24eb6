"""``ndtui trace`` of a machine's filters: the flow, what is not met, what would decide, and what callouts do."""

import json
from pathlib import Path
from typing import Any

import pytest

from ndtui.analysis.traffic.packet_circumstances import VALUED
from ndtui.analysis.traffic.packet_grammar import ALONE
from tests.cli.running import Run

CONNECT, LISTEN, DISCARD = "ALE_AUTH_CONNECT_V4", "ALE_AUTH_LISTEN_V4", "INBOUND_TRANSPORT_V4_DISCARD"
OUT = "out tcp 10.0.0.9:51000 -> 198.51.100.7:443"
PACKAGE = """<item><fieldKey>FWPM_CONDITION_ALE_PACKAGE_ID</fieldKey><matchType>FWP_MATCH_NOT_EQUAL</matchType>
<conditionValue><type>FWP_SID</type><sid>S-1-0-0</sid></conditionValue></item>"""
FILTER = """<item><filterKey>{{{0}}}</filterKey><displayData><name>{1}</name><description/></displayData><flags/>
<layerKey>FWPM_LAYER_{2}</layerKey><subLayerKey>{{s}}</subLayerKey><weight><type>FWP_EMPTY</type></weight>
<filterCondition>{4}</filterCondition><action><type>FWP_ACTION_{3}</type><filterType>{5}</filterType></action>
<rawContext>0</rawContext><filterId>{0}</filterId><effectiveWeight><type>FWP_UINT64</type><uint64>{0}</uint64>
</effectiveWeight></item>"""


def machine(folder: Path, *filters: str) -> Path:
    path = folder / "filters.xml"
    path.write_text(f"<wfpdiag><filters>{''.join(filters)}</filters></wfpdiag>", encoding="utf-8")
    return path


@pytest.fixture
def packages(tmp_path: Path) -> Path:
    return machine(
        tmp_path,
        FILTER.format(9, "packages out", CONNECT, "BLOCK", PACKAGE, ""),
        FILTER.format(1, "default out", CONNECT, "PERMIT", "", ""),
        FILTER.format(7, "no server", LISTEN, "BLOCK", "", ""),
        FILTER.format(8, "stealth", DISCARD, "BLOCK", "", ""),
    )


def printed(run: Run, *words: str | Path) -> str:
    ran = run("trace", *words)
    assert (ran.status, ran.err) == (0, ""), ran
    assert all(len(line) <= 80 for line in ran.out.splitlines())
    return " ".join(ran.out.split())


def document(run: Run, *words: str | Path) -> Any:
    return json.loads(run("trace", *words, "--json").out)


def test_the_trace_says_which_answer_decides(run: Run, packages: Path):
    text = printed(run, packages, OUT)
    assert "Cannot be decided from what is known. It may be: - blocked - permitted; no filter hands it to IPsec" in text
    assert "Say which package, or none (package): 1 filter asks for it, and it decides." in text
    assert "the order of the file" in text
    (question,) = document(run, packages, OUT)["questions"]
    assert question == {
        "say": "package",
        "fields": ["FWPM_CONDITION_ALE_PACKAGE_ID"],
        "filterCount": 1,
        "decides": True,
        "wanted": ["S-1-0-0"],
    }


@pytest.mark.parametrize("words", [(f"{OUT} package none",), (OUT, "--package", "none")])
def test_an_answer_by_word_or_by_option(words: tuple[str, ...], run: Run, packages: Path):
    text = printed(run, packages, *words)
    assert '- permitted by "default out" (filter 1) at ALE_AUTH_CONNECT_V4; no filter hands it to IPsec' in text
    assert document(run, packages, *words)["decided"]


def test_layers_that_are_not_met_are_named_with_the_reason(run: Run, packages: Path):
    text = printed(run, packages, OUT)
    assert "INBOUND_TRANSPORT_V4_DISCARD (1): only what was dropped is shown there, to be logged" in text
    assert "ALE_AUTH_LISTEN_V4 (1): this host connects, and does not listen" in text
    unmet = {each["layerKey"]: each for each in document(run, packages, OUT)["notMet"]}
    assert unmet["FWPM_LAYER_IPFORWARD_V4"]["why"] == "it is not forwarded"
    assert unmet[f"FWPM_LAYER_{DISCARD}"]["filterCount"] == 1


def test_a_server_that_cannot_listen(run: Run, packages: Path):
    text = printed(run, packages, "in tcp 10.0.0.5:51000 -> 10.0.0.9:443")
    assert 'blocked at ALE_AUTH_LISTEN_V4 by "no server" (filter 7): the program cannot listen' in text


def test_what_callouts_do_that_nobody_knows(run: Run, tmp_path: Path):
    path = machine(tmp_path, FILTER.format(3, "driver", CONNECT, "CALLOUT_TERMINATING", "", "{c}"))
    text = printed(run, path, OUT)
    assert "But for callouts that nobody here knows: permitted" in text
    assert (
        "nobody here knows what the callout of driver (filter 3) at ALE_AUTH_CONNECT_V4 does: it may permit or block"
        in text
    )
    assert "The file says" not in text
    assert "- permitted" in printed(run, path, OUT, "--callouts", "pass")
    assert "- blocked" in printed(run, path, OUT, "--callouts", "block")
    assert [each["peer_with_ipsec"]["first"] for each in document(run, path, OUT)["ifCalloutsPass"]] == ["exempt"]
    assert (
        "--callouts is about the filters of a machine"
        in run("trace", "nd-transport", OUT, "--callouts", "pass").refusal()
    )


CALLOUT = """<item><calloutKey>{c}</calloutKey><displayData><name>theirs</name><description>%s</description>
</displayData><flags><item>FWPM_CALLOUT_FLAG_REGISTERED</item></flags></item>"""


@pytest.mark.parametrize(
    ("description", "said"),
    [("Looks into&#x2028;packets", r'of it: "Looks into\u2028packets".'), ("theirs", ""), ("", "")],
)
def test_what_the_file_says_of_such_a_callout(run: Run, tmp_path: Path, description: str, said: str):
    path = tmp_path / "wfpstate.xml"
    own = FILTER.format(3, "driver", CONNECT, "CALLOUT_TERMINATING", "", "{c}")
    callouts = f"<callouts>{CALLOUT % description}</callouts>"
    layer = f"<layer><layerKey>FWPM_LAYER_{CONNECT}</layerKey></layer>{callouts}<filters>{own}</filters>"
    path.write_text(f"<wfpstate><layers><item>{layer}</item></layers></wfpstate>", encoding="utf-8")
    text = printed(run, path, OUT)
    assert ("The file says" in text) == bool(said)
    assert said in text


PROGRAM = r"""<item><fieldKey>FWPM_CONDITION_ALE_APP_ID</fieldKey><matchType>FWP_MATCH_EQUAL</matchType><conditionValue>
<type>FWP_BYTE_BLOB_TYPE</type><byteBlob><data/><asString>\device\harddiskvolume3\x.exe</asString></byteBlob>
</conditionValue></item>"""


def test_a_program_on_a_drive_may_be_that_on_a_device_and_the_path_to_say_is_named(run: Run, tmp_path: Path):
    path = machine(tmp_path, FILTER.format(9, "no x", CONNECT, "BLOCK", PROGRAM, ""))
    device = r"\device\harddiskvolume3\x.exe"
    said = rf"Say whether C:\x.exe is {device} , and write that path if it is (app): 1 filter asks for it"
    text = printed(run, path, rf"{OUT} app C:\x.exe")
    assert said.replace(" ", "") in text.replace(" ", "")
    assert "Say which program (app): 1 filter asks for it, and it decides." in printed(run, path, OUT)
    (question,) = document(run, path, rf"{OUT} app C:\x.exe")["questions"]
    assert question["wanted"] == [device]
    assert "- blocked at ALE_AUTH_CONNECT_V4" in printed(run, path, f"{OUT} app {device}")
    assert "Say whether" not in printed(run, path, rf"{OUT} app C:\y.exe")


def test_a_layer_that_authorises_and_that_the_options_of_netsh_may_have_left_out_is_named(run: Run, packages: Path):
    inbound, note = "in udp 10.0.0.5:51000 -> 10.0.0.9:443", "The file has no filter of ALE_AUTH_RECV_ACCEPT_V4"
    assert f"Note: {note}, where connections are authorised" in printed(run, packages, inbound)
    assert any(each.startswith(note) for each in document(run, packages, inbound)["notes"])
    assert "The file has no filter" not in printed(run, packages, f"{OUT} package none")
    assert note not in printed(run, packages, f"{inbound} later")
    assert note not in printed(run, packages, "in tcp 10.0.0.5:51000 -> 10.0.0.9:443")  # blocked before


@pytest.mark.parametrize("word", [*VALUED, *ALONE])
def test_every_word_is_an_option(word: str, run: Run, packages: Path):
    inbound = "in tcp 10.0.0.5:51000 -> 10.0.0.9:443"
    values = {"service": "none", "package": "none", "capability": "none", "account": "SY", "tunnel": "none"}
    values |= {"socket": "plain", "bind": "any"}
    said = () if word in ALONE else (values.get(word, "1"),)
    by_option = document(run, packages, inbound, f"--{word}", *said)
    assert by_option == document(run, packages, " ".join((inbound, word, *said)))
    assert by_option["packet"][ALONE[word][0] if word in ALONE else word] is not None
