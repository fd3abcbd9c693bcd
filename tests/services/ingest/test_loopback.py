"""A feed at an address of this machine's own: asked as newspapers are, and gone behind its `with`."""

from __future__ import annotations

import gzip
import socket
import threading
from urllib.parse import urlsplit

import httpx
import pytest

from services.ingest.loopback import published

DOCUMENT = "<rss>Điện đàm</rss>".encode()


def test_it_is_served_with_validators_and_compressed() -> None:
    with published(DOCUMENT) as url, httpx.Client(trust_env=False) as client:
        raw = client.send(client.build_request("GET", url), stream=True)
        assert gzip.decompress(b"".join(raw.iter_raw())) == DOCUMENT
        tag, modified = raw.headers["ETag"], raw.headers["Last-Modified"]
        known = {"If-None-Match": tag, "If-Modified-Since": modified}
        assert client.get(url, headers=known).status_code == 304
        for condition in ({"If-None-Match": tag}, known | {"If-None-Match": '"another"'}):
            assert client.get(url, headers=condition).content == DOCUMENT
        assert client.get(url.replace("feed", "other")).status_code == 404


def test_nobody_listens_behind_it_whatever_happened_inside() -> None:
    with pytest.raises(ZeroDivisionError), published(DOCUMENT) as url:
        raise ZeroDivisionError
    port = urlsplit(url).port
    assert port is not None
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", port))
    assert "loopback feed" not in {thread.name for thread in threading.enumerate()}


def test_a_stranger_who_says_nothing_keeps_neither_others_nor_the_end_waiting() -> None:
    with socket.socket() as stranger:
        with published(DOCUMENT) as url:
            stranger.connect(("127.0.0.1", urlsplit(url).port))
            assert httpx.get(url, trust_env=False).content == DOCUMENT
        assert "loopback feed" not in {thread.name for thread in threading.enumerate()}
