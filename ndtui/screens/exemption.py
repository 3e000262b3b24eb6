"""The form of an exemption: validated as it is typed, with the count of filters it makes."""

from typing import Any, ClassVar

from pydantic import ValidationError
from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.screen import ModalScreen
from textual.widgets import Button, Checkbox, Input, Static

from ndtui.model import edits
from ndtui.model.addresses import format_addresses
from ndtui.model.compile import compile_design
from ndtui.model.design import Design
from ndtui.model.design_file import reason_of
from ndtui.model.exemption import Exemption
from ndtui.model.objects import FilterSet
from ndtui.model.ports import format_ports
from ndtui.model.vocabulary.layers import FAMILIES, PROTECTED_LAYERS
from ndtui.screens.dialogs import DIALOG_BINDINGS
from ndtui.text import visible

_FIELDS = (
    ("name", "Name", "left empty: named by what it matches"),
    ("protocol", "Protocol", "icmp, tcp, udp, any, or a number"),
    ("remote_ports", "Remote ports", "53, 1024-2047"),
    ("local_ports", "Local ports", "any"),
    ("remote_addresses", "Remote", "10.0.0.0/8, fe80::/10, 10.0.0.1-10.0.0.9"),
    ("local_addresses", "Local", "any"),
    ("icmp_type", "ICMP type", "any"),
    ("icmp_code", "ICMP code", "any"),
    ("comment", "Comment", ""),
)
_NARROWING = [name for name, *_ in _FIELDS if name not in ("name", "comment")]
_LAYER_TITLES = dict(zip(PROTECTED_LAYERS, ("inbound", "outbound", "accept"), strict=True))


class ExemptionScreen(ModalScreen[Exemption | None]):
    """Edits an exemption, or makes a new one when ``former`` is ``None``. Returns ``None`` when closed."""

    BINDINGS: ClassVar[list[BindingType]] = DIALOG_BINDINGS

    def __init__(self, filterset: FilterSet, former: Exemption | None) -> None:
        super().__init__()
        self._filterset = filterset
        self._design: Design = filterset.design
        self._former = former
        self._made: Exemption | None = None

    def compose(self) -> ComposeResult:
        """Make the form, filled with what the exemption has."""
        values = _texts(self._former)
        shown = self._former or Exemption(name="new")
        with Vertical(classes="dialog form"):
            yield Static("Edit exemption" if self._former else "Add exemption", classes="dialog-title", markup=False)
            with VerticalScroll(classes="dialog-body", can_focus=False):
                for name, label, placeholder in _FIELDS:
                    with Horizontal(classes="field"):
                        yield Static(label, classes="field-label", markup=False)
                        yield Input(values[name], placeholder=placeholder, id=name, compact=True)
                with Horizontal(classes="field"):
                    yield Static("Covers", classes="field-label", markup=False)
                    for stem, title in _LAYER_TITLES.items():
                        yield Checkbox(title, stem in shown.layers, id=stem, compact=True)
                with Horizontal(classes="field"):
                    yield Static("Families", classes="field-label", markup=False)
                    for family in FAMILIES:
                        on_now = not shown.families or family in shown.families
                        yield Checkbox(f"IP{family.lower()}", on_now, id=family, compact=True)
                    yield Checkbox("enabled", shown.enabled, id="enabled", compact=True)
            yield Static("", id="problem", classes="problem", markup=False)
            with Horizontal(classes="dialog-buttons"):
                yield Button("OK (enter)", id="ok", compact=True)
                yield Button("Cancel (esc)", id="cancel", compact=True)

    def on_mount(self) -> None:
        """Put the focus on the first field."""
        self.query_one("#name", Input).focus()
        self._check()

    @on(Input.Changed)
    @on(Checkbox.Changed)
    def _changed(self) -> None:
        self._check()

    def _check(self) -> None:
        """Say what the form makes, or what is wrong with it."""
        if self._former is None and not any(self.query_one(f"#{n}", Input).value.strip() for n in _NARROWING):
            self._made = None
            self._say("Say what to leave out of IPsec: a protocol, ports or addresses", problem=False)
            return
        try:
            self._made = self._read()
            if self._former is None:
                changed = edits.add_exemption(self._design, self._made)
            else:
                changed = edits.replace_exemption(self._design, self._former.name, self._made)
        except ValidationError as error:
            self._made = None
            self._say(reason_of(error), problem=True)
            return
        count = len(compile_design(changed, self._filterset).filters)
        own = sum(1 for f in self._filterset.filters if self._former and f.origin == f"exemption:{self._former.name}")
        makes = count - len(self._filterset.filters) + own
        self._say(f"{self._made.name}: makes {makes} filter{'' if makes == 1 else 's'}, {count} in all", problem=False)

    def _say(self, text: str, *, problem: bool) -> None:
        line = self.query_one("#problem", Static)
        line.update(visible(text))
        line.set_class(problem, "-wrong")

    def _read(self) -> Exemption:
        values: dict[str, Any] = {name: self.query_one(f"#{name}", Input).value.strip() for name, *_ in _FIELDS}
        for name in ("icmp_type", "icmp_code"):
            text = values[name]
            values[name] = int(text) if text.isascii() and text.isdigit() else text or None
        values["protocol"] = values["protocol"] or "any"
        values["name"] = values["name"] or _name_for(values, {e.name for e in self._design.exemptions})
        others = tuple(s for s in (self._former.layers if self._former else ()) if s not in _LAYER_TITLES)
        values["layers"] = (*(s for s in _LAYER_TITLES if self.query_one(f"#{s}", Checkbox).value), *others)
        chosen = tuple(f for f in FAMILIES if self.query_one(f"#{f}", Checkbox).value)
        if chosen != FAMILIES:
            values["families"] = chosen or ("neither: choose one",)
        if self._former is not None and values["comment"] == _texts(self._former)["comment"]:
            values["comment"] = self._former.comment  # the form has one line; what it cannot show it must not lose
        values["enabled"] = self.query_one("#enabled", Checkbox).value
        return Exemption.model_validate(values)

    @on(Input.Submitted)
    def _submitted(self) -> None:
        self._answer()

    @on(Button.Pressed)
    def _pressed(self, event: Button.Pressed) -> None:
        if event.button.id == "ok":
            self._answer()
        else:
            self.dismiss(None)

    def _answer(self) -> None:
        self._check()
        if self._made is not None:
            self.dismiss(self._made)

    def action_close(self) -> None:
        """Close without a change."""
        self.dismiss(None)


def _texts(former: Exemption | None) -> dict[str, str]:
    """Return what each field of the form starts with."""
    if former is None:
        return {name: "" for name, *_ in _FIELDS}
    return {
        "name": former.name,
        "protocol": str(former.protocol),
        "remote_ports": ", ".join(map(str, format_ports(former.remote_ports))),
        "local_ports": ", ".join(map(str, format_ports(former.local_ports))),
        "remote_addresses": ", ".join(format_addresses(former.remote_addresses)),
        "local_addresses": ", ".join(format_addresses(former.local_addresses)),
        "icmp_type": "" if former.icmp_type is None else str(former.icmp_type),
        "icmp_code": "" if former.icmp_code is None else str(former.icmp_code),
        "comment": former.comment.replace("\n", " "),
    }


def _name_for(values: dict[str, Any], taken: set[str]) -> str:
    """Return a name made of what an exemption matches: ``UDP 53``."""
    parts = [
        str(values["protocol"]).upper() if not str(values["protocol"]).isdigit() else f"protocol {values['protocol']}"
    ]
    parts += [values[name] for name in ("remote_ports", "remote_addresses") if values[name]]
    parts += [f"local {values[name]}" for name in ("local_ports", "local_addresses") if values[name]]
    name = " ".join(parts)[:200]
    number, unique = 2, name
    while unique in taken:
        number, unique = number + 1, f"{name} {number}"
    return unique
