"""A form that is one list of texts."""

from typing import Any

from ndtui.ui.rows.form_fields import Form, ListField, TextField, Values


def _item_form(former: Any | None, _values: Values) -> Form[str]:
    def make(values: Values) -> str:
        return str(values["text"])

    return Form("Item", (TextField("text", "Text"),), {"text": former or ""}, make, lambda made: f"is {made}")


def list_form(items: tuple[str, ...]) -> Form[tuple[str, ...]]:
    """Return a form that is one list of texts."""

    def make(values: Values) -> tuple[str, ...]:
        return tuple(values["items"])

    fields = (ListField("items", "Items", str, _item_form, "Some texts."),)
    return Form("List", fields, {"items": items}, make, lambda made: f"{len(made)} items")
