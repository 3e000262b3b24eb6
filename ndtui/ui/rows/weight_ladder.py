"""The ladder of weights as rows: at each layer the sublayers by weight, and the ranges 15 to 0 with what stands there.

``ladder_cells`` has the texts of a row, for the table of the designer and for the command line alike; ``ladder_rows``
beside it makes the rows.
"""

from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

from ndtui.analysis.wording.phrases import action_word, hex_weight, layer_words, matches_line
from ndtui.model.compiled.ike_exemptions import is_of_bfe
from ndtui.model.compiled.objects import Filter
from ndtui.model.vocabulary import short_name
from ndtui.model.vocabulary.layers import layer_position
from ndtui.model.vocabulary.sublayers import BUILTIN_WEIGHTS
from ndtui.ui.rows.role_signs import sign_of
from ndtui.ui.rows.view import Column, Heading, Sign, Tone, View

if TYPE_CHECKING:  # what makes the rows is not needed for the first picture
    from ndtui.analysis.ranking.ladder import Rung, SublayerRungs
    from ndtui.analysis.ranking.ladder_wording import Standing
    from ndtui.model.compiled.weights import EffectiveWeight

#: What the ladder is drawn with.
RAIL, GAP, RUNG, TIED, FOLDED, UNFOLDED = "│", "┊", "├─", "╞═", "├▸", "├▾"

_LABEL = 6


class StandRow(NamedTuple):
    """A filter in its place; a removed one has no ``standing``.

    ``label`` names the range: in the ladder at its first filter, at each where the order may be another.
    """

    layer: str
    filter: Filter
    label: str
    weight: "EffectiveWeight"
    standing: "Standing | None"
    tied: bool
    mark: str


class RangeRow(NamedTuple):
    """Ranges without a filter, or one with many, which ``folded`` hides.

    ``words`` counts its filters, ``marks`` what has changed among them; neither it nor its sublayer has those that are
    gone.
    """

    layer: str
    sublayer: "SublayerRungs"
    rung: "Rung"
    folded: bool = False
    words: str = ""
    marks: str = ""

    @property
    def key(self) -> object:
        """What the row is told from others by, and what is kept of one that is unfolded."""
        return range_key(self.layer, self.sublayer, self.rung)

    @property
    def mark(self) -> str:
        """The mark of what changed among folded filters, ``~`` for several marks; unfolded each filter has its own."""
        if not self.folded or not self.marks:
            return ""
        return self.marks[0] if " " not in self.marks else "~"

    @property
    def unfolds(self) -> bool:
        """Whether there is anything to unfold or to fold."""
        return bool(self.rung.filters or self.marks)


def range_key(layer: str, sublayer: "SublayerRungs", rung: "Rung") -> object:
    """Return what tells ranges from each other, through every change."""
    return ("range", layer, sublayer.sublayer, sublayer.before_bfe, rung.high)


class SublayerRow(NamedTuple):
    """The sublayer in which the rungs below it stand, without filters that are gone."""

    layer: str
    sublayer: "SublayerRungs"


class OtherSublayersRow(NamedTuple):
    """Sublayers of Windows of which only the weight is known; ``place`` is where they stand: above, between, below."""

    layer: str
    place: str
    sublayers: "tuple[SublayerRungs, ...]"


LadderRow: TypeAlias = Heading | StandRow | RangeRow | SublayerRow | OtherSublayersRow


def ladder_cells(row: Any) -> tuple[str, ...]:
    """Return the texts of a row: one per column of ``LADDER`` for a filter, a single one for every other row."""
    if isinstance(row, Heading):
        return (row.text,)
    if isinstance(row, StandRow):
        each = row.filter
        does = f"{'BFE ' if is_of_bfe(each) else ''}{action_word(each)}"
        rung = _labelled(row.label, TIED if row.tied else RUNG)
        return (rung, does, matches_line(each), hex_weight(row.weight.value), each.label, row.weight.basis)
    if isinstance(row, RangeRow):
        return (range_text(row, "enter unfolds" if row.folded else "enter folds"),)
    if isinstance(row, SublayerRow):
        return (_sublayer_text(row.sublayer),)
    other: OtherSublayersRow = row
    names = ", ".join(f"{short_name(each.sublayer)} {each.weight}" for each in other.sublayers)
    return (f"{_labelled(other.place, RAIL)}  {names}",)


def _labelled(label: str, glyph: str) -> str:
    return f"{label:>{_LABEL}} {glyph}"


def range_text(row: RangeRow, hint: str) -> str:
    """Return the text of ranges; ``hint`` says how to come by many filters, or to be rid of them."""
    if not row.unfolds:
        return f"{_labelled(row.rung.label, GAP)}  empty"
    changed = f" ({row.marks})" if row.marks else ""
    glyph = FOLDED if row.folded else UNFOLDED
    return f"{_labelled(row.rung.label, glyph)} {row.words}{changed}: {hint}"


def _sublayer_text(sublayer: "SublayerRungs") -> str:
    named = short_name(sublayer.sublayer) if sublayer.sublayer in BUILTIN_WEIGHTS else "own sublayer"
    counts = (("this design", sublayer.count - sublayer.bfe), ("BFE", sublayer.bfe))
    whose = " and ".join(word for word, count in counts if count)
    return f"{_labelled(str(sublayer.weight), RAIL)}  {named}: {f'filters of {whose}' if whose else 'empty'}"


def ladder_key(row: Any) -> object:
    """Return what makes a row the same row after a change."""
    if isinstance(row, Heading):
        return row.key
    if isinstance(row, StandRow):
        return row.filter.identity
    if isinstance(row, RangeRow):
        return row.key
    if isinstance(row, SublayerRow):
        return (row.layer, row.sublayer.sublayer, row.sublayer.before_bfe)
    other: OtherSublayersRow = row
    first = other.sublayers[0]
    return (other.layer, other.place, first.sublayer, first.before_bfe)


def _tone(row: Any) -> Tone:
    if isinstance(row, Heading):
        return "head"
    if isinstance(row, StandRow):
        return "muted" if is_of_bfe(row.filter) else ""
    return "" if isinstance(row, SublayerRow) or (isinstance(row, RangeRow) and row.unfolds) else "muted"


def _layer(row: Any) -> str:
    return layer_words(row.filter) if isinstance(row, StandRow) else short_name(row.layer)


def _sign(row: Any) -> Sign | None:
    return sign_of(row.filter) if isinstance(row, StandRow) else None


def _made_by(row: Any) -> str:
    return str(row.filter.origin) if isinstance(row, StandRow) else ""


LADDER = View(
    (
        Column("range", 9, 9, value=lambda row: row.weight.range, number=True),
        Column("does", 12, 8, aliases=("action",), sign=_sign),
        Column("matches", 0, 8, least=36, aliases=("conditions",)),
        Column(
            "effective weight", 20, 6, least=20, aliases=("weight",), value=lambda row: row.weight.value, number=True
        ),
        Column("name", 26, 4),
        Column("basis", 8, 3),
        Column("layer", 24, 7, value=lambda row: layer_position(row.layer), cell=_layer),
        Column("made by", 26, 7, aliases=("by", "origin"), cell=_made_by),
    ),
    ladder_cells,
    ladder_key,
    _tone,
    lambda row: row.mark if isinstance(row, StandRow | RangeRow) else "",
    selectable=lambda row: not isinstance(row, Heading),
    empty="no filters",
    heading=lambda row: isinstance(row, Heading),
    gone=lambda row: isinstance(row, StandRow) and row.standing is None,
    name="weights",
    group_column=6,
)
