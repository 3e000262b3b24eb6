"""Cloud platforms: addresses of theirs that virtual machines depend on, and whether a policy drops what is there.

Sources: https://learn.microsoft.com/azure/virtual-network/what-is-ip-address-168-63-129-16 for the address that Azure
probes from and that its agents ask, at TCP 80 and 32526;
https://learn.microsoft.com/azure/virtual-machines/instance-metadata-service and
https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/instancedata-data-retrieval.html for the one of instance metadata.
"""

from collections.abc import Iterator
from ipaddress import IPv4Address

from ndtui.analysis.check.cited_pages import AZURE_METADATA, AZURE_PLATFORM
from ndtui.analysis.check.finding import Finding
from ndtui.analysis.trace import trace
from ndtui.analysis.traffic.outcome import Direction
from ndtui.analysis.traffic.packet import TCP, Packet
from ndtui.model.compiled.objects import FilterSet
from ndtui.model.compiled.origin import Origin

AZURE, METADATA = "168.63.129.16", "169.254.169.254"
_AGENT_PORTS = (80, 32526)
#: A load balancer probes whatever port it is told to: two that are usual, and one that no design is about.
_PROBED_PORTS = (80, 443, 51001)
_LOCAL, _CLIENT = "10.0.0.9", 51000


def platform_findings(filterset: FilterSet) -> Iterator[Finding]:
    """Yield what of cloud platforms a policy drops, as long as they do not negotiate IPsec."""
    if "V4" not in filterset.design.families:
        return
    dropped = []
    if all(_is_dropped(filterset, "in", AZURE, port) for port in _PROBED_PORTS):
        dropped.append("health probes of load balancers")
    if all(_is_dropped(filterset, "out", AZURE, port) for port in _AGENT_PORTS):
        dropped.append("what its agent asks the platform")
    if dropped:
        yield Finding(
            "cloud-platform",
            "note",
            Origin("exemptions"),
            f"{AZURE} is not exempt: on a virtual machine in Azure {' and '.join(dropped)} "
            f"{'are' if dropped[0].startswith('health') else 'is'} dropped",
            "Azure's platform has this address in every region, and no page says that it negotiates IPsec. Only the "
            "platform can send from it.",
            f"Exempt TCP from and to {AZURE} if it is for machines in Azure.",
            AZURE_PLATFORM,
        )
    if _is_dropped(filterset, "out", METADATA, 80):
        yield Finding(
            "cloud-platform",
            "note",
            Origin("exemptions"),
            f"{METADATA} is not exempt: on a virtual machine in Azure or AWS what is asked of the metadata service is "
            "dropped",
            "Programs of the machine read its metadata there, and no page says that the service negotiates IPsec.",
            f"Exempt TCP port 80 of {METADATA} if it is for machines in a cloud.",
            AZURE_METADATA,
        )


def _is_dropped(filterset: FilterSet, direction: Direction, address: str, port: int) -> bool:
    """Tell whether a connection with an address is dropped, to a port of it or of this host, on any of its sides."""
    ports = (_CLIENT, port) if direction == "out" else (port, _CLIENT)
    for local in _local_addresses(filterset):
        packet = Packet(direction, "V4", TCP, local, int(IPv4Address(address)), *ports)
        if trace(filterset, packet).outcomes.peer_without_ipsec.settled == "blocked":
            return True
    return False


def _local_addresses(filterset: FilterSet) -> Iterator[int]:
    """Yield an address that no rule asks for, and one of each rule that asks for some."""
    yield int(IPv4Address(_LOCAL))
    for rule in filterset.design.rules:
        first = next((each.low for each in rule.scope.local_addresses if each.family == "V4"), None)
        if rule.enabled and first is not None:
            yield first
