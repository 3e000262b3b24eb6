"""docs/settings.md: every setting with its default, an example that holds, and the keys as they are."""

import json
import re
from typing import Any

import pytest

from ndtui.common.settings import DEFAULTS, Layout, Settings
from ndtui.common.settings_file import MAX_BYTES, parse_settings, settings_path
from ndtui.ui.keys.actions import ACTIONS
from ndtui.ui.keys.key_names import is_character, read_key
from ndtui.ui.keys.layouts import by_place
from ndtui.ui.keys.user_keys import RESERVED, key_map
from tests.support import ROOT

PAGE = (ROOT / "docs" / "settings.md").read_text(encoding="utf-8")


def settings_of(values: dict[str, Any]) -> dict[str, Any]:
    """Return settings by their names, those of a part after the name of the part and a dot."""
    flat = {f"thresholds.{name}": value for name, value in values.pop("thresholds").items()}
    return {**values, **flat}


def test_every_setting_is_explained_with_its_default():
    rows = dict(re.findall(r"^\| `([\w.]+)` \| `(.*?)` \| .{10,} \|$", PAGE, re.MULTILINE))
    defaults = settings_of(DEFAULTS.model_dump(mode="json"))
    assert {name: json.loads(value) for name, value in rows.items() if name in defaults} == defaults


def test_every_setting_has_a_description():
    schema = Settings.model_json_schema()
    for part in (schema, *schema["$defs"].values()):
        for name, field in part["properties"].items():
            assert field.get("description"), name


def test_the_example_holds():
    (example,) = re.findall(r"```toml\n(.*?)```", PAGE, re.DOTALL)
    found = parse_settings(example, settings_path())
    assert found.faults == ()
    keys, faults = key_map(found)
    assert faults == ()
    assert keys.own["designer.zoom"] == ("s",)


def test_the_limits_and_the_keys_that_always_work_are_those_of_the_program():
    assert f"larger than {MAX_BYTES // 1024} KiB" in PAGE
    (listed,) = re.findall(r"stay with the action that has them: (.*?)\.", PAGE, re.DOTALL)
    assert re.findall(r"`(.*?)`", listed) == sorted(RESERVED)


def test_every_sign_has_another_key_beside_it_and_the_page_says_which():
    """A sign is what some keyboards make with AltGr, or do not have: all but letters, digits and the space bar."""
    rows = {
        sign: re.findall(r"`(.*?)`", keys) for sign, keys in re.findall(r"^\| `(\W)` \| (.*?) \|", PAGE, re.MULTILINE)
    }
    used = set()
    for action in ACTIONS:
        signs = [key for key in action.keys if len(key) == 1 and not key.isalnum()]
        others = [key for key in action.keys if not is_character(key)]
        if signs:
            assert rows[signs[0]] == others
            used.add(signs[0])
            assert read_key(others[0]).startswith(("f", "shift+"))
    assert set(rows) == used


@pytest.mark.parametrize("layout", ["ru", "ua", "gr"])
def test_every_layout_is_named(layout: Layout):
    assert by_place(layout)
    assert f"`{layout}`" in PAGE
    assert f"`{layout}(" in PAGE
