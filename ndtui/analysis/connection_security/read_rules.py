"""Which text holds connection security rules, and the rules that it holds."""

import json

from ndtui.analysis.connection_security.gpo_registry import has_rules, rules_of_registry
from ndtui.analysis.connection_security.netsecurity_json import is_netsecurity, rules_of_netsecurity
from ndtui.analysis.connection_security.netsh_rules import is_netsh, rules_of_netsh
from ndtui.analysis.connection_security.registry_text import is_registry, read_registry
from ndtui.analysis.connection_security.security_rules import RulesRead
from ndtui.common.errors import InputError


def read_rules(text: str, where: str) -> RulesRead | None:
    """Return the connection security rules of a text, or ``None`` where it is something else; ``where`` names it.

    Raises:
        InputError: it is a registry file, and no rules are in it, or it cannot be read.
    """
    if is_registry(text):
        keys = read_registry(text, where)
        if not has_rules(keys):
            raise InputError(
                f"{where} is a registry file without connection security rules",
                remedy="export the key ConSecRules and those of its sets",
            )
        return rules_of_registry(keys)
    if is_netsh(text):
        return rules_of_netsh(text)
    if text.lstrip("\ufeff \r\n\t")[:1] in ("[", "{"):
        try:
            data = json.loads(text.lstrip("\ufeff"))
        except (ValueError, RecursionError):
            return None
        return rules_of_netsecurity(text.lstrip("\ufeff")) if is_netsecurity(data) else None
    return None
