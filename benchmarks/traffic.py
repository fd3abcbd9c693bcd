"""A day of traffic, from noon to noon: which newspaper prints what at which moment, and what tells of a call.

Quiet at night, busiest in the morning, with bursts in which everybody prints at once. The first six hours and the last
four have the same load, so that what an article costs then can be compared. The same seed gives the same day. Pure.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import accumulate
from random import Random

import msgspec

from benchmarks.chaos.stream import DAYS, Story, stories, told

#: How much is printed in each hour after noon, beside the others.
HOURS = (
    1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 0.9, 0.8, 0.7, 0.5, 0.3,
    0.15, 0.1, 0.1, 0.1, 0.2, 0.5, 0.9, 1.2, 1.0, 1.0, 1.0, 1.0,
)  # fmt: skip
#: The hours after noon with a burst: so much of what is printed then is printed in one moment.
BURSTS, IN_A_BURST = (7, 9, 19), 0.4
MOMENTS = 10  # in an hour
TOLD_BY = (2, 3, 4)  # newspapers that tell of a call, in turn
SHOWN = 50  # articles in each feed, as when the day begins …
FIRST_PAGES = 10  # … and so many where pages are fetched, which takes a while
_EACH = 100_000


class Item(msgspec.Struct, frozen=True):
    """An article: its newspaper, its number there, and the call that it tells of."""

    paper: int
    number: int
    story: Story | None = None

    @property
    def words(self) -> str | None:
        """What it says in the place of other news."""
        return " ".join(told(self.story, self.number)) if self.story else None


Moment = tuple[Item, ...]


def has_pages(paper: int, papers: int) -> bool:
    """Whether a newspaper's pages are fetched: a tenth, of those that print less."""
    return paper >= papers // 2 and paper % 5 == 0


def before(paper: int, papers: int) -> int:
    """The number of the newest article that a newspaper shows when the day begins."""
    return FIRST_PAGES if has_pages(paper, papers) else paper * _EACH + SHOWN


def at_first(papers: int) -> int:
    """How many articles the newspapers show when the day begins."""
    return sum(FIRST_PAGES if has_pages(paper, papers) else SHOWN for paper in range(papers))


def day(seed: int, papers: int, articles: int, calls: int) -> list[Moment]:
    """What is printed at each of the day's moments. `calls` of one day, each told by a few newspapers within its hour,
    are among the `articles`."""
    chance = Random(seed)
    of_the_day = stories(DAYS[0])
    leading = iter(enumerate(chance.sample(of_the_day, calls)))
    moments: list[list[tuple[int, Story | None]]] = []
    for hour, (count, new) in enumerate(zip(_shares(articles), _shares(calls), strict=True)):
        tellings = [one for _ in range(new) for one in _tellings(*next(leading), papers, chance)]
        moments += _hour(tellings, count - len(tellings), hour in BURSTS, papers, chance)
    return _numbered(moments, papers)


def _shares(total: int) -> list[int]:
    """How many of the total come in each hour."""
    sums = [round(total * part / sum(HOURS)) for part in accumulate(HOURS)]
    return [late - early for early, late in zip([0, *sums], sums, strict=False)]


def _tellings(place: int, story: Story, papers: int, chance: Random) -> Iterable[tuple[int, Story]]:
    return ((paper, story) for paper in chance.sample(range(papers), TOLD_BY[place % len(TOLD_BY)]))


def _hour(
    tellings: Sequence[tuple[int, Story]], others: int, burst: bool, papers: int, chance: Random
) -> list[list[tuple[int, Story | None]]]:
    moments: list[list[tuple[int, Story | None]]] = [[] for _ in range(MOMENTS)]
    for telling in tellings:
        chance.choice(moments).append(telling)
    at_once = round(others * IN_A_BURST) if burst else 0
    weights = [(0.2 + n / papers) ** -0.5 for n in range(papers)]  # the first print more than the last
    for number, paper in enumerate(chance.choices(range(papers), weights, k=others)):
        moment = moments[MOMENTS // 2] if number < at_once else chance.choice(moments)
        moment.append((paper, None))
    return moments


def _numbered(moments: Sequence[Sequence[tuple[int, Story | None]]], papers: int) -> list[Moment]:
    last: dict[int, int] = {}
    numbered: list[Moment] = []
    for moment in moments:
        items: list[Item] = []
        for paper, story in moment:
            last[paper] = last.get(paper, before(paper, papers)) + 1
            items.append(Item(paper, last[paper], story))
        numbered.append(tuple(items))
    return numbered
