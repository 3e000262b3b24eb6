/* Adds certificates to stores of the machine: pairs of arguments, the name of a store and the file of a certificate. */

#include <windows.h>
#include <stdio.h>

static int add(const char *name, const char *path)
{
    static BYTE content[65536];
    FILE *file = fopen(path, "rb");
    DWORD size;
    HCERTSTORE store = CertOpenStore(CERT_STORE_PROV_SYSTEM_A, 0, 0, CERT_SYSTEM_STORE_LOCAL_MACHINE, name);

    if (file == NULL || store == NULL)
        return 0;
    size = (DWORD)fread(content, 1, sizeof(content), file);
    fclose(file);
    if (!CertAddEncodedCertificateToStore(store, X509_ASN_ENCODING, content, size, CERT_STORE_ADD_REPLACE_EXISTING, NULL))
        return 0;
    return CertCloseStore(store, 0);
}

int main(int count, char **arguments)
{
    for (int at = 1; at + 1 < count; at += 2)
        if (!add(arguments[at], arguments[at + 1])) {
            fprintf(stderr, "%s: %lu\n", arguments[at + 1], GetLastError());
            return 1;
        }
    return 0;
}
