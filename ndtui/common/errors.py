"""What can go wrong for a person: one line that names the place and the remedy, and the exit status it means."""

from ndtui.common.text import shortened, visible

#: What is shown of an exception that was not written for a person.
_LONGEST = 300


class NdtuiError(Exception):
    """Something a person typed, or a file held, or the system refused; shown as one line, never as a traceback.

    Whatever it quotes is cut short and cannot act on a terminal. ``status`` is the exit status of the command line:
    2 for bad use and bad input, 1 when the answer is no.
    """

    status = 2

    def __init__(self, message: str, *, remedy: str = "") -> None:
        super().__init__(message)
        self.message = shortened(visible(message), 560)
        self.remedy = shortened(visible(remedy), 400)
        self.behind = ""
        """The traceback of somebody else's error that it tells of, for who looks for the cause."""

    def __str__(self) -> str:
        """Return the message and the remedy in one line."""
        return f"{self.message}: {self.remedy}" if self.remedy else self.message


class InputError(NdtuiError):
    """A file or a value that was given cannot be used."""


class RefusedError(NdtuiError):
    """The request was understood and the answer is no: nothing was changed."""

    status = 1


def in_a_line(error: BaseException) -> str:
    """Return what an exception says in one printable line, whatever it is."""
    import traceback  # noqa: PLC0415 - slow to import, and needed only where something is wrong

    said = " ".join(" ".join(traceback.format_exception_only(error)).split())
    return shortened(visible(said), _LONGEST)
