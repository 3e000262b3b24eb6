"""History: undo and redo without limit, by keeping every design there was."""

from dataclasses import dataclass, replace
from typing import NamedTuple

from ndtui.model.design.design import Design


class Step(NamedTuple):
    """A design, and what was done to get there."""

    label: str
    design: Design


@dataclass(frozen=True, slots=True)
class History:
    """Where the work stands: the steps before, the present one, and those that were undone. Immutable."""

    present: Step
    past: tuple[Step, ...] = ()
    future: tuple[Step, ...] = ()

    @property
    def design(self) -> Design:
        """The design as it is now."""
        return self.present.design

    def do(self, label: str, design: Design) -> "History":
        """Return the history with one more step; what had been undone is gone."""
        return History(Step(label, design), (*self.past, self.present))

    def undo(self) -> "History | None":
        """Return the history one step back, or ``None`` at the beginning."""
        if not self.past:
            return None
        return replace(self, present=self.past[-1], past=self.past[:-1], future=(self.present, *self.future))

    def redo(self) -> "History | None":
        """Return the history one step forward again, or ``None`` at the end."""
        if not self.future:
            return None
        return replace(self, present=self.future[0], past=(*self.past, self.present), future=self.future[1:])

    @property
    def steps(self) -> tuple[Step, ...]:
        """Every step, the oldest first: those before, the present one, and those that were undone."""
        return (*self.past, self.present, *self.future)

    def at(self, number: int) -> "History":
        """Return the history at one of its ``steps``; those behind it can be done again."""
        steps = self.steps
        return History(steps[number], steps[:number], steps[number + 1 :])
