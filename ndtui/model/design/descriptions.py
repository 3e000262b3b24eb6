"""What each key of a design means, in a sentence or two: for its JSON Schema, and for whoever shows a field.

Apart from the models, which every start of the program reads.
"""

from collections.abc import Mapping

_MODULES = ("ike", "authip", "ikev2")
_METHOD = {
    (): "AuthenticationMethod",
    ("inbound_criteria",): "CertificateCriteria",
    ("outbound_criteria",): "CertificateCriteria",
}
_QUICK_PROPOSAL = {(): "QuickModeProposal", ("transforms",): "Transform"}


def _below(place: str, parts: Mapping[tuple[str, ...], str]) -> dict[tuple[str, ...], str]:
    return {(place, *rest): part for rest, part in parts.items()}


#: The parts of what is negotiated, by a design or by a rule.
_NEGOTIATED: Mapping[tuple[str, ...], str] = {
    ("main_mode",): "MainMode",
    ("quick_mode",): "QuickMode",
    ("extended_mode",): "ExtendedMode",
    **{("main_mode", *rest): part for m in _MODULES for rest, part in _below(f"{m}_authentication", _METHOD).items()},
    **{("main_mode", f"{own}proposals"): "MainModeProposal" for own in ("", *(f"{m}_" for m in _MODULES))},
    **{
        ("quick_mode", *rest): part
        for own in ("", *(f"{m}_" for m in _MODULES))
        for rest, part in _below(f"{own}proposals", _QUICK_PROPOSAL).items()
    },
    **{("extended_mode", *rest): part for rest, part in _below("authentication", _METHOD).items()},
}

#: The part of a design that stands at a place of a file; places without numbers.
PARTS: Mapping[tuple[str, ...], str] = {
    (): "Design",
    ("rules",): "Rule",
    ("rules", "scope"): "Scope",
    ("rules", "negotiation"): "Negotiation",
    **{("rules", "negotiation", *rest): part for rest, part in _NEGOTIATED.items()},
    ("sublayer",): "Sublayer",
    ("exemptions",): "Exemption",
    ("assert",): "Assertion",
    ("suppress",): "Suppression",
    **_NEGOTIATED,
}

#: By the name of the part of a design, and by the key as it stands in a file.
DESCRIPTIONS: Mapping[str, Mapping[str, str]] = {
    "Design": {
        "format": "What the file is: always ndtui-design.",
        "version": "Version of the format: 2. A design of version 1 has no rules: mode (as scenario), nd_secure and "
        "ale_persist_context stand in the design itself.",
        "name": "The design's name. It stands in the name of every object, and gives the design its id.",
        "id": "Identity of the design, from which the keys of all its objects are derived. Left out, it follows from "
        "the name; state it to keep the objects when the name changes.",
        "description": "What the policy is for. The first line is shown in lists.",
        "keying_modules": "What negotiates: IKE (version 1), AuthIP, which only Windows speaks, IKEv2, or several.",
        "families": "Address families that are covered. What is not covered is neither protected nor blocked.",
        "lifetime": "How long the objects stay: dynamic, until the program that applied them ends; static, until "
        "Windows' filter engine stops; persistent, until they are removed.",
        "windows": "The Windows that the design is meant for: findings say what it does not have. Left out: any.",
        "peers": "What its peers have: versions of Windows, or other for what is no Windows; findings say with which "
        "of them nothing can be negotiated. Empty: not said.",
        "before_bfe": "Directions in which unicast traffic is blocked from the start of TCP/IP until BFE, which adds "
        "persistent objects, is up: inbound, outbound, or both. Only with lifetime = persistent. Empty: everything "
        "passes in clear until then.",
        "rules": "Which traffic is protected, and how; names differ. Left out: one rule for all unicast "
        "traffic, negotiation-discovery.",
        "sublayer": "The sublayer in which the filters stand.",
        "main_mode": "Main mode policy: how peers authenticate, and what protects their negotiation.",
        "quick_mode": "Quick mode policy: what protects the traffic itself, and for how long.",
        "extended_mode": "AuthIP's second authentication, of the user. Left out: none.",
        "exemptions": "Traffic that is left out of IPsec, in order; names differ from each other.",
        "assert": "Tests that the design carries about itself: what happens to every packet of some traffic.",
        "suppress": "Findings of the checker that were looked at and are accepted.",
    },
    "Rule": {
        "name": "What the rule is called; it stands in the names of its objects, except for base.",
        "enabled": "Whether it makes filters. A rule that is switched off stays in the design.",
        "mode": "How traffic is protected. negotiation-discovery: required inbound, asked for outbound, where it "
        "falls back to clear; boundary: asked for in both directions; require: required in both directions; inherit: "
        "as other rules have it that cover the traffic, to which this one adds encryption, or who may connect.",
        "nd_secure": "Whether the quick mode policies carry IPSEC_POLICY_FLAG_ND_SECURE. Left out: true for "
        "negotiation-discovery, false for the others; boundary may not have it.",
        "ale_persist_context": "Whether the filters at ALE_AUTH_RECV_ACCEPT carry the raw context that Microsoft's "
        "sample sets there and its scenario page does not. Only negotiation-discovery has such filters.",
        "scope": "The traffic it is for. Left out: all unicast traffic.",
        "encryption": "guaranteed: connections are let in and out only encrypted. none: as quick mode agrees.",
        "machines": "Which machines may connect: an access list in SDDL, such as O:LSD:(A;;CC;;;S-1-5-21-...-515). "
        "Empty: all.",
        "users": "Which users may connect, as machines; AuthIP with extended mode tells who they are. Empty: all.",
        "weight_range": "Weight range of its filters, in place of the automatic one, by which the more specific rule "
        "wins. Exemptions have range 12.",
        "negotiation": "What it negotiates in place of what the design does.",
        "comment": "Why it is there.",
    },
    "Scope": {
        "local_addresses": "Addresses of this host: single ones, networks such as 10.0.0.0/8, or ranges such as "
        "10.0.0.1-10.0.0.9. Empty: any.",
        "remote_addresses": "Addresses of the peer, as local_addresses. Empty: any.",
        "protocol": "The protocol: any, icmp (that of the address family), tcp, udp, igmp, gre, esp, ah, or a number.",
        "local_ports": "Ports of a service of this machine: numbers and ranges such as 1024-2047; with tcp and udp. "
        "Empty: any.",
        "remote_ports": "Ports of a service elsewhere, as local_ports. Empty: any.",
        "either_port": "Whether one of local_ports and remote_ports is enough: the service is here or elsewhere.",
        "profiles": "Network profiles it is limited to. Empty: all.",
        "interfaces": "Types of interfaces it is limited to. Empty: all. Policy at the IKEEXT and IPSEC layers cannot "
        "be limited to them.",
    },
    "Negotiation": {
        "keying_modules": "What negotiates: IKE (version 1), AuthIP, which only Windows speaks, IKEv2, or several.",
        "main_mode": "Main mode policy: how peers authenticate, and what protects their negotiation.",
        "quick_mode": "Quick mode policy: what protects the traffic itself, and for how long.",
        "extended_mode": "AuthIP's second authentication, of the user. Left out: none.",
    },
    "Sublayer": {
        "kind": "universal: FWPM_SUBLAYER_UNIVERSAL, as Microsoft's documents have it; own: one of the policy's own.",
        "weight": "Weight of an own sublayer: sublayers are asked from the highest to the lowest. The universal one "
        "has 32768.",
    },
    "Exemption": {
        "name": "What the exemption is called; it stands in the names of its filters.",
        "enabled": "Whether it makes filters. An exemption that is switched off stays in the design.",
        "protocol": "The protocol: any, icmp (that of the address family), tcp, udp, igmp, gre, esp, ah, or a number.",
        "local_ports": "Ports of this host, numbers and ranges such as 1024-2047; with tcp and udp only. Empty: any.",
        "remote_ports": "Ports of the peer, as local_ports. Empty: any.",
        "local_addresses": "Addresses of this host: single ones, networks such as 10.0.0.0/8, or ranges such as "
        "10.0.0.1-10.0.0.9. Empty: any.",
        "remote_addresses": "Addresses of the peer, as local_addresses. Empty: any.",
        "icmp_type": "Type of the ICMP message; with protocol icmp, 1 or 58 only. Left out: any.",
        "icmp_code": "Code of the ICMP message, together with icmp_type. Left out: any.",
        "profiles": "Network profiles it is limited to. Empty: all.",
        "interfaces": "Types of interfaces it is limited to. Empty: all.",
        "program": "The program it is limited to: its full path, C:\\Program Files\\X\\x.exe, or that with the name of "
        "the device, \\device\\harddiskvolume3\\x.exe. Only the ALE layers tell programs apart: what IPsec does at the "
        "transport layers stays as it is. Empty: any program.",
        "families": "Address families it is limited to. Empty: all that the design covers.",
        "layers": "Layers at which it makes filters, names without the address family. The usual ones are those at "
        "which IPsec decides, and with a program those of ALE among them.",
        "before_bfe": "Whether it is also let through before BFE is up, in those directions in which the design blocks "
        "then. Only with lifetime = persistent.",
        "comment": "Why it is there.",
    },
    "Assertion": {
        "traffic": "The packets it is about, such as in tcp from 10.0.0.0/8 to any port 443.",
        "verdict": "What happens to every one of them. encrypted is protected, and guaranteed to be encrypted; "
        "clear is requested, exempt or untouched.",
        "comment": "Why it has to be so.",
    },
    "Suppression": {
        "id": "Id of the finding, as ndtui check prints it.",
        "reason": "Why it is accepted; shown beside the finding.",
        "where": "The place it is accepted at, as ndtui check prints it, such as exemption:DNS. Empty: everywhere.",
    },
    "MainMode": {
        "ike_authentication": "Methods of IKE, the preferred one first; at least one while IKE is switched on.",
        "authip_authentication": "Methods of AuthIP, the preferred one first; at least one while AuthIP is on.",
        "ikev2_authentication": "Methods of IKEv2, the preferred one first. Left out while IKEv2 is on: a certificate "
        "of the enterprise store.",
        "proposals": "What is offered to protect the negotiation, the preferred one first, by each keying module that "
        "has none of its own.",
        "ike_proposals": "What IKE offers in place of proposals. Left out: proposals.",
        "authip_proposals": "What AuthIP offers in place of proposals. Left out: proposals.",
        "ikev2_proposals": "What IKEv2 offers in place of proposals. Left out: proposals.",
        "flags": "Flags of main mode policy, each given to the keying modules that act on it; "
        "IKEEXT_POLICY_FLAG_ENABLE_OPTIONAL_DH lets AuthIP accept peers without a Diffie-Hellman group.",
        "impersonation": "Whose credentials AuthIP's main mode uses: those of the user who opened the socket, or the "
        "machine's. Left out: the machine's.",
        "max_dynamic_filters": "How many filters a responder may add for narrower traffic that a peer asks for, per "
        "address and transport layer; 0: none.",
        "retransmit_seconds": "For so many seconds IKEv2 sends what is not answered again, 120 at least; 0: as Windows "
        "does by itself.",
    },
    "AuthenticationMethod": {
        "method": "An IKEEXT_AUTHENTICATION_METHOD_TYPE; each keying module has its own.",
        "key": "Where the pre-shared key is looked up when the policy is applied: env:NAME or keyring:NAME. "
        "IKEEXT_PRESHARED_KEY needs it and no other method has it.",
        "inbound": "Which certificates are accepted of a peer. Certificate and SSL methods need it.",
        "outbound": "Which certificate is presented to a peer. Certificate and SSL methods need it.",
        "roots": "Accepted certification authorities: subject:... or thumbprint:... (SHA-1, 40 hexadecimal digits); "
        "with IKEEXT_CERT_CONFIG_EXPLICIT_TRUST_LIST only, on each side that has no criteria.",
        "inbound_criteria": "Which certificates of peers count, in more detail. With a list of roots each has a root; "
        "with a store none. Windows 8 and newer. Empty: all.",
        "outbound_criteria": "Which certificates of this machine count, as inbound_criteria.",
        "certificate_url": "http:// address of this machine's certificate, which IKEv2 sends for it. Empty: none.",
        "proxy": "Name of a Kerberos proxy, with IKEEXT_KERBEROS. Windows 8 and newer. Empty: none.",
        "flags": "Flags of the method, such as a strong check for revoked certificates; each kind has its own.",
    },
    "CertificateCriteria": {
        "root": "The certification authority: subject:... or thumbprint:..., as in roots. Left out: any.",
        "thumbprint": "SHA-1 of the certificate itself, 40 hexadecimal digits. Left out: any certificate.",
        "key_usages": "Extended key usages that the certificate has, as object identifiers such as 1.3.6.1.5.5.8.2.2. "
        "Empty: any.",
        "name_type": "What name is: a DNS name, a user principal name, a part of the subject.",
        "name": "Name that the certificate has. Empty: any.",
        "flags": "Flags of the certification authority, such as IKEEXT_CERT_FLAG_INTERMEDIATE_CA.",
    },
    "MainModeProposal": {
        "cipher": "What encrypts the negotiation.",
        "integrity": "What keeps the negotiation from being changed on its way.",
        "dh_group": "Diffie-Hellman group of the key exchange. IKE has no IKEEXT_DH_GROUP_NONE.",
        "lifetime_seconds": "After so many seconds a new main mode is negotiated.",
        "quick_mode_limit": "After so many quick modes a new main mode is negotiated; 0: no limit.",
    },
    "QuickMode": {
        "nd_allow_clear_timeout_seconds": "For so many seconds a new security association still accepts clear packets.",
        "idle_timeout_seconds": "After so many seconds without traffic a security association is deleted.",
        "idle_timeout_failover_seconds": "As idle_timeout_seconds, for connections on which fail-over is expected.",
        "flags": "Flags of quick mode policy, each given to the keying modules that act on it: address translation on "
        "the way, what is said of lifetimes, key managers. Those of negotiation discovery follow from the rules.",
        "proposals": "What is offered to protect the traffic, the preferred one first, by each keying module that has "
        "none of its own.",
        "ike_proposals": "What IKE offers in place of proposals. Left out: proposals.",
        "authip_proposals": "What AuthIP offers in place of proposals. Left out: proposals.",
        "ikev2_proposals": "What IKEv2 offers in place of proposals. Left out: proposals.",
    },
    "QuickModeProposal": {
        "transforms": "What is done to each packet: one transform, or AH together with one of ESP.",
        "lifetime_seconds": "After so many seconds new keys are negotiated.",
        "lifetime_kilobytes": "After so many kilobytes new keys are negotiated.",
        "lifetime_packets": "After so many packets new keys are negotiated.",
        "pfs_group": "Diffie-Hellman group of the keys of their own that each quick mode gets (perfect forward "
        "secrecy); IPSEC_PFS_NONE: they follow from main mode.",
    },
    "Transform": {
        "type": "AH, ESP that authenticates, ESP that encrypts, or ESP that does both.",
        "auth": "What authenticates; every type needs it but IPSEC_TRANSFORM_ESP_CIPHER.",
        "cipher": "What encrypts; the two types with CIPHER in their name need it. AES-GCM has to be the same in both.",
    },
    "ExtendedMode": {
        "impersonation": "Whose credentials are used: those of the user who opened the socket, or the machine's.",
        "authentication": "Methods of AuthIP for the user, the preferred one first.",
    },
}
