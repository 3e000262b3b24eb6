"""The form of an exemption: validated as it is typed, with the count of filters it makes."""

from typing import Any

from pydantic import ValidationError
from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.widgets import Input, Static

from ndtui.common.text import shortened, visible
from ndtui.model.compiled.compile import compile_design
from ndtui.model.compiled.objects import FilterSet
from ndtui.model.compiled.origin import Origin
from ndtui.model.design import edits
from ndtui.model.design.addresses import format_addresses
from ndtui.model.design.design import Design
from ndtui.model.design.exemption import Exemption, copy_name, rebuild
from ndtui.model.design.ports import format_ports
from ndtui.model.files.design_file import reason_of
from ndtui.model.vocabulary.layers import FAMILIES, PROTECTED_LAYERS
from ndtui.screens.dialogs.dialog import Form
from ndtui.ui.widgets.tick_box import TickBox

#: What it matches comes first, for that is what one knows; the name follows from it.
_FIELDS = (
    ("protocol", "Protocol", "icmp, tcp, udp, any, or a number"),
    ("remote_ports", "Remote ports", "53, 1024-2047"),
    ("local_ports", "Local ports", "any"),
    ("remote_addresses", "Remote", "10.0.0.0/8, fe80::/10, 10.0.0.1-10.0.0.9"),
    ("local_addresses", "Local", "any"),
    ("icmp_type", "ICMP type", "any"),
    ("icmp_code", "ICMP code", "any"),
    ("name", "Name", "left empty: named by what it matches"),
    ("comment", "Comment", ""),
)
_NARROWING = [name for name, *_ in _FIELDS if name not in ("name", "comment")]
_BLANK = Exemption(name="new")
_LAYER_TITLES = dict(zip(PROTECTED_LAYERS, ("inbound", "outbound", "accept"), strict=True))


class ExemptionScreen(Form[Exemption | None]):
    """Edits an exemption, or makes a new one when ``former`` is ``None``. Returns ``None`` when closed."""

    def __init__(self, filterset: FilterSet, former: Exemption | None) -> None:
        super().__init__()
        self._filterset = filterset
        self._design: Design = filterset.design
        self._former = former
        self._made: Exemption | None = None

    def compose(self) -> ComposeResult:
        """Make the form, filled with what the exemption has."""
        values = _texts(self._former)
        shown = self._former or _BLANK
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
                        yield TickBox(title, stem in shown.layers, id=stem, compact=True)
                with Horizontal(classes="field"):
                    yield Static("Families", classes="field-label", markup=False)
                    for family in FAMILIES:
                        on_now = not shown.families or family in shown.families
                        yield TickBox(f"IP{family.lower()}", on_now, id=family, compact=True)
                    yield TickBox("enabled", shown.enabled, id="enabled", compact=True)
            yield Static("", id="problem", classes="problem", markup=False)
            yield from self.buttons()

    def on_mount(self) -> None:
        """Put the focus on the first field."""
        self.query_one(Input).focus()
        self._check()

    @on(Input.Changed)
    @on(TickBox.Changed)
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
        except ValueError as error:  # pydantic's is one too
            self._made = None
            self._say(reason_of(error) if isinstance(error, ValidationError) else str(error), problem=True)
            return
        count = len(compile_design(changed, self._filterset).filters)
        former = self._former and Origin.exemption(self._former.name)
        own = sum(1 for each in self._filterset.filters if each.origin == former)
        makes = count - len(self._filterset.filters) + own
        self._say(f"{self._made.name}: makes {makes} filter{'' if makes == 1 else 's'}, {count} in all", problem=False)

    def _say(self, text: str, *, problem: bool) -> None:
        line = self.query_one("#problem", Static)
        line.update(visible(text))
        line.set_class(problem, "-wrong")

    def _read(self) -> Exemption:
        """Return what the form says. What was not touched stays as it was, also where the form shows less of it."""
        fields: dict[str, Any] = dict(self._former) if self._former else {"name": ""}
        before = _texts(self._former)
        for name, *_ in _FIELDS:
            text = self.query_one(f"#{name}", Input).value
            if text != before[name]:
                fields[name] = _plain(name, text.strip())
        shown = self._former or _BLANK
        layers = tuple(stem for stem in _LAYER_TITLES if self._ticked(stem))
        if layers != tuple(stem for stem in _LAYER_TITLES if stem in shown.layers):
            fields["layers"] = (*layers, *(stem for stem in shown.layers if stem not in _LAYER_TITLES))
        families = tuple(family for family in FAMILIES if self._ticked(family))
        if families != (shown.families or FAMILIES):
            fields["families"] = families if families != FAMILIES else ()
            if not families:
                raise ValueError("families: choose IPv4, IPv6 or both")
        fields["enabled"] = self._ticked("enabled")
        if fields["name"]:
            return Exemption.model_validate(fields)
        unnamed = Exemption.model_validate({**fields, "name": "new"})
        former = self._former.name if self._former else ""
        return rebuild(unnamed, name=_name_for(unnamed, {e.name for e in self._design.exemptions} - {former}))

    def _ticked(self, name: str) -> bool:
        return self.query_one(f"#{name}", TickBox).value

    def answer(self) -> None:
        """Give the exemption when nothing is wrong with it."""
        self._check()
        if self._made is not None:
            self.dismiss(self._made)


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


def _plain(name: str, text: str) -> object:
    """Return the text of a field as plain data; what is no number is left for the exemption to refuse."""
    if name in ("icmp_type", "icmp_code"):
        return int(text) if text.isascii() and text.isdigit() and len(text) <= 9 else text or None
    return text or "any" if name == "protocol" else text


def _name_for(exemption: Exemption, taken: set[str]) -> str:
    """Return a free name made of what an exemption matches: ``UDP 53``."""
    number = isinstance(exemption.protocol, int)
    parts = [f"protocol {exemption.protocol}" if number else str(exemption.protocol).upper()]
    for side, ports, addresses in (
        ("", exemption.remote_ports, exemption.remote_addresses),
        ("local ", exemption.local_ports, exemption.local_addresses),
    ):
        parts += [f"{side}{', '.join(map(str, values))}" for values in (ports, addresses) if values]
    parts += [f"type {exemption.icmp_type}"] if exemption.icmp_type is not None else []
    name = shortened(" ".join(parts), 200)
    return name if name not in taken else copy_name(name, taken)
