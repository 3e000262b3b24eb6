"""What an object may refer to.

Source: https://learn.microsoft.com/windows/win32/fwp/object-management
"""

from ndtui.backends.bfe.rules.context_rules import MAIN_MODE, QUICK_MODE
from ndtui.backends.bfe.rules.object_rules import named
from ndtui.backends.bfe.state import Row
from ndtui.backends.bfe.stored_document import stored_document
from ndtui.backends.contract.engine import EngineError
from ndtui.model.compiled.document_types import Document
from ndtui.model.vocabulary.layers import IKEEXT, IPSEC, stem_of

#: The types of provider context that a layer's policy filters refer to.
_POLICY_TYPES = {IKEEXT: MAIN_MODE, IPSEC: QUICK_MODE}


def check_lifetimes(row: Row, target: Row, document: Document) -> None:
    """Refuse a reference to an object that may be deleted before the one that refers to it."""
    if target.lifetime == "dynamic":
        fits = row.session == target.session and row.lifetime == "dynamic"
    elif row.lifetime == "persistent":
        owner = target.provider if target.kind != "provider" else row.provider
        fits = target.lifetime == "builtin" or (target.lifetime == "persistent" and owner in ("", row.provider))
    else:
        fits = True
    if not fits:
        theirs = f"the {target.lifetime} {target.kind} {target.key}"
        raise EngineError(
            "FWP_E_LIFETIME_MISMATCH",
            f"{named(row.kind, document)} is {row.lifetime} and refers to {theirs}",
            remedy="let it live no longer than that",
        )


def check_policy(row: Row, target: Row, document: Document) -> None:
    """Refuse a provider context whose type is not that of the layer."""
    types = _POLICY_TYPES.get(stem_of(row.layer))
    if types is not None and stored_document(target).get("type") not in types:
        raise EngineError(
            "FWP_E_CONTEXT_INCOMPATIBLE_WITH_LAYER",
            f"{named(row.kind, document)} refers to a provider context of another type",
            remedy=f"use {' or '.join(types)}",
        )
