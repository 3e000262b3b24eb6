"""What the file does on a machine: apply, undo and status, twice, and where something goes wrong on the way."""

import pytest

from ndtui.model.design.design import Design, change
from tests.exporters.netsh_script.netsh_designs import one_key_exchange
from tests.exporters.netsh_script.small_netsh import SmallNetsh, file_of
from tests.exporters.netsh_script.test_netsh_losses import PSK, design

GUARANTEED = one_key_exchange("nd-guaranteed-encryption")
FILE = file_of(GUARANTEED)
KEYED = design(keying_modules=["IKE"], main_mode={"ike_authentication": [PSK]})
RULES = 1 + 3 + 3


def changes(machine: SmallNetsh, text: str, *words: str) -> list[str]:
    """Run a file and return the commands that change something."""
    return [each for each in machine.run(text, *words).commands if " add " in each or " delete " in each]


@pytest.mark.parametrize("words", [(), ("help",), ("apply", "now"), ("/?",), ("applyundo",)])
def test_without_a_word_that_it_knows_it_says_how_it_is_used(words: tuple[str, ...]) -> None:
    machine = SmallNetsh()
    ran = machine.run(FILE, *words)
    assert ran.status == 2
    assert "apply makes the rules" in ran.output
    assert not ran.commands
    assert not machine.rules


@pytest.mark.parametrize("word", ["apply", "APPLY", '"Apply"'])
def test_apply_makes_the_rules_and_says_which_are_there(word: str) -> None:
    machine = SmallNetsh()
    ran = machine.run(FILE, word)
    assert ran.status == 0
    assert len(machine.rules) == RULES
    assert ran.output.count("there: ") == RULES
    assert [context for context, _ in machine.rules] == ["mainmode", *["consec"] * 3, *["firewall"] * 3]


def test_exemptions_are_made_before_what_protects() -> None:
    machine = SmallNetsh()
    machine.run(FILE, "apply")
    actions = [said["action"] for said in machine.of("consec")]
    assert actions == ["noauthentication", "noauthentication", "requireinrequestout"]


def test_applied_twice_it_is_there_once() -> None:
    machine = SmallNetsh()
    machine.run(FILE, "apply")
    once = list(machine.rules)
    assert machine.run(FILE, "apply").status == 0
    assert machine.rules == once


def test_undo_removes_what_was_made_last_first() -> None:
    machine = SmallNetsh()
    machine.run(FILE, "apply")
    machine.rules.append(("consec", {"name": "somebody else's"}))
    removed = changes(machine, FILE, "undo")
    assert [each.split(" ")[2] for each in removed] == [*["firewall"] * 3, *["consec"] * 3, "mainmode"]
    assert [each.rpartition(" ")[2] for each in removed] == ['3"', '2"', '1"', '3"', '2"', '1"', '1"']
    assert machine.rules == [("consec", {"name": "somebody else's"})]
    ran = machine.run(FILE, "undo")
    assert ran.status == 0
    assert "Nothing of it is there" in ran.output


def test_status_says_what_is_missing_and_changes_nothing() -> None:
    machine = SmallNetsh()
    ran = machine.run(FILE, "status")
    assert ran.status == 1
    assert ran.output.count("missing: ") == RULES
    machine.run(FILE, "apply")
    assert not changes(machine, FILE, "status")
    assert machine.run(FILE, "status").status == 0
    machine.rules.pop()
    ran = machine.run(FILE, "status")
    assert ran.status == 1
    assert ran.output.count("missing: ") == 1
    assert "missing: firewall rule ndtui nd-guaranteed-encryption 3, " in ran.output


@pytest.mark.parametrize("after", range(RULES))
def test_where_a_line_fails_everything_is_undone(after: int) -> None:
    machine = SmallNetsh()
    machine.refuse_after = after
    ran = machine.run(FILE, "apply")
    assert ran.status == 1
    assert "It cannot be applied" in ran.errors
    assert not machine.rules
    assert sum(" add " in each for each in ran.commands) == after + 1, "it stops at the first line that fails"


def test_what_cannot_be_removed_is_said_and_nothing_is_made() -> None:
    machine = SmallNetsh()
    machine.run(FILE, "apply")
    machine.keeps = {"ndtui nd-guaranteed-encryption 2"}
    for word in ("undo", "apply"):
        ran = machine.run(FILE, word)
        assert ran.status == 1
        assert "It cannot be removed: firewall rule ndtui nd-guaranteed-encryption 2" in ran.errors
        assert not any(" add " in each for each in ran.commands)


@pytest.mark.parametrize("word", ["apply", "undo"])
def test_without_elevation_nothing_is_changed(word: str) -> None:
    machine = SmallNetsh()
    machine.elevated = False
    ran = machine.run(FILE, word)
    assert ran.status == 1
    assert "elevated" in ran.errors
    assert ran.commands == ("fltmc",)


def test_status_needs_no_elevation() -> None:
    machine = SmallNetsh()
    machine.elevated = False
    assert "missing: " in machine.run(FILE, "status").output


def _smaller(said: Design) -> Design:
    return change(said, exemptions=(), rules=said.rules[:1])


def test_an_earlier_version_with_more_rules_goes_with_it() -> None:
    machine = SmallNetsh()
    machine.run(FILE, "apply")
    smaller = file_of(_smaller(GUARANTEED))
    ran = machine.run(smaller, "status")
    assert ran.status == 1
    assert "of another version: consec rule ndtui nd-guaranteed-encryption 2" in ran.output
    assert machine.run(smaller, "apply").status == 0
    assert len(machine.rules) == 2
    machine.run(FILE, "apply")
    assert machine.run(smaller, "undo").status == 0
    assert not machine.rules


def test_rules_that_somebody_has_removed_do_not_hide_the_others() -> None:
    machine = SmallNetsh()
    machine.run(FILE, "apply")
    machine.rules = [each for each in machine.rules if not each[1]["name"].endswith(" 1")]
    assert machine.run(FILE, "undo").status == 0
    assert not machine.rules


# -- keys --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("key", ["secret", "two words", "a!b%PATH%c^d&e|f<g>h", "it's", "c:\\x\\y", "!IPSEC_KEY!"])
def test_a_key_is_taken_from_the_environment_as_it_is(key: str) -> None:
    machine = SmallNetsh()
    if "|" in key:  # MS-FASP refuses it, and so does the grammar
        ran = machine.run(file_of(KEYED), "apply", IPSEC_KEY=key)
        assert ran.status == 1
        assert not machine.rules
        return
    ran = machine.run(file_of(KEYED), "apply", IPSEC_KEY=key)
    assert ran.status == 0, machine.refused
    assert {said["auth1psk"] for _, said in machine.rules} == {key}
    assert key not in ran.output


@pytest.mark.parametrize("key", ['a"b', '"', "x\\"])
def test_a_key_that_netsh_would_misread_is_refused(key: str) -> None:
    machine = SmallNetsh()
    ran = machine.run(file_of(KEYED), "apply", IPSEC_KEY=key)
    assert ran.status == 1
    assert "netsh cannot take it" in ran.errors
    assert ran.commands == ("fltmc",)


def test_without_the_key_nothing_is_changed() -> None:
    machine = SmallNetsh()
    ran = machine.run(file_of(KEYED), "apply")
    assert ran.status == 1
    assert "lacks the variable" in ran.errors
    assert ran.commands == ("fltmc",)
    assert machine.run(file_of(KEYED), "status").status == 1
    assert machine.run(file_of(KEYED), "undo").status == 0


def test_a_key_is_in_the_file_by_its_name_alone() -> None:
    text = file_of(KEYED)
    assert text.count('auth1psk="!IPSEC_KEY!"') == 2
    assert "environment's IPSEC_KEY" in text
