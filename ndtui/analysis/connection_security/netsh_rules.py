"""Connection security rules as ``netsh advfirewall consec show rule`` prints them, in English.

Source: https://learn.microsoft.com/windows-server/administration/windows-commands/netsh-advfirewall (consec).
"""

import re
from collections.abc import Iterator, Mapping

from ndtui.analysis.connection_security.crypto_words import group_of, proposals_of_netsh
from ndtui.analysis.connection_security.netsh_words import ACTIONS, INTERFACES, METHODS
from ndtui.analysis.connection_security.security_rules import (
    PROFILES,
    RulesRead,
    SecurityRule,
    Suite,
    Word,
    known_words,
    protocol_of,
)
from ndtui.model.design.ipsec_policy import QuickModeProposal

#: What the text of a rule begins with.
_NAME = "rule name"
_LINE = re.compile(r"([A-Za-z][A-Za-z0-9 /()-]*?):(?:\s+(.*))?")
#: What stands between rules and says nothing of them.
_BETWEEN = re.compile(r"-+|ok\.", re.IGNORECASE)
#: What is printed of a rule and says where it comes from alone.
_SAID_OTHERWISE = {"rule source"}
#: Values that say nothing beyond what every rule is.
_USUAL = {"", "any", "no", "none", "default", "static"}
_KNOWN = {
    _NAME,
    "description",
    "enabled",
    "profiles",
    "mode",
    "endpoint1",
    "endpoint2",
    "port1",
    "port2",
    "protocol",
    "action",
    "interfacetypes",
    "auth1",
    "auth2",
    "quickmodesecmethods",
    "quickmodepfs",
}


def is_netsh(text: str) -> bool:
    """Whether a text is what netsh prints of rules."""
    return re.search(r"(?im)^rule name:\s", text) is not None and "----" in text


def rules_of_netsh(text: str) -> RulesRead:
    """Return the rules of a text; what is none is said line by line."""
    rules: list[SecurityRule] = []
    lost: list[str] = []
    for said in _blocks(text):
        try:
            rules.append(_rule(said))
        except ValueError as error:
            lost.append(f"rule {said[_NAME]}: {error}")
    return RulesRead(tuple(rules), tuple(lost))


def _blocks(text: str) -> Iterator[dict[str, str]]:
    """Return what is said of each rule, by small labels; further lines of a list follow its first.

    A line that is none of this, and a label that is there again, stand under the number of the line.
    """
    said: dict[str, str] = {}
    label = ""
    for number, raw in enumerate(text.splitlines(), 1):
        line = raw.rstrip()
        found = _LINE.fullmatch(line)
        if found is not None and found[1].casefold() == _NAME:
            if said:
                yield said
            label = _NAME
            said = {label: (found[2] or "").strip()}
        elif not said or not line or _BETWEEN.fullmatch(line):
            continue
        elif found is not None and found[1].casefold() not in said:
            label = found[1].casefold()
            said[label] = (found[2] or "").strip()
        elif line.startswith(" "):
            said[label] = ",".join(filter(None, (said[label], line.strip())))
        else:
            said[f"line {number}"] = line
    if said:
        yield said


def _rule(said: Mapping[str, str]) -> SecurityRule:
    if "direction" in said:
        raise ValueError("it is a firewall rule, and those are not read")
    action = ACTIONS.get(said.get("action", "").casefold())
    if action is None:
        raise ValueError(f"its action is {said.get('action', 'missing')}, none of {', '.join(ACTIONS)}")
    if said.get("mode", "transport").casefold() != "transport":
        raise ValueError("it is of a tunnel, and a design has transport mode alone")
    unread = [
        f"{label}: {text}"
        for label, text in said.items()
        if label not in _KNOWN | _SAID_OTHERWISE and not label.startswith(("auth1", "auth2"))
        if text.casefold() not in _USUAL
    ]
    return SecurityRule(
        name=said[_NAME],
        action=action,
        description=said.get("description", ""),
        enabled=said.get("enabled", "yes").casefold() == "yes",
        addresses=(_list(said, "endpoint1"), _list(said, "endpoint2")),
        ports=(_list(said, "port1"), _list(said, "port2")),
        protocol=protocol_of(said.get("protocol", "any")),
        profiles=_words(said, "profiles", PROFILES),
        interfaces=_words(said, "interfacetypes", INTERFACES),
        first=_suites(said, "auth1") or (),
        second=_suites(said, "auth2"),
        crypto=_crypto(said) if action != "DoNotSecure" else None,
        lost=tuple(unread),
    )


def _list(said: Mapping[str, str], label: str) -> tuple[str, ...]:
    """Return the parts of a list; what is not said, and any, is nothing that narrows down."""
    parts = [each.strip() for each in said.get(label, "").split(",") if each.strip()]
    return () if [each.casefold() for each in parts] == ["any"] else tuple(parts)


def _words(said: Mapping[str, str], label: str, known: Mapping[str, Word]) -> tuple[Word, ...]:
    """Return what narrows down; all that there is does not."""
    found = known_words(_list(said, label), known, f"{label}, if it is printed in English,")
    return () if len(found) == len(known) else found


def _suites(said: Mapping[str, str], label: str) -> tuple[Suite, ...]:
    details = {
        name.removeprefix(label): text for name, text in said.items() if name.startswith(label) and name != label
    }
    found = []
    for word in _list(said, label):
        if word.casefold() not in METHODS:
            raise ValueError(f"{label} has {word}, which is not read here")
        method, _, signing = METHODS[word.casefold()].partition(" ")
        own = {**details, **({"othercertsigning": signing} if signing else {})}
        found.append(Suite(method, own if "Cert" in method else {}))
    return tuple(found)


def _crypto(said: Mapping[str, str]) -> tuple[QuickModeProposal, ...] | None:
    methods = said.get("quickmodesecmethods", "default")
    if methods.casefold() == "default":
        return None
    return proposals_of_netsh(methods, group_of(said.get("quickmodepfs", "none")))
