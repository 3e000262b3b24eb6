"""The screen of a form: its fields, a line of help for the one in use, and what taking it would do."""

from functools import partial
from textwrap import wrap
from typing import Any, ClassVar, cast

from pydantic import ValidationError
from textual import events, on
from textual.app import ComposeResult, RenderResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Button, Checkbox, Input, Static

from ndtui.common.text import visible
from ndtui.model.files.design_file import reason_of
from ndtui.screens.dialogs.dialog import FieldsDialog
from ndtui.ui.keys.key_queue import KeysInTurn
from ndtui.ui.rows.form_fields import ChoiceField, Field, Form, IncompleteError, ListField, Made, TextField, TicksField
from ndtui.ui.widgets.choice_list import ChoiceList
from ndtui.ui.widgets.item_list import ItemList
from ndtui.ui.widgets.tick_box import TickBox


class SaidLines(Static):
    """Lines of a form that say something, now more of them and now fewer."""

    class Resized(Message):
        """They take another height, or another width."""

    def render(self) -> RenderResult:
        """Return what is said, with a sign at its end where there is no room for all of it."""
        most, width = self.styles.max_height, self.content_size.width
        if most is None or not width or most.cells is None:
            return super().render()
        text = str(self.content)
        lines = wrap(text, width, max_lines=most.cells, placeholder=" …")
        return Content("\n".join(lines)) if lines and lines[-1].endswith(" …") else super().render()

    def on_resize(self) -> None:
        """Tell, once they have it."""
        self.post_message(self.Resized())


class FormScreen(FieldsDialog[Made | None]):
    """Shows a form and returns what is made of it, or ``None`` when closed."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("down", "app.focus_next", "Next field", show=False, tooltip="Go to the next field"),
        Binding("up", "app.focus_previous", "Field before", show=False, tooltip="Go to the field before"),
        Binding("enter", "answer", "Take", show=False, tooltip="Take what the fields hold for the answer"),
    ]

    def __init__(self, form: Form[Made]) -> None:
        super().__init__()
        self._form = form
        self._made: Made | None = None

    def compose(self) -> ComposeResult:
        """Make the fields, with what they hold at first."""
        with Vertical(classes="dialog form"):
            yield Static(visible(self._form.title), classes="dialog-title", markup=False)
            with VerticalScroll(classes="dialog-body", can_focus=False):
                for field in self._form.fields:
                    with Horizontal(classes=f"field -{type(field).__name__}"):
                        yield Static(visible(field.label), classes="field-label", markup=False)
                        yield from self._widgets(field, self._form.values[field.id])
            yield SaidLines("", id="field-help", classes="field-help", markup=False)
            yield SaidLines("", id="problem", classes="problem", markup=False)
            yield from self.buttons()

    def _widgets(self, field: Field, value: Any) -> ComposeResult:
        if isinstance(field, TextField):
            yield Input(value, placeholder=field.hint, id=field.id, compact=True)
        elif isinstance(field, ChoiceField):
            yield ChoiceList(field.options, value, id=field.id, new=self._form.new)
        elif isinstance(field, TicksField):
            for option in field.options:
                yield TickBox(option.title, option.id in value, id=option.id, compact=True)
        else:
            yield ItemList(field.words, value, id=field.id)

    def on_mount(self) -> None:
        """Put the focus on the field to start at."""
        self.query_one(f"#{self._form.focus or self._form.fields[0].id}").focus()
        self._check()

    @property
    def _values(self) -> dict[str, Any]:
        values: dict[str, Any] = {}
        for field in self._form.fields:
            if isinstance(field, TicksField):
                ticked = (option.id for option in field.options if self._of(option.id, TickBox).value)
                values[field.id] = tuple(ticked)
            else:
                values[field.id] = self._of(field.id, Widget).value
        return values

    def _of(self, name: str, kind: type[Any]) -> Any:
        return self.query_one(f"#{name}", kind)

    @on(Input.Changed)
    def _text_changed(self, event: Input.Changed) -> None:
        self._follow(event.input.id or "")
        self._check()

    @on(Checkbox.Changed)
    @on(ChoiceList.Changed)
    @on(ItemList.Changed)
    def _changed(self, event: Checkbox.Changed | ChoiceList.Changed | ItemList.Changed) -> None:
        if isinstance(event, Checkbox.Changed):
            self._follow(self._field_of(event.checkbox.id or ""))
        elif isinstance(event, ChoiceList.Changed):
            self._follow(event.choice.id or "")
        self._check()
        self._help(self.focused)

    def _field_of(self, option: str) -> str:
        """Return the field that an option which can be ticked belongs to."""
        ticks = (field for field in self._form.fields if isinstance(field, TicksField))
        return next(field.id for field in ticks if any(each.id == option for each in field.options))

    def _follow(self, changed: str) -> None:
        """Let other fields hold what follows from a change of one."""
        followers = self._form.follow(changed, self._values)
        with self.prevent(Input.Changed, Checkbox.Changed):
            for field in self._form.fields:
                if field.id not in followers:
                    continue
                value = followers[field.id]
                if isinstance(field, TicksField):
                    for option in field.options:
                        self._of(option.id, TickBox).value = option.id in value
                else:
                    self._of(field.id, Widget).value = value

    def _check(self) -> None:
        """Say what taking it would do, or what is wrong with it."""
        self._made = None
        try:
            made = self._form.make(self._values)
            words = self._form.effect(made)
        except IncompleteError as missing:
            self._say(str(missing), wrong=False)
        except ValueError as error:  # pydantic's is one too
            self._say(reason_of(error) if isinstance(error, ValidationError) else str(error), wrong=True)
        else:
            self._made = made
            self._say(words, wrong=False)

    def _say(self, text: str, *, wrong: bool) -> None:
        line = self.query_one("#problem", Static)
        line.update(visible(text))
        line.set_class(wrong, "-wrong")

    def on_resize(self) -> None:
        """Give the fields the room there is."""
        self.call_after_refresh(self._fit)

    @on(SaidLines.Resized)
    def _fit(self) -> None:
        """Let the fields scroll where they would push the buttons off the screen."""
        body, dialog = self.query_one_optional(".dialog-body"), self.query_one_optional(".dialog")
        if body is None or dialog is None:
            return  # it was closed before its turn came
        beside = sum(each.outer_size.height + each.styles.margin.height for each in dialog.children if each is not body)
        body.styles.max_height = max(3, self.size.height - dialog.gutter.height - beside)

    def on_descendant_focus(self, event: events.DescendantFocus) -> None:
        """Say what the field that has the focus is for, once it is known how wide the lines are.

        A button leaves it standing: other lines would move it from under the mouse that is pressed on it.
        """
        if not isinstance(event.widget, Button):
            self.call_after_refresh(self._help, event.widget)

    def _help(self, widget: Widget | None) -> None:
        words = ""
        for field in self._form.fields:
            if isinstance(field, TicksField):
                words = next((o.help or field.help for o in field.options if widget and o.id == widget.id), words)
            elif widget is not None and field.id == widget.id:
                words = field.help
                if isinstance(field, ChoiceField) and isinstance(widget, ChoiceList):
                    words = widget.chosen.help or words
                elif isinstance(widget, ItemList):
                    words = f"{words}  {widget.hint}".strip()
        line = self.query_one_optional("#field-help", Static)
        if line is not None:  # it may have been closed before its turn came
            line.update(visible(words))

    @on(ItemList.Asked)
    def _ask(self, event: ItemList.Asked) -> None:
        field = next(each for each in self._form.fields if each.id == event.items.id)
        if isinstance(field, ListField):
            question = partial(self._edit_item, field, event.items, event.place)
            cast("KeysInTurn[Any]", self.app).ask(self, question)

    async def _edit_item(self, field: ListField, items: ItemList, place: int | None) -> None:
        """Edit an item in a form of its own, or add one behind the cursor."""
        former = None if place is None else items.value[place]
        made = await self.app.push_screen_wait(FormScreen(field.form(former)))
        if made is None:
            return
        at = place if place is not None else items.cursor + 1
        items.put((*items.value[:at], made, *items.value[at + (place is not None) :]), at)

    def action_answer(self) -> None:
        """Take the form, from wherever the focus is."""
        self.answer()

    def answer(self) -> None:
        """Give what is made of the form when nothing is wrong with it; a key may come before its fields are there."""
        if not self.query(".dialog"):
            return
        self._check()
        if self._made is not None:
            self.dismiss(self._made)
