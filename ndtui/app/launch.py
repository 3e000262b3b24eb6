"""Launch: open the designer on a terminal, in the colours that it has."""

import os
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

from ndtui.app import terminal_colours
from ndtui.app.app import NdtuiApp
from ndtui.app.ending import kept_at_the_end
from ndtui.backends.contract.own_commands import OwnCommands
from ndtui.common.text import visible
from ndtui.model.design.design import Design
from ndtui.ui.state import tour_marker
from ndtui.ui.state.options import Options


def run_designer(
    design: Design, path: Path | None, options: Options, taken_over: Callable[[], None] = lambda: None
) -> int:
    """Open the designer and return the exit status; ``path`` is the user's own file that the design came from.

    ``taken_over`` is called when the designer takes the terminal from what was shown before it.

    When the terminal is as it was, it is said where unsaved work is kept, and what waits to be confirmed; what nobody
    had foreseen is raised again.
    """
    terminal_colours.settle(os.environ, no_color=options.no_color)
    visitor = options.read_only and bool(os.environ.get("TEXTUAL_DRIVER"))
    app = NdtuiApp(design, path, replace(options, tour=_is_first_start(options), visitor=visitor))
    taken_over()
    with kept_at_the_end(app):
        status = app.run()
    app.recovery.release()  # what it has kept belongs to whoever comes next
    for line in _last_words(app):
        sys.stderr.write(f"ndtui: {line}\n")
    if app.failure is not None:
        raise app.failure
    return status or app.return_code or 0


def _last_words(app: NdtuiApp) -> Iterator[str]:
    """Yield what goes on when the designer has ended: work that is kept, and what waits to be confirmed."""
    kept = app.recovery.path
    if os.environ.get("TEXTUAL_DRIVER") and app.failure is None:
        return  # the page is gone, and the server tells what sessions complain of
    if kept is not None and kept.is_file():
        key = app.key_map.first("designer.open")
        yield f"unsaved work is kept in {visible(str(kept))}: {key} in the designer offers it"
    waits = app.waiting_now().line
    if waits and app.options.backend != "memory":  # which is gone
        yield f"{waits}: {OwnCommands(app.options.backend, app.options.store).of('confirm')} keeps it"


def _is_first_start(options: Options) -> bool:
    """Tell whether the tour is due: not where nothing is written, nor above a machine, nor in ``ndtui serve``."""
    return not (
        options.read_only
        or bool(options.machine or options.events)
        or os.environ.get("TEXTUAL_DRIVER")
        or tour_marker.was_shown()
    )
