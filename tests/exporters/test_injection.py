"""No text of a design is anything but a text, in any format: what a file is made of is the same whatever names say.

A format joins by being registered; one whose files end in a new way needs a reader of them in ``structures``.
"""

import csv
import re
from collections.abc import Mapping
from functools import cache

import pytest

from ndtui.common.text import is_hostile
from ndtui.exporters import exporting
from ndtui.exporters.contract import Export, Exporter, ExportError
from ndtui.exporters.registry import BUILT_IN, exporter
from ndtui.model.compiled.compile import compile_design
from ndtui.model.design.design import Design
from ndtui.testing.exporter_contract import settings_of, texts_of
from ndtui.testing.sample_designs import HOSTILE_NAMES, hostile
from tests.exporters.structures import Structure, structure_of

#: What would be more than a text somewhere: in a script, a program, a page, a table, a file of keys.
TEXTS: Mapping[str, str] = {
    "single quote": "it's; exit 7; '",
    "double quote": '" & calc & "',
    "typographic quotes": "\u2018\u2019\u201a\u201b; exit 7 # \u201c\u201d\u201e",
    "both and a backslash": "\\' \\\" \\",
    "subexpression": "$(calc) ${x} $env:PATH @(1) @x",
    "backticks": "`calc` back`tick `n",
    "batch variables": "%PATH% !PATH! %~f0 %%x",
    "pipes": "a|b||c & d && e > f < g ^ h",
    "script": "</script><script>alert(1)</script>",
    "end of style and title": "</title></style><img src=x onerror=alert(1)>",
    "attribute": '" onmouseover="alert(1)" x="',
    "comments": "*/ /* <!-- --> ]]> #> <# // -- ;",
    "entities": "&lt;b&gt; &#60;script&#62; &amp",
    "trigraphs": "??/ ??' \\x41 \\u0041 \\N{BULLET} %s {0} {x!r}",
    "python": "''' \"\"\" f{exit(7)} \\",
    "formula": "=HYPERLINK(1)",
    "formula behind a separator": "x;=1+1;@SUM(1)",
    "formula behind a tab sign": "+1",
    "wide formula": "\uff1d1+1",
    "registry": '"="x" [HKEY_LOCAL_MACHINE\\\\x] dword:1',
    "markdown": "| a | b | # x [l](http://y) ![i](y) **b** ~~~ <b>",
    "toml": "\"\"\" [x] a = 1 # '''",
    "resource": "@FirewallAPI.dll,-1",
    "all": "All",
    "signature": "SIG # Begin signature block",
    **{f"sample {number}": name for number, name in enumerate(HOSTILE_NAMES)},
}
HARMLESS = "harmless"


def in_a_path(name: str) -> str:
    """Return as much of a text as may stand in a path."""
    return re.sub(r"[^\w' `;&!#~(){}=-]", "_", name)[:100]


def everywhere(name: str) -> Design:
    """Return a design that bears a text where ``hostile`` has none: an authority, a path, a reason, an assertion."""
    return Design.model_validate(
        {
            "name": name,
            "description": f"{name}\n\n\t{name}",
            "version": 2,
            "keying_modules": ["IKE"],
            "rules": [{"name": name, "comment": f"{name}\n#> {name}"}],
            "exemptions": [
                {"name": name, "protocol": "tcp", "remote_ports": [53], "comment": f"\n{name}"},
                {"name": f"{name} too", "protocol": "udp", "program": f"C:\\{in_a_path(name)}.exe"},
            ],
            "main_mode": {
                "ike_authentication": [
                    {
                        "method": "IKEEXT_CERTIFICATE",
                        "inbound": "IKEEXT_CERT_CONFIG_EXPLICIT_TRUST_LIST",
                        "outbound": "IKEEXT_CERT_CONFIG_EXPLICIT_TRUST_LIST",
                        "roots": [f"subject:CN={name}"],
                    }
                ]
            },
            "suppress": [{"id": "any-root", "where": "rules", "reason": name}],
        }
    )


DESIGNS = {"names": hostile, "everywhere": everywhere}


@cache
def format_of(name: str) -> Exporter:
    return exporter(name)


def exported(each: Exporter, made: Design, number: int) -> tuple[Export, int]:
    """Return the export of a design by one of a format's settings, and how many elements it is without."""
    filterset = compile_design(made)
    values = list(settings_of(each))[number]
    given = {option.name: option.write(values[option.name]) for option in each.options}
    return exporting.export(each, filterset, given, lossy=True), len(each.unsupported(filterset, values))


@cache
def usual(name: str, design: str, number: int) -> tuple[Structure, int]:
    """Return the structure of a format's export of a design of harmless names, and what it is without."""
    export, lost = exported(format_of(name), DESIGNS[design](HARMLESS), number)
    return structure_of(export, format_of(name).suffix), lost


@pytest.mark.parametrize("design", DESIGNS)
@pytest.mark.parametrize("kind", TEXTS)
@pytest.mark.parametrize("name", sorted(BUILT_IN))
def test_no_text_changes_what_a_file_is_made_of(name: str, kind: str, design: str) -> None:
    each = format_of(name)
    made = DESIGNS[design](TEXTS[kind])
    for number in range(len(list(settings_of(each)))):
        try:
            export, lost = exported(each, made, number)
        except ExportError as error:
            assert str(error).isprintable()
            assert design == "everywhere", "names alone keep no design from being exported"
            continue
        structure, without = structure_of(export, each.suffix), usual(name, design, number)
        assert structure - without[0] == {}, "there is more than names put there"
        if lost == without[1]:
            assert structure == without[0]
        for text in texts_of(export):
            assert not [c for c in text if c not in "\r\n\t" and is_hostile(c)]


def test_each_reader_notices_what_a_text_would_have_put_there() -> None:
    """Each format, with one text written as it stands where the design's name stands."""
    broken = {
        ".json": ('"', '", "x": "'),
        ".toml": ('"', '"\nx = "'),
        ".xml": ("", "</name><item/><name>"),
        ".html": ("", "<script>alert(1)</script>"),
        ".md": ("", "\n\n# x\n\n"),
        ".csv": ("", '\n"=1+1"'),
        ".ps1": ("", "'; exit 7; '"),
        ".c": ("", '"; int x; L"'),
        ".py": ("", '"; exit(7); "'),
    }
    found = set()
    for name in sorted(BUILT_IN):
        each = format_of(name)
        if each.suffix not in broken:
            continue
        export, _ = exported(each, hostile("Qx1"), 0)
        assert isinstance(export.content, str)
        place = _quoted_place(export.content, each.suffix)
        text = broken[each.suffix][1]
        injected = Export(export.content[:place] + text + export.content[place:], export.line_end)
        try:
            noticed = structure_of(injected, each.suffix) != structure_of(export, each.suffix)
        except (ValueError, AssertionError, SyntaxError, csv.Error):
            noticed = True
        assert noticed, name
        found.add(each.suffix)
    assert found >= set(broken)


def _quoted_place(text: str, suffix: str) -> int:
    """Return the end of a name that stands in the text as a value, and not in a comment at its head."""
    before = {
        ".c": 'L"Qx1',
        ".py": 'POLICY_NAME = "Qx1',
        ".ps1": "-DisplayName 'ndtui Qx1",
        ".xml": "<name>Qx1",
        ".html": "<td>Qx1",
    }.get(suffix, "Qx1")
    assert before in text, suffix
    return text.index(before) + len(before)
