"""Bicep files as trees: what a file declares, what it uses, what it hands to its modules."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import tree_sitter_bicep
from tree_sitter import Language, Node, Parser

ROOT = Path(__file__).parents[2]
INFRA = ROOT / "infra"
FILES = sorted(INFRA.glob("*.bicep"))

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
        """Return the declarations of a kind (parameter, variable, resource, module, output), name -> node."""
        nodes = [node for node in self.tree.children if node.type == f"{kind}_declaration"]
        return {
            text(next(child for child in node.named_children if child.type == "identifier")): node for node in nodes
        }

    def used(self) -> set[str]:
        """Return every name that an expression reads: neither what is declared nor an object's own keys."""
        return {
            text(node)
            for node in walk(self.tree)
            if node.type == "identifier"
            and node.parent is not None
            and not (node.parent.type.endswith("_declaration") and node.parent.named_children[0] == node)
            and not (node.parent.type == "object_property" and node.parent.named_children[0] == node)
        }

    def bound(self) -> set[str]:
        """Return every name that a loop or a lambda binds."""
        binders = {"loop_variable", "loop_enumerator"}
        names = {text(node) for node in walk(self.tree) if node.type in binders}
        loops = (node.child_by_field_name("initializer") for node in walk(self.tree) if node.type == "for_statement")
        lambdas = (node.named_children[0] for node in walk(self.tree) if node.type == "lambda_expression")
        return names | {text(node) for node in (*loops, *lambdas) if node}

    def strings(self) -> list[str]:
        """Return every string literal, without its quotes."""
        return [text(node) for node in walk(self.tree) if node.type == "string"]

    def variable(self, name: str) -> Node:
        """Return what a variable is set to."""
        return self.declared("variable")[name].named_children[-1]

    def errors(self) -> list[Node]:
        """Return the places that the grammar does not understand."""
        return [node for node in walk(self.tree) if node.is_error or node.is_missing]


def body(declaration: Node) -> Node:
    """Return the object that a resource or module is declared with, behind its condition or loop."""
    return next(node for node in walk(declaration) if node.type == "object")


def read(path: Path) -> File:
    """Parse one Bicep file."""
    return File(path, _parser.parse(path.read_bytes()).root_node)
