"""Designs of the first format, drawn at random and always the same ones."""

from collections.abc import Iterator
from random import Random
from typing import Any

_V4 = ("10.0.0.5", "10.1.0.0/16", "192.0.2.1-192.0.2.9", "198.51.100.0/24")
_V6 = ("2001:db8::5", "2001:db8:1::/48", "fe80::1-fe80::9")
_LAYERS = ("FWPM_LAYER_INBOUND_TRANSPORT", "FWPM_LAYER_OUTBOUND_TRANSPORT", "FWPM_LAYER_ALE_AUTH_RECV_ACCEPT")


def first_format_designs(count: int) -> Iterator[dict[str, Any]]:
    """Yield designs as plain data."""
    random = Random(11)
    for number in range(count):
        yield _design(random, number)


def _design(random: Random, number: int) -> dict[str, Any]:
    scenario = random.choice(("negotiation-discovery", "boundary", "require"))
    families = random.choice((["V4", "V6"], ["V4", "V6"], ["V4"], ["V6"]))
    modules = random.choice((["IKE", "AuthIP"], ["IKE"], ["AuthIP"]))
    design: dict[str, Any] = {"name": f"policy {number}", "families": families, "keying_modules": modules}
    if random.random() < 0.8:
        design["scenario"] = scenario
    scenario = design.get("scenario", "negotiation-discovery")
    if random.random() < 0.5:
        design["nd_secure"] = scenario != "boundary" and random.random() < 0.5
    if random.random() < 0.5:
        design["ale_persist_context"] = scenario == "negotiation-discovery" and random.random() < 0.5
    if random.random() < 0.5:
        design["version"] = 1
        design["lifetime"] = random.choice(("dynamic", "static", "persistent"))
    if random.random() < 0.3:
        design["sublayer"] = {"kind": "own", "weight": random.randrange(65536)}
    if "AuthIP" in modules and random.random() < 0.3:
        design["extended_mode"] = {}
    if random.random() < 0.2:
        design["id"] = f"00000000-0000-4000-8000-{number:012d}"
    design["exemptions"] = [_exemption(random, place, families) for place in range(random.randrange(5))]
    return design


def _exemption(random: Random, place: int, families: list[str]) -> dict[str, Any]:
    protocol = random.choice(("any", "icmp", "tcp", "udp", 47))
    exemption: dict[str, Any] = {"name": f"exemption {place}", "protocol": protocol}
    if protocol in ("tcp", "udp"):
        for side in random.choice((("remote",), ("local",), ("local", "remote"), ())):
            exemption[f"{side}_ports"] = random.choice(([53], [80, 443], ["1024-2047"]))
    if protocol == "icmp" and random.random() < 0.5:
        exemption["icmp_type"] = random.randrange(256)
    known = [*(_V4 if "V4" in families else ()), *(_V6 if "V6" in families else ())]
    if random.random() < 0.5:
        exemption["remote_addresses"] = random.sample(known, random.randrange(1, 4))
    if random.random() < 0.3:
        exemption["layers"] = random.sample(_LAYERS, random.randrange(1, 4))
    if random.random() < 0.2:
        exemption["enabled"] = False
    return exemption
