"""The shipped suites notice a plug-in that breaks its promises: each is run against some that break one."""

import ast
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.running import environment
from tests.support import ROOT

HERE = Path(__file__).parent


def noticed(file: Path) -> dict[str, str]:
    """Return which test is to notice what, as the file says, without importing it."""
    tree = ast.parse(file.read_text(encoding="utf-8"))
    (found,) = [each.value for each in tree.body if isinstance(each, ast.Assign) and each.targets[0].id == "NOTICED"]
    classes = {each.name for each in tree.body if isinstance(each, ast.ClassDef) and each.name.startswith("Test")}
    expected = ast.literal_eval(found)
    assert set(expected) == classes
    return expected


@pytest.mark.slow
@pytest.mark.parametrize("name", ["broken_backends", "broken_exporters"])
def test_every_broken_promise_is_noticed(name: str) -> None:
    file = HERE / f"{name}.py"
    expected = noticed(file)
    samples = [str(HERE / "sample_backend"), str(HERE / "sample_exporter")]
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-rA", "-q", "-p", "no:cacheprovider", "-p", "no:xdist", "--tb=no"]
        + [f"{file}::{suite}::{test}" for suite, test in expected.items()],
        env=environment({"PYTHONPATH": os.pathsep.join([str(ROOT), *samples])}),
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
    )
    failed = dict(re.findall(r"^FAILED \S+::(Test\w+)::(test_\w+)", done.stdout, re.MULTILINE))
    assert failed == expected, done.stdout
