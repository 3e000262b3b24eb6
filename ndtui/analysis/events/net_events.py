"""Events of ``netsh wfp show netevents``, and of what ``netsh wfp capture`` leaves behind.

Element names are those of FWPM_NET_EVENT5 and its members:
https://learn.microsoft.com/windows/win32/api/fwpmtypes/ns-fwpmtypes-fwpm_net_event5
"""

from collections.abc import Mapping, Sequence

from ndtui.analysis.events.elements import Leaf, Listed, Noted, leaves
from ndtui.analysis.events.fields import layer_of, number, program_path
from ndtui.analysis.events.network_event import Action, NetworkEvent, Terminating, Way

_HEADER = {
    **leaves(
        {
            "timeStamp": "time",
            "ipProtocol": "protocol",
            "localAddrV4": "local",
            "remoteAddrV4": "remote",
            "localAddrV6": "local",
            "remoteAddrV6": "remote",
            "localAddrV6.byteArray16": "local",
            "remoteAddrV6.byteArray16": "remote",
            "localPort": "local port",
            "remotePort": "remote port",
            "userId": "user",
            "packageSid": "package",
        }
    ),
    "appId": leaves({"data": "program data", "asString": "program text"}),
}
_DECISION = leaves(
    {
        "filterId": "filter",
        "layerId": "layer",
        "msFwpDirection": "way",
        "direction": "way",
        "isLoopback": "loopback",
        "currentProfile": "profile",
        "failureStatus": "failure",
    }
)
_NEGOTIATION = leaves({"failureErrorCode": "failure", "mmFilterId": "filter", "qmFilterId": "filter"})
_SUBLAYER = Listed(leaves({"filterId": "filter", "subLayer": "sublayer", "actionType": "action"}))
_INTERNAL = {
    **leaves({"filterOrigin": "origin", "processId": "process", "interfaceIndex": "interface"}),
    "terminatingFiltersInfo": {"item": _SUBLAYER},
}
_ACTIONS: Mapping[str, Action] = {
    "classifyDrop": "block",
    "classifyDropMac": "block",
    "ipsecDrop": "block",
    "idpDrop": "block",
    "capabilityDrop": "block",
    "classifyAllow": "permit",
    "capabilityAllow": "permit",
    "ikeMmFailure": "failure",
    "ikeQmFailure": "failure",
    "ikeEmFailure": "failure",
}
_OF_ONE = {
    "header": _HEADER,
    "type": Leaf("kind"),
    **{name: Noted(name, _NEGOTIATION if does == "failure" else _DECISION) for name, does in _ACTIONS.items()},
    "internalFields": _INTERNAL,
}
#: An event stands in an ``item``, or in a ``netEvent`` of its own.
NET_EVENT = {**_OF_ONE, "netEvent": _OF_ONE}

_WAYS: Mapping[str, Way] = {
    "MS_FWP_DIRECTION_IN": "in",
    "MS_FWP_DIRECTION_OUT": "out",
    "MS_FWP_DIRECTION_FORWARD": "forward",
    "FWP_DIRECTION_IN": "in",
    "FWP_DIRECTION_OUT": "out",
    "FWP_DIRECTION_FORWARD": "forward",
    "FWP_DIRECTION_INBOUND": "in",
    "FWP_DIRECTION_OUTBOUND": "out",
    # The numbers of these constants: 0x3900, 0x3901, 0x3902.
    "14592": "in",
    "14593": "out",
    "14594": "forward",
}
_NO_SID = "S-1-0-0"


def net_event(
    place: int, line: int, found: Mapping[str, str], decided: str, sublayers: Sequence[Mapping[str, str]]
) -> NetworkEvent:
    """Return an event of netsh from the texts of its elements; ``decided`` is the element that says what was done.

    Raises:
        BadFieldError: a field does not hold what it has to.
    """
    get = found.get
    layer_id = number(get("layer"), "layerId", 16)
    package = get("package", "").strip()
    time = get("time", "").strip()
    return NetworkEvent(
        number=place,
        line=line,
        kind=get("kind", "").strip(),
        action=_ACTIONS.get(decided, "other"),
        time=time,
        order=time,
        filter_id=number(get("filter"), "filterId", 64),
        layer=layer_of(layer_id),
        layer_id=layer_id,
        way=_WAYS.get(get("way", "").strip(), ""),
        protocol=number(get("protocol"), "ipProtocol", 8),
        local_address=get("local", "").strip(),
        local_port=number(get("local port"), "localPort", 16),
        remote_address=get("remote", "").strip(),
        remote_port=number(get("remote port"), "remotePort", 16),
        program=program_path(get("program data", ""), get("program text", "")),
        user=get("user", "").strip(),
        package="" if package == _NO_SID else package,
        origin=get("origin", "").strip(),
        loopback=get("loopback", "").strip() in ("true", "1"),
        process=get("process", "").strip(),
        interface=get("interface", "").strip(),
        profile=get("profile", "").strip(),
        failure=get("failure", "").strip(),
        terminating=tuple(map(_terminating, sublayers)),
    )


def _terminating(texts: Mapping[str, str]) -> Terminating:
    filter_id = number(texts.get("filter"), "filterId", 64) or 0
    return Terminating(filter_id, texts.get("sublayer", "").strip(), texts.get("action", "").strip())
