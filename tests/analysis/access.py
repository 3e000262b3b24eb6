"""What an access list says of a peer, by a plain loop over its text: the SIDs are spelled as they are in the list."""

import re

from ndtui.analysis.traffic.packet import Packet

#: What everybody has who says who they are.
EVERYBODY = ("WD", "AU", "NU")


def is_met(field: str, sddl: str, packet: Packet) -> bool:
    """Tell whether the peer of a packet meets a condition on who it is; whoever is not said to be anybody may."""
    token = packet.machine if "MACHINE" in field else packet.user
    if token is None:
        return not packet.unauthorized
    sids = (*token.sids, *EVERYBODY) if token.sids else ()
    for kind, sid in re.findall(r"\(([AD]);;[A-Z]*;;;([^)]*)\)", sddl):
        if sid in sids:
            return bool(kind == "A")
    return False
