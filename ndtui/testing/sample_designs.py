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
    {"name": "a kind of network", "protocol": "udp", "profiles": ["private"], "interfaces": ["wireless"]},
    {"name": "an agent", "protocol": "tcp", "program": "\\device\\harddiskvolume3\\program files\\agent.exe"},
    {"name": "switched off", "protocol": "tcp", "remote_ports": [1], "enabled": False},
    description="A line.\n\nAnother paragraph.",
    sublayer={"kind": "own", "weight": 7},
    lifetime="persistent",
)
#: A design with something of every kind that a rule may have: several filters at a layer, contexts of its own, a block.
RULES = exempting(
    "rules",
    DNS,
    version=2,
    rules=[
        {"name": "base", "comment": "a line\nand another"},
        {"name": "branch", "mode": "boundary", "scope": {"remote_addresses": ["10.0.0.0/8", "fd00::/8"]}},
        {
            "name": "SQL",
            "mode": "require",
            "encryption": "guaranteed",
            "weight_range": 9,
            "scope": {"protocol": "tcp", "local_ports": [1433], "remote_ports": [1433], "either_port": True},
            "negotiation": {"keying_modules": ["AuthIP"], "quick_mode": {"idle_timeout_seconds": 60}},
        },
        {
            "name": "RDP",
            "mode": "inherit",
            "scope": {"protocol": "tcp", "local_ports": [3389], "profiles": ["domain"], "interfaces": ["lan"]},
            "machines": "O:LSD:(D;;CC;;;S-1-5-21-1-2-3-1104)(A;;CC;;;S-1-5-21-1-2-3-515)",
            "users": "O:LSD:(A;;CC;;;S-1-5-21-1-2-3-513)",
        },
        {"name": "switched off", "enabled": False},
    ],
    extended_mode={},
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
    rules = [{"name": "base"}, {"name": name, "mode": "boundary", "comment": description}]
    exemption = {"name": name, "comment": description}
    return exempting(name, exemption, description=description, version=2, rules=rules)


def many(number: int) -> Design:
    """Return a design with so many exemptions; each makes six filters."""
    return exempting("many", *({"name": f"e{n}", "protocol": "tcp", "remote_ports": [n + 1]} for n in range(number)))
