"""The whole journey: a feed on loopback → Redis, PostgreSQL and real workers → Slack, at the articles' own times.

The same articles are replayed in one process with the same poster; what arrives at the two Slacks must be the same,
message for message. What the workers wrote is held against `seeds/expected/`: the calls and verdicts in PostgreSQL line
by line, and every message, in English as it was sent and in Vietnamese as PostgreSQL's calls would be told.
"""

from __future__ import annotations

import datetime as dt
import html
import json
import re
from email.utils import format_datetime
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from pydantic import SecretStr

from redphone.articles import in_order, read_articles
from redphone.embedded import Pipeline
from redphone.lines import encode
from redphone.replay import stored_line
from services.ingest import store as ingest
from services.ingest.body import extract_page
from services.notify.blocks import ZERO_WIDTH_SPACE
from services.notify.config import options
from services.notify.known import told
from services.notify.message import push_of, render_root
from services.notify.plain import as_text
from services.notify.slack import SlackPoster
from shared import db
from shared.events import ArticlesStored
from shared.names import Language
from shared.records import Article
from shared.settings import Settings
from shared.tables import AnnouncementRow, ArticleRow, FeedRow, ReportRow
from tests.support import expected, processes
from tests.support.feed_server import HTML, FeedServer
from tests.support.servers import wait_for
from tests.support.slack_server import CHANNEL, TOKEN, SlackServer

OUTLET = "Báo Thử"
#: An article as a message names it: a seed's number; the outlet, with the time in the list of sources; an address.
ARTICLE = re.compile(r"\b00\d\b|Báo Thử(?:, \d+(?:/\d+| \w+) \d\d:\d\d)?|127\.0\.0\.1:\d*…")
CALL = re.compile(r"(?<= · all evidence) · .*$", re.MULTILINE)
SEED = re.compile(r"\d{3}_[0-9a-f]{16}")
LINK = re.compile(r"<[^|>]+\|([^>]*)>")
FEEDS = "outlet,url,fetch_body,body_selector\n{outlet},{url},yes,article\n"
ITEM = "<item><title>Tin số {number}</title><link>{link}</link><guid>{link}</guid><pubDate>{date}</pubDate></item>"
RSS = '<?xml version="1.0" encoding="UTF-8"?><rss version="2.0"><channel><title>Báo Thử</title>{items}</channel></rss>'


class Newspaper:
    """The seeds as a newspaper prints them: a feed of headlines that tell nothing, and a page for each article."""

    def __init__(self, server: FeedServer) -> None:
        self._server = server
        self._items = ""
        self.feed = server.serve("/rss/the-gioi.rss", RSS.format(items="").encode())

    def print(self, seed: Article, now: dt.datetime) -> Article:
        """Put an article on its page and into the feed; what a reader of both knows of it."""
        path, number = f"/tin-{seed.id}.html", seed.id[:3]
        paragraphs = "".join(f"<p>{html.escape(line)}</p>" for line in seed.text.split("\n"))
        page = f"<html><body><nav>Trang chủ</nav><article>{paragraphs}</article></body></html>".encode()
        link = self._server.serve(path, page, HTML)
        self._items += ITEM.format(number=number, link=link, date=format_datetime(now))
        self._server.serve("/rss/the-gioi.rss", RSS.format(items=self._items).encode())
        return Article(
            id=seed.id,
            title=f"Tin số {number}",
            text=extract_page(page, HTML, "article").text,
            url=link,
            outlet=OUTLET,
            published_at=now,
        )


def story(slack: SlackServer) -> list[dict[str, Any]]:
    """What stands in the channel, without timestamps: each message in order, and which one it answers."""
    order = {message["ts"]: number for number, message in enumerate(slack.posted)}
    return [
        {"text": message["text"], "blocks": message["blocks"], "answers": order.get(message.get("thread_ts", ""))}
        for message in slack.posted
    ]


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


def sent(slack: SlackServer) -> list[tuple[str, str]]:
    """Every message and every edit in the order in which it was sent: what a phone shows of it, and its plain text."""
    told = [arguments for method, arguments in slack.calls if method.startswith("chat.")]
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


def expected_messages(language: Language) -> list[tuple[str, str]]:
    """The messages that a replay of the seeds gives: what a phone shows of each, and its plain text."""
    whole = (expected.ROOT / f"seeds/expected/messages.{language}.txt").read_text(encoding="utf-8")
    texts = [text.strip() for text in re.split(r"^=== .*\n", whole, flags=re.MULTILINE)[1:]]
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
        messages = [render_root(call.view, "vi", Settings().timezone) for call in calls]
    return {unsigned(without_edits(as_text(message).strip())) for message in messages}


def replayed(articles: list[Article], url: str) -> list[dict[str, Any]]:
    """The story as one process tells it."""
    with SlackServer() as slack:
        settings = Settings(slack_token=SecretStr(TOKEN), slack_channel=CHANNEL)
        pipeline = Pipeline(db.sessions_for(url), SlackPoster(TOKEN, slack.base_url), options(settings))
        for now, article in in_order(articles):
            with db.sessions_for(url).begin() as session:
                stored = ingest.save_replayed(session, [article], now)
            pipeline.publish(ArticlesStored(stored.new))
            pipeline.drain(now)
        return story(slack)


def wait_until_told(url: str, home: Path, articles: int) -> None:
    """Wait until so many articles are read with their pages, and nothing waits any more."""
    waiting = (
        sa.select(sa.func.count()).where(ArticleRow.classify_state == "waiting"),
        sa.select(sa.func.count()).where(ReportRow.notify_state == "waiting"),
        sa.select(sa.func.count()).where(AnnouncementRow.state.not_in(("sent", "dead"))),
    )
    read = sa.select(sa.func.count()).where(ArticleRow.body_state == "done")

    def quiet() -> bool:
        with db.reading(db.sessions_for(url)) as session:
            return session.scalar(read) == articles and not any(session.scalar(query) for query in waiting)

    try:
        wait_for(f"article {articles} to be told", quiet, timeout=60)
    except TimeoutError as error:
        raise AssertionError(f"{error}\n{standing(url)}\n{processes.logs(home)}") from error


def standing(url: str) -> str:
    """What the database says of feeds, articles and announcements, for the message of a test that failed."""
    shown = (
        sa.select(FeedRow.url, FeedRow.next_poll_at, FeedRow.last_error),
        sa.select(ArticleRow.key, ArticleRow.body_state, ArticleRow.body_error, ArticleRow.classify_state),
        sa.select(AnnouncementRow.key, AnnouncementRow.state, AnnouncementRow.error),
    )
    with db.reading(db.sessions_for(url)) as session:
        return "\n".join(str(tuple(row)) for query in shown for row in session.execute(query))


def set_clock(clock: Path, moment: str) -> None:
    """Set the rehearsal's clock in one step: workers read the file all the time and must never find it half-written."""
    fresh = clock.with_suffix(".new")
    fresh.write_text(moment)
    fresh.replace(clock)


def followed(home: Path, url: str) -> list[tuple[str, str]]:
    """What the services' logs say of the article of the first root, by its id: each step once, where it ended."""
    written = [line for log in home.glob("*.log") for line in log.read_text(encoding="utf-8").splitlines()]
    # Celery's last words go past every log
    lines = [json.loads(line) for line in written if line and not line.startswith("worker: Warm shutdown")]
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
    clock, feeds = tmp_path / "clock", tmp_path / "feeds.csv"
    with FeedServer() as server, SlackServer() as slack:
        newspaper = Newspaper(server)
        feeds.write_text(FEEDS.format(outlet=OUTLET, url=newspaper.feed), encoding="utf-8")
        settings = {
            "REDPHONE_DATABASE_URL": postgres_url,
            "REDPHONE_BROKER_URL": redis_url,
            "REDPHONE_FEEDS_FILE": str(feeds),
            "REDPHONE_BUILT_IN_FEEDS": "no",
            "REDPHONE_ALLOW_HOSTS": server.host,
            "REDPHONE_SLACK_TOKEN": TOKEN,
            "REDPHONE_SLACK_CHANNEL": CHANNEL,
            "REDPHONE_SLACK_BASE_URL": slack.base_url,
            "REDPHONE_CLOCK_FILE": str(clock),
            "REDPHONE_TICK_SECONDS": "0.3",
            "REDPHONE_LOG_FORMAT": "json",
        }
        printed: list[Article] = []
        lines: list[dict[str, Any]] = []
        set_clock(clock, "2017-01-01T00:00:00+07:00")
        with processes.stack(settings, tmp_path):
            for now, seed in in_order(read_articles(str(processes.ROOT / "seeds"))):
                printed.append(newspaper.print(seed, now))
                set_clock(clock, now.isoformat())
                wait_until_told(postgres_url, tmp_path, len(printed))
                lines.append(line_of(postgres_url, printed[-1]))
        told_by_workers = story(slack)
    assert told_by_workers == replayed(printed, sqlite_url)
    assert [message["answers"] for message in told_by_workers] == [None, None, None, 2, None, None, None]
    expected_lines = (expected.ROOT / "seeds/expected/lines.jsonl").read_text(encoding="utf-8").splitlines()
    assert comparable(lines) == comparable([json.loads(line) for line in expected_lines])
    assert sent(slack) == expected_messages("en")
    assert followed(tmp_path, postgres_url) == [
        ("ingest", "article_stored"), ("ingest", "page_fetched"), ("classify", "article_read"),
        ("notify", "report_decided"), ("notify", "announcement_sent"),
    ]  # fmt: skip
    in_vietnamese = roots_in_vietnamese(postgres_url)
    assert len(in_vietnamese) == 6
    assert in_vietnamese <= {without_edits(text) for _, text in expected_messages("vi")}
