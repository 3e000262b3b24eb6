"""What an export format is: it turns a compiled design into a text, bytes or several files, and says what it cannot.

A format is a class derived from ``Exporter``, found through the entry-point group ``ndtui.exporters``. It returns data
or raises ``ExportError``; it never prints, never asks and never writes.
"""

import re
import unicodedata
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, NamedTuple

from ndtui.common.errors import InputError, NdtuiError
from ndtui.common.file_names import is_plain
from ndtui.common.suggestion import near
from ndtui.common.text import brief

if TYPE_CHECKING:  # the command line lists the formats without the model
    from ndtui.analysis.check.finding import Finding
    from ndtui.model.compiled.objects import FilterSet

ENTRY_POINTS = "ndtui.exporters"

#: The version of this contract that the program speaks: a format that was written for another one is not used.
CONTRACT_VERSION = 1

#: What an option is set to.
Value = str | int | bool

_OPTION_NAME = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")


class ExportError(NdtuiError):
    """A design cannot be exported in this format. Nothing was written."""

    status = 1


@dataclass(frozen=True, slots=True)
class Option:
    """One thing about a format that can be chosen. The command line, the dialog and the listing read it here.

    The type of ``default`` is that of the option: a text, which may be limited to ``choices``, a whole number, or a yes
    or no. A text may name a ``design``: a person writes a preset or a file, and the format is given the design itself,
    as TOML, or nothing; so that it never reads a file.
    """

    name: str
    help: str
    default: Value = ""
    choices: tuple[str, ...] = ()
    design: bool = False

    def __post_init__(self) -> None:
        """Refuse a declaration that could never be right."""
        if not _OPTION_NAME.fullmatch(self.name):
            raise ValueError(f"{brief(self.name)} is no name of an option: write small letters, digits and hyphens")
        if self.choices and self.default not in self.choices:
            raise ValueError(f"the default of the option {self.name} is none of its choices")
        if self.design and (self.default or self.choices or not isinstance(self.default, str)):
            raise ValueError(f"the option {self.name} is a design, and so has neither a default nor choices")

    @property
    def takes(self) -> str:
        """What it can be set to, in words."""
        if self.choices:
            *others, last = self.choices
            return f"{', '.join(others)} or {last}" if others else last
        if self.design:
            return "a preset or a file"
        return {bool: "yes or no", int: "a whole number"}.get(type(self.default), "a text")

    def write(self, value: Value) -> str:
        """Return a value as a person writes it."""
        return ("yes" if value else "no") if isinstance(value, bool) else str(value)

    def read(self, text: str) -> Value:
        """Return what a person wrote as a value.

        Raises:
            InputError: it is none that the option can have.
        """
        if self.choices and text not in self.choices:
            raise self._refusal(text)
        if isinstance(self.default, bool):
            if text not in ("yes", "no"):
                raise self._refusal(text)
            return text == "yes"
        if isinstance(self.default, int):
            if not re.fullmatch("-?[0-9]{1,18}", text, re.ASCII):
                raise self._refusal(text)
            return int(text)
        return text

    def _refusal(self, text: str) -> InputError:
        return InputError(
            f"the option {self.name} cannot be {brief(text)}", remedy=near(text, self.choices) or f"write {self.takes}"
        )


class Inexpressible(NamedTuple):
    """Something of a design that a format has no place for: the element by its name, and why."""

    element: str
    why: str


class File(NamedTuple):
    """One of several files: a plain name, and a text or bytes."""

    name: str
    content: str | bytes


@dataclass(frozen=True, slots=True)
class Export:
    """What came out: a text, bytes, or several files.

    A text has LF line ends and ends with one; it is written as UTF-8, with ``line_end`` for each of them. The names of
    files are plain: no folders, nothing that a system keeps for itself, and none like another however a system compares
    them.
    """

    content: str | bytes | tuple[File, ...]
    line_end: str = "\n"

    def __post_init__(self) -> None:
        """Refuse what cannot be written as it stands."""
        if self.line_end not in ("\n", "\r\n"):
            raise ValueError(f"lines end with LF or CR LF, and not with {brief(self.line_end)}")
        if isinstance(self.content, str | bytes):
            return
        if not isinstance(self.content, tuple):
            raise TypeError(f"an export is a text, bytes or a tuple of files, and not {brief(self.content)}")
        if not self.content:
            raise ValueError("an export of several files has none")
        taken = set()
        for name, content in self.content:
            if not isinstance(content, str | bytes):
                raise TypeError(f"the file {brief(name)} holds neither text nor bytes")
            if not is_plain(name):
                raise ValueError(f"{brief(name)} is no plain name of a file")
            if (key := unicodedata.normalize("NFKC", name).casefold()) in taken:
                raise ValueError(f"two files are named {brief(name)}")
            taken.add(key)

    def written(self, content: str) -> str:
        """Return a text of the export as it is written."""
        return content.replace("\n", self.line_end)


class Exporter(ABC):
    """A format that a compiled design can be written in.

    What is abstract has to be written; the rest has defaults that hold for a format without options in which everything
    can be said. It keeps no state: one instance may be used for many designs, and from several threads.
    """

    #: The version of the contract that a class was written for; one that does not say was written for the first.
    contract_version: ClassVar[int] = 1

    name: ClassVar[str]
    """What it is called on the command line: the name of its entry point."""
    title: ClassVar[str]
    """What it is, in a line."""
    suffix: ClassVar[str]
    """How the names of its files end, such as ``.json``."""
    options: ClassVar[tuple[Option, ...]] = ()
    """What can be chosen about it."""
    lossy: ClassVar[bool] = False
    """Whether a design can be written without what the format has no place for: see ``export_lossy``."""

    def unsupported(self, filterset: "FilterSet", options: Mapping[str, Value]) -> Sequence[Inexpressible]:  # noqa: ARG002
        """Return what of a design cannot be said in this format; nothing by default.

        Nothing is exported then, unless what is lost may be: a format never changes the meaning of a design in silence.
        """
        return ()

    def findings(self, filterset: "FilterSet", options: Mapping[str, Value]) -> "Sequence[Finding]":  # noqa: ARG002
        """Return what has to be known of a design in this format, where something means another thing there.

        Defaults of the target that do not say what the design says, what of the target's own stands in the way, what it
        takes away from whoever applies it: only what is true of this design with these options, each with its source.
        Nothing by default. It is asked for a design that can be exported, perhaps without what is lost; it is said
        before anything is written, and with an error among it the exit status is 1 although it is written.
        """
        return ()

    def export_lossy(
        self,
        filterset: "FilterSet",  # noqa: ARG002
        options: Mapping[str, Value],  # noqa: ARG002
        lost: Sequence[Inexpressible],  # noqa: ARG002
    ) -> Export:
        """Return a design without what is ``lost``, which is named at the head of what is written, all of it.

        Only a format that says so (``lossy``) is asked. ``lost`` is what ``unsupported`` has returned, and not empty.

        Raises:
            ExportError: it cannot be done, although what is lost may be.
        """
        raise ExportError(f"the export format {self.name} leaves nothing out", remedy="nothing was written")

    @abstractmethod
    def export(self, filterset: "FilterSet", options: Mapping[str, Value]) -> Export:
        """Return a design in this format. The same FilterSet and options give the same text or bytes.

        ``options`` has a value for each option of the format.

        Raises:
            ExportError: it cannot be done, although everything in it can be said.
        """


def flaw_of(exporter: type[Exporter]) -> str:
    """Return what is wrong with how a class declares itself, in words; empty where nothing is."""
    if not is_plain(f"x{exporter.suffix}"):
        return f"has the suffix {brief(exporter.suffix)}, and no file name can end so"
    if not all(isinstance(option, Option) for option in exporter.options):
        return "declares options that are none: each is an ndtui.exporters.contract.Option"
    names = [option.name for option in exporter.options]
    if len(set(names)) != len(names):
        return "declares two options of one name"
    return ""
