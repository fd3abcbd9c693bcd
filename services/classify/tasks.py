"""When things happen: waiting articles are claimed, read, held against the history, saved, and told of."""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Callable, Collection, Sequence

from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session, sessionmaker

from services.classify import store
from services.classify.copies import Sketch, sketch_of
from services.classify.version import rules_version
from shared.again import when_back
from shared.blame import is_servers_own
from shared.clock import later
from shared.db import reading
from shared.events import CallsReported
from shared.limits import OUT_OF_LIMITS
from shared.logs import bound, tell
from shared.records import Article, Extraction
from shared.search import words_of

log = logging.getLogger(__name__)

Extract = Callable[[Article], Extraction]
Glance = Callable[[Article], Extraction | None]
Publish = Callable[[CallsReported], None]
BATCH = 100
WORDED = 1000
TOGETHER = 50


def classify_batch(
    sessions: sessionmaker[Session],
    article_ids: Collection[int],
    now: dt.datetime,
    extract: Extract,
    publish: Publish,
    clock: Callable[[], dt.datetime] | None = None,
    glance: Glance | None = None,
) -> tuple[int, ...]:
    """Read those of the articles that still wait, the oldest first. `clock` tells how late it is: a lease counts from
    when it is taken.

    `extract` and `glance` are pure. A new article of which `glance` says what it comes to is not read: nearly all of a
    day are done with so, many in a transaction. One article's error is kept with that article, and the others go on.
    The others are claimed some at a time, and those that tell of no call are written down together; each other one is
    compared in a transaction of its own. What was claimed before without an answer is claimed alone, so that an article
    that kills its reader takes others with it once. Publishes `CallsReported` with the ids of the reports that wait to
    be decided on, and returns them.
    """
    ids = list(article_ids)
    if len(ids) > TOGETHER:  # the oldest first, over all of them
        with reading(sessions) as session:
            ids = store.waiting(session, now, ids=ids)
    reported: dict[int, None] = {}
    for start in range(0, len(ids), TOGETHER):
        some = ids[start : start + TOGETHER]
        reported.update(dict.fromkeys(_classify_some(sessions, some, now, extract, clock, glance)))
    if reported:
        publish(CallsReported(ids=tuple(reported)))
    return tuple(reported)


def _glanced(article: Article, glance: Glance) -> Extraction | None:
    try:
        return glance(article)
    except OUT_OF_LIMITS:
        raise
    except Exception:  # reading it will fail too, and then it is this one article's error
        return None


def _classify_some(
    sessions: sessionmaker[Session],
    article_ids: Sequence[int],
    now: dt.datetime,
    extract: Extract,
    clock: Callable[[], dt.datetime] | None,
    glance: Glance | None,
) -> list[int]:
    new, taken = _take_new(sessions, article_ids, later(now, clock), glance)
    read: list[tuple[store.Taken, Extraction]] = []
    for one in taken:
        with bound(article_id=one.id):
            extraction = _read(sessions, one.id, one.article, one.revision, later(now, clock), extract)
        read += [(one, extraction)] if extraction is not None else []
    told = {one.id for one, extraction in read if extraction.reports or one.read}
    _save_empty(sessions, [(one, extraction) for one, extraction in read if one.id not in told], later(now, clock))
    reported: list[int] = []
    for one, extraction in read:
        if one.id not in told:
            continue
        with bound(article_id=one.id):
            reported += _save(sessions, one.id, one.article, one.revision, extraction, now, clock)
    for number in _others(sessions, [number for number in article_ids if number not in new], now):
        with bound(article_id=number):
            reported += _classify(sessions, number, later(now, clock), extract, clock)
    return reported


def _take_new(
    sessions: sessionmaker[Session], article_ids: Sequence[int], now: dt.datetime, glance: Glance | None
) -> tuple[frozenset[int], list[store.Taken]]:
    """Be done with the new articles that need no reading, and claim the others, in one transaction. Returns the numbers
    of all new ones, and those that are to be read.

    A glance needs no claim: the rows are held for the ten-thousandth of a second that it takes.
    """
    with sessions.begin() as session:
        new = store.untaken(session, article_ids)
        glanced = {one.id: _glanced(one.article, glance) for one in new if not one.read} if glance else {}
        over = [number for number, nothing in glanced.items() if nothing is not None]
        store.pass_over(session, over, now)
        taken = [one for one in new if one.id not in over]
        store.take(session, [one.id for one in taken], now)
    if over:
        tell(log, "articles_passed_over", article_ids=over, rules=rules_version())
    return frozenset(one.id for one in new), taken


def _others(sessions: sessionmaker[Session], article_ids: Sequence[int], now: dt.datetime) -> list[int]:
    """Of articles that are not new those that wait all the same: they were taken before, and gave no answer."""
    if not article_ids:
        return []
    with reading(sessions) as session:
        return store.waiting(session, now, ids=article_ids)


def _classify(
    sessions: sessionmaker[Session],
    article_id: int,
    now: dt.datetime,
    extract: Extract,
    clock: Callable[[], dt.datetime] | None,
) -> list[int]:
    with sessions.begin() as session:
        claimed = store.claim(session, article_id, now)
    if claimed is None:
        return []
    article, revision = claimed
    extraction = _read(sessions, article_id, article, revision, now, extract)
    return [] if extraction is None else _save(sessions, article_id, article, revision, extraction, now, clock)


def _read(
    sessions: sessionmaker[Session],
    article_id: int,
    article: Article,
    revision: int,
    now: dt.datetime,
    extract: Extract,
) -> Extraction | None:
    """What an article tells; None for one that cannot be read, whose row keeps the error."""
    try:
        return extract(article)
    except OUT_OF_LIMITS:  # says nothing of the article: its lease ends, and it is read again
        raise
    except Exception as error:  # one article that cannot be read must not stop the others
        _set_aside(sessions, article_id, revision, now, error)
        return None


def _save_empty(
    sessions: sessionmaker[Session], read: Sequence[tuple[store.Taken, Extraction]], now: dt.datetime
) -> None:
    if not read:
        return

    def write_down() -> None:
        with sessions.begin() as session:
            store.save_empty(session, read, now)

    when_back(write_down)
    for one, _ in read:
        tell(log, "article_read", article_id=one.id, calls=0, report_ids=[], rules=rules_version())


def _save(
    sessions: sessionmaker[Session],
    article_id: int,
    article: Article,
    revision: int,
    extraction: Extraction,
    now: dt.datetime,
    clock: Callable[[], dt.datetime] | None,
) -> list[int]:
    def write_down() -> list[int]:
        with sessions.begin() as session:
            # first the transaction, then the clock: changes come in the order of their moments, see /v1/events
            session.connection()
            at = later(now, clock)
            return store.save(session, article_id, revision, extraction, at, sketch=_sketch(article, extraction))

    try:
        rung = when_back(write_down)
    except OUT_OF_LIMITS:
        raise
    except Exception as error:  # as above
        _set_aside(sessions, article_id, revision, now, error)
        return []
    tell(log, "article_read", calls=len(extraction.reports), report_ids=rung, rules=rules_version())
    return rung


def _set_aside(
    sessions: sessionmaker[Session], article_id: int, revision: int, now: dt.datetime, error: Exception
) -> None:
    """Keep an article's error with it: one that may pass (a deadlock, a lost connection) lets it wait."""
    passing = isinstance(error, DBAPIError)
    with sessions.begin() as session:
        if isinstance(error, DBAPIError):
            store.postpone(session, article_id, revision, now, _line(error), blameless=is_servers_own(error))
        else:
            store.fail(session, article_id, revision, _line(error))
    if passing:
        tell(log, "article_postponed", level=logging.WARNING, error=_line(error))
    else:
        log.error("article_failed", exc_info=error)


def _sketch(article: Article, extraction: Extraction) -> Sketch:
    """What an article's text is found by; only those that tell of a call are looked for."""
    return sketch_of(article.title, article.summary, article.text) if extraction.reports else ()


def _line(error: Exception) -> str:
    return f"{type(error).__name__}: {error}".splitlines()[0][:500]


def read_again(
    sessions: sessionmaker[Session], article_id: int, now: dt.datetime, extract: Extract, run: int | None = None
) -> str | None:
    """Read an article that was read before, by the rules of today, in a transaction of its own that also says how far
    the `run` has come. Nobody is alerted. Returns the trouble where it could not be read: its reports stay as they are.
    """
    for attempt in range(1, store.MOST_ATTEMPTS + 1):
        try:
            with reading(sessions) as session:
                article, revision = store.article(session, article_id)
            extraction = extract(article)
            with sessions.begin() as session:
                sketch = _sketch(article, extraction)
                store.save(session, article_id, revision, extraction, now, sketch=sketch, again=True)
                if run is not None:
                    store.reread(session, run, article_id)
        except OUT_OF_LIMITS:  # says nothing of the article
            raise
        except DBAPIError as error:  # a deadlock, a lock held for long: it may pass
            if attempt == store.MOST_ATTEMPTS:
                return _line(error)
        except Exception as error:  # one article that cannot be read must not stop the others
            return _line(error)
        else:
            return None
    return None


def sweep_plans(sessions: sessionmaker[Session], now: dt.datetime, grace: dt.timedelta) -> int:
    """Take up plans whose time has passed, with a grace, and of which nobody told more: each once, in a transaction of
    its own. Returns how many there were; the notifier finds them by their state."""
    with reading(sessions) as session:
        ids = store.passed(session, now - grace, BATCH)
    found = 0
    for call_id in ids:
        with sessions.begin() as session:
            found += store.unconfirmed(session, call_id, now - grace, now)
    return found


def sweep_words(sessions: sessionmaker[Session]) -> int:
    """Let calls be found by their words that an older release wrote; returns how many there were, `WORDED` at most."""
    with reading(sessions) as session:
        facts = store.without_words(session, WORDED)
    if facts:
        with sessions.begin() as session:
            store.put_words(session, {call: words_of(told) for call, told in facts.items()})
    return len(facts)


def sweep(sessions: sessionmaker[Session], now: dt.datetime, limit: int = BATCH) -> tuple[int, ...]:
    """Ids of articles that wait and that nobody rang for, the oldest first: what `classify_batch` is given next."""
    with reading(sessions) as session:
        return tuple(store.waiting(session, now, limit))
