"""One spelling for what is written in several ways, and the way back to what was written."""

from __future__ import annotations

import unicodedata
from typing import Literal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.classify.normalize import fold, normalize

#: Letters, marks and signs that the steps of normalization care about, and some that they do not.
AWKWARD = "aàáoòóuýyqQhHđĐÐðeêế \u0300\u0301\u0309\u0323\u0302\u031b\u200b\u00ad\ufeff\u00a0“”’–—\n\t1🙂가ﬁİ"
texts = st.text(alphabet=AWKWARD, max_size=60) | st.text(max_size=60)


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("hoà bình", "hòa bình"),
        ("hòa bình", "hòa bình"),
        ("HOÀ GIẢI", "HÒA GIẢI"),
        ("Hoà", "Hòa"),
        ("khoẻ, xoè, loã", "khỏe, xòe, lõa"),
        ("Uỷ ban, thuỷ", "Ủy ban, thủy"),
        ("tuý luý", "túy lúy"),
        ("quý, Quỳ, QUỶ", "quý, Quỳ, QUỶ"),
        ("qúy", "quý"),
        ("quà, toàn, hoàng, ngoái", "quà, toàn, hoàng, ngoái"),
        ("đă đăng, lănh đạo và vải lănh", "đã đăng, lãnh đạo và vải lănh"),
        ("Ðài Loan, ðiện đàm", "Đài Loan, điện đàm"),
        ("“Alô”, ‘ông’ «nói»", '"Alô", \'ông\' "nói"'),
        ("18–3, 18—3, 18‑3", "18-3, 18-3, 18-3"),
        ("Mỹ\u00a0và\tNga", "Mỹ và Nga"),
    ],
)
def test_one_spelling(written: str, read: str) -> None:
    assert normalize(written).text == fold(written) == read
    assert normalize(unicodedata.normalize("NFD", written)).text == read


@pytest.mark.parametrize(
    ("written", "read"),
    [("điện\u200b đàm", "điện đàm"), ("\ufeffÔng Tusk", "Ông Tusk"), ("thủ\u00ad tướng", "thủ tướng"), ("\u200e", "")],
)
def test_what_is_invisible_falls_away(written: str, read: str) -> None:
    assert normalize(written).text == read


def test_tone_marks_tell_words_apart() -> None:
    assert len({normalize(word).text for word in ("ma", "má", "mà", "mả", "mã", "mạ")}) == 6


@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_offsets_lead_back_to_what_was_written(form: Literal["NFC", "NFD"]) -> None:
    raw = unicodedata.normalize(form, "\ufeffThủ tướng Hoà\u200b Lan điện đàm với Đức.")
    normal = normalize(raw)
    for word in ("Thủ", "Hòa", "Lan", "điện đàm", "Đức"):
        start = normal.text.index(word)
        low, high = normal.raw_span(start, start + len(word))
        assert normalize(raw[low:high]).text == word


@settings(deadline=None)
@given(texts)
def test_every_slice_has_its_place_in_the_raw_text(raw: str) -> None:
    normal = normalize(raw)
    ends = [normal.raw_span(i, i + 1) for i in range(len(normal.text))]
    assert all(0 <= low <= high <= len(raw) for low, high in ends)
    assert ends == sorted(ends)
    if normal.text:
        low, high = normal.raw_span(0, len(normal.text))
        assert normalize(raw[low:high]).text == normal.text


@settings(deadline=None)
@given(st.text(alphabet=[letter for letter in AWKWARD if not unicodedata.combining(letter)], max_size=60))
def test_what_is_normal_stays(raw: str) -> None:
    assert normalize(normalize(raw).text).text == normalize(raw).text


@settings(deadline=None)
@given(texts)
def test_folding_keeps_the_length(raw: str) -> None:
    assert len(fold(raw)) == len(raw)


@pytest.mark.parametrize(
    ("written", "lines"),
    [
        ("Điện Kremlin cho biết cuộc điện đàm diễn ra theo\nsáng kiến của phía Đức.", 1),
        ("Điện Kremlin cho biết cuộc điện đàm diễn ra hôm qua.\nsáng kiến là của phía Đức.", 2),
        ("Điện Kremlin cho biết cuộc điện đàm diễn ra theo\nĐiều lệ của hai bên.", 2),
        ("Ảnh: tư liệu\nsáng kiến của phía Đức.", 2),
    ],
)
def test_a_line_cut_for_its_width_goes_on(written: str, lines: int) -> None:
    read = normalize(written)
    assert (len(read.text.split("\n")), len(read.text)) == (lines, len(written))
