"""The day of traffic: what is printed when, what of it is lost or doubled, and what its hours cost."""

from __future__ import annotations

import os
import subprocess
import sys
from collections import Counter, defaultdict

import pytest

from benchmarks.chaos.stream import START
from benchmarks.day import compared
from benchmarks.dayfigures import FIRST, LAST, OURS, SERVERS, Fate, Sample, cost_ms, memory_mb, most_waiting, section
from benchmarks.newsfeeds import feed, style_of
from benchmarks.newsprint import page, text
from benchmarks.table import Row
from benchmarks.traffic import BURSTS, HOURS, MOMENTS, SHOWN, TOLD_BY, at_first, before, day, has_pages
from benchmarks.usage import Usage, children, usage
from services.classify.extract import extract
from services.classify.lexicon import load_lexicon
from services.ingest.parse import parse_feed
from services.ingest.values import ParsedFeed
from shared.records import Article
from tests.support.servers import wait_for

PAPERS, ARTICLES, CALLS = 40, 4_000, 60
DAY = day(7, PAPERS, ARTICLES, CALLS)
PRINTED = [item for moment in DAY for item in moment]


def test_a_day_is_printed_whole_and_the_same_each_time() -> None:
    assert len(DAY) == len(HOURS) * MOMENTS
    assert len({(item.paper, item.number) for item in PRINTED}) == len(PRINTED) == ARTICLES
    assert day(7, PAPERS, ARTICLES, CALLS) == DAY != day(8, PAPERS, ARTICLES, CALLS)
    for paper in range(PAPERS):
        numbers = [item.number for item in PRINTED if item.paper == paper]
        assert numbers == [before(paper, PAPERS) + place for place in range(1, len(numbers) + 1)]
    assert sum(has_pages(paper, PAPERS) for paper in range(PAPERS)) == PAPERS // 10
    assert at_first(PAPERS) == 36 * SHOWN + 4 * 10


def test_the_first_hours_and_the_last_have_the_same_load() -> None:
    hours = [DAY[start : start + MOMENTS] for start in range(0, len(DAY), MOMENTS)]
    load = [sum(map(len, hour)) for hour in hours]
    first, last = (load[int(since) : int(until)] for since, until in (FIRST, LAST))
    assert abs(sum(first) - sum(last)) <= 3
    assert min(load) < max(load) / 5
    for burst in BURSTS:
        assert max(map(len, hours[burst])) > 2 * load[burst] / MOMENTS


def test_a_call_is_told_within_its_hour_by_a_few_newspapers_in_words_that_are_read() -> None:
    told = defaultdict(list)
    for place, moment in enumerate(DAY):
        for item in moment:
            told[item.story].append((place // MOMENTS, item))
    del told[None]
    assert len(told) == CALLS
    assert set(Counter(len(items) for items in told.values())) == set(TOLD_BY)
    assert all(len({hour for hour, _ in items}) == 1 for items in told.values())
    [(_, one), *_] = told.popitem()[1]
    read = extract(Article(id="a", text=one.words or "", published_at=START), load_lexicon())
    assert [report.news for report in read.reports] == [True]


def test_what_tells_of_a_call_stands_in_the_feed_and_on_its_page() -> None:
    parsed = parse_feed(
        feed(style_of("VnExpress"), 60, "http://a.vn", START, SHOWN, {59: "hai bên điện đàm"}).encode(),
        "http://a.vn/rss",
    )
    assert isinstance(parsed, ParsedFeed)
    assert [entry.summary for entry in parsed.entries[:3]] == [text(60, 3), "hai bên điện đàm", text(58, 3)]
    assert page(59, "body", told="hai bên điện đàm").article.startswith("hai bên điện đàm\n")


A, B, C = (frozenset(keys) for keys in ("ab", "cd", "c"))


@pytest.mark.parametrize(
    ("found", "told", "lost", "doubled"),
    [
        ({"1": A, "2": B}, {"1": 1, "2": 1}, [], []),
        ({"1": A}, {"1": 1}, ["no call of c, d"], []),
        ({"1": A, "2": B}, {"1": 1}, ["no first alert for the call of c, d"], []),
        ({"1": A, "2": B}, {"1": 1, "2": 2}, [], ["2 first alerts for call 2"]),
        ({"1": A, "2": C}, {"1": 1, "2": 1}, ["no call of c, d"], ["a call of c, which is none"]),
    ],
)
def test_what_is_lost_and_what_is_doubled(
    found: dict[str, frozenset[str]], told: dict[str, int], lost: list[str], doubled: list[str]
) -> None:
    assert compared({A, B}, found, told) == (lost, doubled)


def samples(growth: float) -> list[Sample]:
    """A day of ten articles an hour; a part's memory and what an article costs it grow by so much in an hour."""
    made = []
    for hour in range(25):
        used = 0.01 * (10 * hour + growth * 5 * hour * hour)
        parts = dict.fromkeys((*OURS, *SERVERS), Usage(100 + growth * hour, used))
        made.append(Sample(float(hour), parts, 10 * hour, {"a": hour % 7}))
    return made


def test_cost_and_memory_of_the_hours() -> None:
    flat, grown = samples(0.0), samples(0.1)
    assert cost_ms(flat, FIRST, ["ingest"]) == pytest.approx(10)
    assert cost_ms(flat, LAST, ["ingest", "Redis"]) == pytest.approx(20)
    assert cost_ms(grown, LAST, ["ingest"]) > 2 * cost_ms(grown, FIRST, ["ingest"])
    assert memory_mb(grown, LAST, ["ingest", "beat"]) == pytest.approx(2 * 102.25)
    assert most_waiting(flat) == ("a", 6)


def test_the_table_says_what_grew() -> None:
    fate = Fate(100, 10, 12, ("x",), (), {"a": 0, "b": 2}, ready=True)
    rows = {row.measure: row for row in section(samples(0.1), fate, 5, 15.0).rows if isinstance(row, Row)}
    assert rows["lost: articles, calls, alerts"].figure == "1"
    assert rows["waiting at the end, at all stages"].figure == "2"
    assert float(rows["processor time for an article, last hours, ms"].ratio.rstrip("×")) > 2
    assert rows["memory of Redphone's processes, last hours, MB"].goal == "flat"


def test_a_process_is_counted_with_those_that_it_started() -> None:
    program = "import subprocess, sys; subprocess.run([sys.executable, '-c', 'sum(range(10**7)); input()'])"
    with subprocess.Popen([sys.executable, "-c", program], stdin=subprocess.PIPE) as process:
        wait_for("its child's work", lambda: usage({"it": process.pid})["it"].cpu_s > 0.1)
        found = usage({"it": process.pid, "we": os.getpid()})
        assert found["we"].mb > found["it"].mb > 3
        assert process.pid in children("python") + children(f"python3.{sys.version_info.minor}")
        process.communicate(b"\n")
