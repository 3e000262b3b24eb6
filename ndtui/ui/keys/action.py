"""An action: something the operator can do, on which screen or in which dialog, and the keys that do it."""

from dataclasses import dataclass
from typing import Literal

#: A screen that has actions of its own, beside those of every screen.
ScreenScope = Literal["designer", "plan", "applied", "trace", "machine"]
#: What a dialog, or a field of one, has of its own beside the keys of every dialog.
DialogScope = Literal["reading", "presets", "columns", "items", "boxes", "errors"]
#: The answers of a question, each kind by itself: a letter means one thing among those that stand there together.
QuestionScope = Literal["answers", "changed_file", "countdown"]
Scope = Literal[ScreenScope, "screens", "lists", "tables", "packet", "dialogs", DialogScope, QuestionScope]


@dataclass(frozen=True, slots=True)
class Action:
    """Something the operator can do.

    ``id`` is the name of the ``action_*`` method and of the binding; ``footer`` is its place in the footer, lower
    ones stay longest as the terminal gets narrower; ``writes`` marks what read-only forbids; ``owner`` says whether the
    app has the method (it changes state) or the screen (it changes only what is shown).
    """

    id: str
    keys: tuple[str, ...]
    title: str
    tooltip: str
    scope: Scope = "designer"
    footer: int = 0
    writes: bool = False
    owner: Literal["app", "screen"] = "app"

    @property
    def verb(self) -> str:
        """The id without a value: ``view`` for ``view('filters')``."""
        return self.id.partition("(")[0]

    @property
    def name(self) -> str:
        """What settings and bindings call it: its scope and its id, ``designer.view_filters`` for one with a value."""
        bare, _, value = self.id.partition("('")
        return f"{self.scope}.{bare}_{value[:-2]}" if value else f"{self.scope}.{bare}"

    @property
    def call(self) -> str:
        """The action as a binding or a command calls it."""
        return f"app.{self.id}" if self.owner == "app" else self.id
