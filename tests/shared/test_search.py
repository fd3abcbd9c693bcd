"""By which words a call is found."""

from __future__ import annotations

from typing import Any

import pytest

from shared.search import LONGEST, MOST, words_in, words_of

ZELENSKY: dict[str, Any] = {
    "name": "Volodymyr Zelensky",
    "name_vi": "Volodymyr Zelensky",
    "country": "UA",
    "office": None,
}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", []),
        (" – ?! 'x'\x00&|", ["x"]),
        ("Donald TRUMP's", ["donald", "trump", "s"]),
        ("MỸ\u00a0Nga", ["mỹ", "nga"]),
        ("my\u0303 ngu\u031bo\u031b\u0300i", ["mỹ", "người"]),  # accents apart
        ("Straße İ", ["strasse", "i"]),
        ("12-2 U_1", ["12", "2", "u_1"]),
        ("a" * 100, ["a" * LONGEST]),
    ],
)
def test_words_whatever_way_they_are_written(text: str, words: list[str]) -> None:
    assert words_in(text) == words


@pytest.mark.parametrize(
    ("facts", "has"),
    [
        ({"participants": [ZELENSKY]}, {"volodymyr", "zelensky", "ukraine"}),
        ({"participants": [{"country": "US"}]}, {"us", "mỹ"}),
        ({"topics": [{"id": "trade", "text": "thuế"}]}, {"trade", "thương", "mại", "thuế"}),
        ({"topics": [{"id": None, "text": "Cá tra"}]}, {"cá", "tra"}),
        ({"outcomes": [{"id": None, "text": "Hẹn gặp"}]}, {"hẹn", "gặp"}),
        ({"sources": [{"title": "Nga - Mỹ điện đàm", "outlet": "Báo A"}]}, {"nga", "điện", "đàm", "báo", "a"}),
    ],
)
def test_what_a_call_is_found_by(facts: dict[str, Any], has: set[str]) -> None:
    assert has <= set(words_of(facts).split(" "))


def test_each_word_once_in_order_and_not_without_end() -> None:
    titles = [{"title": f"z{number} y", "outlet": "x"} for number in range(MOST)]
    words = words_of({"sources": titles}).split(" ")
    assert words == sorted(set(words))
    assert len(words) == MOST
    assert words_of({}) == ""
