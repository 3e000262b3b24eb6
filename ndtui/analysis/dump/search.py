"""Search: the objects of a dump that a person asks for."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from ndtui.analysis.dump.dump_objects import Dump, DumpFilter, Tree
from ndtui.analysis.dump.dump_wording import value_text
from ndtui.model.vocabulary import short_name


@dataclass(frozen=True, slots=True)
class Search:
    """What to look for; every text that is given must be found, in upper or lower case.

    ``provider`` is looked for in a provider's key and name, ``condition`` in the fields and values of conditions,
    ``context`` in a provider context's key and name, ``type`` in its type, ``find`` in all texts of an object. A number
    is found in ids only as a whole: 48 is not filter 67248. The run-time id of a layer finds its filters too.
    """

    provider: str = ""
    condition: str = ""
    context: str = ""
    type: str = ""
    find: str = ""

    def __bool__(self) -> bool:
        """Tell whether anything is looked for."""
        return any((self.provider, self.condition, self.context, self.type, self.find))


def matching(dump: Dump, search: Search) -> Dump:
    """Return a dump of only the objects that match; a search for contexts also keeps the filters that refer to them."""
    if not search:
        return dump
    return _Searcher(dump, search).found()


class _Searcher:
    def __init__(self, dump: Dump, search: Search) -> None:
        self._dump = dump
        self._search = search
        self._provider_names = {p.key: p.name for p in dump.providers}
        self._about_contexts = bool(search.context or search.type)
        self._contexts = tuple(
            each
            for each in dump.provider_contexts
            if _has(search.context, (each.key, each.name)) and _has(search.type, (each.type,))
        )
        self._context_keys = {each.key for each in self._contexts}

    def found(self) -> Dump:
        dump, search = self._dump, self._search
        others = not (search.condition or self._about_contexts)
        filters = tuple(each for each in dump.filters if self._wants(each))
        layers = {each.layer for each in filters}
        if search.find:
            layers |= {name for name in dump.layers if self._is_layer(name)}
        return replace(
            dump,
            filters=filters,
            layer_fields={name: fields for name, fields in dump.layer_fields.items() if name in layers},
            layer_ids={name: number for name, number in dump.layer_ids.items() if name in layers},
            sublayers=tuple(
                s
                for s in dump.sublayers
                if others and self._of_provider(s.provider) and _has(search.find, (s.key, s.name, s.provider))
            ),
            providers=tuple(
                p
                for p in dump.providers
                if others and self._of_provider(p.key) and _has(search.find, (p.key, p.name, p.service))
            ),
            provider_contexts=tuple(
                c
                for c in self._contexts
                if not search.condition
                and self._of_provider(c.provider)
                and _has(search.find, (c.key, c.name, c.description, c.type, c.provider, *_texts(c.policy)))
            ),
            sessions=tuple(
                s
                for s in dump.sessions
                if others and not search.provider and _has(search.find, (s.key, s.name, s.process, s.user))
            ),
        )

    def _is_layer(self, name: str) -> bool:
        wanted = self._search.find
        return _has(wanted, (name,)) or (_is_number(wanted) and self._dump.layer_ids.get(name) == int(wanted))

    def _has_id(self, each: DumpFilter) -> bool:
        wanted = self._search.find
        ids = (each.filter_id, self._dump.layer_ids.get(each.layer))
        return _is_number(wanted) and int(wanted) in ids

    def _of_provider(self, key: str) -> bool:
        return _has(self._search.provider, (key, self._provider_names.get(key, "")))

    def _wants(self, each: DumpFilter) -> bool:
        search = self._search
        if self._about_contexts and each.provider_context_key not in self._context_keys:
            return False
        conditions = [f"{short_name(c.field)} {text}" for c in each.conditions for text in (c.text, value_text(c))]
        texts = (each.key, each.name, each.description, each.provider, each.layer, each.sublayer, each.callout)
        return (
            self._of_provider(each.provider)
            and (not search.condition or _has(search.condition, [*conditions, *(c.field for c in each.conditions)]))
            and (_has(search.find, [*texts, each.action, *each.flags, *conditions]) or self._has_id(each))
        )


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= 20


def _has(wanted: str, texts: Iterable[str]) -> bool:
    return not wanted or any(wanted.casefold() in text.casefold() for text in texts)


def _texts(tree: Tree | object) -> Iterable[str]:
    if isinstance(tree, str):
        yield tree
    elif isinstance(tree, dict):
        for each in tree.values():
            yield from _texts(each)
    elif isinstance(tree, list):
        for each in tree:
            yield from _texts(each)
