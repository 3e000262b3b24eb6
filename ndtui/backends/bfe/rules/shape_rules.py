"""Documents whose members are not of the types that their structures have: nothing that Windows could be given."""

import json
from collections.abc import Iterator
from typing import NoReturn

from ndtui.backends.bfe.document_shape import misfit
from ndtui.backends.bfe.rules.condition_rules import CheckedConditions
from ndtui.backends.bfe.rules.object_rules import named
from ndtui.backends.contract.changes import KIND_NAMES
from ndtui.backends.contract.engine import EngineError
from ndtui.model.compiled.document_names import is_filter
from ndtui.model.compiled.document_types import Document, Kind

#: Every number of a policy is an UINT32. Source: IKEEXT_POLICY0 and IPSEC_TRANSPORT_POLICY0, and what they are made of.
_MOST = 0xFFFFFFFF


def check_shape(kind: Kind, document: Document, text: str, known: CheckedConditions) -> None:
    """Refuse members of another type than their structure has, and numbers that are none or do not fit it.

    ``text`` is the document as JSON, ``known`` are conditions that were checked before.

    Raises:
        EngineError: Windows could not be given that.
        ValueError: a number is none, wherever it stands.
    """
    check_numbers(text)
    if misfit(kind, known.unshaped(document) if is_filter(document) else document) is not None:
        raise misshapen(kind, document)
    if is_filter(document):
        known.have_shape(document["filterCondition"])
    if kind == "providerContext" and any(not 0 <= number <= _MOST for number in _numbers(document)):
        raise EngineError("FWP_E_OUT_OF_BOUNDS", f"{named(kind, document)} has a number that does not fit 32 bits")


def check_numbers(text: str) -> None:
    """Refuse numbers that are none in a part of a document, given as JSON.

    Raises:
        ValueError: there is one, wherever it stands.
    """
    if "NaN" in text or "Infinity" in text:
        json.loads(text, parse_constant=_no_number)


def misshapen(kind: Kind, document: Document) -> EngineError:
    """Return the error of a document that has not the shape of its kind, or of which a part is missing."""
    wrong = misfit(kind, document)
    if wrong is None:
        return EngineError("FWP_E_NULL_POINTER", f"the {KIND_NAMES[kind]} is not whole")
    code = "FWP_E_TYPE_MISMATCH" if wrong.number else "FWP_E_INVALID_PARAMETER"
    return EngineError(code, f"the {KIND_NAMES[kind]} is not whole: {wrong}")


def _no_number(text: str) -> NoReturn:
    raise ValueError(f"{text} is no number")


def _numbers(value: object) -> Iterator[int]:
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list):
        for each in value:
            yield from _numbers(each)
    elif isinstance(value, int):
        yield value
