"""The page: its parts, ours and those of textual-serve, and the headers that keep it to itself.

Textual-serve's own page loads a font from another host, which tells that host of every visit and fails without a
network. This one loads nothing from anywhere else, and could not: its policy forbids it.
"""

from collections.abc import Mapping
from functools import cache
from html import escape
from importlib import resources
from string import Template
from typing import NamedTuple

from ndtui.common.text import visible

_OURS, _THEIRS = "ndtui.app.serve", "textual_serve"
_STYLE, _SCRIPT, _FONT = "text/css", "text/javascript", "font/ttf"

#: The parts of the page by name: the package and the path where each is found, and its type.
_PARTS: Mapping[str, tuple[str, str, str]] = {
    "page.css": (_OURS, "page.css", _STYLE),
    "page.js": (_OURS, "page.js", _SCRIPT),
    "xterm.css": (_THEIRS, "static/css/xterm.css", _STYLE),
    "textual.js": (_THEIRS, "static/js/textual.js", _SCRIPT),
    "mono.ttf": (_THEIRS, "static/fonts/RobotoMono-VariableFont_wght.ttf", _FONT),
    "mono-italic.ttf": (_THEIRS, "static/fonts/RobotoMono-Italic-VariableFont_wght.ttf", _FONT),
}
NAMES = tuple(_PARTS)


class Part(NamedTuple):
    """A part of the page, as it is sent."""

    data: bytes
    content_type: str


@cache
def part(name: str) -> Part:
    """Return a part of the page; ``name`` is one of ``NAMES``."""
    package, path, content_type = _PARTS[name]
    return Part(resources.files(package).joinpath(path).read_bytes(), content_type)


def page(title: str) -> str:
    """Return the page itself, as HTML."""
    text = resources.files(_OURS).joinpath("page.html").read_text(encoding="utf-8")
    return Template(text).substitute(title=escape(visible(title)))


def headers(host: str | None) -> dict[str, str]:
    """Return the headers of every answer; ``host`` is what the visitor calls this server, where that is its name.

    The terminal's script writes style sheets of its own, so styles may be inline; nothing else may.
    """
    policy = {
        "default-src": "'none'",
        "script-src": "'self'",
        "style-src": "'self' 'unsafe-inline'",
        "font-src": "'self'",
        "img-src": "'self' data:",
        # Some browsers do not take the page's own web socket for 'self'.
        "connect-src": f"'self' ws://{host} wss://{host}" if host else "'none'",
        "base-uri": "'none'",
        "form-action": "'none'",
        "frame-ancestors": "'none'",
    }
    return {
        "Content-Security-Policy": "; ".join(f"{name} {sources}" for name, sources in policy.items()),
        "Referrer-Policy": "no-referrer",  # the address is the token
        "Cache-Control": "no-store",
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Server": "ndtui",
    }
