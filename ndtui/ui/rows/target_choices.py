"""What can be chosen in a form for the Windows that a design is meant for: nothing that this Windows does not have.

What is there already stays, and can be taken out; the reason stands beside both.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any, TypeVar

from ndtui.model.design.first_windows import not_in
from ndtui.model.design.windows_versions import WindowsVersion
from ndtui.model.vocabulary.algorithms import title_of
from ndtui.ui.rows.form_fields import (
    ChoiceField,
    Field,
    Form,
    ListField,
    Option,
    PartsField,
    TextField,
    TicksField,
    Values,
)

Made = TypeVar("Made")
#: What a field holds that says nothing: of a text, a list, a time.
_NOTHING = ("", (), "0", "0s")


def for_windows(form: Form[Made], windows: WindowsVersion | None) -> Form[Made]:
    """Return a form, and those that it leads to, in which nothing can be chosen that a Windows does not have.

    With ``None`` everything can. An option is known by its id and by what it brings, a member of a structure by the id
    of its field.
    """
    if windows is None:
        return form
    held = {} if form.new else form.values
    refused = dict(_refused(form, windows, held))
    closed = {
        field.id: f"{field.label}: {reason}"
        for field in form.fields
        if (reason := not_in(windows, field.id)) and held.get(field.id, "") in _NOTHING
    }

    def refuse(values: Values) -> Mapping[tuple[str, str], str]:
        return {**refused, **form.refuse(values)}

    def make(values: Values) -> Made:
        for name, reason in closed.items():
            if values[name] not in _NOTHING and name not in form.hide(values):
                raise ValueError(reason)
        return form.make(values)

    fields = tuple(_told(field, windows, held) for field in form.fields)
    return replace(form, fields=fields, make=make, refuse=refuse)


def _refused(form: Form[Any], windows: WindowsVersion, held: Values) -> Iterator[tuple[tuple[str, str], str]]:
    """Yield the options that cannot be chosen, unless they are already, each with the reason."""
    for field in form.fields:
        if isinstance(field, ChoiceField | TicksField):
            for option in field.options:
                reason = _reason(windows, option)
                if reason and not _holds(field, option, held):
                    yield (field.id, option.id), reason


def _reason(windows: WindowsVersion, option: Option) -> str:
    """Return why the Windows does not have an option; of a set, the first algorithm that it does not have."""
    for name in option.brings:
        if reason := not_in(windows, name):
            version, _, first = reason.partition(": ")
            return f"{version}: {title_of(name)} {first}"
    return not_in(windows, option.id)


def _holds(field: ChoiceField | TicksField, option: Option, held: Values) -> bool:
    value = held.get(field.id, ())
    return option.id in value if isinstance(field, TicksField) else option.id == value


def _told(field: Field, windows: WindowsVersion, held: Values) -> Field:
    """Return a field that says where it stands what the Windows does not have, and leads to forms that do."""
    reason = not_in(windows, field.id)
    if reason and isinstance(field, TextField | ListField):
        field = replace(field, help=f"{field.help} It is {reason}.")
    if isinstance(field, TextField):
        return replace(field, hint=reason or field.hint)
    if isinstance(field, ListField):
        return replace(field, form=_items(field.form, windows), empty=reason or field.empty)
    if isinstance(field, PartsField):
        return replace(field, form=_items(field.form, windows))
    options = tuple(_kept(field, option, windows, held) for option in field.options)
    if isinstance(field, TicksField) and any(_reason(windows, option) for option in options):
        return replace(field, options=options, below=True)  # the reason takes the room of the boxes beside it
    return replace(field, options=options)


def _items(form: Callable[..., Form[Any]], windows: WindowsVersion) -> Callable[..., Form[Any]]:
    return lambda *of: for_windows(form(*of), windows)


def _kept(field: ChoiceField | TicksField, option: Option, windows: WindowsVersion, held: Values) -> Option:
    """Return an option, with the reason beside it where it is chosen though the Windows does not have it."""
    reason = _reason(windows, option)
    if not reason or not _holds(field, option, held):
        return option
    return replace(option, note=reason)
