"""Listening: the address and port where the server is reached, taken before anything is said of them."""

import errno
import socket
from dataclasses import dataclass
from ipaddress import ip_address

from ndtui.app.serve.gate import Address
from ndtui.common.errors import InputError
from ndtui.common.files import reason
from ndtui.common.text import in_quotes

LOCAL = "127.0.0.1"


@dataclass(frozen=True, slots=True)
class Listening:
    """A socket that listens, at an address, as ``host`` names it."""

    host: str
    socket: socket.socket
    address: Address
    port: int

    @property
    def is_local(self) -> bool:
        """Whether it is reached from this machine alone."""
        return self.address.is_loopback

    @property
    def name(self) -> str:
        """The host as a browser is told: of an address that stands for all of them the machine's name."""
        return socket.gethostname() if self.address.is_unspecified else self.host

    def address_with(self, token: str) -> str:
        """Return the address to open in a browser."""
        return f"http://{f'[{self.name}]' if ':' in self.name else self.name}:{self.port}/{token}/"


def listen(host: str, port: int) -> Listening:
    """Listen at a host, a name or an address of this machine; port 0 takes a free one.

    Raises:
        InputError: there is no such host, it is not this machine, or the port cannot be had.
    """
    host = host.strip("[]")
    family, place = _resolved(host, port)
    try:
        listening = socket.create_server(place, family=family, backlog=64)
    except OSError as error:
        raise _refusal(host, port, error) from None
    return Listening(host, listening, ip_address(listening.getsockname()[0]), listening.getsockname()[1])


def _resolved(host: str, port: int) -> tuple[socket.AddressFamily, tuple[str, int]]:
    """Return the one address that a host stands for here: of several an IPv4 one, which every browser tries."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM) if host else []
    except (OSError, UnicodeError):  # a label that is too long for a name is no name
        found = []
    if not found:
        raise InputError(
            f"there is no host {in_quotes(host)}", remedy=f"--host takes a name or an address, such as {LOCAL}"
        )
    family, _, _, _, address = min(found, key=lambda each: each[0] != socket.AF_INET)
    return family, (str(address[0]), port)


def _refusal(host: str, port: int, error: OSError) -> InputError:
    if error.errno in (errno.EADDRINUSE, getattr(errno, "WSAEADDRINUSE", errno.EADDRINUSE)):
        return InputError(f"port {port} is in use at {host}", remedy="--port 0 takes one that is free")
    if error.errno in (errno.EADDRNOTAVAIL, getattr(errno, "WSAEADDRNOTAVAIL", errno.EADDRNOTAVAIL)):
        return InputError(f"{host} is no address of this machine", remedy=f"leave --host away for {LOCAL}")
    if isinstance(error, PermissionError):
        return InputError(f"port {port} cannot be had at {host}: {reason(error)}", remedy="try one above 1023")
    return InputError(f"{host} cannot be listened at, port {port}", remedy=reason(error))
