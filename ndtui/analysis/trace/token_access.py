"""Token access: whether a security descriptor lets in the program that a packet is of, as far as that is said.

Windows asks for FWP_ACTRL_MATCH_FILTER (0x1, which SDDL spells CC). An entry is about one SID, the first that decides
does; the program of an app package has to be let in twice, by the SIDs of its account and by those of its package and
capabilities, which count for nobody else. What is not said of a packet leaves an entry open.
Sources: https://learn.microsoft.com/windows/win32/secauthz/how-dacls-control-access-to-an-object,
.../implementing-an-appcontainer and .../security-descriptor-string-format beside it.
"""

import re
from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import Literal, NamedTuple

from ndtui.analysis.traffic.packet_circumstances import Circumstances
from ndtui.model.design.access_check import canonical
from ndtui.model.vocabulary.security_ids import (
    ALL_PACKAGES,
    ALL_RESTRICTED_PACKAGES,
    ANY_SERVICE,
    CAPABILITY,
    NULL_SID,
    PACKAGE,
    SERVICE,
    is_sid,
    package_sid,
)

Answer = Literal["yes", "no", "perhaps"]

#: Everyone and Authenticated Users: what every program's account has.
_EVERYBODY = ("S-1-1-0", "S-1-5-11")
_ANONYMOUS = "S-1-5-7"
_ENTRY = re.compile(r"\(([A-Z]+);([A-Z]*);([^;]*);([^;]*);([^;]*);([^;()]+)(?:;(\(.*?\)))?\)")
_LIST = re.compile(r"D:([A-Z_]*)((?:\((?:[^()]|\([^()]*\))*\))*)")
_BEHIND = re.compile(r"(?:S:.*)?", re.DOTALL)
_OF_PACKAGE = re.compile(r'\(WIN://SYSAPPID Contains "([^"]+)"\)', re.IGNORECASE)
#: Letters for rights that hold FWP_ACTRL_MATCH_FILTER: CC itself, and those of files and keys that have the bit.
_WITH_RIGHT = frozenset(("CC", "GA", "FA", "FR", "KA", "KR"))
_UNCLEAR = frozenset(("GR", "GW", "GX"))


class _Entry(NamedTuple):
    allows: bool
    sid: str
    condition: str
    unclear: bool


class UnreadListError(ValueError):
    """The descriptor says something that this program does not know how to ask."""


def grants(sddl: str, said: Circumstances) -> Answer:
    """Return whether a descriptor lets in the program of a packet, by what is said of it."""
    try:
        entries = _entries(sddl)
    except UnreadListError:
        return "perhaps"
    if entries is None:
        return "yes"  # without a list everybody is let in
    if said.package is not None:
        return _as_program(entries, said) if said.package == "" else _as_package(entries, said)
    both = {_as_program(entries, said), _as_package(entries, said)}
    return both.pop() if len(both) == 1 else "perhaps"


def _as_program(entries: Iterable[_Entry], said: Circumstances) -> Answer:
    return _first(entries, lambda entry: _both(_has(entry.sid, said), _condition(entry.condition, "")))


def _as_package(entries: tuple[_Entry, ...], said: Circumstances) -> Answer:
    package = said.package or None
    account = _first(entries, lambda entry: _both(_has(entry.sid, said), _condition(entry.condition, package)))
    return _both(account, _first(entries, lambda entry: _of_package(entry, package, said)))


def _of_package(entry: _Entry, package: str | None, said: Circumstances) -> Answer:
    """Return whether an entry is about the package: by its SIDs, or by a condition that names it for everybody."""
    named = _condition(entry.condition, package)
    if entry.condition and _OF_PACKAGE.fullmatch(entry.condition):
        return named
    return _both(_package_has(entry.sid, package, said), named)


def _first(entries: Iterable[_Entry], about: Callable[[_Entry], Answer]) -> Answer:
    """Return what the first entry says that is about a token; those that may be about it leave it open."""
    found: set[bool] = set()
    for entry in entries:
        answer = "perhaps" if entry.unclear and about(entry) == "yes" else about(entry)
        if answer != "no":
            found.add(entry.allows)
        if answer == "yes":
            break
    else:
        found.add(False)
    return "perhaps" if len(found) > 1 else "yes" if found.pop() else "no"


def _both(one: Answer, other: Answer) -> Answer:
    if "no" in (one, other):
        return "no"
    return "perhaps" if "perhaps" in (one, other) else "yes"


def _has(sid: str, said: Circumstances) -> Answer:
    """Return whether the account of a program has a SID."""
    if sid in _EVERYBODY:
        return "yes"
    if sid == _ANONYMOUS or sid.startswith((PACKAGE, CAPABILITY)):
        return "no"
    own = tuple(map(canonical, said.account or ()))
    if sid in own:
        return "yes"
    if sid.startswith(SERVICE) or sid in ANY_SERVICE:
        return _service_has(sid, said)
    if said.account is None:
        return "perhaps"
    unnamed = not sid.startswith("S-") and any(each.startswith("S-1-5-21-") for each in own)
    return "perhaps" if unnamed else "no"  # two letters that stand for a SID of a domain which nobody named


def _service_has(sid: str, said: Circumstances) -> Answer:
    if said.service is None:
        return "perhaps"
    return "yes" if sid in said.service or (said.service and sid in ANY_SERVICE) else "no"


def _package_has(sid: str, package: str | None, said: Circumstances) -> Answer:
    """Return whether the package of a program, or one of its capabilities, has a SID."""
    if sid in (ALL_PACKAGES, ALL_RESTRICTED_PACKAGES):
        return "yes"
    if sid.startswith(CAPABILITY):
        return "perhaps" if said.capability is None else "yes" if sid in said.capability else "no"
    if sid.startswith(PACKAGE):
        return "perhaps" if package is None else "yes" if sid == package else "no"
    return "no"


def _condition(text: str, package: str | None) -> Answer:
    """Return whether the condition of an entry holds; ``package`` is empty for a program of none, ``None`` for any."""
    if not text:
        return "yes"
    named = _OF_PACKAGE.fullmatch(text)
    if named is None or package is None:
        return "perhaps"
    return "yes" if package and package == package_sid(named[1]) else "no"


def same_package(sid: str, said: Circumstances) -> Answer:
    """Return whether the package of a packet is the one with a SID; that of none has S-1-0-0."""
    if said.package is None:
        return "perhaps"
    return "yes" if (said.package or NULL_SID) == sid else "no"


@lru_cache(maxsize=4096)
def _entries(sddl: str) -> tuple[_Entry, ...] | None:
    """Return the entries of a descriptor, ``None`` where it has no list.

    Raises:
        UnreadListError: it has something that is not known here.
    """
    found = _LIST.search(sddl)
    if found is None:
        if "D:" in sddl:
            raise UnreadListError(sddl)
        return None
    if not _BEHIND.fullmatch(sddl, found.end()):
        raise UnreadListError(sddl)
    if "NO_ACCESS_CONTROL" in found[1]:
        return None
    matches = list(_ENTRY.finditer(found[2]))
    if sum(match.end() - match.start() for match in matches) != len(found[2]):
        raise UnreadListError(sddl)
    return tuple(entry for match in matches for entry in _read(match))


def _read(match: "re.Match[str]") -> Iterable[_Entry]:
    kind, flags, rights, first, second, sid, condition = match.groups()
    if kind not in ("A", "D", "XA", "XD") or first or second:
        raise UnreadListError(match[0])
    if "IO" in (flags[at : at + 2] for at in range(0, len(flags), 2)):
        return
    asked = _asks(rights)
    if asked != "no":
        yield _Entry(kind.endswith("A"), _plain(sid.strip()), condition or "", asked == "perhaps")


def _plain(sid: str) -> str:
    """Return a SID as it is compared; two letters of a domain's stay."""
    if not (is_sid(sid) or (len(sid) == 2 and sid.isalpha())):
        raise UnreadListError(sid)
    return canonical(sid)


def _asks(rights: str) -> Answer:
    """Return whether rights hold the one that is asked for."""
    if rights[:1].isdigit():
        try:
            return "yes" if int(rights, 0) & 1 else "no"
        except ValueError:
            return "perhaps"
    pairs = {rights[at : at + 2] for at in range(0, len(rights), 2)}
    return "yes" if pairs & _WITH_RIGHT else "perhaps" if pairs & _UNCLEAR else "no"
