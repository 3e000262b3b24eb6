"""SIDs that Windows makes of names, against those that real machines have in their filters."""

from collections.abc import Callable

import pytest

from ndtui.model.vocabulary.security_ids import (
    package_sid,
    parse_capability,
    parse_package,
    parse_service,
    service_sid,
)

STORE = "S-1-15-2-1609473798-1231923017-684268153-4268514328-882773646-2760585773-1760938157"
GAME_BAR = "S-1-15-2-1714399563-1326177402-2048222277-143663168-2151391019-765408921-4098702777"


@pytest.mark.parametrize(
    ("name", "sid"),
    [
        # The first is the owner of Windows' own files, the others stand in filters of machines.
        ("TrustedInstaller", "S-1-5-80-956008885-3418522649-1831038044-1853292631-2271478464"),
        ("dnscache", "S-1-5-80-859482183-879914841-863379149-1145462774-2388618682"),
        ("DHCP", "S-1-5-80-2940520708-3855866260-481812779-327648279-1710889582"),
        ("TermService", "S-1-5-80-446051430-1559341753-4161941529-1950928533-810483104"),
    ],
)
def test_services(name: str, sid: str):
    assert service_sid(name) == parse_service(name.upper()) == parse_service(sid.lower()) == sid


@pytest.mark.parametrize(
    ("name", "sid"),
    [("Microsoft.WindowsStore_8wekyb3d8bbwe", STORE), ("Microsoft.XboxGamingOverlay_8wekyb3d8bbwe", GAME_BAR)],
)
def test_packages(name: str, sid: str):
    assert package_sid(name) == parse_package(name.replace("Microsoft", "MICROSOFT")) == parse_package(sid) == sid


def test_capabilities():
    assert [parse_capability(name) for name in ("internetClient", "INTERNETCLIENTSERVER")] == [
        "S-1-15-3-1",
        "S-1-15-3-2",
    ]
    assert parse_capability("s-1-15-3-1024-5") == "S-1-15-3-1024-5"


@pytest.mark.parametrize(
    ("parse", "text", "wanted"),
    [
        (parse_service, "S-1-5-21-1", "no SID of a service"),
        (parse_service, "a,b", "no name of a service"),
        (parse_service, "S-1-5-80-x", "no SID of a service"),
        (parse_package, "S-1-15-3-1", "no SID of a package"),
        (parse_package, "notepad", "is no package"),
        (parse_capability, "S-1-15-2-1", "no SID of a capability"),
        (parse_capability, "flying", "no capability with a number"),
    ],
)
def test_what_is_none_is_refused(parse: Callable[[str], str], text: str, wanted: str):
    with pytest.raises(ValueError, match=wanted):
        parse(text)
