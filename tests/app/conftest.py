"""Tests that draw on a screen: the same screen everywhere."""

from tests.screen_setup import rare_collections, still_screen

__all__ = ["rare_collections", "still_screen"]
