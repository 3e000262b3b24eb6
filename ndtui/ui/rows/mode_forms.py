"""The forms of what is negotiated: keying modules, the set of proposals, main mode, quick mode, extended mode.

Each makes a whole negotiation, of a design or of a rule. What people think of first stands first, as one field for all
proposals or all keying modules; what it means for each of them stands below.
"""

from collections.abc import Callable, Collection, Mapping
from typing import Any

from ndtui.analysis.wording.negotiation_words import (
    NAT_FLAGS,
    main_mode_proposal_words,
    method_words,
    quick_mode_proposal_words,
)
from ndtui.common.duration import duration_words
from ndtui.model.design.edits import able_main_mode
from ndtui.model.design.ipsec_policy import MAIN_MODE_FLAGS, QUICK_MODE_FLAGS, ExtendedMode, MainMode, QuickMode
from ndtui.model.design.keying_modules import KEYING_MODULES, KeyingModule
from ndtui.model.design.negotiation_edits import altered, common, proof_of, with_proof
from ndtui.model.design.proposal_sets import PROPOSAL_SETS, algorithms_of, set_of, with_set
from ndtui.model.design.rule_negotiation import Negotiation
from ndtui.ui.rows.algorithm_options import algorithm_options
from ndtui.ui.rows.criteria_form import root_of
from ndtui.ui.rows.decision_words import EXTENDED_MODE_WORDS, MODULE_WORDS
from ndtui.ui.rows.flag_words import flag_options
from ndtui.ui.rows.form_fields import ChoiceField, Field, Form, ListField, Option, TextField, TicksField, Values
from ndtui.ui.rows.method_form import method_form
from ndtui.ui.rows.proposal_forms import LIFETIME_HELP, main_mode_proposal_form, quick_mode_proposal_form
from ndtui.ui.rows.typed_times import number_of, seconds_of

_OWN_PROPOSALS = tuple(f"{module.lower()}_proposals" for module in KEYING_MODULES)
_METHODS = tuple(f"{module.lower()}_authentication" for module in KEYING_MODULES)
_EVERY_LIST = ("proposals", *_OWN_PROPOSALS)
_NO_TEXT: Callable[[Any], str] = lambda _: ""  # noqa: E731 - what comes of it is said by the form around it, or a design's


def _made(negotiation: Negotiation, **parts: Any) -> Negotiation:
    """Return a negotiation with other parts, which go together."""
    made = Negotiation.model_validate({**dict(negotiation), **parts})
    made.check()
    return made


def modules_form(negotiation: Negotiation) -> Form[Negotiation]:
    """Return the form of the keying modules."""
    options = tuple(Option(module, module, MODULE_WORDS[module]) for module in KEYING_MODULES)

    def make(values: Values) -> Negotiation:
        modules = values["modules"]
        main_mode = able_main_mode(negotiation.main_mode, modules, negotiation.keying_modules)
        return _made(negotiation, keying_modules=modules, main_mode=main_mode)

    fields = (TicksField("modules", "Negotiate with", options),)
    return Form("Keying modules", fields, {"modules": negotiation.keying_modules}, make, _NO_TEXT)


def algorithms_form(negotiation: Negotiation) -> Form[Negotiation]:
    """Return the form that takes over a set of proposals."""
    now = set_of(negotiation)
    options = (
        *(Option(each.id, each.title, each.text, brings=algorithms_of(each.id)) for each in PROPOSAL_SETS),
        Option("own", "own", "The proposals as main mode and quick mode have them."),
    )
    refused = {} if now is None else {("set", "own"): "now it is a set"}
    if negotiation.keying_modules != ("AuthIP",):
        refused["set", "sample"] = "AuthIP only"

    def make(values: Values) -> Negotiation:
        return negotiation if values["set"] == "own" else with_set(negotiation, values["set"])

    fields = (ChoiceField("set", "Proposals", options),)
    values = {"set": "own" if now is None else now.id}
    return Form("Algorithms", fields, values, make, _NO_TEXT, refuse=lambda _: refused)


# -- main mode -------------------------------------------------------------------------------------------------------

_PROOFS = (
    Option("kerberos", "with Kerberos", "Machines of one forest prove themselves with their accounts."),
    Option(
        "certificate",
        "with certificates",
        "Certificates of the roots below, or without any of the enterprise store's authorities; AuthIP's way is SSL.",
    ),
    Option("", "as said of each module", "What each keying module asks for stands below."),
)
_SEPARATOR = ";"
_IMPERSONATION = tuple(
    Option(name, title, text)
    for name, title, text in (
        ("IKEEXT_IMPERSONATION_NONE", "nobody: the machine itself", "AuthIP uses the machine's credentials."),
        ("IKEEXT_IMPERSONATION_SOCKET_PRINCIPAL", "who opened the socket", "AuthIP uses the user's credentials."),
    )
)


def main_mode_form(negotiation: Negotiation) -> Form[Negotiation]:
    """Return the form of main mode: what peers prove, and what is offered."""
    return _MainModeForm(negotiation).form()


class _MainModeForm:
    """Main mode's form at work, for the keying modules that are on."""

    def __init__(self, negotiation: Negotiation) -> None:
        self._negotiation = negotiation
        self._on = negotiation.keying_modules

    def form(self) -> Form[Negotiation]:
        """Return it as the screen shows it."""
        main = self._negotiation.main_mode
        values = {
            **dict(main),
            **self._in_one(dict(main)),
            "impersonation": main.impersonation or "",
            "max_dynamic_filters": str(main.max_dynamic_filters),
            "retransmit_seconds": duration_words(main.retransmit_seconds),
        }
        refused = {("proof", "kerberos"): "IKEv2 has none"} if "IKEv2" in self._on else {}
        return Form(
            "Main mode",
            self._fields(),
            values,
            self._make,
            _NO_TEXT,
            self._follow,
            hide=self._hidden,
            refuse=lambda _: refused,
        )

    def _fields(self) -> tuple[Field, ...]:
        return (
            ChoiceField("proof", "Peers prove", _PROOFS, "Who they are."),
            TextField(
                "proof_roots",
                "Roots",
                f"CN=Example Root CA, or a thumbprint; several with {_SEPARATOR} between them. Empty: the store's.",
                "those of the enterprise store",
            ),
            TextField("lifetime", "Lifetime", f"Of every proposal. {LIFETIME_HELP}", "as each proposal says"),
            self._offers("proposals", "Proposals", "Offered by each keying module that has none of its own."),
            *(self._methods(module) for module in KEYING_MODULES),
            *(
                self._offers(own, f"{module} offers", f"What {module} offers in place of the proposals of all.")
                for module, own in zip(KEYING_MODULES, _OWN_PROPOSALS, strict=True)
            ),
            TicksField("flags", "Flags", flag_options(MAIN_MODE_FLAGS), below=True),
            ChoiceField(
                "impersonation",
                "Impersonates",
                (Option("", "not said", "AuthIP uses the machine's credentials."), *_IMPERSONATION),
                folds=True,
            ),
            TextField(
                "max_dynamic_filters",
                "Dynamic",
                "So many filters a responder may add for narrower traffic that a peer asks for; 0: none.",
            ),
            TextField(
                "retransmit_seconds",
                "Sends again",
                "For so long IKEv2 sends what is not answered again, 2min at least; 0: as Windows does by itself.",
            ),
        )

    def _methods(self, module: KeyingModule) -> ListField:
        name = f"{module.lower()}_authentication"
        text = f"How {module} lets peers prove who they are, the preferred way first."
        return ListField(name, module, method_words, lambda former, _: method_form(former, module), text)

    def _offers(self, name: str, label: str, text: str) -> ListField:
        def form(former: Any | None, values: Values) -> Form[Any]:
            modules = self._offering(name, values)
            return main_mode_proposal_form(former, modules, [each for each in modules if each in self._on])

        empty = "none" if name == "proposals" else "as the proposals above"
        return ListField(name, label, main_mode_proposal_words, form, text, empty)

    @staticmethod
    def _offering(name: str, values: Values) -> list[KeyingModule]:
        """Return the keying modules that offer the proposals of a list."""
        if name != "proposals":
            return [module for module in KEYING_MODULES if name.startswith(f"{module.lower()}_")]
        return [module for module in KEYING_MODULES if not values[f"{module.lower()}_proposals"]]

    def _in_one(self, values: Values) -> dict[str, Any]:
        """Return what the fields hold that say something of all proposals, or of all keying modules."""
        return {**self._proved(values), **_lifetime_of(values)}

    def _proved(self, values: Values) -> dict[str, Any]:
        methods = {name: values[name] for name in _METHODS}
        proof, roots = proof_of(MainMode.model_construct(**methods), self._on)
        if any(_SEPARATOR in root for root in roots):
            proof = ""  # one field has no room for them
        shown = f"{_SEPARATOR} ".join(root.removeprefix("subject:") for root in roots)
        return {"proof": proof, "proof_roots": shown if proof else ""}

    def _make(self, values: Values) -> Negotiation:
        if values["lifetime"].strip():
            altered(values["proposals"], lifetime_seconds=seconds_of(values["lifetime"]))  # refuses what cannot be
        members_said = {
            **{name: values[name] for name in (*_METHODS, *_EVERY_LIST)},
            "flags": values["flags"],
            "impersonation": values["impersonation"] or None,
            "max_dynamic_filters": number_of(values["max_dynamic_filters"], "number of filters"),
            "retransmit_seconds": seconds_of(values["retransmit_seconds"]),
        }
        main_mode = MainMode.model_validate(members_said)
        if values["proof"]:
            main_mode = with_proof(main_mode, self._on, values["proof"], _roots_in(values["proof_roots"]))
        return _made(self._negotiation, main_mode=main_mode)

    def _follow(self, changed: str, values: Values) -> Values:
        if changed in ("proof", "proof_roots") and values["proof"]:
            try:
                main = with_proof(MainMode(), self._on, values["proof"], _roots_in(values["proof_roots"]))
            except ValueError:
                return {}  # what is wrong with it the form says when it makes something of it
            names = [f"{module.lower()}_authentication" for module in self._on]
            return {name: getattr(main, name) for name in names}
        if changed in _METHODS:
            return self._proved(values)
        if changed == "lifetime":
            return _with_lifetime(values)
        return _lifetime_of(values) if changed in _EVERY_LIST else {}

    def _hidden(self, values: Values) -> Collection[str]:
        off = [module.lower() for module in KEYING_MODULES if module not in self._on]
        hidden = {f"{module}_{what}" for module in off for what in ("authentication", "proposals")}
        return hidden | ({"proof_roots"} if values["proof"] != "certificate" else set())


def _roots_in(text: str) -> tuple[str, ...]:
    return tuple(root_of(each) for each in text.split(_SEPARATOR) if each.strip())


def _lifetime_of(values: Values) -> dict[str, Any]:
    """Return the lifetime that all proposals have, or nothing where they differ."""
    seconds = common(tuple(each for name in _EVERY_LIST for each in values[name]), "lifetime_seconds")
    return {"lifetime": "" if seconds is None else duration_words(seconds)}


def _with_lifetime(values: Values) -> dict[str, Any]:
    """Return the proposals with the lifetime that is typed for all of them, as far as it is one."""
    try:
        seconds = seconds_of(values["lifetime"])
        return {name: altered(values[name], lifetime_seconds=seconds) for name in _EVERY_LIST}
    except ValueError:
        return {}


# -- quick mode ------------------------------------------------------------------------------------------------------

_QUICK_FLAGS = (*NAT_FLAGS, *(flag for flag in QUICK_MODE_FLAGS if flag not in NAT_FLAGS))
_TIMES = {
    "nd_allow_clear_timeout_seconds": ("Clear until", "For so long a new security association takes clear packets."),
    "idle_timeout_seconds": ("Idle", "After so long without traffic a security association is deleted."),
    "idle_timeout_failover_seconds": ("Fail-over", "The same, where fail-over is expected."),
}


def quick_mode_form(negotiation: Negotiation) -> Form[Negotiation]:
    """Return the form of quick mode: forward secrecy, address translation, proposals, times."""
    quick, on = negotiation.quick_mode, negotiation.keying_modules
    values = {
        **dict(quick),
        **_group_of(dict(quick)),
        **_lifetime_of(dict(quick)),
        **{name: duration_words(getattr(quick, name)) for name in _TIMES},
    }

    def make(values: Values) -> Negotiation:
        said: dict[str, Any] = {name: values[name] for name in (*_EVERY_LIST, "flags")}
        said |= {name: seconds_of(values[name]) for name in _TIMES}
        if values["lifetime"].strip():
            altered(values["proposals"], lifetime_seconds=seconds_of(values["lifetime"]))  # refuses what cannot be
        return _made(negotiation, quick_mode=QuickMode.model_validate(said))

    def hide(_: Values) -> Collection[str]:
        return [f"{module.lower()}_proposals" for module in KEYING_MODULES if module not in on]

    return Form("Quick mode", _quick_mode_fields(), values, make, _NO_TEXT, _follow_quick, hide=hide, refuse=_one_group)


def _quick_mode_fields() -> tuple[Field, ...]:
    differs = Option("", "differs", "As each proposal says.")
    return (
        ChoiceField("pfs", "PFS", (*algorithm_options("IPSEC_PFS_"), differs), "Of every proposal.", folds=True),
        TicksField("flags", "Flags", flag_options(_QUICK_FLAGS), below=True),
        TextField("lifetime", "Lifetime", f"Of every proposal. {LIFETIME_HELP}", "as each proposal says"),
        _quick_offers("proposals", "Proposals", "Offered by each keying module that has none of its own."),
        *(
            _quick_offers(own, f"{module} offers", f"What {module} offers in place of the proposals of all.")
            for module, own in zip(KEYING_MODULES, _OWN_PROPOSALS, strict=True)
        ),
        *(TextField(name, label, text) for name, (label, text) in _TIMES.items()),
    )


def _quick_offers(name: str, label: str, text: str) -> ListField:
    empty = "none" if name == "proposals" else "as the proposals above"
    return ListField(
        name, label, quick_mode_proposal_words, lambda former, _: quick_mode_proposal_form(former), text, empty
    )


def _group_of(values: Values) -> dict[str, Any]:
    return {"pfs": common(tuple(each for name in _EVERY_LIST for each in values[name]), "pfs_group") or ""}


def _one_group(values: Values) -> Mapping[tuple[str, str], str]:
    return {} if _group_of(values)["pfs"] == "" else {("pfs", ""): "all have one group"}


def _follow_quick(changed: str, values: Values) -> Values:
    if changed == "pfs" and values["pfs"]:
        return {name: altered(values[name], pfs_group=values["pfs"]) for name in _EVERY_LIST}
    if changed == "lifetime":
        return _with_lifetime(values)
    return {**_group_of(values), **_lifetime_of(values)} if changed in _EVERY_LIST else {}


# -- extended mode ---------------------------------------------------------------------------------------------------


def extended_mode_form(negotiation: Negotiation) -> Form[Negotiation]:
    """Return the form of extended mode, AuthIP's second authentication."""
    extended = negotiation.extended_mode or ExtendedMode()
    fields = (
        TicksField("applies", "Extended mode", (Option("extended_mode", "negotiated", EXTENDED_MODE_WORDS),)),
        ListField(
            "authentication",
            "Methods",
            method_words,
            lambda former, _: method_form(former, "AuthIP"),
            "How users prove who they are, the preferred way first.",
        ),
        ChoiceField("impersonation", "Impersonates", _IMPERSONATION, folds=True),
    )
    values = {**dict(extended), "applies": () if negotiation.extended_mode is None else ("extended_mode",)}
    off = {} if "AuthIP" in negotiation.keying_modules else {("applies", "extended_mode"): "with AuthIP only"}

    def make(values: Values) -> Negotiation:
        said = {name: values[name] for name in ("authentication", "impersonation")}
        made = ExtendedMode.model_validate(said) if values["applies"] else None
        return _made(negotiation, extended_mode=made)

    def hide(values: Values) -> Collection[str]:
        return () if values["applies"] else ("authentication", "impersonation")

    return Form("Extended mode", fields, values, make, _NO_TEXT, hide=hide, refuse=lambda _: off)
