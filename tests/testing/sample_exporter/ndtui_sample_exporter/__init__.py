"""An export format in every shape: the ports that a design leaves open, as a text, packed, or a file per protocol."""

import gzip
from collections.abc import Mapping, Sequence
from typing import ClassVar

from ndtui.analysis.check.finding import Finding
from ndtui.common.text import visible
from ndtui.exporters.contract import Export, Exporter, File, Inexpressible, Option, Value
from ndtui.model.compiled.objects import FilterSet
from ndtui.model.compiled.origin import Origin
from ndtui.model.design.exemption import Exemption


class OpeningsExporter(Exporter):
    """Says ports, and has no place for anything else that an exemption may be narrowed by."""

    contract_version: ClassVar[int] = 1
    name: ClassVar[str] = "openings"
    title: ClassVar[str] = "Openings: the ports that are left out of IPsec"
    suffix: ClassVar[str] = ".txt"
    options: ClassVar[tuple[Option, ...]] = (
        Option("shape", "one text, the same packed, or a file for each protocol", "text", ("text", "packed", "files")),
        Option("names", "write the name of the exemption after each port", default=False),
        Option("indent", "how many blanks stand before a port", default=0),
    )

    lossy: ClassVar[bool] = True

    def unsupported(self, filterset: FilterSet, options: Mapping[str, Value]) -> Sequence[Inexpressible]:
        return [
            Inexpressible(f"exemption {each.name}", "it is more or less than remote ports")
            for each in exemptions(filterset)
            if not is_ports(each)
        ]

    def findings(self, filterset: FilterSet, options: Mapping[str, Value]) -> Sequence[Finding]:
        return [
            Finding(
                "openings-remote-desktop",
                "warning",
                Origin.exemption(each.name),
                "Remote desktop is left out, and the list says so to everybody who reads it",
                "Whoever has the list knows where to try.",
                "Leave port 3389 out of the design, or keep the list to yourself.",
                "the manual of openings, page 1",
            )
            for each in exemptions(filterset)
            if is_ports(each) and any(port.low <= 3389 <= port.high for port in each.remote_ports)
        ]

    def export(self, filterset: FilterSet, options: Mapping[str, Value]) -> Export:
        return self.export_lossy(filterset, options, ())

    def export_lossy(self, filterset: FilterSet, options: Mapping[str, Value], lost: Sequence[Inexpressible]) -> Export:
        head = "".join(f"# without {visible(each.element)}: {each.why}\n" for each in lost)
        texts = {
            protocol: "".join(
                f"{' ' * int(options['indent'])}{port}/{protocol}{f' {each.name}' if options['names'] else ''}\n"
                for each in exemptions(filterset)
                if each.protocol == protocol and is_ports(each)
                for port in each.remote_ports
            )
            for protocol in ("tcp", "udp")
        }
        if options["shape"] == "files":
            named = ((f"{protocol}.txt", text or "none\n") for protocol, text in texts.items())
            return Export(tuple(File(name, f"{head}{text}") for name, text in named))
        text = head + ("".join(texts.values()) or "none\n")
        return Export(gzip.compress(text.encode("utf-8"), mtime=0) if options["shape"] == "packed" else text)


def is_ports(each: Exemption) -> bool:
    """Tell whether an exemption is remote ports, and nothing else."""
    return bool(each.remote_ports and not (each.local_ports or each.local_addresses or each.remote_addresses))


def exemptions(filterset: FilterSet) -> list[Exemption]:
    """Return the exemptions that are on."""
    return [each for each in filterset.design.exemptions if each.enabled]
