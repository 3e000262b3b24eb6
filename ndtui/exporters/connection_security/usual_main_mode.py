"""What main mode is where nobody made a set for it: the default set of a store. Source: [MS-FASP], the default sets."""

from collections.abc import Sequence

from ndtui.exporters.connection_security.net_objects import NetObject

#: What it offers, and for how long.
_USUAL = (("AES128", "SHA1", "DH2"), ("DES3", "SHA1", "DH2"))
_USUAL_LIMITS = (480, 0)


def is_usual_main_mode(said: NetObject, modules: Sequence[str]) -> bool:
    """Tell whether a set of main mode, for keying modules, is what machines have by themselves.

    There AuthIP need not do the exchange, and is not asked for a group then; IKE has one whatever is said of that.
    """
    offered = [dict(each) for each in said.proposals]
    words = tuple(
        (each["Encryption"], each["Hash"], "DH2" if each["KeyExchange"] == "None" else each["KeyExchange"])
        for each in offered
    )
    limits = (said.value("MaxMinutes"), said.value("MaxSessions"))
    forced = bool(said.value("ForceDiffieHellman")) and "AuthIP" in modules
    return words == _USUAL and limits == _USUAL_LIMITS and not forced
