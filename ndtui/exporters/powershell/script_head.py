"""The head of the script: what it requires, how it is run, what it promises, and what it does not do."""

import textwrap
from collections.abc import Iterator, Sequence

from ndtui.analysis.check.finding import Finding
from ndtui.exporters.contract import Inexpressible
from ndtui.exporters.powershell.powershell_text import comment
from ndtui.model.design.design import Design

_WIDTH = 108
_PROMISE = (
    "It promises the same treatment of traffic as the design, not the same filters: which filters Windows Firewall "
    "makes of its rules stands in no document. Rules of Windows Firewall that are there beside these go on to apply."
)
_USE = (
    "-Action Apply [-ConfirmWithin MINUTES]   make the rules; with MINUTES a task undoes them unless confirmed",
    "-Action Confirm                          keep them, and remove what an earlier version of the design has left",
    "-Action Verify                           say what differs; exit status 1 if anything does",
    "-Action Undo                             remove them, and switch on again what was in force before",
    "-Action Status                           say what is there (the default)",
    "-PolicyStore STORE                       PersistentStore (the default), ActiveStore until the next restart, or",
    "                                         DOMAIN\\GPO, which has to be there",
    "-WhatIf                                  say what would be changed, and change nothing",
)


def head(design: Design, lost: Sequence[Inexpressible], told: Sequence[Finding]) -> Iterator[str]:
    """Yield the lines before the parameters; ``told`` is what has to be known of the design here."""
    yield "#requires -Version 5.1"
    yield "#requires -RunAsAdministrator"
    yield "#requires -Modules NetSecurity"
    yield comment(f"The IPsec policy of the design '{design.name}' for Windows Firewall, by its NetSecurity cmdlets.")
    if lost:
        yield "#"
        yield comment("LEFT OUT, for rules of Windows Firewall have no place for it:")
        yield from (comment(f"- {each.element}: {each.why}") for each in lost)
    yield "#"
    yield from _wrapped(_PROMISE)
    yield "#"
    yield from map(comment, _USE)
    yield "#"
    yield comment("What has to be known:")
    for remark in _remarks(design):
        yield from _wrapped(f"- {remark}")
    for each in told:
        yield from _wrapped(f"- {each.severity}: {each.message}. {each.why} {each.remedy} [{each.id}]")
    yield ""


def _wrapped(text: str) -> Iterator[str]:
    first = "  " if text.startswith("- ") else ""
    lines = textwrap.wrap(text, _WIDTH, subsequent_indent=first, break_long_words=False, break_on_hyphens=False)
    yield from map(comment, lines)


def _remarks(design: Design) -> Iterator[str]:
    yield "It may be run twice: what is there is left alone. Its names are derived from all that the script says."
    if any("|" in name for name in _names(design)):
        yield "A | in a name is shown as /, for Windows Firewall has no place for it."


def _names(design: Design) -> Iterator[str]:
    yield design.name
    yield from (each.name for each in design.rules)
    yield from (each.name for each in design.exemptions)
