"""The screen of a form: its fields, a line of help for the one in use, and what taking it would do."""

import re
from collections.abc import Callable
from functools import partial
from typing import Any, cast

from textual import events, on
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.widget import Widget
from textual.widgets import Button, Checkbox, Input, Static
from textual.worker import Worker

from ndtui.common.errors import NdtuiError
from ndtui.common.text import visible
from ndtui.screens.dialogs.dialog import FieldsDialog
from ndtui.screens.dialogs.dialog_body import DialogBody
from ndtui.screens.dialogs.said_lines import SaidLines
from ndtui.ui.keys.key_queue import KeysInTurn
from ndtui.ui.rows.form_fields import (
    ChoiceField,
    Field,
    Form,
    IncompleteError,
    ListField,
    Made,
    PartsField,
    TextField,
    TicksField,
    Values,
)
from ndtui.ui.rows.refusal_words import refusal_words
from ndtui.ui.state.host import Host
from ndtui.ui.widgets.choice_list import ChoiceList
from ndtui.ui.widgets.form_table import FormTable
from ndtui.ui.widgets.item_list import ItemList
from ndtui.ui.widgets.labelled_field import LabelledField
from ndtui.ui.widgets.line_input import LineInput
from ndtui.ui.widgets.part_list import PartList
from ndtui.ui.widgets.tick_box import TickBox

_WIDGET_ID = re.compile("[A-Za-z_-][A-Za-z0-9_-]*")


def _widget_id(name: str) -> str:
    """Return what a field or an option is called among widgets, whose ids hold no blank and begin with no digit."""
    return name if _WIDGET_ID.fullmatch(name) else "_" + re.sub("[^A-Za-z0-9_-]", "-", name)


class FormScreen(FieldsDialog[Made | None]):
    """Shows a form and returns what is made of it, or ``None`` when closed.

    ``around`` says what comes of it in the form around it, and raises a ``ValueError`` where that would not take it:
    this one does, for there may be more to be changed beside it.
    """

    def __init__(self, form: Form[Made], around: Callable[[Made], str] = lambda _: "") -> None:
        super().__init__()
        self._form = form
        self._around = around
        self._made: Made | None = None
        self._checked: Values = {}
        """What the fields held when it was checked last."""
        self._boxes: dict[str, dict[str, TickBox]] = {}
        """The boxes of each field of them, by what they stand for."""

    def compose(self) -> ComposeResult:
        """Make the fields, with what they hold at first."""
        with Vertical(classes="dialog form"):
            yield Static(visible(self._form.title), classes="dialog-title", markup=False)
            with DialogBody():
                for field in self._form.fields:
                    below = " -below" if isinstance(field, TicksField) and field.below else ""
                    with LabelledField(visible(field.label), classes=f"-{type(field).__name__}{below}"):
                        yield from self._widgets(field, self._form.values[field.id])
            yield SaidLines("", id="field-help", classes="field-help", markup=False)
            yield SaidLines("", id="problem", classes="problem", markup=False)
            yield from self.buttons()

    def _widgets(self, field: Field, value: Any) -> ComposeResult:
        if isinstance(field, TextField):
            yield LineInput(value, placeholder=field.hint, id=field.id, compact=True)
        elif isinstance(field, ChoiceField):
            yield ChoiceList(field.options, value, id=field.id, new=self._form.new, folds=field.folds)
        elif isinstance(field, TicksField):
            boxes = {
                each.id: TickBox(visible(each.title), each.id in value, id=_widget_id(each.id), compact=True)
                for each in field.options
            }
            self._boxes[field.id] = boxes
            yield from ([Vertical(*boxes.values())] if field.below else boxes.values())
        elif isinstance(field, PartsField):
            yield PartList(field.parts, value, id=field.id)
        else:
            yield ItemList(field.words, value, id=field.id, empty=field.empty)

    def on_mount(self) -> None:
        """Put the focus on the field to start at."""
        self._limit()
        hidden = self._form.hide(self._form.values)
        name = self._form.focus or next(field.id for field in self._form.fields if field.id not in hidden)
        boxes = self._boxes.get(name)
        start = next(iter(boxes.values())) if boxes else self.query_one(f"#{_widget_id(name)}")
        if isinstance(start, ItemList | PartList):
            start.cursor = self._form.place
        start.focus()
        self.query_one("#field-help", Static).update(visible(self._words_for(start)))
        self._check()

    @property
    def _values(self) -> dict[str, Any]:
        values: dict[str, Any] = {}
        for field in self._form.fields:
            if isinstance(field, TicksField):
                values[field.id] = tuple(option for option, box in self._boxes[field.id].items() if box.value)
            else:
                values[field.id] = self._of(field.id, Widget).value
        return values

    def _of(self, name: str, kind: type[Any]) -> Any:
        return self.query_one(f"#{name}", kind)

    @on(Input.Changed)
    def _text_changed(self, event: Input.Changed) -> None:
        self._follow(event.input.id or "")
        self._check_what_changed()

    @on(Checkbox.Changed)
    @on(ChoiceList.Changed)
    @on(FormTable.Changed)
    def _changed(self, event: Checkbox.Changed | ChoiceList.Changed | FormTable.Changed) -> None:
        if isinstance(event, Checkbox.Changed):
            self._follow(next(field for field, boxes in self._boxes.items() if event.checkbox in boxes.values()))
        elif isinstance(event, ChoiceList.Changed):
            self._follow(event.choice.id or "")
        else:
            self._follow(event.table.id or "")
        self._check_what_changed()
        self._help(self.focused)

    def _follow(self, changed: str) -> None:
        """Let other fields hold what follows from a change of one."""
        followers = self._form.follow(changed, self._values)
        with self.prevent(Input.Changed, Checkbox.Changed):
            for field in self._form.fields:
                if field.id not in followers:
                    continue
                value = followers[field.id]
                if isinstance(field, TicksField):
                    for option, box in self._boxes[field.id].items():
                        box.value = option in value
                else:
                    self._of(field.id, Widget).value = value
        self._limit()

    def _limit(self) -> None:
        """Show what applies to what the fields hold, and let what cannot be chosen beside it not be chosen."""
        values = self._values
        hidden, refused = self._form.hide(values), self._form.refuse(values)
        for field in self._form.fields:
            shown = field.id not in hidden
            if isinstance(field, TicksField):
                boxes = self._boxes[field.id]
                for option in field.options:
                    box = boxes[option.id]
                    reason = refused.get((field.id, option.id), "")
                    box.display = option.id not in hidden
                    box.disabled = bool(reason) and not box.value  # what is there already can be taken out
                    title = visible("  ".join(filter(None, (option.title, reason or option.note))))
                    if str(box.label) != title:
                        box.label = title
                shown = shown and any(box.display for box in boxes.values())
                widget: Widget = next(iter(boxes.values()))
            else:
                widget = self._of(field.id, Widget)
            if isinstance(widget, ChoiceList):
                widget.refuse({option: why for (name, option), why in refused.items() if name == field.id})
            next(each for each in widget.ancestors if isinstance(each, LabelledField)).display = shown

    def _check_what_changed(self) -> None:
        """Check it, unless it holds what was checked last: each field tells of what it held when it was shown."""
        if self._values != self._checked:
            self._check()

    def _check(self) -> None:
        """Say what taking it would do, or what is wrong with it."""
        self._made = None
        self._checked = values = self._values
        try:
            made = self._form.make(values)
            words = self._form.effect(made)
            self._made = made
            words = "; ".join(filter(None, (words, self._around(made))))
        except IncompleteError as missing:
            self._say(str(missing), wrong=False)
        except ValueError as error:  # pydantic's is one too
            labels = {field.id: field.label for field in self._form.fields}
            self._say(refusal_words(error, cast("Host", self.app).workbench.design, labels), wrong=True)
        else:
            self._say(words, wrong=False)

    def _said_of(self, values: Values, changed: str) -> str:
        """Return what taking it would do if a field held something else, and others what follows from that."""
        made = self._form.make({**values, **self._form.follow(changed, values)})
        return "; ".join(filter(None, (self._form.effect(made), self._around(made))))

    def _say(self, text: str, *, wrong: bool) -> None:
        line = self.query_one("#problem", Static)
        line.update(visible(text))
        line.set_class(wrong, "-wrong")

    def fit(self) -> None:
        """Let the fields scroll where they would push the buttons off the screen, to the one in use."""
        super().fit()
        self.call_after_refresh(self._keep_in_sight)

    def set_focus(self, widget: Widget | None, scroll_visible: bool = True, from_app_focus: bool = False) -> None:  # noqa: ARG002 - textual's own
        """Give a field the focus, and scroll to it when the fields around have folded, not before."""
        super().set_focus(widget, False, from_app_focus)

    def on_descendant_focus(self, event: events.DescendantFocus) -> None:
        """Say what the field that has the focus is for, once it is known how wide the lines are.

        A button leaves it standing: other lines would move it from under the mouse that is pressed on it.
        """
        if not isinstance(event.widget, Button):
            self.call_after_refresh(self._help, event.widget)

    def _help(self, widget: Widget | None) -> None:
        line = self.query_one_optional("#field-help", Static)
        if line is not None:  # it may have been closed before its turn came
            line.update(visible(self._words_for(widget)))
            self.fit()  # at once, so that all is laid out and painted once

    def _words_for(self, widget: Widget | None) -> str:
        """Return what the field is for that the widget is of."""
        words = ""
        for field in self._form.fields:
            if isinstance(field, TicksField):
                boxes = self._boxes[field.id]
                words = next((o.help or field.help for o in field.options if boxes[o.id] is widget), words)
            elif widget is not None and field.id == widget.id:
                words = field.help
                if isinstance(field, ChoiceField) and isinstance(widget, ChoiceList):
                    words = widget.chosen.help or words
                elif isinstance(widget, FormTable):
                    words = f"{words}  {widget.hint}".strip()
        return words

    def _keep_in_sight(self) -> None:
        """Scroll to the field that has the focus: others fold as it unfolds, and the help takes another height."""
        focused = self.focused
        if isinstance(focused, ChoiceList):
            focused.come_in_sight()
        elif focused is not None and not isinstance(focused, Button) and self.query(DialogBody):
            self.query_one(DialogBody).scroll_to_widget(focused, animate=False, force=True, immediate=True)

    @on(ItemList.Asked)
    @on(PartList.Asked)
    def _ask(self, event: ItemList.Asked | PartList.Asked) -> None:
        asked = event.items if isinstance(event, ItemList.Asked) else event.parts
        field = next(each for each in self._form.fields if each.id == asked.id)
        if isinstance(field, ListField) and isinstance(event, ItemList.Asked):
            question = partial(self._edit_item, field, event.items, event.place)
        elif isinstance(field, PartsField) and isinstance(event, PartList.Asked):
            question = partial(self._edit_part, field, event.parts, event.part)
        else:
            return
        cast("KeysInTurn[Any]", self.app).ask(self, question)

    async def _edit_item(self, field: ListField, items: ItemList, place: int | None) -> None:
        """Edit an item in a form of its own, or add one behind the cursor."""
        before, values = items.value, self._values
        former = None if place is None else before[place]
        at = place if place is not None else items.cursor + 1

        def made_of(item: Any) -> tuple[Any, ...]:
            return (*before[:at], item, *before[at + (place is not None) :])

        def around(item: Any) -> str:
            return self._said_of({**values, field.id: made_of(item)}, field.id)

        made = await self.app.push_screen_wait(FormScreen(field.form(former, values), around))
        if made is not None:
            items.put(made_of(made), at)

    async def _edit_part(self, field: PartsField, parts: PartList, part: str) -> None:
        """Edit a part in a form of its own."""
        values = self._values

        def around(whole: Any) -> str:
            return self._said_of({**values, field.id: whole}, field.id)

        made = await self.app.push_screen_wait(FormScreen(field.form(part, parts.value), around))
        if made is not None:
            parts.put(made)

    def answer(self) -> None:
        """Give what is made of the form when nothing is wrong with it; a key may come before its fields are there."""
        if not self.query(".dialog"):
            return
        self._check()
        made = self._made
        if made is None:
            return
        work = self._form.reading(made)
        if work is None:
            self.dismiss(made)
            return
        self._say("Reading ...", wrong=False)
        _: Worker[None] = self.run_worker(
            partial(self._take, made, work), exclusive=True, group="taking", description="taking"
        )

    async def _take(self, made: Made, work: Callable[[], object]) -> None:
        """Give what is made of the form once it could be read, unless the fields hold something else by then."""
        problem = ""
        try:
            await cast("Host", self.app).long("Reading", work)
        except NdtuiError as error:
            problem = str(error)
        if made is not self._made or not self.query(".dialog"):
            return
        if problem:
            self._say(problem, wrong=True)
        else:
            self.dismiss(made)
