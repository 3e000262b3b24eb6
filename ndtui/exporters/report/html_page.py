"""HTML page: a report as one file that needs no other: styled, printable, and without a script.

Every text of a design is escaped, and what acts on a reader's direction of text is written out; the page says itself
that no script may run in it and nothing be loaded.
"""

import re
from collections.abc import Iterator
from html import escape

from ndtui.common.text import visible
from ndtui.exporters.report.html_style import style
from ndtui.exporters.report.picture_svg import picture_svg
from ndtui.exporters.report.report_parts import Block, Cell, Picture, Report, Said, Section, Table, Text, count, text_of

#: A table of so many columns is one on a narrow screen too.
_NARROW = 2
_POLICY = "default-src 'none'; style-src 'unsafe-inline'"
#: What stands out among the figures, where there is any.
_ALARMING = {"errors": "bad", "warnings": "fair"}


def html_page(report: Report) -> str:
    """Return a report as a page."""
    return "\n".join(_Page(report).lines()) + "\n"


def shown(text: str) -> str:
    """Return a text as it has to stand in an element or an attribute."""
    return escape(visible(text), quote=True)


def in_cell(text: str) -> str:
    """Return a text as it has to stand in a cell: what has no blank for long may be broken, best after a sign."""
    return "".join(
        "<wbr>".join(map(escape, re.findall(_PIECES, word))) if len(word) > _LONG else escape(word)
        for word in re.split(r"(\s+)", visible(text))
    )


#: A word may be longer than this before it is broken, and where.
_LONG = 18
_PIECES = re.compile(r"[^_./:,;\\\-]{0,17}[_./:,;\\\-]{1,6}|[^_./:,;\\\-]{1,18}")


class _Page:
    """Writes one report; each head of a table has a class, by which a narrow screen names the cells."""

    def __init__(self, report: Report) -> None:
        self._report = report
        self._heads: dict[tuple[str, ...], int] = {}

    def lines(self) -> Iterator[str]:
        """Yield the lines of the page."""
        body = list(self._body())  # first: the style names the heads
        name = shown(self._report.name)
        yield "<!DOCTYPE html>"
        yield '<html lang="en">'
        yield "<head>"
        yield '<meta charset="utf-8">'
        yield f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">'
        yield '<meta name="viewport" content="width=device-width, initial-scale=1">'
        yield '<meta name="color-scheme" content="light dark">'
        yield f"<title>{name}: IPsec policy</title>"
        yield "<style>"
        yield style(list(self._heads))
        yield "</style>"
        yield "</head>"
        yield from body
        yield "</html>"

    def _body(self) -> Iterator[str]:
        report = self._report
        yield "<body>"
        yield "<header>"
        yield '<p class="kind">IPsec policy for Windows</p>'
        yield f"<h1>{shown(report.name)}</h1>"
        yield from _paragraphs(report.description)
        yield "</header>"
        yield "<main>"
        yield f'<p class="summary">{shown(report.summary)}</p>'
        yield '<ul class="figures">'
        for thing, number in report.figures:
            tone = _ALARMING.get(thing, "") if number else ""
            word = thing if number != 1 else thing.removesuffix("s")
            yield f'<li class="{tone}"><b>{number}</b> {word}</li>'
        yield "</ul>"
        yield '<nav aria-label="Contents"><ul>'
        for section in report.sections:
            yield f'<li><a href="#{section.id}">{shown(text_of(section.title))}</a></li>'
        yield "</ul></nav>"
        for section in report.sections:
            yield from self._section(section, 2)
        yield "</main>"
        yield "<footer><p>Made by ndtui from the design, and from nothing else. Outcomes are traced through the filters"
        yield "that the design becomes; effective weights are modelled.</p></footer>"
        yield "</body>"

    def _section(self, section: Section, level: int) -> Iterator[str]:
        yield f'<section id="{section.id}">'
        yield f"<h{level}>{shown(text_of(section.title))}</h{level}>"
        for block in section.blocks:
            yield from self._block(block)
        for part in section.parts:
            yield from self._section(part, level + 1)
        yield "</section>"

    def _block(self, block: Block) -> Iterator[str]:
        if isinstance(block, Text):
            yield from _paragraphs(block.text)
        elif isinstance(block, Table):
            yield from self._table(block)
        else:
            yield from _picture(block)

    def _table(self, table: Table) -> Iterator[str]:
        if len(table.head) > _NARROW:
            number = self._heads.setdefault(table.head, len(self._heads))
            yield f'<table class="cards t{number}">'
        else:
            yield "<table>"
        heads = "".join(f'<th scope="col">{shown(each)}</th>' for each in table.head)
        yield f"<thead><tr>{heads}</tr></thead>"
        yield "<tbody>"
        for row in table.rows:
            yield f"<tr>{''.join(map(_cell, row))}</tr>"
        yield "</tbody>"
        yield "</table>"


def _cell(cell: Cell) -> str:
    if isinstance(cell, Said) and cell.tone:
        return f'<td><span class="{cell.tone}">{in_cell(cell.text)}</span></td>'
    return f"<td>{in_cell(text_of(cell))}</td>"


def _paragraphs(text: str) -> Iterator[str]:
    for part in text.strip().split("\n\n"):
        if part.strip():
            lines = [shown(line) for line in part.strip().splitlines()]
            yield "\n".join(("<p>", *lines, "</p>"))


def _picture(picture: Picture) -> Iterator[str]:
    for rule in picture.ways.rules:
        yield "<figure>"
        if not picture.ways.is_one:
            yield f"<figcaption><b>{shown(rule.name)}</b> {shown(rule.traffic)}</figcaption>"
        if rule.ways:
            yield '<div class="pair">'
            yield from picture_svg(rule)
            yield "</div>"
        else:
            yield "<p>None of its traffic is of an address family that the design covers.</p>"
        yield "</figure>"
    if picture.ways.more:
        yield f"<p>And {count(picture.ways.more, 'rule')} more, which the table of rules has.</p>"
    if picture.ways.elsewhere:
        yield "<p>All other traffic is untouched: no rule is for it.</p>"
