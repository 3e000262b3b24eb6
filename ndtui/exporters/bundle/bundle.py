"""Bundle: an exported FilterSet with its Design, its findings and its digest. Byte for byte reproducible."""

import hashlib
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from ndtui import __version__
from ndtui.analysis.check.examine import check
from ndtui.common import files
from ndtui.common.errors import InputError, RefusedError
from ndtui.common.json_text import load_json
from ndtui.common.shell_words import typed
from ndtui.common.text import brief, in_quotes
from ndtui.model.compiled.compile import compile_design
from ndtui.model.compiled.documents import object_lists
from ndtui.model.compiled.objects import FilterSet
from ndtui.model.design.design import Design
from ndtui.model.files.design_file import canonical_parts, design_from

FORMAT = "ndtui-bundle"
VERSION = 1

#: A bundle, or an object in it, as plain data: out of a file it may hold anything.
Members = dict[str, Any]

#: No filter takes fewer bytes of a bundle.
LEAST = 500

_DIGEST = "sha256"
_string: Callable[[str], str] = json.encoder.encode_basestring_ascii
#: What is in each list, in a word.
_OBJECTS = {"subLayers": "sublayer", "providerContexts": "context", "filters": "filter"}
_LISTS = {"subLayers": "subLayerKey", "providerContexts": "providerContextKey", "filters": "filterKey"}


def bundle(filterset: FilterSet) -> Members:
    """Return the bundle of a compiled design as plain data."""
    document: Members = {
        "format": FORMAT,
        "version": VERSION,
        "generator": f"ndtui {__version__}",
        "design": filterset.design.model_dump(mode="json"),
        **object_lists(filterset),
        "findings": [finding.document() for finding in check(filterset)],
    }
    return {**document, _DIGEST: digest(document)}


def digest(document: Members) -> str:
    """Return the SHA-256, in hex, of the canonical JSON of a bundle without its own digest."""
    hashed = hashlib.sha256()
    for part in canonical_parts({key: value for key, value in document.items() if key != _DIGEST}):
        hashed.update(part.encode("ascii"))
    return hashed.hexdigest()


def format_bundle(filterset: FilterSet) -> str:
    """Return the bundle as JSON text in the order in which a person reads it, a property of an object per line.

    Written by hand because Python's own indenting encoder takes ten times as long for tens of thousands of filters.

    Raises:
        RefusedError: it would be too large to be read again.
    """
    what = f"the bundle of {in_quotes(filterset.design.name)}"
    files.check_readable(len(filterset.filters) * LEAST, what, files.MAX_JSON)  # before it takes time and memory
    whole = "".join(_Text().parts(bundle(filterset)))  # in one go: to copy 70 MB holds up every thread
    return files.readable(whole, what, files.MAX_JSON)


class _Text:
    """Writes the values of a bundle. What objects share is written once, and known by its ``id()`` from then on."""

    def __init__(self) -> None:
        self._known: dict[int, str] = {}

    def parts(self, document: Members) -> Iterator[str]:
        """Yield the text of a bundle."""
        before = "{"
        for name, value in document.items():
            yield f"{before}\n  {self.of(name)}: "
            yield from self._member(value)
            before = ","
        yield "\n}\n"

    def _member(self, value: Any) -> Iterator[str]:
        """Yield a member of the bundle, in lines."""
        if isinstance(value, dict):
            yield self._object(value, "    ")
        elif isinstance(value, list) and value:
            before = "["
            for item in value:
                yield f"{before}\n    {self._object(item, '      ')}"
                before = ","
            yield "\n  ]"
        else:
            yield self.of(value)

    def _object(self, value: Members, indent: str) -> str:
        lines = ",\n".join(f"{indent}{self.of(name)}: {self.of(inner)}" for name, inner in value.items())
        return f"{{\n{lines}\n{indent[:-2]}}}"

    def of(self, value: Any) -> str:
        """Return a value in one line."""
        if isinstance(value, str):
            return _string(value)
        text = self._known.get(id(value))
        if text is None:
            text = self._known[id(value)] = json.dumps(value)
        return text


def parse_bundle(text: str, where: str, *, accept_edits: bool = False) -> Design:
    """Return the Design of a bundle, or of a design written as JSON.

    Raises:
        InputError: it is no bundle, of another version, or its design does not hold together.
        RefusedError: it was edited by hand after it was exported; says where. ``accept_edits`` takes the design of an
            edited bundle as it stands.
    """
    document = _load(text, where)
    if document.get("format") == "ndtui-design":
        return design_from(document, where)
    if document.get("format") != FORMAT:
        raise InputError(f'{where} is no bundle: its format is {brief(document.get("format"))}, not "{FORMAT}"')
    version = document.get("version")
    if version != VERSION:
        remedy = "use a newer ndtui" if isinstance(version, int) and version > VERSION else "export it again"
        raise InputError(f"{where} is a bundle of version {brief(version)}, not {VERSION}", remedy=remedy)
    if not isinstance(document.get("design"), dict):
        raise InputError(f"{where}: design is missing or no object", remedy="export the bundle again")
    design = design_from(document["design"], f"{where}: design")
    try:
        untouched = document.get(_DIGEST) == digest(document)
        edits = [] if untouched or accept_edits else edited(document, design)
    except RecursionError:
        raise InputError(f"{where} is nested too deeply to be a bundle", remedy="export the bundle again") from None
    if not untouched and not accept_edits:
        taking = typed(["ndtui", "import", where if files.is_there(Path(where)) else "FILE", "--accept-edits"])
        raise RefusedError(
            f"{where} was edited by hand: its digest no longer matches ({'; '.join(edits) or 'in no object'})",
            remedy=f"{taking} takes its design as it stands; edits of other parts have no effect",
        )
    return design


def _load(text: str, where: str) -> Members:
    document = load_json(text, where)
    if not isinstance(document, dict):
        raise InputError(f"{where} holds no JSON object", remedy="is it the file you meant?")
    return document


def edited(document: Members, design: Design) -> list[str]:
    """Return where a bundle differs from what its own design compiles to, in words."""
    expected = bundle(compile_design(design))
    found = []
    for name, value in expected.items():
        if name in (_DIGEST, "generator") or document.get(name) == value:
            continue
        found += _edits_in(name, document.get(name), value)
    return found[:3] + ([f"and {len(found) - 3} more"] if len(found) > 3 else [])


def _edits_in(name: str, actual: Any, expected: Any) -> list[str]:
    if name not in _LISTS or not isinstance(actual, list):
        return [f"{name} differs"]
    key = _LISTS[name]
    wanted = {item[key]: item for item in expected}
    present = {str(item.get(key)): item for item in actual if isinstance(item, dict)}
    edits = [f"{name} lacks {_label(item)}" for k, item in wanted.items() if k not in present]
    edits += [f"{name} has {_label(item)} besides" for k, item in present.items() if k not in wanted]
    for k, item in wanted.items():
        there = present.get(k, item)
        properties = [p for p in {**item, **there} if item.get(p) != there.get(p)]
        edits += [f"{', '.join(properties)} of the {_OBJECTS[name]} {_label(item)}"] if properties else []
    return edits or [f"{name} is in another order"]


def _label(item: Members) -> str:
    data = item.get("displayData")
    name = data.get("name") if isinstance(data, dict) else None
    return in_quotes(str(name)[:60]) if name else "an object without a name"
