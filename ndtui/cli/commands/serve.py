"""``ndtui serve``: the designer in a browser."""

from argparse import ArgumentParser
from importlib import import_module
from pathlib import Path

from ndtui.cli.arguments.common_options import add_designer, add_json
from ndtui.cli.arguments.user_settings import settings
from ndtui.cli.printing.output import note, write, write_json
from ndtui.common.errors import InputError
from ndtui.common.text import in_quotes

HELP = """\
Show the designer in a browser: prints the address to open, with a token that is new at each start, and serves until
Ctrl+C. Without the token nothing is served. Each visitor has a session of its own, opened anew from the design, and
none can save, export or apply unless --write lets it. Needs pip install "ndtui[serve]".

Only this machine is served unless --host names another of its addresses. There is no encryption: from elsewhere leave
--host away, and have ssh carry it: ssh -L 8000:127.0.0.1:8000 HOST

examples:
  ndtui serve
  ndtui serve my-design.toml --port 0
  ndtui serve nd-boundary --write --store policy.db"""

_DEFAULT_HOST, _DEFAULT_PORT, _LAST_PORT = "127.0.0.1", 8000, 65535
_SESSION = "ndtui.cli.session_process"
_LOOKING, _WRITING = "read-only", "letting them save, export and apply"
_FROM_ELSEWHERE = """\
warning: no encryption: the token and all that is shown can be read on the way.
Safer: leave --host away, and on the other machine
  ssh -L {port}:127.0.0.1:{port} {name}"""


def arguments(parser: ArgumentParser) -> None:
    """Add the arguments."""
    add_designer(parser, "a preset's name, or a file (TOML, JSON, or connection security rules)")
    parser.add_argument("--host", default=_DEFAULT_HOST, help=f"where to listen (default: {_DEFAULT_HOST})")
    parser.add_argument("--port", default=str(_DEFAULT_PORT), help=f"0 takes a free one (default: {_DEFAULT_PORT})")
    parser.add_argument("--write", action="store_true", dest="may_write", help="let visitors save, export and apply")
    add_json(parser)


def run(
    design: str | None,
    *,
    backend: str,
    store: Path | None,
    no_color: bool,
    host: str,
    port: str,
    may_write: bool,
    as_json: bool,
) -> int:
    """Serve until a signal ends it."""
    from ndtui.backends import registry
    from ndtui.cli.arguments.sources import read_source
    from ndtui.common import isolated

    number = _number(port)
    word = settings().preset if design is None else design
    _check_lasting(word)
    name = read_source(word).design.name  # what is wrong with it is said here, rather than to each visitor
    registry.load(backend)
    _check_extra()
    from ndtui.app.serve import web_server
    from ndtui.app.serve.gate import Gate, new_token
    from ndtui.app.serve.listening import listen

    options = [f"--backend={backend}", *([] if store is None else [f"--store={store}"])]
    options += ["--no-color"] * no_color + ["--read-only"] * (not may_write)
    words = isolated.command(_SESSION, [*options, "--", word])
    listening = listen(host, number)
    token = new_token()
    address = listening.address_with(token)
    if as_json:
        write_json(
            {"address": address, "design": name, "readOnly": not may_write, "visitors": web_server.MOST_VISITORS}
        )
    else:
        write(f"{address}\n")
    may = _WRITING if may_write else _LOOKING
    note(f"Serving {name} to at most {web_server.MOST_VISITORS} visitors at once, {may}. Ctrl+C ends it.")
    if not listening.is_local:
        for line in _FROM_ELSEWHERE.format(port=listening.port, name=listening.name).splitlines():
            note(line)
    return web_server.serve(listening, Gate(token, listening.address, listening.host), words, name, note)


def _number(port: str) -> int:
    """Return a port, or raise what is wrong with it."""
    if not (port.isascii() and port.isdigit() and len(port) <= 5 and int(port) <= _LAST_PORT):
        raise InputError(
            f"{in_quotes(port)} is no port", remedy=f"a number from 0 to {_LAST_PORT}; 0 takes one that is free"
        )
    return int(port)


def _check_lasting(word: str) -> None:
    """Make sure that a design can be read anew for each visitor."""
    from ndtui.cli.arguments.sources import STDIN
    from ndtui.common.files import is_stream

    if word == STDIN or is_stream(Path(word)):
        raise InputError(
            f"{word} can be read once, and is read anew for each visitor", remedy="name a preset or a file"
        )


def _check_extra() -> None:
    """Make sure that what serves is installed."""
    try:
        for name in ("aiohttp", "textual_serve"):
            import_module(name)
    except ImportError as error:
        raise InputError(
            f"what shows the designer in a browser is not installed ({error.name})",
            remedy='pip install "ndtui[serve]"',
        ) from None
