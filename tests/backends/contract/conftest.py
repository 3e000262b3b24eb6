"""The engines that the contract is for, and the line that says how much of it they keep."""

from collections.abc import Callable, Iterator
from itertools import count
from typing import Any

import pytest

from ndtui.backends.bfe import BfeEngine
from ndtui.backends.contract.engine import Engine, Session

ENGINES = ("memory", "store", "wfp")

#: The stand-ins that a module has used.
_libraries: list[Any] = []


def _wfp() -> Engine:
    """Return Windows' own engine over a stand-in for its library, which reads the raw structures; or skip the test."""
    from tests.backends.wfp.fwpuclnt import windows

    made = windows()
    _libraries.append(made.library)
    return made.engine


@pytest.fixture(scope="module", params=ENGINES)
def new_engine(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Callable[[], Engine]]:
    """Return what makes one empty engine after the other; Windows is given back all it has handed out."""
    numbers = count()
    folder = tmp_path_factory.mktemp("engine")
    makers: dict[str, Callable[[], Engine]] = {
        "memory": BfeEngine,
        "store": lambda: BfeEngine(folder / f"{next(numbers)}.sqlite3"),
        "wfp": _wfp,
    }
    yield makers[request.param]
    owed = [each for library in _libraries for each in library.left_behind()]
    _libraries.clear()
    assert owed == []


@pytest.fixture(autouse=True)
def shared_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    """Set the pre-shared key that documents of this suite refer to."""
    monkeypatch.setenv("NDTUI_CONTRACT_KEY", "a key for tests")


@pytest.fixture
def engine(new_engine: Callable[[], Engine]) -> Engine:
    """Return an engine that holds nothing but what is built in."""
    return new_engine()


@pytest.fixture
def session(engine: Engine) -> Iterator[Session]:
    """Return an ordinary session."""
    opened = engine.open(name="contract")
    yield opened
    opened.close()


@pytest.fixture
def other(engine: Engine) -> Iterator[Session]:
    """Return a second session, which hardly waits for the lock."""
    opened = engine.open(name="other", wait=0.02)
    yield opened
    opened.close()


@pytest.fixture
def dynamic(engine: Engine) -> Iterator[Session]:
    """Return a dynamic session, which hardly waits for the lock either."""
    opened = engine.open(name="dynamic", dynamic=True, wait=0.02)
    yield opened
    opened.close()


_tried: dict[str, set[str]] = {name: set() for name in ENGINES}
_broken: dict[str, set[str]] = {name: set() for name in ENGINES}


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Iterator[None]:
    """Note which behaviour an engine has been tried for, and which one it has not kept."""
    report = yield
    callspec = getattr(item, "callspec", None)
    if report.when == "call" and callspec is not None and "new_engine" in callspec.params:
        engine, name = callspec.params["new_engine"], item.nodeid.partition("[")[0]
        if not report.skipped:
            _tried[engine].add(name)
        if report.failed:
            _broken[engine].add(name)
    return report


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say how many behaviours the engines keep."""
    every = set().union(*_tried.values())
    if not every:
        return
    whole = [name for name in ENGINES if _tried[name] == every and not _broken[name]]
    less = [f"{len(_tried[name] - _broken[name])} on {name}" for name in ENGINES if name not in whole and _tried[name]]
    without = [name for name in ENGINES if not _tried[name]]
    line = f"engine contract: {len(every)} behaviours"
    line += f" on {', '.join(whole)}" if whole else ""
    line += f"; only {', '.join(less)}" if less else ""
    line += f"; not tried on {', '.join(without)}" if without else ""
    terminalreporter.write_line(line)
