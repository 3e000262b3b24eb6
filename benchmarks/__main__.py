"""Print every ratio in one table: ``python -m benchmarks [--runs N] [startup|keystroke|compiling ...]``."""

import argparse
import importlib
import platform
import sys

from benchmarks.measure import HEAD

SUITES = (
    "startup",
    "peers",
    "keystroke",
    "compiling",
    "repaint",
    "applying",
    "tracing",
    "shadowing",
    "blocks",
    "events",
)


def main() -> int:
    """Run the suites named, or all."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("suites", nargs="*", choices=[*SUITES, []], help="which to run (all)")
    parser.add_argument("--runs", type=int, default=9, help="counted runs of each, after one to warm up (9)")
    arguments = parser.parse_args()
    machine = f"Python {platform.python_version()} on {platform.system()} {platform.machine()}"
    print(f"{machine}; medians of pairs taken in turn\n")
    print("\n".join(HEAD), flush=True)
    for suite in arguments.suites or SUITES:
        try:
            for result in importlib.import_module(f"benchmarks.{suite}").run(arguments.runs):
                print(result.line(), flush=True)
        except ImportError as error:
            print(f"{suite}: skipped, {error.name} is not installed (make bench installs it)", file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main())
