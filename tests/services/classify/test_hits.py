"""Which rule took which words: the words themselves, in reading order, wherever normalizing or a symbol moved them."""

from __future__ import annotations

import unicodedata
from typing import Literal

import pytest

from services.classify.extract import extract
from services.classify.lexicon import load_lexicon
from shared.records import Article, RuleHit

HELD = "Tổng thống Chile Boric đã điện đàm với Tổng thống Peru Boluarte."
STOP = "Tổng thống Philippines Ferdinand Marcos Jr. và Thủ tướng Nhật Bản Kishida đã có cuộc điện đàm."
AGAIN = "Cuộc điện đàm giữa Tổng thống Chile Boric và Tổng thống Peru Boluarte kéo dài 20 phút."


def told(article: Article, hits: tuple[RuleHit, ...]) -> list[tuple[str, str]]:
    return [(hit.rule, article.part(hit.part)[hit.start : hit.end]) for hit in hits]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            HELD,
            [
                ("patterns.subject_object", "Tổng thống Chile Boric đã điện đàm với Tổng thống Peru Boluarte"),
                ("status.has_held", "đã điện đàm"),
                ("cues.dien_dam", "điện đàm"),
            ],
        ),
        (
            STOP,
            [
                ("patterns.subjects", STOP.removesuffix(".")),
                ("status.has_held", "đã có cuộc điện đàm"),
                ("cues.dien_dam", "cuộc điện đàm"),
            ],
        ),
        (
            "📞 " + AGAIN,
            [
                ("cues.dien_dam", "Cuộc điện đàm"),
                ("patterns.between", "Cuộc điện đàm giữa Tổng thống Chile Boric và Tổng thống Peru Boluarte"),
                ("status.lasted", AGAIN.removesuffix(" 20 phút.")),
            ],
        ),
    ],
    ids=["cut symbols", "a stop left out", "outside the first plane"],
)
@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_the_words_of_each_rule(text: str, expected: list[tuple[str, str]], form: Literal["NFC", "NFD"]) -> None:
    article = Article(id="a", text=unicodedata.normalize(form, text))
    (report,) = extract(article, load_lexicon()).reports
    assert told(article, report.hits) == [(rule, unicodedata.normalize(form, words)) for rule, words in expected]


def test_rules_of_several_parts_stand_in_reading_order_and_once() -> None:
    article = Article(id="a", title="Lãnh đạo Chile - Peru điện đàm", text=AGAIN)
    (report,) = extract(article, load_lexicon()).reports
    assert [(hit.part, hit.rule) for hit in report.hits] == [
        ("title", "patterns.group_before"),
        ("title", "cues.dien_dam"),
        ("title", "status.unmarked"),
        ("text", "cues.dien_dam"),
        ("text", "patterns.between"),
        ("text", "status.lasted"),
    ]


def test_a_near_miss_says_what_its_rules_took() -> None:
    article = Article(id="a", text="Ngoại trưởng Chile đã điện đàm với Ngoại trưởng Peru.")
    (rejection,) = extract(article, load_lexicon()).rejections
    assert told(article, rejection.hits) == [
        ("patterns.subject_object", "Ngoại trưởng Chile đã điện đàm với Ngoại trưởng Peru"),
        ("status.has_held", "đã điện đàm"),
        ("cues.dien_dam", "điện đàm"),
    ]
