"""Text of a batch file: arguments that cannot end their own quotation, and comments; all of it in ASCII.

Between quotation marks cmd takes nothing for its own but the percent sign, which is written twice, and another
quotation mark; with delayed expansion, which is on where a key is read, the exclamation mark and the caret too.
Sources: https://learn.microsoft.com/windows-server/administration/windows-commands/cmd and .../setlocal.
"""

import re

from ndtui.exporters.connection_security.native_values import FromEnvironment, Value, in_ascii

#: What stands in an argument as it is.
_PLAIN = re.compile(r"[A-Za-z0-9.:,/+-]+")
#: What may stand between quotation marks: printable ASCII without the quotation mark.
_QUOTABLE = re.compile(r"[ !#-~]*")
#: What cmd takes for its own anywhere.
_SIGNS = re.compile(r'[%^&|<>!"]')


class NotQuotableError(Exception):
    """A text cannot stand in a batch file; the text of the error says why."""


def argument(name: str, value: Value) -> str:
    """Return an argument of netsh, ``name=value``.

    Raises:
        NotQuotableError: its value cannot be quoted.
    """
    if isinstance(value, FromEnvironment):
        return f'{name}="!{value.name}!"'
    text = ",".join(value) if isinstance(value, tuple) else str(value)
    if _PLAIN.fullmatch(text):
        return f"{name}={text}"
    if not _QUOTABLE.fullmatch(text) or text.endswith("\\"):
        raise NotQuotableError(f"{name} has a quotation mark, a backslash at its end or a character that is not ASCII")
    return f'{name}="{text.replace("%", "%%")}"'


def shown(text: str) -> str:
    """Return text for people, in which cmd finds nothing of its own: each such sign as its escape sequence."""
    return _SIGNS.sub(lambda found: f"\\x{ord(found[0]):02x}", in_ascii(text))


def comment(text: str) -> str:
    """Return a line of comment."""
    return f"rem   {shown(text)}".rstrip()
