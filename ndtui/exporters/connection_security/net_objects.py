"""Objects of Windows Firewall that a script makes: sets, main mode rules, IPsec rules and firewall rules."""

from typing import NamedTuple
from uuid import UUID, uuid5

from ndtui.exporters.connection_security.native_values import Parameters, Value

#: The nouns of the cmdlets, each with the parameter that names an object, in the order in which they are made.
SET_NOUNS = (
    "NetIPsecMainModeCryptoSet",
    "NetIPsecPhase1AuthSet",
    "NetIPsecPhase2AuthSet",
    "NetIPsecQuickModeCryptoSet",
)
RULE_NOUNS = ("NetIPsecMainModeRule", "NetIPsecRule", "NetFirewallRule")
_PROPOSALS = {
    "NetIPsecMainModeCryptoSet": "NetIPsecMainModeCryptoProposal",
    "NetIPsecPhase1AuthSet": "NetIPsecAuthProposal",
    "NetIPsecPhase2AuthSet": "NetIPsecAuthProposal",
    "NetIPsecQuickModeCryptoSet": "NetIPsecQuickModeCryptoProposal",
}


class NetObject(NamedTuple):
    """An object: the noun of its cmdlets, its title, and what is said of it.

    ``proposals`` are those of a set, each as the parameters of its cmdlet; a parameter without a value is a switch.
    ``names`` are the parameters that name sets, filled in when all of them have names.
    """

    noun: str
    title: str
    parameters: Parameters
    proposals: tuple[Parameters, ...] = ()
    sets: tuple[tuple[str, "NetObject"], ...] = ()

    @property
    def name_parameter(self) -> str:
        """The parameter of New- that names it."""
        return "IPsecRuleName" if self.noun == "NetIPsecRule" else "Name"

    @property
    def order(self) -> tuple[int, bool]:
        """Where among the rules it is switched on: what lets something through before what holds something up."""
        said = dict(self.parameters)
        holds_up = said.get("InboundSecurity", "None") != "None" or said.get("Action") == "Block"
        return (RULE_NOUNS.index(self.noun), holds_up)

    @property
    def proposal_noun(self) -> str:
        """The noun of the cmdlet that makes its proposals."""
        return _PROPOSALS[self.noun]

    @property
    def said(self) -> str:
        """Everything that is said of it, as one text: two objects of which the same is said are the same."""
        parts = [self.noun, self.title, _line(self.parameters), *map(_line, self.proposals)]
        return "\n".join([*parts, *(f"{name} {each.said}" for name, each in self.sets)])

    def name(self, design: UUID, generation: str) -> str:
        """Return the name by which the store knows it: derived from the design, and from all that the script says."""
        return f"{{{uuid5(design, f'{generation}:{self.said}')}}}"

    def value(self, parameter: str) -> Value:
        """Return what a parameter is given."""
        return dict(self.parameters)[parameter]


def switches(*names: str) -> Parameters:
    """Return parameters that take no value."""
    return tuple((name, True) for name in names)


def _line(parameters: Parameters) -> str:
    return " ".join(f"{name} {value!r}" for name, value in parameters)
