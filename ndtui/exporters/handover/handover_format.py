"""The export format ``handover``: the design, the PowerShell script, the report, and the digests of all of them."""

import io
import zipfile
from collections.abc import Mapping, Sequence
from hashlib import sha256
from typing import ClassVar

from ndtui.analysis.check.finding import Finding
from ndtui.common.text import visible
from ndtui.exporters.contract import Export, Exporter, File, Inexpressible, Option, Value
from ndtui.exporters.exporting import to_be_told
from ndtui.model.compiled.objects import FilterSet
from ndtui.model.files.design_file import format_design

#: What is in a handover, by name; the last one has the digests of the others.
DESIGN, SCRIPT, REPORT, READ_FIRST, DIGESTS = (
    "design.toml",
    "policy.ps1",
    "report.html",
    "READ-FIRST.txt",
    "SHA256SUMS.txt",
)

_READ_FIRST = """\
{name}: an IPsec policy for Windows, handed over

{design}      what was decided; ndtui reads it back: ndtui import of this folder, or of its zip file
{script}       a script that applies, verifies and undoes it with Windows' own cmdlets; its head says how
{report}      what it does, for a screen or a printer
{digests}   the SHA-256 digest of each of these files

Before anything is run, in Windows PowerShell, compare the digests; nothing is printed where all of them are right:

  Get-Content '{digests}' | ForEach-Object {{
      $D, $N = $_ -split '  '; if ((Get-FileHash $N).Hash -ne $D) {{ "$N differs" }} }}

Then, as an administrator, with two minutes to confirm:

  .\\{script} -Action Apply -WhatIf
  .\\{script} -Action Apply -ConfirmWithin 2
  .\\{script} -Action Confirm
"""

_FOLDER = Option("folder", "several files for a folder that is there, in place of a zip file", default=False)
#: The time of every file in a zip, which has to have one: the same design gives the same bytes.
_TIME = (1980, 1, 1, 0, 0, 0)


class HandoverExporter(Exporter):
    """One zip file, or several files for a folder; nothing that the script has no place for is lost in silence."""

    name: ClassVar[str] = "handover"
    title: ClassVar[str] = "Handover: design, PowerShell script, report, digests"
    suffix: ClassVar[str] = ".zip"
    lossy: ClassVar[bool] = True
    options: ClassVar[tuple[Option, ...]] = (_FOLDER,)

    def unsupported(self, filterset: FilterSet, options: Mapping[str, Value]) -> Sequence[Inexpressible]:  # noqa: ARG002
        """Return what rules of Windows Firewall have no place for."""
        return _script_format().unsupported(filterset, {})

    def findings(self, filterset: FilterSet, options: Mapping[str, Value]) -> Sequence[Finding]:  # noqa: ARG002
        """Return what has to be known of the script."""
        return _script_format().findings(filterset, {})

    def export(self, filterset: FilterSet, options: Mapping[str, Value]) -> Export:
        """Return the files."""
        return _handed_over(filterset, _script_format().export(filterset, {}), options)

    def export_lossy(self, filterset: FilterSet, options: Mapping[str, Value], lost: Sequence[Inexpressible]) -> Export:
        """Return the files with a script without what is lost, which its head and the first file to read name.

        Raises:
            ExportError: without something of it the script would be wrong.
        """
        return _handed_over(filterset, _script_format().export_lossy(filterset, {}, lost), options, lost)


def _script_format() -> Exporter:
    from ndtui.exporters.powershell.powershell_format import PowerShellExporter  # noqa: PLC0415 - for a listing too much

    return PowerShellExporter()


def _handed_over(
    filterset: FilterSet, script: Export, options: Mapping[str, Value], lost: Sequence[Inexpressible] = ()
) -> Export:
    from ndtui.exporters.report.html_page import html_page  # noqa: PLC0415 - as above
    from ndtui.exporters.report.report_contents import report_of  # noqa: PLC0415 - as above

    told = to_be_told(_script_format().findings(filterset, {}), filterset.design)
    head = "".join(f"The script is without {visible(each.element)}: {visible(each.why)}\n" for each in lost)
    head += "".join(f"{visible(each.line)}\n" for each in told)
    names = {"design": DESIGN, "script": SCRIPT, "report": REPORT, "digests": DIGESTS}
    read_first = _READ_FIRST.format(name=visible(filterset.design.name), **names)
    texts = {
        DESIGN: format_design(filterset.design),
        SCRIPT: script.written(str(script.content)),
        REPORT: html_page(report_of(filterset, way_out=told)),
        READ_FIRST: f"{head}\n{read_first}" if head else read_first,
    }
    contents = {name: text.encode() for name, text in texts.items()}
    contents[DIGESTS] = "".join(f"{digest_of(data)}  {name}\n" for name, data in contents.items()).encode()
    if options[_FOLDER.name]:
        return Export(tuple(File(name, data) for name, data in contents.items()))
    return Export(_zipped(contents))


def digest_of(data: bytes) -> str:
    """Return the SHA-256 digest of a file as the list of digests has it: in small hexadecimal digits."""
    return sha256(data).hexdigest()


def _zipped(contents: Mapping[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in contents.items():
            entry = zipfile.ZipInfo(name, _TIME)
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, data)
    return buffer.getvalue()
