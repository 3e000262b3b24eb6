"""Shape of a bundle as models, for its JSON Schema. Bundles are read without: see ``bundle.parse_bundle``.

Names are those of the documents, which are Windows' own: see ``analysis.documents``.
"""
# ruff: noqa: N815 - element names are spelled as netsh prints them

import json
from typing import Annotated, Any, Literal

from pydantic import Field

from ndtui.exporters.bundle.policy_schema import ExtendedQuickModePolicy, MainModePolicy, Part, QuickModePolicy
from ndtui.model.design.design import Design
from ndtui.model.design.element import Constant

Key = Annotated[str, Field(pattern=r"^\{[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\}$")]
LayerKey = Annotated[str, Field(pattern=r"^FWPM_LAYER_[A-Z0-9_]+_V[46]$")]
SubLayerKey = Annotated[str, Field(pattern=r"^(FWPM_SUBLAYER_[A-Z0-9_]+|\{[0-9a-f-]{36}\})$")]
FieldKey = Annotated[str, Field(pattern=r"^FWPM_CONDITION_[A-Z0-9_]+$")]
Origin = Annotated[str, Field(pattern=r"^(scenario|sublayer|(keying-module|rule|exemption|before_bfe):.+)$")]
Uint8 = Annotated[int, Field(ge=0, le=0xFF)]
Uint16 = Annotated[int, Field(ge=0, le=0xFFFF)]
Uint32 = Annotated[int, Field(ge=0, le=0xFFFFFFFF)]
Uint64 = Annotated[int, Field(ge=0, le=0xFFFFFFFFFFFFFFFF)]


class DisplayData(Part):
    """What a person calls an object."""

    name: str
    description: str


class Uint8Value(Part):
    """An octet: a protocol, an ICMP type, an address type, a weight range."""

    type: Literal["FWP_UINT8"]
    uint8: Uint8


class Uint16Value(Part):
    """A port."""

    type: Literal["FWP_UINT16"]
    uint16: Uint16


class Uint64Value(Part):
    """A weight."""

    type: Literal["FWP_UINT64"]
    uint64: Uint64


class EmptyValue(Part):
    """No value: BFE chooses the weight."""

    type: Literal["FWP_EMPTY"]


class Uint32Value(Part):
    """An IPv4 address, or a number where the field has one: a network's category, the type of an interface."""

    type: Literal["FWP_UINT32"]
    uint32: Annotated[str, Field(json_schema_extra={"format": "ipv4"})] | Uint32


class V4Value(Part):
    """An IPv4 address."""

    type: Literal["FWP_UINT32"]
    uint32: Annotated[str, Field(json_schema_extra={"format": "ipv4"})]


class SecurityDescriptorValue(Part):
    """Who may connect, in SDDL."""

    type: Literal["FWP_SECURITY_DESCRIPTOR_TYPE"]
    sd: str


class ProgramPath(Part):
    """A program by the path of its file, with the letter of the drive or the name of the device."""

    asString: str


class ProgramValue(Part):
    """The program that traffic is of. The backend for Windows makes the bytes of its path."""

    type: Literal["FWP_BYTE_BLOB_TYPE"]
    byteBlob: ProgramPath


class V6Value(Part):
    """An IPv6 address."""

    type: Literal["FWP_BYTE_ARRAY16_TYPE"]
    byteArray16: Annotated[str, Field(json_schema_extra={"format": "ipv6"})]


class V4AddrAndMask(Part):
    """An IPv4 network."""

    addr: str
    mask: str


class V4MaskValue(Part):
    """The addresses of an IPv4 network."""

    type: Literal["FWP_V4_ADDR_MASK"]
    v4AddrMask: V4AddrAndMask


class V6AddrAndMask(Part):
    """An IPv6 network."""

    addr: str
    prefixLength: Annotated[int, Field(ge=0, le=128)]


class V6MaskValue(Part):
    """The addresses of an IPv6 network."""

    type: Literal["FWP_V6_ADDR_MASK"]
    v6AddrMask: V6AddrAndMask


class Range(Part):
    """Both ends, included."""

    valueLow: Uint16Value | V4Value | V6Value
    valueHigh: Uint16Value | V4Value | V6Value


class RangeValue(Part):
    """A range of ports or addresses."""

    type: Literal["FWP_RANGE_TYPE"]
    rangeValue: Range


Value = Annotated[
    Uint8Value
    | Uint16Value
    | Uint32Value
    | V6Value
    | V4MaskValue
    | V6MaskValue
    | RangeValue
    | SecurityDescriptorValue
    | ProgramValue,
    Field(discriminator="type"),
]
Weight = Annotated[EmptyValue | Uint8Value | Uint64Value, Field(discriminator="type")]


class Condition(Part):
    """A FWPM_FILTER_CONDITION0."""

    fieldKey: FieldKey
    matchType: Annotated[str, Constant("FWP_MATCH_TYPE")]
    conditionValue: Value


class Action(Part):
    """A FWPM_ACTION0; ``filterType`` names the callout of a callout action."""

    type: Annotated[str, Constant("FWP_ACTION_TYPE")]
    filterType: Annotated[str, Field(pattern="^FWPM_CALLOUT_")] | None


class FilterParts(Part):
    """What every FWPM_FILTER0 has, with its modelled effective weight and the design element that made it."""

    filterKey: Key
    displayData: DisplayData
    flags: list[Annotated[str, Constant("FWPM_FILTER_FLAG")]]
    providerKey: Key
    layerKey: LayerKey
    subLayerKey: SubLayerKey
    weight: Weight
    filterCondition: list[Condition]
    action: Action
    effectiveWeight: Uint64Value
    origin: Origin


class RawContextFilter(FilterParts):
    """A filter that hands a number to its callout."""

    rawContext: Uint64


class ProviderContextFilter(FilterParts):
    """A filter that hands on a provider context."""

    providerContextKey: Key


class Provider(Part):
    """A FWPM_PROVIDER0."""

    providerKey: Key
    displayData: DisplayData
    flags: list[Annotated[str, Constant("FWPM_PROVIDER_FLAG")]]


class SubLayer(Part):
    """A FWPM_SUBLAYER0 of our own."""

    subLayerKey: Key
    displayData: DisplayData
    flags: list[Annotated[str, Constant("FWPM_SUBLAYER_FLAG")]]
    providerKey: Key
    weight: Uint16
    origin: Origin


class ContextParts(Part):
    """What every FWPM_PROVIDER_CONTEXT has."""

    providerContextKey: Key
    displayData: DisplayData
    flags: list[Annotated[str, Constant("FWPM_PROVIDER_CONTEXT_FLAG")]]
    providerKey: Key
    origin: Origin


class IkeMmContext(ContextParts):
    """Main mode policy of IKE."""

    type: Literal["FWPM_IPSEC_IKE_MM_CONTEXT"]
    ikeMmPolicy: MainModePolicy


class AuthIpMmContext(ContextParts):
    """Main mode policy of AuthIP."""

    type: Literal["FWPM_IPSEC_AUTHIP_MM_CONTEXT"]
    authIpMmPolicy: MainModePolicy


class IkeV2MmContext(ContextParts):
    """Main mode policy of IKEv2."""

    type: Literal["FWPM_IPSEC_IKEV2_MM_CONTEXT"]
    ikeV2MmPolicy: MainModePolicy


class IkeQmTransportContext(ContextParts):
    """Quick mode policy of IKE."""

    type: Literal["FWPM_IPSEC_IKE_QM_TRANSPORT_CONTEXT"]
    ikeQmTransportPolicy: QuickModePolicy


class AuthIpQmTransportContext(ContextParts):
    """Quick mode policy of AuthIP."""

    type: Literal["FWPM_IPSEC_AUTHIP_QM_TRANSPORT_CONTEXT"]
    authIpQmTransportPolicy: ExtendedQuickModePolicy | QuickModePolicy


class IkeV2QmTransportContext(ContextParts):
    """Quick mode policy of IKEv2."""

    type: Literal["FWPM_IPSEC_IKEV2_QM_TRANSPORT_CONTEXT"]
    ikeV2QmTransportPolicy: QuickModePolicy


ProviderContext = Annotated[
    IkeMmContext
    | AuthIpMmContext
    | IkeV2MmContext
    | IkeQmTransportContext
    | AuthIpQmTransportContext
    | IkeV2QmTransportContext,
    Field(discriminator="type"),
]


class Finding(Part):
    """What the checker said when the bundle was exported."""

    id: str
    severity: Literal["error", "warning", "note"]
    where: str
    message: str
    why: str
    remedy: str
    source: Annotated[str, Field(json_schema_extra={"format": "uri"})]


class Bundle(Part):
    """A compiled design: every object as Windows is given it, the design it came from, and a digest.

    ``sha256`` is that of the bundle as JSON without this member: keys sorted, no blanks, ASCII only.
    """

    format: Literal["ndtui-bundle"]
    version: Literal[1]
    generator: Annotated[str, Field(pattern="^ndtui ")]
    design: Design
    provider: Provider
    subLayers: Annotated[list[SubLayer], Field(max_length=1)]
    providerContexts: Annotated[list[ProviderContext], Field(min_length=2)]
    filters: list[RawContextFilter | ProviderContextFilter]
    findings: list[Finding]
    sha256: Annotated[str, Field(pattern="^[0-9a-f]{64}$")]


#: Where two classes have one name, pydantic puts their module into it. In the published schema those parts stay as they
#: were first published, wherever the classes stand now: others may refer to them.
_PUBLISHED = {
    "ndtui__exporters__bundle__policy_schema__": "ndtui__exporters__policy_schema__",
    "ndtui__model__design__ipsec_policy__": "ndtui__model__policy__",
    "ndtui__model__design__authentication__": "ndtui__model__policy__",
}


def bundle_schema() -> dict[str, Any]:
    """Return the JSON Schema of a bundle."""
    text = json.dumps(Bundle.model_json_schema())
    for module, published in _PUBLISHED.items():
        text = text.replace(module, published)
    found: dict[str, Any] = json.loads(text)
    return found
