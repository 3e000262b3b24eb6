"""A small Windows for the batch file: netsh with its rules, and fltmc; what netsh refuses by its grammar is refused."""

from collections.abc import Mapping

from ndtui.exporters import exporting
from ndtui.exporters.netsh_script.netsh_script_format import NetshExporter
from ndtui.model.compiled.compile import compile_design
from ndtui.model.design.design import Design
from tests.exporters.netsh_script.batch_machine import BatchMachine, Ran
from tests.exporters.netsh_script.netsh_grammar import GrammarError, parse

FORMAT = NetshExporter()


def file_of(design: Design, *, lossy: bool = False) -> str:
    """Return a design as a batch file, as it is written.

    Raises:
        ExportError: it cannot be said.
    """
    export = exporting.export(FORMAT, compile_design(design), {}, lossy=lossy)
    assert isinstance(export.content, str)
    return export.written(export.content)


def can_be_said(design: Design) -> bool:
    """Tell whether nothing of a design is lost."""
    return not FORMAT.unsupported(compile_design(design), {})


class SmallNetsh:
    """A machine; ``refuse_after`` is how many rules can be added before netsh refuses one, ``None`` for no end."""

    def __init__(self) -> None:
        self.rules: list[tuple[str, Mapping[str, str]]] = []
        self.elevated = True
        self.refuse_after: int | None = None
        self.keeps: set[str] = set()
        self.refused: list[str] = []

    def run(self, text: str, *arguments: str, **environment: str) -> Ran:
        """Run a file with some words and variables."""
        programs = {"netsh": self._netsh, "fltmc": lambda _: (0 if self.elevated else 1, "")}
        return BatchMachine(text, programs, environment).run(*arguments)

    def of(self, context: str) -> list[Mapping[str, str]]:
        """Return the rules of a context."""
        return [said for own, said in self.rules if own == context]

    def _netsh(self, line: str) -> tuple[int, str]:
        try:
            context, verb, said = parse(line)
        except GrammarError as error:
            self.refused.append(f"{error}: {line}")
            return 1, f"{error}\r\n"
        named = [each for each in self.rules if each[0] == context and each[1]["name"] == said["name"]]
        if verb == "add":
            if self.refuse_after is not None and len(self.rules) >= self.refuse_after:
                return 1, "Angeforderter Vorgang fehlgeschlagen.\r\n"
            self.rules.append((context, said))
            return 0, "OK.\r\n"
        if not named:
            return 1, "Es stimmen keine Regeln mit den angegebenen Kriterien ueberein.\r\n"
        if verb == "delete" and said["name"] not in self.keeps:
            self.rules = [each for each in self.rules if each not in named]
        return 0, f"Regelname:                            {said['name']}\r\n"


def applied(design: Design, *, lossy: bool = False, **environment: str) -> SmallNetsh:
    """Return a machine on which the file of a design has made its rules."""
    machine = SmallNetsh()
    ran = machine.run(file_of(design, lossy=lossy), "apply", **environment)
    assert not machine.refused, machine.refused
    assert ran.status == 0, ran.errors
    return machine
