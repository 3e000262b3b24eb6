"""The parts that every program has: what it says, the session and its one transaction, and what it is asked for.

Where a part depends on what objects there are, it is a template (``string.Template``) with ``$NAME`` for that.
"""

REPORTING = '''
class FilterError(IntEnum):
    """Why the filter engine refuses something: winerror.h."""

$ERRORS


START = "start the Base Filtering Engine: sc.exe start BFE"

#: What helps against some of them, and against some errors of Windows itself.
REMEDIES: dict[int, str] = {
    ERROR_ACCESS_DENIED: "run this in a terminal opened with Run as administrator",
    EPT_S_NOT_REGISTERED: START,
    RPC_S_SERVER_UNAVAILABLE: START,
    RPC_S_UNKNOWN_IF: START,
    FilterError.FWP_E_TIMEOUT: "another program is changing filters: try again",
    FilterError.FWP_E_IN_USE: (
        "objects of another policy, or of an earlier version of this one, refer to it: remove those first"
    ),
}$NOT_THERE


class PolicyError(Exception):
    """Something that cannot be done: a line that says what, and what helps."""

    def __init__(self, line: str, remedy: str = "") -> None:
        super().__init__(line)
        self.remedy = remedy


def refusal(what: str, error: int) -> PolicyError:
    """Return what an error of Windows means for what was attempted."""
    name = next((each.name for each in FilterError if each == error), "error")
    words = FormatError(c_int32(error).value)
    return PolicyError(f"cannot {what}: {name} (0x{error:08X}) {words}", REMEDIES.get(error, ""))


def check(what: str, error: int) -> None:
    """Raise a PolicyError where Windows refuses what was attempted."""
    if error:
        raise refusal(what, error)


def say(line: str) -> None:
    """Print a line."""
    print(visible(line), flush=True)


def complain(line: str) -> None:
    """Print a line for the error output."""
    print(visible(line), file=sys.stderr, flush=True)


def visible(line: str) -> str:
    """Return a line in which a question mark stands for what would act on a terminal."""
    return "".join(each if each.isprintable() else "?" for each in line)


def report(error: PolicyError) -> None:
    """Print why something could not be done, and what helps."""
    complain(f"error: {error}")
    if error.remedy:
        complain(error.remedy)


class Changes:
    """The changes of the transaction: each is checked, counted, and in a dry run told."""

    def __init__(self, engine: FWPM_ENGINE_HANDLE, *, dry_run: bool) -> None:
        self.engine = engine
        self.dry_run = dry_run
        self.count = 0

    def made(self, verb: str, kind: str, name: str, error: int) -> None:
        """Take note of a change that Windows was asked for; raise a PolicyError where it refuses."""
        check(f'{verb} the {kind} "{name}"', error)
        self.count += 1
        if self.dry_run:
            say(f'would {verb} the {kind} "{name}"')
$GONE'''

GONE = '''
    def gone(self, kind: str, name: str, error: int) -> None:
        """Take note of an object that was removed, or was not there."""
        if error not in NOT_THERE:
            self.made("remove", kind, name, error)
'''

#: Where objects are removed.
NOT_THERE = """

NOT_THERE = (
    FilterError.FWP_E_PROVIDER_NOT_FOUND,
    FilterError.FWP_E_SUBLAYER_NOT_FOUND,
    FilterError.FWP_E_PROVIDER_CONTEXT_NOT_FOUND,
    FilterError.FWP_E_FILTER_NOT_FOUND,
    FilterError.FWP_E_NOT_FOUND,
)"""

FILTER = '''
def structure_of(row: Filter) -> FWPM_FILTER0:
    """Return a filter as Windows takes it."""
    made = FWPM_FILTER0(
        filterKey=Guid(row.key),
        displayData=FWPM_DISPLAY_DATA0(name=row.name, description=row.description),
        flags=row.flags,
        providerKey=pointer(PROVIDER_KEY),
        providerData=blob(row.notes),
        layerKey=row.layer,
        subLayerKey=row.sublayer,
        weight=row.weight,
        action=FWPM_ACTION0(type=row.action),
    )
    if row.conditions is not None:
        made.numFilterConditions = len(row.conditions)
        made.filterCondition = row.conditions
    if row.callout is not None:
        made.action.calloutKey = row.callout
    if row.context is not None:
        made.providerContextKey = Guid(row.context)
    else:
        made.rawContext = row.raw_context
    return made
'''

DELETE = '''
def delete_objects(changes: Changes, *, install: bool) -> None:
    """Remove the policy: what refers to another object goes first."""
    engine = changes.engine
$LOOPS    error = FwpmProviderDeleteByKey0(engine, byref(PROVIDER_KEY))
    if error == FilterError.FWP_E_IN_USE and not install:
        say(f'the provider "{PROVIDER.displayData.name}" stays: objects of another policy belong to it')
    else:
        changes.gone("provider", PROVIDER.displayData.name, error)
'''

DELETE_LOOP = """    for each in $table:
        error = $function(engine, byref(each.$key))
        changes.gone("$kind", each.displayData.name, error)
"""

DELETE_ROWS = """    for row in $table:
        error = $function(engine, byref(Guid(row.key)))
        changes.gone("$kind", row.name, error)
"""

ADD = '''
def add_objects(changes: Changes) -> None:
    """Add the policy: what another object refers to comes first."""
    engine = changes.engine
    changes.made("add", "provider", PROVIDER.displayData.name, FwpmProviderAdd0(engine, byref(PROVIDER), None))
$LOOPS'''

ADD_LOOP = """    for each in $table:
        error = $function(engine, byref(each), $rest)
        changes.made("add", "$kind", each.displayData.name, error)
"""

ADD_ROWS = """    for row in $table:
        error = $function(engine, byref(structure_of(row)), $rest)
        changes.made("add", "$kind", row.name, error)
"""

TRANSACTION = '''
def transact(changes: Changes$WITH_INSTALL) -> bool:
    """Do everything in one transaction: all of it, or nothing. A dry run has Windows look at all of it, and aborts."""
    check("begin a transaction", FwpmTransactionBegin0(changes.engine, 0))
    done = committed = False
    try:
$CHANGES
        if not changes.dry_run:
            check("commit the transaction", FwpmTransactionCommit0(changes.engine))
            committed = True
        done = True
    except PolicyError as error:
        report(error)
    finally:
        if not committed:
            done = abort(changes.engine, done=done)
    return done


def abort(engine: FWPM_ENGINE_HANDLE, *, done: bool) -> bool:
    """Abort the transaction, and return whether all is done: not where Windows does not abort it."""
    error = FwpmTransactionAbort0(engine)
    # A commit that failed may have ended the transaction.
    if error not in (0, FilterError.FWP_E_NO_TXN_IN_PROGRESS, FilterError.FWP_E_TXN_ABORTED):
        report(refusal("abort the transaction", error))
        complain("Windows aborts it as the session ends")
        return False
    (say if done else complain)("nothing was changed")
    return done
'''

REPLACE = """        delete_objects(changes, install=install)
        if install:
            add_objects(changes)"""
ADD_ALONE = """        add_objects(changes)"""

RUN = '''
def run(*, ${INSTALL}dry_run: bool) -> bool:
    """Open a session, carry everything out in it and close it; return whether all is done."""
    session = FWPM_SESSION0(
        displayData=FWPM_DISPLAY_DATA0(name=POLICY_NAME),
        flags=$SESSION_FLAGS,
        txnWaitTimeoutInMSec=15000,
    )
    engine = FWPM_ENGINE_HANDLE()
    error = FwpmEngineOpen0(None, RPC_C_AUTHN_WINNT, None, byref(session), byref(engine))
    check("open a session with Windows' filter engine", error)
    try:
        changes = Changes(engine, dry_run=dry_run)
        done = transact(changes$GIVEN)
        if done and not dry_run:
            $AFTERWARDS
    finally:
        error = FwpmEngineClose0(engine)
        if error:
            report(refusal("close the session, which ends with this program", error))
    return done
'''

#: What a program does when all is done: it says so, and one with a dynamic session stays for as long as the policy.
SAID = """say(f"{'installed' if install else 'removed'}: {changes.count} changes")"""
STAYS = """stay(changes.count)"""
STAY = '''
def stay(count: int) -> None:
    """Wait for Enter: the objects last as long as the session that added them."""
    say(f"installed: {count} changes; the policy is in force until this program ends: press Enter to end it")
    with suppress(KeyboardInterrupt):
        sys.stdin.readline()
'''

SIZES = '''
def check_sizes() -> None:
    """Make sure that win32more declares the structures as Windows has them: all else would be read in wrong places."""
    for structure, (with_64_bits, with_32_bits) in SIZES.items():
        size = with_64_bits if sizeof(c_void_p) == 8 else with_32_bits
        if sizeof(structure) != size:
            raise PolicyError(
                f"win32more declares {structure.__name__} with {sizeof(structure)} bytes, and Windows has {size}",
                "install the versions that the head of this program names",
            )
'''

MAIN = '''
def main() -> int:
    """Do what the command line asks for; return the exit status."""
    parser = argparse.ArgumentParser(description="Installs or removes the policy in this file.", allow_abbrev=False)
    parser.add_argument("action", choices=("install", "remove"))
    parser.add_argument("--dry-run", action="store_true", help="have Windows look at all of it, and change nothing")
    arguments = parser.parse_args()
    install = arguments.action == "install"
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8")
$REFUSALS    try:
        check_sizes()
$STEPS        done = run(${GIVEN}dry_run=arguments.dry_run)
    except PolicyError as error:
        report(error)
        done = False
    except KeyboardInterrupt:
        complain("error: interrupted")
        done = False
$ENDS    return 0 if done else 1


if __name__ == "__main__":
    sys.exit(main())
'''

#: Of a dynamic policy, of which there is nothing to remove.
NOTHING_TO_REMOVE = """    if not install:
        complain("error: the policy ends with the program that installed it: end that")
        return 1
"""
