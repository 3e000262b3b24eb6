"""Of a thousand designs: a bundle gives back all of each, netsh XML all that is in its objects."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given

from ndtui.analysis.reconstruct.design_from_dump import reconstruct
from ndtui.exporters import exporting
from ndtui.exporters.bundle.bundle import parse_bundle
from ndtui.exporters.registry import exporter
from ndtui.model.compiled.compile import compile_design
from ndtui.model.compiled.objects import FilterSet
from ndtui.model.design.design import Design
from tests.analysis.reconstruct.test_design_from_dump import in_objects, objects
from tests.exporters.netsh_xml.test_netsh_format import exported, read
from tests.negotiations import negotiating_designs
from tests.rule_strategies import designs_with_rules
from tests.strategies import designs
from tests.support import a_thousand
from tests.support import design as plain

USER = "O:LSD:(A;;CC;;;S-1-5-21-1-2-3-513)"
#: Its rule that protects negotiates by itself, so that what the design says of negotiation is in no object; but another
#: rule asks who the user is.
NOBODY_TELLS = plain(
    version=2,
    rules=[
        {"name": "base", "negotiation": {"keying_modules": ["IKE"]}},
        {"name": "SQL", "mode": "inherit", "users": USER},
    ],
    keying_modules=["AuthIP"],
    extended_mode={"authentication": [{"method": "IKEEXT_KERBEROS"}]},
)


def by_name(design: Design) -> dict[str, Any]:
    """Return the objects of a design, each in the place of its key by its name, and not where it came from.

    A rule that negotiates by itself has objects like those of one that negotiates as the design does: which it was is
    in their keys alone.
    """
    found = objects(design)
    kinds = {"filters": "filterKey", "providerContexts": "providerContextKey", "subLayers": "subLayerKey"}
    text = json.dumps(found)
    for kind, key in kinds.items():
        for each in found[kind]:
            text = text.replace(each[key], json.dumps(f"{kind} {each['displayData']['name']}")[1:-1])
    said = json.loads(text)
    for kind in kinds:
        own = [{name: value for name, value in each.items() if name != "origin"} for each in said[kind]]
        said[kind] = sorted(own, key=json.dumps)
    return dict(said)


def not_told(filterset: FilterSet) -> tuple[str, ...]:
    """Return how the lines begin that name what no object tells: an identity of its own, and who tells the users."""
    told = any(getattr(each.policy, "extended_mode", None) for each in filterset.contexts)
    return ("id: ",) if told else ("id: ", "extended mode: ")


@pytest.mark.slow
@a_thousand
@given(made=designs() | designs_with_rules() | negotiating_designs())
@example(made=NOBODY_TELLS)
def test_any_design_comes_back(made: Design, tmp_path_factory: pytest.TempPathFactory) -> None:
    filterset = compile_design(made)
    text = exporting.export(exporter("bundle"), filterset, {}).content
    assert isinstance(text, str)
    assert parse_bundle(text, "b.json") == made

    lost = exporter("netsh-xml").unsupported(filterset, {"show": "state"})
    found = reconstruct(read(tmp_path_factory.getbasetemp(), exported(filterset, lossy=bool(lost))))
    assert [line for line in found.missing if not line.startswith(not_told(filterset))] == []
    assert found.design is not None
    assert by_name(found.design) == by_name(in_objects(made))


def test_what_no_object_tells_is_named(tmp_path: Path) -> None:
    """That the rule for users lets nobody in is what the objects say, and what they are read as."""
    found = reconstruct(read(tmp_path, exported(NOBODY_TELLS)))
    assert found.missing == ("extended mode: a rule asks who the user is, and no policy says how that is told",)
