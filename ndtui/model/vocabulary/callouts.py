"""The callouts Windows comes with for IPsec: the layer each belongs to, and whether it takes a provider context.

Source: what a running Base Filtering Engine reports (``netsh wfp show state``: ``applicableLayer`` and
FWPM_CALLOUT_FLAG_USES_PROVIDER_CONTEXT), the same on the Windows builds of October 2024 and January 2026. The callouts
that forward belong to a layer this program makes nothing for, and are left out.
"""

from collections.abc import Mapping
from typing import NamedTuple

from ndtui.model.vocabulary.layers import (
    ALE_AUTH_RECV_ACCEPT,
    FAMILIES,
    INBOUND_TRANSPORT,
    OUTBOUND_TRANSPORT,
    layer_name,
)


class Callout(NamedTuple):
    """A callout: the full name of its layer; without a provider context a filter hands it the raw context."""

    layer: str
    uses_provider_context: bool


_STEMS = {
    "FWPM_CALLOUT_IPSEC_INBOUND_TRANSPORT": (INBOUND_TRANSPORT, False),
    "FWPM_CALLOUT_IPSEC_OUTBOUND_TRANSPORT": (OUTBOUND_TRANSPORT, False),
    "FWPM_CALLOUT_IPSEC_INBOUND_TUNNEL": (INBOUND_TRANSPORT, True),
    "FWPM_CALLOUT_IPSEC_OUTBOUND_TUNNEL": (OUTBOUND_TRANSPORT, True),
    "FWPM_CALLOUT_IPSEC_INBOUND_INITIATE_SECURE": (ALE_AUTH_RECV_ACCEPT, True),
    "FWPM_CALLOUT_IPSEC_INBOUND_TUNNEL_ALE_ACCEPT": (ALE_AUTH_RECV_ACCEPT, False),
    "FWPM_CALLOUT_IPSEC_ALE_CONNECT": ("FWPM_LAYER_ALE_AUTH_CONNECT", True),
}

CALLOUTS: Mapping[str, Callout] = {
    f"{stem}_{family}": Callout(layer_name(layer, family), uses)
    for stem, (layer, uses) in _STEMS.items()
    for family in FAMILIES
}
