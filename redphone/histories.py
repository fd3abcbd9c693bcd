"""Scoring a history: which articles tell of one call, when each call is announced, and what is said of it.

B-cubed and pairwise figures as in the evaluation of coreference (Bagga and Baldwin 1998,
https://aclanthology.org/P98-1012/), over the calls that were found at all. Pure: knows no file and no service.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import combinations

import msgspec

from redphone.scoring import Count, Tally, ToldCall, pair_up


class ExpectedCall(ToldCall, frozen=True, kw_only=True):
    """A call as an editor labelled it: which one it is, and what an article that tells of it brings ("update"); what
    is as good stands in `verdicts` too."""

    call_id: str
    verdicts: tuple[str, ...] = ()


class TracedCall(ToldCall, frozen=True, kw_only=True):
    """A call as a history has it after an article."""

    call_id: str
    verdict: str
    compared_with: str | None = None


class Told(msgspec.Struct, frozen=True):
    """The calls of one article: as labelled, and as the history has them."""

    labelled: Sequence[ExpectedCall]
    found: Sequence[TracedCall]


class HistoryScore(msgspec.Struct, frozen=True, kw_only=True):
    """The figures of a history.

    `calls` are the labelled calls that are news in any article; `announced` counts the verdicts "new". Of the calls,
    `missed` were never announced; of those whose countries had spoken before, `second`, so many were swallowed by
    another, which is worse for a desk than a call announced twice, `again`.
    """

    mentions: Tally
    b_cubed: float
    pairwise: Tally
    calls: int
    announced: int
    missed: tuple[str, ...]
    again: tuple[str, ...]
    second: Count
    unfounded_updates: int
    verdicts: Count
    compared: Count

    @property
    def per_call(self) -> float | None:
        """Announcements per call, 1 where each has one; None where no call is news."""
        return self.announced / self.calls if self.calls else None


def score_history(articles: Iterable[Told], previous: Mapping[str, str | None]) -> HistoryScore:
    """The figures of articles in the order in which they came out. `previous`: for each call the one that it should be
    compared with, where there is one."""
    book = _Book(previous)
    for told in articles:
        book.take(told)
    return book.score()


class _Book:
    """What was seen of the calls so far."""

    def __init__(self, previous: Mapping[str, str | None]) -> None:
        self._previous = previous
        self._mentions = Tally()
        self._same: list[tuple[str, str]] = []
        self._of: dict[str, Counter[str]] = defaultdict(Counter)
        self._news: dict[str, tuple[str | None, ...]] = {}
        self._second: set[str] = set()
        self._seen: set[str] = set()
        self._announced: Counter[str] = Counter()
        self._false = self._unfounded = 0
        self._right: list[bool] = []
        self._compared: list[tuple[str, str | None]] = []

    def take(self, told: Told) -> None:
        """Count the calls of the next article."""
        pairs = pair_up(told.labelled, told.found)
        self._mentions += Tally(len(pairs), len(told.found), len(told.labelled))
        for call in told.labelled:
            self._expect(call)
        matched = [found for _, found in pairs]
        for label, found in pairs:
            self._same.append((label.call_id, found.call_id))
            self._of[found.call_id][label.call_id] += 1
            self._right.append(found.verdict in label.verdicts)
            if found.verdict == "new":
                self._announce(label, found)
        strays = Counter(found.verdict for found in told.found if found not in matched)
        self._unfounded += strays["update"]
        self._false += strays["new"]
        self._seen |= {call.call_id for call in told.labelled}

    def _expect(self, call: ExpectedCall) -> None:
        if not call.news or call.call_id in self._news:
            return
        countries = tuple(sorted(call.countries, key=str))
        if countries in self._news.values():
            self._second.add(call.call_id)
        self._news[call.call_id] = countries

    def _announce(self, label: ExpectedCall, found: TracedCall) -> None:
        if label.call_id not in self._news:
            self._false += 1
            return
        self._announced[label.call_id] += 1
        before = self._previous.get(label.call_id)
        if before in self._seen and before is not None and self._announced[label.call_id] == 1:
            self._compared.append((before, found.compared_with))

    def score(self) -> HistoryScore:
        """The figures of all that was taken."""
        comparing = any(mine for _, mine in self._compared)
        linked = [self._of[mine].most_common(1)[0][0] == before for before, mine in self._compared if mine in self._of]
        return HistoryScore(
            mentions=self._mentions,
            b_cubed=_b_cubed(self._same),
            pairwise=_pairwise(self._same),
            calls=len(self._news),
            announced=self._announced.total() + self._false,
            missed=tuple(call for call in self._news if not self._announced[call]),
            again=tuple(call for call, times in self._announced.items() if times > 1),
            second=Count(sum(not self._announced[call] for call in self._second), len(self._second)),
            unfounded_updates=self._unfounded,
            verdicts=Count(sum(self._right), len(self._right)),
            compared=Count(sum(linked), len(self._compared)) if comparing else Count(),
        )


def _b_cubed(same: Sequence[tuple[str, str]]) -> float:
    """F1 of the mean share of each mention's cluster that is its call's, and of each mention's call in its cluster."""
    both, gold, mine = Counter(same), Counter(call for call, _ in same), Counter(found for _, found in same)
    if not same:
        return 0.0
    precision = sum(both[pair] / mine[pair[1]] for pair in same) / len(same)
    recall = sum(both[pair] / gold[pair[0]] for pair in same) / len(same)
    return 2 * precision * recall / (precision + recall)


def _pairwise(same: Sequence[tuple[str, str]]) -> Tally:
    pairs = [(a[0] == b[0], a[1] == b[1]) for a, b in combinations(same, 2)]
    return Tally(sum(g and m for g, m in pairs), sum(m for _, m in pairs), sum(g for g, _ in pairs))


def by_key(articles: Sequence[Told], key_of: Callable[[int, TracedCall], str]) -> list[Told]:
    """The same articles as a filter has them that knows of a call its countries and a key: what has both in common is
    one call, news of which the first is announced. `key_of` is asked with the number of the article and the call."""
    known: set[str] = set()
    told = []
    for number, article in enumerate(articles):
        found = []
        for call in article.found:
            name = f"{'-'.join(sorted(map(str, call.countries)))} {key_of(number, call)}"
            verdict = "background" if not call.news else "repeat" if name in known else "new"
            known |= {name} if call.news else set()
            found.append(msgspec.structs.replace(call, call_id=name, verdict=verdict, compared_with=None))
        told.append(Told(article.labelled, found))
    return told
