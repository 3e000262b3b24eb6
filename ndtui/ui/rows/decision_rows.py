"""The left pane: what the operator decides, as rows; each says what it is and what choosing it does."""

from typing import Any

from ndtui.analysis.wording.properties import Line
from ndtui.model.compiled.origin import Origin
from ndtui.model.design import edits
from ndtui.model.design.design import Design
from ndtui.model.design.exemption import Exemption
from ndtui.model.scenarios.catalogue import MODES
from ndtui.model.vocabulary import short_name
from ndtui.model.vocabulary.layers import PROTECTED_LAYERS
from ndtui.model.vocabulary.pages import PAGES
from ndtui.ui.rows.view import Column, View
from ndtui.ui.state.selection import Decision

#: A row of the left pane: a decision, or an exemption as it stands in the design.
Row = Decision | Exemption


def _box(on: bool, title: str) -> str:
    return f"[{'x' if on else ' '}] {title}"


def decision_rows(design: Design) -> list[Row]:
    """Return the rows for a design, exemptions last."""
    return [*_policy_rows(design), *_mode_rows(design), *_object_rows(design), *_exemption_rows(design)]


def _policy_rows(design: Design) -> list[Decision]:
    mode = MODES[design.scenario]
    return [
        Decision("name", design.name, "The design's name; it stands in the name of every object.", dialog="rename"),
        Decision(
            "scenario",
            f"Scenario  {mode.title}",
            mode.text,
            mode.page,
            edits.next_scenario,
        ),
        Decision("keying", "Keying modules", heading=True),
        Decision(
            "IKE",
            _box("IKE" in design.keying_modules, "IKE"),
            "Negotiate with IKE (version 1), which other systems speak too. With both, AuthIP is preferred.",
            "ipsec-configuration",
            lambda d: edits.toggle_module(d, "IKE"),
        ),
        Decision(
            "AuthIP",
            _box("AuthIP" in design.keying_modules, "AuthIP"),
            "Negotiate with AuthIP, which only Windows speaks; it can authenticate the user too (extended mode).",
            "ipsec-configuration",
            lambda d: edits.toggle_module(d, "AuthIP"),
        ),
        Decision("families", "Address families", heading=True),
        *(
            Decision(
                family,
                _box(family in design.families, f"IP{family.lower()}"),
                f"Cover IP{family.lower()}: every filter exists once per address family. What is not covered is left "
                "alone, neither protected nor blocked.",
                "ipsec-configuration",
                (lambda d: edits.toggle_family(d, "V4"))
                if family == "V4"
                else (lambda d: edits.toggle_family(d, "V6")),
            )
            for family in ("V4", "V6")
        ),
    ]


def _mode_rows(design: Design) -> list[Decision]:
    return [
        Decision("flags", "Flags and modes", heading=True),
        Decision(
            "nd_secure",
            _box(design.nd_secure, "ND_SECURE"),
            "IPSEC_POLICY_FLAG_ND_SECURE on the quick mode policies. It keeps IPsec working across NAT; it does not "
            "enforce anything: the filter at ALE_AUTH_RECV_ACCEPT does.",
            "sample",
            edits.toggle_nd_secure,
        ),
        Decision(
            "extended_mode",
            _box(design.extended_mode is not None, "Extended mode"),
            "AuthIP's second authentication, of the user: Kerberos, then NTLMv2, unless the design's file says else.",
            "em-policy",
            edits.toggle_extended_mode,
        ),
        Decision(
            "ale_persist_context",
            _box(design.ale_persist_context, "ALE raw context"),
            "Microsoft's sample sets FWPM_CONTEXT_IPSEC_INBOUND_PERSIST_CONNECTION_SECURITY (2) on the filters at "
            "ALE_AUTH_RECV_ACCEPT; the scenario page sets none. The page is followed unless this is on.",
            "sample",
            edits.toggle_ale_context,
        ),
    ]


def _object_rows(design: Design) -> list[Decision]:
    weight = design.sublayer.weight
    return [
        Decision("objects", "Objects", heading=True),
        Decision(
            "lifetime",
            f"Lifetime  {design.lifetime}",
            "dynamic: until the program that applied it ends; static: until Windows restarts; "
            "persistent: until it is removed.",
            "object-management",
            edits.next_lifetime,
        ),
        Decision(
            "sublayer",
            f"Sublayer  {'universal' if weight is None else f'own, {weight}'}",
            "The documents put IPsec filters into FWPM_SUBLAYER_UNIVERSAL (weight 32768). In a sublayer of its own the "
            "policy is probably not covered by the exemptions for IKE that Windows adds by itself.",
            "best-practices",
            dialog="sublayer",
        ),
    ]


def _exemption_rows(design: Design) -> list[Row]:
    return [
        Decision("exemptions", f"Exemptions ({len(design.exemptions)})", heading=True),
        *design.exemptions,
        Decision("add", "[+] add", "Add traffic that is left out of IPsec.", dialog="add"),
    ]


def row_id(row: Row) -> str:
    """Return what a row is called: a decision's id, or an exemption's origin."""
    return str(Origin.exemption(row.name)) if isinstance(row, Exemption) else row.id


def _cells(row: Row) -> tuple[str, ...]:
    if isinstance(row, Exemption):
        return (f" {_box(row.enabled, row.name)}",)
    return (row.text if row.heading or row.id == "name" else f" {row.text}",)


def _is_heading(row: Row) -> bool:
    return isinstance(row, Decision) and row.heading


DECISIONS = View(
    (Column("decisions", 0),),
    _cells,
    row_id,
    lambda row: "head" if _is_heading(row) else "",
    selectable=lambda row: not _is_heading(row),
    head=False,
)


def explain_decision(row: Row) -> list[Line]:
    """Return what the lower pane says of a decision or an exemption."""
    if isinstance(row, Exemption):
        return _explain_exemption(row)
    lines = [Line("Decision", row.text.strip()), Line("What", row.help)]
    lines.append(Line("Change", "space" if row.toggle is not None else "enter"))
    return [*lines, Line("See", PAGES[row.page])] if row.page else lines


def _explain_exemption(e: Exemption) -> list[Line]:
    def ports(value: Any) -> str:
        return ", ".join(str(v) for v in value)

    lines = [
        Line("Exemption", f"{e.name}{'' if e.enabled else ' (disabled)'}"),
        Line("Protocol", str(e.protocol)),
        Line("Remote port", ports(e.remote_ports)),
        Line("Local port", ports(e.local_ports)),
        Line("Remote", ports(e.remote_addresses)),
        Line("Local", ports(e.local_addresses)),
        Line("ICMP type", "" if e.icmp_type is None else str(e.icmp_type)),
        Line("ICMP code", "" if e.icmp_code is None else str(e.icmp_code)),
        Line("Families", ", ".join(e.families)),
        Line("Layers", "" if e.layers == PROTECTED_LAYERS else ", ".join(short_name(s) for s in e.layers)),
        Line("Comment", e.comment),
    ]
    lines = [line for line in lines if line.text]
    return [
        *lines,
        Line("Keys", "space on/off, e edit, D duplicate, d delete, K J move"),
        Line("See", PAGES["ike-exemptions"]),
    ]
