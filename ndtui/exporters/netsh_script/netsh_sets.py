"""Sets of Windows Firewall in the words of netsh: proposals, methods of authentication, forward secrecy.

Source: https://learn.microsoft.com/windows-server/administration/windows-commands/netsh-advfirewall
"""

from collections.abc import Iterator, Mapping
from typing import Any

from ndtui.exporters.connection_security.native_values import Parameters, Value
from ndtui.exporters.connection_security.net_objects import NetObject

Arguments = tuple[tuple[str, Value], ...]
"""Arguments of a command by their names, before they are quoted."""

_GROUPS: Mapping[str, str] = {
    "None": "none",
    "DH1": "dhgroup1",
    "DH2": "dhgroup2",
    "DH14": "dhgroup14",
    "DH19": "ecdhp256",
    "DH20": "ecdhp384",
    "DH24": "dhgroup24",
    "SameAsMainMode": "mainmode",
}
_CIPHERS: Mapping[str, str] = {
    "None": "none",
    "DES": "des",
    "DES3": "3des",
    **{f"AES{bits}": f"aes{bits}" for bits in (128, 192, 256)},
    **{f"AESGCM{bits}": f"aesgcm{bits}" for bits in (128, 192, 256)},
}
_SIGNING: Mapping[str, str] = {"RSA": "", "ECDSA256": "ecdsap256", "ECDSA384": "ecdsap384"}
#: Methods of a proposal by the switch that it has, of machines and of users.
_FIRST: Mapping[str, str] = {
    "Kerberos": "computerkerb",
    "Ntlm": "computerntlm",
    "PreSharedKey": "computerpsk",
    "Anonymous": "anonymous",
}
_SECOND: Mapping[str, str] = {"Kerberos": "userkerb", "Ntlm": "userntlm", "Anonymous": "anonymous"}


def main_mode_arguments(crypto: NetObject) -> Arguments:
    """Return what a set of main mode says."""
    said = dict(crypto.parameters)
    methods = ",".join(
        f"{_GROUPS[each['KeyExchange']]}:{_CIPHERS[each['Encryption']]}-{each['Hash'].lower()}"
        for each in map(_words, crypto.proposals)
    )
    return (
        ("mmsecmethods", methods),
        ("mmkeylifetime", f"{said['MaxMinutes']}min,{said['MaxSessions']}sess"),
        ("mmforcedh", "yes" if said["ForceDiffieHellman"] else "no"),
    )


def quick_mode_arguments(crypto: NetObject) -> Arguments:
    """Return what a set of quick mode says."""
    group = _GROUPS[str(crypto.value("PerfectForwardSecrecyGroup"))]
    return (("qmpfs", group), ("qmsecmethods", ",".join(map(_method, map(_words, crypto.proposals)))))


def _method(said: Mapping[str, Any]) -> str:
    parts = []
    if "AHHash" in said:
        parts.append(f"ah:{said['AHHash'].lower()}")
    if "ESPHash" in said:
        cipher = _CIPHERS[said["Encryption"]]
        # AES-GCM encrypts and authenticates: both sides of the dash have its name.
        parts.append(f"esp:{cipher if 'gcm' in cipher else said['ESPHash'].lower()}-{cipher}")
    return "+".join([*parts, f"{said['MaxMinutes']}min", f"{said['MaxKiloBytes']}kb"])


def first_arguments(methods: NetObject) -> Iterator[tuple[str, Value]]:
    """Yield what a set of the first authentication says: the methods in order, and what belongs to some of them."""
    names: dict[str, None] = {}
    authorities: dict[str, list[str]] = {}
    key: Value | None = None
    for said in map(_words, methods.proposals):
        if "Cert" in said:
            signing = _SIGNING[said["Signing"]]
            names[f"computercert{signing}"] = None
            authorities.setdefault(f"auth1{signing}ca", []).append(_authority(said))
        else:
            names[next(name for switch, name in _FIRST.items() if switch in said)] = None
            key = said.get("PreSharedKey", key)
    yield "auth1", ",".join(names)
    if key is not None:
        yield "auth1psk", key
    yield from ((name, " | ".join(each)) for name, each in authorities.items())


def second_arguments(methods: NetObject) -> Arguments:
    """Return what a set of the second authentication says."""
    names = (
        next(name for switch, name in _SECOND.items() if switch in each) for each in map(_words, methods.proposals)
    )
    return (("auth2", ",".join(names)),)


def _authority(said: Mapping[str, Any]) -> str:
    """Return an authority by its name, with quotation marks as netsh has them in it, and what is said of it."""
    name = said["Authority"].replace('"', "\\'")
    mapping = ["certmapping:yes"] if "AccountMapping" in said else []
    return " ".join([name, *mapping, f"catype:{said['AuthorityType'].lower()}"])


def _words(parameters: Parameters) -> dict[str, Any]:
    return dict(parameters)
