/*
 * Prints objects of the Windows Filtering Platform as JSON, a line for each, as a Windows program sees them. The
 * structures are those of mingw-w64's own headers; names of constants are left as numbers.
 *
 * mingw-w64 has everything of version 2 but FWPM_PROVIDER_CONTEXT2 and IPSEC_TRANSPORT_POLICY2: those are laid out as
 * their older versions, and only what they point to is of version 2.
 */

#define __USE_MINGW_ANSI_STDIO 1
#include <winsock2.h>
#include <windows.h>
#include <fwpmu.h>
#include <sddl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* FWPM_IPSEC_IKEV2_QM_TRANSPORT_CONTEXT, which mingw-w64 lacks. */
#define IKEV2_QM_TRANSPORT_CONTEXT 12

#ifndef FWPM_FILTER_FLAG_HAS_PROVIDER_CONTEXT
#define FWPM_FILTER_FLAG_HAS_PROVIDER_CONTEXT 0x00000004
#endif

/* Where the JSON goes; whoever includes this says so first. */
static FILE *json_output;

/* JSON, member by member. */

static int comma;

static void label(const char *name)
{
    if (comma)
        fputc(',', json_output);
    if (name != NULL)
        fprintf(json_output, "\"%s\":", name);
    comma = 1;
}

static void begin(const char *name, char bracket)
{
    label(name);
    fputc(bracket, json_output);
    comma = 0;
}

static void end(char bracket)
{
    fputc(bracket, json_output);
    comma = 1;
}

static void number(const char *name, UINT64 value)
{
    label(name);
    fprintf(json_output, "%llu", (unsigned long long)value);
}

static void text(const char *name, const wchar_t *value)
{
    label(name);
    if (value == NULL) {
        fprintf(json_output, "null");
        return;
    }
    fputc('"', json_output);
    for (; *value != 0; value++)
        fprintf(json_output, "\\u%04x", (unsigned)*value);
    fputc('"', json_output);
}

static void bytes(const char *name, const UINT8 *data, UINT32 size)
{
    label(name);
    fputc('"', json_output);
    for (UINT32 at = 0; at < size; at++)
        fprintf(json_output, "%02x", data[at]);
    fputc('"', json_output);
}

static void guid(const char *name, const GUID *value)
{
    label(name);
    if (value == NULL) {
        fprintf(json_output, "null");
        return;
    }
    fprintf(json_output, "\"{%08lx-%04x-%04x-%02x%02x-", value->Data1, value->Data2, value->Data3, value->Data4[0], value->Data4[1]);
    for (int at = 2; at < 8; at++)
        fprintf(json_output, "%02x", value->Data4[at]);
    fprintf(json_output, "}\"");
}

/* Members that several structures have. */

static void display(const FWPM_DISPLAY_DATA0 *data)
{
    begin("displayData", '{');
    text("name", data->name);
    text("description", data->description);
    end('}');
}

static void blob(const char *name, const FWP_BYTE_BLOB *value)
{
    bytes(name, value->data, value->size);
}

/* Conditions. */

static void descriptor(const char *name, const FWP_BYTE_BLOB *value)
{
    LPWSTR sddl = NULL;
    SECURITY_INFORMATION all = OWNER_SECURITY_INFORMATION | GROUP_SECURITY_INFORMATION | DACL_SECURITY_INFORMATION;

    if (GetSecurityDescriptorLength(value->data) != value->size ||
        !ConvertSecurityDescriptorToStringSecurityDescriptorW(value->data, SDDL_REVISION_1, all, &sddl, NULL))
        sddl = NULL;
    text(name, sddl);
    LocalFree(sddl);
}

static void sid(const char *name, SID *value)
{
    LPWSTR string = NULL;

    if (!IsValidSid(value) || !ConvertSidToStringSidW(value, &string))
        string = NULL;
    text(name, string);
    LocalFree(string);
}

/* The types that FWP_VALUE0 and FWP_CONDITION_VALUE0 have in common; the latter has three more. */
static int plain_value(const FWP_VALUE0 *value)
{
    number("type", value->type);
    switch (value->type) {
    case FWP_EMPTY:
        return 1;
    case FWP_UINT8:
        number("uint8", value->uint8);
        return 1;
    case FWP_UINT16:
        number("uint16", value->uint16);
        return 1;
    case FWP_UINT32:
        number("uint32", value->uint32);
        return 1;
    case FWP_UINT64:
        number("uint64", *value->uint64);
        return 1;
    case FWP_BYTE_ARRAY16_TYPE:
        bytes("byteArray16", value->byteArray16->byteArray16, 16);
        return 1;
    case FWP_BYTE_ARRAY6_TYPE:
        bytes("byteArray6", value->byteArray6->byteArray6, 6);
        return 1;
    case FWP_BYTE_BLOB_TYPE:
        begin("byteBlob", '{');
        blob("data", value->byteBlob);
        end('}');
        return 1;
    case FWP_SID:
        sid("sid", value->sid);
        return 1;
    case FWP_SECURITY_DESCRIPTOR_TYPE:
        descriptor("sd", value->sd);
        return 1;
    case FWP_UNICODE_STRING_TYPE:
        text("unicodeString", value->unicodeString);
        return 1;
    default:
        return 0;
    }
}

static void value0(const char *name, const FWP_VALUE0 *value)
{
    begin(name, '{');
    plain_value(value);
    end('}');
}

static void condition_value(const char *name, const FWP_CONDITION_VALUE0 *value)
{
    begin(name, '{');
    /* The first members of the two structures are the same, by their declarations in fwptypes.h. */
    if (!plain_value((const FWP_VALUE0 *)value)) {
        switch (value->type) {
        case FWP_V4_ADDR_MASK:
            begin("v4AddrMask", '{');
            number("addr", value->v4AddrMask->addr);
            number("mask", value->v4AddrMask->mask);
            end('}');
            break;
        case FWP_V6_ADDR_MASK:
            begin("v6AddrMask", '{');
            bytes("addr", value->v6AddrMask->addr, sizeof(value->v6AddrMask->addr));
            number("prefixLength", value->v6AddrMask->prefixLength);
            end('}');
            break;
        case FWP_RANGE_TYPE:
            begin("rangeValue", '{');
            value0("valueLow", &value->rangeValue->valueLow);
            value0("valueHigh", &value->rangeValue->valueHigh);
            end('}');
            break;
        default:
            text("unexpected", L"");
        }
    }
    end('}');
}

/* Policies. */

static void roots(const char *side, IKEEXT_CERT_CONFIG_TYPE type, const IKEEXT_CERT_ROOT_CONFIG0 *config, UINT32 count)
{
    char name[64];

    snprintf(name, sizeof(name), "%sConfigType", side);
    number(name, type);
    if (type == IKEEXT_CERT_CONFIG_EXPLICIT_TRUST_LIST) {
        snprintf(name, sizeof(name), "%sRootArray", side);
        begin(name, '[');
        for (UINT32 at = 0; at < count; at++) {
            begin(NULL, '{');
            blob("certData", &config[at].certData);
            number("flags", config[at].flags);
            end('}');
        }
        end(']');
    } else if (type != IKEEXT_CERT_CONFIG_UNSPECIFIED) {
        snprintf(name, sizeof(name), "%sStoreConfig", side);
        begin(name, '{');
        blob("certData", &config->certData);
        number("flags", config->flags);
        end('}');
    }
}

static void certificate(const char *name, const IKEEXT_CERTIFICATE_AUTHENTICATION0 *value)
{
    const IKEEXT_CERT_ROOT_CONFIG0 *in = value->inboundRootArray, *out = value->outboundRootArray;

    if (value->inboundConfigType == IKEEXT_CERT_CONFIG_ENTERPRISE_STORE)
        in = value->inboundEnterpriseStoreConfig;
    if (value->inboundConfigType == IKEEXT_CERT_CONFIG_TRUSTED_ROOT_STORE)
        in = value->inboundTrustedRootStoreConfig;
    if (value->outboundConfigType == IKEEXT_CERT_CONFIG_ENTERPRISE_STORE)
        out = value->outboundEnterpriseStoreConfig;
    if (value->outboundConfigType == IKEEXT_CERT_CONFIG_TRUSTED_ROOT_STORE)
        out = value->outboundTrustedRootStoreConfig;
    begin(name, '{');
    roots("inbound", value->inboundConfigType, in, value->inboundRootArraySize);
    roots("outbound", value->outboundConfigType, out, value->outboundRootArraySize);
    number("flags", value->flags);
    end('}');
}

static void flagged(const char *name, UINT32 flags)
{
    begin(name, '{');
    number("flags", flags);
    end('}');
}

static void methods(const IKEEXT_AUTHENTICATION_METHOD0 *method, UINT32 count)
{
    begin("authenticationMethods", '[');
    for (; count > 0; count--, method++) {
        begin(NULL, '{');
        number("authenticationMethodType", method->authenticationMethodType);
        switch (method->authenticationMethodType) {
        case IKEEXT_PRESHARED_KEY:
            begin("presharedKeyAuthentication", '{');
            blob("presharedKey", &method->presharedKeyAuthentication.presharedKey);
            end('}');
            break;
        case IKEEXT_CERTIFICATE:
        case IKEEXT_CERTIFICATE_ECDSA_P256:
        case IKEEXT_CERTIFICATE_ECDSA_P384:
            certificate("certificateAuthentication", &method->certificateAuthentication);
            break;
        case IKEEXT_SSL:
        case IKEEXT_SSL_ECDSA_P256:
        case IKEEXT_SSL_ECDSA_P384:
            certificate("sslAuthentication", &method->sslAuthentication);
            break;
        case IKEEXT_KERBEROS:
            flagged("kerberosAuthentication", method->kerberosAuthentication.flags);
            break;
        case IKEEXT_NTLM_V2:
            flagged("ntlmV2Authentication", method->ntlmV2Authentication.flags);
            break;
        default:
            break;
        }
        end('}');
    }
    end(']');
}

static void criteria(const char *side, const char *member, const IKEEXT_CERTIFICATE_CRITERIA0 *each, UINT32 count)
{
    char name[64];

    snprintf(name, sizeof(name), "%s%s", side, member);
    begin(name, '[');
    for (; count > 0; count--, each++) {
        begin(NULL, '{');
        blob("certData", &each->certData);
        blob("certHash", &each->certHash);
        begin("eku", '[');
        for (ULONG at = 0; each->eku != NULL && at < each->eku->numEku; at++)
            bytes(NULL, (const UINT8 *)each->eku->eku[at], (UINT32)strlen(each->eku->eku[at]));
        end(']');
        if (each->name != NULL) {
            begin("name", '{');
            number("nameType", each->name->nameType);
            text("certName", each->name->certName);
            end('}');
        }
        number("flags", each->flags);
        end('}');
    }
    end(']');
}

static void certificate2(const char *name, const IKEEXT_CERTIFICATE_AUTHENTICATION2 *value)
{
    begin(name, '{');
    number("inboundConfigType", value->inboundConfigType);
    if (value->inboundConfigType == IKEEXT_CERT_CONFIG_EXPLICIT_TRUST_LIST)
        criteria("inbound", "RootCriteria", value->inboundRootCriteria, value->inboundRootArraySize);
    if (value->inboundConfigType == IKEEXT_CERT_CONFIG_ENTERPRISE_STORE)
        criteria("inbound", "EnterpriseStoreCriteria", value->inboundEnterpriseStoreCriteria,
                 value->inboundEnterpriseStoreArraySize);
    if (value->inboundConfigType == IKEEXT_CERT_CONFIG_TRUSTED_ROOT_STORE)
        criteria("inbound", "TrustedRootStoreCriteria", value->inboundTrustedRootStoreCriteria,
                 value->inboundRootStoreArraySize);
    number("outboundConfigType", value->outboundConfigType);
    if (value->outboundConfigType == IKEEXT_CERT_CONFIG_EXPLICIT_TRUST_LIST)
        criteria("outbound", "RootCriteria", value->outboundRootCriteria, value->outboundRootArraySize);
    if (value->outboundConfigType == IKEEXT_CERT_CONFIG_ENTERPRISE_STORE)
        criteria("outbound", "EnterpriseStoreCriteria", value->outboundEnterpriseStoreCriteria,
                 value->outboundEnterpriseStoreArraySize);
    if (value->outboundConfigType == IKEEXT_CERT_CONFIG_TRUSTED_ROOT_STORE)
        criteria("outbound", "TrustedRootStoreCriteria", value->outboundTrustedRootStoreCriteria,
                 value->outboundRootStoreArraySize);
    number("flags", value->flags);
    blob("localCertLocationUrl", &value->localCertLocationUrl);
    end('}');
}

static void methods2(const IKEEXT_AUTHENTICATION_METHOD2 *method, UINT32 count)
{
    begin("authenticationMethods", '[');
    for (; count > 0; count--, method++) {
        begin(NULL, '{');
        number("authenticationMethodType", method->authenticationMethodType);
        switch (method->authenticationMethodType) {
        case IKEEXT_PRESHARED_KEY:
            begin("presharedKeyAuthentication", '{');
            blob("presharedKey", &method->presharedKeyAuthentication.presharedKey);
            number("flags", method->presharedKeyAuthentication.flags);
            end('}');
            break;
        case IKEEXT_CERTIFICATE:
        case IKEEXT_CERTIFICATE_ECDSA_P256:
        case IKEEXT_CERTIFICATE_ECDSA_P384:
            certificate2("certificateAuthentication", &method->certificateAuthentication);
            break;
        case IKEEXT_SSL:
        case IKEEXT_SSL_ECDSA_P256:
        case IKEEXT_SSL_ECDSA_P384:
            certificate2("sslAuthentication", &method->sslAuthentication);
            break;
        case IKEEXT_KERBEROS:
            begin("kerberosAuthentication", '{');
            number("flags", method->kerberosAuthentication.flags);
            text("proxyServer", method->kerberosAuthentication.proxyServer);
            end('}');
            break;
        case IKEEXT_NTLM_V2:
            flagged("ntlmV2Authentication", method->ntlmV2Authentication.flags);
            break;
        case IKEEXT_EAP:
            flagged("eapAuthentication", method->eapAuthentication.flags);
            break;
        default:
            break;
        }
        end('}');
    }
    end(']');
}

/* The version of the structures of the object that is read. */
static UINT32 version;

static void methods_of(const void *method, UINT32 count)
{
    if (version == 2)
        methods2(method, count);
    else
        methods(method, count);
}

/* IKEEXT_POLICY2 begins as IKEEXT_POLICY0 does. */
static void main_mode(const char *name, const void *address)
{
    const IKEEXT_POLICY0 *policy = address;

    begin(name, '{');
    number("softExpirationTime", policy->softExpirationTime);
    methods_of(policy->authenticationMethods, policy->numAuthenticationMethods);
    number("initiatorImpersonationType", policy->initiatorImpersonationType);
    begin("ikeProposals", '[');
    for (UINT32 at = 0; at < policy->numIkeProposals; at++) {
        const IKEEXT_PROPOSAL0 *proposal = &policy->ikeProposals[at];

        begin(NULL, '{');
        begin("cipherAlgorithm", '{');
        number("algoIdentifier", proposal->cipherAlgorithm.algoIdentifier);
        number("keyLen", proposal->cipherAlgorithm.keyLen);
        number("rounds", proposal->cipherAlgorithm.rounds);
        end('}');
        begin("integrityAlgorithm", '{');
        number("algoIdentifier", proposal->integrityAlgorithm.algoIdentifier);
        end('}');
        number("maxLifetimeSeconds", proposal->maxLifetimeSeconds);
        number("dhGroup", proposal->dhGroup);
        number("quickModeLimit", proposal->quickModeLimit);
        end('}');
    }
    end(']');
    number("flags", policy->flags);
    number("maxDynamicFilters", policy->maxDynamicFilters);
    if (version == 2)
        number("retransmitDurationSecs", ((const IKEEXT_POLICY2 *)address)->retransmitDurationSecs);
    end('}');
}

static void auth(const char *name, const IPSEC_AUTH_TRANSFORM0 *transform)
{
    begin(name, '{');
    begin("authTransformId", '{');
    number("authType", transform->authTransformId.authType);
    number("authConfig", transform->authTransformId.authConfig);
    end('}');
    guid("cryptoModuleId", transform->cryptoModuleId);
    end('}');
}

static void cipher(const char *name, const IPSEC_CIPHER_TRANSFORM0 *transform)
{
    begin(name, '{');
    begin("cipherTransformId", '{');
    number("cipherType", transform->cipherTransformId.cipherType);
    number("cipherConfig", transform->cipherTransformId.cipherConfig);
    end('}');
    guid("cryptoModuleId", transform->cryptoModuleId);
    end('}');
}

static void transform(const IPSEC_SA_TRANSFORM0 *value)
{
    begin(NULL, '{');
    number("ipsecTransformType", value->ipsecTransformType);
    switch (value->ipsecTransformType) {
    case IPSEC_TRANSFORM_AH:
        auth("ahTransform", value->ahTransform);
        break;
    case IPSEC_TRANSFORM_ESP_AUTH:
        auth("espAuthTransform", value->espAuthTransform);
        break;
    case IPSEC_TRANSFORM_ESP_CIPHER:
        cipher("espCipherTransform", value->espCipherTransform);
        break;
    case IPSEC_TRANSFORM_ESP_AUTH_AND_CIPHER:
        begin("espAuthAndCipherTransform", '{');
        auth("authTransform", &value->espAuthAndCipherTransform->authTransform);
        cipher("cipherTransform", &value->espAuthAndCipherTransform->cipherTransform);
        end('}');
        break;
    default:
        break;
    }
    end('}');
}

static void quick_mode(const char *name, const IPSEC_TRANSPORT_POLICY0 *policy)
{
    begin(name, '{');
    begin("ipsecProposals", '[');
    for (UINT32 at = 0; at < policy->numIpsecProposals; at++) {
        const IPSEC_PROPOSAL0 *proposal = &policy->ipsecProposals[at];

        begin(NULL, '{');
        begin("lifetime", '{');
        number("lifetimeSeconds", proposal->lifetime.lifetimeSeconds);
        number("lifetimeKilobytes", proposal->lifetime.lifetimeKilobytes);
        number("lifetimePackets", proposal->lifetime.lifetimePackets);
        end('}');
        begin("saTransforms", '[');
        for (UINT32 each = 0; each < proposal->numSaTransforms; each++)
            transform(&proposal->saTransforms[each]);
        end(']');
        number("pfsGroup", proposal->pfsGroup);
        end('}');
    }
    end(']');
    number("flags", policy->flags);
    number("ndAllowClearTimeoutSeconds", policy->ndAllowClearTimeoutSeconds);
    begin("saIdleTimeout", '{');
    number("idleTimeoutSeconds", policy->saIdleTimeout.idleTimeoutSeconds);
    number("idleTimeoutSecondsFailOver", policy->saIdleTimeout.idleTimeoutSecondsFailOver);
    end('}');
    if (policy->emPolicy != NULL) {
        begin("emPolicy", '{');
        methods_of(policy->emPolicy->authenticationMethods, policy->emPolicy->numAuthenticationMethods);
        number("initiatorImpersonationType", policy->emPolicy->initiatorImpersonationType);
        end('}');
    }
    end('}');
}

/* Objects. */

static void provider(const FWPM_PROVIDER0 *object)
{
    guid("providerKey", &object->providerKey);
    display(&object->displayData);
    number("flags", object->flags);
    blob("providerData", &object->providerData);
    text("serviceName", object->serviceName);
}

static void sublayer(const FWPM_SUBLAYER0 *object)
{
    guid("subLayerKey", &object->subLayerKey);
    display(&object->displayData);
    number("flags", object->flags);
    guid("providerKey", object->providerKey);
    blob("providerData", &object->providerData);
    number("weight", object->weight);
}

static void context(const FWPM_PROVIDER_CONTEXT0 *object)
{
    guid("providerContextKey", &object->providerContextKey);
    display(&object->displayData);
    number("flags", object->flags);
    guid("providerKey", object->providerKey);
    blob("providerData", &object->providerData);
    number("type", object->type);
    switch (object->type) {
    case FWPM_IPSEC_IKE_MM_CONTEXT:
        main_mode("ikeMmPolicy", object->ikeMmPolicy);
        break;
    case FWPM_IPSEC_AUTHIP_MM_CONTEXT:
        main_mode("authIpMmPolicy", object->authIpMmPolicy);
        break;
    case FWPM_IPSEC_IKE_QM_TRANSPORT_CONTEXT:
        quick_mode("ikeQmTransportPolicy", object->ikeQmTransportPolicy);
        break;
    case FWPM_IPSEC_AUTHIP_QM_TRANSPORT_CONTEXT:
        quick_mode("authIpQmTransportPolicy", object->authipQmTransportPolicy);
        break;
    case FWPM_IPSEC_IKEV2_MM_CONTEXT:
        main_mode("ikeV2MmPolicy", object->ikeMmPolicy);
        break;
    case IKEV2_QM_TRANSPORT_CONTEXT:
        quick_mode("ikeV2QmTransportPolicy", object->ikeQmTransportPolicy);
        break;
    default:
        break;
    }
    number("providerContextId", object->providerContextId);
}

static void filter(const FWPM_FILTER0 *object)
{
    guid("filterKey", &object->filterKey);
    display(&object->displayData);
    number("flags", object->flags);
    guid("providerKey", object->providerKey);
    blob("providerData", &object->providerData);
    guid("layerKey", &object->layerKey);
    guid("subLayerKey", &object->subLayerKey);
    value0("weight", &object->weight);
    begin("filterCondition", '[');
    for (UINT32 at = 0; at < object->numFilterConditions; at++) {
        const FWPM_FILTER_CONDITION0 *condition = &object->filterCondition[at];

        begin(NULL, '{');
        guid("fieldKey", &condition->fieldKey);
        number("matchType", condition->matchType);
        condition_value("conditionValue", &condition->conditionValue);
        end('}');
    }
    end(']');
    begin("action", '{');
    number("type", object->action.type);
    guid("filterType", &object->action.filterType);
    end('}');
    if (object->flags & FWPM_FILTER_FLAG_HAS_PROVIDER_CONTEXT)
        guid("providerContextKey", &object->providerContextKey);
    else
        number("rawContext", object->rawContext);
    number("filterId", object->filterId);
    value0("effectiveWeight", &object->effectiveWeight);
}

static void print(UINT32 kind, const void *object)
{
    comma = 0;
    begin(NULL, '{');
    switch (kind) {
    case 0:
        provider(object);
        break;
    case 1:
        sublayer(object);
        break;
    case 2:
        context(object);
        break;
    case 3:
        filter(object);
        break;
    default:
        exit(3);
    }
    end('}');
    fputc('\n', json_output);
}
