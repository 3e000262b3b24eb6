"""Provider contexts as BFE takes them: a known type, its policy, and what the keying module can do.

Source: FWPM_PROVIDER_CONTEXT0, IKEEXT_POLICY0, IKEEXT_AUTHENTICATION_METHOD_TYPE and IPSEC_TRANSPORT_POLICY0 of the
Windows SDK's documentation, and the WFP error codes.
"""

from collections.abc import Mapping
from typing import cast

from ndtui.backends.contract.engine import EngineError
from ndtui.model.compiled.context_documents import POLICY_MEMBERS
from ndtui.model.compiled.document_types import (
    ExtendedModeDocument,
    MainModeDocument,
    ProviderContextDocument,
    QuickModeDocument,
)
from ndtui.model.compiled.objects import module_of
from ndtui.model.design.authentication import METHODS
from ndtui.model.design.keying_modules import KeyingModule
from ndtui.model.vocabulary import members

MAIN_MODE = ("FWPM_IPSEC_IKE_MM_CONTEXT", "FWPM_IPSEC_AUTHIP_MM_CONTEXT", "FWPM_IPSEC_IKEV2_MM_CONTEXT")
QUICK_MODE = (
    "FWPM_IPSEC_IKE_QM_TRANSPORT_CONTEXT",
    "FWPM_IPSEC_AUTHIP_QM_TRANSPORT_CONTEXT",
    "FWPM_IPSEC_IKEV2_QM_TRANSPORT_CONTEXT",
)


def check_context(document: ProviderContextDocument, what: str) -> None:
    """Refuse a provider context that BFE would refuse. ``what`` names it in errors.

    Raises:
        EngineError: BFE refuses it.
    """
    kind = document.get("type")
    if kind not in members("FWPM_PROVIDER_CONTEXT_TYPE"):
        raise EngineError("FWP_E_INVALID_ENUMERATOR", f"{what}: there is no provider context type {kind}")
    if kind not in POLICY_MEMBERS:
        raise EngineError(
            "FWP_E_INVALID_ENUMERATOR", f"{what}: contexts of type {kind} are not emulated", remedy="leave it out"
        )
    by_name: Mapping[str, object] = document
    policy = by_name.get(POLICY_MEMBERS[kind])
    if not isinstance(policy, dict):
        raise EngineError("FWP_E_NULL_POINTER", f"{what} has no {POLICY_MEMBERS[kind]}")
    module = module_of(kind)
    if kind in MAIN_MODE:
        _check_main_mode(cast("MainModeDocument", policy), module, what)
    else:
        _check_quick_mode(cast("QuickModeDocument", policy), module, what)


def _check_main_mode(policy: MainModeDocument, module: KeyingModule, what: str) -> None:
    _check_filled(policy, "ikeProposals", what)
    _check_groups(policy, module, what)
    _check_methods(policy, module, what)


def _check_quick_mode(policy: QuickModeDocument, module: KeyingModule, what: str) -> None:
    _check_filled(policy, "ipsecProposals", what)
    for proposal in policy["ipsecProposals"]:
        _check_filled(proposal, "saTransforms", what)
    extended = policy.get("emPolicy")
    if extended is not None:
        if module != "AuthIP":
            raise EngineError("FWP_E_EM_NOT_SUPPORTED", f"{what}: {module} has no extended mode", remedy="use AuthIP")
        _check_methods(extended, module, what)


def _check_filled(policy: Mapping[str, object], member: str, what: str) -> None:
    """Refuse a list that is missing or empty."""
    if not policy.get(member):
        raise EngineError("FWP_E_ZERO_LENGTH_ARRAY", f"{what} has no {member}", remedy="name at least one")


def _check_groups(policy: MainModeDocument, module: KeyingModule, what: str) -> None:
    """Refuse proposals without a Diffie-Hellman group, which only AuthIP can do. Source: IKEEXT_DH_GROUP."""
    if module != "AuthIP" and any(each.get("dhGroup") == "IKEEXT_DH_GROUP_NONE" for each in policy["ikeProposals"]):
        raise EngineError(
            "FWP_E_INCOMPATIBLE_DH_GROUP", f"{what}: {module} needs a Diffie-Hellman group", remedy="choose one"
        )


def _check_methods(policy: MainModeDocument | ExtendedModeDocument, module: KeyingModule, what: str) -> None:
    _check_filled(policy, "authenticationMethods", what)
    seen = set()
    for method in policy["authenticationMethods"]:
        kind = method.get("authenticationMethodType")
        if kind not in METHODS[module]:
            raise EngineError(
                "FWP_E_INCOMPATIBLE_AUTH_METHOD",
                f"{what}: {module} cannot authenticate with {kind}",
                remedy=f"choose {', '.join(METHODS[module])}",
            )
        if kind in seen:
            raise EngineError("FWP_E_DUPLICATE_AUTH_METHOD", f"{what} names {kind} twice", remedy="name it once")
        seen.add(kind)
