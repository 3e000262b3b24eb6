"""Columns in the settings: tables and columns that there are not are named, and the others hold."""

import re

import pytest

from ndtui.app.column_faults import _views, column_faults
from ndtui.app.settings_in_force import settings_in_force
from ndtui.common.settings_file import parse_settings, settings_path
from tests.desk import at_work
from tests.support import ROOT


def faults(text: str) -> list[str]:
    return [str(fault) for fault in settings_in_force(parse_settings(text, settings_path())).faults]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", []),
        ('[columns]\nfilters = ["name", "made by", "effective weight"]\npresets = ["kind"]', []),
        ('[columns]\nfilter = ["name"]', ["line 2: columns.filter is no table: did you mean filters?"]),
        (
            '[columns]\nplan = ["does"]\nweights = ["range", "matchs"]',
            ["line 3: columns.weights has no column 'matchs': did you mean matches?"],
        ),
        (
            '[columns]\nfilters = ["name", "weight", "name"]',
            ["line 2: columns.filters has 'name' twice: name each column once"],
        ),
    ],
)
def test_what_is_wrong_is_named_with_its_line(text, said):
    assert faults(text) == said


def test_the_page_names_every_table():
    page = (ROOT / "docs" / "settings.md").read_text(encoding="utf-8")
    (listed,) = re.findall(r"The tables are\s(.*?);", page, re.DOTALL)
    assert re.findall(r"`(\w+)`", listed) == [view.name for view in _views()]


def test_of_a_column_that_stands_there_twice_the_first_holds():
    found = parse_settings('[columns]\nfilters = ["name", "weight", "name"]', settings_path())
    assert settings_in_force(found).settings.columns == {"filters": ("name", "weight")}


async def test_what_is_left_holds():
    found = parse_settings('[columns]\nfilters = ["name", "nome"]\nnone = ["x"]', settings_path())
    assert len(list(column_faults(found))) == 2
    async with at_work(settings=found.settings) as desk:
        assert desk.table.text().split("\n")[0] == "name"
