"""A row that stands for several findings of one kind: what can be done for all of them, and what for one alone."""

from dataclasses import replace

from ndtui.analysis.check.finding import Finding
from ndtui.model.compiled.origin import Origin
from ndtui.model.vocabulary.layers import ALE_AUTH_CONNECT, PROTECTED_LAYERS
from ndtui.screens.dialogs.form_screen import FormScreen
from ndtui.ui.rows.finding_rows import FindingPlace
from ndtui.ui.state.finding_kind import FindingKind
from ndtui.ui.state.selection import Selection
from tests.desk import Desk, at_work, labels
from tests.support import design

GOOD = {"cipher": "IKEEXT_CIPHER_AES_256", "integrity": "IKEEXT_INTEGRITY_SHA_256", "dh_group": "IKEEXT_DH_ECP_256"}
WEAK, DES = ({**GOOD, "cipher": f"IKEEXT_CIPHER_{name}"} for name in ("3DES", "DES"))
OWN = {"main_mode": {"proposals": [WEAK]}}


async def to_kind(desk: Desk, identity: str) -> None:
    await desk.keys("4")
    await desk.go_to(lambda row: isinstance(row, FindingKind) and row.first.id == identity)


def unfolded(desk: Desk) -> bool:
    return any(isinstance(row, FindingPlace) for row in desk.table.rows)


async def test_one_key_remedies_all_of_a_kind_and_one_undoes_it():
    async with at_work(design(main_mode={"proposals": [WEAK, GOOD, DES]})) as desk:
        start = desk.design
        await to_kind(desk, "weak-main-mode")
        assert "M does it for all 2: drop the proposal." in desk.explanation
        await desk.keys("M")
        assert [each.cipher for each in desk.design.main_mode.proposals] == ["IKEEXT_CIPHER_AES_256"]
        assert "weak-main-mode" not in {each.id for each in desk.bench.findings}
        assert list(labels(desk))[-1] == "drop the proposal, 2 findings"
        assert desk.said[-1] == "2 findings remedied at once: drop the proposal"
        await desk.keys("u")
        assert desk.design == start


async def test_where_one_edit_does_not_remedy_all_they_are_unfolded_and_it_is_said():
    rules = [{"name": "base"}, {"name": "a", "negotiation": OWN}]
    async with at_work(design(main_mode={"proposals": [WEAK, GOOD]}, rules=rules)) as desk:
        start = desk.design
        await to_kind(desk, "weak-main-mode")
        assert "does it" not in desk.explanation
        assert not unfolded(desk)
        await desk.keys("M")
        assert desk.design is start
        assert unfolded(desk)
        assert desk.said[-1] == "These 2 findings are not remedied by one edit: choose one"
        await desk.keys("M")
        assert unfolded(desk)  # and stay so


async def test_exemptions_that_guaranteed_encryption_holds_are_put_at_the_layer_of_outbound_connections():
    ports = {"DNS": 53, "NTP": 123}
    exemptions = [{"name": name, "protocol": "udp", "remote_ports": [port]} for name, port in ports.items()]
    async with at_work(design(exemptions=exemptions, rules=[{"encryption": "guaranteed"}])) as desk:
        await to_kind(desk, "held-at-connect")
        assert "M does it for all 2: exempt at ALE_AUTH_CONNECT too." in desk.explanation
        await desk.keys("M")
        assert all(each.layers == (*PROTECTED_LAYERS, ALE_AUTH_CONNECT) for each in desk.design.exemptions)
        assert "held-at-connect" not in {each.id for each in desk.bench.findings}


async def test_where_none_has_a_remedy_the_key_says_so():
    async with at_work(design(main_mode={"proposals": [{**WEAK, "dh_group": "IKEEXT_DH_GROUP_2"}]})) as desk:
        await to_kind(desk, "weak-main-mode")
        await desk.keys("M")
        assert desk.said[-1] == "There is no one remedy for any of them"
        assert not unfolded(desk)


async def test_the_form_of_all_of_a_kind_opens_at_the_first():
    async with at_work(design(main_mode={"proposals": [GOOD, WEAK, DES]})) as desk:
        await to_kind(desk, "weak-main-mode")
        await desk.keys("e")
        assert isinstance(desk.top, FormScreen)
        assert desk.app.focused.id == "proposals"
        assert desk.app.focused.cursor == 1
        await desk.keys("d", "d", "enter")
        assert [each.cipher for each in desk.design.main_mode.proposals] == ["IKEEXT_CIPHER_AES_256"]


async def test_a_rule_that_all_of_a_kind_are_about_is_edited():
    own = {"main_mode": {"proposals": [WEAK, GOOD, DES]}}
    async with at_work(design(rules=[{"name": "base"}, {"name": "a", "negotiation": own}])) as desk:
        await to_kind(desk, "weak-main-mode")
        await desk.keys("e")
        assert desk.app.focused.id == "negotiation"


async def test_findings_that_lead_to_several_forms_are_unfolded_and_it_is_said():
    rules = [{"name": "base"}, {"name": "a", "negotiation": OWN}]
    async with at_work(design(main_mode={"proposals": [WEAK, GOOD]}, rules=rules)) as desk:
        await to_kind(desk, "weak-main-mode")
        await desk.keys("e")
        assert not isinstance(desk.top, FormScreen)
        assert unfolded(desk)
        assert desk.said[-1] == "These 2 findings lead to several forms: choose one"
        await desk.keys("j", "e")
        assert isinstance(desk.top, FormScreen)


async def test_a_kind_is_no_object_that_could_be_copied():
    async with at_work(design(main_mode={"proposals": [GOOD, WEAK, DES]})) as desk:
        await to_kind(desk, "weak-main-mode")
        await desk.keys("C")
        assert desk.said[-1] == "Select an object, a rule or an exemption first"


def test_a_kind_that_is_about_no_field_leads_to_no_form():
    said = Finding("start-up", "note", Origin("exemptions"), "", "", "", "")
    selection = Selection(FindingKind((said, said)), {}, design())
    assert not selection.leads_to_forms
    assert selection.in_one_form is None
    main = replace(said, where=Origin("main_mode.proposals[0]"))
    mixed = Selection(FindingKind((main, said)), {}, design())
    assert mixed.leads_to_forms
    assert mixed.in_one_form is None
