"""Firewall rules of this program's as the arguments of ``firewall add rule`` say them.

Source: https://learn.microsoft.com/windows-server/administration/windows-commands/netsh-advfirewall (firewall).
"""

from collections.abc import Mapping

from ndtui.analysis.connection_security.firewall_demands import FirewallRule, title_of, traffic_as_rule
from ndtui.analysis.connection_security.netsh_add_rules import listed, own_title
from ndtui.analysis.connection_security.netsh_words import INTERFACES
from ndtui.analysis.connection_security.security_rules import PROFILES, known_words, protocol_of

_KNOWN = {
    *("name", "description", "dir", "action", "security", "rmtcomputergrp", "rmtusrgrp"),
    *("localip", "remoteip", "localport", "remoteport", "protocol", "profile", "interfacetype"),
}


def firewall_rule(said: Mapping[str, str]) -> FirewallRule | None:
    """Return a firewall rule of this program's, ``None`` where others wrote it, or changed it.

    Raises:
        ValueError: one of its words is unknown.
    """
    name = own_title(said)
    if not name or said.keys() - _KNOWN:
        return None
    security, action = said.get("security", "").casefold(), said.get("action", "").casefold()
    return FirewallRule(
        name,
        title_of(name),
        traffic_as_rule(
            addresses=(listed(said, "localip"), listed(said, "remoteip")),
            ports=(listed(said, "localport"), listed(said, "remoteport")),
            protocol=protocol_of(said.get("protocol", "any")),
            profiles=known_words(listed(said, "profile"), PROFILES, "profile"),
            interfaces=known_words(listed(said, "interfacetype"), INTERFACES, "interfacetype"),
        ),
        inbound=said.get("dir", "").casefold() == "in",
        blocks=action == "block",
        secure=bool(security),
        encrypts=security == "authenc",
        overrides=action == "bypass",
        machines=said.get("rmtcomputergrp", ""),
        users=said.get("rmtusrgrp", ""),
    )
