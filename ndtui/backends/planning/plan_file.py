"""Saved plans: a plan as a file, so that what was reviewed is what is executed.

The file says which backend and which state it was made from, every object before and after, and the design that they
make up, so that what is to be known of it is said again before it is applied. Its ``sha256`` is of the canonical JSON
without that member, so that a plan edited by hand is noticed.
"""

import json
from collections.abc import Mapping
from hashlib import sha256
from typing import Annotated, Literal, NamedTuple, Self, cast

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator
from pydantic_core import PydanticCustomError

from ndtui import __version__
from ndtui.backends.contract.changes import Action, Change, Plan
from ndtui.backends.contract.object_flaws import flaw_of
from ndtui.common import files
from ndtui.common.errors import InputError, RefusedError
from ndtui.common.json_text import load_json
from ndtui.common.text import in_quotes
from ndtui.model.compiled.document_types import Document, Kind
from ndtui.model.design.design import Design
from ndtui.model.files.design_file import design_from

FORMAT = "ndtui-plan"
#: No change takes fewer bytes of a saved plan.
LEAST = 200
#: What is to be done about a plan that is not as it was made.
PLAN_AGAIN = "make it again with ndtui plan -o"


class _Entry(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    kind: Kind
    key: str
    before: dict[str, object] | None
    after: dict[str, object] | None

    @model_validator(mode="after")
    def _has_its_object(self) -> Self:
        """Refuse an entry without an object, and one that is not the object it names."""
        found = [each for each in (self.before, self.after) if each is not None]
        if not found:
            raise PydanticCustomError("no_object", "there is no object, neither before nor after")
        for each in found:
            problem = flaw_of(self.kind, self.key, each)
            if problem:
                raise PydanticCustomError("no_object", "{problem}", {"problem": problem})
        return self

    def change(self) -> Change:
        """Return it as a change."""
        return Change(self.kind, self.key, cast("Document | None", self.before), cast("Document | None", self.after))


class _File(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    format: Literal["ndtui-plan"]
    version: Literal[1]
    generator: str
    backend: str
    place: str
    state: str
    action: Action
    policy: str
    replaces: str
    unchanged: Annotated[int, Field(ge=0)]
    changes: tuple[_Entry, ...]
    design: dict[str, object] | None = None
    sha256: str


class SavedPlan(NamedTuple):
    """A plan out of a file, the place it was made for, as its backend names it, and the design that it applies.

    The design is ``None`` where the file does not say it, as those of version 0.2 do not.
    """

    plan: Plan
    place: str
    design: Design | None = None


def format_plan(plan: Plan, place: str, design: Design | None = None) -> str:
    """Return a plan as the text of a file, with the design that it applies.

    Raises:
        RefusedError: it would be too large to be read again.
    """
    what = f"the plan of {in_quotes(plan.policy)}"
    files.check_readable(len(plan.changes) * LEAST, what, files.MAX_JSON)  # before it takes time and memory
    document: dict[str, object] = {
        "format": FORMAT,
        "version": 1,
        "generator": f"ndtui {__version__}",
        "backend": plan.backend,
        "place": place,
        "state": plan.state,
        "action": plan.action,
        "policy": plan.policy,
        "replaces": plan.replaces,
        "unchanged": plan.unchanged,
        "changes": [{"kind": c.kind, "key": c.key, "before": c.before, "after": c.after} for c in plan.changes],
    }
    if design is not None:
        document["design"] = design.model_dump(mode="json")
    text = json.dumps({**document, "sha256": _digest(document)}, indent=2, ensure_ascii=True) + "\n"
    return files.readable(text, what, files.MAX_JSON)


def is_plan(text: str) -> bool:
    """Tell whether a text is meant as a saved plan."""
    return text.lstrip()[:1] == "{" and f'"{FORMAT}"' in text[:200]


def parse_plan(text: str, where: str) -> SavedPlan:
    """Return the plan of a file. ``where`` names it in errors.

    Raises:
        InputError: it is no plan.
        RefusedError: it was edited after it was made.
    """
    try:
        document = cast("dict[str, object]", load_json(text, where))
        found = _File.model_validate(document)
        digest = _digest({name: value for name, value in document.items() if name != "sha256"})
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        place = ".".join(map(str, first["loc"]))
        raise InputError(f"{where} is no plan: {place}: {first['msg']}", remedy=PLAN_AGAIN) from None
    except InputError as error:
        raise InputError(
            f"{where} is no plan: {error.message.removeprefix(where).lstrip(': ')}", remedy=PLAN_AGAIN
        ) from None
    except RecursionError:
        raise InputError(f"{where} is no plan: it is nested too deeply", remedy=PLAN_AGAIN) from None
    if digest != found.sha256:
        raise RefusedError(
            f"{where} was changed after it was made: its sha256 is {digest}, and it says {found.sha256}",
            remedy=PLAN_AGAIN,
        )
    plan = Plan(
        backend=found.backend,
        state=found.state,
        policy=found.policy,
        replaces=found.replaces,
        changes=tuple(each.change() for each in found.changes),
        unchanged=found.unchanged,
        action=found.action,
    )
    design = None if found.design is None else design_from(found.design, f"{where}, design")
    return SavedPlan(plan=plan, place=found.place, design=design)


def _digest(document: Mapping[str, object]) -> str:
    text = json.dumps(document, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    return sha256(text.encode()).hexdigest()
