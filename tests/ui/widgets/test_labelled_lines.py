"""An explanation is painted anew only where it shows something else."""

from collections.abc import Iterable
from itertools import permutations
from typing import Any

import pytest
from textual.app import App
from textual.strip import Strip

from ndtui.ui.widgets.labelled_lines import LabelledLines

LINK = "https://learn.microsoft.com/windows/win32/fwp/mode"  # 50 cells: too wide beside a label
TEXTS = (
    [("Name", "service 1: DNS"), ("Layer", "FWPM_LAYER_ALE_AUTH_CONNECT_V4 {c38d57d1}"), ("Key", "{1}")],
    [("Name", "service 2: DNS"), ("Layer", "FWPM_LAYER_ALE_AUTH_CONNECT_V4 {c38d57d1}"), ("Key", "{22}")],
    [("Name", "服务 2: DNS"), ("Why", "FWPM_LAYER_ALE_AUTH_CONNECT_V4"), ("Key", "e\u0301{22}")],
    [("Name", "服務 2: DNS"), ("Why", "[/x] [b"), ("Key", "e{22}")],
    [("Name", ""), ("Why", "👩\u200d🚀 up"), ("", "👩 up")],
    [("Name", "service"), ("See", f"{LINK}-policy")],
    [("Name", "service"), ("See", f"{LINK}-picked")],
    [("Name", "service"), ("See", ""), ("", "as wide as a link that stands below")],
)


class OneText(App[None]):
    """Shows nothing else."""

    def __init__(self) -> None:
        super().__init__()
        self.lines = LabelledLines(8)

    def compose(self) -> Iterable[LabelledLines]:
        yield self.lines


def cells(strip: Strip) -> list[Any]:
    """Return what each cell of a line shows: the sign that begins there, and how."""
    found: list[Any] = []
    for x in range(strip.cell_length):
        piece = strip.crop(x, x + 1)
        found.append([(segment.text, segment.style) for segment in piece])
    return found


@pytest.mark.parametrize(("one", "other"), list(permutations(range(len(TEXTS)), 2)))
async def test_what_is_not_painted_anew_shows_what_it_showed(one, other, monkeypatch):
    app = OneText()
    async with app.run_test(size=(60, 10)) as pilot:
        app.lines.exchange(TEXTS[one])
        await pilot.pause()
        before = [app.lines.render_line(y) for y in range(3)]
        painted: set[tuple[int, int]] = set()

        def refresh(*regions, layout=False):
            assert regions and not layout
            painted.update((x, y) for region in regions for y in region.line_range for x in region.column_range)

        monkeypatch.setattr(app.lines, "refresh", refresh)
        assert not app.lines.exchange(TEXTS[other])
        for y, strip in enumerate(before):
            now = cells(app.lines.render_line(y))
            for x, (was, shows) in enumerate(zip(cells(strip), now, strict=True)):
                assert (x, y) in painted or was == shows
        monkeypatch.undo()


async def test_only_the_lines_that_changed_are_painted(monkeypatch):
    app = OneText()
    async with app.run_test(size=(60, 10)) as pilot:
        app.lines.exchange(TEXTS[0])
        await pilot.pause()
        painted = []
        monkeypatch.setattr(app.lines, "refresh", lambda *regions, **_: painted.extend(regions))
        app.lines.exchange(TEXTS[1])
        monkeypatch.undo()
        assert {region.y for region in painted} == {0, 2}


async def test_another_number_of_lines_is_laid_out():
    app = OneText()
    async with app.run_test(size=(40, 10)) as pilot:
        app.lines.exchange(TEXTS[0][:1])
        await pilot.pause()
        assert app.lines.size.height == 1
        assert app.lines.exchange([("Why", "a text that is longer than the room there is beside its label")])
        await pilot.pause()
        assert app.lines.size.height == 2
        assert [app.lines.render_line(y).text.rstrip() for y in range(2)] == [
            "Why      a text that is longer than the",
            "         room there is beside its label",
        ]


@pytest.mark.parametrize(
    ("width", "lines"),
    [
        (60, [f"See      {LINK}"]),
        (59, [f"See      {LINK}"]),
        (58, ["See", LINK]),
        (50, ["See", LINK]),
        (49, ["See      https://learn.microsoft.com/windows/win3", "         2/fwp/mode"]),
    ],
)
async def test_a_link_is_whole_in_one_line_where_there_is_room(width, lines):
    app = OneText()
    async with app.run_test(size=(width, 10)) as pilot:
        app.lines.exchange([("See", LINK), ("Why", "because")])
        await pilot.pause()
        shown = [app.lines.render_line(y).text.rstrip() for y in range(app.lines.size.height)]
        assert shown == [*lines, "Why      because"]


async def test_a_label_that_is_longer_than_labels_are_stands_whole_above_its_text():
    app = OneText()
    async with app.run_test(size=(40, 10)) as pilot:
        path = "ikeV2MmPolicy.authenticationMethods[0].inboundRootArray"
        app.lines.exchange([("Object", "changed"), ("Raw context", "none"), (path, "a"), ("Why", "because")])
        await pilot.pause()
        assert [app.lines.render_line(y).text.rstrip() for y in range(app.lines.size.height)] == [
            "Object   changed",
            "Raw context",
            "         none",
            *(path[:40], path[40:], "         a"),
            "Why      because",
        ]


async def test_what_is_more_than_a_link_wraps_beside_its_label():
    app = OneText()
    async with app.run_test(size=(50, 10)) as pilot:
        app.lines.exchange([("See", f"{LINK} and more")])
        await pilot.pause()
        assert app.lines.render_line(1).text.startswith("         ")


async def test_terminals_are_told_the_whole_of_a_link_with_every_piece_of_it():
    app = OneText()
    async with app.run_test(size=(40, 10)) as pilot:
        app.lines.exchange([("See", LINK), ("Why", f"because of {LINK}"), ("", "https://example.test/\N{SNOWMAN}")])
        await pilot.pause()
        told = [[s.style.link for s in app.lines.render_line(y) if s.style and s.style.link] for y in range(2)]
        assert told == [[LINK], [LINK]]
        ids = {s.style.link_id for y in range(2) for s in app.lines.render_line(y) if s.style and s.style.link}
        assert len(ids) == 1
        rest = [s.style.link for y in range(2, app.lines.size.height) for s in app.lines.render_line(y) if s.style]
        assert not any(rest)
