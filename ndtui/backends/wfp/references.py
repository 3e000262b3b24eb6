"""References to secrets and certificate roots: whether all of them can be followed, before anything is done."""

from collections.abc import Iterable

from ndtui.backends.contract.backend_errors import BackendError
from ndtui.backends.contract.engine import EngineError
from ndtui.backends.wfp.marshal.object_structs import Arena, to_struct
from ndtui.backends.wfp.native import Native
from ndtui.model.compiled.document_types import Document


def check_references(native: Native, documents: Iterable[Document], *, way_back: bool = False) -> None:
    """Make sure that every secret and root is there that some objects refer to.

    They are made as for Windows, which follows the references, and given up: the arena overwrites what was secret.

    Raises:
        BackendError: one is not there; with ``way_back`` it says that there would be no way back.
    """
    for document in documents:
        if "providerContextKey" not in document or "layerKey" in document:
            continue  # no other kind of object refers to any
        try:
            with Arena() as arena:
                to_struct(native, arena, "providerContext", document)
        except EngineError:
            continue  # what Windows would refuse is said when it does
        except BackendError as error:
            before = "there would be no way back: " if way_back else ""
            raise BackendError(f"{before}{error.message}; nothing was done", remedy=error.remedy) from None
