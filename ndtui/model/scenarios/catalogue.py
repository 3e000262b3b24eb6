"""Everything that is known of a scenario, in one record each.

A new mode is its name and a record here, and its page in ``vocabulary.pages``; nothing else has to know of it, unless
it has a callout that ``analysis.traffic.outcome`` does not know. The tables are those of Microsoft's scenario pages:
https://learn.microsoft.com/windows/win32/fwp/ipsec-configuration
"""

from collections.abc import Collection, Mapping
from typing import Literal, NamedTuple

from ndtui.model.vocabulary.layers import (
    ALE_AUTH_CONNECT,
    ALE_AUTH_RECV_ACCEPT,
    INBOUND_TRANSPORT,
    LAYER_STEMS,
    OUTBOUND_TRANSPORT,
    PROTECTED_LAYERS,
)

Scenario = Literal["negotiation-discovery", "boundary", "require", "inherit"]

ND_SECURE = "IPSEC_POLICY_FLAG_ND_SECURE"
#: The raw context of an inbound transport callout that keeps a connection protected once it is.
PERSIST = "FWPM_CONTEXT_IPSEC_INBOUND_PERSIST_CONNECTION_SECURITY"
#: The raw context of an outbound transport callout that asks for protection and falls back to clear.
DISCOVER = "FWPM_CONTEXT_IPSEC_OUTBOUND_NEGOTIATE_DISCOVER"
#: The raw context of a callout at an ALE layer that lets only encrypted connections through.
ENCRYPT = "FWPM_CONTEXT_ALE_SET_CONNECTION_REQUIRE_IPSEC_ENCRYPTION"


class CalloutRow(NamedTuple):
    """One callout filter of a scenario's table, for each address family; names are without the family.

    ``raw_context`` is the name of the number handed to the callout, empty for 0; ``sample_context`` that of Microsoft's
    sample where it has another, which a design may choose (``ale_persist_context``).
    """

    stem: str
    callout: str
    label: str
    raw_context: str = ""
    sample_context: str = ""


class Mode(NamedTuple):
    """A way in which traffic is protected.

    ``page`` is the key of its documentation in ``vocabulary.pages``; ``flags`` are the IPSEC_POLICY_FLAG_* that its
    quick mode policies always carry, and where there are any they take the place of ND_SECURE; ``nd_secure`` is what
    that flag is unless the operator says else. ``sends_clear``: sends in clear while it negotiates, and falls back to
    clear; ``accepts_clear``: accepts a connection in clear; ``drops`` says in words what it drops, empty for nothing.
    """

    id: Scenario
    title: str
    text: str
    page: str
    callouts: tuple[CalloutRow, ...]
    nd_secure: bool = False
    flags: tuple[str, ...] = ()
    sends_clear: bool = False
    accepts_clear: bool = False
    drops: str = ""

    @property
    def stems(self) -> tuple[str, ...]:
        """The layers that have a callout filter, without their family."""
        return tuple(row.stem for row in self.callouts)

    @property
    def protects(self) -> bool:
        """Whether it has callouts, and with them negotiation policy, of its own."""
        return bool(self.callouts)

    @property
    def inbound_stems(self) -> tuple[str, ...]:
        """Those of the layers that an inbound packet meets."""
        return tuple(stem for stem in self.stems if stem != OUTBOUND_TRANSPORT)

    @property
    def requires_at_accept(self) -> bool:
        """Whether a callout at ALE_AUTH_RECV_ACCEPT lets in only connections that are protected."""
        return ALE_AUTH_RECV_ACCEPT in self.stems


# Rows that several modes have.
_INBOUND = CalloutRow(INBOUND_TRANSPORT, "FWPM_CALLOUT_IPSEC_INBOUND_TRANSPORT", "inbound transport", PERSIST)
_OUTBOUND = CalloutRow(OUTBOUND_TRANSPORT, "FWPM_CALLOUT_IPSEC_OUTBOUND_TRANSPORT", "outbound transport", DISCOVER)
_ACCEPT = CalloutRow(
    ALE_AUTH_RECV_ACCEPT,
    "FWPM_CALLOUT_IPSEC_INBOUND_INITIATE_SECURE",
    "require protection inbound",
    sample_context=PERSIST,
)

#: What lets in only connections whose encryption is guaranteed, and only such out.
ENCRYPTED_ACCEPT = CalloutRow(_ACCEPT.stem, _ACCEPT.callout, "require encryption inbound", ENCRYPT)
ENCRYPTED_CONNECT = CalloutRow(
    ALE_AUTH_CONNECT, "FWPM_CALLOUT_IPSEC_ALE_CONNECT", "require encryption outbound", ENCRYPT
)
#: What lets in only who may connect; what blocks everybody else stands behind it.
IDENTIFIED_ACCEPT = CalloutRow(_ACCEPT.stem, _ACCEPT.callout, "only who may connect")

#: Every mode, the default first, and of those that protect by themselves the one that demands most last.
MODES: Mapping[Scenario, Mode] = {
    mode.id: mode
    for mode in (
        Mode(
            "negotiation-discovery",
            "ND transport",
            "Inbound must be protected. Outbound is sent in clear while IPsec negotiates, and goes on in clear if that "
            "fails. A connection that is protected once never goes back to clear.",
            "negotiation-discovery",
            (_INBOUND, _OUTBOUND, _ACCEPT),
            nd_secure=True,
            sends_clear=True,
            drops="inbound clear traffic",
        ),
        Mode(
            "boundary",
            "ND boundary",
            "Protection is asked for in both directions and required in none: clear connections are let in.",
            "boundary",
            (_INBOUND, _OUTBOUND),
            flags=("IPSEC_POLICY_FLAG_ND_BOUNDARY",),
            sends_clear=True,
            accepts_clear=True,
        ),
        Mode(
            "require",
            "Require both",
            "Protection is required in both directions: clear traffic is dropped until negotiation has succeeded.",
            "require",
            (
                CalloutRow(_INBOUND.stem, _INBOUND.callout, _INBOUND.label),
                CalloutRow(_OUTBOUND.stem, _OUTBOUND.callout, _OUTBOUND.label),
            ),
            drops="clear traffic",
        ),
        Mode(
            "inherit",
            "As other rules",
            "How the traffic is protected is left to other rules that cover it; this one adds guaranteed encryption, "
            "or who may connect.",
            "ipsec-configuration",
            (),
        ),
    )
}

#: Their names, in the order in which they are offered.
SCENARIOS: tuple[Scenario, ...] = tuple(MODES)
#: The mode of a design that says none.
DEFAULT_SCENARIO: Scenario = SCENARIOS[0]


def exemptible_layers(protected: Collection[str]) -> tuple[str, ...]:
    """Return the layers at which exemptions make filters, by the layers that have callouts, without their family.

    At a layer without a callout filter there is nothing to be left out of; boundary mode and transport mode have
    nothing at ALE_AUTH_RECV_ACCEPT. A layer beyond the protected ones is taken as the operator names it.
    """
    return tuple(stem for stem in LAYER_STEMS if stem in protected or stem not in PROTECTED_LAYERS)
