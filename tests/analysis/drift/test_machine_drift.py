"""Drift: what of a design is on a machine, missing, changed, asleep or left, by key and by what objects say."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ndtui.analysis.drift.facts_there import facts_there
from ndtui.analysis.drift.machine_drift import Drift
from ndtui.analysis.dump import DumpFilter, DumpProvider, DumpSublayer
from ndtui.model.compiled.compile import compile_design
from ndtui.model.compiled.conditions import program_value
from ndtui.model.compiled.document_names import display_name
from ndtui.model.design.design import Design, change
from ndtui.model.design.program_path import FIELD as PROGRAM
from ndtui.model.files import presets
from ndtui.model.vocabulary import number_of
from tests.analysis.drift.shown import DISABLED, changing, drift_of, each_filter, shown, under_other_keys, without
from tests.analysis.machine.there import machine, there
from tests.machines import MACHINES, machine_file
from tests.negotiations import negotiating_designs
from tests.rule_strategies import designs_with_rules
from tests.support import design, exempting, preset

PRESETS = [each.name for each in presets.shipped()]
DNS = {"name": "DNS", "protocol": "udp", "remote_ports": [53]}
#: The raw context that the filter has in the design.
RAW = number_of("FWPM_CONTEXT_IPSEC_INBOUND_PERSIST_CONNECTION_SECURITY")
OWN = {"sublayer": {"kind": "own", "weight": 40_000}}
PRESHARED = {"ike_authentication": [{"method": "IKEEXT_PRESHARED_KEY", "key": "env:KEY"}]}


def states(found: Drift) -> dict[str, set[str]]:
    """Return the names of what is otherwise than it is to be, by its state."""
    said: dict[str, set[str]] = {}
    for each in found.objects:
        if each.state != "there":
            said.setdefault(each.state, set()).add(display_name(each.ours).partition(": ")[2])
    return said


@pytest.mark.parametrize("name", PRESETS)
def test_a_machine_that_has_just_a_preset_has_not_drifted(name: str, tmp_path: Path):
    found = drift_of(preset(name), shown(preset(name), tmp_path))
    assert (found.same, found.left, found.uncompared) == (True, (), ())
    assert found.counts["there"] == len(found.objects) > 0
    assert found.held.policy == name


@given(made=designs_with_rules())
def test_no_design_drifts_by_itself(made: Design, tmp_path_factory: pytest.TempPathFactory):
    assert drift_of(made, shown(made, tmp_path_factory.getbasetemp())).same is True


@given(made=negotiating_designs())
def test_under_other_keys_a_design_is_known_by_what_it_says(made: Design, tmp_path_factory: pytest.TempPathFactory):
    found = drift_of(made, under_other_keys(shown(made, tmp_path_factory.getbasetemp())))
    assert not found.held.ours
    assert states(found) == {}
    assert all(each.other_key for each in found.objects)


@given(data=st.data())
def test_every_filter_is_told_apart_from_those_that_stay(data: st.DataObject, tmp_path_factory: pytest.TempPathFactory):
    """A filter is there, gone, asleep or changed: each is said of just the filters of which it is so."""
    made = preset("nd-zones")
    dump = shown(made, tmp_path_factory.getbasetemp())
    kinds = st.sampled_from(["there", "missing", "disabled", "changed"])
    drawn = {each.key: data.draw(kinds) for each in dump.filters}

    def altered(each: Any) -> Any:
        said = drawn[each.key]
        if said == "disabled":
            return replace(each, flags=(*each.flags, DISABLED))
        if said == "changed":
            return replace(each, weight_type="FWP_UINT8", weight=3)
        return None if said == "missing" else each

    found = drift_of(made, each_filter(dump, altered))
    assert {each.ours["filterKey"]: each.state for each in found.objects if each.kind == "filter"} == drawn
    assert found.left == ()


def test_what_is_gone_and_what_sleeps_is_named(tmp_path: Path):
    made = preset("nd-transport")
    dump = shown(made, tmp_path)
    asleep = changing(without(dump, "inbound transport"), "exempt ICMP", flags=(DISABLED,))
    found = drift_of(made, asleep)
    assert states(found) == {"missing": {"inbound transport"}, "disabled": {"exempt ICMP"}}
    assert (found.counts["missing"], found.counts["disabled"]) == (2, 6)
    assert found.same is False


def test_what_is_changed_is_said_by_its_fields_from_the_design_to_the_machine(tmp_path: Path):
    made = preset("nd-transport")
    dump = changing(shown(made, tmp_path), "inbound transport", raw_context=7, flags=(DISABLED,))
    found = [each for each in drift_of(made, dump).objects if each.state == "changed"]
    assert len(found) == 2  # in both families
    for each in found:
        assert each.differences == (("rawContext", RAW, 7),)
        assert each.disabled


def test_a_policy_that_is_changed_is_said_member_by_member(tmp_path: Path):
    made = exempting(DNS)
    dump = shown(change(made, quick_mode={**made.quick_mode.model_dump(), "idle_timeout_seconds": 301}), tmp_path)
    found = drift_of(made, dump)
    assert {each.kind for each in found.objects if each.state != "there"} == {"providerContext"}
    paths = {path for each in found.objects for path, _, _ in each.differences}
    assert {path.partition(".")[2] for path in paths} == {"saIdleTimeout.idleTimeoutSeconds"}


def test_flags_that_the_engine_sets_are_no_change(tmp_path: Path):
    made = preset("nd-transport")
    dump = each_filter(shown(made, tmp_path), lambda f: replace(f, flags=(*f.flags, "FWPM_FILTER_FLAG_INDEXED")))
    downlevel = "FWPM_PROVIDER_CONTEXT_FLAG_DOWNLEVEL"
    contexts = tuple(replace(each, flags=(*each.flags, downlevel)) for each in dump.provider_contexts)
    assert drift_of(made, replace(dump, provider_contexts=contexts)).same is True


def test_keys_in_capitals_are_the_same_keys(tmp_path: Path):
    made = design(**OWN)
    dump = each_filter(
        shown(made, tmp_path),
        lambda f: replace(f, key=f.key.upper(), provider=f.provider.upper(), sublayer=f.sublayer.upper()),
    )
    assert drift_of(made, dump).same is True


def test_what_is_left_of_an_earlier_version_is_told_from_another_policy(tmp_path: Path):
    earlier = exempting(DNS, {"name": "old", "protocol": "tcp", "local_ports": [8080]})
    found = drift_of(exempting(DNS), shown(earlier, tmp_path))
    assert {(display_name(each.document), each.whose) for each in found.left} == {("test: exempt old", "this policy")}
    assert states(found) == {}
    assert found.same is False
    other = drift_of(preset("nd-transport"), shown(design(name="else", families=["V4"]), tmp_path))
    assert {each.whose for each in other.left} == {"another policy"}
    assert other.held.policy == "else"


def test_an_exemption_that_took_another_name_is_there_under_another_key(tmp_path: Path):
    found = drift_of(exempting(DNS), shown(exempting({**DNS, "name": "names"}), tmp_path))
    assert states(found) == {}
    assert {display_name(each.ours) for each in found.objects if each.other_key} == {"test: exempt DNS"}
    assert found.left == ()


def test_an_exemption_in_place_of_another_is_one_that_is_missing_and_one_that_is_left(tmp_path: Path):
    found = drift_of(exempting(DNS), shown(exempting({"name": "web", "protocol": "tcp"}), tmp_path))
    assert states(found) == {"missing": {"exempt DNS"}}
    assert {display_name(each.document) for each in found.left} == {"test: exempt web"}


def test_an_own_sublayer_is_compared_by_its_weight(tmp_path: Path):
    dump = shown(design(**OWN), tmp_path)
    sublayers = tuple(replace(each, weight=9) for each in dump.sublayers)
    found = [each for each in drift_of(design(**OWN), replace(dump, sublayers=sublayers)).objects if each.differences]
    assert [(each.kind, each.differences) for each in found] == [("subLayer", (("weight", 40_000, 9),))]


def test_a_file_without_contexts_and_sublayers_says_what_it_does_not_tell(tmp_path: Path):
    made = design(**OWN)
    found = drift_of(made, shown(made, tmp_path, "filters"))
    assert {each.kind for each in found.objects} == {"provider", "filter"}
    assert states(found) == {}
    assert found.same is None
    assert len(found.uncompared) == 2
    assert found.uncompared[0].startswith(
        f"{len(compile_design(made).contexts)} provider contexts, which netsh wfp show"
    )
    assert found.uncompared[1].startswith("the sublayer's weight")


def _with(tree: Any, name: str, value: Any) -> Any:
    """Return a tree in which every member of a name has another value."""
    if isinstance(tree, dict):
        return {key: value if key == name else _with(each, name, value) for key, each in tree.items()}
    return [_with(each, name, value) for each in tree] if isinstance(tree, list) else tree


ROOTS = {
    "method": "IKEEXT_CERTIFICATE",
    "inbound": "IKEEXT_CERT_CONFIG_EXPLICIT_TRUST_LIST",
    "outbound": "IKEEXT_CERT_CONFIG_EXPLICIT_TRUST_LIST",
    "roots": ["subject:CN=Root"],
}


@pytest.mark.parametrize(
    ("main_mode", "member", "bytes_there", "said"),
    [
        (PRESHARED, "presharedKey", {"data": "00"}, "the pre-shared key of test: IKE main mode"),
        (
            {"ike_authentication": [ROOTS]},
            "inboundRootArray",
            [{"certData": "30"}],
            "the trusted roots of inbound certificates of test: IKE main mode",
        ),
    ],
)
def test_secrets_and_roots_are_not_compared_and_it_is_said(
    main_mode: Any, member: str, bytes_there: Any, said: str, tmp_path: Path
):
    made = design(keying_modules=["IKE"], main_mode=main_mode)
    dump = shown(made, tmp_path)
    contexts = tuple(replace(each, policy=_with(each.policy, member, bytes_there)) for each in dump.provider_contexts)
    found = drift_of(made, replace(dump, provider_contexts=contexts))
    assert (states(found), found.uncompared, found.same) == ({}, (said,), None)


def test_the_drive_of_a_program_is_not_compared_and_its_path_is(tmp_path: Path):
    made, elsewhere = (exempting({"name": "p", "program": f"{path}\\Bin\\x.exe"}) for path in ("C:", "\\device\\vol3"))
    found = drift_of(made, shown(change(elsewhere, id=made.id), tmp_path))
    assert states(found) == {}
    assert found.uncompared == ("the drive in the path of the program of test: exempt p",)
    other = exempting({"name": "p", "program": "\\device\\vol3\\bin\\y.exe"})
    assert states(drift_of(made, shown(other, tmp_path))) == {"changed": {"exempt p"}}
    drive = exempting({"name": "p", "program": "D:\\Bin\\x.exe"})
    assert states(drift_of(made, shown(drive, tmp_path))) == {"changed": {"exempt p"}}
    dump = shown(change(elsewhere, id=made.id), tmp_path)
    not_that = each_filter(
        dump,
        lambda f: replace(
            f,
            conditions=tuple(
                c._replace(match="FWP_MATCH_NOT_EQUAL" if c.field == PROGRAM else c.match) for c in f.conditions
            ),
        ),
    )
    assert states(drift_of(made, not_that))["changed"] >= {"exempt p"}


def test_another_programs_policy_is_compared_by_what_it_says(tmp_path: Path):
    made = exempting(DNS, keying_modules=["IKE"])
    dump = under_other_keys(shown(made, tmp_path))
    callout = "FWPM_CALLOUT_IPSEC_INBOUND_TRANSPORT_V4"
    dump = each_filter(dump, lambda f: replace(f, raw_context=9) if f.callout == callout else f)
    found = drift_of(made, dump)
    assert states(found) == {"changed": {"inbound transport"}}
    assert [each.whose for each in found.left] == []
    more = replace(
        dump, filters=(*dump.filters, replace(dump.filters[-1], key="{0badc0de-0000-4000-a000-00000000000f}"))
    )
    assert [each.whose for each in drift_of(made, more).left] == ["another program"]


@pytest.mark.parametrize("name", MACHINES)
def test_a_machine_of_somebody_else_has_nothing_of_it(name: str, tmp_path: Path):
    found = drift_of(preset("nd-transport"), machine_file_read(name, tmp_path))
    assert found.counts["missing"] == len(found.objects)
    assert found.left == ()
    assert found.same is False


def machine_file_read(name: str, folder: Path) -> Any:
    from ndtui.analysis.dump import read_dump

    return read_dump(machine_file(name, folder))


def test_facts_count_how_long_filters_stand_and_which_sleep(tmp_path: Path):
    made = design(lifetime="persistent", before_bfe=["inbound"])
    dump = changing(shown(made, tmp_path), "inbound transport", flags=(DISABLED,))
    ikeext = DumpProvider("FWPM_PROVIDER_IKEEXT", "", "IKEEXT", ("FWPM_PROVIDER_FLAG_DISABLED",))
    facts = facts_there(drift_of(made, dump), replace(dump, providers=(*dump.providers, ikeext)))
    assert facts.filters == len(dump.filters)
    assert facts.boot_time == len(compile_design(made).before_bfe)
    assert facts.persistent == facts.filters - facts.boot_time - 2
    assert facts.disabled == 2
    assert facts.ikeext == "disabled"
    assert facts.provider_flags == ("FWPM_PROVIDER_FLAG_PERSISTENT",)
    nothing = machine(there("FWPM_LAYER_INBOUND_TRANSPORT_V4"))
    assert facts_there(drift_of(made, nothing), nothing) == ("not in the file", None, 0, 0, 0, 0)


def test_an_exemption_of_another_program_stands_for_no_other(tmp_path: Path):
    at = {"layers": ["FWPM_LAYER_INBOUND_TRANSPORT"]}  # where it is the only one
    dump = under_other_keys(shown(exempting({"name": "web", "protocol": "tcp", **at}, families=["V4"]), tmp_path))
    found = drift_of(exempting({**DNS, **at}, families=["V4"]), dump)
    assert states(found) == {"missing": {"exempt DNS"}}
    assert len(found.left) == found.counts["missing"] == 1


def test_where_several_filters_do_the_same_none_stands_for_another(tmp_path: Path):
    """Of two callouts at a layer that are both otherwise nobody knows which was which."""
    scopes = [{"remote_addresses": [f"192.0.{n}.0/24"]} for n in (1, 2)]
    made = design(families=["V4"], rules=[{"name": f"r{n}", "scope": scope} for n, scope in enumerate(scopes)])
    dump = under_other_keys(shown(made, tmp_path))
    outbound = "FWPM_CALLOUT_IPSEC_OUTBOUND_TRANSPORT_V4"
    found = drift_of(made, each_filter(dump, lambda f: replace(f, raw_context=9) if f.callout == outbound else f))
    assert found.counts["missing"] == len(found.left) == 2
    assert found.counts["changed"] == 0


def test_the_order_of_conditions_says_nothing(tmp_path: Path):
    made = exempting({**DNS, "remote_addresses": ["192.0.2.0/24", "198.51.100.7"]})
    dump = each_filter(
        shown(made, tmp_path), lambda f: replace(f, conditions=f.conditions[::-1], values=f.values[::-1])
    )
    assert drift_of(made, dump).same is True


def test_what_no_file_tells_hinders_no_match_by_what_is_said(tmp_path: Path):
    key = [{"method": "IKEEXT_PRESHARED_KEY", "key": "env:KEY"}]
    rules = [
        {
            "name": f"r{number}",
            "scope": {"remote_addresses": [f"192.0.{number}.0/24"]},
            "negotiation": {
                "keying_modules": ["IKE"],
                "main_mode": {"ike_authentication": key, "max_dynamic_filters": number},
            },
        }
        for number in (1, 2)
    ]
    programs = [{"name": f"p{number}", "program": f"C:\\bin\\{number}.exe"} for number in (1, 2)]
    made = design(families=["V4"], rules=rules, exemptions=programs)
    dump = under_other_keys(shown(made, tmp_path))
    contexts = (
        replace(each, policy=_with(each.policy, "presharedKey", {"data": "00"})) for each in dump.provider_contexts
    )
    found = drift_of(made, each_filter(replace(dump, provider_contexts=tuple(contexts)), _with_device))
    assert states(found) == {}
    assert len(found.uncompared) == 4


def _with_device(each: DumpFilter) -> DumpFilter:
    """Return a filter with the name of a device where the path of a program has a drive."""
    values = [
        program_value(value.element.replace("C:", "\\device\\harddiskvolume3"))
        if value and "C:" in value.element
        else value
        for value in each.values
    ]
    return replace(each, values=tuple(values))


def test_a_provider_in_capitals_is_ours(tmp_path: Path):
    earlier = shown(exempting(DNS, {"name": "old", "protocol": "tcp"}), tmp_path)
    found = drift_of(exempting(DNS), each_filter(earlier, lambda f: replace(f, provider=f.provider.upper())))
    assert {each.whose for each in found.left} == {"this policy"}


def test_a_filter_that_belongs_to_nobody_any_more_is_known_by_its_key(tmp_path: Path):
    found = drift_of(exempting(DNS), changing(shown(exempting(DNS), tmp_path), "exempt DNS", provider=""))
    assert states(found) == {"changed": {"exempt DNS"}}
    paths = {path for each in found.objects for path, _, _ in each.differences}
    assert paths == {"providerKey"}


def test_the_sublayers_that_windows_comes_with_are_nobodys(tmp_path: Path):
    dump = under_other_keys(shown(exempting(DNS), tmp_path))
    universal = DumpSublayer("FWPM_SUBLAYER_UNIVERSAL", "Universal", "", 32768, ())
    assert drift_of(exempting(DNS), replace(dump, sublayers=(universal,))).left == ()
