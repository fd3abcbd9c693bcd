"""What `/redphone` answers in Slack: the last call of two, today's calls, what became of an article, how things stand.

Answers are mrkdwn for whoever asked; whatever comes from outside is escaped.
"""

from __future__ import annotations

import datetime as dt
import unicodedata
from collections.abc import Iterable, Sequence
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session, sessionmaker

from redphone.why import answer_to, lines_of
from services.classify.lexicon import load_lexicon
from services.notify.blocks import escape, safe_url
from services.notify.known import digest_of, facts_of
from services.notify.message import news_of, voice_of
from services.notify.store import page_of
from services.status.lines import told
from services.status.standing import describe
from services.status.wording import Voice
from shared import db
from shared.names import LANGUAGES
from shared.settings import Settings
from shared.tables import CallRow

MOST_CALLS = 20


class Answers:
    """Answers over one database, in the desk's language."""

    def __init__(self, sessions: sessionmaker[Session], settings: Settings) -> None:
        self._sessions = sessions
        self._settings = settings
        self._voice = voice_of(settings.language, settings.timezone)

    def to(self, words: Sequence[str], now: dt.datetime) -> str:
        """The answer to the words behind `/redphone`; for others, what can be asked."""
        verb, rest = (words[0].casefold(), words[1:]) if words else ("", ())
        if verb == "last" and rest:
            return self._last(rest)
        if verb == "calls" and [word.casefold() for word in rest] == ["today"]:
            return self._today(now)
        if verb == "why" and len(rest) == 1:
            return self._why(rest[0], now)
        if verb == "status" and not rest:
            return self._status(now)
        return self._voice.say("desk_help")

    def _last(self, names: Sequence[str]) -> str:
        """The latest held call in which all of these took part, each by a word of a name or by a country."""
        query = select(CallRow).where(CallRow.status == "held", CallRow.merged_into.is_(None))
        for name in names:
            persons = (_has(CallRow.persons, person, "|") for person in _persons_called(name))
            countries = (_has(CallRow.countries, code, "-") for code in self._countries_called(name))
            own_words = _has(func.replace(CallRow.persons, "|", "-"), _folded(name), "-")  # of who is in no file
            query = query.where(or_(own_words, *persons, *countries))
        told_at = func.coalesce(CallRow.latest, CallRow.created_at)
        with db.reading(self._sessions) as session:
            found = session.scalars(query.order_by(told_at.desc()).limit(1)).first()
        if found is None:
            return escape(self._voice.say("desk_no_call", names=self._voice.listed(list(names))))
        return self._line(found)

    def _countries_called(self, name: str) -> Iterable[str]:
        """The codes of the countries that a word means: a code, or a name of one word in either language."""
        names, wanted = self._voice.names, _folded(name)
        for code in names.countries:
            if wanted in (code.casefold(), *(_folded(names.country(code, language)) for language in LANGUAGES)):
                yield code

    def _line(self, row: CallRow) -> str:
        page = safe_url(page_of(row.id, self._settings.page_url))
        words = escape(news_of(facts_of(row), self._voice))
        return f"<{page}|{words}> · {row.id}" if page else f"{words} · {row.id}"

    def _today(self, now: dt.datetime) -> str:
        zone = ZoneInfo(self._settings.timezone)
        today = now.astimezone(zone).date()
        midnight = dt.datetime.combine(today, dt.time(), zone)
        with db.reading(self._sessions) as session:
            calls = digest_of(session, midnight, now, today).calls
        if not calls:
            return self._voice.say("desk_none_today")
        lines = [f"• {escape(news_of(call.facts, self._voice))}" for call in calls[:MOST_CALLS]]
        return "\n".join([*lines, *([f"• +{len(calls) - MOST_CALLS} …"] if len(calls) > MOST_CALLS else [])])

    def _why(self, link: str, now: dt.datetime) -> str:
        """What became of an article, as `redphone why` tells it; Slack puts a link into angle brackets."""
        answer = answer_to(link.strip("<>").partition("|")[0], self._sessions, self._settings)
        return "\n".join(escape(self.told(line, now)) for line in lines_of(answer))

    def told(self, line: str, now: dt.datetime) -> str:
        """A line of the status service in the desk's language."""
        return told(line, Voice(self._settings.language, self._settings.timezone, now))

    def _status(self, now: dt.datetime) -> str:
        said = describe(self._sessions, self._settings.broker_url, now, self._settings.tick_seconds)
        marked = (("⚠", said["problems"]), ("•", said["remarks"]))
        lines = [f"{mark} {self.told(line, now)}" for mark, found in marked for line in found]
        return "\n".join(map(escape, lines)) or self._voice.say("desk_well")


def _persons_called(name: str) -> Iterable[str]:
    """The ids of the leaders in one of whose names, of either language, a word stands."""
    wanted = _folded(name)
    for person in load_lexicon().persons.values():
        spellings = (person.name, person.name_vi, *person.aliases)
        if any(wanted in (spelling, *spelling.split()) for spelling in map(_folded, spellings)):
            yield person.id


def _has(column: ColumnElement[str] | InstrumentedAttribute[str], one: str, between: str) -> ColumnElement[bool]:
    """Whether one of the members of a column is this: of "donald-trump|vladimir-putin", "RU-US"."""
    return (between + column + between).contains(f"{between}{one}{between}", autoescape=True)


def _folded(name: str) -> str:
    """A name as the ids of persons have it: without marks and capitals."""
    plain = unicodedata.normalize("NFD", name.casefold().replace("đ", "d"))
    return "".join(char for char in plain if not unicodedata.combining(char))
