"""By id of a finding of a way out: designs that have it in a format, and such as near as can be that have not."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ndtui.analysis.check.finding import Finding
from ndtui.exporters import exporting
from ndtui.exporters.registry import exporter
from ndtui.model.compiled.compile import compile_design
from ndtui.model.design.design import Design, change
from tests.support import design, exempting, preset

SHA1 = "IPSEC_AUTH_CONFIG_HMAC_SHA_1_96"
#: What Windows Firewall's default sets offer first in quick mode: authenticated, and not encrypted.
PLAIN = {
    "transforms": [{"type": "IPSEC_TRANSFORM_ESP_AUTH", "auth": SHA1}],
    "pfs_group": "IPSEC_PFS_NONE",
}
AES = {
    "transforms": [
        {
            "type": "IPSEC_TRANSFORM_ESP_AUTH_AND_CIPHER",
            "auth": SHA1,
            "cipher": "IPSEC_CIPHER_CONFIG_CBC_AES_128",
        }
    ],
    "pfs_group": "IPSEC_PFS_NONE",
}
OLD_MAIN = {
    "cipher": "IKEEXT_CIPHER_AES_128",
    "integrity": "IKEEXT_INTEGRITY_SHA1",
    "dh_group": "IKEEXT_DH_GROUP_2",
}
MANAGED_FROM = {"protocol": "tcp", "local_ports": [3389], "remote_addresses": ["10.0.0.5"]}
PLATFORM = {"protocol": "tcp", "remote_addresses": ["168.63.129.16", "169.254.169.254"]}
DHCP = {"protocol": "udp", "local_ports": [68], "remote_ports": [67]}
DHCPV6 = {"protocol": "udp", "local_ports": [546], "remote_ports": [547]}
USERS = "O:LSD:(A;;CC;;;S-1-5-21-1-2-3-513)"
MACHINES = "O:LSD:(A;;CC;;;S-1-5-21-1-2-3-515)"
SQL = {"name": "SQL", "scope": {"protocol": "tcp", "local_ports": [1433]}}
BASE = {"name": "base"}
ICMP = {"name": "ICMP", "protocol": "icmp"}
KEY = {"method": "IKEEXT_PRESHARED_KEY", "key": "env:KEY"}


@dataclass(frozen=True)
class Case:
    """A design in a format, with its options."""

    design: Design
    format: str = "powershell"
    given: Mapping[str, str] = field(default_factory=dict)

    @property
    def findings(self) -> Sequence[Finding]:
        """What the format says of it."""
        chosen = exporter(self.format)
        found = chosen.findings(compile_design(self.design), exporting.values_of(chosen, self.given))
        return exporting.to_be_told(found, self.design)


def rules(*several: dict[str, Any], **fields: Any) -> Design:
    return design(version=2, rules=several, **fields)


def _agreeing(*proposals: dict[str, Any]) -> Design:
    """Return a design that negotiates by IKE as Windows Firewall's defaults do, with such quick mode proposals."""
    return design(keying_modules=["IKE"], main_mode={"proposals": [OLD_MAIN]}, quick_mode={"proposals": [*proposals]})


def _with_guard(**more: Any) -> Case:
    user = {"keying_modules": ["AuthIP"], "extended_mode": {}} if "users" in more else {}
    return Case(rules(BASE, {**SQL, "mode": "inherit", **more}, **user))


NOTHING_EXEMPT = exempting()
CASES: dict[str, tuple[Sequence[Case], Sequence[Case]]] = {
    "management-dropped": (
        [Case(preset("nd-transport"), name) for name in ("powershell", "handover", "netsh", "c")],
        [
            Case(preset("nd-boundary")),
            Case(exempting(MANAGED_FROM)),
            Case(preset("nd-transport"), "design"),
            Case(change(preset("nd-transport"), suppressions=[{"id": "management-dropped", "reason": "a console"}])),
        ],
    ),
    "cloud-platform": (
        [Case(preset("nd-transport")), Case(preset("nd-transport"), "c"), Case(preset("transport-require"))],
        [
            Case(preset("nd-boundary")),
            Case(preset("nd-subnet")),
            Case(exempting(PLATFORM)),
            Case(design(families=["V6"])),
            Case(preset("nd-transport"), "netsh-xml"),
        ],
    ),
    "default-peers": (
        [Case(preset("nd-transport")), Case(_agreeing(PLAIN, AES)), Case(_agreeing(AES, PLAIN))],
        [Case(_agreeing(AES)), Case(preset("nd-transport"), "c")],
    ),
    "key-module-default": (
        [
            Case(preset("nd-transport")),
            Case(preset("nd-transport"), "netsh"),
            Case(design(windows="11 24H2")),
            Case(change(preset("nd-certificates"), windows="11 24H2")),
        ],
        [
            Case(design(windows="10")),
            Case(preset("nd-authip-only")),
            Case(preset("nd-ike-only")),
            Case(preset("nd-transport"), "gpo-reg"),
        ],
    ),
    "main-mode-default": (
        [
            Case(preset("nd-transport"), "gpo-reg"),
            Case(preset("nd-zones"), "gpo-reg", {"store": "local"}),
            Case(design(main_mode={"proposals": [OLD_MAIN]}), "gpo-reg"),
        ],
        [
            Case(preset("nd-transport"), "gpo-reg", {"main-mode": "yes"}),
            Case(preset("nd-transport"), "gpo-reg", {"undo": "yes"}),
            Case(preset("nd-transport")),
        ],
    ),
    "revocation-by-host": (
        [Case(preset("nd-ike-only"))],
        [
            Case(preset("nd-transport")),
            Case(
                change(
                    preset("nd-ike-only"),
                    main_mode={
                        **preset("nd-ike-only").main_mode.model_dump(mode="json"),
                        "ike_authentication": [
                            {
                                **preset("nd-ike-only").main_mode.ike_authentication[0].model_dump(mode="json"),
                                "flags": ["IKEEXT_CERT_AUTH_FLAG_DISABLE_CRL_CHECK"],
                            }
                        ],
                    },
                )
            ),
        ],
    ),
    "key-in-policy": (
        [Case(design(keying_modules=["IKE"], main_mode={"ike_authentication": [KEY]}))],
        [Case(design(keying_modules=["IKE"])), Case(preset("nd-transport"))],
    ),
    "inbound-default": (
        [
            _with_guard(users=USERS),
            Case(rules({**BASE, "mode": "boundary"}, {**SQL, "mode": "inherit", "encryption": "guaranteed"})),
            Case(
                rules(
                    BASE,
                    {**SQL, "mode": "inherit", "encryption": "guaranteed"},
                    quick_mode={"proposals": [PLAIN, AES]},
                )
            ),
        ],
        [
            _with_guard(users=USERS, machines=MACHINES),
            _with_guard(encryption="guaranteed"),
            Case(preset("nd-transport")),
        ],
    ),
    "blocks-multicast": (
        [
            Case(preset("nd-domain-member")),
            Case(rules(BASE, {"name": "Media", "scope": {"protocol": "udp"}, "mode": "inherit", "machines": MACHINES})),
        ],
        [
            Case(preset("nd-remote-identity")),
            Case(
                rules(
                    BASE,
                    {
                        "name": "Media",
                        "scope": {"protocol": "udp", "local_addresses": ["10.0.0.9"]},
                        "mode": "inherit",
                        "machines": MACHINES,
                    },
                )
            ),
        ],
    ),
    "host-exemptions": (
        [
            Case(preset("nd-transport")),
            Case(exempting(DHCP, DHCPV6)),
            Case(NOTHING_EXEMPT),
            Case(exempting({**DHCP, "enabled": False}, families=["V4"])),
            Case(exempting({**DHCP, "program": "C:\\agent.exe"}, families=["V4"])),
            Case(exempting({"protocol": "any", "remote_addresses": ["10.0.0.5"]}, families=["V4"])),
            Case(rules({**BASE, "scope": {"protocol": "udp", "local_ports": [68], "remote_ports": [67]}})),
            Case(rules({**BASE, "scope": {"protocol": "udp", "local_ports": [546], "remote_ports": [547]}})),
            Case(rules({**BASE, "scope": {"protocol": 58}}, families=["V6"])),
        ],
        [
            Case(exempting(DHCP, DHCPV6, {"protocol": "icmp"})),
            Case(exempting(DHCP, families=["V4"])),
            Case(exempting(DHCPV6, {"protocol": "icmp"}, families=["V6"])),
            Case(rules({**BASE, "scope": {"protocol": "udp", "local_ports": [69], "remote_ports": [67]}})),
            Case(rules({**BASE, "scope": {"protocol": "udp", "local_ports": [68], "remote_ports": [68]}})),
            Case(rules({**BASE, "scope": {"protocol": "udp", "local_ports": [547], "remote_ports": [547]}})),
            Case(exempting({"protocol": "udp"}, {"protocol": "icmp"})),
            Case(rules({**BASE, "scope": {"protocol": "tcp"}})),
            Case(preset("nd-transport"), "gpo-reg", {"ipsec-exempt": "yes"}),
            Case(preset("nd-transport"), "c"),
        ],
    ),
    "either-way": (
        [
            Case(rules({**BASE, "scope": {"protocol": "tcp", "local_ports": [1433]}})),
            Case(rules({**BASE, "scope": {"remote_addresses": ["10.0.0.0/8"]}}), "handover"),
            Case(exempting(DHCP)),
            Case(exempting({"protocol": "udp", "remote_ports": [53], "remote_addresses": ["10.0.0.53"]})),
        ],
        [
            Case(preset("nd-transport")),
            Case(rules({**BASE, "scope": {"local_addresses": ["10.0.0.0/8"], "remote_addresses": ["10.0.0.0/8"]}})),
            Case(rules({**BASE, "scope": {"protocol": "tcp", "local_ports": [1433], "remote_ports": [1433]}})),
            Case(
                rules(
                    {**BASE, "scope": {"protocol": "tcp", "local_ports": [1433]}},
                    {"name": "other way", "scope": {"protocol": "tcp", "remote_ports": [1433]}},
                )
            ),
            Case(exempting({**DHCP, "enabled": False})),
            Case(exempting(DHCP), "gpo-reg"),
            Case(exempting(DHCP), "c"),
        ],
    ),
    "host-wide-icmp": (
        [
            Case(preset("nd-transport"), given={"host-icmp": "yes"}),
            Case(preset("nd-transport"), "gpo-reg", {"ipsec-exempt": "yes"}),
        ],
        [
            Case(preset("nd-transport")),
            Case(exempting(DHCP), given={"host-icmp": "yes"}),
            Case(preset("nd-transport"), "gpo-reg"),
            Case(exempting(DHCP), "gpo-reg", {"ipsec-exempt": "yes"}),
        ],
    ),
    "local-rules": (
        [
            Case(preset("nd-transport")),
            Case(preset("nd-transport"), "handover"),
            Case(preset("nd-transport"), "netsh"),
            Case(preset("nd-transport"), "gpo-reg", {"store": "local"}),
        ],
        [
            Case(preset("nd-transport"), "gpo-reg"),
            Case(preset("nd-transport"), "gpo-reg", {"store": "local", "undo": "yes"}),
            Case(preset("nd-transport"), "c"),
        ],
    ),
    "outlasts-restart": (
        [Case(preset("nd-transport")), Case(preset("nd-transport"), "gpo-reg")],
        [Case(change(preset("nd-transport"), lifetime="persistent")), Case(preset("nd-transport"), "c")],
    ),
}
