"""Compile: designs of 1,000 to 100,000 exemptions beside aerleon, which generates as many Windows firewall rules."""

import statistics
from collections.abc import Iterator
from typing import Any

from benchmarks.measure import Result, pairs, seconds
from ndtui.model.compiled.compile import compile_design
from ndtui.model.design.design import Design, change, default_design
from ndtui.model.design.exemption import Exemption


def large_design(exemptions: int) -> Design:
    """Return a design with as many exemptions, each of a TCP port, so that each makes six filters."""
    made = tuple(Exemption(name=f"service {n}", protocol="tcp", remote_ports=n % 65000 + 1) for n in range(exemptions))
    return change(default_design("benchmark"), exemptions=made)


def aerleon_policy(rules: int) -> dict[str, Any]:
    """Return a policy of as many rules for aerleon, a network and a port each."""
    terms = [
        {
            "name": f"rule-{n}",
            "destination-address": f"NET{n}",
            "destination-port": f"PORT{n % 50}",
            "protocol": "tcp",
            "action": "accept",
        }
        for n in range(rules)
    ]
    header = {"targets": {"windows_advfirewall": "out inet"}, "comment": "benchmark"}
    return {"filename": "benchmark", "filters": [{"header": header, "terms": terms}]}


def aerleon_definitions(rules: int) -> Any:
    """Return the names that the policy uses."""
    from aerleon.lib import naming

    networks = {f"NET{n}": {"values": [{"address": f"10.{n >> 8 & 255}.{n & 255}.0/24"}]} for n in range(rules)}
    services = {f"PORT{n}": [{"protocol": "tcp", "port": n + 1000}] for n in range(50)}
    definitions = naming.Naming()
    definitions.ParseDefinitionsObject({"networks": networks, "services": services}, "benchmark")
    return definitions


def run(runs: int) -> Iterator[Result]:
    """Measure rules per second at 10,000, and how the time grows to 100,000."""
    from aerleon import api

    count = 10_000
    design, definitions, policy = large_design(count), aerleon_definitions(count), aerleon_policy(count)
    ours, peer, _ = pairs(
        lambda: seconds(lambda: compile_design(design)),
        lambda: seconds(lambda: api.Generate([policy], definitions)),
        max(1, runs // 3),
    )
    yield Result(
        f"{count} exemptions, rules per second",
        "aerleon windows_advfirewall",
        ours * 1000,
        peer * 1000,
        peer / ours,
        30,
        True,
    )
    times = {size: _median_seconds(large_design(size)) for size in (10_000, 100_000)}
    growth = times[100_000] / times[10_000]
    yield Result(
        "100,000 exemptions (600,000 filters)",
        "ten times 10,000",
        times[100_000] * 1000,
        times[10_000] * 10_000,
        growth / 10,
    )


def _median_seconds(design: Design) -> float:
    return statistics.median(seconds(lambda: compile_design(design)) for _ in range(3))
