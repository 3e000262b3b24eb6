"""Each place of the code at which something of a design is lost or refused is reached by a design of the tests."""

import ast
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from ndtui.exporters import connection_security
from ndtui.exporters.connection_security.native_reasons import Reasons
from ndtui.model.compiled.compile import compile_design
from tests.exporters.group_policy import test_gpo_reg_losses as in_registry
from tests.exporters.group_policy.exported import lost
from tests.exporters.powershell import test_powershell_losses as in_powershell
from tests.exporters.powershell.exported import FORMAT

_NAMING = ("lose", "refuse")


def sites() -> set[tuple[str, int]]:
    """Return where in the code something is named that cannot be said: file and line."""
    found = set()
    for path in Path(connection_security.__path__[0]).glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in _NAMING:
                found.add((path.name, node.lineno))
    return found


def test_nothing_is_named_without_a_design_that_has_it(monkeypatch: pytest.MonkeyPatch) -> None:
    reached = set()

    def noting(name: str) -> Callable[[Reasons, str, str], None]:
        inner = getattr(Reasons, name)

        def note(reasons: Reasons, element: str, why: str) -> None:
            caller = sys._getframe(1)
            reached.add((Path(caller.f_code.co_filename).name, caller.f_lineno))
            inner(reasons, element, why)

        return note

    for name in _NAMING:
        monkeypatch.setattr(Reasons, name, noting(name))
    for said, *_ in (*in_powershell.LOST, *in_powershell.FATAL):
        FORMAT.unsupported(compile_design(said), {})
    for said, *_ in (*in_registry.GAPS, *in_registry.FATAL):
        lost(said, main_mode="yes")
        lost(said)
    assert sites() - reached == set()
    assert len(reached) > 40
