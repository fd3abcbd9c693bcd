"""The corpus: short articles written for these tests, grouped by what they say, each group with its negative twin.

A file of `corpus/calls/` or `corpus/not_calls/` is a list of cases:

    id, published_at    the day of publication belongs to the case, so that "chiều qua" has one answer for ever
    title, summary, text
    calls               what a careful editor would mark: countries, participants, status, news, channel, and date,
                        duration_min, initiator where the text tells them; a field left out is not asserted;
                        a participant null may be resolved from the office
    why                 what the case is about

The tables below say how much of each file is read as marked. They are floors: raise them with the rules, never lower
them. `pytest -rP tests/services/classify/test_corpus.py` shows the figures of now.
"""

from __future__ import annotations

import datetime as dt
import sys
import unicodedata
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

import msgspec
import pytest
import yaml

from redphone.lines import call_line
from redphone.scoring import FIELDS, Count, ToldCall, is_right, pair_up
from services.classify.extract import extract
from services.classify.lexicon import load_lexicon
from shared.records import Article

CORPUS = Path(__file__).parent / "corpus"

#: Of each file: the least share of its calls read as marked, and how many calls at most that nobody marked.
FILES = {
    "calls/background": (0.85, 1),
    "calls/denied": (1.0, 0),
    "calls/fields": (1.0, 0),
    "calls/held": (0.93, 0),
    "calls/newsroom": (1.0, 0),
    "calls/ongoing": (0.9, 0),
    "calls/planned": (0.97, 0),
    "calls/proposed": (0.92, 0),
    "calls/several": (1.0, 0),
    "calls/three_way": (0.91, 1),
    "calls/unnamed": (0.9, 0),
    "calls/video": (0.94, 0),
    "not_calls/denied": (1.0, 0),
    "not_calls/held": (1.0, 0),
    "not_calls/newsroom": (1.0, 0),
    "not_calls/ongoing": (1.0, 0),
    "not_calls/planned": (1.0, 0),
    "not_calls/proposed": (1.0, 0),
    "not_calls/several": (1.0, 0),
    "not_calls/three_way": (1.0, 0),
    "not_calls/unnamed": (1.0, 1),
    "not_calls/video": (1.0, 1),
}
#: Over all files: the least share of each marked field that is given as marked; those of missed calls are not.
ALL_FIELDS = {"participants": 0.95, "date": 0.88, "duration_min": 0.97, "initiator": 0.85}


class Case(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One article of the corpus with its calls."""

    id: str
    calls: tuple[ToldCall, ...]
    why: str
    published_at: dt.datetime | None = None
    title: str = ""
    summary: str = ""
    text: str = ""


class Result(msgspec.Struct, frozen=True):
    """What was read in one file."""

    marked: int
    missed: tuple[str, ...]
    invented: tuple[str, ...]
    fields: dict[str, Count]

    @property
    def recall(self) -> float:
        return 1 - len(self.missed) / self.marked if self.marked else 1.0

    def line(self) -> str:
        fields = "  ".join(f"{name} {c.hits}/{c.of}" for name, c in self.fields.items() if c.of)
        found = self.marked - len(self.missed)
        return f"{found:3}/{self.marked:3} as marked ({self.recall:.3f})  {len(self.invented)} invented  {fields}"


def cases(name: str) -> list[Case]:
    loaded = yaml.safe_load((CORPUS / f"{name}.yaml").read_text(encoding="utf-8"))
    return msgspec.convert([_with_iso_dates(case) for case in loaded], list[Case])


def _with_iso_dates(case: dict[str, Any]) -> dict[str, Any]:
    """YAML reads 2023-05-16 as a date; a call's date is text, because it may hold `?`."""
    calls = [{**call, "date": str(call["date"])} if call.get("date") else call for call in case["calls"]]
    return {**case, "calls": calls}


def plain(call: ToldCall) -> ToldCall:
    """The same call with its participants' names in letters without diacritics: "Niinistö" is often "Niinisto"."""
    names = (None if name is None else _plain(name) for name in call.participants)
    return msgspec.structs.replace(call, participants=tuple(names))


def _plain(name: str) -> str:
    letters = unicodedata.normalize("NFD", name.replace("Đ", "D").replace("đ", "d").replace("ø", "o").replace("ł", "l"))
    return "".join(letter for letter in letters if not unicodedata.combining(letter))


def read(case: Case) -> list[ToldCall]:
    article = Article(
        id=case.id, title=case.title, summary=case.summary, text=case.text, published_at=case.published_at
    )
    reports = extract(article, load_lexicon()).reports
    return [plain(msgspec.convert(call_line(report), ToldCall, from_attributes=True)) for report in reports]


@lru_cache(maxsize=32)
def result(name: str) -> Result:
    missed: list[str] = []
    invented: list[str] = []
    verdicts: list[tuple[str, bool]] = []
    all_cases = cases(name)
    for case in all_cases:
        marked, found = [plain(call) for call in case.calls], read(case)
        pairs = pair_up(marked, found)
        right = [label for label, call in pairs if _as_marked(label, call)]
        missed += [case.id] * (len(marked) - len(right))
        invented += [case.id] * (len(found) - len(pairs))
        verdicts += _verdicts(marked, pairs)
    return Result(
        marked=sum(len(case.calls) for case in all_cases),
        missed=tuple(missed),
        invented=tuple(invented),
        fields={field: _count([ok for name, ok in verdicts if name == field]) for field in FIELDS},
    )


def _verdicts(marked: Sequence[ToldCall], pairs: Sequence[tuple[ToldCall, ToldCall]]) -> list[tuple[str, bool]]:
    """For each field of each marked call that is asserted, whether it was given so."""
    asserted = [(field, label) for label in marked for field in FIELDS if getattr(label, field) is not None]
    given = {(field, id(label)): is_right(field, label, call) for label, call in pairs for field in FIELDS}
    return [(field, given.get((field, id(label))) is True) for field, label in asserted]


def _as_marked(label: ToldCall, call: ToldCall) -> bool:
    same = label.news == call.news and label.status == call.status
    return same and is_right("channel", label, call) is not False


def _count(verdicts: Sequence[bool]) -> Count:
    return Count(sum(verdicts), len(verdicts))


def test_the_table_names_every_file_and_every_case_has_an_id_of_its_own() -> None:
    assert sorted(FILES) == sorted(str(file.relative_to(CORPUS).with_suffix("")) for file in CORPUS.rglob("*.yaml"))
    ids = [case.id for name in FILES for case in cases(name)]
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize("name", FILES)
def test_files(name: str) -> None:
    least, most = FILES[name]
    got = result(name)
    sys.stdout.write(f"{name:21}{got.line()}\n")
    assert got.recall >= least, f"missed or read otherwise: {got.missed}"
    assert len(got.invented) <= most, f"invented: {got.invented}"


@pytest.mark.parametrize("field", ALL_FIELDS)
def test_fields(field: str) -> None:
    counts = [result(name).fields[field] for name in FILES]
    hits, of = sum(c.hits for c in counts), sum(c.of for c in counts)
    sys.stdout.write(f"{field:14}{hits}/{of} ({hits / of:.3f})\n")
    assert hits / of >= ALL_FIELDS[field]
