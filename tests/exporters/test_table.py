"""The table: one row per filter, each value under its own heading, and no cell that a spreadsheet would carry out."""

import csv
import io

import pytest
from hypothesis import given

from ndtui.analysis.wording.phrases import conditions_line
from ndtui.exporters import csv_table, exporting
from ndtui.exporters.registry import exporter
from ndtui.model.compiled.compile import compile_design
from ndtui.model.compiled.documents import filter_document
from ndtui.model.compiled.objects import FilterSet
from ndtui.model.design.design import Design
from tests.strategies import designs
from tests.support import exempting, preset

#: What a spreadsheet takes for the beginning of a formula.
#: Source: https://owasp.org/www-community/attacks/CSV_Injection
LIVE = ("=", "+", "-", "@", "\t", "\r")


def text_of(filterset: FilterSet) -> str:
    text = exporting.export(exporter("table"), filterset, {}).content
    assert isinstance(text, str)
    return text


def table(filterset: FilterSet) -> list[dict[str, str]]:
    """Return the rows of a table by their headings."""
    reader = csv.DictReader(io.StringIO(text_of(filterset), newline=""), strict=True)
    found = list(reader)
    assert all(None not in row and None not in row.values() for row in found)
    return found


def rule_of(origin: str) -> str:
    """Return the rule that an origin is of, as the file format says it."""
    element, _, name = origin.partition(":")
    return {"scenario": "base", "keying-module": "base", "rule": name}.get(element, "")


def expected(filterset: FilterSet) -> list[dict[str, str]]:
    """Return what stands in the table, from what a bundle says of each filter."""
    found = []
    for each in filterset.filters:
        document = filter_document(each)
        weight = document["weight"]
        number = next((str(value) for name, value in weight.items() if name != "type"), "")
        found.append(
            {
                "filterKey": document["filterKey"],
                "layerKey": document["layerKey"],
                "subLayerKey": document["subLayerKey"],
                "weight": f"{weight['type']} {number}".strip(),
                "effectiveWeight": f"0x{document['effectiveWeight']['uint64']:016x}",
                "action": document["action"]["type"],
                "callout": document["action"]["filterType"] or "",
                "rawContext": str(document.get("rawContext", "")),
                "providerContextKey": document.get("providerContextKey", ""),
                "conditions": conditions_line(each),
                "name": document["displayData"]["name"],
                "origin": document["origin"],
                "rule": rule_of(document["origin"]),
            }
        )
    return found


def shown(cell: str) -> str:
    """Return a cell as a spreadsheet shows it: what begins with an apostrophe is text without it."""
    return cell.removeprefix("'") if cell.startswith(tuple(f"'{live}" for live in LIVE)) else cell


@pytest.mark.parametrize("name", ["nd-transport", "nd-domain-member", "nd-boundary", "ms-sample"])
def test_every_value_stands_under_its_own_heading(name: str) -> None:
    filterset = compile_design(preset(name))
    assert table(filterset) == expected(filterset)
    assert len(table(filterset)) == len(filterset.filters)


def test_the_headings_are_the_columns_in_their_published_order() -> None:
    head = text_of(compile_design(preset("nd-transport"))).partition("\n")[0]
    assert head == (
        "filterKey,layerKey,subLayerKey,weight,effectiveWeight,action,callout,rawContext,providerContextKey,conditions,"
        "name,origin,rule"
    )


@given(made=designs())
def test_every_value_of_any_design_comes_back(made: Design) -> None:
    filterset = compile_design(made)
    found = [{column: shown(cell) for column, cell in row.items()} for row in table(filterset)]
    assert found == expected(filterset)


@given(made=designs())
def test_no_cell_of_any_design_is_carried_out(made: Design) -> None:
    for row in table(compile_design(made)):
        assert not [cell for cell in row.values() if cell.startswith(LIVE)]


@pytest.mark.parametrize("start", ["=", "+", "-", "@"])
def test_a_name_that_looks_like_a_formula_is_text(start: str) -> None:
    name = f"{start}HYPERLINK(1)"
    made = exempting({"name": name, "protocol": "udp"}, name=name)
    names = {row["name"] for row in table(compile_design(made))}
    assert f"'{name}: exempt {name}" in names
    assert not [each for each in names if each.startswith(start)]


@pytest.mark.parametrize("start", LIVE)
def test_whatever_a_spreadsheet_carries_out_is_text_in_every_column(
    start: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A name cannot begin with a tab or a line end: the table does not depend on that."""
    monkeypatch.setattr(csv_table, "conditions_line", lambda each: f"{start}cmd")
    filterset = compile_design(preset("nd-transport"))
    text = text_of(filterset)
    assert text.count(f",'{start}cmd,") == len(filterset.filters)
    assert f",{start}cmd" not in text


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("start", [*LIVE, "\uff1d", "\uff0b", '"=', " =", "'+"])
@pytest.mark.parametrize("before", ["x;", "x;y;", ";", 'a";', "x\t", "x\n", ""])
def test_no_cell_is_carried_out_whatever_separates_cells(
    separator: str, start: str, before: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A spreadsheet splits at the separator of its country, and forgives quotes and blanks before a formula."""
    monkeypatch.setattr(csv_table, "conditions_line", lambda each: f"{before}{start}cmd")
    text = text_of(compile_design(preset("nd-transport")))
    cells = [cell for row in csv.reader(io.StringIO(text, newline=""), delimiter=separator) for cell in row]
    assert sum("cmd" in cell for cell in cells) == 20
    live = tuple("=+-@\uff1d\uff0b\uff0d\uff20")
    assert not [cell for cell in cells if "cmd" in cell and cell.strip(' "').startswith(live) and before]
    assert not [cell for cell in cells if cell.startswith(live)]


@pytest.mark.parametrize("name", ['a"b', "a,b", '",="', "'quoted'", "x=1", "1-2", "a@b", "a;b", "a; b=c"])
def test_a_name_that_is_no_formula_is_left_as_it_is(name: str) -> None:
    made = exempting({"name": name, "protocol": "udp"}, name=name)
    assert f"{name}: exempt {name}" in {row["name"] for row in table(compile_design(made))}
