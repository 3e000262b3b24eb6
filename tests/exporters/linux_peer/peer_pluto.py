"""libreswan's daemon, which refuses more than ``addconn --checkconfig`` does, in namespaces of its own."""

import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.exporters.linux_peer.peer_programs import (
    HOWTO,
    LIBRARIES,
    PATIENCE,
    UNPACKED,
    missing_for_a_namespace,
    run_for,
)

#: The addresses that the daemon's machine has.
ADDRESS = "192.0.2.8"
ADDRESS_V6 = "2001:db8::8"
_PROGRAMS = "usr/libexec/ipsec"
_NEEDS = ("usr/libexec/ipsec/pluto", "usr/bin/certutil", "usr/bin/pk12util")
#: It looks for its helpers at their usual place, and for one of them in the path.
_START = """\
set -e
if [ "$1" != / ]; then mount --bind "$1/usr/libexec" /usr/libexec; fi
mount -t tmpfs none /run
mkdir /run/pluto
ip link set lo up
ip address add "$4/24" dev lo
ip address add "$5/64" dev lo nodad
exec /usr/libexec/ipsec/pluto --nofork --rundir "$2" --config "$3" --logfile "$2/log"
"""


class Pluto:
    """A pluto that runs; ``folder`` has its socket. What ``config setup`` of a peer says is said to it at its start."""

    def __init__(self, root: Path, folder: Path) -> None:
        self._root, self._folder = root, folder
        self._socket = str(folder / "pluto.ctl")
        self.environment = {
            **os.environ,
            "LD_LIBRARY_PATH": f"{LIBRARIES}:{LIBRARIES}/nss",
            "PATH": f"{os.environ['PATH']}:{root}/usr/sbin",
        }

    def load(self, text: str) -> str:
        """Add the connections of an ipsec.conf; returns what is wrong with them, empty if nothing is."""
        path = self._folder / "peer.conf"
        path.write_text(text, encoding="utf-8")
        before = len(self._log())
        self._do("addconn", "--config", str(path), "--autoall")
        status = self._do("whack", "--status").stdout
        names = [line.removeprefix("conn ") for line in text.splitlines() if line.startswith("conn ")]
        absent = [name for name in names if f'"{name}"' not in status]
        for name in names:
            self._do("whack", "--delete", "--name", name)
        return "\n".join(line for line in self._log()[before:] if any(f'"{name}"' in line for name in absent))

    def _log(self) -> list[str]:
        return (self._folder / "log").read_text(encoding="utf-8", errors="replace").splitlines()

    def _do(self, program: str, *arguments: str) -> "subprocess.CompletedProcess[str]":
        return run_for(
            [str(self._root / _PROGRAMS / program), "--ctlsocket", self._socket, *arguments], self.environment
        )

    def answers(self) -> bool:
        """Tell whether it is there."""
        return Path(self._socket).exists() and self._do("whack", "--status").returncode == 0


def _root() -> Path | None:
    return next((root for root in (UNPACKED, Path("/")) if all((root / each).is_file() for each in _NEEDS)), None)


def missing_for_pluto() -> str:
    """Return what is not there that pluto needs to run; empty if all is."""
    absent = [program for program in ("ip", "openssl") if shutil.which(program) is None]
    if _root() is None or absent:
        return f"there is no {absent[0] if absent else 'pluto of libreswan'}: {HOWTO}"
    return missing_for_a_namespace()


@contextmanager
def running_pluto() -> Iterator[Pluto]:
    """Run pluto as long as the block does, with a certificate by the name that a configuration expects."""
    root = _root()
    assert root is not None
    with tempfile.TemporaryDirectory(prefix="ndtui-pluto-") as name:  # a socket's path is short
        folder = Path(name)
        made = Pluto(root, folder)
        _make_store(root, folder, made.environment)
        (folder / "setup.conf").write_text(
            f"config setup\n\tnssdir={folder}/nss\n\tikev1-policy=accept\n", encoding="utf-8"
        )
        words = [str(root), str(folder), str(folder / "setup.conf"), ADDRESS, ADDRESS_V6]
        with (folder / "out").open("wb") as out:
            pluto = subprocess.Popen(
                ["unshare", "--net", "--mount", "bash", "-c", _START, "bash", *words],
                env=made.environment,
                stdout=out,
                stderr=subprocess.STDOUT,
            )
        try:
            until = time.monotonic() + PATIENCE
            while not made.answers():
                if pluto.poll() is not None or time.monotonic() > until:
                    raise AssertionError(f"pluto does not answer: {(folder / 'out').read_text()[-2000:]}")
                time.sleep(0.1)
            yield made
        finally:
            pluto.terminate()
            pluto.wait(PATIENCE)


def _make_store(root: Path, folder: Path, environment: dict[str, str]) -> None:
    (folder / "nss").mkdir()
    key, certificate, both = (str(folder / name) for name in ("key.pem", "peer.pem", "peer.p12"))
    store = f"sql:{folder}/nss"
    for command in (
        [f"{root}/usr/bin/certutil", "-N", "-d", store, "--empty-password"],
        [
            "openssl",
            "req",
            "-x509",
            "-newkey",
            "rsa:2048",
            "-nodes",
            "-subj",
            "/CN=peer",
            "-keyout",
            key,
            "-out",
            certificate,
        ],
        [
            "openssl",
            "pkcs12",
            "-export",
            "-in",
            certificate,
            "-inkey",
            key,
            "-name",
            "peer",
            "-passout",
            "pass:",
            "-out",
            both,
        ],
        [f"{root}/usr/bin/pk12util", "-i", both, "-d", store, "-W", ""],
    ):
        # the system's own openssl is not to find the unpacked libraries
        env = environment if command[0].startswith(str(root / "usr")) else None
        subprocess.run(command, env=env, capture_output=True, check=True)
