"""Proof: how a Linux peer and a Windows host show each other who they are, in IKE and IKEv2."""

from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from ndtui.exporters.contract import ExportError, Inexpressible
from ndtui.exporters.linux_peer.root_subject import WHY_NOT, root_subject
from ndtui.model.design.authentication import AuthenticationMethod, Side
from ndtui.model.design.certificate_criteria import EXPLICIT_TRUST_LIST
from ndtui.model.vocabulary import short_name

PRE_SHARED_KEY = "IKEEXT_PRESHARED_KEY"
_SUBJECT = "subject:"
_ONE_SIDED = ("IKEEXT_PSK_FLAG_LOCAL_AUTH_ONLY", "IKEEXT_PSK_FLAG_REMOTE_AUTH_ONLY")

_WHY = {
    "IKEEXT_KERBEROS": "Kerberos in IKE is Windows' own",
    "IKEEXT_EAP": "Windows has it for tunnels",
}
_WHAT = {"key_usages": "key usages", "name": "a name", "thumbprint": "one thumbprint"}


class Proof(NamedTuple):
    """A method, and what each side needs for it.

    ``windows_root`` is the subject of the root that Windows' own certificate is under, empty where the design names
    none; ``peer_roots`` are the roots that Windows accepts this peer's certificate under. ``key`` is the reference to a
    pre-shared key, never the key.
    """

    method: str
    key: str = ""
    windows_root: str = ""
    peer_roots: tuple[str, ...] = ()

    @property
    def curve(self) -> str:
        """The bits of the curve of an ECDSA certificate; empty for RSA."""
        return self.method.rpartition("_P")[2] if "ECDSA" in self.method else ""


class Proving(NamedTuple):
    """The first method that a program has, what it does not have, and what there is to say."""

    proof: Proof | None
    unmatched: tuple[Inexpressible, ...]
    remarks: tuple[str, ...] = ()


def proving(methods: Sequence[AuthenticationMethod], place: str, why_not: Callable[[str], str]) -> Proving:
    """Return how a peer proves who it is; ``why_not`` says of a method why a program does not have it, or nothing.

    Raises:
        ExportError: the name of a root cannot be written.
    """
    unmatched: list[Inexpressible] = []
    for method in methods:
        reason = _WHY.get(method.method) or _half(method) or why_not(method.method)
        if not reason:
            proof, more = _proof(method, place)
            return Proving(proof, (*unmatched, *more), tuple(_remarks(method, place)))
        unmatched.append(Inexpressible(f"{place}: {method.method}", reason))
    return Proving(None, tuple(unmatched))


def _half(method: AuthenticationMethod) -> str:
    """Return why a key cannot be used that is for one side alone; empty if it is for both."""
    halves = [flag for flag in method.flags if flag in _ONE_SIDED]
    return f"with {halves[0]} each side proves itself in another way" if halves else ""


def _proof(method: AuthenticationMethod, place: str) -> tuple[Proof, list[Inexpressible]]:
    if method.method == PRE_SHARED_KEY:
        return Proof(method.method, key=method.key or ""), []
    presented, accepted = _roots(method, "outbound"), _roots(method, "inbound")
    unmatched: list[Inexpressible] = []
    subjects: list[str] = []
    for root in presented:
        if not root.startswith(_SUBJECT):
            unmatched.append(
                Inexpressible(f"{place}: {root}", "the programs know a root by its subject: load only that root here")
            )
        elif subjects:
            unmatched.append(Inexpressible(f"{place}: {root}", "a connection names one root"))
        else:
            subjects.append(root.removeprefix(_SUBJECT))
    written = [root_subject(subject) for subject in subjects]
    if None in written:
        raise ExportError(f"the subject of a root of {place} cannot be written for a peer", remedy=WHY_NOT)
    return Proof(method.method, windows_root=(written[0] or "") if written else "", peer_roots=accepted), unmatched


def _roots(method: AuthenticationMethod, side: Side) -> tuple[str, ...]:
    if method.config(side) != EXPLICIT_TRUST_LIST:
        return ()
    named = (each.root for each in method.criteria(side) if each.root)
    return method.roots_of(side) or tuple(dict.fromkeys(named))


def _remarks(method: AuthenticationMethod, place: str) -> Iterator[str]:
    if not method.with_certificate:
        return
    if method.config("outbound") != EXPLICIT_TRUST_LIST:
        yield (
            f"{place}: Windows takes its certificate from {short_name(method.outbound or '')}: the design names no "
            "root, so this peer accepts any root that it has: load only those of Windows' certificates."
        )
    if method.config("inbound") != EXPLICIT_TRUST_LIST:
        yield f"{place}: this peer's certificate has to be under a root of Windows' {short_name(method.inbound or '')}."
    wanted = [words for name, words in _WHAT.items() if any(getattr(each, name) for each in method.criteria("inbound"))]
    if wanted:
        yield f"{place}: Windows wants more of this peer's certificate than its root: {', '.join(wanted)}."
