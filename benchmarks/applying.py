"""Apply: 60,000 filters to the embedded store in one transaction, into a new store and over as many others."""

import statistics
import tempfile
from collections.abc import Iterator
from pathlib import Path

from benchmarks.compiling import large_design
from benchmarks.measure import Result, seconds
from ndtui.backends.store import StoreBackend
from ndtui.model.compiled.compile import compile_design
from ndtui.model.compiled.objects import FilterSet

BUDGET_MS = 2000.0
REPLACING_MS = 4000.0


def run(runs: int) -> Iterator[Result]:
    """Measure planning and applying together, each time into a new store, and then over it what changes every object.

    What is applied over it is the same policy, but persistent.
    """
    design = large_design(10_000)
    first = compile_design(design)
    over = compile_design(design.model_copy(update={"lifetime": "persistent"}))
    taken = [_apply(first, over) for _ in range(max(1, runs // 3))]
    applying, replacing = (statistics.median(times) * 1000 for times in zip(*taken, strict=True))
    count = len(first.filters)
    for what, took, budget in (
        ("plan and apply", applying, BUDGET_MS),
        ("plan, and replace all", replacing, REPLACING_MS),
    ):
        yield Result(f"{what} {count} filters", f"budget of {budget:g} ms", took, budget, took / budget, 1)


def _apply(*filtersets: FilterSet) -> list[float]:
    """Return how many seconds it takes to apply each in turn to a new store."""
    with tempfile.TemporaryDirectory() as folder:
        backend = StoreBackend(Path(folder) / "store.sqlite3")
        return [seconds(lambda each=each: backend.apply(backend.plan(each))) for each in filtersets]
