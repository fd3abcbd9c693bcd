"""The article's own count: "cuộc điện đàm thứ hai kể từ khi ông Trump nhậm chức hồi tháng 1"."""

from __future__ import annotations

import datetime as dt
import re

from services.classify.days import resolve
from services.classify.talk import Sentence
from services.classify.times import NUMBERS, TimeExpr, number_words
from shared.records import Claim, Evidence, Scope

_N = r"\d{1,2}|" + number_words(without=("nửa", "vài", "mấy", "nhiều", "ít", "giêng", "chạp", "một"))
_NOUN = (
    r"(?P<noun>điện đàm|điện thoại|cuộc gọi|liên lạc|tiếp xúc|trao đổi|trò chuyện|hội đàm|"
    r"đối thoại|nói chuyện|đàm thoại)"
)
_COUNT = re.compile(
    rf"(?P<before>(?:lần|cuộc) (?:đầu tiên|thứ (?P<n1>{_N})))(?=[^.;]{{0,160}}?{_NOUN})|"
    rf"{_NOUN.replace('noun', 'noun2')}(?P<middle>[^.;,\"]{{0,40}}?)(?:lần )?(?P<after>đầu tiên|"
    rf"(?<!chiều )(?<!sáng )(?<!tối )(?<!ngày )(?<!hôm )(?<!trưa )(?<!đêm )(?<!vào )thứ (?P<n2>{_N})"
    rf"|lần thứ (?P<n3>{_N}))(?!\w)"
)
_SINCE = re.compile(r"kể từ|(?:từ|sau) (?:khi|sau khi|lúc)")
_TOOK_OFFICE = re.compile(r"nhậm chức|lên nắm quyền|trở lại (?:nhà trắng|nắm quyền)|tái đắc cử|đắc cử|tuyên thệ")
_SPAN = re.compile(
    rf"(?:trong|sau)(?: vòng| suốt)? (?:hơn |gần |khoảng )?(?P<n>{_N}|"
    rf"một|vài) (?P<unit>ngày|tuần|tháng|năm)(?: qua)?(?!\w)"
)
_DAYS = {"ngày": 1, "tuần": 7, "tháng": 30, "năm": 365}


def find_claim(
    sentence: Sentence, today: dt.date | None, evidence: Evidence, surname_at: dict[int, str]
) -> Claim | None:
    """The count that a sentence gives of the calls of a pair, None where it gives none."""
    match = _COUNT.search(sentence.lower, sentence.start, sentence.end)
    if match is None:
        return None
    ordinal = match["n1"] or match["n2"] or match["n3"]
    number = 1 if ordinal is None else int(ordinal) if ordinal.isdigit() else int(NUMBERS[ordinal])
    noun = match["noun"] or match["noun2"] or ""
    rest = sentence.lower[match.end() : sentence.end]
    whole = sentence.lower[sentence.start : sentence.end]
    scope, since, days = _scope(sentence, match.end(), rest, today)
    text = sentence.text[match.start() : match.end()]
    return Claim(
        ordinal=number,
        text=text,
        scope=scope,
        since=since,
        days=days,
        official="chính thức" in whole,
        high_level="cấp cao" in whole,
        noun="contact" if noun in ("tiếp xúc", "liên lạc", "trao đổi", "đối thoại") else "call",
        since_person=_who_took_office(sentence, match.end(), rest, surname_at),
        evidence=evidence,
    )


def _scope(sentence: Sentence, end: int, rest: str, today: dt.date | None) -> tuple[Scope, str | None, int | None]:
    span = _SPAN.search(rest)
    times = [t for t in sentence.times if t.start >= end - 1]
    since = _SINCE.search(rest)
    if since is not None and (_TOOK_OFFICE.search(rest) or times):
        dated = [t for t in times if t.kind in ("day", "month", "year")]
        return "since", _iso(dated[0], today) if dated else None, None
    for time in times:
        if time.kind == "month":
            return "month", _iso(time, today), None
        if time.kind == "year":
            return "year", str(time.year or (today.year + time.shift if today else "")) or None, None
    if "trong tháng" in rest and today is not None:
        return "month", f"{today.year}-{today.month:02}", None
    if span is not None:
        number = (
            1.0 if span["n"] == "một" else 3.0 if span["n"] == "vài" else float(NUMBERS.get(span["n"], 0) or span["n"])
        )
        length = round(number * _DAYS[span["unit"]])
        return ("after_gap" if span[0].startswith("sau") or "qua" in span[0] else "days"), None, length
    return "ever", None, None


def _iso(time: TimeExpr, today: dt.date | None) -> str | None:
    date = resolve(time, today).date
    return date.removesuffix("-??") if date and "????" not in date else None


def _who_took_office(sentence: Sentence, end: int, rest: str, surname_at: dict[int, str]) -> str | None:
    office = _TOOK_OFFICE.search(rest)
    if office is None:
        return None
    before = [start for start in surname_at if end <= start < end + office.start()]
    return surname_at[max(before)] if before else None
