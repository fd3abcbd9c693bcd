"""Whether two articles carry one text: a small sample of each, the same wherever the same words stand.

Every run of some words has a number that looks drawn by lot; the lowest numbers of a text are its sketch (bottom-k
sampling: Broder, On the resemblance and containment of documents, 1997; Cohen and Kaplan, 2007). Up to the lower of
two sketches' ends both hold all their runs, so what they share there is a fair sample of what the texts share. That
bears cuts, other titles and lead-ins, captions, small edits, and either spelling of tones and marks.
"""

from __future__ import annotations

import re
import struct
import zlib
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Sequence

from services.classify.normalize import normal_text
from services.classify.regex import regex

#: Words of a run. Names with their titles have up to five: shorter runs would be shared by all articles on two leaders.
RUN = 5
#: Numbers in a sketch, and how many of them an article is found by. A text of half the length shares half of them.
SKETCH, MARKS = 64, 12
#: Two articles carry one text where the shorter has this share of its runs in the other, and so many of the sample.
SAME, LEAST = 0.45, 6
#: What so many articles have is a set phrase of an outlet, and nobody is found by it.
SET_PHRASE = 100
#: How many articles are held against one at most, those with the most marks in common first.
MOST_LIKELY = 20
_WORD = regex(r"\w+")
_LOWEST, _HIGHEST = -(2**31), 2**31 - 1

Sketch = tuple[int, ...]


def sketch_of(*parts: str) -> Sketch:
    """The lowest numbers of the runs of an article's parts, in order; all of them where they are few."""
    text = " ".join(_WORD.findall(normal_text("\n".join(parts)).lower())).encode()
    ends = [match.start() for match in re.finditer(b" ", text)]
    starts = [0, *(end + 1 for end in ends)]
    runs = zip(starts, [*ends, len(text)][RUN - 1 :], strict=False)
    lowest = sorted({zlib.crc32(text[start:end]) for start, end in runs})[:SKETCH]
    return tuple(number + _LOWEST for number in lowest)


def marks_of(sketch: Sketch) -> Sketch:
    """What an article is found by."""
    return sketch[:MARKS]


def same_text(one: Sketch, other: Sketch) -> bool:
    """Whether the shorter of two texts stands in the other, for the most part."""
    last = min(sketch[-1] if len(sketch) == SKETCH else _HIGHEST for sketch in (one, other))
    shared = len(set(one).intersection(other))  # none beyond the end of either
    return shared >= max(LEAST, SAME * min(bisect_right(sketch, last) for sketch in (one, other)))


def likely(found: Iterable[tuple[int, int]]) -> list[int]:
    """The articles to hold against one, of those that have its marks: pairs of a mark and an article."""
    return [article for article, _ in Counter(article for _, article in found).most_common(MOST_LIKELY)]


def telling(marks: Sequence[int], found: Iterable[tuple[int, int]]) -> list[int]:
    """The marks by which an article is to be found: not those that are set phrases."""
    seen = Counter(mark for mark, _ in found)
    return [mark for mark in marks if seen[mark] < SET_PHRASE]


def packed(sketch: Sketch) -> bytes:
    """A sketch as its column holds it."""
    return struct.pack(f"<{len(sketch)}i", *sketch)


def unpacked(column: bytes) -> Sketch:
    """A sketch out of its column."""
    return struct.unpack(f"<{len(column) // 4}i", column)
