"""Every member that Windows' structures of a negotiation have is in a design, or in a list with the reason why not.

The structures are those of Microsoft's metadata, read as text; which names their enumerations have is tested beside.
"""

import re
from functools import cache
from typing import Any

import pytest

from ndtui.model.compiled.context_documents import auth_type, cipher_type
from ndtui.model.design import authentication, certificate_criteria, design, ipsec_policy, rule, rule_negotiation
from ndtui.model.vocabulary.numbers import ENUMERATIONS
from tests.model.vocabulary.negotiation_members import CARRIED, LEFT_OUT, NAMES, ROOTS, VALUES
from tests.model.vocabulary.test_vocabulary import metadata

MODULES = (authentication, certificate_criteria, design, ipsec_policy, rule, rule_negotiation)


@cache
def structures() -> dict[str, str]:
    """Return the body of each structure of Microsoft's metadata."""
    return dict(re.findall(r"^class (\w+)\(Structure\):\n((?:[ ]+.*\n)+)", metadata(), re.MULTILINE))


def members_of(structure: str) -> dict[str, str]:
    """Return the members of a structure, those of unions too, with the last part of their types' names."""
    found = re.findall(r"^ +(\w+): ([^_\n].*)$", structures()[structure], re.MULTILINE)
    return {name: kind.rstrip(")").rpartition(".")[2] for name, kind in found}


def everything_held() -> dict[str, str]:
    """Return every member of the roots and of what they hold, with its type."""
    found: dict[str, str] = {}
    seen: set[str] = set()
    waiting = [*ROOTS]
    while waiting:
        structure = waiting.pop()
        if structure in seen:
            continue
        seen.add(structure)
        for member, kind in members_of(structure).items():
            found[f"{structure}.{member}"] = kind
            if kind in structures() and kind not in VALUES:
                waiting.append(kind)
    return found


def test_every_member_is_carried_or_left_out_for_a_reason():
    held = everything_held()
    assert len(held) > 90
    assert sorted(held) == sorted([*CARRIED, *LEFT_OUT])
    assert all(len(reason) > 10 for reason in LEFT_OUT.values())


def test_the_look_at_the_metadata_sees_unions_and_pointers():
    assert members_of("IKEEXT_CERT_NAME0") == {"nameType": "IKEEXT_CERT_CRITERIA_NAME_TYPE", "certName": "PWSTR"}
    assert len(members_of("IKEEXT_CERTIFICATE_AUTHENTICATION2")) == 16
    assert members_of("IKEEXT_POLICY2")["ikeProposals"] == "IKEEXT_PROPOSAL0"


@pytest.mark.parametrize("member", CARRIED)
def test_what_carries_a_member_is_a_field_of_a_design(member):
    for place in CARRIED[member]:
        owner, _, field = place.partition(".")
        model = next(getattr(module, owner) for module in MODULES if hasattr(module, owner))
        assert field in model.model_fields, place


def offered(schema: Any) -> set[str]:
    """Return every name that a JSON Schema offers to choose from."""
    if isinstance(schema, dict):
        here = {name for name in schema.get("enum", ()) if isinstance(name, str)}
        return here.union(*map(offered, schema.values()))
    return set().union(*map(offered, schema)) if isinstance(schema, list) else set()


@pytest.mark.parametrize("enumeration", NAMES)
def test_every_name_can_be_said_or_is_left_out_for_a_reason(enumeration):
    said = offered(design.Design.model_json_schema())
    said |= {auth_type(name) for name in said} | {cipher_type(name) for name in said if "CIPHER_CONFIG" in name}
    missing = set(ENUMERATIONS[enumeration]) - said
    assert missing == set(NAMES[enumeration])


def test_no_enumeration_is_forgotten():
    """Those of the metadata by their own names; macros have no type there, and stand in the list all the same."""
    kinds = {kind for kind in everything_held().values() if kind in ENUMERATIONS}
    assert kinds <= set(NAMES)
    assert len(kinds) > 9
