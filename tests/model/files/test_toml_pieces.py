"""A design is saved over a text piece by piece: what comes out says and looks as if the whole had been written."""

from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ndtui.common.counted import listening
from ndtui.model.design import edits
from ndtui.model.design.design import Design, change
from ndtui.model.files import toml_pieces
from ndtui.model.files.design_file import format_design, parse_design
from ndtui.model.files.toml_pieces import pieces_of, write_pieces
from tests import exemption_edits
from tests.model.files.test_design_file import EXISTING
from tests.strategies import designs
from tests.support import design

TEXT = """# Mine
name = "mine"
description = '''
[[exemptions]]
is no heading here
'''

# All that is left out
[[exemptions]]
name = "DNS" # the name
protocol = "udp"
remote_ports = [ 53 ]

# Two remarks
# on the web
[[exemptions]]
name = "web"
protocol = "tcp"
remote_ports = [80] # and no more

# about ping

[[exemptions]]
name = "ping"
protocol = "icmp"

# How long
[quick_mode]
idle_timeout_seconds = 300 # five minutes
"""


@pytest.fixture(autouse=True)
def always(monkeypatch: pytest.MonkeyPatch) -> None:
    """Write few exemptions by pieces too."""
    monkeypatch.setattr(toml_pieces, "AT_ONCE", 0)


@pytest.fixture
def mine() -> Design:
    return parse_design(TEXT.replace("[[exemptions]]\nis", "is"), "mine")


#: TEXT without the heading that is none, so that it can be cut.
PLAIN = TEXT.replace("[[exemptions]]\nis", "is")


def refuse_whole(*_: object) -> None:
    raise AssertionError("the whole text was parsed")


def test_a_text_is_its_pieces():
    pieces = pieces_of(PLAIN)
    assert pieces is not None
    assert "".join((pieces.before, *pieces.exemptions, pieces.behind)) == PLAIN
    assert [each.splitlines()[0] for each in pieces.exemptions] == ["[[exemptions]]", "# Two remarks", "[[exemptions]]"]
    assert pieces.behind.startswith("# How long\n[quick_mode]")


class Counts:
    """Takes note of what is counted."""

    def __init__(self) -> None:
        self.seen: list[tuple[int, int]] = []

    def reach(self, done: int, of: int, step: int) -> None:
        self.seen.append((done, of))

    def seal(self) -> None:
        raise AssertionError("nothing is written")


def rewritten(made: Design, text: str = PLAIN) -> str:
    """Return what saving over a text gives, and see that it was done by pieces."""
    after = format_design(made, text)
    listener = Counts()
    with listening(listener):
        assert format_design(made, text) == after
    assert (0, len(made.exemptions)) in listener.seen
    assert parse_design(after, "after") == made
    return after


def test_what_did_not_change_stays_to_the_letter(mine: Design):
    first = rewritten(mine)
    assert rewritten(mine, first) == first
    one, other = first.splitlines(), rewritten(exemption_edits.toggle(mine, "web"), first).splitlines()
    assert [line for line in other if line not in one] == ["enabled = false"]
    assert [line for line in other if line != "enabled = false"] == one


def test_a_remark_right_above_a_heading_belongs_to_it(mine: Design):
    without_dns = rewritten(exemption_edits.delete(mine, "DNS"))
    assert '# Two remarks\n# on the web\n[[exemptions]]\nname = "web"' in without_dns
    assert "# All that is left out" in without_dns
    without_web = rewritten(exemption_edits.delete(mine, "web"))
    assert "on the web" not in without_web
    assert 'name = "DNS" # the name' in without_web
    moved = rewritten(exemption_edits.move(mine, "web", -1))
    assert '# Two remarks\n# on the web\n[[exemptions]]\nname = "web"' in moved
    last = rewritten(exemption_edits.delete(mine, "ping"))
    assert "# How long\n" in last


def test_what_stands_beside_the_exemptions_keeps_its_comments(mine: Design):
    after = rewritten(change(mine, keying_modules=["IKE"]))
    assert "# Mine\n" in after
    assert "idle_timeout_seconds = 300 # five minutes" in after
    assert 'keying_modules = ["IKE"]' in after


def test_each_exemption_stands_apart_and_the_file_ends_once(mine: Design):
    copy = exemption_edits.copy_of(mine, "ping")
    for made in (
        edits.add_exemption(mine, copy, "DNS"),
        edits.add_exemption(mine, copy),
        exemption_edits.move(mine, "ping", -1),
    ):
        after = rewritten(made)
        assert after.endswith("\n")
        assert not after.endswith("\n\n")
        for heading in after.split("[[exemptions]]")[1:-1]:
            assert "\n\n" in heading


@pytest.mark.parametrize(
    "text",
    [
        TEXT,
        PLAIN.replace('name = "web"', 'name = "DNS"'),
        PLAIN.replace('[[exemptions]]\nname = "web', '  [[exemptions]]\nname = "web'),
        PLAIN.replace('[[exemptions]]\nname = "ping', '[[ exemptions ]]\nname = "ping'),
        PLAIN + '[[exemptions]]\nname = "torn"\n',
        PLAIN.replace("\n", "\r\n"),
        'name = "mine"\nexemptions = [{name = "DNS"}]\n',
    ],
    ids=["a heading in a text", "a name twice", "moved in", "spaced", "torn apart", "Windows' line ends", "in a line"],
)
def test_what_cannot_be_cut_is_written_as_a_whole(text: str, mine: Design):
    data = {"name": "mine", "exemptions": [{"name": "DNS", "protocol": "udp"}]}
    assert write_pieces(data, text, lambda *_: text) is None
    assert parse_design(format_design(mine, text), "after") == mine


@pytest.mark.parametrize("case", EXISTING)
@settings(max_examples=6)
@given(made=designs(4))
def test_over_whatever_was_there_it_reads_back(case: str, made: Design):
    text = format_design(made, EXISTING[case])
    assert parse_design(text, "after") == made
    assert format_design(made, text) == text


@settings(max_examples=30)
@given(designs(6), designs(6), st.randoms())
def test_from_any_design_to_any_other(one: Design, other: Design, chance: Random):
    some = chance.sample(one.exemptions, chance.randint(0, len(one.exemptions)))
    for before, after in ((one, other), (one, change(one, exemptions=tuple(some)))):
        assert parse_design(format_design(after, format_design(before)), "after") == after


def test_a_new_file_of_many_exemptions_looks_as_if_written_as_a_whole(monkeypatch: pytest.MonkeyPatch):
    made = design(exemptions=[{"name": f"host {n}", "remote_addresses": [f"10.0.0.{n}"]} for n in range(5)])
    by_pieces = format_design(made)
    monkeypatch.setattr(toml_pieces, "AT_ONCE", 1000)
    assert format_design(made) == by_pieces
