"""Choices follow the Windows that a design is meant for: what it does not have cannot be chosen, and says why."""

from ndtui.ui.widgets.choice_list import ChoiceList
from ndtui.ui.widgets.tick_box import TickBox
from tests.desk import Desk, at_work
from tests.support import design

NOTIFY, DICTATE = (f"IPSEC_POLICY_FLAG_KEY_MANAGER_ALLOW_{what}_KEY" for what in ("NOTIFY", "DICTATE"))
GROUP_14 = {
    "cipher": "IKEEXT_CIPHER_AES_256",
    "integrity": "IKEEXT_INTEGRITY_SHA_256",
    "dh_group": "IKEEXT_DH_GROUP_14",
}
ECP = {**GROUP_14, "dh_group": "IKEEXT_DH_ECP_256"}
OLD = {"windows": "7", "main_mode": {"proposals": [ECP, GROUP_14]}, "quick_mode": {"flags": [NOTIFY]}}


def shown(desk: Desk) -> str:
    """Return the screen in one line, without frames and with one blank between words."""
    return " ".join(desk.text.replace("│", " ").split())


async def test_a_keying_module_of_a_newer_windows_is_not_switched_on():
    async with at_work(design(**OLD)) as desk:
        before = desk.bench
        await desk.select("IKEv2")
        await desk.keys("space")
        assert desk.bench is before
        assert desk.said[-1] == "IKEv2 is not in Windows 7: since Windows 8"
        await desk.keys("e")
        assert "[ ] IKEv2  not in Windows 7: since Windows 8" in desk.text
        assert desk.top.query_one("#IKEv2", TickBox).disabled


async def test_one_that_is_there_is_switched_off_and_not_on_again():
    store = dict.fromkeys(("inbound", "outbound"), "IKEEXT_CERT_CONFIG_ENTERPRISE_STORE")
    methods = {"ikev2_authentication": [{"method": "IKEEXT_CERTIFICATE", **store}]}
    async with at_work(design(windows="7", keying_modules=["IKE", "IKEv2"], main_mode=methods)) as desk:
        await desk.select("IKEv2")
        await desk.keys("space")
        assert desk.design.keying_modules == ("IKE",)
        await desk.keys("space")
        assert desk.design.keying_modules == ("IKE",)


async def test_the_cursor_passes_over_what_cannot_be_chosen():
    async with at_work(design(**OLD), (80, 40)) as desk:
        await desk.select("main_mode")
        await desk.keys("e", "tab", "tab", "e")
        groups = desk.top.query_one("#dh_group", ChoiceList)
        await desk.keys("tab", "tab")
        assert groups.has_focus
        assert "- group 24 not in Windows 7: since Windows 8" in shown(desk)
        await desk.keys("j", "j")
        assert groups.value == "IKEEXT_DH_GROUP_2"


async def test_a_flag_that_is_there_is_taken_out_and_the_other_cannot_be_ticked():
    """In a narrow terminal the reason goes on below the box that it belongs to."""
    async with at_work(design(**OLD), (60, 40)) as desk:
        await desk.select("quick_mode")
        await desk.keys("e")
        there, other = (desk.top.query_one(f"#{flag}", TickBox) for flag in (NOTIFY, DICTATE))
        assert other.disabled
        assert not there.disabled
        assert other.size.height == 2
        assert "key manager dictates keys (AuthIP) not in Windows 7: since Windows 8" in shown(desk)
        there.focus()
        await desk.keys("space", "enter")
        assert desk.design.quick_mode.flags == ()
