"""Finding: one thing the checker says about a design."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from ndtui.common.text import in_quotes, spelled_out
from ndtui.model.compiled.objects import FilterSet
from ndtui.model.compiled.origin import Origin

Severity = Literal["error", "warning", "note"]
_ORDER: Mapping[Severity, int] = {"error": 0, "warning": 1, "note": 2}


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing the checker says.

    ``id`` is stable from version to version; ``where`` is a design element (``exemption:ICMP``, ``main_mode``);
    ``source`` is the page that says so. ``within`` is the place in what a rule negotiates by itself, where the finding
    is about that; ``where`` is the rule then.
    """

    id: str
    severity: Severity
    where: Origin
    message: str
    why: str
    remedy: str
    source: str
    within: Origin | None = None

    @property
    def line(self) -> str:
        """What it says where it is one line among others: how severe it is, what is so, what helps, and its id."""
        return f"{self.severity}: {self.message}. {self.remedy} [{self.id}]"

    def document(self) -> dict[str, str]:
        """Return it as JSON has it."""
        return {
            "id": self.id,
            "severity": self.severity,
            "where": str(self.where),
            "message": self.message,
            "why": self.why,
            "remedy": self.remedy,
            "source": self.source,
        }


@dataclass(frozen=True, slots=True)
class Suppressed:
    """A finding that the design accepts, and the reason it gives."""

    finding: Finding
    reason: str


#: So many of several findings of one kind are named.
NAMED = 3


def of_one_kind(findings: Iterable[Finding]) -> list[list[Finding]]:
    """Return findings of one id and one severity together, in the order in which the first of each stands."""
    kinds: dict[tuple[Severity, str], list[Finding]] = {}
    for finding in findings:
        kinds.setdefault((finding.severity, finding.id), []).append(finding)
    return list(kinds.values())


def some_places(findings: Sequence[Finding]) -> str:
    """Return where findings are: the first few places, spelled as in their messages, and how many more there are."""
    places = list(dict.fromkeys(spelled_out(str(finding.where)) for finding in findings))
    more = f" and {len(places) - NAMED:,} more" if places[NAMED:] else ""
    return f"{', '.join(places[:NAMED])}{more}"


def errors_first(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Return findings by severity, in the order that they have within one."""
    return tuple(sorted(findings, key=lambda finding: _ORDER[finding.severity]))


def some_names(names: Sequence[str]) -> str:
    """Return the first few names of several."""
    return f"{', '.join(map(in_quotes, names[:NAMED]))}{' ...' if names[NAMED:] else ''}"


Rule = Callable[[FilterSet], Iterator[Finding]]
