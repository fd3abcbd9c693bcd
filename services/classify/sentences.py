"""Sentences: the lines of a part, cut after an end mark that is followed by space and a capital letter."""

from __future__ import annotations

from collections.abc import Iterator

from services.classify.regex import regex

# The look back starts behind the mark: a pattern that opens with the marks is searched for much faster.
_END = regex(
    r"[.!?…](?<!\b[A-ZĐ].)(?<!\bTP.)(?<!\bMr.)(?<!\bMs.)(?<!\bDr.)(?<!\bSt.)(?<!\bJr.)(?<!\bSr.)(?<!\bD\.C.)"
    r"[.!?…]*[\"')\]]*(?:\s+(?=[\"'(\[-]?\s?[A-ZÀ-ỸĐ0-9])|(?<=[a-zà-ỹđ]{3}\.)(?=[A-ZÀ-ỸĐ][a-zà-ỹđ]+ ))"
)
#: A longer line is read in pieces, so that one endless line costs no more than many short ones.
MAX_LENGTH = 1200


def split_sentences(text: str) -> Iterator[tuple[int, int]]:
    """Offsets of the sentences of a text, in order; linear in its length."""
    start = 0
    for line in text.splitlines(keepends=True):
        yield from _split_line(text, start, start + len(line))
        start += len(line)


def _split_line(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    begin = start
    for match in _END.finditer(text, start, end):
        yield from _trimmed(text, begin, match.end())
        begin = match.end()
    yield from _trimmed(text, begin, end)


def _trimmed(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    while end - start > MAX_LENGTH:
        cut = text.rfind(" ", start + MAX_LENGTH // 2, start + MAX_LENGTH)
        cut = cut if cut > start else start + MAX_LENGTH
        yield start, cut
        start = cut
    if end > start:
        yield start, end
