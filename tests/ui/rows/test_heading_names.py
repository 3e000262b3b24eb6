"""What the filter line finds of headings: their names, and nothing that they say of what is below them or of others."""

import pytest

from ndtui.analysis.check.finding import Finding
from ndtui.model.compiled.compile import compile_design
from ndtui.model.compiled.origin import Origin
from ndtui.ui.rows.applied_rows import CONTENTS
from ndtui.ui.rows.change_rows import CHANGES
from ndtui.ui.rows.decision_rows import DECISIONS, Decision, decision_rows
from ndtui.ui.rows.finding_rows import FINDINGS
from ndtui.ui.rows.ladder_rows import ladder_rows
from ndtui.ui.rows.machine.placed_among import PLACED
from ndtui.ui.rows.plan_rows import PLAN
from ndtui.ui.rows.trace_rows import TIMELINE
from ndtui.ui.rows.view import Heading
from ndtui.ui.rows.weight_ladder import LADDER
from ndtui.ui.state.finding_kind import FindingKind
from tests.support import preset


@pytest.mark.parametrize(
    ("view", "heading", "name"),
    [
        (PLAN, Heading("IPSEC_V4", "IPSEC_V4  2"), "IPSEC_V4"),
        (CONTENTS, Heading("Sublayers", "Sublayers  1"), "Sublayers"),
        (CHANGES, Heading("decisions", "Decisions  3"), "Decisions"),
        (TIMELINE, Heading("peer", "with a peer with IKE: first clear, then protected"), ""),
        (
            PLACED,
            Heading("FWPM_LAYER_IPSEC_V4", "IPSEC_V4, sublayer UNIVERSAL of weight 32768  12, 2 ours", "UNIVERSAL"),
            "IPSEC_V4, UNIVERSAL",
        ),
    ],
    ids=lambda value: getattr(value, "name", None),
)
def test_of_a_heading_its_name_is_searched(view, heading, name):
    assert view.name_of_heading(heading) == name


def test_the_headings_of_a_design_are_searched_without_their_counts():
    design = preset("nd-zones")
    headings = [row for row in decision_rows(design) if isinstance(row, Decision) and row.heading]
    assert [each.text for each in headings][:2] == ["Rules (3)", "Keying modules"]
    assert [DECISIONS.name_of_heading(each) for each in headings][:2] == ["Rules", "Keying modules"]
    ladder = [row for row in ladder_rows(compile_design(design), {}) if isinstance(row, Heading)]
    assert any(each.text.endswith("of BFE") for each in ladder)
    assert all(LADDER.name_of_heading(each) in each.layer for each in ladder)


def test_several_findings_are_found_by_their_id_and_by_what_each_says_of_itself():
    first = Finding("tie", "warning", Origin.exemption("DNS"), "DNS ties", "", "", "")
    assert FINDINGS.name_of_heading(FindingKind((first, first))) == "tie"
