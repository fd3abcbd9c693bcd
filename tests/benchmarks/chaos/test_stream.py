"""The stream of articles: the same for the same seed, and the classifier reads in it what was put in."""

from __future__ import annotations

import pytest

from benchmarks.chaos.stream import MOST_EDITIONS, PAPERS, START, editions, feed, has_pages, page
from services.classify.extract import extract
from services.classify.lexicon import load_lexicon
from services.ingest.body import extract_page
from services.ingest.parse import parse_feed
from services.ingest.values import ParsedFeed
from shared.records import Article

EDITIONS = editions(5, 60)


def test_no_call_is_told_first_in_two_editions_however_many_there_are() -> None:
    told = [edition[0].story for edition in editions(5, MOST_EDITIONS + 1)]
    assert len(told) == len(set(told)) == MOST_EDITIONS


def test_the_same_seed_gives_the_same_articles_each_with_a_page_that_comes_first() -> None:
    assert editions(5, 60) == EDITIONS
    assert editions(6, 60) != EDITIONS
    printed = [one for edition in EDITIONS for one in edition]
    assert [one.number for one in printed] == list(range(1, len(printed) + 1))
    assert all(edition[0].story and edition[0].paragraphs for edition in EDITIONS)
    assert all(bool(one.paragraphs) == has_pages(one.paper) and one.paper < PAPERS for one in printed)


@pytest.mark.parametrize("whole", [True, False])
def test_a_call_is_read_as_one_call_and_other_news_as_none(whole: bool) -> None:
    for one in (one for edition in EDITIONS for one in edition):
        text = "\n".join(one.paragraphs) if whole else ""
        article = Article(id="x", title=one.title, summary=one.summary, text=text, published_at=one.published_at)
        reports = extract(article, lexicon=load_lexicon()).reports
        assert [(report.status, report.news, len(report.participants)) for report in reports] == (
            [("held", True, 2)] if one.story else []
        )


def test_a_newspaper_is_read_as_it_was_printed() -> None:
    edition = EDITIONS[0]
    parsed = parse_feed(feed(edition, "http://127.0.0.1:5"), "http://127.0.0.1:5/rss", {}, "Asia/Ho_Chi_Minh")
    assert isinstance(parsed, ParsedFeed)
    assert [(entry.title, entry.summary, entry.published_at) for entry in parsed.entries] == [
        (one.title, one.summary, one.published_at) for one in reversed(edition)
    ]
    assert all(one.published_at < START for one in edition)
    assert extract_page(page(edition[0]), "text/html", "article").text == "\n".join(edition[0].paragraphs)
