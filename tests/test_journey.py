"""The whole journey: a feed on loopback → Redis, PostgreSQL and real workers → Slack, at the articles' own times.

The same articles are replayed in one process with the same poster; what arrives at the two Slacks must be the same,
message for message. What the workers wrote is held against `seeds/expected/`: the calls and verdicts in PostgreSQL line
by line, and every message, in English as it was sent and in Vietnamese as PostgreSQL's calls would be told.
"""

from __future__ import annotations

import html
import json
import re
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from redphone.articles import in_order, read_articles
from redphone.lines import encode
from redphone.replay import stored_line
from services.notify import burst
from services.notify.blocks import ZERO_WIDTH_SPACE
from services.notify.known import told
from services.notify.message import push_of, render_root
from services.notify.plain import as_text
from shared import db
from shared.names import Language
from shared.records import Article
from shared.settings import Settings
from shared.tables import AnnouncementRow, ArticleRow, ReportRow
from tests.support import expected, processes
from tests.support.feed_server import FeedServer
from tests.support.rehearsal import FEEDS, OUTLET, Newspaper, all_told, replayed, set_clock, standing, story
from tests.support.servers import wait_for
from tests.support.slack_server import SlackServer

#: An article as a message names it: a seed's number; the outlet, with the time in the list of sources; an address.
ARTICLE = re.compile(r"\b00\d\b|Báo Thử(?:, \d+(?:/\d+| \w+) \d\d:\d\d)?|127\.0\.0\.1:\d*…")
CALL = re.compile(r"(?<= · all evidence) · .*$", re.MULTILINE)
SEED = re.compile(r"\d{3}_[0-9a-f]{16}")
LINK = re.compile(r"<[^|>]+\|([^>]*)>")


def line_of(url: str, article: Article) -> dict[str, Any]:
    """What the database has of an article just told, as a line of a replay."""
    with db.reading(db.sessions_for(url)) as session:
        row = session.scalars(sa.select(ArticleRow).where(ArticleRow.title == article.title)).one()
        assert row.text == article.text
        line: dict[str, Any] = json.loads(encode(stored_line(session, row.id, article.id)))
    return line


def comparable(lines: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Lines without what a page changes: offsets in its text, its address. Calls are numbered as they come up."""
    numbers: dict[str, int] = {}

    def plain(value: Any) -> Any:
        if isinstance(value, list):
            return [plain(item) for item in value]
        if not isinstance(value, dict):
            return value
        kept = {name: plain(item) for name, item in value.items() if name not in ("start", "end")}
        kept |= {"article": SEED.findall(kept["article"])} if "article" in kept else {}
        calls = {name: kept[name] for name in ("call_id", "compared_with") if kept.get(name)}
        return kept | {name: numbers.setdefault(call, len(numbers)) for name, call in calls.items()}

    return [plain(line) for line in lines]


def sent(slack: SlackServer, method: str) -> list[tuple[str, str]]:
    """All that went out by a method of Slack, in order: what a phone shows of it, and its plain text. Messages and
    edits each rest by themselves: which of them goes first is not promised."""
    told = [arguments for called, arguments in slack.calls if called == method]
    return [(arguments["text"], unsigned(plain_text(arguments["blocks"]))) for arguments in told]


def plain_text(blocks: list[dict[str, Any]]) -> str:
    """What a reader of Slack sees of blocks: no links, no entities."""
    text = ""
    for block in blocks:
        if block["type"] == "section":
            text += f"\n\n{block['text']['text']}"
        else:
            text += "".join(f"\n{element['text']}" for element in block["elements"])
    return html.unescape(LINK.sub(r"\1", text.replace(ZERO_WIDTH_SPACE, ""))).strip()


def expected_messages(language: Language, *, edits: bool) -> list[tuple[str, str]]:
    """The messages, or the edits, that a replay of the seeds gives: what a phone shows of each, and its plain text."""
    whole = (expected.ROOT / f"seeds/expected/messages.{language}.txt").read_text(encoding="utf-8")
    parts = re.split(r"^=== (\w+) .*\n", whole, flags=re.MULTILINE)[1:]
    texts = [text.strip() for kind, text in zip(parts[::2], parts[1::2], strict=True) if (kind == "edit") == edits]
    return [(push_of(text.partition("\n")[0].strip("*")), unsigned(text)) for text in texts]


def unsigned(text: str) -> str:
    """A message without how it names its articles (by outlet and time where they come from a feed, else by number) and
    its call, whose id stands in Slack alone."""
    return re.sub(r"(?<=\[…\]); (?=\[…\])", ", ", ARTICLE.sub("[…]", CALL.sub("", text)))


def without_edits(text: str) -> str:
    """A message without the line of its edits, which stays in the language in which they were told."""
    return re.sub(r"\n(?:Edited|Sửa) .*\Z", "", text)


def roots_in_vietnamese(url: str) -> set[str]:
    """The roots of the calls that have one, as the database would tell them to a desk that reads Vietnamese."""
    with db.reading(db.sessions_for(url)) as session:
        ids = session.scalars(sa.select(AnnouncementRow.call_id).where(AnnouncementRow.kind == "root"))
        calls = [call for call_id in ids if call_id and (call := told(session, call_id))]
        messages = [
            burst.brief(root) if call.brief else root
            for call in calls
            for root in [render_root(call.view, "vi", Settings().timezone)]
        ]
    return {unsigned(without_edits(as_text(message).strip())) for message in messages}


def wait_until_told(url: str, home: Path, articles: int) -> None:
    """Wait until so many articles are read with their pages, and nothing waits any more."""
    try:
        wait_for(f"article {articles} to be told", lambda: all_told(url, articles), timeout=60)
    except TimeoutError as error:
        raise AssertionError(f"{error}\n{standing(url)}\n{processes.logs(home)}") from error


def followed(home: Path, url: str) -> list[tuple[str, str]]:
    """What the services' logs say of the article of the first root, by its id: each step once, where it ended."""
    written = [line for log in home.glob("*.log") for line in log.read_text(encoding="utf-8").splitlines()]
    # Celery's last words go past every log
    lines = [json.loads(line) for line in written if line and not line.startswith("worker: ")]
    with db.reading(db.sessions_for(url)) as session:
        root = session.scalars(sa.select(AnnouncementRow).where(AnnouncementRow.kind == "root")).first()
        assert root is not None
        report = session.get_one(ReportRow, root.report_id)
        known = {"article_id": report.article_id, "report_id": report.id, "call_id": root.call_id}
    told = [line for line in lines if line.get("article_id") == report.article_id]
    steps = {(line["service"], line["event"]): line for line in sorted(told, key=lambda line: str(line["at"]))}
    sent = steps["notify", "announcement_sent"]
    assert {name: sent[name] for name in known} == known
    assert sent["announcement_id"] == root.id
    read = steps["classify", "article_read"]
    assert report.id in read["report_ids"]
    return sorted(steps, key=lambda step: str(steps[step]["at"]))


def test_workers_tell_the_desk_what_the_replay_tells(
    redis_url: str, postgres_url: str, sqlite_url: str, tmp_path: Path
) -> None:
    clock, feeds, second = tmp_path / "clock", tmp_path / "feeds.csv", tmp_path / "second"
    second.mkdir()
    with FeedServer() as server, SlackServer() as slack:
        newspaper = Newspaper(server)
        feeds.write_text(FEEDS.format(outlet=OUTLET, url=newspaper.feed), encoding="utf-8")
        settings = processes.settings(
            postgres_url,
            redis_url,
            feeds=feeds,
            slack=slack.base_url,
            clock_file=clock,
            tick_seconds=0.3,
            log_format="json",
        )
        printed: list[Article] = []
        lines: list[dict[str, Any]] = []
        set_clock(clock, "2017-01-01T00:00:00+07:00")
        # beat twice does no harm: each tick comes to two processes at once, and is a claim in the database
        second_beat = processes.redphone(["beat"], settings, second)
        with processes.stack(settings, tmp_path, concurrency=2), second_beat:
            for now, seed in in_order(read_articles(str(processes.ROOT / "seeds"))):
                printed.append(newspaper.print(seed, now))
                set_clock(clock, now.isoformat())
                wait_until_told(postgres_url, tmp_path, len(printed))
                lines.append(line_of(postgres_url, printed[-1]))
        told_by_workers = story(slack)
    assert told_by_workers == replayed(printed, sqlite_url)
    assert [message["answers"] for message in told_by_workers] == [None, None, None, 2, None, 4, None, None, 7]
    expected_lines = (expected.ROOT / "seeds/expected/lines.jsonl").read_text(encoding="utf-8").splitlines()
    assert comparable(lines) == comparable([json.loads(line) for line in expected_lines])
    assert sent(slack, "chat.postMessage") == expected_messages("en", edits=False)
    assert sent(slack, "chat.update") == expected_messages("en", edits=True)
    assert followed(tmp_path, postgres_url) == [
        ("ingest", "article_stored"), ("ingest", "page_fetched"), ("classify", "article_read"),
        ("notify", "report_decided"), ("notify", "announcement_sent"),
    ]  # fmt: skip
    in_vietnamese = roots_in_vietnamese(postgres_url)
    assert len(in_vietnamese) == 6
    replayed_in_vietnamese = [*expected_messages("vi", edits=False), *expected_messages("vi", edits=True)]
    assert in_vietnamese <= {without_edits(text) for _, text in replayed_in_vietnamese}
