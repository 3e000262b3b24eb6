"""An interpreter of a machine's filters that knows nothing of the trace: the rules of Microsoft's pages, plainly.

It takes a packet of which everything is known, as a dictionary of fields, and answers what becomes of it: layer after
layer of a flow that is written down here once more, sublayers by weight, filters by effective weight. Filters are plain
dictionaries. Conditions: ``(field, match, low, high)``.
"""

from collections.abc import Mapping, Sequence
from typing import Any

Filter = Mapping[str, Any]
Fields = Mapping[str, int]

#: The layers that decide about a packet, by protocol and direction: until it is through and its flow is established.
LAYERS = {
    ("tcp", "in"): (
        "ALE_BIND_REDIRECT ALE_RESOURCE_ASSIGNMENT ALE_AUTH_LISTEN INBOUND_IPPACKET INBOUND_TRANSPORT "
        "ALE_AUTH_RECV_ACCEPT ALE_FLOW_ESTABLISHED"
    ),
    ("tcp", "out"): (
        "ALE_BIND_REDIRECT ALE_RESOURCE_ASSIGNMENT ALE_CONNECT_REDIRECT ALE_AUTH_CONNECT OUTBOUND_TRANSPORT "
        "OUTBOUND_IPPACKET ALE_FLOW_ESTABLISHED"
    ),
    ("udp", "in"): (
        "ALE_BIND_REDIRECT ALE_RESOURCE_ASSIGNMENT INBOUND_IPPACKET INBOUND_TRANSPORT ALE_AUTH_RECV_ACCEPT "
        "ALE_FLOW_ESTABLISHED DATAGRAM_DATA"
    ),
    ("udp", "out"): (
        "ALE_BIND_REDIRECT ALE_RESOURCE_ASSIGNMENT ALE_CONNECT_REDIRECT ALE_AUTH_CONNECT ALE_FLOW_ESTABLISHED "
        "DATAGRAM_DATA OUTBOUND_TRANSPORT OUTBOUND_IPPACKET"
    ),
    # what belongs to a connection that was authorised before
    ("later tcp", "in"): "INBOUND_IPPACKET INBOUND_TRANSPORT STREAM",
    ("later tcp", "out"): "STREAM OUTBOUND_TRANSPORT OUTBOUND_IPPACKET",
    ("later udp", "in"): "INBOUND_IPPACKET INBOUND_TRANSPORT DATAGRAM_DATA",
    ("later udp", "out"): "DATAGRAM_DATA OUTBOUND_TRANSPORT OUTBOUND_IPPACKET",
    # errors of ICMP, IPsec itself, and what goes through to another host
    ("icmp error", "in"): "INBOUND_IPPACKET INBOUND_TRANSPORT INBOUND_ICMP_ERROR",
    ("icmp error", "out"): "OUTBOUND_ICMP_ERROR OUTBOUND_TRANSPORT OUTBOUND_IPPACKET",
    ("esp", "in"): "INBOUND_IPPACKET",
    ("esp", "out"): "OUTBOUND_IPPACKET",
    ("ah", "in"): "INBOUND_IPPACKET",
    ("ah", "out"): "OUTBOUND_IPPACKET",
    ("forwarded", "in"): "INBOUND_IPPACKET IPFORWARD OUTBOUND_IPPACKET",
}


def passes(
    filters: Sequence[Filter],
    weights: Mapping[str, int],
    fields: Fields,
    kind: tuple[str, str],
    here: Mapping[str, Fields],
) -> bool:
    """Tell whether a packet passes every layer of its flow; ``here`` are fields that it has otherwise at a layer."""
    return all(
        _layer([each for each in filters if each["layer"] == layer], weights, {**fields, **here.get(layer, {})})
        for layer in LAYERS[kind].split()
    )


def _layer(filters: Sequence[Filter], weights: Mapping[str, int], fields: Fields) -> bool:
    """Arbitrate one layer: a soft permit gives way to a lower block, a hard one to none, and a block is final."""
    permitted_for_good = False
    for sublayer in sorted({each["sublayer"] for each in filters}, key=lambda key: -weights[key]):
        own = [each for each in filters if each["sublayer"] == sublayer]
        for each in sorted(own, key=lambda each: -each["weight"]):
            does = _does(each)
            if does == "" or not _matches(each["conditions"], fields):
                continue
            if does == "block" and not permitted_for_good:
                return False
            permitted_for_good = permitted_for_good or (does == "permit" and each["hard"])
            break
    return True


def _does(each: Filter) -> str:
    """Return what a filter does when it matches: nothing when it sleeps, and by its callout's registration."""
    if each["asleep"]:
        return ""
    if each["action"] in ("permit", "block"):
        return str(each["action"])
    if each["action"] == "inspection":
        return ""
    return "permit" if each["permits_unregistered"] else "block"  # its callout is not registered


def _matches(conditions: Sequence[tuple[str, str, int, int]], fields: Fields) -> bool:
    names = {field for field, *_ in conditions}
    return all(
        any(_holds(match, low, high, fields[name]) for field, match, low, high in conditions if field == name)
        for name in names
    )


def _holds(match: str, low: int, high: int, has: int) -> bool:
    if match == "NOT_EQUAL":
        return has != low
    if match == "FLAGS_ALL_SET":
        return has & low == low
    if match == "FLAGS_NONE_SET":
        return has & low == 0
    if match == "FLAGS_ANY_SET":
        return has & low != 0
    return low <= has <= high
