"""Designs that the suites work with: small ones that differ in what a plug-in has to tell apart, and hostile names."""

from typing import Any

from ndtui.model.design.design import Design, change

DNS = {"name": "DNS", "protocol": "udp", "remote_ports": [53]}
WEB = {"name": "Web", "protocol": "tcp", "remote_ports": [80, 443]}


def exempting(name: str, *exemptions: dict[str, Any], **fields: Any) -> Design:
    """Return a design with exemptions of plain data."""
    return Design.model_validate({"name": name, "exemptions": exemptions, **fields})


ONE = exempting("one", DNS)
TWO = exempting("two", DNS, WEB)
#: A design with something of every kind that an exemption may have, in a sublayer of its own.
EVERYTHING = exempting(
    "everything",
    {"name": "all of ICMP", "protocol": "icmp"},
    {"name": "pings", "protocol": "icmp", "icmp_type": 8, "icmp_code": 0, "families": ["V4"]},
    {
        "name": "controllers",
        "protocol": "tcp",
        "remote_addresses": ["10.0.0.10", "fd00::/64"],
        "remote_ports": [88, 389],
    },
    {"name": "a server", "protocol": "udp", "local_ports": ["5000-5010"], "local_addresses": ["10.1.0.0-10.1.0.9"]},
    {"name": "GRE", "protocol": 47, "comment": "a line\nand another"},
    {"name": "switched off", "protocol": "tcp", "remote_ports": [1], "enabled": False},
    description="A line.\n\nAnother paragraph.",
    sublayer={"kind": "own", "weight": 7},
    lifetime="persistent",
)
#: ``ONE`` for as long as a session lasts.
PASSING = change(ONE, lifetime="dynamic")

#: Names that a person may give, and that must come out of every plug-in as they are, acting on nothing.
HOSTILE_NAMES = (
    "[/x] [b",
    "a" * 300,
    "\U0001f512 ключ 鍵 שלום",
    "it's; DROP TABLE object; --",
    '"\\u0000',
    "=1+1",
    "a|b`c`<d>*e*_f_#&amp;%PATH%$HOME",
    "../../etc/passwd",
)


def hostile(name: str) -> Design:
    """Return a design that bears a hostile name wherever it can have one."""
    description = f"{name}\n\t{name}"
    return exempting(name, {"name": name, "comment": description}, description=description)


def many(number: int) -> Design:
    """Return a design with so many exemptions; each makes six filters."""
    return exempting("many", *({"name": f"e{n}", "protocol": "tcp", "remote_ports": [n + 1]} for n in range(number)))
