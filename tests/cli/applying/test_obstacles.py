"""What of the machine keeps a policy from doing its work: said with a plan, and settled where the operator wants it."""

from collections.abc import Callable

import pytest

from ndtui.backends.contract.backend import Obstacle
from ndtui.backends.store import StoreBackend
from tests.cli.running import Run

settled: list[str] = []
OBSTACLES = [
    Obstacle(
        "the service IKEEXT does not run", "sc.exe start IKEEXT", "Start IKEEXT", lambda: settled.append("IKEEXT")
    ),
    Obstacle("there is no network", "plug it in"),
]


@pytest.fixture(autouse=True)
def in_the_way(monkeypatch: pytest.MonkeyPatch) -> None:
    settled.clear()
    monkeypatch.setattr(StoreBackend, "obstacles", lambda backend: OBSTACLES)


@pytest.fixture
def answer(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Return a function that has somebody at the terminal, who gives these answers."""

    def there(text: str) -> None:
        monkeypatch.setattr("ndtui.cli.applying.plan_and_ask.is_interactive", lambda: True)
        answers = iter(text)
        monkeypatch.setattr("ndtui.cli.applying.plan_and_ask.ask", lambda question: next(answers) == "y")

    return there


@pytest.mark.parametrize("words", [["plan", "nd-boundary"], ["apply", "nd-boundary", "--yes"]])
def test_a_plan_and_an_apply_say_what_is_in_the_way(run: Run, words: list[str]) -> None:
    ran = run(*words)
    assert ran.status == 0
    assert ran.err.splitlines() == [
        "warning: the service IKEEXT does not run: sc.exe start IKEEXT",
        "warning: there is no network: plug it in",
    ]
    assert settled == []


@pytest.mark.parametrize(("answers", "started"), [("yy", ["IKEEXT"]), ("ny", [])])
def test_an_apply_offers_to_settle_it(
    run: Run, answer: Callable[[str], None], answers: str, started: list[str]
) -> None:
    answer(answers)
    ran = run("apply", "nd-transport")
    assert ran.status == 0
    assert "Done: 25 added" in ran.out
    assert settled == started
