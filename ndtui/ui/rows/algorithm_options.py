"""The choices of algorithms and of ways to authenticate: how strong each is, since when there is one, who has it.

Beside an option stands how strong it is, and where not every Windows or keying module has it, which ones do.
"""

from collections.abc import Collection, Mapping

from ndtui.model.design.first_windows import newer_words
from ndtui.model.vocabulary.algorithms import ALGORITHMS, METHODS_KNOWN, Algorithm
from ndtui.ui.rows.form_fields import Option


def algorithm_options(kind: str, among: Collection[str] = ()) -> tuple[Option, ...]:
    """Return the algorithms whose constants begin alike, the ones to prefer first, or some among them."""
    return _options({k: v for k, v in ALGORITHMS.items() if k.startswith(kind) and (not among or k in among)})


def method_options() -> tuple[Option, ...]:
    """Return every way to authenticate."""
    return _options(METHODS_KNOWN)


def _options(known: Mapping[str, Algorithm]) -> tuple[Option, ...]:
    return tuple(Option(name, each.title, choice_words(name), _beside(name, each)) for name, each in known.items())


def _beside(name: str, each: Algorithm) -> str:
    """Return what stands beside an option: how strong it is, and who does not have it."""
    return ", ".join(filter(None, (each.strength, newer_words(name), _modules(each))))


def _modules(each: Algorithm) -> str:
    """Return the keying modules that have it, where not every one does."""
    return f"{' and '.join(each.modules)} only" if each.modules else ""


def choice_words(name: str) -> str:
    """Return what there is to know of an algorithm or a way to authenticate, with where that comes from."""
    each = ALGORITHMS.get(name) or METHODS_KNOWN[name]
    parts = [f"{name}: {each.strength}, {each.why} ({_short(each.source)})"]
    parts.append(f"{each.since} and newer" if each.since else "since which Windows is not documented")
    return "; ".join(filter(None, (*parts, _modules(each)))) + "."


def _short(source: str) -> str:
    """Return a source in few words: the number of an RFC, or whose page it is."""
    if source.startswith("https://csrc.nist.gov/"):
        return "NIST"
    page = source.rpartition("/")[2]
    return f"RFC {page[3:]}" if page.startswith("rfc") else "Microsoft"
