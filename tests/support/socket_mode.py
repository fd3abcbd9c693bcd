"""Slack's end of Socket Mode on loopback: a WebSocket that delivers envelopes and remembers what is acknowledged.

    with SlackServer() as slack, SocketModeServer() as hub:
        slack.socket_url = hub.url
        …
        assert hub.deliver("slash_commands", {...}) in hub.acknowledged

As Slack does, it greets a connection with `hello`, delivers an envelope again over the next connection where it was not
acknowledged, and asks for a new connection with `disconnect`. RFC 6455 as far as the SDK's client uses it: text,
ping, pong, close, without fragments. https://docs.slack.dev/apis/events-api/using-socket-mode
"""

from __future__ import annotations

import base64
import hashlib
import itertools
import json
import socket
import struct
import threading
from contextlib import suppress
from types import TracebackType
from typing import Any, Self

MAGIC = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
TEXT, CLOSE, PING, PONG = 1, 8, 9, 10


class SocketModeServer:
    """The server; a context manager. `acknowledged` maps the envelopes to the acknowledgement's payload."""

    def __init__(self) -> None:
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._changed = threading.Condition()
        self._numbers = itertools.count(1)
        self._connections: list[socket.socket] = []
        self._open: dict[str, dict[str, Any]] = {}
        self._threads: list[threading.Thread] = []
        self.acknowledged: dict[str, Any] = {}
        self.greeted = 0

    def __enter__(self) -> Self:
        self._start(self._accept)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self.cut()
        for thread in self._threads:
            thread.join()

    @property
    def url(self) -> str:
        host, port = self._listener.getsockname()
        return f"ws://{host}:{port}/link/?ticket=t"

    def deliver(self, kind: str, payload: dict[str, Any], within: float = 60) -> str:
        """Send an envelope and wait for its acknowledgement; returns its id."""
        envelope = f"e{next(self._numbers)}"
        with self._changed:
            body = {"type": kind, "envelope_id": envelope, "payload": payload}
            self._open[envelope] = {**body, "accepts_response_payload": True}
            if self._connections:
                _send(self._connections[-1], self._open[envelope])
            done = self._changed.wait_for(lambda: envelope in self.acknowledged, within)
        assert done, f"{envelope} was not acknowledged"
        return envelope

    def cut(self) -> None:
        """Every connection breaks."""
        with self._changed:
            for connection in self._connections:
                with suppress(OSError):  # the client left first
                    connection.shutdown(socket.SHUT_RDWR)
            self._connections.clear()

    def ask_for_a_new_connection(self, within: float = 60) -> None:
        """Slack is about to take a connection away, and waits until the next one stands."""
        with self._changed:
            assert self._changed.wait_for(lambda: bool(self._connections), within), "nobody is connected"
            greeted = self.greeted
            _send(self._connections[-1], {"type": "disconnect", "reason": "refresh_requested"})
            assert self._changed.wait_for(lambda: self.greeted > greeted, within)

    def _start(self, work: Any, *arguments: Any) -> None:
        thread = threading.Thread(target=work, args=arguments, daemon=True)
        self._threads.append(thread)
        thread.start()

    def _accept(self) -> None:
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            self._start(self._serve, connection)

    def _serve(self, connection: socket.socket) -> None:
        with connection, connection.makefile("rb") as stream:
            key = next(line.split(b":", 1)[1].strip() for line in iter(stream.readline, b"") if b"-Key:" in line)
            while stream.readline().strip():
                pass
            accept = base64.b64encode(hashlib.sha1(key + MAGIC, usedforsecurity=False).digest()).decode()
            head = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            connection.sendall(f"{head}Sec-WebSocket-Accept: {accept}\r\n\r\n".encode())
            self._greet(connection)
            while (frame := _read(stream)) is not None:
                self._take(connection, *frame)

    def _greet(self, connection: socket.socket) -> None:
        with self._changed:
            self._connections.append(connection)
            self.greeted += 1
            hello = {"type": "hello", "num_connections": len(self._connections)}
            _send(connection, {**hello, "connection_info": {"app_id": "A0"}})
            for envelope, body in self._open.items():
                if envelope not in self.acknowledged:
                    _send(connection, {**body, "retry_attempt": 1, "retry_reason": "timeout"})
            self._changed.notify_all()

    def _take(self, connection: socket.socket, opcode: int, content: bytes) -> None:
        with self._changed:
            if opcode == PING:
                with suppress(OSError):  # who asked may have left meanwhile
                    connection.sendall(_frame(PONG, content))
            elif opcode == TEXT:
                said = json.loads(content)
                self.acknowledged[said["envelope_id"]] = said.get("payload")
                self._changed.notify_all()


def _send(connection: socket.socket, body: dict[str, Any]) -> None:
    with suppress(OSError):  # a connection that is gone: what is not acknowledged goes over the next one
        connection.sendall(_frame(TEXT, json.dumps(body).encode()))


def _frame(opcode: int, content: bytes) -> bytes:
    size = len(content)
    head = bytes([0x80 | opcode])
    return head + (bytes([size]) if size < 126 else b"\x7e" + struct.pack("!H", size)) + content


def _read(stream: Any) -> tuple[int, bytes] | None:
    """One frame of the client, whose content is masked; None at the end."""
    try:
        head = stream.read(2)
        if len(head) < 2 or head[0] & 0x0F == CLOSE:
            return None
        size = head[1] & 0x7F
        if size == 126:
            (size,) = struct.unpack("!H", stream.read(2))
        mask, content = stream.read(4), stream.read(size)
    except OSError:
        return None
    return head[0] & 0x0F, bytes(byte ^ mask[place % 4] for place, byte in enumerate(content))
