"""``ndtui diff``: how two policies differ, by objects and by what becomes of traffic."""

from argparse import ArgumentParser
from pathlib import Path
from typing import TYPE_CHECKING

from ndtui.cli.arguments.common_options import DESIGN, add_backend, add_json
from ndtui.cli.printing.output import note
from ndtui.common.errors import InputError

if TYPE_CHECKING:
    from ndtui.analysis.verify.compare import Policy

HELP = """\
Compare two policies: objects that only one of them has or that differ, and traffic that one treats otherwise than the
other, each with a packet that shows it. Objects are matched by what they are for, whatever their keys. Verdicts and
traffic are written as in the assertions of a design. Where the lists of who may connect differ, the peers that they
name are compared too: machine S-1-5-..., user S-1-5-...

A and B are each a preset, a file, or - for standard input; store: for what a backend holds; or a dump of netsh wfp show
(XML). A design and a dump, in whichever order, say how the design is on that machine: what is there, missing, changed
or disabled, what of another version is left, what is in the way there, and what the file tells of IKEEXT and BFE. Keys
count where they are ours, else what objects say. Two dumps, or a dump and a store, are compared as far as the dump's
policy makes a design.

The exit status is that of diff: 0 no difference, 1 a difference, 2 trouble, or no difference found while some traffic
would take too long to decide, which is the same on every machine, or while the file does not tell all.

examples:
  ndtui diff old.toml new.toml
  ndtui diff old.toml new.toml --meaning --json
  ndtui diff my-design.toml store:
  ndtui diff my-design.toml wfpstate.xml"""

STORE = "store:"
_WHAT = f"{DESIGN}; or {STORE} for what a backend holds; or a dump of netsh wfp show (XML)"
_MOST = 20


def arguments(parser: ArgumentParser) -> None:
    """Add the arguments."""
    parser.add_argument("before", metavar="A", help=_WHAT)
    parser.add_argument("after", metavar="B", help="what to compare it with")
    add_backend(parser)
    parser.add_argument("--meaning", action="store_true", help="only traffic that is treated otherwise, no objects")
    parser.add_argument(
        "--all", action="store_true", dest="everything", help=f"more than {_MOST} changes of traffic too"
    )
    add_json(parser)


def run(
    before: str, after: str, *, backend: str, store: Path | None, meaning: bool, everything: bool, as_json: bool
) -> int:
    """Compare and print; 1 when they differ, 2 when that is not decided."""
    from ndtui.analysis.packet_sets.effort import Effort
    from ndtui.analysis.verify.compare import compare_meaning, compare_objects
    from ndtui.cli.arguments.sources import is_dump
    from ndtui.cli.printing.diff_text import show_differences

    if before == after == "-":
        raise InputError("both sides are standard input", remedy="name a file for one of them")
    most = None if everything else _MOST
    dumps = [is_dump(word) for word in (before, after)]
    if sorted(dumps) == [False, True] and STORE not in (before, after):
        design, dump = (after, before) if dumps[0] else (before, after)
        return _drift(design, dump, meaning=meaning, most=most, as_json=as_json)
    old, new = (_read(word, backend, store) for word in (before, after))
    objects = () if meaning else tuple(compare_objects(old, new))
    changed = compare_meaning(old, new, Effort.for_filters(old.sets.count + new.sets.count))
    show_differences((old, new), objects, changed, most=most, as_json=as_json)
    return 1 if objects or changed.regions else 2 if changed.undecided else 0


def _drift(design: str, word: str, *, meaning: bool, most: int | None, as_json: bool) -> int:
    """Hold a design against a machine and print; 1 when they differ, 2 when that is not known."""
    from ndtui.analysis.drift.machine_drift import drift
    from ndtui.analysis.drift.traffic_there import compare_traffic
    from ndtui.analysis.dump import read_dump
    from ndtui.cli.arguments.sources import read_filterset, windows_file
    from ndtui.cli.printing.drift_text import OnMachine, same, show_drift

    filterset, path = read_filterset(design), windows_file(word)
    dump = read_dump(path)
    found = drift(filterset, dump)
    changed, unread = compare_traffic(filterset, found) if meaning or found.held.objects else (None, "")
    shown = OnMachine(filterset, path, dump, found, changed, unread, objects=not meaning)
    show_drift(shown, most=most, as_json=as_json)
    return {True: 0, False: 1, None: 2}[same(shown)]


def _read(word: str, backend: str, store: Path | None) -> "Policy":
    from ndtui.analysis.verify.compare import Policy
    from ndtui.cli.arguments.sources import is_dump, read_filterset, windows_file

    if word == STORE:
        return _held(backend, store)
    if is_dump(word):
        return _reconstructed(windows_file(word))
    return Policy.of(read_filterset(word))


def _held(backend: str, store: Path | None) -> "Policy":
    """Return what a backend holds."""
    from ndtui.analysis.verify.compare import Policy
    from ndtui.backends.registry import open_backend

    opened = open_backend(backend, store)
    snapshot = opened.snapshot()
    return Policy.of_documents(snapshot.policy, snapshot.lists())


def _reconstructed(path: Path) -> "Policy":
    """Return the policy of a dump, as far as it makes a design; what does not is said."""
    from ndtui.analysis.dump import read_dump
    from ndtui.analysis.reconstruct.design_from_dump import reconstruct
    from ndtui.analysis.verify.compare import Policy
    from ndtui.model.compiled.compile import compile_design

    reconstructed = reconstruct(read_dump(path))
    if reconstructed.design is None:
        raise InputError(f"{path} holds no policy that makes a design", remedy="; ".join(reconstructed.missing))
    for missing in reconstructed.missing:
        note(f"{path}: not compared: {missing}")
    return Policy.of(compile_design(reconstructed.design))
