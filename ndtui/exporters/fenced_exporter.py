"""An export format of somebody else, each call of it fenced: what it raises is one line, what it returns is checked.

Formats of this package stand in no fence: what they raise beyond the contract is a mistake of this program.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

from ndtui.common.checked_values import checked
from ndtui.common.plugins import Fence
from ndtui.exporters.contract import Export, Exporter, Inexpressible, Option, Value

if TYPE_CHECKING:  # the command line lists the formats without the model
    from ndtui.analysis.check.finding import Finding
    from ndtui.model.compiled.objects import FilterSet


def fenced(name: str, fence: Fence, make: Callable[[], Exporter]) -> Exporter:
    """Make a format of somebody else and return it behind a fence.

    Raises:
        ExportError: it cannot be made, or does not say what it is.
    """
    inner = fence.call("cannot be opened", make)

    class Fenced(FencedExporter):
        pass

    Fenced.name = name
    Fenced.title, Fenced.suffix, Fenced.options, Fenced.lossy = fence.call(
        "does not say what it is",
        lambda: (
            checked(inner.title, str),
            checked(inner.suffix, str),
            checked(inner.options, tuple[Option, ...]),
            checked(inner.lossy, bool),
        ),
    )
    return Fenced(inner, fence)


class FencedExporter(Exporter):
    """Stands before a format of somebody else. Every method of the contract is written here."""

    def __init__(self, inner: Exporter, fence: Fence) -> None:
        self._inner = inner
        self._fence = fence

    def unsupported(self, filterset: "FilterSet", options: Mapping[str, Value]) -> Sequence[Inexpressible]:
        """Return what of a design cannot be said in this format."""
        return self._fence.call(
            "failed", lambda: checked(list(self._inner.unsupported(filterset, options)), tuple[Inexpressible, ...])
        )

    def findings(self, filterset: "FilterSet", options: Mapping[str, Value]) -> "Sequence[Finding]":
        """Return what has to be known of a design in this format."""
        from ndtui.analysis.check.finding import Finding  # noqa: PLC0415 - the listing of formats needs no checker

        return self._fence.call(
            "failed", lambda: checked(list(self._inner.findings(filterset, options)), tuple[Finding, ...])
        )

    def export_lossy(
        self, filterset: "FilterSet", options: Mapping[str, Value], lost: Sequence[Inexpressible]
    ) -> Export:
        """Return a design without what is lost."""
        return self._fence.call("failed", lambda: checked(self._inner.export_lossy(filterset, options, lost), Export))

    def export(self, filterset: "FilterSet", options: Mapping[str, Value]) -> Export:
        """Return a design in this format."""
        return self._fence.call("failed", lambda: checked(self._inner.export(filterset, options), Export))
