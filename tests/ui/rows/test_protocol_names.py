"""The protocols that a packet is written with can be written in the forms of exemptions and rules, and in files."""

from typing import Any

import pytest

from ndtui.analysis.traffic.packet import parse_packet, protocol_name
from ndtui.model.design.items import ListName
from ndtui.model.files.design_file import format_design, parse_design
from ndtui.ui.rows.item_forms import ITEM_FORMS
from ndtui.ui.state.workbench import open_workbench
from tests.support import design


def _made(field: ListName, **typed: str) -> Any:
    form = ITEM_FORMS[field](open_workbench(design(), None), None)
    values = {**form.values, **typed}
    for name in typed:
        values |= form.follow(name, values)
    return form.make(values)


@pytest.mark.parametrize("name", ["igmp", "gre", "esp", "ah"])
def test_a_protocol_is_called_by_its_name_in_every_form(name: str) -> None:
    number = parse_packet(f"in {name} 10.0.0.5 -> 10.0.0.9").protocol
    assert protocol_name(number) == name
    for typed in ({"traffic": name}, {"protocol": name}, {"traffic": f"protocol {name} 10.0.0.0/8"}):
        assert _made("exemptions", **typed).protocol == number
        assert _made("rules", **typed).scope.protocol == number


def test_icmpv6_is_the_icmp_of_its_family() -> None:
    assert _made("exemptions", traffic="icmpv6 type 128").protocol == "icmp"
    assert _made("rules", protocol="icmpv6").scope.protocol == "icmp"


def test_a_file_has_them_by_name_and_is_saved_with_their_numbers() -> None:
    text = 'format = "ndtui-design"\nversion = 2\nname = "a"\n\n[[exemptions]]\nname = "tunnel"\nprotocol = "gre"\n'
    read = parse_design(text, "a.toml")
    assert read.exemptions[0].protocol == 47
    assert "protocol = 47" in format_design(read)
    assert parse_design(format_design(read, text), "a.toml") == read
