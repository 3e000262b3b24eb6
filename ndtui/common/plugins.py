"""Plug-ins of one kind by name: those of this package, and those that installed packages announce as entry points.

Names are listed without importing any, and one that cannot be used is told apart by a line that says why.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from ndtui.common.checked_values import checked
from ndtui.common.errors import InputError, NdtuiError, in_a_line
from ndtui.common.suggestion import choose
from ndtui.common.text import brief, in_quotes

if TYPE_CHECKING:
    from importlib.metadata import Distribution

T = TypeVar("T")
R = TypeVar("R")

#: The distribution that the built-in plug-ins come with.
OURS = "ndtui"


@dataclass(frozen=True, slots=True)
class Plugin:
    """A plug-in as it is announced: the distribution it comes with, and the class as ``module:name``.

    ``problem`` says in a line why it cannot be used although it is announced; mostly empty.
    """

    name: str
    distribution: str
    target: str
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of plug-in: what messages call it, where it is announced, and what its classes have to be.

    They are derived from ``base``, written for ``version`` of that contract, and have ``attributes`` of these types.
    ``unkept`` says in words what a class that is otherwise complete claims and does not keep; empty for nothing.
    """

    thing: str
    group: str
    base: type[object]
    version: int
    attributes: Mapping[str, type]
    unkept: Callable[[Any], str]


class Fence:
    """Around the calls of one plug-in: whatever it raises is told in one line, as an error of its kind.

    ``what`` is the plug-in in words. Only Ctrl+C passes, which is the operator's.
    """

    def __init__(self, what: str, error: type[NdtuiError]) -> None:
        self._what = what
        self._error = error

    def call(self, failed: str, function: Callable[[], R]) -> R:
        """Return what a function returns that calls the plug-in; ``failed`` says in an error what did not succeed.

        Raises:
            NdtuiError: what the plug-in raised, its own words where it speaks to a person; of the type ``error``.
        """
        try:
            return function()
        except KeyboardInterrupt:
            raise
        except BaseException as error:  # a plug-in may fail in any way, sys.exit() included
            told = self._told(failed, error)
        raise told  # outside the clause: what the plug-in raised is not to be behind it, since looking at it may raise

    def _told(self, failed: str, error: BaseException) -> NdtuiError:
        """Return an exception as an error of this program; one that was meant for a person keeps its words and kind."""
        import traceback  # noqa: PLC0415 - slow to import, and needed only where something is wrong

        try:
            if isinstance(error, NdtuiError):
                told = self._kind_of(error)(checked(error.message, str), remedy=checked(error.remedy, str))
            else:
                told = self._error(f"{self._what} {failed}", remedy=in_a_line(error))
            told.behind = "".join(traceback.format_exception(error))
        except BaseException:  # what it raised raises when it is looked at
            return self._error(f"{self._what} {failed}", remedy="and what it raised cannot be shown")
        return told

    def _kind_of(self, error: NdtuiError) -> type[NdtuiError]:
        """Return the class of this program that an error is of, as far as it is made of words alone."""
        ours = (
            each
            for each in type(error).__mro__
            if issubclass(each, self._error) and each.__module__.startswith(f"{OURS}.")
        )
        return next((each for each in ours if each.__init__ is NdtuiError.__init__), self._error)


class Plugins(Generic[T]):
    """The plug-ins of one kind.

    ``built_in`` are those of this package: they are there without installed metadata too, and no other takes their
    place. ``unusable`` says why one of them cannot be used on this machine; it is not imported then. What is wrong with
    a plug-in is raised as ``error``.
    """

    def __init__(
        self,
        kind: Kind,
        built_in: Mapping[str, str],
        *,
        error: type[NdtuiError],
        unusable: Callable[[str], str] = lambda _: "",
    ) -> None:
        self._kind = kind
        self._built_in = built_in
        self._error = error
        self._unusable = unusable

    def available(self) -> list[Plugin]:
        """Return all that are announced, by name, without importing any; those of this package come first."""
        found = [self._ours(name) for name in self._built_in]
        for plugin in sorted(self._announced(), key=lambda each: (each.name, each.distribution, each.target)):
            taken = next((each for each in found if each.name == plugin.name), None)
            if taken is None or plugin.problem:
                found.append(plugin)
            elif taken.target != plugin.target:
                problem = f"the name is taken by {taken.target} of {taken.distribution}, which is used instead"
                found.append(Plugin(plugin.name, plugin.distribution, plugin.target, problem))
        return found

    def usable(self) -> list[str]:
        """Return the names that can be asked for, without importing any."""
        return [plugin.name for plugin in self.available() if not plugin.problem]

    def load(self, name: str) -> type[T]:
        """Import one by name and return its class.

        Raises:
            InputError: there is none of that name; lists those there are.
            NdtuiError: it is announced, and cannot be imported or breaks its contract; of the type ``error``.
        """
        if name in self._built_in:
            ours = self._ours(name)
            if ours.problem:
                raise self._error(f"the {self._kind.thing} {name} {ours.problem}")
            return self.load_plugin(ours)
        for plugin in self.available():
            if plugin.name == name and not plugin.problem:
                return self.load_plugin(plugin)
        raise InputError(f"there is no {self._kind.thing} {in_quotes(name)}", remedy=choose(name, self.usable()))

    def load_plugin(self, plugin: Plugin) -> type[T]:
        """Import one of ``available()`` and return its class; raises as ``load``."""
        fence = self.fence(plugin.name)
        found: type[T] = fence.call("cannot be loaded", lambda: _import(plugin.target))
        flaw, remedy = fence.call("cannot be loaded", lambda: self._flaw(plugin, found))
        if flaw:
            raise self._error(f"the {self._kind.thing} {plugin.name} {flaw}", remedy=remedy)
        return found

    def is_ours(self, name: str) -> bool:
        """Tell whether one is of this package; what it raises beyond its contract is a mistake of this program."""
        return name in self._built_in

    def fence(self, name: str) -> Fence:
        """Return what the calls of a plug-in are made through."""
        return Fence(f"the {self._kind.thing} {name}", self._error)

    def _ours(self, name: str) -> Plugin:
        return Plugin(name, OURS, self._built_in[name], self._unusable(name))

    def _announced(self) -> list[Plugin]:
        """Return what installed distributions announce; that of this package is among it, and equal to ours."""
        from importlib.metadata import entry_points  # noqa: PLC0415 - slow to import, and not needed for our own

        try:
            found = entry_points(group=self._kind.group)
            come_with = {id(each.dist): each.dist for each in found}
            names = {key: _name(dist) for key, dist in come_with.items()}  # each is read from a file
            return [Plugin(each.name, names[id(each.dist)], each.value) for each in found]
        except Exception as error:  # one installed distribution with damaged metadata hides those of all others
            return [Plugin("plug-ins", "", "", f"installed packages cannot be searched: {in_a_line(error)}")]

    def _flaw(self, plugin: Plugin, found: type[T]) -> tuple[str, str]:
        """Return how a class breaks its contract, and what helps; both empty where it keeps it."""
        kind, base = self._kind, self._kind.base
        update = f"update {plugin.distribution or 'the package it comes with'}"
        broken = f"is no {self._kind.thing}: {plugin.target}"
        if not issubclass(found, base):
            return f"{broken} is not derived from {base.__module__}.{base.__qualname__}", update
        version = getattr(found, "contract_version", None)
        if version != kind.version:
            newer = isinstance(version, int) and version > kind.version
            flaw = f"was written for version {brief(version)} of its contract, and this program speaks version"
            return f"{flaw} {kind.version}", f"update {OURS}" if newer else update
        missing = [name for name, type_ in kind.attributes.items() if not isinstance(getattr(found, name, 0), type_)]
        missing += _unwritten(found, base)
        if missing:
            return f"{broken} lacks {', '.join(missing)}", update
        if (name := getattr(found, "name", "")) != plugin.name:
            return f"calls itself {brief(name)}, and is announced as {plugin.name}", update
        return kind.unkept(found), update


def _import(target: str) -> Any:
    """Return the class that an entry point names as ``module:name``, or ``module:a.b [extra]``."""
    where, colon, path = target.partition(":")
    found: object = import_module(where.strip())
    for part in path.partition("[")[0].strip().split(".") if colon else ():
        found = getattr(found, part)
    if not isinstance(found, type):
        raise TypeError(f"{target} is no class")
    return found


def _unwritten(found: type, base: type) -> list[str]:
    """Return the methods that a class does not have, or leaves abstract."""
    abstract: frozenset[str] = getattr(found, "__abstractmethods__", frozenset())
    public = [name for name, value in vars(base).items() if callable(value) and not name.startswith("_")]
    gone = [name for name in public if name in abstract or not callable(getattr(found, name, None))]
    return gone + sorted(abstract.difference(gone))


def _name(distribution: "Distribution | None") -> str:
    try:
        return (distribution.name if distribution else "") or ""
    except KeyError:  # metadata without a name, from Python 3.15 on
        return ""
