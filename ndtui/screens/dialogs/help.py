"""Help: what there is to see, the words, and every key, from the registry of actions."""

from typing import ClassVar

from rich.console import Group, RenderableType
from rich.text import Text
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.keys import _normalize_key_list
from textual.widgets import Static

from ndtui.screens.dialogs.dialog import Dialog
from ndtui.ui.keys.actions import EVERYWHERE, Scope, by_name, of_scope
from ndtui.ui.keys.key_names import in_a_binding
from ndtui.ui.keys.user_keys import DEFAULT_KEYS, KeyMap
from ndtui.ui.rows.role_signs import SIGNS
from ndtui.ui.widgets.detail import two_columns
from ndtui.ui.widgets.scroll_pane import ScrollPane

_WORDS = (
    ("Design", "what you decide: scenario, keying modules, flags, exemptions; saved as a preset"),
    ("Filter", "what Windows is given: one per row, grouped by the layer at which it decides"),
    ("Callout", "a filter that hands traffic to IPsec"),
    ("Policy", "a filter that tells IPsec what to negotiate with"),
    ("Exemption", "traffic left out of IPsec: permit filters in weight range 0xC, above the callouts"),
    ("Weight", "filters of a layer are tried from the highest effective weight down; equal ones are a tie (=)"),
    ("Ladder", "a layer's sublayers by weight, ours among those of Windows, and in them the ranges 15 to 0"),
    ("Signs", ", ".join(f"{sign.glyph} {what}" for sign, what in SIGNS)),
    ("Marks", "+ added, ~ changed, - removed by the last change"),
    ("Map", "on the trace: the layer in [brackets] decides, the line below is IKE's own way, a click goes to a row"),
    (
        "On the plan",
        "! drift: changed by others, ^ of others and evaluated before ours, = of others and tied with ours",
    ),
)
_SCOPES: tuple[tuple[Scope, str], ...] = (
    ("designer", "Designer"),
    ("screens", "Every screen"),
    ("lists", "Every list and text that scrolls"),
    ("tables", "Every table"),
    ("plan", "Plan and apply"),
    ("applied", "Applied: the backend and its history"),
    ("trace", "Trace"),
    ("packet", "The packet to trace, while it is written"),
    ("dialogs", "Dialogs"),
)
_SCROLLING = ("cursor_down", "cursor_up", "page_down", "page_up", "top", "bottom")
_COPY = (
    "Copying uses the terminal's clipboard (OSC 52). In tmux it needs: set -g set-clipboard on. Where it does not "
    "arrive, export to a file instead."
)


def help_text(first: Scope = "designer", keys: KeyMap = DEFAULT_KEYS) -> Group:
    """Return the whole help; the keys of ``first``, where the operator is, come first, and then the words."""
    parts: list[RenderableType] = []
    for scope, title in sorted(_SCOPES, key=lambda each: each[0] != first):
        parts += [Text(title, style="bold underline")]
        parts += [two_columns(((" ".join(keys.of(a)), a.tooltip) for a in of_scope(scope)), 16), Text()]
        if scope == first:
            parts += [Text("Words", style="bold underline"), two_columns(_WORDS, 11), Text()]
    parts += [
        Text("Everywhere, in dialogs and fields too", style="bold underline"),
        two_columns(EVERYWHERE, 16),
        Text(),
    ]
    return Group(*parts, Text(_COPY))


class HelpScreen(Dialog[None]):
    """Shows the help; escape, q, and what has opened it close it."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("q,f1", "close", show=False)]

    def __init__(self, first: Scope, keys: KeyMap = DEFAULT_KEYS) -> None:
        super().__init__()
        self._keys = keys
        self._first: Scope = first

    def compose(self) -> ComposeResult:
        """Make the text."""
        with Vertical(classes="dialog tall"):
            yield Static("Help", classes="dialog-title", markup=False)
            with ScrollPane(id="help"):
                yield Static(help_text(self._first, self._keys), markup=False)
            keys = " ".join(self._keys.first(f"lists.{name}") for name in _SCROLLING)
            yield Static(f"{keys} scroll   esc close", classes="dialog-hint", markup=False)

    def on_mount(self) -> None:
        """Put the focus on the text, so that keys scroll it; what opens the help closes it."""
        keys = ",".join(map(in_a_binding, self._keys.of(by_name("screens.help"))))
        self._bindings.bind(_normalize_key_list(keys), "close")
        self.query_one("#help").focus()
