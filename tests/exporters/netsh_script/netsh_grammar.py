"""The grammar of netsh advfirewall's add rule, as its documents have it, and what they say does not go together.

Written from the help of the commands and their page, from Microsoft's article on Suite B for what quick mode combines,
and from [MS-FASP] for what the policy behind them refuses; nothing of the exporter is used.
Sources: https://learn.microsoft.com/windows-server/administration/windows-commands/netsh-advfirewall,
https://learn.microsoft.com/troubleshoot/windows-server/windows-security/description-support-suite-b-cryptographic-ipsec.
"""

import re
from collections.abc import Callable, Mapping
from ipaddress import ip_address, ip_network
from typing import NamedTuple


class GrammarError(Exception):
    """netsh would refuse the line; the text says why."""


class Command(NamedTuple):
    """A command: the context, what is done, and its arguments by their names."""

    context: str
    verb: str
    said: Mapping[str, str]


def split(line: str) -> list[str]:
    """Return the arguments of a command line, as the start-up code of a program finds them: a blank ends one, but not
    between quotation marks, and a backslash before a quotation mark makes it an ordinary one."""
    found: list[str] = []
    current, inside, begun = "", False, False
    at = 0
    while at < len(line):
        each = line[at]
        if line.startswith('\\"', at):
            current, begun, at = current + '"', True, at + 2
            continue
        if each == '"':
            inside, begun = not inside, True
        elif each in " \t" and not inside:
            if begun:
                found.append(current)
            current, begun = "", False
        else:
            current, begun = current + each, True
        at += 1
    if inside:
        raise GrammarError("a quotation does not end")
    return [*found, current] if begun else found


def parse(line: str) -> Command:
    """Return a command of its line.

    Raises:
        GrammarError: netsh would refuse it.
    """
    netsh, advfirewall, context, verb, rule, *arguments = split(line)
    if (netsh, advfirewall, rule) != ("netsh", "advfirewall", "rule") or context not in _CONTEXTS:
        raise GrammarError(f"no command: {line[:60]}")
    said: dict[str, str] = {}
    for each in arguments:
        name, sign, value = each.partition("=")
        if not sign or name in said:
            raise GrammarError(f"no argument, or one twice: {each[:60]}")
        said[name] = value
    if "name" not in said or said["name"].casefold() in ("", "all") or "|" in said["name"]:
        raise GrammarError("a rule has a name, which is neither all nor has a bar")
    if verb == "add":
        _add(context, said)
    elif verb not in ("show", "delete") or set(said) != {"name"}:
        raise GrammarError(f"{verb} is none of those that are known here")
    return Command(context, verb, said)


def _add(context: str, said: Mapping[str, str]) -> None:
    known, required, rules = _CONTEXTS[context]
    for name, value in said.items():
        if name not in known:
            raise GrammarError(f"{context} has no {name}")
        known[name](value)
    for name in required:
        if name not in said:
            raise GrammarError(f"{context} needs {name}")
    for rule in rules:
        rule(said)


# -- values ------------------------------------------------------------------------------------------------------------


def _one_of(*words: str) -> Callable[[str], None]:
    def check(value: str) -> None:
        if value not in words:
            raise GrammarError(f"{value} is none of {', '.join(words)}")

    return check


def _list_of(*words: str) -> Callable[[str], None]:
    def check(value: str) -> None:
        parts = value.split(",")
        if len(set(parts)) != len(parts) or not set(parts) <= set(words):
            raise GrammarError(f"{value} is no list of {', '.join(words)}")

    return check


def _text(value: str) -> None:
    if not value or "|" in value or not value.isprintable():
        raise GrammarError(f"{value!r} is no text")


def _sddl(value: str) -> None:
    if not re.fullmatch(r"(O:[A-Z0-9-]+)?(G:[A-Z0-9-]+)?D:[A-Z]*(\([^()]*\))+", value):
        raise GrammarError(f"{value} is no SDDL")


def _addresses(*keywords: str) -> Callable[[str], None]:
    def check(value: str) -> None:
        if value == "any":
            return
        for each in value.split(","):
            if each not in keywords:
                _address(each)

    return check


def _address(text: str) -> None:
    try:
        if "-" in text:
            low, high = map(ip_address, text.split("-"))
            if low.version != high.version or int(low) > int(high):
                raise GrammarError(f"{text} is no range")
        else:
            network = ip_network(text)
            low, high = network[0], network[-1]
    except ValueError:
        raise GrammarError(f"{text} is no address") from None
    multicast = ip_network("224.0.0.0/4" if low.version == 4 else "ff00::/8")
    if int(low) <= int(multicast[-1]) and int(high) >= int(multicast[0]):
        raise GrammarError(f"{text} has multicast addresses, which a rule must not have")


def _protocol(value: str) -> None:
    if value not in ("any", "tcp", "udp", "icmpv4", "icmpv6") and not (value.isdecimal() and int(value) <= 255):
        raise GrammarError(f"{value} is no protocol")


def _ports(value: str) -> None:
    if value == "any":
        return
    for each in value.split(","):
        numbers = each.split("-")
        if len(numbers) > 2 or not all(n.isdecimal() and int(n) <= 65535 for n in numbers):
            raise GrammarError(f"{each} is no port")
        if int(numbers[0]) > int(numbers[-1]):
            raise GrammarError(f"{each} is no range of ports")


_OPTION = re.compile(r"(certmapping|excludecaname):(yes|no)|catype:(root|intermediate)")


def _authorities(value: str) -> None:
    for each in value.split("|"):
        name, *options = re.split(r" (?=[a-z]+:)", each.strip())
        if "CN=" not in name or not name.isascii():
            raise GrammarError(f"{name} has no CN=")
        if '"' in name or ":" in name:
            raise GrammarError(f"{name} has a sign that is not for names")
        if any(not _OPTION.fullmatch(option) for option in options) or len(set(options)) != len(options):
            raise GrammarError(f"{each} has an option that is none")


_INTEGRITY = ("md5", "sha1", "sha256", *(f"aesg{kind}{bits}" for kind in ("mac", "cm") for bits in (128, 192, 256)))
_ENCRYPTION = ("none", "des", "3des", *(f"aes{gcm}{bits}" for gcm in ("", "gcm") for bits in (128, 192, 256)))


def _quick_mode(value: str) -> None:
    if value == "default":
        return
    for method in value.split(","):
        parts = method.split("+")
        lifetimes = [each for each in parts if re.fullmatch("[0-9]+(min|kb)", each)]
        parts = [each for each in parts if each not in lifetimes]
        for each in lifetimes:
            low, high = (5, 2880) if each.endswith("min") else (20480, 2147483647)
            if not low <= int(each.removesuffix("min").removesuffix("kb")) <= high:
                raise GrammarError(f"{each} is no lifetime")
        _transforms(parts)


def _transforms(parts: list[str]) -> None:
    """Check that a method is in the table of those that are supported."""
    kinds = dict(each.split(":") for each in parts)
    if list(kinds) not in (["ah"], ["esp"], ["ah", "esp"]) or len(kinds) != len(parts):
        raise GrammarError(f"{'+'.join(parts)} is neither AH nor ESP nor both")
    ah = kinds.get("ah", "")
    integrity, _, encryption = kinds.get("esp", "").partition("-")
    if ah and (ah not in _INTEGRITY or "gcm" in ah):
        raise GrammarError(f"AH has no {ah}")
    if "esp" in kinds:
        if integrity not in _INTEGRITY or encryption not in _ENCRYPTION:
            raise GrammarError(f"ESP has no {kinds['esp']}")
        if ("gcm" in integrity or "gcm" in encryption) and integrity != encryption:
            raise GrammarError("AES-GCM stands on both sides of the dash")
        if "gmac" in integrity and encryption != "none":
            raise GrammarError("AES-GMAC does not go with encryption")
    if ah and integrity and ah != integrity and ah.replace("gmac", "gcm") != integrity:
        raise GrammarError("AH and ESP have the same integrity, but for GMAC with GCM")


_GROUPS = ("dhgroup1", "dhgroup2", "dhgroup14", "dhgroup24", "ecdhp256", "ecdhp384")


def _main_mode(value: str) -> None:
    if value == "default":
        return
    groups = set()
    for each in value.split(","):
        found = re.fullmatch(r"([a-z0-9]+):(des|3des|aes128|aes192|aes256)-(md5|sha1|sha256|sha384)", each)
        if found is None or found[1] not in _GROUPS:
            raise GrammarError(f"{each} is no method of main mode")
        groups.add(found[1])
    if len(groups) > 1:
        raise GrammarError("all methods of a set have the same key exchange")


def _lifetime(value: str) -> None:
    found = re.fullmatch(r"([0-9]+)min,([0-9]+)sess", value)
    if found is None or not 1 <= int(found[1]) <= 2880 or not 0 <= int(found[2]) <= 2147483647:
        raise GrammarError(f"{value} is no lifetime of main mode")


# -- what does not go together -----------------------------------------------------------------------------------------


def _ports_need_a_protocol(said: Mapping[str, str]) -> None:
    ports = [said.get(name, "any") for name in ("port1", "port2", "localport", "remoteport")]
    if any(each != "any" for each in ports) and said.get("protocol") not in ("tcp", "udp"):
        raise GrammarError("ports can only be specified if the protocol is TCP or UDP")


def _first_methods(said: Mapping[str, str]) -> None:
    methods = said.get("auth1", "").split(",")
    if {"computerpsk", "computerntlm"} <= set(methods):
        raise GrammarError("computerpsk and computerntlm cannot be specified together")
    if ("computerpsk" in methods) != ("auth1psk" in said):
        raise GrammarError("computerpsk and auth1psk go together")
    for signing in ("", "ecdsap256", "ecdsap384"):
        if (f"computercert{signing}" in methods) != (f"auth1{signing}ca" in said):
            raise GrammarError(f"computercert{signing} and its authority go together")


def _second_methods(said: Mapping[str, str]) -> None:
    if said.get("auth2", "") == "anonymous":
        raise GrammarError("a second authentication is not anonymous alone")
    if "auth2" in said and "computerpsk" in said.get("auth1", ""):
        raise GrammarError("no second authentication beside a pre-shared key")


def _security(said: Mapping[str, str]) -> None:
    exempts = said["action"] == "noauthentication"
    if not exempts and "auth1" not in said:
        raise GrammarError("at least one authentication must be specified")
    if exempts and any(name.startswith(("auth", "qm")) for name in said):
        raise GrammarError("what is not secured has no sets")
    if not exempts and any("-" in said.get(name, "") for name in ("port1", "port2")):
        raise GrammarError("ranges of ports are for what is not secured")
    if said.get("interfacetype", "any") != "any" and said["endpoint1"] != "any":
        raise GrammarError("a first end and a type of interface exclude each other")


def _authenticated(said: Mapping[str, str]) -> None:
    secure = said.get("security", "notrequired") != "notrequired"
    if ("rmtcomputergrp" in said or "rmtusrgrp" in said) and not secure:
        raise GrammarError("if a remote computer or user group is specified, security must be")
    if said["action"] == "bypass" and said["dir"] == "in" and "rmtcomputergrp" not in said:
        raise GrammarError("if action=bypass, the remote computer group must be specified when dir=in")
    if secure and said["action"] == "block":
        raise GrammarError("what is blocked is not asked for security")


_NAMES = {"name": _text, "description": _text, "enable": _one_of("yes", "no")}
_PROFILES = {"profile": _list_of("public", "private", "domain", "any")}
_FIRST = {
    "auth1": _list_of(
        "computerkerb",
        "computercert",
        "computercertecdsap256",
        "computercertecdsap384",
        "computerpsk",
        "computerntlm",
        "anonymous",
    ),
    "auth1psk": _text,
    "auth1ca": _authorities,
    "auth1ecdsap256ca": _authorities,
    "auth1ecdsap384ca": _authorities,
}
_INTERFACES = {"interfacetype": _one_of("wireless", "lan", "ras", "any")}
_KEYWORDS = ("localsubnet", "dns", "dhcp", "wins", "defaultgateway")

Check = Callable[[str], None]
_CONTEXTS: Mapping[
    str, tuple[Mapping[str, Check], tuple[str, ...], tuple[Callable[[Mapping[str, str]], None], ...]]
] = {
    "consec": (
        {
            **_NAMES,
            **_PROFILES,
            **_FIRST,
            **_INTERFACES,
            "endpoint1": _addresses(*_KEYWORDS),
            "endpoint2": _addresses(*_KEYWORDS),
            "action": _one_of("requireinrequestout", "requestinrequestout", "requireinrequireout", "noauthentication"),
            "mode": _one_of("transport"),
            "type": _one_of("dynamic", "static"),
            "port1": _ports,
            "port2": _ports,
            "protocol": _protocol,
            "auth2": _list_of("userkerb", "userntlm", "anonymous"),
            "qmpfs": _one_of("none", "mainmode", *_GROUPS),
            "qmsecmethods": _quick_mode,
        },
        ("endpoint1", "endpoint2", "action"),
        (_ports_need_a_protocol, _first_methods, _second_methods, _security),
    ),
    "mainmode": (
        {
            "name": _text,
            **_PROFILES,
            **_FIRST,
            "endpoint1": _addresses(),
            "endpoint2": _addresses(),
            "enable": _one_of("yes", "no"),
            "type": _one_of("dynamic", "static"),
            "mmsecmethods": _main_mode,
            "mmkeylifetime": _lifetime,
            "mmforcedh": _one_of("yes", "no"),
        },
        ("mmsecmethods",),
        (_first_methods,),
    ),
    "firewall": (
        {
            **_NAMES,
            **_PROFILES,
            **_INTERFACES,
            "dir": _one_of("in", "out"),
            "action": _one_of("allow", "block", "bypass"),
            "localip": _addresses(),
            "remoteip": _addresses(*_KEYWORDS),
            "localport": _ports,
            "remoteport": _ports,
            "protocol": _protocol,
            "rmtcomputergrp": _sddl,
            "rmtusrgrp": _sddl,
            "security": _one_of("authenticate", "authenc", "notrequired"),
        },
        ("dir", "action"),
        (_ports_need_a_protocol, _authenticated),
    ),
}
