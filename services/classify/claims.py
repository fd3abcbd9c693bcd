"""The article's own count: "cuộc điện đàm thứ hai kể từ khi ông Trump nhậm chức hồi tháng 1"."""

from __future__ import annotations

import datetime as dt
import re

import msgspec

from services.classify.days import resolve
from services.classify.mention import Sentence
from services.classify.regex import regex
from services.classify.times import NUMBERS, TimeExpr, number_words
from shared.records import Claim, Evidence, Scope

_N = r"\d{1,2}|" + number_words(without=("nửa", "vài", "mấy", "nhiều", "ít", "giêng", "chạp", "một"))
_NOUN = (
    r"(?P<noun>điện đàm|điện thoại|cuộc gọi|liên lạc|tiếp xúc|trao đổi|trò chuyện|hội đàm|"
    r"đối thoại|nói chuyện|đàm thoại)"
)
_COUNT = regex(
    rf"(?P<before>(?:lần|cuộc) (?:đầu tiên|thứ (?P<n1>{_N})))(?=[^.;]{{0,160}}?{_NOUN})|"
    rf"{_NOUN.replace('noun', 'noun2')}(?P<middle>[^.;,\"]{{0,40}}?)(?:lần )?(?P<after>đầu tiên|"
    rf"(?<!chiều )(?<!sáng )(?<!tối )(?<!ngày )(?<!hôm )(?<!trưa )(?<!đêm )(?<!vào )thứ (?P<n2>{_N})"
    rf"|lần thứ (?P<n3>{_N}))(?!\w)"
)
_SINCE = regex(
    r"(?<!\w)(?:kể từ|(?:từ|sau) (?:khi|sau khi|lúc|sau)|"
    r"sau(?= (?:cuộc|vụ|chuyến|đợt|loạt|lễ|hội nghị|thượng đỉnh|bầu cử) ))(?!\w)"
)
#: A bound that is a bare time: "kể từ năm 1979", "kể từ hôm 14/12".
_SINCE_TIME = regex(r"(?:kể từ|từ)(?: (?:hôm|ngày|đầu|giữa|cuối|khoảng|hồi|lúc))* ?$")
_TOOK_OFFICE = regex(r"nhậm chức|lên nắm quyền|trở lại (?:nhà trắng|nắm quyền)|tuyên thệ")
_ELECTED = regex(r"tái đắc cử|đắc cử|thắng cử|chiến thắng (?:bầu cử|trong cuộc bầu cử)")
#: A clause of its own ends the bound of a count.
_CLAUSE_END = regex(r"[.;,\"]|(?<!\w)và (?:là|cũng|đây)(?!\w)")
MOST_WORDS = 16
_SPAN = regex(
    rf"(?:trong|sau)(?: vòng| suốt)? (?:hơn |gần |khoảng )?(?P<n>{_N}|"
    rf"một|vài) (?P<unit>ngày|tuần|tháng|năm)(?: qua)?(?!\w)(?! (?:tới|nữa|sắp tới|kế tiếp)(?!\w))"
)
#: "Cuộc điện đàm thứ hai trong ngày 20/2".
_IN_A_DAY = regex(r"trong(?: cùng)?(?: một)? ngày(?!\w)")
#: "Cuộc điện đàm lần thứ hai trong tuần này".
_IN_A_WEEK = regex(r"trong(?: cùng)? tuần(?: này| qua| nay| rồi)?(?!\w)(?! (?:tới|sau|trước)(?!\w))")
_DAYS = {"ngày": 1, "tuần": 7, "tháng": 30, "năm": 365}


def find_claims(
    sentence: Sentence, today: dt.date | None, evidence: Evidence, surname_at: dict[int, str]
) -> list[Claim]:
    """The counts that a sentence gives of the calls of a pair, each with the bound of its own clause."""
    matches = list(_COUNT.finditer(sentence.lower, sentence.start, sentence.end))
    ends = [match.start() for match in matches[1:]] + [sentence.end]
    bounded = zip(matches, ends, strict=False)  # without a count there is an end all the same
    return only_bounded([_claim(match, end, sentence, today, evidence, surname_at) for match, end in bounded])


def only_bounded(claims: list[Claim]) -> list[Claim]:
    """The counts without those that only name a call which another counts within its bound: "cuộc điện đàm đầu tiên …
    là cuộc trao đổi đầu tiên trong ba năm", "cuộc điện đàm đầu tiên kể từ vụ không kích. Trong cuộc điện đàm đầu tiên
    đó, …"."""
    counted = {claim.ordinal for claim in claims if claim.scope != "ever"}
    return [claim for claim in claims if claim.scope != "ever" or claim.ordinal not in counted]


def _claim(
    match: re.Match[str],
    until: int,
    sentence: Sentence,
    today: dt.date | None,
    evidence: Evidence,
    surname_at: dict[int, str],
) -> Claim:
    ordinal = match["n1"] or match["n2"] or match["n3"]
    noun = match["noun"] or match["noun2"] or ""
    whole = sentence.lower[sentence.start : sentence.end]
    claim = Claim(
        ordinal=1 if ordinal is None else int(ordinal) if ordinal.isdigit() else int(NUMBERS[ordinal]),
        text=sentence.text[match.start() : match.end()],
        scope="ever",
        official="chính thức" in whole,
        high_level="cấp cao" in whole,
        noun="contact" if noun in ("tiếp xúc", "liên lạc", "trao đổi", "đối thoại") else "call",
        evidence=evidence,
    )
    since = _SINCE.search(sentence.lower, match.end(), until)
    if since is not None:
        return _bounded(claim, match, since, until, sentence, today, surname_at)
    scope, day, days = _scope(sentence, match.end(), until, today)
    return msgspec.structs.replace(claim, scope=scope, since=day, days=days)


def _bounded(
    claim: Claim,
    match: re.Match[str],
    since: re.Match[str],
    until: int,
    sentence: Sentence,
    today: dt.date | None,
    surname_at: dict[int, str],
) -> Claim:
    """A count "since …": since a time, since somebody took office or was elected, else in the article's own words."""
    ends = [m.start() for m in _CLAUSE_END.finditer(sentence.lower, since.end(), until)]
    # a comma inside "kể từ năm 1979, khi …" ends the bound, one inside a number or a date does not
    end = next((e for e in ends if sentence.lower[e - 1 : e + 2].strip() and not _in_number(sentence.lower, e)), until)
    told = [t for t in sentence.times if since.start() <= t.start < end and t.kind in ("day", "month", "year")]
    day = _iso(told[0], today) if told else None
    rest = sentence.lower[since.end() : end]
    office, elected = _TOOK_OFFICE.search(rest), _ELECTED.search(rest)
    begun = office or elected
    named = [start for start in surname_at if begun and since.end() <= start < since.end() + begun.start()]
    if begun is not None and named:
        return msgspec.structs.replace(
            claim,
            scope="since",
            since=day if told and told[0].kind != "day" else None,
            since_person=surname_at[max(named)],
            elected=office is None,
        )
    if told and _SINCE_TIME.fullmatch(sentence.lower, since.start(), max(told[0].start, since.end())):
        return msgspec.structs.replace(claim, scope="since", since=day)
    return msgspec.structs.replace(
        claim, scope="since", since=day, in_words=True, text=_quotation(claim.text, sentence.text[since.start() : end])
    )


def _in_number(lower: str, at: int) -> bool:
    return lower[at - 1 : at].isdigit() and lower[at + 1 : at + 2].isdigit()


def _quotation(count: str, bound: str) -> str:
    """The words of a count with those that bound it, no more of them than a reader takes in."""
    kept = bound.split()
    cut = kept if len(kept) <= MOST_WORDS else [*kept[:MOST_WORDS], "…"]
    return " ".join([count, "…", *cut])


def _scope(sentence: Sentence, start: int, until: int, today: dt.date | None) -> tuple[Scope, str | None, int | None]:
    rest = sentence.lower[start:until]
    span = _SPAN.search(rest)
    if span is None and _IN_A_DAY.search(rest):
        return "days", None, 1
    if span is None and _IN_A_WEEK.search(rest):
        return "days", None, _DAYS["tuần"]
    for time in (t for t in sentence.times if start - 1 <= t.start < until):
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
    if time.kind == "year" and time.year is not None:
        return str(time.year)
    date = resolve(time, today).date
    return date.removesuffix("-??") if date and "????" not in date else None
