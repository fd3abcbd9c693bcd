"""Telling the desk: what arrives through trouble, how soon in a quiet hour, how long sixty at once take."""

from __future__ import annotations

import datetime as dt
import re
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from random import Random
from statistics import quantiles

import msgspec
from slack_sdk.errors import SlackClientError
from slack_sdk.models.blocks import Block
from slack_sdk.web import WebClient
from sqlalchemy import insert, select
from sqlalchemy.orm import Session, sessionmaker

from benchmarks.measure import ROOT
from benchmarks.sender import EPOCH, FASTER, ledger_time
from benchmarks.slackstand import UnreliableSlack
from benchmarks.table import Row, Section, figure
from services.notify.blocks import as_blocks
from services.notify.message import render_root
from services.notify.slack import EVENT_TYPE, SlackPoster
from services.notify.tasks import decide_batch, post_batch
from shared import db
from shared.clock import utc_now
from shared.tables import AnnouncementRow, CallRow
from tests.services.notify.desk import OPTIONS, Desk
from tests.services.notify.hostile import ROWS, messages
from tests.services.notify.variations import MACRON, MERZ, facts, view
from tests.support.slack_server import CHANNEL, TOKEN

CALLS, REPLIES, REPLIES_EACH = 600, 400, 2
KILLS = 30
#: Of those to a channel that nobody can look into.
UNREAD_CALLS, UNREAD_REPLIES, UNREAD_KILLS = 140, 60, 6
AT_ONCE = 60
QUIET = 100
MESSAGE = render_root(view(facts(MACRON, MERZ)), "en", "Asia/Ho_Chi_Minh")
MENTION = re.compile(r"<[!@#]")


class Arrived(msgspec.Struct, frozen=True):
    """What stands in the channel of what was to be told: lost; doubled, with a mark or without; doubled and unmarked;
    marked, doubled or not; and replies that are not in the thread of their root, or stand before an earlier one of
    their call."""

    lost: int
    doubled: int
    unmarked: int
    marked: int
    disordered: int


def measure() -> Section:
    """Everything, each on a fresh database and a fresh stand-in."""
    told, unread = CALLS + REPLIES, UNREAD_CALLS + UNREAD_REPLIES
    ours, faults, kills = trouble(CALLS, REPLIES, KILLS)
    blind, _, _ = trouble(UNREAD_CALLS, UNREAD_REPLIES, UNREAD_KILLS, readable=False)
    peer = with_the_sdk(told)
    mentions, broken = hostile()
    span, least, refused = at_once(AT_ONCE)
    rows = (
        Row(f"{told:,} announcements through trouble: lost", str(ours.lost), f"SDK: {peer.lost}", goal="0"),
        Row("… doubled, though the channel could be read", str(ours.doubled), f"SDK: {peer.doubled}", goal="0"),
        Row("… said to be possible repeats, though the channel could be read", str(ours.marked), goal="0"),
        Row("… replies outside their root's thread, or before an earlier reply", str(ours.disordered), goal="0"),
        Row(f"{unread} announcements to a channel that cannot be read: lost", str(blind.lost), goal="0"),
        Row("… doubled, and said to be possible repeats", str(blind.doubled - blind.unmarked)),
        Row("… doubled without a word", str(blind.unmarked), goal="0"),
        Row(f"{AT_ONCE} announcements to one channel at once: s", figure(span), goal="≤ 75"),
        Row("least time between two of them: s", figure(least), goal="≥ 1"),
        Row("refused", str(refused), goal="0"),
        Row("verdict committed → accepted, quiet: p95, ms", figure(quiet_hour(QUIET)), goal="≤ 1,000"),
        Row(f"{len(ROWS)} hostile texts: mentions", str(mentions), goal="0"),
        Row("blocks that Slack's own models refuse", str(broken), goal="0"),
    )
    happened = ", ".join(f"{kind} {count}" for kind, count in sorted(faults.items()))
    return Section(
        "Telling the desk (stand-in for Slack, SQLite)",
        rows,
        (
            f"Trouble, by chance: {happened}; one look into the channel in twenty fails; the sender was killed "
            f"(SIGKILL) {kills} times while it sent. {CALLS} roots and {REPLIES} replies, two to a call; the time of "
            f"the ledger runs {FASTER} times as fast. To the channel that cannot be read, {unread} go through the same "
            f"share of faults and {UNREAD_KILLS} kills.",
            "SDK: slack-sdk's client with its own retries and the same share of faults, without kills; one that raises "
            "is not sent again, as in a worker without a ledger.",
            "Quiet: the functions of the worker called in one process, each verdict alone; a queue adds its own time, "
            "and a real Slack that of its answer.",
        ),
    )


def trouble(
    calls: int, replies: int, kills: int, seed: int = 7, *, readable: bool = True
) -> tuple[Arrived, dict[str, int], int]:
    """Announcements through faults and kills: what arrived, the faults by kind, and how often the sender was killed.
    `readable`: the channel lets itself be looked into, but for a look in twenty."""
    begun = time.time()

    def clock() -> float:
        return ledger_time(begun).timestamp()

    with _database() as url, UnreliableSlack(seed, readable=readable, clock=clock) as slack:
        fill(db.sessions_for(url), calls, replies)
        killed = _sent_and_killed(url, slack.base_url, str(begun), kills, Random(seed))
        with db.reading(db.sessions_for(url)) as session:
            keys = list(session.scalars(select(AnnouncementRow.key).order_by(AnnouncementRow.id)))
        return arrived(keys, slack), slack.faults, killed


def fill(sessions: sessionmaker[Session], calls: int, replies: int) -> None:
    """A ledger of calls that wait to be told; each of the first ones has two replies behind its root."""
    known = msgspec.to_builtins(facts(MACRON, MERZ))
    payload = {"message": msgspec.to_builtins(MESSAGE)}
    ids = [f"c{number}" for number in range(calls)]
    told = [("root", call, f"root:{call}") for call in ids]
    told += [
        ("update", call, f"update:{call}#{n}") for n in range(REPLIES_EACH) for call in ids[: replies // REPLIES_EACH]
    ]
    row = {"channel": CHANNEL, "language": "en", "payload": payload, "next_attempt_at": EPOCH, "created_at": EPOCH}
    call = {"persons": "p", "countries": "DE-FR", "status": "held", "news": True, "facts": known, "updated_at": EPOCH}
    with sessions.begin() as session:
        session.execute(insert(CallRow), [{"id": call_id, **call} for call_id in ids])
        session.execute(
            insert(AnnouncementRow),
            [{"key": key, "kind": kind, "call_id": call_id, **row} for kind, call_id, key in told],
        )


def arrived(keys: Sequence[str], slack: UnreliableSlack) -> Arrived:
    """What the channel says of the keys that were to be told."""
    there = Counter(slack.keys())
    marks = ["may be here twice" in str(message.get("blocks")) for message in slack.posted]
    plain = Counter(key for key, marked in zip(slack.keys(), marks, strict=True) if not marked)
    return Arrived(
        lost=sum(there[key] == 0 for key in keys),
        doubled=sum(count - 1 for count in there.values()),
        unmarked=sum(count - 1 for count in plain.values()),
        marked=sum(marks),
        disordered=_disordered(slack),
    )


def _disordered(slack: UnreliableSlack) -> int:
    """How many replies are not in the thread of their root, or stand before an earlier reply of their call."""
    roots = {key: message["ts"] for key, message in zip(slack.keys(), slack.posted, strict=True) if key[:5] == "root:"}
    last: dict[str, str] = {}
    wrong = 0
    for key, message in zip(slack.keys(), slack.posted, strict=True):
        if key.startswith("update:"):
            call, _, number = key.removeprefix("update:").partition("#")
            wrong += message.get("thread_ts") != roots.get(f"root:{call}") or number < last.get(call, "")
            last[call] = number
    return wrong


def _sent_and_killed(url: str, slack: str, begun: str, kills: int, chance: Random) -> int:
    """Start a sender, kill it, start the next; the last one may finish. Returns how many were killed as they sent."""
    killed = 0
    for _ in range(kills):
        sender = _sender(url, slack, begun)
        with suppress(subprocess.TimeoutExpired):
            sender.wait(chance.uniform(0.8, 2.0))
        if sender.poll() is None:
            sender.kill()
            killed += 1
        sender.wait()
    last = _sender(url, slack, begun)
    try:
        if last.wait(600) != 0:
            raise RuntimeError("the sender failed")
    finally:
        last.kill()
    return killed


def _sender(url: str, slack: str, begun: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, "-m", "benchmarks.sender", url, slack, begun], cwd=ROOT)


def with_the_sdk(count: int, seed: int = 7) -> Arrived:
    """The same number of posts by slack-sdk's client as it comes, through the same share of faults."""
    keys = [f"root:c{number}" for number in range(count)]
    with UnreliableSlack(seed) as slack:
        client = WebClient(token=TOKEN, base_url=slack.base_url, timeout=1)
        for key in keys:
            with suppress(SlackClientError, OSError):
                client.chat_postMessage(
                    channel=CHANNEL,
                    text=MESSAGE.push,
                    metadata={"event_type": EVENT_TYPE, "event_payload": {"key": key}},
                )
        return arrived(keys, slack)


def at_once(count: int) -> tuple[float, float, int]:
    """Roots that are due together in one channel, to a Slack that keeps its limits: seconds until the last is out, the
    least gap, how many refused."""
    with _database() as url, UnreliableSlack(1, faults=False, clock=time.time) as slack:
        sessions = db.sessions_for(url)
        fill(sessions, count, 0)
        poster, begun = SlackPoster(TOKEN, slack.base_url), time.monotonic()

        def clock() -> dt.datetime:
            return EPOCH + dt.timedelta(seconds=time.monotonic() - begun)

        while len(slack.posted) < count and time.monotonic() - begun < 5 * count:
            post_batch(sessions, (), clock(), poster, clock)  # as workers do: Slack's answers take time too
        gaps = [later - earlier for earlier, later in zip(slack.accepted, slack.accepted[1:], strict=False)]
        return slack.accepted[-1] - begun, min(gaps, default=0.0), len(slack.limited)


def quiet_hour(count: int) -> float:
    """Milliseconds from a committed verdict until Slack has the message, each alone: the 95th percentile."""
    taken: list[float] = []
    with _database() as url, UnreliableSlack(1, faults=False) as slack:
        sessions = db.sessions_for(url)
        desk, poster = (
            Desk(sessions, msgspec.structs.replace(OPTIONS, channel=CHANNEL)),
            SlackPoster(TOKEN, slack.base_url),
        )
        poster.interval_s = 0.0  # no other message went before
        for number in range(count):
            now = utc_now()
            desk.call(f"c{number}", facts(MACRON, MERZ, date=now.date().isoformat(), whens=()))
            report = desk.report(call_id=f"c{number}", published=now)
            begun = time.monotonic()
            decide_batch(sessions, (report,), now, desk.options, lambda _: None)
            post_batch(sessions, (), now, poster)
            taken.append((slack.accepted[-1] - begun) * 1000)
        if len(slack.posted) != count:
            raise RuntimeError(f"{len(slack.posted)} of {count} messages arrived")
    return quantiles(taken, n=20)[18]


def hostile() -> tuple[int, int]:
    """Mentions in the blocks of hostile texts, and blocks that Slack's own models refuse."""
    mentions = broken = 0
    for row in ROWS:
        for block in (block for message in messages(row["text"]) for block in as_blocks(message)):
            mentions += len(MENTION.findall(str(block)))
            parsed = Block.parse(block)
            try:
                broken += parsed is None or parsed.to_dict() != block
            except SlackClientError:
                broken += 1
    return mentions, broken


@contextmanager
def _database() -> Iterator[str]:
    with tempfile.TemporaryDirectory(prefix="redphone-") as folder:
        url = f"sqlite:///{Path(folder) / 'ledger.sqlite'}"
        db.migrate(url)
        try:
            yield url
        finally:
            db.close(url)
