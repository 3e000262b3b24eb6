"""Markdown page: a report in Markdown, in which no text of a design is anything but text."""

from collections.abc import Iterator

from ndtui.common.markdown_text import as_a_line, in_a_line
from ndtui.exporters.report.report_parts import Block, Picture, Report, Said, Section, Table, Text, count, text_of


def markdown_page(report: Report) -> str:
    """Return a report in Markdown."""
    return "\n".join(_lines(report)).rstrip("\n") + "\n"


def _lines(report: Report) -> Iterator[str]:
    yield f"# {in_a_line(report.name)}"
    yield ""
    for text in (report.description, report.summary):
        if text.strip():
            yield from _paragraph(text)
    told = [count(number, thing.removesuffix("s")) for thing, number in report.figures]
    yield from _paragraph(f"{', '.join(told)}.")
    for section in report.sections:
        yield from _section(section, 2)


def _section(section: Section, level: int) -> Iterator[str]:
    title = section.title.text if isinstance(section.title, Said) else in_a_line(section.title)
    yield f"{'#' * level} {title}"
    yield ""
    for block in section.blocks:
        yield from _block(block)
    for part in section.parts:
        yield from _section(part, level + 1)


def _block(block: Block) -> Iterator[str]:
    if isinstance(block, Text):
        yield from _paragraph(block.text)
    elif isinstance(block, Table):
        yield from _table(block)
    else:
        yield from _table(_picture(block))
        if block.ways.more:
            yield from _paragraph(f"And {count(block.ways.more, 'rule')} more.")
        if block.ways.elsewhere:
            yield from _paragraph("All other traffic is untouched: no rule is for it.")


def _paragraph(text: str) -> Iterator[str]:
    yield from (as_a_line(line) for line in text.strip().splitlines())
    yield ""


def _table(table: Table) -> Iterator[str]:
    yield f"| {' | '.join(table.head)} |"
    yield f"|{'---|' * len(table.head)}"
    for row in table.rows:
        yield f"| {' | '.join(in_a_line(text_of(cell)) for cell in row)} |"
    yield ""


def _picture(picture: Picture) -> Table:
    """Return the picture as a table."""
    rows = [
        (f"{rule.name}: {rule.traffic}", way.direction, *way.words) for rule in picture.ways.rules for way in rule.ways
    ]
    return Table(("traffic", "way", "with a peer that has IPsec", "with a peer without IPsec"), rows)
