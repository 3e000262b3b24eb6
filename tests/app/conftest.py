"""Tests that draw on a screen: the same screen everywhere."""

import pytest

from ndtui.ui.state import tour_marker
from tests.screen_setup import rare_collections, still_screen

__all__ = ["rare_collections", "still_screen"]


@pytest.fixture
def tour_was_shown() -> None:
    """Let it not be the first start."""
    assert tour_marker.note_shown() == ""
