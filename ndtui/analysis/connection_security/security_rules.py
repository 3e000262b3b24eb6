"""Connection security rules as Windows Firewall keeps them, wherever they were read: plain values, nothing decided yet.

Words are those of [MS-GPFAS] 2.2.6, in which the registry, netsh and NetSecurity say the same.
"""

from collections.abc import Iterable, Mapping
from typing import Literal, NamedTuple, TypeVar

from ndtui.model.design.ipsec_policy import MainModeProposal, QuickModeProposal
from ndtui.model.vocabulary.networks import InterfaceType, Profile

Word = TypeVar("Word")

#: What a rule does: require in and request out; request both; require both; leave out of IPsec. One that inherits asks
#: more of what others protect, as firewall rules do: no connection security rule says that.
Action = Literal["SecureServer", "Boundary", "Secure", "DoNotSecure", "Inherit"]
ACTIONS: tuple[Action, ...] = ("SecureServer", "Boundary", "Secure", "DoNotSecure")

#: What the words of all that holds rules mean, in small letters.
PROFILES: Mapping[str, Profile] = {"domain": "domain", "private": "private", "public": "public"}
PROTOCOLS: Mapping[str, int] = {"tcp": 6, "udp": 17, "icmpv4": 1, "icmpv6": 58}
KEYING: Mapping[str, str] = {"ikev1": "IKE", "authip": "AuthIP", "ikev2": "IKEv2"}

#: The sets that a rule means that names none. Source: [MS-GPFAS] 2.2.5, and the NetSecurity pages.
DEFAULT_FIRST = "{E5A5D32A-4BCE-4e4d-B07F-4AB1BA7E5FE3}"
DEFAULT_SECOND = "{E5A5D32A-4BCE-4e4d-B07F-4AB1BA7E5FE4}"
DEFAULT_CRYPTO = "{E5A5D32A-4BCE-4e4d-B07F-4AB1BA7E5FE2}"
DEFAULT_MAIN_CRYPTO = "{E5A5D32A-4BCE-4e4d-B07F-4AB1BA7E5FE1}"


class Suite(NamedTuple):
    """One way to authenticate: a method in the words of [MS-GPFAS] 2.2.3, and what belongs to it by name."""

    method: str
    details: Mapping[str, str] = {}


#: What the default sets hold. Source: [MS-FASP] 7, the notes on 2.2.32 and 3.1.3.
KERBEROS = (Suite("MachineKerb"),)


class MainOffers(NamedTuple):
    """What main mode offers, and whether AuthIP always does a Diffie-Hellman exchange."""

    proposals: tuple[MainModeProposal, ...]
    forced: bool = False


class MainRule(NamedTuple):
    """A main mode rule: which peers it is for, and what main mode offers them.

    ``offers`` are ``None`` where it names no set, or the default one. ``first`` is how machines authenticate, and
    ``None`` where that was not read. ``lost`` is what it says beyond this, in words.
    """

    name: str
    offers: MainOffers | None = None
    first: tuple[Suite, ...] | None = None
    enabled: bool = True
    addresses: tuple[tuple[str, ...], tuple[str, ...]] = ((), ())
    profiles: tuple[Profile, ...] = ()
    lost: tuple[str, ...] = ()


class SecurityRule(NamedTuple):
    """A rule: which traffic between two ends, and what is done with it.

    ``first`` and ``second`` are how machines, and then users, authenticate; ``crypto`` is what quick mode offers, and
    ``main`` what main mode does, as main mode rules say; ``None`` is what Windows Firewall offers that is told nothing.
    ``keying`` are keying modules by their names in a design, and none the default. ``machines`` and ``users`` are who
    may talk at all, or with ``inbound_only`` who may connect; ``encrypted``: nothing else is let in; ``partial``: new
    connections stay blocked of what is left out. ``lost`` is what it says beyond this, in words.
    """

    name: str
    action: Action
    description: str = ""
    enabled: bool = True
    addresses: tuple[tuple[str, ...], tuple[str, ...]] = ((), ())
    ports: tuple[tuple[str, ...], tuple[str, ...]] = ((), ())
    protocol: int | None = None
    profiles: tuple[Profile, ...] = ()
    interfaces: tuple[InterfaceType, ...] = ()
    keying: tuple[str, ...] = ()
    first: tuple[Suite, ...] = KERBEROS
    second: tuple[Suite, ...] = ()
    crypto: tuple[QuickModeProposal, ...] | None = None
    main: MainOffers | None = None
    machines: str = ""
    users: str = ""
    encrypted: bool = False
    inbound_only: bool = False
    partial: bool = False
    lost: tuple[str, ...] = ()


class RulesRead(NamedTuple):
    """The rules of a file, and what of it is no rule that can be used, each in a line.

    ``exempt`` is what is left out of IPsec for the whole host, as the bits of IPsecExempt, where the file says that;
    ``design`` the id of the design of which this program wrote all of the rules, if it did.
    """

    rules: tuple[SecurityRule, ...]
    lost: tuple[str, ...] = ()
    exempt: int | None = None
    design: str = ""


def protocol_of(word: str) -> int | None:
    """Return the number of a protocol by its name or its number; ``None`` for any.

    Raises:
        ValueError: it is none.
    """
    small = word.casefold()
    if small in ("any", ""):
        return None
    if small in PROTOCOLS:
        return PROTOCOLS[small]
    if small.isdecimal() and int(small) <= 255:
        return int(small)
    raise ValueError(f"its protocol is {word}, which is none")


def known_words(words: Iterable[str], known: Mapping[str, Word], what: str) -> tuple[Word, ...]:
    """Return what words mean, however they are written; ``what`` they are of.

    Raises:
        ValueError: one is not known; names it and those that are.
    """
    small = [each.casefold() for each in words]
    wrong = next((each for each in small if each not in known), None)
    if wrong is not None:
        raise ValueError(f"its {what} is {wrong}, none of {', '.join(filter(None, known))}")
    return tuple(known[each] for each in small)
