"""Random designs with rules, in the world of ``ruled_world``, so small that every packet of it can be asked."""

from typing import Any

from hypothesis import strategies as st

from ndtui.model.design.design import Design
from tests.analysis.verify.brute_force import ACCEPT, CONNECT, DENIED, GROUP, PROGRAMS, TRANSPORT_IN, TRANSPORT_OUT
from tests.support import design

_LISTS = (f"O:LSD:(A;;CC;;;{GROUP})", f"O:LSD:(D;;CC;;;{DENIED})(A;;CC;;;{GROUP})", f"O:LSD:(A;;CC;;;{DENIED})")
_REMOTE = ("10.0.0.0-10.0.0.1", "10.0.0.2-10.0.0.3")
_LOCAL = ("10.1.0.0-10.1.0.3",)
_PORTS = ("0-1", "2-4")
_EVERY = (TRANSPORT_IN, TRANSPORT_OUT, ACCEPT, CONNECT)


def _some(of: tuple[str, ...]) -> st.SearchStrategy[list[str]]:
    return st.lists(st.sampled_from(of), min_size=1, max_size=2, unique=True)


@st.composite
def small_traffic_fields(draw: st.DrawFn) -> dict[str, Any]:
    """Draw what exemptions and scopes say alike."""
    fields: dict[str, Any] = {"protocol": draw(st.sampled_from(["any", "any", "tcp", "tcp", "udp", "icmp", 47, 50]))}
    if draw(st.integers(0, 2)) == 0:
        fields["remote_addresses"] = draw(_some(_REMOTE))
    if draw(st.integers(0, 4)) == 0:
        fields["local_addresses"] = draw(_some(_LOCAL))
    if fields["protocol"] == "tcp":
        for side in ("local_ports", "remote_ports"):
            if draw(st.integers(0, 2)) == 0:
                fields[side] = draw(_some(_PORTS))
    return fields


@st.composite
def small_scopes(draw: st.DrawFn) -> dict[str, Any]:
    """Draw the scope of a rule."""
    fields = draw(small_traffic_fields())
    if "local_ports" in fields and "remote_ports" in fields:
        fields["either_port"] = draw(st.booleans())
    if draw(st.integers(0, 3)) == 0:
        fields["profiles"] = draw(_some(("domain", "private", "public")))
    if draw(st.integers(0, 3)) == 0:
        fields["interfaces"] = draw(_some(("lan", "wireless")))
    return fields


@st.composite
def small_rules(draw: st.DrawFn, number: int) -> dict[str, Any]:
    """Draw a rule; the first protects by itself and is enabled."""
    modes = ["negotiation-discovery", "boundary", "require", "inherit", "inherit"]
    mode = draw(st.sampled_from(modes if number else modes[:3]))
    fields: dict[str, Any] = {"name": "base" if number == 0 else f"r{number}", "mode": mode}
    asked = draw(st.sets(st.sampled_from(["encryption", "machines"]), min_size=1 if mode == "inherit" else 0))
    if "encryption" in asked and (mode == "inherit" or draw(st.booleans())):
        fields["encryption"] = "guaranteed"
    if "machines" in asked and (mode == "inherit" or draw(st.booleans())):
        fields["machines"] = draw(st.sampled_from(_LISTS))
    if number or draw(st.booleans()):
        fields["scope"] = draw(small_scopes())
    if draw(st.integers(0, 3)) == 0:
        fields["weight_range"] = draw(st.integers(1, 3))
    if number and draw(st.integers(0, 5)) == 0:
        fields["enabled"] = False
    return fields


@st.composite
def _small_limits(draw: st.DrawFn) -> dict[str, Any]:
    """Draw what an exemption is limited to beside traffic: networks, and a program."""
    fields: dict[str, Any] = {}
    if draw(st.integers(0, 4)) == 0:
        fields["profiles"] = draw(_some(("domain", "private", "public")))
    if draw(st.integers(0, 4)) == 0:
        fields["interfaces"] = draw(_some(("lan", "wireless")))
    if draw(st.integers(0, 1)) == 0:
        fields["program"] = draw(st.sampled_from((*PROGRAMS, PROGRAMS[0].upper())))
        if draw(st.integers(0, 1)) == 0:
            fields["layers"] = draw(st.sampled_from(([ACCEPT], [CONNECT])))
    return fields


@st.composite
def small_ruled_designs(draw: st.DrawFn, rules: int = 4, exemptions: int = 2) -> Design:
    """Draw a design with rules that are likely to overlap, and with some exemptions."""
    count = draw(st.integers(1, rules))
    exempt = []
    for number in range(draw(st.integers(0, exemptions))):
        fields = {"name": f"e{number}", **draw(small_traffic_fields()), **draw(_small_limits())}
        if draw(st.integers(0, 3)) == 0 and "program" not in fields:
            fields["layers"] = draw(st.lists(st.sampled_from(_EVERY), min_size=1, unique=True))
        exempt.append(fields)
    drawn = [draw(small_rules(number)) for number in range(count)]
    return design(version=2, rules=drawn, exemptions=exempt)
