"""The keys and values of a policy: its sets and rules, each under an id of its own.

An id is derived from the design's and from what the object is in it. Ids of Windows' own sets are never used: their
keys must not be there ([MS-GPFAS] 2.2.4 and 2.2.5).
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import NamedTuple
from uuid import uuid5

from ndtui.exporters.connection_security.native_policy import NativePolicy
from ndtui.exporters.connection_security.native_rules import title_of
from ndtui.exporters.connection_security.net_objects import SET_NOUNS, NetObject
from ndtui.exporters.group_policy import rule_strings, set_values
from ndtui.exporters.group_policy.reg_file import RegistryKey
from ndtui.model.design.design import Design

#: Where the firewall service reads policy: from group policy, and from the machine's own store.
STORES: Mapping[str, str] = {
    "policy": r"HKEY_LOCAL_MACHINE\SOFTWARE\Policies\Microsoft\WindowsFirewall",
    "local": r"HKEY_LOCAL_MACHINE\SYSTEM\CurrentControlSet\Services\SharedAccess\Parameters\FirewallPolicy",
}


class Chosen(NamedTuple):
    """What was chosen about a file."""

    store: str = "policy"
    main_mode: bool = False
    ipsec_exempt: bool = False
    undo: bool = False


def policy_keys(design: Design, policy: NativePolicy, exempt: int | None, chosen: Chosen) -> Iterator[RegistryKey]:
    """Yield the keys of a policy: sets before the rules that name them; ``exempt`` is what the host leaves out."""
    base = STORES[chosen.store]
    if exempt is not None:
        yield RegistryKey(base, (("IPsecExempt", exempt),))
    ids = _set_ids(design, policy)
    for each in policy.sets:
        if each.noun != "NetIPsecMainModeCryptoSet" or chosen.main_mode:
            yield _set_key(each, f"{base}\\{set_values.KEYS[each.noun]}\\{ids[each]}", design)
    for noun, name in rule_strings.KEYS.items():
        if noun != "NetIPsecMainModeRule" or chosen.main_mode:
            values = tuple(_rules(design, policy.of(noun), ids))
            if values:
                yield RegistryKey(f"{base}\\{name}", values)


def _set_ids(design: Design, policy: NativePolicy) -> dict[NetObject, str]:
    return {
        each: f"{{{uuid5(design.id, f'gpo-reg:{noun}:{number}')}}}"
        for noun in SET_NOUNS
        for number, each in enumerate(policy.of(noun))
    }


def _set_key(each: NetObject, path: str, design: Design) -> RegistryKey:
    said = set_values.set_values(each, f"ndtui {design.name}: {each.title}".replace("|", "/"))
    return RegistryKey(path, said.values, tuple((f"{number:04}", suite) for number, suite in enumerate(said.suites)))


def _rules(design: Design, rules: tuple[NetObject, ...], ids: Mapping[NetObject, str]) -> Iterator[tuple[str, str]]:
    """Yield the ids of rules of one kind with their texts; what the design is called is none of them."""
    counts: Counter[str] = Counter()
    for rule in rules:
        name = rule.title.removeprefix(title_of(design, ""))
        role = f"gpo-reg:{rule.noun}:{name}:{counts[name]}"
        counts[name] += 1
        yield f"{{{uuid5(design.id, role)}}}", rule_strings.rule_string(rule, ids, f"ndtui {{{design.id}}}")
