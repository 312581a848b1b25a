"""Runs the quick tests against one broken form of a module after the other; each in a process of its own.

`warm` collects the tests once and forks for each mutation: the child swaps the code of the one function that is broken
and runs only the tests that reach its lines. `cold` imports the whole module in its broken form: for what matters at
import.
"""

import ast
import functools
import gc
import importlib
import importlib.abc
import importlib.machinery
import os
import signal
import sys
import time
import warnings
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from types import CodeType, FunctionType

import pytest
from _pytest.runner import runtestprotocol

from scripts.mutations import Mutation

_AT_ONCE = os.process_cpu_count() or 1
_LEAST_SECONDS, _COLD_SECONDS = 10, 60
_QUIET = ("-q", "-s", "-n", "0", "-p", "no:cacheprovider", "--timeout=0", "--hypothesis-seed=0")
#: What the product and its tests import, slowly: once for all.
_LIBRARIES = ("azure.identity", "azure.storage.queue", "phonenumbers", "pydantic", "pydantic_settings", "requests")
_TOOL = sys.monitoring.COVERAGE_ID


class FailingTestsError(Exception):
    """The tests fail on the product as it is: nothing can be said of mutations."""


def cold(
    module: str, path: Path, tree: ast.Module, found: list[Mutation], tests: tuple[str, ...]
) -> Iterator[Mutation]:
    """Return the mutations with which the tests pass where the module is imported broken.

    Raises:
        FailingTestsError: the tests do not even pass unbroken.
    """
    for library in _LIBRARIES:
        importlib.import_module(library)

    def run(mutation: Mutation | None) -> bool:
        form = mutation.broken(tree) if mutation else tree
        sys.meta_path.insert(0, _Broken(module, compile(form, str(path), "exec")))
        return pytest.main(["-x", *_QUIET, *tests]) == 0

    if found and os.waitpid(_fork(run, None, _COLD_SECONDS), 0)[1] != 0:
        raise FailingTestsError
    yield from _passed(run, found, _COLD_SECONDS)


def warm(
    module: str, path: Path, tree: ast.Module, found: list[Mutation], tests: tuple[str, ...]
) -> Iterator[tuple[Mutation, bool]]:
    """Return the mutations with which the tests pass where a function is broken; whether any test reaches it.

    Raises:
        FailingTestsError: the tests do not even pass unbroken.
    """
    runs = _Runs(module, path, tree, found)
    with _silent():
        pytest.main([*_QUIET, *tests], plugins=[runs])
    if not runs.passed:
        raise FailingTestsError
    yield from runs.survivors


class _Runs:
    """A pytest plugin that takes the place of its loop over the tests."""

    def __init__(self, module: str, path: Path, tree: ast.Module, found: list[Mutation]) -> None:
        self._module, self._path, self._tree, self._found = module, path, tree, found
        self.passed = False
        self.survivors: list[tuple[Mutation, bool]] = []

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Run all tests once and note what they reach; then run those that reach a mutation, for each."""
        importlib.import_module(self._module)  # a test may import it only while it runs
        reached, seconds = _reached(session.items, self._module, str(self._path))
        self.passed = bool(session.items) and reached is not None
        if reached is None:
            return True
        functions, caches = _functions(str(self._path)), _caches()
        wanted = {id(one): _wanted(one, reached) for one in self._found}
        self.survivors = [(one, False) for one in self._found if not wanted[id(one)]]

        def run(mutation: Mutation) -> bool:
            _swap(compile(mutation.broken(self._tree), str(self._path), "exec"), functions)
            for cache in caches:
                cache.cache_clear()
            return all(_passes(item) for item in wanted[id(mutation)])

        there = [one for one in self._found if wanted[id(one)]]
        self.survivors += [(one, True) for one in _passed(run, there, max(_LEAST_SECONDS, 5 * seconds))]
        return True


def _reached(
    items: list[pytest.Item], module: str, path: str
) -> tuple[list[tuple[pytest.Item, frozenset[int]]] | None, float]:
    """Return which lines of a file each test runs, the quickest first, and how long all took; None where one fails."""
    own = [cache for cache in _caches() if cache.__module__ == module]
    lines: set[int] = set()

    def line(code: CodeType, number: int) -> object:
        if code.co_filename == path:
            lines.add(number)
        return sys.monitoring.DISABLE

    sys.monitoring.use_tool_id(_TOOL, "mutate")
    sys.monitoring.register_callback(_TOOL, sys.monitoring.events.LINE, line)
    sys.monitoring.set_events(_TOOL, sys.monitoring.events.LINE)
    found: list[tuple[float, pytest.Item, frozenset[int]]] = []
    began = time.perf_counter()
    for item, following in zip(items, [*items[1:], None], strict=True):
        for cache in own:
            cache.cache_clear()  # else only the first test would run what a cache keeps
        lines.clear()
        sys.monitoring.restart_events()
        started = time.perf_counter()
        if not _passes(item, following):
            return None, 0
        found.append((time.perf_counter() - started, item, frozenset(lines)))
    sys.monitoring.set_events(_TOOL, 0)
    sys.monitoring.free_tool_id(_TOOL)
    found.sort(key=lambda one: one[0])
    return [(item, reached) for _, item, reached in found], time.perf_counter() - began


def _wanted(mutation: Mutation, reached: list[tuple[pytest.Item, frozenset[int]]]) -> list[pytest.Item]:
    """Return the tests that run a mutation: its own lines, else those around it."""
    for lines in mutation.lines:
        if items := [item for item, run in reached if not run.isdisjoint(lines)]:
            return items
    return []


def _passes(item: pytest.Item, following: pytest.Item | None = None) -> bool:
    return not any(report.failed for report in runtestprotocol(item, log=False, nextitem=following))


def _functions(path: str) -> dict[tuple[str, int], list[FunctionType]]:
    """Return all living functions that a file made, by name and line."""
    found: dict[tuple[str, int], list[FunctionType]] = {}
    for one in gc.get_objects():
        if isinstance(one, FunctionType) and one.__code__.co_filename == path:
            found.setdefault((one.__code__.co_qualname, one.__code__.co_firstlineno), []).append(one)
    return found


def _caches() -> "list[functools._lru_cache_wrapper[object]]":
    """Return the caches of all functions that are there."""
    return [one for one in gc.get_objects() if isinstance(one, functools._lru_cache_wrapper)]  # noqa: SLF001 - all caches


def _swap(code: CodeType, functions: dict[tuple[str, int], list[FunctionType]]) -> None:
    for inner in code.co_consts:
        if isinstance(inner, CodeType):
            for function in functions.get((inner.co_qualname, inner.co_firstlineno), []):
                if function.__code__ != inner:
                    function.__code__ = inner
            _swap(inner, functions)


def _passed(run: Callable[[Mutation], bool], found: Iterable[Mutation], seconds: float) -> Iterator[Mutation]:
    """Return the mutations with which a run passes; each has its own process and its own time."""
    waiting, running = list(found)[::-1], dict[int, Mutation]()
    while waiting or running:
        while waiting and len(running) < _AT_ONCE:
            mutation = waiting.pop()
            running[_fork(run, mutation, seconds)] = mutation
        child, status = os.wait()
        mutation = running.pop(child)
        if status == 0:
            yield mutation


def _fork[T](run: Callable[[T], bool], mutation: T, seconds: float) -> int:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # a thread of a library may live; it is not needed
        child = os.fork()
    if child == 0:
        status = 1
        try:
            signal.signal(signal.SIGALRM, signal.SIG_DFL)
            signal.alarm(int(seconds) + 1)
            os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
            os.dup2(1, 2)
            status = int(not run(mutation))
        finally:
            os._exit(status)
    return child


class _silent:  # noqa: N801 - used like a function
    """Keeps what pytest prints to itself."""

    def __enter__(self) -> None:
        sys.stdout.flush()
        self._before = os.dup(1)
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)

    def __exit__(self, *_: object) -> None:
        sys.stdout.flush()
        os.dup2(self._before, 1)


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
