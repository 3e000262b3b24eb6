"""What is negotiated is edited in the designer: the tasks of an operator by keys alone, and their consequences."""

import re
from pathlib import Path

import pytest
from textual.widgets import Static

from ndtui.model.design.design import default_design
from ndtui.model.files.design_file import format_design, parse_design
from ndtui.screens.dialogs.form_screen import FormScreen
from ndtui.ui.rows.method_form import method_form
from ndtui.ui.rows.view import Heading
from ndtui.ui.widgets.choice_list import ChoiceList
from ndtui.ui.widgets.item_list import ItemList
from tests.desk import Desk, at_work
from tests.support import design

ROOT = "CN=Example Root CA"
STORE = "IKEEXT_CERT_CONFIG_ENTERPRISE_STORE"
NAT = "IPSEC_POLICY_FLAG_NAT_ENCAP_ALLOW_GENERAL_NAT_TRAVERSAL"
_REMARKS = {
    "[main_mode]": "# Asked for by the auditors.",
    "[[main_mode.proposals]]": "# The strongest first.",
    "[quick_mode]": "# As the network team wants it.",
    "[[quick_mode.proposals]]": "# For the traffic.",
}


def commented(text: str) -> str:
    """Return a design's text with a remark above each heading of what is negotiated, and one behind a value."""
    for heading, remark in _REMARKS.items():
        text = text.replace(f"\n{heading}\n", f"\n{remark}\n{heading}\n")
    return text.replace("nd_allow_clear_timeout_seconds = 10", "nd_allow_clear_timeout_seconds = 10  # usual")


async def task(desk: Desk, keys: str, text: str = "") -> int:
    """Press keys one after the other, type a text where ``TEXT`` stands; return how many keys that were beside it."""
    pressed = keys.split()
    for key in pressed:
        if key == "TEXT":
            await desk.write(text)
        else:
            await desk.keys(key)
    return len([key for key in pressed if key != "TEXT"])


async def test_an_operator_changes_what_is_negotiated_and_keeps_it(tmp_path: Path):
    """Each from the first row of a design that has just been opened: at most fifteen keys beside what is typed."""
    path = tmp_path / "mine.toml"
    path.write_text(commented(format_design(default_design("mine"))), encoding="utf-8")
    async with at_work(parse_design(path.read_text(encoding="utf-8"), str(path)), (80, 24), path=path) as desk:
        main, quick = f"{'j ' * 7}enter", f"{'j ' * 8}enter"
        counts = {}

        counts["certificates"] = await task(desk, f"{main} j tab TEXT", ROOT)
        assert "2 provider contexts changed" in desk.words
        counts["certificates"] += await task(desk, "enter")
        assert desk.design.main_mode.ike_authentication[0].roots == (f"subject:{ROOT}",)
        assert desk.design.main_mode.authip_authentication[0].method == "IKEEXT_SSL"
        assert "certificate" in desk.explanation

        await desk.keys("g")
        counts["no AES-128"] = await task(desk, f"{main} tab tab tab G d")
        assert "AES-128" not in str(desk.top.query_one("#proposals", ItemList).value)
        counts["no AES-128"] += await task(desk, "enter")
        assert [each.cipher for each in desk.design.main_mode.proposals] == ["IKEEXT_CIPHER_AES_256"] * 2

        await desk.keys("g")
        counts["four hours"] = await task(desk, f"{main} tab tab TEXT enter", "4h")
        assert {each.lifetime_seconds for each in desk.design.main_mode.proposals} == {14400}

        await desk.keys("g")
        counts["PFS off"] = await task(desk, f"{quick} g")
        assert "2 provider contexts changed; warning: " in desk.words
        assert "quick mode has none" in desk.words
        counts["PFS off"] += await task(desk, "enter")
        assert {each.pfs_group for each in desk.design.quick_mode.proposals} == {"IPSEC_PFS_NONE"}

        await desk.keys("g")
        counts["NAT traversal"] = await task(desk, f"{quick} tab space enter")
        assert desk.design.quick_mode.flags == (NAT,)

        await desk.keys("g")
        counts["IKEv2"] = await task(desk, "j j j j j space")
        assert len(desk.bench.filterset.contexts) == 6
        assert desk.design.main_mode.ikev2_authentication[0].roots == (f"subject:{ROOT}",)
        assert max(counts.values()) <= 15, counts
        made = desk.design
        await desk.keys("w")
        await desk.until(lambda: not desk.bench.dirty)
    text = path.read_text(encoding="utf-8")
    assert all(remark in text for remark in (*_REMARKS.values(), "10  # usual"))
    reopened = parse_design(text, str(path))
    assert reopened == made
    for heading, remark in _REMARKS.items():
        assert re.search(rf"^{re.escape(remark)}\n{re.escape(heading)}$", text, re.MULTILINE), (heading, text)


def form_title(desk: Desk) -> str:
    """Return the title of the form that is open; empty where none is."""
    return str(desk.top.query_one(".dialog-title", Static).content) if isinstance(desk.top, FormScreen) else ""


async def test_a_context_leads_to_the_form_that_it_comes_from():
    async with at_work() as desk:
        await desk.keys("3")
        for kind, title in (("MM_CONTEXT", "Main mode"), ("QM_TRANSPORT", "Quick mode")):
            await desk.go_to(lambda row, kind=kind: kind in row.type)
            await desk.keys("e")
            assert form_title(desk) == title
            await desk.keys("escape")


async def test_a_context_of_a_rule_of_its_own_leads_to_the_rule():
    own = {"name": "base", "negotiation": {"keying_modules": ["IKE"]}}
    async with at_work(design(rules=[own])) as desk:
        await desk.keys("3", "e")
        assert "Edit rule" in desk.words


def negotiates(layer: str):
    """Return what tells a filter of a layer that hangs on a provider context."""
    return lambda row: not isinstance(row, Heading) and row.slot.context is not None and layer in row.layer


async def test_a_policy_filter_leads_to_the_form_of_what_it_negotiates():
    async with at_work() as desk:
        await desk.keys("1")
        for layer, title in (("IKEEXT_V4", "Main mode"), ("IPSEC_V6", "Quick mode")):
            await desk.go_to(negotiates(layer))
            await desk.keys("e")
            assert form_title(desk) == title
            await desk.keys("escape")


async def test_a_policy_filter_of_a_rule_of_its_own_leads_to_the_rule():
    own = {"name": "base", "negotiation": {"keying_modules": ["IKE"]}}
    async with at_work(design(rules=[own])) as desk:
        await desk.keys("1")
        await desk.go_to(negotiates("IPSEC_V4"))
        await desk.keys("e")
        assert "Edit rule" in desk.words


WEAK = {"cipher": "IKEEXT_CIPHER_3DES", "integrity": "IKEEXT_INTEGRITY_SHA1", "dh_group": "IKEEXT_DH_GROUP_2"}
GOOD = {"cipher": "IKEEXT_CIPHER_AES_256", "integrity": "IKEEXT_INTEGRITY_SHA_256", "dh_group": "IKEEXT_DH_ECP_256"}


async def to_finding(desk: Desk, identity: str) -> None:
    await desk.keys("4", "X")
    found = "finding"
    await desk.go_to(lambda row: getattr(getattr(row, found, row), "id", "") == identity)


async def test_a_finding_leads_to_the_field_that_it_is_about():
    async with at_work(design(main_mode={"proposals": [GOOD, WEAK]})) as desk:
        await to_finding(desk, "weak-main-mode")
        await desk.keys("e")
        assert isinstance(desk.top.focused, ItemList)
        assert (desk.top.focused.id, desk.top.focused.cursor) == ("proposals", 1)
        await desk.keys("d", "enter")
        assert len(desk.design.main_mode.proposals) == 1


async def test_the_remedy_of_a_finding_is_one_key_that_can_be_undone():
    async with at_work(design(main_mode={"proposals": [GOOD, WEAK]})) as desk:
        start = desk.design
        await to_finding(desk, "weak-main-mode")
        assert "M does it: drop the proposal" in desk.explanation
        await desk.keys("M")
        assert [each.cipher for each in desk.design.main_mode.proposals] == ["IKEEXT_CIPHER_AES_256"]
        assert "weak-main-mode" not in {each.id for each in desk.bench.findings}
        await desk.keys("u")
        assert desk.design == start


async def test_where_there_is_no_one_remedy_the_key_says_so():
    async with at_work(design(main_mode={"proposals": [WEAK]}), toasts=True) as desk:
        await to_finding(desk, "weak-main-mode")
        assert "does it" not in desk.explanation
        await desk.keys("M")
        assert "There is no one remedy for it" in desk.words
        await desk.keys("1")
        assert not isinstance(desk.table.row, Heading)
        await desk.keys("M")
        assert "Select a finding first" in desk.words


async def test_a_set_of_proposals_is_taken_over_with_one_choice():
    async with at_work() as desk:
        await desk.select("algorithms")
        assert desk.decisions.row.text == "Algorithms  modern"
        await desk.keys("enter", "j")
        assert "provider contexts changed" in desk.words
        assert "SP 800-77" in desk.words
        await desk.keys("enter")
        assert desk.decisions.row.text == "Algorithms  FIPS"
        assert len(desk.design.main_mode.proposals) == 2
        await desk.keys("e", "G")  # what cannot be chosen is passed over
        assert desk.top.focused.value == "windows-firewall"
        assert "more findings" in desk.words
        await desk.keys("escape")


async def test_a_rule_negotiates_by_a_policy_of_its_own():
    async with at_work(design(rules=[{"name": "base"}])) as desk:
        await desk.select("rule:base")
        await desk.keys("e")
        form = desk.top
        form.query_one("#negotiates").focus()
        await desk.settle()
        assert not form.query_one("#negotiation").display or not form.query_one("#negotiation").region
        await desk.keys("j", "tab", "j", "j", "j", "e")  # quick mode, the fourth part
        assert "Quick mode" in desk.words
        await desk.keys("g")
        assert "Rule 'base', quick_mode.proposals: 3 of 3 quick mode proposals lack forward secrecy" in desk.words
        await desk.keys("enter")
        assert "no PFS" in desk.words
        await desk.keys("enter")
        assert isinstance(desk.top, FormScreen) is False
        own = desk.design.rules[0].negotiation
        assert own is not None
        assert {each.pfs_group for each in own.quick_mode.proposals} == {"IPSEC_PFS_NONE"}
        assert {each.pfs_group for each in desk.design.quick_mode.proposals} == {"IPSEC_PFS_ECP_384"}
        await desk.keys("e")
        desk.top.query_one("#negotiates").focus()
        await desk.settle()
        await desk.keys("k", "enter")
        assert desk.design.rules[0].negotiation is None


async def test_a_form_in_a_form_says_what_the_design_would_be():
    async with at_work() as desk:
        await desk.select("main_mode")
        await desk.keys("enter", "tab", "tab", "e", "G")
        assert desk.top.focused.value == "IKEEXT_CIPHER_DES"
        assert "weak: DES" in desk.words
        assert "2 provider contexts changed; warning: " in desk.words
        await desk.keys("escape", "tab", "e", "j")
        assert desk.top.focused.value == "IKEEXT_CERTIFICATE"
        assert "enterprise store; the same 20 filters; 1 provider context changed" in desk.words
        await desk.keys("escape", "escape")
        assert desk.top is desk.app.designer


async def test_a_list_that_folds_shows_what_is_chosen_and_what_cannot_be():
    async with at_work() as desk:
        await desk.select("main_mode")
        await desk.keys("enter", "tab", "tab", "e")
        assert "AES-GCM-256 among IKEv2's own only" in desk.words
        await desk.keys("g")
        assert desk.top.focused.value == "IKEEXT_CIPHER_AES_256"  # the first that can be chosen
        await desk.keys("tab")
        assert "AES-256 modern 1 of 7" in desk.words
        assert "3DES" not in desk.words
        await desk.pilot.click("#cipher")
        assert desk.top.focused.value == "IKEEXT_CIPHER_AES_256"  # the click has only unfolded it
        await desk.pilot.click("#cipher", offset=(6, 3))
        assert desk.top.focused.value == "IKEEXT_CIPHER_AES_128"
        await desk.pilot.click("#cipher", offset=(6, 0))
        assert desk.top.focused.value == "IKEEXT_CIPHER_AES_128"


@pytest.mark.parametrize("size", [(60, 20), (80, 24)])
async def test_the_field_that_has_the_focus_is_in_sight(size: tuple[int, int]):
    async with at_work("nd-transport", size) as desk:
        await desk.select("main_mode")
        await desk.keys("enter", "tab", "tab", "tab", "e", "j")

        def in_sight() -> bool:
            focused = desk.top.focused
            line = focused._options.index(focused.chosen) if isinstance(focused, ChoiceList) else 0
            body = desk.top.query_one(".dialog-body").region
            return bool(body.y <= focused.region.y + line < body.bottom)

        seen = []
        while desk.top.focused.id != "ok":
            assert in_sight(), desk.top.focused.id
            seen.append(desk.top.focused.id)
            await desk.keys("tab")
        assert len(seen) == 13
        for name in reversed(seen):
            await desk.keys("shift+tab")
            assert desk.top.focused.id == name
            assert in_sight(), name


@pytest.mark.parametrize("columns", [60, 80, 140])
async def test_forms_of_what_is_negotiated_fit_the_screen(columns: int):
    async with at_work("nd-transport", (columns, 24)) as desk:
        for name in ("algorithms", "main_mode", "quick_mode", "extended_mode"):
            await desk.select(name)
            await desk.keys("e")
            ok = desk.top.query_one("#ok").region
            assert desk.top.region.contains_region(ok)
            await desk.keys("escape")


async def test_a_finding_about_a_rules_own_negotiation_is_remedied_and_edited_there():
    weak = {**GOOD, "cipher": "IKEEXT_CIPHER_3DES"}
    own = {"name": "a", "negotiation": {"main_mode": {"proposals": [GOOD, weak]}}}
    async with at_work(design(rules=[{"name": "base"}, own])) as desk:
        before = desk.design
        await to_finding(desk, "weak-main-mode")
        assert "M does it: drop the proposal." in desk.explanation
        await desk.keys("e")
        assert desk.app.focused.id == "negotiation"
        assert desk.app.focused.row.id == "main_mode"
        await desk.keys("escape", "M")
        negotiation = desk.design.rules[1].negotiation
        assert negotiation is not None
        assert [each.cipher for each in negotiation.main_mode.proposals] == ["IKEEXT_CIPHER_AES_256"]
        assert desk.design.main_mode == before.main_mode
        await desk.keys("u")
        assert desk.design == before


async def test_tab_goes_from_peers_certificates_down_to_the_roots_that_they_need():
    method = {"method": "IKEEXT_CERTIFICATE", "inbound": STORE, "outbound": STORE}
    async with at_work(design(main_mode={"ike_authentication": [method]})) as desk:
        desk.app.push_screen(FormScreen(method_form(desk.design.main_mode.ike_authentication[0], "IKE")))
        await desk.settle()
        await desk.keys("tab", "k")  # to Peers', and there up to roots
        assert "named below" in str(desk.top.query_one("#field-help", Static).content)
        assert "Name a root" in desk.words
        for _ in range(4):
            await desk.keys("tab")
            if desk.top.focused is desk.top.query_one("#roots"):
                break
        assert desk.top.focused is desk.top.query_one("#roots")
