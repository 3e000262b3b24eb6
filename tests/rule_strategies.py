"""Random designs with rules, made of plain data as it stands in a file; ``strategies`` has those with one rule for all.

What may be combined is written down here once more, independently of the code under test.
"""

from typing import Any

from hypothesis import strategies as st

from ndtui.model.design.design import Design
from tests.strategies import FAMILIES, addresses, main_modes, methods, names, plain_designs, ports, proses, quick_modes

MODES = ("negotiation-discovery", "boundary", "require")
#: Few, so that rules often say the same; one has the words that rules' objects have in their names.
RULE_NAMES = ("SQL", "SQL:block", "SQL:identity", "servers", "exempt ICMP", "a: b", "IKE main mode", "[/x] [b")
SIDS = ("S-1-5-21-1-2-3-513", "S-1-5-21-1-2-3-515", "DC", "SY")


@st.composite
def access_lists(draw: st.DrawFn) -> str:
    """Draw who may connect, in SDDL: one to three SIDs, the last of them allowed."""
    chosen = draw(st.lists(st.sampled_from(SIDS), min_size=1, max_size=3, unique=True))
    kinds = [*(draw(st.sampled_from("AD")) for _ in chosen[1:]), "A"]
    return "O:LSD:" + "".join(f"({kind};;CC;;;{sid})" for kind, sid in zip(kinds, chosen, strict=True))


@st.composite
def scopes(draw: st.DrawFn, covered: tuple[str, ...] = FAMILIES) -> dict[str, Any]:
    """Draw the scope of a rule for a design that covers some families; often everything."""
    return draw(_scopes(covered)) if draw(st.booleans()) else {}


@st.composite
def _scopes(draw: st.DrawFn, covered: tuple[str, ...]) -> dict[str, Any]:
    fields = draw(_services())
    for side in ("local_addresses", "remote_addresses"):
        if draw(st.sampled_from([True, False, False])):
            fields[side] = draw(addresses(covered))
            covered = tuple({"V6" if ":" in each else "V4" for each in fields[side]})
    for field, known in (
        ("profiles", ("domain", "private", "public")),
        ("interfaces", ("lan", "wireless", "remote-access")),
    ):
        if draw(st.sampled_from([True, False, False])):
            fields[field] = draw(st.lists(st.sampled_from(known), min_size=1, max_size=3, unique=True))
    return fields


@st.composite
def _services(draw: st.DrawFn) -> dict[str, Any]:
    fields: dict[str, Any] = {}
    protocol = draw(st.sampled_from(["any", "tcp", "udp", "icmp", 6, 47]))
    if protocol != "any" or draw(st.booleans()):
        fields["protocol"] = protocol
    if protocol in ("tcp", "udp", 6):
        for side in ("local_ports", "remote_ports"):
            if draw(st.booleans()):
                fields[side] = draw(st.one_of(st.just([1433]), ports()))
        if len(fields) == 3 and draw(st.booleans()):
            fields["either_port"] = True
    return fields


@st.composite
def negotiations(draw: st.DrawFn) -> dict[str, Any]:
    """Draw what a rule negotiates in place of what its design does."""
    modules = draw(st.sampled_from([["IKE"], ["AuthIP"], ["IKE", "AuthIP"]]))
    fields: dict[str, Any] = {"keying_modules": modules}
    if draw(st.booleans()):
        fields["main_mode"] = draw(main_modes(modules))
    if draw(st.booleans()):
        fields["quick_mode"] = draw(quick_modes())
    if "AuthIP" in modules and draw(st.booleans()):
        fields["extended_mode"] = {"authentication": draw(methods("AuthIP"))}
    return fields


@st.composite
def rules(draw: st.DrawFn, name: str, covered: tuple[str, ...] = FAMILIES, *, extended: bool = False) -> dict[str, Any]:
    """Draw a rule as plain data; ``extended``: whether its design has extended mode."""
    mode = draw(st.sampled_from([*MODES, *MODES, "inherit"]))
    fields: dict[str, Any] = {"name": name, "mode": mode, "scope": draw(scopes(covered))}
    if mode != "inherit" and draw(st.sampled_from([True, False, False])):
        fields["negotiation"] = draw(negotiations())
        extended = "extended_mode" in fields["negotiation"]
    fields["nd_secure"] = mode in ("negotiation-discovery", "require") and draw(st.booleans())
    if draw(st.sampled_from([True, False, False])):
        fields["encryption"] = "guaranteed"
    if draw(st.sampled_from([True, False, False])):
        fields["machines"] = draw(access_lists())
    if extended and draw(st.booleans()):
        fields["users"] = draw(access_lists())
    if mode == "inherit" and not fields.keys() & {"encryption", "machines", "users"}:
        fields["encryption"] = "guaranteed"
    if mode == "negotiation-discovery" and "encryption" not in fields:
        fields["ale_persist_context"] = draw(st.booleans())
    if draw(st.sampled_from([True, False, False])):
        fields["weight_range"] = draw(st.integers(1, 11))
    if draw(st.sampled_from([True, False, False, False])):
        fields["enabled"] = draw(st.booleans())
    if draw(st.sampled_from([True, False, False])):
        fields["comment"] = draw(proses)
    return fields


@st.composite
def plain_designs_with_rules(draw: st.DrawFn, most: int = 4, exemptions: int = 2) -> dict[str, Any]:
    """Draw a design of one to ``most`` rules as plain data; one at least protects."""
    old = draw(plain_designs(exemptions))
    data = {key: old[key] for key in old.keys() - {"scenario", "nd_secure", "ale_persist_context"}}
    others = st.one_of(st.sampled_from(RULE_NAMES), names)
    called = draw(st.lists(st.one_of(st.just("base"), others), min_size=1, max_size=most, unique=True))
    made = [draw(rules(name, tuple(data["families"]), extended="extended_mode" in data)) for name in called]
    if not any(each.get("enabled", True) and each["mode"] != "inherit" for each in made):
        made[0] = {"name": made[0]["name"], "mode": draw(st.sampled_from(MODES)), "scope": made[0]["scope"]}
    return {**data, "version": 2, "rules": made}


def designs_with_rules(most: int = 4, exemptions: int = 2) -> st.SearchStrategy[Design]:
    """Return a strategy for valid designs with one to ``most`` rules."""
    return plain_designs_with_rules(most, exemptions).map(Design.model_validate)
