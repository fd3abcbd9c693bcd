"""The texts that are measured on: a folder of labelled sets, or without one the project's own seeds and corpus."""

from __future__ import annotations

import gzip
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import msgspec
import yaml

from benchmarks.measure import ROOT
from redphone.articles import read_articles
from shared.records import Article

CORPUS = ROOT / "tests" / "services" / "classify" / "corpus"
#: Calls whose two leaders are labelled by name: the article's id → the pairs of names.
Named = dict[str, tuple[tuple[str, str], ...]]


class Texts(msgspec.Struct, frozen=True):
    """`stream` is the day's news as it comes, `calls` are articles that hold a call, `named` who talks in them.

    `labelled` is the folder for `redphone eval`; None where no sets were given, and then no goal is held against them.
    """

    source: str
    stream: Sequence[Article]
    calls: Sequence[Article]
    named: Named
    labelled: Path | None = None


def load(folder: Path | None) -> Texts:
    """The texts of a folder with `dev/` and `stream.jsonl.gz`, or the project's own."""
    return _own() if folder is None else _given(folder)


def _given(folder: Path) -> Texts:
    articles = {article.id: article for article in read_articles(str(folder / "dev" / "articles.jsonl"))}
    labels = [msgspec.json.decode(line) for line in (folder / "dev" / "labels.jsonl").read_bytes().splitlines()]
    calls = [articles[label["id"]] for label in labels if label["calls"]]
    stream = [_article(msgspec.json.decode(line)) for line in _lines(folder / "stream.jsonl.gz")]
    source = f"labelled sets ({len(calls)} articles with a call; a stream of {len(stream):,} articles of all kinds)"
    return Texts(source, stream, calls, _named(labels), folder)


def _lines(packed: Path) -> list[bytes]:
    with gzip.open(packed) as lines:
        return lines.readlines()


def _own() -> Texts:
    entries = [dict(entry) for kind in ("calls", "not_calls") for entry in _corpus(kind)]
    seeds = read_articles(str(ROOT / "seeds"))
    calls = [_article(entry) for entry in entries if entry.get("calls")]
    source = (
        f"no sets were given, so the {len(seeds)} seed articles and the {len(entries)} short texts of the tests' own "
        "corpus: the goals, which are for whole articles and a real stream, do not apply"
    )
    return Texts(source, [*map(_article, entries), *seeds], [*calls, *seeds], _named(entries))


def _corpus(kind: str) -> Iterator[dict[str, Any]]:
    for file in sorted((CORPUS / kind).glob("*.yaml")):
        yield from yaml.safe_load(file.read_text(encoding="utf-8"))


def _article(entry: dict[str, Any]) -> Article:
    known = {name: entry[name] for name in ("id", "title", "summary", "text", "published_at") if entry.get(name)}
    return msgspec.convert(known, Article)


def _named(labels: Sequence[dict[str, Any]]) -> Named:
    found: Named = {}
    for label in labels:
        people = [call["participants"] for call in label.get("calls", ()) if "participants" in call]
        pairs = tuple((one, other) for one, other in (p for p in people if len(p) == 2) if one and other)
        if pairs:
            found[label["id"]] = pairs
    return found
