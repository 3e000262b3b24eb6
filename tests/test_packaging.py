"""What pyproject.toml declares for those who meet the package outside of this checkout."""

import re
import tomllib
from importlib import import_module

from tests.support import ROOT

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
LINK = re.compile(r"\]\(([^)]+)\)")


def readme() -> str:
    return (ROOT / "README.md").read_text(encoding="utf-8")


def test_links_of_the_readme_lead_to_files_of_the_checkout():
    links = [link for link in LINK.findall(readme()) if not link.startswith("https:")]
    assert links
    for link in links:
        assert (ROOT / link).is_file(), link


def test_on_a_package_index_the_readme_has_no_link_that_needs_the_checkout():
    hook = PROJECT["tool"]["hatch"]["metadata"]["hooks"]["fancy-pypi-readme"]
    assert hook["fragments"] == [{"path": "README.md"}]
    text = readme()
    for each in hook["substitutions"]:
        text = re.sub(each["pattern"], each["replacement"], text)
    home = PROJECT["project"]["urls"]["Homepage"]
    links = LINK.findall(text)
    assert links
    assert f"{home}/blob/main/docs/trace.md" in links
    for link in links:
        assert link.startswith(("https://raw.githubusercontent.com/ndtui/", home)), link


def test_every_extra_and_every_entry_point_is_there():
    assert set(PROJECT["project"]["optional-dependencies"]) >= {"keyring", "serve", "test", "dev"}
    groups = [PROJECT["project"]["scripts"], *PROJECT["project"]["entry-points"].values()]
    for name, target in ((name, target) for group in groups for name, target in group.items()):
        module, _, attribute = target.partition(":")
        assert callable(getattr(import_module(module), attribute)), name


def test_the_package_says_that_it_is_typed():
    assert "Typing :: Typed" in PROJECT["project"]["classifiers"]
    assert (ROOT / "ndtui" / "py.typed").is_file()
