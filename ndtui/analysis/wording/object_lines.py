"""Objects as a backend holds them, in words: what each property is, and what a change makes of it.

It reads documents, not what a design compiles to: they may be of the past, or of somebody else. What cannot be read as
what it is said to be is told member by member; nothing is told as JSON.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import cast

from ndtui.analysis.wording.element_words import origin_words
from ndtui.analysis.wording.phrases import action_word, condition_words, context_word, weight_word
from ndtui.analysis.wording.properties import Line
from ndtui.model.compiled.context_documents import POLICY_MEMBERS
from ndtui.model.compiled.document_diff import differences
from ndtui.model.compiled.document_names import KEY_MEMBERS
from ndtui.model.compiled.document_types import (
    AuthenticationDocument,
    Document,
    FilterDocument,
    Kind,
    MainModeDocument,
    ProviderContextDocument,
    QuickModeDocument,
    SubLayerDocument,
    TransformDocument,
)
from ndtui.model.compiled.origin import Origin
from ndtui.model.compiled.read_documents import filter_of
from ndtui.model.vocabulary import number_of, short_name

#: What reading a document that is none may come to.
_UNREADABLE = (KeyError, TypeError, ValueError, AttributeError, IndexError)
#: What is told of every kind of object in the same way, and what is no property of it.
_COMMON = ("displayData", "flags", "providerKey", "origin", "effectiveWeight", "filterId", "providerContextId")
_EVERYTHING = "everything at this layer"


def object_lines(kind: Kind, document: Document) -> list[Line]:
    """Return what there is to say of an object, most wanted first."""
    try:
        own = list(_own_lines(kind, document))
    except _UNREADABLE:
        own = list(_plain_lines(document))
    members = cast("Mapping[str, object]", document)
    display = members.get("displayData")
    texts = cast("Mapping[str, object]", display if isinstance(display, dict) else {})
    lines = [Line("Name", _text(texts.get("name", ""))), *own]
    lines.append(Line("Description", _text(texts.get("description") or "")))
    lines.append(Line("Made by", _origin(members.get("origin"))))
    lines.append(Line("Flags", _text(members.get("flags") or "none")))
    lines.append(Line("Provider", _text(members.get("providerKey") or "")) if kind != "provider" else Line("", ""))
    lines.append(Line("Key", _text(members.get(KEY_MEMBERS[kind]))))
    return [line for line in lines if line.text]


def brief_words(kind: Kind, document: Document) -> str:
    """Return what an object is about in a few words: of a filter what it matches, of a context its type."""
    try:
        if kind == "filter":
            return ", ".join(condition_words(filter_of(cast("FilterDocument", document)).conditions)) or "everything"
        return short_name(cast("ProviderContextDocument", document)["type"]) if kind == "providerContext" else ""
    except _UNREADABLE:
        return ""


def does_word(kind: Kind, document: Document) -> str:
    """Return what a filter does, in one word; empty of another object, and of a filter that cannot be read."""
    try:
        return action_word(filter_of(cast("FilterDocument", document))) if kind == "filter" else ""
    except _UNREADABLE:
        return ""


def change_lines(kind: Kind, before: Document, after: Document) -> list[Line]:
    """Return each property that a change makes another one: what it was and what it will be."""
    old, new = _by_label(object_lines(kind, before)), _by_label(object_lines(kind, after))
    found = [line for label in dict.fromkeys((*old, *new)) for line in _changed(label, old, new)]
    if any(line.label == "Matches" for line in found):
        found = [line for line in found if line.label != "Condition"]
    return found or [
        Line(path, f"{_flat(one)}  ->  {_flat(other)}") for path, one, other in differences("", before, after)
    ]


def _by_label(lines: Sequence[Line]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for line in lines:
        found.setdefault(line.label, []).append(line.text)
    return found


def _changed(label: str, old: Mapping[str, list[str]], new: Mapping[str, list[str]]) -> Iterator[Line]:
    gone = [text for text in old.get(label, []) if text not in new.get(label, [])]
    come = [text for text in new.get(label, []) if text not in old.get(label, [])]
    if not gone and not come and old.get(label) != new.get(label):
        yield Line(label, f"in another order: {'; '.join(new.get(label, []))}")
    for number in range(max(len(gone), len(come))):
        before = gone[number] if number < len(gone) else "none"
        after = come[number] if number < len(come) else "none"
        yield Line(label, f"{before}  ->  {after}")


def _own_lines(kind: Kind, document: Document) -> Iterator[Line]:
    if kind == "filter":
        return _filter_lines(cast("FilterDocument", document))
    if kind == "providerContext":
        return _context_lines(cast("ProviderContextDocument", document))
    if kind == "subLayer":
        weight = cast("SubLayerDocument", document)["weight"]
        return iter([Line("Weight", f"{weight}")])
    return _plain_lines(document)


def _filter_lines(document: FilterDocument) -> Iterator[Line]:
    each = filter_of(document)
    slot = each.slot
    yield Line("Matches", ", ".join(condition_words(each.conditions)) or _EVERYTHING)
    yield Line("Action", _numbered(slot.action))
    yield Line("Layer", short_name(slot.layer))
    yield Line("Callout", slot.callout)
    if slot.context is not None:
        yield Line("Context", f"{{{slot.context}}}")
    else:
        yield Line("Raw context", context_word(each) or _text(document.get("rawContext") or ""))
    yield Line("Weight", weight_word(each))
    yield Line("Sublayer", short_name(slot.sublayer))
    for condition in document["filterCondition"]:
        value = " ".join(_texts(condition["conditionValue"]))
        yield Line("Condition", f"{condition['fieldKey']} {condition['matchType']} {value}")


def _context_lines(document: ProviderContextDocument) -> Iterator[Line]:
    yield Line("Type", _numbered(document["type"]))
    member = POLICY_MEMBERS.get(document["type"])
    if member is None:
        yield from _plain_lines(document)
        return
    policy = cast("Mapping[str, object]", document)[member]
    if "Mm" in member:
        yield from _main_mode(cast("MainModeDocument", policy))
    else:
        yield from _quick_mode(cast("QuickModeDocument", policy))


def _main_mode(policy: MainModeDocument) -> Iterator[Line]:
    yield from _authentication("Auth", policy["authenticationMethods"])
    for number, each in enumerate(policy["ikeProposals"], start=1):
        algorithms = (each["cipherAlgorithm"]["algoIdentifier"], each["integrityAlgorithm"]["algoIdentifier"])
        words = f"{', '.join((*algorithms, each['dhGroup']))}, {each['maxLifetimeSeconds']} s"
        limit = each["quickModeLimit"]
        yield Line(f"Proposal {number}", f"{words}, at most {limit} quick modes" if limit else words)
    yield Line("Impersonates", policy["initiatorImpersonationType"])
    yield Line("Policy flags", _text(policy["flags"] or "none"))
    yield from _numbers((policy["softExpirationTime"], "Soft expiry"), (policy["maxDynamicFilters"], "Dynamic filters"))


def _quick_mode(policy: QuickModeDocument) -> Iterator[Line]:
    yield Line("Policy flags", _text(policy["flags"] or "none"))
    for number, each in enumerate(policy["ipsecProposals"], start=1):
        life = each["lifetime"]
        limits = f"{life['lifetimeSeconds']} s, {life['lifetimeKilobytes']} KB, {life['lifetimePackets']} packets"
        transforms = " + ".join(map(_transform, each["saTransforms"]))
        yield Line(f"Proposal {number}", f"{transforms}, {each['pfsGroup']}, {limits}")
    yield Line("Allow clear", f"{policy['ndAllowClearTimeoutSeconds']} s (ndAllowClearTimeoutSeconds)")
    idle = policy["saIdleTimeout"]
    yield Line("Idle", f"{idle['idleTimeoutSeconds']} s, {idle['idleTimeoutSecondsFailOver']} s for fail-over")
    extended = policy.get("emPolicy")
    if extended is not None:
        yield from _authentication("Extended", extended["authenticationMethods"])
        yield Line("Extended as", extended["initiatorImpersonationType"])


def _authentication(label: str, methods: Sequence[AuthenticationDocument]) -> Iterator[Line]:
    for number, method in enumerate(methods, start=1):
        rest = {name: value for name, value in method.items() if name != "authenticationMethodType"}
        yield Line(f"{label} {number}", ", ".join((_numbered(method["authenticationMethodType"]), *_texts(rest))))


def _transform(transform: TransformDocument) -> str:
    """Return a transform by its type and algorithms; the configurations say all that their ids do."""
    rest = {name: value for name, value in transform.items() if name != "ipsecTransformType"}
    leaves = (text for text in _texts(rest) if "_CONFIG_" in text)
    return " ".join((transform["ipsecTransformType"], *leaves))


def _numbers(*pairs: tuple[int, str]) -> Iterator[Line]:
    return (Line(label, f"{number}") for number, label in pairs if number)


def _numbered(name: str) -> str:
    """Return a constant of Windows with its number, where it is one that this program knows."""
    try:
        return f"{name} ({number_of(name)})"
    except KeyError:
        return name


def _origin(text: object) -> str:
    if not isinstance(text, str) or not text:
        return ""
    try:
        return origin_words(Origin.parse(text))
    except _UNREADABLE:
        return text


def _plain_lines(document: Document) -> Iterator[Line]:
    """Return the members of a document, one after the other, those of members by their path."""
    keys = (*_COMMON, *KEY_MEMBERS.values())
    for name, value in cast("Mapping[str, object]", document).items():
        if name not in keys:
            yield from _member_lines(name, value)


def _member_lines(path: str, value: object) -> Iterator[Line]:
    if isinstance(value, dict):
        for name, each in value.items():
            yield from _member_lines(f"{path} {name}", each)
    elif isinstance(value, list) and any(isinstance(each, dict | list) for each in value):
        for number, each in enumerate(value, start=1):
            yield from _member_lines(f"{path} {number}", each)
    else:
        yield Line(path, _text(value))


def _texts(value: object) -> Iterator[str]:
    """Return the values inside a value, as they come."""
    for each in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        if isinstance(each, dict | list):
            yield from _texts(each)
        elif each not in (None, ""):
            yield _text(each)


def _flat(value: object) -> str:
    return " ".join(_texts(value)) if isinstance(value, dict) else _text(value)


def _text(value: object) -> str:
    if isinstance(value, dict):
        return _flat(value)
    if isinstance(value, list):
        return ", ".join(map(_text, value))
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "none" if value is None else f"{value}"
