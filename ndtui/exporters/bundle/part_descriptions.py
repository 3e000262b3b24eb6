"""What each member of a bundle means, for its JSON Schema.

Names and meanings are those of Windows' own structures:
https://learn.microsoft.com/windows/win32/fwp/fwp-structs
"""

from collections.abc import Iterable, Mapping

#: Members that mean the same wherever they stand.
_EVERYWHERE: Mapping[str, str] = {
    "displayData": "What a person calls the object.",
    "providerKey": "Key of the provider that the object belongs to.",
    "subLayerKey": "Key of the sublayer: a name of Windows for its own ones, otherwise a GUID.",
    "providerContextKey": "Key of the provider context, a GUID derived from the design's id.",
    "origin": "The element of the design that made it, such as scenario or exemption:DNS. Not part of Windows' object.",
    "type": "The kind of value, and with it the member that holds it.",
    "algoIdentifier": "The algorithm, by its name in the SDK.",
    "authenticationMethodType": "The method, by its name in the SDK.",
    "authenticationMethods": "Accepted methods, the preferred one first.",
    "ipsecTransformType": "The kind of transform, and with it the member that holds it.",
    "saIdleTimeout": "When a security association without traffic is deleted.",
    "authTransform": "What authenticates a packet.",
    "cipherTransform": "What encrypts a packet.",
    "addr": "The first address of the network.",
}

#: By the name of the part; a part also has what the parts have that it is made from.
_PARTS: Mapping[str, Mapping[str, str]] = {
    "Bundle": {
        "format": "What the file is: always ndtui-bundle.",
        "version": "Version of the format: always 1.",
        "generator": "The program that wrote it.",
        "design": "The design that the objects were made from.",
        "provider": "The provider that all objects name as theirs.",
        "subLayers": "The sublayer of the policy's own, if it has one.",
        "providerContexts": "Main mode and quick mode policies, for each keying module.",
        "filters": "All filters, layer by layer.",
        "findings": "What the checker says of the design.",
        "sha256": "Digest of the bundle as JSON without this member: keys sorted, no blanks, ASCII only.",
    },
    "DisplayData": {
        "name": "Name of the object.",
        "description": "Description of the object; may be empty.",
    },
    "Uint8Value": {"uint8": "The number, 0 to 255."},
    "Uint16Value": {"uint16": "The number, 0 to 65535."},
    "Uint64Value": {"uint64": "The number, 0 to 18446744073709551615."},
    "Uint32Value": {"uint32": "An address in its usual form, such as 10.0.0.1, or a number."},
    "ProgramPath": {"asString": "The path of the program, as the operator wrote it."},
    "ProgramValue": {"byteBlob": "The path, as a text in place of the bytes that Windows makes of it."},
    "SecurityDescriptorValue": {"sd": "The access list in SDDL, as the operator wrote it."},
    "V4Value": {"uint32": "The address in its usual form, such as 10.0.0.1."},
    "V6Value": {"byteArray16": "The address in its usual form, such as 2001:db8::1."},
    "V4AddrAndMask": {"mask": "The network's mask, such as 255.255.255.0."},
    "V4MaskValue": {"v4AddrMask": "The network."},
    "V6AddrAndMask": {"prefixLength": "How many leading bits of an address count, 0 to 128."},
    "V6MaskValue": {"v6AddrMask": "The network."},
    "Range": {"valueLow": "The lowest value, included.", "valueHigh": "The highest value, included."},
    "RangeValue": {"rangeValue": "Both ends of the range."},
    "Condition": {
        "fieldKey": "The field of the layer that is looked at.",
        "matchType": "How it is compared with the value.",
        "conditionValue": "The value. Conditions on one field are alternatives, those on several must all hold.",
    },
    "Action": {
        "type": "What becomes of a packet that matches.",
        "filterType": "The callout that decides, of a callout action; null of any other.",
    },
    "FilterParts": {
        "filterKey": "Key of the filter, a GUID derived from the design's id.",
        "flags": "Flags of the filter.",
        "layerKey": "The layer at which it is asked.",
        "weight": "What the engine is given as weight: nothing, a range of weights, or the weight itself.",
        "filterCondition": "What a packet must match; empty: everything.",
        "action": "What becomes of a packet that matches.",
        "effectiveWeight": "Where it stands among the filters of its sublayer, as ndtui models it: the order counts.",
    },
    "RawContextFilter": {"rawContext": "The number that its callout is given."},
    "ProviderContextFilter": {"providerContextKey": "Key of the provider context that its callout is given."},
    "Provider": {
        "providerKey": "Key of the provider, a GUID derived from the design's id.",
        "flags": "Flags of the provider.",
    },
    "SubLayer": {
        "subLayerKey": "Key of the sublayer, a GUID derived from the design's id.",
        "flags": "Flags of the sublayer.",
        "weight": "Sublayers are asked from the highest weight to the lowest; the universal one has 32768.",
    },
    "ContextParts": {"flags": "Flags of the provider context."},
    "IkeMmContext": {"type": "The kind of provider context.", "ikeMmPolicy": "Main mode policy of IKE."},
    "IkeV2MmContext": {"type": "The kind of provider context.", "ikeV2MmPolicy": "Main mode policy of IKEv2."},
    "IkeV2QmTransportContext": {
        "type": "The kind of provider context.",
        "ikeV2QmTransportPolicy": "Quick mode policy of IKEv2.",
    },
    "AuthIpMmContext": {"type": "The kind of provider context.", "authIpMmPolicy": "Main mode policy of AuthIP."},
    "IkeQmTransportContext": {
        "type": "The kind of provider context.",
        "ikeQmTransportPolicy": "Quick mode policy of IKE, for transport mode.",
    },
    "AuthIpQmTransportContext": {
        "type": "The kind of provider context.",
        "authIpQmTransportPolicy": "Quick mode policy of AuthIP, for transport mode.",
    },
    "Finding": {
        "id": "What kind of finding it is; stable from version to version.",
        "severity": "How grave it is.",
        "where": "The element of the design that it is about.",
        "message": "What is so.",
        "why": "Why that matters.",
        "remedy": "What helps.",
        "source": "The page that says so.",
    },
    "PresharedKey": {
        "presharedKey": "Where the key is looked up when the policy is applied: env:NAME or keyring:NAME.",
        "flags": "Flags of the method; left out: none.",
    },
    "Certificates": {
        "inboundConfigType": "Which certificates are accepted of a peer.",
        "inboundRootArray": "Certification authorities that are accepted of a peer, with an explicit trust list.",
        "inboundRootCriteria": "In their place, certification authorities with more about their certificates.",
        "inboundEnterpriseStoreCriteria": "Which certificates of peers count, by the enterprise store.",
        "inboundTrustedRootStoreCriteria": "Which certificates of peers count, by the store of trusted roots.",
        "outboundConfigType": "Which certificate is presented to a peer.",
        "outboundRootArray": "Certification authorities of the certificate presented, with an explicit trust list.",
        "outboundRootCriteria": "In their place, certification authorities with more about their certificates.",
        "outboundEnterpriseStoreCriteria": "Which certificates of this machine count, by the enterprise store.",
        "outboundTrustedRootStoreCriteria": "Which certificates of this machine count, by the store of trusted roots.",
        "flags": "Flags of the method.",
        "localCertLocationUrl": "Where IKEv2 tells peers to fetch this machine's certificate.",
    },
    "CertificateName": {
        "nameType": "What the name is: a DNS name, a user principal name, a part of the subject.",
        "certName": "Name that the certificate has.",
    },
    "CertificateCriteria": {
        "certData": "The certification authority, by reference.",
        "certHash": "SHA-1 of the certificate itself.",
        "eku": "Extended key usages that the certificate has, as object identifiers.",
        "name": "Name that the certificate has.",
        "flags": "Flags of the certification authority.",
    },
    "Kerberos": {"flags": "Flags of the method.", "proxyServer": "Name of a Kerberos proxy."},
    "Ntlm": {"flags": "Flags of the method."},
    "Eap": {"flags": "Flags of the method."},
    "KerberosMethod": {"kerberosAuthentication": "More about the method; left out: nothing."},
    "NtlmMethod": {"ntlmV2Authentication": "More about the method; left out: nothing."},
    "EapMethod": {"eapAuthentication": "More about the method; left out: nothing."},
    "PresharedKeyMethod": {"presharedKeyAuthentication": "The key that both sides know, by reference."},
    "CertificateMethod": {"certificateAuthentication": "Which certificates are accepted and presented."},
    "SslMethod": {"sslAuthentication": "Which certificates are accepted and presented."},
    "MainModeCipher": {
        "keyLen": "Unused by Windows: always 0.",
        "rounds": "Unused by Windows: always 0.",
    },
    "MainModeProposal": {
        "cipherAlgorithm": "What encrypts the negotiation.",
        "integrityAlgorithm": "What keeps the negotiation from being changed on its way.",
        "maxLifetimeSeconds": "After so many seconds a new main mode is negotiated.",
        "dhGroup": "Diffie-Hellman group of the key exchange.",
        "quickModeLimit": "After so many quick modes a new main mode is negotiated; 0: no limit.",
    },
    "MainModePolicy": {
        "softExpirationTime": "Unused by Windows: always 0.",
        "initiatorImpersonationType": "Whose credentials are used; main mode has the machine's.",
        "ikeProposals": "What is offered to protect the negotiation, the preferred one first.",
        "flags": "Flags of the policy.",
        "maxDynamicFilters": "How many filters negotiation may add for a peer; 0: none.",
        "retransmitDurationSecs": "For so many seconds IKEv2 sends again; left out: as Windows does by itself.",
    },
    "AuthTransformId": {
        "authType": "The algorithm that authenticates.",
        "authConfig": "How the algorithm is used, with the length of what it adds.",
    },
    "AuthTransform": {"authTransformId": "What authenticates."},
    "CipherTransformId": {
        "cipherType": "The algorithm that encrypts.",
        "cipherConfig": "How the algorithm is used, with the length of its key.",
    },
    "CipherTransform": {"cipherTransformId": "What encrypts."},
    "AhTransform": {"ahTransform": "What authenticates a packet with its addresses."},
    "EspAuthTransform": {"espAuthTransform": "What authenticates a packet."},
    "EspCipherTransform": {"espCipherTransform": "What encrypts a packet."},
    "EspAuthAndCipherTransform": {"espAuthAndCipherTransform": "What authenticates and what encrypts a packet."},
    "QuickModeLifetime": {
        "lifetimeSeconds": "After so many seconds new keys are negotiated.",
        "lifetimeKilobytes": "After so many kilobytes new keys are negotiated.",
        "lifetimePackets": "After so many packets new keys are negotiated.",
    },
    "QuickModeProposal": {
        "lifetime": "How long keys are used.",
        "saTransforms": "What is done to each packet: one transform, or AH together with one of ESP.",
        "pfsGroup": "Diffie-Hellman group of the keys of their own that each quick mode gets.",
    },
    "IdleTimeout": {
        "idleTimeoutSeconds": "Seconds without traffic.",
        "idleTimeoutSecondsFailOver": "Seconds without traffic, for connections on which fail-over is expected.",
    },
    "QuickModePolicy": {
        "ipsecProposals": "What is offered to protect the traffic, the preferred one first.",
        "flags": "Flags of the policy.",
        "ndAllowClearTimeoutSeconds": "For so many seconds a new security association still accepts clear packets.",
    },
    "ExtendedMode": {"initiatorImpersonationType": "Whose credentials are used: the user's, or the machine's."},
    "ExtendedQuickModePolicy": {"emPolicy": "AuthIP's second authentication, of the user."},
}


def descriptions(lineage: Iterable[str], members: Iterable[str]) -> dict[str, str]:
    """Return the description of each member of a part; ``lineage`` are its name and those it is made from.

    Raises:
        KeyError: a member has none.
    """
    known = [_PARTS[name] for name in lineage if name in _PARTS]
    return {name: next((part[name] for part in known if name in part), None) or _EVERYWHERE[name] for name in members}
