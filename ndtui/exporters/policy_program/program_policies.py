"""The policy of a provider context: IKEEXT_POLICY0 and 2, IPSEC_TRANSPORT_POLICY0 and 2, and what they point to."""

from collections.abc import Mapping, Sequence
from typing import Any

from ndtui.exporters.policy_program.program_language import Language, Member
from ndtui.exporters.policy_program.program_methods import Methods

#: The union member of IPSEC_SA_TRANSFORM0 for each type of transform, and the structure it points to.
_TRANSFORMS = {
    "IPSEC_TRANSFORM_AH": ("ahTransform", "IPSEC_AUTH_TRANSFORM0"),
    "IPSEC_TRANSFORM_ESP_AUTH": ("espAuthTransform", "IPSEC_AUTH_TRANSFORM0"),
    "IPSEC_TRANSFORM_ESP_CIPHER": ("espCipherTransform", "IPSEC_CIPHER_TRANSFORM0"),
    "IPSEC_TRANSFORM_ESP_AUTH_AND_CIPHER": ("espAuthAndCipherTransform", "IPSEC_AUTH_AND_CIPHER_TRANSFORM0"),
}

Body = Mapping[str, Any]


def main_mode(language: Language, methods: Methods, policy: Body, version: int) -> str:
    """Declare an IKEEXT_POLICY and return its name."""
    proposals = [_main_mode_proposal(language, each) for each in policy["ikeProposals"]]
    said: list[Member] = [
        ("softExpirationTime", language.unsigned(policy["softExpirationTime"])),
        *methods.members(policy["authenticationMethods"]),
        ("initiatorImpersonationType", language.number(policy["initiatorImpersonationType"])),
        *_list(language, ("numIkeProposals", "ikeProposals"), "IKEEXT_PROPOSAL0", "main_mode_proposals", proposals),
        ("flags", language.flags(policy["flags"])),
        ("maxDynamicFilters", language.unsigned(policy["maxDynamicFilters"])),
    ]
    if version:
        said.append(("retransmitDurationSecs", language.unsigned(policy.get("retransmitDurationSecs", 0))))
    return _static(language, f"IKEEXT_POLICY{version}", "main_mode", said)


def quick_mode(language: Language, methods: Methods, policy: Body, version: int) -> str:
    """Declare an IPSEC_TRANSPORT_POLICY and return its name."""
    proposals = [_quick_mode_proposal(language, each) for each in policy["ipsecProposals"]]
    said: list[Member] = [
        *_list(language, ("numIpsecProposals", "ipsecProposals"), "IPSEC_PROPOSAL0", "quick_mode_proposals", proposals),
        ("flags", language.flags(policy["flags"])),
        ("ndAllowClearTimeoutSeconds", language.unsigned(policy["ndAllowClearTimeoutSeconds"])),
        (
            "saIdleTimeout",
            _numbers(
                language,
                "IPSEC_SA_IDLE_TIMEOUT0",
                policy["saIdleTimeout"],
                ("idleTimeoutSeconds", "idleTimeoutSecondsFailOver"),
            ),
        ),
    ]
    if "emPolicy" in policy:
        extended = policy["emPolicy"]
        members: list[Member] = [
            *methods.members(extended["authenticationMethods"]),
            ("initiatorImpersonationType", language.number(extended["initiatorImpersonationType"])),
        ]
        name = _static(language, f"IKEEXT_EM_POLICY{version}", "extended_mode", members)
        said.append(("emPolicy", language.pointer(name)))
    return _static(language, f"IPSEC_TRANSPORT_POLICY{version}", "quick_mode", said)


def _static(language: Language, kind: str, stem: str, members: Sequence[Member]) -> str:
    return language.static(kind, stem, language.structure(kind, members))


def _list(language: Language, members: tuple[str, str], kind: str, stem: str, items: Sequence[str]) -> Sequence[Member]:
    """Return the two members for a list: its length, and where it is."""
    if not items:
        return ()
    return (members[0], str(len(items))), (members[1], language.shared_array(kind, stem, items))


def _numbers(language: Language, kind: str, body: Body, names: Sequence[str]) -> str:
    """Return a structure all of whose members are whole numbers."""
    return language.structure(kind, [(name, language.unsigned(body[name])) for name in names])


def _main_mode_proposal(language: Language, proposal: Body) -> str:
    cipher, integrity = proposal["cipherAlgorithm"], proposal["integrityAlgorithm"]
    encrypts: list[Member] = [
        ("algoIdentifier", language.number(cipher["algoIdentifier"])),
        ("keyLen", language.unsigned(cipher["keyLen"])),
        ("rounds", language.unsigned(cipher["rounds"])),
    ]
    checks: list[Member] = [("algoIdentifier", language.number(integrity["algoIdentifier"]))]
    return language.structure(
        "IKEEXT_PROPOSAL0",
        (
            ("cipherAlgorithm", language.structure("IKEEXT_CIPHER_ALGORITHM0", encrypts)),
            ("integrityAlgorithm", language.structure("IKEEXT_INTEGRITY_ALGORITHM0", checks)),
            ("maxLifetimeSeconds", language.unsigned(proposal["maxLifetimeSeconds"])),
            ("dhGroup", language.number(proposal["dhGroup"])),
            ("quickModeLimit", language.unsigned(proposal["quickModeLimit"])),
        ),
    )


def _quick_mode_proposal(language: Language, proposal: Body) -> str:
    transforms = [_transform(language, each) for each in proposal["saTransforms"]]
    lifetime = _numbers(
        language,
        "IPSEC_SA_LIFETIME0",
        proposal["lifetime"],
        ("lifetimeSeconds", "lifetimeKilobytes", "lifetimePackets"),
    )
    return language.structure(
        "IPSEC_PROPOSAL0",
        (
            ("lifetime", lifetime),
            *_list(language, ("numSaTransforms", "saTransforms"), "IPSEC_SA_TRANSFORM0", "transforms", transforms),
            ("pfsGroup", language.number(proposal["pfsGroup"])),
        ),
    )


def _transform(language: Language, transform: Body) -> str:
    member, kind = _TRANSFORMS[transform["ipsecTransformType"]]
    body = transform[member]
    if "authTransform" in body:
        parts = [(part, _algorithm(language, body[part])) for part in ("authTransform", "cipherTransform")]
        value = language.structure(kind, parts)
    else:
        value = _algorithm(language, body)
    pointer = language.pointer(language.shared(kind, "algorithms", value))
    said = (("ipsecTransformType", language.number(transform["ipsecTransformType"])), (member, pointer))
    return language.structure("IPSEC_SA_TRANSFORM0", said)


def _algorithm(language: Language, body: Body) -> str:
    """Return an IPSEC_AUTH_TRANSFORM0 or IPSEC_CIPHER_TRANSFORM0."""
    (name,) = body
    kind = "IPSEC_AUTH_TRANSFORM" if name == "authTransformId" else "IPSEC_CIPHER_TRANSFORM"
    identity = [(member, language.number(value)) for member, value in body[name].items()]
    return language.structure(f"{kind}0", ((name, language.structure(f"{kind}_ID0", identity)),))
