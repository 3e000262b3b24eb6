"""Keys of the user's own: which keys each action has now, and what of the settings cannot be."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import get_args

from ndtui.common.settings_file import Fault, SettingsFile
from ndtui.common.suggestion import near
from ndtui.common.text import brief
from ndtui.ui.keys.action import Action, Scope
from ndtui.ui.keys.actions import ACTIONS, TOGETHER, by_name
from ndtui.ui.keys.key_names import UnknownKeyError, is_character, read_key

#: These always do what they do: nothing else may have them, and the action that has them keeps them.
RESERVED = frozenset({"ctrl+c", "ctrl+q", "ctrl+p", "escape", "enter", "tab", "shift+tab", "f1", "f6"})

_SCOPES: tuple[str, ...] = get_args(Scope)


@dataclass(frozen=True)
class KeyMap:
    """The keys of every action; ``own`` are those that the user has given, by the name of the action."""

    own: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def of(self, action: Action) -> tuple[str, ...]:
        """Return the keys of an action, the one that is shown first."""
        return self.own.get(action.name, action.keys)

    def first(self, name: str) -> str:
        """Return the key of an action that is shown, by the action's name."""
        return self.of(by_name(name))[0]


DEFAULT_KEYS = KeyMap()


def key_map(found: SettingsFile) -> tuple[KeyMap, tuple[Fault, ...]]:
    """Return the keys that hold, and what is wrong with those in the settings: there the usual ones hold."""
    faults: list[Fault] = []
    own: dict[str, tuple[str, ...]] = {}
    for scope, named in found.settings.keys.items():
        if scope not in _SCOPES:
            remedy = near(scope, _SCOPES) or f"choose {', '.join(_SCOPES)}"
            faults.append(found.fault(("keys", scope), "is no scope of actions", remedy))
            continue
        for name, keys in named.items():
            problem = _unknown(scope, name) or _wrong(by_name(f"{scope}.{name}"), keys)
            if problem:
                faults.append(found.fault(("keys", scope, name), *problem))
            else:
                own[f"{scope}.{name}"] = _with_reserved(by_name(f"{scope}.{name}"), map(read_key, keys))
    for name, problem in _without_clashes(own):
        scope, _, bare = name.partition(".")
        faults.append(found.fault(("keys", scope, bare), *problem))
    return KeyMap(own), tuple(sorted(faults, key=lambda fault: fault.line or 0))


_Problem = tuple[str, str]
"""What is wrong, and what would be right."""


def _unknown(scope: str, name: str) -> _Problem | None:
    if any(action.name == f"{scope}.{name}" for action in ACTIONS):
        return None
    elsewhere = [action.name for action in ACTIONS if action.name.partition(".")[2] == name]
    names = [action.name.partition(".")[2] for action in ACTIONS if action.scope == scope]
    meant = near(name, names) or (f"did you mean keys.{elsewhere[0]}?" if elsewhere else "ndtui keys lists them")
    return "is no action", meant


def _wrong(action: Action, keys: tuple[str, ...]) -> _Problem | None:
    """Return what is wrong with the keys that an action is given; a reserved one that it has anyway may be said."""
    for written in keys:
        try:
            key = read_key(written)
        except UnknownKeyError as error:
            return f"cannot be {brief(written)}: {error}", error.remedy
        if key in action.keys:
            continue
        if key in RESERVED:
            return f"cannot be {key}: that always does what it does", "choose another key"
        if action.scope == "packet" and is_character(key):
            return f"cannot be {key}: in a field that is written", "choose a function key, or one with ctrl"
    return None


def _with_reserved(action: Action, keys: Iterator[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*keys, *(key for key in action.keys if key in RESERVED))))


def _without_clashes(own: dict[str, tuple[str, ...]]) -> Iterator[tuple[str, _Problem]]:
    """Take out keys of the user's own that something else has where both work, until none is left; return each."""
    while clash := _clash(own):
        name, other, key = clash
        del own[name]
        yield (
            name,
            (f"cannot be {key}: that is {other.name}", f"give keys.{other.name} another key too, or choose another"),
        )


def _clash(own: Mapping[str, tuple[str, ...]]) -> tuple[str, Action, str] | None:
    """Return an action with a key of the user's own that another has too, the other, and the key."""
    keys = KeyMap(own)
    for scopes in TOGETHER:
        having: dict[str, Action] = {}
        for action in (action for action in ACTIONS if action.scope in scopes):
            for key in keys.of(action):
                other = having.setdefault(key, action)
                if other is not action:
                    taker, holder = (action, other) if action.name in own else (other, action)
                    if holder.name in own and list(own).index(holder.name) > list(own).index(taker.name):
                        taker, holder = holder, taker
                    return taker.name, holder, key
    return None
