"""Who is let in by an access list: the entries in their order, as Windows goes through them, and what would turn it."""

import pytest

from ndtui.model.design.access_check import MOST_SIDS, Token, canonical, identities, parse_token
from ndtui.model.design.access_list import MACHINE, USER, entries_of

ONE, TWO = "S-1-5-21-1-2-3-513", "S-1-5-21-1-2-3-9"
ALLOWS, DENIES = f"(A;;CC;;;{ONE})", f"(D;;CC;;;{ONE})"


@pytest.mark.parametrize(
    ("sddl", "token", "may"),
    [
        (f"O:LSD:{ALLOWS}", ONE, True),
        (f"O:LSD:{ALLOWS}", TWO, False),  # no entry is about it: denied
        (f"O:LSD:{ALLOWS}", f"{TWO},{ONE}", True),
        (f"D:(D;;CC;;;{TWO}){ALLOWS}", f"{ONE},{TWO}", False),
        (
            f"D:{ALLOWS}(D;;CC;;;{TWO})",
            f"{ONE},{TWO}",
            True,
        ),  # the first that is about it decides, whatever comes after
        (f"D:{DENIES}{ALLOWS}", ONE, False),
        (f"D:{ALLOWS}{DENIES}", ONE, True),
        (f"D:(A;;GA;;;{ONE})", ONE, True),
        (f"D:(A;;0x1;;;{ONE})", ONE, True),
        (f"D:(D;;CCRC;;;{TWO})(A;;GA;;;WD)", TWO, False),
        ("D:(A;;CC;;;WD)", TWO, True),
        ("D:(A;;CC;;;AU)", TWO, True),
        ("D:(A;;CC;;;S-1-5-2)", TWO, True),
        ("D:(A;;CC;;;WD)", "none", False),
        ("D:(A;;CC;;;BA)", "S-1-5-32-544", True),
        ("D:(A;;CC;;;S-1-0x5-32-0544)", "BA", True),
        ("D:(A;;CC;;;DC)", "DC", True),
        ("D:(A;;CC;;;DC)", "S-1-5-21-1-2-3-515", False),  # of which domain that is, the list does not say
        ("D:(A;;CC;;;SY)", TWO, False),
    ],
)
def test_the_first_entry_about_a_token_decides(sddl: str, token: str, may: bool):
    assert parse_token(token).may_connect(sddl) is may


def test_the_entry_that_decides_is_named():
    sddl = f"D:(D;;CC;;;{TWO}){ALLOWS}"
    assert parse_token(f"{ONE},{TWO}").decides(sddl) == (False, TWO)
    assert parse_token(ONE).decides(sddl) == (True, ONE)
    assert parse_token("DU").decides(sddl) is None


@pytest.mark.parametrize(
    ("sddl", "token", "turned"),
    [
        (f"D:(D;;CC;;;{TWO}){ALLOWS}(A;;CC;;;DC)", "DU", [ONE, "DC"]),
        (f"D:(D;;CC;;;{TWO}){ALLOWS}(A;;CC;;;DC)", "DC", [TWO]),
        (f"D:{ALLOWS}(D;;CC;;;{TWO})", ONE, []),
        (f"D:(D;;CC;;;{TWO}){ALLOWS}", TWO, []),
        (f"D:{ALLOWS}{ALLOWS}", TWO, [ONE]),
        (f"D:{ALLOWS}", "none", []),
        ("D:(D;;CC;;;WD)(A;;CC;;;DC)", "DC", []),
    ],
)
def test_what_one_more_sid_would_turn(sddl: str, token: str, turned: list[str]):
    found = parse_token(token)
    assert list(found.turned_by(sddl)) == turned
    for sid in turned:
        assert Token((*found.sids, sid)).may_connect(sddl) is not found.may_connect(sddl)


def test_a_token_is_read_as_it_is_written():
    assert parse_token(f"{ONE},dc,{ONE}") == Token((ONE, "DC"))
    assert parse_token("s-1-0X5-32-544") == Token(("S-1-0x5-32-544",))
    for text in (ONE, f"{TWO},DC", "none"):
        assert str(parse_token(text)) == text
    assert parse_token("NONE") == Token(())


@pytest.mark.parametrize("text", ["", "x", f"{ONE},", "none,DC", "S-1-5", "XX", "S-1-5-21-\u0661", f"{ONE} DC"])
def test_what_is_no_sid_is_refused(text: str):
    with pytest.raises(ValueError, match="is no SID: write S-1-5-21-"):
        parse_token(text)


def test_a_token_is_no_larger_than_those_of_windows():
    most = ",".join(f"S-1-5-21-{number}" for number in range(MOST_SIDS))
    assert len(parse_token(most).sids) == MOST_SIDS
    with pytest.raises(ValueError, match=f"more than {MOST_SIDS} SIDs"):
        parse_token(f"{most},DC")


def test_sids_are_the_same_however_they_are_written():
    assert canonical("SY") == canonical("S-1-5-18") == canonical("S-1-0x5-018") == "S-1-5-18"
    assert canonical("DC") == "DC"


def test_who_a_peer_is_stands_under_the_fields_that_ask_for_it():
    assert identities(None, None) == {}
    assert identities(Token((ONE,)), None) == {MACHINE: Token((ONE,))}
    assert identities(None, Token(())) == {USER: Token(())}


@pytest.mark.parametrize("flags", ["IO", "OICIIO", "x", "oi"])
def test_an_entry_that_windows_would_pass_over_is_refused(flags: str):
    with pytest.raises(ValueError, match="leave the second part empty"):
        entries_of(f"D:(A;{flags};CC;;;DC)")
    assert entries_of("D:(A;OICI;CC;;;DC)") == ((True, "DC"),)
