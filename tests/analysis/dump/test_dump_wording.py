"""What a machine's filter matches, in a few words: as an operator says it, and never less than it says."""

from pathlib import Path

import pytest

from ndtui.analysis.dump import DumpFilter, read_dump
from ndtui.analysis.dump.dump_wording import condition_line, matches_words
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
        ((number("FLAGS", 9, "FLAGS_NONE_SET", "FWP_UINT32"),), "flags has none of 9"),
        ((number("CURRENT_PROFILE_ID", 1, data_type="FWP_UINT32"),), "profile private"),
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
