"""The command palette finds by name what is there: presets, recent files, rules, exemptions, filters."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable
from functools import partial
from typing import Protocol, TypeVar, cast

from textual.command import Hit, Hits, Provider
from textual.content import Content
from textual.markup import escape
from textual.style import Style

from ndtui.common.errors import NdtuiError
from ndtui.common.text import shortened, visible
from ndtui.model.compiled.objects import Filter
from ndtui.model.compiled.origin import Origin
from ndtui.model.design.exemption import Exemption
from ndtui.model.design.rule import Rule
from ndtui.model.files import presets
from ndtui.model.files.presets import Preset
from ndtui.model.vocabulary import short_name
from ndtui.ui.state import recent_files
from ndtui.ui.state.workbench import Workbench

#: From so many letters on, and so many of a kind; between two looks at the keys so many names are compared.
LEAST, MOST, _AT_ONCE = 2, 20, 1000
_LONGEST = 60

_Thing = TypeVar("_Thing")


class Finder(Protocol):
    """The application as the palette sees it."""

    @property
    def workbench(self) -> Workbench:
        """The state."""

    def open_chosen(self, preset: Preset) -> None:
        """Open a preset or a recent file."""

    def select(self, identity: str, *, focus: bool = False) -> None:
        """Put the cursor of the left pane on a rule or an exemption."""

    def show_filter(self, identity: object) -> None:
        """Put the cursor of the table of filters on one."""


class FoundByName(Provider):
    """Offers what has a name that contains every word that was typed; over the designer alone, which can show it."""

    async def search(self, query: str) -> Hits:
        """Find names, the few kinds first: there may be very many filters."""
        if len(query.strip()) < LEAST or getattr(self.screen, "SCOPE", "") != "designer":
            return
        app = cast("Finder", self.app)
        bench, words = app.workbench, query.casefold().split()
        async for preset in _named(_presets(), lambda each: each.name, words):
            what = str(preset.path.parent) if preset.kind == "recent" else f"{preset.kind} preset"
            yield self._hit(query, f"Open {preset.name}", what, partial(app.open_chosen, preset))
        async for rule in _named(bench.design.rules, _rule_name, words):
            identity = str(Origin.rule(rule.name))
            yield self._hit(query, rule.name, "Rule: go to it", partial(app.select, identity, focus=True))
        async for exemption in _named(bench.design.exemptions, _exemption_name, words):
            identity = str(Origin.exemption(exemption.name))
            yield self._hit(query, exemption.name, "Exemption: go to it", partial(app.select, identity, focus=True))
        async for found in _named(bench.filterset.filters, _filter_name, words):
            layer = short_name(found.slot.layer)
            yield self._hit(
                query, found.label, f"Filter of {layer}: go to it", partial(app.show_filter, found.identity)
            )

    def _hit(self, query: str, name: str, what: str, run: Callable[[], None]) -> Hit:
        matcher = self.matcher(query)
        title = shortened(visible(name), _LONGEST)
        # Actions match by their titles too; what was found by its own name is as good, even where it was cut short.
        score = max(matcher.match(title), 0.1)
        return Hit(score, _lit(title, query, matcher.match_style), run, text=title, help=escape(visible(what)))


def _lit(title: str, query: str, style: Style) -> Content:
    """Return a name with the words that were typed lit; Textual's own way takes a name for markup."""
    made = Content(title)
    for word in query.casefold().split():
        start = title.casefold().find(word)
        if start >= 0:
            made = made.stylize(style, start, start + len(word))
    return made


def _presets() -> list[Preset]:
    try:
        return [*recent_files.recent(), *presets.shipped(), *presets.own()]
    except NdtuiError:
        return presets.shipped()  # the browser says why the user's own cannot be listed


def _rule_name(rule: Rule) -> str:
    return rule.name


def _exemption_name(exemption: Exemption) -> str:
    return exemption.name


def _filter_name(found: Filter) -> str:
    return found.label


async def _named(things: Iterable[_Thing], name: Callable[[_Thing], str], words: list[str]) -> AsyncIterator[_Thing]:
    """Return the first things whose name contains every word, and let the keys have their turn between."""
    found = 0
    for number, each in enumerate(things, start=1):
        if number % _AT_ONCE == 0:
            await asyncio.sleep(0)
        text = name(each).casefold()
        if all(word in text for word in words):
            yield each
            found += 1
            if found == MOST:
                return
