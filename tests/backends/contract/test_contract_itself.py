"""The suite says of itself what it covers, and where each rule is written."""

from collections import Counter

from tests.backends.contract.behaviours import OTHER_SOURCES, PAGES, behaviours


def _of_engines() -> list:
    return [each for each in behaviours() if each.file != "test_contract_itself.py"]


def test_the_suite_covers_at_least_eighty_behaviours() -> None:
    assert len(_of_engines()) >= 80
    assert not [name for name, times in Counter(each.name for each in _of_engines()).items() if times > 1]


def test_every_behaviour_says_its_rule_in_one_line_and_names_the_source() -> None:
    for each in _of_engines():
        assert each.rule and "\n" not in each.rule, each
        assert each.sources, f"{each.file}: {each.name} names no source"
        assert set(each.sources) <= {*PAGES, *OTHER_SOURCES}, f"{each.file}: {each.name} names {each.sources}"


def test_every_page_stands_behind_some_behaviour() -> None:
    assert set(PAGES) <= {source for each in _of_engines() for source in each.sources}
