"""Which events a person asks for."""

from dataclasses import dataclass

from ndtui.analysis.events.decisions import Decisions, layer_of_event
from ndtui.analysis.events.network_event import NetworkEvent
from ndtui.common.errors import InputError
from ndtui.common.suggestion import near
from ndtui.common.text import visible
from ndtui.model.vocabulary import short_name
from ndtui.model.vocabulary.layer_ids import LAYER_BY_ID


@dataclass(frozen=True, slots=True)
class EventSearch:
    """What to look for; every text that is given must be found, in upper or lower case.

    ``provider`` is looked for in the key and the name of the provider of an event's filter, ``layer`` is the full or
    the short name of a layer, or its run-time identifier, ``find`` is looked for in all texts of an event and its
    filter.
    """

    provider: str = ""
    layer: str = ""
    find: str = ""

    def wants(self, event: NetworkEvent, decisions: Decisions | None) -> bool:
        """Tell whether an event is one of those."""
        if not (self.provider or self.layer or self.find):
            return True
        decider = None if decisions is None else decisions.filter(event.filter_id)
        if self.layer and not self._at_layer(event, layer_of_event(event, decider)):
            return False
        of_filter: tuple[str, ...] = ()
        of_provider: tuple[str, ...] = ()
        if decider is not None and decisions is not None:
            of_provider = (decider.provider, decisions.provider(decider.provider))
            of_filter = (decider.key, decider.name, decider.description, decider.layer, decider.sublayer, *of_provider)
        if self.provider and not _has(self.provider, of_provider):
            return False
        return not self.find or _has(self.find, (*event.texts(), *of_filter))

    def check(self) -> None:
        """Make sure that the layer is one that there is.

        Raises:
            InputError: it is none; names those that come near.
        """
        wanted = self.layer.upper()
        names = [*map(short_name, LAYER_BY_ID.values())]
        if wanted and not wanted.isdigit() and wanted not in LAYER_BY_ID.values() and wanted not in names:
            otherwise = "name one such as ALE_AUTH_CONNECT_V4, or its run-time identifier, such as 48"
            raise InputError(f"there is no layer {visible(self.layer)}", remedy=near(wanted, names) or otherwise)

    def _at_layer(self, event: NetworkEvent, layer: str) -> bool:
        return self.layer.upper() in (layer, short_name(layer), str(event.layer_id))


def _has(wanted: str, texts: tuple[str, ...]) -> bool:
    folded = wanted.casefold()
    return any(folded in text.casefold() for text in texts)
