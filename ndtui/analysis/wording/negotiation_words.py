"""What is negotiated, in a line: each proposal, each method, and each mode as a whole."""

from collections.abc import Callable, Iterator, Mapping

from ndtui.analysis.wording.properties import Line
from ndtui.common.duration import duration_words
from ndtui.model.design.authentication import SIDES, AuthenticationMethod
from ndtui.model.design.certificate_criteria import CertificateCriteria
from ndtui.model.design.ipsec_policy import MainModeProposal, QuickModeProposal
from ndtui.model.design.keying_modules import KEYING_MODULES
from ndtui.model.design.negotiation_edits import common
from ndtui.model.design.proposal_sets import set_of
from ndtui.model.design.rule_negotiation import Negotiation
from ndtui.model.vocabulary import short_name
from ndtui.model.vocabulary.algorithms import ALGORITHMS, title_of

#: The flags by which security associations get through address translation.
NAT_FLAGS = (
    "IPSEC_POLICY_FLAG_NAT_ENCAP_ALLOW_GENERAL_NAT_TRAVERSAL",
    "IPSEC_POLICY_FLAG_NAT_ENCAP_ALLOW_PEER_BEHIND_NAT",
)
#: What certificates are chosen by, in words.
CONFIG_WORDS = {
    "IKEEXT_CERT_CONFIG_EXPLICIT_TRUST_LIST": "roots named here",
    "IKEEXT_CERT_CONFIG_ENTERPRISE_STORE": "enterprise store",
    "IKEEXT_CERT_CONFIG_TRUSTED_ROOT_STORE": "trusted root store",
    "IKEEXT_CERT_CONFIG_UNSPECIFIED": "unspecified",
}


#: Each type of transform: its protocol, and what it does not do.
_TRANSFORMS: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "IPSEC_TRANSFORM_AH": ("AH", ()),
    "IPSEC_TRANSFORM_ESP_AUTH": ("ESP", ("not encrypted",)),
    "IPSEC_TRANSFORM_ESP_CIPHER": ("ESP", ("not authenticated",)),
    "IPSEC_TRANSFORM_ESP_AUTH_AND_CIPHER": ("ESP", ()),
}


def config_words(name: str) -> str:
    """Return what certificates are chosen by, in words."""
    return CONFIG_WORDS[name]


def _strength(*names: str) -> str:
    weak = [title_of(name) for name in dict.fromkeys(names) if ALGORITHMS[name].strength == "weak"]
    return f"; weak: {', '.join(dict.fromkeys(weak))}" if weak else ""


def main_mode_proposal_words(proposal: MainModeProposal) -> str:
    """Return a main mode proposal: ``AES-256, SHA-384, ECP 384; 8h``."""
    names = (proposal.cipher, proposal.integrity, proposal.dh_group)
    limit = f", {proposal.quick_mode_limit} quick modes" if proposal.quick_mode_limit else ""
    words = ", ".join(map(title_of, names))
    return f"{words}; {duration_words(proposal.lifetime_seconds)}{limit}{_strength(*names)}"


def quick_mode_proposal_words(proposal: QuickModeProposal) -> str:
    """Return a quick mode proposal: ``ESP AES-GCM-256; PFS ECP 384; 1h``."""
    names = [name for each in proposal.transforms for name in (each.cipher, each.auth) if name]
    parts = []
    for each in proposal.transforms:
        gcm = each.cipher is not None and "GCM" in each.cipher
        algorithms = [title_of(name) for name in (each.cipher, None if gcm else each.auth) if name]
        protocol, lacks = _TRANSFORMS[each.type]
        parts.append(f"{protocol} {', '.join((*algorithms, *lacks))}")
    pfs = "no PFS" if proposal.pfs_group == "IPSEC_PFS_NONE" else f"PFS {title_of(proposal.pfs_group)}"
    strength = _strength(*names, proposal.pfs_group)
    return f"{' and '.join(parts)}; {pfs}; {duration_words(proposal.lifetime_seconds)}{strength}"


def method_words(method: AuthenticationMethod) -> str:
    """Return a way to authenticate, with what is said of it."""
    parts = [title_of(method.method)]
    if method.key is not None:
        parts.append(method.key)
    if method.proxy:
        parts.append(f"proxy {method.proxy}")
    if method.with_certificate:
        parts += [", ".join(method.roots)] if method.roots else []
        if not method.roots:
            configs = dict.fromkeys(config_words(method.config(side) or "") for side in SIDES)
            parts.append(" / ".join(configs))
        count = len(method.inbound_criteria) + len(method.outbound_criteria)
        parts += [f"{count} criteri{'on' if count == 1 else 'a'}"] if count else []
        parts += [method.certificate_url] if method.certificate_url else []
    parts += map(flag_title, method.flags)
    return "; ".join(parts)


def flag_title(flag: str) -> str:
    """Return a flag without the name of its enumeration."""
    return short_name(flag)


def criteria_words(criteria: CertificateCriteria) -> str:
    """Return which certificates count, in words."""
    parts = [criteria.root or "", f"SHA-1 {criteria.thumbprint}" if criteria.thumbprint else ""]
    parts += [f"usage {usage}" for usage in criteria.key_usages]
    if criteria.name_type is not None:
        parts.append(f"{criteria.name_type.rpartition('_')[2]} {criteria.name}")
    parts += [short_name(flag) for flag in criteria.flags]
    return "; ".join(filter(None, parts))


def modules_words(negotiation: Negotiation) -> str:
    """Return which keying modules negotiate."""
    return ", ".join(negotiation.keying_modules)


def algorithms_words(negotiation: Negotiation) -> str:
    """Return which set of proposals is offered."""
    found = set_of(negotiation)
    return "own" if found is None else found.title


def _count(proposals: tuple[MainModeProposal | QuickModeProposal, ...]) -> str:
    return f"{len(proposals)} proposal{'' if len(proposals) == 1 else 's'}"


def main_mode_words(negotiation: Negotiation) -> str:
    """Return main mode in a line: ``3 proposals, Kerberos``."""
    main = negotiation.main_mode
    methods = [each.method for module in negotiation.keying_modules for each in main.authentication(module)]
    titles = dict.fromkeys(title_of(each).removeprefix("SSL ") for each in methods)
    own = [module for module in negotiation.keying_modules if main.offers(module) != main.proposals]
    parts = [_count(main.proposals), *(f"{_count(main.offers(module))} of {module}" for module in own)]
    return ", ".join((*parts, *titles))


def quick_mode_words(negotiation: Negotiation) -> str:
    """Return quick mode in a line: ``3 proposals, PFS ECP_384``."""
    quick = negotiation.quick_mode
    every = tuple(p for module in negotiation.keying_modules for p in quick.offers(module))
    group = common(every, "pfs_group")
    pfs = "no PFS" if group == "IPSEC_PFS_NONE" else f"PFS {short_name(group)[4:]}" if group else "PFS differs"
    own = [module for module in negotiation.keying_modules if quick.offers(module) != quick.proposals]
    parts = [_count(quick.proposals), *(f"{_count(quick.offers(module))} of {module}" for module in own), pfs]
    return ", ".join(parts + (["NAT traversal"] if set(NAT_FLAGS) & set(quick.flags) else []))


def extended_mode_words(negotiation: Negotiation) -> str:
    """Return extended mode in a line: its methods."""
    extended = negotiation.extended_mode
    return "off" if extended is None else ", ".join(title_of(each.method) for each in extended.authentication)


def main_mode_lines(negotiation: Negotiation) -> Iterator[Line]:
    """Yield every proposal and method of main mode, as the explanation has them."""
    main = negotiation.main_mode
    for number, proposal in enumerate(main.proposals, 1):
        yield Line(f"Proposal {number}", main_mode_proposal_words(proposal))
    for module in KEYING_MODULES:
        if module not in negotiation.keying_modules:
            continue
        if main.offers(module) != main.proposals:
            for number, proposal in enumerate(main.offers(module), 1):
                yield Line(f"{module} {number}", main_mode_proposal_words(proposal))
        yield Line(module, "; or ".join(map(method_words, main.authentication(module))))
    if main.flags:
        yield Line("Flags", ", ".join(map(flag_title, main.flags)))


def quick_mode_lines(negotiation: Negotiation) -> Iterator[Line]:
    """Yield every proposal of quick mode, its flags and times."""
    quick = negotiation.quick_mode
    for number, proposal in enumerate(quick.proposals, 1):
        yield Line(f"Proposal {number}", quick_mode_proposal_words(proposal))
    for module in negotiation.keying_modules:
        if quick.offers(module) != quick.proposals:
            for number, proposal in enumerate(quick.offers(module), 1):
                yield Line(f"{module} {number}", quick_mode_proposal_words(proposal))
    if quick.flags:
        yield Line("Flags", ", ".join(map(flag_title, quick.flags)))
    times = (quick.nd_allow_clear_timeout_seconds, quick.idle_timeout_seconds, quick.idle_timeout_failover_seconds)
    clear, idle, failover = map(duration_words, times)
    yield Line("Times", f"clear packets for {clear}; idle {idle}; fail-over {failover}")


def extended_mode_lines(negotiation: Negotiation) -> Iterator[Line]:
    """Yield every method of extended mode."""
    extended = negotiation.extended_mode
    for number, method in enumerate(() if extended is None else extended.authentication, 1):
        yield Line(f"User {number}", method_words(method))


def algorithms_lines(negotiation: Negotiation) -> Iterator[Line]:
    """Yield what the set is for that is offered, and where it comes from."""
    found = set_of(negotiation)
    if found is not None:
        yield Line("Set", found.text)
        yield from (Line("See", source) for source in found.sources)


NEGOTIATED: Mapping[str, Callable[[Negotiation], Iterator[Line]]] = {
    "algorithms": algorithms_lines,
    "main_mode": main_mode_lines,
    "quick_mode": quick_mode_lines,
    "extended_mode": extended_mode_lines,
}
"""What the explanation says of each part of what is negotiated, by the part's name."""
