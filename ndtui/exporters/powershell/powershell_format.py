"""The export format ``powershell``: a script on the NetSecurity cmdlets."""

from collections.abc import Mapping, Sequence
from typing import ClassVar

from ndtui.exporters.contract import Export, Exporter, ExportError, Inexpressible, Value
from ndtui.exporters.exporting import listed
from ndtui.exporters.powershell.native_policy import native_policy
from ndtui.exporters.powershell.script_text import script
from ndtui.model.compiled.objects import FilterSet


class PowerShellExporter(Exporter):
    """A script that applies, verifies and undoes the policy with Windows' own cmdlets; CR LF line ends, ASCII."""

    name: ClassVar[str] = "powershell"
    title: ClassVar[str] = "PowerShell: a script on the NetSecurity cmdlets"
    suffix: ClassVar[str] = ".ps1"
    lossy: ClassVar[bool] = True

    def unsupported(self, filterset: FilterSet, options: Mapping[str, Value]) -> Sequence[Inexpressible]:  # noqa: ARG002
        """Return what rules of Windows Firewall have no place for."""
        return native_policy(filterset).reasons.all

    def export(self, filterset: FilterSet, options: Mapping[str, Value]) -> Export:
        """Return the script.

        Raises:
            ExportError: something of the design cannot be said.
        """
        missing = self.unsupported(filterset, options)
        if missing:
            raise ExportError(f"the export format powershell cannot express {listed(missing)}")
        return Export(script(filterset.design, native_policy(filterset), ()), "\r\n")

    def export_lossy(
        self,
        filterset: FilterSet,
        options: Mapping[str, Value],  # noqa: ARG002
        lost: Sequence[Inexpressible],
    ) -> Export:
        """Return the script without what is lost, which its head names.

        Raises:
            ExportError: without something of it the rest would be wrong.
        """
        policy = native_policy(filterset)
        if policy.reasons.fatal:
            raise ExportError(
                f"the export format powershell cannot leave out {listed(policy.reasons.fatal)}",
                remedy="change that in the design",
            )
        return Export(script(filterset.design, policy, lost), "\r\n")
