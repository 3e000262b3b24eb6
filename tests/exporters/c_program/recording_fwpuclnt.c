/*
 * A fwpuclnt.dll that records: every call is a line of JSON in the file that the environment variable RECORD names, and
 * an object that is added is a line behind its call. It is made of mingw-w64's headers alone.
 *
 * Compiled with OLD_WINDOWS it is that of a Windows before 8. FAIL_AT is the number of the call that fails, the first
 * being 1, and FAIL_WITH what it answers, in hexadecimal; ABORT_WITH is what an abort answers. Where FOUND is set there
 * are objects to delete.
 */

#include "objects_as_json.h"

static long calls;

/* Records a call and returns what it is to answer; what has more to say goes on with the line. */
static DWORD called(const char *name)
{
    const char *path = getenv("RECORD"), *at = getenv("FAIL_AT"), *with = getenv("FAIL_WITH");

    if (json_output == NULL)
        json_output = path == NULL ? stderr : fopen(path, "ab");
    if (json_output == NULL)
        exit(9);
    calls++;
    comma = 0;
    begin(NULL, '{');
    label("call");
    fprintf(json_output, "\"%s\"", name);
    return at != NULL && with != NULL && calls == atol(at) ? strtoul(with, NULL, 16) : ERROR_SUCCESS;
}

static void line_ends(void)
{
    end('}');
    fputc('\n', json_output);
    fflush(json_output);
}

static DWORD simply(const char *name)
{
    DWORD answer = called(name);

    line_ends();
    return answer;
}

DWORD WINAPI FwpmEngineOpen0(const wchar_t *server, UINT32 service, SEC_WINNT_AUTH_IDENTITY_W *identity,
                             const FWPM_SESSION0 *session, HANDLE *engine)
{
    DWORD answer = called("FwpmEngineOpen0");

    text("server", server);
    number("authnService", service);
    number("identity", identity != NULL);
    text("name", session->displayData.name);
    number("flags", session->flags);
    number("wait", session->txnWaitTimeoutInMSec);
    line_ends();
    *engine = answer == ERROR_SUCCESS ? (HANDLE)&calls : NULL;
    return answer;
}

DWORD WINAPI FwpmEngineClose0(HANDLE engine)
{
    (void)engine;
    return simply("FwpmEngineClose0");
}

DWORD WINAPI FwpmTransactionBegin0(HANDLE engine, UINT32 flags)
{
    DWORD answer = called("FwpmTransactionBegin0");

    (void)engine;
    number("flags", flags);
    line_ends();
    return answer;
}

DWORD WINAPI FwpmTransactionCommit0(HANDLE engine)
{
    (void)engine;
    return simply("FwpmTransactionCommit0");
}

DWORD WINAPI FwpmTransactionAbort0(HANDLE engine)
{
    DWORD answer = simply("FwpmTransactionAbort0");
    const char *with = getenv("ABORT_WITH");

    (void)engine;
    return with == NULL ? answer : strtoul(with, NULL, 16);
}

static DWORD added(const char *name, UINT32 kind, UINT32 structures, HANDLE engine, const void *object,
                   PSECURITY_DESCRIPTOR descriptor)
{
    DWORD answer = called(name);

    number("engine", engine == (HANDLE)&calls);
    number("descriptor", descriptor != NULL);
    number("structures", structures);
    line_ends();
    version = structures;
    print(kind, object);
    fflush(json_output);
    return answer;
}

DWORD WINAPI FwpmProviderAdd0(HANDLE engine, const FWPM_PROVIDER0 *object, PSECURITY_DESCRIPTOR descriptor)
{
    return added("FwpmProviderAdd0", 0, 0, engine, object, descriptor);
}

DWORD WINAPI FwpmSubLayerAdd0(HANDLE engine, const FWPM_SUBLAYER0 *object, PSECURITY_DESCRIPTOR descriptor)
{
    return added("FwpmSubLayerAdd0", 1, 0, engine, object, descriptor);
}

DWORD WINAPI FwpmProviderContextAdd0(HANDLE engine, const FWPM_PROVIDER_CONTEXT0 *object,
                                     PSECURITY_DESCRIPTOR descriptor, UINT64 *identity)
{
    (void)identity;
    return added("FwpmProviderContextAdd0", 2, 0, engine, object, descriptor);
}

#ifndef OLD_WINDOWS
DWORD WINAPI FwpmProviderContextAdd2(HANDLE engine, const void *object, PSECURITY_DESCRIPTOR descriptor, UINT64 *identity)
{
    (void)identity;
    return added("FwpmProviderContextAdd2", 2, 2, engine, object, descriptor);
}
#endif

DWORD WINAPI FwpmFilterAdd0(HANDLE engine, const FWPM_FILTER0 *object, PSECURITY_DESCRIPTOR descriptor, UINT64 *identity)
{
    (void)identity;
    return added("FwpmFilterAdd0", 3, 0, engine, object, descriptor);
}

/* The numbers are those of winerror.h in Microsoft's SDK. */
static DWORD deleted(const char *name, const GUID *key, DWORD not_found)
{
    DWORD answer = called(name);

    guid("key", key);
    line_ends();
    if (answer == ERROR_SUCCESS && getenv("FOUND") == NULL)
        answer = not_found;
    return answer;
}

DWORD WINAPI FwpmFilterDeleteByKey0(HANDLE engine, const GUID *key)
{
    (void)engine;
    return deleted("FwpmFilterDeleteByKey0", key, 0x80320003);
}

DWORD WINAPI FwpmProviderDeleteByKey0(HANDLE engine, const GUID *key)
{
    (void)engine;
    return deleted("FwpmProviderDeleteByKey0", key, 0x80320005);
}

DWORD WINAPI FwpmProviderContextDeleteByKey0(HANDLE engine, const GUID *key)
{
    (void)engine;
    return deleted("FwpmProviderContextDeleteByKey0", key, 0x80320006);
}

DWORD WINAPI FwpmSubLayerDeleteByKey0(HANDLE engine, const GUID *key)
{
    (void)engine;
    return deleted("FwpmSubLayerDeleteByKey0", key, 0x80320007);
}

/* Every drive is the same device here, and every file is there. */
DWORD WINAPI FwpmGetAppIdFromFileName0(PCWSTR path, FWP_BYTE_BLOB **name)
{
    static const wchar_t device[] = L"\\device\\harddiskvolume9";
    DWORD answer = called("FwpmGetAppIdFromFileName0");
    size_t before = sizeof(device) - sizeof(*device), size = before + (wcslen(path + 2) + 1) * sizeof(*path);

    text("path", path);
    line_ends();
    if (answer != ERROR_SUCCESS)
        return answer;
    *name = calloc(1, sizeof(**name) + size);
    if (*name == NULL)
        return ERROR_OUTOFMEMORY;
    (*name)->size = (UINT32)size;
    (*name)->data = (UINT8 *)(*name + 1);
    memcpy((*name)->data, device, before);
    memcpy((*name)->data + before, path + 2, size - before);
    CharLowerW((wchar_t *)(*name)->data);
    return ERROR_SUCCESS;
}

void WINAPI FwpmFreeMemory0(void **memory)
{
    simply("FwpmFreeMemory0");
    free(*memory);
    *memory = NULL;
}
