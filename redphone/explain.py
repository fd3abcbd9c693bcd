"""`redphone explain`: which rule took which words, and for each near miss why it was refused."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from rich.markup import escape

from redphone.lines import proofs
from services.classify.extract import extract
from services.classify.lexicon import load_lexicon
from services.classify.version import rules_version
from shared.records import Article, Evidence, Extraction, Rejection, Report, RuleHit

WIDTH = 25  # of the names of most rules and of every field


def explained(article: Article) -> Iterator[str]:
    """The reading of an article in lines for a person, in rich's markup."""
    extraction = extract(article, load_lexicon())
    yield f"[bold]{escape(article.id)}[/]  {escape(article.title or _opening(article))}"
    yield from _summary(extraction)
    for number, report in enumerate(extraction.reports, 1):
        yield ""
        yield from _call(number, report, article)
    for rejection in extraction.rejections:
        yield ""
        yield from _refused(rejection, article)


def _opening(article: Article) -> str:
    return (article.summary or article.text)[:80].replace("\n", " ") + "…"


def _summary(extraction: Extraction) -> Iterator[str]:
    news = sum(report.news for report in extraction.reports)
    background, refused = len(extraction.reports) - news, len(extraction.rejections)
    told, missed = "call" if news == 1 else "calls", "miss" if refused == 1 else "misses"
    yield f"{news} {told} as news, {background} as background, {refused} near {missed} (rules {rules_version()})"


def _call(number: int, report: Report, article: Article) -> Iterator[str]:
    names = ", ".join(
        f"{person.name or person.office or '?'} ({person.country or '?'})" for person in report.participants
    )
    told = "news" if report.news else "background"
    yield f"[bold]CALL {number}[/]  {escape(names)}: {report.denial or report.status}, {told}"
    yield "  rules"
    yield from _hits(report.hits, article)
    yield "  facts"
    for piece in proofs(report):
        yield _words(piece.field, piece, article)


def _refused(rejection: Rejection, article: Article) -> Iterator[str]:
    yield f"[bold]NO CALL[/]  {escape(rejection.rule)}: {escape(rejection.reason)}"
    yield from _hits(rejection.hits, article)
    yield _words(rejection.evidence.field, rejection.evidence, article)


def _hits(hits: Iterable[RuleHit], article: Article) -> Iterator[str]:
    for hit in hits:
        yield _words(hit.rule, hit, article)


def _words(name: str, place: RuleHit | Evidence, article: Article) -> str:
    words = article.part(place.part)[place.start : place.end]
    return f"    {name:<{WIDTH}}  “{escape(words)}” [dim]{place.part} {place.start}–{place.end}[/]"
