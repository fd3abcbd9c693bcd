"""What the tests of ingest share."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.support.feed_server import FeedServer


@pytest.fixture
def server() -> Iterator[FeedServer]:
    """A server of feeds and pages that misbehaves on demand."""
    with FeedServer() as running:
        yield running
