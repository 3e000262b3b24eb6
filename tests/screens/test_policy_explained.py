"""What the start shows: what the policy does, and how each thing is changed by the keys that hold."""

import pytest

from ndtui.model.design.design import change
from ndtui.screens import designer as designer_
from tests.desk import at_work
from tests.support import preset, ruled

OWN_KEYS = {
    "designer.switch": ("f5",),
    "designer.edit": ("f4",),
    "designer.rename": ("N",),
    "designer.delete": ("f12",),
    "tables.unfold": ("f11",),
}


@pytest.mark.parametrize("size", [(60, 20), (80, 24), (140, 40)])
async def test_the_start_shows_in_and_out_for_each_kind_of_peer(size):
    async with at_work(size=size) as desk:
        assert desk.decisions.row.id == "name"
        assert "Policy nd-transport" in desk.words
        lines = [line.rstrip() for line in desk.text.split("\n")]
        for line in (
            "              peer with IPsec          peer without IPsec",
            " In  -->      blocked, then protected  blocked",
            " Out <--      clear, then protected    clear",
            " Exempt       in clear both ways: ICMP",
        ):
            assert any(each.startswith(line) for each in lines)
        assert "Negotiates AuthIP before IKE, KERBEROS; IPv4 and IPv6," in desk.words


async def test_the_picture_follows_every_edit():
    async with at_work(change(preset("nd-transport"), description="")) as desk:
        assert "About:" not in desk.explanation
        desk.app.edit("boundary", lambda design: ruled(design, mode="boundary", nd_secure=False))
        await desk.settle()
        assert "In  -->: clear, then protected    clear" in desk.explanation
        desk.app.edit("none", lambda design: change(design, exemptions=()))
        await desk.settle()
        assert "Exempt: nothing: not even ICMP" in desk.explanation
        await desk.keys("u", "u")
        assert "In  -->: blocked, then protected  blocked" in desk.explanation


async def test_a_description_is_shown_part_by_part():
    described = change(preset("nd-transport"), description="First line\nand more.\n\nSecond [b]part.")
    async with at_work(described) as desk:
        assert "About: First line and more. : Second [b]part. Name: nd-transport: it stands" in desk.explanation


async def test_nothing_is_explained_until_the_first_frame_is_told_to_be_there(monkeypatch):
    """It would load the trace engine while the terminal is still empty."""
    explained = []
    monkeypatch.setattr(designer_, "explain_row", lambda row, *_: explained.append(row) or [])
    monkeypatch.setattr(designer_.DesignerScreen, "_begin_to_explain", lambda _: None)
    async with at_work() as desk:
        await desk.keys("j")
        assert "[x] IKE" in desk.text
        assert explained == []


async def test_the_explanation_names_the_keys_that_hold():
    async with at_work(keys=OWN_KEYS) as desk:
        assert "Change: enter or N" in desk.explanation
        await desk.select("IKE")
        assert "Change: f5; enter shows first what it would do" in desk.explanation
        await desk.select("exemption:ICMP")
        assert "Keys: f5 on/off, f4 edit, D duplicate, f12 delete, K J move" in desk.explanation
        await desk.keys("1", "F")
        assert "Keys: enter or f11 unfolds it" in desk.explanation
