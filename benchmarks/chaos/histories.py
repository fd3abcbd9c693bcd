"""Two histories of one stream held against each other: what was stored, which calls, and what the desk was told. Pure.

Ids and times differ from run to run, and so does the order of arrival, which verdicts log. Articles, calls with their
members and facts, and which calls were told must not.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import msgspec

Members = tuple[str, ...]


class Message(msgspec.Struct, frozen=True):
    """A message in the channel: its key, and whether it says itself that it may be there twice."""

    key: str
    marked: bool = False


class Shown(msgspec.Struct, frozen=True):
    """What the newspapers showed: the keys of their articles, the calls that these tell of, each by the keys of its
    reports, and those of them that are news."""

    articles: tuple[str, ...]
    calls: frozenset[Members]
    news: frozenset[Members]


class History(msgspec.Struct, frozen=True):
    """What a run left behind. `articles` maps an article's key to its words; `calls` the keys of a call's reports to
    its facts; `rows` is how many rows of calls stand in the history, also without a report; `first_alerts` maps the
    same keys to the ledger's keys of the call's roots; `open` is what has not come to rest, in words; `ledger` are the
    keys that were to be told."""

    articles: Mapping[str, str]
    stored: int
    calls: Mapping[Members, Mapping[str, Any]]
    rows: int
    first_alerts: Mapping[Members, tuple[str, ...]]
    open: tuple[str, ...] = ()
    ledger: tuple[str, ...] = ()


class Verdict(msgspec.Struct, frozen=True):
    """What is wrong with a run, in words: what was lost, what was doubled, what came out otherwise."""

    lost: tuple[str, ...] = ()
    doubled: tuple[str, ...] = ()
    different: tuple[str, ...] = ()
    marked: int = 0

    @property
    def holds(self) -> bool:
        """Whether nothing is."""
        return not (self.lost or self.doubled or self.different)


def judge(shown: Shown, undisturbed: History, disturbed: History, channel: Sequence[Message]) -> Verdict:
    """Hold a disturbed run against an undisturbed one of the same stream, and that one against what was `shown`: two
    runs that find nothing are alike. `channel` are the messages that stand in the disturbed run's channel."""
    there = Counter(message.key for message in channel)
    lost = [f"article {key} was not stored" for key in shown.articles if key not in disturbed.articles]
    lost += disturbed.open
    lost += [f"{key} was not told" for key in disturbed.ledger if key not in there]
    lost += [
        f"no first alert for the call of {_words(members)}"
        for members in undisturbed.first_alerts
        if not disturbed.first_alerts.get(members)
    ]
    doubled = [f"{key} was told {count} times" for key, count in there.items() if count > 1]
    doubled += [f"{key!r} was told, and the ledger knows nothing of it" for key in there.keys() - disturbed.ledger]
    doubled += [
        f"{len(keys)} first alerts for the call of {_words(members)}"
        for members, keys in disturbed.first_alerts.items()
        if len(keys) > 1
    ]
    if disturbed.stored != len(disturbed.articles):
        doubled.append(f"{disturbed.stored} rows for {len(disturbed.articles)} articles")
    if disturbed.rows != len(disturbed.calls):
        doubled.append(f"{disturbed.rows} rows for {len(disturbed.calls)} calls")
    different = (*_unlike(shown, undisturbed), *_different(undisturbed, disturbed))
    return Verdict(tuple(lost), tuple(doubled), different, sum(message.marked for message in channel))


def _unlike(shown: Shown, undisturbed: History) -> Iterator[str]:
    """How an undisturbed run is not what the newspapers told."""
    for what, told, found in (
        ("call", shown.calls, undisturbed.calls.keys()),
        ("first alert for the call", shown.news, undisturbed.first_alerts.keys()),
    ):
        for members in sorted(told - found):
            yield f"undisturbed, no {what} of {_words(members)}, which the newspapers told"
        for members in sorted(found - told):
            yield f"undisturbed, a {what} of {_words(members)}, which no newspaper told"


def _different(undisturbed: History, disturbed: History) -> Iterator[str]:
    for key in sorted(undisturbed.articles.keys() & disturbed.articles.keys()):
        if undisturbed.articles[key] != disturbed.articles[key]:
            yield f"article {key} has other words"
    for members in sorted(undisturbed.calls.keys() - disturbed.calls.keys()):
        yield f"no call of {_words(members)}"
    for members in sorted(disturbed.calls.keys() - undisturbed.calls.keys()):
        yield f"a call of {_words(members)} that is none undisturbed"
    for members in sorted(undisturbed.calls.keys() & disturbed.calls.keys()):
        ours, theirs = disturbed.calls[members], undisturbed.calls[members]
        for name in sorted(ours.keys() | theirs.keys()):
            if ours.get(name) != theirs.get(name):
                yield f"the call of {_words(members)}: {name} is {ours.get(name)!r}, undisturbed {theirs.get(name)!r}"
    for members in sorted(disturbed.first_alerts.keys() - undisturbed.first_alerts.keys()):
        yield f"a first alert for the call of {_words(members)}, undisturbed none"


def _words(members: Members) -> str:
    return ", ".join(members)
