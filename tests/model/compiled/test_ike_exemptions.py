"""The filters that BFE adds by itself for IKE: those of Microsoft's page, and those the emulated engine adds."""

from ndtui.backends.bfe.rules import builtin_exemptions as bfe
from ndtui.model.compiled.compile import compile_design
from ndtui.model.compiled.ike_exemptions import IS_LOCAL_SYSTEM, exemptions_beside, ike_exemptions
from tests.support import preset


def test_udp_500_and_4500_at_the_transport_and_the_ale_layers():
    """Source: https://learn.microsoft.com/windows/win32/fwp/ike-exemptions."""
    stems = ("INBOUND_TRANSPORT", "OUTBOUND_TRANSPORT", "ALE_AUTH_RECV_ACCEPT", "ALE_AUTH_CONNECT")
    wanted = {(f"FWPM_LAYER_{stem}_V4", port) for stem in stems for port in (500, 4500)}
    wanted |= {(f"FWPM_LAYER_{stem}_V6", 500) for stem in stems}
    assert {(each.layer, each.port) for each in ike_exemptions()} == wanted
    for each in ike_exemptions():
        numbers = {c.field: (c.value.low, c.value.high) for c in each.conditions if c != IS_LOCAL_SYSTEM}
        assert numbers == {
            "FWPM_CONDITION_IP_PROTOCOL": (17, 17),
            "FWPM_CONDITION_IP_LOCAL_PORT": (each.port, each.port),
        }
        assert each.name == f"IKE/AuthIP exemption, UDP {each.port}"
        assert (each.slot.action, each.slot.weight.type, each.slot.weight.value) == (
            "FWP_ACTION_PERMIT",
            "FWP_UINT8",
            0xC,
        )


def test_the_twelve_exemptions_are_those_the_emulated_engine_adds():
    ours, engines = ike_exemptions(), bfe.ike_exemptions()
    assert [f"{{{each.key}}}" for each in ours] == [document["filterKey"] for document in engines]
    for each, document in zip(ours, engines, strict=True):
        assert each.layer == document["layerKey"]
        assert each.name == document["displayData"]["name"]
        assert str(each.origin) == document["origin"]
        assert [c.field for c in each.conditions] == [c["fieldKey"] for c in document["filterCondition"]]
        assert (IS_LOCAL_SYSTEM in each.conditions) == ("_ALE_" in each.layer)
    assert len({each.identity for each in ours}) == 12


def test_they_are_there_while_there_is_main_mode_policy():
    filterset = compile_design(preset("nd-transport"))
    assert exemptions_beside(filterset) == ike_exemptions()
    without = {layer: own for layer, own in filterset.by_layer.items() if "IKEEXT" not in layer}
    filterset.by_layer.clear()
    filterset.by_layer.update(without)
    assert exemptions_beside(filterset) == ()
