"""Machines that each finding is said of, and machines as near as can be of which it is not."""

from typing import Any

from ndtui.analysis.check.finding import Finding
from ndtui.analysis.check.machine_findings import on_machine
from ndtui.analysis.dump import Dump, DumpProvider
from ndtui.model.compiled.compile import compile_design
from tests.analysis.machine.there import BLOCK, DRIVER, HARD, HIGH, IN, LOW, OUT, PERMIT, TERMINATING, machine, there
from tests.support import preset


def _ikeext(*flags: str, key: str = "FWPM_PROVIDER_IKEEXT") -> Dump:
    return machine(providers=(DumpProvider(key, "Microsoft Corporation", "IKEEXT", flags),))


_DISABLED = "FWPM_PROVIDER_FLAG_DISABLED"
_BY_GUID = "{10AD9216-CCDE-456C-8B16-E9F04E60A90B}"
_IPSEC: dict[str, Any] = {"action": TERMINATING, "callout": "FWPM_CALLOUT_IPSEC_INBOUND_TRANSPORT_V4"}

#: By id: machines that have the finding, and machines that have it not.
CASES: dict[str, tuple[tuple[Dump, ...], tuple[Dump, ...]]] = {
    "ikeext-not-automatic": (
        (_ikeext(_DISABLED), _ikeext(_DISABLED, key=_BY_GUID)),
        (_ikeext(), _ikeext(_DISABLED, key="{0badc0de-0000-4000-9000-000000000001}"), machine()),
    ),
    "callout-not-below": (
        (
            machine(there(OUT, TERMINATING, callout=DRIVER)),
            machine(there(IN, TERMINATING, sublayer=HIGH, callout=DRIVER)),
        ),
        (machine(there(OUT, TERMINATING, sublayer=LOW, callout=DRIVER)), machine(there(IN, **_IPSEC))),
    ),
    "other-ipsec-first": (
        (machine(there(IN, sublayer=HIGH, **_IPSEC)), machine(there(IN, **_IPSEC))),
        (machine(there(IN, sublayer=LOW, **_IPSEC)),),
    ),
    "hard-permit-first": (
        (machine(there(IN, PERMIT, sublayer=HIGH, flags=HARD)),),
        (machine(there(IN, PERMIT, sublayer=HIGH)), machine(there(IN, PERMIT, sublayer=LOW, flags=HARD))),
    ),
    "decides-first": (
        (machine(there(IN, BLOCK)), machine(there(IN, BLOCK, sublayer=HIGH))),
        (machine(there(IN, BLOCK, sublayer=LOW)), machine(there(IN, BLOCK, flags=("FWPM_FILTER_FLAG_DISABLED",)))),
    ),
}


def findings_on(dump: Dump) -> tuple[Finding, ...]:
    """Return what is said of nd-transport on a machine."""
    return on_machine(compile_design(preset("nd-transport")), dump)
