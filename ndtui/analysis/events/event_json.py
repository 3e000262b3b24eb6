"""Events as JSON, in the names that netsh has for what they hold."""

from collections.abc import Sequence
from typing import Any

from ndtui.analysis.dump import DumpFilter
from ndtui.analysis.events.decisions import Beaten, Decisions, layer_of_event
from ndtui.analysis.events.event_packet import NoPacketError, packet_of
from ndtui.analysis.events.network_event import NetworkEvent


def event_document(event: NetworkEvent, decisions: Decisions | None) -> dict[str, Any]:
    """Return an event; with the filters of a machine also what decided, and what it beat."""
    decider = None if decisions is None else decisions.filter(event.filter_id)
    document: dict[str, Any] = {
        "number": event.number,
        "type": event.kind,
        "action": event.action,
        "timeStamp": event.time,
        "filterId": event.filter_id,
        "layerId": event.layer_id,
        "layerKey": layer_of_event(event, decider) or None,
        "direction": event.way or None,
        "ipProtocol": event.protocol,
        "localAddress": event.local_address or None,
        "localPort": event.local_port,
        "remoteAddress": event.remote_address or None,
        "remotePort": event.remote_port,
        "appId": event.program or None,
        "userId": event.user or None,
        "remoteUserId": event.remote_user or None,
        "remoteMachineId": event.remote_machine or None,
        "packageSid": event.package or None,
        "processId": event.process or None,
        "filterOrigin": event.origin or None,
        "interfaceIndex": event.interface or None,
        "currentProfile": event.profile or None,
        "isLoopback": event.loopback,
        "failureStatus": event.failure or None,
        "terminatingFilters": [
            {"filterId": each.filter_id, "subLayer": each.sublayer, "actionType": each.action}
            for each in event.terminating
        ],
        **_packet(event),
    }
    if decisions is not None:
        beaten = decisions.beaten(event)
        document["decidedBy"] = None if decider is None else filter_document(decider, decisions)
        document["beat"] = None if beaten is None else _beaten(beaten, decisions)
    return document


def _packet(event: NetworkEvent) -> dict[str, str | None]:
    try:
        return {"packet": str(packet_of(event)), "noPacket": None}
    except NoPacketError as error:
        return {"packet": None, "noPacket": str(error)}


def filter_document(each: DumpFilter, decisions: Decisions) -> dict[str, Any]:
    """Return the filter that decided, with where it stands."""
    decider = decisions.decider(each.filter_id)
    return {
        "filterId": each.filter_id,
        "filterKey": each.key,
        "name": each.name,
        "providerKey": each.provider or None,
        "providerName": decisions.provider(each.provider) or None,
        "layerKey": each.layer,
        "subLayerKey": each.sublayer,
        "subLayerWeight": None if decider is None else decider.sublayer_weight,
        "effectiveWeight": {"type": "FWP_UINT64", "uint64": each.effective_weight},
        "place": None if decider is None else decider.place,
        "filterCount": None if decider is None else decider.count,
        "action": {"type": each.action, "filterType": each.callout or None},
        "flags": list(each.flags),
    }


def _beaten(beaten: Sequence[Beaten], decisions: Decisions) -> list[dict[str, Any]]:
    return [
        {
            "filterId": each.filter.filter_id,
            "name": each.filter.name,
            "providerName": decisions.provider(each.filter.provider) or None,
            "subLayerKey": each.filter.sublayer,
            "sameSubLayer": each.same_sublayer,
            "matches": "yes" if each.certain else "perhaps",
            "action": {"type": each.filter.action, "filterType": each.filter.callout or None},
            "effectiveWeight": {"type": "FWP_UINT64", "uint64": each.filter.effective_weight},
        }
        for each in beaten
    ]
