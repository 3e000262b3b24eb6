"""Suppressions: findings that the design accepts are set aside, and suppressions that mean nothing are findings."""

from collections.abc import Iterable, Iterator, Sequence
from difflib import get_close_matches

from ndtui.analysis.check.cited_pages import OWN_DESIGNS
from ndtui.analysis.check.finding import Finding, Suppressed
from ndtui.analysis.check.finding_ids import ELSEWHERE, IDS
from ndtui.common.text import in_quotes
from ndtui.model.compiled.origin import Origin
from ndtui.model.design.assertion import Suppression

_NEVER = ("unknown-suppression", "unused-suppression")


def sift(found: Iterable[Finding], suppressions: Sequence[Suppression]) -> tuple[list[Finding], list[Suppressed]]:
    """Return the findings that are left, and those that are suppressed, with the reason."""
    findings: list[Finding] = []
    suppressed: list[Suppressed] = []
    used: set[int] = set()
    for finding in found:
        by = next((n for n, each in enumerate(suppressions) if _covers(each, finding)), None)
        if by is None:
            findings.append(finding)
        else:
            used.add(by)
            suppressed.append(Suppressed(finding, suppressions[by].reason))
    unused = [each for number, each in enumerate(suppressions) if number not in used]
    return [*findings, *_idle(unused)], suppressed


def unsuppressed(found: Iterable[Finding], suppressions: Sequence[Suppression]) -> tuple[Finding, ...]:
    """Return the findings that a design does not suppress, where some of all that there are were looked for."""
    return tuple(each for each in found if not any(_covers(suppression, each) for suppression in suppressions))


def _covers(suppression: Suppression, finding: Finding) -> bool:
    return suppression.id == finding.id and suppression.where in ("", str(finding.where))


def _idle(unused: Iterable[Suppression]) -> Iterator[Finding]:
    for each in unused:
        if each.id in ELSEWHERE:
            continue  # whether it is found, an export says, or a check on a machine
        if each.id not in IDS or each.id in _NEVER:
            near = get_close_matches(each.id, [known for known in (*IDS, *ELSEWHERE) if known not in _NEVER], 2)
            yield Finding(
                "unknown-suppression",
                "warning",
                Origin("suppress", each.id),
                f"No finding that can be suppressed has the id {in_quotes(each.id)}",
                "A suppression that is misspelt suppresses nothing, and nobody notices.",
                f"Write {' or '.join(near)}." if near else "Take the id from a line of ndtui check or ndtui export.",
                OWN_DESIGNS,
            )
        else:
            place = f" at {each.where}" if each.where else ""
            yield Finding(
                "unused-suppression",
                "note",
                Origin("suppress", each.id),
                f"{in_quotes(each.id)}{place} is suppressed, and not found",
                "What was accepted once may be gone, and the suppression would hide it if it came back.",
                "Delete the suppression, or correct its where.",
                OWN_DESIGNS,
            )
