"""What of the columns in the settings holds, and what cannot be: tables and columns that there are not."""

from collections.abc import Iterator

from ndtui.common.settings_file import Fault, SettingsFile
from ndtui.common.suggestion import choose
from ndtui.common.text import in_quotes
from ndtui.ui.rows.view import View


def columns_in_force(found: SettingsFile) -> dict[str, tuple[str, ...]]:
    """Return for each table its columns that there are, each once; a table that has none, or is none, is left out."""
    if not found.settings.columns:
        return {}
    known = {view.name: [column.title for column in view.columns] for view in _views()}
    held = {
        name: tuple(dict.fromkeys(title for title in titles if title in known.get(name, ())))
        for name, titles in found.settings.columns.items()
    }
    return {name: titles for name, titles in held.items() if titles}


def column_faults(found: SettingsFile) -> Iterator[Fault]:
    """Return a fault for each table that is none, and for each table one for its first column that cannot be."""
    if not found.settings.columns:
        return
    views = {view.name: view for view in _views()}
    for name, titles in found.settings.columns.items():
        if name not in views:
            yield found.fault(("columns", name), "is no table", choose(name, views))
            continue
        known = [column.title for column in views[name].columns]
        wrong = next((title for title in titles if title not in known), None)
        if wrong is not None:
            yield found.fault(("columns", name), f"has no column {in_quotes(wrong)}", choose(wrong, known))
            continue
        twice = next((title for place, title in enumerate(titles) if title in titles[:place]), None)
        if twice is not None:
            yield found.fault(("columns", name), f"has {in_quotes(twice)} twice", "name each column once")


def _views() -> Iterator[View]:
    """Return the views whose columns can be chosen."""
    from ndtui.screens.dialogs.preset_browser import PRESETS  # noqa: PLC0415 - only a choice of columns needs them
    from ndtui.ui.rows.applied_rows import CONTENTS, HISTORY  # noqa: PLC0415
    from ndtui.ui.rows.design_rows import VIEWS  # noqa: PLC0415
    from ndtui.ui.rows.machine.traced import FOLLOWED  # noqa: PLC0415
    from ndtui.ui.rows.machine.views import machine_views  # noqa: PLC0415
    from ndtui.ui.rows.plan_rows import PLAN  # noqa: PLC0415
    from ndtui.ui.rows.trace_rows import STEPS, TIMELINE  # noqa: PLC0415

    yield from (*VIEWS.values(), PLAN, HISTORY, CONTENTS, STEPS, TIMELINE, PRESETS, *machine_views(), FOLLOWED)
