"""What each decision means, in words: the explanation of its row, and the help of its form."""

from ndtui.model.vocabulary.layers import FAMILIES

MODULE_WORDS = {
    "IKE": "Negotiate with IKE (version 1), which other systems speak too. With both, AuthIP is preferred.",
    "IKEv2": "Negotiate with IKE version 2, which other systems speak too; Microsoft recommends it wherever possible. "
    "Peers authenticate with certificates or a pre-shared key, not with Kerberos. Windows 8, Server 2012 and newer.",
    "AuthIP": "Negotiate with AuthIP, which only Windows speaks; it can authenticate the user too (extended mode).",
}
TARGET_WORDS = (
    "For which Windows the policy is meant, and what its peers have: findings say what that Windows does not have, and "
    "with which peers nothing can be negotiated."
)
FAMILY_WORDS = {
    family: f"Cover IP{family.lower()}: every filter exists once per address family. What is not covered is left "
    "alone, neither protected nor blocked."
    for family in FAMILIES
}
FLAG_WORDS = {
    "nd_secure": "IPSEC_POLICY_FLAG_ND_SECURE on the quick mode policies. It keeps IPsec working across NAT; it does "
    "not enforce anything: the filter at ALE_AUTH_RECV_ACCEPT does.",
    "ale_persist_context": "Microsoft's sample sets FWPM_CONTEXT_IPSEC_INBOUND_PERSIST_CONNECTION_SECURITY (2) on the "
    "filters at ALE_AUTH_RECV_ACCEPT; the scenario page sets none. The page is followed unless this is on.",
}
EXTENDED_MODE_WORDS = "AuthIP's second authentication, of the user: by Kerberos, then NTLMv2, until you say else."
ALGORITHMS_WORDS = "A set of proposals for main mode and quick mode, taken over with one choice."
MAIN_MODE_WORDS = "How peers prove who they are, and what protects their negotiation."
QUICK_MODE_WORDS = "What protects the traffic itself: algorithms, forward secrecy, address translation, times."
LIFETIME_WORDS = {
    "dynamic": "Until the program that applied it ends.",
    "static": "Until Windows restarts.",
    "persistent": "Until it is removed; it is there before anybody logs on.",
}
BEFORE_BFE_WORDS = (
    "Persistent filters are added when BFE starts. Boot-time filters block all unicast traffic of these directions "
    "from the start of TCP/IP until then; exemptions may say that they hold then too. None: everything passes in clear."
)
DIRECTION_WORDS = {
    "inbound": "Block connections that come in, at ALE_AUTH_RECV_ACCEPT.",
    "outbound": "Block connections that go out, at ALE_AUTH_CONNECT.",
}
SUBLAYER_WORDS = (
    "The documents put IPsec filters into FWPM_SUBLAYER_UNIVERSAL (weight 32768). In a sublayer of its own the policy "
    "is probably not covered by the exemptions for IKE that Windows adds by itself."
)
