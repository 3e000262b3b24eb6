"""Edits of what is negotiated, as people think of it: lifetimes and groups of all proposals, who proves what."""

from typing import Any

from ndtui.model.design.authentication import AuthenticationMethod, kerberos
from ndtui.model.design.certificate_criteria import EXPLICIT_TRUST_LIST, STORES
from ndtui.model.design.ipsec_policy import MainMode, MainModeProposal, QuickModeProposal
from ndtui.model.design.keying_modules import KeyingModule

#: What each keying module calls authentication with a certificate.
CERTIFICATE: dict[KeyingModule, str] = {
    "IKE": "IKEEXT_CERTIFICATE",
    "AuthIP": "IKEEXT_SSL",
    "IKEv2": "IKEEXT_CERTIFICATE",
}


def altered(proposals: tuple[Any, ...], **changes: Any) -> tuple[Any, ...]:
    """Return proposals of one kind with some members changed in each.

    Raises:
        pydantic.ValidationError: a proposal cannot be like that.
    """
    return tuple(type(each).model_validate({**dict(each), **changes}) for each in proposals)


def common(proposals: tuple[MainModeProposal | QuickModeProposal, ...], member: str) -> Any | None:
    """Return the value that all proposals have of a member, or ``None`` where they differ or there is none."""
    found = {getattr(each, member) for each in proposals}
    return found.pop() if len(found) == 1 else None


def certificates_of(module: KeyingModule, roots: tuple[str, ...]) -> AuthenticationMethod:
    """Return authentication with a certificate of one of some roots; without any, of the organisation's own CA."""
    config = EXPLICIT_TRUST_LIST if roots else STORES[0]
    return AuthenticationMethod(method=CERTIFICATE[module], inbound=config, outbound=config, roots=roots)


def methods_like(module: KeyingModule, main_mode: MainMode, others: tuple[KeyingModule, ...]) -> AuthenticationMethod:
    """Return what a keying module authenticates with that says nothing of its own: certificates, as others do.

    Where several of ``others`` do, as the first of them; where none does, those of the organisation's own CA.
    """
    for other in others:
        for method in main_mode.authentication(other):
            if method.method == CERTIFICATE[other]:
                return AuthenticationMethod.model_validate({**dict(method), "method": CERTIFICATE[module], "flags": ()})
    return certificates_of(module, ())


def proof_of(main_mode: MainMode, modules: tuple[KeyingModule, ...]) -> tuple[str, tuple[str, ...]]:
    """Return what all of some keying modules ask for alone: ``kerberos``, or ``certificate`` with its roots.

    An empty text where they ask for several things, for different ones, or for more than that.
    """
    if not modules:
        return "", ()
    asked = [main_mode.authentication(module) for module in modules]
    if all(each == kerberos() for each in asked):
        return "kerberos", ()
    roots = asked[0][0].roots if asked[0] else ()
    wanted = [(certificates_of(module, roots),) for module in modules]
    return ("certificate", roots) if asked == wanted else ("", ())


def with_proof(
    main_mode: MainMode, modules: tuple[KeyingModule, ...], proof: str, roots: tuple[str, ...] = ()
) -> MainMode:
    """Return main mode policy in which some keying modules ask for one thing alone, as ``proof_of`` says it.

    Raises:
        pydantic.ValidationError: a keying module does not have it.
    """
    methods = {
        f"{module.lower()}_authentication": kerberos() if proof == "kerberos" else (certificates_of(module, roots),)
        for module in modules
    }
    return MainMode.model_validate({**dict(main_mode), **methods})
