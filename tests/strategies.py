"""Random designs, made of plain data as it stands in a file: everything the program accepts, and nothing else.

What may be combined is written down here once more, independently of the code under test.
"""

import unicodedata
from dataclasses import replace
from ipaddress import IPv4Address, IPv6Address
from typing import Any

from hypothesis import strategies as st

from ndtui.analysis.traffic.packet import Packet
from ndtui.model.design.access_check import Token
from ndtui.model.design.addresses import AddressRange
from ndtui.model.design.design import Design
from ndtui.model.design.exemption import Exemption, rebuild
from ndtui.model.design.ports import PortRange

FAMILIES = ("V4", "V6")
PROFILES = ("domain", "private", "public")
INTERFACES = ("lan", "wireless", "remote-access")
PROTECTED = ("FWPM_LAYER_INBOUND_TRANSPORT", "FWPM_LAYER_OUTBOUND_TRANSPORT", "FWPM_LAYER_ALE_AUTH_RECV_ACCEPT")
CONNECT = "FWPM_LAYER_ALE_AUTH_CONNECT"
LISTEN = "FWPM_LAYER_ALE_AUTH_LISTEN"
PACKET = ("FWPM_LAYER_INBOUND_IPPACKET", "FWPM_LAYER_OUTBOUND_IPPACKET")

_DIRECTION = set("\u200e\u200f\u061c\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def _fits(text: str) -> bool:
    return not any(c in _DIRECTION or unicodedata.category(c) in ("Cc", "Cs", "Zl", "Zp") for c in text)


_characters = st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Zl", "Zp"), exclude_characters=_DIRECTION)

names = st.one_of(
    st.text(_characters, min_size=1, max_size=30).filter(lambda t: t.strip()),
    st.sampled_from(
        [
            "[/x] [b",
            "a" * 300,
            "\U0001f512 ключ 鍵",
            "exemption:ICMP",
            '"quoted" \\ back',
            "#no comment",
            "= [1]",
            "'''",
        ]
    ),
)
proses = st.one_of(
    st.just(""),
    st.text(st.one_of(_characters, st.sampled_from('\n\t"\\')), max_size=60),
    st.sampled_from(
        ['"""', "\nstarts with a line", "ends with a line\n", 'ends with "', "back\\", "a = 1\n[main_mode]\nb"]
    ),
)


@st.composite
def ports(draw: st.DrawFn) -> list[int | str]:
    """Draw ports as they stand in a file: one to four of them, none twice."""
    ends = sorted(draw(st.sets(st.integers(0, 65535), min_size=1, max_size=8)))
    found: list[int | str] = []
    while ends:
        low = ends.pop(0)
        if ends and draw(st.booleans()):
            found.append(f"{low}-{ends.pop(0)}")
        else:
            found.append(draw(st.sampled_from([low, str(low)])))
    return draw(st.permutations(found))


@st.composite
def addresses(draw: st.DrawFn, families: tuple[str, ...]) -> list[str]:
    """Draw addresses, networks and ranges of some families as they stand in a file, none twice."""
    found = []
    taken: list[tuple[str, int, int]] = []
    for _ in range(draw(st.integers(1, 4))):
        family = draw(st.sampled_from(families))
        kind, bits = (IPv4Address, 32) if family == "V4" else (IPv6Address, 128)
        low = draw(st.integers(0, 2**bits - 1))
        form = draw(st.sampled_from(["single", "network", "range"]))
        if form == "network":
            prefix = draw(st.integers(0, bits))
            low = low >> (bits - prefix) << (bits - prefix)
            high, text = low + 2 ** (bits - prefix) - 1, f"{kind(low)}/{prefix}"
        elif form == "range":
            high = draw(st.integers(low, min(2**bits - 1, low + draw(st.sampled_from([0, 5, 1000, 2**bits])))))
            text = f"{kind(low)}-{kind(high)}"
        else:
            high, text = low, str(kind(low))
        if not any(family == f and low <= h and high >= lo for f, lo, h in taken):
            taken.append((family, low, high))
            found.append(text)
    return found


#: Few, so that exemptions often name the same; two differ in case alone, which does not count.
PROGRAMS = (
    r"C:\Program Files\X\x.exe",
    r"c:\program files\x\X.EXE",
    r"D:\a, b\c#d.exe",
    r"\device\harddiskvolume3\program files\x\x.exe",
)


def _layers(fields: dict[str, Any]) -> tuple[str, ...]:
    """Return the layers that have every field an exemption needs; those for packets know addresses only."""
    if "program" in fields:
        elsewhere = fields.get("protocol", "any") != "any" or {"remote_addresses", "profiles"} & fields.keys()
        return (PROTECTED[2], CONNECT) if elsewhere else (PROTECTED[2], CONNECT, LISTEN)
    if "profiles" in fields:
        return (*PROTECTED, CONNECT)
    if fields.get("protocol", "any") != "any":
        return (*PROTECTED, CONNECT)
    if "remote_addresses" in fields:
        return (*PROTECTED, CONNECT, *PACKET)
    return (*PROTECTED, CONNECT, LISTEN, *PACKET)


@st.composite
def _traffic(draw: st.DrawFn) -> dict[str, Any]:
    """Draw a protocol, and the ports or ICMP type that go with it."""
    fields: dict[str, Any] = {}
    protocol = draw(st.sampled_from(["any", "tcp", "udp", "icmp", 1, 58, 6, "47", 255]))
    if protocol != "any" or draw(st.booleans()):
        fields["protocol"] = protocol
    if protocol in ("tcp", "udp", 6):
        for side in ("local_ports", "remote_ports"):
            if draw(st.booleans()):
                fields[side] = draw(ports())
    if protocol in ("icmp", 1, 58) and draw(st.booleans()):
        fields["icmp_type"] = draw(st.integers(0, 255))
        if draw(st.booleans()):
            fields["icmp_code"] = draw(st.integers(0, 255))
    return fields


@st.composite
def _reach(draw: st.DrawFn, covered: tuple[str, ...]) -> dict[str, Any]:
    """Draw families and addresses that a design covers."""
    fields: dict[str, Any] = {}
    if draw(st.booleans()):
        subsets = [subset for subset in (("V4",), ("V6",), FAMILIES) if set(subset) <= set(covered)]
        covered = draw(st.sampled_from(subsets))
        fields["families"] = draw(st.permutations(covered))
    for side in ("local_addresses", "remote_addresses"):
        if draw(st.sampled_from([True, False, False])):
            fields[side] = draw(addresses(covered))
            covered = tuple({"V6" if ":" in a else "V4" for a in fields[side]})
    return fields


@st.composite
def _networks(draw: st.DrawFn) -> dict[str, Any]:
    """Draw profiles and types of interfaces that exemptions and scopes are limited to; mostly none."""
    fields: dict[str, Any] = {}
    for name, known in (("profiles", PROFILES), ("interfaces", INTERFACES)):
        if draw(st.sampled_from([True, False, False])):
            fields[name] = draw(st.lists(st.sampled_from(known), min_size=1, max_size=2, unique=True))
    return fields


@st.composite
def exemptions(draw: st.DrawFn, covered: tuple[str, ...] = FAMILIES, name: str | None = None) -> dict[str, Any]:
    """Draw an exemption for a design that covers some families; leaves out what it leaves open."""
    fields: dict[str, Any] = {"name": draw(names) if name is None else name}
    fields |= draw(_traffic())
    fields |= draw(_reach(covered))
    fields |= draw(_networks())
    if draw(st.sampled_from([True, False, False])):
        fields["program"] = draw(st.sampled_from(PROGRAMS))
    if draw(st.booleans()):
        allowed = st.sampled_from(_layers(fields))
        fields["layers"] = draw(st.lists(allowed, min_size=1, max_size=5, unique=True))
    if draw(st.sampled_from([True, False, False, False])):
        fields["enabled"] = draw(st.booleans())
    if draw(st.booleans()):
        fields["comment"] = draw(proses)
    return fields


AUTHENTICATION = {
    "IKE": (
        "IKEEXT_KERBEROS",
        "IKEEXT_PRESHARED_KEY",
        "IKEEXT_CERTIFICATE",
        "IKEEXT_CERTIFICATE_ECDSA_P256",
        "IKEEXT_CERTIFICATE_ECDSA_P384",
    ),
    "AuthIP": (
        "IKEEXT_KERBEROS",
        "IKEEXT_NTLM_V2",
        "IKEEXT_ANONYMOUS",
        "IKEEXT_SSL",
        "IKEEXT_SSL_ECDSA_P256",
        "IKEEXT_SSL_ECDSA_P384",
    ),
}
_CONFIGS = ("EXPLICIT_TRUST_LIST", "ENTERPRISE_STORE", "TRUSTED_ROOT_STORE", "UNSPECIFIED")


@st.composite
def _method(draw: st.DrawFn, method: str) -> dict[str, Any]:
    fields: dict[str, Any] = {"method": method}
    if method == "IKEEXT_PRESHARED_KEY":
        fields["key"] = draw(st.sampled_from(["env:NDTUI_KEY", "keyring:site-a.example", "env:_"]))
    if "CERTIFICATE" in method or "SSL" in method:
        for way in ("inbound", "outbound"):
            fields[way] = "IKEEXT_CERT_CONFIG_" + draw(st.sampled_from(_CONFIGS))
        if "IKEEXT_CERT_CONFIG_EXPLICIT_TRUST_LIST" in fields.values():
            fields["roots"] = draw(
                st.lists(
                    st.sampled_from(
                        ["subject:CN=Root, O=Example \U0001f512", "thumbprint:" + "0aF9" * 10, "subject:x"]
                    ),
                    min_size=1,
                    unique=True,
                )
            )
        if draw(st.booleans()):
            fields["flags"] = ["IKEEXT_CERT_AUTH_FLAG_DISABLE_CRL_CHECK"]
    return fields


@st.composite
def methods(draw: st.DrawFn, module: str) -> list[dict[str, Any]]:
    """Draw one to three authentication methods that a keying module has."""
    chosen = draw(st.lists(st.sampled_from(AUTHENTICATION[module]), min_size=1, max_size=3, unique=True))
    return [draw(_method(method)) for method in chosen]


_GROUPS = ("GROUP_1", "GROUP_2", "GROUP_14", "GROUP_2048", "ECP_256", "ECP_384", "GROUP_24")


@st.composite
def main_modes(draw: st.DrawFn, modules: list[str]) -> dict[str, Any]:
    """Draw a main mode policy that suits the keying modules in use."""
    fields: dict[str, Any] = {}
    for module in ("IKE", "AuthIP"):
        if draw(st.booleans()):
            fields[f"{module.lower()}_authentication"] = draw(methods(module))
    if draw(st.booleans()):
        groups = _GROUPS if "IKE" in modules else (*_GROUPS, "GROUP_NONE")
        fields["proposals"] = [
            {
                "cipher": "IKEEXT_CIPHER_" + draw(st.sampled_from(["AES_256", "AES_192", "AES_128", "3DES", "DES"])),
                "integrity": "IKEEXT_INTEGRITY_" + draw(st.sampled_from(["MD5", "SHA1", "SHA_256", "SHA_384"])),
                "dh_group": "IKEEXT_DH_" + draw(st.sampled_from(groups)),
                **({"lifetime_seconds": draw(st.integers(1, 2**32 - 1))} if draw(st.booleans()) else {}),
                **({"quick_mode_limit": draw(st.integers(0, 2**32 - 1))} if draw(st.booleans()) else {}),
            }
            for _ in range(draw(st.integers(1, 3)))
        ]
    return fields


_HASHES = ("HMAC_MD5_96", "HMAC_SHA_1_96", "HMAC_SHA_256_128")
_GCM = ("GCM_AES_128", "GCM_AES_192", "GCM_AES_256")
_CBC = ("CBC_DES", "CBC_3DES", "CBC_AES_128", "CBC_AES_192", "CBC_AES_256")


@st.composite
def _transform(draw: st.DrawFn, kinds: tuple[str, ...]) -> dict[str, str]:
    kind = draw(st.sampled_from(kinds))
    fields = {"type": f"IPSEC_TRANSFORM_{kind}"}
    gcm = draw(st.booleans()) and draw(st.sampled_from(_GCM))
    if kind != "ESP_CIPHER":
        fields["auth"] = "IPSEC_AUTH_CONFIG_" + (gcm or draw(st.sampled_from(_HASHES)))
    if kind == "ESP_AUTH_AND_CIPHER":
        fields["cipher"] = "IPSEC_CIPHER_CONFIG_" + (gcm or draw(st.sampled_from(_CBC)))
    if kind == "ESP_CIPHER":
        fields["cipher"] = "IPSEC_CIPHER_CONFIG_" + draw(st.sampled_from(_CBC))
    return fields


@st.composite
def quick_modes(draw: st.DrawFn) -> dict[str, Any]:
    """Draw a quick mode policy."""
    fields: dict[str, Any] = {}
    if draw(st.booleans()):
        fields["nd_allow_clear_timeout_seconds"] = draw(st.integers(0, 2**32 - 1))
    for name in ("idle_timeout_seconds", "idle_timeout_failover_seconds"):
        if draw(st.booleans()):
            fields[name] = draw(st.integers(1, 2**32 - 1))
    if draw(st.booleans()):
        fields["proposals"] = []
        for _ in range(draw(st.integers(1, 3))):
            esp = ("ESP_AUTH", "ESP_CIPHER", "ESP_AUTH_AND_CIPHER")
            transforms = [draw(_transform(("AH", *esp)))]
            if draw(st.booleans()):
                transforms = draw(st.permutations([draw(_transform(("AH",))), draw(_transform(esp))]))
            fields["proposals"].append(
                {
                    "transforms": transforms,
                    "lifetime_seconds": draw(st.integers(300, 172800)),
                    "lifetime_kilobytes": draw(st.integers(20480, 0x7FFFFFFF)),
                    "lifetime_packets": draw(st.integers(1, 2**32 - 1)),
                    "pfs_group": "IPSEC_PFS_"
                    + draw(st.sampled_from(["NONE", "1", "2", "14", "2048", "24", "ECP_256", "ECP_384", "MM"])),
                }
            )
    return fields


@st.composite
def plain_designs(draw: st.DrawFn, most: int = 5) -> dict[str, Any]:
    """Draw a design as plain data, with up to ``most`` exemptions; leaves out a part of what it may leave open."""
    modules = draw(st.sampled_from([["IKE"], ["AuthIP"], ["IKE", "AuthIP"], ["AuthIP", "IKE"]]))
    families = draw(st.sampled_from([["V4"], ["V6"], ["V4", "V6"], ["V6", "V4"]]))
    scenario = draw(st.sampled_from(["negotiation-discovery", "boundary", "require"]))
    data: dict[str, Any] = {
        "name": draw(names),
        "scenario": scenario,
        "keying_modules": modules,
        "families": families,
        "lifetime": draw(st.sampled_from(["dynamic", "static", "persistent"])),
    }
    if draw(st.booleans()):
        data["nd_secure"] = scenario != "boundary" and draw(st.booleans())
    if draw(st.booleans()):
        data["ale_persist_context"] = scenario == "negotiation-discovery" and draw(st.booleans())
    if draw(st.booleans()):
        data["id"] = str(draw(st.uuids()))
    if draw(st.booleans()):
        data["description"] = draw(proses)
    if draw(st.booleans()):
        own = {"kind": "own", "weight": draw(st.integers(0, 65535))}
        data["sublayer"] = draw(st.sampled_from([own, own, {"kind": "universal"}]))
    if draw(st.booleans()):
        data["main_mode"] = draw(main_modes(modules))
    if draw(st.booleans()):
        data["quick_mode"] = draw(quick_modes())
    if "AuthIP" in modules and draw(st.booleans()):
        data["extended_mode"] = {
            "impersonation": "IKEEXT_IMPERSONATION_" + draw(st.sampled_from(["NONE", "SOCKET_PRINCIPAL"])),
            "authentication": draw(methods("AuthIP")),
        }
    chosen = draw(st.lists(names, max_size=most, unique=True))
    data["exemptions"] = [draw(exemptions(tuple(families), name)) for name in chosen]
    if data["lifetime"] == "persistent":
        data |= draw(_before_bfe(data["exemptions"]))
    return data


@st.composite
def _before_bfe(draw: st.DrawFn, drawn: list[dict[str, Any]]) -> dict[str, Any]:
    """Draw what a persistent design says of the time before BFE is up, and which of its exemptions hold then."""
    blocked = draw(st.sampled_from([[], ["inbound"], ["outbound", "inbound"], ["outbound"]]))
    held = [each | ({"before_bfe": True} if draw(st.booleans()) else {}) for each in drawn]
    return {"before_bfe": blocked, "exemptions": held}


SDDL = ("O:LSD:(A;;CC;;;S-1-5-21-1-2-3-513)", "O:LSD:(D;;CC;;;DC)(A;;CC;;;DU)", "O:SYG:SYD:(A;;CCRC;;;AU)")


@st.composite
def scopes(draw: st.DrawFn, covered: tuple[str, ...]) -> dict[str, Any]:
    """Draw the scope of a rule for a design that covers some families; leaves out what it leaves open."""
    fields = {name: value for name, value in draw(_traffic()).items() if not name.startswith("icmp")}
    if "local_ports" in fields and "remote_ports" in fields:
        fields["either_port"] = draw(st.booleans())
    for side in ("local_addresses", "remote_addresses"):
        if draw(st.sampled_from([True, False, False])):
            fields[side] = draw(addresses(covered))
            covered = tuple({"V6" if ":" in a else "V4" for a in fields[side]})
    return fields | draw(_networks())


@st.composite
def rules(draw: st.DrawFn, name: str, covered: tuple[str, ...], *, users: bool, protects: bool) -> dict[str, Any]:
    """Draw a rule as plain data; ``users``: extended mode tells who they are; ``protects``: it has to by itself."""
    modes = ["negotiation-discovery", "boundary", "require", "inherit"]
    mode = draw(st.sampled_from(modes[:-1] if protects else modes))
    fields: dict[str, Any] = {"name": name, "mode": mode, **draw(_additions(mode, users=users))}
    if draw(st.booleans()):
        fields["nd_secure"] = mode not in ("boundary", "inherit") and draw(st.booleans())
    if not protects or draw(st.booleans()):
        fields["scope"] = draw(scopes(covered))
    if draw(st.sampled_from([True, False, False])):
        fields["weight_range"] = draw(st.integers(1, 11))
    if not protects and draw(st.sampled_from([True, False, False, False])):
        fields["enabled"] = False
    if draw(st.sampled_from([True, False, False, False])):
        fields["comment"] = draw(proses)
    return fields


@st.composite
def _additions(draw: st.DrawFn, mode: str, *, users: bool) -> dict[str, Any]:
    """Draw what a rule asks for beside its mode: encryption, and who may connect."""
    fields: dict[str, Any] = {}
    asked = draw(st.sets(st.sampled_from(["encryption", "machines", *(["users"] if users else [])])))
    if mode == "inherit" and not asked:
        asked = {"encryption"}
    if "encryption" in asked:
        fields["encryption"] = "guaranteed"
    elif mode == "negotiation-discovery" and draw(st.booleans()):
        fields["ale_persist_context"] = draw(st.booleans())
    for side in ("machines", "users"):
        if side in asked:
            fields[side] = draw(st.sampled_from(SDDL))
    return fields


@st.composite
def plain_ruled_designs(draw: st.DrawFn, most: int = 5, rules_most: int = 3) -> dict[str, Any]:
    """Draw a design with one or more rules as plain data; the first of them protects by itself."""
    former = ("scenario", "nd_secure", "ale_persist_context")
    data = {name: value for name, value in draw(plain_designs(most)).items() if name not in former}
    first = draw(st.sampled_from(["base", "base", "first"]))
    chosen = [first, *draw(st.lists(names.filter(lambda n: n != first), max_size=rules_most - 1, unique=True))]
    families, users = tuple(data["families"]), "extended_mode" in data
    drawn = [draw(rules(n, families, users=users, protects=n == first)) for n in chosen]
    return {**data, "version": 2, "rules": draw(st.permutations(drawn))}


def ruled_designs(most: int = 5, rules_most: int = 3) -> st.SearchStrategy[Design]:
    """Return a strategy for valid designs with rules, and with up to ``most`` exemptions."""
    return plain_ruled_designs(most, rules_most).map(Design.model_validate)


def designs(most: int = 5) -> st.SearchStrategy[Design]:
    """Return a strategy for valid designs with up to ``most`` exemptions."""
    return plain_designs(most).map(Design.model_validate)


@st.composite
def edits(draw: st.DrawFn, before: Design) -> dict[str, Any]:
    """Draw what ``change`` is told to make of a design: one to three fields, exemptions mostly kept as they are."""
    fields: dict[str, Any] = {}
    chosen = draw(st.sets(st.sampled_from(["exemptions", "what", "where", "how", "policy"]), min_size=1, max_size=3))
    families = before.families
    if "where" in chosen:
        fields["families"] = families = draw(st.sampled_from([("V4",), ("V6",), FAMILIES]))
        own = {"kind": "own", "weight": draw(st.integers(0, 65535))}
        fields["sublayer"] = draw(st.sampled_from([before.sublayer, own, {"kind": "universal"}]))
    if "what" in chosen:
        mode = draw(st.sampled_from(["negotiation-discovery", "boundary", "require"]))
        nd_secure = mode != "boundary" and draw(st.booleans())
        persist = mode == "negotiation-discovery" and draw(st.booleans())
        fields["rules"] = ({"mode": mode, "nd_secure": nd_secure, "ale_persist_context": persist},)
    if "how" in chosen:
        fields["lifetime"] = draw(st.sampled_from(["dynamic", "static", "persistent"]))
        fields["name"] = draw(st.sampled_from([before.name, "renamed"]))
    if "policy" in chosen:
        fields["quick_mode"] = draw(quick_modes())
    kept = [e for e in before.exemptions if families == FAMILIES or _stays_in(e, families[0])]
    if "exemptions" in chosen or len(kept) < len(before.exemptions):
        fields["exemptions"] = draw(_other_exemptions(kept, families))
    if fields.get("lifetime", before.lifetime) == "persistent":
        if "how" in chosen:
            fields["before_bfe"] = draw(st.sampled_from([(), ("inbound",), ("inbound", "outbound")]))
    elif before.lifetime == "persistent":
        fields["before_bfe"] = ()
        after = fields.get("exemptions", before.exemptions)
        fields["exemptions"] = [
            rebuild(each, before_bfe=False) if isinstance(each, Exemption) and each.before_bfe else each
            for each in after
        ]
    return fields


def _stays_in(exemption: Exemption, family: str) -> bool:
    present = {a.family for a in (*exemption.local_addresses, *exemption.remote_addresses)}
    return present <= {family} and (not exemption.families or family in exemption.families)


@st.composite
def _other_exemptions(draw: st.DrawFn, kept: list[Exemption], families: tuple[str, ...]) -> list[Any]:
    after: list[Any] = []
    for exemption in draw(st.permutations(kept)):
        outcome = draw(st.sampled_from(["stay", "stay", "stay", "go", "toggle", "rename"]))
        if outcome == "stay":
            after.append(exemption)
        elif outcome == "toggle":
            after.append(rebuild(exemption, enabled=not exemption.enabled))
        elif outcome == "rename":
            after.append(rebuild(exemption, name=f"{exemption.name[:200]} 2"))
    if draw(st.booleans()):
        after.append(draw(exemptions(families, "another")))
    seen: set[str] = set()
    return [e for e in after if not (_name(e) in seen or seen.add(_name(e)))]


def _name(exemption: Any) -> str:
    return exemption["name"] if isinstance(exemption, dict) else exemption.name


_tokens = st.none() | st.lists(
    st.sampled_from(["S-1-5-21-1-2-3-513", "S-1-5-21-1-2-3-515", "DC", "DU", "SY"]), max_size=3, unique=True
).map(lambda sids: Token(tuple(sids)))
_peers: st.SearchStrategy[dict[str, Any]] = st.one_of(
    st.just({}), st.just({"unauthorized": True}), st.fixed_dictionaries({"machine": _tokens, "user": _tokens})
)


@st.composite
def packets(draw: st.DrawFn, of: Design) -> Packet:
    """Draw a packet that has a good chance to meet an exemption or a rule of a design: its values, or neighbours."""
    family = draw(st.sampled_from(["V4", "V4", "V6", "V6", *of.families]))
    chosen: Any = draw(st.sampled_from([None, *of.exemptions, *(rule.scope for rule in of.rules)]))
    protocol = draw(_packet_protocol(chosen, family))
    local, remote = (
        draw(_address_near(getattr(chosen, side, ()), family)) for side in ("local_addresses", "remote_addresses")
    )
    with_ports, with_icmp = protocol in (6, 17), protocol in (1, 58)
    return Packet(
        direction=draw(st.sampled_from(["in", "out"])),
        family=family,
        protocol=protocol,
        local_address=local,
        remote_address=remote,
        local_port=draw(_port_near(getattr(chosen, "local_ports", ()))) if with_ports else None,
        remote_port=draw(_port_near(getattr(chosen, "remote_ports", ()))) if with_ports else None,
        icmp_type=draw(_octet_near(getattr(chosen, "icmp_type", None))) if with_icmp else None,
        icmp_code=draw(_octet_near(getattr(chosen, "icmp_code", None))) if with_icmp else None,
        local_type=draw(st.sampled_from(["unicast"] * 9 + ["multicast", "broadcast", "anycast"])),
        loopback=draw(st.booleans()),
        later=draw(st.sampled_from([False, False, False, True])),
        profile=draw(st.sampled_from([None, None, *PROFILES])),
        interface=draw(st.sampled_from([None, None, *INTERFACES])),
        **draw(_peers),
        program=draw(st.sampled_from(["", "", *PROGRAMS])),
    )


def of_any_kind(packet: Packet) -> st.SearchStrategy[Packet]:
    """Return a packet, or one that is like it but of a kind that does not meet every layer, each now and then."""
    icmp = 1 if packet.family == "V4" else 58
    bare = replace(packet, local_port=None, remote_port=None, icmp_type=None, icmp_code=None)
    errors = st.sampled_from((3, 4, 5, 11, 12) if packet.family == "V4" else (0, 1, 2, 3, 4, 100, 127))
    others = [
        st.builds(lambda number: replace(bare, protocol=icmp, icmp_type=number, icmp_code=0), errors),
        st.sampled_from([replace(bare, protocol=50), replace(bare, protocol=51)]),
    ]
    if packet.direction == "in":
        others.append(st.just(replace(packet, said=replace(packet.said, forwarded=True))))
    return st.one_of(*[st.just(packet)] * 6, *others)


@st.composite
def _packet_protocol(draw: st.DrawFn, chosen: Any, family: str) -> int:
    names = {"tcp": 6, "udp": 17, "icmp": 1 if family == "V4" else 58}
    wanted = names.get(chosen.protocol, chosen.protocol) if chosen is not None else "any"
    if wanted == "any" or draw(st.sampled_from([True] + [False] * 9)):
        return draw(st.sampled_from([6, 17, 17, 1, 58, 47, 255, 50]))
    return wanted


@st.composite
def _address_near(draw: st.DrawFn, ranges: tuple[AddressRange, ...], family: str) -> int:
    highest = 2 ** (32 if family == "V4" else 128) - 1
    own = [r for r in ranges if r.family == family]
    if not own:
        return draw(st.integers(0, highest))
    r = draw(st.sampled_from(own))
    near = draw(st.sampled_from([r.low, r.high, (r.low + r.high) // 2, r.low, r.high, r.low - 1, r.high + 1]))
    return min(highest, max(0, near))


@st.composite
def _port_near(draw: st.DrawFn, ranges: tuple[PortRange, ...]) -> int:
    if not ranges:
        return draw(st.sampled_from([500, 4500, 500, 443, 53, 0, 65535, 49152]))
    r = draw(st.sampled_from(ranges))
    near = draw(st.sampled_from([r.low, r.high, (r.low + r.high) // 2, r.low, r.high, r.low - 1, r.high + 1]))
    return min(65535, max(0, near))


def _octet_near(wanted: int | None) -> st.SearchStrategy[int]:
    return st.integers(0, 255) if wanted is None else st.sampled_from([wanted, wanted, wanted, (wanted + 1) % 256])
