"""Losses: what of a design is in no object, or in none that a netsh command lists."""

from collections.abc import Iterator, Mapping
from typing import Any

from ndtui.exporters.contract import Inexpressible
from ndtui.exporters.netsh_xml.xml_elements import IMPOSSIBLE
from ndtui.model.compiled.objects import FilterSet

_NO_CONTEXTS = "netsh wfp show filters lists no provider contexts, and so no policy that negotiates"
_NO_SUBLAYERS = "netsh wfp show filters lists no sublayers, and so not their weight"
_NO_SESSION = "the objects of a session that ends look like those of one that lasts"
_NO_CHARACTER = "XML has no place for one of its characters (U+FFFE, U+FFFF)"
#: What people write for people. It is in no object.
_PROSE = ("description", "assert", "suppress")


def losses(filterset: FilterSet, *, filters_only: bool) -> Iterator[Inexpressible]:
    """Return what of a design does not come back from what netsh would print.

    Descriptions, comments, assertions, accepted findings, and what is switched off change no object, and are no loss.
    """
    design = filterset.design
    if design.lifetime == "dynamic":
        yield Inexpressible("lifetime dynamic", _NO_SESSION)
    if filters_only:
        for context in filterset.contexts:
            yield Inexpressible(context.name, _NO_CONTEXTS)
        for sublayer in filterset.sublayers:
            yield Inexpressible(sublayer.name, _NO_SUBLAYERS)
    for name, value in design.model_dump(mode="json", by_alias=True).items():
        if name not in _PROSE:
            yield from _impossible(name, value)


def _impossible(place: str, value: Any) -> Iterator[Inexpressible]:
    """Return the places in plain data that XML cannot hold the text of."""
    if isinstance(value, str):
        if IMPOSSIBLE.search(value):
            yield Inexpressible(place, _NO_CHARACTER)
    elif isinstance(value, Mapping):
        for name, each in value.items():
            if name != "comment":
                yield from _impossible(f"{place}.{name}", each)
    elif isinstance(value, list):
        for number, each in enumerate(value):
            yield from _impossible(f"{place}[{number}]", each)
