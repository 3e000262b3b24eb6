"""Documents as netsh would write them: XML of ``netsh wfp show state`` and ``show filters`` made of a design."""

from typing import Any
from xml.sax.saxutils import escape

from ndtui.model.compiled.document_types import Document
from ndtui.model.compiled.objects import FilterSet
from ndtui.model.design.design import Design
from tests.support import documents

DECLARATION = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
#: What documents say and netsh does not.
_NOT_WINDOWS = ("origin",)


def element(name: str, value: Any) -> str:
    """Return an element: members as elements, a list as items with their number, a text or number as it is."""
    if value is None or value in ("", [], {}):
        return f"<{name}/>\n"
    if isinstance(value, dict):
        inner = "".join(element(key, each) for key, each in value.items() if key not in _NOT_WINDOWS)
        return f"<{name}>\n{inner}</{name}>\n"
    if isinstance(value, list):
        return f'<{name} numItems="{len(value)}">\n{"".join(element("item", each) for each in value)}</{name}>\n'
    return f"<{name}>{escape(str(value))}</{name}>\n"


def filters(of: Design | FilterSet) -> list[Document]:
    """Return filters with what the engine adds: an id that grows; and elements netsh always writes."""
    found = []
    for number, each in enumerate(documents(of)["filters"]):
        document = {**each, "providerData": "", "reserved": "", "filterId": 70_000 + number}
        if not document["flags"]:
            document["flags"] = ""
        found.append(document)
    return found


def show_state(of: Design | FilterSet, *more: Document) -> str:
    """Return what ``netsh wfp show state`` would write of a design, and of more filters."""
    lists = documents(of)
    by_layer: dict[str, list[Document]] = {}
    for each in [*filters(of), *more]:
        by_layer.setdefault(each["layerKey"], []).append(each)
    layers = [
        {
            "layer": {"layerKey": name, "displayData": {"name": name, "description": ""}},
            "callouts": "",
            "filters": found,
        }
        for name, found in by_layer.items()
    ]
    state = {
        "timeStamp": "2026-01-02T03:04:05.678Z",
        "sessions": "",
        "layers": layers,
        "providers": [{**lists["provider"], "providerData": "", "serviceName": ""}],
        "providerContexts": [{**each, "providerData": ""} for each in lists["providerContexts"]],
        "subLayers": [{**each, "providerData": ""} for each in lists["subLayers"]],
    }
    return f"{DECLARATION}{element('wfpstate', state)}<firewallState/>\n"


def show_filters(of: Design | FilterSet) -> str:
    """Return what ``netsh wfp show filters`` would write of a design."""
    return DECLARATION + element("wfpdiag", {"filters": filters(of), "providers": [documents(of)["provider"]]})
