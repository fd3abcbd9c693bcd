"""When things happen: waiting articles are claimed, read, held against the history, saved, and told of."""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Callable, Collection

from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session, sessionmaker

from services.classify import store
from services.classify.copies import Sketch, sketch_of
from shared.clock import later
from shared.db import reading
from shared.events import CallsReported
from shared.limits import OUT_OF_LIMITS
from shared.logs import bound, tell
from shared.records import Article, Extraction

log = logging.getLogger(__name__)

Extract = Callable[[Article], Extraction]
Publish = Callable[[CallsReported], None]
BATCH = 100


def classify_batch(
    sessions: sessionmaker[Session],
    article_ids: Collection[int],
    now: dt.datetime,
    extract: Extract,
    publish: Publish,
    clock: Callable[[], dt.datetime] | None = None,
) -> tuple[int, ...]:
    """Read those of the articles that still wait, the oldest first, each in a transaction of its own. `clock` tells how
    late it is at each: a lease counts from then.

    `extract` is pure. One article's error is kept with that article, and the others go on. An article is claimed when
    its turn comes, so one that kills its reader takes no other with it. Publishes `CallsReported` with the ids of the
    reports that wait to be decided on, and returns them.
    """
    with reading(sessions) as session:
        waiting = store.waiting(session, now, ids=article_ids)
    reported: dict[int, None] = {}
    for article_id in waiting:
        with bound(article_id=article_id):
            reported.update(dict.fromkeys(_classify(sessions, article_id, later(now, clock), extract)))
    if reported:
        publish(CallsReported(ids=tuple(reported)))
    return tuple(reported)


def _classify(sessions: sessionmaker[Session], article_id: int, now: dt.datetime, extract: Extract) -> list[int]:
    with sessions.begin() as session:
        claimed = store.claim(session, article_id, now)
    if claimed is None:
        return []
    try:
        article, revision = claimed
        extraction = extract(article)
        with sessions.begin() as session:
            rung = store.save(session, article_id, revision, extraction, now, sketch=_sketch(article, extraction))
        tell(log, "article_read", calls=len(extraction.reports), report_ids=rung, rules=extraction.version)
        return rung
    except OUT_OF_LIMITS:  # says nothing of the article: its lease ends, and it is read again
        raise
    except DBAPIError as error:  # a deadlock, a lost connection: it may pass
        with sessions.begin() as session:
            store.postpone(session, article_id, now, _line(error))
        tell(log, "article_postponed", level=logging.WARNING, error=_line(error))
    except Exception as error:  # one article that cannot be read must not stop the others; its row keeps the error
        with sessions.begin() as session:
            store.fail(session, article_id, _line(error))
        log.exception("article_failed")
    return []


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


def sweep(sessions: sessionmaker[Session], now: dt.datetime, limit: int = BATCH) -> tuple[int, ...]:
    """Ids of articles that wait and that nobody rang for, the oldest first: what `classify_batch` is given next."""
    with reading(sessions) as session:
        return tuple(store.waiting(session, now, limit))
