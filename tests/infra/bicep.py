"""Bicep files as trees, for what the tests of workflows/ ask of their sources: declarations and their objects."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import tree_sitter_bicep
from tree_sitter import Language, Node, Parser

_parser = Parser(Language(tree_sitter_bicep.language()))


def text(node: Node) -> str:
    """Return the source of a node; a plain string without its quotes."""
    source = (node.text or b"").decode()
    return source[1:-1] if node.type == "string" else source


def walk(node: Node) -> Iterator[Node]:
    """Yield a node and everything below it."""
    yield node
    for child in node.children:
        yield from walk(child)


def properties(node: Node) -> dict[str, Node]:
    """Return an object's properties, name -> value."""
    pairs = (child.named_children for child in node.named_children if child.type == "object_property")
    return {text(key): value for key, value in pairs}


@dataclass(frozen=True, slots=True)
class File:
    """One parsed Bicep file."""

    path: Path
    tree: Node

    def declared(self, kind: str) -> dict[str, Node]:
        """Return the declarations of a kind (parameter, variable, resource), name -> node."""
        nodes = [node for node in self.tree.children if node.type == f"{kind}_declaration"]
        return {
            text(next(child for child in node.named_children if child.type == "identifier")): node for node in nodes
        }

    def variable(self, name: str) -> Node:
        """Return what a variable is set to."""
        return self.declared("variable")[name].named_children[-1]


def body(declaration: Node) -> Node:
    """Return the object that a resource is declared with, behind its condition or loop."""
    return next(node for node in walk(declaration) if node.type == "object")


def read(path: Path) -> File:
    """Parse one Bicep file."""
    return File(path, _parser.parse(path.read_bytes()).root_node)
