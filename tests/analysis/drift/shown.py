"""Designs as a machine would show them, and machines whose objects are otherwise."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import NAMESPACE_OID, uuid5

from ndtui.analysis.drift.machine_drift import Drift, drift
from ndtui.analysis.dump import Dump, DumpFilter, read_dump
from ndtui.exporters import exporting
from ndtui.exporters.registry import exporter
from ndtui.model.compiled.compile import compile_design
from ndtui.model.design.design import Design

DISABLED = "FWPM_FILTER_FLAG_DISABLED"


def shown(made: Design, folder: Path, show: str = "state") -> Dump:
    """Return what a machine would say that holds a design and no more."""
    text = exporting.export(exporter("netsh-xml"), compile_design(made), {"show": show}, lossy=True).content
    assert isinstance(text, str)
    path = folder / f"{show}.xml"
    path.write_text(text, encoding="utf-8", newline="")
    return read_dump(path)


def drift_of(made: Design, dump: Dump) -> Drift:
    return drift(compile_design(made), dump)


def changing(dump: Dump, label: str, **fields: Any) -> Dump:
    """Return a machine on which the filters of a name are otherwise; the name without the policy's."""
    return each_filter(dump, lambda f: replace(f, **fields) if f.name.endswith(f": {label}") else f)


def without(dump: Dump, label: str) -> Dump:
    return each_filter(dump, lambda f: None if f.name.endswith(f": {label}") else f)


def each_filter(dump: Dump, of: Callable[[DumpFilter], DumpFilter | None]) -> Dump:
    changed = (of(each) for each in dump.filters)
    return replace(dump, filters=tuple(each for each in changed if each is not None))


def under_other_keys(dump: Dump, provider: str = "{0badc0de-0000-4000-9000-000000000009}") -> Dump:
    """Return a machine on which another program has applied the same, under keys, names and a provider of its own."""

    def other(key: str) -> str:
        return f"{{{uuid5(NAMESPACE_OID, key)}}}" if key.startswith("{") else key

    filters = (
        replace(
            each,
            key=other(each.key),
            name=f"rule {number}",
            description="",
            provider=provider,
            sublayer=other(each.sublayer),
            provider_context_key=other(each.provider_context_key),
        )
        for number, each in enumerate(dump.filters)
    )
    contexts = (replace(each, key=other(each.key), name="policy", provider=provider) for each in dump.provider_contexts)
    sublayers = (replace(each, key=other(each.key), name="layer", provider=provider) for each in dump.sublayers)
    return replace(
        dump, filters=tuple(filters), provider_contexts=tuple(contexts), sublayers=tuple(sublayers), providers=()
    )
