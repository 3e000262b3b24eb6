"""The forms that a form leads to, for tests that look at all of them."""

from collections.abc import Iterator
from typing import Any

from ndtui.ui.rows.form_fields import Form, ListField, PartsField


def forms_in(form: Form[Any], holds: Any) -> Iterator[tuple[Form[Any], Any]]:
    """Yield a form and the forms that it leads to, each with what it edits."""
    yield form, holds
    for field in form.fields:
        value = form.values[field.id]
        if isinstance(field, ListField):
            for item in value:
                yield from forms_in(field.form(item, form.values), item)
        elif isinstance(field, PartsField):
            for part in field.parts(value):
                yield from forms_in(field.form(part.id, value), value)
