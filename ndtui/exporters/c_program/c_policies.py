"""The policy of a provider context: IKEEXT_POLICY0 and 2, IPSEC_TRANSPORT_POLICY0 and 2, and what they point to."""

from collections.abc import Mapping, Sequence
from typing import Any

from ndtui.exporters.c_program.c_authentication import Methods
from ndtui.exporters.c_program.c_declarations import PREFIX, Declarations, Member, structure
from ndtui.exporters.c_program.c_literals import unsigned

#: The union member of IPSEC_SA_TRANSFORM0 for each type of transform, and the structure it points to.
_TRANSFORMS = {
    "IPSEC_TRANSFORM_AH": ("ahTransform", "IPSEC_AUTH_TRANSFORM0"),
    "IPSEC_TRANSFORM_ESP_AUTH": ("espAuthTransform", "IPSEC_AUTH_TRANSFORM0"),
    "IPSEC_TRANSFORM_ESP_CIPHER": ("espCipherTransform", "IPSEC_CIPHER_TRANSFORM0"),
    "IPSEC_TRANSFORM_ESP_AUTH_AND_CIPHER": ("espAuthAndCipherTransform", "IPSEC_AUTH_AND_CIPHER_TRANSFORM0"),
}

Body = Mapping[str, Any]


def main_mode(declared: Declarations, methods: Methods, policy: Body, version: int) -> str:
    """Declare an IKEEXT_POLICY and return its name."""
    proposals = [_main_mode_proposal(declared, each) for each in policy["ikeProposals"]]
    said: list[Member] = [
        ("softExpirationTime", unsigned(policy["softExpirationTime"])),
        *methods.members(policy["authenticationMethods"]),
        ("initiatorImpersonationType", declared.number(policy["initiatorImpersonationType"])),
        *_list(declared, ("numIkeProposals", "ikeProposals"), "IKEEXT_PROPOSAL0", "main_mode_proposals", proposals),
        ("flags", declared.flags(policy["flags"])),
        ("maxDynamicFilters", unsigned(policy["maxDynamicFilters"])),
    ]
    if version:
        said.append(("retransmitDurationSecs", unsigned(policy.get("retransmitDurationSecs", 0))))
    return declared.static(f"IKEEXT_POLICY{version}", "main_mode", structure(said))


def quick_mode(declared: Declarations, methods: Methods, policy: Body, version: int) -> str:
    """Declare an IPSEC_TRANSPORT_POLICY and return its name."""
    proposals = [_quick_mode_proposal(declared, each) for each in policy["ipsecProposals"]]
    idle = policy["saIdleTimeout"]
    said: list[Member] = [
        *_list(declared, ("numIpsecProposals", "ipsecProposals"), "IPSEC_PROPOSAL0", "quick_mode_proposals", proposals),
        ("flags", declared.flags(policy["flags"])),
        ("ndAllowClearTimeoutSeconds", unsigned(policy["ndAllowClearTimeoutSeconds"])),
        (
            "saIdleTimeout",
            structure((name, unsigned(idle[name])) for name in ("idleTimeoutSeconds", "idleTimeoutSecondsFailOver")),
        ),
    ]
    if "emPolicy" in policy:
        extended = policy["emPolicy"]
        initialiser = structure(
            (
                *methods.members(extended["authenticationMethods"]),
                ("initiatorImpersonationType", declared.number(extended["initiatorImpersonationType"])),
            )
        )
        said.append(("emPolicy", "&" + declared.static(f"IKEEXT_EM_POLICY{version}", "extended_mode", initialiser)))
    kind = f"{PREFIX}IPSEC_TRANSPORT_POLICY2" if version else "IPSEC_TRANSPORT_POLICY0"
    return declared.static(kind, "quick_mode", structure(said))


def _list(
    declared: Declarations, members: tuple[str, str], kind: str, stem: str, items: Sequence[str]
) -> Sequence[Member]:
    """Return the two members for a list: its length, and where it is."""
    if not items:
        return ()
    return (members[0], str(len(items))), (members[1], declared.shared_array(kind, stem, items))


def _main_mode_proposal(declared: Declarations, proposal: Body) -> str:
    cipher, integrity = proposal["cipherAlgorithm"], proposal["integrityAlgorithm"]
    return structure(
        (
            (
                "cipherAlgorithm",
                structure(
                    (
                        ("algoIdentifier", declared.number(cipher["algoIdentifier"])),
                        ("keyLen", unsigned(cipher["keyLen"])),
                        ("rounds", unsigned(cipher["rounds"])),
                    )
                ),
            ),
            ("integrityAlgorithm", structure((("algoIdentifier", declared.number(integrity["algoIdentifier"])),))),
            ("maxLifetimeSeconds", unsigned(proposal["maxLifetimeSeconds"])),
            ("dhGroup", declared.number(proposal["dhGroup"])),
            ("quickModeLimit", unsigned(proposal["quickModeLimit"])),
        )
    )


def _quick_mode_proposal(declared: Declarations, proposal: Body) -> str:
    lifetime = proposal["lifetime"]
    transforms = [_transform(declared, each) for each in proposal["saTransforms"]]
    names = ("lifetimeSeconds", "lifetimeKilobytes", "lifetimePackets")
    return structure(
        (
            ("lifetime", structure((name, unsigned(lifetime[name])) for name in names)),
            *_list(declared, ("numSaTransforms", "saTransforms"), "IPSEC_SA_TRANSFORM0", "transforms", transforms),
            ("pfsGroup", declared.number(proposal["pfsGroup"])),
        )
    )


def _transform(declared: Declarations, transform: Body) -> str:
    member, kind = _TRANSFORMS[transform["ipsecTransformType"]]
    body = transform[member]
    if "authTransform" in body:
        initialiser = structure(
            (part, _algorithm(declared, body[part])) for part in ("authTransform", "cipherTransform")
        )
    else:
        initialiser = _algorithm(declared, body)
    name = declared.shared(kind, "algorithms", initialiser)
    return structure((("ipsecTransformType", declared.number(transform["ipsecTransformType"])), (member, f"&{name}")))


def _algorithm(declared: Declarations, body: Body) -> str:
    """Return an IPSEC_AUTH_TRANSFORM0 or IPSEC_CIPHER_TRANSFORM0."""
    (name,) = body
    return structure(((name, structure((member, declared.number(value)) for member, value in body[name].items())),))
