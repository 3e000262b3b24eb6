"""What a policy does, in five lines."""

import pytest

from ndtui.model.design.design import change
from ndtui.ui.rows.policy_picture import policy_picture
from tests.support import design, exempting, preset

PICTURES = {
    "nd-transport": ("blocked, then protected  blocked", "clear, then protected    clear"),
    "nd-boundary": ("clear, then protected    clear", "clear, then protected    clear"),
    "transport-require": ("blocked, then protected  blocked", "blocked, then protected  blocked"),
}


@pytest.mark.parametrize("name", PICTURES)
@pytest.mark.parametrize("families", [("V4", "V6"), ("V4",), ("V6",)])
def test_in_and_out_with_each_kind_of_peer(name: str, families: tuple[str, ...]):
    lines = policy_picture(change(preset(name), families=families, exemptions=()))
    assert len(lines) == 5
    assert (lines[1].text, lines[2].text) == PICTURES[name]
    assert lines[3].text == "nothing: not even ICMP"


def test_exemptions_are_named_as_far_as_there_is_room():
    named = exempting(*({"name": f"e{n}", "protocol": "tcp", "remote_ports": [n + 1]} for n in range(9)))
    assert policy_picture(named)[3].text == "in clear both ways: e0, e1, e2, e3, e4, e5 and 3 more"


def test_what_is_switched_off_is_not_exempt():
    off = exempting({"name": "off", "protocol": "tcp", "enabled": False}, {"name": "on", "protocol": "udp"})
    assert policy_picture(off)[3].text == "in clear both ways: on"


def test_a_name_from_outside_is_made_visible():
    hostile = exempting({"name": "[red]x" + "y" * 300, "protocol": "tcp"})
    assert len(policy_picture(hostile)[3].text) < 80


def test_what_it_negotiates_with():
    assert policy_picture(design())[4].text == "AuthIP before IKE, KERBEROS; IPv4 and IPv6, unicast"
    assert policy_picture(design(keying_modules=["IKE"]))[4].text == "IKE, KERBEROS; IPv4 and IPv6, unicast"
