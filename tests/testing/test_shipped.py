"""The suites as they are shipped: they need pytest and ndtui, and ndtui does not need them."""

import re
import subprocess
import sys

from tests.support import ROOT

PACKAGE = ROOT / "ndtui"


def test_the_suites_need_nothing_but_pytest_and_ndtui() -> None:
    code = (
        "import sys, ndtui.testing.backend_contract, ndtui.testing.exporter_contract;"
        "print(*sorted({name.partition('.')[0] for name in sys.modules} & {'hypothesis', 'pytest', 'textual'}))"
    )
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", code], capture_output=True, text=True, cwd=ROOT, check=True
    )
    assert done.stdout.split() == ["pytest"]


def test_nothing_of_the_program_needs_the_suites() -> None:
    """Pytest is installed only where plug-ins are tested."""
    found = [
        path.relative_to(PACKAGE).as_posix()
        for path in PACKAGE.rglob("*.py")
        if re.search(r"^\s*(from|import) (pytest|ndtui\.testing)\b", path.read_text(encoding="utf-8"), re.MULTILINE)
    ]
    assert found
    assert all(path.startswith("testing/") for path in found)
