"""Launch: open the designer on a terminal, in the colours that it has."""

import os
from pathlib import Path

from ndtui.app import terminal_colours
from ndtui.app.app import NdtuiApp
from ndtui.app.ending import kept_at_the_end
from ndtui.model.design.design import Design
from ndtui.ui.state.options import Options


def run_designer(design: Design, path: Path | None, options: Options) -> int:
    """Open the designer and return the exit status; ``path`` is the user's own file that the design came from."""
    terminal_colours.settle(os.environ, no_color=options.no_color)
    app = NdtuiApp(design, path, options)
    with kept_at_the_end(app):
        return app.run() or app.return_code or 0
