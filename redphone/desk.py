"""The desk's words in Slack: what a button or a slash command does. One process (`redphone worker desk`), or a thread
of `redphone run`.

A word is kept with who and when, and does what the command line does: hands on the history (`calls drop`, `merge`,
`split`, `undo`), mutes. The notifier then finds the call changed and edits its root, whose next button takes it back.
"""

from __future__ import annotations

import datetime as dt
import logging
import signal
import threading
from collections.abc import Callable

from pydantic import SecretStr
from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session, sessionmaker

from redphone.answers import Answers
from services.classify import by_hand
from services.classify.by_hand import Why
from services.notify import holds, words
from services.notify.blocks import as_code, escape
from services.notify.copyline import copy_line
from services.notify.known import facts_of, to_choose
from services.notify.listen import Listener
from services.notify.message import voice_of
from services.notify.said import OPTION, Asked, Chosen, Pressed, Said, window
from services.notify.voice import SAID_IN_SLACK
from shared import db, logs
from shared.clock import utc_now
from shared.errors import UsageError
from shared.settings import Settings, load_settings
from shared.tables import CallRow, DeskWordRow, ReportRow

MUTED_FOR = dt.timedelta(days=7)
BESIDE = dt.timedelta(days=14)
MOST_OTHERS = 30
SIGN_EVERY_S = 10.0
log = logging.getLogger(__name__)


class Desk:
    """Hears what editors say, over one database. `wake` tells the notifier that there is something to look at."""

    def __init__(
        self,
        sessions: sessionmaker[Session],
        settings: Settings,
        wake: Callable[[], object],
        clock: Callable[[], dt.datetime] = utc_now,
    ) -> None:
        self._sessions = sessions
        self._wake, self._clock = wake, clock
        self._voice = voice_of(settings.language, settings.timezone)
        self._answers = Answers(sessions, settings)
        self.listener = Listener(
            _secret(settings.slack_app_token, "REDPHONE_SLACK_APP_TOKEN"),
            _secret(settings.slack_token, "REDPHONE_SLACK_TOKEN"),
            settings.slack_base_url,
            self.hear,
        )

    def hear(self, heard: Said) -> None:
        """Do what was said; what cannot be done is told to whoever said it."""
        pressed = heard.pressed if isinstance(heard, Chosen) else heard
        try:
            self._do(heard, self._clock())
        except UsageError as error:
            self.listener.answer(pressed.answer_url, escape(self._answers.told(str(error), self._clock())))
        except SQLAlchemyError as error:  # the click is not lost to its editor, who sees that nothing came of it
            log.warning("what %s said could not be written down: %s", pressed.by, type(error).__name__)
            self.listener.answer(pressed.answer_url, self._voice.say("desk_database"))
        except Exception:
            log.exception("what %s said could not be done", pressed.by)
            self.listener.answer(pressed.answer_url, self._voice.say("desk_mistake"))

    def _do(self, heard: Said, now: dt.datetime) -> None:
        if isinstance(heard, Asked):
            self.listener.answer(heard.answer_url, self._answers.to(heard.words, now))
            return
        if isinstance(heard, Pressed) and heard.action == "same":
            self._ask_for_the_other(heard, now)
            return
        with self._sessions.begin() as session:
            if isinstance(heard, Chosen):
                _merge(session, heard, now)
            elif not words.heard(session, heard):
                _say(session, heard, now)
        self._wake()
        if isinstance(heard, Pressed) and heard.action == "own":
            self._hand_over(heard)

    def _hand_over(self, pressed: Pressed) -> None:
        """Whoever takes a story gets its first line, to be copied."""
        with db.reading(self._sessions) as session:
            line = copy_line(facts_of(session.get_one(CallRow, pressed.value)), self._voice)
        self.listener.answer(pressed.answer_url, f"{self._voice.say('to_copy')}\n{as_code(line)}")

    def _ask_for_the_other(self, pressed: Pressed, now: dt.datetime) -> None:
        with db.reading(self._sessions) as session:
            others = [(row.id, to_choose(row, self._voice, OPTION)) for row in others_of(session, pressed.value, now)]
        if not others:
            raise UsageError(self._voice.say("same_none"))
        asked = window(pressed.value, pressed.answer_url, others, self._voice)
        if not self.listener.open_window(pressed.trigger, asked):
            raise UsageError(self._voice.say("same_no_window"))


def others_of(session: Session, call_id: str, now: dt.datetime) -> list[CallRow]:
    """The calls that a call may be the same as: of the last two weeks, those of the same countries first."""
    call = session.get(CallRow, call_id)
    query = select(CallRow).where(
        CallRow.id != call_id,
        CallRow.merged_into.is_(None),
        CallRow.status != "withdrawn",
        CallRow.updated_at > now - BESIDE,
    )
    rows = session.scalars(query.order_by(CallRow.updated_at.desc()).limit(200)).all() if call else []
    mine = set(call.countries.split("-")) if call else set()
    near = [row for row in rows if mine & set(row.countries.split("-"))]
    return sorted(near, key=lambda row: set(row.countries.split("-")) != mine)[:MOST_OTHERS]


def _say(session: Session, pressed: Pressed, now: dt.datetime) -> None:
    """A click on one of the buttons of a message, written down with what it made. Raises UsageError for what somebody
    else has said: the button stood there until the message was edited."""
    kind, why = pressed.action.partition("-")[0], Why(by=pressed.by, at=now, reason=SAID_IN_SLACK)
    call_id, _, about = pressed.value.partition("|")
    if kind == "undo":
        _take_back(session, pressed, now)
    elif before := words.said_before(session, call_id, kind, about, now):
        _refuse_twice(before, pressed)
    elif kind in ("confirm", "own"):
        words.write(session, pressed, kind, call_id, now)
    elif kind == "drop":
        words.write(session, pressed, kind, call_id, now, by_hand.drop(session, call_id, why))
    elif kind == "split":
        _require_still_of(session, call_id, about)
        number = by_hand.split(session, call_id, [about], why)
        words.write(session, pressed, kind, call_id, now, number, about)
    elif kind == "mute":
        muted = holds.mute(session, about, pressed.by, SAID_IN_SLACK, now, now + MUTED_FOR)
        session.flush()
        words.write(session, pressed, kind, call_id, now, muted.id, about)


def _refuse_twice(before: DeskWordRow, pressed: Pressed) -> None:
    """What one editor has said, a second one hears of; who pressed it twice has said it once."""
    if before.user != pressed.user:
        done = "has it already, since" if before.kind == "own" else "has said so already, at"
        raise UsageError(f"{before.by} {done} {before.at:%Y-%m-%d %H:%M} UTC")


def _require_still_of(session: Session, call_id: str, report: str) -> None:
    """Raise UsageError where the report of a reply is told of another call by now, by a hand or by later articles."""
    article, _, number = report.partition("#")
    row = select(ReportRow.call_id).where(ReportRow.article_id == int(article), ReportRow.ordinal == int(number))
    home, call = session.scalar(row), session.get(CallRow, call_id)
    if call is None or home not in (call.id, call.merged_into):
        raise UsageError(f"that report is of another call by now{f': {home}' if home else ''}")


def _merge(session: Session, chosen: Chosen, now: dt.datetime) -> None:
    pressed = chosen.pressed
    if not words.heard(session, pressed):
        why = Why(by=pressed.by, at=now, reason=SAID_IN_SLACK)
        number = by_hand.merge(session, pressed.value, chosen.call_id, why)
        words.write(session, pressed, "merge", pressed.value, now, number, chosen.call_id)


def _take_back(session: Session, pressed: Pressed, now: dt.datetime) -> None:
    """Undo a word with what it made. Raises UsageError for one that was taken back already."""
    word = session.get(DeskWordRow, int(pressed.value), with_for_update=True)
    if word is None or word.undone_at is not None:
        raise UsageError(f"that was taken back already{f', by {word.undone_by}' if word else ''}")
    if word.kind == "mute":
        holds.unmute(session, word.about, pressed.by, now)
    elif word.number is not None:
        by_hand.undo(session, word.number, pressed.by, now)
    words.taken_back(session, word, pressed, now)


def _secret(value: SecretStr | None, name: str) -> str:
    if value is None:
        raise UsageError(f"{name} is not set: the desk's buttons and /redphone need it; README tells how to make it")
    return value.get_secret_value()


def listen() -> None:
    """Listen to the desk until Ctrl-C or SIGTERM, beside workers that share the database.

    Raises UsageError for tokens that are missing or refused, ServiceDownError for a server that does not answer.
    """
    from redphone.distributed import require_shared_database
    from shared.celery_app import beaten, send
    from shared.heartbeat import require_redis

    settings = load_settings()
    require_redis(settings.broker_url)
    require_shared_database(settings)
    desk = Desk(db.sessions_for(settings.database_url), settings, wake=lambda: send("notify.sweep"))
    logs.set_up(settings, "desk")
    stopped = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stopped.set())
    try:
        desk.listener.start()
        while not stopped.is_set():
            if desk.listener.connected:
                beaten("desk", utc_now())
            stopped.wait(SIGN_EVERY_S)
    finally:
        desk.listener.stop()
        db.close(settings.database_url)
