"""Negotiation: what two hosts agree on, or why they do not.

Main mode, quick mode and their order follow https://learn.microsoft.com/windows/win32/fwp/ipsec-configuration
and [MS-AIPS], Authenticated Internet Protocol. What the documents leave open is modelled, and said to be.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple, TypeVar

from ndtui.analysis.trace.packet_way import Stage
from ndtui.model.compiled.objects import FilterSet, MainModePolicy, QuickModePolicy
from ndtui.model.design.authentication import WITH_CERTIFICATE, AuthenticationMethod
from ndtui.model.design.design import Design, negotiation_of
from ndtui.model.design.ipsec_policy import OPTIONAL_DH, MainModeProposal, QuickMode, QuickModeProposal, Transform
from ndtui.model.design.keying_modules import KeyingModule
from ndtui.model.design.rule import Rule
from ndtui.model.vocabulary import short_name

#: Which keying module is taken where both sides have several. That AuthIP comes before IKE is documented; where IKEv2
#: stands among them is not, and modelled.
PREFERENCE: tuple[KeyingModule, ...] = ("AuthIP", "IKEv2", "IKE")
_T = TypeVar("_T")


class Offer(NamedTuple):
    """What a host offers, and accepts, with one keying module; methods and proposals with the preferred one first.

    ``extended`` are the methods of extended mode, ``None`` where there is none. ``optional_dh``: as a responder it
    takes any Diffie-Hellman group and none, whatever its proposals say (IKEEXT_POLICY_FLAG_ENABLE_OPTIONAL_DH).
    """

    methods: tuple[AuthenticationMethod, ...]
    main: tuple[MainModeProposal, ...]
    quick: QuickMode
    extended: tuple[AuthenticationMethod, ...] | None
    optional_dh: bool = False


NO_GROUP = "IKEEXT_DH_GROUP_NONE"
ANONYMOUS = "IKEEXT_ANONYMOUS"
#: Methods of AuthIP that need a Diffie-Hellman exchange. Source: [MS-AIPS] 3.2.4.
NEEDS_DH = (ANONYMOUS, "IKEEXT_NTLM_V2")


class Side(NamedTuple):
    """One side of a negotiation: its keying modules with what it offers, and whether only encrypted traffic passes."""

    offers: Mapping[KeyingModule, Offer]
    encrypts: bool = False

    @classmethod
    def of(cls, design: Design, rule: Rule | None = None) -> "Side":
        """Return the side that a rule of a design takes; without a rule, that of what the design itself negotiates."""
        said = negotiation_of(design, rule)
        extended = None if said.extended_mode is None else said.extended_mode.authentication
        offers = {
            module: Offer(
                said.main_mode.authentication(module),
                said.main_mode.offers(module),
                said.quick_mode.of(module),
                extended if module == "AuthIP" else None,
                OPTIONAL_DH in said.main_mode.flags_of(module),
            )
            for module in said.keying_modules
        }
        return cls(offers, rule is not None and rule.encryption != "none")

    @classmethod
    def by(cls, filterset: FilterSet, main: Stage, quick: Stage, *, encrypts: bool) -> "Side":
        """Return the side that a host takes for a packet, by the policy that its layers lead to."""
        first, second = (_policies(filterset, stage) for stage in (main, quick))
        offers: dict[KeyingModule, Offer] = {}
        for module, one in first.items():
            other = second.get(module)
            if isinstance(one, MainModePolicy) and isinstance(other, QuickModePolicy):
                extended = None if other.extended_mode is None else other.extended_mode.authentication
                optional = OPTIONAL_DH in one.flags
                offers[module] = Offer(one.authentication, one.proposals, other.quick_mode, extended, optional)
        return cls(offers, encrypts)

    def only(self, modules: Iterable[KeyingModule]) -> "Side":
        """Return the side with some of its keying modules."""
        return self._replace(offers={module: self.offers[module] for module in modules if module in self.offers})


def _policies(filterset: FilterSet, stage: Stage) -> dict[KeyingModule, MainModePolicy | QuickModePolicy]:
    """Return the policy of each keying module that a stage leads to: that of its first filter."""
    found: dict[KeyingModule, MainModePolicy | QuickModePolicy] = {}
    for each in stage.filters:
        if each.slot.context is not None:
            context = filterset.contexts_by_key[each.slot.context]
            found.setdefault(context.module, context.policy)
    return found


@dataclass(frozen=True, slots=True)
class Agreement:
    """What two hosts agree on; ``extended`` is empty where there is no extended mode.

    ``choice`` says whose order decided on the main mode proposal where several are common, in words; empty where there
    was nothing to choose.
    """

    module: KeyingModule
    method: str
    main: MainModeProposal
    quick: QuickModeProposal
    extended: str
    choice: str = ""

    @property
    def main_words(self) -> str:
        """The main mode proposal: SDK constants with a blank between them."""
        return main_words(self.main)

    @property
    def quick_words(self) -> str:
        """The quick mode proposal: SDK constants with a blank between them."""
        return quick_words(self.quick)

    @property
    def authentication(self) -> str:
        """How the hosts prove who they are, and what that depends on, in words."""
        methods = [m for m in (self.method, self.extended) if m]
        text = f"{short_name(self.method)} authentication"
        if self.extended:
            text += f" and {short_name(self.extended)} in extended mode"
        conditions = []
        if any(method in WITH_CERTIFICATE for method in methods):
            conditions.append("the certificates are trusted")
        if "IKEEXT_PRESHARED_KEY" in methods:
            conditions.append("both have the same pre-shared key")
        return f"{text}, if {' and '.join(conditions)}" if conditions else text

    @property
    def why_no_user(self) -> str:
        """Why no user is authenticated, in words; empty where one is.

        The user is told by extended mode, which only AuthIP has; anonymous, it would be the same as none ([MS-AIPS]
        1.7).
        """
        if self.extended == ANONYMOUS:
            return "extended mode is anonymous, so that no user is authenticated"
        if self.extended:
            return ""
        has = "has no" if self.module != "AuthIP" else "is agreed on without"
        return f"{self.module} {has} extended mode, so that no user is authenticated"


class NothingCommonError(Exception):
    """Two hosts have not in common what they need to negotiate; says what."""


def agree(initiator: Side, responder: Side) -> Agreement:
    """Return what two hosts agree on.

    AuthIP is preferred where both sides have it, and there is no way back to IKE: a responder with AuthIP discards the
    IKE packet ([MS-AIPS] 3.3.5.2) that the initiator sends beside its own (3.2.4). Authentication follows the
    initiator's order: AuthIP tries the common methods one after the other, IKE and IKEv2 end with the first that fails
    ([MS-AIPS] 1.3). Of several main mode proposals that both have, AuthIP takes the first of the responder's ([MS-AIPS]
    3.3.5.1); in IKE and IKEv2 the responder chooses (RFC 2408, 4.2; RFC 7296, 2.7), by the initiator's order as
    modelled.

    With AuthIP a method that needs a Diffie-Hellman exchange goes only with a proposal that has a group; a responder
    may take any group, and none.

    Where a side lets only encrypted traffic through, the proposals that encrypt are the only ones that count.

    Raises:
        NothingCommonError: they do not agree; says on what.
    """
    preferred = sorted(initiator.offers, key=PREFERENCE.index)
    module = _first_common(preferred, responder.offers, str, "keying module")
    ours, theirs = initiator.offers[module], responder.offers[module]
    method = _first_common(ours.methods, theirs.methods, _method, f"{module} authentication method")
    main, choice = _main_mode(module, ours, theirs, method.method)
    if initiator.encrypts or responder.encrypts:
        encrypting = [each for each in ours.quick.proposals if _encrypts(each)]
        quick = _first_common(encrypting, theirs.quick.proposals, quick_words, "quick mode proposal that encrypts")
    else:
        quick = _first_common(ours.quick.proposals, theirs.quick.proposals, quick_words, "quick mode proposal")
    return Agreement(module, method.method, main, quick, _extended(ours.extended, theirs.extended), choice)


def _main_mode(module: KeyingModule, ours: Offer, theirs: Offer, method: str) -> tuple[MainModeProposal, str]:
    """Return the main mode proposal that two hosts agree on, as the initiator offers it, and whose choice it was."""
    if module != "AuthIP":
        found = _first_common(ours.main, theirs.main, main_words, "main mode proposal")
        several = len({main_words(each) for each in ours.main} & {main_words(each) for each in theirs.main}) > 1
        return found, "by the initiator's order, unless the responder chooses another" if several else ""
    offered = [each for each in ours.main if each.dh_group != NO_GROUP or method not in NEEDS_DH]
    key = _without_group if theirs.optional_dh else main_words
    by_key: dict[str, MainModeProposal] = {}
    for each in offered:
        by_key.setdefault(key(each), each)
    wanted = _first_common(theirs.main, offered, key, "main mode proposal")
    several = len(by_key.keys() & {key(each) for each in theirs.main}) > 1
    return by_key[key(wanted)], "by the responder's order" if several else ""


def _without_group(proposal: MainModeProposal) -> str:
    return f"{proposal.cipher} {proposal.integrity}"


def _encrypts(proposal: QuickModeProposal) -> bool:
    return any(transform.cipher is not None for transform in proposal.transforms)


_Methods = tuple[AuthenticationMethod, ...] | None


def _extended(ours: _Methods, theirs: _Methods) -> str:
    """Return the common extended mode method of an initiator and a responder, empty if neither has extended mode.

    Extended mode is AuthIP's own. The rule: both sides have it or neither, and if both, the initiator's first method
    that the responder accepts. An initiator goes on to it if its own policy has one, and fails with a responder that
    accepts no method ([MS-AIPS] 3.6.7.1, 3.7.5.1); that a responder with extended mode refuses an initiator without
    is modelled.
    """
    if ours is None and theirs is None:
        return ""
    if ours is None or theirs is None:
        raise NothingCommonError(f"only the {'responder' if ours is None else 'initiator'} has extended mode")
    return _first_common(ours, theirs, _method, "extended mode authentication method").method


def _first_common(wanted: Iterable[_T], accepted: Iterable[_T], key: Callable[[_T], str], what: str) -> _T:
    keys = {key(each) for each in accepted}
    for each in wanted:
        if key(each) in keys:
            return each
    raise NothingCommonError(f"no common {what}")


def _method(method: AuthenticationMethod) -> str:
    return method.method


def main_words(proposal: MainModeProposal) -> str:
    """Return what must be the same for two main mode proposals to meet; lifetimes need not."""
    return f"{proposal.cipher} {proposal.integrity} {proposal.dh_group}"


def quick_words(proposal: QuickModeProposal) -> str:
    """Return what must be the same for two quick mode proposals to meet; lifetimes need not."""
    transforms = sorted(" ".join(_algorithms(transform)) for transform in proposal.transforms)
    return " ".join((*transforms, proposal.pfs_group))


def short_words(constants: str) -> str:
    """Return SDK constants without what they all begin with: ``AES_256, SHA_384, ECP_384``."""
    return ", ".join(_short(name) for name in constants.split())


def _short(name: str) -> str:
    for prefix in ("CIPHER_CONFIG_", "AUTH_CONFIG_", "CIPHER_", "INTEGRITY_", "TRANSFORM_", "DH_"):
        if short_name(name).startswith(prefix):
            return short_name(name).removeprefix(prefix)
    return short_name(name)


def _algorithms(transform: Transform) -> Iterator[str]:
    yield transform.type
    yield from filter(None, (transform.auth, transform.cipher))
