"""The function app, as Microsoft's runtime library sees it: load, index, invoke.

The library is written for a gRPC worker. It touches requests and responses by attribute only, so plain namespaces stand
in for the protobuf messages, and its protobuf-free entry (`native_invocation`) runs the functions.
"""

import asyncio
import json
import os
import re
import sys
import threading
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace
from typing import Any, Literal

import azure_functions_runtime as runtime
from azure_functions_runtime.bindings.datumdef import Datum
from azure_functions_runtime.native_invocation import invocation_request_native, run_invocation_sync

from local.host.errors import HostError

_SUPPORTED = ("queueTrigger", "timerTrigger")
_FRAME = re.compile(r'File "([^"]+)", line (\d+)')


@dataclass(frozen=True, slots=True)
class Function:
    """An indexed function.

    Attributes:
        name: as the app calls it.
        id: the runtime library's name for it.
        trigger: its only binding, with the keys of function.json: type, name, queueName, schedule, connection ...
        has_retry: whether it asks for a retry policy.
    """

    name: str
    id: str
    trigger: Mapping[str, Any]
    has_retry: bool


@dataclass(frozen=True, slots=True)
class Value:
    """What the host hands to the runtime library: text and what it is."""

    data: str | bytes
    kind: Literal["string", "bytes", "json"]

    def datum(self) -> Datum:
        """Return the runtime library's form."""
        return Datum(self.data, self.kind)


class _StatusResult(SimpleNamespace):
    Failure, Success = 0, 1


class _BindingInfo(SimpleNamespace):
    # The enumerations of FunctionRpc.proto, compared by the library with a binding's direction and data type.
    out, inout, undefined = 1, 2, 0


_PROTOS = SimpleNamespace(
    BindingInfo=_BindingInfo,
    FunctionMetadataResponse=SimpleNamespace,
    RpcException=SimpleNamespace,
    RpcFunctionMetadata=SimpleNamespace,
    RpcRetryOptions=SimpleNamespace,
    StatusResult=_StatusResult,
    WorkerInitResponse=SimpleNamespace,
    WorkerMetadata=SimpleNamespace,
)


class App:
    """The app in a folder, imported and indexed. One per process: the runtime library keeps its registry in globals.

    Args:
        folder: where function_app.py is; becomes the working directory and the first place to import from.

    Raises:
        HostError: the app cannot be imported, has no function, or has one that this host cannot run.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        sys.path.insert(0, str(folder))
        os.chdir(folder)
        runtime.start_threadpool_executor()
        self.functions = asyncio.run(self._index())
        self._loop: asyncio.AbstractEventLoop | None = None
        self._loop_made = threading.Lock()

    def invoke(self, function: Function, value: Value, metadata: Mapping[str, Value] | None = None) -> str | None:
        """Run a function in the runtime library's thread pool and wait for it.

        Args:
            function: which one.
            value: its trigger's argument.
            metadata: its trigger's metadata.

        Returns:
            None, or what went wrong and where, on one line.
        """
        arguments = (
            str(uuid.uuid4()),
            function.id,
            [(function.trigger["name"], value.datum())],
            {name: item.datum() for name, item in (metadata or {}).items()},
        )
        try:
            handled, ok, _, _, error, trace = run_invocation_sync(*arguments)
            if not handled:  # an `async def`
                waiting = asyncio.run_coroutine_threadsafe(invocation_request_native(*arguments), self._running_loop())
                ok, _, _, error, trace = waiting.result()
        except SystemExit as exit_:
            return f"SystemExit: {exit_.code}"
        return None if ok else self._with_place(str(error), trace or "")

    async def _index(self) -> tuple[Function, ...]:
        init = SimpleNamespace(capabilities={}, function_app_directory=str(self._folder))
        properties = {"host": "127.0.0.1", "protos": _PROTOS}
        request = SimpleNamespace(request=SimpleNamespace(worker_init_request=init), properties=properties)
        try:
            answer = await runtime.worker_init_request(request)
        except SystemExit as exit_:
            message = f"the app ended itself while it was imported: {exit_.code}"
            raise HostError(message) from None
        if answer.result.status != _StatusResult.Success:
            problem = answer.result.exception
            # The library appends a page of advice and paths to an import error.
            reason = problem.message.partition(". Cannot find module.")[0]
            message = f"the app cannot be loaded: {self._with_place(reason, problem.stack_trace)}"
            raise HostError(message)
        indexed = (await runtime.functions_metadata_request(request)).function_metadata_results
        if not indexed:
            message = f"no functions found: {self._folder} needs a function_app.py that declares one (Python v2 model)"
            raise HostError(message)
        return tuple(self._function(item) for item in indexed)

    @staticmethod
    def _function(indexed: SimpleNamespace) -> Function:
        bindings = [json.loads(text) for text in indexed.raw_bindings]
        for binding in bindings:
            if binding["type"] not in _SUPPORTED:
                message = (
                    f"{indexed.name}: the binding {binding['type']} is not supported by this host, "
                    f"only {' and '.join(_SUPPORTED)}"
                )
                raise HostError(message)
        if len(bindings) != 1:
            message = f"{indexed.name}: a function must have one trigger, not {len(bindings)}"
            raise HostError(message)
        return Function(indexed.name, indexed.function_id, bindings[0], has_retry=indexed.retry_options is not None)

    def _running_loop(self) -> asyncio.AbstractEventLoop:
        with self._loop_made:
            if self._loop is None:
                self._loop = asyncio.new_event_loop()
                threading.Thread(target=self._loop.run_forever, name="async functions", daemon=True).start()
            return self._loop

    def _with_place(self, error: str, trace: str) -> str:
        """Return the error with the app's innermost line in its traceback, or the innermost of all."""
        frames = _FRAME.findall(trace)
        ours = [(file, line) for file, line in frames if Path(file).is_relative_to(self._folder)]
        if not frames:
            return error
        file, line = (ours or frames)[-1]
        place = Path(file).relative_to(self._folder) if ours else Path(file).name
        return f"{error} ({place}:{line})"
