"""What the suite covers: its test functions, each with the rule it holds and where that rule is written."""

import ast
import re
from pathlib import Path
from typing import NamedTuple

_FWP = "https://learn.microsoft.com/windows/win32/fwp/"
_API = "https://learn.microsoft.com/windows/win32/api/"

#: The pages that a rule may name, by the name it gives them.
PAGES = {
    **{
        name: _FWP + name
        for name in (
            "filter-weight-assignment",
            "filter-weight-identifiers",
            "filtering-conditions-available-at-each-filtering-layer",
            "ike-exemptions",
            "ipsec-configuration",
            "management-filtering-sublayer-identifiers",
            "object-management",
            "using-transport-mode",
            "wfp-error-codes",
        )
    },
    **{
        name: f"{_API}{header}/{prefix}-{header}-{name.lower()}"
        for header, prefix, names in (
            (
                "fwpmtypes",
                "ns",
                "FWPM_ACTION0 FWPM_CALLOUT0 FWPM_FILTER0 FWPM_FILTER_ENUM_TEMPLATE0 FWPM_PROVIDER0 "
                "FWPM_PROVIDER_CONTEXT0 FWPM_PROVIDER_CONTEXT_ENUM_TEMPLATE0 FWPM_SESSION0 FWPM_SUBLAYER0",
            ),
            ("fwptypes", "ns", "FWP_CONDITION_VALUE0 FWP_RANGE0 FWP_V4_ADDR_AND_MASK FWP_V6_ADDR_AND_MASK"),
            ("fwptypes", "ne", "FWP_MATCH_TYPE"),
            ("iketypes", "ne", "IKEEXT_AUTHENTICATION_METHOD_TYPE IKEEXT_DH_GROUP"),
            ("iketypes", "ns", "IKEEXT_POLICY0"),
            ("ipsectypes", "ns", "IPSEC_TRANSPORT_POLICY0"),
            (
                "fwpmu",
                "nf",
                "FwpmEngineClose0 FwpmEngineOpen0 FwpmFilterAdd0 FwpmFilterDeleteByKey0 FwpmFilterEnum0 "
                "FwpmGetAppIdFromFileName0 "
                "FwpmProviderContextAdd0 FwpmSessionEnum0 FwpmSubLayerAdd0 FwpmTransactionAbort0 "
                "FwpmTransactionBegin0 FwpmTransactionCommit0",
            ),
        )
        for name in names.split()
    },
}

#: Sources that are no page: what dumps of running machines show, and what follows from a page without standing there.
OTHER_SOURCES = ("observed", "inferred")

_FOLDER = Path(__file__).resolve().parent
_SOURCES = re.compile(r"\(([^()]+)\)\.$")


class Behaviour(NamedTuple):
    """One test function that every engine has to pass: its file's name, its own, and its docstring."""

    file: str
    name: str
    rule: str

    @property
    def sources(self) -> list[str]:
        """Return what the docstring ends with: the names of pages, ``observed`` or ``inferred``."""
        found = _SOURCES.search(self.rule)
        return found.group(1).split(", ") if found else []


def behaviours() -> list[Behaviour]:
    """Return the test functions of this folder that are run for every engine, as they stand in its files."""
    return [
        Behaviour(path.name, each.name, ast.get_docstring(each) or "")
        for path in sorted(_FOLDER.glob("test_contract_*.py"))
        for each in ast.parse(path.read_text(encoding="utf-8")).body
        if isinstance(each, ast.FunctionDef) and each.name.startswith("test_")
    ]
