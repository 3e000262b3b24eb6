"""A small machine of our own, as netsh wfp show state would write it: one of everything that a file can say."""

from pathlib import Path
from typing import Any

from tests.netsh import DECLARATION, element

#: What a name may be that somebody else chose; an escape character no XML can hold.
IN_XML = "[/x] [b]not bold \u202eturned round [link=x] {0} $name " + "w" * 300
LAYER, LAYER_V6 = "FWPM_LAYER_ALE_AUTH_RECV_ACCEPT_V4", "FWPM_LAYER_ALE_AUTH_CONNECT_V4"
OURS, THEIRS = "{0badc0de-0000-4000-b000-000000000001}", "FWPM_SUBLAYER_UNIVERSAL"
PROVIDER, GONE = "{0badc0de-0000-4000-c000-000000000001}", "{0badc0de-0000-4000-c000-000000000002}"
CONTEXT, CALLOUT = "{0badc0de-0000-4000-d000-000000000001}", "{0badc0de-0000-4000-e000-000000000001}"


def _display(name: str, description: str = "") -> dict[str, str]:
    return {"name": name, "description": description}


def a_filter(number: int, name: str, **changes: Any) -> dict[str, Any]:
    """Return a filter; ``flags`` and ``action`` by their short names."""
    action = changes.pop("action", "PERMIT")
    flags = [f"FWPM_FILTER_FLAG_{flag}" for flag in changes.pop("flags", ())]
    return {
        "filterKey": f"{{0badc0de-0000-4000-a000-{number:012d}}}",
        "displayData": _display(name, changes.pop("description", "")),
        "flags": flags or "",
        "providerKey": PROVIDER,
        "providerData": "",
        "layerKey": LAYER,
        "subLayerKey": OURS,
        "weight": {"type": "FWP_UINT8", "uint8": 12},
        "filterCondition": [port(443)],
        "action": {"type": f"FWP_ACTION_{action}", "filterType": changes.pop("callout", None)},
        "rawContext": 0,
        "reserved": "",
        "filterId": number,
        "effectiveWeight": {"type": "FWP_UINT64", "uint64": (12 << 60) - number},
        **changes,
    }


def port(number: int) -> dict[str, Any]:
    """Return a condition on the local port."""
    return {
        "fieldKey": "FWPM_CONDITION_IP_LOCAL_PORT",
        "matchType": "FWP_MATCH_EQUAL",
        "conditionValue": {"type": "FWP_UINT16", "uint16": number},
    }


def the_filters() -> list[dict[str, Any]]:
    """Return filters of every kind: awake, asleep, hard, with a context, and with a callout that nobody registered."""
    context = {"providerContextKey": CONTEXT, "rawContext": None}
    with_context = {name: value for name, value in (a_filter(70_003, "Contextual") | context).items() if value}
    return [
        a_filter(70_001, "Web", description="lets browsers in", flags=["CLEAR_ACTION_RIGHT"]),
        a_filter(70_002, IN_XML, action="BLOCK", filterCondition=[port(445), port(139)]),
        with_context,
        a_filter(70_004, "Off", flags=["DISABLED"]),
        a_filter(70_005, "Until BFE", flags=["BOOTTIME"], action="BLOCK"),
        a_filter(70_006, "Watcher", action="CALLOUT_TERMINATING", callout=CALLOUT, subLayerKey=THEIRS, providerKey=""),
        a_filter(70_007, "Outbound", layerKey=LAYER_V6, providerKey=GONE, filterCondition=""),
    ]


def a_state(**more: Any) -> str:
    """Return what ``netsh wfp show state`` would write; ``more`` stands in place of its members, or beside them."""
    filters = more.pop("filters", None) or the_filters()
    state = {
        "timeStamp": "2026-01-02T03:04:05.678Z",
        "sessions": [
            {
                "sessionKey": "{0badc0de-0000-4000-9000-000000000001}",
                "displayData": _display("Watcher session"),
                "flags": ["FWPM_SESSION_FLAG_DYNAMIC"],
                "processId": 4711,
                "username": "NT AUTHORITY\\SYSTEM",
            }
        ],
        "layers": [_layer(name, number, filters) for name, number in ((LAYER, 44), (LAYER_V6, 48))],
        "providers": [
            {
                "providerKey": PROVIDER,
                "displayData": _display("Firewall of the shop"),
                "flags": ["FWPM_PROVIDER_FLAG_DISABLED"],
                "providerData": "",
                "serviceName": "ShopSvc",
            }
        ],
        "providerContexts": [
            {
                "providerContextKey": CONTEXT,
                "displayData": _display("Shop context", "why it is there"),
                "flags": ["FWPM_PROVIDER_CONTEXT_FLAG_PERSISTENT"],
                "providerKey": PROVIDER,
                "providerData": "",
                "type": "FWPM_IPSEC_IKE_MM_CONTEXT",
                "ikeMmPolicy": {"softExpirationTime": 28800, "ikeProposals": [{"maxLifetimeSeconds": 28800}]},
                "providerContextId": 5,
            }
        ],
        "subLayers": [
            _sublayer(THEIRS, "Universal", 32768),
            _sublayer(OURS, "Sublayer of the shop", 40000),
        ],
        **more,
    }
    return f"{DECLARATION}{element('wfpstate', state)}<firewallState/>\n"


def _layer(name: str, number: int, filters: list[dict[str, Any]]) -> dict[str, Any]:
    fields = [{"fieldKey": "FWPM_CONDITION_IP_LOCAL_PORT", "type": "FWPM_FIELD_RAW_DATA", "dataType": "FWP_UINT16"}]
    callout = {
        "calloutKey": CALLOUT,
        "displayData": _display("Watching callout"),
        "flags": "",
        "applicableLayer": LAYER,
    }
    return {
        "layer": {"layerKey": name, "displayData": _display(name), "field": fields, "layerId": number},
        "callouts": [callout] if name == LAYER else "",
        "filters": [each for each in filters if each["layerKey"] == name],
    }


def _sublayer(key: str, name: str, weight: int) -> dict[str, Any]:
    return {
        "subLayerKey": key,
        "displayData": _display(name),
        "flags": "",
        "providerKey": PROVIDER,
        "providerData": "",
        "weight": weight,
    }


def state_file(folder: Path, **more: Any) -> Path:
    """Write the machine into a folder."""
    path = folder / "wfpstate.xml"
    path.write_text(a_state(**more), encoding="utf-8")
    return path
