"""What the marshaller makes, read by a Windows program that knows only mingw-w64's headers, run by Wine."""

import json
from collections import Counter

import pytest
from hypothesis import HealthCheck, given, settings

from ndtui.backends.wfp.marshal.context_versions import context_version
from ndtui.model.compiled.document_types import Document, Kind
from ndtui.model.design.design import Design
from tests.backends.wfp.meant import meant, notes_meant
from tests.backends.wfp.newer_samples import newer_contexts
from tests.backends.wfp.readback import compiled, marshalled, run
from tests.backends.wfp.samples import CONDITIONS, objects_of, own_objects, preset_objects
from tests.negotiations import negotiating_designs
from tests.strategies import designs

pytestmark = pytest.mark.slow

RANDOM_DESIGNS = 40


def random_objects() -> list[tuple[Kind, Document]]:
    """Return the objects of designs that are drawn at random, the same ones every time."""
    found: list[Design] = []

    @settings(max_examples=RANDOM_DESIGNS, derandomize=True, database=None, suppress_health_check=list(HealthCheck))
    @given(designs(most=3) | negotiating_designs())
    def collect(design: Design) -> None:
        found.append(design)

    collect()
    return [each for design in found for each in objects_of(design)]


@pytest.fixture(scope="module")
def read(tmp_path_factory, wine_prefix) -> list[tuple[Kind, Document, Document]]:
    """Return (kind, document, what the program read) for every object: one run of Wine for all of them."""
    from tests.backends.wfp.windows_ctypes import structures
    from tests.backends.wfp.windows_machine import machine

    native = machine(structures())
    program = compiled(tmp_path_factory.mktemp("readback"))
    newer: list[tuple[Kind, Document]] = [("providerContext", document) for document, _ in newer_contexts()]
    objects = [*preset_objects(), *own_objects(), *newer, *random_objects()]
    said = run(wine_prefix, program, marshalled(native, objects))
    assert len(said) == len(objects)
    return [(kind, document, line) for (kind, document), line in zip(objects, said, strict=True)]


def test_every_kind_and_every_condition_is_there(read):
    counted = Counter(kind for kind, _, _ in read)
    assert counted["provider"] >= 8
    assert counted["subLayer"] >= 3
    assert counted["providerContext"] >= 24
    assert counted["filter"] >= 120
    types = {c["conditionValue"]["type"] for kind, d, _ in read if kind == "filter" for c in d["filterCondition"]}
    assert types >= {value["type"] for _, _, _, value in CONDITIONS}
    assert len({value["type"] for _, _, _, value in CONDITIONS}) == 13


def test_windows_reads_what_the_document_says(read):
    for kind, document, line in read:
        said = {name: value for name, value in line.items() if name != "providerData"}
        version = context_version(document) if kind == "providerContext" else 0
        assert said == meant(kind, document, version), document


def test_windows_reads_the_provider_data(read):
    for _, document, line in read:
        notes = json.loads(bytes.fromhex(line["providerData"]) or b"{}")
        assert {name: value for name, value in notes.items() if name == "origin"} == notes_meant(document)
        assert set(notes) <= {"origin", "references", "roots", "spellings", "structures"}


def test_objects_that_differ_read_differently(read):
    """The program shows everything: no two documents look the same to it."""
    lines = {json.dumps(line, sort_keys=True) for _, _, line in read}
    documents = {json.dumps({**document, "effectiveWeight": None}, sort_keys=True) for _, document, _ in read}
    assert len(lines) == len(documents)
