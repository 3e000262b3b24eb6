"""A whole program: what it says of itself, its declarations, and of the code what these declarations need."""

from collections.abc import Iterable, Iterator, Sequence
from string import Template

from ndtui.analysis.check.finding import Finding
from ndtui.exporters.c_program import c_engine_code, c_lookup_code
from ndtui.exporters.c_program.c_language import CLanguage
from ndtui.exporters.c_program.c_literals import in_a_comment, narrow, wide
from ndtui.exporters.policy_program.object_kinds import ObjectKind, kinds_of
from ndtui.exporters.policy_program.program_head import Head, head_lines
from ndtui.exporters.policy_program.program_lookups import Lookups, Root
from ndtui.exporters.policy_program.program_objects import Objects, declare
from ndtui.model.compiled.objects import FilterSet
from ndtui.model.vocabulary import members

_NEEDS = (
    "Compile with Microsoft's compiler or with mingw-w64:",
    "  cl /W4 policy.c",
    "  x86_64-w64-mingw32-gcc -Wall -Wextra -Werror -o policy.exe policy.c -lfwpuclnt -ladvapi32 -lcrypt32",
)


def source_of(filterset: FilterSet, told: Sequence[Finding] = ()) -> str:
    """Return the program that installs and removes a filter set; ``told`` stands at its head."""
    language = CLanguage()
    made = declare(filterset, language)
    lookups, dynamic = made.lookups, filterset.design.lifetime == "dynamic"
    code = "".join(_code(language, made, dynamic=dynamic))  # it asks for constants of its own
    names = "".join(f'    {{{language.number(each)}, L"{each}"}},\n' for each in members("FWP_E"))
    head = head_lines(filterset, Head("policy", _NEEDS, in_a_comment, lookups.variables, told))
    parts = (
        "/*\n" + "\n".join(f" * {line}".rstrip() for line in head) + "\n */",
        c_engine_code.INCLUDES,
        _section("Windows' constants, each under its own name behind ND_."),
        language.constants(),
        *((c_lookup_code.NEWER_TYPES.strip("\n"),) if "newer_contexts" in made.tables else ()),
        *((c_lookup_code.ROOT_TYPES.strip("\n"), c_lookup_code.ROOT_TABLE.strip("\n")) if lookups.roots else ()),
        _section("The policy."),
        f"static WCHAR policy_name[] = {wide(filterset.design.name)};",
        *language.lines,
        *_tables(lookups),
        _section("The program."),
        f"static const struct {{\n    DWORD number;\n    const WCHAR *name;\n}} error_names[] = {{\n{names}}};",
    )
    return "\n\n".join(part.strip("\n") for part in parts) + "\n" + code


def _section(title: str) -> str:
    return f"/* ---- {title} ---- */"


def _tables(lookups: Lookups) -> Iterator[str]:
    """Yield the tables of what is looked up."""
    secrets = [f"{{{wide(each.variable)}, &{each.place}, {wide(each.context)}}}" for each in lookups.secrets]
    descriptors = [f"{{{wide(each.sddl)}, &{each.place}}}" for each in lookups.descriptors]
    programs = [f"{{{wide(each.path)}, &{each.place}}}" for each in lookups.programs]
    for name, columns, rows in (
        ("secrets", "const WCHAR *variable; FWP_BYTE_BLOB *key; const WCHAR *context;", secrets),
        ("descriptors", "const WCHAR *sddl; FWP_BYTE_BLOB *blob;", descriptors),
        ("programs", "const WCHAR *path; FWP_BYTE_BLOB *blob;", programs),
    ):
        if rows:
            fields = "".join(f"    {column.strip()};\n" for column in columns.split(";") if column)
            yield _table(f"static const struct {{\n{fields}}} {name}", rows)
    if lookups.roots:
        yield _table("static const struct root roots_wanted", map(_root, lookups.roots))


def _root(root: Root) -> str:
    below = "TRUE" if root.intermediate else "FALSE"
    found_by = f"NULL, {root.subject}, {root.part_count}"
    if root.thumbprint:
        found_by = f"(const UINT8 *){narrow(root.thumbprint)}, NULL, 0"
    return f"{{{wide(root.reference)}, {below}, {found_by}, &{root.place}, {wide(root.context)}}}"


def _table(head: str, rows: Iterable[str]) -> str:
    return f"{head}[] = {{\n" + "".join(f"    {row},\n" for row in rows) + "};"


def _code(language: CLanguage, made: Objects, *, dynamic: bool) -> Iterator[str]:
    for name in _ASKED:
        language.number(name)
    yield c_engine_code.REPORTING
    steps, ends = [], []
    for wanted, text, step, end in _lookups(made):
        if wanted:
            yield text
            steps += [step] if step else []
            ends += [end] if end else []
    kinds = kinds_of(made)
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
        SESSION_FLAGS=language.number("FWPM_SESSION_FLAG_DYNAMIC") if dynamic else "0",
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
    yield "newer_contexts" in made.tables, c_lookup_code.NEWER_FUNCTION, "find_newer_function()", ""
    yield bool(lookups.descriptors), c_lookup_code.DESCRIPTORS, "convert_descriptors()", "free_descriptors();"
    yield bool(lookups.programs), c_lookup_code.PROGRAMS, "name_programs()", "forget_programs();"
    yield bool(lookups.roots), c_lookup_code.ROOTS, "find_roots()", "forget_roots();"
    yield bool(lookups.secrets), c_lookup_code.SECRETS, "read_secrets()", "wipe_secrets();"


def _with_loops(text: str, loops: Sequence[str]) -> str:
    variable = "    size_t at;\n" if loops else ""
    return Template(text).substitute(LOOP_VARIABLE=variable, LOOPS="".join(loops))


def _delete_loop(table: str, kind: ObjectKind) -> str:
    return Template(c_engine_code.DELETE_LOOP).substitute(
        kind=kind.words, array=table, key=kind.key, function=kind.delete
    )


def _add_loop(table: str, kind: ObjectKind) -> str:
    add = "add_newer_context" if table == "newer_contexts" else kind.add  # found when the program runs
    identity = ", NULL" if kind.numbered else ""
    return Template(c_engine_code.ADD_LOOP).substitute(kind=kind.words, array=table, function=add, identity=identity)


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
