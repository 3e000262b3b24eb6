"""What a policy does, in five lines: in and out, with a peer that has IPsec and with one that has not."""

from ndtui.analysis.trace.tracer import trace
from ndtui.analysis.traffic.examples import START, turned
from ndtui.analysis.traffic.outcome import Course
from ndtui.analysis.traffic.packet import parse_packet
from ndtui.analysis.wording.properties import Line
from ndtui.common.text import shortened, visible
from ndtui.model.compiled.compile import compile_design
from ndtui.model.design.design import Design, change
from ndtui.model.vocabulary import short_name

#: Cells of the column for peers that have IPsec.
_PEER = 25
_START_V6 = "in tcp [2001:db8::5]:51000 -> [2001:db8::9]:443"
_MOST = 6


def policy_picture(design: Design) -> list[Line]:
    """Return what becomes of traffic that no exemption matches, and what is left out; traced, not remembered."""
    bare = compile_design(change(design, exemptions=(), assertions=(), suppressions=()))
    inbound = parse_packet(START if "V4" in design.families else _START_V6)
    lines = [Line("", f"{'peer with IPsec':<{_PEER}}peer without IPsec")]
    for label, packet in (("In  -->", inbound), ("Out <--", turned(inbound))):
        outcomes = trace(bare, packet).outcomes
        first, second = _words(outcomes.peer_with_ipsec), _words(outcomes.peer_without_ipsec)
        lines.append(Line(label, f"{first:<{_PEER}}{second}"))
    return [*lines, Line("Exempt", _exempt(design)), Line("Negotiates", _negotiates(design))]


def _words(course: Course) -> str:
    if course.first == course.settled:
        return course.first
    return f"{course.first}, then {course.settled}"


def _exempt(design: Design) -> str:
    names = [each.name for each in design.exemptions if each.enabled]
    if not names:
        return "nothing: not even ICMP"
    more = f" and {len(names) - _MOST} more" if len(names) > _MOST else ""
    return f"in clear both ways: {', '.join(shortened(visible(name), 30) for name in names[:_MOST])}{more}"


def _negotiates(design: Design) -> str:
    modules = " before ".join(reversed(design.keying_modules))
    methods = {
        short_name(m.method) for module in design.keying_modules for m in design.main_mode.authentication(module)
    }
    families = " and ".join(f"IP{family.lower()}" for family in design.families)
    return f"{modules}, {', '.join(sorted(methods))}; {families}, unicast"
