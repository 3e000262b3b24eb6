"""The gate: which requests are answered at all. Everything else of the server stands behind it.

The token is the first part of every path. A cookie would be sent by the browser whoever asks for it, and to every port
of the host; a path is known to nobody but who was told it. A page of another host that has this address put under its
own name (DNS rebinding) is known by the Host header, one that opens a connection from elsewhere by Origin.
"""

import re
import secrets
import socket
from collections.abc import Sequence
from dataclasses import dataclass
from hmac import compare_digest
from ipaddress import IPv4Address, IPv6Address, ip_address

Address = IPv4Address | IPv6Address

#: Bytes of chance in a token.
_TOKEN_BYTES = 32
#: What a Host header holds, and nothing else that an address may: no user, no path.
_HOST = re.compile(r"(\[(?P<address>[0-9a-f:.]+)\]|(?P<name>[a-z0-9._-]+))(:\d{1,5})?")


def new_token() -> str:
    """Return a token that nobody can guess, of characters that stand in a path as they are."""
    return secrets.token_urlsafe(_TOKEN_BYTES)


@dataclass(frozen=True, slots=True)
class Gate:
    """Lets through who knows the token and comes under a name of this server.

    ``address`` is what the server listens at, ``host`` the name or address that it was told to.
    """

    token: str
    address: Address
    host: str

    def lets_in(self, hosts: Sequence[str], origins: Sequence[str], path: str, *, is_socket: bool) -> bool:
        """Tell whether a request is answered, by its Host and Origin headers and its path.

        Only of a web socket every browser says the Origin; where it is said it has to be ours.
        """
        if len(hosts) != 1 or not self.answers_to(hosts[0]):
            return False
        if (is_socket and not origins) or any(not _same(origin, hosts[0]) for origin in origins):
            return False
        token = path.removeprefix("/").partition("/")[0]
        return compare_digest(_bytes(token), _bytes(self.token))

    def answers_to(self, host: str) -> bool:
        """Tell whether a Host header has a name of this server; an address leads here whatever a name server says."""
        name = _name_in(host)
        if name in ("localhost", self.host.lower()):
            return True
        try:
            address = ip_address(name)
        except ValueError:
            return self.address.is_unspecified and name == socket.gethostname().lower()
        return self.address.is_unspecified or address.is_loopback or address == self.address


def _name_in(host: str) -> str:
    """Return the name or address in a Host header, without its port; empty where it is none."""
    found = _HOST.fullmatch(host.lower())
    return (found["address"] or found["name"]) if found else ""


def _same(origin: str, host: str) -> bool:
    """Tell whether a page's origin is the host that it asks; TLS may be somebody else's, in front of this server."""
    return origin.lower() in (f"http://{host.lower()}", f"https://{host.lower()}")


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")
