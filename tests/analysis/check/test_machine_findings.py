"""What a machine's own filters give rise to: each finding where it is so, and where it is not, not."""

from urllib.parse import urlparse

import pytest

from ndtui.analysis.check.examine import examine
from ndtui.analysis.check.finding_ids import IDS, OF_WAYS_OUT, ON_MACHINES
from ndtui.analysis.check.machine_findings import on_machine
from ndtui.analysis.dump import Dump, DumpProvider
from ndtui.model.compiled.compile import compile_design
from ndtui.testing.sample_designs import HOSTILE_NAMES
from tests.analysis.check.machine_cases import CASES, findings_on
from tests.analysis.machine.there import BLOCK, DRIVER, HARD, HIGH, IN, OUT, PERMIT, TERMINATING, TWIN, machine, there
from tests.support import design, exempting, one_line, preset

FOUND = [(kind, dump) for kind, (found, _) in CASES.items() for dump in found]
ABSENT = [(kind, dump) for kind, (_, absent) in CASES.items() for dump in absent]


@pytest.mark.parametrize(("kind", "dump"), FOUND, ids=[kind for kind, _ in FOUND])
def test_it_is_said_where_it_is_so(kind: str, dump: Dump):
    assert {each.id for each in findings_on(dump)} == {kind}


@pytest.mark.parametrize(("kind", "dump"), ABSENT, ids=[kind for kind, _ in ABSENT])
def test_it_is_not_said_where_it_is_not_so(kind: str, dump: Dump):
    assert kind not in {each.id for each in findings_on(dump)}


def test_every_one_has_cases_and_an_id_of_its_own():
    assert set(CASES) == set(ON_MACHINES)
    assert not set(ON_MACHINES) & ({*IDS} | {*OF_WAYS_OUT})


@pytest.mark.parametrize("name", ["somebody's", "", *HOSTILE_NAMES])
def test_they_are_sentences_with_a_source_whatever_a_filter_is_called(name: str):
    others = (
        there(IN, BLOCK, name=name),
        there(OUT, PERMIT, name=name, sublayer=HIGH, flags=HARD),
        there(OUT, TERMINATING, name=name, callout=DRIVER),
        there(OUT, TERMINATING, name=name, sublayer=HIGH, callout="FWPM_CALLOUT_IPSEC_OUTBOUND_TRANSPORT_V4"),
    )
    found = findings_on(machine(*others))
    assert len(found) == len(others)
    for each in found:
        assert urlparse(each.source).scheme == "https"
        assert not each.message.endswith(".")
        assert each.why.endswith(".")
        assert each.remedy.endswith(".")
        for text in (each.message, each.why, each.remedy, str(each.where)):
            one_line(text)


def test_it_says_which_filters_at_which_layer_and_where_the_other_stands():
    of = exempting(*({"name": f"e{n}", "protocol": "tcp", "local_ports": [n]} for n in range(1, 9)))
    driver = there(OUT, TERMINATING, sublayer=HIGH, callout=DRIVER)
    [found] = on_machine(compile_design(of), machine(driver))
    assert found.message == (
        '"somebody\'s" (filter 70001) at OUTBOUND_TRANSPORT_V4 calls a driver in a sublayer of weight 40961, which is '
        "not below FWPM_SUBLAYER_UNIVERSAL (32768); it may match what 'exempt e1', 'exempt e2', 'exempt e3' and 6 more "
        "decide over"
    )
    [found] = on_machine(compile_design(design()), machine(there(OUT, TERMINATING, sublayer=HIGH, callout=DRIVER)))
    assert found.message.endswith("it may match what 'outbound transport' decides over")
    assert str(found.where) == "scenario"


@pytest.mark.parametrize(
    ("other", "said"),
    [
        (there(IN), "blocks in the same sublayer, and weighs more than 'exempt ICMP' and 'inbound transport'"),
        (
            there(IN, sublayer=HIGH),
            "blocks in a sublayer of weight 40961, before 'exempt ICMP' and 'inbound transport'",
        ),
        (there(IN, PERMIT), "permits in the same sublayer, and weighs more than 'inbound transport'"),
        (there(IN, sublayer=TWIN), "blocks in a sublayer of the same weight (32768), maybe before 'exempt ICMP' and"),
        (there("FWPM_LAYER_IKEEXT_V4", PERMIT), "leads to another policy in the same sublayer, and weighs more than"),
    ],
)
def test_it_says_what_the_other_does(other, said: str):
    [found] = findings_on(machine(other))
    assert said in found.message


def test_it_says_whose_the_other_is_where_the_file_tells():
    key = "{0badc0de-0000-4000-9000-000000000001}"
    owner = DumpProvider(key, "Acme [b] VPN", "acmevpn", ())
    [found] = findings_on(machine(there(IN, provider=key), providers=(owner,)))
    assert "(filter 70001 of 'Acme [b] VPN', service 'acmevpn') at INBOUND_TRANSPORT_V4 blocks" in found.message
    [nameless] = findings_on(machine(there(IN, provider=key), providers=(DumpProvider(key, "", "", ()),)))
    assert f"(filter 70001 of '{key}') at" in nameless.message


def test_where_nobody_knows_whether_it_comes_before_it_is_a_note():
    unlisted = there(OUT, TERMINATING, sublayer="{0badc0de-0000-4000-8000-00000000abcd}", callout=DRIVER)
    said = [(each.severity, each.id) for each in findings_on(machine(unlisted, there(OUT, sublayer=TWIN)))]
    assert sorted(said) == [("note", "callout-not-below"), ("note", "decides-first")]
    assert "whose weight the file does not tell" in findings_on(machine(unlisted))[0].message


def test_a_design_suppresses_them_as_its_own():
    accepted = [{"id": "decides-first", "reason": "that filter is known", "where": "exemption:ICMP"}]
    of = compile_design(preset("nd-transport"))
    dump = machine(there(IN))
    report = examine(of, beside=on_machine(of, dump))
    assert "decides-first" in {each.id for each in report.findings}
    suppressing = compile_design(design(exemptions=[{"name": "ICMP", "protocol": "icmp"}], suppress=accepted))
    report = examine(suppressing, beside=on_machine(suppressing, dump))
    assert [each.finding.id for each in report.suppressed] == ["decides-first"]
    assert "decides-first" not in {each.id for each in report.findings}
