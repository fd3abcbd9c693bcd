"""What a sentence adds to what was told, by its words."""

from __future__ import annotations

import csv
from importlib.resources import files

import pytest

from services.classify.account import Told

FIRST = (
    "Tổng thống Kenya hôm qua điện đàm với Thủ tướng Ethiopia về con đập. Hai bên nhất trí cử các kỹ sư đến biên giới "
    "trong tháng này để đo mực nước. Cuộc điện đàm kéo dài 20 phút."
)


@pytest.mark.parametrize(
    ("sentence", "known"),
    [
        ("Hai bên nhất trí cử các kỹ sư đến biên giới để đo mực nước.", True),
        ("Theo Reuters, hai bên nhất trí cử các kỹ sư đến biên giới.", True),
        ("Ông Kenya và bà Ethiopia bàn về giá cà phê và đường sắt ven biển.", False),
        ("Điện đàm.", True),
        ("Đập!", False),
    ],
)
def test_a_sentence_in_much_the_same_words_is_known(sentence: str, known: bool) -> None:
    assert Told([FIRST]).knows(sentence) is known


@pytest.mark.parametrize(
    ("sentence", "adds"),
    [
        # what one said to the other
        ("Trong cuộc điện đàm hôm qua, Tổng thống Kenya dọa cắt toàn bộ nguồn điện bán sang thủ đô láng giềng.", True),
        # a quotation before the verb
        ('"Tôi sẽ chẳng bao giờ quên lời khuyên quý báu ấy", Tổng thống Kenya nói sau cuộc điện đàm.', True),
        # no verb of saying: what others felt, or how the press found it
        ("Thị trường chứng khoán khởi sắc sau khi Tổng thống Kenya điện đàm với Thủ tướng Ethiopia.", False),
        # the old in other order
        ("Tổng thống Kenya và Thủ tướng Ethiopia nhất trí cử các kỹ sư đến biên giới trong tháng này.", False),
        # that the two talked, and what of
        ("Ông Ruto nói với bà Samia rằng ông đã trao đổi với bốn người, gồm Mulatu Teshome, Paul Kagame.", False),
        ("Ông Ruto nói với bà Samia rằng ông đã trao đổi với ông Kagame về giá chè, lúa mì, cao su và sắn.", True),
        # one word more is no other account
        ("Hai bên nhất trí cử ngay các kỹ sư.", False),
    ],
)
def test_an_account_is_what_somebody_said_and_nobody_told(sentence: str, adds: bool) -> None:
    assert Told([FIRST]).lacks_account(sentence) is adds


def test_both_schools_of_tone_marks_are_one_word() -> None:
    assert Told(["Hai bên bàn về hoà bình và thoả thuận khí đốt."]).knows("Bàn về hòa bình và thỏa thuận khí đốt.")


def test_every_verb_of_the_data_makes_an_account() -> None:
    text = (files("services.classify") / "data" / "account.csv").read_text(encoding="utf-8")
    told = Told(["Điều gì khác."])
    phrases = [phrase for row in csv.DictReader(text.splitlines()) for phrase in row["words"].split("|")]
    missing = [p for p in phrases if not told.lacks_account(f"Bà ấy {p} một hai ba bốn năm sáu bảy tám chín mười.")]
    assert not missing
