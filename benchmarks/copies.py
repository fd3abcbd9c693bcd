"""Does this text already stand in the history? Copies of stored articles among a hundred thousand, found or missed,
by the index that the classifier keeps on SQLite and PostgreSQL, and by what others would use."""

from __future__ import annotations

import os
import random
import re
import sqlite3
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import closing, contextmanager
from functools import partial
from statistics import quantiles
from typing import Any

import msgspec
from sqlalchemy import text
from sqlalchemy.orm import Session, sessionmaker

from benchmarks import texts
from benchmarks.copytexts import Press, Text
from benchmarks.history import bulk_copy
from benchmarks.table import Row, Section, figure, times
from services.classify.copies import RUN, SET_PHRASE, Sketch, marks_of, packed, sketch_of
from services.classify.history import lock_pairs
from services.classify.normalize import normal_text
from services.classify.origins import copied, marked
from shared import db
from tests.support.servers import postgres

_ARTICLES = 100_000
_ASKED = 1_000
_ASKED_OF_SLOW = 50
_GOAL_MS, _GOAL_RECALL = 1.0, 0.98
_WORD = re.compile(r"\w+")
Ask = Callable[[Text], Collection[int]]


class Question(msgspec.Struct, frozen=True):
    """A text that comes in, and the article that it is a copy of; None where it is none."""

    kind: str
    text: Text
    source: int | None


class Answers(msgspec.Struct, frozen=True):
    """How one way of asking did: milliseconds of each answer, and for each kind how many sources were found."""

    ms: Sequence[float]
    worked: Sequence[float]
    found: Counter[str]
    asked: Counter[str]
    right: int
    given: int

    @property
    def recall(self) -> float:
        """The share of the copies whose source was found."""
        return self.right / max(1, sum(many for kind, many in self.asked.items() if kind != "other"))

    @property
    def precision(self) -> float:
        """The share of the articles found that are the source of a copy."""
        return self.right / max(1, self.given)


def measure() -> Section:
    """Ours on both databases, then the peers, all asked about the same texts."""
    press = Press(texts.load(None).stream)
    printed = [press.article(number) for number in range(_ARTICLES)]
    questions = _questions(press, printed)
    sketches = [_sketch(article) for article in printed]
    rows: list[Row] = []
    with _on_sqlite(sketches) as sessions, db.reading(sessions) as session:
        rows += _ours("SQLite", _answers(partial(_ask, session), questions))
    with _on_postgres(sketches) as sessions, sessions.begin() as session:
        lock_pairs(session, ["RU-US"])
        rows += _ours("PostgreSQL", ours := _answers(partial(_ask, session), questions))
    notes = []
    for name, build, some in (
        ("MinHash, 128 permutations, LSH at 0.5 (datasketch)", _minhash, questions),
        ("SQLite FTS5, the best by bm25 for 20 words", _fts, questions[:: len(questions) // _ASKED_OF_SLOW]),
        ("rapidfuzz over titles, at 90", _titles, questions[:: len(questions) // _ASKED_OF_SLOW]),
    ):
        try:
            rows.append(_peer(name, _answers(build(printed), some), ours))
        except Exception as error:  # whatever a peer's own trouble is, it is told and the others are measured
            notes.append(f"{name} could not be used here ({type(error).__name__}: {error}).")
    return Section("Does this text already stand in the history?", tuple(rows), (_note(), *notes))


def _note() -> str:
    return (
        f"{_ARTICLES:,} distinct articles of some 370 words, ten on each matter with its names in half of the "
        "sentences and a quotation of 48 words in common, and a foot of 32 words that all of an outlet have. "
        f"{_ASKED:,} copies of each kind (light: a word in twenty changed; heavy: cut to three fifths, another title, "
        "a lead-in and a caption; both), and as many new articles on the same matters. Asked from the text as it "
        "comes, within the classifier's transaction, which holds the lock of a pair of countries: sampled, looked up, "
        "held against what was found. Precision: of all articles named, those whose copy was asked about. The slow "
        "ones are asked less often. The machine's load was "
        f"{os.getloadavg()[1]:.1f}."
    )


def _questions(press: Press, printed: Sequence[Text]) -> list[Question]:
    chance = random.Random(11)
    asked: list[Question] = []
    for kind, rewrite in (("light", press.light), ("heavy", press.heavy), ("both", press.both)):
        numbers = chance.sample(range(_ARTICLES), _ASKED)
        asked += [Question(kind, rewrite(printed[number], chance), number) for number in numbers]
    # an article beyond the last of its matter: the same names, quotation and foot
    other = (press.article(number, beside=True) for number in chance.sample(range(_ARTICLES), _ASKED))
    asked += [Question("other", new, None) for new in other]
    chance.shuffle(asked)
    return asked


def _answers(ask: Ask, questions: Sequence[Question]) -> Answers:
    ms, worked, found, given = [], [], Counter[str](), 0
    for question in questions:
        start, busy = time.perf_counter(), time.process_time()
        named = ask(question.text)
        worked.append((time.process_time() - busy) * 1000)
        ms.append((time.perf_counter() - start) * 1000)
        given += len(named)
        found[question.kind] += question.source in named
    asked = Counter(question.kind for question in questions)
    return Answers(ms, worked, found, asked, found.total(), given)


def _ours(where: str, answers: Answers) -> Iterator[Row]:
    cuts = quantiles(answers.ms, n=100)
    yield Row(f"{where}: p50, ms", figure(cuts[49]), goal=f"≤ {_GOAL_MS:g}")
    yield Row(f"{where}: p99, ms", figure(cuts[98]))
    yield Row(f"{where}: processor time of this process, p50, ms", figure(quantiles(answers.worked, n=100)[49]))
    for kind in ("light", "heavy", "both"):
        recall = answers.found[kind] / answers.asked[kind]
        yield Row(f"{where}: recall, {kind}", f"{recall:.3f}", goal=f"≥ {_GOAL_RECALL}")
    yield Row(f"{where}: precision", f"{answers.precision:.4f}")


def _peer(name: str, answers: Answers, ours: Answers) -> Row:
    theirs, mine = (quantiles(a.ms, n=100)[49] for a in (answers, ours))
    told = f"recall {answers.recall:.3f}, precision {answers.precision:.3f}"
    return Row(f"PostgreSQL: p50, ms; recall {ours.recall:.3f}", figure(mine), f"{name}: {figure(theirs)}; {told}",
               times(mine / theirs))  # fmt: skip


def _sketch(article: Text) -> Sketch:
    return sketch_of(article.title, "", article.body)


def _ask(session: Session, article: Text) -> Collection[int]:
    sketch = _sketch(article)
    return [number for number, _ in copied(session, sketch, marked(session, sketch))]


# --- ours: the tables as the classifier fills them -------------------------------------------------------------------


def _rows(sketches: Sequence[Sketch]) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    prints = [{"article_id": n, "sketch": packed(sketch), "origin_id": n} for n, sketch in enumerate(sketches)]
    seen, marks = Counter[int](), []
    for number, sketch in enumerate(sketches):
        for mark in marks_of(sketch):
            seen[mark] += 1
            if seen[mark] <= SET_PHRASE:
                marks.append({"mark": mark, "article_id": number})
    return prints, marks


@contextmanager
def _on_sqlite(sketches: Sequence[Sketch]) -> Iterator[sessionmaker[Session]]:
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/history.sqlite"
        db.migrate(url)
        try:
            prints, marks = _rows(sketches)
            with closing(sqlite3.connect(f"{folder}/history.sqlite")) as connection, connection:  # no foreign keys
                connection.executemany("INSERT INTO fingerprints VALUES (:article_id, :sketch, :origin_id)", prints)
                connection.executemany("INSERT INTO fingerprint_marks VALUES (:mark, :article_id)", marks)
            yield db.sessions_for(url)
        finally:
            db.close(url)


@contextmanager
def _on_postgres(sketches: Sequence[Sketch]) -> Iterator[sessionmaker[Session]]:
    with postgres() as url:
        db.migrate(url)
        try:
            sessions = db.sessions_for(url)
            prints, marks = _rows(sketches)
            with sessions.begin() as session:
                session.execute(text("SET LOCAL session_replication_role = replica"))
                bulk_copy(session, "fingerprints", prints)
                bulk_copy(session, "fingerprint_marks", marks)
            with sessions() as session:
                session.connection(execution_options={"isolation_level": "AUTOCOMMIT"}).execute(text("VACUUM ANALYZE"))
            yield sessions
        finally:
            db.close(url)


# --- what others would use ------------------------------------------------------------------------------------------


def _minhash(printed: Sequence[Text]) -> Ask:
    from datasketch import MinHash, MinHashLSH  # type: ignore[import-not-found,unused-ignore]

    def signed(article: Text) -> Any:
        words = _WORD.findall(normal_text(f"{article.title} {article.body}").lower())
        hashed = MinHash(num_perm=128)
        hashed.update_batch({" ".join(words[at : at + RUN]).encode() for at in range(len(words) - RUN + 1)})
        return hashed

    index = MinHashLSH(threshold=0.5, num_perm=128)
    for number, article in enumerate(printed):
        index.insert(number, signed(article))

    def ask(article: Text) -> Collection[int]:
        found: list[int] = index.query(signed(article))
        return found

    return ask


def _fts(printed: Sequence[Text]) -> Ask:
    connection = sqlite3.connect(":memory:")
    connection.execute("CREATE VIRTUAL TABLE texts USING fts5(body, content='')")
    rows = ((number, f"{article.title} {article.body}") for number, article in enumerate(printed))
    connection.executemany("INSERT INTO texts (rowid, body) VALUES (?, ?)", rows)

    def ask(article: Text) -> Collection[int]:
        words = list(dict.fromkeys(_WORD.findall(f"{article.title} {article.body}".lower())))
        query = " OR ".join(f'"{word}"' for word in words[:: len(words) // 20])
        found = connection.execute("SELECT rowid FROM texts WHERE texts MATCH ? ORDER BY rank LIMIT 1", (query,))
        return [number for (number,) in found]

    return ask


def _titles(printed: Sequence[Text]) -> Ask:
    from rapidfuzz import fuzz, process  # type: ignore[import-not-found,unused-ignore]

    titles = [article.title for article in printed]

    def ask(article: Text) -> Collection[int]:
        found = process.extractOne(article.title, titles, scorer=fuzz.ratio, score_cutoff=90)
        return [found[2]] if found else []

    return ask
