"""The parsers of libreswan and strongSwan, where they are: on the machine, or below .peers (scripts/peer_parsers)."""

import os
import re
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.support import ROOT

UNPACKED = ROOT / ".peers" / "libreswan"
_PROGRAMS = Path("usr/libexec/ipsec")
LIBRARIES = UNPACKED / "usr/lib/x86_64-linux-gnu"
#: The longest that charon may take to answer, in seconds.
PATIENCE = 30

HOWTO = "scripts/peer_parsers brings it"


def run_for(command: list[str], environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    """Return what a program says and how it ends, within ``PATIENCE``."""
    return subprocess.run(
        command,
        env=environment,
        capture_output=True,
        encoding="utf-8",
        errors="replace",
        timeout=PATIENCE,
        check=False,
    )


class Libreswan:
    """``addconn``, which reads ipsec.conf, and ``algparse``, which reads proposals: addconn takes any."""

    def __init__(self) -> None:
        folder = next((place for place in (UNPACKED, Path("/")) if (place / _PROGRAMS / "addconn").is_file()), None)
        self.here = folder is not None
        self._folder = (folder or Path("/")) / _PROGRAMS
        libraries = {"LD_LIBRARY_PATH": str(LIBRARIES)} if folder == UNPACKED else {}
        self._environment = {**os.environ, **libraries}

    def check(self, text: str, folder: Path) -> str:
        """Return what is wrong with an ipsec.conf; empty if nothing is."""
        path = folder / "ipsec.conf"
        path.write_text(text, encoding="utf-8")
        said = self._run("addconn", "--checkconfig", "--config", str(path))
        return said or self._proposals(text)

    def connections(self, text: str, folder: Path) -> list[str]:
        """Return the names of the connections that addconn finds."""
        path = folder / "ipsec.conf"
        path.write_text(text, encoding="utf-8")
        done = self._do("addconn", "--listall", "--config", str(path))
        return done.stdout.split()

    def _proposals(self, text: str) -> str:
        """Return what is wrong with the proposals of each connection."""
        for section in text.split("\nconn ")[1:]:
            said = dict(line.strip().split("=", 1) for line in section.splitlines() if "=" in line.split("#")[0])
            words = [f"{name}={said[name]}" for name in ("ike", "esp", "ah") if name in said]
            for word in words:
                version = "-v2" if said["ikev2"] == "yes" else "-v1"
                wrong = self._run("algparse", version, f"-pfs={said['pfs']}", word)
                if wrong:
                    return wrong
        return ""

    def _run(self, program: str, *arguments: str) -> str:
        done = self._do(program, *arguments)
        return "" if done.returncode == 0 else done.stdout + done.stderr or f"exit status {done.returncode}"

    def _do(self, program: str, *arguments: str) -> subprocess.CompletedProcess[str]:
        return run_for([str(self._folder / program), *arguments], self._environment)


class Strongswan:
    """charon with a folder and a network namespace of its own, so that no policy reaches this machine."""

    NEEDS = ("unshare", "charon-systemd", "swanctl", "openssl")

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._socket = f"unix://{folder}/vici"
        self._environment = {
            **os.environ,
            "STRONGSWAN_CONF": str(folder / "strongswan.conf"),
            "SWANCTL_DIR": str(folder),
        }

    def load(self, text: str) -> str:
        """Load a swanctl.conf in place of the last; returns what is wrong with it, empty if nothing is.

        swanctl says nothing of what it takes for no connection: all that stand there have to be loaded.
        """
        path = self._folder / "swanctl.conf"
        path.write_text(text, encoding="utf-8")
        done = self._swanctl("--load-conns", "--file", str(path))
        there = len(re.findall(r"^\t[a-z0-9-]+ {$", text, re.MULTILINE))
        if done.returncode == 0 and f"successfully loaded {there} connections" in done.stdout:
            return ""
        said = [line for line in (done.stdout + done.stderr).splitlines() if not line.startswith("plugin ")]
        return "\n".join(said) or f"exit status {done.returncode}"

    def connections(self) -> str:
        """Return the connections that charon has, as swanctl lists them."""
        return self._swanctl("--list-conns").stdout

    def _swanctl(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        return run_for(["swanctl", *arguments, "--uri", self._socket], self._environment)

    def answers(self) -> bool:
        """Tell whether charon is there."""
        return self._swanctl("--version").returncode == 0 and self._swanctl("--stats").returncode == 0


def missing_for_strongswan() -> str:
    """Return what is not there that charon needs to run; empty if all is."""
    absent = [program for program in Strongswan.NEEDS if shutil.which(program) is None]
    return f"there is no {absent[0]}: {HOWTO}" if absent else missing_for_a_namespace()


def missing_for_a_namespace() -> str:
    """Return why a daemon cannot run apart from this machine's network and files; empty if it can."""
    if not hasattr(os, "geteuid") or os.geteuid() != 0:
        return "the daemons run as root alone"
    if shutil.which("unshare") is None:
        return "there is no unshare"
    alone = subprocess.run(["unshare", "--net", "--mount", "true"], capture_output=True, check=False)
    return "" if alone.returncode == 0 else "no namespaces can be made here"


@contextmanager
def running_strongswan() -> Iterator[Strongswan]:
    """Run charon as long as the block does, with a certificate where the configuration expects the peer's own."""
    with tempfile.TemporaryDirectory(prefix="ndtui-charon-") as name:  # a socket's path is short
        folder = Path(name)
        (folder / "strongswan.conf").write_text(_SETTINGS.format(folder=folder), encoding="utf-8")
        (folder / "x509").mkdir()
        _make_certificate(folder)
        made = Strongswan(folder)
        with (folder / "out").open("wb") as out:
            charon = subprocess.Popen(
                ["unshare", "--net", "charon-systemd"], env=made._environment, stdout=out, stderr=subprocess.STDOUT
            )
        try:
            _wait(made, charon, folder)
            yield made
        finally:
            charon.terminate()
            charon.wait(PATIENCE)


_SETTINGS = """\
charon-systemd {{
  port = 0
  port_nat_t = 0
  plugins {{ vici {{ socket = unix://{folder}/vici }} }}
}}
"""


def _make_certificate(folder: Path) -> None:
    key = str(folder / "key.pem")
    command = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=peer", "-keyout", key]
    subprocess.run([*command, "-out", str(folder / "x509" / "peer.pem")], capture_output=True, check=True)


def _wait(made: Strongswan, charon: "subprocess.Popen[bytes]", folder: Path) -> None:
    until = time.monotonic() + PATIENCE
    while not made.answers():
        if charon.poll() is not None or time.monotonic() > until:
            raise AssertionError(f"charon does not answer: {(folder / 'out').read_text(errors='replace')[-2000:]}")
        time.sleep(0.1)
