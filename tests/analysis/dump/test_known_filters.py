"""Filters of shapes that were met before are cut out of the text: what is read is what the parser alone reads."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ndtui.analysis.dump import Dump, read_dump, stream, tree
from ndtui.analysis.dump.object_shape import KnownFilters
from ndtui.common.errors import InputError
from tests.analysis.dump.test_dump import condition, diag, filter_xml, layer_xml, state, typed
from tests.machines import MACHINES, machine_file

ADDRESS = condition("FWPM_CONDITION_IP_REMOTE_ADDRESS", typed("FWP_UINT32", "<uint32>10.0.0.1</uint32>"))
PORT = condition("FWPM_CONDITION_IP_LOCAL_PORT", typed("FWP_UINT16", "<uint16>445</uint16>"))
OF_PROGRAM = condition(
    "FWPM_CONDITION_ALE_APP_ID",
    typed("FWP_BYTE_BLOB_TYPE", "<byteBlob><data>5c00</data><asString>\\device\\x.exe</asString></byteBlob>"),
)

USUAL = [
    filter_xml("{a}", conditions=ADDRESS),
    filter_xml("{b}", conditions=ADDRESS, name="Another"),
    filter_xml("{c}", conditions=ADDRESS + PORT, effective=7),
    filter_xml("{d}", conditions=OF_PROGRAM),
    filter_xml("{e}", conditions=PORT.replace("445", "3389")),
]

#: One filter, or something in its place.
UNUSUAL = [
    filter_xml(name="a &amp; b"),
    filter_xml(name="a > b"),
    filter_xml(name="a ]]> b"),
    filter_xml(name="a\nb\r\nc"),
    filter_xml(name="a<!-- b -->c"),
    filter_xml(name="<![CDATA[a < b]]>"),
    filter_xml(name="a<b/>c"),
    filter_xml(name="<b/>"),
    filter_xml(name="what? no!"),
    filter_xml(name="<?pi a?>"),
    filter_xml(name=""),
    filter_xml(name="ü \u200f \ud7ff"),
    filter_xml(name="\x01"),
    filter_xml(name="\ufffe"),
    filter_xml("{a}\t"),
    filter_xml(more="<new>one</new><new><deep>two</deep></new>"),
    filter_xml(more="<new at='1'\nby='2'>one</new>"),
    filter_xml(more=" a text "),
    filter_xml(more="<filterKey>{z}</filterKey>"),
    filter_xml(more=filter_xml("{inner}")),
    filter_xml(conditions=ADDRESS.replace("<matchType>", "<more>x</more><matchType>")),
    filter_xml(conditions=ADDRESS.replace("<item>", "<other>")),
    filter_xml(conditions="a text"),
    filter_xml(weight="<type>FWP_UINT8</type><uint8>nine</uint8>"),
    filter_xml(weight="<type>FWP_UINT64</type><uint8>9</uint8>"),
    filter_xml(weight="<type>FWP_UINT8</type><uint8>9</uint8>")
    + filter_xml(weight="<type>FWP_EMPTY</type><uint8>9</uint8>"),
    filter_xml(name="a\nb", weight="<type>FWP_UINT8</type><uint8>x</uint8>").replace("<flags ", "<flags\n"),
    filter_xml(layer=""),
    filter_xml("").replace("<filterKey></filterKey>", "<filterKey/>"),
    filter_xml().replace("<rawContext>0</rawContext>", ""),
    filter_xml().replace("<filterId>", "<filterId>x"),
    filter_xml().replace("<item>", "<item a='b'>", 1),
    filter_xml().replace("<item>", "<item\n>", 1),
    filter_xml().replace("<filterKey>", "<filterKey\n>", 1),
    filter_xml().replace("</item>", "", 1),
    filter_xml().replace("<providerData><data>", "<providerData</item>data>"),
    filter_xml().replace("</filterKey>\n\t<displayData>", "</filterKey</filterKey>displayData>"),
    filter_xml() + "</filters><filters>",
    filter_xml() + "<a/>",
    filter_xml() + "</filters><unknown><item><filterKey>{q}</filterKey></item></unknown><filters>",
    filter_xml() + "</filters><providers>" + filter_xml("{p}") + "</providers><filters>",
    filter_xml() + "</filters><netEvents>" + filter_xml("{n}") + "</netEvents><filters>",
    filter_xml() + f"</filters><providerContexts><item>{filter_xml('{x}') * 3}</item></providerContexts><filters>",
    f"<item><item>{filter_xml()}</item></item>",
    filter_xml() + "<a><b><c>" + filter_xml() * 3 + "</c></b></a>",
    filter_xml() + "<item>" + filter_xml() * 3 + "</item>",
    filter_xml() + "<!-- " + filter_xml() + " -->",
    filter_xml() + "<![CDATA[" + filter_xml() + "]]>",
    "<item><filterKey>{short}</filterKey></item>",
    "<item><filterKey></filterKey></item>",
    "a text",
    "<item><filterKey>{cut}",
]


class OnlyTheParser(KnownFilters):
    """Takes no filters out of a text."""

    def take(self, text: str) -> str:
        return text


def said(path: Path) -> object:
    """Return everything that is read of a file, or the refusal."""
    try:
        dump = read_dump(path)
    except InputError as refused:
        return str(refused), refused.remedy
    return tuple(getattr(dump, name) for name in Dump.__slots__)


def assert_the_parser_says_the_same(text: str, path: Path) -> None:
    path.write_bytes(text.encode("utf-8", "surrogatepass"))
    fast = said(path)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(stream, "KnownFilters", OnlyTheParser)
        assert said(path) == fast


AROUND = {
    "filters": diag,
    "state": lambda *filters: state(layer_xml("FWPM_LAYER_ALE_AUTH_CONNECT_V4", *filters)),
    "nowhere": lambda *filters: "".join(filters),
    "events": lambda *filters: f"<wfpdiag><netEvents>{''.join(filters)}</netEvents></wfpdiag>",
    "lost": lambda *filters: f"<wfpstate><sessions><item>{''.join(filters)}</item></sessions></wfpstate>",
    "firewall": lambda *filters: diag(*filters) + f"<firewallState>{''.join(filters)}</firewallState>",
}


@pytest.mark.parametrize("around", AROUND)
@pytest.mark.parametrize("unusual", UNUSUAL, ids=lambda text: str(UNUSUAL.index(text)))
def test_filters_of_known_shapes_are_those_that_the_parser_reads(unusual: str, around: str, tmp_path: Path):
    filters = [*USUAL, unusual, *USUAL, unusual, *USUAL]
    for apart in ("", "\n", "\r\n  "):
        text = AROUND[around](*(f"{each}{apart}" for each in filters))
        assert_the_parser_says_the_same(text, tmp_path / "dump.xml")


@settings(max_examples=150)
@given(
    st.lists(st.sampled_from([*USUAL, *UNUSUAL]), max_size=6),
    st.sampled_from(sorted(AROUND)),
    st.tuples(st.integers(0, 5_000), st.integers(0, 60), st.text("<>&;!?/ai\n\x01", max_size=4)),
)
def test_what_is_damaged_is_read_as_the_parser_reads_it(
    tmp_path_factory: pytest.TempPathFactory, filters: list[str], around: str, damage: tuple[int, int, str]
):
    text = AROUND[around](*USUAL, *filters, *USUAL)
    at, length, put = damage
    assert_the_parser_says_the_same(text[:at] + put + text[at + length :], tmp_path_factory.mktemp("d") / "dump.xml")


@pytest.mark.parametrize("name", MACHINES)
def test_machines_are_read_as_the_parser_reads_them(name: str, tmp_path: Path):
    path = machine_file(name, tmp_path)
    assert_the_parser_says_the_same(path.read_text("utf-8"), path)


@pytest.mark.parametrize("around", ["filters", "state"])
def test_most_filters_are_not_built_element_by_element(around: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    path = tmp_path / "dump.xml"
    path.write_text(AROUND[around](*USUAL * 100), "utf-8")
    built: list[str] = []
    monkeypatch.setattr(tree, "Node", lambda tag, line: (built.append(tag), Usual(tag, line))[1])
    dump = read_dump(path)
    assert len(dump.filters) == 500
    assert not dump.unknown
    assert built.count("filterKey") < 10


Usual = tree.Node


def test_what_is_unknown_in_a_condition_is_counted_in_each_filter(tmp_path: Path):
    path = tmp_path / "dump.xml"
    path.write_text(diag(*[filter_xml(conditions=ADDRESS.replace("<matchType>", "<more>x</more><matchType>"))] * 3))
    assert read_dump(path).unknown == {"wfpdiag/filters/item/filterCondition/item/more": 3}


def test_the_line_of_a_number_that_is_none_in_a_known_shape(tmp_path: Path):
    wrong = filter_xml(name="one\ntwo\nthree", weight="<type>FWP_UINT8</type><uint8>nine</uint8>")
    path = tmp_path / "dump.xml"
    right = filter_xml(weight="<type>FWP_UINT8</type><uint8>9</uint8>")
    text = diag(*[f"{right}\n"] * 20, wrong, right)
    path.write_text(text, "utf-8")
    line = text[: text.index("nine")].count("\n") + 1
    with pytest.raises(InputError, match=f"line {line}: <weight> has the uint8 'nine'"):
        read_dump(path)
