"""References to secrets, certificate roots and programs: whether all can be followed, before anything is done."""

from collections.abc import Iterable

from ndtui.backends.contract.backend_errors import BackendError
from ndtui.backends.contract.engine import EngineError
from ndtui.backends.wfp.marshal.object_structs import Arena, to_struct
from ndtui.backends.wfp.marshal.program_ids import program_id
from ndtui.backends.wfp.native import Native
from ndtui.common.text import visible
from ndtui.model.compiled.document_names import display_name, is_filter
from ndtui.model.compiled.document_types import Document, FilterDocument
from ndtui.model.compiled.origin import Origin
from ndtui.model.design.program_path import FIELD as PROGRAM


def check_references(native: Native, documents: Iterable[Document], *, way_back: bool = False) -> None:
    """Make sure that every secret, root and program is there that some objects refer to.

    Contexts are made as for Windows, which follows the references, and given up: the arena overwrites what was secret.

    Raises:
        BackendError: one is not there; with ``way_back`` it says that there would be no way back.
    """
    before = "there would be no way back: " if way_back else ""
    for document in documents:
        if is_filter(document):
            _check_programs(native, document, before)
            continue
        if "providerContextKey" not in document:
            continue  # no other kind of object refers to any
        try:
            with Arena() as arena:
                to_struct(native, arena, "providerContext", document)
        except EngineError:
            continue  # what Windows would refuse is said when it does
        except BackendError as error:
            raise BackendError(f"{before}{error.message}; nothing was done", remedy=error.remedy) from None


def _check_programs(native: Native, document: FilterDocument, before: str) -> None:
    """Make sure that Windows can name the programs that a filter asks for."""
    for condition in document.get("filterCondition", ()):
        path = (
            condition["conditionValue"].get("byteBlob", {}).get("asString") if condition["fieldKey"] == PROGRAM else ""
        )
        if not path:
            continue
        try:
            program_id(native, path)
        except BackendError as error:
            raise BackendError(
                f"{before}{_maker(document)}: {error.message}; nothing was done", remedy=error.remedy
            ) from None


def _maker(document: FilterDocument) -> str:
    """Return the exemption that made a filter; another filter by its own name."""
    name = Origin.parse(document.get("origin", "")).exemption_name
    return display_name(document) if name is None else f"exemption {visible(name)!r}"
