"""Findings about the store that rules of Windows Firewall are kept in: how long they stay, and what counts beside them.

Sources: https://learn.microsoft.com/powershell/module/netsecurity/new-netipsecrule for the stores, and
.../set-netfirewallprofile for rules that group policy keeps out.
"""

from collections.abc import Iterator
from typing import NamedTuple

from ndtui.analysis.check.cited_pages import FIREWALL_PROFILE
from ndtui.analysis.check.finding import Finding
from ndtui.model.compiled.origin import Origin
from ndtui.model.design.design import Design
from ndtui.model.vocabulary.pages import PAGES


class Store(NamedTuple):
    """A store: whether it is one of the host itself, and how rules are made to go with a restart, if they can be.

    ``looks``: what is written looks whether group policy lets local rules in, before it changes anything.
    """

    local: bool
    passing: str = ""
    looks: bool = False


def stored(design: Design, store: Store) -> Iterator[Finding]:
    """Yield what the store of rules makes of a design."""
    if design.lifetime == "static":
        passing = f"Say {store.passing} where they are to go with it, or s" if store.passing else "S"
        yield Finding(
            "outlasts-restart",
            "note",
            Origin("lifetime"),
            "The rules outlast a restart, and static objects, which the design says, do not",
            "Static objects end with Windows' filter engine. Rules stay until they are removed: whom they lock out a "
            "restart does not let in.",
            f"{passing}et the lifetime of the design to persistent.",
            PAGES["object-management"],
        )
    if store.local:
        looks = (
            "The script looks when it applies, and when asked for its status" if store.looks else "Nothing looks for it"
        )
        yield Finding(
            "local-rules",
            "note",
            Origin("rules"),
            "Group policy can keep local IPsec rules out: then these are there, and nothing is protected",
            f"A policy with AllowLocalIPsecRules False has the rules of the host ignored. {looks}.",
            "In a domain make the rules in a group policy object, or look whether one keeps them out: "
            "Get-NetFirewallProfile -PolicyStore ActiveStore.",
            FIREWALL_PROFILE,
        )
