"""Report contents: everything that a report says about a compiled design, before it is a page."""

from collections.abc import Iterator, Sequence

from ndtui.analysis.check.examine import Report as Examined
from ndtui.analysis.check.examine import examine
from ndtui.analysis.check.finding import Finding
from ndtui.analysis.verify.assertions import verdict_of
from ndtui.analysis.verify.both_ways import ToldRule, Way, both_ways, left_out
from ndtui.exporters.report import decision_sections, filter_sections, outcome_sections
from ndtui.exporters.report.change_section import changes
from ndtui.exporters.report.report_parts import Report, Section, count
from ndtui.model.compiled.objects import FilterSet
from ndtui.model.design.assertion import Verdict
from ndtui.model.design.design import Design
from ndtui.model.scenarios.catalogue import MODES
from ndtui.model.vocabulary.algorithms import title_of

#: So many exemptions are named in the summary; their table has all.
_NAMED = 6
_DIRECTIONS = {"in": "inbound", "out": "outbound"}
_MEANT: dict[Verdict, str] = {
    "encrypted": "must be encrypted",
    "protected": "must be protected",
    "requested": "is protected where the peer can, and passes in clear where it cannot",
    "blocked": "is blocked",
    "exempt": "passes in clear",
}


def report_of(filterset: FilterSet, before: Design | None = None, way_out: Sequence[Finding] = ()) -> Report:
    """Return a report about a design; ``before`` is the one that it is compared with, if any.

    ``way_out`` is what has to be known of the design in another format, where the report is handed over with that.
    """
    design = filterset.design
    examined = examine(filterset)
    figures = (
        ("rules", len(design.rules)),
        ("exemptions", len(design.exemptions)),
        ("filters", len(filterset.filters)),
        ("layers", filterset.layer_count),
        ("contexts", len(filterset.contexts)),
        ("errors", _severe(examined, "error")),
        ("warnings", _severe(examined, "warning")),
    )
    summary = " ".join(_summary(filterset, examined))
    return Report(
        design.name, design.description, summary, figures, tuple(_sections(filterset, examined, before, way_out))
    )


def _sections(
    filterset: FilterSet, examined: Examined, before: Design | None, way_out: Sequence[Finding]
) -> Iterator[Section]:
    design = filterset.design
    yield outcome_sections.picture(filterset)
    if before is not None:
        yield changes(filterset, before)
    yield decision_sections.decisions(design)
    if not decision_sections.is_scenario(design):
        yield decision_sections.rules(design)
    yield decision_sections.exemptions(design)
    yield decision_sections.negotiations(design)
    yield outcome_sections.findings(examined)
    if way_out:
        yield outcome_sections.findings_of(way_out)
    yield outcome_sections.assertions(examined, design)
    yield outcome_sections.hosts(design, before)
    yield outcome_sections.traces(filterset)
    yield filter_sections.filters(filterset)
    yield filter_sections.contexts(filterset)


def _summary(filterset: FilterSet, examined: Examined) -> Iterator[str]:
    """Yield what the policy does, sentence by sentence."""
    design = filterset.design
    yield from _told(filterset)
    out = [name for names in left_out(design).values() for name in names]
    more = f" and {len(out) - _NAMED} more" if len(out) > _NAMED else ""
    passes = "passes" if len(out) == 1 else "pass"
    yield f"{', '.join(out[:_NAMED])}{more} {passes} in clear, left out of IPsec." if out else "Nothing is left out."
    methods = (each.method for module in design.keying_modules for each in design.main_mode.authentication(module))
    proof = " or ".join(dict.fromkeys(map(title_of, methods)))
    families = " and ".join(f"IP{family.lower()}" for family in design.families)
    modules = " before ".join(reversed(design.keying_modules))
    yield f"Over {families} peers negotiate with {modules} and prove who they are with {proof}."
    false = sum(proof.holds is False for proof in examined.proofs)
    if examined.proofs:
        told = "all of them hold" if not false else f"{false} of them {'does' if false == 1 else 'do'} not hold"
        undecided = sum(proof.undecided for proof in examined.proofs)
        doubt = f", {undecided} not decided" if undecided else ""
        yield f"It makes {count(len(examined.proofs), 'assertion')} about its own traffic: {told}{doubt}."
    errors, warnings = _severe(examined, "error"), _severe(examined, "warning")
    yield f"The checker finds {count(errors, 'error')} and {count(warnings, 'warning')}."


def _told(filterset: FilterSet) -> Iterator[str]:
    """Yield what becomes of the traffic of each rule."""
    ways = both_ways(filterset, _NAMED)
    first = next(rule for rule in filterset.design.rules if rule.enabled)
    if ways.is_one and first.encryption == "none":
        yield MODES[first.mode].text
        return
    for rule in ways.rules:
        yield f"{'' if ways.is_one else f'{rule.name}: '}{_directions(rule)}."
    if ways.more:
        yield f"{count(ways.more, 'more rule')} {'says' if ways.more == 1 else 'say'} what becomes of other traffic."
    if ways.elsewhere:
        yield "All other traffic is left as it is."


def _directions(rule: ToldRule) -> str:
    done = [(_DIRECTIONS[way.direction], _meant(way)) for way in rule.ways]
    if not done:
        return "none of its traffic is of an address family of the design"
    if len({meant for _, meant in done}) == 1:
        return f"traffic in both directions {done[0][1]}"
    return ", ".join(f"{direction} {meant}" for direction, meant in done)


def _meant(way: Way) -> str:
    """Return what becomes of traffic, in a few words that need no table."""
    return _MEANT.get(verdict_of(way.outcomes), "is left as it is")


def _severe(examined: Examined, severity: str) -> int:
    return sum(finding.severity == severity for finding in examined.findings)
