"""The parts of a program that look up what only the machine knows, each there where something of it is needed."""

#: Needed for everything that is looked up: a copy of bytes as a blob.
KEEP = r"""
/* Makes a blob of a copy of some bytes. */
static BOOL keep(FWP_BYTE_BLOB *blob, const void *content, size_t size)
{
    blob->data = malloc(size > 0 ? size : 1);
    if (blob->data == NULL) {
        say(STD_ERROR_HANDLE, L"error: there is not enough memory");
        return FALSE;
    }
    memcpy(blob->data, content, size);
    blob->size = (UINT32)size;
    return TRUE;
}
"""

SECRETS = r"""
/* Reads the pre-shared keys from the environment: none stands in this program. Windows takes them as UTF-8. */
static BOOL read_secret(const WCHAR *variable, FWP_BYTE_BLOB *key, const WCHAR *context)
{
    WCHAR text[32768];
    DWORD length = GetEnvironmentVariableW(variable, text, ARRAYSIZE(text));
    int size = 0;
    BOOL kept = FALSE;

    if (length > 0 && length < ARRAYSIZE(text))
        size = WideCharToMultiByte(CP_UTF8, WC_ERR_INVALID_CHARS, text, (int)length, NULL, 0, NULL, NULL);
    if (size > 0) {
        key->data = malloc((size_t)size);
        kept = key->data != NULL && WideCharToMultiByte(CP_UTF8, WC_ERR_INVALID_CHARS, text, (int)length,
                                                        (char *)key->data, size, NULL, NULL) == size;
    }
    if (kept)
        key->size = (UINT32)size;
    else
        say(STD_ERROR_HANDLE, L"error: the provider context \"%ls\" needs the pre-shared key in the environment "
            L"variable %ls, which is missing, empty or no text", context, variable);
    SecureZeroMemory(text, sizeof(text));
    return kept;
}

static BOOL read_secrets(void)
{
    size_t at;

    for (at = 0; at < ARRAYSIZE(secrets); at++)
        if (!read_secret(secrets[at].variable, secrets[at].key, secrets[at].context))
            return FALSE;
    return TRUE;
}

static void wipe_secrets(void)
{
    size_t at;

    for (at = 0; at < ARRAYSIZE(secrets); at++) {
        FWP_BYTE_BLOB *key = secrets[at].key;

        if (key->data != NULL)
            SecureZeroMemory(key->data, key->size);
        free(key->data);
        key->data = NULL;
        key->size = 0;
    }
}
"""

ROOT_TYPES = r"""
/* A part of a certificate's subject: the object identifier of its type, and its value. */
struct subject_part {
    const char *type;
    const WCHAR *value;
};
"""

ROOTS = r"""
/* Compares a value of a certificate with what is wanted: neither case nor the amount of space counts (RFC 5280). */
static BOOL same_value(const WCHAR *found, const WCHAR *wanted)
{
    while (*found == L' ')
        found++;
    while (*found != 0) {
        const WCHAR *next = found + 1;

        if (*found == L' ') {
            while (*next == L' ')
                next++;
            if (*next == 0)
                break;
        }
        if (*wanted == 0 || CompareStringOrdinal(found, 1, wanted, 1, TRUE) != CSTR_EQUAL)
            return FALSE;
        wanted++;
        found = next;
    }
    return *wanted == 0;
}

static BOOL has_part(const CERT_NAME_INFO *name, const struct subject_part *part)
{
    DWORD set, at;

    for (set = 0; set < name->cRDN; set++)
        for (at = 0; at < name->rgRDN[set].cRDNAttr; at++) {
            const CERT_RDN_ATTR *attribute = &name->rgRDN[set].rgRDNAttr[at];

            if (strcmp(attribute->pszObjId, part->type) == 0 && attribute->dwValueType >= CERT_RDN_NUMERIC_STRING &&
                same_value((const WCHAR *)attribute->Value.pbData, part->value))
                return TRUE;
        }
    return FALSE;
}

static BOOL is_meant(const struct root *root, const CERT_CONTEXT *certificate)
{
    BYTE thumbprint[20];
    DWORD size = sizeof(thumbprint), part;
    CERT_NAME_INFO *name = NULL;
    const CERT_NAME_BLOB *subject = &certificate->pCertInfo->Subject;
    BOOL meant = TRUE;

    if (root->thumbprint != NULL)
        return CertGetCertificateContextProperty(certificate, CERT_SHA1_HASH_PROP_ID, thumbprint, &size) &&
               memcmp(thumbprint, root->thumbprint, sizeof(thumbprint)) == 0;
    if (!CryptDecodeObjectEx(X509_ASN_ENCODING, X509_UNICODE_NAME, subject->pbData, subject->cbData,
                             CRYPT_DECODE_ALLOC_FLAG, NULL, &name, &size))
        return FALSE;
    for (part = 0; meant && part < root->part_count; part++)
        meant = has_part(name, &root->parts[part]);
    LocalFree(name);
    return meant;
}

/* Searches a store of the machine; finding a second authority with another name is an error. */
static BOOL search_store(const WCHAR *store_name, const struct root *root)
{
    HCERTSTORE store = CertOpenStore(CERT_STORE_PROV_SYSTEM_W, 0, 0, CERT_SYSTEM_STORE_LOCAL_MACHINE |
                                     CERT_STORE_READONLY_FLAG | CERT_STORE_OPEN_EXISTING_FLAG, store_name);
    const CERT_CONTEXT *certificate = NULL;
    BOOL right = TRUE;

    if (store == NULL) {
        say(STD_ERROR_HANDLE, L"error: the machine's certificate store %ls cannot be opened", store_name);
        return FALSE;
    }
    while (right && (certificate = CertEnumCertificatesInStore(store, certificate)) != NULL) {
        const CERT_NAME_BLOB *subject = &certificate->pCertInfo->Subject;

        if (!is_meant(root, certificate))
            continue;
        if (root->name->size == 0)
            right = keep(root->name, subject->pbData, subject->cbData);
        else if (root->name->size != subject->cbData ||
                 memcmp(root->name->data, subject->pbData, subject->cbData) != 0) {
            say(STD_ERROR_HANDLE, L"error: the provider context \"%ls\" wants the certificate %ls, and the machine has "
                L"several that this may mean", root->context, root->reference);
            right = FALSE;
        }
    }
    if (certificate != NULL)
        CertFreeCertificateContext(certificate);
    CertCloseStore(store, 0);
    return right;
}

static BOOL find_roots(void)
{
    size_t at;

    for (at = 0; at < ARRAYSIZE(roots_wanted); at++) {
        const struct root *root = &roots_wanted[at];

        if (!search_store(L"Root", root) || (root->intermediate && !search_store(L"CA", root)))
            return FALSE;
        if (root->name->size == 0) {
            say(STD_ERROR_HANDLE, L"error: the provider context \"%ls\" wants the certificate %ls, and the machine's "
                L"store has none: certlm.msc lists those there are", root->context, root->reference);
            return FALSE;
        }
    }
    return TRUE;
}

static void forget_roots(void)
{
    size_t at;

    for (at = 0; at < ARRAYSIZE(roots_wanted); at++)
        free(roots_wanted[at].name->data);
}
"""

ROOT_TABLE = r"""
/* A certificate of an authority: by its thumbprint or by parts of its subject. Its encoded name goes into a blob. */
struct root {
    const WCHAR *reference;
    BOOL intermediate;
    const UINT8 *thumbprint;
    const struct subject_part *parts;
    DWORD part_count;
    FWP_BYTE_BLOB *name;
    const WCHAR *context;
};
"""

DESCRIPTORS = r"""
/* Makes security descriptors of their texts: who may connect. */
static BOOL convert_descriptors(void)
{
    size_t at;

    for (at = 0; at < ARRAYSIZE(descriptors); at++) {
        PSECURITY_DESCRIPTOR made = NULL;
        ULONG size = 0;

        const WCHAR *sddl = descriptors[at].sddl;

        if (!ConvertStringSecurityDescriptorToSecurityDescriptorW(sddl, SDDL_REVISION_1, &made, &size)) {
            say(STD_ERROR_HANDLE, L"error: Windows does not read the security descriptor %ls (%lu)", sddl,
                GetLastError());
            return FALSE;
        }
        descriptors[at].blob->data = (UINT8 *)made;
        descriptors[at].blob->size = size;
    }
    return TRUE;
}

static void free_descriptors(void)
{
    size_t at;

    for (at = 0; at < ARRAYSIZE(descriptors); at++)
        LocalFree(descriptors[at].blob->data);
}
"""

PROGRAMS = r"""
/* Asks Windows what it calls the programs of conditions: the file has to be there. */
static BOOL name_programs(void)
{
    size_t at;

    for (at = 0; at < ARRAYSIZE(programs); at++) {
        FWP_BYTE_BLOB *found = NULL;
        DWORD error = FwpmGetAppIdFromFileName0(programs[at].path, &found);
        BOOL kept;

        if (error != ERROR_SUCCESS) {
            failed_with(L"name", L"program", programs[at].path, error);
            return FALSE;
        }
        kept = keep(programs[at].blob, found->data, found->size);
        FwpmFreeMemory0((void **)&found);
        if (!kept)
            return FALSE;
    }
    return TRUE;
}

static void forget_programs(void)
{
    size_t at;

    for (at = 0; at < ARRAYSIZE(programs); at++)
        free(programs[at].blob->data);
}
"""

#: Structures of Windows 8 that mingw-w64's headers lack, and the function that takes them.
NEWER_TYPES = r"""
/* IPSEC_TRANSPORT_POLICY2 and FWPM_PROVIDER_CONTEXT2 of Windows 8, which mingw-w64's headers lack; what is a union of
   pointers in the latter is one pointer here. Their sizes are those of Microsoft's headers for 64 bits. */
typedef struct ND_IPSEC_TRANSPORT_POLICY2 {
    UINT32 numIpsecProposals;
    IPSEC_PROPOSAL0 *ipsecProposals;
    UINT32 flags;
    UINT32 ndAllowClearTimeoutSeconds;
    IPSEC_SA_IDLE_TIMEOUT0 saIdleTimeout;
    IKEEXT_EM_POLICY2 *emPolicy;
} ND_IPSEC_TRANSPORT_POLICY2;

typedef struct ND_PROVIDER_CONTEXT2 {
    GUID providerContextKey;
    FWPM_DISPLAY_DATA0 displayData;
    UINT32 flags;
    GUID *providerKey;
    FWP_BYTE_BLOB providerData;
    FWPM_PROVIDER_CONTEXT_TYPE type;
    void *policy;
    UINT64 providerContextId;
} ND_PROVIDER_CONTEXT2;

#ifdef _WIN64
C_ASSERT(sizeof(ND_IPSEC_TRANSPORT_POLICY2) == 40);
C_ASSERT(sizeof(ND_PROVIDER_CONTEXT2) == 88);
#endif

typedef DWORD(WINAPI *context_add2)(HANDLE, const ND_PROVIDER_CONTEXT2 *, PSECURITY_DESCRIPTOR, UINT64 *);
static context_add2 add_newer_context;
"""

NEWER_FUNCTION = r"""
/* Finds the function that takes provider contexts of Windows 8; a Windows without it is told before any change. */
static BOOL find_newer_function(void)
{
    HMODULE library = GetModuleHandleW(L"fwpuclnt.dll");

    if (library != NULL)
        add_newer_context = (context_add2)(void (*)(void))GetProcAddress(library, "FwpmProviderContextAdd2");
    if (add_newer_context == NULL)
        say(STD_ERROR_HANDLE, L"error: the provider context \"%ls\" takes FwpmProviderContextAdd2, which this Windows "
            L"does not have: it came with Windows 8 and Windows Server 2012", newer_contexts[0].displayData.name);
    return add_newer_context != NULL;
}
"""
