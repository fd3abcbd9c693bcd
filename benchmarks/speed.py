"""Articles per second on one core: a stream of all kinds of news, and articles that hold a call."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from itertools import islice

from benchmarks.measure import paired, rate
from benchmarks.peers import Peer, has_keyword, whole
from benchmarks.table import Row, Section, figure, times
from benchmarks.texts import Texts
from services.classify.extract import extract
from services.classify.lexicon import Lexicon
from shared.records import Article

#: Seconds of work that a slow peer is given in a round.
_PATIENCE = 8.0


def measure(texts: Texts, peers: Sequence[Peer], lexicon: Lexicon) -> Section:
    """Ours beside each peer, on both kinds of articles."""
    goals = ("≥ 10,000", "≥ 300") if texts.labelled else ("", "")
    kinds = (("stream", texts.stream, goals[0]), ("articles with a call", texts.calls, goals[1]))
    rows = [row for name, articles, goal in kinds for row in _rows(name, articles, goal, peers, lexicon)]
    notes = tuple(peer.trouble for peer in peers if peer.trouble)
    said = "Articles per second of processor time on one core; a slow peer reads as many as it can in some seconds."
    return Section("Speed of extraction", tuple(rows), (said, *notes))


def _rows(name: str, articles: Sequence[Article], goal: str, peers: Sequence[Peer], lexicon: Lexicon) -> Iterator[Row]:
    ours: Callable[[], float] = partial(rate, partial(_extract, lexicon), articles)
    ours()
    for peer in peers:
        if peer.trouble:
            continue
        sample = [whole(article) for article in islice(articles, _affordable(peer, articles))]
        pair = paired(ours, partial(rate, peer.read, sample))
        yield Row(
            f"{name}: articles/s", figure(pair.ours), f"{peer.name}: {figure(pair.peer)}", times(pair.ratio), goal
        )
    limit = paired(ours, partial(rate, has_keyword, articles))
    yield Row(
        f"{name}: articles/s",
        figure(limit.ours),
        f"six substring tests (the limit): {figure(limit.peer)}",
        times(limit.ratio),
        goal,
    )


def _extract(lexicon: Lexicon, article: Article) -> object:
    return extract(article, lexicon)


def _affordable(peer: Peer, articles: Sequence[Article]) -> int:
    few = [whole(article) for article in articles[:4]]
    return max(4, int(_PATIENCE * rate(peer.read, few)))
