"""The rules are data: every row shows a sentence that it takes and, where it decides something, a twin that it leaves.

A rule that another one shadows, or that reaches too far, fails here by its id.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable
from importlib.resources import files
from zoneinfo import ZoneInfo

import pytest

from services.classify import phrasebook
from services.classify.clocks import zone_of
from services.classify.cues import find_cues
from services.classify.entities import find_entities
from services.classify.extract import extract
from services.classify.lexicon import WORD, load_lexicon
from services.classify.mention import Mention
from services.classify.normalize import fold
from services.classify.reading import read_article
from services.classify.resolve import Resolver
from services.classify.talk import SentenceReader
from services.classify.times import find_times
from services.classify.words import cut_words
from shared.records import Article

RULES = ("cues", "cues_in_context", "patterns", "status")
NAMED = ("titles", *RULES)
Row = dict[str, str]


def table(package: str, name: str) -> list[Row]:
    text = (files(package) / "data" / f"{name}.csv").read_text(encoding="utf-8")
    return list(csv.DictReader(io.StringIO(text)))


def ids(rows: Iterable[Row]) -> list[str]:
    return [next(iter(row.values())) for row in rows]


def mentions(text: str) -> list[Mention]:
    """What the sentences of a text say about calls, each by itself."""
    read = read_article(Article(id="a", text=text), load_lexicon())
    if read is None:
        return []
    resolver = Resolver(load_lexicon(), None, (e for s in read.sentences for e in s.entities))
    reader = SentenceReader(resolver, read.sentences)
    return [mention for sentence in read.sentences for mention in reader.read(sentence)]


def cues_of_article(text: str) -> list[str]:
    read = read_article(Article(id="a", text=text), load_lexicon())
    return [cue.rule for sentence in read.sentences for cue in sentence.cues] if read else []


def cues_in(text: str) -> list[str]:
    return [cue.rule for cue in find_cues(fold(text).lower(), 0, len(text))]


@pytest.mark.parametrize("name", NAMED)
def test_ids_are_unique_and_plain(name: str) -> None:
    found = [row["id"] for row in table("services.classify", name)]
    assert len(found) == len(set(found))
    assert all(re.fullmatch("[a-z][a-z_]*", each) for each in found)


@pytest.mark.parametrize("name", RULES)
def test_every_rule_shows_an_example_and_a_counter(name: str) -> None:
    rows = table("services.classify", name)
    assert all(row["example"].endswith(".") and row["counter"].endswith(".") for row in rows)
    assert len({row["example"] for row in rows}) == len(rows)
    assert all(row["example"] != row["counter"] for row in rows)


@pytest.mark.parametrize("row", table("services.classify", "cues"), ids=ids(table("services.classify", "cues")))
def test_cues(row: Row) -> None:
    assert row["id"] in cues_in(row["example"])
    assert row["id"] not in cues_in(row["counter"])


IN_CONTEXT = table("services.classify", "cues_in_context")


@pytest.mark.parametrize("row", IN_CONTEXT, ids=ids(IN_CONTEXT))
def test_cues_in_context(row: Row) -> None:
    assert row["id"] in cues_of_article(row["example"])
    assert row["id"] not in cues_of_article(row["counter"])


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        ("dien_dam", "cuộc điệm đàm với|đàm thoại với|hội đàm điện thoại với"),
        ("call_noun", "cú gọi với|cuộc điện thoại với|cú điện thoại với"),
        ("ring", "bấm máy gọi điện cho"),
        ("ring_for", "gọi lại tới|gọi thẳng đến"),
        ("ring_video", "gọi trực tuyến cho|gọi hình ảnh cho|gọi video call cho"),
        ("ring_by_wire", "cũng điện cho"),
        ("pick_up", "nhấc máy trò chuyện với|nhấc điện thoại lên nói chuyện với|bấm điện thoại trao đổi với"),
        ("telephone_verb", "sẽ điện thoại cho"),
        ("answer", "nghe điện của|bắt máy của|nhận được điện của"),
        ("by_phone", "liên lạc qua đường dây nóng với|họp từ xa với|nói chuyện qua điện đàm với|bàn bạc qua zoom với"),
        ("by_phone", "nói chuyện bằng cách gọi điện với|họp qua truyền hình với|gặp gỡ qua video với"),
        ("chat_noun", "có cuộc đối thoại với|có cuộc liên lạc với|có cuộc hội thoại với|có cuộc chuyện trò với"),
    ],
)
def test_the_keys_of_a_rule_let_none_of_its_words_slip(rule: str, words: str) -> None:
    assert [said for said in words.split("|") if rule not in cues_in(f"Ông đã {said} Tổng thống Chile.")] == []


@pytest.mark.parametrize("row", table("services.classify", "patterns"), ids=ids(table("services.classify", "patterns")))
def test_patterns(row: Row) -> None:
    """A pattern may read the counter too, but what fills its places there is no call of leaders."""
    assert row["id"] in [mention.rule for mention in mentions(row["example"])]
    assert row["id"] not in [mention.rule for mention in mentions(row["counter"]) if mention.kind != "refused"]


@pytest.mark.parametrize("row", table("services.classify", "status"), ids=ids(table("services.classify", "status")))
def test_status(row: Row) -> None:
    taken = {mention.reading.rule: mention.reading for mention in mentions(row["example"])}
    assert row["id"] in taken
    assert (taken[row["id"]].status, taken[row["id"]].denial) == (row["status"], row["denial"] or None)
    assert row["id"] not in [mention.reading.rule for mention in mentions(row["counter"])]


@pytest.mark.parametrize("row", table("services.classify", "titles"), ids=ids(table("services.classify", "titles")))
def test_titles(row: Row) -> None:
    """The example holds the title, and it is read as part of a phrase for somebody; for nobody where it is void."""
    example = fold(row["example"])
    people = [
        e for e in find_entities(example, cut_words(example, 0, len(example)), load_lexicon()) if e.kind != "country"
    ]
    read = [" ".join(["", *WORD.findall(example[e.start : e.end]), ""]) for e in people]
    phrases = [f" {fold(phrase)} " for phrase in row["phrases"].split("|")]
    found = any(phrase in (words if phrase.isupper() else words.lower()) for words in read for phrase in phrases)
    assert found == (row["kind"] != "void")


@pytest.mark.parametrize("row", table("services.classify", "named_zones"), ids=lambda row: row["words"])
def test_named_zones(row: Row) -> None:
    """The example's time is told in the zone, by these words and no country's name."""
    example = fold(row["example"]).lower()
    zones = [time.zone for time in find_times(example, 0, len(example))]
    assert zones == [row["words"]] == [fold(row["words"]).lower()]
    assert str(ZoneInfo(row["zone"])) == zone_of(row["words"], load_lexicon())


@pytest.mark.parametrize("name", ["topics", "outcomes"])
def test_phrases_of_topics_and_outcomes(name: str) -> None:
    """Each row's example holds a phrase of its own row, written as it stands there."""
    rows = table("shared", name)
    assert len(set(ids(rows))) == len(rows)
    for row in rows:
        own = phrasebook.build(("own", phrase) for phrase in row["phrases"].split("|"))
        example = fold(row["example"])
        assert own.find(cut_words(example, 0, len(example))), row["example"]


@pytest.mark.parametrize("name", ["topics", "outcomes"])
def test_no_phrase_belongs_to_two_rows(name: str) -> None:
    owners: dict[str, set[str]] = {}
    for row in table("shared", name):
        for phrase in row["phrases"].split("|"):
            owners.setdefault(fold(phrase), set()).add(next(iter(row.values())))
    assert {phrase: rows for phrase, rows in owners.items() if len(rows) > 1} == {}


@pytest.mark.parametrize("row", table("services.classify", "networks"), ids=ids(table("services.classify", "networks")))
def test_networks(row: Row) -> None:
    """Who writes on a network is heard there; one that is only spoken of is nobody's place."""

    def heard_on(told: str) -> list[str | None]:
        text = f"Thủ tướng Nhật Bản Kishida điện đàm với Thủ tướng Australia Albanese.\n{told}"
        (report,) = extract(Article(id="a", text=text), load_lexicon()).reports
        return [speaker.network for speaker in report.heard]

    assert heard_on(row["example"]) == [row["name"]]
    assert heard_on(row["counter"]) in ([], [None])
