"""The report as a page: what Markdown has stands in it too, and no text of a design is anything but text."""

import re
from html.parser import HTMLParser
from typing import Any

import pytest
from hypothesis import given

from ndtui.common.errors import InputError
from ndtui.common.text import is_hostile, visible
from ndtui.exporters import exporting
from ndtui.exporters.registry import exporter
from ndtui.exporters.report.html_page import html_page, in_cell, shown
from ndtui.exporters.report.markdown_page import markdown_page
from ndtui.exporters.report.report_contents import report_of
from ndtui.exporters.report.report_parts import Picture, Report, Section, Table, Text, text_of
from ndtui.model.compiled.compile import compile_design
from ndtui.model.design.design import Design, change
from ndtui.model.files.design_file import format_design
from ndtui.testing.sample_designs import HOSTILE_NAMES, hostile
from tests.strategies import ruled_designs
from tests.support import design, preset

#: Elements that have no end.
_VOID = {"meta", "br", "wbr", "path", "rect"}
_KNOWN = {
    *("html", "head", "title", "style", "body", "header", "main", "footer", "nav", "section", "figure", "figcaption"),
    *("h1", "h2", "h3", "p", "ul", "li", "a", "b", "div", "span", "table", "thead", "tbody", "tr", "th", "td"),
    *("svg", "text", *_VOID),
}


class Reader(HTMLParser):
    """Reads a page: its elements must be known ones and close in order; collects text by element."""

    def __init__(self, page: str) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.shape: list[str] = []
        self.texts: dict[str, list[str]] = {}
        self.attributes: list[tuple[str, str, str]] = []
        self.feed(page)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag in _KNOWN, tag
        self.shape.append(f"<{tag} {' '.join(name for name, _ in attrs)}>")
        self.attributes += [(tag, name, value or "") for name, value in attrs]
        if tag in ("td", "h1", "p", "figcaption", "h3", "title"):
            self.texts.setdefault(tag, []).append("")
        if tag not in _VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag not in _VOID:
            assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        for tag in reversed(self.open):
            if tag in self.texts:
                self.texts[tag][-1] += data
                return


def page(made: Design, before: Design | None = None) -> str:
    return html_page(report_of(compile_design(made), before))


def tables(sections: tuple[Section, ...]) -> list[Table]:
    found = []
    for each in sections:
        found += [block for block in each.blocks if isinstance(block, Table)]
        found += tables(each.parts)
    return found


def reported(made: Design) -> Report:
    return report_of(compile_design(made))


@pytest.mark.parametrize("name", ["nd-zones", "nd-domain-member", "ms-sample", "nd-certificates"])
def test_every_cell_of_the_report_is_a_cell_of_the_page(name: str):
    report = reported(preset(name))
    read = Reader(html_page(report))
    wanted = [text_of(cell) for table in tables(report.sections) for row in table.rows for cell in row]
    assert read.texts["td"] == [visible(text) for text in wanted]
    assert read.texts["h1"] == [name]
    assert len(wanted) > 100


@pytest.mark.parametrize("name", ["nd-zones", "nd-transport"])
def test_both_pages_are_of_one_report(name: str):
    """Every section of the page is one of the Markdown, in the same order."""
    report = reported(preset(name))
    titles = [text_of(each.title) for each in report.sections]
    markdown = [line[3:] for line in markdown_page(report).splitlines() if line.startswith("## ")]
    in_html = re.findall(r"<h2>(.*?)</h2>", html_page(report))
    assert titles == markdown == in_html
    assert titles[0] == "In one picture"
    for wanted in ("Authentication and algorithms", "Findings", "Assertions", "Who can talk to whom"):
        assert wanted in titles


def test_the_summary_says_what_becomes_of_the_traffic_of_each_rule():
    summary = reported(preset("nd-zones")).summary
    assert "Secure zone: inbound must be protected, outbound is protected where the peer can" in summary
    assert "SQL: traffic in both directions must be encrypted." in summary
    assert "All other traffic is left as it is." in summary
    assert "ICMP passes in clear" in summary
    assert "AuthIP before IKE and prove who they are with Kerberos" in summary
    one = reported(preset("nd-transport")).summary
    assert one.startswith("Inbound must be protected.")


def test_assertions_stand_with_their_results():
    held = {"traffic": "in tcp from any to any port 443", "verdict": "protected"}
    report = reported(design(**{"assert": [held, {**held, "verdict": "exempt"}]}))
    (section,) = [each for each in report.sections if each.id == "assertions"]
    (table,) = tables((section,))
    assert [text_of(row[2]) for row in table.rows] == ["holds", "does not hold"]
    assert "is protected" in text_of(table.rows[1][3])
    assert "1 of them does not hold" in report.summary


def test_a_picture_for_each_rule_and_kind_of_peer():
    found = page(preset("nd-zones"))
    assert found.count("<svg") == 6
    assert 'aria-label="Peer with IPsec: in: blocked, then protected; out: clear, then protected"' in found
    assert 'aria-label="Peer without IPsec: in: blocked; out: clear"' in found
    drawn = found.partition("Peer without IPsec: in: blocked; out: clear")[2].partition("</svg>")[0]
    assert re.findall(r'class="way"[^>]*>(.*?)<', drawn) == ["in: blocked", "out: clear"]
    assert (drawn.count('"cross bad"'), drawn.count('"head fair"')) == (1, 1)
    report = reported(preset("nd-zones"))
    assert sum(isinstance(block, Picture) for block in report.sections[0].blocks) == 1


def test_what_changes_against_another_design():
    now, before = preset("nd-zones"), preset("nd-transport")
    cells = Reader(page(now, before)).texts["td"]
    at = cells.index("in v4 any, apart from what other filters decide")
    assert cells[at + 1 : at + 3] == ["protected", "untouched"]
    titles = re.findall(r"<h[23]>(.*?)</h[23]>", page(now, before))
    assert titles[1:5] == ["What changes", "Traffic that is treated otherwise", "Decisions", "Objects"]
    assert "What changes" not in page(now)


def test_against_itself_nothing_changes():
    made = preset("nd-zones")
    report = report_of(compile_design(made), made)
    (section,) = [each for each in report.sections if each.id == "changes"]
    assert [block.text for part in section.parts for block in part.blocks if isinstance(block, Text)] == [
        "No traffic is known to be treated otherwise.",
        "Every decision is the same.",
        "No object differs.",
    ]


def test_a_decision_that_differs_is_told_in_words():
    made = preset("nd-transport")
    report = report_of(compile_design(change(made, lifetime="persistent", exemptions=())), made)
    rows = [tuple(map(text_of, row)) for table in tables(report.sections) for row in table.rows]
    assert ("lifetime", "static", "persistent") in rows
    (gone,) = [row for row in rows if row[0] == "exemptions[ICMP]"]
    assert gone[2] == "not there"
    assert "protocol icmp" in gone[1]
    assert "{" not in gone[1]


def test_prose_that_differs_stands_in_one_line():
    made = preset("nd-transport")
    report = report_of(compile_design(change(made, description="One.\n\nWhy:\ttwo.")), made)
    rows = [tuple(map(text_of, row)) for table in tables(report.sections) for row in table.rows]
    (told,) = [row for row in rows if row[0] == "description"]
    assert told[2] == "One. Why: two."
    assert "\n" not in told[1]


@pytest.mark.parametrize("format_name", ["report", "html"])
def test_the_design_to_compare_with_is_named_by_a_person_and_given_as_itself(format_name: str, tmp_path: Any):
    """What the format is given is the design: it reads no file."""
    filterset = compile_design(preset("nd-zones"))
    by_name = exporting.export(exporter(format_name), filterset, {"against": "nd-transport"}).content
    path = tmp_path / "before.toml"
    path.write_text(format_design(preset("nd-transport")), encoding="utf-8")
    assert exporting.export(exporter(format_name), filterset, {"against": str(path)}).content == by_name
    values = exporting.values_of(exporter(format_name), {"against": str(path)})
    path.unlink()
    again = exporter(format_name).export(filterset, values).content
    assert again == by_name
    assert "What changes" in str(by_name)
    with pytest.raises(InputError, match="no preset"):
        exporting.export(exporter(format_name), filterset, {"against": "nope"})


MARKUP = [
    "</td><script>alert(1)</script>",
    "</title></style><script>",
    '" onmouseover="alert(1)',
    "' x='",
    "<!--",
    "-->",
    "&lt;b&gt; &#60;",
    "</svg><img src=x onerror=alert(1)>",
    "{{x}} ${x} %3Cscript%3E",
    "javascript:alert(1)",
    "*/ } body { display: none",
]


@pytest.mark.parametrize("name", [*MARKUP, *HOSTILE_NAMES])
def test_no_name_changes_the_structure(name: str):
    """The elements and attributes are those of a design of another name; only the texts differ."""
    made, harmless = hostile(name), hostile("harmless")
    read, other = Reader(page(made)), Reader(page(harmless))
    assert [each for each in read.shape if each != "<wbr >"] == [each for each in other.shape if each != "<wbr >"]
    assert read.texts["h1"] == [visible(name)]
    assert [each for each in read.attributes if each[1] != "content"] == [
        each for each in other.attributes if each[1] != "content"
    ]


@given(made=ruled_designs())
def test_any_design_is_a_page_that_nothing_in_it_breaks(made: Design):
    text = page(made)
    read = Reader(text)
    assert not [c for c in text if c != "\n" and is_hostile(c)]
    wanted = [text_of(cell) for table in tables(reported(made).sections) for row in table.rows for cell in row]
    assert read.texts["td"] == [visible(each) for each in wanted]


def test_nothing_is_loaded_and_no_script_may_run():
    read = Reader(page(preset("nd-zones"), preset("nd-transport")))
    assert ("meta", "content", "default-src 'none'; style-src 'unsafe-inline'") in read.attributes
    places = [value for tag, name, value in read.attributes if name in ("href", "src", "action", "data")]
    assert places
    assert all(value.startswith("#") for value in places)
    ids = [value for _, name, value in read.attributes if name == "id"]
    assert len(ids) == len(set(ids))
    assert {value[1:] for value in places} <= set(ids)
    assert not [name for _, name, _ in read.attributes if name.startswith("on") or name == "style"]


def test_what_acts_on_the_direction_of_text_is_written_out():
    assert shown("a\u202eb\x1b") == in_cell("a\u202eb\x1b") == "a\\u202eb\\x1b"


@pytest.mark.parametrize("text", ["a" * 100, "ALE_AUTH_RECV_ACCEPT_V4", "a" * 18, "a  b", "<" * 60, "--__" * 20])
def test_a_long_word_may_be_broken_and_stays_the_same(text: str):
    found = in_cell(text)
    assert re.sub("<wbr>", "", found) == text.replace("<", "&lt;")
    longest = max(len(re.sub("&lt;", "<", piece)) for piece in re.split(r"<wbr>|\s", found))
    assert longest <= 24
    assert ("<wbr>" in found) == (len(text) > 18)
