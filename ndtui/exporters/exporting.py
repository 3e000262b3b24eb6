"""Exporting: a design in a format, with its options, as a text, bytes or files; or one line that says why not."""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from ndtui.analysis.check.finding import Finding, errors_first
from ndtui.analysis.check.suppression import unsuppressed
from ndtui.common import files
from ndtui.common.errors import InputError, RefusedError
from ndtui.common.suggestion import choose
from ndtui.common.text import in_quotes
from ndtui.exporters.bundle.designs_and_bundles import read_named
from ndtui.exporters.contract import Export, Exporter, ExportError, Inexpressible, Option, Value
from ndtui.model.compiled.objects import FilterSet
from ndtui.model.design.design import Design
from ndtui.model.files.design_file import format_design

#: Elements that a refusal names; it counts the others.
_NAMED = 4


class InexpressibleError(ExportError):
    """The format has no place for something of the design; ``can_be_left_out`` tells whether it can leave that out."""

    can_be_left_out = False

    def leaving_out(self) -> "InexpressibleError":
        """Return it as one of something that can be left out."""
        self.can_be_left_out = True
        return self


def values_of(exporter: Exporter, given: Mapping[str, str]) -> dict[str, Value]:
    """Return a value for each option of a format: what was given as text, and the defaults.

    Of an option that names a design it is that design as TOML.

    Raises:
        InputError: there is no such option, or it cannot have that value; says what would be right.
        RefusedError: a design is a bundle that was edited by hand, or of rules that it does not say in full.
    """
    known = {option.name: option for option in exporter.options}
    for name in given:
        if name not in known:
            remedy = choose(name, known) if known else "it has none"
            raise InputError(f"the export format {exporter.name} has no option {in_quotes(name)}", remedy=remedy)
    return {name: _value(option, given[name]) if name in given else option.default for name, option in known.items()}


def _value(option: Option, text: str) -> Value:
    if option.design and text.strip():
        source = read_named(text.strip())
        if source.lost:
            raise RefusedError(source.remark, remedy="a design is all that is taken here: import it first")
        return format_design(source.design)
    return option.read(text.strip() if option.design else text)


class Exported(NamedTuple):
    """A design in a format, what has to be known of it there, errors first, and what is left out of it."""

    export: Export
    findings: tuple[Finding, ...] = ()
    lost: tuple[Inexpressible, ...] = ()


def export(exporter: Exporter, filterset: FilterSet, given: Mapping[str, str], *, lossy: bool = False) -> Export:
    """Return a design in a format; as ``exported``, without what has to be known of it."""
    return _export(exporter, filterset, values_of(exporter, given), lossy=lossy)[0]


def exported(exporter: Exporter, filterset: FilterSet, given: Mapping[str, str], *, lossy: bool = False) -> Exported:
    """Return a design in a format, and what is to be said of it; ``given`` are options as a person writes them.

    With ``lossy`` what the format cannot express is left out and named at its head, where the format can do that.

    Raises:
        InputError: as ``values_of``.
        ExportError: the format cannot express something of the design, names it, and what of that cannot be left out;
            or the export failed.
    """
    values = values_of(exporter, given)
    made, lost = _export(exporter, filterset, values, lossy=lossy)
    return Exported(made, to_be_told(exporter.findings(filterset, values), filterset.design), lost)


def _export(
    exporter: Exporter, filterset: FilterSet, values: Mapping[str, Value], *, lossy: bool
) -> tuple[Export, tuple[Inexpressible, ...]]:
    missing = tuple(exporter.unsupported(filterset, values))
    if not missing:
        return exporter.export(filterset, values), ()
    if not exporter.lossy:
        raise _inexpressible(exporter, missing, "nothing was written")
    try:
        made = exporter.export_lossy(filterset, values, missing)
    except ExportError as error:
        if lossy:
            raise
        raise _inexpressible(
            exporter, missing, str(error).replace(f"the export format {exporter.name}", "it")
        ) from None
    if not lossy:
        remedy = "--lossy leaves it out and says so at the head"
        raise _inexpressible(exporter, missing, remedy).leaving_out()
    return made, missing


def to_be_told(found: Iterable[Finding], design: Design) -> tuple[Finding, ...]:
    """Return findings of a format as they are told everywhere: errors first, without what the design suppresses."""
    return errors_first(unsuppressed(found, design.suppressions))


def _inexpressible(exporter: Exporter, missing: Sequence[Inexpressible], remedy: str) -> InexpressibleError:
    return InexpressibleError(f"the export format {exporter.name} cannot express {listed(missing)}", remedy=remedy)


def listed(missing: Sequence[Inexpressible]) -> str:
    """Return what is missing in words: the first elements with why, and how many more there are."""
    words = [f"{element} ({why})" for element, why in missing[:_NAMED]]
    if len(missing) > _NAMED:
        words.append(f"and {len(missing) - _NAMED} more")
    return ", ".join(words)


def files_of(export: Export, place: Path) -> dict[Path, str | bytes]:
    """Return the files that an export is written to, as they are written: ``place``, or several in that folder.

    Raises:
        InputError: several files need a folder that is there.
    """
    if isinstance(export.content, str | bytes):
        return {place: _written(export, export.content)}
    if not files.is_folder(place):
        raise InputError(
            f"there is no folder {place}, and the export is several files", remedy="name a folder that is there"
        )
    return {place / name: _written(export, content) for name, content in export.content}


def _written(export: Export, content: str | bytes) -> str | bytes:
    return export.written(content) if isinstance(content, str) else content


def write(outputs: Mapping[Path, str | bytes]) -> None:
    """Write the files of an export.

    Raises:
        RefusedError: one cannot be written; those before it have been.
    """
    for path, content in outputs.items():
        if isinstance(content, str):
            files.write_text(path, content)
        else:
            files.write_bytes(path, content)
