"""Sets of authentication and of cryptography in the registry, by their ids in small letters.

A set that stands for a default one has an id of its own, which a value of the parent key names.
Source: [MS-GPFAS] 2.2.4 and 2.2.5, its examples 4.4.
"""

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from ndtui.analysis.connection_security.crypto_words import group_of, main_mode_of_registry, proposal_of_registry
from ndtui.analysis.connection_security.registry_text import Values
from ndtui.analysis.connection_security.security_rules import (
    DEFAULT_CRYPTO,
    DEFAULT_FIRST,
    DEFAULT_MAIN_CRYPTO,
    DEFAULT_SECOND,
    MainOffers,
    Suite,
)
from ndtui.model.design.ipsec_policy import MainModeProposal, QuickModeProposal

#: The keys of sets, in small letters. The specification prints those of authentication in the singular, and its
#: examples in the plural; that of main mode it prints in the singular alone, and has no example of it.
_FIRST = ("phase1authenticationsets", "phase1authenticationset")
_SECOND = ("phase2authenticationsets", "phase2authenticationset")
_CRYPTO = ("phase2cryptosets", "phase2cryptoset")
_MAIN = ("phase1cryptoset", "phase1cryptosets")
_DEFAULT_IDS = tuple(each.casefold() for each in (DEFAULT_FIRST, DEFAULT_SECOND, DEFAULT_CRYPTO, DEFAULT_MAIN_CRYPTO))
#: The default set of each kind, by the names of its key.
_DEFAULTS = {
    name: default
    for names, default in zip((_FIRST, _SECOND, _CRYPTO, _MAIN), _DEFAULT_IDS, strict=True)
    for name in names
}


class Sets(NamedTuple):
    """The sets of a file, and what of them is not taken over, each in a line."""

    first: Mapping[str, tuple[Suite, ...]]
    second: Mapping[str, tuple[Suite, ...]]
    crypto: Mapping[str, tuple[QuickModeProposal, ...]]
    main: Mapping[str, MainOffers]
    lost: tuple[str, ...]


def sets_of_registry(keys: Mapping[str, Values]) -> Sets:
    """Return the sets of the keys of a registry file."""
    first: dict[str, tuple[Suite, ...]] = {}
    second: dict[str, tuple[Suite, ...]] = {}
    crypto: dict[str, tuple[QuickModeProposal, ...]] = {}
    main: dict[str, MainOffers] = {}
    lost: list[str] = []
    for key, values in keys.items():
        path = key.split("\\")
        kinds = [(place, part.casefold()) for place, part in enumerate(path) if part.casefold() in _DEFAULTS]
        if not kinds or kinds[0][0] != len(path) - 2:
            continue  # no set, or a suite of one, which its set reads
        kind, name = kinds[0][1], path[-1].casefold()
        suites = list(_suites(keys, key))
        if kind in _CRYPTO:
            crypto[name] = tuple(_offers(suites, values, path[-1], lost))
        elif kind in _MAIN:
            main[name] = _main_offers(suites, values, path[-1], lost)
        else:
            (first if kind in _FIRST else second)[name] = tuple(_suite(each) for each in suites)
    for default, name in _redirects(keys):
        held: Mapping[str, dict[str, Any]] = dict(zip(_DEFAULT_IDS, (first, second, crypto, main), strict=True))
        if name.casefold() in held[default]:
            held[default][default] = held[default][name.casefold()]
        else:
            lost.append(f"the default set {default} is {name}, which is not in the file")
    return Sets(first, second, crypto, main, tuple(lost))


def _redirects(keys: Mapping[str, Values]) -> Iterator[tuple[str, str]]:
    """Yield which set stands for a default one: both ids, that of the default in small letters."""
    for key, values in keys.items():
        default = _DEFAULTS.get(key.rpartition("\\")[2].casefold())
        yield from ((default, str(value)) for name, value in values.items() if name.casefold() == default)


def _suites(keys: Mapping[str, Values], key: str) -> Iterator[Mapping[str, str]]:
    """Return the values of each suite of a set, the preferred first, by their names in small letters."""
    under = {each[len(key) + 1 :]: values for each, values in keys.items() if each.startswith(f"{key}\\")}
    for _, values in sorted(under.items()):
        yield _small(values)


def _small(values: Values) -> dict[str, str]:
    return {name.casefold(): str(value) for name, value in values.items()}


def _suite(values: Mapping[str, str]) -> Suite:
    others = ("method", "version", "skipversion", "shkey")  # a key is not read: it must not come into a design
    return Suite(values.get("method", ""), {name: value for name, value in values.items() if name not in others})


def _offers(suites: list[Mapping[str, str]], of_set: Values, name: str, lost: list[str]) -> Iterator[QuickModeProposal]:
    said = _small(of_set)
    newer = (value for key, value in said.items() if key.endswith("pfs") and key != "pfs")
    group = next(newer, said.get("pfs", "Disable"))
    for number, suite in enumerate(suites):
        try:
            yield proposal_of_registry(suite, group_of(group))
        except ValueError as error:
            lost.append(f"set {name}, suite {number:04}: {error}")


def _main_offers(suites: list[Mapping[str, str]], of_set: Values, name: str, lost: list[str]) -> MainOffers:
    said = _small(of_set)
    found: list[MainModeProposal] = []
    for number, suite in enumerate(suites):
        try:
            found.append(main_mode_of_registry(suite, said.get("timeoutminutes", ""), said.get("timeoutsessions", "")))
        except ValueError as error:
            lost.append(f"set {name}, suite {number:04}: {error}")
    return MainOffers(tuple(found), said.get("donotskipdh", "FALSE").casefold() == "true")
