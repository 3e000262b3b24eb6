"""What a machine's filter matches, in a few words: as an operator says it, and never less than it says."""

from pathlib import Path

import pytest

from ndtui.analysis.dump import DumpFilter, read_dump
from ndtui.analysis.dump.dump_wording import condition_line, matches_words, searched_lines
from ndtui.analysis.dump.search import Search, matching
from tests.analysis.dump.test_dump import condition, diag, filter_xml, typed

PROGRAM = r"\device\harddiskvolume3\windows\system32\svchost.exe"
BLOB = f"<byteBlob><data>00</data><asString>{PROGRAM}</asString></byteBlob>"


def number(field: str, value: int | str, match: str = "EQUAL", data_type: str = "FWP_UINT16") -> str:
    tag = data_type.removeprefix("FWP_").lower()
    return condition(f"FWPM_CONDITION_{field}", typed(data_type, f"<{tag}>{value}</{tag}>"), match)


def with_conditions(folder: Path, *conditions: str) -> DumpFilter:
    path = folder / "filters.xml"
    path.write_text(diag(filter_xml(conditions="".join(conditions))), encoding="utf-8")
    return read_dump(path).filters[0]


def flags(value: int, match: str, field: str = "FLAGS") -> str:
    return number(field, value, f"FLAGS_{match}", "FWP_UINT32")


def ranged(field: str, low: int, high: int) -> str:
    ends = "".join(
        f"<{tag}><type>FWP_UINT32</type><uint32>{value}</uint32></{tag}>"
        for tag, value in (("valueLow", low), ("valueHigh", high))
    )
    return condition(f"FWPM_CONDITION_{field}", typed("FWP_RANGE_TYPE", f"<rangeValue>{ends}</rangeValue>"), "RANGE")


PROTOCOL = number("IP_PROTOCOL", 17, data_type="FWP_UINT8")
PACKAGE = condition("FWPM_CONDITION_ALE_PACKAGE_ID", typed("FWP_SID", "<sid>S-1-0-0</sid>"))
ICMP6 = number("IP_PROTOCOL", 58, data_type="FWP_UINT8")


@pytest.mark.parametrize(
    ("conditions", "words"),
    [
        ((), "everything"),
        ((number("IP_LOCAL_ADDRESS_TYPE", 1, data_type="FWP_UINT8"), PROTOCOL), "unicast, UDP"),
        ((PROTOCOL, number("IP_REMOTE_PORT", 53), number("IP_REMOTE_PORT", 88)), "UDP, remote port 53 or 88"),
        ((number("IP_LOCAL_PORT", 1023, "GREATER"),), "local port > 1023"),
        ((number("IP_LOCAL_PORT", 80, "NOT_EQUAL"),), "local port != 80"),
        ((ICMP6, number("IP_LOCAL_PORT", 135), number("IP_REMOTE_PORT", 0)), "ICMPv6, type 135, code 0"),
        ((flags(9, "NONE_SET"),), "not loopback and not wildcard bind"),
        ((flags(0xC0000, "NONE_SET"),), "not outbound pass through and not inbound pass through"),
        ((flags(3, "ANY_SET"), PROTOCOL), "loopback or IPsec secured, UDP"),
        ((flags(3, "ALL_SET"),), "loopback and IPsec secured"),
        ((flags(1 << 31 | 4, "ALL_SET"),), "reauthorize and 0x80000000"),
        ((flags(0, "NONE_SET"),), "flags has none of 0"),
        ((number("FLAGS", 5, data_type="FWP_UINT32"),), "only loopback and reauthorize"),
        ((number("FLAGS", 5, "GREATER", "FWP_UINT32"),), "flags > 5"),
        ((flags(2, "NONE_SET", "ALE_SIO_FIREWALL_SYSTEM_PORT"),), "socket property not allow edge traffic"),
        ((flags(8, "ANY_SET", "REAUTHORIZE_REASON"),), "reauthorize reason profile crossing"),
        ((number("DIRECTION", 1, data_type="FWP_UINT32"),), "inbound"),
        ((number("DIRECTION", 7, data_type="FWP_UINT32"),), "7"),
        ((number("ARRIVAL_INTERFACE_TYPE", 131, data_type="FWP_UINT32"),), "arrival interface tunnel"),
        ((number("NEXTHOP_TUNNEL_TYPE", 14, data_type="FWP_UINT32"),), "next-hop tunnel Teredo"),
        ((number("TUNNEL_TYPE", 15, "NOT_EQUAL", "FWP_UINT32"),), "tunnel != IP-HTTPS"),
        ((number("INTERFACE_TYPE", 1234, data_type="FWP_UINT32"),), "interface 1234"),
        ((ranged("INTERFACE_TYPE", 6, 71),), "interface 6-71"),
        ((number("ORIGINAL_PROFILE_ID", 1, data_type="FWP_UINT32"),), "ORIGINAL_PROFILE_ID 1"),
        ((number("CURRENT_PROFILE_ID", 2, data_type="FWP_UINT32"),), "profile private"),
        ((number("INTERFACE_QUARANTINE_EPOCH", 7, data_type="FWP_UINT64"),), "INTERFACE_QUARANTINE_EPOCH 7"),
        ((condition("FWPM_CONDITION_ALE_APP_ID", typed("FWP_BYTE_BLOB_TYPE", BLOB)),), r"app ...\svchost.exe"),
        (
            (condition("FWPM_CONDITION_ALE_PACKAGE_ID", typed("FWP_SID", "<sid>S-1-0-0</sid>")),),
            "ALE_PACKAGE_ID S-1-0-0",
        ),
    ],
)
def test_a_few_words(conditions: tuple[str, ...], words: str, tmp_path: Path) -> None:
    assert matches_words(with_conditions(tmp_path, *conditions)) == words


def test_a_long_value_has_both_ends_and_all_of_it_stands_elsewhere(tmp_path: Path) -> None:
    sddl = f"O:SYG:SYD:(A;;CCRC;;;S-1-5-80-{'1234567890-' * 20}77)"
    value = typed("FWP_SECURITY_DESCRIPTOR_TYPE", f"<sd>{sddl}</sd>")
    each = with_conditions(tmp_path, condition("FWPM_CONDITION_ALE_USER_ID", value))
    words = matches_words(each)
    assert words.startswith("the account O:SYG:SYD:(A;;CCRC;;;S-1-5-80-")
    assert words.endswith("-77)")
    assert len(words) < 80
    assert sddl in condition_line(each)


@pytest.mark.parametrize(
    ("one", "line"),
    [
        (flags(0xC0000, "NONE_SET"), "FLAGS has none of IS_OUTBOUND_PASS_THRU, IS_INBOUND_PASS_THRU"),
        (flags(1 << 11 | 1, "ALL_SET"), "FLAGS has all of IS_LOOPBACK, 0x800"),
        (flags(0, "ALL_SET"), "FLAGS has all of 0"),
        (
            flags(1, "NONE_SET", "ALE_SIO_FIREWALL_SYSTEM_PORT"),
            "ALE_SIO_FIREWALL_SYSTEM_PORT has none of IS_SYSTEM_PORT_RPC",
        ),
        (number("DIRECTION", 0, data_type="FWP_UINT32"), "DIRECTION = OUTBOUND"),
        (number("ARRIVAL_TUNNEL_TYPE", 14, data_type="FWP_UINT32"), "ARRIVAL_TUNNEL_TYPE = TEREDO"),
        (number("NEXTHOP_INTERFACE_TYPE", 131, data_type="FWP_UINT32"), "NEXTHOP_INTERFACE_TYPE = TUNNEL"),
        (number("CURRENT_PROFILE_ID", 1, data_type="FWP_UINT32"), "CURRENT_PROFILE_ID = 1"),
        (number("IP_REMOTE_PORT", 1), "IP_REMOTE_PORT = 1"),
    ],
)
def test_numbers_by_the_constants_of_windows(one: str, line: str, tmp_path: Path) -> None:
    assert condition_line(with_conditions(tmp_path, one)) == line


def test_a_filter_is_found_by_the_number_of_the_file_too(tmp_path: Path) -> None:
    each = with_conditions(tmp_path, flags(0xC0000, "NONE_SET"), PROTOCOL)
    assert searched_lines(each) == (
        "FLAGS has none of IS_OUTBOUND_PASS_THRU, IS_INBOUND_PASS_THRU, IP_PROTOCOL = UDP",
        "FLAGS has none of 786432, IP_PROTOCOL = UDP",
    )
    assert searched_lines(with_conditions(tmp_path)) == ("everything",)


@pytest.mark.parametrize(
    ("wanted", "count"), [("FLAGS IS_INBOUND_PASS_THRU", 1), ("flags 524288", 1), ("pass_thru", 2)]
)
def test_a_search_finds_a_condition_by_the_constant_and_by_the_number(wanted: str, count: int, tmp_path: Path) -> None:
    path = tmp_path / "filters.xml"
    texts = (filter_xml(conditions=flags(bit, "NONE_SET")) for bit in (0x80000, 0x40000, 1))
    path.write_text(diag("".join(texts)), encoding="utf-8")
    assert len(matching(read_dump(path), Search(condition=wanted)).filters) == count
