"""The form of a rule: its traffic in one line or field by field, how it is protected, and who may connect."""

from typing import Any

from pydantic import ValidationError

from ndtui.common.text import in_quotes, shortened
from ndtui.model.design import edits
from ndtui.model.design.access_list import others_in, words_of
from ndtui.model.design.design import Design, negotiation_of
from ndtui.model.design.exemption import copy_name
from ndtui.model.design.rule import Rule
from ndtui.model.design.rule_negotiation import Negotiation
from ndtui.model.design.rule_phrase import (
    SILENT,
    Who,
    fields_of,
    parse_rule_phrase,
    rule_phrase_of,
    scope_data,
    scope_words,
    sddl_of,
)
from ndtui.model.design.rule_proposal import proposed_limits, proposed_mode
from ndtui.model.design.scope import Scope
from ndtui.model.files.design_file import reason_of
from ndtui.model.scenarios.catalogue import MODES
from ndtui.model.vocabulary.domain_groups import Members
from ndtui.model.vocabulary.networks import INTERFACES, PROFILES
from ndtui.ui.rows.decision_words import FLAG_WORDS
from ndtui.ui.rows.form_fields import (
    ChoiceField,
    Field,
    Form,
    IncompleteError,
    Option,
    PartsField,
    TextField,
    TicksField,
    Values,
    typed_name,
)
from ndtui.ui.rows.negotiation_parts import negotiation_parts, part_form
from ndtui.ui.rows.rule_words import EVERY_LAYER, NO_MAIN_MODE, PACKETS_ONLY
from ndtui.ui.rows.target_choices import for_windows
from ndtui.ui.state.effect import effect_of
from ndtui.ui.state.workbench import Workbench

_NO_PORTS = "Main mode cannot tell ports apart: IKEEXT has no such condition, and the layers behind it do."
_SIDS = "SIDs with commas, or two letters such as DC for domain computers."
_FLAGS = (("nd_secure", "ND_SECURE"), ("ale_persist_context", "ALE raw context"))
_FIELDS: tuple[Field, ...] = (
    TextField(
        "traffic",
        "Traffic",
        "Protocol, ports of the service, addresses of the other side, networks; then encrypt, "
        "only SID (machines), only users SID. Fills the fields below.",
        "tcp 1433 encrypt   10.0.0.0/8   tcp 22 only SID",
    ),
    TextField("name", "Name", "Stands in the names of its objects. Empty: named by its traffic."),
    ChoiceField("mode", "Mode", tuple(Option(mode.id, mode.title, mode.text) for mode in MODES.values())),
    TextField("ports", "Ports", f"Ports of the service: 443, 1024-2047. Empty: any. {_NO_PORTS}", "any"),
    ChoiceField(
        "service",
        "Service",
        (
            Option("here", "of this machine", "The ports are this host's, in both directions of a connection."),
            Option("elsewhere", "elsewhere", "The ports are the other side's, in both directions of a connection."),
            Option("either", "either", "The service may be on either side: two filters in place of one."),
        ),
    ),
    TextField("other_ports", "Other ports", f"Ports of the other end than the service's. {_NO_PORTS}", "any"),
    TextField(
        "remote_addresses", "Remote", f"Addresses of the other side: 10.0.0.0/8, fe80::/10. {EVERY_LAYER}", "any"
    ),
    TextField("local_addresses", "Local", f"Addresses of this host. {EVERY_LAYER}", "any"),
    TextField(
        "protocol",
        "Protocol",
        f"icmp, tcp, udp, igmp, gre, esp, ah, any, or a number from 0 to 255. {NO_MAIN_MODE}",
        "any",
    ),
    TicksField(
        "profiles",
        "Profiles",
        tuple(Option(each, each, f"Limit it to {each} networks. None: any. {EVERY_LAYER}") for each in PROFILES),
    ),
    TicksField(
        "interfaces",
        "Interfaces",
        tuple(Option(each, each, f"Limit it to {each}. None: any. {PACKETS_ONLY}") for each in INTERFACES),
    ),
    TicksField(
        "protection",
        "Encryption",
        (
            Option(
                "guaranteed", "guaranteed", "Connections are let in and out only encrypted (ALE layers, raw context 8)."
            ),
        ),
    ),
    TextField("machines", "Machines", f"Who may connect: {_SIDS} Or SDDL. Empty: all.", "all"),
    TextField("not_machines", "but not", f"Machines that may not connect: {_SIDS}", "none"),
    TextField("users", "Users", f"Who may connect, told by extended mode: {_SIDS} Or SDDL. Empty: all.", "all"),
    TextField("not_users", "but not", f"Users who may not connect: {_SIDS}", "none"),
    TextField(
        "weight_range",
        "Weight",
        "1 to 11, in place of the automatic one by which the more specific rule wins.",
        "automatic",
    ),
    TextField("comment", "Comment", "For whoever reads the design."),
    TicksField("flags", "Flags", tuple(Option(name, title, FLAG_WORDS[name]) for name, title in _FLAGS)),
    ChoiceField(
        "negotiates",
        "Negotiates",
        (
            Option("design", "as the design", "By the keying modules, main mode and quick mode of the design."),
            Option("own", "by its own policy", "By a policy of its own, which starts as a copy of the design's."),
        ),
    ),
    PartsField("negotiation", "its own", negotiation_parts, part_form, "What it negotiates in place of the design."),
    TicksField("applies", "Applies", (Option("enabled", "enabled", "Off, it stays in the design and makes nothing."),)),
)


def rule_form(workbench: Workbench, former: Rule | None) -> Form[Rule]:
    """Return the form that edits a rule of the design, or makes a new one when ``former`` is ``None``."""
    return _RuleForm(workbench, former).form()


class _RuleForm:
    """A rule's form at work: it proposes a mode until the operator chooses one."""

    def __init__(self, workbench: Workbench, former: Rule | None) -> None:
        self._workbench = workbench
        self._former = former
        self._chosen = former is not None
        shown = former or Rule(name="new", mode=proposed_mode(workbench.design, Scope(), adds=False))
        self._before = _values(shown, workbench.design)
        if former is None:
            self._before = {**self._before, "name": ""}

    def form(self) -> Form[Rule]:
        """Return it as the screen shows it."""
        title = "Add rule" if self._former is None else "Edit rule"
        shown = Form(
            title,
            _FIELDS,
            self._before,
            self._make,
            self._effect,
            self._follow,
            new=self._former is None,
            hide=lambda values: ("negotiation",) if values["negotiates"] == "design" else (),
            refuse=_refused,
        )
        return for_windows(shown, self._workbench.design.windows)

    # -- what is made of it ------------------------------------------------------------------------------------------

    def _make(self, values: Values) -> Rule:
        if self._former is None and all(values[name] == self._before[name] for name in ("traffic", *SILENT)):
            raise IncompleteError("Say which traffic it is for: a protocol, ports or addresses")
        if values["traffic"] != rule_phrase_of(values):
            parse_rule_phrase(values["traffic"])
        made = self._read(values)
        self._edited(made)  # refuses what does not go with the rest of the design
        return made

    def _read(self, values: Values) -> Rule:
        """Return what the form says. What it does not show stays as it was."""
        kept: dict[str, Any] = dict(self._former) if self._former else {}
        made = {
            **kept,
            "mode": values["mode"],
            "scope": _scope_of(values),
            "encryption": "guaranteed" if values["protection"] else "none",
            **{name: name in values["flags"] for name, _ in _FLAGS},
            "machines": _who("machines", values),
            "users": _who("users", values),
            "weight_range": _weight(values["weight_range"].strip()),
            "negotiation": values["negotiation"] if values["negotiates"] == "own" else None,
            "comment": self._comment(values),
            "enabled": "enabled" in values["applies"],
        }
        name = typed_name(values["name"], self._before["name"])
        if name or self._former:
            return Rule.model_validate({**made, "name": name})
        unnamed = Rule.model_validate({**made, "name": "new"})
        return Rule.model_validate({**made, "name": self._name_for(unnamed)})

    def _comment(self, values: Values) -> str:
        same = self._former is not None and values["comment"] == self._before["comment"]
        return self._former.comment if same and self._former is not None else values["comment"]

    def _name_for(self, rule: Rule) -> str:
        """Return a free name made of a rule's traffic: ``TCP 1433 here``."""
        name = shortened(scope_words(rule.scope) or MODES[rule.mode].title, 200)
        taken = {each.name for each in self._workbench.design.rules}
        return name if name not in taken else copy_name(name, taken)

    def _edited(self, made: Rule) -> Design:
        design = self._workbench.design
        return (
            edits.add_rule(design, made)
            if self._former is None
            else edits.replace_rule(design, self._former.name, made)
        )

    def _effect(self, made: Rule) -> str:
        lists: tuple[tuple[Members, str], ...] = (("machines", made.machines), ("users", made.users))
        who = [words for whose, sddl in lists if sddl for words in (words_of(sddl, whose), others_in(sddl, whose))]
        words = (f"{made.name}: {effect_of(self._workbench, self._edited(made))}", *who)
        return "; ".join(filter(None, words))

    # -- what follows from what is typed -----------------------------------------------------------------------------

    def _follow(self, changed: str, values: Values) -> Values:
        """Let the line say what the fields say and the fields what the line says, and propose what goes with both."""
        if changed == "mode":
            self._chosen = True
            return {"flags": _usual_flags(values)}
        if changed == "traffic":
            try:
                said = parse_rule_phrase(values["traffic"])
            except ValueError:
                return {}  # what is wrong with it the form says when it makes something of it
            limited = self._limited({**values, **said})
            return {**limited, **self._proposed({**values, **limited})}
        if changed in SILENT:
            return {"traffic": rule_phrase_of(values), **self._proposed(values)}
        return {}

    def _limited(self, values: Values) -> dict[str, Any]:
        """Return the fields of a line, for a rule that adds to others with what it takes over of their scope."""
        fields = {name: values[name] for name in SILENT}
        scope = self._scope(values)
        if self._chosen or scope is None or not _adds(values):
            return fields
        limits = proposed_limits(self._workbench.design, scope)
        shown = fields_of(Rule(mode="require", scope=scope.model_copy(update=limits)))
        return {**fields, **{name: shown[name] for name in limits}}

    def _scope(self, values: Values) -> Scope | None:
        try:
            return Scope.model_validate(scope_data(values))
        except ValueError:
            return None  # the form says what is wrong with it

    def _proposed(self, values: Values) -> Values:
        """Return the mode that is proposed for what the fields say, and the flags that go with it."""
        scope = self._scope(values)
        if self._chosen or scope is None:
            return {}
        mode = proposed_mode(self._workbench.design, scope, adds=_adds(values))
        return {"mode": mode, "flags": _usual_flags({**values, "mode": mode})}


def _values(rule: Rule, design: Design) -> Values:
    """Return what each field of the form starts with, for a rule of a design."""
    fields = fields_of(rule)
    return {
        **fields,
        "traffic": rule_phrase_of(fields),
        "name": rule.name,
        "mode": rule.mode,
        "weight_range": "" if rule.weight_range is None else str(rule.weight_range),
        "comment": rule.comment.replace("\n", " "),
        "flags": tuple(name for name, _ in _FLAGS if getattr(rule, name)),
        "negotiates": "design" if rule.negotiation is None else "own",
        "negotiation": rule.negotiation or Negotiation.model_validate(dict(negotiation_of(design))),
        "applies": ("enabled",) if rule.enabled else (),
    }


def _refused(values: Values) -> dict[tuple[str, str], str]:
    """Return that a rule which leaves protection to others cannot negotiate by itself."""
    if MODES[values["mode"]].protects or values["negotiates"] == "own":
        return {}
    return {("negotiates", "own"): "with a mode that protects"}


def _adds(values: Values) -> bool:
    """Tell whether a rule adds encryption, or who may connect."""
    return bool(values["protection"] or values["machines"].strip() or values["users"].strip())


def _usual_flags(values: Values) -> tuple[str, ...]:
    """Return the flags that a mode has unless the operator says else."""
    return ("nd_secure",) if MODES[values["mode"]].nd_secure else ()


def _scope_of(values: Values) -> Scope:
    """Return the scope that the fields mean. What is wrong with ports is said of the field that has them."""
    try:
        return Scope.model_validate(scope_data(values))
    except ValidationError as error:
        own, other = "local_ports", "remote_ports"
        if values["service"] == "elsewhere":
            own, other = other, own
        field, colon, reason = reason_of(error).partition(": ")
        ports = {own: "ports", other: "other_ports" if values["other_ports"].strip() else "ports"}
        raise ValueError(f"{ports.get(field.partition('[')[0], field)}{colon}{reason}") from None


def _who(identity: str, values: Values) -> str:
    """Return the access list that the fields of an identity mean."""
    try:
        return sddl_of(Who(values[identity], values[f"not_{identity}"]))
    except ValueError as error:
        raise ValueError(f"{identity}: {error}") from None


def _weight(text: str) -> int | None:
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and len(text) <= 2 and 1 <= int(text) <= 11):
        raise ValueError(f"{in_quotes(text)} is no weight range of a rule: write a number from 1 to 11, or nothing")
    return int(text)
