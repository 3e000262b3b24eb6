"""Keeping a setting: one value is written into the settings' file, and everything else in it stays as it is."""

from collections.abc import Sequence

from ndtui.common import files
from ndtui.common.errors import InputError
from ndtui.common.settings_file import MAX_BYTES, parse_settings, read_settings
from ndtui.common.text import in_quotes


def keep_columns(name: str, titles: Sequence[str] | None) -> None:
    """Write which columns a table has, or with ``None`` that it has the usual ones. Comments stay as they are.

    Raises NdtuiError where the file cannot be read or written: then it is as it was.
    """
    import tomlkit  # noqa: PLC0415 - slow to import, and only writing needs it
    from tomlkit.items import AbstractTable  # noqa: PLC0415

    found = read_settings()
    whole = next((fault for fault in found.faults if not fault.entry), None)
    if whole is not None:
        raise InputError(f"{found.path}: {whole}")
    document = tomlkit.parse(found.text)
    columns = document.get("columns")
    if not isinstance(columns, AbstractTable):
        if titles is None:
            return
        document.pop("columns", None)
        columns = tomlkit.table()
        document.append("columns", columns)
    if titles is None:
        columns.pop(name, None)
    else:
        columns[name] = list(titles)
    text = tomlkit.dumps(document)
    kept = parse_settings(text, found.path).settings.columns.get(name)
    if kept != (None if titles is None else tuple(titles)):
        raise InputError(
            f"{found.path} cannot take the columns of {in_quotes(name)}", remedy="write them there yourself"
        )
    if text != found.text:
        files.make_folder(found.path.parent)
        files.write_text(found.path, files.readable(text, "the settings", MAX_BYTES))
