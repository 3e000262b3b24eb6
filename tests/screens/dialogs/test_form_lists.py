"""A list inside a form: its items are added, edited, copied, moved and deleted by keys."""

from typing import Any

from ndtui.screens.dialogs.form_screen import FormScreen
from ndtui.ui.widgets.item_list import ItemList
from tests.desk import at_work
from tests.screens.dialogs.list_form import list_form


async def test_items_are_added_edited_copied_moved_and_deleted():
    answers: list[Any] = []
    async with at_work() as desk:
        desk.app.push_screen(FormScreen(list_form(("one",))), answers.append)
        await desk.settle()
        assert "Some texts. a add e edit" in desk.words
        await desk.keys("a", *"two", "enter")
        assert desk.problem == "2 items"
        await desk.keys("D", "e", "3", "enter", "K", "K", "K", "J")
        assert desk.top.query_one(ItemList).value == ("one", "3", "two")
        await desk.keys("G", "d", "enter")
        assert answers == [("one", "3")]


async def test_a_form_that_is_answered_before_its_fields_are_there_stays():
    async with at_work() as desk:
        form = FormScreen(list_form(("one",)))
        desk.app.push_screen(form)
        form.action_answer()
        await desk.settle()
        assert desk.top is form
        await desk.keys("escape")
        assert desk.top is desk.app.designer


async def test_a_list_is_not_filtered_and_says_why():
    async with at_work() as desk:
        desk.app.push_screen(FormScreen(list_form(("one", "two"))))
        await desk.settle()
        await desk.keys("/")
        assert desk.said == ["What stands here is the value of the form, all of it"]
        assert desk.top.query_one(ItemList).value == ("one", "two")
