"""Launch: open the designer on a terminal, in colour or without."""

import os
import sys
from pathlib import Path

from ndtui.app.app import NdtuiApp
from ndtui.common.text import visible
from ndtui.model.design.design import Design
from ndtui.ui.state.options import Options


def run_designer(design: Design, path: Path | None, options: Options) -> int:
    """Open the designer and return the exit status; ``path`` is the user's own file that the design came from.

    What nobody had foreseen is raised again once the terminal is as it was, and where unsaved work is kept is said.
    """
    if options.no_color:
        os.environ["NO_COLOR"] = "1"
    elif not os.environ.get("NO_COLOR"):
        os.environ.pop("NO_COLOR", None)  # empty means colour; textual takes any value for none
    app = NdtuiApp(design, path, options)
    status = app.run()
    if app.failure is not None:
        kept = app.recovery.path
        if kept is not None:
            sys.stderr.write(f"ndtui: unsaved work is kept in {visible(str(kept))}: o in the designer offers it\n")
        raise app.failure
    return status or 0
