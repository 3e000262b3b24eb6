"""What a Linux peer offers with one keying module: main mode and quick mode in a program's own words."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from ndtui.exporters.contract import Inexpressible
from ndtui.exporters.linux_peer.algorithm_names import AlgorithmNames
from ndtui.model.design.ipsec_policy import MainModeProposal, QuickModeProposal
from ndtui.model.design.keying_modules import KeyingModule
from ndtui.model.design.rule_negotiation import Negotiation

_NO_PFS = "IPSEC_PFS_NONE"
_MAIN_MODES_GROUP = "IPSEC_PFS_MM"


class Pfs(NamedTuple):
    """Whether quick mode makes keys of its own, and in which groups; none named: that of main mode."""

    on: bool
    groups: tuple[str, ...] = ()


class Abilities(NamedTuple):
    """What a program can say of proposals.

    ``one_group``: all quick mode proposals of a connection have the same group, and main mode's may be meant without a
    name. ``ike_groups``: those that quick mode of IKE has, ``None`` for all.
    """

    names: AlgorithmNames
    between: str
    one_group: bool = False
    ike_groups: frozenset[str] | None = None


class Offer(NamedTuple):
    """Proposals, the preferred first; ``protocol`` is esp or ah. Lifetimes are the shortest that Windows has."""

    main: tuple[str, ...]
    protocol: str
    quick: tuple[str, ...]
    pfs: bool
    main_seconds: int
    seconds: int
    kilobytes: int
    packets: int


def offering(
    can: Abilities, module: KeyingModule, said: Negotiation, place: str, *, encrypted: bool
) -> tuple[Offer | None, tuple[Inexpressible, ...]]:
    """Return what a program offers where Windows negotiates ``said``, and what it cannot offer of that.

    ``encrypted``: only what encrypts is offered.
    """
    main = [(each, can.names.main(each)) for each in said.main_mode.offers(module)]
    groups = tuple(dict.fromkeys(can.names.group(each.dh_group) or "" for each, name in main if name))
    quick, unmatched = _quick(_Asked(can, module, groups), said.quick_mode.offers(module), encrypted=encrypted)
    field = _field(said.main_mode, module)
    left_out = [
        *(
            Inexpressible(f"{place}main_mode.{field}[{number}]", f"the program has no {_constants(each)}")
            for number, (each, name) in enumerate(main)
            if name is None
        ),
        *(
            Inexpressible(f"{place}quick_mode.{_field(said.quick_mode, module)}[{number}]", why)
            for number, why in unmatched
        ),
    ]
    kept = [(each, name) for each, name in main if name]
    if not kept or not quick:
        return None, tuple(left_out)
    made = Offer(
        main=tuple(dict.fromkeys(name for _, name in kept)),
        protocol=_protocol(quick[0].proposal),
        quick=tuple(dict.fromkeys(word for each in quick for word in each.words)),
        pfs=quick[0].pfs.on,
        main_seconds=min(each.lifetime_seconds for each, _ in kept),
        seconds=min(each.proposal.lifetime_seconds for each in quick),
        kilobytes=min(each.proposal.lifetime_kilobytes for each in quick),
        packets=min(each.proposal.lifetime_packets for each in quick),
    )
    return made, tuple(left_out)


def _field(mode: object, module: KeyingModule) -> str:
    own = f"{module.lower()}_proposals"
    return own if getattr(mode, own) else "proposals"


def _constants(proposal: MainModeProposal) -> str:
    return f"{proposal.cipher} with {proposal.integrity} and {proposal.dh_group}"


def _protocol(proposal: QuickModeProposal) -> str:
    return "ah" if proposal.transforms[0].type == "IPSEC_TRANSFORM_AH" else "esp"


class _Asked(NamedTuple):
    """What quick mode is offered with: a program, a keying module, and the groups that its main mode has."""

    can: Abilities
    module: KeyingModule
    main_groups: tuple[str, ...]

    def pfs(self, constant: str) -> Pfs | None:
        """Return what an IPSEC_PFS_GROUP is, ``None`` if the program does not have it here."""
        if constant == _NO_PFS:
            return Pfs(on=False)
        if constant == _MAIN_MODES_GROUP:
            return Pfs(on=True, groups=() if self.can.one_group else self.main_groups)
        group, known = self.can.names.group(constant), self.can.ike_groups
        if group is None or (self.module == "IKE" and known is not None and group not in known):
            return None
        return Pfs(on=True, groups=(group,))


class _Kept(NamedTuple):
    """A quick mode proposal that a program has, in its words."""

    proposal: QuickModeProposal
    words: tuple[str, ...]
    pfs: Pfs


def _quick(
    asked: _Asked, proposals: Sequence[QuickModeProposal], *, encrypted: bool
) -> tuple[list[_Kept], list[tuple[int, str]]]:
    """Return the quick mode proposals that a program has, and the numbers of the others with why."""
    kept: list[_Kept] = []
    unmatched: list[tuple[int, str]] = []
    for number, proposal in enumerate(proposals):
        if encrypted and all(transform.cipher is None for transform in proposal.transforms):
            continue
        found = _in_words(asked, proposal)
        why = found if isinstance(found, str) else _apart(asked.can, found, kept)
        if isinstance(found, str) or why:
            unmatched.append((number, why))
        else:
            kept.append(found)
    return kept, unmatched


def _in_words(asked: _Asked, proposal: QuickModeProposal) -> _Kept | str:
    """Return a proposal in a program's words, or why it has none for it."""
    if len(proposal.transforms) > 1:
        return "the program does not put AH and ESP around one packet"
    (one,) = proposal.transforms
    transform = asked.can.names.transform(one)
    if transform is None:
        return f"the program has no {' with '.join(filter(None, (one.type, one.cipher, one.auth)))}"
    pfs = asked.pfs(proposal.pfs_group)
    if pfs is None:
        return f"the program has no {proposal.pfs_group} in quick mode of {asked.module}"
    return _Kept(proposal, tuple(_words(asked.can, transform, pfs)), pfs)


def _apart(can: Abilities, found: _Kept, kept: Sequence[_Kept]) -> str:
    """Return why a proposal cannot stand beside those that are kept; empty if it can."""
    if not kept:
        return ""
    first = kept[0]
    if _protocol(found.proposal) != _protocol(first.proposal):
        return "a connection offers either ESP or AH, and another one is preferred"
    if can.one_group and found.pfs != first.pfs:
        return f"all of a connection have one group, and the first has {first.proposal.pfs_group}"
    return ""


def _words(can: Abilities, transform: str, pfs: Pfs) -> Iterator[str]:
    if not pfs.groups:
        yield transform
    for group in pfs.groups:
        yield f"{transform}{can.between}{group}"
