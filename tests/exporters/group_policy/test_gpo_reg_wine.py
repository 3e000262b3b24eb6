"""The file in the registry of another Windows: Wine's reg imports it, and exports what the file says, then nothing."""

import shutil
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from ndtui.analysis.connection_security.registry_text import Values, read_registry
from ndtui.model.files import presets
from tests import wine
from tests.exporters.group_policy.exported import file_of
from tests.exporters.group_policy.policy_read import POLICY
from tests.exporters.group_policy.reg_reader import read_file
from tests.exporters.group_policy.test_gpo_reg_text import ALL, HOSTILE, named_all

Registry = Callable[[bytes], Mapping[str, Values]]


@pytest.fixture
def registry(wine_prefix: Path, tmp_path: Path) -> Registry:
    """Return what imports a file and says what is under the policy's key then."""
    if shutil.which("wine") is None:
        pytest.skip("wine is not installed")
    wine.run(wine_prefix, tmp_path / "reg", "delete", POLICY, "/f")

    def run(file: bytes) -> Mapping[str, Values]:
        (tmp_path / "policy.reg").write_bytes(file)
        done = wine.run(wine_prefix, tmp_path / "reg", "import", "policy.reg")
        assert done.returncode == 0, (done.stdout, done.stderr)
        exported = tmp_path / "exported.reg"
        done = wine.run(wine_prefix, tmp_path / "reg", "export", POLICY, exported.name, "/y")
        assert done.returncode == 0, (done.stdout, done.stderr)
        return {key: values for key, values in read_registry(exported.read_text("utf-16"), "x").items() if values}

    return run


def test_what_is_imported_is_what_the_file_says_and_undoing_it_leaves_nothing(registry: Registry) -> None:
    design = presets.find("nd-guaranteed-encryption").load()
    options = {"main_mode": "yes", "ipsec_exempt": "yes"}
    file = file_of(design, lossy=True, **options)
    assert registry(file) == read_file(file).keys
    other = file_of(presets.find("nd-boundary").load(), lossy=True, **options)
    assert len(registry(other)) > len(read_file(other).keys), "another design stands beside it"
    left = {key: values for key, values in read_file(other).keys.items() if key != POLICY}
    assert registry(file_of(design, lossy=True, undo="yes", **options)) == left


def test_hostile_names_do_nothing_there_either(registry: Registry) -> None:
    """Rules of all names in one file, whose design is called so too; a second one writes over it, by its own name."""
    rules = [
        {"name": name, "scope": {"protocol": "tcp", "local_ports": [port], "remote_ports": [port]}}
        for port, name in enumerate(HOSTILE, 1)
    ]
    for name in HOSTILE[:2]:
        file = file_of(named_all(name, rules=rules, exemptions=[]), **ALL)
        assert registry(file) == read_file(file).keys
    assert registry(file_of(named_all("x", rules=rules, exemptions=[]), undo="yes", **ALL)) == {}
