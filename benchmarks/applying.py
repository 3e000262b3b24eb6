"""Apply: 60,000 filters to the embedded store in one transaction."""

import statistics
import tempfile
from collections.abc import Iterator
from pathlib import Path

from benchmarks.compiling import large_design
from benchmarks.measure import Result, seconds
from ndtui.backends.store import StoreBackend
from ndtui.model.compiled.compile import compile_design

BUDGET_MS = 2000.0


def run(runs: int) -> Iterator[Result]:
    """Measure planning and applying together, each time into a new store."""
    filterset = compile_design(large_design(10_000))
    taken = statistics.median(_apply(filterset) for _ in range(max(1, runs // 3))) * 1000
    count = len(filterset.filters)
    yield Result(
        f"plan and apply {count} filters", f"budget of {BUDGET_MS:g} ms", taken, BUDGET_MS, taken / BUDGET_MS, 1
    )


def _apply(filterset: object) -> float:
    with tempfile.TemporaryDirectory() as folder:
        backend = StoreBackend(Path(folder) / "store.sqlite3")
        return seconds(lambda: backend.apply(backend.plan(filterset)))  # type: ignore[arg-type]
