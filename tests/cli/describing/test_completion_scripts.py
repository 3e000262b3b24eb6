"""Completion in shells: what each offers for a command line that was typed so far."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from ndtui.cli.commands import COMMANDS
from ndtui.cli.describing.completers import SHELLS
from ndtui.model.files import presets
from tests.cli.conftest import run
from tests.cli.running import Run, environment

__all__ = ["run"]

SHIPPED = {preset.name for preset in presets.shipped()}

#: Prints what bash offers for the words that it is given, one a line.
BASH = """
eval "$(cat "$SCRIPT")"
COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); COMPREPLY=()
_shtab_ndtui
printf '%s\\n' "${COMPREPLY[@]}"
"""


@pytest.fixture
def scripts(run: Run, tmp_path: Path) -> Path:
    """Return a folder with the script of each shell, and ``bin/ndtui``, which they call."""
    for shell in SHELLS:
        (tmp_path / shell).write_text(run("completion", shell).out, encoding="utf-8")
    (tmp_path / "bin").mkdir()
    program = tmp_path / "bin" / "ndtui"
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m ndtui "$@"\n', encoding="utf-8")
    program.chmod(0o755)
    (tmp_path / "own" / "presets").mkdir(parents=True)
    (tmp_path / "here" / "sub").mkdir(parents=True)
    for name in ("mine.toml", "my file.toml", "sub/other.json"):
        (tmp_path / "here" / name).touch()
    return tmp_path


def shell(name: str, *words: str, scripts: Path) -> list[str]:
    """Run a shell that is there, or skip the test, and return the lines that it prints."""
    found = shutil.which(name)
    if os.name != "posix" or found is None:
        pytest.skip(f"needs {name}")
    more = {
        "PATH": f"{scripts / 'bin'}{os.pathsep}{os.environ['PATH']}",
        "SCRIPT": str(scripts / name),
        "NDTUI_CONFIG_DIR": str(scripts / "own"),
        "HOME": str(scripts),
    }
    done = subprocess.run(
        [found, *words], cwd=scripts / "here", env=environment(more), capture_output=True, encoding="utf-8", check=True
    )
    assert done.stderr == ""
    return [line for line in done.stdout.split("\n") if line]


def in_bash(*words: str, scripts: Path) -> set[str]:
    return set(shell("bash", "-c", BASH, "bash", "ndtui", *words, scripts=scripts))


BACKENDS = {"memory", "store"} | ({"wfp"} if sys.platform == "win32" else set())
FILES = {"mine.toml", "my file.toml", "sub"}
OFFERED = [
    (("",), {*COMMANDS, *SHIPPED, *FILES}),
    (("pl",), {"plan"}),
    (("nd-i",), {"nd-ike-only", "nd-ipv4-only"}),
    (("compile", ""), SHIPPED | FILES),
    (("compile", "nd-i"), {"nd-ike-only", "nd-ipv4-only"}),
    (("compile", "--json", "min"), {"mine.toml"}),
    (("compile", "my\\ f"), {"my file.toml"}),
    (("compile", '"my f'), {"my file.toml"}),
    (("compile", "sub/"), {"sub/other.json"}),
    (("compile", "--j"), {"--json"}),
    (("diff", "nd-transport", "nd-b"), {"nd-boundary"}),
    (("matrix", "nd-transport", "nd-boundary", "nd-b"), {"nd-boundary"}),
    (("plan", "nd-transport", "--st"), {"--store"}),
    (("plan", "--store", ""), FILES),
    (("plan", "--backend", ""), BACKENDS),
    (
        ("export", "nd-transport", "-f", ""),
        {
            "bundle",
            "c",
            "design",
            "gpo-reg",
            "handover",
            "html",
            "netsh",
            "netsh-xml",
            "powershell",
            "python",
            "report",
            "table",
        },
    ),
    (("trace", "nd-transport", "--mismatch", "qu"), {"quick-mode"}),
    (("trace", "nd-transport", "--peer", ""), {"none", "ike", "authip", "ikev2", "both", "all"}),
    (("order", "nd-transport", "--layer", "INBOUND_T"), {"INBOUND_TRANSPORT_V4", "INBOUND_TRANSPORT_V6"}),
    (("inspect", "dump.xml", "--show", "s"), {"sublayers", "sessions"}),
    (("events", "netevents.xml", "--by", "p"), {"program", "peer"}),
    (("--theme", "c"), {"contrast", "contrast-light"}),
    (("nd-transport", "--theme", "contrast-"), {"contrast-light"}),
    (("trace", "nd-transport", "--interface", ""), {"lan", "wireless", "remote-access"}),
    (("diff", "nd-transport", "st"), {"store:"}),
    (("diff", ""), {"store:", *SHIPPED, *FILES}),
    (("presets", "delete", ""), set()),
    (("presets", "list", "--o"), {"--own"}),
    (("presets", ""), {"list", "show", "path", "delete"}),
    (("presets", "show", ""), SHIPPED),
    (("completion", ""), set(SHELLS)),
    (("keys", ""), set()),
]


@pytest.mark.slow
def test_bash_offers_what_can_stand_there(scripts: Path):
    found = {words: in_bash(*words, scripts=scripts) for words, _ in OFFERED}
    assert found == dict(OFFERED)


@pytest.mark.slow
def test_bash_offers_own_presets_and_runs_nothing_of_their_names(scripts: Path):
    own = scripts / "own" / "presets"
    for name in ("branch", "$(touch ran)", "two words"):
        (own / f"{name}.toml").touch()
    assert in_bash("check", "b", scripts=scripts) == {"branch"}
    assert in_bash("presets", "show", "", scripts=scripts) == {*SHIPPED, "branch", "$(touch ran)", "two words"}
    assert in_bash("presets", "delete", "", scripts=scripts) == {"branch", "$(touch ran)", "two words"}
    assert in_bash("presets", "delete", "--yes", "b", scripts=scripts) == {"branch"}
    assert not (scripts / "here" / "ran").exists()


@pytest.mark.slow
def test_fish_offers_what_can_stand_there(scripts: Path):
    for words, expected in OFFERED:
        if not any(set(word) & set('"\\') for word in words):
            line = " ".join(("ndtui", *words))
            lines = shell("fish", "--no-config", "-c", f'source "$SCRIPT"; complete -C "{line}"', scripts=scripts)
            assert {each.partition("\t")[0].rstrip("/") for each in lines} == expected, line


@pytest.mark.slow
def test_zsh_reads_its_script(scripts: Path):
    assert shell("zsh", "-f", "-n", str(scripts / "zsh"), scripts=scripts) == []


@pytest.mark.parametrize("name", SHELLS)
def test_a_script_is_plain_and_names_every_command_and_every_option(name: str, run: Run):
    from ndtui.cli.command_parsers import parser_of

    script = run("completion", name).out
    assert script.isascii()
    assert script == run("completion", name).out
    for command in COMMANDS:
        assert command in script
        for action in parser_of(command)._actions:
            for option in action.option_strings:
                assert option.lstrip("-") in script, (command, option)


@pytest.mark.parametrize("name", SHELLS)
def test_a_script_completes_a_design_as_the_first_word(name: str, run: Run):
    script = run("completion", name).out
    first = {
        "bash": "\n_shtab_ndtui_pos_0_COMPGEN=_ndtui_designs_files\n",
        "zsh": "\n  _alternative 'commands:command:_ndtui_commands' 'designs:design:_ndtui_designs'\n",
        "fish": 'npos -eq 0\' -ka "(__ndtui_designs)" -d design\n',
        "powershell": "\n$_shtab_ndtui_compgens['_shtab_ndtui_pos_0'] = '_ndtui_designs'\n",
    }[name]
    assert script.count(first) == 1
    assert not script.partition("_shtab_ndtui_pos_1")[1], "a command's place is the first"


def test_a_shell_that_is_not_known_is_refused(run: Run):
    expected = "ndtui: error: ndtui completion takes no 'fsh': did you mean fish or zsh?"
    assert run("completion", "fsh").refusal() == expected
    expected = "ndtui: error: ndtui completion takes no 'csh.exe': choose bash, zsh, fish, powershell"
    assert run("completion", "csh.exe").refusal() == expected
    assert "SHELL" in run("completion").refusal()


def test_the_names_of_presets_alone(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("NDTUI_CONFIG_DIR", str(tmp_path))
    (tmp_path / "presets").mkdir()
    (tmp_path / "presets" / "broken.toml").write_text("[", encoding="utf-8")
    names = [preset.name for preset in presets.shipped()]
    assert run("presets", "list", "--names").out.splitlines() == [*names, "broken"]
    assert run("presets", "--names", "--json").out.count('"') == 2 * (len(names) + 2)
    assert "--names" in run("presets", "show", "nd-transport", "--names").refusal()
    assert run("presets", "--own", "--names").out == "broken\n"
    assert run("presets", "list", "--own").out.split() == ["name", "kind", "filters", "exemptions", "what", "it", "is"]
    (tmp_path / "presets" / "mine.toml").write_text('name = "mine"\n', encoding="utf-8")
    assert run("presets", "list", "--own").out.splitlines()[1].split()[:2] == ["mine", "own"]
    assert "--own belongs to presets list" in run("presets", "delete", "mine", "--own").refusal()
