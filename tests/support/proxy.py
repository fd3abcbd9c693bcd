"""A TCP proxy on loopback that cuts, stalls, slows and forgets connections on demand.

    with Proxy("127.0.0.1", 5432) as proxy:
        connect(proxy.port)
        proxy.reset()

What a network does to a connection: a reset (RST), a stall (everything comes, but later), a half-open connection
(nothing comes any more, and the reset only after a while), and one that is slow. New connections are made as ever.
"""

from __future__ import annotations

import asyncio
import socket
import struct
import threading
from collections.abc import Callable, Coroutine
from contextlib import suppress
from types import TracebackType
from typing import Any, Self

PIECE = 65_536
SLOW_PIECE, SLOW_PAUSE_S = 1024, 0.02
RST = struct.pack("ii", 1, 0)  # SO_LINGER with no time to linger: closing sends RST


class Proxy:
    """The proxy; a context manager. `port` is where it listens, `target` where it leads and may be changed."""

    def __init__(self, host: str, port: int) -> None:
        self.target = (host, port)
        self.port = 0
        self._loop = asyncio.new_event_loop()
        self._links: set[_Link] = set()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        self._server = self._wait(asyncio.start_server(self._serve, "127.0.0.1", 0))
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._wait(self._close())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def reset(self) -> None:
        """Reset every connection."""
        self._each(_Link.reset)

    def stall(self, seconds: float) -> None:
        """Hold back what comes on every connection, for so long."""
        self._each(lambda link: link.stall(seconds))

    def half_open(self, seconds: float) -> None:
        """Lose what comes on every connection, and reset it after so long."""
        self._each(lambda link: link.forget(seconds))

    def slow(self, seconds: float) -> None:
        """Let every connection drip for so long."""
        self._each(lambda link: link.slow(seconds))

    def _each(self, act: Callable[[_Link], None]) -> None:
        async def all_of_them() -> None:
            for link in list(self._links):
                act(link)

        self._wait(all_of_them())

    def _wait(self, work: Coroutine[Any, Any, Any]) -> Any:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(timeout=30)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            there, back = await asyncio.open_connection(*self.target)
        except OSError:  # the server behind is away
            _cut(writer)
            return
        link = _Link((reader, writer), (there, back))
        self._links.add(link)
        try:
            await link.run()
        finally:
            self._links.discard(link)

    async def _close(self) -> None:
        self._server.close()
        for link in list(self._links):
            link.reset()
        others = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)


class _Link:
    """One connection through the proxy."""

    def __init__(
        self,
        client: tuple[asyncio.StreamReader, asyncio.StreamWriter],
        server: tuple[asyncio.StreamReader, asyncio.StreamWriter],
    ) -> None:
        self._client, self._server = client, server
        self._goes = asyncio.Event()
        self._goes.set()
        self._lost = False
        self._drips = False

    async def run(self) -> None:
        """Until one side has closed."""
        pumps = [
            asyncio.ensure_future(self._pump(self._client[0], self._server[1])),
            asyncio.ensure_future(self._pump(self._server[0], self._client[1])),
        ]
        try:
            await asyncio.wait(pumps, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for pump in pumps:
                pump.cancel()
            for writer in (self._client[1], self._server[1]):
                writer.close()

    def reset(self) -> None:
        for writer in (self._client[1], self._server[1]):
            _cut(writer)

    def stall(self, seconds: float) -> None:
        self._goes.clear()
        asyncio.get_running_loop().call_later(seconds, self._goes.set)

    def forget(self, seconds: float) -> None:
        self._lost = True
        asyncio.get_running_loop().call_later(seconds, self.reset)

    def slow(self, seconds: float) -> None:
        self._drips = True
        asyncio.get_running_loop().call_later(seconds, self._flow)

    def _flow(self) -> None:
        self._drips = False

    async def _pump(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(ConnectionError, OSError):
            while data := await reader.read(SLOW_PIECE if self._drips else PIECE):
                await self._goes.wait()
                if self._lost:
                    continue
                if self._drips:
                    await asyncio.sleep(SLOW_PAUSE_S)
                writer.write(data)
                await writer.drain()


def _cut(writer: asyncio.StreamWriter) -> None:
    there = writer.get_extra_info("socket")
    with suppress(OSError):
        there.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RST)
    writer.transport.abort()
