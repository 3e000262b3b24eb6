"""What a file seems to be that is no design and no rules, in a line that says what is read instead."""

import re
from pathlib import Path

from ndtui.common.errors import InputError

#: What files begin with that are no text, what they are, and what to do.
_BINARY = (
    (b"PK\x03\x04", "is a zip file", "ndtui import reads a handover; unpack others"),
    (b"ElfF", "is a log of Windows", "ndtui events reads it"),
    (b"regf", "is a hive of the registry", "reg load it, and reg export the key ConSecRules with those of its sets"),
    (
        b"PReg",
        "is the registry.pol of a group policy object",
        "read what Get-NetIPsecRule -PolicyStore DOMAIN\\GPO | ConvertTo-Json writes",
    ),
)
_NETSECURITY = "write what Get-NetIPsecRule returns, with ConvertTo-Json -Depth 5"
#: What a text that is no design seems to be, by a pattern, and what to do with it.
_TEXTS = (
    (
        r"\A\s*<",
        "is XML",
        "ndtui import --from-netsh makes a design of what netsh wfp show state wrote; inspect, order, trace and diff "
        "take it",
    ),
    (
        r"(?im)^[^#\n=]*New-NetIPsecRule\b",
        "is a PowerShell script",
        "read what Get-NetIPsecRule | ConvertTo-Json writes once it has run",
    ),
    (
        r"(?im)^[^#\n=]*\badvfirewall\s",
        "is a script for netsh that adds no rule of consec or mainmode",
        "read what netsh advfirewall consec show rule name=all verbose prints",
    ),
    (r"\A\s*No rules match the specified criteria", "is what netsh prints where there are no rules", "look elsewhere"),
    (
        r"(?m)^[^\n:=#]{2,40}:[ \t]{2,}\S[^\n]*\n-{20,}[ \t]*$",
        "seems to be what netsh prints in another language than English",
        "read what it prints in English, or what Get-NetIPsecRule | ConvertTo-Json writes",
    ),
    (
        r'\A\s*(?:\{\s*"value"\s*:\s*)?(?:\[\s*)?"MSFT_Net',
        "is what ConvertTo-Json writes at too small a depth, names of objects",
        _NETSECURITY,
    ),
    (
        r'\A\s*[\[{](?s:.*)"(?:InstanceID|CreationClassName|Proposals)"\s*:',
        "is JSON of NetSecurity without a rule",
        _NETSECURITY,
    ),
)
#: What at least one line of TOML has.
_TOML = re.compile(r"""(?m)^\s*(?:\[\[?[^\]\n]+\]\]?|["'\w][^\n=]*=)""")
_READ = (
    "read are designs and bundles, .reg files, what netsh advfirewall consec show rule prints in English, scripts of "
    "its commands, and JSON of Get-NetIPsecRule; ndtui import reads handovers too"
)


def refuse_binary(path: Path) -> None:
    """Refuse a file that is known to be something else by its first bytes.

    Raises:
        InputError: it is; says what, and what to do.
    """
    try:
        with path.open("rb") as file:
            head = file.read(4)
    except (OSError, ValueError):
        return  # whoever reads it says why
    for magic, what, remedy in _BINARY:
        if head == magic:
            raise InputError(f"{path} {what}, and no text", remedy=remedy)


def of_another_kind(text: str, where: str) -> InputError | None:
    """Return what is to be said of a text that is no design, where it is known what it seems to be, or no TOML."""
    if not text.strip():
        return InputError(f"{where} is empty", remedy="is it the file you meant?")
    for pattern, what, remedy in _TEXTS:
        if re.search(pattern, text):
            return InputError(f"{where} {what}, and no design, bundle or connection security rules", remedy=remedy)
    if where.lower().endswith((".toml", ".json")) or text.lstrip()[:1] in ("{", "[") or _TOML.search(text):
        return None  # where it is wrong says more
    return InputError(f"{where} seems to be no design, bundle or connection security rules", remedy=_READ)
