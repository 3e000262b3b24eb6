"""Whether a security descriptor lets in a program: of an account, of a service, of an app package."""

import pytest

from ndtui.analysis.trace.token_access import grants, same_package
from ndtui.analysis.traffic.packet import parse_packet
from ndtui.analysis.traffic.packet_circumstances import Circumstances
from ndtui.model.vocabulary.security_ids import package_sid

PACKAGE, OTHER = package_sid("Some.App_8wekyb3d8bbwe"), package_sid("Other.App_8wekyb3d8bbwe")
DNS = "S-1-5-80-859482183-879914841-863379149-1145462774-2388618682"
INTERNET = "O:LSD:(A;;CC;;;S-1-15-3-1)(A;;CC;;;WD)(A;;CC;;;AN)"
NAMED = (
    'O:SYG:SYD:(XA;;CC;;;WD;(WIN://SYSAPPID Contains "Some.App_8wekyb3d8bbwe"))(A;;CC;;;S-1-15-3-1)(A;;CC;;;S-1-15-3-2)'
)


def said(words: str) -> Circumstances:
    return parse_packet(f"in tcp 10.0.0.5:51000 -> 10.0.0.9:443 {words}").said


@pytest.mark.parametrize(
    ("sddl", "words", "wanted"),
    [
        # A service: of a process that has it, of another, and where it is not said.
        (f"O:SYG:SYD:(A;;CCRC;;;{DNS})", "package none service dnscache", "yes"),
        (f"O:SYG:SYD:(A;;CCRC;;;{DNS})", "package none service dhcp", "no"),
        (f"O:SYG:SYD:(A;;CCRC;;;{DNS})", "package none service none", "no"),
        (f"O:SYG:SYD:(A;;CCRC;;;{DNS})", "package none", "perhaps"),
        (f"O:SYG:SYD:(A;;CCRC;;;{DNS})", "service none", "no"),
        ("D:(A;;CC;;;S-1-5-80-0)", "package none service dhcp", "yes"),
        ("D:(A;;CC;;;S-1-5-80-0)", "package none service none", "no"),
        # An account, with two letters or in full; and what a domain's letters stand for is not known.
        ("D:(A;;CC;;;SY)", "package none account S-1-5-18", "yes"),
        ("D:(A;;CC;;;SY)", "package none account NS", "no"),
        ("D:(A;;CC;;;SY)", "package none", "perhaps"),
        ("D:(A;;CC;;;LA)", "package none account S-1-5-21-1-2-3-500", "perhaps"),
        ("D:(A;;CC;;;LA)", "package none account SY", "no"),
        ("D:(A;;CC;;;AU)", "package none", "yes"),
        ("D:(D;;CC;;;SY)(A;;CC;;;WD)", "package none account SY", "no"),
        ("D:(D;;CC;;;SY)(A;;CC;;;WD)", "package none account NS", "yes"),
        ("D:(D;;CC;;;SY)(A;;CC;;;WD)", "package none", "perhaps"),
        # Nobody is let in by an empty list, everybody without one, nobody by another right.
        ("D:", "package none", "no"),
        ("O:SY", "package none", "yes"),
        ("D:NO_ACCESS_CONTROL", "package none", "yes"),
        ("D:(A;;RC;;;WD)", "package none", "no"),
        ("D:(A;;0x1;;;WD)", "package none", "yes"),
        ("D:(A;;0x2;;;WD)", "package none", "no"),
        ("D:(A;IO;CC;;;WD)", "package none", "no"),
        ("D:(A;NP;CC;;;WD)S:NO_ACCESS_CONTROL", "package none", "yes"),
        # The program of a package is asked twice: a desktop program needs no capability.
        (INTERNET, "package none", "yes"),
        (INTERNET, f"package {PACKAGE} capability internetClient", "yes"),
        (INTERNET, f"package {PACKAGE} capability none", "no"),
        (INTERNET, f"package {PACKAGE} capability internetClientServer", "no"),
        (INTERNET, f"package {PACKAGE}", "perhaps"),
        (INTERNET, "", "perhaps"),
        ("D:(A;;CC;;;S-1-15-3-1)", f"package {PACKAGE} capability internetClient", "no"),  # its account is not let in
        ("D:(A;;CC;;;SY)(A;;CC;;;AC)", f"package {PACKAGE} account SY", "yes"),
        ("D:(A;;CC;;;SY)(A;;CC;;;AC)", f"package {PACKAGE} account NS", "no"),
        ("D:(A;;CC;;;AC)", "package none account SY", "no"),
        (f"D:(A;;CC;;;WD)(A;;CC;;;{PACKAGE})", f"package {PACKAGE} capability none", "yes"),
        (f"D:(A;;CC;;;WD)(A;;CC;;;{PACKAGE})", f"package {OTHER} capability none", "no"),
        # A condition on the package family.
        (NAMED, f"package {PACKAGE} capability none", "yes"),
        (NAMED, f"package {OTHER} capability internetClient", "no"),
        (NAMED, "package none", "no"),
        (NAMED, "", "perhaps"),
        # What cannot be read stays open.
        ("D:(XA;;CC;;;WD;(Exists SomeClaim))", "package none", "perhaps"),
        ("D:(OA;;CC;x;;WD)", "package none", "perhaps"),
        ("D:(A;;CC;;;S-1-banana)", "package none", "perhaps"),
        ("D:(A;;GR;;;WD)", "package none", "perhaps"),
        ("D:(A;;CC;;;WD", "package none", "perhaps"),
    ],
)
def test_who_is_let_in(sddl: str, words: str, wanted: str):
    assert grants(sddl, said(words)) == wanted


@pytest.mark.parametrize(
    ("words", "wanted"),
    [("", "perhaps"), ("package none", "yes"), (f"package {PACKAGE}", "no")],
)
def test_no_package_has_the_null_sid(words: str, wanted: str):
    assert same_package("S-1-0-0", said(words)) == wanted
    if words:
        assert same_package(PACKAGE, said(words)) == ("no" if wanted == "yes" else "yes")
