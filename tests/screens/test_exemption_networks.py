"""Exemptions that hold on some networks and interfaces only."""

import re

import pytest
from pydantic import ValidationError
from textual.widgets import Checkbox, Input

from ndtui.exporters.bundle.bundle import format_bundle, parse_bundle
from ndtui.model.compiled.compile import compile_design
from ndtui.model.design.design import Design
from ndtui.model.design.exemption import Exemption
from ndtui.model.design.exemption_phrase import parse_phrase, phrase_of, texts_of
from ndtui.model.files.design_file import format_design, parse_design
from tests.desk import at_work
from tests.support import exempting

DNS = {
    "name": "DNS",
    "protocol": "udp",
    "remote_ports": [53],
    "profiles": ["public", "domain"],
    "interfaces": ["wireless"],
}


def made(**changes: object) -> Design:
    return exempting({**DNS, **changes})


def conditions(design: Design, layer: str) -> list[tuple[str, int]]:
    (found,) = (each for each in compile_design(design).filters if each.layer == layer and not each.slot.callout)
    return [(each.field.removeprefix("FWPM_CONDITION_"), each.value.low) for each in found.conditions]


@pytest.mark.parametrize("layer", ["INBOUND_TRANSPORT_V4", "OUTBOUND_TRANSPORT_V6", "ALE_AUTH_RECV_ACCEPT_V4"])
def test_every_protected_layer_asks_for_network_and_interface(layer):
    assert conditions(made(), f"FWPM_LAYER_{layer}") == [
        ("IP_LOCAL_ADDRESS_TYPE", 1),
        ("IP_PROTOCOL", 17),
        ("IP_REMOTE_PORT", 53),
        ("CURRENT_PROFILE_ID", 3),
        ("CURRENT_PROFILE_ID", 1),
        ("INTERFACE_TYPE", 71),
    ]


def test_a_layer_that_cannot_ask_for_them_is_refused():
    with pytest.raises(ValidationError, match="has no field CURRENT_PROFILE_ID, which profiles needs"):
        Exemption.model_validate({"name": "x", "profiles": ["domain"], "layers": ["FWPM_LAYER_INBOUND_IPPACKET"]})


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"profiles": ["home"]}, "home"),
        ({"profiles": ["domain", "domain"]}, "twice"),
        ({"interfaces": ["wifi"]}, "wifi"),
    ],
)
def test_what_is_no_network_is_refused(fields, said):
    with pytest.raises(ValidationError, match=said):
        made(**fields)


def test_they_survive_a_file_and_a_bundle():
    design = made()
    text = format_design(design)
    assert 'profiles = ["domain", "public"]' in text
    assert parse_design(text, "file.toml") == design
    assert parse_bundle(format_bundle(compile_design(design)), "bundle.json") == design


@pytest.mark.parametrize(
    ("text", "fields"),
    [
        ("udp 53 domain", {"profiles": ("domain",)}),
        ("udp 53 domain, public wireless", {"profiles": ("domain", "public"), "interfaces": ("wireless",)}),
        ("lan remote-access 10.0.0.1", {"interfaces": ("lan", "remote-access")}),
    ],
)
def test_the_line_names_them(text, fields):
    said = parse_phrase(text)
    exemption = Exemption.model_validate({"name": "x", **fields})
    for kind in ("profiles", "interfaces"):
        assert tuple(filter(None, re.split(r",\s*", said[kind]))) == getattr(exemption, kind)
        assert parse_phrase(phrase_of(texts_of(exemption)))[kind].replace(", ", ",") == said[kind].replace(", ", ",")


async def test_the_form_has_ticks_for_them():
    async with at_work() as desk:
        await desk.keys("a")
        await desk.write("udp 53 domain,public")
        assert {box.id for box in desk.top.query(Checkbox) if box.value} >= {"domain", "public"}
        desk.top.query_one("#public", Checkbox).toggle()
        desk.top.query_one("#wireless", Checkbox).toggle()
        await desk.settle()
        assert desk.top.query_one("#traffic", Input).value == "udp 53 domain wireless"
        assert desk.problem.startswith("UDP 53 domain wireless: +6 filters")
        await desk.keys("enter")
        exemption = desk.design.exemptions[-1]
        assert (exemption.profiles, exemption.interfaces) == (("domain",), ("wireless",))
        assert "Profiles: domain Interfaces: wireless" in desk.explanation
        await desk.keys("e", "enter")
        assert desk.design.exemptions[-1] is exemption
