"""Textual works some things out for every app, widget or message that are the same for all of them: here, once.

Each of them depends on what its key holds and on nothing else, so tests see what the library alone would let them see.
"""

from collections.abc import Awaitable, Callable, Iterator

from textual import _callback
from textual.css.match import _check_selectors
from textual.css.model import RuleSet
from textual.css.stylesheet import Stylesheet
from textual.css.types import CSSLocation, Specificity3
from textual.dom import DOMNode
from textual.message import Message
from textual.message_pump import MessagePump

Rules = list[RuleSet]
Handler = tuple[type, Callable[[Message], Awaitable[None]]]

_parse_rules = Stylesheet._parse_rules
_parse = Stylesheet.parse
_handlers = MessagePump._get_dispatch_methods
_count_parameters = _callback._count_parameters
_parsed: dict[tuple[object, ...], Rules] = {}
_whole: dict[tuple[object, ...], tuple[Rules, dict[str, Rules]]] = {}
_hear: dict[tuple[type, type, str], tuple[type, ...] | None] = {}


def _parsed_once(
    self: Stylesheet,
    css: str,
    read_from: CSSLocation,
    is_default_rules: bool = False,
    tie_breaker: int = 0,
    scope: str = "",
) -> Rules:
    """Return what another app's style sheet was parsed to, where it is the same with the same colours."""
    known = (css, read_from, is_default_rules, tie_breaker, scope)
    key = (known, frozenset(self._variables.items()))
    if key not in _parsed:
        _parsed[key] = _parse_rules(self, *known)
    return _parsed[key]


def _put_together_once(self: Stylesheet) -> None:
    """Have the rules of all sources, and which of them speak of a name, as another app with the same sources has."""
    key = (tuple(self.source.items()), frozenset(self._variables.items()), frozenset(self._invalid_css))
    if key not in _whole:
        _parse(self)
        _whole[key] = (self._rules, self.rules_map)
    self._rules, self._rules_map = _whole[key]
    self._require_parse = False


def _check_rule(rule_set: RuleSet, path: list[DOMNode]) -> Iterator[Specificity3]:
    """Yield how specific each selector of a rule is that matches the last node of a path; that node is asked first."""
    for each in rule_set.selector_set:
        if each.selectors[-1].check(path[-1]) and _check_selectors(each.selectors, path):
            yield each.specificity


def _handlers_where_some_are(self: MessagePump, name: str, message: Message) -> Iterator[Handler]:
    """Yield the handlers of a message from the classes of a widget that have one, by its name as it is now."""
    key = (type(self), type(message), name)
    if key not in _hear:
        _hear[key] = _that_hear(*key)
    hear = _hear[key]
    if hear is None:
        yield from _handlers(self, name, message)
        return
    for each in hear:
        if message._no_default_action:
            break
        method = vars(each).get(f"_{name}") or vars(each)[name]
        yield each, method.__get__(self, each)


def _that_hear(widget: type, message: type, name: str) -> tuple[type, ...] | None:
    """Return the classes of a widget with a handler of a message by its name; ``None`` where some are decorated."""
    names, kinds = {name, f"_{name}"}, set(message.__mro__)
    if any(not kinds.isdisjoint(vars(each).get("_decorated_handlers", ())) for each in widget.__mro__):
        return None
    hear = tuple(each for each in widget.__mro__ if not names.isdisjoint(vars(each)))
    decorated = any(hasattr(vars(each).get(one), "_textual_on") for each in hear for one in names)
    return None if decorated else hear


def _counted_once(function: Callable[..., object]) -> int:
    """Count the parameters of a method at the function behind it, which the library remembers; not so in a partial."""
    bound = hasattr(function, "__self__") and hasattr(function, "__func__")
    return _callback.count_parameters(function) if bound else _count_parameters(function)


RuleSet.__hash__ = object.__hash__  # type: ignore[method-assign]  # as its own, by identity, and a tenth of all time
Stylesheet._parse_rules = _parsed_once  # type: ignore[method-assign]
Stylesheet.parse = _put_together_once  # type: ignore[method-assign]
Stylesheet._check_rule = staticmethod(_check_rule)  # type: ignore[assignment,method-assign]
MessagePump._get_dispatch_methods = _handlers_where_some_are  # type: ignore[method-assign]
_callback._count_parameters = _counted_once
