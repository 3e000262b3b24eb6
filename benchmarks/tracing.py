"""Trace: one packet among 10,000 exemptions, beside aerleon's aclcheck on a policy of as many rules."""

from collections.abc import Iterator

from benchmarks.compiling import aerleon_definitions, aerleon_policy
from benchmarks.measure import Result, pairs, seconds
from ndtui.analysis.trace import Tracer
from ndtui.analysis.traffic.packet import Packet, parse_packet
from ndtui.model.compiled.compile import compile_design
from ndtui.model.compiled.origin import Origin
from ndtui.model.design.design import Design, change, default_design
from ndtui.model.design.exemption import Exemption

COUNT = 10_000
BUDGET_MS = 0.05
#: For the first packet, which builds the indexes.
FIRST_MS = 300.0
#: How many packets are traced for one figure: one alone is over before a clock has moved much.
PACKETS = 1_000


def same_rules(count: int) -> Design:
    """Return a design whose exemptions are the rules of aerleon's policy: a network and a port each."""
    made = tuple(
        Exemption(
            name=f"rule {n}",
            protocol="tcp",
            remote_addresses=f"10.{n >> 8 & 255}.{n & 255}.0/24",
            remote_ports=n % 50 + 1000,
        )
        for n in range(count)
    )
    return change(default_design("benchmark"), exemptions=made)


def target(number: int) -> tuple[str, int]:
    """Return an address and a port that one rule, and no other, lets pass."""
    return f"10.{number >> 8 & 255}.{number & 255}.7", number % 50 + 1000


def run(runs: int) -> Iterator[Result]:
    """Measure a packet each, ours and aerleon's, and how long the first packet takes, which builds the indexes."""
    from aerleon.lib import aclcheck, policy, policy_builder

    filterset = compile_design(same_rules(COUNT))
    parsed = policy.FromBuilder(policy_builder.PolicyBuilder(aerleon_policy(COUNT), aerleon_definitions(COUNT)))
    wanted = [target(COUNT * n // PACKETS) for n in range(PACKETS)]
    packets = [parse_packet(f"out tcp 10.200.0.1:51000 -> {address}:{port}") for address, port in wanted]
    tracer = Tracer(filterset)
    _check(tracer, packets)
    middle_address, middle_port = wanted[PACKETS // 2]

    def check() -> object:
        return aclcheck.AclCheck(parsed, "10.200.0.1", middle_address, 51000, middle_port, "tcp").ExactMatches()

    if not check():
        raise AssertionError("aerleon finds no rule for the packet")
    ours, peer, ratio = pairs(
        lambda: seconds(lambda: [tracer.trace(packet) for packet in packets]) / PACKETS, lambda: seconds(check), runs
    )
    what = f"trace one packet, {COUNT} exemptions, {ours * 1e6:.0f} us"
    yield Result(what, "aerleon aclcheck", ours * 1000, peer * 1000, 1 / ratio, 25, True)
    yield Result(what, f"budget of {BUDGET_MS:g} ms", ours * 1000, BUDGET_MS, ours * 1000 / BUDGET_MS, 1)
    first = seconds(lambda: Tracer(filterset).trace(packets[0])) * 1000
    what = "the first packet, which builds the index"
    yield Result(what, f"budget of {FIRST_MS:g} ms", first, FIRST_MS, first / FIRST_MS, 1)


def _check(tracer: Tracer, packets: list[Packet]) -> None:
    """Make sure that what is timed finds what is there."""
    for number, packet in enumerate(packets):
        found = tracer.trace(packet).responsible
        if found is None or found.filter.origin != Origin.exemption(f"rule {COUNT * number // PACKETS}"):
            raise AssertionError(f"{packet} is not traced to its rule")
