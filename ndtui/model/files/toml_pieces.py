"""A design's text in pieces, one for each exemption: what is saved over is edited piece by piece.

A document of ten thousand tables takes seconds to be parsed with its comments, and seconds to be written. One edit
concerns a table or two; the text of the others stays as it is.
"""

import re
import tomllib
from collections.abc import Callable, Iterator
from itertools import pairwise
from typing import Any, NamedTuple

from ndtui.common.counted import counted

#: Up to so many exemptions a text is parsed as a whole.
AT_ONCE = 50
_HEADER = re.compile(r"^\[\[exemptions\]\]", re.MULTILINE)
#: The heading of anything else than an exemption or a part of one.
_OTHER = re.compile(r"^\[(?!\[exemptions\]\]|\[?exemptions\.)", re.MULTILINE)
#: The exemptions in any other spelling.
_SPELLED = re.compile(r"^[ \t]*\[*[ \t]*[\"']?exemptions", re.MULTILINE)
#: Where it stands in the text of the rest, the exemptions belong; no exemption can have that name.
_STAND_IN = {"name": "\x01"}

#: Writes data as TOML over a text.
Writer = Callable[[dict[str, Any], str], str]


class Pieces(NamedTuple):
    """A text: what stands before the exemptions, the exemptions one by one, what stands behind them."""

    before: str
    exemptions: list[str]
    behind: str


class _Piece(NamedTuple):
    """The text of an exemption that is to be written; ``is_loose`` if it stood elsewhere or nowhere."""

    text: str
    is_loose: bool


def pieces_of(text: str) -> Pieces | None:
    """Return a text in pieces; ``None`` where its exemptions do not stand one behind the other.

    Whether it may be cut there is known only when each piece is read by itself: a heading in a text of several lines is
    none. Pieces that can all be read by themselves mean together what the whole text means.
    """
    starts = [found.start() for found in _HEADER.finditer(text)]
    if not starts:
        return None if _SPELLED.search(text) else Pieces(text, [], "")
    other = _OTHER.search(text, starts[0])
    end = len(text) if other is None else other.start()
    if starts[-1] > end:
        return None
    cuts = [starts[0], *(_with_remark(text, start) for start in starts[1:]), _with_remark(text, end)]
    pieces = Pieces(text[: cuts[0]], [text[start:stop] for start, stop in pairwise(cuts)], text[cuts[-1] :])
    return None if _SPELLED.search(pieces.before) or _SPELLED.search(pieces.behind) else pieces


def _with_remark(text: str, start: int) -> int:
    """Return where the comment begins that stands right above a heading; the heading where none does."""
    while start < len(text):
        above = text.rfind("\n", 0, start - 1) + 1
        if text[above] != "#":
            break
        start = above
    return start


def write_pieces(data: dict[str, Any], existing: str, write: Writer) -> str | None:
    """Return ``data`` as TOML over a text of many exemptions; ``None`` where that cannot be done by pieces.

    ``write`` writes what has changed, over the piece that was there; what it returns reads back as what it was given.
    """
    wanted: list[dict[str, Any]] = data.get("exemptions", [])
    pieces = pieces_of(existing) if len(wanted) > AT_ONCE and "\r" not in existing else None
    former = None if pieces is None else _by_name(pieces.exemptions)
    if pieces is None or former is None:
        return None
    place = write(_alone(_STAND_IN), "") if pieces.exemptions else ""
    rest = write(
        {**data, "exemptions": [_STAND_IN]}, "".join((pieces.before, place, "\n" * bool(place), pieces.behind))
    )
    around = pieces_of(rest)
    if around is None or len(around.exemptions) != 1:
        return None
    last = pieces.exemptions[-1] if pieces.exemptions else ""
    stays_last = bool(last) and former.get(wanted[-1]["name"], (None, ""))[1] is last
    written = [_written(each, former, "" if stays_last else last, write) for each in counted(wanted)]
    text = "".join((around.before, *_spaced(written, around.behind), around.behind))
    return text if around.behind or stays_last else f"{text.rstrip()}\n"


def _by_name(texts: list[str]) -> dict[str, tuple[dict[str, Any], str]] | None:
    """Return exemptions and their texts by name; ``None`` where a text is not that of one, or two have one name."""
    found: dict[str, tuple[dict[str, Any], str]] = {}
    for text in counted(texts):
        try:
            data = tomllib.loads(text)
        except (ValueError, RecursionError):
            return None
        exemptions = data.get("exemptions")
        if len(data) != 1 or not isinstance(exemptions, list) or len(exemptions) != 1:
            return None
        name = exemptions[0].get("name")
        if not isinstance(name, str) or name in found:
            return None
        found[name] = (exemptions[0], text)
    return found


def _alone(exemption: dict[str, Any]) -> dict[str, Any]:
    return {"exemptions": [exemption]}


def _written(
    exemption: dict[str, Any], former: dict[str, tuple[dict[str, Any], str]], last: str, write: Writer
) -> _Piece:
    """Return the text of an exemption: the one it had, where it says the same."""
    before, text = former.get(exemption["name"], (None, ""))
    if before is None:
        return _Piece(write(_alone(exemption), ""), is_loose=True)
    after = text
    if not same(before, exemption):
        lines = text.rstrip("\n")
        after = write(_alone(exemption), f"{lines}\n").rstrip("\n") + text[len(lines) :]
    return _Piece(after, is_loose=text is last)


def _spaced(pieces: list[_Piece], behind: str) -> Iterator[str]:
    """Return the texts of the pieces with an empty line where one that was not there before meets another."""
    for piece, after in pairwise([*pieces, _Piece(behind, is_loose=False)]):
        text = piece.text if piece.text.endswith("\n") else f"{piece.text}\n"
        gap = after.text and (piece.is_loose or after.is_loose) and not text.endswith("\n\n")
        yield f"{text}\n" if gap else text


def same(one: Any, other: Any) -> bool:
    """Tell whether two values are the same to a reader of TOML: Python alone takes 1, 1.0 and true for equal."""
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(same(value, other[key]) for key, value in one.items())
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(same, one, other))
    return type(one) is type(other) and bool(one == other)
