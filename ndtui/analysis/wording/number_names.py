"""Numbers in conditions by the names that Windows has for them: sets of flags, directions, tunnels, interfaces.

Sources: https://learn.microsoft.com/windows/win32/fwp/filtering-condition-flags- for which flags belong to which field,
https://learn.microsoft.com/windows/win32/fwp/filtering-condition-identifiers- for what the other fields have.
The profiles of other fields than the current one are not among them: for their numbers there are two readings.
"""

from collections.abc import Mapping

from ndtui.model.vocabulary import short_name
from ndtui.model.vocabulary.networks import INTERFACE_CONSTANTS, INTERFACES
from ndtui.model.vocabulary.numbers import ENUMERATIONS

_FLAG_SETS = {
    "FLAGS": "FWP_CONDITION_FLAG",
    "REAUTHORIZE_REASON": "FWP_CONDITION_REAUTHORIZE_REASON",
    # The header calls this field ALE_SIO_FIREWALL_SOCKET_PROPERTY too.
    "ALE_SIO_FIREWALL_SYSTEM_PORT": "FWP_CONDITION_SOCKET_PROPERTY_FLAG",
}
_SIDES = ("", "ARRIVAL_", "NEXTHOP_")
#: Words that are spelt otherwise than in small letters.
_SPELLED = {
    "ale": "ALE",
    "fw": "firewall",
    "ipsec": "IPsec",
    "isatap": "ISATAP",
    "iphttps": "IP-HTTPS",
    "natt": "NAT-T",
    "rpc": "RPC",
    "teredo": "Teredo",
    "thru": "through",
}


def _turned(enumeration: Mapping[str, int], prefix: str) -> dict[int, str]:
    return {number: name.removeprefix(prefix) for name, number in enumeration.items()}


_FLAG_NAMES = {field: _turned(ENUMERATIONS[name], f"{name}_") for field, name in _FLAG_SETS.items()}
_CONSTANTS: dict[str, dict[int, str]] = {
    "DIRECTION": _turned(ENUMERATIONS["FWP_DIRECTION"], "FWP_DIRECTION_"),
    **{f"{side}TUNNEL_TYPE": _turned(ENUMERATIONS["TUNNEL_TYPE"], "TUNNEL_TYPE_") for side in _SIDES},
    **{f"{side}INTERFACE_TYPE": _turned(INTERFACE_CONSTANTS, "IF_TYPE_") for side in _SIDES},
}


def flag_constants(field: str, number: int) -> tuple[str, ...]:
    """Return the flags of a set by what their constants do not have in common: ``("IS_LOOPBACK", "IS_FRAGMENT")``.

    Bits that have no name are one number in hexadecimal at the end. It is empty where the field is no set of flags.
    """
    names = _FLAG_NAMES.get(short_name(field))
    if names is None:
        return ()
    named = {bit: name for bit, name in names.items() if number & bit}
    nameless = number & ~sum(named)
    return (*named.values(), f"0x{nameless:X}") if nameless else tuple(named.values())


def flag_set_words(field: str, number: int) -> tuple[str, ...]:
    """Return the flags of a set in words: ``("loopback", "outbound pass through")``, as ``flag_constants`` has them."""
    return tuple(map(_words, flag_constants(field, number)))


def constant_of(field: str, number: int) -> str | None:
    """Return what stands for a number of a field that has one name for each: ``INBOUND``, ``TEREDO``."""
    return _CONSTANTS.get(short_name(field), {}).get(number)


def words_of_numbers() -> dict[str, dict[int, str]]:
    """Return the words for numbers, by field, of the fields that ``constant_of`` knows."""
    found = {field: {number: _words(name) for number, name in names.items()} for field, names in _CONSTANTS.items()}
    firewall = {number: name for name, number in INTERFACES.items()}
    for side in _SIDES:
        found[f"{side}INTERFACE_TYPE"] |= {24: "loopback", **firewall}
    return found


def _words(constant: str) -> str:
    if constant.startswith("0x"):
        return constant
    return " ".join(_SPELLED.get(word, word) for word in constant.removeprefix("IS_").lower().split("_"))
