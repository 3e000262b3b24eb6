"""The export format ``netsh``: a batch file of netsh advfirewall commands."""

from collections.abc import Mapping, Sequence
from typing import ClassVar, NamedTuple
from weakref import WeakKeyDictionary

from ndtui.analysis.check.finding import Finding
from ndtui.exporters.connection_security.native_findings import Installed, native_findings
from ndtui.exporters.connection_security.native_policy import NativePolicy, native_policy
from ndtui.exporters.connection_security.native_stores import Store
from ndtui.exporters.contract import Export, Exporter, ExportError, Inexpressible, Value
from ndtui.exporters.exporting import listed, to_be_told
from ndtui.exporters.netsh_script.batch_file import batch_file
from ndtui.exporters.netsh_script.netsh_commands import Command, commands
from ndtui.exporters.netsh_script.netsh_names import stem_of
from ndtui.exporters.netsh_script.netsh_target import NetshTarget
from ndtui.model.compiled.objects import FilterSet

_TARGET = NetshTarget()
_INSTALLED = Installed(
    Store(local=True), one_module="export it with one keying module as powershell, whose rules name it"
)


class NetshExporter(Exporter):
    """A batch file that applies and undoes the policy with netsh advfirewall; CR LF line ends, ASCII."""

    name: ClassVar[str] = "netsh"
    title: ClassVar[str] = "netsh: a batch file of netsh advfirewall commands"
    suffix: ClassVar[str] = ".cmd"
    lossy: ClassVar[bool] = True

    def unsupported(self, filterset: FilterSet, options: Mapping[str, Value]) -> Sequence[Inexpressible]:  # noqa: ARG002
        """Return what netsh has no words for."""
        return _made(filterset).policy.reasons.all

    def findings(self, filterset: FilterSet, options: Mapping[str, Value]) -> Sequence[Finding]:  # noqa: ARG002
        """Return where defaults of Windows Firewall and of its store say what the design does not."""
        return tuple(native_findings(filterset, _made(filterset).policy, _INSTALLED))

    def export(self, filterset: FilterSet, options: Mapping[str, Value]) -> Export:  # noqa: ARG002
        """Return the file.

        Raises:
            ExportError: something of the design cannot be said.
        """
        made = _made(filterset)
        if made.policy.reasons.all:
            raise ExportError(f"the export format netsh cannot express {listed(made.policy.reasons.all)}")
        return _file(filterset, made, ())

    def export_lossy(
        self,
        filterset: FilterSet,
        options: Mapping[str, Value],  # noqa: ARG002
        lost: Sequence[Inexpressible],
    ) -> Export:
        """Return the file without what is lost, which its head names.

        Raises:
            ExportError: without something of it the rest would be wrong.
        """
        made = _made(filterset)
        if made.policy.reasons.fatal:
            raise ExportError(
                f"the export format netsh cannot leave out {listed(made.policy.reasons.fatal)}",
                remedy="change that in the design",
            )
        return _file(filterset, made, lost)


class _Made(NamedTuple):
    policy: NativePolicy
    commands: tuple[Command, ...]


#: What was made of a FilterSet, as long as it lives: whether it can be said, the file and findings ask for the same.
_MADE: "WeakKeyDictionary[FilterSet, _Made]" = WeakKeyDictionary()


def _made(filterset: FilterSet) -> _Made:
    """Return what a design becomes; a command that cannot be written is one more reason."""
    if filterset not in _MADE:
        policy = native_policy(filterset, _TARGET)
        written = []
        for each in commands(policy, stem_of(filterset.design)):
            if isinstance(each, Command):
                written.append(each)
            else:
                policy.reasons.refuse(*each)
        _MADE[filterset] = _Made(policy, tuple(written))
    return _MADE[filterset]


def _file(filterset: FilterSet, made: _Made, lost: Sequence[Inexpressible]) -> Export:
    told = to_be_told(native_findings(filterset, made.policy, _INSTALLED), filterset.design)
    return Export(batch_file(filterset.design, made.policy, made.commands, lost, told), "\r\n")
