"""Proposals as Windows Firewall has them: the sets of main mode and of quick mode.

Sources: https://learn.microsoft.com/powershell/module/netsecurity/new-netipsecmainmodecryptoset and
.../new-netipsecquickmodecryptoproposal, and the limits of [MS-FASP].
"""

from collections.abc import Mapping, Sequence
from typing import Any

from ndtui.exporters.connection_security.native_reasons import Reasons
from ndtui.exporters.connection_security.native_target import NativeTarget
from ndtui.exporters.connection_security.native_values import Parameters
from ndtui.exporters.connection_security.net_objects import NetObject
from ndtui.model.design.ipsec_policy import (
    OPTIONAL_DH,
    MainMode,
    MainModeProposal,
    QuickMode,
    QuickModeProposal,
    Transform,
)
from ndtui.model.design.rule_negotiation import Negotiation

_CIPHERS = {"DES": "DES", "3DES": "DES3", "AES_128": "AES128", "AES_192": "AES192", "AES_256": "AES256"}
_HASHES = {"MD5": "MD5", "SHA1": "SHA1", "SHA_256": "SHA256", "SHA_384": "SHA384"}
_GROUPS = {
    "IKEEXT_DH_GROUP_NONE": "None",
    "IKEEXT_DH_GROUP_1": "DH1",
    "IKEEXT_DH_GROUP_2": "DH2",
    "IKEEXT_DH_GROUP_14": "DH14",
    "IKEEXT_DH_GROUP_2048": "DH14",
    "IKEEXT_DH_ECP_256": "DH19",
    "IKEEXT_DH_ECP_384": "DH20",
    "IKEEXT_DH_GROUP_24": "DH24",
}
_PFS = {
    "IPSEC_PFS_NONE": "None",
    "IPSEC_PFS_1": "DH1",
    "IPSEC_PFS_2": "DH2",
    "IPSEC_PFS_14": "DH14",
    "IPSEC_PFS_2048": "DH14",
    "IPSEC_PFS_ECP_256": "DH19",
    "IPSEC_PFS_ECP_384": "DH20",
    "IPSEC_PFS_24": "DH24",
    "IPSEC_PFS_MM": "SameAsMainMode",
}
_AUTH = {
    "HMAC_MD5_96": "MD5",
    "HMAC_SHA_1_96": "SHA1",
    "HMAC_SHA_256_128": "SHA256",
    "GCM_AES_128": "AESGMAC128",
    "GCM_AES_192": "AESGMAC192",
    "GCM_AES_256": "AESGMAC256",
}
_ENCRYPTION = {
    "CBC_DES": "DES",
    "CBC_3DES": "DES3",
    "CBC_AES_128": "AES128",
    "CBC_AES_192": "AES192",
    "CBC_AES_256": "AES256",
    "GCM_AES_128": "AESGCM128",
    "GCM_AES_192": "AESGCM192",
    "GCM_AES_256": "AESGCM256",
}
_MOST_MINUTES = 2879
_MOST_SESSIONS = 0x7FFFFFFF
#: Times that cannot be said, and what Windows has for them.
_USUAL: Mapping[str, int] = {
    "nd_allow_clear_timeout_seconds": 10,
    "idle_timeout_seconds": 300,
    "idle_timeout_failover_seconds": 60,
}
_NO_PACKETS = 0x7FFFFFFF


def main_mode_set(said: Negotiation, place: str, target: NativeTarget, reasons: Reasons) -> NetObject | None:
    """Return the set of main mode, ``None`` where nothing is left of it, which is named."""
    main = said.main_mode
    where = f"{place}main_mode"
    offered = _offered(said, main, where, reasons)
    proposals = _main_mode(offered, where, target, reasons)
    if not proposals:
        reasons.refuse(f"{where}.proposals", "no proposal is left")
        return None
    _lose_main_mode(main, where, reasons)
    parameters: Parameters = (
        ("MaxMinutes", _minutes(offered, f"{where}.proposals", reasons, least=1)),
        ("MaxSessions", _sessions(offered, f"{where}.proposals", reasons)),
        ("ForceDiffieHellman", not _may_go_without(said)),
    )
    made = NetObject("NetIPsecMainModeCryptoSet", "main mode", parameters, proposals)
    why = target.lost_main_mode(made, said.keying_modules)
    if why:
        reasons.lose(where, why)
    return made


def quick_mode_set(said: Negotiation, place: str, reasons: Reasons) -> NetObject | None:
    """Return the set of quick mode, ``None`` where nothing is left of it, which is named."""
    quick = said.quick_mode
    where = f"{place}quick_mode"
    offered = _offered(said, quick, where, reasons)
    group = offered[0].pfs_group
    proposals = []
    for number, each in enumerate(offered):
        name = f"{where}.proposals[{number}]"
        if each.pfs_group != group:
            reasons.lose(name, "a set has one group for forward secrecy, the first proposal's")
            continue
        made = _quick_mode(each, name, reasons, ikev2="IKEv2" in said.keying_modules)
        if made is not None:
            proposals.append(made)
    for flag in quick.flags:
        reasons.lose(f"{where}.flags {flag}", "rules have no such flag; address translation is a setting of the host")
    for field, usual in _USUAL.items():
        if getattr(quick, field) != usual:
            reasons.lose(f"{where}.{field}", f"rules cannot say it, and Windows has {usual} s")
    if not proposals:
        reasons.refuse(f"{where}.proposals", "no proposal is left")
        return None
    parameters: Parameters = (("PerfectForwardSecrecyGroup", _PFS[group]),)
    return NetObject("NetIPsecQuickModeCryptoSet", "quick mode", parameters, tuple(proposals))


def _offered(said: Negotiation, mode: MainMode | QuickMode, where: str, reasons: Reasons) -> Sequence[Any]:
    offers = {module: mode.offers(module) for module in said.keying_modules}
    first = offers[said.keying_modules[0]]
    for module, own in offers.items():
        if own != first and own != _without_group(first):
            reasons.lose(
                f"{where}.{module.lower()}_proposals",
                "a set is for all keying modules: they offer what IKE offers"
                if said.keying_modules[0] == "IKE"
                else "a set is for all keying modules: they offer what the first of them offers",
            )
    return first


def _without_group(offered: Sequence[Any]) -> tuple[Any, ...] | None:
    """Return what main mode offers as AuthIP does where it is not forced to an exchange; ``None`` of quick mode.

    A set says just that of it: its proposals have a group, and none where AuthIP goes without ([MS-FASP] 2.2.72).
    """
    if not all(isinstance(each, MainModeProposal) for each in offered):
        return None
    return tuple(each.model_copy(update={"dh_group": "IKEEXT_DH_GROUP_NONE"}) for each in offered)


def _main_mode(
    offered: Sequence[MainModeProposal], where: str, target: NativeTarget, reasons: Reasons
) -> tuple[Parameters, ...]:
    said: list[Parameters] = []
    for number, each in enumerate(offered):
        cipher = _CIPHERS.get(each.cipher.removeprefix("IKEEXT_CIPHER_"))
        hashed = _HASHES.get(each.integrity.removeprefix("IKEEXT_INTEGRITY_"))
        group = _GROUPS.get(each.dh_group)
        if cipher is None or hashed is None or group is None:
            reasons.lose(f"{where}.proposals[{number}]", "main mode of rules does not have its algorithms")
            continue
        proposal: Parameters = (("Encryption", cipher), ("Hash", hashed), ("KeyExchange", group))
        why = target.unsayable_main_mode(proposal, said[0] if said else proposal)
        if why:
            reasons.lose(f"{where}.proposals[{number}]", why)
        else:
            said.append(proposal)
    return tuple(said)


def _lose_main_mode(main: MainMode, where: str, reasons: Reasons) -> None:
    for flag in main.flags:
        if flag != OPTIONAL_DH:
            reasons.lose(f"{where}.flags {flag}", "rules have no such flag")
    if main.impersonation is not None:
        reasons.lose(f"{where}.impersonation", "who is impersonated cannot be chosen")
    if main.max_dynamic_filters:
        reasons.lose(f"{where}.max_dynamic_filters", "rules cannot say it")
    if main.retransmit_seconds:
        reasons.lose(f"{where}.retransmit_seconds", "rules cannot say it")


def _may_go_without(said: Negotiation) -> bool:
    """Tell whether AuthIP may go without a Diffie-Hellman exchange."""
    offered = (each for module in said.keying_modules for each in said.main_mode.offers(module))
    return OPTIONAL_DH in said.main_mode.flags or any(each.dh_group == "IKEEXT_DH_GROUP_NONE" for each in offered)


def _minutes(
    offered: Sequence[MainModeProposal | QuickModeProposal], where: str, reasons: Reasons, *, least: int
) -> int:
    """Return a lifetime in minutes: the shortest of several, rounded down where it is none in minutes."""
    seconds = min(each.lifetime_seconds for each in offered)
    minutes = min(max(seconds // 60, least), _MOST_MINUTES)
    if any(each.lifetime_seconds != minutes * 60 for each in offered):
        reasons.lose(
            f"{where} lifetime_seconds",
            f"a lifetime is said in whole minutes, {least} to {_MOST_MINUTES}, one for a set of main mode: {minutes}",
        )
    return minutes


def _sessions(offered: Sequence[MainModeProposal], where: str, reasons: Reasons) -> int:
    limits = [each.quick_mode_limit for each in offered]
    sessions = min(min(filter(None, limits), default=0), _MOST_SESSIONS)
    if any(limit != sessions for limit in limits):
        reasons.lose(f"{where} quick_mode_limit", f"a set has one limit, up to {_MOST_SESSIONS}: {sessions}")
    return sessions


def _quick_mode(each: QuickModeProposal, name: str, reasons: Reasons, *, ikev2: bool) -> Parameters | None:
    if each.lifetime_packets != _NO_PACKETS:
        reasons.lose(f"{name}.lifetime_packets", "a proposal has no lifetime in packets")
    ah = next((t for t in each.transforms if t.type == "IPSEC_TRANSFORM_AH"), None)
    esp = next((t for t in each.transforms if t.type != "IPSEC_TRANSFORM_AH"), None)
    why = _unsayable(ah, esp, ikev2=ikev2)
    if why:
        reasons.lose(name, why)
        return None
    parameters: list[tuple[str, str | int | tuple[str, ...]]] = []
    if ah is not None and esp is not None:
        parameters.append(("Encapsulation", ("AH", "ESP")))
    else:
        parameters.append(("Encapsulation", "AH" if ah is not None else "ESP"))
    if ah is not None:
        parameters.append(("AHHash", _hash(ah)))
    if esp is not None:
        cipher = (esp.cipher or "").removeprefix("IPSEC_CIPHER_CONFIG_")
        parameters += [("ESPHash", _hash(esp)), ("Encryption", _ENCRYPTION[cipher] if cipher else "None")]
    parameters.append(("MaxKiloBytes", each.lifetime_kilobytes))
    parameters.append(("MaxMinutes", _minutes((each,), name, reasons, least=5)))
    return tuple(parameters)


def _unsayable(ah: Transform | None, esp: Transform | None, *, ikev2: bool) -> str:
    if esp is not None and esp.auth is None:
        return "no page shows ESP that encrypts and does not authenticate"
    if ah is not None and ikev2:
        return "IKEv2 has no AH in transport mode"
    if ah is not None and esp is not None and ah.auth != esp.auth:
        return "AH and ESP of one proposal have the same hash"
    return ""


def _hash(transform: Transform) -> str:
    return _AUTH[(transform.auth or "").removeprefix("IPSEC_AUTH_CONFIG_")]
