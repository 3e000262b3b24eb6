"""The status line: everything where there is room, and what matters most where there is little."""

import pytest

from ndtui.model.design import edits
from ndtui.ui.state.workbench import Workbench, open_workbench
from ndtui.ui.widgets.status_line import Destination, Said, status_text
from tests.support import design

STORE = Destination("store")
BOTH = "10 filters  10 layers  |  -4"


def line(workbench: Workbench, width: int, destination: Destination = STORE, *, read_only: bool = False) -> str:
    return status_text(workbench, destination, Said("r", "checking"), read_only=read_only, width=width)


@pytest.fixture
def failing() -> Workbench:
    """A design with an error, a warning and notes, after a change."""
    assertion = {"traffic": "in tcp from any to any port 443", "verdict": "exempt"}
    opened = open_workbench(design(name="site-a", **{"assert": [assertion]}), None)
    after = opened.edited(opened.history.do("switch", edits.toggle_module(opened.design, "IKE")))
    assert after.findings  # worked out now
    return after


@pytest.mark.parametrize(
    ("width", "words"),
    [
        (
            110,
            "site-a *  |  10 filters  10 layers  |  -4, -2 contexts (r)  |  1 error, 2 warnings, 4 notes  |  -> store",
        ),
        (100, "site-a *  |  10 filters  10 layers  |  -4, -2 contexts (r)  |  1 error, 2 warnings, 4 notes"),
        (80, "site-a *  |  10 filters  10 layers  |  -4 (r)  |  1 error, 2 warnings, 4 notes"),
        (76, "site-a *  |  10 filters  |  -4 (r)  |  1 error, 2 warnings, 4 notes"),
        (60, "site-a *  |  10 filters  |  -4 (r)  |  1 error"),
        (40, "site-a *  |  10 filters  |  1 error"),
        (30, "site-a *  |  1 error"),
    ],
)
def test_what_is_worst_is_the_last_to_go(failing: Workbench, width: int, words: str) -> None:
    assert line(failing, width) == words


def test_what_waits_and_that_nothing_is_written_never_go(failing: Workbench) -> None:
    waiting = Destination("store", "reverts in 59 s")
    assert line(failing, 60, waiting, read_only=True) == "site-a *  |  1 error  |  reverts in 59 s  |  READ-ONLY"
    assert line(failing, 30, waiting, read_only=True) == "s… *  |  reverts in 59 s  |  READ-ONLY"


def test_what_is_not_worked_out_yet_is_said_in_the_place_of_findings() -> None:
    opened = open_workbench(design(name="site-a"), None)
    assert line(opened, 100) == "site-a  |  14 filters  10 layers  |  checking  |  -> store"
    assert line(opened, 40) == "site-a  |  14 filters  |  checking"
