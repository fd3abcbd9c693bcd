"""The benchmark of ingest in small: no fault costs an entry."""

from __future__ import annotations

import pytest

from benchmarks import ingest_faults
from benchmarks.newsstand import BEHAVIOURS
from services.ingest import tasks
from services.ingest.values import Answer, Failed, Fetched, ParsedFeed
from shared.tables import FeedRow


@pytest.fixture(autouse=True)
def patience(monkeypatch: pytest.MonkeyPatch) -> None:
    """The benchmark gives an answer a second: beside other tests a good one may take longer, and is no fault."""
    monkeypatch.setattr(ingest_faults, "LIMITS", ingest_faults.LIMITS._replace(read_s=5, total_s=5))


def test_faults_cost_no_entry_and_have_names() -> None:
    found = ingest_faults.by_chance(polls=2 * len(BEHAVIOURS), seed=3)
    assert found.polls >= 2 * len(BEHAVIOURS)
    assert (found.misread, found.lost, found.twice, found.stuck) == (0, 0, 0, 0)
    assert len(found.told) >= 10


@pytest.mark.parametrize(
    ("act", "told"),
    [
        ("a cut body", {"protocol": 8}),
        ("a redirect to a name that is loopback", {"address": 8}),
        ("a certificate that nobody signed", {"tls": 8}),
        ("windows-1258", {"new": 6, "quiet": 2}),
    ],
)
def test_a_fault_is_met_as_often_as_is_wanted(act: str, told: dict[str, int]) -> None:
    found = ingest_faults.faced(act, polls=7, count=4)
    assert found == (act, 8, told, 0, 0, 0, 0, found.slowest_s)


def test_what_faults_cost_is_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    """Who remembers the ETag of an answer that is at fault never sees what the next good one shows."""

    def remembers(answer: Answer, feed: FeedRow) -> ParsedFeed | Failed | None:
        if isinstance(answer, Fetched):
            feed.etag = answer.validators.etag
        return read(answer, feed)

    read = tasks._read
    monkeypatch.setattr(tasks, "_read", remembers)
    assert ingest_faults.faced("an HTML error page", polls=4, count=2).lost > 0
