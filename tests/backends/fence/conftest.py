"""Plug-ins are tested through the command line too."""

from tests.cli.conftest import run  # noqa: F401 - a fixture
