"""The line at the top that says what became of the file on disk; it takes no keys, and is not there without news."""

from typing import Protocol, cast

from rich.style import Style
from rich.text import Text
from textual.widgets import Static

from ndtui.common.text import shortened, visible
from ndtui.ui.keys.actions import by_name
from ndtui.ui.keys.possible import keys_of
from ndtui.ui.state.file_watch import FileWatch, ways_on
from ndtui.ui.state.options import Options

_LONGEST = 60


class _Watching(Protocol):
    """The application, which knows what became of the file."""

    file_watch: FileWatch
    options: Options


class FileBar(Static):
    """Shows the application's ``file_news``; a click answers it as the key does."""

    def __init__(self) -> None:
        super().__init__("", markup=False)
        self.display = False

    def on_mount(self) -> None:
        """Watch the news."""
        self.watch(self.app, "file_news", self._show)

    def _show(self, news: str) -> None:
        self.display = bool(news)
        key = keys_of(self, by_name("designer.file_news"))[0]
        text = Text(f" {shortened(visible(news), _LONGEST)}: ", no_wrap=True, overflow="ellipsis")
        text.append(key, Style(bold=True, underline=True))
        app = cast("_Watching", self.app)
        text.append(f" {ways_on(app.file_watch.found, may_write=not app.options.read_only)}")
        self.update(text)

    async def on_click(self) -> None:
        """Ask what to do."""
        await self.screen.run_action("app.file_news")
