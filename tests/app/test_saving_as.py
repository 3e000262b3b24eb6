"""Saving under another name says which file it will be, and asks before it writes over one, the open one too."""

from ndtui.model.design.design import change, derived_id
from ndtui.model.files import presets
from ndtui.screens.dialogs.dialog import ChoiceScreen
from ndtui.ui.state.effect import effect_of
from tests.app.watched import held
from tests.desk import at_work
from tests.support import design


async def test_the_file_is_said_while_the_name_is_written() -> None:
    async with at_work() as desk:
        await desk.keys("W")
        await desk.fill(text="site a/b")
        assert str(presets.own_path("site a/b")) in desk.words.replace(" ", "")
        await desk.fill(text="..")
        assert "leaves nothing for a file name" in desk.words


async def test_what_another_name_makes_of_the_objects_is_said_while_it_is_written() -> None:
    async with at_work() as desk:
        await desk.keys("W")
        assert "~20 filters, 20 in all: their keys come from the name. Saved as" in desk.words
        await desk.fill(text="mine2")
        assert effect_of(desk.bench, change(desk.design, name="mine2")) == "~20 filters, 20 in all"
        assert "~20 filters, 20 in all: their keys come from the name. Saved as" in desk.words
        await desk.fill(text="nd-transport ")
        assert "filters" not in desk.words


async def test_of_a_design_with_an_identity_of_its_own_the_keys_stay() -> None:
    async with at_work(design(name="site", id=derived_id("other"))) as desk:
        await desk.keys("W")
        assert "filters" not in desk.words
        await desk.fill(text="mine2")
        assert "14 in all: their keys stay. Saved as" in desk.words
        keys = [each.key for each in desk.bench.filterset.filters]
        await desk.keys("enter")
        await desk.until(lambda: desk.design.name == "mine2")
        assert [each.key for each in desk.bench.filterset.filters] == keys


async def test_another_name_that_is_kept_in_the_open_file_asks_first() -> None:
    """Names of other letters may have the same file: saving under another name is to leave the open one as it is."""
    path = presets.own_path("site a b")
    presets.save(design(name="site-a-b"), path)
    async with at_work(design(name="site-a-b"), path=path) as desk:
        await desk.select("IKE")
        await desk.keys("space", "W")
        await desk.fill(text="site a b")
        await desk.keys("enter")
        assert isinstance(desk.top, ChoiceScreen)
        assert "is the file that is open, under another name" in desk.words
        await desk.keys("escape")
        assert held(path).name == "site-a-b"
        assert desk.design.name == "site-a-b"
        await desk.keys("W")
        await desk.fill(text="site a b")
        await desk.keys("enter", "y")
        assert held(path) == desk.design
        assert desk.design.name == "site a b"


async def test_the_same_name_saves_as_ever() -> None:
    path = presets.own_path("site")
    presets.save(design(name="site"), path)
    async with at_work(design(name="site"), path=path) as desk:
        await desk.select("IKE")
        await desk.keys("space", "W", "enter")
        assert not isinstance(desk.top, ChoiceScreen)
        assert held(path) == desk.design


async def test_what_cannot_be_written_keeps_its_name() -> None:
    presets.own_dir().parent.mkdir(parents=True)
    presets.own_dir().write_text("no folder", encoding="utf-8")
    async with at_work() as desk:
        before = desk.bench
        await desk.keys("W")
        await desk.fill(text="site")
        await desk.keys("enter")
        await desk.until(lambda: desk.said)
        assert "cannot be made" in desk.said[-1]
        assert desk.bench is before


async def test_another_name_is_a_step_that_undo_takes_back() -> None:
    async with at_work() as desk:
        before = desk.design
        await desk.keys("W")
        await desk.fill(text="site")
        await desk.keys("enter")
        await desk.until(lambda: desk.bench.path)
        assert (desk.design.name, desk.bench.dirty) == ("site", False)
        await desk.keys("u")
        assert (desk.design, desk.bench.dirty) == (before, True)


async def test_blanks_around_the_name_are_not_part_of_it() -> None:
    async with at_work(design(name="site")) as desk:
        await desk.keys("W")
        await desk.fill(text="  north site ")
        await desk.keys("enter")
        assert desk.design.name == "north site"
        assert held(presets.own_path("north site")) == desk.design
