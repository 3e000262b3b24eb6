"""Shadowing: every exemption that others cover, of 10,000 in several shapes, beside the two seconds it may take."""

import random
import statistics
from collections.abc import Callable, Iterator
from ipaddress import IPv4Address
from typing import Any

from benchmarks.measure import Result, seconds
from ndtui.analysis.packet_sets.effort import Effort
from ndtui.analysis.verify.shadowing import Shadowing, shadowing
from ndtui.model.compiled.compile import compile_design
from ndtui.model.compiled.objects import FilterSet
from ndtui.model.design.design import change, default_design
from ndtui.model.design.exemption import Exemption

COUNT = 10_000
BUDGET = 2.0


def _network(draw: random.Random, bits: int) -> str:
    return f"{IPv4Address(draw.getrandbits(32) >> (32 - bits) << (32 - bits))}/{bits}"


def services(draw: random.Random) -> list[dict[str, Any]]:
    """Networks of all sizes, each with a port."""
    return [
        {"remote_addresses": [_network(draw, draw.choice((8, 12, 16, 20, 24, 28, 32)))], "remote_ports": [port]}
        for port in (draw.randint(1, 65535) for _ in range(COUNT))
    ]


def several(draw: random.Random) -> list[dict[str, Any]]:
    """Four networks and six ports each."""
    return [
        {
            "remote_addresses": sorted({_network(draw, 24) for _ in range(4)}),
            "remote_ports": sorted({draw.randint(1, 65535) for _ in range(6)}),
        }
        for _ in range(COUNT)
    ]


def ranges(draw: random.Random) -> list[dict[str, Any]]:
    """Overlapping ranges of ports on both sides, in large networks."""

    def span() -> list[str]:
        low = draw.randint(1, 60000)
        return [f"{low}-{low + draw.randint(0, 3000)}"]

    return [
        {"remote_addresses": [_network(draw, draw.choice((8, 12, 16)))], "local_ports": span(), "remote_ports": span()}
        for _ in range(COUNT)
    ]


def grid(_: random.Random) -> list[dict[str, Any]]:
    """Half networks, half ports: each of the one half meets each of the other, 25 million pairs."""
    networks = [{"remote_addresses": [f"10.{n >> 8}.{n & 255}.0/24"]} for n in range(COUNT // 2)]
    return [*networks, *({"remote_ports": [n + 1]} for n in range(COUNT // 2))]


def covered(draw: random.Random) -> list[dict[str, Any]]:
    """Few huge networks again and again: nearly all are covered, most by a union."""
    return [{"remote_addresses": [_network(draw, draw.choice((1, 2, 3, 4, 24)))]} for _ in range(COUNT)]


SHAPES: tuple[Callable[[random.Random], list[dict[str, Any]]], ...] = (services, several, ranges, grid, covered)


def compiled(shape: Callable[[random.Random], list[dict[str, Any]]]) -> FilterSet:
    drawn = shape(random.Random(1))
    made = tuple(Exemption(name=f"service {n}", protocol="tcp", **fields) for n, fields in enumerate(drawn))
    return compile_design(change(default_design("benchmark"), exemptions=made))


def found(filterset: FilterSet) -> Shadowing:
    return shadowing(filterset, Effort.for_filters(len(filterset.filters)))


def run(runs: int) -> Iterator[Result]:
    """Measure every shape."""
    for shape in SHAPES:
        filterset = compiled(shape)
        times = [seconds(lambda filterset=filterset: found(filterset)) for _ in range(max(1, runs // 3))]
        ours = statistics.median(times)
        what = f"shadowed of {COUNT}: {shape.__name__}"
        yield Result(what, "two seconds", ours * 1000, BUDGET * 1000, ours / BUDGET, 1)
