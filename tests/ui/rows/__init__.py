"""Tests of what is shown, as data."""
