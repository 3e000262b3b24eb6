"""Why a change is not possible, in the words of the screen: for forms and for the messages of edits.

The model refuses in the words of a file, with the place in it, an error code of Windows and Microsoft's page. Who sees
no file is told the rule or the exemption by its name, fields and choices as the forms have them, and no code or page:
those stand in explanations.
"""

import re
from collections.abc import Callable, Mapping, Sequence

from pydantic import ValidationError

from ndtui.analysis.wording.negotiation_words import CONFIG_WORDS
from ndtui.common.text import in_quotes
from ndtui.model.design.design import Design
from ndtui.model.design.items import WORDS, Item, Listed, ListName
from ndtui.model.files.design_file import reason_of
from ndtui.model.scenarios.catalogue import MODES
from ndtui.model.vocabulary.algorithms import title_of
from ndtui.ui.rows.member_labels import ITEMS, LABELS, OF_LISTS, PARTS

#: The lists of a design as a file calls them.
_LISTS: Mapping[str, ListName] = {**{name: name for name in WORDS}, "assert": "assertions", "suppress": "suppressions"}
_PLACE = re.compile(r"[a-z_0-9]+(?:\[\d{1,9}\])?(?:\.[a-z_0-9]+(?:\[\d{1,9}\])?)*(?=: | (?:is|has|names|without) )")
_STEP = re.compile(r"([a-z_0-9]+)(?:\[(\d+)\])?")
#: What stands in brackets with an error code or a page.
_SOURCE = re.compile(r" \((?:[^()\s]+, )*(?:FWP_E_[A-Z_]+|https://[^()\s]+)(?:, https://[^()\s]+)?\)")
#: What somebody wrote, as it is quoted.
_QUOTED = re.compile(r"""('(?:\\.|[^'\\])*'|"(?:\\.|[^"\\])*")""")
_MEMBER = re.compile(r"\b[a-z0-9]+(?:_[a-z0-9]+)+\b")
_CONSTANT = re.compile(r"\b(?:IKEEXT|IPSEC)_[A-Z0-9_]+\b")
_FAMILY = re.compile(r"\bV([46])\b")

_TITLES: Mapping[str, str] = {mode.id: mode.title for mode in MODES.values()}
_ALL_MODES = ", ".join(mode.title for mode in MODES.values() if mode.protects)


def _mode(found: re.Match[str]) -> str:
    return _TITLES[found[1]]


#: Sentences that tell what to write into a file, and what they are on a screen.
_SENTENCES: Sequence[tuple[str, str | Callable[[re.Match[str]], str]]] = (
    (
        r"nd_secure with the (\S+) scenario: (.*): set nd_secure = false",
        lambda found: f"ND_SECURE does not go with the mode {_mode(found)}: {found[2]}: take the flag out",
    ),
    (
        r"ale_persist_context sets the raw context of the ALE filters, and only the (\S+) scenario has any: "
        r"set it to false",
        lambda found: (
            "ALE raw context sets the raw context of the ALE filters, and only the mode "
            f"{_mode(found)} has any: take the flag out"
        ),
    ),
    (
        r"ale_persist_context with encryption: (.*): set ale_persist_context = false",
        r"ALE raw context with Encryption: \1: take the flag out",
    ),
    (
        r"mode (\S+) adds nothing: .*",
        lambda found: (
            f"the mode {_mode(found)} adds nothing: tick Encryption, name Machines or Users, or choose a "
            "mode that protects"
        ),
    ),
    (
        r"negotiation with mode (\S+): (.*): leave it out",
        lambda found: f"a policy of its own with the mode {_mode(found)}: {found[2]}: let it negotiate as the design",
    ),
    (r": add extended_mode, or name machines", ": switch Extended mode on, or name Machines"),
    (r"switch AuthIP on or leave extended_mode out", "switch AuthIP on, or Extended mode off"),
    (r"\w+_authentication is empty while (\w+) is on: name a method", r"\1 has no method while it is on: name one"),
    (r"has IKEEXT_DH_GROUP_NONE", "has the DH group none"),
    (r"keying_modules is empty: .*", "no keying module is on, and one has to negotiate"),
    (r"families is empty: .*", "no address family is covered: choose IPv4, IPv6 or both"),
    (r"whose mode is [a-z, -]+$", f"whose mode is {_ALL_MODES}"),
    (
        r'and lifetime = "(\w+)" is not: set lifetime = "persistent", or leave before_bfe out',
        r"and those of the lifetime \1 are not: choose the lifetime persistent, or let nothing hold before BFE",
    ),
    (r'kind = "own" needs weight', "a sublayer of its own needs a weight"),
    (r'weight belongs to kind = "own": .*', "the universal sublayer has a weight of its own"),
    (r"add (V[46]) to families or leave it out", r"cover \1 too, or leave it out"),
    (r"but families leaves out (V[46])", r"but \1 is not ticked"),
    (r"name at least one layer, or set enabled = false", "tick one, or switch it off"),
    (r"leave it out, or leave out layers, which means the ALE layers then", "tick accept alone"),
    (r"move it to (\w+_proposals)", r"move it to \1"),
    (r'needs key = "env:NAME" or "keyring:NAME"', "needs a Key: env:NAME or keyring:NAME"),
    (r'needs roots, such as \["subject:CN=Example Root CA"\]', "needs Roots, such as CN=Example Root CA"),
    (r"roots belong to (\S+): leave them out", r"Roots belong to \1: take them out, or choose that"),
    (r"^(name|key|proxy) belongs to ", lambda found: f"{found[1].capitalize()} belongs to "),
    (
        r"(\w+)_criteria names a root, which (\S+) has in its store: leave root out",
        r"\1_criteria names a root, and \2 "
        r"needs none: take Root out",
    ),
    (r"name and name_type go together: .*", "Name goes with Name is: choose what the name is, such as a DNS name"),
    (r"leave the field out", "leave the field empty"),
    (r"input should be greater than or equal to (\d+)", r"should be at least \1"),
    (r"input should be less than or equal to (\d+)", r"should be at most \1"),
    (r"string should have", "should have"),
)
#: What would be right where a text does not look as it should, by the member.
_LOOKS: Mapping[str, str] = {
    "roots": "no certification authority: write CN=Example Root CA, or a thumbprint of 40 digits",
    "root": "no certification authority: write CN=Example Root CA, or a thumbprint of 40 digits",
    "thumbprint": "no thumbprint: write its 40 digits, 0 to 9 and A to F",
    "key_usages": "no key usage: write numbers with dots between them, such as 1.3.6.1.5.5.8.2.2",
    "certificate_url": "no address of a certificate: write one such as http://pki.example.com/host.cer",
    "proxy": "no name of a host: write one such as kdc.example.com",
    "id": "no id of a finding: write it as the Findings view has it",
}


def refusal_words(error: ValueError, design: Design, labels: Mapping[str, str] | None = None) -> str:
    """Return why a change of a design is not possible, in one line.

    Rules and exemptions are those of ``design``, as it is before the change. ``labels`` are those of the fields of the
    form in which it is said, by member.
    """
    said = reason_of(error) if isinstance(error, ValidationError) else str(error)
    return _told(said, design, labels or {})


def _told(said: str, design: Design, labels: Mapping[str, str]) -> str:
    """Return a sentence in words, with the place that stands before it."""
    found = _PLACE.match(said)
    if found is None or not _is_place(found[0]):
        return _rewritten(said)
    steps, rest = _STEP.findall(found[0]), said[found.end() :]
    of_list = _LISTS.get(steps[0][0], "")
    labels = {**LABELS, **OF_LISTS.get(of_list, labels if len(steps) == 1 else {})}
    member, number = steps[-1]
    if not rest.startswith(": "):  # the last step is what the sentence is about
        steps.pop()
        about = f"{ITEMS[member]} {int(number) + 1}" if number and member in ITEMS else member
        sentence = _rewritten(f"{about}{rest}")
        if sentence.startswith(f"{member} "):
            sentence = labels.get(member, member) + sentence.removeprefix(member)
    elif rest.startswith(": string should match pattern") and member in _LOOKS:
        sentence = f"{rest.rpartition(', not ')[2]} is {_LOOKS[member]}"
    else:
        seconds = r"\1 \2 s" if member.endswith("_seconds") else r"\1 \2"
        sentence = _told(re.sub(r"(equal to|, not) (\d+)", seconds, rest.removeprefix(": ")), design, {})
    place = ", ".join(filter(None, (_step_words(name, at, design, labels) for name, at in steps)))
    return f"{place}: {sentence}" if place else sentence


def _is_place(text: str) -> bool:
    """Tell whether a text is a place in a file, and not the first word of a sentence."""
    return all(name in LABELS or name in PARTS or name in _LISTS for name, _ in _STEP.findall(text))


def _step_words(name: str, number: str, design: Design, labels: Mapping[str, str]) -> str:
    """Return a step of a place in words: ``rule 'web'``, ``proposal 2``; empty for a new element, and for a scope."""
    if name in _LISTS and number:
        field = _LISTS[name]
        elements: Sequence[Listed] = getattr(design, field)
        at = int(number)
        return f"{WORDS[field]} {in_quotes(Item(field, at, elements[at]).name)}" if at < len(elements) else ""
    if name in ITEMS and number:
        return f"{ITEMS[name]} {int(number) + 1}"
    return labels.get(name, "")


def _rewritten(said: str) -> str:
    """Return a sentence without what belongs into a file. What somebody wrote stays as it is."""
    for pattern, words in _SENTENCES:
        said = re.sub(pattern, words, said)
    return "".join(each if number % 2 else _outside(each) for number, each in enumerate(_QUOTED.split(said)))


def _outside(text: str) -> str:
    text = _SOURCE.sub("", text)
    text = _MEMBER.sub(lambda found: LABELS.get(found[0], found[0]), text)
    text = _CONSTANT.sub(lambda found: _constant(found[0]), text)
    return _FAMILY.sub(r"IPv\1", text)


def _constant(name: str) -> str:
    if name in CONFIG_WORDS:
        return CONFIG_WORDS[name]
    try:
        return title_of(name)
    except KeyError:
        return name  # a flag, which is known by its name
