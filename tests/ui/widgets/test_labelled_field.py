"""A row of a form shows its label in its place, whatever the label is, and its widgets beside it."""

from collections.abc import Iterable

import pytest
from textual.app import App
from textual.widget import Widget
from textual.widgets import Input, Static

from ndtui.ui.widgets.labelled_field import LabelledField
from tests.desk import screen_text


class OneField(App[None]):
    """Shows nothing else."""

    def __init__(self, label: str) -> None:
        super().__init__()
        self.label = label

    def compose(self) -> Iterable[Widget]:
        with LabelledField(self.label):
            yield Input("443", compact=True)
            yield Static("or none")


@pytest.mark.parametrize(
    ("label", "shown"),
    [
        ("Ports", "Ports         443"),
        ("Thirteen long", "Thirteen long 443"),
        ("Remote addresses", "Remote addre… 443"),
        ("[/x] [b]", "[/x] [b]      443"),
        ("", "              443"),
    ],
)
async def test_a_label_stands_in_its_place(label: str, shown: str):
    app = OneField(label)
    async with app.run_test(size=(40, 5)):
        assert screen_text(app).split("\n")[0].startswith(shown)
        assert app.query_one(Input).region.x == app.query_one(Input).parent.region.x + 14
        assert app.query_one(Static).region.x == app.query_one(Input).region.right


async def test_another_label_is_shown():
    app = OneField("File")
    async with app.run_test(size=(40, 5)) as pilot:
        app.query_one(LabelledField).label = "Folder"
        await pilot.pause()
        assert screen_text(app).startswith("Folder        443")


async def test_widgets_that_are_given_stand_as_those_that_are_added(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(
        OneField, "compose", lambda self: [LabelledField(self.label, Input("443", compact=True), Static("or none"))]
    )
    app = OneField("Ports")
    async with app.run_test(size=(40, 5)):
        assert screen_text(app).startswith("Ports         443")
        assert not app.query_one(Static).has_class("-behind-label")
