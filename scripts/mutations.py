"""The ways in which a decision can be broken: one change of a module's syntax tree at a time. Pure."""

import ast
import copy
import re
from collections.abc import Iterator
from dataclasses import dataclass

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
_OPERATORS: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Div,
    ast.Div: ast.Mult,
    ast.BitOr: ast.BitAnd,
    ast.BitAnd: ast.BitOr,
}
_OTHER_WORDS = {"max": "min", "min": "max", "any": "all", "all": "any"}
#: Arguments that only tell people something.
_TOLD = frozenset({"description", "title"})
#: A text of one word is a code or a name that something branches on; a sentence is told to people.
_CODE = re.compile(r"[A-Za-z]\w*")

type _Path = tuple[tuple[str, int | None], ...]


@dataclass(frozen=True, slots=True)
class Mutation:
    """A module, broken at one place.

    Attributes:
        name: function, what stood there and what stands there now: stays the same where lines move.
        line: where it begins.
        lines: of which one must have run for it to matter: its own, then those around it up to the statement's.
        inside: it is in a function's body; else it matters when the module is imported.
        path: where it is in the module's tree.
        variant: what stands there now.
    """

    name: str
    line: int
    lines: tuple[range, ...]
    inside: bool
    path: _Path
    variant: ast.AST

    def broken(self, tree: ast.Module) -> ast.Module:
        """Return the module with this change."""
        broken = copy.deepcopy(tree)
        field, index = self.path[-1]
        parent, variant = _at(broken, self.path[:-1]), copy.deepcopy(self.variant)
        old = _at(broken, self.path)
        if hasattr(old, "lineno"):
            ast.copy_location(variant, old)
        if index is None:
            setattr(parent, field, variant)
        else:
            getattr(parent, field)[index] = variant
        return ast.fix_missing_locations(broken)


def variants(node: ast.AST) -> Iterator[ast.AST]:  # noqa: C901, PLR0912 - one case for each kind of node
    """Return a node's mutations: turned around, off by one, dropped, replaced."""
    match node:
        case ast.Compare(ops=[op]) if type(op) in _SWAPS:
            yield ast.Compare(node.left, [_SWAPS[type(op)]()], node.comparators)
        case ast.BoolOp(op=op, values=values):
            yield ast.BoolOp(ast.Or() if isinstance(op, ast.And) else ast.And(), values)
            for index in range(len(values)):
                yield _joined(op, values[:index] + values[index + 1 :])
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            yield operand
        case ast.BinOp(op=op) if type(op) in _OPERATORS:
            yield ast.BinOp(node.left, _OPERATORS[type(op)](), node.right)
        case ast.Constant(value=bool() as value):
            yield ast.Constant(not value)
        case ast.Constant(value=int() | float() as number):
            yield ast.Constant(number + 1)
        case ast.Constant(value=str() as text) if _CODE.fullmatch(text):
            yield ast.Constant(f"{text}X")
        case ast.IfExp(test=test, body=body, orelse=orelse):
            yield ast.IfExp(test, orelse, body)
        case ast.If(test=test):
            yield ast.If(ast.UnaryOp(ast.Not(), test), node.body, node.orelse)
        case ast.match_case(pattern=pattern, guard=guard, body=body):
            if guard is not None:
                yield ast.match_case(pattern, None, body)
            yield ast.match_case(pattern, ast.Constant(value=False), body)
        case ast.MatchOr(patterns=[first, *rest]):
            for left in [first, *rest]:
                kept = [pattern for pattern in [first, *rest] if pattern is not left]
                yield ast.MatchOr(kept) if len(kept) > 1 else kept[0]
        case ast.comprehension(ifs=[_, *_]):
            yield ast.comprehension(node.target, node.iter, [], node.is_async)
        case ast.Set(elts=[_, _, *_]) | ast.Tuple(elts=[_, _, *_], ctx=ast.Load()) | ast.List(elts=[_, _, *_]):
            for index in range(len(node.elts)):
                yield type(node)(node.elts[:index] + node.elts[index + 1 :])
        case ast.Call(func=ast.Name(id=name)) if name in _OTHER_WORDS:
            yield ast.Call(ast.Name(_OTHER_WORDS[name], ast.Load()), node.args, node.keywords)
        case ast.Call(keywords=[_, *_]):
            for index, keyword in enumerate(node.keywords):
                if keyword.arg in _TOLD:
                    continue
                yield ast.Call(node.func, node.args, node.keywords[:index] + node.keywords[index + 1 :])
        case ast.Return(value=ast.expr() as value) if not isinstance(value, ast.Constant):
            yield ast.Return(ast.Constant(None))
        case ast.Assign(targets=[ast.Attribute()]) | ast.AugAssign() | ast.Expr(value=ast.Call()) | ast.Raise():
            yield ast.Pass()


def mutations(tree: ast.Module) -> Iterator[Mutation]:
    """Return each mutation of a module, each under a name of its own."""
    names: dict[str, int] = {}
    for path in _paths(tree):
        node, parent = _at(tree, path), _at(tree, path[:-1])
        if isinstance(parent, ast.Set) and len(parent.elts) > 1 and isinstance(node, ast.Constant):
            continue  # leaving it out says as much
        for variant in variants(node):
            around = [_at(tree, path[:depth]) for depth in range(len(path), 0, -1)]
            functions = [outer.name for outer in around if isinstance(outer, ast.FunctionDef | ast.ClassDef)]
            inside = any(isinstance(outer, ast.FunctionDef) for outer in around[1:])
            before, after = _said(node), _said(variant)
            name = f"{'.'.join(reversed(functions)) or '(module)'}: {before} -> {after}"
            names[name] = names.get(name, 0) + 1
            name += f" ({names[name]})" if names[name] > 1 else ""
            statement = next((depth for depth, outer in enumerate(around) if isinstance(outer, ast.stmt)), 0)
            lines = tuple(_lines(outer) for outer in around[: statement + 1])
            yield Mutation(name, _line(around), lines, inside, path, variant)


def _joined(op: ast.boolop, values: list[ast.expr]) -> ast.expr:
    return ast.BoolOp(op, values) if len(values) > 1 else values[0]


def _paths(node: ast.AST, before: _Path = ()) -> Iterator[_Path]:
    """Return the way to each node that can matter: not into decorators, told texts, annotations without a bound."""
    skipped = {"ctx", "annotation", "returns", "decorator_list", "type_params", "names"}
    if isinstance(node, ast.FunctionDef):
        skipped |= {"args"}
    if isinstance(node, ast.JoinedStr | ast.ImportFrom | ast.Import | ast.TypeAlias):
        return
    if isinstance(node, ast.AnnAssign):
        yield from _bounds(node.annotation, (*before, ("annotation", None)))
    for field, value in ast.iter_fields(node):
        if field in skipped:
            continue
        for index, child in enumerate(value) if isinstance(value, list) else [(None, value)]:
            if isinstance(child, ast.AST):
                path = (*before, (field, index))
                yield path
                yield from _paths(child, path)


def _bounds(node: ast.AST, before: _Path) -> Iterator[_Path]:
    """Return the way to each node of a bound in an annotation, such as `Annotated[str, Field(max_length=64)]`."""
    if isinstance(node, ast.Call):
        yield from _paths(node, before)
        return
    for field, value in ast.iter_fields(node):
        for index, child in enumerate(value) if isinstance(value, list) else [(None, value)]:
            if isinstance(child, ast.AST):
                yield from _bounds(child, (*before, (field, index)))


def _at(node: ast.AST, path: _Path) -> ast.AST:
    for field, index in path:
        value = getattr(node, field)
        node = value if index is None else value[index]
    return node


def _lines(node: ast.AST) -> range:
    if isinstance(node, ast.match_case):
        node = node.pattern
    first: int = getattr(node, "lineno", 0)
    last = node.test.end_lineno if isinstance(node, ast.If) else getattr(node, "end_lineno", None)
    return range(first, (last or first) + 1)


def _line(around: list[ast.AST]) -> int:
    return next((node.lineno for node in around if isinstance(node, ast.stmt | ast.expr | ast.pattern)), 1)


def _said(node: ast.AST) -> str:
    match node:
        case ast.If(test=test):
            text = f"if {ast.unparse(test)}"
        case ast.match_case(pattern=pattern, guard=guard):
            text = f"case {ast.unparse(pattern)}" + (f" if {ast.unparse(guard)}" if guard else "")
        case _:
            text = ast.unparse(node)
    return " ".join(text.split())[:120]
