"""strongSwan: swanctl.conf of a Linux peer.

Source: swanctl.conf(5) of strongSwan 5.9, and its tests ikev2/trap-any for policies that ask any host of a network.
"""

from collections.abc import Iterable, Iterator

from ndtui.exporters.linux_peer.algorithm_names import STRONGSWAN
from ndtui.exporters.linux_peer.peer_offer import Abilities, Offer
from ndtui.exporters.linux_peer.peer_proof import PRE_SHARED_KEY, Proof
from ndtui.exporters.linux_peer.peer_side import Connection, Exempt, PeerSide, Program, Selected
from ndtui.exporters.linux_peer.peer_texts import comment, plain_name
from ndtui.exporters.linux_peer.peer_traffic import Network, Service

PROGRAM = Program("strongSwan", Abilities(STRONGSWAN, between="-"))

_KILOBYTE = 1024
#: What is renewed before its lifetime ends, in hundredths of it.
_RENEWED = 90


def configuration(side: PeerSide) -> Iterator[str]:
    """Return the lines of swanctl.conf, behind what is said at its head."""
    yield "connections {"
    first = True
    for connection in side.connections:
        yield from _indented(_section(_name(side, connection), _connection(side, connection, begins=first)))
        first = False
    if side.exempt:
        yield from _indented(_section("exempt", _exempt(side.exempt)))
    yield "}"
    yield from _secrets(side)


def remarks(side: PeerSide) -> Iterator[str]:
    """Return what has to be known of this program's side beside the rest."""
    if not _asks(side):
        yield (
            "The design names no Windows host by its address: this peer only answers (start_action = none), and what "
            "it begins itself goes in clear, which Windows may drop: --windows ADDRESS makes it ask."
        )


def _asks(side: PeerSide) -> bool:
    """Tell whether it is known for which hosts protection is to be asked for: not for every host there is."""
    return all(each.windows for each in side.selected)


def _section(name: str, lines: Iterable[str]) -> Iterator[str]:
    yield f"{name} {{"
    yield from _indented(lines)
    yield "}"


def _indented(lines: Iterable[str]) -> Iterator[str]:
    return (f"\t{line}" if line else line for line in lines)


def _name(side: PeerSide, connection: Connection) -> str:
    return f"{plain_name(side.design.name)}-{connection.module.lower()}"


def _connection(side: PeerSide, connection: Connection, *, begins: bool) -> Iterator[str]:
    offer = connection.offer
    renewed = _renewed(offer.main_seconds)
    yield f"version = {2 if connection.module == 'IKEv2' else 1}"
    if side.hosts.peer is not None:
        yield f"local_addrs = {side.hosts.peer}"
    elif all(each.peers for each in side.selected):
        yield f"local_addrs = {_listed(network for each in side.selected for network in each.peers)}"
    yield f"remote_addrs = {side.hosts.windows or '%any'}"
    yield f"proposals = {', '.join(offer.main)}"
    yield f"rekey_time = {renewed}s" if connection.module == "IKEv2" else f"reauth_time = {renewed}s"
    yield f"over_time = {max(1, offer.main_seconds - renewed)}s"
    yield "mobike = no"
    yield "encap = no"
    yield from _proof(connection.proof)
    yield from _section("children", _children(side, offer, trap=begins and _asks(side)))


def _proof(proof: Proof) -> Iterator[str]:
    if proof.method == PRE_SHARED_KEY:
        yield from _section("local", ["auth = psk"])
        yield from _section("remote", ["auth = psk"])
        return
    yield from _section("local", _local(proof))
    remote = [f"auth = {f'ecdsa-{proof.curve}' if proof.curve else 'rsa'}"]
    if proof.windows_root:
        remote.append(f'ca_id = "{proof.windows_root}"')
    yield from _section("remote", remote)


def _local(proof: Proof) -> Iterator[str]:
    kind = f"ECDSA P-{proof.curve}" if proof.curve else "RSA"
    under = f", under {' or '.join(proof.peer_roots)}" if proof.peer_roots else ""
    yield "auth = pubkey"
    yield from comment(f"REPLACE peer.pem by this peer's certificate in the folder x509 ({kind}{under})")
    yield "certs = peer.pem"


def _children(side: PeerSide, offer: Offer, *, trap: bool) -> Iterator[str]:
    several = sum(len(each.services) for each in side.selected) > 1
    number = 0
    for selected in _merged(side):
        for service in selected.services:
            number += 1
            name = f"protected-{number}" if several else "protected"
            yield from _section(name, _child(side, selected, service, offer, trap=trap))


def _merged(side: PeerSide) -> tuple[Selected, ...]:
    """Return one selection where those of both families have the same services: a child may have both."""
    first, *others = side.selected
    if not others or any(each.services != first.services for each in others):
        return side.selected
    return (first._replace(windows=tuple(network for each in side.selected for network in each.windows)),)


def _child(side: PeerSide, selected: Selected, service: Service, offer: Offer, *, trap: bool) -> Iterator[str]:
    here, there = _port(service.protocol, service.peer_port), _port(service.protocol, service.windows_port)
    known = selected.windows if side.hosts.windows is None else ()
    yield "mode = transport"
    yield f"local_ts = dynamic{here}"
    yield f"remote_ts = {', '.join(f'{each}{there}' for each in known) or f'dynamic{there}'}"
    yield f"{offer.protocol}_proposals = {', '.join(offer.quick)}"
    for setting, most in (
        ("time", f"{offer.seconds}s"),
        ("bytes", str(offer.kilobytes * _KILOBYTE)),
        ("packets", str(offer.packets)),
    ):
        whole = int(most.removesuffix("s"))
        yield f"rekey_{setting} = {_renewed(whole)}{'s' if setting == 'time' else ''}"
        yield f"life_{setting} = {most}"
    yield f"inactivity = {side.idle_seconds}s"
    yield f"start_action = {'trap' if trap else 'none'}"


def _renewed(most: int) -> int:
    """Return when that is renewed which ends at ``most``; 0 would say never."""
    return max(1, most * _RENEWED // 100)


def _port(protocol: int | None, port: int | None) -> str:
    if protocol is None:
        return ""
    return f"[{protocol}]" if port is None else f"[{protocol}/{port}]"


def _listed(networks: Iterable[Network]) -> str:
    return ", ".join(str(each.network_address if each.num_addresses == 1 else each) for each in networks)


def _exempt(exemptions: Iterable[Exempt]) -> Iterator[str]:
    yield "remote_addrs = 127.0.0.1"
    yield from _section("children", _passages(exemptions))


def _passages(exemptions: Iterable[Exempt]) -> Iterator[str]:
    for number, exempt in enumerate(exemptions, 1):
        for part, passage in enumerate(exempt.passages, 1):
            service = passage.service
            lines = (
                *comment(f"in clear: {exempt.name}"),
                "mode = pass",
                f"local_ts = {passage.peer}{_port(service.protocol, service.peer_port)}",
                f"remote_ts = {passage.windows}{_port(service.protocol, service.windows_port)}",
                "start_action = trap",
            )
            yield from _section(f"exempt-{number}-{part}", lines)


def _secrets(side: PeerSide) -> Iterator[str]:
    for key in dict.fromkeys(each.proof.key for each in side.connections if each.proof.key):
        yield ""
        yield from comment(f"The pre-shared key that the design calls {key} belongs into a file that only root reads:")
        yield f"# secrets {{ ike-windows {{ id = {side.hosts.windows or '%any'}; secret = REPLACE }} }}"
