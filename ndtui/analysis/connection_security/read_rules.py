"""Which text holds connection security rules, and the rules that it holds."""

from ndtui.analysis.connection_security.gpo_registry import has_rules, rules_of_registry
from ndtui.analysis.connection_security.netsecurity_json import is_netsecurity, rules_of_netsecurity
from ndtui.analysis.connection_security.netsh_rules import is_netsh, rules_of_netsh
from ndtui.analysis.connection_security.netsh_scripts_read import is_netsh_script, rules_of_netsh_script
from ndtui.analysis.connection_security.registry_text import is_registry, read_registry
from ndtui.analysis.connection_security.security_rules import RulesRead
from ndtui.common.errors import InputError
from ndtui.common.json_text import load_json

#: What a rule has in JSON; a text without it is not read as JSON, which may be long.
_RULE = '"InboundSecurity"'


def read_rules(text: str, where: str) -> RulesRead | None:
    """Return the connection security rules of a text, or ``None`` where it is something else; ``where`` names it.

    Raises:
        InputError: it is a registry file, and no rules are in it, or it cannot be read, or JSON that is cut off.
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
    if is_netsh_script(text):
        return rules_of_netsh_script(text)
    text = text.lstrip("\ufeff")
    if text.lstrip()[:1] in ("[", "{") and _RULE in text:
        data = load_json(text, where)
        return rules_of_netsecurity(data) if is_netsecurity(data) else None
    return None
