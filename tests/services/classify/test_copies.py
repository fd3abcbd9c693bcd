"""Copies as outlets make them, and articles on the same matter that are none."""

from __future__ import annotations

import random
import unicodedata

import pytest

from services.classify.copies import (
    LEAST,
    MARKS,
    MOST_LIKELY,
    RUN,
    SET_PHRASE,
    SKETCH,
    likely,
    marks_of,
    packed,
    same_text,
    sketch_of,
    telling,
    unpacked,
)

_WORDS = (
    "hòa quý thủy ngày đêm sông núi biển trời mây người nước nhà đường trường lớp sách bút giấy vở cầu chợ phố làng "
    "gạo muối dầu than sắt thép vàng bạc lúa ngô khoai sắn mưa nắng gió bão xuân hạ thu đông trăng sao"
)
_SYLLABLES = _WORDS.split()


def text(seed: int, words: int = 300) -> str:
    """Words that stand in no other text in this order."""
    chance = random.Random(seed)
    return " ".join(chance.choice(_SYLLABLES) + str(chance.randrange(50)) for _ in range(words))


def edited(words: str, share: float) -> str:
    """A text with some of its words changed."""
    chance = random.Random(1)
    return " ".join("khác" if chance.random() < share else word for word in words.split())


STORY = text(1)
LEAD = "(TTXVN) – Theo phóng viên thường trú tại nước ngoài, sáng nay hai nhà lãnh đạo đã nói chuyện với nhau. "
NAMES = "Tổng thống Mỹ Ben Carter điện đàm với Tổng thống Nga Olga Petrova "
COPIES: dict[str, tuple[str, str]] = {
    "word for word": (STORY, STORY),
    "cut at the end": (STORY, " ".join(STORY.split()[:180])),
    "cut at the beginning": (STORY, " ".join(STORY.split()[120:])),
    "another title and lead": (STORY, "Một tít khác hẳn\n" + LEAD + STORY),
    "captions between": (STORY, STORY[:600] + " Ảnh: Reuters. Hai ông trong một cuộc gặp năm ngoái. " + STORY[600:]),
    "a word in twenty changed": (STORY, edited(STORY, 0.05)),
    "cut, another lead, words changed": (STORY, LEAD + edited(" ".join(STORY.split()[:180]), 0.05)),
    "marks apart from their letters": (STORY, unicodedata.normalize("NFD", STORY)),
    "the tone on the other letter": (STORY, STORY.replace("hòa", "hoà").replace("thủy", "thuỷ")),
    "in capitals": (STORY, STORY.upper()),
    "other signs": (STORY, STORY.replace(" ", ", ")),
    "a short item": (text(2, 30), text(2, 30) + " Bạn đọc xem tiếp tại đây."),
    "a short item out of a long one": (STORY, " ".join(STORY.split()[:90])),
}
OTHERS: dict[str, tuple[str, str]] = {
    "nothing in common": (STORY, text(2)),
    "the same leaders in each sentence": (
        " ".join(NAMES + text(n, 12) for n in range(20)),
        " ".join(NAMES + text(n, 12) for n in range(20, 40)),
    ),
    "one quotation": (STORY + " " + text(3, 80), text(4) + " " + text(3, 80)),
    "an outlet's foot": (STORY + " " + text(5, 60), text(6) + " " + text(5, 60)),
    "a quotation in a short item": (STORY, text(7, 25) + " " + " ".join(STORY.split()[:10])),
    "no words": ("", STORY),
    "too few words": ("một hai ba", "một hai ba"),
}


@pytest.mark.parametrize(("one", "other"), COPIES.values(), ids=COPIES)
def test_a_copy(one: str, other: str) -> None:
    mine, theirs = sketch_of(one), sketch_of(other)
    assert same_text(mine, theirs)
    assert same_text(theirs, mine)
    assert set(marks_of(mine)) & set(marks_of(theirs)), "it is found"


@pytest.mark.parametrize(("one", "other"), OTHERS.values(), ids=OTHERS)
def test_another_text(one: str, other: str) -> None:
    mine, theirs = sketch_of(one), sketch_of(other)
    assert not same_text(mine, theirs)
    assert not same_text(theirs, mine)


def test_a_sketch_is_the_same_for_ever() -> None:
    """It stands in the database: another version must read it as this one wrote it."""
    assert sketch_of("Hai nhà lãnh đạo điện đàm sáng nay") == (-2084572441, -1365391913, -32347197, 1386678333)


def test_a_sketch_has_the_lowest_numbers_in_order() -> None:
    sketch = sketch_of(STORY)
    assert len(sketch) == SKETCH
    assert list(sketch) == sorted(set(sketch))
    assert marks_of(sketch) == sketch[:MARKS]
    assert len(sketch_of(text(8, RUN + LEAST - 1))) == LEAST


def test_parts_are_read_as_one_text() -> None:
    assert sketch_of("Tít", "Sa pô của bài", STORY) == sketch_of(f"Tít Sa pô của bài {STORY}")


def test_a_sketch_comes_back_out_of_its_column() -> None:
    assert unpacked(packed(sketch_of(STORY))) == sketch_of(STORY)
    assert unpacked(packed(())) == ()


def test_those_with_most_marks_are_looked_at_first_and_not_all() -> None:
    found = [(mark, article) for article in range(50) for mark in range(2 if article == 40 else 1)]
    assert likely(found)[0] == 40
    assert len(likely(found)) == MOST_LIKELY


def test_a_set_phrase_tells_nothing() -> None:
    found = [(7, article) for article in range(SET_PHRASE)] + [(8, 1)]
    assert telling((7, 8, 9), found) == [8, 9]
