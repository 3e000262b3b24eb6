"""Machines of a few filters, as a dump has them."""

from typing import Any

from ndtui.analysis.dump import Dump, DumpCondition, DumpFilter, DumpProvider, DumpSublayer
from ndtui.model.compiled.objects import Condition
from ndtui.model.vocabulary.sublayers import UNIVERSAL

HIGH = "{0badc0de-0000-4000-8000-00000000f000}"
LOW = "{0badc0de-0000-4000-8000-000000000001}"
TWIN = "{0badc0de-0000-4000-8000-000000008000}"
#: Sublayers of others, beside those that Windows comes with.
WEIGHTS = {HIGH: 40961, LOW: 100, TWIN: 32768}
DRIVER = "{0badc0de-0000-4000-8000-0000000d0000}"
IN, OUT = "FWPM_LAYER_INBOUND_TRANSPORT_V4", "FWPM_LAYER_OUTBOUND_TRANSPORT_V4"
ACCEPT, CONNECT = "FWPM_LAYER_ALE_AUTH_RECV_ACCEPT_V4", "FWPM_LAYER_ALE_AUTH_CONNECT_V4"
BLOCK, PERMIT, TERMINATING = "FWP_ACTION_BLOCK", "FWP_ACTION_PERMIT", "FWP_ACTION_CALLOUT_TERMINATING"
HARD = ("FWPM_FILTER_FLAG_CLEAR_ACTION_RIGHT",)
MOST = (1 << 64) - 1


def there(layer: str, action: str = BLOCK, *conditions: Condition, **fields: Any) -> DumpFilter:
    """Return a filter of somebody else, of the highest weight in the universal sublayer if nothing else is said."""
    said: dict[str, Any] = {
        "key": "{0badc0de-0000-4000-a000-000000000001}",
        "name": "somebody's",
        "description": "",
        "sublayer": UNIVERSAL,
        "provider": "",
        "weight_type": "FWP_UINT64",
        "weight": MOST,
        "effective_weight": MOST,
        "callout": "",
        "raw_context": 0,
        "provider_context_key": "",
        "flags": (),
        "filter_id": 70_001,
        **fields,
    }
    written = tuple(DumpCondition(each.field, each.match, str(each.value.low)) for each in conditions)
    return DumpFilter(
        layer=layer, action=action, conditions=written, values=tuple(each.value for each in conditions), **said
    )


def machine(*filters: DumpFilter, kind: Any = "state", providers: tuple[DumpProvider, ...] = ()) -> Dump:
    """Return a machine with filters; what ``show filters`` tells of it has no sublayers."""
    sublayers = tuple(DumpSublayer(key, f"sublayer {weight}", "", weight, ()) for key, weight in WEIGHTS.items())
    layers = tuple(dict.fromkeys(each.layer for each in filters))
    listed = sublayers if kind == "state" else ()
    return Dump(kind, "", filters, listed, providers, (), (), layers, {}, {})
