"""The runs of words that may name something."""

from __future__ import annotations

import pytest

from services.classify import chunks
from services.classify.chunks import find_chunks
from services.classify.lexicon import load_lexicon
from services.classify.words import Words, cut_words


def cut(text: str) -> Words:
    return cut_words(text, 0, len(text))


def unknown(text: str) -> list[str]:
    words = cut(text)
    return [words.texts[chunk.first] for chunk in find_chunks(words, load_lexicon()) if chunk.kind == "caps"]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Tổng thống Zorbax đã gọi cho Tổng thống Nga", ["Zorbax"]),
        ("TỔNG THỐNG ZORBAX ĐÃ GỌI CHO TỔNG THỐNG NGA", []),
        ("Ông Ruto ĐÃ GỌI cho ông Zorbax hôm nay", ["Zorbax"]),
        ("VOV ZORBAX", ["VOV", "ZORBAX"]),
    ],
)
def test_capitals_name_somebody_where_not_all_words_have_them(text: str, names: list[str]) -> None:
    assert unknown(text) == names


def test_whether_all_is_in_capitals_is_asked_once(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[int] = []

    def counted(words: Words) -> bool:
        asked.append(len(words.texts))
        return is_all_shouted(words)

    is_all_shouted = chunks._is_all_shouted
    monkeypatch.setattr(chunks, "_is_all_shouted", counted)
    find_chunks(cut("XIN CHÀO BÀ CON KHẮP NƠI " * 50), load_lexicon())
    assert asked == [300]
