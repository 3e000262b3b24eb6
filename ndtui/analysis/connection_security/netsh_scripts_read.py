"""Scripts of netsh commands: which rules they add. Those that this program writes, and people's own.

Of consec and mainmode each ``add rule`` is read, of firewall each that this program wrote. What else stands in a script
is named by its line, unless it changes nothing: what only shows, asks, or leads through the file; a script is never
run.
Source: https://learn.microsoft.com/windows-server/administration/windows-commands/netsh-advfirewall
"""

import re
import tomllib
from collections import defaultdict
from collections.abc import Iterator, Sequence

from ndtui.analysis.connection_security.batch_lines import Command, commands_of
from ndtui.analysis.connection_security.firewall_demands import FirewallRule, with_demands
from ndtui.analysis.connection_security.main_mode_rules import with_main_mode
from ndtui.analysis.connection_security.netsh_add_rules import VARIABLE, arguments_of, main_rule, security_rule
from ndtui.analysis.connection_security.netsh_firewall_rules import firewall_rule
from ndtui.analysis.connection_security.security_rules import MainRule, RulesRead, SecurityRule
from ndtui.common.text import brief, shortened, visible

_SCRIPT = re.compile(r"(?im)^[^\n]*\badvfirewall\s+(?:consec|mainmode)\s+add\s+rule\b")
#: What only shows something, or takes down what is there.
_ASKING = {"show", "dump", "export", "help", "?", "monitor"}


def is_netsh_script(text: str) -> bool:
    """Whether a text has commands that add connection security or main mode rules; a design that shows some has not."""
    other = text.lstrip("\ufeff \r\n\t")[:1] in ("{", "[", "<")
    return not other and _SCRIPT.search(text) is not None and not _is_toml(text)


def _is_toml(text: str) -> bool:
    try:
        tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return False
    return True


def rules_of_netsh_script(text: str) -> RulesRead:
    """Return the rules that the commands of a text add; what else it does is said by its lines."""
    found = _Found()
    for command in commands_of(text):
        found.take(command)
    read = RulesRead(tuple(found.rules), (*found.lost, *found.others()))
    return with_main_mode(with_demands(read, found.firewall), found.mains, None)


class _Found:
    """What is found in a script, line by line."""

    def __init__(self) -> None:
        self.rules: list[SecurityRule] = []
        self.mains: list[MainRule] = []
        self.firewall: list[FirewallRule] = []
        self.lost: list[str] = []
        self._added: dict[str, set[str]] = {"consec": set(), "mainmode": set()}
        self._others: dict[str, list[int]] = defaultdict(list)

    def take(self, command: Command) -> None:
        """Take a command."""
        words = _of_netsh(command.words)
        if words is None:
            if not command.is_quiet:
                self._others[shortened(visible(command.words[0]), 40)].append(command.line)
            return
        small = [each.casefold() for each in words[:4]]
        where = f"line {command.line}"
        if small[:1] == ["advfirewall"] and small[2:4] == ["add", "rule"] and small[1] in ("consec", "mainmode"):
            self._add(small[1], words[4:], where, command.condition)
        elif (
            small[:1] == ["advfirewall"]
            and small[2:4] == ["delete", "rule"]
            and small[1] in ("consec", "mainmode", "%1")
        ):
            self._delete(small[1], words[4:], where)
        elif small == ["advfirewall", "firewall", "add", "rule"] and self._is_own(words[4:], command.condition):
            pass
        elif not (_ASKING & set(small[1:3]) or small[:1] in (["wfp"], ["trace"])):
            # What else stands there may be a key.
            shown = [*words[:4], *(each for each in words[4:] if each.casefold().startswith("name="))]
            self.lost.append(f"{where}: netsh {shortened(visible(' '.join(shown)), 100)}")

    def others(self) -> Iterator[str]:
        """Yield which other commands the script has."""
        for word, lines in self._others.items():
            places = ", ".join(map(str, dict.fromkeys(lines)))
            yield f"line{'s' * (',' in places)} {places}: {word} is no command of netsh"

    def _add(self, context: str, arguments: Sequence[str], where: str, condition: str) -> None:
        held = (f"it is added under a condition: {shortened(visible(condition), 80)}",) if condition else ()
        try:
            said = arguments_of(arguments)
            self._added[context].add(said["name"].casefold())
            if context == "consec":
                rule = security_rule(said)
                self.rules.append(rule._replace(lost=(*rule.lost, *held)))
            else:
                main = main_rule(said)
                self.mains.append(main._replace(lost=(*main.lost, *held)))
        except ValueError as error:
            self.lost.append(f"{where}, rule {brief(_name(arguments) or 'without a name')}: {error}")

    def _is_own(self, arguments: Sequence[str], condition: str) -> bool:
        """Whether a firewall rule is of this program's, which is taken."""
        try:
            rule = None if condition else firewall_rule(arguments_of(arguments))
        except ValueError:
            return False
        self.firewall += [] if rule is None else [rule]
        return rule is not None

    def _delete(self, context: str, arguments: Sequence[str], where: str) -> None:
        """Name a command that removes a rule that was added before; what it removes of others is no matter."""
        name = _name(arguments).casefold()
        added = {each for own, names in self._added.items() if context in (own, "%1") for each in names}
        if added and (name == "all" or VARIABLE.search(name) or name in added):
            self.lost.append(f"{where}: it removes rules that stand before it: {brief(name)}")


def _name(arguments: Sequence[str]) -> str:
    return next((each[5:] for each in arguments if each.casefold().startswith("name=")), "")


def _of_netsh(words: Sequence[str]) -> Sequence[str] | None:
    """Return what netsh is told, ``None`` where it is another program; a script for netsh -f leaves its name out."""
    if words[0].casefold() == "advfirewall":
        return words
    for at, word in enumerate(words):
        if re.split(r"[\\/]", word)[-1].casefold() in ("netsh", "netsh.exe"):
            return words[at + 1 :]
        if at > 2 or word.casefold() not in ("call", "start", "cmd", "cmd.exe", "/c", "/wait", "/b", ""):
            return None
    return None
