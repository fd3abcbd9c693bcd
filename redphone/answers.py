"""What `/redphone` answers in Slack: the last call of two, today's calls, what became of an article, how things stand.

Answers are mrkdwn for whoever asked; whatever comes from outside is escaped.
"""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from zoneinfo import ZoneInfo

import msgspec
from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session, sessionmaker

from redphone.web import context_of
from redphone.why import answer_to, lines_of
from services.classify.lexicon import load_lexicon
from services.notify.blocks import escape, safe_url
from services.notify.known import digest_of, facts_of
from services.notify.message import news_of, voice_of
from services.notify.store import page_of
from services.status.lines import told
from services.status.overall import overall
from services.status.standing import Snapshots
from services.status.telling import trust_words
from services.status.trust import trust
from services.status.wording import Voice
from shared import db
from shared.settings import Settings
from shared.tables import CallRow

MOST_CALLS = 20
#: No name that is asked for has more words.
MOST_WORDS = 6
#: Words that stand between two names, folded.
JOINING = ("and", "with", "va", "voi", "-")
#: What may stand around names as they are typed or copied out of an alert, and is part of none.
AROUND = re.compile(r"[^\w\s'’.-]|(?<!\b\w)[.](?!\w)")


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

    def _last(self, words: Sequence[str]) -> str:
        """The latest held call in which all of these took part, each by a word of a name or by a country."""
        query = select(CallRow).where(CallRow.status == "held", CallRow.merged_into.is_(None))
        names = list(_names_in(words))
        for name in names:
            meant = _meant_by(_folded(name))
            persons = (_has(CallRow.persons, person, "|") for person in meant.persons)
            countries = (_has(CallRow.countries, code, "-") for code in meant.countries)
            own_words = _folded(name).replace(" ", "-")  # of who is in no file
            own = _has(func.replace(CallRow.persons, "|", "-"), own_words, "-")
            query = query.where(or_(own, *persons, *countries))
        told_at = func.coalesce(CallRow.latest, CallRow.created_at)
        with db.reading(self._sessions) as session:
            found = session.scalars(query.order_by(told_at.desc()).limit(1)).first() if names else None
        if found is None:
            return escape(self._voice.say("desk_no_call", names=self._voice.listed(names or list(words))))
        return self._line(found)

    def _line(self, row: CallRow) -> str:
        page = safe_url(page_of(row.id, self._settings.page_url))
        words = escape(news_of(facts_of(row), self._voice))
        return f"<{page}|{words}> · {row.id}" if page else f"{words} · {row.id}"

    def _today(self, now: dt.datetime) -> str:
        zone = ZoneInfo(self._settings.timezone)
        today = now.astimezone(zone).date()
        midnight = dt.datetime.combine(today, dt.time(), zone)
        with db.reading(self._sessions) as session:
            calls = digest_of(session, midnight, now, zone).calls
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
        """Whether the desk can trust the silence, as the first page says it, and what else is wrong."""
        settings = self._settings
        context = replace(context_of(self._sessions, settings, settings.broker_url), clock=lambda: now)
        snapshot = Snapshots(context).get()
        trusted = trust(snapshot, context.canary_every)
        stands = overall(snapshot, trusted)
        voice = Voice(settings.language, settings.timezone, now)
        first = f"{voice.say('yes' if trusted.yes else 'no')} {trust_words(trusted, snapshot.at, voice)}"
        marked = ("⚠", stands.reasons), ("•", stands.remarks)
        lines = [f"{mark} {told(line, voice)}" for mark, found in marked for line in found if not trusted.tells(line)]
        well = [] if lines or not trusted.yes else [self._voice.say("desk_well")]
        return "\n".join(map(escape, [*well, first, *lines]))


class _Meant(msgspec.Struct, frozen=True):
    """Whom a name may mean: leaders, by their ids, and countries, by their codes."""

    persons: frozenset[str] = frozenset()
    countries: frozenset[str] = frozenset()


def _names_in(words: Sequence[str]) -> Iterable[str]:
    """The names in a row of words: at each place the longest that somebody or a country has, else the word; what only
    joins two names is none."""
    words, place = list(_bare(words)), 0
    while place < len(words):
        ends = range(min(len(words), place + MOST_WORDS), place + 1, -1)
        end = next((end for end in ends if _folded(" ".join(words[place:end])) in _spellings()), place + 1)
        if end > place + 1 or _folded(words[place]) not in JOINING:
            yield " ".join(words[place:end])
        place = end


def _bare(words: Sequence[str]) -> Iterable[str]:
    """The words without commas, quotation marks and dashes: "Putin–Trump" is two. A hyphen may be part of a name."""
    for word in AROUND.sub(" ", " ".join(words)).split():
        yield from [word] if _folded(word) in _spellings() else filter(None, word.split("-"))


def _meant_by(name: str) -> _Meant:
    """Whom a folded name means: a country by its code or a name in either language, a leader also by a word of one."""
    return _spellings().get(name, _Meant())


@lru_cache(maxsize=1)
def _spellings() -> Mapping[str, _Meant]:
    """Each folded name with whom it means."""
    lexicon = load_lexicon()
    persons: dict[str, set[str]] = defaultdict(set)
    countries: dict[str, set[str]] = defaultdict(set)
    for person in lexicon.persons.values():
        for spelling in map(_folded, (person.name, person.name_vi, *person.aliases)):
            for name in (spelling, *spelling.split()):
                persons[name].add(person.id)
    for country in lexicon.countries.values():
        for name in map(_folded, (country.code, country.name_en, country.name_vi, *country.names)):
            countries[name].add(country.code)
    names = persons.keys() | countries.keys()
    return {name: _Meant(frozenset(persons[name]), frozenset(countries[name])) for name in names}


def _has(column: ColumnElement[str] | InstrumentedAttribute[str], one: str, between: str) -> ColumnElement[bool]:
    """Whether one of the members of a column is this: of "donald-trump|vladimir-putin", "RU-US"."""
    return (between + column + between).contains(f"{between}{one}{between}", autoescape=True)


def _folded(name: str) -> str:
    """A name as the ids of persons have it: without marks and capitals."""
    plain = unicodedata.normalize("NFD", name.casefold().replace("đ", "d"))
    return "".join(char for char in plain if not unicodedata.combining(char))
