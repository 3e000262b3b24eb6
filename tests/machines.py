"""Machines that others had, as small files: filters with the weights Windows gave them, written as netsh writes them.

They come from tests/data/machines.json, which says what of them is real.
"""

from pathlib import Path
from typing import Any

from ndtui.model.compiled.document_types import Document
from tests.netsh import DECLARATION, element
from tests.support import data_file

Machine = dict[str, Any]

_MACHINES: dict[str, Machine] = data_file("machines.json")["machines"]
#: Every machine by name: what was asked of netsh, and how old its fields are.
MACHINES = tuple(_MACHINES)
STATES = tuple(name for name in MACHINES if _MACHINES[name]["kind"] == "state")
#: Those with layers whose fields are those of a Windows of 2024.
OLDER = ("filters-older", "state-older")


def machine_file(name: str, folder: Path) -> Path:
    """Write what netsh says of a machine into a folder, as netsh does: UTF-8 with a byte order mark."""
    path = folder / f"{name}.xml"
    path.write_text(_text(_MACHINES[name]), encoding="utf-8-sig")
    return path


def filter_count(name: str) -> int:
    """Return how many filters a machine has."""
    return len(_MACHINES[name]["filters"])


def _text(machine: Machine) -> str:
    filters = [_filter(number, each) for number, each in enumerate(machine["filters"], start=1)]
    keys = sorted({each["providerKey"] for each in filters} - {""})
    providers = [{"providerKey": key, "displayData": _named(key), "flags": "", "serviceName": ""} for key in keys]
    if machine["kind"] == "filters":
        return DECLARATION + element("wfpdiag", {"filters": filters, "providers": providers})
    state = {
        "timeStamp": machine["timeStamp"],
        "sessions": [_session()],
        "layers": [_layer(name, fields, filters) for name, fields in machine["layers"].items()],
        "providers": providers,
        "providerContexts": [_context(key) for key in sorted({each.get("providerContextKey", "") for each in filters})],
        "subLayers": [_sublayer(key, weight) for key, weight in machine["subLayers"].items()],
        "ipsecSaContexts": "",
        "ikeextSas": "",
    }
    return f"{DECLARATION}{element('wfpstate', state)}<firewallState>\n<dynamicKeywordAddresses/>\n</firewallState>\n"


def _named(name: str) -> Document:
    return {"name": name, "description": ""}


def _session() -> Document:
    return {
        "sessionKey": "{0badc0de-0000-4000-9000-000000000001}",
        "displayData": _named("A session"),
        "flags": ["FWPM_SESSION_FLAG_DYNAMIC"],
        "txnWaitTimeoutInMSec": 18000000,
        "processId": 4,
        "sid": "S-1-5-18",
        "username": "NT AUTHORITY\\SYSTEM",
        "kernelMode": "false",
    }


def _layer(name: str, fields: list[str], filters: list[Document]) -> Document:
    key = f"FWPM_LAYER_{name}"
    split = (field.partition(" ") for field in fields)
    return {
        "layer": {
            "layerKey": key,
            "displayData": _named(f"{name} layer"),
            "flags": ["FWPM_LAYER_FLAG_BUILTIN"],
            "field": [
                {"fieldKey": f"FWPM_CONDITION_{field}", "type": "FWPM_FIELD_RAW_DATA", "dataType": f"FWP_{kind}"}
                for field, _, kind in split
            ],
            "defaultSubLayerKey": "FWPM_SUBLAYER_UNIVERSAL",
            "layerId": 1,
        },
        "callouts": "",
        "filters": [each for each in filters if each["layerKey"] == key],
    }


def _sublayer(key: str, weight: int) -> Document:
    return {
        "subLayerKey": key,
        "displayData": _named(f"sublayer {key}"),
        "flags": "",
        "providerKey": "",
        "providerData": "",
        "weight": weight,
    }


def _context(key: str) -> Document:
    """Return a context of a filter, or Windows' own policy for secure sockets, which no filter has."""
    own = "FWPM_PROVIDER_CONTEXT_SECURE_SOCKET_AUTHIP"
    return {
        "providerContextKey": key or own,
        "displayData": _named(f"context {key or own}"),
        "flags": "",
        "providerKey": "",
        "providerData": "",
        "type": "FWPM_GENERAL_CONTEXT" if key else "FWPM_IPSEC_AUTHIP_MM_CONTEXT",
        **({"dataBuffer": {"data": "00", "asString": "."}} if key else {"authIpMmPolicy": {"softExpirationTime": 0}}),
        "providerContextId": 1,
    }


def _filter(number: int, each: Machine) -> Document:
    kind, *weight = each["weight"]
    context = {"providerContextKey": each["context"]} if "context" in each else {}
    return {
        "filterKey": f"{{0badc0de-0000-4000-a000-{number:012d}}}",
        "displayData": {"name": f"Règle {number} – 規則", "description": f"What rule {number} is for"},
        "flags": [f"FWPM_FILTER_FLAG_{flag}" for flag in each["flags"]],
        "providerKey": each["provider"],
        "providerData": {"data": "ff00", "asString": ".."},
        "layerKey": f"FWPM_LAYER_{each['layer']}",
        "subLayerKey": each["sublayer"],
        "weight": {"type": f"FWP_{kind}", **({kind.lower(): weight[0]} if weight else {})},
        "filterCondition": [_condition(*condition) for condition in each["conditions"]],
        "action": {"type": f"FWP_ACTION_{each['action']}", "filterType": each.get("callout")},
        **(context or {"rawContext": each.get("rawContext", 0)}),
        "reserved": "",
        "filterId": 70_000 + number,
        "effectiveWeight": {"type": "FWP_UINT64", "uint64": each["effectiveWeight"]},
    }


def _condition(field: str, match: str, kind: str, *values: str | int) -> Document:
    written = [_value(kind, value) for value in values]
    if len(written) == 2:
        ends = {"valueLow": written[0], "valueHigh": written[1]}
        written = [{"type": "FWP_RANGE_TYPE", "rangeValue": ends}]
    return {
        "fieldKey": f"FWPM_CONDITION_{field}",
        "matchType": f"FWP_MATCH_{match}",
        "conditionValue": written[0],
    }


def _value(kind: str, value: str | int) -> Document:
    members = {
        "BYTE_BLOB_TYPE": {"byteBlob": {"data": "00", "asString": value}},
        "SECURITY_DESCRIPTOR_TYPE": {"sd": value},
        "SID": {"sid": value},
        "BYTE_ARRAY16_TYPE": {"byteArray16": value},
    }
    return {"type": f"FWP_{kind}", **members.get(kind, {kind.lower(): value})}
