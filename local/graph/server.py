"""The emulator on a socket: a thin shell that carries calls and replies, and does to connections what faults ask."""

import asyncio
import ipaddress
import signal
import socket
import struct
import sys
import time
from typing import Any

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import Receive, Scope, Send
from uvicorn.protocols.http.h11_impl import H11Protocol

from local.graph.call import Call, Fault, Reply
from local.graph.emulator import Emulator

_KEEP_ALIVE_SECONDS = 120
_SHUTDOWN_SECONDS = 1
_BODY_BYTES = 1024 * 1024
_RESET_ON_CLOSE = struct.pack("ii", 1, 0)
_LOCAL_NAMES = ("127.0.0.1", "localhost")


class _Connection(H11Protocol):
    """uvicorn's connection; the application finds its transport in the scope's state."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override] # as the base class has it
        super().connection_made(transport)
        # asyncio itself does so only for sockets that were made with the protocol's number.
        transport.get_extra_info("socket").setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.app_state = {**self.app_state, "transport": transport}


class _Carried(Response):
    """A reply on its way, or on the way that its fault sends it."""

    def __init__(self, reply: Reply) -> None:
        super().__init__(reply.body, reply.status, reply.headers)
        self._reply = reply

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send the reply as ASGI has it."""
        if self._reply.delay_seconds:
            await asyncio.sleep(self._reply.delay_seconds)
        fault, transport = self._reply.fault, scope["state"]["transport"]
        if fault is None:
            await super().__call__(scope, receive, send)
            return
        if fault is Fault.TRUNCATED:
            await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
            half = bytes(self.body[: len(self.body) // 2])
            await send({"type": "http.response.body", "body": half, "more_body": True})
            transport.close()
        elif fault is not Fault.HANG:
            transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET_ON_CLOSE)
            transport.abort()
        while (await receive())["type"] != "http.disconnect":
            pass


def application(emulator: Emulator) -> Starlette:
    """Return the emulator as an ASGI application; its controls answer to this machine alone."""

    async def answer(request: Request) -> Response:
        if request.url.path.startswith("/emulator/") and not _from_here(request):
            return Response("the emulator's controls are for its own machine", 403)
        body = bytearray()
        async for chunk in request.stream():
            body += chunk
            if len(body) > _BODY_BYTES:
                return Response("no call to this API is that long", 413, {"Connection": "close"})
        query = request.scope["query_string"]
        target = (request.scope["raw_path"] + (b"?" + query if query else b"")).decode("latin-1")
        return _Carried(emulator.answer(Call(request.method, target, request.headers, bytes(body))))

    return Starlette(routes=[Route("/{path:path}", answer, methods=["GET", "POST", "PUT", "PATCH", "DELETE"])])


def serve(host: str, port: int, identity_header: str) -> None:
    """Serve until SIGTERM or SIGINT, then return.

    Args:
        host: the address to listen on.
        port: the port; 0 for a free one.
        identity_header: the secret of the identity endpoint.

    Raises:
        OSError: the address cannot be listened on.
    """
    listener = socket.create_server((host, port))
    port = listener.getsockname()[1]
    names = dict.fromkeys((host, *_LOCAL_NAMES))
    emulator = Emulator(tuple(f"http://{name}:{port}" for name in names), time.time, identity_header)
    config = uvicorn.Config(
        application(emulator),
        http=_Connection,
        ws="none",
        lifespan="off",
        access_log=False,
        log_level="warning",
        timeout_keep_alive=_KEEP_ALIVE_SECONDS,
        timeout_graceful_shutdown=_SHUTDOWN_SECONDS,
        server_header=False,
    )
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, _leave)  # uvicorn hands the signal on to this once it has shut down
    sys.stdout.write(f"graph emulator ready on http://{host}:{port}\n")
    sys.stdout.flush()
    uvicorn.Server(config).run(sockets=[listener])


def _leave(number: int, frame: Any) -> None:  # noqa: ANN401, ARG001 - as the signal module calls it
    sys.exit(0)


def _from_here(request: Request) -> bool:
    return request.client is not None and ipaddress.ip_address(request.client.host).is_loopback
