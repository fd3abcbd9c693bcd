"""Articles as they are handed to the command line: a `.jsonl`, a folder like `seeds/`, one text file, or `-`.

Everything is read and checked before anything is done with it, so a bad line spoils no output. Each complaint is one
line that names the file and the line, and says what to do.
"""

from __future__ import annotations

import datetime as dt
import sys
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

import msgspec

from shared.errors import UsageError
from shared.records import Article

# A time without a zone is Vietnam's: that is where the articles come from. Vietnam keeps no summer time.
VIETNAM = dt.timezone(dt.timedelta(hours=7))
# A date at an end of the calendar cannot be reckoned with, and no leader's call lies outside these years.
FIRST_YEAR, LAST_YEAR = 1900, 2199
# what decoding may raise for bytes that are no JSON of ours: lists in lists without end are refused by Python
NOT_JSON = (msgspec.DecodeError, RecursionError)


class _Line(msgspec.Struct):
    """An article line as it came in; that a title, summary or text is there is checked later."""

    id: str
    title: str | None = None
    summary: str | None = None
    text: str | None = None
    published_at: str | None = None
    url: str | None = None
    outlet: str | None = None


class _Date(msgspec.Struct):
    """What `dates.json` says of one file."""

    published_at: str


def read_articles(path: str, *, dated: bool = False) -> list[Article]:
    """All articles of a path (`-` is standard input), in the order in which they stand there.

    `dated`: every article must have a `published_at`. Raises UsageError for the first thing that is wrong.
    """
    found = [(where, _checked(article, where, dated)) for where, article in _articles(path)]
    if not found:
        name = "standard input" if path == "-" else path
        raise UsageError(f"{name}: no articles; each line is one article, a JSON object (README says what is in it)")
    _refuse_duplicates(found)
    return [article for _, article in found]


def in_order(articles: Iterable[Article]) -> list[tuple[dt.datetime, Article]]:
    """The dated articles with their times, the oldest first; of the same time, as they stand."""
    dated = [(article.published_at, article) for article in articles if article.published_at is not None]
    return sorted(dated, key=lambda pair: pair[0])


def _articles(path: str) -> Iterator[tuple[str, Article]]:
    if path == "-":
        return _from_lines("standard input", sys.stdin.buffer.read())
    place = Path(path)
    if place.is_dir():
        return _from_folder(place)
    if place.suffix == ".txt":
        return iter([_from_text(place, _dates(place.parent / "dates.json"))])
    return _from_lines(str(place), _bytes(place))


def _from_lines(name: str, body: bytes) -> Iterator[tuple[str, Article]]:
    for number, line in enumerate(body.removeprefix(b"\xef\xbb\xbf").split(b"\n"), 1):
        if line.strip():
            where = f"{name} line {number}"
            yield where, _article(line, where)


def _from_folder(folder: Path) -> Iterator[tuple[str, Article]]:
    # not glob, which takes a closed folder for an empty one
    files = sorted(file for file in folder.iterdir() if file.match("*.txt"))
    if not files:
        raise UsageError(f"{folder}: no .txt files here; name a folder like seeds/ or a .jsonl file")
    dates = _dates(folder / "dates.json")
    yield from (_from_text(file, dates) for file in files)


def _from_text(file: Path, dates: Mapping[str, _Date]) -> tuple[str, Article]:
    """A text file alone gives the same article as its folder does."""
    date = dates.get(file.stem)
    published = _time(date.published_at, f"{file.parent / 'dates.json'}, {file.stem}") if date else None
    return str(file), Article(id=file.stem, text=_utf8(_bytes(file), str(file)), published_at=published)


def _dates(path: Path) -> dict[str, _Date]:
    if not path.exists():
        return {}
    try:
        return msgspec.json.decode(_bytes(path), type=dict[str, _Date])
    except (*NOT_JSON, UnicodeDecodeError) as error:
        raise UsageError(f'{path}: {error}; it says {{"ARTICLE": {{"published_at": "…"}}}} for each .txt') from error


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except FileNotFoundError as error:
        raise UsageError(f"{path}: no such file or folder; name a folder like seeds/ or a .jsonl file") from error
    except OSError as error:
        raise UsageError(f"{path}: cannot be read ({error.strerror}); name a file that you may read") from error


def _utf8(body: bytes, where: str) -> str:
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError as error:
        bad = f"byte 0x{body[error.start]:02x} at position {error.start}"
        raise UsageError(f"{where}: not UTF-8 ({bad}); save it as UTF-8") from error


def _article(line: bytes, where: str) -> Article:
    _utf8(line, where)
    try:
        raw = msgspec.json.decode(line, type=_Line)
    except msgspec.ValidationError as error:
        raise UsageError(f"{where}: {error}; README says what an article line is") from error
    except NOT_JSON as error:
        raise UsageError(f"{where}: not JSON ({error}); each line is one article, a JSON object") from error
    return Article(
        id=raw.id,
        title=raw.title or "",
        summary=raw.summary or "",
        text=raw.text or "",
        published_at=_time(raw.published_at, where) if raw.published_at else None,
        url=raw.url,
        outlet=raw.outlet,
    )


def _time(value: str, where: str) -> dt.datetime:
    try:
        time = dt.datetime.fromisoformat(value)
    except ValueError as error:
        raise UsageError(
            f"{where}: published_at {value!r} is not ISO 8601, such as 2025-03-19T00:10:00+07:00"
        ) from error
    if not FIRST_YEAR <= time.year <= LAST_YEAR:
        raise UsageError(f"{where}: published_at {value!r} is outside the years {FIRST_YEAR} to {LAST_YEAR}")
    return time if time.tzinfo else time.replace(tzinfo=VIETNAM)


def _checked(article: Article, where: str, dated: bool) -> Article:
    if not article.id:
        raise UsageError(f"{where}: the id is empty; each article has its own")
    if not (article.title.strip() or article.summary.strip() or article.text.strip()):
        raise UsageError(f"{where}: article {article.id} is empty; at least one of title, summary, text must not be")
    if dated and article.published_at is None:
        raise UsageError(f"{where}: article {article.id} has no published_at (ISO 8601); a replay needs to know when")
    return article


def _refuse_duplicates(found: Iterable[tuple[str, Article]]) -> None:
    seen: dict[str, str] = {}
    for where, article in found:
        if article.id in seen:
            first = seen[article.id]
            raise UsageError(f"{where}: id {article.id} stands twice, first at {first}; each article has its own")
        seen[article.id] = where
