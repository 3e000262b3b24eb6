"""The ladder as rows: what stands where, what is folded, what a change marks, and texts for every row."""

import pytest
from hypothesis import given

from ndtui.model.compiled import weights
from ndtui.model.compiled.compile import compile_design
from ndtui.model.compiled.ike_exemptions import exemptions_beside, is_of_bfe
from ndtui.model.compiled.weights import effective_weight
from ndtui.model.design import edits
from ndtui.model.design.exemption import Exemption
from ndtui.ui.glyphs import in_ascii
from ndtui.ui.rows.ladder_rows import MANY, explain_ladder_row, ladder_rows, standing_rows
from ndtui.ui.rows.view import Heading
from ndtui.ui.rows.weight_ladder import (
    FOLDED,
    GAP,
    LADDER,
    RAIL,
    RUNG,
    TIED,
    UNFOLDED,
    RangeRow,
    StandRow,
    SublayerRow,
    ladder_cells,
    ladder_key,
)
from ndtui.ui.state.workbench import Workbench, open_workbench
from tests import exemption_edits
from tests.strategies import designs
from tests.support import design, exempting, preset

INBOUND = "FWPM_LAYER_INBOUND_TRANSPORT_V4"


def at(layer, filterset, **more):
    return [row for row in ladder_rows(filterset, more.pop("marks", {}), **more) if row.layer == layer]


def drawn(rows) -> list[str]:
    return [" ".join(ladder_cells(row)[:3]) for row in rows]


def many(count: int):
    return exempting(*({"name": f"host {n}", "protocol": "tcp", "local_ports": [n + 1]} for n in range(count)))


def test_the_picture_of_a_layer():
    assert [in_ascii(line) for line in drawn(at(INBOUND, compile_design(preset("nd-transport"))))] == [
        "INBOUND_TRANSPORT_V4  4, 2 of BFE",
        " above |  RPC_AUDIT 49152, IPSEC_TUNNEL 40960, IPSEC_FORWARD_OUTBOUND_TUNNEL 36864, IPSEC_DOSP 34816",
        " 32768 |  UNIVERSAL: filters of this design and BFE",
        " 15-13 :  empty",
        "    12 +- permit unicast, ICMP",
        "       += BFE permit UDP, local port 500",
        "       += BFE permit UDP, local port 4500",
        "  11-1 :  empty",
        "     0 +- callout unicast",
        " below |  LIPS 32767, SECURE_SOCKET 16384, IPSEC_SECURITY_REALM 12288, TCP_TEMPLATES 8704, "
        "TCP_CHIMNEY_OFFLOAD 8192, MPSSVC_APP_ISOLATION 7, MPSSVC_TENANT_RESTRICTIONS 6, MPSSVC_EDP 5, "
        "MPSSVC_QUARANTINE 4, MPSSVC_WSH 3, MPSSVC_WF 2, TEREDO 1, INSPECTION 0",
    ]


def test_a_sublayer_of_its_own_stands_among_those_of_windows():
    rows = at(INBOUND, compile_design(design(sublayer={"kind": "own", "weight": 20000})))
    assert [in_ascii(line)[:24] for line in drawn(rows) if " | " in in_ascii(line)] == [
        " above |  RPC_AUDIT 4915",
        " 32768 |  UNIVERSAL: fil",
        "  then |  LIPS 32767",
        " 20000 |  own sublayer: ",
        " below |  SECURE_SOCKET ",
    ]
    own = next(row for row in rows if isinstance(row, SublayerRow) and row.sublayer.own)
    (callout,) = [row for row in rows if isinstance(row, StandRow) and row.filter.slot.callout]
    assert rows.index(own) < rows.index(callout)
    assert callout.standing == (1, 1, 0, None)


def test_the_glyphs_have_plain_twins_of_the_same_width():
    glyphs = (RAIL, GAP, RUNG, TIED, FOLDED, UNFOLDED)
    plain = [in_ascii(glyph) for glyph in glyphs]
    assert all(twin.isascii() and len(twin) == len(glyph) for twin, glyph in zip(plain, glyphs, strict=True))
    assert len(set(plain)) == len(glyphs)


@given(designs())
def test_every_row_has_its_texts_a_key_of_its_own_and_something_to_say(made):
    filterset = compile_design(made)
    rows = ladder_rows(filterset, {})
    assert len({ladder_key(row) for row in rows}) == len(rows)
    for row in rows:
        assert len(ladder_cells(row)) == (len(LADDER.usual) if isinstance(row, StandRow) else 1)
        if isinstance(row, Heading):
            assert not LADDER.selectable(row)
        else:
            assert explain_ladder_row(row, filterset)


@given(designs(most=8))
def test_standings_count_from_the_first_to_the_last_of_a_sublayer(made):
    filterset = compile_design(made)
    sublayers: dict[tuple[str, str, bool], list[StandRow]] = {}
    for row in ladder_rows(filterset, {}):
        if isinstance(row, StandRow):
            slot = row.filter.slot
            sublayers.setdefault((row.layer, slot.sublayer, slot.is_before_bfe), []).append(row)
    for rows in sublayers.values():
        weights = [effective_weight(row.filter).value for row in rows]
        assert weights == sorted(weights, reverse=True)
        for number, row in enumerate(rows):
            assert row.standing is not None
            assert (row.standing.place, row.standing.of) == (number + 1, len(rows))
            assert row.standing.below is (rows[number + 1].filter if number + 1 < len(rows) else None)
            assert row.standing.callouts_below == sum(bool(r.filter.slot.callout) for r in rows[number + 1 :])
            assert row.tied == (weights.count(weights[number]) > 1)


def test_many_filters_of_a_range_are_one_row_until_it_is_unfolded():
    filterset = compile_design(many(MANY))
    rows = at(INBOUND, filterset)
    (folded,) = [row for row in rows if isinstance(row, RangeRow) and row.unfolds]
    assert drawn([folded]) == [f"    12 {FOLDED} {MANY + 2} exemptions: enter unfolds"]
    assert [row.filter.slot.role for row in rows if isinstance(row, StandRow)] == ["callout"]
    opened = at(INBOUND, filterset, opened={folded.key})
    assert len(opened) == len(rows) + MANY + 2
    (heading,) = [row for row in opened if isinstance(row, RangeRow) and row.unfolds]
    assert drawn([heading]) == [f"    12 {UNFOLDED} {MANY + 2} exemptions: enter folds"]
    assert ladder_key(heading) == ladder_key(folded)
    assert [row.label for row in opened if isinstance(row, StandRow)].count("12") == 0
    assert not any(isinstance(row, RangeRow) and row.unfolds for row in at(INBOUND, compile_design(many(MANY - 2))))


def test_a_folded_range_is_not_weighed(monkeypatch):
    filterset = compile_design(many(500))
    weighed = []
    monkeypatch.setattr(
        "ndtui.ui.rows.ladder_rows.effective_weight", lambda each: weighed.append(each) or effective_weight(each)
    )
    monkeypatch.setattr(
        "ndtui.analysis.ranking.ladder.effective_weight", lambda each: weighed.append(each) or effective_weight(each)
    )
    ladder_rows(filterset, {})
    assert 0 < len(weighed) < 200


def test_a_search_has_headings_and_filters_alone_and_all_of_them():
    filterset = compile_design(many(100))
    rows = [row for piece in standing_rows(filterset, {}) for row in piece]
    assert all(isinstance(row, Heading | StandRow) for row in rows)
    assert {row.label == str(row.weight.range) for row in rows if isinstance(row, StandRow)} == {True}
    standing = sum(isinstance(row, StandRow) for row in rows)
    assert standing == len(filterset.filters) + len(exemptions_beside(filterset))


def test_what_a_search_looks_through_is_made_and_weighed_a_few_at_a_time(monkeypatch):
    filterset = compile_design(many(500))
    weighed = []
    weigh = weights.automatic_weight
    monkeypatch.setattr(weights, "automatic_weight", lambda *what: weighed.append(what) or weigh(*what))
    weights.weigh.cache_clear()
    most = rows = 0
    for piece in standing_rows(filterset, {}):
        most, rows = max(most, len(weighed)), rows + len(piece)
        assert len(piece) <= 128
        weighed.clear()
    assert rows > 6 * 500
    assert 100 < most <= 128


def edited(made, edit) -> Workbench:
    workbench = open_workbench(made, None)
    return workbench.edited(workbench.history.do("edit", edit(made)))


def ladder_of(workbench: Workbench):
    return ladder_rows(workbench.filterset, workbench.changes.marks, workbench.changes.removed)


def test_what_a_change_adds_and_removes_is_marked_in_its_place():
    workbench = edited(
        preset("nd-transport"),
        lambda d: edits.add_exemption(d, Exemption(name="web", protocol="tcp", local_ports=[80])),
    )
    marked = [row for row in ladder_of(workbench) if LADDER.mark(row)]
    assert [(row.filter.label, row.mark) for row in marked] == [("exempt web", "+")] * 6
    workbench = edited(workbench.design, lambda d: exemption_edits.delete(d, "web"))
    marked = [row for row in ladder_of(workbench) if LADDER.mark(row)]
    assert [(row.filter.label, row.mark) for row in marked] == [("exempt web", "-")] * 6
    (gone,) = [row for row in marked if row.layer == INBOUND]
    rows = [row for row in ladder_of(workbench) if row.layer == INBOUND]
    assert rows[0].text == "INBOUND_TRANSPORT_V4  4, 2 of BFE"
    stands = [row for row in rows if isinstance(row, StandRow)]
    assert [row.filter.label for row in stands][:2] == ["exempt web", "exempt ICMP"]
    assert [row.standing.place for row in stands if row.standing] == [1, 2, 3, 4]
    lines = explain_ladder_row(gone, workbench.filterset)
    assert lines[0].text == "no more: the last change has removed it"


def test_a_folded_range_says_how_much_changed_in_it():
    workbench = edited(many(100), lambda d: edits.add_exemption(d, Exemption(name="web", protocol="udp")))
    assert any("103 exemptions (+1): enter" in line for line in drawn(ladder_of(workbench)))
    workbench = edited(many(100), lambda d: exemption_edits.delete(d, "host 5"))
    assert any("101 exemptions (-1): enter" in line for line in drawn(ladder_of(workbench)))


def test_a_folded_range_has_the_mark_of_what_changed_in_it_and_an_unfolded_one_leaves_it_to_its_filters():
    added = edited(many(100), lambda d: edits.add_exemption(d, Exemption(name="web", protocol="udp")))
    removed = edited(many(100), lambda d: exemption_edits.delete(d, "host 5"))
    both = edited(many(100), lambda d: edits.replace_exemption(d, "host 5", Exemption(name="web", protocol="udp")))
    for workbench, mark in ((added, "+"), (removed, "-"), (both, "~")):
        (folded,) = [
            row for row in ladder_of(workbench) if isinstance(row, RangeRow) and row.folded and row.layer == INBOUND
        ]
        assert LADDER.mark(folded) == mark
        opened = at(INBOUND, workbench.filterset, marks=workbench.changes.marks, opened={folded.key})
        assert not any(LADDER.mark(row) for row in opened if isinstance(row, RangeRow))
    unchanged = ladder_rows(compile_design(many(100)), {})
    assert not any(map(LADDER.mark, unchanged))


def test_a_filter_that_is_gone_ties_with_none():
    workbench = edited(preset("nd-transport"), lambda d: edits.toggle_module(d, "AuthIP"))
    rows = [row for row in ladder_of(workbench) if isinstance(row, StandRow) and row.layer == "FWPM_LAYER_IKEEXT_V4"]
    assert {(row.mark, row.tied) for row in rows} == {("", False), ("-", False)}
    assert len({row.weight.value for row in rows}) == 1
    before = at("FWPM_LAYER_IKEEXT_V4", compile_design(preset("nd-transport")))
    assert [row.tied for row in before if isinstance(row, StandRow)] == [True, True]


def test_filters_that_tie_do_so_with_one_between_them_that_is_gone():
    made = exempting(
        *(
            {"name": name, "protocol": "tcp", "local_ports": [port]}
            for name, port in (("one", 1), ("two", 2), ("three", 3))
        )
    )
    workbench = edited(made, lambda d: exemption_edits.delete(d, "two"))
    rows = [row for row in ladder_of(workbench) if isinstance(row, StandRow) and row.layer == INBOUND]
    assert [(row.filter.label, row.tied) for row in rows if row.filter.slot.role == "exemption"][:3] == [
        ("exempt one", True),
        ("exempt three", True),
        ("exempt two", False),
    ]


def test_a_sublayer_counts_what_is_there_whose_it_is_and_what_is_gone_as_nothing():
    texts = {
        row.layer: in_ascii(drawn([row])[0])
        for row in ladder_rows(compile_design(preset("nd-transport")), {})
        if isinstance(row, SublayerRow)
    }
    assert texts["FWPM_LAYER_ALE_AUTH_CONNECT_V4"] == " 32768 |  UNIVERSAL: filters of BFE"
    assert texts["FWPM_LAYER_IKEEXT_V4"] == " 32768 |  UNIVERSAL: filters of this design"
    assert texts[INBOUND] == " 32768 |  UNIVERSAL: filters of this design and BFE"
    workbench = edited(preset("nd-transport"), lambda d: edits.toggle_family(d, "V6"))
    (row,) = [row for row in ladder_of(workbench) if isinstance(row, SublayerRow) and row.layer.endswith("IKEEXT_V6")]
    assert in_ascii(drawn([row])[0]) == " 32768 |  UNIVERSAL: empty"
    said = {line.label: line.text for line in explain_ladder_row(row, workbench.filterset)}
    assert said["Holds"] == "0 of this design, 0 of BFE"


@pytest.mark.parametrize("module", ["IKE", "AuthIP"])
def test_filters_that_are_gone_with_their_context_are_explained_too(module):
    made = preset("nd-transport")
    workbench = edited(made, lambda d: edits.toggle_module(d, module))
    gone = [row for row in ladder_of(workbench) if isinstance(row, StandRow) and row.mark == "-"]
    assert len(gone) == 4
    for row in gone:
        lines = explain_ladder_row(row, workbench.filterset)
        assert any("which the design has no more" in line.text for line in lines)


def test_what_is_said_of_an_exemption_of_bfe():
    filterset = compile_design(preset("nd-transport"))
    rows = [row for row in ladder_rows(filterset, {}) if isinstance(row, StandRow) and is_of_bfe(row.filter)]
    assert len(rows) == 12
    for row in rows:
        said = " ".join(f"{line.label}: {line.text}" for line in explain_ladder_row(row, filterset))
        assert "Made by: BFE itself" in said
        assert "modelled: Microsoft's page leaves the sublayer open" in said
        assert "/ike-exemptions" in said
        assert ("the account local system" in said) == ("_ALE_" in row.layer)
