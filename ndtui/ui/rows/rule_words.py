"""Rules in words: the row of one, and what the lower pane says of it."""

from collections.abc import Iterator

from ndtui.analysis.wording.negotiation_words import main_mode_words, quick_mode_words
from ndtui.analysis.wording.properties import Line
from ndtui.common.text import shortened
from ndtui.model.design.access_list import words_of
from ndtui.model.design.rule import Rule
from ndtui.model.design.rule_phrase import scope_words
from ndtui.model.design.scope import Scope
from ndtui.model.scenarios.catalogue import MODES
from ndtui.model.vocabulary.pages import PAGES

_ROW = 60
#: Which layers ask for what, by the fields of a scope; a condition that a layer does not have is left out there.
EVERY_LAYER = "Every layer asks for it."
NO_MAIN_MODE = "Main mode cannot tell it apart: IKEEXT has no such condition, and the layers behind it do."
PACKETS_ONLY = "Main and quick mode cannot tell it apart: only the transport and ALE layers have the condition."
_SERVICE = {"here": "of this machine", "elsewhere": "elsewhere", "either": "of this machine or elsewhere"}


def rule_row(rule: Rule) -> str:
    """Return what the row of a rule says: its name, how it protects, and what, in a few words."""
    mode = MODES[rule.mode]
    words = [mode.title] if mode.protects else []
    words += ["encrypted"] if rule.encryption != "none" else []
    words += ["who may connect"] if rule.is_identified else []
    scope = scope_words(rule.scope)
    words += [scope] if scope and scope != rule.name else []
    return f"{rule.name}  {shortened(', '.join(words), _ROW)}"


def explain_rule(rule: Rule) -> Iterator[Line]:
    """Yield what there is to say about a rule, but for its keys."""
    mode = MODES[rule.mode]
    yield Line("Rule", f"{rule.name}{'' if rule.enabled else ' (disabled)'}")
    yield Line("Traffic", scope_words(rule.scope) or "all unicast traffic")
    yield Line("Mode", f"{mode.title}: {mode.text}")
    if rule.encryption != "none":
        yield Line("Encryption", "guaranteed: connections are let in and out only encrypted")
    for label, sddl in (("Machines", rule.machines), ("Users", rule.users)):
        if sddl:
            yield Line(label, words_of(sddl))
    flags = [
        title for title, on in (("ND_SECURE", rule.nd_secure), ("ALE raw context", rule.ale_persist_context)) if on
    ]
    if flags:
        yield Line("Flags", ", ".join(flags))
    if rule.weight_range is not None:
        yield Line("Weight", f"range {rule.weight_range} in place of the automatic one")
    if rule.negotiation is not None:
        yield Line("Negotiates", "by a policy of its own")
        for label, words in (("Main mode", main_mode_words), ("Quick mode", quick_mode_words)):
            yield Line(label, words(rule.negotiation))
    yield from (Line("Layers", text) for text in layer_words(rule.scope))
    if rule.comment:
        yield Line("Comment", rule.comment)
    yield Line("See", PAGES[mode.page])


def layer_words(scope: Scope) -> Iterator[str]:
    """Yield which conditions of a scope are left out at which layers."""
    if scope.protocol != "any":
        what = "ports" if scope.local_ports or scope.remote_ports else "protocols"
        yield f"main mode cannot tell {what} apart: IKEEXT has no such condition, and the layers behind it do"
    if scope.interfaces:
        yield "main and quick mode cannot tell interfaces apart: only the transport and ALE layers can"
