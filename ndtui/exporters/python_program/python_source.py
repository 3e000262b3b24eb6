"""A whole program: what it says of itself, its imports, its tables, and of the code what these need."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from string import Template

from ndtui.analysis.check.finding import Finding
from ndtui.backends.wfp.struct_sizes import SIZES
from ndtui.exporters.policy_program.object_kinds import ObjectKind, kinds_of
from ndtui.exporters.policy_program.program_head import Head, head_lines
from ndtui.exporters.policy_program.program_lookups import Lookups, Root
from ndtui.exporters.policy_program.program_objects import Objects, declare
from ndtui.exporters.python_program import python_engine_code as engine_code
from ndtui.exporters.python_program import python_lookup_code as lookup_code
from ndtui.exporters.python_program.python_imports import PACKAGES, imports_of, names_in
from ndtui.exporters.python_program.python_language import PythonLanguage, call, list_of
from ndtui.exporters.python_program.python_literals import in_the_docstring, text_literal
from ndtui.model.compiled.objects import FilterSet
from ndtui.model.vocabulary import members, number_of

_NEEDS = (
    "It takes Python 3.11 or later, and Microsoft's metadata as ctypes:",
    f"  python -m pip install {' '.join(PACKAGES)}",
    f"of these versions or later: {', '.join(PACKAGES.values())}.",
)


def source_of(filterset: FilterSet, told: Sequence[Finding] = ()) -> str:
    """Return the program that installs and removes a filter set; ``told`` stands at its head."""
    language = PythonLanguage()
    made = declare(filterset, language)
    tables = [f"{name} = {list_of(rows)}" for name, rows in _looked_up(made.lookups)]
    code = [each.strip("\n") for each in _code(language, made, dynamic=filterset.design.lifetime == "dynamic")]
    used = language.used.union(*map(names_in, (*tables, *code)))
    sizes = _sizes(used)
    definitions = [each.strip("\n") for each in _definitions(used)]
    used |= set().union(*map(names_in, definitions))
    head = head_lines(filterset, Head("python policy.py", _NEEDS, in_the_docstring, made.lookups.variables, told))
    return _joined(
        (
            '"""' + "\n".join(head) + '\n"""',
            imports_of(used),
            *_macros(language),
            *definitions,
            "# ---- The policy. ----",
            f"POLICY_NAME = {text_literal(filterset.design.name)}",
            *language.lines,
            *tables,
            "# ---- The program. ----",
            sizes,
            *code,
        )
    )


def _joined(parts: Iterable[str]) -> str:
    """Return a module of its parts: a function or class stands between two empty lines, all else behind one."""
    pieces: list[str] = []
    defined = False
    for part in parts:
        defines = part.startswith(("def ", "class "))
        pieces += ["\n\n\n" if defines or defined else "\n\n", part]
        defined = defines or "\ndef " in part or "\nclass " in part
    return "".join([*pieces[1:], "\n"])


def _macros(language: PythonLanguage) -> Iterator[str]:
    lines = [f"{name} = {number}\n" for name, number in sorted(language.macros.items())]
    if lines:
        yield f"# Windows' constants that win32more does not have: fwpmu.h.\n{''.join(lines)}".rstrip("\n")


def _definitions(used: Collection[str]) -> Iterator[str]:
    """Yield what the tables are made with: rows, and functions, of which one may need another."""
    yield from (text for name, text in lookup_code.ROWS.items() if name in used)
    wanted = {*used, *(["blob"] if "wide_blob" in used else ())}
    wanted |= {"fill"} if "blob" in wanted else set()
    yield from (text for name, text in lookup_code.MAKERS.items() if name in wanted)


def _looked_up(lookups: Lookups) -> Iterator[tuple[str, Sequence[str]]]:
    """Yield the tables of what is looked up that there are: the name, and the rows."""
    tables = (
        ("SECRETS", [_row("Secret", each.variable, each.place, each.context) for each in lookups.secrets]),
        ("ROOTS", [_root(each) for each in lookups.roots]),
        ("DESCRIPTORS", [_row("Descriptor", each.sddl, each.place) for each in lookups.descriptors]),
        ("PROGRAMS", [_row("Program", each.path, each.place) for each in lookups.programs]),
    )
    yield from ((name, rows) for name, rows in tables if rows)


def _row(name: str, text: str, place: str, *context: str) -> str:
    return call(name, [text_literal(text), place, *map(text_literal, context)])


def _root(root: Root) -> str:
    said = [
        f"reference={text_literal(root.reference)}",
        f"name={root.place}",
        f"context={text_literal(root.context)}",
        f'thumbprint="{root.thumbprint.hex()}"' if root.thumbprint else f"subject={root.subject}",
        *(["intermediate=True"] if root.intermediate else ()),
    ]
    return call("Root", said)


def _sizes(used: Collection[str]) -> str:
    rows = "".join(f"    {name}: {sizes},\n" for name, sizes in sorted(SIZES.items()) if name in used)
    return (
        "#: Sizes of structures in bytes, where pointers have 64 bits and where they have 32: fwpmtypes.h,\n"
        f"#: fwptypes.h, iketypes.h, ipsectypes.h.\nSIZES: dict[Any, tuple[int, int]] = {{\n{rows}}}"
    )


def _code(language: PythonLanguage, made: Objects, *, dynamic: bool) -> Iterator[str]:
    errors = "\n".join(f"    {name} = 0x{number_of(name):08X}" for name in members("FWP_E"))
    yield Template(engine_code.REPORTING).substitute(
        ERRORS=errors,
        NOT_THERE="" if dynamic else engine_code.NOT_THERE,
        GONE="" if dynamic else engine_code.GONE,
    )
    steps, ends = [], []
    for wanted, text, step, end in _lookups(made.lookups):
        if wanted:
            yield text
            steps.append(step)
            ends += [end] if end else []
    kinds = kinds_of(made)
    if "filters" in made.tables:
        yield engine_code.FILTER
    if not dynamic:
        yield Template(engine_code.DELETE).substitute(LOOPS="".join(_delete_loop(*each) for each in reversed(kinds)))
    yield Template(engine_code.ADD).substitute(LOOPS="".join(_add_loop(*each) for each in kinds))
    if dynamic:
        yield engine_code.STAY
    yield Template(engine_code.TRANSACTION).substitute(
        WITH_INSTALL="" if dynamic else ", *, install: bool",
        CHANGES=engine_code.ADD_ALONE if dynamic else engine_code.REPLACE,
    )
    yield Template(engine_code.RUN).substitute(
        INSTALL="" if dynamic else "install: bool, ",
        GIVEN="" if dynamic else ", install=install",
        SESSION_FLAGS=language.number("FWPM_SESSION_FLAG_DYNAMIC") if dynamic else "0",
        AFTERWARDS=engine_code.STAYS if dynamic else engine_code.SAID,
    )
    yield engine_code.SIZES
    yield _main(steps, ends, dynamic=dynamic)


def _lookups(lookups: Lookups) -> Iterator[tuple[bool, str, str, str]]:
    """Yield for each kind of look-up whether there is any, its code, and the functions that do it and end it."""
    yield bool(lookups.descriptors), lookup_code.DESCRIPTORS, "convert_descriptors", ""
    yield bool(lookups.programs), lookup_code.PROGRAMS, "name_programs", ""
    yield bool(lookups.roots), lookup_code.ROOTS, "find_roots", ""
    yield bool(lookups.secrets), lookup_code.SECRETS, "read_secrets", "wipe_secrets"


def _delete_loop(table: str, kind: ObjectKind) -> str:
    text = engine_code.DELETE_ROWS if table == "filters" else engine_code.DELETE_LOOP
    return Template(text).substitute(table=table.upper(), kind=kind.words, key=kind.key, function=kind.delete)


def _add_loop(table: str, kind: ObjectKind) -> str:
    text = engine_code.ADD_ROWS if table == "filters" else engine_code.ADD_LOOP
    rest = "None, None" if kind.numbered else "None"
    return Template(text).substitute(table=table.upper(), kind=kind.words, function=kind.add, rest=rest)


def _main(steps: Sequence[str], ends: Sequence[str], *, dynamic: bool) -> str:
    indentation = " " * (8 if dynamic else 12)
    called = "".join(f"{indentation}{step}()\n" for step in steps)
    return Template(engine_code.MAIN).substitute(
        REFUSALS=engine_code.NOTHING_TO_REMOVE if dynamic else "",
        STEPS=called if dynamic or not steps else f"        if install:\n{called}",
        GIVEN="" if dynamic else "install=install, ",
        ENDS="    finally:\n" + "".join(f"        {end}()\n" for end in ends) if ends else "",
    )
