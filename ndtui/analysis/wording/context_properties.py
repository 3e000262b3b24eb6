"""Everything of a provider context: its policy member by member, as the document has it that goes to Windows.

The shapes are those of FWPM_PROVIDER_CONTEXT, IKEEXT_POLICY, IPSEC_TRANSPORT_POLICY and IKEEXT_EM_POLICY. Numbers
and flags stand with the member's own name, in Windows' spelling, so that they are found again in a dump.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from ndtui.analysis.wording.element_words import origin_words
from ndtui.analysis.wording.properties import Line
from ndtui.common.text import in_quotes
from ndtui.model.compiled.context_documents import CRITERIA_MEMBERS, POLICY_MEMBERS, context_document
from ndtui.model.compiled.document_types import (
    AuthenticationDocument,
    AuthTransformDocument,
    CertificateDocument,
    CipherTransformDocument,
    CriteriaDocument,
    ExtendedModeDocument,
    FlagsDocument,
    KerberosDocument,
    MainModeDocument,
    MainModeProposalDocument,
    PresharedKeyDocument,
    ProviderContextDocument,
    QuickModeDocument,
    QuickModeProposalDocument,
    TransformDocument,
)
from ndtui.model.compiled.objects import FilterSet, ProviderContext
from ndtui.model.compiled.rule_filters import negotiation_policies
from ndtui.model.design.authentication import SIDES
from ndtui.model.vocabulary import NUMBERS, number_of
from ndtui.model.vocabulary.pages import PAGES


def explain_context(context: ProviderContext, filterset: FilterSet) -> list[Line]:
    """Return everything that can be said of a provider context: its kind, who uses it, and its policy in full."""
    document = context_document(context)
    users = dict.fromkeys(each.layer for each in filterset.base if each.slot.context == context.key)
    display = document["displayData"]
    return [
        Line("Name", display["name"]),
        Line("Used at", ", ".join(users) or "no layer: no filter refers to it"),
        *_sharing(context, filterset),
        *_policy(document),
        Line("Made by", origin_words(context.origin)),
        Line("Type", _constant(document["type"])),
        Line("Description", display.get("description") or "none"),
        Line("Object flags", _flags(document["flags"])),
        Line("Provider", document.get("providerKey") or "none"),
        Line("Key", document["providerContextKey"]),
        *(Line("See", PAGES[page]) for page in _pages(document)),
    ]


def _sharing(context: ProviderContext, filterset: FilterSet) -> Iterator[Line]:
    """Yield which rules negotiate with a context, where a design has several that do."""
    design = filterset.design
    _, policies = negotiation_policies(design, [rule for rule in design.rules if rule.enabled], context.flags)
    rules = {each.rule.name for each in policies}
    sharing = dict.fromkeys(each.rule.name for each in policies if each.context.key == context.key)
    if len(rules) > 1:
        yield Line("Used by", f"rule{'s' * (len(sharing) > 1)} {', '.join(map(in_quotes, sharing))}")


def _policy(document: ProviderContextDocument) -> Iterator[Line]:
    """Yield the policy of whichever type the context has, under the name of its member."""
    member = POLICY_MEMBERS[document["type"]]
    main = document.get("ikeMmPolicy") or document.get("authIpMmPolicy") or document.get("ikeV2MmPolicy")
    if main is not None:
        yield Line("Policy", f"main mode, IKEEXT_POLICY ({member})")
        yield from _main_mode(main)
    quick = (
        document.get("ikeQmTransportPolicy")
        or document.get("authIpQmTransportPolicy")
        or document.get("ikeV2QmTransportPolicy")
    )
    if quick is not None:
        yield Line("Policy", f"quick mode, IPSEC_TRANSPORT_POLICY ({member})")
        yield from _quick_mode(quick)


def _main_mode(policy: MainModeDocument) -> Iterator[Line]:
    yield from _methods("Auth", policy["authenticationMethods"])
    yield from _proposals(map(_main_mode_offer, policy["ikeProposals"]))
    yield Line("Impersonates", _member("initiatorImpersonationType", policy["initiatorImpersonationType"]))
    yield Line("Soft expiry", f"{policy['softExpirationTime']} (softExpirationTime, which Windows does not use)")
    most = policy["maxDynamicFilters"]
    yield Line("Dynamic", f"{most} filters (maxDynamicFilters{', 0: none is added' if most == 0 else ''})")
    yield Line("Policy flags", _flags(policy["flags"]))
    if "retransmitDurationSecs" in policy:
        yield Line("Sends again", f"for {policy['retransmitDurationSecs']} s (retransmitDurationSecs)")


def _main_mode_offer(proposal: MainModeProposalDocument) -> Iterator[str]:
    cipher = proposal["cipherAlgorithm"]
    yield f"{_constant(cipher['algoIdentifier'])} (keyLen {cipher['keyLen']}, rounds {cipher['rounds']})"
    yield _constant(proposal["integrityAlgorithm"]["algoIdentifier"])
    yield _constant(proposal["dhGroup"])
    yield f"{proposal['maxLifetimeSeconds']} s (maxLifetimeSeconds)"
    limit = proposal["quickModeLimit"]
    yield f"{limit} quick modes (quickModeLimit{', 0: no limit' if limit == 0 else ''})"


def _quick_mode(policy: QuickModeDocument) -> Iterator[Line]:
    yield Line("Policy flags", _flags(policy["flags"]))
    yield from _proposals(map(_quick_mode_offer, policy["ipsecProposals"]))
    yield Line("Allow clear", f"{policy['ndAllowClearTimeoutSeconds']} s (ndAllowClearTimeoutSeconds)")
    idle = policy["saIdleTimeout"]
    yield Line("Idle", f"{idle['idleTimeoutSeconds']} s (idleTimeoutSeconds)")
    yield Line("Fail-over", f"{idle['idleTimeoutSecondsFailOver']} s (idleTimeoutSecondsFailOver)")
    extended = policy.get("emPolicy")
    if extended is not None:
        yield from _extended_mode(extended)


def _quick_mode_offer(proposal: QuickModeProposalDocument) -> Iterator[str]:
    yield from map(_transform, proposal["saTransforms"])
    yield _constant(proposal["pfsGroup"])
    lifetime = proposal["lifetime"]
    yield f"{lifetime['lifetimeSeconds']} s (lifetimeSeconds)"
    yield f"{lifetime['lifetimeKilobytes']} KB (lifetimeKilobytes)"
    yield f"{lifetime['lifetimePackets']} packets (lifetimePackets)"


def _transform(transform: TransformDocument) -> str:
    parts = [_constant(transform["ipsecTransformType"])]
    auth = transform.get("ahTransform") or transform.get("espAuthTransform") or transform.get("espAuthFwTransform")
    if auth is not None:
        parts.append(_auth(auth))
    cipher = transform.get("espCipherTransform")
    if cipher is not None:
        parts.append(_cipher(cipher))
    both = transform.get("espAuthAndCipherTransform")
    if both is not None:
        parts += [_auth(both["authTransform"]), _cipher(both["cipherTransform"])]
    return " with ".join(parts)


def _auth(transform: AuthTransformDocument) -> str:
    algorithm = transform["authTransformId"]
    words = f"{_constant(algorithm['authConfig'] or '')} of {_constant(algorithm['authType'])}"
    return words + _module(transform.get("cryptoModuleId"))


def _cipher(transform: CipherTransformDocument) -> str:
    algorithm = transform["cipherTransformId"]
    words = f"{_constant(algorithm['cipherConfig'] or '')} of {_constant(algorithm['cipherType'])}"
    return words + _module(transform.get("cryptoModuleId"))


def _module(key: str | None) -> str:
    return f" (cryptoModuleId {key})" if key else ""


def _extended_mode(policy: ExtendedModeDocument) -> Iterator[Line]:
    yield Line("Extended", "extended mode, IKEEXT_EM_POLICY (emPolicy)")
    yield from _methods("User", policy["authenticationMethods"])
    yield Line("Impersonates", _member("initiatorImpersonationType", policy["initiatorImpersonationType"]))


def _methods(label: str, methods: Sequence[AuthenticationDocument]) -> Iterator[Line]:
    """Yield authentication methods, the one that is preferred first, each with what belongs to it."""
    if not methods:
        yield Line(label, "no method")
    for number, method in enumerate(methods, start=1):
        yield Line(f"{label} {number}", _constant(method["authenticationMethodType"]))
        key = method.get("presharedKeyAuthentication")
        if key is not None:
            yield Line("  Key", f"{key['presharedKey']}, a reference that is looked up when the policy is applied")
            yield from _method_flags(key)
        kerberos = method.get("kerberosAuthentication")
        if kerberos is not None and "proxyServer" in kerberos:
            yield Line("  Proxy", f"{kerberos['proxyServer']} (proxyServer)")
        more = kerberos or method.get("ntlmV2Authentication") or method.get("eapAuthentication")
        if more is not None:
            yield from _method_flags(more)
        certificate = method.get("certificateAuthentication") or method.get("sslAuthentication")
        if certificate is not None:
            yield from _certificate(certificate)


def _certificate(certificate: CertificateDocument) -> Iterator[Line]:
    by_name: Mapping[str, Any] = certificate
    for side in SIDES:
        config = by_name[f"{side}ConfigType"]
        yield Line(f"  {side.capitalize()}", _member(f"{side}ConfigType", config))
        yield from _roots(f"{side}RootArray", by_name.get(f"{side}RootArray"))
        member = side + CRITERIA_MEMBERS.get(config, "")
        for number, criteria in enumerate(by_name.get(member, ()), start=1):
            yield Line(f"  Criteria {number}", f"{', '.join(_criteria(criteria))} ({member})")
    yield Line("  Flags", _flags(certificate["flags"]))
    if "localCertLocationUrl" in certificate:
        yield Line("  URL", f"{certificate['localCertLocationUrl']} (localCertLocationUrl)")


def _criteria(criteria: CriteriaDocument) -> Iterator[str]:
    """Yield what certificates have to have, in words."""
    if "certData" in criteria:
        yield f"root {criteria['certData']}"
    if "certHash" in criteria:
        yield f"SHA-1 {criteria['certHash']}"
    for usage in criteria.get("eku", ()):
        yield f"key usage {usage}"
    if "name" in criteria:
        yield f"{_constant(criteria['name']['nameType'])} {criteria['name']['certName']}"
    if criteria["flags"]:
        yield _flags(criteria["flags"])


def _method_flags(of: PresharedKeyDocument | KerberosDocument | FlagsDocument) -> Iterator[Line]:
    flags = of.get("flags")
    if flags:
        yield Line("  Flags", _flags(flags))


def _roots(member: str, roots: Sequence[str] | None) -> Iterator[Line]:
    for number, root in enumerate(roots or (), start=1):
        yield Line(f"  Root {number}", f"{root} ({member})")


def _proposals(offers: Iterable[Iterable[str]]) -> Iterator[Line]:
    for number, offer in enumerate(offers, start=1):
        yield Line(f"Proposal {number}", ", ".join(offer))


def _member(member: str, constant: str) -> str:
    return f"{_constant(constant)}, {member}"


def _constant(name: str) -> str:
    return f"{name} ({number_of(name)})" if name in NUMBERS else name


def _flags(names: Iterable[str]) -> str:
    return ", ".join(f"{name} (0x{number_of(name):x})" if name in NUMBERS else name for name in names) or "none"


def _pages(document: ProviderContextDocument) -> Iterator[str]:
    if "MM_CONTEXT" in document["type"]:
        yield "ikeext-policy"
        yield "authentication-method"
    else:
        yield "transport-policy"
        yield "proposal"
        policy = document.get("authIpQmTransportPolicy")
        if policy is not None and "emPolicy" in policy:
            yield "em-policy"
    yield "provider-context"
