"""Policies from contexts: the trees of provider contexts, as netsh writes them, back into the modes of a design.

Members that a design has no place for (flags of tunnels, criteria by a health certificate) are named, never dropped
silently.
"""

import re
from collections.abc import Container, Iterator, Mapping
from typing import Any, NamedTuple, get_args

from ndtui.analysis.dump import Tree
from ndtui.model.compiled.context_documents import CRITERIA_MEMBERS
from ndtui.model.design.authentication import FLAGS_OF_METHOD, SIDES, Side
from ndtui.model.design.certificate_criteria import EXPLICIT_TRUST_LIST, CertFlag
from ndtui.model.design.ipsec_policy import MAIN_MODE_FLAGS, QUICK_MODE_FLAGS
from ndtui.model.scenarios.catalogue import MODES, ND_SECURE
from ndtui.model.vocabulary import members as names_of

Plain = dict[str, Any]

_REFERENCE = re.compile(r"(env|keyring):[A-Za-z_][A-Za-z0-9_.-]{0,127}")
_ROOT = re.compile(r"subject:.+|thumbprint:[0-9A-Fa-f]{40}", re.DOTALL)
#: Stands for a pre-shared key, which no dump shows.
UNKNOWN_KEY = "env:NDTUI_PRESHARED_KEY"
_MAIN_MODE_NUMBERS = {"max_dynamic_filters": "maxDynamicFilters", "retransmit_seconds": "retransmitDurationSecs"}
_CERT_FLAGS = frozenset(get_args(CertFlag)[1].names)
#: The flags of quick mode policy that follow from a rule's mode.
_DISCOVERY_FLAGS = {ND_SECURE, *(flag for mode in MODES.values() for flag in mode.flags)}
#: The members that say more about a method than its name.
_DETAILS = (
    "presharedKeyAuthentication",
    "certificateAuthentication",
    "sslAuthentication",
    "kerberosAuthentication",
    "ntlmV2Authentication",
    "eapAuthentication",
)


class MainModeParts(NamedTuple):
    """What a main mode policy says: methods, proposals, flags, and what else is not as it usually is."""

    methods: list[Plain]
    proposals: list[Plain]
    flags: list[str]
    more: Plain


class PolicyReconstruction:
    """Takes trees apart; ``missing`` collects what a design cannot hold."""

    def __init__(self) -> None:
        self.missing: list[str] = []

    def main_mode(self, tree: Mapping[str, Tree], where: str) -> MainModeParts:
        """Return what an IKEEXT_POLICY says as plain data."""
        methods = [self.method(each, where) for each in items(tree, "authenticationMethods")]
        proposals = [
            {
                "cipher": word(member(each, "cipherAlgorithm"), "algoIdentifier"),
                "integrity": word(member(each, "integrityAlgorithm"), "algoIdentifier"),
                "dh_group": word(each, "dhGroup"),
                "lifetime_seconds": number(each, "maxLifetimeSeconds"),
                "quick_mode_limit": number(each, "quickModeLimit"),
            }
            for each in items(tree, "ikeProposals")
        ]
        if word(tree, "softExpirationTime") not in ("", "0"):
            self.missing.append(f"{where}: softExpirationTime {word(tree, 'softExpirationTime')}")
        more: Plain = {}
        impersonation = word(tree, "initiatorImpersonationType")
        if impersonation not in ("", "IKEEXT_IMPERSONATION_NONE"):
            more["impersonation"] = impersonation
        for key, name in _MAIN_MODE_NUMBERS.items():
            if number(tree, name):
                more[key] = number(tree, name)
        return MainModeParts(methods, proposals, self._known_flags(tree, MAIN_MODE_FLAGS, where), more)

    def _known_flags(self, tree: Mapping[str, Tree], known: Container[str], where: str) -> list[str]:
        """Return the flags that a design has a place for; the others are missing."""
        self.missing += [f"{where}: {flag}" for flag in flags(tree) if flag not in known]
        return [flag for flag in flags(tree) if flag in known]

    def quick_mode(self, tree: Mapping[str, Tree], where: str) -> tuple[Plain, list[str], Plain | None]:
        """Return the quick mode, the flags and the extended mode of an IPSEC_TRANSPORT_POLICY as plain data."""
        idle = member(tree, "saIdleTimeout")
        quick = {
            "nd_allow_clear_timeout_seconds": number(tree, "ndAllowClearTimeoutSeconds"),
            "idle_timeout_seconds": number(idle, "idleTimeoutSeconds"),
            "idle_timeout_failover_seconds": number(idle, "idleTimeoutSecondsFailOver"),
            "proposals": [self.proposal(each) for each in items(tree, "ipsecProposals")],
        }
        said = self._known_flags(tree, (*QUICK_MODE_FLAGS, *_DISCOVERY_FLAGS), where)
        extended = member(tree, "emPolicy")
        if not extended:
            return quick, said, None
        methods = [self.method(each, f"{where}, extended mode") for each in items(extended, "authenticationMethods")]
        return quick, said, {
            "impersonation": word(extended, "initiatorImpersonationType"),
            "authentication": methods,
        }  # fmt: skip

    def proposal(self, tree: Mapping[str, Tree]) -> Plain:
        """Return an IPSEC_PROPOSAL as plain data."""
        lifetime = member(tree, "lifetime")
        return {
            "transforms": [_transform(each) for each in items(tree, "saTransforms")],
            "lifetime_seconds": number(lifetime, "lifetimeSeconds"),
            "lifetime_kilobytes": number(lifetime, "lifetimeKilobytes"),
            "lifetime_packets": number(lifetime, "lifetimePackets"),
            "pfs_group": word(tree, "pfsGroup"),
        }

    def method(self, tree: Mapping[str, Tree], where: str) -> Plain:
        """Return an IKEEXT_AUTHENTICATION_METHOD as plain data."""
        name = word(tree, "authenticationMethodType")
        found: Plain = {"method": name}
        if name == "IKEEXT_PRESHARED_KEY":
            key = word(member(tree, "presharedKeyAuthentication"), "presharedKey")
            found["key"] = key if _REFERENCE.fullmatch(key) else UNKNOWN_KEY
            if found["key"] != key:
                self.missing.append(f"{where}: the pre-shared key, for which {UNKNOWN_KEY} stands")
        details = next(filter(None, (member(tree, name) for name in _DETAILS)), {})
        if word(details, "proxyServer"):
            found["proxy"] = word(details, "proxyServer")
        if "inboundConfigType" in details:
            found.update(self._certificate(details, where))
        enumeration = FLAGS_OF_METHOD.get(name)
        said = self._known_flags(details, names_of(enumeration) if enumeration else (), where)
        if said:
            found["flags"] = said
        return found

    def _certificate(self, tree: Mapping[str, Tree], where: str) -> Plain:
        found: Plain = {"inbound": word(tree, "inboundConfigType"), "outbound": word(tree, "outboundConfigType")}
        roots: list[str] = []
        unnamed = False
        for side in SIDES:
            criteria = self._side_criteria(tree, side, where)
            if criteria:
                found[f"{side}_criteria"] = criteria
            elif found[side] == EXPLICIT_TRUST_LIST:
                unnamed = True
                listed = [each for each in _list(tree, f"{side}RootArray") if isinstance(each, str)]
                if not listed or not all(map(_ROOT.fullmatch, listed)):
                    self.missing.append(f"{where}: the trusted roots of {side} certificates")
                roots += [root for root in listed if root not in roots and _ROOT.fullmatch(root)]
        if roots:
            found["roots"] = roots
        elif unnamed:
            found["roots"] = ["subject:unknown"]
        if word(tree, "localCertLocationUrl"):
            found["certificate_url"] = word(tree, "localCertLocationUrl")
        return found

    def _side_criteria(self, tree: Mapping[str, Tree], side: Side, where: str) -> list[Plain]:
        """Return the criteria of a side that say something."""
        name = CRITERIA_MEMBERS.get(word(tree, f"{side}ConfigType"), "")
        found = [self._criteria(each, where) for each in items(tree, side + name)] if name else []
        return [each for each in found if each]

    def _criteria(self, tree: Mapping[str, Tree], where: str) -> Plain:
        """Return an IKEEXT_CERTIFICATE_CRITERIA as plain data; a root that nobody can name has a stand-in."""
        found: Plain = {}
        root = word(tree, "certData")
        if root:
            found["root"] = root if _ROOT.fullmatch(root) else "subject:unknown"
            if found["root"] != root:
                self.missing.append(f"{where}: a trusted root")
        if word(tree, "certHash"):
            found["thumbprint"] = word(tree, "certHash")
        usages = [each for each in _usages(tree) if isinstance(each, str)]
        if usages:
            found["key_usages"] = usages
        named = member(tree, "name")
        if word(named, "certName"):
            found["name_type"], found["name"] = word(named, "nameType"), word(named, "certName")
        said = self._known_flags(tree, _CERT_FLAGS, where)
        if said:
            found["flags"] = said
        return found


def _usages(tree: Mapping[str, Tree]) -> list[Any]:
    """Return the key usages of criteria: netsh counts them, in an element of the same name around the list."""
    return _list(member(tree, "eku"), "eku") or _list(tree, "eku")


def _transform(tree: Mapping[str, Tree]) -> Plain:
    found: Plain = {"type": word(tree, "ipsecTransformType")}
    for name, key in (("authConfig", "auth"), ("cipherConfig", "cipher")):
        value = next(_words(tree, name), "")
        if value:
            found[key] = value
    return found


def _words(tree: Tree | Mapping[str, Tree], name: str) -> Iterator[str]:
    """Yield the texts of a member wherever it is within a tree."""
    if isinstance(tree, Mapping):
        for key, value in tree.items():
            if key == name and isinstance(value, str):
                yield value
            else:
                yield from _words(value, name)
    elif isinstance(tree, list):
        for item in tree:
            yield from _words(item, name)


def policy_of(members: Mapping[str, Tree]) -> Mapping[str, Tree]:
    """Return the policy of a provider context: its one member named so, however Windows spells ``AuthIp``."""
    for name, tree in members.items():
        if name.lower().endswith(("mmpolicy", "qmtransportpolicy")) and isinstance(tree, dict):
            return tree
    return {}


def member(tree: Mapping[str, Tree], name: str) -> Mapping[str, Tree]:
    """Return a member that has members, or an empty one."""
    found = tree.get(name)
    return found if isinstance(found, dict) else {}


def items(tree: Mapping[str, Tree], name: str) -> list[Mapping[str, Tree]]:
    """Return the items of a member that have members."""
    return [each for each in _list(tree, name) if isinstance(each, dict)]


def _list(tree: Mapping[str, Tree], name: str) -> list[Any]:
    found = tree.get(name)
    return found if isinstance(found, list) else []


def flags(tree: Mapping[str, Tree]) -> list[str]:
    """Return the names of a member ``flags``."""
    return [each for each in _list(tree, "flags") if isinstance(each, str)]


def word(tree: Mapping[str, Tree], name: str) -> str:
    """Return a member's text."""
    found = tree.get(name)
    return found if isinstance(found, str) else ""


def number(tree: Mapping[str, Tree], name: str) -> int:
    """Return a member's number, 0 where it has none."""
    text = word(tree, name)
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 20 else 0
