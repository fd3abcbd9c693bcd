"""Texts cut into pieces: nothing is lost, what proves something is marked."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.status.marked import Piece, Proof, pieces, short


def test_overlapping_proofs_mark_each_place_with_all_fields() -> None:
    found, left_out = pieces("abcdefgh", [Proof(1, 5, "who"), Proof(3, 7, "when"), Proof(3, 7, "when")], 100)
    assert found == [
        Piece("a"),
        Piece("bc", ("who",)),
        Piece("de", ("who", "when")),
        Piece("fg", ("when",)),
        Piece("h"),
    ]
    assert left_out == 0


def test_a_long_text_is_cut_and_says_how_much() -> None:
    assert pieces("abcdefgh", [Proof(2, 8, "who")], 4) == ([Piece("ab"), Piece("cd", ("who",))], 4)


@pytest.mark.parametrize("proof", [Proof(-1, 2, "x"), Proof(2, 2, "x"), Proof(3, 99, "x")])
def test_a_proof_that_does_not_fit_the_text_marks_nothing(proof: Proof) -> None:
    assert pieces("abcd", [proof], 100) == ([Piece("abcd")], 0)


@given(st.text(max_size=40), st.lists(st.tuples(st.integers(-2, 42), st.integers(-2, 42))), st.integers(1, 50))
def test_the_pieces_are_the_text(text: str, places: list[tuple[int, int]], most: int) -> None:
    found, left_out = pieces(text, [Proof(start, end, "f") for start, end in places], most)
    assert "".join(piece.text for piece in found) == text[:most]
    assert left_out == max(0, len(text) - most)


@pytest.mark.parametrize(
    ("text", "line"),
    [("a\n b", "a b"), ("x" * 300, "x" * 300), ("x" * 301, "x" * 299 + "…"), (" " * 2000 + "x", "…"), ("", "")],
)
def test_short(text: str, line: str) -> None:
    assert short(text) == line
