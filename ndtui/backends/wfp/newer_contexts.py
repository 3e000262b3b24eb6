"""Provider contexts that need a newer Windows than this: said before anything is changed, with what needs it."""

from collections.abc import Iterable

from ndtui.backends.contract.engine import EngineError
from ndtui.backends.wfp.error_codes import named
from ndtui.backends.wfp.marshal.context_versions import NEEDED, context_version, newer_member
from ndtui.backends.wfp.native import Native
from ndtui.model.compiled.document_names import display_name, key_of
from ndtui.model.compiled.document_types import Document


def add_function(document: Document) -> str:
    """Return the name of the function that adds a provider context."""
    return f"FwpmProviderContextAdd{context_version(document)}"


def check_windows(native: Native, documents: Iterable[Document]) -> None:
    """Make sure that this Windows has the functions that the provider contexts among some objects take.

    Raises:
        EngineError: it lacks one; the error names the object, the member that needs it, and what Windows it takes.
    """
    for document in documents:
        member = "" if "layerKey" in document else newer_member(document)
        if member and not native.has(add_function(document)):
            name = named("providerContext", display_name(document), key_of("providerContext", document))
            raise EngineError(
                "ERROR_PROC_NOT_FOUND",
                f"{name} says {member}, which takes {NEEDED} or later: this Windows has no {add_function(document)}; "
                "nothing was changed",
                remedy=f"leave that out of the design, or apply it to {NEEDED} or later",
                number=127,
            )
