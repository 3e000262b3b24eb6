"""The columns of a table: chosen in a dialog, in any order, and kept for every table of the kind."""

from ndtui.common.settings_file import read_settings, settings_path
from ndtui.screens.dialogs.columns import ColumnsScreen
from tests.desk import at_work


def rows(desk) -> list[str]:
    return [f"{'x' if row.shown else '-'} {row.title}" for row in desk.top.query_one("#columns").rows]


async def test_columns_are_shown_hidden_and_moved():
    async with at_work(size=(140, 30)) as desk:
        await desk.keys("1", "c")
        assert isinstance(desk.top, ColumnsScreen)
        assert rows(desk) == [
            "x does", "x matches", "x hands on", "x weight", "x name",
            "- layer", "- made by", "- callout", "- sublayer", "- effective weight", "- key",
        ]  # fmt: skip
        await desk.keys("K")  # the first one is the first one
        await desk.keys("j", "j", "space", "J", "J")
        assert rows(desk)[2:5] == ["x weight", "x name", "- hands on"]
        await desk.keys("G", "k", "k", "k", "k", "space", *"KKKKKK")
        assert rows(desk)[0] == "x made by"
        await desk.keys("enter")
        assert desk.top is desk.app.designer
        assert desk.table.text().split("\n")[0] == "made by\tdoes\tmatches\tweight\tname"
        head = next(line for line in desk.text.split("\n") if "made by" in line)
        assert head.index("made by") < head.index("does") < head.index("matches") < head.index("weight")
        assert "hands on" not in head
        await desk.keys("2", "1")
        assert desk.table.text().startswith("made by\t")


async def test_closing_changes_nothing_and_r_is_as_usual():
    async with at_work() as desk:
        await desk.keys("1", "c", "space", "escape")
        assert desk.table.text().startswith("does\t")
        await desk.keys("c", "space", "enter")
        assert desk.table.text().startswith("matches\t")
        await desk.keys("c", "r", "enter")  # which wait until the choice before is in its file
        await desk.until(lambda: desk.table.text().split("\n")[0] == "does\tmatches\thands on\tweight\tname")


async def test_one_column_stays_and_what_has_no_room_is_said():
    async with at_work() as desk:
        await desk.keys("1", "c")
        assert "no room for it at this width" in desk.words
        await desk.keys("space", "j", "space", "j", "space", "j", "space", "j", "space")
        assert [row for row in rows(desk) if row.startswith("x")] == ["x name"]
        assert desk.said == ["One column has to stay"]
        await desk.keys("enter")
        assert desk.table.text().split("\n")[0] == "name"


async def test_a_table_that_is_opened_again_has_the_columns_that_were_chosen():
    async with at_work() as desk:
        await desk.keys("t", "c", "space", "enter", "escape", "t")
        assert desk.top.query_one("#trace-rows").text().split("\n")[0] == "deciding filter\tdoes\tmade by"
        assert desk.app.table_columns == {"trace": ("deciding filter", "does", "made by")}


async def test_the_choice_is_kept_in_the_settings_and_taken_from_there():
    async with at_work() as desk:
        await desk.keys("1", "c", "space", "enter")
        await desk.until(lambda: settings_path().exists())
    settings = read_settings().settings
    assert settings.columns == {"filters": ("matches", "hands on", "weight", "name")}
    async with at_work(settings=settings) as desk:
        assert desk.table.text().startswith("matches\thands on\tweight\tname\n")
        await desk.keys("1", "c", "r", "enter")
        await desk.until(lambda: "filters" not in read_settings().settings.columns)
        assert desk.said == []


async def test_read_only_the_choice_lasts_as_long_as_the_session():
    async with at_work(read_only=True) as desk:
        await desk.keys("1", "c", "space", "enter")
        assert desk.said == ["Read-only: the columns are kept for this session alone"]
        assert desk.table.text().startswith("matches\t")
    assert not settings_path().exists()


async def test_settings_that_cannot_be_written_are_said_and_left():
    settings_path().parent.mkdir(parents=True)
    settings_path().write_text("x = [", encoding="utf-8")
    async with at_work() as desk:
        await desk.keys("1", "c", "space", "enter")
        await desk.until(lambda: desk.said)
        assert desk.said[0].startswith("The columns are kept for this session alone: ")
        assert "line 1" in desk.said[0]
        assert desk.table.text().startswith("matches\t")
    assert settings_path().read_text(encoding="utf-8") == "x = ["


async def test_a_list_without_titles_has_no_columns_to_choose():
    async with at_work() as desk:
        assert desk.decisions.has_focus
        await desk.keys("c")
        assert desk.top is desk.app.designer
