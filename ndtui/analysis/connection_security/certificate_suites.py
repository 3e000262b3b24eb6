"""Certificates of authentication sets: suites of one kind become one method, with what is asked of each side.

A suite names an authority, and may ask more: of the certificates of peers, which are validated, of this machine's,
which is selected, or of both. Source: [MS-GPFAS] 2.2.4.7 to 2.2.4.17, [MS-FASP] 2.2.56 to 2.2.59.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from ndtui.analysis.connection_security.security_rules import Suite
from ndtui.model.design.certificate_criteria import EXPLICIT_TRUST_LIST

_SIGNING = {"ecdsa256": "_ECDSA_P256", "ecdsa384": "_ECDSA_P384"}
_SIDES: Mapping[str, tuple[str, ...]] = {
    "both": ("inbound", "outbound"),
    "validate": ("inbound",),
    "select": ("outbound",),
}
_FLAGS = {
    "certaccountmapping": "IKEEXT_CERT_FLAG_ENABLE_ACCOUNT_MAPPING",
    "intermediateca": "IKEEXT_CERT_FLAG_INTERMEDIATE_CA",
}
_RENEWED = "IKEEXT_CERT_FLAG_FOLLOW_RENEWAL_CERTIFICATE"
#: What is read of a suite; what else it says is named. Later versions put their numbers before a name.
_READ = re.compile(f"([0-9]+_[0-9]+)?(caname|authority|othercertsigning|certcriteria|{'|'.join(_FLAGS)})")
_USUAL = {"no", "false", "root", "0", ""}


class _Asked(NamedTuple):
    """What a suite asks: of which sides, and in plain data of a design."""

    sides: tuple[str, ...]
    criteria: dict[str, Any]

    @property
    def is_plain(self) -> bool:
        """Whether it names an authority and nothing more."""
        return self.criteria.keys() == {"root"}


def together(suites: Sequence[Suite]) -> Iterator[tuple[Suite, ...]]:
    """Yield suites one by one, those with certificates of one kind together: a design has a method once."""
    kinds: dict[object, list[Suite]] = {}
    for number, each in enumerate(suites):
        kind = (each.method.casefold(), signing_of(each)) if "cert" in each.method.casefold() else number
        kinds.setdefault(kind, []).append(each)
    yield from map(tuple, kinds.values())


def signing_of(suite: Suite) -> str:
    """Return what the name of a method with a suite's certificates ends with; empty for RSA."""
    return _SIGNING.get(_detail(suite, "othercertsigning").casefold(), "")


def certificate_method(suites: Sequence[Suite], kind: str) -> dict[str, Any]:
    """Return the method of suites of one kind, in plain data; ``kind`` is its name for RSA."""
    method = {"method": f"{kind}{signing_of(suites[0])}"}
    asked = [_asked(each) for each in suites if _authority(each)]
    if not asked:
        return method | dict.fromkeys(("inbound", "outbound"), "IKEEXT_CERT_CONFIG_ENTERPRISE_STORE")
    found: dict[str, Any] = {**method, **dict.fromkeys(("inbound", "outbound"), EXPLICIT_TRUST_LIST)}
    for side in ("inbound", "outbound"):
        mine = [each for each in asked if side in each.sides]
        if all(each.is_plain for each in mine):
            found["roots"] = [each.criteria["root"] for each in mine]
        else:
            found[f"{side}_criteria"] = [each.criteria for each in mine]
    return found


def lost_of(suite: Suite) -> list[str]:
    """Return what is said of a certificate that is not taken over, in words."""
    lost = [
        f"{suite.method}: {name} = {value}"
        for name, value in suite.details.items()
        if not _READ.fullmatch(name) and value.casefold() not in _USUAL
    ]
    criteria = _detail(suite, "certcriteria")
    if criteria and not _authority(suite):
        lost.append(f"{suite.method}: certcriteria = {criteria}")
    return lost


def _authority(suite: Suite) -> str:
    return _detail(suite, "caname") or _detail(suite, "authority")


def _detail(suite: Suite, name: str) -> str:
    found = ((_READ.fullmatch(key), value) for key, value in suite.details.items())
    return next((value for key, value in found if key and key[2] == name), "")


def _asked(suite: Suite) -> _Asked:
    said = dict[str, list[str]]()
    for token in _detail(suite, "certcriteria").split("|"):
        name, _, value = token.partition("=")
        said.setdefault(name.casefold(), []).append(value)
    flags = [flag for name, flag in _FLAGS.items() if _detail(suite, name).casefold() == "true"]
    if said.get("followrenewal", [""])[0].casefold() == "true":
        flags.append(_RENEWED)
    criteria: dict[str, Any] = {
        "root": f"subject:{_authority(suite)}",
        "key_usages": said.get("eku", []),
        "thumbprint": said.get("hash", [""])[0],
        "name": said.get("name", [""])[0],
        "flags": flags,
    }
    if criteria["name"]:
        criteria["name_type"] = f"IKEEXT_CERT_CRITERIA_{said.get('nametype', [''])[0].upper()}"
    sides = _SIDES.get(said.get("criteriatype", ["both"])[0].casefold(), _SIDES["both"])
    return _Asked(sides, {name: value for name, value in criteria.items() if value})
