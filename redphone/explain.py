"""`redphone explain`: which rule took which words, and for each near miss why it was refused."""

from __future__ import annotations

from collections.abc import Iterator

from rich.markup import escape

from redphone.lines import proofs
from services.classify.extract import extract
from services.classify.lexicon import load_lexicon
from shared.records import Article, Evidence, Extraction, Rejection, Report


def explained(article: Article) -> Iterator[str]:
    """The reading of an article in lines for a person, in rich's markup."""
    extraction = extract(article, load_lexicon())
    yield f"[bold]{escape(article.id)}[/]  {escape(article.title or _opening(article))}"
    yield from _summary(extraction)
    for number, report in enumerate(extraction.reports, 1):
        yield ""
        yield from _call(number, report)
    for rejection in extraction.rejections:
        yield ""
        yield from _refused(rejection)


def _opening(article: Article) -> str:
    return (article.summary or article.text)[:80].replace("\n", " ") + "…"


def _summary(extraction: Extraction) -> Iterator[str]:
    news = sum(report.news for report in extraction.reports)
    background, refused = len(extraction.reports) - news, len(extraction.rejections)
    yield f"{news} calls as news, {background} as background, {refused} near misses (rules {extraction.version})"


def _call(number: int, report: Report) -> Iterator[str]:
    names = ", ".join(
        f"{person.name or person.office or '?'} ({person.country or '?'})" for person in report.participants
    )
    told = "news" if report.news else "background"
    yield f"[bold]CALL {number}[/]  {escape(names)}: {report.denial or report.status}, {told}"
    yield f"  rules  {escape(', '.join(report.rules) or '–')}"
    for piece in proofs(report):
        yield f"  {piece.field:<14} {_words(piece)}"


def _refused(rejection: Rejection) -> Iterator[str]:
    yield f"[bold]NO CALL[/]  {escape(rejection.rule)}: {escape(rejection.reason)}"
    yield f"  {rejection.evidence.field:<14} {_words(rejection.evidence)}"


def _words(piece: Evidence) -> str:
    return f"“{escape(piece.text)}” [dim]{piece.part} {piece.start}–{piece.end}[/]"
