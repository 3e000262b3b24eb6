"""Help: what there is to see, the words, and every key, from the registry of actions."""

from typing import ClassVar

from rich.console import Group, RenderableType
from rich.text import Text
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical, VerticalScroll
from textual.widgets import Static

from ndtui.screens.dialogs.dialog import Dialog
from ndtui.ui.keys.actions import Scope, of_scope
from ndtui.ui.widgets.detail import two_columns

_WORDS = (
    ("Design", "what you decide: scenario, keying modules, flags, exemptions; saved as a preset"),
    ("Filter", "what Windows is given: one per row, grouped by the layer at which it decides"),
    ("Callout", "a filter that hands traffic to IPsec"),
    ("Policy", "a filter that tells IPsec what to negotiate with"),
    ("Exemption", "traffic left out of IPsec: permit filters in weight range 0xC, above the callouts"),
    ("Weight", "filters of a layer are tried from the highest effective weight down; equal ones are a tie (=)"),
    ("Marks", "+ added, ~ changed, - removed by the last change"),
    (
        "On the plan",
        "! drift: changed by others, ^ of others and evaluated before ours, = of others and tied with ours",
    ),
)
_SCOPES: tuple[tuple[Scope, str], ...] = (
    ("designer", "Designer"),
    ("lists", "Every list"),
    ("plan", "Plan and apply"),
    ("trace", "Trace"),
    ("packet", "The packet to trace, while it is written"),
    ("dialogs", "Dialogs"),
)
_COPY = (
    "Copying uses the terminal's clipboard (OSC 52). In tmux it needs: set -g set-clipboard on. Where it does not "
    "arrive, export to a file instead."
)


def help_text() -> Group:
    """Return the whole help."""
    parts: list[RenderableType] = [two_columns(_WORDS, 11)]
    for scope, title in _SCOPES:
        parts += [Text(f"\n{title}", style="bold underline")]
        parts += [two_columns(((" ".join(a.keys), a.tooltip) for a in of_scope(scope)), 16)]
    return Group(*parts, Text(f"\n{_COPY}"))


class HelpScreen(Dialog[None]):
    """Shows the help; any of escape, q and ? closes it."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("q,question_mark,f1", "close", show=False),
        Binding("j,down", "scroll(1)", show=False),
        Binding("k,up", "scroll(-1)", show=False),
    ]

    def compose(self) -> ComposeResult:
        """Make the text."""
        with Vertical(classes="dialog tall"):
            yield Static("Help", classes="dialog-title", markup=False)
            with VerticalScroll(id="help"):
                yield Static(help_text(), markup=False)
            yield Static("j k scroll   esc close", classes="dialog-hint", markup=False)

    def on_mount(self) -> None:
        """Put the focus on the text, so that keys scroll it."""
        self.query_one("#help").focus()

    def action_scroll(self, lines: int) -> None:
        """Scroll by a number of lines."""
        self.query_one("#help").scroll_relative(y=lines, animate=False)
