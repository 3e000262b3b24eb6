"""``ndtui peer``: the configuration of a Linux peer on standard output, or one line that says why not."""

from pathlib import Path

import pytest

from ndtui.cli.commands.peer import FORMATS
from ndtui.exporters.linux_peer.peer_configuration import WRITERS
from ndtui.model.files.design_file import format_design
from tests.cli.running import Run
from tests.exporters.linux_peer.peer_designs import HOSTILE, peered, written
from tests.support import preset


def test_the_command_has_every_program_that_is_written_for():
    assert tuple(WRITERS) == FORMATS


@pytest.mark.parametrize("program", FORMATS)
def test_what_is_printed_is_the_configuration_and_nothing_else(program: str, run: Run):
    ran = run("peer", "nd-certificates", "--format", program, "--windows", "192.0.2.7", "--peer", "192.0.2.8")
    assert (ran.status, ran.err) == (0, "")
    assert ran.out == written(preset("nd-certificates"), program, windows="192.0.2.7", peer="192.0.2.8")


def test_a_design_may_come_from_a_file_and_a_rule_is_named(run: Run, tmp_path: Path):
    rules = [{"name": HOSTILE, "scope": {"protocol": "tcp", "local_ports": [443]}}, {"name": "other"}]
    file = tmp_path / "mine.toml"
    file.write_text(format_design(peered(rules=rules)), encoding="utf-8")
    assert "name one with --rule" in run("peer", file, "-f", "libreswan").refusal()
    ran = run("peer", file, "-f", "libreswan", "--rule", HOSTILE)
    assert ran.status == 0
    assert "rightprotoport=6/443" in ran.out


def test_what_cannot_be_matched_is_one_line_and_a_no(run: Run):
    line = run("peer", "nd-transport", "-f", "strongswan").refusal(status=1)
    assert "a peer with strongSwan has nothing to negotiate: keying_modules AuthIP" in line
    line = run("peer", "nd-remote-identity", "-f", "strongswan", "--lossy").refusal(status=1)
    assert "nd-certificates has what such a peer can match" in line


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--format", "openswan"), "--format takes no 'openswan': did you mean"),
        ((), "--format"),
        (("-f", "libreswan", "--windows", "host.example.com"), "--windows 'host.example.com' is no address: write one"),
        (("-f", "libreswan", "--windows", "10.0.0.0/8"), "is no address"),
        (("-f", "libreswan", "--peer", "fe80::1%eth0"), "--peer 'fe80::1%eth0' has a zone"),
        (("-f", "libreswan", "--windows", "\x1b[2J"), "\\x1b[2J"),
        (("-f", "libreswan", "--rule", "bse"), "'bse' is no rule of the design that is on and protects by itself"),
    ],
)
def test_bad_use_says_what_would_be_right(words: tuple[str, ...], said: str, run: Run):
    assert said in run("peer", "nd-certificates", *words).refusal()
