"""A web server on loopback that speaks HTTP/2 over TLS and nothing else, one connection at a time.

    with Http2Server(always_ok) as server:
        fetch(server.url("/rss"))

`CERTIFICATE` is what a client must trust.
"""

from __future__ import annotations

import contextlib
import socket
import ssl
import threading
from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType, TracebackType
from typing import NamedTuple, Self

from h2.config import H2Configuration
from h2.connection import H2Connection
from h2.events import RequestReceived

CERTIFICATE = Path(__file__).with_name("localhost.pem")


class Answer(NamedTuple):
    """What is said to a request. `then`: after it the stream is broken off ("reset"), or the connection is ended as the
    protocol has it ("goaway")."""

    status: int = 200
    headers: Mapping[str, str] = MappingProxyType({})
    body: bytes = b""
    then: str = ""


Answerer = Callable[[dict[str, str]], Answer]


class Http2Server:
    """The server; serves inside its `with`. `requests` are the headers of each, `connections` counts handshakes."""

    def __init__(self, answer: Answerer) -> None:
        self.requests: list[dict[str, str]] = []
        self.connections = 0
        self._answer = answer
        self._socket = socket.create_server(("127.0.0.1", 0))
        self._tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self._tls.load_cert_chain(CERTIFICATE)
        self._tls.set_alpn_protocols(["h2"])
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._serve, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stopping.set()
        with contextlib.suppress(OSError):
            socket.create_connection(self._socket.getsockname()).close()  # whoever waits in accept() wakes up
        self._thread.join()
        self._socket.close()

    @property
    def host(self) -> str:
        """Host and port, as `REDPHONE_ALLOW_HOSTS` wants them."""
        return f"127.0.0.1:{self._socket.getsockname()[1]}"

    def url(self, path: str) -> str:
        """The address of a path."""
        return f"https://{self.host}{path}"

    def _serve(self) -> None:
        while not self._stopping.is_set():
            raw, _ = self._socket.accept()
            with contextlib.suppress(OSError), self._tls.wrap_socket(raw, server_side=True) as connection:
                connection.settimeout(5)
                self.connections += 1
                self._talk(connection)

    def _talk(self, connection: ssl.SSLSocket) -> None:
        protocol = H2Connection(H2Configuration(client_side=False, header_encoding="utf-8"))
        protocol.initiate_connection()
        connection.sendall(protocol.data_to_send())
        ended = False
        while not ended and (data := connection.recv(65536)):
            for event in protocol.receive_data(data):
                if isinstance(event, RequestReceived):
                    ended = self._reply(protocol, event)
            connection.sendall(protocol.data_to_send())
        # closed with something unread, the socket would be reset, and the answer be lost on its way
        connection.settimeout(0.5)
        connection.shutdown(socket.SHUT_WR)
        while connection.recv(65536):
            pass

    def _reply(self, protocol: H2Connection, asked: RequestReceived) -> bool:
        """Say the answer; whether the connection ends with it."""
        stream = asked.stream_id or 0
        self.requests.append({str(name): str(value) for name, value in asked.headers or ()})
        answer = self._answer(self.requests[-1])
        headers = [(":status", str(answer.status)), *answer.headers.items()]
        protocol.send_headers(stream, headers, end_stream=not answer.body and answer.then != "reset")
        if answer.body:
            protocol.send_data(stream, answer.body, end_stream=answer.then != "reset")
        if answer.then == "reset":
            protocol.reset_stream(stream)
        if answer.then == "goaway":
            protocol.close_connection()
        return answer.then == "goaway"
