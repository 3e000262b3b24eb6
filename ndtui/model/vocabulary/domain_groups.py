"""Groups that every domain has under a SID with a number of their own: what they are called, and whom they hold.

Whom they hold is what Microsoft says that they have by default; who administers a domain may put others into them.
Sources: https://learn.microsoft.com/windows-server/identity/ad-ds/manage/understand-security-groups (default members
of each), https://learn.microsoft.com/windows-server/identity/ad-ds/manage/understand-security-identifiers; the two
letters: https://learn.microsoft.com/windows/win32/secauthz/sid-strings.
"""

import re
from collections.abc import Mapping
from typing import Literal, NamedTuple

Members = Literal["machines", "users"]


class DomainGroup(NamedTuple):
    """A group of a domain: what it is called, the two letters of SDDL for it, and what it has by default."""

    name: str
    letters: str
    members: Members


#: By the last number of the SID.
DOMAIN_GROUPS: Mapping[int, DomainGroup] = {
    512: DomainGroup("Domain Admins", "DA", "users"),
    513: DomainGroup("Domain Users", "DU", "users"),
    514: DomainGroup("Domain Guests", "DG", "users"),
    515: DomainGroup("Domain Computers", "DC", "machines"),
    516: DomainGroup("Domain Controllers", "DD", "machines"),
    519: DomainGroup("Enterprise Admins", "EA", "users"),
}
#: Before the last number stand the three of the domain. Compiled when it is asked for, which most designs do not.
_OF_A_DOMAIN = r"S-1-(?:0*5|0x0*5)-0*21(?:-[0-9]{1,10}){3}-([0-9]{1,10})"


def domain_group(sid: str) -> DomainGroup | None:
    """Return the group that a SID, or the two letters for one, stands for in a domain; ``None`` for any other."""
    number = re.fullmatch(_OF_A_DOMAIN, sid)
    if number is not None:
        return DOMAIN_GROUPS.get(int(number[1]))
    return next((each for each in DOMAIN_GROUPS.values() if each.letters == sid), None)
