"""A backend of somebody else, as it is installed: it passes the suite, and the program uses it."""

from pathlib import Path

import pytest

from ndtui.backends.contract.backend import Backend
from ndtui.backends.registry import available, inspect, open_backend
from ndtui.testing.backend_contract import BackendContract
from tests.cli.running import Run
from tests.installing import install_project

PROJECT = Path(__file__).parent / "sample_backend"


@pytest.fixture(autouse=True)
def installed(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    install_project(PROJECT, tmp_path_factory.mktemp("metadata"), monkeypatch)


class TestDrawer(BackendContract):
    def make(self, folder: Path) -> Backend:
        return open_backend("drawer")


def test_it_is_listed_with_what_it_can_do() -> None:
    (found,) = [inspect(info) for info in available() if info.name == "drawer"]
    assert (found.info.distribution, found.problem) == ("ndtui-sample-backend", "")
    assert found.capabilities.history
    assert not found.capabilities.confirm_or_revert


def test_the_program_plans_and_applies_with_it(run: Run) -> None:
    assert "drawer" in run("backends").out
    assert run("plan", "nd-transport", "--backend", "drawer").out.startswith(
        "Plan for nd-transport on drawer (a drawer"
    )
    assert (
        "nd-transport is applied on drawer (a drawer in this process)"
        in run("apply", "nd-transport", "--backend", "drawer", "--yes").out
    )
    assert "Nothing was applied yet." in run("history", "--backend", "drawer").out


def test_the_program_promises_nothing_that_it_cannot_do(run: Run) -> None:
    refusal = run("apply", "nd-transport", "--backend", "drawer", "--confirm-within", "90s", "--yes").refusal(status=1)
    assert "the backend drawer cannot revert by itself" in refusal
    assert run("confirm", "--backend", "drawer").refusal(status=1).startswith("ndtui: error: the backend drawer cannot")
