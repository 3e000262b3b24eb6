"""Documents that findings cite beside the pages of WFP itself: of Microsoft, of RFCs, and the program's own.

What each finding takes from its source stands in the tests, with the words of the page that carry it.
"""

_LEARN = "https://learn.microsoft.com/"
_SPECIFICATIONS = _LEARN + "openspecs/windows_protocols/"
_POWERSHELL = _LEARN + "powershell/module/netsecurity/"
_RFC = "https://www.rfc-editor.org/rfc/"
_OWN = "https://github.com/ndtui/ndtui/blob/main/docs/"

#: [MS-AIPS], the Authenticated Internet Protocol: findings name the section, and 1.7 has a page of its own here.
AIPS = _SPECIFICATIONS + "ms-aips/eee3de64-3847-4451-978e-9513ff187d30"
AIPS_METHODS = _SPECIFICATIONS + "ms-aips/0742d437-e030-4a85-adbb-8777870d8423"
#: [MS-IKEE] 3.7.4.1, what negotiation discovery does with an outbound packet.
IKEE_OUTBOUND = _SPECIFICATIONS + "ms-ikee/bf8312b5-bcbd-45a0-a422-c19a7191f5fb"

WHATS_NEW_2025 = _LEARN + "windows-server/get-started/whats-new-windows-server-2025"
FIREWALL_METHODS = (
    _LEARN + "windows/security/operating-system-security/network-security/windows-firewall/"
    "configure-authentication-methods"
)
CALLOUT_DRIVERS = _LEARN + "windows-hardware/drivers/network/developing-ipsec-compatible-callout-drivers"
ACCESS_LISTS = _LEARN + "windows/win32/secauthz/dacls-and-aces"
IPV6 = _LEARN + "troubleshoot/windows-server/networking/configure-ipv6-in-windows"
DOMAIN_PORTS = _LEARN + "troubleshoot/windows-server/active-directory/config-firewall-for-ad-domains-and-trusts"
FIREWALL_SETTING = _POWERSHELL + "set-netfirewallsetting"
CRYPTO_SET = _POWERSHELL + "new-netipsecquickmodecryptoset"
FIREWALL_RULE = _POWERSHELL + "new-netfirewallrule"
FIREWALL_PROFILE = _POWERSHELL + "set-netfirewallprofile"
IPSEC_RULE = _POWERSHELL + "new-netipsecrule"
AUTH_PROPOSAL = _POWERSHELL + "new-netipsecauthproposal"
#: [MS-FASP], the firewall's policy: the defaults that Windows begins with stand in its appendix.
FASP_DEFAULTS = _SPECIFICATIONS + "ms-fasp/1da2ee70-a6ae-4f76-b08f-fdc25c77d8a0"
NETSH = _LEARN + "windows-server/administration/windows-commands/netsh-advfirewall"

AZURE_PLATFORM = _LEARN + "azure/virtual-network/what-is-ip-address-168-63-129-16"
AZURE_METADATA = _LEARN + "azure/virtual-machines/instance-metadata-service"

ESP_ALGORITHMS = _RFC + "rfc8221"
#: Mobility (MOBIKE) and message fragmentation, both of IKEv2: Microsoft's flags for them have no page.
IKEV2_MOBILITY = _RFC + "rfc4555"
IKEV2_FRAGMENTATION = _RFC + "rfc7383"
ICMP = _RFC + "rfc792"

OWN_FINDINGS = _OWN + "findings.md"
OWN_DESIGNS = _OWN + "design-format.md"
OWN_PEERS = _OWN + "linux-peers.md"
