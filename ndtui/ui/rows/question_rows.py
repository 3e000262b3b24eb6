"""What a packet leaves open and filters ask for, as rows below its layers that lead to the field that says it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from ndtui.analysis.trace.open_questions import OpenQuestion, open_questions
from ndtui.analysis.trace.trace_wording import outcomes_words
from ndtui.analysis.trace.tracer import Trace
from ndtui.analysis.wording.phrases import conditions_line, layer_words
from ndtui.analysis.wording.properties import Line
from ndtui.model.compiled.objects import FilterSet
from ndtui.ui.rows.packet_form import Part, part_of

#: So many of the filters that ask are named.
_NAMED = 10


@dataclass(frozen=True, slots=True, eq=False)
class QuestionRow:
    """Something that filters ask of a packet and that it does not say."""

    question: OpenQuestion
    part: Part
    trace: Trace

    @property
    def field(self) -> str:
        """The field of the packet's form that says it."""
        return self.part.field.id

    @property
    def text(self) -> str:
        """What is to be said, and what is taken as long as it is not."""
        return f"Say {self.part.question}: {self.asking}; taken: {self.question.taken}"

    @property
    def asking(self) -> str:
        """How many filters ask for it."""
        count = len(self.question.filters)
        return "1 filter asks for it" if count == 1 else f"{count} filters ask for it"

    @property
    def decides(self) -> bool:
        """Whether something else becomes of the packet if something else is said."""
        return any(outcomes != self.trace.outcomes for _, outcomes in self.question.otherwise)


def question_rows(filterset: FilterSet, traced: Trace) -> Iterator[QuestionRow]:
    """Yield what filters ask of a packet and it does not say, though it could."""
    for each in open_questions(filterset, traced):
        part = part_of(each.fields[0])
        if part is not None:
            yield QuestionRow(each, part, traced)


def depends_on(rows: Iterable[object], key: str) -> str:
    """Return what the outcome depends on that is not said, with the key that says it; empty where it is nothing."""
    open_ = [row.part.question for row in rows if isinstance(row, QuestionRow) and row.decides]
    *most, last = open_ or [""]
    before = f"{', '.join(most)} and " if most else ""
    return f"It depends on {before}{last}: {key} to say" if last else ""


def explain_question(row: QuestionRow) -> Iterator[Line]:
    """Yield everything about a row."""
    question = row.question
    yield Line("Not said", f"{row.part.question}; taken: {question.taken}")
    by_outcome: dict[str, list[str]] = {}
    for said, outcomes in question.otherwise:
        same = outcomes == row.trace.outcomes
        by_outcome.setdefault("the same" if same else outcomes_words(outcomes), []).append(said)
    for words, each in by_outcome.items():
        yield Line("Otherwise", f"{' or '.join(each)}: {words}")
    yield Line("Say it", "enter goes to the field of the packet")
    for asks in question.filters[:_NAMED]:
        yield Line("Asks", f"{asks.name} at {layer_words(asks)}: {conditions_line(asks)}")
    if len(question.filters) > _NAMED:
        yield Line("", f"and {len(question.filters) - _NAMED} more")
