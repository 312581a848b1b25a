"""Break each decision on purpose, one at a time, and name those that no quick test notices. `make mutate` runs it.

Usage: python -m scripts.mutate [MODULE ...]   (teams_numbers.lifecycle; without any: all decision modules)
"""

import ast
import copy
import importlib.abc
import importlib.machinery
import os
import signal
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from types import CodeType

ROOT = Path(__file__).parent.parent
ACCEPTED = ROOT / "tests" / "mutation" / "accepted.toml"
MODULES = tuple(
    f"teams_numbers.{name}"
    for name in ("lifecycle", "orders", "wishes", "look", "deadline", "replacement", "standings", "in_flight")
)
#: The quick tests that must notice.
TESTS = ("tests/decisions/test_lifecycle.py", "tests/decisions/test_careful.py")
_TIMEOUT_SECONDS = 60
_AT_ONCE = 2
_SWAPS: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
}


def variants(node: ast.AST) -> Iterator[ast.AST]:  # noqa: C901 - one case for each kind of node
    """Return a node's mutations: turned around, off by one, dropped, replaced."""
    match node:
        case ast.Compare(ops=[op]) if type(op) in _SWAPS:
            yield ast.Compare(node.left, [_SWAPS[type(op)]()], node.comparators)
        case ast.BoolOp(op=op, values=values):
            yield ast.BoolOp(ast.Or() if isinstance(op, ast.And) else ast.And(), values)
            if len(values) > 1:
                yield ast.BoolOp(op, values[:-1]) if len(values) > 2 else values[0]  # noqa: PLR2004 - two operands
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            yield operand
        case ast.BinOp(op=ast.Add()):
            yield ast.BinOp(node.left, ast.Sub(), node.right)
        case ast.BinOp(op=ast.Sub()):
            yield ast.BinOp(node.left, ast.Add(), node.right)
        case ast.Constant(value=bool() as value):
            yield ast.Constant(not value)
        case ast.Constant(value=int() | float() as number):
            yield ast.Constant(number + 1)
        case ast.If(test=test):
            yield ast.If(ast.UnaryOp(ast.Not(), test), node.body, node.orelse)
        case ast.Return(value=ast.expr() as value) if not isinstance(value, ast.Constant):
            yield ast.Return(ast.Constant(None))
        case ast.Assign(targets=[ast.Attribute()]) | ast.AugAssign() | ast.Expr(value=ast.Call()):
            yield ast.Pass()


def mutants(tree: ast.Module) -> Iterator[tuple[str, ast.Module]]:
    """Return each mutation of a module: its name and the broken module."""
    for outer in ast.walk(tree):
        if not isinstance(outer, ast.FunctionDef):
            continue
        for path in _paths(outer):
            for variant in variants(_at(outer, path)):
                name = f"{outer.name}: {_said(_at(outer, path))} -> {_said(variant)}"
                broken = copy.deepcopy(tree)
                twin = next(n for n in ast.walk(broken) if isinstance(n, ast.FunctionDef) and n.lineno == outer.lineno)
                field, index = path[-1]
                parent = _at(twin, path[:-1])
                if index is None:
                    setattr(parent, field, variant)
                else:
                    getattr(parent, field)[index] = variant
                yield name, ast.fix_missing_locations(broken)


type _Path = tuple[tuple[str, int | None], ...]


def _paths(node: ast.AST, before: _Path = ()) -> Iterator[_Path]:
    skipped = (
        {"decorator_list", "args", "returns", "annotation"} if isinstance(node, ast.FunctionDef) else {"annotation"}
    )
    for field, value in ast.iter_fields(node):
        if field in skipped:
            continue
        for index, child in enumerate(value) if isinstance(value, list) else [(None, value)]:
            if isinstance(child, ast.AST) and not isinstance(child, ast.FunctionDef):
                path = (*before, (field, index))
                yield path
                yield from _paths(child, path)


def _at(node: ast.AST, path: _Path) -> ast.AST:
    for field, index in path:
        value = getattr(node, field)
        node = value if index is None else value[index]
    return node


def _said(node: ast.AST) -> str:
    text = f"if {ast.unparse(node.test)}" if isinstance(node, ast.If) else ast.unparse(node)
    return " ".join(text.split())[:120]


class _Broken(importlib.abc.MetaPathFinder, importlib.abc.InspectLoader):
    """Imports one module in its broken form."""

    def __init__(self, module: str, code: CodeType) -> None:
        self._module, self._code = module, code

    def find_spec(self, name: str, *_: object) -> importlib.machinery.ModuleSpec | None:
        """Find the broken module alone."""
        return importlib.machinery.ModuleSpec(name, self) if name == self._module else None

    def get_code(self, fullname: str) -> CodeType | None:
        """Return the broken code."""
        return self._code if fullname == self._module else None

    def get_source(self, fullname: str) -> str | None:
        """Return no source."""


def begin(module: str, code: CodeType | None) -> int:
    """Begin the quick tests with a module broken, or with none; return the process that runs them."""
    child = os.fork()
    if child == 0:
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        os.dup2(1, 2)
        signal.alarm(_TIMEOUT_SECONDS)
        import pytest  # noqa: PLC0415 - in the child alone

        if code is not None:
            sys.meta_path.insert(0, _Broken(module, code))
        os._exit(int(pytest.main(["-x", "-q", "-n", "0", "-p", "no:cacheprovider", *TESTS])))
    return child


def survivors(module: str, named: list[tuple[str, ast.Module]]) -> Iterator[str]:
    """Return the mutations with which the quick tests pass."""
    running: dict[int, str] = {}
    waiting = list(reversed(named))
    while waiting or running:
        while waiting and len(running) < _AT_ONCE:
            name, tree = waiting.pop()
            running[begin(module, compile(tree, module, "exec"))] = name
        child, status = os.wait()
        name = running.pop(child)
        if status == 0:
            yield name


def main(modules: tuple[str, ...]) -> int:
    """Run all mutations of some modules; print the survivors; return 1 where one has no reason."""
    if os.waitpid(begin("", None), 0)[1] != 0:
        print("the quick tests fail on the product as it is: nothing can be said of mutations")
        return 1
    accepted = tomllib.loads(ACCEPTED.read_text())
    bad = total = 0
    for module in modules:
        tree = ast.parse((ROOT / f"{module.replace('.', '/')}.py").read_text())
        named = list(mutants(tree))
        left = [f"{module.rpartition('.')[2]}.{name}" for name in survivors(module, named)]
        total += len(named)
        without_reason = [name for name in left if name not in accepted]
        bad += len(without_reason)
        for name in without_reason:
            print(f"survives: {name}", flush=True)
        print(f"{module}: {len(named)} mutations, {len(left)} survive", flush=True)
    print(f"{total} mutations, {bad} survive without a reason")
    return int(bad > 0)


if __name__ == "__main__":
    sys.exit(main(tuple(sys.argv[1:]) or MODULES))
