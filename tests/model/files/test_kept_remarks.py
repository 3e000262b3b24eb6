"""Comments of a design's file stay with what they are about, where that has no name: proposals, methods, addresses."""

import re
import tomllib
from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ndtui.model.design.design import Design, change, default_design
from ndtui.model.design.exemption import Exemption
from ndtui.model.design.negotiation_edits import altered, certificates_of
from ndtui.model.files.design_file import format_design, parse_design
from ndtui.model.files.toml_writer import write

HEADING = "[[main_mode.proposals]]"
REMARKS = ("# the strongest", "# for most", "# for old ones")
_METHODS = 'authip_authentication = [{method = "IKEEXT_KERBEROS"}]'
NEXT = "# what is below has its own"


def commented() -> tuple[Design, str]:
    """Return a design and its text, with a remark on each main mode proposal and on what follows."""
    before, *proposals = format_design(default_design("mine")).split(f"{HEADING}\n")
    parts = [f"{remark}\n{HEADING}\n{text}" for remark, text in zip(REMARKS, proposals, strict=True)]
    text = f"{before}{''.join(parts)}".replace("[quick_mode]", f"{NEXT}\n[quick_mode]")
    text = text.replace("lifetime_seconds = 28800", "lifetime_seconds = 28800  # eight hours")
    text = text.replace(_METHODS, f"{_METHODS}  # ours")
    return parse_design(text, "mine"), text


def saved(before: Design, text: str, **main_mode: Any) -> list[str]:
    """Return the lines of a design that is saved over its text with another main mode."""
    after = change(before, main_mode={**dict(before.main_mode), **main_mode})
    written = format_design(after, text)
    assert parse_design(written, "mine") == after
    return written.splitlines()


def above_headings(lines: list[str], heading: str = HEADING) -> list[str]:
    return [lines[number - 1] for number, line in enumerate(lines) if line == heading]


def test_proposals_that_all_change_keep_their_remarks():
    before, text = commented()
    lines = saved(before, text, proposals=altered(before.main_mode.proposals, lifetime_seconds=14400))
    assert above_headings(lines) == list(REMARKS)
    assert lines.count("lifetime_seconds = 14400  # eight hours") == 3


@pytest.mark.parametrize("place", [1, 2])
def test_a_remark_goes_with_its_proposal(place: int):
    before, text = commented()
    proposals = before.main_mode.proposals
    lines = saved(before, text, proposals=(*proposals[:place], *proposals[place + 1 :]))
    assert above_headings(lines) == [remark for number, remark in enumerate(REMARKS) if number != place]
    assert above_headings(lines, "[quick_mode]") == [NEXT]


def test_a_remark_moves_with_its_proposal():
    before, text = commented()
    one, two, three = before.main_mode.proposals
    assert above_headings(saved(before, text, proposals=(one, three, two))) == [REMARKS[0], REMARKS[2], REMARKS[1]]


def test_lines_that_are_empty_do_not_grow_from_one_save_to_the_next():
    before, text = commented()
    bare = "\n".join(line for line in text.splitlines() if line not in REMARKS) + "\n"
    for seconds in (14400, 7200, 3600):
        proposals = altered(before.main_mode.proposals, lifetime_seconds=seconds)
        bare = "\n".join(saved(before, bare, proposals=proposals)) + "\n"
    assert "\n\n\n" not in bare
    assert bare.count(f"\n\n{HEADING}") == 3


def test_a_proposal_that_is_new_has_no_remark():
    before, text = commented()
    new = altered(before.main_mode.proposals[:1], cipher="IKEEXT_CIPHER_3DES", lifetime_seconds=60, quick_mode_limit=9)
    lines = saved(before, text, proposals=(*before.main_mode.proposals, *new))
    assert above_headings(lines)[:3] == list(REMARKS)
    assert above_headings(lines)[3] not in REMARKS
    assert above_headings(lines, "[quick_mode]") == [NEXT]


def test_methods_stay_in_their_line_and_new_keys_come_before_tables():
    before, text = commented()
    rooted = {
        f"{module.lower()}_authentication": (certificates_of(module, ("subject:CN=Root",)),)
        for module in ("AuthIP", "IKEv2")
    }
    lines = saved(before, text, **rooted)
    assert "]  # ours" in lines
    assert not any(line.startswith("[[main_mode.authip") for line in lines)
    assert above_headings(lines) == list(REMARKS)
    assert lines.index("ikev2_authentication = [") < lines.index(REMARKS[0])


# Entries of a list.


def listed(*entries: str) -> Design:
    """Return a design with an exemption of some addresses."""
    dns = Exemption(name="DNS", protocol="udp", remote_ports=53, remote_addresses=list(entries))
    return change(default_design("mine"), exemptions=(dns,))


def remarked(*entries: str) -> str:
    """Return its text, in which each address stands on a line of its own with a remark behind it."""
    lines = "".join(f'  "{each}",  # remark on {each}\n' for each in entries)
    found = re.sub(
        r"remote_addresses = \[.*?\]",
        f"remote_addresses = [\n{lines}]",
        format_design(listed(*entries)),
        flags=re.DOTALL,
    )
    assert parse_design(found, "mine") == listed(*entries)
    return found


SOME = ("10.0.0.1", "10.0.0.2", "10.0.0.3")
ADDRESSES = st.lists(st.sampled_from([f"10.0.0.{n}" for n in range(1, 9)]), unique=True, min_size=1)


@given(ADDRESSES, ADDRESSES)
def test_entries_that_stay_or_move_keep_their_remarks(before: list[str], after: list[str]):
    lines = format_design(listed(*after), remarked(*before)).splitlines()
    assert parse_design("\n".join(lines), "mine") == listed(*after)
    for each in after:
        [line] = [line for line in lines if f'"{each}"' in line]
        assert line.endswith(f"# remark on {each}") == (each in before)
    assert len([line for line in lines if "# remark" in line]) == len({*before} & {*after})


def test_a_remark_on_a_line_of_its_own_stays_and_so_do_those_of_tables_in_a_line():
    text = remarked(*SOME).replace('  "10.0.0.2"', '  # the second site\n  "10.0.0.2"')
    lines = format_design(listed(*SOME[1:], "10.0.0.9"), text).splitlines()
    at = lines.index("  # the second site")
    assert lines[at - 1 : at + 5] == [
        "remote_addresses = [",
        "  # the second site",
        '  "10.0.0.2",  # remark on 10.0.0.2',
        '  "10.0.0.3",  # remark on 10.0.0.3',
        '  "10.0.0.9",',
        "]",
    ]
    tables = "t = [\n  {a = 1},  # one\n  {a = 2},  # two\n]\n"
    assert write({"t": [{"a": 2}, {"a": 3}]}, tables) == "t = [\n  {a = 2},  # two\n  {a = 3},\n]\n"


@pytest.mark.parametrize(
    ("before", "after"), [(range(3_000), range(1_000, 8_000)), ([7] * 3_000, [7] * 2_999)], ids=["another", "the same"]
)
def test_a_long_list_that_would_take_long_to_change_is_written_anew(before: Sequence[int], after: Sequence[int]):
    text = "".join(f"  {n},  # {n}\n" for n in before)
    written = write({"t": list(after)}, f"t = [\n{text}]\n")
    assert tomllib.loads(written) == {"t": list(after)}
    assert "#" not in written
