"""netsh XML: read as anything is that netsh printed, it is the design again, and looks as netsh's own looks."""

import re
from dataclasses import replace
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from hypothesis import given

from ndtui.analysis.dump import Dump, DumpFilter, filters_in_order, read_dump
from ndtui.analysis.ranking.order import order
from ndtui.analysis.reconstruct.design_from_dump import reconstruct
from ndtui.common.errors import NdtuiError
from ndtui.exporters import exporting
from ndtui.exporters.registry import exporter
from ndtui.model.compiled.compile import compile_design
from ndtui.model.compiled.objects import FilterSet
from ndtui.model.design.design import Design, derived_id
from ndtui.model.files import presets
from ndtui.testing.sample_designs import HOSTILE_NAMES, hostile
from tests.analysis.reconstruct.test_design_from_dump import in_objects, objects
from tests.negotiations import negotiating_designs
from tests.netsh import show_state
from tests.rule_strategies import designs_with_rules
from tests.strategies import designs
from tests.support import data_file, exempting, often, preset
from tests.support import design as plain

PRESETS = [each.name for each in presets.shipped()]
SHOWN = ("state", "filters")


def exported(of: Design | FilterSet, show: str = "state", *, lossy: bool = False) -> str:
    filterset = compile_design(of) if isinstance(of, Design) else of
    text = exporting.export(exporter("netsh-xml"), filterset, {"show": show}, lossy=lossy).content
    assert isinstance(text, str)
    return text


def read(folder: Path, text: str) -> Dump:
    path = folder / "exported.xml"
    path.write_text(text, encoding="utf-8", newline="")
    return read_dump(path)


@pytest.mark.parametrize("name", PRESETS)
def test_every_preset_comes_back_as_it_was(name: str, tmp_path: Path):
    made = preset(name)
    dump = read(tmp_path, exported(made))
    found = reconstruct(dump, known=[preset(each) for each in PRESETS])
    assert (found.design, found.missing) == (made, ())
    assert dump.unknown == {}
    assert dump.kind == "state"


def assert_comes_back(made: Design, folder: Path) -> None:
    """Check that the objects of a design come back, and that nothing but what is in no object does not."""
    filterset = compile_design(made)
    lost = exporter("netsh-xml").unsupported(filterset, {"show": "state"})
    assert [each.element for each in lost] == (["lifetime dynamic"] if made.lifetime == "dynamic" else [])
    dump = read(folder, exported(filterset, lossy=bool(lost)))
    found = reconstruct(dump)
    assert [line for line in found.missing if not line.startswith("id: ")] == []
    assert bool(found.missing) == (made.id != derived_id(made.name))
    assert found.design is not None
    assert objects(found.design) == objects(in_objects(made))
    assert dump.unknown == {}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("netsh-xml")


@often
@given(made=designs())
def test_any_design_comes_back(made: Design, folder: Path):
    assert_comes_back(made, folder)


@given(made=designs_with_rules() | negotiating_designs())
def test_rules_and_what_they_negotiate_come_back_as_from_a_machine(made: Design, folder: Path):
    """What another writer makes of the objects is read as the same policy, and what cannot be told is named alike."""
    filterset = compile_design(made)
    lost = exporter("netsh-xml").unsupported(filterset, {"show": "state"})
    ours = read(folder, exported(filterset, lossy=bool(lost)))
    theirs = read(folder, show_state(filterset))
    assert reconstruct(ours) == reconstruct(theirs)
    assert {each.key: shown(each) for each in ours.filters} == {each.key: shown(each) for each in theirs.filters}
    assert [each.key for each in ours.provider_contexts] == [each.key for each in theirs.provider_contexts]


def shown(each: DumpFilter) -> DumpFilter:
    """Return a filter without the number that an engine gives it."""
    return replace(each, filter_id=0)


@pytest.mark.parametrize("show", SHOWN)
@pytest.mark.parametrize("name", ["nd-zones", "nd-domain-member"])
def test_filters_stand_as_netsh_orders_them(name: str, show: str, tmp_path: Path):
    """By the number of the layer, then by weight; and arbitration among them is that of the design."""
    filterset = compile_design(preset(name))
    dump = read(tmp_path, exported(filterset, show, lossy=True))
    listed = list(dict.fromkeys(each.layer for each in dump.filters))
    assert dump.layers == tuple(listed)
    assert [name.partition("LAYER_")[2] for name in listed[:2]] == ["INBOUND_TRANSPORT_V4", "INBOUND_TRANSPORT_V6"]
    assert listed[-1] == "FWPM_LAYER_IKEEXT_V6"
    for layer in listed:
        weights = [each.effective_weight for each in dump.filters if each.layer == layer]
        assert weights == sorted(weights, reverse=True)
    wanted = {g.layer: [row.filter.name for row in g.rows] for g in order(filterset) if not g.before_bfe}
    assert {g.layer: [f.name for f in g.filters] for g in filters_in_order(dump)} == wanted


def test_filters_are_numbered_as_they_are_added(tmp_path: Path):
    filterset = compile_design(preset("nd-zones"))
    dump = read(tmp_path, exported(filterset))
    by_number = sorted(dump.filters, key=lambda each: each.filter_id)
    assert [each.name for each in by_number] == [each.name for each in filterset.filters]
    assert len({each.filter_id for each in by_number}) == len(by_number)


@pytest.mark.parametrize("name", PRESETS)
def test_a_list_of_filters_names_what_it_does_not_list(name: str, tmp_path: Path):
    filterset = compile_design(preset(name))
    with pytest.raises(NdtuiError, match="lists no provider contexts") as caught:
        exported(filterset, "filters")
    assert filterset.contexts[0].name in str(caught.value)
    text = exported(filterset, "filters", lossy=True)
    head = text[: text.index("<wfpdiag>")]
    assert all(context.name in head for context in filterset.contexts)
    dump = read(tmp_path, text)
    assert dump.kind == "filters"
    assert sorted(each.name for each in dump.filters) == sorted(each.name for each in filterset.filters)
    found = reconstruct(dump)
    assert any("does not list its provider context" in line for line in found.missing)
    assert found.design is not None
    assert [each.name for each in found.design.exemptions] == [each.name for each in preset(name).exemptions]


def test_a_sublayer_of_its_own_has_its_weight_in_show_state_alone(tmp_path: Path):
    made = plain(sublayer={"kind": "own", "weight": 7})
    assert read(tmp_path, exported(made)).sublayers[0].weight == 7
    with pytest.raises(NdtuiError, match=re.escape("and 1 more") + "|lists no sublayers"):
        exported(made, "filters")
    lost = exporter("netsh-xml").unsupported(compile_design(made), {"show": "filters"})
    assert any("lists no sublayers" in each.why for each in lost)


def test_objects_of_a_session_that_ends_are_a_loss():
    made = plain(lifetime="dynamic")
    with pytest.raises(NdtuiError, match="lifetime dynamic"):
        exported(made)
    head, _, rest = exported(made, lossy=True).partition("<wfpstate>")
    assert "lifetime dynamic: the objects of a session" in head
    assert rest == exported(plain(lifetime="static")).partition("<wfpstate>")[2]


def element_names(of: ElementTree.Element, name: str, found: dict[str, set[str]]) -> None:
    children = [each.tag for each in of]
    if set(children) == {"item"}:
        found.setdefault(name, set()).add("item counted" if of.get("numItems") == str(len(children)) else "item")
    elif children:
        found.setdefault(name, set()).add(" ".join(children))
    for each in of:
        element_names(each, f"{name}/item" if each.tag == "item" else each.tag, found)


@pytest.mark.parametrize("show", SHOWN)
@pytest.mark.parametrize("name", PRESETS)
def test_elements_stand_as_netsh_prints_them(name: str, show: str):
    """What stands in an element that machines have stands there in the same order, and nothing is left out."""
    known: dict[str, Any] = data_file("netsh_elements.json")["elements"]
    root = ElementTree.fromstring(exported(preset(name), show, lossy=True))
    found: dict[str, set[str]] = {}
    for section in root:
        top = f"{root.tag}/{section.tag}" if root.tag == "wfpdiag" else section.tag
        element_names(section, top, found)
    found.pop("conditionValue", None)  # a union: machines had other types of values than some designs
    foreign = {place: seen - set(known[place]) for place, seen in found.items() if place in known}
    alike = "ikeMmPolicy", "ikeQmTransportPolicy", "ikeV2MmPolicy", "ikeV2QmTransportPolicy"
    for place in list(foreign.get("providerContexts/item", ())):
        if any(member in place for member in alike):
            foreign["providerContexts/item"].discard(place)
    unions = ("sslAuthentication", "authenticationMethods/item")  # machines had other ways than some designs
    assert {place: seen for place, seen in foreign.items() if seen and place not in unions} == {}
    assert len(found.keys() & known.keys()) > {"state": 25, "filters": 10}[show]
    assert "item counted" in found["filterCondition"]


def test_the_key_usages_of_a_certificate_come_back_from_where_netsh_has_them(tmp_path: Path):
    side = "IKEEXT_CERT_CONFIG_TRUSTED_ROOT_STORE"
    made = plain(
        keying_modules=["IKE"],
        main_mode={
            "ike_authentication": [
                {
                    "method": "IKEEXT_CERTIFICATE",
                    "inbound": side,
                    "outbound": side,
                    "inbound_criteria": [{"key_usages": ["1.3.6.1.5.5.7.3.2", "1.3.6.1.5.5.8.2.2"]}],
                }
            ]
        },
    )
    text = exported(made)
    assert "<numEku>2</numEku>\n" in text
    assert reconstruct(read(tmp_path, text)).design == made


MARKUP = ["</name><item>", "]]>", "<!--", "--><x/>", "&amp;", "&#x41;", "\"'", "<?xml?>", "a-", "--"]


@pytest.mark.parametrize("show", SHOWN)
@pytest.mark.parametrize("name", [*MARKUP, *HOSTILE_NAMES])
def test_no_name_is_anything_but_a_name(name: str, show: str, tmp_path: Path):
    """The objects are those of a design of another name, and the names come back character by character."""
    filterset = compile_design(hostile(name))
    text = exported(filterset, show, lossy=True)
    dump = read(tmp_path, text)
    assert dump.unknown == {}
    assert sorted(each.name for each in dump.filters) == sorted(each.name for each in filterset.filters)
    harmless = exported(hostile("harmless"), show, lossy=True)
    assert re.sub(">[^<]*<", "><", text.partition("<wfp")[2]) == re.sub(">[^<]*<", "><", harmless.partition("<wfp")[2])
    assert "--" not in text.partition("<!--")[2].partition("-->")[0]


def test_what_xml_cannot_hold_is_named(tmp_path: Path):
    made = exempting({"name": "a\ufffeb", "protocol": "udp"}, {"name": "c", "protocol": "tcp"})
    with pytest.raises(NdtuiError, match=re.escape("exemptions[0].name (XML has no place")):
        exported(made)
    dump = read(tmp_path, exported(made, lossy=True))
    assert {each.name for each in dump.filters if "exempt a" in each.name} == {"test: exempt a\ufffdb"}


def test_a_program_is_written_as_the_design_has_it(tmp_path: Path):
    path = "C:\\\u00e4 & b.exe"
    made = exempting({"protocol": "tcp", "program": path})
    dump = read(tmp_path, exported(made))
    assert {c.text for each in dump.filters for c in each.conditions if "APP_ID" in c.field} == {path}


@pytest.mark.parametrize("show", SHOWN)
def test_the_last_line_has_an_end_and_none_is_empty(show: str) -> None:
    text = exported(preset("nd-transport"), show, lossy=True)
    assert text.endswith(">\n")
    assert "\n\n" not in text
