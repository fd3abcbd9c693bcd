"""What a query may hold."""

from __future__ import annotations

import pytest

from services.status.asked import refusals


@pytest.mark.parametrize(
    ("asked", "known", "wrong"),
    [
        ([], [], []),
        (["text", "limit"], ["text", "limit"], []),
        (["txt"], ["text", "limit"], [("txt", "no such parameter: there are text, limit")]),
        (["text"], [], [("text", "no such parameter: none is known here")]),
        (["text", "text"], ["text"], [("text", "given more than once")]),
        (["Text", "q", "q"], ["text"], [("Text", "no such parameter: there are text"),
                                        ("q", "no such parameter: there are text")]),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_query(asked: list[str], known: list[str], wrong: list[tuple[str, str]]) -> None:
    assert refusals(asked, known) == wrong
