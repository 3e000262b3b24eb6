"""The right pane and the lower one: four views, search, layers, explanations, copies, panes and status line."""

import os

import pytest
from textual.screen import Screen

from ndtui.app.app import NdtuiApp
from ndtui.app.launch import run_designer
from ndtui.common.text import visible
from ndtui.model.compiled.ike_exemptions import exemptions_beside
from ndtui.model.compiled.origin import Origin
from ndtui.model.design import edits
from ndtui.model.vocabulary import number_of
from ndtui.ui.rows.design_rows import VIEW_NAMES
from ndtui.ui.rows.finding_rows import finding_of
from ndtui.ui.rows.view import Heading
from ndtui.ui.rows.weight_ladder import StandRow
from ndtui.ui.state.finding_kind import FindingKind
from ndtui.ui.state.options import Options
from ndtui.ui.widgets.arranged_table import _STAY_GROUPED
from ndtui.ui.widgets.detail import Detail, two_columns
from ndtui.ui.widgets.row_table import RowTable
from tests.desk import Desk, at_work
from tests.support import design, exempting, preset, with_nothing_to_say

HEADS = {
    "filters": "does matches",
    "weights": "range does",
    "contexts": "type",
    "findings": "severity what",
    "changes": "what",
}


def current(desk: Desk) -> str:
    """Return the view that the view bar sets off."""
    text = desk.top.query_one("ViewBar").content
    ((start, end),) = [(s.start, s.end) for s in text.spans if s.style and s.style.reverse]
    return text.plain[start:end].split()[1].lower()


async def test_the_views_by_number():
    async with at_work("ms-sample") as desk:
        desk.app.edit("change", edits.toggle_extended_mode)
        for number, name in enumerate(VIEW_NAMES, start=1):
            await desk.keys(str(number))
            await desk.until(lambda: desk.table.rows)
            assert desk.app.designer.view_name == name
            assert current(desk) == name
            assert HEADS[name] in desk.words
            assert desk.table.has_focus
            assert desk.table.rows


async def test_the_views_one_after_the_other():
    async with at_work() as desk:
        seen = []
        for _ in range(6):
            await desk.keys("v")
            seen.append(current(desk))
        assert seen == ["weights", "contexts", "findings", "changes", "filters", "weights"]


async def test_what_the_views_hold():
    async with at_work("nd-domain-member") as desk:
        every = {f.identity for f in desk.bench.filterset.filters}
        assert {row.identity for row in desk.table.rows if not isinstance(row, Heading)} == every
        await desk.keys("2")
        standing = [row.filter for row in desk.table.rows if isinstance(row, StandRow)]
        bfe = {each.identity for each in exemptions_beside(desk.bench.filterset)}
        assert {each.identity for each in standing} == every | bfe
        assert len(standing) == len(every) + len(bfe)
        await desk.keys("3")
        assert tuple(desk.table.rows) == desk.bench.filterset.contexts
        await desk.keys("4")
        assert tuple(row for row in map(finding_of, desk.table.source) if row) == desk.bench.findings


async def test_the_line_of_views_counts_where_there_is_room():
    async with at_work("ms-sample", (140, 45)) as desk:
        await desk.until(lambda: "checking" not in desk.status)
        assert "1 Filters 16  2 Weights  3 Contexts 2  4 Findings 18" in desk.text.split("\n")[0]
        await desk.select("V6")
        await desk.keys("space")
        assert "1 Filters 8 " in desk.text.split("\n")[0]


async def test_a_view_without_rows_says_so():
    async with at_work(with_nothing_to_say()) as desk:
        await desk.keys("4")
        assert "nothing to say: no findings" in desk.text
        assert desk.explanation == ""
        await desk.keys("j", "k", "g", "G", "enter", "]", "[", "pagedown")
        assert desk.table.row is None
    bare = design(exemptions=[])
    async with at_work(bare) as desk:
        await desk.keys("1", "/")
        await desk.write("nosuchthing")
        assert desk.table.rows == []
        assert "none found: esc shows all" in desk.text
        assert f"0 of {desk.count}" in desk.text
    async with at_work() as desk:
        desk.app.designer.query_one("#decisions").focus()
        await desk.keys("/")
        await desk.write("nosuchthing")
        assert "none found: esc shows all" in desk.text  # whole in the decisions' pane, the narrowest
        await desk.write(' "x')
        assert "unreadable: esc shows all" in desk.text


async def test_searching():
    async with at_work("nd-domain-member") as desk:
        everything = list(desk.table.rows)
        await desk.keys("1", "/")
        await desk.write("DHCP")
        await desk.keys("enter")
        found = [row for row in desk.table.rows if not isinstance(row, Heading)]
        assert {row.origin for row in found} == {Origin.exemption("DHCP"), Origin.exemption("DHCPv6")}
        assert len(found) == 6
        assert f"6 of {desk.count}" in desk.text
        assert desk.table.has_focus
        assert desk.table.row.origin == Origin.exemption("DHCP")
        headings = [row.layer for row in desk.table.rows if isinstance(row, Heading)]
        assert headings == list(dict.fromkeys(row.slot.layer for row in found))
        await desk.keys("/")
        assert desk.table.line.text == "DHCP"
        await desk.keys("ctrl+u")
        await desk.write("inbound_TRANSPORT_v4")
        await desk.keys("enter")
        assert {row.slot.layer for row in desk.table.rows if not isinstance(row, Heading)} == {
            "FWPM_LAYER_INBOUND_TRANSPORT_V4"
        }
        await desk.keys("/")
        await desk.keys("ctrl+u", "space", "enter")
        assert list(desk.table.rows) == everything
        assert "of 56" not in desk.text


@pytest.mark.parametrize("view", ["filters", "weights"])
async def test_a_search_shows_every_heading_once_above_its_rows(view):
    names = ("web one", "mail", "web two", "web three")
    async with at_work(exempting(*({"name": name, "protocol": "tcp"} for name in names))) as desk:
        await desk.run(f"view('{view}')")
        layers = [row for row in desk.table.rows if isinstance(row, Heading)]
        every = desk.count + (len(exemptions_beside(desk.bench.filterset)) if view == "weights" else 0)
        desk.table.filter_by("web")
        await desk.until(lambda: not desk.table.working)
        rows = list(desk.table.rows)
        shown = [row for row in rows if isinstance(row, Heading)]
        assert 0 < len(shown) < len(layers)
        assert len(set(shown)) == len(shown)
        at = [number for number, row in enumerate(rows) if isinstance(row, Heading)]
        assert at == list(range(0, len(rows), 4))  # each above its three rows
        assert desk.table.counts == (3 * len(shown), every)
        desk.table.filter_by("mail")
        await desk.until(lambda: not desk.table.working)
        assert [isinstance(row, Heading) for row in desk.table.rows] == [True, False] * len(shown)


async def test_a_search_lasts_through_edits_and_ends_with_the_view():
    async with at_work(exempting({"name": "web", "protocol": "tcp"}, {"name": "mail", "protocol": "tcp"})) as desk:
        await desk.keys("1", *"/web", "enter")
        assert len([r for r in desk.table.rows if not isinstance(r, Heading)]) == 6
        await desk.select("V6")
        await desk.keys("space")
        desk.app.edit("other", edits.toggle_extended_mode)  # changes no filter
        await desk.settle()
        assert len([r for r in desk.table.rows if not isinstance(r, Heading)]) == 3
        assert f"3 of {desk.count}" in desk.text
        await desk.keys("2")
        standing = [row for row in desk.table.rows if isinstance(row, StandRow)]
        assert len(standing) == desk.count + len(exemptions_beside(desk.bench.filterset))
        assert f"of {desk.count}" not in desk.text
        await desk.keys("1")
        assert f"3 of {desk.count}" in desk.text


@pytest.mark.parametrize("view", ["filters", "weights"])
async def test_going_from_layer_to_layer(view):
    async with at_work("nd-domain-member") as desk:
        await desk.run(f"view('{view}')")
        layers = [row.layer for row in desk.table.rows if isinstance(row, Heading)]
        assert len(layers) == (12 if view == "weights" else 10)  # BFE has exemptions at ALE_AUTH_CONNECT too

        def here() -> str:
            return str(desk.table.row.layer)

        await desk.keys("g")
        for layer in layers:
            assert here() == layer
            heading = next(n for n, row in enumerate(desk.table.rows) if getattr(row, "layer", "") == layer)
            assert desk.table.cursor == heading + 1
            await desk.keys("]")
        assert here() == layers[-1]
        await desk.keys("j", "j")
        for layer in reversed(layers[:-1]):
            await desk.keys("[")
            assert here() == layer
        await desk.keys("[")
        assert here() == layers[0]


async def test_layers_from_the_left_pane_put_the_focus_on_the_table():
    async with at_work() as desk:
        assert desk.decisions.has_focus
        await desk.keys("]")
        assert desk.table.has_focus
        assert desk.table.row.slot.layer == "FWPM_LAYER_IKEEXT_V6"


async def test_the_explanation_follows_the_cursor():
    async with at_work(size=(140, 45)) as desk:
        await desk.keys("1")
        seen = []
        for _ in range(desk.count):
            row = desk.table.row
            assert f"Name: {row.name} " in desk.explanation
            assert f"Key: {{{row.key}}}" in desk.explanation
            seen.append(desk.explanation)
            await desk.keys("j")
        assert len(set(seen)) == desk.count
        await desk.keys("tab", "tab")
        assert desk.app.focused is desk.decisions
        assert desk.explanation.startswith(": peer with IPsec")


async def test_a_text_of_the_same_height_lays_nothing_out_anew(monkeypatch):
    async with at_work() as desk:
        await desk.keys("1", "j")
        laid_out = []
        refresh_layout = Screen._refresh_layout
        monkeypatch.setattr(Screen, "_refresh_layout", lambda *a, **o: laid_out.append(a) or refresh_layout(*a, **o))
        first, height = desk.explanation, desk.top.query_one("#detail LabelledLines").size.height
        await desk.keys("j")
        assert desk.top.query_one("#detail LabelledLines").size.height == height
        assert desk.explanation != first
        await desk.keys("1")
        assert laid_out == []
        await desk.keys("4")
        assert laid_out != []


@pytest.mark.parametrize("size", [(60, 20), (80, 24), (140, 45)], ids=str)
async def test_an_explanation_is_as_high_as_its_text(size):
    async with at_work(size=size) as desk:
        for key in (*"jjjjjjjj", "tab", *"jjjjjj", "2", *"jjj", "3", *"jj", "4", "1", "z", "j", "z", "G", "space", "u"):
            await desk.keys(key)
            detail, body = desk.top.query_one(Detail), desk.top.query_one("#detail LabelledLines")
            table = two_columns(((line.label, visible(line.text)) for line in detail.lines), 12)
            options = desk.app.console.options.update_width(body.size.width)
            wrapped = len(desk.app.console.render_lines(table, options)) if detail.lines else 0
            assert body.size.height == wrapped, key


async def test_the_explanation_names_constants_with_their_numbers():
    async with at_work("ms-sample", size=(140, 45)) as desk:
        await desk.go_to(lambda row: getattr(row, "label", "") == "require protection inbound")
        for name in (
            "FWP_ACTION_CALLOUT_TERMINATING",
            "FWPM_CONTEXT_IPSEC_INBOUND_PERSIST_CONNECTION_SECURITY",
            "FWP_MATCH_EQUAL",
        ):
            number = number_of(name)
            assert any(f"{name} ({n})" in desk.explanation for n in (number, f"0x{number:04x}")), name
        assert "FWPM_LAYER_ALE_AUTH_RECV_ACCEPT_V4 {e1cd9fe7-f4b5-4273-96c0-592e487b8650}" in desk.explanation
        assert "FWPM_SUBLAYER_UNIVERSAL" in desk.explanation
        assert "FWPM_CALLOUT_IPSEC_INBOUND_INITIATE_SECURE_V4" in desk.words
        await desk.keys("3")
        await desk.go_to(lambda context: "quick" in context.name)
        assert "IPSEC_POLICY_FLAG_ND_SECURE (0x2)" in desk.explanation
        assert "FWPM_IPSEC_AUTHIP_QM_TRANSPORT_CONTEXT (" in desk.explanation
        await desk.keys("4")
        await desk.go_to(lambda row: isinstance(row, FindingKind))
        assert desk.table.row.first.message in desk.explanation
        assert "Remedy: " in desk.explanation
        await desk.keys("right")
        assert isinstance(desk.table.row, FindingKind)
        await desk.keys("j", "j")
        assert desk.table.row.finding.message in desk.explanation
        assert desk.table.row.finding.id == "weak-main-mode"


async def test_enter_reads_a_row():
    async with at_work() as desk:
        await desk.keys("1", "j", "enter")
        detail = desk.top.query_one(Detail)
        assert desk.app.focused is detail
        assert detail.max_scroll_y > 0
        await desk.keys("end")
        assert detail.scroll_offset.y == detail.max_scroll_y
        assert "See learn" in desk.words.replace("https://", "") or "learn.microsoft.com" in desk.words
        await desk.keys("shift+tab", "j")
        assert detail.scroll_offset.y == 0


async def test_copying_a_row():
    async with at_work("nd-domain-member") as desk:
        await desk.go_to(lambda row: str(getattr(row, "origin", "")) == "exemption:DHCP")
        await desk.keys("y")
        copied = desk.app.clipboard
        assert copied.startswith("Name:")
        assert "exempt DHCP" in copied
        assert "FWP_ACTION_PERMIT (0x1002)" in copied
        assert desk.said == [f"Copied the selected row: {len(copied):,} characters, to the terminal's clipboard"]
        await desk.select("IKE")
        await desk.keys("y")
        assert "[x] IKE" in desk.app.clipboard


async def test_copying_the_whole_table():
    async with at_work("nd-domain-member") as desk:
        await desk.keys("Y")
        lines = desk.app.clipboard.split("\n")
        assert lines[0] == "does\tmatches\thands on\tweight\tname"
        assert len(lines) == 1 + len(desk.table.rows)
        assert sum(line.startswith("permit\t") for line in lines) == desk.count - 14
        assert "all filters" in desk.said[0]
        await desk.keys("3", "Y")
        assert desk.app.clipboard.split("\n")[0] == "type\toffers\tholds\tname"
        assert "FWPM_" not in desk.app.clipboard
        assert "all contexts" in desk.said[1]


async def test_zooming():
    async with at_work() as desk:
        await desk.keys("z")
        assert desk.decisions.size.width > 70
        assert desk.table.size.width <= 1
        assert not desk.top.query_one(Detail).display
        await desk.keys("tab")
        assert desk.table.has_focus
        assert desk.table.size.width > 70
        assert desk.decisions.size.width <= 1
        await desk.keys("z")
        assert desk.table.size.width > 40
        assert desk.decisions.size.width > 20
        assert desk.top.query_one(Detail).display


async def test_zooming_the_explanation():
    async with at_work() as desk:
        await desk.keys("1", "enter", "z")
        detail = desk.top.query_one(Detail)
        assert desk.app.focused is detail
        assert detail.size.height > 15
        await desk.keys("z")
        assert detail.size.height < 10
        assert desk.table.size.height > 10


async def test_a_narrow_terminal_shows_one_pane_at_a_time():
    async with at_work(size=(60, 20)) as desk:
        assert desk.decisions.size.width > 50
        assert desk.table.size.width <= 1
        await desk.keys("tab")
        assert desk.table.has_focus
        assert desk.table.size.width > 50
        assert desk.decisions.size.width <= 1
        await desk.keys("tab", "tab")
        assert desk.decisions.has_focus
        assert desk.decisions.size.width > 50
        await desk.keys("2")
        assert desk.table.size.width > 50


async def test_the_status_line():
    async with at_work("ms-sample", read_only=True, backend="memory", size=(140, 45)) as desk:
        await desk.until(lambda: "checking" not in desk.status)
        severities = [f.severity for f in desk.bench.findings]
        assert desk.status == (
            f"ms-sample  |  {desk.count} filters  10 layers  |  "
            f"{severities.count('warning')} warnings, {severities.count('note')} notes  |  -> memory  |  READ-ONLY"
        )
    async with at_work() as desk:
        assert desk.status == "nd-transport  |  20 filters  10 layers  |  1 warning, 3 notes  |  -> store"
    async with at_work(with_nothing_to_say()) as desk:
        assert desk.status == "nd-boundary  |  16 filters  8 layers  |  no findings  |  -> store"


@pytest.mark.parametrize("name", ["n" * 40, "鍵" * 40, "e\u0301" * 200], ids=["long", "wide", "combining"])
@pytest.mark.parametrize("size", [(80, 24), (60, 20)], ids=str)
async def test_what_matters_most_stays_in_the_status_line(name, size):
    async with at_work(design(name=name), size, read_only=True) as desk:
        await desk.select("IKE")
        await desk.keys("space")
        assert desk.status.startswith(name[:5])
        assert " *" in desk.status
        assert "10 filters" in desk.status
        assert desk.status.endswith("READ-ONLY")


async def test_a_wide_name_of_a_backend_keeps_the_status_line_on_the_screen():
    async with at_work(backend="鍵" * 12, read_only=True, size=(72, 20)) as desk:
        assert "20 filters" in desk.status
        assert desk.status.endswith("READ-ONLY")


async def test_colours_unless_they_are_not_wanted(monkeypatch):
    async with at_work() as desk:
        assert desk.app.theme != "terminal"
    monkeypatch.setenv("NO_COLOR", "1")
    async with at_work() as desk:
        assert desk.app.theme == "terminal"
        await desk.keys("1")
        shown = [segment for y in range(desk.table.size.height) for segment in desk.table.render_line(y)]
        assert [segment.text for segment in shown if segment.style.reverse] == [desk.table.render_line(2).text]


@pytest.mark.parametrize(
    ("environment", "no_color", "after"),
    [("", False, None), ("1", False, "1"), (None, True, "1"), (None, False, None)],
)
def test_how_the_designer_is_started(monkeypatch, environment, no_color, after):
    started = []

    def run(self):
        started.append(self)

    monkeypatch.setattr(NdtuiApp, "run", run)
    if environment is not None:
        monkeypatch.setenv("NO_COLOR", environment)
    options = Options(no_color=no_color)
    assert run_designer(preset("nd-transport"), None, options) == 0
    assert os.environ.get("NO_COLOR") == after
    monkeypatch.delenv("NO_COLOR", raising=False)
    assert started[0].workbench.design == preset("nd-transport")
    assert not started[0].workbench.dirty


async def test_messages_say_which_table_the_cursor_is_in():
    async with at_work() as desk:
        desk.messages.clear()
        await desk.keys("1", "j")
        as_timeline = [m for m in desk.messages if isinstance(m, RowTable.Highlighted)]
        assert as_timeline[-1].control is desk.table
        assert as_timeline[-1].row is desk.table.row


async def test_the_filter_takes_letters_as_letters():
    async with at_work() as desk:
        await desk.keys("2", "/")
        await desk.write("q u?:/")
        assert desk.top is desk.app.designer
        assert desk.table.line.text == "q u?:/"
        assert "/ q u?:/" in desk.text


async def test_what_a_filter_matches_never_gets_narrower_as_the_terminal_grows():
    """At every width where the layout changes or a column comes; between those the test of the layout looks at each."""
    async with at_work(size=(60, 20)) as desk:
        await desk.run("view('filters')")
        number = next(n for n, column in enumerate(desk.table.view.columns) if column.title == "matches")
        before = 0
        for width in (60, 70, 79, 80, 81, 89, 90, 100, 110, 120, 130, 139, 140, 141, 150, 160, 180, 200):
            await desk.pilot.resize_terminal(width, 20)
            await desk.until(lambda: desk.table.region.right == width)  # noqa: B023 - asked at once
            size = next(
                size for n, _, size in desk.table.layout_of(desk.table.scrollable_content_region.width) if n == number
            )
            assert size >= before, width
            before = size
        assert before > 60


async def test_filters_in_a_range_of_many_are_found_and_sorted():
    exemptions = ({"name": f"web {n}", "protocol": "tcp", "remote_ports": [n]} for n in range(1, 61))
    async with at_work(exempting(*exemptions), (140, 40)) as desk:
        await desk.keys("2")
        assert not [row for row in desk.table.rows if isinstance(row, StandRow) and row.filter.origin.exemption_name]
        await desk.keys(*'/"web 7" range:15', "ctrl+u", *'name:"web 7" weight>0', "enter")
        await desk.until(lambda: not desk.table.working)
        found = [row for row in desk.table.rows if isinstance(row, StandRow)]
        assert {row.filter.origin for row in found} == {Origin.exemption("web 7")}
        assert len(found) == 6
        await desk.keys("escape", "L")
        desk.table.sort_by(3)
        await desk.until(lambda: not desk.table.working)
        weights = [row.weight.value for row in desk.table.rows]
        assert weights == sorted(weights)
        assert len(weights) == desk.count + len(exemptions_beside(desk.bench.filterset))


async def test_of_two_zooms_one_holds():
    async with at_work(size=(77, 20)) as desk:
        await desk.keys("1", "z")
        desk.top.set_focus(desk.top.query_one("#detail"))
        await desk.keys("z")
        assert desk.top.has_class("-reading")
        assert not desk.top.has_class("-zoomed")
        assert desk.top.query_one("#detail").size.height > 10
        desk.top.set_focus(desk.table)
        await desk.keys("z")
        assert desk.table.size.height > 10


@pytest.mark.parametrize(("view", "said"), [("3", "There are no layers here to group by"), ("4", _STAY_GROUPED)])
async def test_why_groups_are_not_dissolved(view: str, said: str):
    async with at_work("ms-sample") as desk:
        await desk.keys(view)
        desk.table.focus()
        await desk.keys("L")
        assert desk.said[-1] == said


async def test_what_is_wrong_with_a_filter_is_said_whole_at_enter():
    async with at_work() as desk:
        desk.table.focus()
        await desk.keys("/", *"foo:x", "enter")
        assert desk.said[-1] == desk.table.wanted.problem
        assert "no column 'foo'" in desk.said[-1]
        assert desk.table.line is not None
