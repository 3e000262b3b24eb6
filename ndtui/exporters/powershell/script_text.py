"""The script: its head, its parameters, and one function for each thing that it does.

It stays inside what Constrained Language mode allows: cmdlets of Windows' own modules, properties, operators, [string]
and [char]; no method is called, no type added, nothing splatted. The cmdlets of NetSecurity and of ScheduledTasks are
functions of modules, which do not see the preferences of a script: each that changes something is handed -WhatIf, and
each is told what to do about an error, or the script would go on after one.
Source: https://github.com/PowerShell/PowerShell/issues/24389 and .../issues/4568.
"""

from collections.abc import Iterator, Sequence
from importlib.resources import files
from uuid import UUID, uuid5

from ndtui.analysis.check.finding import Finding
from ndtui.common.counted import counted
from ndtui.exporters.connection_security.native_policy import NativePolicy
from ndtui.exporters.connection_security.native_values import FromEnvironment
from ndtui.exporters.connection_security.net_objects import RULE_NOUNS, SET_NOUNS, NetObject
from ndtui.exporters.contract import Inexpressible
from ndtui.exporters.powershell.powershell_text import arguments, quoted
from ndtui.exporters.powershell.script_head import head
from ndtui.model.design.design import Design

#: The cmdlets that read objects take their name by this parameter, and those that change them too.
_BY = {"NetIPsecRule": "IPsecRuleName"}
_STOP = "-ErrorAction 'Stop'"
_QUIET = "-ErrorAction 'SilentlyContinue'"
#: What is handed to a cmdlet that changes something.
_CHANGE = f"-WhatIf:$WhatIfPreference {_STOP}"


class Named:
    """The names of all objects of a script. Those of another generation of the design are all different."""

    def __init__(self, design: Design, policy: NativePolicy) -> None:
        everything = "\n".join((*(each.said for each in (*policy.sets, *policy.rules)), str(policy.by_host)))
        self.design: UUID = design.id
        self._title = f"ndtui {design.name}: ".replace("|", "/")
        self.generation = str(uuid5(design.id, f"powershell:{everything}"))

    def __call__(self, each: NetObject) -> str:
        """Return the name of an object."""
        return each.name(self.design, self.generation)

    def title(self, each: NetObject) -> str:
        """Return what people see of an object."""
        return f"{self._title}{each.title}" if each.noun in SET_NOUNS else each.title


def script(design: Design, policy: NativePolicy, lost: Sequence[Inexpressible], told: Sequence[Finding]) -> str:
    """Return the script that applies, verifies and undoes a policy, with LF line ends; ``told`` stands at its head."""
    named = Named(design, policy)
    lines = [
        *head(design, lost, told),
        *_part("parameters"),
        "",
        *_constants(design, policy, named),
        "",
        *_checks(policy),
        "",
        *_additions(policy, named),
        "",
        *_each_kind(),
        "",
        *_verification(policy, named),
        "",
        *_actions(policy),
    ]
    return "\n".join(lines) + "\n"


def _part(name: str) -> list[str]:
    """Return a part of the script that is the same for every design."""
    return (files(__package__) / f"{name}.ps1").read_text(encoding="ascii").rstrip("\n").split("\n")


def _actions(policy: NativePolicy) -> list[str]:
    """Return what the script does, with what it does about the host's own exemptions only where it does."""
    if policy.by_host:
        return [*_part("host-exemptions"), "", *_part("actions")]
    return [line for line in _part("actions") if "-HostExemption" not in line]


def _constants(design: Design, policy: NativePolicy, named: Named) -> Iterator[str]:
    yield f"$Group = {quoted(f'ndtui {{{design.id}}}')}"
    yield f"$Generation = '{named.generation}'"
    yield f"$Design = '{design.id}'"
    for noun in (*SET_NOUNS, *RULE_NOUNS):
        yield f"${_plural(noun)} = @("
        yield from (f"    '{named(each)}'" for each in policy.of(noun))
        yield ")"


def _plural(noun: str) -> str:
    return f"{noun.removeprefix('Net')}s"


# -- what is made ------------------------------------------------------------------------------------------------------


def _additions(policy: NativePolicy, named: Named) -> Iterator[str]:
    yield "# Everything is made first, rules switched off, so that nothing changes until all of it is there."
    yield "function Add-Policy {"
    for each in counted((*policy.sets, *policy.rules)):
        yield f"    $Found = {_get(each.noun, quoted(named(each)))}"
        yield "    if (-not $Found) {"
        yield from (f"        {line}" for line in (_set_lines if each.noun in SET_NOUNS else _rule_lines)(each, named))
        yield "    }"
    yield "}"


def _get(noun: str, name: str) -> str:
    return f"Get-{noun} -{_BY.get(noun, 'Name')} {name} -PolicyStore $PolicyStore {_QUIET}"


def _set_lines(each: NetObject, named: Named) -> Iterator[str]:
    yield "$Proposals = @()"
    for parameters in each.proposals:
        yield f"$Proposals += New-{each.proposal_noun} {' '.join(arguments(parameters))} {_STOP}"
    yield " ".join([_new(each, named), "-Proposal $Proposals", *arguments(each.parameters), _end()])


def _rule_lines(each: NetObject, named: Named) -> Iterator[str]:
    sets = [f"-{name} '{named(other)}'" for name, other in each.sets]
    yield " ".join([_new(each, named), "-Enabled 'False'", *arguments(each.parameters), *sets, _end()])


def _new(each: NetObject, named: Named) -> str:
    title = quoted(named.title(each))
    return f"New-{each.noun} -{each.name_parameter} '{named(each)}' -DisplayName {title} -Group $Group"


def _end() -> str:
    return f"-PolicyStore $PolicyStore {_CHANGE} | Out-Null"


# -- what is done with all objects of a kind ---------------------------------------------------------------------------


def _each_kind() -> Iterator[str]:
    yield "# Main mode rules come first, and of each other kind those that let something through."
    yield from _function("Enable-Policy", (_enabled(noun) for noun in RULE_NOUNS))
    yield ""
    yield from _function("Get-InForce", map(_in_force, RULE_NOUNS))
    yield ""
    yield "# Rules of an earlier version of the design, which are in the same group and switched on."
    yield from _function("Get-Earlier", map(_earlier, RULE_NOUNS))
    yield ""
    yield from _function("Disable-Earlier", map(_disabled, RULE_NOUNS))
    yield ""
    yield from _function("Restore-Earlier", map(_restored, RULE_NOUNS))
    yield ""
    yield "# Rules go before the sets that they name."
    kinds = (*reversed(RULE_NOUNS), *reversed(SET_NOUNS))
    yield from _function("Clear-Policy", map(_removed, kinds))
    yield ""
    yield "# What is left of earlier versions, which Undo would need to go back to them."
    yield from _function("Clear-Earlier", map(_cleared, kinds))


def _function(name: str, bodies: Iterator[list[str]]) -> Iterator[str]:
    yield f"function {name} {{"
    for body in bodies:
        yield from (f"    {line}" for line in body)
    yield "}"


def _enabled(noun: str) -> list[str]:
    return [
        f"foreach ($Name in ${_plural(noun)}) {{",
        f"    $Found = {_get(noun, '$Name')}",
        "    if ($Found) {",
        "        if ('True' -ne $Found.Enabled) {",
        f"            {_set(noun, '$Name', 'True')}",
        "        }",
        "    }",
        "}",
    ]


def _set(noun: str, name: str, enabled: str) -> str:
    by = _BY.get(noun, "Name")
    return f"Set-{noun} -{by} {name} -PolicyStore $PolicyStore -Enabled '{enabled}' {_CHANGE}"


def _in_force(noun: str) -> list[str]:
    return [
        f"foreach ($Name in ${_plural(noun)}) {{",
        f"    $Found = {_get(noun, '$Name')}",
        "    if ($Found) {",
        "        if ('True' -eq $Found.Enabled) {",
        "            Write-Output -InputObject $Name",
        "        }",
        "    }",
        "}",
    ]


def _of_group(noun: str) -> str:
    return f"Get-{noun} -Group $Group -PolicyStore $PolicyStore {_QUIET}"


def _of_earlier_versions(noun: str, does: str, *, in_force: bool = True) -> list[str]:
    """Return what does something with each object of the design's that this version has not."""
    condition = "'True' -eq $Found.Enabled -and " if in_force else ""
    return [
        f"foreach ($Found in @({_of_group(noun)})) {{",
        f"    if ({condition}${_plural(noun)} -notcontains $Found.InstanceID) {{",
        f"        {does}",
        "    }",
        "}",
    ]


def _earlier(noun: str) -> list[str]:
    return _of_earlier_versions(noun, "Write-Output -InputObject $Found.InstanceID")


def _disabled(noun: str) -> list[str]:
    return _of_earlier_versions(noun, _set(noun, "$Found.InstanceID", "False"))


def _cleared(noun: str) -> list[str]:
    remove = f"Remove-{noun} -{_BY.get(noun, 'Name')} $Found.InstanceID -PolicyStore $PolicyStore {_CHANGE}"
    return _of_earlier_versions(noun, remove, in_force=False)


def _tried(does: str, otherwise: str) -> list[str]:
    """Return what does something as a part of undoing, which goes on whatever fails, and says what has failed."""
    return [
        "try {",
        f"    {does}",
        "} catch {",
        f"    Write-Output -InputObject ('{otherwise}: ' + $Name)",
        "}",
    ]


def _restored(noun: str) -> list[str]:
    return [
        "foreach ($Name in @(Read-Record)) {",
        f"    $Found = {_get(noun, '$Name')}",
        "    if ($Found) {",
        *(f"        {line}" for line in _tried(_set(noun, "$Name", "True"), "not switched on again")),
        "    }",
        "}",
    ]


def _removed(noun: str) -> list[str]:
    """Return what removes the objects of a kind, the last that was switched on first."""
    remove = f"Remove-{noun} -{_BY.get(noun, 'Name')} $Name -PolicyStore $PolicyStore {_CHANGE}"
    return [
        "$Reversed = @()",
        f"foreach ($Name in ${_plural(noun)}) {{",
        "    $Reversed = @($Name) + $Reversed",
        "}",
        "foreach ($Name in $Reversed) {",
        f"    $Found = {_get(noun, '$Name')}",
        "    if ($Found) {",
        *(f"        {line}" for line in _tried(remove, "not removed")),
        "    }",
        "}",
    ]


# -- what is looked at -------------------------------------------------------------------------------------------------


def _checks(policy: NativePolicy) -> Iterator[str]:
    yield "# What this script needs of its surroundings; each line says what is wrong."
    yield "function Get-Obstacle {"
    for name in dict.fromkeys(_variables(policy)):
        yield f"    if (-not ${{env:{name}}}) {{"
        missing = f"the environment has no {name}, where the pre-shared key is"
        yield f"        Write-Output -InputObject {quoted(missing)}"
        yield "    }"
    yield from (f"    {line}" for line in _part("obstacles"))
    if policy.guards:
        yield from (f"    {line}" for line in _part("default-action"))
    if policy.by_host:
        yield from (f"    {line}" for line in _part("unset-exemptions"))
    yield "}"


def _variables(policy: NativePolicy) -> Iterator[str]:
    for each in policy.sets:
        for parameters in each.proposals:
            yield from (value.name for _, value in parameters if isinstance(value, FromEnvironment))


def _verification(policy: NativePolicy, named: Named) -> Iterator[str]:
    yield "# What differs from what this script makes. Addresses and ports are not read back: they are in the names."
    yield "function Get-Difference {"
    for each in counted((*policy.sets, *policy.rules)):
        yield f"    $Found = {_get(each.noun, quoted(named(each)))}"
        yield "    if (-not $Found) {"
        yield f"        Write-Output -InputObject {quoted(f'missing: {each.noun} {named.title(each)}')}"
        for why, asked in _asked(each, named):
            yield f"    }} elseif ({asked}) {{"
            yield f"        Write-Output -InputObject {quoted(f'{why}: {each.noun} {named.title(each)}')}"
        yield "    }"
    if policy.by_host:
        yield f"    foreach ($Setting in @(Get-NetFirewallSetting -PolicyStore $PolicyStore {_STOP})) {{"
        yield "        if ([string]$Setting.Exemptions -notmatch 'Icmp') {"
        yield "            Write-Output -InputObject 'the host does not leave ICMP out'"
        yield "        }"
        yield "    }"
    yield "    foreach ($Name in @(Get-Earlier)) {"
    yield "        Write-Output -InputObject ('of another version, and switched on: ' + $Name)"
    yield "    }"
    yield "}"


def _asked(each: NetObject, named: Named) -> Iterator[tuple[str, str]]:
    if each.noun in SET_NOUNS:
        return
    yield "switched off", "'True' -ne $Found.Enabled"
    if each.noun == "NetIPsecRule":
        said = dict(each.parameters)
        for name in ("InboundSecurity", "OutboundSecurity", "KeyModule"):
            yield f"another {name}", f"'{said[name]}' -ne $Found.{name}"
    if each.noun == "NetFirewallRule":
        yield "another Action", f"'{each.value('Action')}' -ne $Found.Action"
    for name, other in each.sets:
        yield f"another {name}", f"'{named(other)}' -ne $Found.{name}"
    yield "in error", "'Error' -eq $Found.PrimaryStatus"
