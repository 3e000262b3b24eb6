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
from types import SimpleNamespace

import pytest

from ndtui.backends.contract.backend_errors import BackendError
from ndtui.backends.wfp import native
from ndtui.backends.wfp.struct_sizes import SIZES, check_sizes
from tests.backends.wfp.readback import HEADER_VERSION
from tests.support import data_file
from tests.wine import COMPILER

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
    assert len(STRUCTS) == 66
    assert len(OFFSETS) == 388


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


@pytest.mark.parametrize("processor", ["x64", "arm64", "x86"])
def test_sizes_are_asserted_at_load(wfp, processor, monkeypatch):
    """A declaration of another size is refused before Windows is called, on each processor."""
    bits = {"x64": 0, "arm64": 0, "x86": 1}[processor]
    check_sizes(wfp)
    declared = SimpleNamespace(**{name: ctypes.c_ubyte * sizes[bits] for name, sizes in SIZES.items()})
    pointer = 4 if processor == "x86" else 8
    check_sizes(declared, pointer)
    for name, sizes in SIZES.items():
        larger = SimpleNamespace(**{**vars(declared), name: ctypes.c_ubyte * (sizes[bits] + 4)})
        with pytest.raises(BackendError, match=f"declares {name} with {sizes[bits] + 4} bytes, and Windows has"):
            check_sizes(larger, pointer)
    monkeypatch.setattr(native, "_on_windows", lambda: True)
    monkeypatch.setattr(native, "_module", lambda name: wfp)
    monkeypatch.setitem(SIZES, "FWPM_FILTER0", (201, 153))
    with pytest.raises(BackendError, match="FWPM_FILTER0 with 200 bytes, and Windows has 201"):
        native.load()


def test_every_structure_that_is_passed_has_a_size():
    sources = Path(native.__file__).parent.rglob("*.py")
    used = {
        name
        for source in sources
        if source.stem != "struct_sizes"
        for name in re.findall(r"\b(?:FWPM|FWP|IKEEXT|IPSEC)_[A-Z0-9_]+0\b", source.read_text(encoding="utf-8"))
    }
    assert {name for name in used if name in STRUCTS} <= set(SIZES)


def test_the_sizes_are_those_of_the_data_file():
    assert {name: sizes[0] for name, sizes in SIZES.items() if name in STRUCTS} == {
        name: STRUCTS[name]["size"] for name in SIZES if name in STRUCTS
    }


@pytest.mark.slow
@pytest.mark.parametrize(("bits", "column"), [("-m64", 0), ("-m32", 1)])
def test_the_sizes_are_those_of_mingw(tmp_path, bits, column):
    known = mingw_names()
    lines = [f"{HEADER_VERSION}#include <winsock2.h>\n#include <fwpmu.h>"]
    lines += [
        f'_Static_assert(sizeof({name}) == {sizes[column]}, "");'
        for name, sizes in SIZES.items()
        if name in known or name not in LATER
    ]
    assert refusals(tmp_path, lines, bits) == []


@pytest.mark.slow
def test_the_look_at_mingw_sees_a_wrong_offset(tmp_path):
    mingw_names()
    wrong = '_Static_assert(offsetof(FWPM_FILTER0, flags) == 33, "");'
    assert len(refusals(tmp_path, [f"{HEADER_VERSION}#include <winsock2.h>\n#include <fwpmu.h>", wrong])) == 1


def refusals(folder: Path, lines: list[str], *options: str) -> list[str]:
    """Return what the compiler does not accept."""
    source = folder / "layouts.c"
    source.write_text("\n".join(lines) + "\n", encoding="utf-8")
    compiler = shutil.which(COMPILER)
    assert compiler is not None
    done = subprocess.run(
        [compiler, *options, "-fsyntax-only", str(source)], capture_output=True, text=True, check=False, timeout=120
    )
    return [line for line in done.stderr.splitlines() if "error" in line]
