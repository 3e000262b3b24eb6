"""A script as a tree: read by tree-sitter's grammar of PowerShell, which refuses what is no PowerShell.

The grammar has a fault: a name of a parameter that holds a digit is an error to it. There are two in the script, which
are read under names without one. ``test_powershell_script`` makes sure that the fault is still there.
"""

from collections.abc import Iterator
from typing import Any

import pytest

tree_sitter = pytest.importorskip("tree_sitter", reason="the grammar of PowerShell is not installed: tree-sitter")
tree_sitter_powershell = pytest.importorskip(
    "tree_sitter_powershell", reason="the grammar of PowerShell is not installed: tree-sitter-powershell"
)

_PARSER = tree_sitter.Parser(tree_sitter.Language(tree_sitter_powershell.language()))
SPELLED = {"Phase1AuthSet": "PhaseOneAuthSet", "Phase2AuthSet": "PhaseTwoAuthSet"}
#: Nodes that stand around one other and say nothing.
_AROUND = {
    "logical_expression",
    "bitwise_expression",
    "additive_expression",
    "multiplicative_expression",
    "format_expression",
    "range_expression",
    "array_literal_expression",
    "unary_expression",
    "comparison_expression",
    "pipeline",
    "pipeline_chain",
}

Node = Any


def parsed(text: str) -> Node:
    """Return the tree of a script as it is written, with CR LF.

    Raises:
        AssertionError: the grammar finds an error; says where.
    """
    for name, other in SPELLED.items():
        text = text.replace(f" -{name} ", f" -{other} ")
    root = _PARSER.parse(text.encode()).root_node
    wrong = [f"line {node.start_point[0] + 1}: {node.text[:80]!r}" for node in nodes(root) if is_wrong(node)]
    assert not wrong, wrong[:3]
    return root


def has_error(text: str) -> bool:
    """Tell whether the grammar finds an error in a text as it stands."""
    return bool(_PARSER.parse(text.encode()).root_node.has_error)


def is_wrong(node: Node) -> bool:
    """Tell whether a node is an error, or what the grammar has put in the place of something missing."""
    return node.type == "ERROR" or node.is_missing


def nodes(node: Node) -> Iterator[Node]:
    """Yield a node and all below it, in order."""
    yield node
    for child in node.children:
        yield from nodes(child)


def inner(node: Node) -> Node:
    """Return the node that says something: without those that stand around it."""
    while node.type in _AROUND and node.child_count == 1:
        node = node.children[0]
    return node


def words(node: Node) -> str:
    """Return the text of a node."""
    text: str = node.text.decode()
    return text


def named(node: Node) -> list[Node]:
    """Return the children that are not punctuation."""
    return [child for child in node.children if child.is_named]


def string_of(node: Node) -> str:
    """Return what a single-quoted string says; PowerShell takes the typographic quotes for ' too."""
    text = words(node)
    assert text[0] == text[-1] == "'", text
    assert text.isascii(), text
    body = text[1:-1]
    assert "'" not in body.replace("''", ""), text
    return body.replace("''", "'")


def arguments(command: Node) -> list[tuple[str, Node | None]]:
    """Return the parameters of a command, each with the node of its value; every argument has a name."""
    found: list[tuple[str, Node | None]] = []
    for elements in command.children:
        if elements.type != "command_elements":
            continue
        for element in elements.children:
            if element.type == "command_argument_sep":
                continue
            if element.type == "command_parameter":
                spelled = {f"-{other}": name for name, other in SPELLED.items()}
                found.append((spelled.get(words(element), words(element)[1:]), None))
            else:
                name, value = found[-1]
                assert value is None, f"{words(command)[:80]}: an argument without a name"
                found[-1] = (name, element)
    return found
