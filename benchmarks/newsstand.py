"""The benchmark's newspapers on loopback: one process with a port for each, so that each is a host of its own.

The parent says what a newspaper has to show (`show`); how it behaves is named (`BEHAVIOURS`). It runs in a process of
its own so that its time is not counted as ours.
"""

from __future__ import annotations

import asyncio
import datetime as dt
import gzip
import multiprocessing
import re
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from multiprocessing.connection import Connection
from operator import methodcaller
from typing import Self
from zlib import crc32

import msgspec

from benchmarks.newsfeeds import Style, feed, number_of
from benchmarks.newsprint import page
from tests.support import bombs
from tests.support.http2_server import CERTIFICATE
from tests.support.windows1258 import in_1258

LAUGHS = b"".join(b'<!ENTITY l%d "%s">' % (n, b"&l%d;" % (n - 1) * 10 if n else b"ha") for n in range(10))
FLOOD_MB = 200


class Shown(msgspec.Struct, frozen=True):
    """What a newspaper shows: its style, the number of its newest article with its time, how it behaves, and what
    articles say in the place of their usual words, by their numbers."""

    style: Style
    last: int
    at: dt.datetime
    behaviour: str = "etag"
    items: int = 50
    told: Mapping[int, str] = {}


class Reply(msgspec.Struct, frozen=True):
    """An answer: written at once, or, where `pieces` is set, piece by piece until nobody listens."""

    status: str = "200 OK"
    body: bytes = b""
    headers: Mapping[str, str] = {}
    raw: bytes | None = None
    pieces: str = ""


_DECLARED = re.compile('encoding="utf-8"', re.IGNORECASE)
_ITEMS = re.compile(rb"<(item|entry)[ >].*</\1>", re.DOTALL)
_ITEM = re.compile(rb"<(item|entry)[ >].*?</\1>", re.DOTALL)
_CONTENT = "http://purl.org/rss/1.0/modules/content/"
_LONG_TAGS = 102  # in the text of an item: of a thousand more than their feed may have outside CDATA

#: The first byte of who wants TLS (RFC 8446, 5.1).
_HANDSHAKE = b"\x16"

#: What a newspaper answers, from the feed that it has to show, where it stands (`host` with a port, the `port`,
#: `unsigned`) and what it is asked with.
Answer = Callable[[bytes, Mapping[str, str], Mapping[str, str]], Reply]


def _plain(body: bytes, _at: Mapping[str, str], _asked: Mapping[str, str]) -> Reply:
    return Reply(body=body)


def _tag(body: bytes) -> str:
    return f'"{hash(body)}"'


def _etag(body: bytes, _at: Mapping[str, str], asked: Mapping[str, str]) -> Reply:
    tag = _tag(body)
    if asked.get("if-none-match") == tag:
        return Reply("304 Not Modified", headers={"ETag": tag})
    return Reply(body=body, headers={"ETag": tag})


def _says(status: str, body: bytes = b"", **headers: str) -> Answer:
    named = {name.replace("_", "-"): value for name, value in headers.items()}

    def answer(_body: bytes, at: Mapping[str, str], _asked: Mapping[str, str]) -> Reply:
        return Reply(status, body, {name: value.format_map(at) for name, value in named.items()})

    return answer


def _recoded(encoded: Callable[[str], bytes], declared: str) -> Answer:
    def answer(body: bytes, _at: Mapping[str, str], _asked: Mapping[str, str]) -> Reply:
        return Reply(body=encoded(_DECLARED.sub(f'encoding="{declared}"', body.decode(), count=1)))

    return answer


def _repeated(body: bytes, times: int) -> bytes:
    return _ITEMS.sub(lambda items: items[0] * times, body)


def _with_long_texts(body: bytes) -> bytes:
    """The feed whose items carry their whole texts as HTML in CDATA, each its own for ever."""

    def text(item: re.Match[bytes]) -> bytes:
        paragraphs = f"<p>Bài {crc32(item[0])}.</p>" * (_LONG_TAGS // 2)
        carried = f'<c:encoded xmlns:c="{_CONTENT}"><![CDATA[{paragraphs}]]></c:encoded>'
        end = f"</{item[1].decode()}>"
        return item[0].removesuffix(end.encode()) + carried.encode() + end.encode()

    return _ITEM.sub(text, body)


def _in_chapters(body: bytes) -> bytes:
    """The feed with its items in chapters, and a chapter in each: feedparser breaks on it."""
    chaptered = re.sub(rb"</(item|entry)>", rb'<psc:chapter start="0"/>\g<0>', body)
    around = rb'<psc:chapters xmlns:psc="http://podlove.org/simple-chapters">\g<0></psc:chapters>'
    return _ITEMS.sub(around, chaptered)


_WARNING = b"<br />\n<b>Warning</b>:  session_start() in <b>/rss.php</b> on line <b>3</b><br />\n"
_LOGIN = "<!DOCTYPE html><html><head><title>Đăng nhập</title></head><body><form></form></body></html>".encode()
_BOMB = gzip.compress(bytes(64 * 2**20))
_TEXT = "<rss version='2.0'><channel><item><title>Tin"

#: A good answer with a thousand articles, to be shown with so many items.
LONG = "1,000 items with their long texts"

#: Answers that a feed may be read from, whatever they declare.
GOOD: dict[str, Answer] = {
    "etag": _etag,
    "plain": _plain,
    "utf-16 without a mark": _recoded(methodcaller("encode", "utf-16-le"), "UTF-16"),
    "utf-32 without a mark": _recoded(methodcaller("encode", "utf-32-be"), "UTF-32"),
    "windows-1258": _recoded(in_1258, "windows-1258"),
    "windows-1258 that calls itself UTF-8": _recoded(in_1258, "utf-8"),
    "a lying charset": _recoded(str.encode, "iso-8859-1"),
    "a warning before the feed": lambda body, _at, _asked: Reply(body=_WARNING + body),
    "chapters around the items": lambda body, _at, _asked: Reply(body=_in_chapters(body)),
    "a comment that does not end": lambda body, _at, _asked: Reply(body=_ITEMS.sub(rb"<!-- \g<0>", body)),
    "HTML as content type": lambda body, _at, _asked: Reply(body=body, headers={"Content-Type": "text/html"}),
    "NUL bytes": lambda body, _at, _asked: Reply(body=body.replace(b"</title>", b"\x00</title>")),
    "1,000 items, each story twenty times": lambda body, _at, _asked: Reply(body=_repeated(body, 20)),
    LONG: lambda body, _at, _asked: Reply(body=_with_long_texts(body)),
    "gzip": lambda body, _at, _asked: Reply(body=gzip.compress(body), headers={"Content-Encoding": "gzip"}),
}
#: Answers without a feed: each must become a named failure.
BAD: dict[str, Answer] = {
    "404": _says("404 Not Found"),
    "410": _says("410 Gone"),
    "429": _says("429 Too Many Requests", Retry_After="60"),
    "500": _says("500 Internal Server Error"),
    "503": _says("503 Service Unavailable", Retry_After="30"),
    "an empty 200": _says("200 OK"),
    "an error page as a feed": _says(
        "200 OK", b'<rss version="2.0"><channel><title>502 Bad Gateway</title></channel></rss>'
    ),
    "an HTML error page": _says("200 OK", b"<html><body><h1>502 Bad Gateway</h1></body></html>"),
    "HTML declared as XML": _says("200 OK", b'<?xml version="1.0" encoding="utf-8"?>\n' + _LOGIN),
    "a login wall": _says("302 Found", Location="http://{host}/login"),
    "an entity that is a file": _says(
        "200 OK", b'<!DOCTYPE r [<!ENTITY a SYSTEM "file:///etc/passwd">]><rss>&a;</rss>'
    ),
    "a billion laughs": _says("200 OK", b"<!DOCTYPE rss [" + LAUGHS + b"]><rss><channel>&l9;</channel></rss>"),
    "nested XML": _says("200 OK", b"<rss><channel>" + b"<a>" * 150_000),
    "a tag of 100,000 attributes": _says("200 OK", b"<rss " + b"".join(b'a%d="" ' % n for n in range(100_000)) + b"/>"),
    "a gzip bomb": _says("200 OK", _BOMB, Content_Encoding="gzip"),
    "a br bomb, not asked for": _says("200 OK", bombs.BROTLI, Content_Encoding="br"),
    "a zstd bomb, not asked for": _says("200 OK", bombs.zstd(), Content_Encoding="zstd"),
    "broken gzip": _says("200 OK", _BOMB[:500], Content_Encoding="gzip"),
    "endless redirects": _says("301 Moved Permanently", Location="http://{host}/rss"),
    "a redirect to a private address": _says("302 Found", Location="http://10.1.2.3:{port}/rss"),
    "a redirect to a loopback address": _says("302 Found", Location="http://127.0.0.9:{port}/rss"),
    "a redirect to a link-local address": _says("302 Found", Location="http://169.254.169.254:{port}/latest"),
    "a redirect to a name that is loopback": _says("302 Found", Location="http://localhost:{port}/rss"),
    "a redirect to a file": _says("302 Found", Location="file:///etc/passwd"),
    "TLS where there is none": _says("302 Found", Location="https://{host}/rss"),
    "a certificate that nobody signed": _says("302 Found", Location="https://{unsigned}/rss"),
    "200 MB": lambda _body, _at, _asked: Reply(pieces="flood"),
    "a drip": lambda _body, _at, _asked: Reply(pieces="drip"),
    "a header too long": lambda _body, _at, _asked: Reply(raw=b"HTTP/1.1 200 OK\r\nX: " + b"a" * 200_000 + b"\r\n\r\n"),
    "a header without end": lambda _body, _at, _asked: Reply(pieces="header"),
    "a cut body": lambda body, _at, _asked: Reply(
        raw=b"HTTP/1.1 200 OK\r\nContent-Length: 999999\r\n\r\n" + body[:2000]
    ),
    "a hang-up": lambda _body, _at, _asked: Reply(raw=b""),
    "no HTTP": lambda _body, _at, _asked: Reply(raw=b"SSH-2.0-OpenSSH_9.6\r\n"),
}
BEHAVIOURS = GOOD | BAD


class Newsstand:
    """So many newspapers; a context manager. `hosts` are their addresses, a host and port each, and `unsigned` those
    under which each speaks TLS with a certificate that nobody signed, where that is wanted."""

    def __init__(self, count: int, *, unsigned: bool = False) -> None:
        context = multiprocessing.get_context("spawn")
        self._here, there = context.Pipe()
        self._process = context.Process(target=_serve, args=(there, count, unsigned), daemon=True)
        self.hosts: tuple[str, ...] = ()
        self.unsigned: tuple[str, ...] = ()

    def __enter__(self) -> Self:
        self._process.start()
        self.hosts, self.unsigned = self._here.recv()
        return self

    def __exit__(self, *_error: object) -> None:
        self._process.terminate()
        self._process.join()

    def urls(self) -> tuple[str, ...]:
        """The address of each newspaper's feed."""
        return tuple(f"http://{host}/rss" for host in self.hosts)

    def show(self, shown: Mapping[int, Shown]) -> None:
        """From now on newspaper NUMBER shows this; returns when it does."""
        self._here.send(shown)
        self._here.recv()


def _serve(pipe: Connection, count: int, unsigned: bool) -> None:
    asyncio.run(_Stand(count, unsigned).run(pipe))


class _Stand:
    def __init__(self, count: int, unsigned: bool) -> None:
        self._shown: dict[int, Shown] = {}
        self._bodies: dict[int, bytes] = {}
        self._count, self._with_unsigned = count, unsigned
        self._hosts: list[str] = []
        self._unsigned: list[str] = []

    async def run(self, pipe: Connection) -> None:
        self._hosts = [await self._opened(number) for number in range(self._count)]
        if self._with_unsigned:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(CERTIFICATE)
            self._unsigned = [await self._opened(number, context) for number in range(self._count)]
        pipe.send((tuple(self._hosts), tuple(self._unsigned)))
        while True:
            self._take(await asyncio.to_thread(pipe.recv))
            pipe.send(None)

    async def _opened(self, number: int, context: ssl.SSLContext | None = None) -> str:
        server = await asyncio.start_server(self._answering(number), "127.0.0.1", 0, ssl=context)
        return "{}:{}".format(*server.sockets[0].getsockname()[:2])

    def _take(self, shown: Mapping[int, Shown]) -> None:
        for number, new in shown.items():
            self._shown[number] = new
            self._bodies[number] = feed(new.style, new.last, self._base(number), new.at, new.items, new.told).encode()

    def _base(self, number: int) -> str:
        return f"http://{self._hosts[number]}"

    def _answering(self, number: int) -> Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]:
        async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            try:
                while True:
                    first = await reader.readexactly(1)
                    if first == _HANDSHAKE:
                        writer.write(b"HTTP/1.1 400 Bad Request\r\n\r\n")
                        return
                    head = (first + await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
                    asked = dict(line.lower().split(": ", 1) for line in head[1:] if ": " in line)
                    reply = self._reply(number, head[0].split(" ")[1], asked)
                    async for piece in _written(reply):
                        writer.write(piece)
                        await writer.drain()
                    if reply.raw is not None or reply.pieces:
                        return
            except (asyncio.IncompleteReadError, asyncio.LimitOverrunError, ConnectionError):
                return  # a client that hangs up is what this is about
            finally:
                writer.close()

        return answer

    def _reply(self, number: int, path: str, asked: Mapping[str, str]) -> Reply:
        if path == "/rss":
            return self._of_feed(number, asked)
        if path == "/login":
            return Reply(body=_LOGIN)
        article = number_of(path)
        if article is not None:
            printed = page(article, "body", 8_000, self._shown[number].told.get(article))
            return Reply(body=printed.html.encode(), headers={"Content-Type": "text/html"})
        return Reply("404 Not Found")

    def _of_feed(self, number: int, asked: Mapping[str, str]) -> Reply:
        behaviour, body, host = self._shown[number].behaviour, self._bodies[number], self._hosts[number]
        unsigned = self._unsigned[number] if self._unsigned else ""
        at = {"host": host, "port": host.partition(":")[2], "unsigned": unsigned}
        reply = BEHAVIOURS[behaviour](body, at, asked)
        if behaviour not in BAD:
            return reply
        # the mark of what it should show: who kept it would never see that
        return msgspec.structs.replace(reply, headers={"ETag": _tag(body), **reply.headers})


async def _written(reply: Reply) -> AsyncIterator[bytes]:
    if reply.raw is not None:
        yield reply.raw
        return
    if reply.pieces:
        async for piece in _pieces(reply.pieces):
            yield piece
        return
    length = {} if reply.status.startswith("304") else {"Content-Length": str(len(reply.body))}
    headers = {"Content-Type": "application/rss+xml", **reply.headers, **length}
    head = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    yield f"HTTP/1.1 {reply.status}\r\n{head}\r\n".encode() + reply.body


async def _pieces(kind: str) -> AsyncIterator[bytes]:
    yield b"HTTP/1.1 200 OK\r\n" + (b"X-Long: " if kind == "header" else b"Content-Type: text/xml\r\n\r\n")
    if kind == "flood":
        yield _TEXT.encode()
        for _ in range(FLOOD_MB * 16):
            yield b"a" * 65_536
        return
    while True:
        yield b"a"
        await asyncio.sleep(0.02)
