"""Which objects an enumeration lists: the FWPM_*_ENUM_TEMPLATE0 structures."""

from ctypes import pointer

from ndtui.backends.contract.engine import EngineError
from ndtui.backends.wfp.marshal.object_structs import Arena
from ndtui.backends.wfp.native import Struct
from ndtui.model.compiled.document_types import Kind
from ndtui.model.vocabulary import members, number_of

_EVERY_ACTION = 0xFFFFFFFF


def object_template(
    wfp: Struct, arena: Arena, kind: Kind, provider: str | None, context_type: str | None
) -> Struct | None:
    """Return the template for objects other than filters; ``None`` where it cannot express what is asked for.

    A template for providers has no criteria, and one for provider contexts always has a type.

    Raises:
        EngineError: there is no such type of provider contexts.
    """
    if kind == "subLayer" and provider is not None:
        template = arena.structure(wfp.FWPM_SUBLAYER_ENUM_TEMPLATE0)
    elif kind == "providerContext" and context_type is not None:
        template = arena.structure(wfp.FWPM_PROVIDER_CONTEXT_ENUM_TEMPLATE0)
        template.providerContextType = _type_number(context_type)
    else:
        return None
    _set_provider(wfp, arena, template, provider)
    return template


def filter_template(wfp: Struct, arena: Arena, layer: Struct, provider: str | None) -> Struct:
    """Return the template for all filters of a layer, or for those of one provider.

    Boot-time and disabled filters are included: Windows may have disabled those of a provider without a service when
    it started (FWPM_PROVIDER_FLAG_DISABLED), and they are still there.
    """
    template = arena.structure(wfp.FWPM_FILTER_ENUM_TEMPLATE0)
    _set_provider(wfp, arena, template, provider)
    template.layerKey = layer
    template.enumType = wfp.FWP_FILTER_ENUM_OVERLAPPING
    template.flags = wfp.FWP_FILTER_ENUM_FLAG_INCLUDE_BOOTTIME | wfp.FWP_FILTER_ENUM_FLAG_INCLUDE_DISABLED
    template.actionMask = _EVERY_ACTION
    return template


def _set_provider(wfp: Struct, arena: Arena, template: Struct, provider: str | None) -> None:
    if provider is not None:
        template.providerKey = pointer(arena.guid(wfp.Guid, provider))


def _type_number(name: str) -> int:
    if name not in members("FWPM_PROVIDER_CONTEXT_TYPE"):
        raise EngineError(
            "FWP_E_INVALID_ENUMERATOR",
            f"there are no provider contexts of type {name}",
            remedy="use an FWPM_PROVIDER_CONTEXT_TYPE",
        )
    return number_of(name)
