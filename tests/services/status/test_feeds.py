"""Feeds against their own rhythm: what many sick ones have in common."""

from __future__ import annotations

import pytest

from services.status.lines import line
from services.status.routes.feeds import feed_item, shared_trouble
from services.status.values import Feed
from tests.support.history import NOW

DNS, BUSY, HTML = "dns: no", "busy: 429", "html: a form"
BY_ONE_HOST = line("feeds_of_one_host", n=3, host="a.example")


def feeds(host: str, *errors: str | None) -> list[Feed]:
    return [Feed(f"https://{host}/{n}", "A", 60.0, 60.0, 3 if error else 0, error) for n, error in enumerate(errors)]


@pytest.mark.parametrize(
    ("listed", "words"),
    [
        ([*feeds("a.example", DNS, DNS, DNS), *feeds("b.example", None)], line("feeds_at_once", n=3, all=4)),
        ([*feeds("a.example", DNS, BUSY, HTML), *feeds("b.example", *6 * [None])], BY_ONE_HOST),
        ([*feeds("a.example", BUSY, BUSY, BUSY), *feeds("b.example", DNS, *7 * [None])], BY_ONE_HOST),
        ([*feeds("a.example", DNS, BUSY, HTML, None), *feeds("b.example", *6 * [None])], ""),
        ([*feeds("a.example", DNS, DNS, None, None), *feeds("b.example", DNS, None, None, None)],
         line("feeds_alike", n=3, words="dns")),
        ([*feeds("a.example", DNS, DNS), *feeds("b.example", *6 * [None])], ""),
    ],
)  # fmt: skip
def test_what_many_failing_feeds_have_in_common(listed: list[Feed], words: str) -> None:
    assert shared_trouble([feed_item(feed, NOW) for feed in listed]) == words
