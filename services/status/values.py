"""What is known about how things stand: counts, what waits, the feeds, the signs of life. Plain values."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence

import msgspec


class Waiting(msgspec.Struct, frozen=True):
    """Rows that wait at one stage: how many, and the id and age in seconds of the oldest."""

    count: int
    oldest_id: int | None
    oldest_age_s: float | None


class Lost(msgspec.Struct, frozen=True):
    """Rows that failed for good at one stage: how many, and the first of them with its reason."""

    count: int
    first_id: int
    reason: str


class Feed(msgspec.Struct, frozen=True):
    """One feed: when it last gave a good answer, and what went wrong since. One that is paused or no longer `listed` is
    not watched; one that is silent answers and brings nothing, against its own rhythm. `missed` counts the looks that
    came too late for some entries; `paused` says by whom and why; `slowed`: how much later than usual it is asked."""

    url: str
    outlet: str
    last_success_age_s: float | None
    next_poll_in_s: float
    failures: int
    error: str | None
    watched: bool = True
    interval_s: int = 60
    entries_a_day: float = 0.0
    last_new_age_s: float | None = None
    missed: int = 0
    silent: bool = False
    paused: str = ""
    polls: Mapping[str, int] = {}
    slowed: str = ""
    listed: bool = True


class Brake(msgspec.Struct, frozen=True):
    """How much slower newspapers are asked because reading is behind: the step, 0 for none, what it does and why, in
    words, and whether article pages are fetched meanwhile."""

    level: int = 0
    words: str = ""
    pages: bool = True


class Paused(msgspec.Struct, frozen=True):
    """Posting to the desk rests: who says so, why, since when and until when (None: until somebody ends it)."""

    by: str
    reason: str
    since: dt.datetime
    until: dt.datetime | None


class Muted(msgspec.Struct, frozen=True):
    """A pair of countries that makes no message: who says so, why, until when."""

    pair: str
    by: str
    reason: str
    until: dt.datetime


class Channel(msgspec.Struct, frozen=True):
    """A channel that messages go to, as Slack last told of it: whether it is the desk's own, its id and its workspace's
    address where they are known, when it was last found good, and the word for what is wrong, empty for nothing."""

    name: str
    own: bool
    channel_id: str
    workspace: str
    checked_at: dt.datetime
    good_at: dt.datetime | None
    trouble: str


class Counts(msgspec.Struct, frozen=True):
    """How much there is."""

    articles: int
    calls: int
    alerts: int


class Standing(msgspec.Struct, frozen=True):
    """How things stand in the database at one moment. `stopped`: seconds since the embedded loop was
    stopped on purpose. `kept`: alerts that were not sent, by what keeps them: held, muted, undated, unknown, refused or
    dead.
    `failed`: what failed for good, by its stage; a stage without such rows is left out. `clock`: a jump of the
    clock that was seen lately, in words. `channels`: where messages go, the desk's own first."""

    counts: Counts
    waiting: Mapping[str, Waiting]
    feeds: list[Feed]
    heartbeats: Mapping[str, float]
    stopped: float | None
    kept: Mapping[str, int]
    failed: Mapping[str, Lost]
    paused: Paused | None
    mutes: list[Muted]
    brake: Brake = Brake()
    clock: str = ""
    channels: tuple[Channel, ...] = ()


class Totals(msgspec.Struct, frozen=True):
    """What whole tables are read for: how much there is, feed → entries a day; calls by status, reports by verdict and
    alerts by state and kind."""

    counts: Counts
    per_day: Mapping[int, float]
    statuses: Mapping[str, int]
    verdicts: Mapping[str, int]
    alerts: Mapping[tuple[str, str], int]


class Leader(msgspec.Struct, frozen=True, kw_only=True):
    """A person of the leaders' data with the offices held: dated, `until` None while it lasts."""

    person: str
    name: str
    name_vi: str
    wikidata: str | None
    terms: tuple[Term, ...]


class Term(msgspec.Struct, frozen=True, kw_only=True):
    """An office of one person in one country, from one day until another."""

    country: str
    office: str
    capacity: str
    since: dt.date
    until: dt.date | None


class Passed(msgspec.Struct, frozen=True):
    """A row that passed a stage: when it came to it, and when it had passed."""

    came_at: dt.datetime
    passed_at: dt.datetime


class Traffic(msgspec.Struct, frozen=True, kw_only=True):
    """What came to a stage and what passed it within the hour, as far as it was looked at: all of it since `came_since`
    and `passed_since`."""

    came: Sequence[dt.datetime]
    came_since: dt.datetime
    passed: Sequence[Passed]
    passed_since: dt.datetime


class Flow(msgspec.Struct, frozen=True, kw_only=True):
    """How a stage runs: rows in and out within ten minutes (of very many, reckoned from the newest), whether what waits
    grows, the seconds until nothing waits at this rate, and how long rows took that passed within the hour, in seconds
    (`took`: each of them)."""

    came: int
    left: int
    trend: str
    empty_in_s: float | None
    lag_p50_s: float | None
    lag_p95_s: float | None
    took: tuple[float, ...] = ()


class Canary(msgspec.Struct, frozen=True):
    """A test article: when each stage was done with it, where its message went, and which stage could not and why."""

    started_at: dt.datetime
    stored_at: dt.datetime
    read_at: dt.datetime | None = None
    told_at: dt.datetime | None = None
    channel: str | None = None
    failed: str | None = None


class Accepted(msgspec.Struct, frozen=True):
    """The message of the desk that was accepted last: when, where, and of which call; `ts` is None where it was no
    Slack that took it; `thread_ts` is that of the message whose thread it stands in."""

    at: dt.datetime
    channel: str
    ts: str | None
    call_id: str | None
    thread_ts: str | None = None


class Blind(msgspec.Struct, frozen=True, kw_only=True):
    """A time in which nothing proved that the desk would have heard: `until` None while it lasts; `caught_up`: all that
    had come in by its end has been dealt with."""

    since: dt.datetime
    until: dt.datetime | None
    cause: str
    caught_up: bool


class Trust(msgspec.Struct, frozen=True, kw_only=True):
    """Whether the desk can trust the silence, in one sentence; where it cannot, since when. `posted`: the test article
    that proves it was posted to a channel; `untested`: nothing but that no test articles are sent speaks against it."""

    yes: bool
    sentence: str
    cause: str = ""
    since: dt.datetime | None = None
    last_passed_at: dt.datetime | None = None
    took_s: float | None = None
    posted: bool = False
    untested: bool = False

    def tells(self, words: str) -> bool:
        """Whether the sentence says this already, so that beside it nobody needs to."""
        return words in (self.sentence, self.cause)


class Signs(msgspec.Struct, frozen=True, kw_only=True):
    """What Redis tells: messages in each queue, seconds since each worker's last sign of life, what keeps a task from
    its work, and how many bytes Redis uses of those that it may (0: as many as there are)."""

    queues: Mapping[str, int] = {}
    workers: Mapping[str, float] = {}
    troubles: Mapping[str, str] = {}
    memory: tuple[int, int] = (0, 0)


class Ground(msgspec.Struct, frozen=True, kw_only=True):
    """What all of it stands on: how far the database's clock is ahead of this machine's, in seconds; how large the
    database is, and its disk where that is this machine's; None for what cannot be seen from here."""

    clock_offset_s: float | None = None
    database_bytes: int | None = None
    disk_free_bytes: int | None = None
    disk_bytes: int | None = None


class Snapshot(msgspec.Struct, frozen=True, kw_only=True):
    """How things stand at one moment, as far as it could be asked. `known_at`: when the database last answered, None
    where it never did; what is known from then stands here until it answers again. `away`: what cannot be asked now.
    `wrong_since`: when the first of these `problems` came up, before the eyes of this process or as the rows tell; None
    where there is none, or nothing tells.
    """

    at: dt.datetime
    distributed: bool
    known_at: dt.datetime | None
    standing: Standing | None
    totals: Totals | None
    signs: Signs
    canaries: list[Canary]
    unseeing: list[Blind]
    flows: Mapping[str, Flow]
    last_sent: Accepted | None
    schema: str | None
    problems: list[str]
    away: list[str]
    ground: Ground = Ground()
    wrong_since: dt.datetime | None = None
