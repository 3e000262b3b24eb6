"""Sizes and offsets of the structures, against two copies of Microsoft's headers that others made.

The reference is ``tests/data/struct_layouts.json``, which says how it was made. The copies are Microsoft's metadata as
win32more turns it into ctypes, with which everything here is marshalled, and the headers of mingw-w64.
"""

import ctypes
import re
import shutil
import subprocess
from functools import cache
from pathlib import Path

import pytest

from tests.backends.wfp.readback import COMPILER, HEADER_VERSION
from tests.support import data_file

STRUCTS = data_file("struct_layouts.json")["structs"]
OFFSETS = [(name, field, offset) for name, entry in STRUCTS.items() for field, offset in entry["fields"].items()]

#: Structures of later Windows versions that mingw-w64 has not taken over in every version.
LATER = {
    "FWPM_PROVIDER_CONTEXT2",
    "FWPM_PROVIDER_CONTEXT3",
    "IPSEC_KEYING_POLICY1",
    "IPSEC_TRANSPORT_POLICY2",
}


def test_the_data_file_says_what_it_is():
    data = data_file("struct_layouts.json")
    assert "facts and figures" in data["about"]
    assert "10.0.26100" in data["source"]
    assert len(STRUCTS) == 64
    assert len(OFFSETS) == 384


@pytest.mark.parametrize("name", STRUCTS)
def test_size_in_win32more(wfp, name):
    assert ctypes.sizeof(getattr(wfp, name)) == STRUCTS[name]["size"]


@pytest.mark.parametrize("name", STRUCTS)
def test_offsets_in_win32more(wfp, name):
    structure, expected = getattr(wfp, name), STRUCTS[name]["fields"]
    assert {field: getattr(structure, field).offset for field in expected} == expected


@pytest.mark.parametrize("name", STRUCTS)
def test_no_member_ends_beyond_its_structure(name):
    entry = STRUCTS[name]
    assert all(0 <= offset < entry["size"] for offset in entry["fields"].values())


@cache
def mingw_names() -> set[str]:
    """Return the structures that mingw-w64's headers declare, or skip the test."""
    compiler = shutil.which(COMPILER)
    if compiler is None:
        pytest.skip(f"{COMPILER} is not installed")
    source = f"{HEADER_VERSION}#include <winsock2.h>\n#include <fwpmu.h>\n"
    done = subprocess.run([compiler, "-E", "-"], input=source, capture_output=True, text=True, check=True, timeout=120)
    return set(re.findall(r"\}\s*(\w+);", done.stdout))


@pytest.mark.slow
def test_sizes_and_offsets_in_mingw(tmp_path):
    known = mingw_names()
    assert set(STRUCTS) - known <= LATER
    lines = [f"{HEADER_VERSION}#include <winsock2.h>\n#include <fwpmu.h>\n#include <stddef.h>"]
    lines += [f'_Static_assert(sizeof({name}) == {STRUCTS[name]["size"]}, "");' for name in STRUCTS if name in known]
    lines += [
        f'_Static_assert(offsetof({name}, {field}) == {offset}, "");'
        for name, field, offset in OFFSETS
        if name in known
    ]
    assert len(lines) > 390
    assert refusals(tmp_path, lines) == []


@pytest.mark.slow
def test_the_look_at_mingw_sees_a_wrong_offset(tmp_path):
    mingw_names()
    wrong = '_Static_assert(offsetof(FWPM_FILTER0, flags) == 33, "");'
    assert len(refusals(tmp_path, [f"{HEADER_VERSION}#include <winsock2.h>\n#include <fwpmu.h>", wrong])) == 1


def refusals(folder: Path, lines: list[str]) -> list[str]:
    """Return what the compiler does not accept."""
    source = folder / "layouts.c"
    source.write_text("\n".join(lines) + "\n", encoding="utf-8")
    compiler = shutil.which(COMPILER)
    assert compiler is not None
    done = subprocess.run(
        [compiler, "-fsyntax-only", str(source)], capture_output=True, text=True, check=False, timeout=120
    )
    return [line for line in done.stderr.splitlines() if "error" in line]
