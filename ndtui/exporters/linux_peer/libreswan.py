"""Libreswan: ipsec.conf of a Linux peer.

Source: ipsec.conf(5) of libreswan 4.10. A connection speaks one version of IKE and has one selector.
"""

from collections.abc import Iterator
from typing import NamedTuple

from ndtui.exporters.linux_peer.algorithm_names import LIBRESWAN
from ndtui.exporters.linux_peer.peer_offer import Abilities
from ndtui.exporters.linux_peer.peer_proof import PRE_SHARED_KEY, Proof
from ndtui.exporters.linux_peer.peer_side import Connection, PeerSide, Program, Selected
from ndtui.exporters.linux_peer.peer_texts import comment, plain_name
from ndtui.exporters.linux_peer.peer_traffic import Network, Passage, Service
from ndtui.model.design.keying_modules import KeyingModule
from ndtui.model.vocabulary.layers import Family

#: The longest lifetime that libreswan takes: ipsec.conf(5), salifetime and ikelifetime.
_LONGEST = 86400
#: Lifetimes below this need a margin of their own: the usual one is 9 minutes, and may be doubled at random.
_SHORT = 1200
_FAMILY: dict[Family, str] = {"V4": "ipv4", "V6": "ipv6"}
_LOOPBACK: dict[Family, str] = {"V4": "127.0.0.1", "V6": "::1"}
_ANY: dict[Family, str] = {"V4": "0.0.0.0", "V6": "::"}  # noqa: S104 - no socket is bound


def _why_not(module: KeyingModule, method: str) -> str:
    return "libreswan has ECDSA in IKEv2 only" if module == "IKE" and "ECDSA" in method else ""


PROGRAM = Program(
    "libreswan", Abilities(LIBRESWAN, between=";", one_group=True, ike_groups=frozenset({"dh14"})), _why_not
)


class _End(NamedTuple):
    """Where a connection leads: a Windows host, or any that asks."""

    family: Family
    right: str
    name: str


def configuration(side: PeerSide) -> Iterator[str]:
    """Return the lines of ipsec.conf, behind what is said at its head."""
    if any(each.module == "IKE" for each in side.connections):
        yield "config setup"
        yield "\t# IKE of version 1, which is refused unless this is said"
        yield "\tikev1-policy=accept"
        yield ""
    begins = True
    for connection in side.connections:
        for selected in side.selected:
            yield from _of_family(side, connection, selected, begins=begins)
        begins = False
    for number, exempt in enumerate(side.exempt, 1):
        for part, passage in enumerate(exempt.passages, 1):
            yield from _passage(f"exempt-{number}-{part}", exempt.name, passage)
    yield from _secrets(side)


def remarks(side: PeerSide) -> Iterator[str]:
    """Return what has to be known of this program's side beside the rest."""
    if any(_is_asked(each) for each in side.selected):
        yield (
            "The design does not name each Windows host by its address: where it does not, this peer only answers "
            "(auto=add), and what it begins itself goes in clear, which Windows may drop: --windows ADDRESS makes it "
            "ask."
        )
    for selected in side.selected:
        if selected.peers and side.hosts.peer is None:
            yield f"The rule is for peers in {_listed(selected.peers)}: this peer's address has to be one of them."
    if any(
        seconds > _LONGEST for each in side.connections for seconds in (each.offer.seconds, each.offer.main_seconds)
    ):
        yield f"A lifetime is longer than libreswan takes: {_LONGEST} s stand there, and this peer is first to renew."
    yield (
        "Lifetimes in kilobytes and the idle timeout are kept by Windows, which negotiates anew, or ends what is idle, "
        "by itself."
    )


def _is_asked(selected: Selected) -> bool:
    return not selected.windows or any(each.num_addresses > 1 for each in selected.windows)


def _listed(networks: tuple[Network, ...]) -> str:
    return ", ".join(map(str, networks[:4])) + (f" and {len(networks) - 4} more" if len(networks) > 4 else "")


def _of_family(side: PeerSide, connection: Connection, selected: Selected, *, begins: bool) -> Iterator[str]:
    hosts = [each for each in selected.windows if each.num_addresses == 1]
    ends = [
        _End(selected.family, str(each.network_address), f"-{number}" if len(hosts) > 1 else "")
        for number, each in enumerate(hosts, 1)
    ]
    if _is_asked(selected):
        ends.append(_End(selected.family, "%any", "-any" if hosts else ""))
    several = len(selected.services) > 1
    for end in ends:
        for number, service in enumerate(selected.services, 1):
            name = f"{plain_name(side.design.name)}-{connection.module.lower()}-{_FAMILY[selected.family]}{end.name}"
            lines = _conn(side, connection, end, service, begins=begins)
            yield f"conn {name}-{number}" if several else f"conn {name}"
            yield from (f"\t{line}" for line in lines)
            yield ""


def _conn(side: PeerSide, connection: Connection, end: _End, service: Service, *, begins: bool) -> Iterator[str]:
    offer = connection.offer
    yield "type=transport"
    yield f"auto={'ondemand' if begins and end.right != '%any' else 'add'}"
    yield f"ikev2={'yes' if connection.module == 'IKEv2' else 'no'}"
    yield f"hostaddrfamily={_FAMILY[end.family]}"
    yield f"left={side.hosts.peer or '%defaultroute'}"
    yield f"right={end.right}"
    yield from _protoport(service)
    yield from _proof(connection.proof)
    yield f"ike={','.join(offer.main)}"
    yield f"{offer.protocol}={','.join(offer.quick)}"
    yield f"phase2={offer.protocol}"
    yield f"pfs={'yes' if offer.pfs else 'no'}"
    yield f"ikelifetime={min(offer.main_seconds, _LONGEST)}s"
    yield f"salifetime={min(offer.seconds, _LONGEST)}s"
    shortest = min(offer.seconds, offer.main_seconds)
    if shortest < _SHORT:
        yield f"rekeymargin={shortest // 4}s"
    yield "encapsulation=auto"


def _proof(proof: Proof) -> Iterator[str]:
    if proof.method == PRE_SHARED_KEY:
        yield "authby=secret"
        return
    yield f"authby={'ecdsa' if proof.curve else 'rsasig'}"
    yield from _certificate(proof)
    yield "leftcert=peer"
    yield "leftid=%fromcert"
    yield "leftsendcert=always"
    yield "rightid=%fromcert"
    if proof.windows_root:
        yield f'rightca="{proof.windows_root}"'


def _certificate(proof: Proof) -> Iterator[str]:
    kind = f"ECDSA P-{proof.curve}" if proof.curve else "RSA"
    under = f", under {' or '.join(proof.peer_roots)}" if proof.peer_roots else ""
    yield from comment(f"REPLACE peer by the nickname of this peer's certificate in the NSS database ({kind}{under})")


def _protoport(service: Service) -> Iterator[str]:
    if service.protocol is not None:
        yield f"leftprotoport={_of_port(service.protocol, service.peer_port)}"
        yield f"rightprotoport={_of_port(service.protocol, service.windows_port)}"


def _of_port(protocol: int, port: int | None) -> str:
    """Return a selector; port 0 is every port, where %any would be one that is not known yet."""
    return f"{protocol}/{port or 0}"


def _passage(name: str, exemption: str, passage: Passage) -> Iterator[str]:
    yield f"conn {name}"
    yield from (f"\t{line}" for line in comment(f"in clear: {exemption}"))
    lines = (
        "type=passthrough",
        "authby=never",
        "auto=ondemand",
        f"left={_LOOPBACK[passage.family]}",
        f"right={_ANY[passage.family]}",
        f"leftsubnet={passage.peer}",
        f"rightsubnet={passage.windows}",
        *_protoport(passage.service),
    )
    yield from (f"\t{line}" for line in lines)
    yield ""


def _secrets(side: PeerSide) -> Iterator[str]:
    keys = dict.fromkeys(each.proof.key for each in side.connections if each.proof.key)
    for key in keys:
        yield from comment(
            f"The pre-shared key that the design calls {key} belongs into ipsec.secrets, with no other reader:"
        )
        windows = side.hosts.windows or "%any"
        yield f'# %any {windows} : PSK "REPLACE"'
        yield ""
