"""Who may connect: access lists in SDDL, checked, said in words, and made of SIDs.

Windows compares the token of a peer, its machine's or its user's, with the security descriptor of a condition and asks
for the right FWP_ACTRL_MATCH_FILTER (0x1, which SDDL spells CC).
Sources: https://learn.microsoft.com/windows/win32/fwp/remote-identity-authorization, fwptypes.h for the right,
https://learn.microsoft.com/windows/win32/secauthz/security-descriptor-string-format for the syntax, and
https://learn.microsoft.com/openspecs/windows_protocols/ms-dtyp/c92a27b1-c772-4fa7-a432-15df5f1b66a1 for SIDs.
"""

import re
from collections.abc import Iterable, Mapping
from typing import Annotated, NamedTuple

from pydantic import AfterValidator, Field

from ndtui.common.text import brief
from ndtui.model.vocabulary.domain_groups import Members, domain_group

#: The fields of conditions that ask who connects: the machine, and the user.
MACHINE, USER = "FWPM_CONDITION_ALE_REMOTE_MACHINE_ID", "FWPM_CONDITION_ALE_REMOTE_USER_ID"
IDENTITY_FIELDS = (MACHINE, USER)

#: Longer than any list that a person keeps; Windows takes 64 KiB.
MAX_SDDL = 32_768

#: Two letters that stand for a SID, with the words for whoever has it.
_ALIASES: Mapping[str, str] = {
    "AC": "app packages",
    "AN": "anonymous",
    "AU": "authenticated users",
    "BA": "the administrators of this machine",
    "BG": "the guests of this machine",
    "BU": "the users of this machine",
    "CA": "certificate publishers",
    "DA": "domain administrators",
    "DC": "domain computers",
    "DD": "domain controllers",
    "DG": "domain guests",
    "DU": "domain users",
    "EA": "enterprise administrators",
    "ED": "enterprise domain controllers",
    "IU": "interactive users",
    "LS": "the local service account",
    "NS": "the network service account",
    "NU": "network users",
    "RD": "remote desktop users",
    "SY": "the local system",
    "WD": "everyone",
}
# Compiled when a list is read, which most designs have none of: compiling takes a start of the program 3 ms.
_SID = r"S-1-(?:[0-9]{1,15}|0x[0-9A-Fa-f]{1,12})(?:-[0-9]{1,10}){1,15}"
_WHO = rf"{_SID}|[A-Z]{{2}}"
_WHOLE = rf"(?:O:(?P<owner>{_WHO}))?(?:G:(?P<group>{_WHO}))?D:(?P<flags>(?:P|AR|AI)*)(?P<list>.*)"
_ENTRY = r"\(([^()]*)\)"
#: Of the flags of an entry IO is left out: by it Windows passes an entry over.
_FLAGS = r"(?:OI|CI|NP|ID|SA|FA)*"
_RIGHTS = r"(?:[A-Z]{2})*|0x[0-9A-Fa-f]{1,8}|[0-9]{1,10}"


class AccessEntry(NamedTuple):
    """One entry: whether it allows or denies, and the SID or its two letters."""

    allows: bool
    sid: str


def entries_of(sddl: str) -> tuple[AccessEntry, ...]:
    """Return the entries of a list, in order: the first that speaks of a peer decides.

    Raises:
        ValueError: it is no list that says who may connect; says which part, and what would be right.
    """
    if len(sddl) > MAX_SDDL:
        raise ValueError(f"is longer than {MAX_SDDL} characters: name groups, not each of their members")
    whole = re.fullmatch(_WHOLE, sddl)
    if whole is None:
        raise ValueError(f"{brief(sddl)} is no access list: write O:LSD:(A;;CC;;;S-1-5-21-...-513)")
    for part in ("owner", "group"):
        check_sid(whole[part] or "SY")
    rest = re.sub(_ENTRY, "", whole["list"])
    if rest:
        raise ValueError(f"{brief(rest)} stands outside the entries: each is in brackets, (A;;CC;;;SID)")
    found = tuple(map(_entry, re.findall(_ENTRY, whole["list"])))
    if not any(each.allows for each in found):
        raise ValueError("allows nobody: add an entry such as (A;;CC;;;S-1-5-21-...-513)")
    return found


def _entry(text: str) -> AccessEntry:
    parts = text.split(";")
    if len(parts) != 6:
        raise ValueError(f"({text}) has {len(parts)} parts: an entry is (A;;CC;;;SID), with five semicolons")
    kind, flags, rights, first, second, sid = parts
    if kind not in ("A", "D"):
        raise ValueError(f"({text}) is neither an entry that allows (A) nor one that denies (D)")
    if not re.fullmatch(_FLAGS, flags):
        raise ValueError(f"({text}) has flags by which Windows does not ask it here: leave the second part empty")
    if first or second:
        raise ValueError(f"({text}) is about a kind of object: leave the fourth and fifth part empty")
    if not (re.fullmatch(_RIGHTS, rights) and _matches(rights)):
        raise ValueError(f"({text}) is not about the right that Windows asks for, FWP_ACTRL_MATCH_FILTER: write CC")
    check_sid(sid)
    return AccessEntry(kind == "A", sid)


def _matches(rights: str) -> bool:
    if rights[:1].isdigit():
        return bool(int(rights, 0 if rights.startswith("0x") else 10) & 1)
    return bool({"CC", "GA"} & {rights[at : at + 2] for at in range(0, len(rights), 2)})


def check_sid(sid: str) -> None:
    """Refuse what is neither a SID nor two letters that stand for one.

    Raises:
        ValueError: says so, and what would be right.
    """
    if not (sid in _ALIASES or _is_sid(sid)):
        raise ValueError(f"{brief(sid)} is no SID: write S-1-5-21-... or two letters such as DC for domain computers")


def _is_sid(text: str) -> bool:
    """Tell whether a text is a SID whose numbers fit: 48 bits for the authority, 32 for each that follows."""
    if not re.fullmatch(_SID, text):
        return False
    authority, *rest = text.split("-")[2:]
    top = int(authority, 0 if authority.startswith("0x") else 10)
    return top < 1 << 48 and all(int(each) < 1 << 32 for each in rest)


def _checked(sddl: str) -> str:
    if sddl:
        entries_of(sddl)
    return sddl


AccessList = Annotated[str, Field(max_length=MAX_SDDL), AfterValidator(_checked)]
"""An access list in SDDL; empty: not asked for."""


def access_list(allowed: Iterable[str], denied: Iterable[str] = ()) -> str:
    """Return the list that allows some SIDs and denies others, who come first; ``SY`` and its like are SIDs too.

    Raises:
        ValueError: one is no SID, or none is allowed.
    """
    allows, denies = tuple(allowed), tuple(denied)
    for sid in (*denies, *allows):
        check_sid(sid)
    entries = [*(f"(D;;CC;;;{sid})" for sid in denies), *(f"(A;;CC;;;{sid})" for sid in allows)]
    sddl = f"O:LSD:{''.join(entries)}"
    entries_of(sddl)
    return sddl


def words_of(sddl: str, whose: Members | None = None) -> str:
    """Return who may connect, in words, in the order in which Windows looks.

    ``whose`` says of what the list is where that does not stand beside the words: ``machines that are members of``.
    """
    return "; ".join(entry_words(entry, whose) for entry in entries_of(sddl))


def entry_words(entry: AccessEntry, whose: Members | None = None) -> str:
    """Return what one entry says, in words; ``whose`` as ``words_of`` has it."""
    named = _ALIASES.get(entry.sid)
    who = named or f"members of {entry.sid}"
    if whose is not None:
        who = f"{whose} {f'with the SID of {named}' if named else f'that are {who}'}"
    return f"{who} {'may' if entry.allows else 'may not'} connect"


def others_in(sddl: str, whose: Members) -> str:
    """Return which groups of a domain a list lets in that have members of another kind by default; mostly empty."""
    groups = dict.fromkeys(domain_group(entry.sid) for entry in entries_of(sddl) if entry.allows)
    return "; ".join(
        f"{each.name} has {each.members} by default, no {whose}: name it in {each.members.capitalize()}"
        for each in groups
        if each is not None and each.members != whose
    )
