"""Tests and accepted findings in words: the row of one, and what the lower pane says of it."""

from collections.abc import Iterator

from ndtui.analysis.wording.properties import Line
from ndtui.model.design.assertion import Assertion, Suppression
from ndtui.model.design.items import Listed
from ndtui.ui.rows.view import KeyOf


def item_words(element: Listed) -> str:
    """Return what a row says of a test or an accepted finding."""
    if isinstance(element, Assertion):
        return f"{element.traffic}: {element.verdict}"
    if isinstance(element, Suppression):
        return f"{element.id}{f' at {element.where}' if element.where else ''}: {element.reason}"
    return element.name


def explain_item(element: Listed, key_of: KeyOf) -> Iterator[Line]:
    """Yield what there is to say about one, but for the keys of every list."""
    if isinstance(element, Assertion):
        yield Line("Test", element.traffic)
        yield Line("Is", element.verdict)
        yield Line("Trace", f"{key_of('designer.trace')} proves it; if it is false (×), traces a packet that shows it")
    elif isinstance(element, Suppression):
        yield Line("Accepted", element.id)
        yield Line("Where", element.where or "every place")
        yield Line("Reason", element.reason)
    if isinstance(element, Assertion) and element.comment:
        yield Line("Comment", element.comment)
