"""The programs of a peer, each started once for all tests that ask for it."""

from collections.abc import Iterator

import pytest

from tests.exporters.linux_peer.peer_pluto import Pluto, missing_for_pluto, running_pluto
from tests.exporters.linux_peer.peer_programs import (
    HOWTO,
    Libreswan,
    Strongswan,
    missing_for_strongswan,
    running_strongswan,
)


@pytest.fixture(scope="session")
def libreswan() -> Libreswan:
    """Return libreswan's parsers."""
    found = Libreswan()
    if not found.here:
        pytest.skip(f"there is no addconn of libreswan: {HOWTO}")
    return found


@pytest.fixture(scope="session")
def pluto() -> Iterator[Pluto]:
    """Return a pluto that runs."""
    missing = missing_for_pluto()
    if missing:
        pytest.skip(missing)
    with running_pluto() as made:
        yield made


@pytest.fixture(scope="session")
def strongswan() -> Iterator[Strongswan]:
    """Return a charon that runs."""
    missing = missing_for_strongswan()
    if missing:
        pytest.skip(missing)
    with running_strongswan() as made:
        yield made
