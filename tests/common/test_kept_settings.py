"""Columns are kept in the settings' file, and nothing else in it changes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ndtui.common.errors import NdtuiError
from ndtui.common.kept_settings import keep_columns
from ndtui.common.settings_file import read_settings, settings_path


def write(text: str) -> None:
    settings_path().parent.mkdir(parents=True, exist_ok=True)
    settings_path().write_text(text, encoding="utf-8", newline="\n")


def text() -> str:
    return settings_path().read_text(encoding="utf-8")


def test_the_file_is_made_and_the_entry_goes_again():
    keep_columns("filters", ("does", "made by"))
    assert text() == '[columns]\nfilters = ["does", "made by"]\n'
    keep_columns("plan", ("object",))
    assert read_settings().settings.columns == {"filters": ("does", "made by"), "plan": ("object",)}
    keep_columns("filters", None)
    assert read_settings().settings.columns == {"plan": ("object",)}


def test_without_a_choice_no_file_is_made():
    keep_columns("filters", None)
    assert not settings_path().exists()


@pytest.mark.parametrize(
    "before",
    [
        '# mine\ntheme = "nord"   # blue\n\n[keys.designer]\nundo = "x"\n',
        '[columns]\nweights = ["rank"]  # only that\n\n[keys.designer]\nundo = "x"\n',
        'columns.weights = ["rank"]\nconfirm_seconds = 60\n',
        'columns = { weights = ["rank"] }\nconfirm_seconds = 60\n',
    ],
)
def test_everything_else_stays(before):
    write(before)
    other = read_settings()
    keep_columns("filters", ("name",))
    after = read_settings()
    assert after.settings == other.settings.model_copy(
        update={"columns": {**other.settings.columns, "filters": ("name",)}}
    )
    for comment in ("# mine", "# blue", "# only that"):
        assert (comment in text()) == (comment in before)


def test_a_value_in_the_place_of_the_table_gives_way():
    write("columns = 3\nconfirm_seconds = 60\n")
    keep_columns("filters", ("name",))
    assert read_settings().faults == ()
    assert read_settings().settings.confirm_seconds == 60


@pytest.mark.parametrize("before", ["x = [", 'theme = "nord', "\x00"])
def test_a_file_that_is_none_is_left_as_it_is(before):
    write(before)
    with pytest.raises(NdtuiError) as refused:
        keep_columns("filters", ("name",))
    assert str(settings_path()) in str(refused.value)
    assert text() == before


def test_what_the_settings_do_not_take_is_refused():
    write("confirm_seconds = 60\n")
    with pytest.raises(NdtuiError, match="cannot take the columns"):
        keep_columns("filters", ())
    assert text() == "confirm_seconds = 60\n"


@given(st.lists(st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=30), min_size=1, max_size=5))
def test_any_titles_read_back(titles):
    keep_columns("filters", titles)
    assert read_settings().settings.columns["filters"] == tuple(titles)
