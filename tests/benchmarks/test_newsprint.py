"""The pages of the benchmark of ingest are what they say."""

from __future__ import annotations

import pytest

from benchmarks.newsprint import page, token_f1


def test_a_printed_page_has_its_size_and_its_teasers() -> None:
    printed = page(1, "x")
    assert 130_000 < len(printed.html) < 140_000
    assert len([teaser for teaser in printed.teasers if teaser in printed.html]) == len(printed.teasers)


@pytest.mark.parametrize(("found", "f1"), [("a b c d", 1.0), ("a b", 2 / 3), ("a b c d x x x x", 2 / 3), ("", 0.0)])
def test_token_f1(found: str, f1: float) -> None:
    assert token_f1(found, "a b c d") == pytest.approx(f1)
