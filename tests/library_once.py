"""Textual works some things out for every app, widget or message that are the same for all of them: here, once.

Each of them depends on what its key holds and on nothing else, so tests see what the library alone would let them see.
"""

from collections.abc import Awaitable, Callable, Hashable, Iterator
from dataclasses import replace
from functools import cache
from itertools import islice
from types import CodeType, FunctionType

from rich.segment import Segment
from rich.style import Style
from textual import _callback, screen
from textual.color import Color
from textual.css.match import _check_selectors
from textual.css.model import RuleSet, Selector
from textual.css.styles import RenderStyles, RulesMap
from textual.css.stylesheet import Stylesheet
from textual.css.types import CSSLocation, Specificity3
from textual.design import ColorSystem
from textual.dom import DOMNode
from textual.message import Message
from textual.message_pump import MessagePump
from textual.renderables.background_screen import BackgroundScreen
from textual.strip import Strip
from textual.visual import RenderOptions, Visual
from textual.visual import Style as VisualStyle

Rules = list[RuleSet]
Handler = tuple[type, Callable[[Message], Awaitable[None]]]

#: How the library styles a widget, and the parts that it paints itself.
APPLY = Stylesheet.apply
PROCESS_PARTS = Stylesheet._process_component_classes
#: How the library draws what lies below a dialog.
BELOW = BackgroundScreen
_parse_rules = Stylesheet._parse_rules
_parse = Stylesheet.parse
_handlers = MessagePump._get_dispatch_methods
_count_parameters = _callback._count_parameters
_generate = ColorSystem.generate
_generated: dict[str, dict[str, str]] = {}
_counted: dict[CodeType, int] = {}
_parsed: dict[tuple[object, ...], Rules] = {}
_whole: dict[tuple[object, ...], tuple[Rules, dict[str, Rules]]] = {}
_hear: dict[tuple[type, type, str], tuple[type, ...] | None] = {}
_styles: dict[Hashable, "_StylesOfOneKind"] = {}


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


class _StylesOfOneKind:
    """What a style sheet says of a widget, for all whose ancestors and themselves have the same types, ids and classes.

    What depends on more, as on the focus or on the mouse above it, is asked for every widget.
    """

    def __init__(self, sheet: Stylesheet, node: DOMNode) -> None:
        """Find the selectors in which more is asked; the node is one of the kind."""
        path = node.css_path_nodes
        rules = {rule for name in sheet.rules_map.keys() & node._selector_names for rule in sheet.rules_map[name]}
        states = {state for rule in rules for state in rule.pseudo_classes}
        self._states = {
            "_has_hover_style": "hover" in states,
            "_has_focus_within": "focus-within" in states,
            "_has_order_style": not states.isdisjoint(_ORDER),
            "_has_odd_or_even": not states.isdisjoint(("odd", "even")),
        }
        selectors = [each.selectors for rule in rules if rule.pseudo_classes for each in rule.selector_set]
        self._asked = [each for each in selectors if _asks_more(each) and _check_selectors(_stateless(each), path)]
        self._rules: dict[tuple[bool, ...], RulesMap | None] = {}

    def apply(self, sheet: Stylesheet, node: DOMNode, *, animate: bool) -> None:
        """Give a node of the kind its styles."""
        for name, value in self._states.items():
            setattr(node, name, value)
        path = node.css_path_nodes
        state = tuple(_check_selectors(each, path) for each in self._asked)
        if state not in self._rules:
            self._rules[state] = _rules_of(sheet, node)
        rules = self._rules[state]
        if rules is not None:
            sheet.replace_rules(node, rules, animate=animate)


#: States by which the library knows that a node is to be styled again when its place among others changes.
_ORDER = ("first-of-type", "last-of-type", "first-child", "last-child", "empty")


def _asks_more(selectors: list[Selector]) -> bool:
    return any(each.pseudo_classes for each in selectors)


def _stateless(selectors: list[Selector]) -> list[Selector]:
    return [replace(each, pseudo_classes=set()) for each in selectors]


def _rules_of(sheet: Stylesheet, node: DOMNode) -> RulesMap | None:
    """Return what the library gives a node, which is not given it yet; ``None`` where nothing is said of it."""
    found: list[RulesMap] = []
    own = vars(sheet)
    own["replace_rules"] = lambda _, rules, animate=False: found.append(rules)
    own["_process_component_classes"] = lambda _: None
    try:
        APPLY(sheet, node)
    finally:
        del own["replace_rules"], own["_process_component_classes"]
    return found[0] if found else None


def _applied_once(
    self: Stylesheet,
    node: DOMNode,
    *,
    animate: bool = False,
    cache: dict[tuple[object, ...], RulesMap] | None = None,
) -> None:
    """Give a node its styles as another of its kind has them, in whatever app."""
    kind = (id(self.rules), *((type(each), each._id, each.classes) for each in node.css_path_nodes))
    if kind not in _styles:
        _styles[kind] = _StylesOfOneKind(self, node)
    _styles[kind].apply(self, node, animate=animate)
    self._process_component_classes(node)


class _PartsWhenAsked(dict[str, RenderStyles]):
    """The styles of the parts of a widget, each made when it is drawn with: most widgets in tests are not drawn."""

    def __init__(self, sheet: Stylesheet, node: DOMNode, names: frozenset[str]) -> None:
        super().__init__()
        self._sheet, self._node, self._names = sheet, node, names

    def __contains__(self, name: object) -> bool:
        return name in self._names or super().__contains__(name)

    def __missing__(self, name: str) -> RenderStyles:
        if name not in self._names:
            raise KeyError(name)
        part = DOMNode(classes=name)
        part._attach(self._node)
        self._sheet.apply(part)
        self[name] = part.styles
        return part.styles

    def clear(self) -> None:
        """Have none any more: the widget is gone."""
        super().clear()
        self._names = frozenset()


def _parts_when_asked(self: Stylesheet, node: DOMNode) -> None:
    """Let the parts of a node have other styles, and let it be drawn with them where it was drawn."""
    names = frozenset(node._get_component_classes())
    if names:
        node._component_styles = _PartsWhenAsked(self, node, names)
        node.refresh()


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
    """Count the parameters of a method at the function behind it, and of functions made anew at their one code."""
    if hasattr(function, "__self__") and hasattr(function, "__func__"):
        return _callback.count_parameters(function)
    if not isinstance(function, FunctionType) or vars(function):  # it may be one that wraps another
        return _count_parameters(function)
    if function.__code__ not in _counted:
        _counted[function.__code__] = _count_parameters(function)
    return _counted[function.__code__]


def _generated_once(self: ColorSystem) -> dict[str, str]:
    """Return the colours that come of those of a theme."""
    key = repr(sorted(vars(self).items()))
    if key not in _generated:
        _generated[key] = _generate(self)
    return dict(_generated[key])


class Below(BackgroundScreen, Visual):
    """What lies below a dialog, dimmed as the library does it: each style once, and not printed and read back."""

    def get_optimal_width(self, rules: object, container_width: int) -> int:
        """Return the width of the terminal."""
        return container_width

    def get_height(self, rules: object, width: int) -> int:
        """Return the height of the screen below."""
        return int(self.screen._compositor.size.height)

    def render_strips(self, width: int, height: int | None, style: VisualStyle, options: RenderOptions) -> list[Strip]:
        """Return the lines of the screen below."""
        return [
            Strip([Segment(text, _dimmed(style.rich_style, own or _PLAIN, self.color)) for text, own, _ in strip])
            for strip in islice(self.screen._compositor.render_strips(), height)
        ]


_PLAIN = Style()


@cache
def _dimmed(under: Style, style: Style, colour: Color) -> Style:
    (dimmed,) = BackgroundScreen.process_segments([Segment("", style)], colour)
    return under + dimmed.style


RuleSet.__hash__ = object.__hash__  # type: ignore[method-assign]  # as its own, by identity, and a tenth of all time
Stylesheet.apply = _applied_once  # type: ignore[method-assign]
Stylesheet._process_component_classes = _parts_when_asked  # type: ignore[method-assign]
Stylesheet._parse_rules = _parsed_once  # type: ignore[method-assign]
Stylesheet.parse = _put_together_once  # type: ignore[method-assign]
Stylesheet._check_rule = staticmethod(_check_rule)  # type: ignore[assignment,method-assign]
MessagePump._get_dispatch_methods = _handlers_where_some_are  # type: ignore[method-assign]
ColorSystem.generate = _generated_once  # type: ignore[method-assign]
screen.BackgroundScreen = Below  # type: ignore[attr-defined,misc]
_callback._count_parameters = _counted_once
