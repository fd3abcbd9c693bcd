"""Both leaders found, where the label names both: ours by the calls that it reports, the peer's by its entities."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from benchmarks.peers import Peer, whole
from benchmarks.table import Row, Section, times
from benchmarks.texts import Texts
from services.classify.extract import extract
from services.classify.lexicon import Lexicon
from shared.records import Article

#: The recogniser reads about one article in a second: so many are a fair sample.
_MOST = 60


def measure(texts: Texts, peers: Sequence[Peer], lexicon: Lexicon) -> Section:
    """The share of labelled calls of two named leaders for which both names were found in the article."""
    articles = [article for article in texts.calls if article.id in texts.named][:_MOST]
    wanted = [(article, pair) for article in articles for pair in texts.named[article.id]]
    if not wanted:
        return Section("Both leaders found", (), ("No call with two named leaders in these texts.",))
    ours = {article.id: _reported(article, lexicon) for article in articles}
    mine = sum(any(set(pair) <= names for names in ours[article.id]) for article, pair in wanted) / len(wanted)
    peer = next((peer for peer in peers if peer.name == "underthesea ner"), None)
    said = (
        f"{len(wanted)} labelled calls of {len(articles)} articles. Ours counts where one reported call has both "
        "leaders under their full names; the peer, which knows no calls, where any of each leader's names stands in "
        "any entity that it marks."
    )
    if peer is None or peer.trouble:
        return Section("Both leaders found", (Row("share of calls", f"{mine:.3f}"),), (said,))
    entities = {article.id: _entities(peer, article) for article in articles}
    theirs = sum(all(_among(name, entities[a.id], lexicon) for name in pair) for a, pair in wanted) / len(wanted)
    row = Row("share of calls", f"{mine:.3f}", f"{peer.name}: {theirs:.3f}", times(mine / theirs) if theirs else "")
    return Section("Both leaders found", (row,), (said,))


def _reported(article: Article, lexicon: Lexicon) -> list[set[str]]:
    return [{who.name for who in report.participants if who.name} for report in extract(article, lexicon).reports]


def _entities(peer: Peer, article: Article) -> str:
    """The words of all entities, one entity a line, in lower case."""
    return "\n".join(_spans(peer.read(whole(article)))).lower()


def _spans(tagged: Sequence[Sequence[str]]) -> Iterator[str]:
    words: list[str] = []
    for word, *_, tag in tagged:
        if words and not tag.startswith("I"):
            yield " ".join(words)
            words = []
        if tag != "O":
            words.append(word)
    yield " ".join(words)


def _among(name: str, entities: str, lexicon: Lexicon) -> bool:
    return any(form.lower() in entities for form in _forms(name, lexicon))


def _forms(name: str, lexicon: Lexicon) -> set[str]:
    people = [person for person in lexicon.persons.values() if person.name == name]
    known = {form for p in people for form in (p.name_vi, p.surname, *p.aliases, *p.short)}
    return {name, name.split()[-1], *known}
