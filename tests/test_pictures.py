"""The pictures of docs/ show what messages look like now: each carries the fingerprint of its page."""

from __future__ import annotations

import pytest

from tests.support.pictures import FOLDER, HEIGHTS, SIGNATURE, drawn_from, fingerprint, pages, signed


@pytest.mark.parametrize("name", sorted(HEIGHTS))
def test_a_picture_is_of_the_page_as_it_is_now(name: str) -> None:
    drawn = drawn_from((FOLDER / f"{name}.png").read_bytes())
    assert drawn == fingerprint(pages()[name]), "python -m tests.support.pictures draws them anew; look at them"


def test_every_page_has_its_picture() -> None:
    assert set(pages()) == set(HEIGHTS)


def test_another_page_has_another_fingerprint() -> None:
    head = (13).to_bytes(4) + b"IHDR" + bytes(17)
    picture = signed(SIGNATURE + head, "a page")
    assert drawn_from(picture) == fingerprint("a page") != fingerprint("a changed page")
