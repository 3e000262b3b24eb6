"""Random small designs, in a world so small that every packet of it can be asked."""

from typing import Any

from hypothesis import strategies as st

from ndtui.model.design.design import Design
from tests.analysis.verify.brute_force import ACCEPT, CONNECT, TRANSPORT_IN, TRANSPORT_OUT
from tests.support import exempting


def _spans(low: int, high: int) -> st.SearchStrategy[tuple[int, int]]:
    return st.tuples(st.integers(low, high), st.integers(low, high)).map(lambda ends: (min(ends), max(ends)))


def _ranges(low: int, high: int) -> st.SearchStrategy[list[tuple[int, int]]]:
    """Draw one or two ranges that do not meet."""
    one = _spans(low, high).map(lambda span: [span])
    two = st.sets(st.integers(low, high), min_size=4, max_size=4).map(sorted)  # needs four numbers to draw from
    return st.one_of(one, one, two.map(lambda ends: [(ends[0], ends[1]), (ends[2], ends[3])]))


def addresses(net: str, last: int) -> st.SearchStrategy[list[str]]:
    """Draw addresses of a small network, as they stand in a file."""
    return _ranges(0, last).map(lambda spans: [f"{net}.{low}-{net}.{high}" for low, high in spans])


def ports(last: int) -> st.SearchStrategy[list[str]]:
    """Draw small ports, as they stand in a file."""
    return _ranges(0, last).map(lambda spans: [f"{low}-{high}" for low, high in spans])


@st.composite
def small_exemptions(draw: st.DrawFn) -> dict[str, Any]:
    """Draw an exemption as plain data."""
    fields: dict[str, Any] = {"protocol": draw(st.sampled_from(["tcp", "tcp", "udp", "any", "icmp", 47]))}
    if draw(st.booleans()):
        fields["remote_addresses"] = draw(addresses("10.0.0", 7))
    if draw(st.integers(0, 3)) == 0:
        fields["local_addresses"] = draw(addresses("10.1.0", 3))
    if fields["protocol"] in ("tcp", "udp"):
        if draw(st.booleans()):
            fields["remote_ports"] = draw(ports(4))
        if draw(st.integers(0, 3)) == 0:
            fields["local_ports"] = draw(_spans(0, 2).map(lambda span: [f"{span[0]}-{span[1]}"]))
    if fields["protocol"] == "icmp" and draw(st.booleans()):
        fields["icmp_type"] = draw(st.sampled_from([0, 3, 8]))
        if draw(st.booleans()):
            fields["icmp_code"] = draw(st.sampled_from([0, 1]))
    if draw(st.integers(0, 3)) == 0:
        every = [TRANSPORT_IN, TRANSPORT_OUT, ACCEPT, CONNECT]
        fields["layers"] = draw(st.lists(st.sampled_from(every), min_size=1, unique=True))
    return fields


@st.composite
def small_designs(draw: st.DrawFn, most: int = 7) -> Design:
    """Draw a design with some exemptions that are likely to overlap."""
    exemptions = draw(st.lists(small_exemptions(), max_size=most))
    scenario = draw(st.sampled_from(["negotiation-discovery", "boundary", "require"]))
    if draw(st.integers(0, 3)):
        return exempting(*exemptions, scenario=scenario)
    blocked = draw(st.sampled_from([["inbound"], ["inbound", "outbound"]]))  # decides over nothing that is asked
    held = [{**each, "before_bfe": draw(st.booleans())} for each in exemptions]
    return exempting(*held, scenario=scenario, lifetime="persistent", before_bfe=blocked)
