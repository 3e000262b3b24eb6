"""The parts that every program has: what it says, the session and its one transaction, and what it is asked for.

Where a part depends on what objects there are, it is a template (``string.Template``) with ``$NAME`` for that.
"""

INCLUDES = r"""
#define _CRT_SECURE_NO_WARNINGS
#ifndef UNICODE
#define UNICODE
#endif
#ifndef _WIN32_WINNT
#define _WIN32_WINNT 0x0602 /* Windows 8: the structures whose names end in 2 */
#endif

#include <winsock2.h>
#include <windows.h>
#include <fwpmu.h>
#include <sddl.h>
#include <wincrypt.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#ifdef _MSC_VER
#pragma comment(lib, "fwpuclnt.lib")
#pragma comment(lib, "advapi32.lib")
#pragma comment(lib, "crypt32.lib")
#endif
"""

REPORTING = r"""
/* Prints a line: on a console as it is, to a file or a pipe as UTF-8. What would act on a terminal becomes '?'. */
static void say(DWORD stream, const WCHAR *format, ...)
{
    static WCHAR line[8192];
    static char encoded[3 * ARRAYSIZE(line)];
    HANDLE output = GetStdHandle(stream);
    DWORD mode, written;
    va_list arguments;
    int at, size;

    va_start(arguments, format);
    _vsnwprintf(line, ARRAYSIZE(line) - 2, format, arguments);
    va_end(arguments);
    line[ARRAYSIZE(line) - 3] = 0;
    for (at = 0; line[at] != 0; at++)
        if (line[at] < 0x20 || (line[at] >= 0x7f && line[at] < 0xa0))
            line[at] = L'?';
    line[at++] = L'\r';
    line[at++] = L'\n';
    if (GetConsoleMode(output, &mode)) {
        WriteConsoleW(output, line, (DWORD)at, &written, NULL);
        return;
    }
    size = WideCharToMultiByte(CP_UTF8, 0, line, at, encoded, (int)sizeof(encoded), NULL, NULL);
    WriteFile(output, encoded, (DWORD)size, &written, NULL);
}

/* Says why something could not be done: the name of the error, its number, what Windows says of it, and what helps. */
static void failed(const WCHAR *what, DWORD error)
{
    WCHAR words[512];
    const WCHAR *name = L"error";
    size_t at;

    for (at = 0; at < ARRAYSIZE(error_names); at++)
        if (error_names[at].number == error)
            name = error_names[at].name;
    if (FormatMessageW(FORMAT_MESSAGE_FROM_SYSTEM | FORMAT_MESSAGE_IGNORE_INSERTS | FORMAT_MESSAGE_MAX_WIDTH_MASK, NULL,
                       error, 0, words, ARRAYSIZE(words), NULL) == 0)
        words[0] = 0;
    say(STD_ERROR_HANDLE, L"error: cannot %ls: %ls (0x%08lX) %ls", what, name, error, words);
    switch (error) {
    case ERROR_ACCESS_DENIED:
        say(STD_ERROR_HANDLE, L"run this in a terminal opened with Run as administrator");
        break;
    case RPC_S_UNKNOWN_IF:
    case RPC_S_SERVER_UNAVAILABLE:
    case EPT_S_NOT_REGISTERED:
        say(STD_ERROR_HANDLE, L"start the Base Filtering Engine: sc.exe start BFE");
        break;
    case ND_FWP_E_TIMEOUT:
        say(STD_ERROR_HANDLE, L"another program is changing filters: try again");
        break;
    case ND_FWP_E_IN_USE:
        say(STD_ERROR_HANDLE, L"objects of another policy, or of an earlier version of this one, refer to it: "
            L"remove those first");
        break;
    default:
        break;
    }
}

/* The same of an object, by its kind and name. */
static void failed_with(const WCHAR *verb, const WCHAR *kind, const WCHAR *name, DWORD error)
{
    WCHAR what[2048];

    _snwprintf(what, ARRAYSIZE(what), L"%ls the %ls \"%ls\"", verb, kind, name);
    what[ARRAYSIZE(what) - 1] = 0;
    failed(what, error);
}

static BOOL dry_run;
static unsigned long changed;

/* Whether a change went well; says which one did not, and in a dry run each. */
static BOOL went_well(const WCHAR *verb, const WCHAR *kind, const WCHAR *name, DWORD error)
{
    if (error != ERROR_SUCCESS) {
        failed_with(verb, kind, name, error);
        return FALSE;
    }
    changed++;
    if (dry_run)
        say(STD_OUTPUT_HANDLE, L"would %ls the %ls \"%ls\"", verb, kind, name);
    return TRUE;
}
"""

GONE = r"""
/* Whether an object is gone: it was removed, or was not there. */
static BOOL gone(const WCHAR *kind, const WCHAR *name, DWORD error)
{
    switch (error) {
    case ND_FWP_E_PROVIDER_NOT_FOUND:
    case ND_FWP_E_SUBLAYER_NOT_FOUND:
    case ND_FWP_E_PROVIDER_CONTEXT_NOT_FOUND:
    case ND_FWP_E_FILTER_NOT_FOUND:
    case ND_FWP_E_NOT_FOUND:
        return TRUE;
    default:
        return went_well(L"remove", kind, name, error);
    }
}
"""

DELETE = r"""
/* Removes the policy: what refers to another object goes first. */
static BOOL delete_objects(HANDLE engine, BOOL install)
{
    DWORD error;
$LOOP_VARIABLE$LOOPS
    error = FwpmProviderDeleteByKey0(engine, &provider.providerKey);
    if (error == ND_FWP_E_IN_USE && !install) {
        say(STD_OUTPUT_HANDLE, L"the provider \"%ls\" stays: objects of another policy belong to it",
            provider.displayData.name);
        return TRUE;
    }
    return gone(L"provider", provider.displayData.name, error);
}
"""

DELETE_LOOP = r"""
    for (at = 0; at < ARRAYSIZE($array); at++)
        if (!gone(L"$kind", $array[at].displayData.name, $function(engine, &$array[at].$key)))
            return FALSE;"""

ADD = r"""
/* Adds the policy: what another object refers to comes first. */
static BOOL add_objects(HANDLE engine)
{
$LOOP_VARIABLE
    if (!went_well(L"add", L"provider", provider.displayData.name, FwpmProviderAdd0(engine, &provider, NULL)))
        return FALSE;$LOOPS
    return TRUE;
}
"""

ADD_LOOP = r"""
    for (at = 0; at < ARRAYSIZE($array); at++)
        if (!went_well(L"add", L"$kind", $array[at].displayData.name,
                       $function(engine, &$array[at], NULL$identity)))
            return FALSE;"""

TRANSACTION = r"""
/* Does everything in one transaction: all of it, or nothing. A dry run has Windows look at all of it, and aborts. */
static BOOL transact(HANDLE engine, BOOL install)
{
    DWORD error = FwpmTransactionBegin0(engine, 0);
    BOOL done;

    if (error != ERROR_SUCCESS) {
        failed(L"begin a transaction", error);
        return FALSE;
    }
    done = $CHANGES;
    if (done && !dry_run) {
        error = FwpmTransactionCommit0(engine);
        if (error == ERROR_SUCCESS)
            return TRUE;
        failed(L"commit the transaction", error);
        done = FALSE;
    }
    error = FwpmTransactionAbort0(engine);
    if (error == ND_FWP_E_NO_TXN_IN_PROGRESS || error == ND_FWP_E_TXN_ABORTED)
        error = ERROR_SUCCESS; /* a commit that failed may have ended it */
    if (error != ERROR_SUCCESS) {
        failed(L"abort the transaction", error);
        say(STD_ERROR_HANDLE, L"Windows aborts it as the session ends");
        return FALSE;
    }
    say(done ? STD_OUTPUT_HANDLE : STD_ERROR_HANDLE, L"nothing was changed");
    return done;
}
"""

RUN = r"""
static BOOL run(BOOL install)
{
    FWPM_SESSION0 session;
    HANDLE engine = NULL;
    DWORD error;
    BOOL done;

    memset(&session, 0, sizeof(session));
    session.displayData.name = policy_name;
    session.flags = $SESSION_FLAGS;
    session.txnWaitTimeoutInMSec = 15000;
    error = FwpmEngineOpen0(NULL, RPC_C_AUTHN_WINNT, NULL, &session, &engine);
    if (error != ERROR_SUCCESS) {
        failed(L"open a session with Windows' filter engine", error);
        return FALSE;
    }
    done = transact(engine, install);
    if (done && !dry_run)
        $AFTERWARDS
    error = FwpmEngineClose0(engine);
    if (error != ERROR_SUCCESS)
        failed(L"close the session, which ends with this program", error);
    return done;
}
"""

#: What a program does when all is done: it says so, and one with a dynamic session stays for as long as the policy.
SAID = """say(STD_OUTPUT_HANDLE, L"%ls: %lu changes", install ? L"installed" : L"removed", changed);"""
STAYS = """stay();"""
STAY = r"""
/* The objects last as long as the session that added them. */
static void stay(void)
{
    int character;

    say(STD_OUTPUT_HANDLE, L"installed: %lu changes; the policy is in force until this program ends: press Enter to "
        L"end it", changed);
    do
        character = getchar();
    while (character != '\n' && character != EOF);
}
"""

MAIN = r"""
static int usage(const char *program)
{
    fprintf(stderr, "usage: %s install [--dry-run]\n       %s remove [--dry-run]\n", program, program);
    return 2;
}

int main(int count, char **arguments)
{
    const char *program = count > 0 ? arguments[0] : "policy";
    BOOL install, done;

    dry_run = count == 3 && strcmp(arguments[2], "--dry-run") == 0;
    if (count != (dry_run ? 3 : 2))
        return usage(program);
    install = strcmp(arguments[1], "install") == 0;
    if (!install && strcmp(arguments[1], "remove") != 0)
        return usage(program);
$RUN
    return done ? 0 : 1;
}
"""
