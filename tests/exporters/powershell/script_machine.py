"""A machine that runs the subset of PowerShell that the script is written in, and refuses everything else.

Written from about_Operators, about_Comparison_Operators, about_Functions and about_Try_Catch_Finally; what a command
puts out is nothing, one thing or a list, and @( ) always makes a list of it.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from tests.exporters.powershell.script_tree import Node, arguments, inner, named, string_of, words


class EndedError(Exception):
    """The script has ended with an exit status."""

    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status
        self.written: list[Any] = []


class ScriptError(Exception):
    """A cmdlet has failed, with -ErrorAction Stop in force."""


Cmdlets = Callable[[str, dict[str, Any]], list[Any]]


class ScriptMachine:
    """Runs a tree; ``cmdlets`` is asked for what is no function of the script itself."""

    def __init__(self, root: Node, cmdlets: Cmdlets, environment: Mapping[str, str], **given: Any) -> None:
        self._cmdlets = cmdlets
        self._environment = environment
        self._functions: dict[str, Node] = {}
        self._scopes: list[dict[str, Any]] = [{"true": True, "false": False, "null": None, "WhatIfPreference": False}]
        self._scopes[0]["PSCommandPath"] = r"C:\Users\Operator\policy.ps1"
        self._error: Exception | None = None
        self._root = root
        self._given = given

    def run(self) -> tuple[int, list[Any]]:
        """Return the exit status and what was written."""
        written: list[Any] = []
        try:
            for child in named(self._root):
                if child.type == "param_block":
                    self._parameters(child)
                elif child.type != "comment":
                    written += self._statement(child, written)
        except EndedError as end:
            return end.status, [*written, *end.written]
        return 0, written

    def _parameters(self, block: Node) -> None:
        for parameter in named(named(block)[-1]) if block.type == "param_block" else ():
            if parameter.type == "script_parameter":
                name = next(words(each)[1:] for each in parameter.children if each.type == "variable")
                default = next(each for each in parameter.children if each.type == "script_parameter_default")
                self._scopes[0][name] = self._value(named(default)[0])
        for name, value in self._given.items():
            assert name in self._scopes[0], name
            self._scopes[0][name] = value

    # -- statements ------------------------------------------------------------------------------------------------

    def _block(self, node: Node, into: list[Any]) -> list[Any]:
        for child in named(node):
            if child.type != "comment":
                into += self._statement(child, into)
        return []

    def _statement(self, node: Node, into: list[Any]) -> list[Any]:
        """Run a statement; what it puts out is returned, or has been added to ``into`` where it was a block."""
        node = inner(node)
        kind = node.type
        if kind in ("statement_list", "script_block", "script_block_body"):
            return self._block(node, into)
        if kind == "function_statement":
            name = next(words(each) for each in node.children if each.type == "function_name")
            self._functions[name] = node
            return []
        if kind == "assignment_expression":
            self._assign(node)
            return []
        if kind == "if_statement":
            return self._if(node, into)
        if kind == "foreach_statement":
            return self._foreach(node, into)
        if kind == "try_statement":
            return self._try(node, into)
        if kind == "flow_control_statement":
            self._leave(node)
        return self._output(node)

    def _leave(self, node: Node) -> None:
        keyword = words(node.children[0])
        if keyword == "exit":
            raise EndedError(self._value(named(node)[0]))
        assert keyword == "throw", words(node)
        assert self._error is not None, "throw outside of catch"
        raise self._error

    def _assign(self, node: Node) -> None:
        left, operator, right = node.children
        name = words(left)
        assert re.fullmatch(r"\$[A-Za-z0-9]+", name), name
        value = self._collected(right)
        if words(operator) == "+=":
            before = self._variable(name)
            assert isinstance(before, list), name
            value = [*before, *(value if isinstance(value, list) else [value])]
        self._scopes[-1][name[1:]] = value

    def _if(self, node: Node, into: list[Any]) -> list[Any]:
        condition = None
        for child in node.children:
            if child.type == "statement_block":
                if _true(self._collected(condition)):
                    return self._block(child, into)
            elif child.type == "elseif_clauses":
                for clause in named(child):
                    inside = named(clause)
                    if _true(self._collected(inside[0])):
                        return self._block(inside[1], into)
            elif child.type == "else_clause":
                return self._block(named(child)[0], into)
            elif child.is_named:
                condition = child
        return []

    def _foreach(self, node: Node, into: list[Any]) -> list[Any]:
        variable, over, block = named(node)
        items = self._collected(over)
        for item in items if isinstance(items, list) else [items]:
            self._scopes[-1][words(variable)[1:]] = item
            self._block(block, into)
        return []

    def _try(self, node: Node, into: list[Any]) -> list[Any]:
        block = next(each for each in node.children if each.type == "statement_block")
        catches = next(each for each in node.children if each.type == "catch_clauses")
        try:
            self._block(block, into)
        except ScriptError as error:
            outer, self._error = self._error, error
            try:
                self._block(named(named(catches)[0])[0], into)
            finally:
                self._error = outer
        return []

    # -- commands and values -----------------------------------------------------------------------------------------

    def _collected(self, node: Node) -> Any:
        """Return what an expression or a pipeline is as a value: nothing, one thing or a list."""
        node = inner(node)
        if node.type in ("command", "pipeline_chain"):
            put_out = self._output(node)
            return None if not put_out else put_out[0] if len(put_out) == 1 else put_out
        return self._value(node)

    def _output(self, node: Node) -> list[Any]:
        node = inner(node)
        if node.type == "command":
            return self._command(node)
        if node.type == "pipeline_chain":
            first, *rest = named(node)
            self._command(first)
            assert [words(each) for each in rest] == ["Out-Null"], words(node)[:80]
            return []
        value = self._value(node)
        return value if isinstance(value, list) else [] if value is None else [value]

    def _command(self, node: Node) -> list[Any]:
        name = words(node.children[0])
        said = {key: True if value is None else self._collected(value) for key, value in arguments(node)}
        if name in self._functions:
            assert not said, name
            into: list[Any] = []
            self._scopes.append({})
            try:
                body = next(each for each in self._functions[name].children if each.type == "script_block")
                self._block(body, into)
            except EndedError as end:
                end.written = [*into, *end.written]
                raise
            finally:
                self._scopes.pop()
            return into
        if name == "Write-Output":
            value = said["InputObject"]
            return value if isinstance(value, list) else [value]
        return self._cmdlets(name, said)

    def _variable(self, name: str) -> Any:
        name = name.strip("${}")
        if name.startswith("env:"):
            return self._environment.get(name[4:])
        for scope in reversed(self._scopes):
            if name in scope:
                return scope[name]
        raise AssertionError(f"${name} is not set: Set-StrictMode refuses it")

    def _value(self, node: Node) -> Any:
        node = inner(node)
        evaluate = _VALUES.get(node.type)
        assert evaluate is not None, f"not of the subset: {node.type} {words(node)[:80]!r}"
        return evaluate(self, node)

    def _element(self, node: Node) -> Any:
        base, index = named(node)
        return self._value(base)[self._value(index)]

    def _unary(self, node: Node) -> Any:
        if node.child_count == 1:
            return self._value(node.children[0])
        assert words(node.children[0]) == "-not", words(node)
        return not _true(self._value(node.children[1]))

    def _array(self, node: Node) -> list[Any]:
        return [item for child in named(node) for item in self._items(child)]

    def _items(self, node: Node) -> Iterator[Any]:
        """Yield what stands in @( ): the values of its statements, and lists in it item by item."""
        node = inner(node)
        if node.type == "statement_list":
            for child in named(node):
                yield from self._items(child)
        else:
            yield from self._output(node)

    def _member(self, node: Node) -> Any:
        base, name = named(node)
        assert re.fullmatch("[A-Za-z0-9]+", words(name)), "a method is called"
        value = self._value(base)
        if words(name) == "Count":
            assert isinstance(value, list), words(node)
            return len(value)
        assert isinstance(value, dict), f"{words(node)} of {value!r}"
        assert words(name) in value, f"{words(node)}: Set-StrictMode refuses a property that is not there"
        return value[words(name)]

    def _cast(self, node: Node) -> Any:
        kind, operand = named(node)
        value = self._value(operand)
        if words(kind) == "[char]":
            return chr(value)
        assert words(kind) == "[string]", words(node)
        return _text(value)

    def _operation(self, node: Node) -> Any:
        parts = list(node.children)
        value = self._value(parts[0])
        for operator, right in zip(parts[1::2], parts[2::2], strict=True):
            sign = words(operator).lower()
            if sign in ("-and", "-or"):
                value = _true(value)
                if value is (sign == "-or"):
                    continue
                value = _true(self._value(right))
            else:
                value = _OPERATORS[sign](value, self._value(right))
        return value


def _text(value: Any) -> str:
    return "" if value is None else str(value)


def _true(value: Any) -> bool:
    if isinstance(value, list):
        return len(value) > 1 or (len(value) == 1 and _true(value[0]))
    return bool(value)


def _same(left: Any, right: Any) -> bool:
    """Compare as PowerShell does: as the left side is, and texts without case."""
    if isinstance(left, str):
        return left.casefold() == _text(right).casefold()
    return bool(left == right)


def _added(left: Any, right: Any) -> Any:
    if isinstance(left, list):
        return [*left, *(right if isinstance(right, list) else [right])]
    if isinstance(left, str):
        joined = left + _text(right)  # of UTF-16 units: two of them may be one character
        return joined.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "surrogatepass")
    return left + right


_OPERATORS: dict[str, Callable[[Any, Any], Any]] = {
    "+": _added,
    "-eq": _same,
    "-ne": lambda left, right: not _same(left, right),
    "-match": lambda left, right: re.search(right, left, re.IGNORECASE) is not None,
    "-notmatch": lambda left, right: re.search(right, left, re.IGNORECASE) is None,
    "-gt": lambda left, right: left > right,
    "-contains": lambda left, right: any(_same(each, right) for each in left),
    "-notcontains": lambda left, right: not any(_same(each, right) for each in left),
    "-replace": lambda left, right: re.sub(right[0], right[1], left, flags=re.IGNORECASE),
}

_VALUES: dict[str, Callable[[Any, Node], Any]] = {
    "string_literal": lambda _, node: string_of(node),
    "integer_literal": lambda _, node: int(words(node), 0),
    "real_literal": lambda _, node: float(words(node)),
    "variable": lambda machine, node: machine._variable(words(node)),
    "parenthesized_expression": lambda machine, node: machine._collected(named(node)[0]),
    "array_expression": ScriptMachine._array,
    "array_literal_expression": lambda machine, node: [machine._value(each) for each in named(node)],
    "member_access": ScriptMachine._member,
    "element_access": ScriptMachine._element,
    "cast_expression": ScriptMachine._cast,
    "expression_with_unary_operator": ScriptMachine._unary,
    "additive_expression": ScriptMachine._operation,
    "comparison_expression": ScriptMachine._operation,
    "logical_expression": ScriptMachine._operation,
}
