"""Time per character of texts that are all cues: it must not grow with the length."""

from __future__ import annotations

import datetime as dt
from functools import partial
from statistics import median

from benchmarks.measure import seconds
from benchmarks.table import Row, Section, figure, times
from services.classify.extract import extract
from services.classify.lexicon import Lexicon
from shared.records import Article

_LINE = "Tổng thống Pháp Emmanuel Macron hôm {day}/5 điện đàm với Thủ tướng Đức Olaf Scholz trong {n} phút.\n"
_BASE = 20_000
_LARGE = 5_000_000
_DAY = dt.datetime(2024, 5, 15, tzinfo=dt.UTC)
_ORDINARY = "Thị trường hôm nay tăng nhẹ sau phiên giảm của ngày hôm trước, theo ông Nguyễn Văn An tại Hà Nội. "


def measure(lexicon: Lexicon) -> Section:
    """1×, 2×, 4×, 8× of a text that repeats its cues, and one article of five megabytes."""
    base = _per_character(_repeated(_BASE), lexicon)
    rows = [Row(f"{_BASE:,} characters: µs each", figure(base))]
    for factor in (2, 4, 8):
        grown = _per_character(_repeated(factor * _BASE), lexicon)
        rows.append(
            Row(
                f"{factor}×: µs each",
                figure(grown),
                f"1×: {figure(base)}",
                times(grown / base),
                "≤ 1.5×" if factor == 8 else "",
            )
        )
    large = _ORDINARY * (_LARGE // len(_ORDINARY)) + _repeated(200)
    took = seconds(partial(_read, large, lexicon))
    rows.append(Row(f"{len(large):,} characters with one call: seconds", figure(took)))
    return Section("Growth", tuple(rows), ("Processor time; medians of 3 runs, the last of one.",))


def _repeated(length: int) -> str:
    lines: list[str] = []
    while sum(map(len, lines)) < length:
        lines += [_LINE.format(day=1 + n % 14, n=5 + n % 50) for n in range(len(lines), len(lines) + 50)]
    return "".join(lines)[:length]


def _per_character(text: str, lexicon: Lexicon) -> float:
    return median(seconds(partial(_read, text, lexicon)) for _ in range(3)) / len(text) * 1e6


def _read(text: str, lexicon: Lexicon) -> object:
    return extract(Article(id="long", text=text, published_at=_DAY), lexicon)
