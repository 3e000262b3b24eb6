"""Roles: what a filter does, by a sign and a tone that no other has, so that a column of them is read at a glance."""

from ndtui.model.compiled.objects import Filter
from ndtui.ui.rows.view import Sign

PERMIT = Sign("○", "exempt")
CALLOUT = Sign("»", "protected")
POLICY = Sign("◊", "policy")
BLOCK = Sign("×", "blocked")
#: Each sign with what it says, for the help.
SIGNS: tuple[tuple[Sign, str], ...] = (
    (CALLOUT, "hands traffic to IPsec"),
    (PERMIT, "leaves traffic out of IPsec"),
    (POLICY, "tells IPsec what to negotiate with"),
    (BLOCK, "drops traffic"),
)


def sign_of(each: Filter) -> Sign:
    """Return the sign of a filter of ours."""
    if each.slot.role == "policy":
        return POLICY
    if each.slot.role == "block":
        return BLOCK
    return CALLOUT if each.slot.callout else PERMIT
