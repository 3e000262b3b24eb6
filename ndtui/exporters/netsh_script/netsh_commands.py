"""Objects of Windows Firewall as commands of netsh advfirewall, one line each.

Source: https://learn.microsoft.com/windows-server/administration/windows-commands/netsh-advfirewall
"""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from ndtui.exporters.connection_security.native_policy import NativePolicy
from ndtui.exporters.connection_security.native_values import FromEnvironment, Value
from ndtui.exporters.connection_security.net_objects import NetObject
from ndtui.exporters.netsh_script.batch_text import NotQuotableError, argument
from ndtui.exporters.netsh_script.netsh_names import description
from ndtui.exporters.netsh_script.netsh_sets import (
    Arguments,
    first_arguments,
    main_mode_arguments,
    quick_mode_arguments,
    second_arguments,
)

#: The context of netsh advfirewall that each kind of rule is made in, in the order in which they are made.
CONTEXTS: Mapping[str, str] = {
    "NetIPsecMainModeRule": "mainmode",
    "NetIPsecRule": "consec",
    "NetFirewallRule": "firewall",
}
#: Characters of a line of cmd.
#: Source: https://learn.microsoft.com/troubleshoot/windows-client/shell-experience/command-line-string-limitation
MOST_CHARACTERS = 8191
#: What a line has beside the command, and room for the key that is read into it.
_AROUND, _KEY = 40, 1024

_ACTIONS: Mapping[tuple[Value, Value], str] = {
    ("Require", "Request"): "requireinrequestout",
    ("Request", "Request"): "requestinrequestout",
    ("Require", "Require"): "requireinrequireout",
    ("None", "None"): "noauthentication",
}
_INTERFACES: Mapping[Value, str] = {"Wired": "lan", "Wireless": "wireless", "RemoteAccess": "ras"}


class Command(NamedTuple):
    """A command that adds a rule: its context, its number there, what people see of it, and the environment's key."""

    context: str
    number: int
    title: str
    text: str
    key: str = ""


def commands(policy: NativePolicy, stem: str) -> Iterator[Command | tuple[str, str]]:
    """Yield the commands that add the rules, in order; for one that cannot be written its title and why."""
    for noun, context in CONTEXTS.items():
        for number, rule in enumerate(policy.of(noun), 1):
            try:
                yield _command(rule, context, number, stem)
            except NotQuotableError as error:
                yield rule.title, str(error)


def _command(rule: NetObject, context: str, number: int, stem: str) -> Command:
    said = tuple(_ARGUMENTS[context](rule))
    key = next((value.name for _, value in said if isinstance(value, FromEnvironment)), "")
    text = " ".join(
        [
            f"netsh advfirewall {context} add rule",
            *(argument(name, value) for name, value in (("name", f"{stem} {number}"), *said)),
        ]
    )
    if len(text) + _AROUND + (_KEY if key else 0) > MOST_CHARACTERS:
        raise NotQuotableError(
            f"its line has {len(text)} characters, and cmd takes {MOST_CHARACTERS} with all around it"
        )
    return Command(context, number, rule.title, text, key)


def _main_mode(rule: NetObject) -> Iterator[tuple[str, Value]]:
    sets = dict(rule.sets)
    yield from main_mode_arguments(sets["MainModeCryptoSet"])
    yield from first_arguments(sets["Phase1AuthSet"])
    yield from _ends(rule)
    yield from _networks(rule)


def _connection_security(rule: NetObject) -> Iterator[tuple[str, Value]]:
    said, sets = dict(rule.parameters), dict(rule.sets)
    yield from _ends(rule)
    yield "action", _ACTIONS[said["InboundSecurity"], said["OutboundSecurity"]]
    yield from _traffic(rule, "port1", "port2")
    if sets:
        yield from first_arguments(sets["Phase1AuthSet"])
        if "Phase2AuthSet" in sets:
            yield from second_arguments(sets["Phase2AuthSet"])
        yield from quick_mode_arguments(sets["QuickModeCryptoSet"])
    yield "description", description(rule.title)


def _firewall(rule: NetObject) -> Iterator[tuple[str, Value]]:
    said = dict(rule.parameters)
    yield "dir", "in" if said["Direction"] == "Inbound" else "out"
    yield "action", "bypass" if "OverrideBlockRules" in said else str(said["Action"]).lower()
    if "Authentication" in said:
        yield "security", "authenc" if said["Encryption"] == "Required" else "authenticate"
    for name, parameter in (("rmtcomputergrp", "RemoteMachine"), ("rmtusrgrp", "RemoteUser")):
        if parameter in said:
            yield name, said[parameter]
    for name, parameter in (("localip", "LocalAddress"), ("remoteip", "RemoteAddress")):
        if parameter in said:
            yield name, said[parameter]
    yield from _traffic(rule, "localport", "remoteport")
    yield "description", description(rule.title)


def _ends(rule: NetObject) -> Arguments:
    said = dict(rule.parameters)
    return (("endpoint1", said.get("LocalAddress", "any")), ("endpoint2", said.get("RemoteAddress", "any")))


def _traffic(rule: NetObject, local: str, remote: str) -> Iterator[tuple[str, Value]]:
    said = dict(rule.parameters)
    if "Protocol" in said:
        yield "protocol", str(said["Protocol"]).lower()
    for name, parameter in ((local, "LocalPort"), (remote, "RemotePort")):
        if parameter in said:
            yield name, said[parameter]
    yield from _networks(rule)


def _networks(rule: NetObject) -> Iterator[tuple[str, Value]]:
    said = dict(rule.parameters)
    if said["Profile"] != "Any":
        yield "profile", str(said["Profile"]).lower()
    if said.get("InterfaceType", "Any") != "Any":
        yield "interfacetype", _INTERFACES[said["InterfaceType"]]


_ARGUMENTS = {"mainmode": _main_mode, "consec": _connection_security, "firewall": _firewall}
