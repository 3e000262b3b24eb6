"""What export formats that are programs have in common: which references of a design a program cannot follow."""

import re
from collections.abc import Iterator, Mapping, Sequence

from ndtui.analysis.check.finding import Finding
from ndtui.exporters.contract import Exporter, Inexpressible, Value
from ndtui.exporters.on_hosts.host_findings import host_findings
from ndtui.exporters.policy_program.program_lookups import subject_parts
from ndtui.model.compiled.objects import FilterSet, MainModePolicy, ProviderContext
from ndtui.model.design.authentication import AuthenticationMethod

_IDENTIFIER = re.compile(r"[0-9]+(\.[0-9]+)+")


class ProgramExporter(Exporter):
    """A program that installs and removes a policy. It needs nothing of ndtui."""

    def unsupported(self, filterset: FilterSet, options: Mapping[str, Value]) -> Sequence[Inexpressible]:  # noqa: ARG002
        """Return the references of provider contexts that a program has no way to follow."""
        found = (each for context in filterset.contexts for each in _unsupported(context))
        return list(dict.fromkeys(found))

    def findings(self, filterset: FilterSet, options: Mapping[str, Value]) -> Sequence[Finding]:  # noqa: ARG002
        """Return what is cut off once the program has installed the policy: nothing undoes it by itself."""
        return tuple(host_findings(filterset))


def _unsupported(context: ProviderContext) -> Iterator[Inexpressible]:
    for method in _methods(context):
        if method.key is not None and not method.key.startswith("env:"):
            yield Inexpressible(
                f"pre-shared key {method.key} of {context.name}",
                "a program reads keys from environment variables: write env:NAME",
            )
        for reference in _roots(method):
            if not _can_be_found(reference):
                yield Inexpressible(
                    f"root {reference} of {context.name}",
                    "it names a part of a subject by letters that Windows does not know: write OID. and its numbers",
                )


def _methods(context: ProviderContext) -> Sequence[AuthenticationMethod]:
    policy = context.policy
    if isinstance(policy, MainModePolicy):
        return policy.authentication
    return policy.extended_mode.authentication if policy.extended_mode is not None else ()


def _roots(method: AuthenticationMethod) -> Iterator[str]:
    yield from method.roots
    for criteria in (*method.inbound_criteria, *method.outbound_criteria):
        if criteria.root is not None:
            yield criteria.root


def _can_be_found(reference: str) -> bool:
    scheme, _, text = reference.partition(":")
    if scheme == "thumbprint":
        return True
    try:
        identifiers = [identifier for identifier, _ in subject_parts(text)]
    except KeyError:
        return False
    return bool(identifiers) and all(map(_IDENTIFIER.fullmatch, identifiers))
