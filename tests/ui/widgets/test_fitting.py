"""Fitting: headings keep their count, however long what they are called is."""

import pytest
from rich.cells import cell_len

from ndtui.ui.widgets.fitting import heading_in

LONG = "v INBOUND_IPPACKET_V4 (layer 0), WinDivert2.2_SubLayerInboundNetworkIPv4, weight 0x8000"


@pytest.mark.parametrize(
    ("width", "text", "found", "said"),
    [
        (20, "v IPSEC_V4  2", "", "v IPSEC_V4  2       "),
        (40, f"{LONG}  1,234", "", "v INBOUND_IPPACKET_V4 (layer 0),…  1,234"),
        (40, f"{LONG}  12", ": 3 found", "v INBOUND_IPPACKET_V4 (lay…  12: 3 found"),
        (40, LONG, ": 3 found", "v INBOUND_IPPACKET_V4 (layer 0…: 3 found"),
        (40, LONG, "", "v INBOUND_IPPACKET_V4 (layer 0), WinDiv…"),
        (10, "v A heading  1,234 of which 17 are ours", "", "v A headi…"),
        (12, "  \u898f\u5247\u898f\u5247\u898f\u5247  7", "", "  \u898f\u5247\u898f…  7"),
        (12, "  no count at all", "", "  no count …"),
    ],
)
def test_a_heading_keeps_its_count(width: int, text: str, found: str, said: str) -> None:
    assert heading_in(width, text, found) == said
    assert cell_len(said) == width
