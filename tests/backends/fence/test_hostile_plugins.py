"""Every call of a plug-in that goes wrong in any way: one line, an exit status, its words made visible."""

from collections.abc import Callable

import pytest

from ndtui.backends.contract.backend import Backend, Capabilities
from ndtui.backends.contract.backend_errors import BackendError
from ndtui.backends.contract.changes import Pending
from ndtui.backends.fence.fenced_backend import FencedBackend
from ndtui.backends.memory import MemoryBackend
from ndtui.backends.registry import open_backend
from ndtui.exporters.contract import Exporter
from ndtui.exporters.fenced_exporter import FencedExporter
from ndtui.model.compiled.compile import compile_design
from tests.backends.fence.hostile_plugins import MISBEHAVIOURS, HostileBackend, misbehaving
from tests.cli.running import Ran, Run
from tests.installing import announce
from tests.support import preset

MODULE = "tests.backends.fence.hostile_plugins"

#: What calls each method of a backend, as words of the command line.
CALLERS = {
    "place": ["plan nd-transport", "status"],
    "snapshot": [
        "status --json",
        "diff store: nd-transport",
        "confirm",
        "apply nd-boundary --confirm-within 90s --yes",
    ],
    "plan": ["plan nd-boundary", "plan nd-boundary --json", "apply nd-boundary --yes", "remove --yes"],
    "apply": ["apply nd-boundary --yes", "apply nd-boundary --confirm-within 90s --yes", "remove --yes"],
    "others": ["status --all", "status --all --json"],
    "drift": ["apply nd-boundary --yes", "status", "status --json"],
    "obstacles": ["plan nd-boundary", "apply nd-boundary --yes"],
    "pending": ["status", "history", "confirm", "apply nd-boundary --confirm-within 90s --yes"],
    "after_restart": ["apply nd-boundary --confirm-within 90s --yes"],
    "confirm": ["confirm"],
    "history": ["history", "history --json", "history 1"],
    "plan_rollback": ["rollback", "rollback 0 --yes", "history 0 now"],
    "summary": ["plan nd-boundary"],
    "capabilities": ["plan nd-boundary"],
}


#: What is called only while an apply waits to be confirmed.
ASKED_WHILE_IT_WAITS: dict[str, Callable[[Backend], object]] = {
    "watched": lambda backend: backend.watched(Pending("t", 0, 4e9)),
    "revert": lambda backend: backend.revert("t"),
}


@pytest.fixture(autouse=True)
def installed(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    metadata = tmp_path_factory.mktemp("metadata")
    announce(
        metadata,
        "hostile",
        {
            "ndtui.backends": {"hostile": f"{MODULE}:HostileBackend"},
            "ndtui.exporters": {"hostile": f"{MODULE}:HostileExporter"},
        },
    )
    monkeypatch.syspath_prepend(str(metadata))


@pytest.fixture(autouse=True)
def applied(monkeypatch: pytest.MonkeyPatch) -> MemoryBackend:
    """Have the hostile backend hold a policy."""
    held = MemoryBackend()
    held.apply(held.plan(compile_design(preset("nd-transport"))))
    monkeypatch.setattr(HostileBackend, "held", held)
    return held


def harmless(ran: Ran) -> None:
    """Make sure that a run ended as the program ends, and acts on no terminal."""
    assert ran.status in (0, 1, 2), ran
    for text in (ran.out, ran.err):
        assert not {c for c in text if not c.isprintable()} - {"\n"}, text
        assert "Traceback" not in text
        assert "unexpected" not in text, text
    errors = [line for line in ran.err.splitlines() if line.startswith("ndtui: error: ")]
    assert len(errors) == (1 if ran.status else 0), ran.err


def test_every_call_of_the_contract_is_fenced() -> None:
    for fenced, contract in ((FencedBackend, Backend), (FencedExporter, Exporter)):
        calls = {name for name, value in vars(contract).items() if callable(value) and name[0] != "_"}
        assert calls <= set(vars(fenced))
    assert {name for name in vars(FencedBackend) if name[0] != "_"} - {"trial", *ASKED_WHILE_IT_WAITS} <= set(CALLERS)


@pytest.mark.parametrize("how", MISBEHAVIOURS)
@pytest.mark.parametrize("where", CALLERS)
def test_a_backend_that_misbehaves_is_one_line(run: Run, where: str, how: str) -> None:
    with misbehaving(where, how):
        for words in CALLERS[where]:
            harmless(run(*words.split(), "--backend", "hostile"))


@pytest.mark.parametrize("how", MISBEHAVIOURS)
@pytest.mark.parametrize("where", ASKED_WHILE_IT_WAITS)
def test_what_is_asked_while_an_apply_waits_is_fenced(where: str, how: str) -> None:
    fenced = open_backend("hostile")
    with misbehaving(where, how):
        if how == "nothing":  # as the contract has it
            assert ASKED_WHILE_IT_WAITS[where](fenced) is None
            return
        with pytest.raises(BackendError) as told:
            ASKED_WHILE_IT_WAITS[where](fenced)
    assert str(told.value).isprintable()


def test_a_revert_that_changes_nothing_is_not_called_one() -> None:
    fenced = open_backend("hostile")
    with misbehaving("pending", "what waits"), pytest.raises(BackendError, match="says that it reverted, and has not"):
        fenced.revert("t")


@pytest.mark.parametrize("how", MISBEHAVIOURS)
def test_a_trial_that_misbehaves_is_one_line(how: str, applied: MemoryBackend) -> None:
    applied.apply(applied.plan(None))
    fenced = open_backend("hostile")
    plan = fenced.plan(compile_design(preset("nd-boundary")))
    with misbehaving("trial", how):
        try:
            trial = fenced.trial(plan)
        except BackendError as error:
            assert str(error).isprintable()
        else:
            with pytest.raises(BackendError, match="may still hold the trial"):
                trial.close()
    trial = fenced.trial(plan)
    with misbehaving("close", how):
        try:
            trial.close()
        except BackendError as error:
            assert str(error).isprintable()


@pytest.mark.parametrize("how", MISBEHAVIOURS)
@pytest.mark.parametrize("where", ["title", "suffix", "options", "unsupported", "export"])
def test_a_format_that_misbehaves_is_one_line(run: Run, where: str, how: str) -> None:
    with misbehaving(where, how):
        for words in ("export nd-transport -f hostile", "exporters", "exporters --json"):
            harmless(run(*words.split()))


def test_an_apply_that_nobody_guards_is_not_called_guarded(run: Run, applied: MemoryBackend) -> None:
    """It claims confirm-or-revert, applies, and nothing waits: the line says that it was applied and is not guarded."""
    ran = run("apply", "nd-boundary", "--confirm-within", "90s", "--yes", "--backend", "hostile")
    assert ran.status == 1
    assert applied.snapshot().policy == "nd-boundary"
    (line,) = ran.err.splitlines()
    assert "the backend hostile applied it and does not guard it: nothing waits to be confirmed" in line
    assert "reverted by itself" not in ran.out


def test_a_confirmation_that_changes_nothing_is_not_called_one(run: Run, monkeypatch) -> None:
    ran = run("confirm", "--backend", "hostile")
    assert (ran.status, ran.out) == (1, "")
    assert "nothing waits to be confirmed" in ran.err
    with misbehaving("snapshot", "a snapshot that waits"):
        ran = run("confirm", "--backend", "hostile")
    assert (ran.status, ran.out) == (1, "")
    assert "took the confirmation, and does not keep to it" in ran.err


def test_what_the_caller_raises_at_progress_comes_back_as_it_is() -> None:
    class Enough(Exception):  # noqa: N818 - no error
        pass

    def stop(done: int, total: int) -> None:
        raise Enough

    fenced = open_backend("hostile")
    with pytest.raises(Enough):
        fenced.apply(fenced.plan(compile_design(preset("nd-boundary"))), stop)
    assert fenced.snapshot().policy == "nd-transport"


def test_only_an_interrupt_passes() -> None:
    fenced = open_backend("hostile")
    with misbehaving("snapshot", "an interrupt"), pytest.raises(KeyboardInterrupt):
        fenced.snapshot()


def test_with_debug_the_traceback_of_the_plug_in_is_shown(run: Run) -> None:
    with misbehaving("snapshot", "an error"):
        ran = run("status", "--backend", "hostile", "--debug")
    assert "in misbehave" in ran.err
    assert ran.err.splitlines()[-1].startswith("ndtui: error: the backend hostile failed at snapshot: ValueError: ")
    assert not {c for c in ran.err if not c.isprintable()} - {"\n"}


def test_flags_of_another_type_are_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(HostileBackend, "capabilities", Capabilities(write="no", history=True))
    with pytest.raises(BackendError, match="does not say what it is"):
        open_backend("hostile")
