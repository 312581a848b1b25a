"""The whole system on one machine: queue service, Graph emulator with its identity endpoint, Functions host.

`python -m local.stack` runs it on the usual ports until Ctrl-C; the demo and the tests start it on free ones.
"""

import contextlib
import json
import os
import secrets
import signal
import sys
import tempfile
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import requests
from azure.core.exceptions import ResourceExistsError
from azure.storage.queue import QueueServiceClient

from local.part import ROOT, Part, StackError, free_port

__all__ = ["AZURITE", "LOCAL_SETTINGS", "PLAN", "ROOT", "Part", "Stack", "StackError", "Tls", "free_port"]

#: The settings on one machine, as `local.settings.json` has them.
LOCAL_SETTINGS: dict[str, str] = json.loads((ROOT / "local.settings.json").read_text(encoding="utf-8"))["Values"]
AZURITE = ROOT / "local" / "node_modules" / ".bin" / "azurite-queue"
#: The account and key that Azurite documents for everybody: they open nothing else.
_ACCOUNT, _KEY = (
    "devstoreaccount1",
    "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==",
)
#: The emulated tenant's numbers: enough area codes to try things with, few enough to be listed in a second.
PLAN = {"inventoryAreas": [*range(201, 241), 555, 556, 557, 558, *range(800, 806), *range(900, 906)]}
USUAL_QUEUE_PORT, USUAL_GRAPH_PORT = 10001, 7072


@dataclass(frozen=True, slots=True)
class Tls:
    """What the queue service needs to speak https and to take bearer tokens, as in Azure.

    Attributes:
        certificate: its certificate, PEM.
        key: its private key, PEM.
        authority: the certificate of who signed it, PEM.
    """

    certificate: Path
    key: Path
    authority: Path


class Stack:
    """The three parts together; a context manager that stops what it started.

    Args:
        settings: app settings that differ from local.settings.json.
        ports: the queue service's and the emulator's; free ones if left out. On named ones the identity endpoint asks
            for what local.settings.json says, so that others who read that file can sign in there.
        persistent: keep the queues on disk, so that the queue service may be restarted.
        with_host: start the Functions host, too.
        plan: how the emulator behaves where that differs from PLAN.
        folder: where logs and queues are kept; a temporary one if left out.
        tls: makes the queue service speak https, and the app come to it by identity instead of a key.

    Attributes:
        environment: what the host gets, and any other program that wants to act like the app.
        queues: the account, connected.
        graph_url: the emulator's origin.
        azurite, graph, host: the parts.
    """

    def __init__(
        self,
        settings: dict[str, str] | None = None,
        *,
        ports: tuple[int, int] | None = None,
        persistent: bool = False,
        with_host: bool = True,
        plan: Mapping[str, Any] | None = None,
        folder: Path | None = None,
        tls: Tls | None = None,
    ) -> None:
        self._temporary = tempfile.TemporaryDirectory(prefix="numbers-", ignore_cleanup_errors=True)
        self.folder = folder or Path(self._temporary.name)
        self.folder.mkdir(parents=True, exist_ok=True)
        queue_port, graph_port = ports or (free_port(), free_port())
        self.graph_url = f"http://127.0.0.1:{graph_port}"
        uri = f"{'https' if tls else 'http'}://127.0.0.1:{queue_port}/{_ACCOUNT}"
        self.connection = f"AccountName={_ACCOUNT};AccountKey={_KEY};QueueEndpoint={uri};"
        values = LOCAL_SETTINGS
        header = values["IDENTITY_HEADER"] if ports else secrets.token_hex(8)
        overrides = {
            "GRAPH_ENDPOINT": f"{self.graph_url}/v1.0",
            "IDENTITY_ENDPOINT": f"{self.graph_url}/msi/token",
            "IDENTITY_HEADER": header,
        }
        if tls:
            by_identity = {"NumbersStorage": "", "NumbersStorage__queueServiceUri": uri}
            overrides |= by_identity | {"REQUESTS_CA_BUNDLE": str(tls.authority)}
        else:
            overrides["NumbersStorage"] = self.connection
        self.environment: dict[str, str] = {**_own_environment(values), **values, **overrides, **(settings or {})}
        self._with_host, self._plan = with_host, {**PLAN, **(plan or {})}
        self.azurite = self._part(
            "Azurite",
            ["node", str(AZURITE), "--queueHost", "127.0.0.1", "--queuePort", str(queue_port)]
            + (["--location", str(self.folder)] if persistent else ["--inMemoryPersistence"])
            + (["--oauth", "basic", "--cert", str(tls.certificate), "--key", str(tls.key)] if tls else [])
            + ["--skipApiVersionCheck", "--disableTelemetry"],
            "successfully listens.*",
        )
        self.graph = self._part(
            "the Graph emulator",
            [sys.executable, "-m", "local.graph", "--port", str(graph_port), "--identity-header", header],
            "graph emulator ready.*",
        )
        self.host = self._part("the Functions host", [sys.executable, "-m", "local.host"], "host ready.*")
        self.queues = QueueServiceClient.from_connection_string(
            self.connection, retry_total=3, connection_verify=str(tls.authority) if tls else True
        )

    def __enter__(self) -> Self:
        """Start every part and make the queues."""
        try:
            self.azurite.start()
            self.make_queues()
            self.graph.start()
            requests.post(f"{self.graph_url}/emulator/plan", json=self._plan, timeout=10).raise_for_status()
            if self._with_host:
                self.host.start()
        except BaseException:
            self.__exit__(None, None, None)
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop every part, the host first."""
        for part in (self.host, self.graph, self.azurite):
            part.stop()
        self.queues.close()
        self._temporary.cleanup()

    def make_queues(self) -> None:
        """Make the app's queues where they are missing, as `infra/` does in Azure."""
        for name in self.queue_names:
            for queue in (name, f"{name}-poison"):
                try:
                    self.queues.create_queue(queue)
                except ResourceExistsError:
                    continue
        with contextlib.suppress(ResourceExistsError):
            self.queues.create_queue(self.environment["UNASSIGNMENTS_QUEUE"])

    @property
    def queue_names(self) -> tuple[str, str, str]:
        """The request, operation and event queue."""
        env = self.environment
        return env["REQUESTS_QUEUE"], env["OPERATIONS_QUEUE"], env["EVENTS_QUEUE"]

    def _part(self, name: str, command: list[str], ready: str) -> Part:
        log = self.folder / f"{name.rsplit(maxsplit=1)[-1].lower()}.log"
        return Part(name, command, ready, log, self.environment)


def _own_environment(values: dict[str, Any]) -> dict[str, str]:
    """Return this process's environment without proxies (all traffic is loopback) and without the app's settings."""
    return {
        key: value
        for key, value in os.environ.items()
        if not key.lower().endswith("_proxy") and key not in values and not key.startswith("NumbersStorage")
    }


_EXAMPLE = """\
{python} -c 'from azure.storage.queue import QueueClient
QueueClient.from_connection_string("UseDevelopmentStorage=true", "{queue}").send_message(
  \"\"\"{{"userPrincipalName": "anna@contoso.example", "pool": "seattle"}}\"\"\")'"""


def main() -> None:
    """Run the stack on the usual ports until Ctrl-C, the host's log on the screen."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        with Stack(ports=(USUAL_QUEUE_PORT, USUAL_GRAPH_PORT)) as stack:
            requests, operations, events = stack.queue_names
            print(f"Queue service     {stack.queues.url}")
            print(f"  connection      {stack.connection}")
            print(
                f"  queues          {requests} -> {operations} -> {events} (and {requests}-poison, {operations}-poison)"
            )
            print(f"                  {stack.environment['UNASSIGNMENTS_QUEUE']} (what the brake counts)")
            print(f"Pools             {', '.join(json.loads(stack.environment['NUMBER_POOLS']))}")
            print(f"Graph emulator    {stack.graph_url}  (numbers to try: {stack.graph_url}/emulator/numbers)")
            print(f"Functions host    {stack.host.ready_line}")
            print("\nSend a request from a second terminal; its event is about half a minute away:\n")
            print(_EXAMPLE.format(python=os.path.relpath(sys.executable), queue=requests))
            print("\nCtrl-C stops everything. The host says:\n", flush=True)
            with stack.host.log.open(encoding="utf-8") as log:
                while stack.host.running:
                    if line := log.readline():
                        print(line, end="", flush=True)
                    else:
                        time.sleep(0.1)
            print("the Functions host ended by itself", file=sys.stderr)
            sys.exit(1)
    except KeyboardInterrupt:
        print("\nstopped")
    except StackError as error:
        sys.exit(f"{error}\nIs another stack running? Its ports are {USUAL_QUEUE_PORT} and {USUAL_GRAPH_PORT}.")


if __name__ == "__main__":
    main()
