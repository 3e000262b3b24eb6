"""The manual page ndtui(1), made from the parser of all commands: the same parser, the same bytes."""

from argparse import SUPPRESS, Action, ArgumentParser, _SubParsersAction
from collections.abc import Iterator, Sequence

from ndtui import __version__
from ndtui.cli.describing import roff
from ndtui.cli.describing.help_text import paragraphs

_SUMMARY = "design, check and apply Windows Filtering Platform IPsec policies"

#: What stands on the page in place of a line of the help.
_TITLES = {"examples:": "Examples:"}

#: Options that every command has: said once.
_EVERYWHERE = ("--help", "--debug")

_STATUSES = (
    ("0", "It is done. Of check: no finding is an error; of diff: there is no difference."),
    (
        "1",
        "The answer is no: check found an error, diff a difference, import could not reconstruct everything, or what "
        "was asked for was refused.",
    ),
    ("2", "Bad use or bad input. One line on standard error says what is wrong, where, and what would be right."),
    ("3", "With plan --detailed-exitcode: the plan has changes."),
    (
        "128 + N",
        "Signal N ended it: 130 for an interrupt, 141 for a pipe whose reader has left, 143 for SIGTERM. A trial of "
        "apply is ended by an interrupt as it should be, with 0.",
    ),
)

#: Every variable that the program looks at, with what it does.
ENVIRONMENT = (
    ("NDTUI_CONFIG_DIR", "The folder of your presets and settings, in place of the usual one."),
    (
        "NDTUI_DATA_DIR",
        "The folder of the default store, unsaved work and what else is kept, in place of the usual one.",
    ),
    (
        "NDTUI_LASTING_GUARD",
        "none: what is applied with --confirm-within is not guarded beyond a restart of the machine.",
    ),
    ("NO_COLOR", "If it is not empty: no colour, as --no-color."),
    ("TERM", "The kind of terminal; with dumb no designer opens and the filters are printed."),
    ("TEXTUAL_DRIVER", "Set for each session of ndtui serve: the designer opens without a terminal."),
    ("VISUAL", "The command of the editor that E opens a design with, unless the settings name one."),
    ("EDITOR", "The same, where VISUAL is not set."),
    ("PATH", "Where the editor is looked for."),
    ("COLORFGBG", "The colours of the terminal as some tell them; a light ground gets a light theme."),
    ("TERM_PROGRAM", "Apple_Terminal has no clipboard that programs can write to: what is copied goes into a file."),
    ("SUDO_USER", "Who called sudo; the history names that account beside the one that applies."),
    ("USERNAME", "On Windows: who applies, where the system does not tell."),
    ("COLUMNS", "How wide help is, where the terminal does not tell."),
    ("XDG_CONFIG_HOME", "On Linux: where folders of settings are; ~/.config if it is not set."),
    ("XDG_DATA_HOME", "On Linux: where folders of data are; ~/.local/share if it is not set."),
    ("XDG_RUNTIME_DIR", "On Linux: tells whether systemd of the user can guard what waits to be confirmed."),
)
_SECRETS = (
    "A design names a pre-shared key as env:NAME or keyring:NAME. Of the first kind the variable NAME is read when the "
    "policy is applied, and never written anywhere."
)

#: Every file of the user's that the program makes, with its place on Linux.
FILES = (
    ("~/.config/ndtui/settings.toml", "Your settings; ndtui config path prints where the file is on this system."),
    ("~/.config/ndtui/presets/*.toml", "Your presets; ndtui presets path prints the folder of this system."),
    ("~/.local/share/ndtui/store.sqlite3", "The default store: what is applied, and its history."),
    ("~/.local/share/ndtui/unsaved", "Designs that were not saved when a designer ended; the next one offers them."),
    ("~/.local/share/ndtui/edits", "Texts of the editor that E opens, where they were not taken in."),
    ("~/.local/share/ndtui/recent.json", "The paths of the last files that were opened or saved."),
    ("~/.local/share/ndtui/panes.json", "The sizes of the panes, once you have changed them."),
    ("~/.local/share/ndtui/tour-shown", "Says that the tour was shown."),
    ("~/.local/share/ndtui/copied.txt", "What was copied, where the terminal has no clipboard for programs."),
)
_SEE_ALSO = "https://github.com/ndtui/ndtui has the documentation of the design file, of traces and of plug-ins."


def man_page(whole: ArgumentParser) -> str:
    """Return the page as roff for ``man``, from the parser of all commands."""
    return "".join(f"{line}\n" for line in roff.without_needless(_lines(whole)))


def _lines(whole: ArgumentParser) -> Iterator[str]:
    commands = _commands(whole)
    yield '.\\" Made by `ndtui man`.'
    yield f'.TH NDTUI 1 "" "ndtui {roff.escaped(__version__)}" "User Commands"'
    yield roff.section("NAME")
    yield f"ndtui \\- {roff.escaped(_SUMMARY)}"
    yield roff.section("SYNOPSIS")
    yield " ".join((roff.bold("ndtui"), "[\\fIoptions\\fR]", *_positionals(whole)))
    for name, command in commands.items():
        yield ".br"
        yield " ".join((roff.bold(f"ndtui {name}"), "[\\fIoptions\\fR]", *_positionals(command)))
    yield roff.section("DESCRIPTION")
    yield from _prose(whole.description or "")
    yield from _arguments(whole)
    yield roff.section("OPTIONS")
    yield from _options(whole, leave_out=())
    yield from roff.paragraph("Every command has --help and --debug too.")
    yield roff.section("COMMANDS")
    for name, command in commands.items():
        yield roff.subsection(" ".join((f"ndtui {name}", *map(_metavar, command._get_positional_actions()))))
        yield from _prose(command.description or "")
        yield from _arguments(command)
        yield from _options(command, leave_out=_EVERYWHERE)
    yield from _table("EXIT STATUS", _STATUSES)
    yield from _table("ENVIRONMENT", ENVIRONMENT)
    yield from roff.paragraph(_SECRETS)
    yield from _table("FILES", FILES)
    yield roff.section("SEE ALSO")
    yield from roff.paragraph(_SEE_ALSO)


def _commands(whole: ArgumentParser) -> dict[str, ArgumentParser]:
    (commands,) = (action for action in whole._actions if isinstance(action, _SubParsersAction))
    return dict(commands.choices)


def _prose(text: str) -> Iterator[str]:
    for each in paragraphs(text):
        prose = " ".join(each.lines)
        yield from roff.as_is(each.lines) if each.verbatim else roff.paragraph(_TITLES.get(prose, prose))


def _arguments(parser: ArgumentParser) -> Iterator[str]:
    for action in parser._get_positional_actions():
        if not isinstance(action, _SubParsersAction):
            yield from roff.term(roff.italic(_metavar(action)), _help(parser, action))


def _options(parser: ArgumentParser, *, leave_out: Sequence[str]) -> Iterator[str]:
    for action in parser._get_optional_actions():
        if not set(leave_out) & set(action.option_strings):
            names = ", ".join(map(roff.bold, action.option_strings))
            value = "" if action.nargs == 0 else f" {roff.italic(_metavar(action))}"
            yield from roff.term(f"{names}{value}", _help(parser, action))


def _positionals(parser: ArgumentParser) -> Iterator[str]:
    """Yield the arguments of a command as a synopsis has them."""
    for action in parser._get_positional_actions():
        if not isinstance(action, _SubParsersAction):
            word = roff.italic(_metavar(action))
            yield {"?": f"[{word}]", "*": f"[{word} ...]", "+": f"{word} ..."}.get(str(action.nargs), word)


def _metavar(action: Action) -> str:
    """Return what an argument stands for, or the words that it can be."""
    if isinstance(action.metavar, str):
        return action.metavar
    return "|".join(map(str, action.choices)) if action.choices else action.dest.upper()


def _help(parser: ArgumentParser, action: Action) -> str:
    """Return the help of an argument with its values in it, as argparse writes them."""
    values = {name: value for name, value in vars(action).items() if value is not SUPPRESS}
    choices = ", ".join(map(str, action.choices or ()))
    return (action.help or "") % {**values, "prog": parser.prog, "choices": choices}


def _table(title: str, rows: Sequence[tuple[str, str]]) -> Iterator[str]:
    yield roff.section(title)
    for name, text in rows:
        yield from roff.term(roff.bold(name), text)
