"""The file under another cmd than the one of the tests: Wine's, with programs in the place of netsh and fltmc.

Wine's cmd does not replace in variables with delayed expansion, so that files that read a key are left to the other.
"""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from tests import wine
from tests.exporters.netsh_script.netsh_designs import one_key_exchange
from tests.exporters.netsh_script.small_netsh import SmallNetsh, file_of
from tests.exporters.netsh_script.test_netsh_text import HOSTILE, hostile

Machine = Callable[..., tuple[int, list[str], list[str]]]
FILE = file_of(one_key_exchange("nd-guaranteed-encryption"))
RULES = [
    "mainmode ndtui nd-guaranteed-encryption 1",
    *(f"consec ndtui nd-guaranteed-encryption {number}" for number in (1, 2, 3)),
    *(f"firewall ndtui nd-guaranteed-encryption {number}" for number in (1, 2, 3)),
]


@pytest.fixture
def machine(wine_prefix: Path, tmp_path: Path) -> Machine:
    """Return what runs a file with one word, and says its status, the rules that are there, and the commands."""
    wine.needed()
    program = wine.compiled(tmp_path / "netsh.exe", [Path(__file__).with_name("recording_netsh.c")])
    system = wine_prefix / "drive_c" / "windows" / "system32"
    if not system.exists():
        wine.run(wine_prefix, tmp_path / "cmd", "/c", "exit")
    for name in ("netsh.exe", "fltmc.exe"):
        (system / name).unlink(missing_ok=True)
        shutil.copy(program, system / name)
    rules, log = tmp_path / "rules.txt", tmp_path / "log.txt"

    def run(text: str, word: str, **environment: str) -> tuple[int, list[str], list[str]]:
        (tmp_path / "policy.cmd").write_text(text, encoding="ascii", newline="")
        log.write_text("", encoding="utf-8")
        more = {
            "RULES": f"Z:{rules}",
            "LOG": f"Z:{log}",
            "WINEDLLOVERRIDES": "mscoree,mshtml,winemenubuilder.exe=;netsh.exe=n",
            **environment,
        }
        done = wine.run(wine_prefix, tmp_path / "cmd", "/c", "policy.cmd", word, more=more)
        kept = rules.read_text(encoding="utf-8").splitlines() if rules.exists() else []
        return done.returncode, kept, [each.rstrip() for each in log.read_text(encoding="utf-8").splitlines()]

    return run


def test_apply_undo_and_what_fails(machine: Machine) -> None:
    status, rules, commands = machine(FILE, "apply")
    assert (status, rules) == (0, RULES)
    small = SmallNetsh()
    assert commands == list(small.run(FILE, "apply").commands)
    assert machine(FILE, "apply")[:2] == (0, RULES)
    assert machine(FILE, "status")[:2] == (0, RULES)
    assert machine(FILE, "undo")[:2] == (0, [])
    assert machine(FILE, "status")[:2] == (1, [])
    assert machine(FILE, "apply", REFUSED=RULES[3])[:2] == (1, [])
    assert machine(FILE, "apply", NOT_ELEVATED="yes") == (1, [], ["fltmc"])
    assert machine(FILE, "nothing") == (2, [], [])


def test_hostile_names_do_nothing_there_either(machine: Machine) -> None:
    text = file_of(hostile(" ".join(HOSTILE[:15])))
    status, rules, commands = machine(text, "apply")
    assert (status, len(rules)) == (0, 7)
    assert commands == list(SmallNetsh().run(text, "apply").commands)
    assert machine(text, "undo")[:2] == (0, [])
