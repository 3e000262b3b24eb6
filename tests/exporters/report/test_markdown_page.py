"""The report as Markdown: everything that a reviewer has to know, in a page that nothing in a name can break."""

import re
from itertools import dropwhile, pairwise, takewhile

import pytest
from markdown_it import MarkdownIt
from markdown_it.token import Token

from ndtui.analysis.check.examine import Report as Examined
from ndtui.analysis.check.examine import check
from ndtui.analysis.ranking.order import order
from ndtui.common.text import visible
from ndtui.exporters import exporting
from ndtui.exporters.registry import exporter
from ndtui.model.compiled.compile import compile_design
from ndtui.model.compiled.objects import FilterSet
from ndtui.model.design.design import Design
from tests.support import design, exempting, preset


def report(made: Design | FilterSet) -> list[str]:
    """Return the lines of a report."""
    filterset = compile_design(made) if isinstance(made, Design) else made
    text = exporting.export(exporter("report"), filterset, {}).content
    assert isinstance(text, str)
    return text.split("\n")


def section(lines: list[str], heading: str) -> list[str]:
    """Return the lines under a heading, up to the next of its level or above."""
    start = lines.index(heading) + 1
    level = heading.partition(" ")[0]
    ends = [n for n, line in enumerate(lines[start:], start) if re.match(f"#{{1,{len(level)}}} ", line)]
    return lines[start : ends[0] if ends else len(lines)]


def cells(line: str) -> list[str]:
    """Return the cells of a row, as a reader of Markdown sees them: an escaped character is a character."""
    assert re.fullmatch(r"\| .* \|", line), line
    return [re.sub(r"\\(.)", r"\1", cell)[1:-1] for cell in re.findall(r"((?:\\.|[^\\|])*)\|", line[1:])]


def rows(lines: list[str]) -> list[list[str]]:
    """Return the rows of the first table in a section, without its head."""
    table = list(takewhile(bool, dropwhile(lambda line: not line.startswith("|"), lines)))
    assert re.fullmatch(r"\|(---\|)+", table[1])
    return [cells(line) for line in table[2:]]


def test_it_says_what_was_decided() -> None:
    made = exempting(
        {"name": "DNS", "protocol": "udp"}, name="mine", description="Why.\nBecause.", lifetime="persistent"
    )
    lines = report(made)
    assert lines[:5] == ["# mine", "", "Why.", "Because.", ""]
    decisions = dict(rows(section(lines, "## Decisions")))
    assert decisions["scenario"] == made.rules[0].mode
    assert decisions["keying modules"] == "IKE, AuthIP"
    assert decisions["lifetime"] == "persistent"


def test_it_says_what_each_rule_is_for() -> None:
    sql = {"protocol": "tcp", "local_ports": [1433], "remote_addresses": ["10.0.0.0/8", "fd00::/8"]}
    lines = report(
        design(
            version=2,
            rules=[
                {"name": "base", "comment": "All\nthe rest."},
                {"name": "a|b", "mode": "require", "scope": sql, "encryption": "guaranteed", "weight_range": 9},
                {"name": "RDP", "mode": "inherit", "scope": {"protocol": "icmp"}, "machines": "O:LSD:(A;;CC;;;DC)"},
                {
                    "name": "old",
                    "enabled": False,
                    "scope": {"protocol": "udp", "local_ports": [1], "remote_ports": [2], "either_port": True},
                    "negotiation": {"keying_modules": ["IKE"]},
                },
            ],
        )
    )
    wanted = """
        base; negotiation-discovery; yes; all unicast traffic; none; everybody; automatic; as the design; All the rest.
        a|b; require; no; TCP, remote 10.0.0.0/8 or fd00::/8, local port 1433; guaranteed; everybody; range 0x9; \
as the design;
        RDP; inherit; ; ICMP or ICMPv6; none; machines: domain computers may connect; automatic; as other rules;
        old (off); negotiation-discovery; yes; UDP, local port 1, remote port 2, one of both being enough; none; \
everybody; automatic; by itself;
    """
    found = rows(section(lines, "## Rules"))
    assert ["; ".join(row).strip() for row in found] == [line.strip() for line in wanted.strip().splitlines()]
    decisions = dict(rows(section(lines, "## Decisions")))
    assert "scenario" not in decisions


@pytest.mark.parametrize("changed", [{"scope": {"protocol": "tcp"}}, {"encryption": "guaranteed"}, {"name": "all"}])
def test_a_rule_that_is_more_than_its_scenario_is_listed(changed: dict[str, object]) -> None:
    assert "## Rules" in report(design(version=2, rules=[{"name": "base", **changed}]))
    assert "## Rules" not in report(design(version=2, rules=[{"name": "base", "mode": "require", "comment": "x"}]))


def test_it_has_every_filter_of_every_layer_in_the_order_of_arbitration() -> None:
    filterset = compile_design(preset("nd-domain-member"))
    lines = report(filterset)
    for group in order(filterset):
        found = rows(section(lines, f"### {group.layer}"))
        assert [row[-1] for row in found] == [row.filter.name for row in group.rows]
        assert [row[0].partition(" ")[0] for row in found] == [str(row.rank) for row in group.rows]
    assert sum(len(group.rows) for group in order(filterset)) == len(filterset.filters)


@pytest.mark.parametrize("name", ["nd-domain-member", "ms-sample"])
def test_it_has_every_finding_with_its_remedy(name: str) -> None:
    filterset = compile_design(preset(name))
    findings = check(filterset)
    assert findings
    found = rows(section(report(filterset), "## Findings"))
    assert found == [[f.severity, f.id, str(f.where), f.message, f.remedy] for f in findings]


def test_where_there_is_nothing_to_find_it_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ndtui.exporters.report.report_contents.examine", lambda filterset: Examined(()))
    assert section(report(design()), "## Findings") == ["", "None.", ""]


@pytest.mark.parametrize(
    "name",
    ["a|b", "a | b", "|", "\\|", "a\\", "`code`", "*bold* _it_", "[x](y)", "<script>", "# head"],
)
def test_no_name_breaks_out_of_its_cell(name: str) -> None:
    """A row has as many cells as its head, and the name of the filter is the last of them, character by character."""
    made = exempting({"name": name, "protocol": "udp", "remote_ports": [53]}, name=name)
    filterset = compile_design(made)
    lines = report(filterset)
    for group in order(filterset):
        found = rows(section(lines, f"### {group.layer}"))
        assert {len(row) for row in found} == {6}
        assert [row[-1] for row in found] == [row.filter.name for row in group.rows]
    assert cells(f"| {lines[0][2:]} |") == [name]


#: What Markdown takes for something else than text where a line begins with it, or holds it.
MEANINGFUL = [
    *("~~~", "```", "~~~ sh", "---", "===", "- a", "+ a", "* a", "1. a", "12) a", "# a", "> a", "    code", "\tcode"),
    *(
        "| a | b |",
        ":--",
        "-:",
        "<!--",
        "<script>",
        "<b>",
        "[x]: http://y",
        "![x](y)",
        "**a**",
        "~~a~~",
        "&lt;",
        "&#35;",
    ),
    *("a\\", "$x$", "`a", "1986\\. a", "&amp", "1.", "-"),
]


def shown(markdown: str) -> list[tuple[str, str]]:
    """Return what a reader of Markdown makes of a page: each block of text with what it stands in."""
    tokens = MarkdownIt("commonmark").enable(["table", "strikethrough"]).parse(markdown)
    return [(before.type, _text(token)) for before, token in pairwise(tokens) if token.type == "inline"]


def _text(block: Token) -> str:
    known = {"text": lambda token: token.content, "text_special": lambda token: token.content}
    return "".join({**known, "softbreak": lambda _: "\n"}[token.type](token) for token in block.children or ())


@pytest.mark.parametrize("line", MEANINGFUL)
def test_markdown_in_a_description_is_text(line: str) -> None:
    """Whatever a description holds, it is one paragraph that reads as it was written, and the report goes on."""
    before, after = "Why.", "Because."
    made = design(name="mine", description=f"{before}\n{line}\n{after}")
    found = shown("\n".join(report(made)))
    assert found[1] == ("paragraph_open", f"{before}\n{visible(line.strip())}\n{after}")
    assert ("heading_open", "Findings") in found
    alone = shown("\n".join(report(design(name="mine", description=line))))
    assert alone[1] == ("paragraph_open", visible(line.strip()))
    assert len(alone) == len(found)


@pytest.mark.parametrize("character", list("\\`*_{}[]<>#|~&$"))
def test_what_means_something_in_markdown_never_stands_bare(character: str) -> None:
    lines = report(design(name=f"x{character}y", description=f"x{character}y"))
    assert lines[0] == f"# x\\{character}y"
    assert lines[2] == f"x\\{character}y"
