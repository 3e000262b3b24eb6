"""A design of the first format: read, told what is wrong where it stands, and written in the present one."""

import pytest

from ndtui.model.files.design_file import DesignError, design_data, format_design, parse_design
from ndtui.model.files.first_format import with_a_rule
from tests.first_format import first_format_designs
from tests.support import design

COMMENTED = """\
# the policy of the web servers
version = 1
name = "web"

# why it is required
# since March
scenario = "require"  # ask first
lifetime = "static" # until Friday
nd_secure = false

# exemptions
[[exemptions]]
name = "DNS"
"""

WITH_A_RULE = """\
# the policy of the web servers
version = 2
name = "web"

lifetime = "static" # until Friday

[[rules]]
name = "base"
# why it is required
# since March
mode = "require"  # ask first
nd_secure = false

# exemptions
[[exemptions]]
name = "DNS"
"""


_MOVED = "scenario: is no key that belongs here: since version 2 it stands in [[rules]], as mode"


def test_what_it_said_of_its_scenario_becomes_a_rule_with_its_comments():
    assert with_a_rule(COMMENTED) == WITH_A_RULE
    assert with_a_rule(WITH_A_RULE) == WITH_A_RULE
    assert parse_design(COMMENTED, "web") == parse_design(WITH_A_RULE, "web")


def test_saved_it_is_of_the_present_format():
    written = format_design(parse_design(COMMENTED, "web"), COMMENTED)
    assert written.startswith(WITH_A_RULE.partition("\n\n[[rules]]")[0])
    rule = WITH_A_RULE.partition("[[rules]]\n")[2].partition("\n\n")[0]
    assert f"[[rules]]\n{rule}\n" in written
    assert parse_design(written, "web") == parse_design(COMMENTED, "web")


@pytest.mark.parametrize(
    "text",
    [
        'name = "x"',
        'name = "x"\n',
        'name = "x"\nnd_secure = true',
        'scenario = "require"\nname = "x"\n[quick_mode]\nidle_timeout_seconds = 5\n',
        'name = "x"\ndescription = """\nscenario = "boundary"\n[a]\n"""\nscenario = "require"\n',
        '"scenario" = "require"\nname = "x"\n',
        'name = "x"\nsublayer.kind = "universal"\nscenario = "boundary"\n',
    ],
)
def test_whatever_the_layout_it_is_written_as_the_same_design(text: str):
    before = parse_design(text, "x")
    assert parse_design(with_a_rule(text), "x") == before
    assert parse_design(format_design(before, text), "x") == before


def test_many_say_the_same_in_both_formats():
    for plain in first_format_designs(200):
        made = design(**plain)
        assert design(**design_data(made)) == made
        assert design_data(made)["version"] == 2


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ('name = "x"\n\nscenario = "tunnel"\n', 3, "scenario: "),
        ('name = "x"\nnd_secure = "yes"\n', 2, "nd_secure: "),
        ('name = "x"\nscenario = "boundary"\nnd_secure = true\n', 3, "nd_secure with the boundary scenario"),
        ('name = "x"\nscenario = "require"\nale_persist_context = true\n', 3, "ale_persist_context sets"),
        ('version = 2\nname = "x"\n[[rules]]\nmode = "tunnel"\n', 4, "rules[0].mode: "),
        (
            'version = 2\nname = "x"\nscenario = "require"\n',
            3,
            _MOVED,
        ),
        (
            'name = "x"\nscenario = "require"\n[[rules]]\nname = "a"\n',
            2,
            _MOVED,
        ),
        ('version = 1\nname = "x"\n[[rules]]\nname = "a"\n', 1, "version: "),
        ('name = "x"\nrules = []\n', 2, "rules: none that is enabled protects anything by itself"),
    ],
)
def test_what_is_wrong_is_named_as_it_stands_in_the_file(text: str, line: int, said: str):
    with pytest.raises(DesignError) as error:
        parse_design(text, "file.toml")
    (problem,) = error.value.problems
    assert problem.line == line
    assert problem.text.startswith(said)
