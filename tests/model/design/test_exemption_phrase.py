"""The line that says what an exemption matches."""

import re

import pytest
from hypothesis import given

from ndtui.model.design.exemption import Exemption
from ndtui.model.design.exemption_phrase import FIELDS, parse_phrase, phrase_of, texts_of
from tests.strategies import exemptions


def said(text: str) -> dict[str, str]:
    return {name: value for name, value in parse_phrase(text).items() if value}


@pytest.mark.parametrize(
    ("text", "fields"),
    [
        ("udp 53", {"protocol": "udp", "remote_ports": "53"}),
        ("UDP port 53", {"protocol": "udp", "remote_ports": "53"}),
        ("17 53", {"protocol": "udp", "remote_ports": "53"}),
        ("udp 53, 88 , 464", {"protocol": "udp", "remote_ports": "53,88,464"}),
        (
            "udp 53 10.0.0.1, 10.0.0.2",
            {"protocol": "udp", "remote_ports": "53", "remote_addresses": "10.0.0.1,10.0.0.2"},
        ),
        (
            "udp 10.0.0.1 10.0.0.2 53",
            {"protocol": "udp", "remote_ports": "53", "remote_addresses": "10.0.0.1, 10.0.0.2"},
        ),
        ("tcp to fe80::/10 port 443", {"protocol": "tcp", "remote_ports": "443", "remote_addresses": "fe80::/10"}),
        ("tcp local 3389", {"protocol": "tcp", "local_ports": "3389"}),
        (
            "tcp local 3389 10.0.0.9 remote 192.0.2.0/24",
            {
                "protocol": "tcp",
                "local_ports": "3389",
                "local_addresses": "10.0.0.9",
                "remote_addresses": "192.0.2.0/24",
            },
        ),
        ("icmp type 8 code 0", {"protocol": "icmp", "icmp_type": "8", "icmp_code": "0"}),
        ("10.0.0.7", {"remote_addresses": "10.0.0.7"}),
        ("47", {"protocol": "47"}),
        ("gre", {"protocol": "47"}),
        ("GRE 10.0.0.7", {"protocol": "47", "remote_addresses": "10.0.0.7"}),
        ("icmpv6 type 128", {"protocol": "icmp", "icmp_type": "128"}),
        ("protocol 47 10.0.0.7", {"protocol": "47", "remote_addresses": "10.0.0.7"}),
        (r"tcp 443 app C:\x.exe", {"protocol": "tcp", "remote_ports": "443", "program": r"C:\x.exe"}),
        (r'app "C:\Program Files\X, Y\x.exe" udp', {"protocol": "udp", "program": r"C:\Program Files\X, Y\x.exe"}),
        (r"program \device\harddiskvolume3\x.exe", {"program": r"\device\harddiskvolume3\x.exe"}),
        ("tcp 1024-2047", {"protocol": "tcp", "remote_ports": "1024-2047"}),
        ("", {}),
    ],
)
def test_what_a_line_says(text: str, fields: dict[str, str]):
    assert said(text) == fields


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("quic 443", "'quic' is no protocol: write any, icmp, tcp, udp, icmpv6, igmp, gre, esp, ah"),
        ("udp intranet", "'intranet' means nothing where it stands: write traffic such as udp 53"),
        ("udp tcp", "'tcp' means nothing"),
        ("256", "'256' is no protocol"),
        ("udp local", "ends after local"),
        ("udp app", "ends after app"),
        (r"udp C:\x.exe", "write the path of a program behind app"),
        (r"udp app C:\Program Files\X\x.exe", "in quotes where it has blanks"),
        (r"tcp app D:\Some Dir\X.exe", re.escape(r"'Dir\X.exe' stands apart")),
        ("udp Intranet", "'Intranet' means nothing"),
        (r'udp app "C:\x.exe', "a quote that is not closed"),
        (r"app C:\x.exe app C:\y.exe", "is a second program"),
        ("icmp type", "ends after type"),
        ("icmp type 8 type 9", "'9' is a second icmp type"),
        ("udp protocol 9", "'9' is a second protocol"),
        ("udp from 10.0.0.1", "'from' means nothing"),
    ],
)
def test_what_is_wrong_with_a_line(text: str, problem: str):
    with pytest.raises(ValueError, match=problem):
        parse_phrase(text)


@given(exemptions().map(Exemption.model_validate))
def test_a_line_says_what_an_exemption_matches(exemption: Exemption):
    texts = texts_of(exemption)
    found = {name: value or None for name, value in parse_phrase(phrase_of(texts)).items()}
    fields = {**dict(exemption), **dict.fromkeys(FIELDS), "protocol": "any"}
    numbers = {name: int(found.pop(name) or 0) for name in ("icmp_type", "icmp_code") if found.get(name)}
    fields |= {name: value for name, value in found.items() if value} | numbers
    fields |= {name: () for name in FIELDS if fields[name] is None and "icmp" not in name}
    fields |= {name: fields[name].split(", ") for name in ("profiles", "interfaces") if fields[name]}
    fields["program"] = fields["program"] or ""
    assert Exemption.model_validate(fields) == exemption
