"""Damaged feeds into the function from bytes to entries: nothing may break it.

Hypothesis draws an outlet's feed, a charset, and what happens to its bytes; the same draws each time.
"""

from __future__ import annotations

import hashlib
import time
from collections import Counter
from functools import cache
from typing import NamedTuple

from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

from benchmarks.ingest import START, Measured, section
from benchmarks.newsfeeds import all_styles, feed
from benchmarks.table import Section
from services.ingest.parse import parse_feed
from services.ingest.values import FeedProblem
from tests.support.windows1258 import in_1258

#: So many outlets' feeds are damaged in each way that Hypothesis draws: most of its work is for the drawing.
BATCH = 4
NOTES = (
    "Hypothesis draws one of the outlets' forms, Atom and RSS 1.0 among them, one of nine charsets and one to five "
    f"mutations of bytes, and they are tried on this form and the {BATCH - 1} after it. The same inputs each time, and "
    "those that came before are left out.",
)
_ITEMS = 4  # as many kinds of items as an outlet has at most


class Charset(NamedTuple):
    """How the bytes of a feed are made: Python's codec, what the document declares, the mark before it, and how many
    bytes a character has at least."""

    codec: str
    declared: str
    mark: bytes = b""
    width: int = 1


CHARSETS = (
    Charset("utf-8", "utf-8"),
    Charset("utf-8", "utf-8", b"\xef\xbb\xbf"),
    Charset("utf-16-le", "utf-16", b"\xff\xfe", 2),
    Charset("utf-16-be", "utf-16", b"\xfe\xff", 2),
    Charset("utf-16-le", "utf-16", width=2),
    Charset("utf-16-be", "utf-16", width=2),
    Charset("utf-32-le", "utf-32", width=4),
    Charset("cp1258", "windows-1258"),
    Charset("iso-8859-1", "iso-8859-1"),
)
# what is behind the end is never read: an end comes half as often as the rest
MUTATIONS = (*("cut", "insert", "repeat", "swap", "flip", "splice") * 2, "end")
SCRAPS = (
    "]]>", "<![CDATA[", "&#0;", "&#xD800;", "&", "<item>", "</item>", "</rss>", "</entry>", "\x00", "\ufeff",
    "<!DOCTYPE x [", "<!ENTITY a 'b'>", "&a;", 'encoding="utf-16"', 'encoding="windows-1258"', "<pubDate>32/13/2026",
    "<link>//[", "<?xml", "<!--", '" a="', "<rdf:RDF>", '<content type="xhtml">', "<html>", " xmlns='urn:x'",
    "&amp;#xD800;",
)  # fmt: skip


class Mutation(NamedTuple):
    """What happens to a body: `place` in 65,536ths of it, for `length` bytes, to whole characters where `aligned`;
    `more` is what is inserted or spliced in, how often is repeated, which bit is flipped."""

    kind: str
    place: int
    length: int
    more: int
    aligned: bool


class Tried:
    """What came of the inputs, each tried once: what they were told as, those that broke the reader by the name of the
    exception, and the longest that one took."""

    def __init__(self) -> None:
        self.told, self.raised = Counter[str](), Counter[str]()
        self.slowest_s = 0.0
        self._met = set[bytes]()

    @property
    def inputs(self) -> int:
        """How many different inputs were tried."""
        return len(self._met)

    def take(self, body: bytes) -> None:
        """Try an input, unless that was done before."""
        mark = hashlib.blake2b(body, digest_size=16).digest()
        if mark in self._met:
            return
        self._met.add(mark)
        started = time.process_time()
        try:
            parsed = parse_feed(body, "http://a.vn/rss")
            kind = parsed.kind if isinstance(parsed, FeedProblem) else "read"
            (self.raised if kind == "unreadable" else self.told)[kind] += 1
        except Exception as error:  # this is what is counted
            self.raised[type(error).__name__] += 1
        self.slowest_s = max(self.slowest_s, time.process_time() - started)


_MUTATION = st.builds(
    Mutation,
    st.sampled_from(MUTATIONS),
    st.integers(0, 2**16 - 1),
    st.integers(0, 120),
    st.integers(0, 2**32 - 1),
    st.booleans(),
)
_OUTLETS = sorted(all_styles())


def measure() -> Section:
    """A hundred thousand damaged feeds, as a table."""
    return section("Ingest: damaged feeds", rows(tried(100_000)), NOTES)


def rows(found: Tried) -> list[Measured]:
    """What came of them."""
    told = ", ".join(f"{kind} {count:,}" for kind, count in found.told.most_common())
    raised = found.raised.total()
    name = f"fuzz: {found.inputs:,} damaged feeds, exceptions, caught or not"
    return [Measured(name, raised, "", told, None, "0"), Measured("fuzz: the slowest", found.slowest_s * 1000, "ms")]


def tried(at_least: int) -> Tried:
    """So many different damaged feeds: what the function gives or raises, also where that is caught and the feed fails
    as "unreadable"."""
    found, turn = Tried(), 0
    while found.inputs < at_least:
        # never a few: Hypothesis begins each turn with its plainest draws, which have all been tried by then
        _draw(found, max(50, (at_least - found.inputs) // BATCH), turn)
        turn += 1
    return found


def _draw(found: Tried, examples: int, turn: int) -> None:
    """Try what Hypothesis draws, each turn other things; those of a turn are the same for ever."""

    @seed(turn)
    @settings(
        max_examples=examples,
        database=None,
        derandomize=True,
        deadline=None,
        phases=[Phase.generate],  # what breaks the reader is counted, not looked for in its shortest form
        suppress_health_check=list(HealthCheck),
    )
    @given(st.integers(0, len(_OUTLETS) - 1), st.sampled_from(CHARSETS), st.lists(_MUTATION, min_size=1, max_size=5))
    def example(first: int, charset: Charset, mutations: list[Mutation]) -> None:
        for place in range(first, first + BATCH):
            found.take(damaged(printed(_OUTLETS[place % len(_OUTLETS)], charset), mutations, charset))

    example()


@cache
def printed(outlet: str, charset: Charset) -> bytes:
    """A small feed of the outlet in a charset, with all kinds of its items."""
    words = feed(all_styles()[outlet], 60 + _ITEMS, "http://a.vn", START, _ITEMS)
    declares = words.replace("UTF-8", "utf-8", 1).replace('"utf-8"', f'"{charset.declared}"', 1)
    if charset.codec == "cp1258":
        return in_1258(declares)
    return charset.mark + declares.encode(charset.codec, errors="xmlcharrefreplace")


def damaged(body: bytes, mutations: list[Mutation], charset: Charset) -> bytes:
    """The body after all of that, one after the other."""
    for mutation in mutations:
        body = _mutated(body, mutation, charset)
    return body


def _mutated(body: bytes, mutation: Mutation, charset: Charset) -> bytes:
    start, length = mutation.place * (len(body) + 1) >> 16, mutation.length
    if mutation.aligned:
        start, length = start - start % charset.width, length - length % charset.width
    before, piece, rest = body[:start], body[start : start + length], body[start + length :]
    match mutation.kind:
        case "cut":
            return before + rest
        case "end":
            return before
        case "insert":
            return before + mutation.more.to_bytes(4, "big") + piece + rest
        case "repeat":
            return before + piece * (2 + mutation.more % 30) + rest
        case "swap":
            return before + rest[:length] + piece + rest[length:]
        case "flip":
            return before + bytes(byte ^ 1 << mutation.more % 8 for byte in piece[:1]) + piece[1:] + rest
        case _:
            scrap = SCRAPS[mutation.more % len(SCRAPS)].encode(charset.codec, errors="replace")
            return before + scrap + piece + rest
