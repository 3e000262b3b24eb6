"""The parts of the campaign, and the tests that each is made of."""

from typing import NamedTuple


class Part(NamedTuple):
    """What is done to the program, and which tests do it, as pytest names them."""

    what: str
    tests: tuple[str, ...]


_TRANSACTIONAL = "tests/backends/transactional"

PARTS = (
    Part("500 hostile inputs over every way in", ("tests/campaign/test_hostile_inputs.py",)),
    Part(
        "the clock moved both ways, the machine suspended, the watchdog killed and stopped",
        (f"{_TRANSACTIONAL}/test_clocks.py", "tests/backends/faults/test_watchdog.py"),
    ),
    Part("two operators in every order of four events", (f"{_TRANSACTIONAL}/test_answering.py",)),
    Part(
        "a plug-in that raises, or returns anything, at every call",
        ("tests/backends/fence/test_hostile_plugins.py", "tests/screens/test_hostile_backend.py"),
    ),
    Part(
        "200 kills at any moment, and one at every statement",
        ("tests/backends/test_store_processes.py", "tests/backends/faults/test_faults_kills.py"),
    ),
    Part(
        "every system call failed once, full disks, rights taken away",
        (
            "tests/backends/faults/test_faults_calls.py",
            "tests/backends/faults/test_faults_windows.py",
            "tests/backends/faults/test_faults_between.py",
            "tests/backends/faults/test_faults_disk.py",
            "tests/backends/faults/test_faults_rights.py",
        ),
    ),
    Part("stores that somebody has crafted, planted files", ("tests/backends/bfe/storage/test_crafted.py",)),
    Part("signals and lost terminals", ("tests/app/test_ending.py", "tests/app/test_unsaved_work.py")),
)
