"""Negotiation: what two hosts agree on, or why they do not.

Main mode, quick mode and their order follow https://learn.microsoft.com/windows/win32/fwp/ipsec-configuration
and [MS-AIPS], Authenticated Internet Protocol. What the documents leave open is modelled, and said to be.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import NamedTuple, TypeVar

from ndtui.model.design.design import Design
from ndtui.model.design.ipsec_policy import (
    WITH_CERTIFICATE,
    AuthenticationMethod,
    KeyingModule,
    MainModeProposal,
    QuickModeProposal,
    Transform,
)
from ndtui.model.vocabulary import short_name

PREFERENCE: tuple[KeyingModule, ...] = ("AuthIP", "IKE")
_T = TypeVar("_T")


class Side(NamedTuple):
    """One side of a negotiation: its keying modules, and the design that says what it offers with them."""

    modules: tuple[KeyingModule, ...]
    design: Design

    @classmethod
    def of(cls, design: Design) -> "Side":
        """Return the side that a design takes."""
        return cls(design.keying_modules, design)


@dataclass(frozen=True, slots=True)
class Agreement:
    """What two hosts agree on; ``extended`` is empty where there is no extended mode."""

    module: KeyingModule
    method: str
    main: MainModeProposal
    quick: QuickModeProposal
    extended: str

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


class NothingCommonError(Exception):
    """Two hosts have not in common what they need to negotiate; says what."""


def agree(initiator: Side, responder: Side) -> Agreement:
    """Return what two hosts agree on.

    AuthIP is preferred where both sides have it, and there is no way back to IKE: a responder with AuthIP discards the
    IKE packet that the initiator sends beside its own ([MS-AIPS] 3.3.5.2). Authentication follows the initiator's
    order. So do the proposals, as modelled: [MS-AIPS] 3.3.5.1 lets an AuthIP responder choose by its own order, which
    may name another proposal but never changes whether there is one.

    Raises:
        NothingCommonError: they do not agree; says on what.
    """
    preferred = sorted(initiator.modules, key=PREFERENCE.index)
    module = _first_common(preferred, responder.modules, str, "keying module")
    ours, theirs = initiator.design, responder.design
    method = _first_common(
        ours.main_mode.authentication(module),
        theirs.main_mode.authentication(module),
        _method,
        f"{module} authentication method",
    )
    main = _first_common(ours.main_mode.proposals, theirs.main_mode.proposals, main_words, "main mode proposal")
    quick = _first_common(ours.quick_mode.proposals, theirs.quick_mode.proposals, quick_words, "quick mode proposal")
    extended = _extended(ours, theirs) if module == "AuthIP" else ""
    return Agreement(module, method.method, main, quick, extended)


def _extended(initiator: Design, responder: Design) -> str:
    """Return the common extended mode method, empty if neither side has extended mode.

    Extended mode is AuthIP's own. The rule: both sides have it or neither, and if both, the initiator's first method
    that the responder accepts. An initiator goes on to it if its own policy has one, and fails with a responder that
    accepts no method ([MS-AIPS] 3.6.7.1, 3.7.5.1); that a responder with extended mode refuses an initiator without
    is modelled.
    """
    ours, theirs = initiator.extended_mode, responder.extended_mode
    if ours is None and theirs is None:
        return ""
    if ours is None or theirs is None:
        raise NothingCommonError(f"only the {'responder' if ours is None else 'initiator'} has extended mode")
    what = "extended mode authentication method"
    return _first_common(ours.authentication, theirs.authentication, _method, what).method


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
