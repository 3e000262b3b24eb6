"""Run-time identifiers of layers: those that Microsoft's pages show, and the direction that meets a layer."""

import pytest

from ndtui.model.vocabulary.guids import LAYERS
from ndtui.model.vocabulary.layer_ids import LAYER_BY_ID, layer_direction


@pytest.mark.parametrize(
    ("number", "layer"),
    [
        (0, "INBOUND_IPPACKET_V4"),
        (13, "INBOUND_TRANSPORT_V4_DISCARD"),
        (36, "ALE_RESOURCE_ASSIGNMENT_V4"),  # of events 5158 and 5159
        (40, "ALE_AUTH_LISTEN_V4"),  # of events 5154 and 5155
        (44, "ALE_AUTH_RECV_ACCEPT_V4"),  # of events 5156 and 5157
        (50, "ALE_AUTH_CONNECT_V6"),  # of the net events of troubleshooting-uwp-firewall
        (98, "KM_AUTHORIZATION"),
    ],
)
def test_a_number_is_that_of_its_layer(number: int, layer: str):
    assert LAYER_BY_ID[number] == f"FWPM_LAYER_{layer}"


def test_each_layer_of_ours_has_one_number():
    assert len(set(LAYER_BY_ID.values())) == len(LAYER_BY_ID) == 99
    assert set(LAYERS) <= set(LAYER_BY_ID.values())


@pytest.mark.parametrize(
    ("number", "direction"),
    [(12, "in"), (13, "in"), (16, "out"), (20, ""), (36, ""), (44, "in"), (45, "in"), (48, "out")],
)
def test_the_direction_that_meets_a_layer(number: int, direction: str):
    assert layer_direction(LAYER_BY_ID[number]) == direction
