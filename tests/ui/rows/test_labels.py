"""Names of objects where a policy's name stands above them: without it, and what is of another keeps its own."""

from ndtui.backends.memory import MemoryBackend
from ndtui.model.compiled.compile import compile_design
from ndtui.ui.rows.applied_rows import CONTENTS, content_rows, contents_view
from ndtui.ui.rows.plan_rows import PLAN, label_in, plan_rows, plan_view, policy_shown
from ndtui.ui.rows.view import Heading
from tests.support import design


def test_a_label_is_the_name_without_the_policy():
    assert label_in("one", "one: IKE main mode") == "IKE main mode"
    assert label_in("one: two", "one: two: IKE main mode") == "IKE main mode"
    assert label_in("one", "one two: IKE main mode") == "one two: IKE main mode"
    assert label_in("one", "one") == "one"
    assert label_in("", ": a") == ": a"


def test_a_plan_that_replaces_a_policy_names_what_is_of_the_other():
    backend = MemoryBackend()
    backend.apply(backend.plan(compile_design(design(name="old"))))
    plan = backend.plan(compile_design(design(name="new")))
    view = plan_view(policy_shown(plan))
    names = {view.cells(row)[1] for row in plan_rows(plan) if not isinstance(row, Heading)}
    assert {"IKE main mode", "old: IKE main mode"} <= names
    assert not any(name.startswith("new: ") for name in names)
    assert view.identity == PLAN.identity
    row = next(row for row in plan_rows(plan) if not isinstance(row, Heading) and row.name == "new: IKE main mode")
    assert view.called(row, 1) == ("IKE main mode", "new: IKE main mode")
    assert "new: IKE main mode" in view.unseen(row)  # the filter line finds it by either


def test_what_a_revision_holds_is_named_without_its_policy():
    backend = MemoryBackend()
    backend.apply(backend.plan(compile_design(design(name="held"))))
    held = backend.snapshot()
    view = contents_view(held.policy)
    names = [view.cells(row)[0] for row in content_rows(held) if not isinstance(row, Heading)]
    assert "IKE main mode" in names
    assert not any(name.startswith("held: ") for name in names)
    assert view.identity == CONTENTS.identity


def test_a_plan_that_removes_everything_names_it_without_its_policy():
    backend = MemoryBackend()
    backend.apply(backend.plan(compile_design(design(name="odd: name"))))
    plan = backend.plan(None)
    assert policy_shown(plan) == "odd: name"
    view = plan_view(policy_shown(plan))
    names = {view.cells(row)[1] for row in plan_rows(plan) if not isinstance(row, Heading)}
    assert {"IKE main mode", "AuthIP quick mode", "inbound transport"} <= names
    assert policy_shown(MemoryBackend().plan(None)) == ""
