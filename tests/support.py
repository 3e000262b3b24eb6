"""What several tests need: the data files, designs from plain data, and what an error may look like."""

import json
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

from ndtui.common.errors import InputError
from ndtui.model.compiled.compile import compile_design
from ndtui.model.compiled.document_types import ObjectLists
from ndtui.model.compiled.documents import object_lists
from ndtui.model.compiled.objects import FilterSet
from ndtui.model.design.design import Design, change
from ndtui.model.files import presets
from ndtui.model.files.design_file import parse_design

ROOT = Path(__file__).resolve().parent.parent
DATA = Path(__file__).resolve().parent / "data"

#: For the properties that matter most: three times as many examples as the others have.
often = settings(max_examples=3 * settings().max_examples)
#: For what is promised of a thousand designs, which take a minute.
a_thousand = settings(max_examples=20 * settings().max_examples)


@cache
def data_file(name: str) -> Any:
    """Return a JSON file of tests/data."""
    return json.loads((DATA / name).read_text(encoding="utf-8"))


@cache
def preset(name: str) -> Design:
    """Return the design of a shipped preset, which nobody can change."""
    return presets.find(name).load()


def design(**fields: Any) -> Design:
    """Return a design of plain data, named ``test`` when it says no other name."""
    return Design.model_validate({"name": "test", **fields})


def with_windows_main_mode() -> Design:
    """Return nd-transport with the main mode that Windows has by itself, so that every format can say all of it."""
    aes = {"cipher": "IKEEXT_CIPHER_AES_128", "integrity": "IKEEXT_INTEGRITY_SHA1", "dh_group": "IKEEXT_DH_GROUP_2"}
    offered = [aes, {**aes, "cipher": "IKEEXT_CIPHER_3DES"}]
    made = preset("nd-transport")
    return change(made, main_mode={**made.main_mode.model_dump(), "proposals": offered})


def with_nothing_to_say() -> Design:
    """Return a design that the checker has nothing to say about."""
    accepted = [{"id": "authip-kerberos", "reason": "no host is outside the domain"}]
    return change(preset("nd-boundary"), suppressions=accepted)


def ruled(design: Design, **changes: Any) -> Design:
    """Return a design whose first rule says something else."""
    first, *others = design.rules
    return change(design, rules=({**dict(first), **changes}, *others))


def exempting(*exemptions: dict[str, Any], **fields: Any) -> Design:
    """Return a design with exemptions of plain data; those without a name get one."""
    return design(exemptions=[{"name": f"e{n}", **e} for n, e in enumerate(exemptions)], **fields)


def documents(of: Design | FilterSet) -> ObjectLists:
    """Return all objects of a design or filter set in their JSON shape."""
    return object_lists(compile_design(of) if isinstance(of, Design) else of)


def refused(text: str, where: str = "file.toml") -> str:
    """Return the one line by which the text of a design is refused."""
    with pytest.raises(InputError) as caught:
        parse_design(text, where)
    return one_line(str(caught.value))


def one_line(message: str) -> str:
    """Return a message for a person, having checked that it is one line that harms no terminal and ends."""
    assert message.isprintable(), f"not fit for a terminal: {message!r}"
    assert len(message) < 1000, f"{len(message)} characters: {message[:200]}..."
    return message
