"""Scoring: the calls that were found held against the calls that an editor marked.

Two calls are the same when the same countries talk and their days, where both are known, are at most one apart. They
are paired one to one, the closest first; everything else is counted from the pairs. Pure: knows no file and no service.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from typing import TypeVar

import msgspec

FIELDS = ("participants", "status", "channel", "date", "duration_min", "initiator")
#: Fields that a text may leave open: where it does, a value that is given all the same has no support.
OPEN_FIELDS = ("date", "duration_min", "initiator")
#: Dates of calls without a day are neither near nor far: they come after every pair whose days are known.
_FAR = 9


class ToldCall(msgspec.Struct, frozen=True, kw_only=True):
    """A call as an article tells it: as labelled, or as found.

    `countries` in the order of `participants`; None in a label stands for any one country, and a participant None for
    one who is not named. `date` is ISO with `?` for what is not known (`????-02-14`, `2021-12-??`). A field None in a
    label: the text does not tell it.
    """

    countries: tuple[str | None, ...]
    participants: tuple[str | None, ...] = ()
    status: str | None = None
    news: bool = False
    channel: str | None = None
    date: str | None = None
    duration_min: float | None = None
    initiator: str | None = None


Labelled = TypeVar("Labelled", bound=ToldCall)
Found = TypeVar("Found", bound=ToldCall)


class Tally(msgspec.Struct, frozen=True):
    """How many were matched, of how many found and how many labelled."""

    matched: int = 0
    found: int = 0
    labelled: int = 0

    def __add__(self, other: Tally) -> Tally:
        return Tally(self.matched + other.matched, self.found + other.found, self.labelled + other.labelled)

    @property
    def precision(self) -> float:
        """The share of what was found that is right, 0 to 1; 0 where nothing was found."""
        return self.matched / self.found if self.found else 0.0

    @property
    def recall(self) -> float:
        """The share of what is labelled that was found, 0 to 1; 0 where nothing is labelled."""
        return self.matched / self.labelled if self.labelled else 0.0

    @property
    def f1(self) -> float:
        """The harmonic mean of precision and recall; 0 where there is nothing to find and nothing found."""
        total = self.found + self.labelled
        return 2 * self.matched / total if total else 0.0


class Count(msgspec.Struct, frozen=True):
    """So many of so many."""

    hits: int = 0
    of: int = 0

    def __add__(self, other: Count) -> Count:
        return Count(self.hits + other.hits, self.of + other.of)

    @property
    def share(self) -> float | None:
        """Hits over all, 0 to 1; None where there was nothing to count."""
        return self.hits / self.of if self.of else None


class Score(msgspec.Struct, frozen=True, kw_only=True):
    """The figures of a set. `fields` and `unsupported` count over the matched news calls only."""

    articles: int = 0
    alert: Tally = Tally()
    news_calls: Tally = Tally()
    all_calls: Tally = Tally()
    fields: dict[str, Count] = msgspec.field(default_factory=lambda: dict.fromkeys(FIELDS, Count()))
    unsupported: dict[str, Count] = msgspec.field(default_factory=lambda: dict.fromkeys(OPEN_FIELDS, Count()))

    def __add__(self, other: Score) -> Score:
        return Score(
            articles=self.articles + other.articles,
            alert=self.alert + other.alert,
            news_calls=self.news_calls + other.news_calls,
            all_calls=self.all_calls + other.all_calls,
            fields={name: count + other.fields[name] for name, count in self.fields.items()},
            unsupported={name: count + other.unsupported[name] for name, count in self.unsupported.items()},
        )


def score_article(labelled: Sequence[ToldCall], found: Sequence[ToldCall], alert: bool) -> Score:
    """The figures of one article. `alert`: the label says that it reports at least one call as news."""
    alerted = any(call.news for call in found)
    everything, _ = _matched(labelled, found)
    news, pairs = _matched([call for call in labelled if call.news], [call for call in found if call.news])
    return Score(
        articles=1,
        alert=Tally(int(alert and alerted), int(alerted), int(alert)),
        news_calls=news,
        all_calls=everything,
        fields={name: _share(_judged(name, pairs)) for name in FIELDS},
        unsupported={name: _share(_added(name, pairs)) for name in OPEN_FIELDS},
    )


def pair_up(labelled: Sequence[Labelled], found: Sequence[Found]) -> list[tuple[Labelled, Found]]:
    """Each labelled call with the found call that it is, at most one each: same news and status first, then the day."""
    options = sorted(
        (*cost, i, j)
        for i, label in enumerate(labelled)
        for j, call in enumerate(found)
        if (cost := _cost(label, call)) is not None
    )
    pairs: dict[int, int] = {}
    for *_, i, j in options:
        if i not in pairs and j not in pairs.values():
            pairs[i] = j
    return [(labelled[i], found[j]) for i, j in pairs.items()]


def days_apart(a: str | None, b: str | None) -> int | None:
    """Days between two dates, whatever the year where one of them has none; None where one has no day."""
    if a is None or b is None or "?" in a[5:] + b[5:]:
        return None
    try:
        if "?" not in a[:4] + b[:4]:
            return abs((dt.date.fromisoformat(a) - dt.date.fromisoformat(b)).days)
        # A leap year, so that 29 February is a day; over New Year the short way round counts.
        apart = abs((dt.date.fromisoformat("2016" + a[4:]) - dt.date.fromisoformat("2016" + b[4:])).days)
    except ValueError:
        return None
    return min(apart, 366 - apart)


def is_right(field: str, label: ToldCall, call: ToldCall) -> bool | None:
    """Whether a found call has a field as labelled; None where the label leaves it open."""
    want, got = getattr(label, field), getattr(call, field)
    if want is None:
        return None
    special = _RIGHT.get(field)
    return special(want, got) if special else bool(want == got)


def _matched(labelled: Sequence[ToldCall], found: Sequence[ToldCall]) -> tuple[Tally, list[tuple[ToldCall, ToldCall]]]:
    pairs = pair_up(labelled, found)
    return Tally(len(pairs), len(found), len(labelled)), pairs


def _cost(label: ToldCall, call: ToldCall) -> tuple[bool, bool, int] | None:
    """How far two calls are from each other; None where they cannot be the same one."""
    apart = days_apart(label.date, call.date)
    if not _same_countries(label.countries, call.countries) or (apart is not None and apart > 1):
        return None
    return label.news != call.news, label.status != call.status, _FAR if apart is None else apart


def _same_countries(want: Iterable[str | None], got: Iterable[str | None]) -> bool:
    missing, extra = Counter(want), Counter(got)
    missing, extra = missing - extra, extra - missing
    blanks = missing.pop(None, 0)
    return not missing and None not in extra and extra.total() == blanks


def _judged(field: str, pairs: Iterable[tuple[ToldCall, ToldCall]]) -> list[bool]:
    verdicts = (is_right(field, label, call) for label, call in pairs)
    return [verdict for verdict in verdicts if verdict is not None]


def _added(field: str, pairs: Iterable[tuple[ToldCall, ToldCall]]) -> list[bool]:
    return [getattr(call, field) is not None for label, call in pairs if getattr(label, field) is None]


def _share(verdicts: Sequence[bool]) -> Count:
    return Count(sum(verdicts), len(verdicts))


def _right_people(want: Sequence[str | None], got: Sequence[str | None]) -> bool:
    """All that are named, and nobody more than there are places."""
    wanted, given = ({name.casefold() for name in names if name} for names in (want, got))
    return wanted <= given and len(given) <= len(want)


def _right_date(want: str, got: str | None) -> bool:
    if "?" in want[5:]:
        return got is not None and got[5:7] == want[5:7]
    return days_apart(want, got) == 0


def _right_length(want: float, got: float | None) -> bool:
    """Five minutes, or a tenth of a long call, are within the error of "khoảng"."""
    return got is not None and abs(got - want) <= max(5, 0.1 * want)


_RIGHT: dict[str, Callable[..., bool]] = {
    "participants": _right_people,
    "date": _right_date,
    "duration_min": _right_length,
}
