"""Microsoft's documentation pages that the program refers to, by topic."""

from collections.abc import Mapping

_FWP = "https://learn.microsoft.com/windows/win32/fwp/"
_API = "https://learn.microsoft.com/windows/win32/api/"
_SPECS = "https://learn.microsoft.com/openspecs/windows_protocols/"

PAGES: Mapping[str, str] = {
    "ipsec-configuration": _FWP + "ipsec-configuration",
    "negotiation-discovery": _FWP + "negotiation-discovery-transport-mode",
    "boundary": _FWP + "negotiation-discovery-transport-mode-in-boundary-mode",
    "require": _FWP + "regular-transport-mode",
    "encryption": _FWP + "guaranteed-encryption",
    "remote-identity": _FWP + "remote-identity-authorization",
    "sample": _FWP + "using-transport-mode",
    "filter-weight": _FWP + "filter-weight-assignment",
    "filter-arbitration": _FWP + "filter-arbitration",
    "ike-exemptions": _FWP + "ike-exemptions",
    "object-management": _FWP + "object-management",
    "best-practices": _FWP + "best-practices",
    "error-codes": _FWP + "wfp-error-codes",
    "conditions": _FWP + "filtering-conditions-available-at-each-filtering-layer",
    "condition-identifiers": _FWP + "filtering-condition-identifiers-",
    "layer-identifiers": _FWP + "management-filtering-layer-identifiers-",
    "callout-identifiers": _FWP + "built-in-callout-identifiers",
    "ale-stateful-filtering": _FWP + "ale-stateful-filtering",
    "ale-multicast": _FWP + "ale-multicast-broadcast-traffic",
    "provider": _API + "fwpmtypes/ns-fwpmtypes-fwpm_provider0",
    "filter": _API + "fwpmtypes/ns-fwpmtypes-fwpm_filter0",
    "filter-condition": _API + "fwpmtypes/ns-fwpmtypes-fwpm_filter_condition0",
    "provider-context": _API + "fwpmtypes/ns-fwpmtypes-fwpm_provider_context0",
    "context-type": _API + "fwpmtypes/ne-fwpmtypes-fwpm_provider_context_type",
    "authentication-method": _API + "iketypes/ne-iketypes-ikeext_authentication_method_type",
    "certificate-authentication": _API + "iketypes/ns-iketypes-ikeext_certificate_authentication2",
    "certificate-authentication1": _API + "iketypes/ns-iketypes-ikeext_certificate_authentication1",
    "certificate-config": _API + "iketypes/ne-iketypes-ikeext_cert_config_type",
    "certificate-criteria": _API + "iketypes/ns-iketypes-ikeext_certificate_criteria0",
    "kerberos-authentication1": _API + "iketypes/ns-iketypes-ikeext_kerberos_authentication1",
    "preshared-key-authentication1": _API + "iketypes/ns-iketypes-ikeext_preshared_key_authentication1",
    "dh-group": _API + "iketypes/ne-iketypes-ikeext_dh_group",
    "ikeext-policy": _API + "iketypes/ns-iketypes-ikeext_policy0",
    "ikeext-policy1": _API + "iketypes/ns-iketypes-ikeext_policy1",
    "ikeext-policy2": _API + "iketypes/ns-iketypes-ikeext_policy2",
    "em-policy": _API + "iketypes/ns-iketypes-ikeext_em_policy0",
    "proposal": _API + "ipsectypes/ns-ipsectypes-ipsec_proposal0",
    "pfs-group": _API + "ipsectypes/ne-ipsectypes-ipsec_pfs_group",
    "transform-type": _API + "ipsectypes/ne-ipsectypes-ipsec_transform_type",
    "sa-transform": _API + "ipsectypes/ns-ipsectypes-ipsec_sa_transform0",
    "initial-rto": _API + "mstcpip/ns-mstcpip-tcp_initial_rto_parameters",
    "discovery-examples": _SPECS + "ms-ikee/d32ab5ac-b666-44fb-9e0e-5471d8d8baef",
    "transport-policy": _API + "ipsectypes/ns-ipsectypes-ipsec_transport_policy0",
    "transport-policy2": _API + "ipsectypes/ns-ipsectypes-ipsec_transport_policy2",
}
