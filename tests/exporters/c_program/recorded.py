"""Runs exported programs under Wine beside a fwpuclnt.dll that records what they call."""

import json
from pathlib import Path
from typing import Any, NamedTuple

from ndtui.exporters import exporting
from ndtui.exporters.registry import exporter
from ndtui.model.compiled.compile import compile_design
from ndtui.model.design.design import Design
from tests import wine
from tests.backends.wfp.readback import HEADER_VERSION

HERE = Path(__file__).resolve().parent
_STRUCTURES = HERE.parent.parent / "backends" / "wfp"
LIBRARIES = ("-lfwpuclnt", "-ladvapi32", "-lcrypt32")


class Call(NamedTuple):
    """A call of a function of fwpuclnt.dll: what was recorded of it, and the object that it was given."""

    name: str
    arguments: dict[str, Any]
    object: dict[str, Any] | None


class Ran(NamedTuple):
    """What a run of a program came to."""

    status: int
    calls: list[Call]
    output: str
    errors: str

    @property
    def names(self) -> list[str]:
        """The names of the functions that were called, in order."""
        return [call.name for call in self.calls]

    @property
    def added(self) -> list[Call]:
        """The calls that add an object."""
        return [call for call in self.calls if call.object is not None]


class Bench:
    """A folder with the recording library, in which programs are compiled and run."""

    def __init__(self, folder: Path, prefix: Path, *defined: str) -> None:
        self.folder = folder
        self.prefix = prefix
        versions = [f"-D{line.split()[1]}={line.split()[2]}" for line in HEADER_VERSION.splitlines()]
        source = HERE / "recording_fwpuclnt.c"
        options = ("-std=c11", "-shared", *versions, *defined, f"-I{_STRUCTURES}", "-ladvapi32")
        wine.compiled(folder / "fwpuclnt.dll", [source], *options)

    def program(self, name: str, design: Design) -> Path:
        """Return the program of a design, compiled with every warning an error."""
        export = exporting.export(exporter("c"), compile_design(design), {})
        assert isinstance(export.content, str)
        source = self.folder / f"{name}.c"
        source.write_text(export.content, encoding="ascii")
        return wine.compiled(self.folder / f"{name}.exe", [source], "-Wextra", "-std=c99", *LIBRARIES)

    def run(self, program: Path, *arguments: str, **environment: str) -> Ran:
        """Run a program and return what it called and said."""
        record = self.folder / "record.json"
        record.unlink(missing_ok=True)
        done = wine.run(self.prefix, program, *arguments, more={"RECORD": record.name, **environment})
        lines = record.read_text(encoding="ascii").splitlines() if record.exists() else []
        return Ran(done.returncode, calls(lines), done.stdout.decode(), _without_wine(done.stderr.decode()))


def calls(lines: list[str]) -> list[Call]:
    """Return the calls that were recorded, each with its object, which stands on the line behind it."""
    found: list[Call] = []
    for line in map(json.loads, lines):
        if "call" in line:
            found.append(Call(line.pop("call"), line, None))
        else:
            found[-1] = found[-1]._replace(object=line)
    return found


def _without_wine(errors: str) -> str:
    """Return what a program said, without what Wine itself says when it makes a prefix."""
    return "".join(line for line in errors.splitlines(keepends=True) if not line.startswith("wine: "))
