"""Where sentences end in the news, and where a dot only looks like an end."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.classify.sentences import MAX_LENGTH, split_sentences


def split(text: str) -> list[str]:
    return [text[start:end] for start, end in split_sentences(text)]


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("Ông Tusk đến. Bà Frederiksen đón.", ["Ông Tusk đến.", "Bà Frederiksen đón."]),
        ("Kết thúc! Thật sao? Chưa… Đúng vậy", ["Kết thúc!", "Thật sao?", "Chưa…", "Đúng vậy"]),
        ('Ông nói: "Chưa rõ." Rồi ông đi.', ['Ông nói: "Chưa rõ."', "Rồi ông đi."]),
        ('Bà đáp. "Tôi sẽ gọi", bà nói.', ["Bà đáp.", '"Tôi sẽ gọi", bà nói.']),
        ("(Theo hãng tin.) Ông Petro im lặng.", ["(Theo hãng tin.)", "Ông Petro im lặng."]),
        ("Giá tăng 3.5 điểm. 20 người đến.", ["Giá tăng 3.5 điểm.", "20 người đến."]),
        ("Cuộc gọi ngày 3.5 kéo dài", ["Cuộc gọi ngày 3.5 kéo dài"]),
        ("Ông George W. Bush, TP. Hồ Chí Minh, Mr. Smith", ["Ông George W. Bush, TP. Hồ Chí Minh, Mr. Smith"]),
        ("Ông Marcos Jr. Hôm nay đến", ["Ông Marcos Jr. Hôm nay đến"]),
        ("Ông gặp ông Tusk.Cuộc gọi kéo dài.", ["Ông gặp ông Tusk.", "Cuộc gọi kéo dài."]),
        ("Theo VTV.Vn và ông D.Trump, Th.S Minh", ["Theo VTV.Vn và ông D.Trump, Th.S Minh"]),
        ("vân vân. v.v. rồi thôi", ["vân vân. v.v. rồi thôi"]),
        ("Dòng một\nDòng hai\n\n  Dòng ba  \r\n", ["Dòng một", "Dòng hai", "Dòng ba"]),
        ("", []),
        (" \n\t ", []),
    ],
)
def test_sentences(text: str, sentences: list[str]) -> None:
    assert split(text) == sentences


def test_an_endless_line_is_read_in_pieces() -> None:
    pieces = split("điện đàm " * 1000)
    assert len(pieces) > 5
    assert all(len(piece) <= MAX_LENGTH for piece in pieces)
    assert "".join(pieces).replace(" ", "") == "điệnđàm" * 1000
    assert all(len(piece) <= MAX_LENGTH for piece in split("x" * 5000))


@settings(deadline=None)
@given(st.text(alphabet='Aaế.!?…")( \n\r1', max_size=80) | st.text(max_size=80))
def test_nothing_is_lost_and_nothing_is_read_twice(text: str) -> None:
    spans = list(split_sentences(text))
    assert all(start < end for start, end in spans)
    assert all(a[1] <= b[0] for a, b in pairwise(spans))
    assert "".join("".join(split(text)).split()) == "".join(text.split())
