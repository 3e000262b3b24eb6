"""A whole program: what it says of itself, its declarations, and of the code what these declarations need."""

from collections.abc import Iterable, Iterator, Sequence
from string import Template
from textwrap import wrap

from ndtui.analysis.check.finding import Finding
from ndtui.exporters.c_program import c_engine_code, c_lookup_code
from ndtui.exporters.c_program.c_literals import in_a_comment, wide
from ndtui.exporters.c_program.c_objects import Objects, declare
from ndtui.model.compiled.objects import FilterSet
from ndtui.model.vocabulary import members

#: Kind of object, array of the program, member with its key, function to add, to delete, and whether it gets a number.
_KINDS = (
    ("sublayer", "sublayers", "subLayerKey", "FwpmSubLayerAdd0", "FwpmSubLayerDeleteByKey0", False),
    (
        "provider context",
        "contexts",
        "providerContextKey",
        "FwpmProviderContextAdd0",
        "FwpmProviderContextDeleteByKey0",
        True,
    ),
    (
        "provider context",
        "newer_contexts",
        "providerContextKey",
        "add_newer_context",
        "FwpmProviderContextDeleteByKey0",
        True,
    ),
    ("filter", "filters", "filterKey", "FwpmFilterAdd0", "FwpmFilterDeleteByKey0", True),
)
_WIDTH = 116


def source_of(filterset: FilterSet, told: Sequence[Finding] = ()) -> str:
    """Return the program that installs and removes a filter set; ``told`` stands at its head."""
    made = declare(filterset)
    dynamic = filterset.design.lifetime == "dynamic"
    code = "".join(_code(filterset, made, dynamic=dynamic))  # it asks for constants of its own
    names = "".join(f'    {{{made.declared.number(each)}, L"{each}"}},\n' for each in members("FWP_E"))
    parts = (
        _head(filterset, made, told, dynamic=dynamic),
        c_engine_code.INCLUDES,
        _section("Windows' constants, each under its own name behind ND_."),
        made.declared.constants(),
        *((c_lookup_code.NEWER_TYPES.strip("\n"),) if made.newer_contexts else ()),
        *((c_lookup_code.ROOT_TYPES.strip("\n"), c_lookup_code.ROOT_TABLE.strip("\n")) if made.lookups.roots else ()),
        _section("The policy."),
        f"static WCHAR policy_name[] = {wide(filterset.design.name)};",
        *made.declared.lines,
        *_tables(made),
        _section("The program."),
        f"static const struct {{\n    DWORD number;\n    const WCHAR *name;\n}} error_names[] = {{\n{names}}};",
    )
    return "\n\n".join(part.strip("\n") for part in parts) + "\n" + code


def _section(title: str) -> str:
    return f"/* ---- {title} ---- */"


def _head(filterset: FilterSet, made: Objects, told: Sequence[Finding], *, dynamic: bool) -> str:
    design = filterset.design
    lines = [in_a_comment(f"The IPsec policy {design.name!r}, for the Windows Filtering Platform. Written by ndtui.")]
    lines += ["", *map(in_a_comment, design.description.strip().splitlines())] if design.description.strip() else []
    lines += ["", f"{_held(filterset)}; lifetime {design.lifetime}.", ""]
    lines += _usage(dynamic=dynamic)
    lines += ["", *_compile()]
    if made.lookups.variables:
        lines += ["", "Pre-shared keys are read from the environment and stand nowhere in this program:"]
        lines += [f"  {in_a_comment(name)}" for name in made.lookups.variables]
    for each in told:
        lines += ["", in_a_comment(f"{each.severity}: {each.message}. {each.why} {each.remedy} [{each.id}]")]
    lines += [
        "",
        "Whether Windows takes every object is for Windows to say: try install --dry-run first.",
    ]
    return "/*\n" + "\n".join(f" * {line}".rstrip() for each in lines for line in _folded(each)) + "\n */"


def _held(filterset: FilterSet) -> str:
    counts = (
        (1, "provider"),
        (len(filterset.sublayers), "sublayer"),
        (len(filterset.contexts), "provider context"),
        (len(filterset.filters), "filter"),
    )
    return ", ".join(f"{count} {word}{'s' * (count > 1)}" for count, word in counts if count)


def _folded(line: str) -> Sequence[str]:
    if line.startswith(" "):
        return [line]
    return wrap(line, _WIDTH, break_on_hyphens=False) or [""]


def _usage(*, dynamic: bool) -> Sequence[str]:
    dry = "  policy install --dry-run   has Windows look at all of it, and changes nothing"
    if dynamic:
        return (
            "In a terminal opened with Run as administrator:",
            "  policy install             adds all of it in one transaction, and stays: the policy ends with it",
            dry,
        )
    return (
        "In a terminal opened with Run as administrator:",
        "  policy install             adds all of it in one transaction; what it added before is replaced",
        "  policy remove              removes all of it in one transaction",
        dry,
        "  policy remove --dry-run    the same for removing",
    )


def _compile() -> Sequence[str]:
    return (
        "Compile with Microsoft's compiler or with mingw-w64:",
        "  cl /W4 policy.c",
        "  x86_64-w64-mingw32-gcc -Wall -Wextra -Werror -o policy.exe policy.c -lfwpuclnt -ladvapi32 -lcrypt32",
    )


def _tables(made: Objects) -> Iterator[str]:
    """Yield the tables of what is looked up."""
    lookups = made.lookups
    for name, columns, rows in (
        ("secrets", "const WCHAR *variable; FWP_BYTE_BLOB *key; const WCHAR *context;", lookups.secrets),
        ("descriptors", "const WCHAR *sddl; FWP_BYTE_BLOB *blob;", lookups.descriptors),
        ("programs", "const WCHAR *path; FWP_BYTE_BLOB *blob;", lookups.programs),
    ):
        if rows:
            fields = "".join(f"    {column.strip()};\n" for column in columns.split(";") if column)
            yield _table(f"static const struct {{\n{fields}}} {name}", rows)
    if lookups.roots:
        yield _table("static const struct root roots_wanted", lookups.roots)


def _table(head: str, rows: Iterable[str]) -> str:
    return f"{head}[] = {{\n" + "".join(f"    {row},\n" for row in rows) + "};"


def _code(filterset: FilterSet, made: Objects, *, dynamic: bool) -> Iterator[str]:
    for name in _ASKED:
        made.declared.number(name)
    yield c_engine_code.REPORTING
    steps, ends = [], []
    for wanted, text, step, end in _lookups(made):
        if wanted:
            yield text
            steps += [step] if step else []
            ends += [end] if end else []
    present = {
        "sublayers": bool(filterset.sublayers),
        "contexts": bool(made.contexts),
        "newer_contexts": bool(made.newer_contexts),
        "filters": bool(filterset.filters),
    }
    kinds = [each for each in _KINDS if present[each[1]]]
    if not dynamic:
        yield c_engine_code.GONE
        yield _with_loops(c_engine_code.DELETE, [_delete_loop(*each) for each in reversed(kinds)])
    yield _with_loops(c_engine_code.ADD, [_add_loop(*each) for each in kinds])
    if dynamic:
        yield c_engine_code.STAY
    changes = "install && add_objects(engine)"
    if not dynamic:
        changes = "delete_objects(engine, install) && (!install || add_objects(engine))"
    yield Template(c_engine_code.TRANSACTION).substitute(CHANGES=changes)
    yield Template(c_engine_code.RUN).substitute(
        SESSION_FLAGS=made.declared.number("FWPM_SESSION_FLAG_DYNAMIC") if dynamic else "0",
        AFTERWARDS=c_engine_code.STAYS if dynamic else c_engine_code.SAID,
    )
    yield Template(c_engine_code.MAIN).substitute(RUN=_run(steps, ends, dynamic=dynamic))


#: Constants that the code itself names.
_ASKED = (
    "FWP_E_TIMEOUT",
    "FWP_E_IN_USE",
    "FWP_E_NO_TXN_IN_PROGRESS",
    "FWP_E_TXN_ABORTED",
    "FWP_E_NOT_FOUND",
)


def _lookups(made: Objects) -> Iterator[tuple[bool, str, str, str]]:
    """Yield for each kind of look-up whether there is any, its code, and the calls that do it and end it."""
    lookups = made.lookups
    yield bool(lookups.roots or lookups.programs), c_lookup_code.KEEP, "", ""
    yield bool(made.newer_contexts), c_lookup_code.NEWER_FUNCTION, "find_newer_function()", ""
    yield bool(lookups.descriptors), c_lookup_code.DESCRIPTORS, "convert_descriptors()", "free_descriptors();"
    yield bool(lookups.programs), c_lookup_code.PROGRAMS, "name_programs()", "forget_programs();"
    yield bool(lookups.roots), c_lookup_code.ROOTS, "find_roots()", "forget_roots();"
    yield bool(lookups.secrets), c_lookup_code.SECRETS, "read_secrets()", "wipe_secrets();"


def _with_loops(text: str, loops: Sequence[str]) -> str:
    variable = "    size_t at;\n" if loops else ""
    return Template(text).substitute(LOOP_VARIABLE=variable, LOOPS="".join(loops))


def _delete_loop(kind: str, array: str, key: str, _add: str, delete: str, _numbered: bool) -> str:
    return Template(c_engine_code.DELETE_LOOP).substitute(kind=kind, array=array, key=key, function=delete)


def _add_loop(kind: str, array: str, _key: str, add: str, _delete: str, numbered: bool) -> str:
    identity = ", NULL" if numbered else ""
    return Template(c_engine_code.ADD_LOOP).substitute(kind=kind, array=array, function=add, identity=identity)


def _run(steps: Sequence[str], ends: Sequence[str], *, dynamic: bool) -> str:
    lines = []
    if dynamic:
        lines = [
            "    if (!install) {",
            '        say(STD_ERROR_HANDLE, L"error: the policy ends with the program that installed it: end that");',
            "        return 1;",
            "    }",
        ]
    looked_up = " && ".join(steps)
    lines.append(f"    done = (!install || ({looked_up})) && run(install);" if steps else "    done = run(install);")
    lines += [f"    {end}" for end in ends]
    return "\n".join(lines)
