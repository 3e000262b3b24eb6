"""Versions of Windows that a design is meant for, and that its peers have: what there is follows from them."""

from collections.abc import Mapping
from typing import Annotated, Literal, get_args

from pydantic import BeforeValidator

from ndtui.model.design.element import in_order

WindowsVersion = Literal["Vista", "7", "8", "10", "11", "11 24H2"]
VERSIONS: tuple[WindowsVersion, ...] = get_args(WindowsVersion)
#: What a version is called with the server that has the same.
VERSION_TITLES: Mapping[WindowsVersion, str] = {
    "Vista": "Windows Vista with SP1, Server 2008",
    "7": "Windows 7, Server 2008 R2",
    "8": "Windows 8 and 8.1, Server 2012 and 2012 R2",
    "10": "Windows 10, Server 2016, 2019 and 2022",
    "11": "Windows 11 before 24H2",
    "11 24H2": "Windows 11 24H2, Server 2025",
}

PeerSystem = Literal["Vista", "7", "8", "10", "11", "11 24H2", "other"]
PEER_SYSTEMS: tuple[PeerSystem, ...] = get_args(PeerSystem)
#: A peer that is no Windows.
OTHER: PeerSystem = "other"


def _sorted_peers(value: object) -> object:
    return in_order(value, PEER_SYSTEMS, "names a system twice: name each once")


Peers = Annotated[tuple[PeerSystem, ...], BeforeValidator(_sorted_peers)]
