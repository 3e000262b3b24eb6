"""The export format ``powershell``: a script on the NetSecurity cmdlets."""

from collections.abc import Mapping, Sequence
from typing import ClassVar
from weakref import WeakKeyDictionary

from ndtui.analysis.check.finding import Finding
from ndtui.exporters.connection_security.native_findings import Installed, native_findings
from ndtui.exporters.connection_security.native_policy import NativePolicy, native_policy
from ndtui.exporters.connection_security.native_stores import Store
from ndtui.exporters.connection_security.native_target import NET_SECURITY
from ndtui.exporters.contract import Export, Exporter, ExportError, Inexpressible, Option, Value
from ndtui.exporters.exporting import listed, to_be_told
from ndtui.exporters.powershell.script_text import script
from ndtui.model.compiled.objects import FilterSet

_INSTALLED = Installed(
    Store(local=True, passing="-PolicyStore ActiveStore", looks=True),
    by_host="host-icmp",
    has_sides=True,
    or_else="apply it with -ConfirmWithin, so that it is undone unless you still get in",
)


class PowerShellExporter(Exporter):
    """A script that applies, verifies and undoes the policy with Windows' own cmdlets; CR LF line ends, ASCII."""

    name: ClassVar[str] = "powershell"
    title: ClassVar[str] = "PowerShell: a script on the NetSecurity cmdlets"
    suffix: ClassVar[str] = ".ps1"
    lossy: ClassVar[bool] = True
    options: ClassVar[tuple[Option, ...]] = (
        Option("host-icmp", "leave out all of ICMP by the setting of the host, not by a rule", default=False),
    )

    def unsupported(self, filterset: FilterSet, options: Mapping[str, Value]) -> Sequence[Inexpressible]:
        """Return what rules of Windows Firewall have no place for."""
        return _policy(filterset, options).reasons.all

    def findings(self, filterset: FilterSet, options: Mapping[str, Value]) -> Sequence[Finding]:
        """Return where defaults of Windows Firewall and of its stores say what the design does not."""
        return tuple(native_findings(filterset, _policy(filterset, options), _INSTALLED))

    def export(self, filterset: FilterSet, options: Mapping[str, Value]) -> Export:
        """Return the script.

        Raises:
            ExportError: something of the design cannot be said.
        """
        policy = _policy(filterset, options)
        if policy.reasons.all:
            raise ExportError(f"the export format powershell cannot express {listed(policy.reasons.all)}")
        return _script(filterset, policy, ())

    def export_lossy(
        self,
        filterset: FilterSet,
        options: Mapping[str, Value],
        lost: Sequence[Inexpressible],
    ) -> Export:
        """Return the script without what is lost, which its head names.

        Raises:
            ExportError: without something of it the rest would be wrong.
        """
        policy = _policy(filterset, options)
        if policy.reasons.fatal:
            raise ExportError(
                f"the export format powershell cannot leave out {listed(policy.reasons.fatal)}",
                remedy="change that in the design",
            )
        return _script(filterset, policy, lost)


#: What was made of a FilterSet, as long as it lives: whether it can be said, the script and findings ask for the same.
_POLICIES: "WeakKeyDictionary[FilterSet, dict[bool, NativePolicy]]" = WeakKeyDictionary()


def _policy(filterset: FilterSet, options: Mapping[str, Value]) -> NativePolicy:
    made = _POLICIES.setdefault(filterset, {})
    by_host = bool(options.get("host-icmp", False))
    if by_host not in made:
        made[by_host] = native_policy(filterset, NET_SECURITY, host_exemptions=by_host)
    return made[by_host]


def _script(filterset: FilterSet, policy: NativePolicy, lost: Sequence[Inexpressible]) -> Export:
    told = to_be_told(native_findings(filterset, policy, _INSTALLED), filterset.design)
    return Export(script(filterset.design, policy, lost, told), "\r\n")
