"""The forms of a proposal: main mode's, and quick mode's, whose transforms are chosen by what they do to a packet."""

from collections.abc import Collection
from typing import Any

from ndtui.analysis.wording.negotiation_words import main_mode_proposal_words, quick_mode_proposal_words
from ndtui.common.duration import duration_words
from ndtui.model.design.ipsec_policy import COMBINED_CIPHERS, MainModeProposal, QuickModeProposal, Transform
from ndtui.model.design.keying_modules import KeyingModule
from ndtui.model.vocabulary import members
from ndtui.model.vocabulary.algorithms import title_of
from ndtui.ui.rows.algorithm_options import algorithm_options
from ndtui.ui.rows.form_fields import ChoiceField, Form, IncompleteError, Option, TextField, Values
from ndtui.ui.rows.typed_times import number_of, seconds_of

_AH, _AUTH = "IPSEC_TRANSFORM_AH", "IPSEC_TRANSFORM_ESP_AUTH"
_CIPHER, _BOTH = "IPSEC_TRANSFORM_ESP_CIPHER", "IPSEC_TRANSFORM_ESP_AUTH_AND_CIPHER"
LIFETIME_HELP = "Seconds, or a time such as 4h or 30min; after it new keys are negotiated."

_MAIN_MODE = (
    ChoiceField("cipher", "Encryption", algorithm_options("IKEEXT_CIPHER_"), folds=True),
    ChoiceField("integrity", "Integrity", algorithm_options("IKEEXT_INTEGRITY_"), folds=True),
    ChoiceField("dh_group", "DH group", algorithm_options("IKEEXT_DH_"), folds=True),
    TextField("lifetime_seconds", "Lifetime", LIFETIME_HELP, "8h"),
    TextField("quick_mode_limit", "Quick modes", "After so many a new main mode is negotiated; 0: no limit.", "0"),
)


def main_mode_proposal_form(
    former: MainModeProposal | None, modules: Collection[KeyingModule], on: Collection[KeyingModule]
) -> Form[MainModeProposal]:
    """Return the form of a main mode proposal, or of a new one.

    ``modules`` are the keying modules that offer it, ``on`` those of them that negotiate.
    """
    shown = former or MainModeProposal(
        cipher="IKEEXT_CIPHER_AES_256", integrity="IKEEXT_INTEGRITY_SHA_384", dh_group="IKEEXT_DH_ECP_384"
    )
    values = {
        **dict(shown),
        "lifetime_seconds": duration_words(shown.lifetime_seconds),
        "quick_mode_limit": str(shown.quick_mode_limit),
    }
    refused = dict(_refused_by_modules(modules, on))

    def make(values: Values) -> MainModeProposal:
        return MainModeProposal.model_validate(
            {
                **values,
                "lifetime_seconds": seconds_of(values["lifetime_seconds"]),
                "quick_mode_limit": number_of(values["quick_mode_limit"], "number of quick modes"),
            }
        )

    title = "Main mode proposal" if former else "Add main mode proposal"
    return Form(title, _MAIN_MODE, values, make, main_mode_proposal_words, new=former is None, refuse=lambda _: refused)


def _refused_by_modules(
    modules: Collection[KeyingModule], on: Collection[KeyingModule]
) -> list[tuple[tuple[str, str], str]]:
    refused = []
    if any(each != "IKEv2" for each in modules):
        refused += [(("cipher", name), "among IKEv2's own only") for name in COMBINED_CIPHERS]
    if any(each != "AuthIP" for each in on):
        refused.append((("dh_group", "IKEEXT_DH_GROUP_NONE"), "AuthIP only"))
    return refused


_NO_CIPHER = Option("", "none", "Packets can be read by whoever sees them.")
_NO_AUTH = Option("", "none", "Nobody notices what is changed on its way, unless AH or AES-GCM does.")
_NO_AH = Option("", "none", "No authentication header: it does not get through address translation.")
_QUICK_MODE = (
    ChoiceField("esp_cipher", "Encryption", (*algorithm_options("IPSEC_CIPHER_CONFIG_"), _NO_CIPHER), folds=True),
    ChoiceField("esp_auth", "Integrity", (*algorithm_options("IPSEC_AUTH_CONFIG_"), _NO_AUTH), folds=True),
    ChoiceField("ah", "AH", (_NO_AH, *algorithm_options("IPSEC_AUTH_CONFIG_")), folds=True),
    ChoiceField("pfs_group", "PFS", algorithm_options("IPSEC_PFS_"), folds=True),
    TextField("lifetime_seconds", "Lifetime", f"{LIFETIME_HELP} 5min to 48h.", "1h"),
    TextField("lifetime_kilobytes", "Kilobytes", "After so many new keys are negotiated; 20480 at least.", "100000"),
    TextField("lifetime_packets", "Packets", "After so many new keys are negotiated.", "2147483647"),
)
_TIMES = ("lifetime_seconds", "lifetime_kilobytes", "lifetime_packets")


def quick_mode_proposal_form(former: QuickModeProposal | None) -> Form[QuickModeProposal]:
    """Return the form of a quick mode proposal, or of a new one."""
    both = Transform(type=_BOTH, auth="IPSEC_AUTH_CONFIG_GCM_AES_256", cipher="IPSEC_CIPHER_CONFIG_GCM_AES_256")
    shown = former or QuickModeProposal(transforms=(both,))
    values: dict[str, Any] = {
        **shown_transforms(shown.transforms),
        "pfs_group": shown.pfs_group,
        "lifetime_seconds": duration_words(shown.lifetime_seconds),
        "lifetime_kilobytes": str(shown.lifetime_kilobytes),
        "lifetime_packets": str(shown.lifetime_packets),
    }

    def make(values: Values) -> QuickModeProposal:
        return QuickModeProposal.model_validate(
            {
                "transforms": transforms_of(values, shown.transforms),
                "pfs_group": values["pfs_group"],
                "lifetime_seconds": seconds_of(values["lifetime_seconds"]),
                "lifetime_kilobytes": number_of(values["lifetime_kilobytes"], "number of kilobytes"),
                "lifetime_packets": number_of(values["lifetime_packets"], "number of packets"),
            }
        )

    title = "Quick mode proposal" if former else "Add quick mode proposal"
    return Form(
        title,
        _QUICK_MODE,
        values,
        make,
        quick_mode_proposal_words,
        follow_cipher,
        new=former is None,
        refuse=refused_transforms,
    )


def shown_transforms(transforms: tuple[Transform, ...]) -> dict[str, str]:
    """Return what transforms do to a packet, as the fields of the form hold it."""
    ah = next((each.auth for each in transforms if each.type == _AH), None)
    esp = next((each for each in transforms if each.type != _AH), None)
    return {
        "esp_cipher": (esp and esp.cipher) or "",
        "esp_auth": (esp and esp.auth) or "",
        "ah": ah or "",
    }


def transforms_of(values: Values, former: tuple[Transform, ...]) -> tuple[Transform, ...]:
    """Return the transforms that do what the fields hold; AH stands where it stood, or first.

    Raises:
        IncompleteError: nothing is done to a packet.
        ValueError: what is to be done does not go together.
    """
    cipher, auth = values["esp_cipher"] or None, values["esp_auth"] or None
    kind = _BOTH if cipher and auth else _CIPHER if cipher else _AUTH if auth else ""
    esp = [Transform.model_validate({"type": kind, "auth": auth, "cipher": cipher})] if kind else []
    ah = [Transform.model_validate({"type": _AH, "auth": values["ah"]})] if values["ah"] else []
    if not (esp or ah):
        raise IncompleteError("Say what is done to packets: encryption, integrity or AH")
    last = len(former) > 1 and former[1].type == _AH
    return (*esp, *ah) if last else (*ah, *esp)


def _size(name: str) -> str:
    """Return the part of an AES-GCM constant that the other one has too, or nothing for another algorithm."""
    return name.rpartition("_CONFIG_")[2] if "GCM" in name else ""


def follow_cipher(changed: str, values: Values) -> Values:
    """Let integrity follow from encryption: AES-GCM does both, and what does not needs something beside it."""
    if changed != "esp_cipher":
        return {}
    cipher, auth = values["esp_cipher"], values["esp_auth"]
    if _size(cipher):
        return {"esp_auth": f"IPSEC_AUTH_CONFIG_{_size(cipher)}"}
    return {"esp_auth": "IPSEC_AUTH_CONFIG_HMAC_SHA_256_128"} if cipher and _size(auth) else {}


def refused_transforms(values: Values) -> dict[tuple[str, str], str]:
    """Return the integrity algorithms that do not go with the encryption."""
    cipher = values["esp_cipher"]
    if not cipher:
        return {}
    refused = {}
    for name in members("IPSEC_AUTH_CONFIG"):
        if _size(name) != _size(cipher):
            refused["esp_auth", name] = f"not with {title_of(cipher)}" if _size(cipher) else "with AES-GCM only"
    return refused
