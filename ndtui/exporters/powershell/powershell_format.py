"""The export format ``powershell``: a script on the NetSecurity cmdlets."""

from collections.abc import Mapping, Sequence
from typing import ClassVar

from ndtui.exporters.connection_security.native_policy import NativePolicy, native_policy
from ndtui.exporters.contract import Export, Exporter, ExportError, Inexpressible, Option, Value
from ndtui.exporters.exporting import listed
from ndtui.exporters.powershell.script_text import script
from ndtui.model.compiled.objects import FilterSet


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

    def export(self, filterset: FilterSet, options: Mapping[str, Value]) -> Export:
        """Return the script.

        Raises:
            ExportError: something of the design cannot be said.
        """
        policy = _policy(filterset, options)
        if policy.reasons.all:
            raise ExportError(f"the export format powershell cannot express {listed(policy.reasons.all)}")
        return Export(script(filterset.design, policy, ()), "\r\n")

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
        return Export(script(filterset.design, policy, lost), "\r\n")


def _policy(filterset: FilterSet, options: Mapping[str, Value]) -> NativePolicy:
    return native_policy(filterset, host_exemptions=bool(options.get("host-icmp", False)))
