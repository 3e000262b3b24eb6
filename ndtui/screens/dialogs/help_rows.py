"""The help as rows: where the operator is comes first, then every table and list, the words, and every other key."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, TypeAlias, get_args

from ndtui.ui.keys.action import Action, DialogScope, QuestionScope, Scope, ScreenScope
from ndtui.ui.keys.actions import EVERYWHERE, by_name, of_scope
from ndtui.ui.keys.user_keys import KeyMap
from ndtui.ui.rows.role_signs import SIGNS
from ndtui.ui.rows.view import Column, View

_COPYING = (
    "Copying uses the terminal's clipboard (OSC 52). In tmux it needs: set -g set-clipboard on. What a "
    "terminal does not take goes into a file, which is named."
)
#: The heading above the words.
WORDS_TITLE = "Words"
WORDS = (
    ("Design", "what you decide: rules, keying modules, exemptions, tests; saved as a preset"),
    ("Filter", "what Windows is given: one per row, grouped by the layer at which it decides"),
    ("Callout", "a filter that hands traffic to IPsec"),
    ("Policy", "a filter that tells IPsec what to negotiate with"),
    ("Rule", "traffic and how it is protected: its mode, encryption, who may connect"),
    ("Negotiation", "main, quick and extended mode; their rows open forms, in which proposals and methods are lists"),
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
    (
        "On a machine",
        "callout? may also let the next filter decide; what sleeps decides nothing, and stands in groups of its own",
    ),
    ("Copying", _COPYING),
)
TITLES: dict[Scope, str] = {
    "designer": "Designer",
    "plan": "Plan and apply",
    "applied": "Applied: the backend and its history",
    "trace": "Trace",
    "machine": "Machine: what netsh wfp show wrote",
    "packet": "The packet to trace, while it is written",
    "dialogs": "Dialogs",
    "reading": "Dialogs to be read: help, edits, differences, messages",
    "presets": "Presets",
    "columns": "The columns of a table",
    "items": "A list in a form",
    "boxes": "A box to be ticked",
    "errors": "Errors in what was edited outside",
    "answers": "Answers to questions",
    "changed_file": "Answers about a file that has changed",
    "countdown": "Answers while the countdown runs",
    "tables": "Every table",
    "lists": "Every list and text that scrolls",
    "screens": "Every screen",
}
#: What has actions of its own at first, and is folded elsewhere.
_OF_ONE_PLACE: tuple[Scope, ...] = (
    *get_args(ScreenScope),
    "packet",
    "dialogs",
    *get_args(DialogScope),
    *get_args(QuestionScope),
)
#: What most places have: what a place has of its own comes before it.
_OF_MANY_PLACES: tuple[Scope, ...] = ("tables", "lists")
#: What is done to the pane of decisions, which is where one is at the start.
_OF_DECISIONS = (
    "designer.switch",
    "designer.edit",
    "designer.add_exemption",
    "designer.add_rule",
    "designer.duplicate",
    "designer.delete",
    "designer.move_up",
    "designer.move_down",
    "designer.undo",
)


@dataclass(frozen=True, slots=True)
class Heading:
    """The line above a group; ``folded`` says whether only it is shown at first."""

    title: str
    folded: bool = False


@dataclass(frozen=True, slots=True)
class Entry:
    """A key, or a word, and what it does or means; ``group`` is the title of its heading."""

    group: str
    keys: str
    name: str
    text: str
    action: Action | None = None


Row: TypeAlias = Heading | Entry


@dataclass(frozen=True, slots=True)
class Place:
    """Where the operator is.

    ``scope`` is that of the screen, ``focused`` those of what has the focus, ``pane`` its id. ``own`` are keys of a
    dialog or a field that are always the same: the keys, a title and what they do; ``here`` are the actions that the
    two have of their own.
    """

    scope: Scope = "designer"
    focused: tuple[Scope, ...] = ()
    pane: str = ""
    own: tuple[tuple[str, str, str], ...] = ()
    here: tuple[Action, ...] = ()


def help_rows(place: Place, keys: KeyMap) -> list[Row]:
    """Return the whole help, each action once.

    What the focus and the screen have of their own comes first, then what they have in common with others, the words,
    and everything else.
    """
    first: list[Row] = []
    said: set[str] = set()
    order = sorted((*place.focused, place.scope), key=_OF_MANY_PLACES.__contains__)
    if place.pane == "decisions":
        first = list(_group("Decisions, where you are", map(by_name, _OF_DECISIONS), keys))
        said = set(_OF_DECISIONS)
        order = [place.scope]
    elif place.here or place.own:
        title = "Where you are"
        first = [*_group(title, place.here, keys), *(Entry(title, *each) for each in place.own)]
        said = {action.name for action in place.here}
    rows = list(first)
    for scope in dict.fromkeys(order):
        rows += _scope(scope, keys, said, here=True)
    rows += [Heading(WORDS_TITLE), *(Entry(WORDS_TITLE, word, "", meaning) for word, meaning in WORDS)]
    for scope in ("screens", "tables", "lists", *_OF_ONE_PLACE):
        if scope not in order:
            rows += _scope(scope, keys, said, here=scope not in _OF_ONE_PLACE)
    title = "Everywhere, in dialogs and fields too"
    return [*rows, Heading(title), *(Entry(title, key, "", text) for key, text in EVERYWHERE)]


def _scope(scope: Scope, keys: KeyMap, said: set[str], *, here: bool) -> Iterator[Row]:
    actions = [action for action in of_scope(scope) if action.name not in said]
    return _group(TITLES[scope], actions, keys, folded=not here) if actions else iter(())


def _group(title: str, actions: Iterable[Action], keys: KeyMap, *, folded: bool = False) -> Iterator[Row]:
    yield Heading(title, folded)
    for each in actions:
        yield Entry(title, " ".join(keys.of(each)), each.title, each.tooltip, each)


def _cells(row: Any) -> tuple[str, ...]:
    return (row.title,) if isinstance(row, Heading) else (row.keys, row.name, row.text)


def _is_heading(row: Any) -> bool:
    return isinstance(row, Heading)


HELP = View(
    (
        Column("key", 16, aliases=("keys",)),
        Column("name", 15, 4, aliases=("title",)),
        Column("what", 0, 8, least=30, ample=60, aliases=("does", "means")),
    ),
    _cells,
    lambda row: row.title if isinstance(row, Heading) else (row.group, row.keys, row.name),
    lambda row: "head" if isinstance(row, Heading) else "",
    head=False,
    selectable=lambda row: not _is_heading(row),
    heading=_is_heading,
    folded=lambda row: row.folded,
    looked_up=True,
)
