"""The export format ``gpo-reg``: a .reg file with the registry values of a group policy."""

from collections.abc import Iterator, Mapping, Sequence
from typing import ClassVar, NamedTuple
from weakref import WeakKeyDictionary

from ndtui.analysis.check.finding import Finding
from ndtui.analysis.connection_security.host_exemptions import ICMP, said_by_bits
from ndtui.exporters.connection_security.native_exemptions import is_host_icmp
from ndtui.exporters.connection_security.native_findings import Installed, native_findings
from ndtui.exporters.connection_security.native_policy import NativePolicy, native_policy
from ndtui.exporters.connection_security.native_proposals import main_mode_set
from ndtui.exporters.connection_security.native_reasons import Reasons, called
from ndtui.exporters.connection_security.native_stores import Store
from ndtui.exporters.contract import Export, Exporter, ExportError, Inexpressible, Option, Value
from ndtui.exporters.exporting import listed, to_be_told
from ndtui.exporters.group_policy import reg_file
from ndtui.exporters.group_policy.policy_keys import STORES, Chosen, policy_keys
from ndtui.exporters.group_policy.reg_head import head
from ndtui.exporters.group_policy.registry_target import RegistryTarget
from ndtui.model.compiled.objects import FilterSet
from ndtui.model.design.design import Design, negotiation_of
from ndtui.model.scenarios.catalogue import MODES


class GpoRegExporter(Exporter):
    """A .reg file of connection security rules with their sets, or one that removes them, CR LF line ends."""

    name: ClassVar[str] = "gpo-reg"
    title: ClassVar[str] = "Group policy: registry values of Windows Firewall's rules"
    suffix: ClassVar[str] = ".reg"
    lossy: ClassVar[bool] = True
    options: ClassVar[tuple[Option, ...]] = (
        Option("store", "the key of group policy, or the machine's own store", "policy", tuple(STORES)),
        Option("main-mode", "what main mode offers too; its key has one source", default=False),
        Option("ipsec-exempt", "say for the whole host what exemptions say, and no more", default=False),
        Option("undo", "a file that removes what the other makes", default=False),
    )

    def unsupported(self, filterset: FilterSet, options: Mapping[str, Value]) -> Sequence[Inexpressible]:
        """Return what the registry values have no place for."""
        return _held(filterset, _chosen(options)).policy.reasons.all

    def findings(self, filterset: FilterSet, options: Mapping[str, Value]) -> Sequence[Finding]:
        """Return where defaults of Windows Firewall say what the design does not; nothing of a file that removes."""
        chosen = _chosen(options)
        return tuple(_findings(filterset, _held(filterset, chosen), chosen))

    def export(self, filterset: FilterSet, options: Mapping[str, Value]) -> Export:
        """Return the file.

        Raises:
            ExportError: something of the design cannot be said.
        """
        chosen = _chosen(options)
        held = _held(filterset, chosen)
        if held.policy.reasons.all:
            raise ExportError(f"the export format gpo-reg cannot express {listed(held.policy.reasons.all)}")
        return _export(filterset, held, chosen, ())

    def export_lossy(
        self,
        filterset: FilterSet,
        options: Mapping[str, Value],
        lost: Sequence[Inexpressible],
    ) -> Export:
        """Return the file without what is lost, which its head names.

        Raises:
            ExportError: without something of it the rest would be wrong.
        """
        chosen = _chosen(options)
        held = _held(filterset, chosen)
        if held.policy.reasons.fatal:
            raise ExportError(
                f"the export format gpo-reg cannot leave out {listed(held.policy.reasons.fatal)}",
                remedy="change that in the design",
            )
        return _export(filterset, held, chosen, lost)


class _Held(NamedTuple):
    """The objects of a design, and what the host leaves out by itself, where that is written."""

    policy: NativePolicy
    exempt: int | None


def _chosen(options: Mapping[str, Value]) -> Chosen:
    return Chosen(
        str(options.get("store", "policy")),
        bool(options.get("main-mode", False)),
        bool(options.get("ipsec-exempt", False)),
        bool(options.get("undo", False)),
    )


#: What was made of a FilterSet, as long as it lives: whether it can be said, the file and findings ask for the same.
_HELD: "WeakKeyDictionary[FilterSet, dict[Chosen, _Held]]" = WeakKeyDictionary()


def _held(filterset: FilterSet, chosen: Chosen) -> _Held:
    known = _HELD.setdefault(filterset, {})
    if chosen not in known:
        known[chosen] = _made(filterset, chosen)
    return known[chosen]


def _made(filterset: FilterSet, chosen: Chosen) -> _Held:
    target = RegistryTarget(main_mode=chosen.main_mode)
    exempt, names = _said_by_host(filterset.design) if chosen.ipsec_exempt else (None, frozenset())
    policy = native_policy(filterset, target, said_by_host=names)
    if chosen.main_mode:
        for name in _other_main_modes(filterset.design, target):
            policy.reasons.refuse(f"{name} main_mode", "a store has one set of main mode ([MS-FASP] 2.2.74)")
    return _Held(policy, exempt)


def _said_by_host(design: Design) -> tuple[int, frozenset[str]]:
    """Return what the host leaves out by itself if it says what exemptions say, and the names of those."""
    bits, names = said_by_bits(design.exemptions)
    icmp = {each.name for each in design.exemptions if each.enabled and is_host_icmp(each, design)}
    return bits | (ICMP if icmp else 0), names | icmp


def _other_main_modes(design: Design, target: RegistryTarget) -> Iterator[str]:
    """Yield the rules whose main mode is another than that of the rules before them."""
    first = None
    for rule in design.rules:
        if rule.enabled and MODES[rule.mode].protects:
            own = main_mode_set(negotiation_of(design, rule), "", target, Reasons())
            first = own if first is None else first
            if own != first:
                yield called("rule", rule.name)


def _findings(filterset: FilterSet, held: _Held, chosen: Chosen) -> Iterator[Finding]:
    if chosen.undo:
        return
    policy = held.policy
    if not chosen.main_mode:
        policy = policy._replace(rules=tuple(each for each in policy.rules if each.noun != "NetIPsecMainModeRule"))
    if held.exempt is not None:
        policy = policy._replace(by_host=bool(held.exempt & ICMP))
    store = Store(local=chosen.store == "local")
    installed = Installed(store, by_host="ipsec-exempt", replaces=held.exempt is not None)
    yield from native_findings(filterset, policy, installed)


def _export(filterset: FilterSet, held: _Held, chosen: Chosen, lost: Sequence[Inexpressible]) -> Export:
    design = filterset.design
    keys = tuple(policy_keys(design, held.policy, held.exempt, chosen))
    lines = (reg_file.removed if chosen.undo else reg_file.made)(keys)
    told = to_be_told(_findings(filterset, held, chosen), design)
    return Export(reg_file.written(("", *head(design, held.policy, lost, chosen, told), *lines)), "\r\n")
