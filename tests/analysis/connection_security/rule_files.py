"""What holds connection security rules, for the tests: small files of the registry, of netsh and of NetSecurity."""

from typing import Any

from ndtui.analysis.connection_security.design_from_rules import Imported, design_of_rules
from ndtui.analysis.connection_security.read_rules import read_rules
from ndtui.model.design.design import Design

STORE = r"HKEY_LOCAL_MACHINE\SYSTEM\CurrentControlSet\Services\SharedAccess\Parameters\FirewallPolicy"
DEFAULTS = (
    "Auth1Set={E5A5D32A-4BCE-4e4d-B07F-4AB1BA7E5FE3}|Auth2Set={E5A5D32A-4BCE-4e4d-B07F-4AB1BA7E5FE4}|"
    "Crypto2Set={E5A5D32A-4BCE-4e4d-B07F-4AB1BA7E5FE2}|"
)
ISOLATION = f"v2.33|Action=SecureServer|Name=Isolation|Desc=|Active=TRUE|{DEFAULTS}"
#: A rule that a design has no word for.
TUNNEL = "v2.10|Active=TRUE|Action=Secure|RTunnel4=192.0.2.1|Name=VPN|"


def registry(*rules: str, sets: str = "", main: tuple[str, ...] = (), firewall: tuple[str, ...] = ()) -> str:
    """Return a registry file with rules, main mode rules, firewall rules and sets."""
    found = "Windows Registry Editor Version 5.00\n\n"
    for key, each in (("ConSecRules", rules), ("MainModeRules", main), ("FirewallRules", firewall)):
        values = "\n".join(f'"{{{key}-{number}}}"="{text}"' for number, text in enumerate(each))
        found += f"[{STORE}\\{key}]\n{values}\n\n"
    return found + sets


def under(kind: str, name: str = "", **values: str) -> str:
    """Return a key of a registry file."""
    lines = "\n".join(f'"{key}"="{value}"' for key, value in values.items())
    return f"[{STORE}\\{kind}{name and chr(92)}{name}]\n{lines}\n\n"


def netsecurity(**said: Any) -> dict[str, Any]:
    """Return a rule as NetSecurity has it, for all traffic."""
    usual = {"Name": "{1}", "DisplayName": "Isolation", "Enabled": 1, "InboundSecurity": 2, "OutboundSecurity": 1}
    everything = dict.fromkeys(("LocalAddress", "RemoteAddress", "Protocol", "LocalPort", "RemotePort"), "Any")
    return {**usual, **everything, **said}


def imported(text: str) -> Imported:
    """Return what is made of rules."""
    read = read_rules(text, "rules")
    assert read is not None
    return design_of_rules(read, "imported")


def whole(text: str) -> Design:
    """Return the design of rules of which nothing is missing."""
    made = imported(text)
    assert made.missing == ()
    assert made.design is not None
    return made.design
