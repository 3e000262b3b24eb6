"""How a negotiation goes that a packet starts, as rows below the packet's layers: IKE's own packets, then its modes."""

from collections.abc import Iterator
from dataclasses import dataclass

from ndtui.analysis.trace.packet_way import Keying, Stage
from ndtui.analysis.wording.context_properties import explain_context
from ndtui.analysis.wording.element_words import origin_words
from ndtui.analysis.wording.properties import Line
from ndtui.model.compiled.ike_exemptions import OF_IKEV2_ALONE, is_for_ikev2_alone, is_of_bfe
from ndtui.model.compiled.objects import FilterSet
from ndtui.model.compiled.origin import Origin
from ndtui.model.vocabulary import short_name
from ndtui.model.vocabulary.layers import family_of
from ndtui.model.vocabulary.pages import PAGES

#: Lines of a context that say how it is kept, not what is negotiated.
_KEPT = ("Description", "Made by", "Type", "Used at", "Object flags", "Provider", "Key", "See")


@dataclass(frozen=True, slots=True, eq=False)
class IkeRow:
    """IKE's own packets, on which every negotiation depends."""

    keying: Keying

    @property
    def origin(self) -> Origin | None:
        """What made the filter that decides on them."""
        responsible = self.keying.packet.responsible
        return None if responsible is None else responsible.filter.origin


@dataclass(frozen=True, slots=True, eq=False)
class StageRow:
    """Main mode or quick mode of the negotiation that the packet starts."""

    stage: Stage
    filterset: FilterSet

    @property
    def origin(self) -> Origin | None:
        """The keying module whose policy is found first."""
        return self.stage.filters[0].origin if self.stage.filters else None


def keying_cells(row: IkeRow | StageRow) -> tuple[str, ...]:
    """Return the texts of a row: where, which filter, what it does, what made it."""
    if isinstance(row, StageRow):
        names = ", ".join(each.label for each in row.stage.filters) or "(no policy)"
        made_by = ", ".join(origin_words(each.origin) for each in row.stage.filters)
        return (short_name(row.stage.layer), names, row.stage.name, made_by)
    deciding = row.keying.packet.responsible
    name = "(no filter matches)" if deciding is None else deciding.filter.label
    made_by = "" if deciding is None else origin_words(deciding.filter.origin)
    return ("IKE, UDP 500", name, "passes" if row.keying.passes else "is dropped", made_by)


def explain_keying(row: IkeRow | StageRow) -> Iterator[Line]:
    """Yield everything about a row."""
    yield from _explain_ike(row.keying) if isinstance(row, IkeRow) else _explain_stage(row)


def _explain_ike(keying: Keying) -> Iterator[Line]:
    traced = keying.packet
    ports = "UDP 500, or 4500 through address translation" if traced.packet.family == "V4" else "UDP 500"
    alone = is_for_ikev2_alone(traced.design)
    whose = "IKEv2, with packets of its own" if alone else "IKE and AuthIP, with packets of their own"
    yield Line("Negotiates", f"{whose}: {ports}")
    yield Line("Traced as", str(traced.packet))
    for step in traced.steps:
        if step.deciding is not None:
            does = "permits it" if not step.deciding.filter.slot.callout else "hands it to IPsec"
            yield Line("Decides", f"{step.deciding.filter.name} at {short_name(step.layer)}: {does}")
    if not keying.passes:
        yield Line("Beware", "IKE's own packets are not left out of IPsec, so that no negotiation can succeed")
    deciding = keying.packet.responsible
    if deciding is not None and is_of_bfe(deciding.filter) and alone:
        yield Line("Beware", OF_IKEV2_ALONE)
    yield Line("See", PAGES["ike-exemptions"])


def _explain_stage(row: StageRow) -> Iterator[Line]:
    stage = row.stage
    yield Line("Negotiates", f"{stage.name}, by the policy that is found at {short_name(stage.layer)}")
    if len(stage.filters) > 1:
        yield Line("Preferred", "AuthIP, where both hosts have it")
    if not stage.filters:
        yield Line(
            "Beware", f"the policy has no filter there for IPv{family_of(stage.layer)[1]}: nothing is negotiated"
        )
    for each in stage.filters:
        yield Line("Decides", f"{each.name}; made by {origin_words(each.origin)}")
        context = None if each.slot.context is None else row.filterset.contexts_by_key.get(each.slot.context)
        if context is not None:
            yield from (line for line in explain_context(context, row.filterset) if line.label not in _KEPT)
    yield Line("See", PAGES["ipsec-configuration"])
