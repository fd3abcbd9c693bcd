"""Cues: words that say "they talk at a distance".

A strong cue says so by itself (*điện đàm*, *gọi điện*). A weak one (*trao đổi*, *hội đàm*) is a cue where the same
clause names the means (*qua điện thoại*, *trực tuyến*), or where another word of the article ties it to a call.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Literal

import msgspec

from services.classify.data_rows import Rule, read_rules
from services.classify.regex import regex
from shared.records import Channel

CueKind = Literal["talk", "ring", "ring_for", "answer", "weak", "noun_weak"]

_PHONE = regex(
    r"(?:qua|bằng|trên|thông qua|theo|dùng) (?:đường |đường dây )?(?:điện thoại|"
    r"điện đàm)|bằng cách gọi điện|(?:qua|trên|bằng|dùng|sử dụng) đường dây nóng|"
    r"nói chuyện điện thoại|trò chuyện điện thoại|liên lạc điện thoại|"
    r"trao đổi điện thoại|"
    r"nói chuyện trực tiếp qua điện thoại|(?:gác|cúp) máy(?= với)|đường dây (?:bảo mật|an toàn|mật)|"
    r"qua đường dây (?:liên lạc|trực tiếp|đặc biệt|bí mật|này|đó|ấy)"
)
_VIDEO = regex(
    r"trực tuyến|qua video|bằng video|cầu truyền hình|qua (?:kết nối|"
    r"liên kết|đường truyền|hình thức|cuộc gọi|màn hình|cầu|ứng dụng)?\s?(?:video|"
    r"truyền hình|trực tuyến|zoom)|video trực tuyến|"
    r"hội nghị video|gọi video|gọi hình ảnh|có hình(?! thức| dạng| dung)|hội nghị truyền hình|"
    r"(?:họp|hội đàm|điện đàm|trao đổi|thượng đỉnh) video|cuộc gọi video|"
    r"từ xa|qua màn hình|video call|call video"
)


#: Words of which each means holds one: a look at them costs less than the pattern.
_PHONE_KEYS = ("điện thoại", "điện đàm", "gọi điện", "đường dây", "gác máy", "cúp máy")
_VIDEO_KEYS = ("trực tuyến", "video", "truyền hình", "zoom", "hình ảnh", "có hình", "từ xa", "màn hình")


class Cue(msgspec.Struct, frozen=True):
    """A cue in a sentence. `noun` is a call spoken of ("cuộc điện đàm"), else it is the act ("điện đàm với")."""

    rule: str
    kind: CueKind
    channel: Channel | None
    start: int
    end: int
    noun: bool
    plural: bool


class _Rule(Rule, frozen=True, kw_only=True):
    """A row of `data/cues.csv`; one without keys can match only where a means stands."""

    kind: CueKind
    channel: Channel | None


@lru_cache(maxsize=1)
def _rules() -> tuple[_Rule, ...]:
    return read_rules("cues.csv", _Rule, pattern=r"(?<!\w)(?:{})(?!\w)".format)


@lru_cache(maxsize=1)
def cue_keys() -> frozenset[str]:
    """The words of which every sentence with a cue holds one: keys of the rules, and of the means for those without."""
    return frozenset(key for rule in _rules() for key in rule.keys) | {*_PHONE_KEYS, *_VIDEO_KEYS}


def find_cues(lower: str, start: int, end: int) -> list[Cue]:
    """The cues of a sentence (lower case), from left to right, not overlapping; weak ones only with their means."""
    sentence = lower[start:end]
    phone = _spans(_PHONE, _PHONE_KEYS, sentence, start)
    video = _spans(_VIDEO, _VIDEO_KEYS, sentence, start)
    means = [*phone, *video]
    found: list[Cue] = []
    for rule in _rules():
        if not (rule.may_match(sentence) if rule.keys else means):
            continue
        for match in rule.pattern.finditer(lower, start, end):
            if any(c.start < match.end() and match.start() < c.end for c in found):
                continue
            cue = _read(rule, match, lower, phone, video)
            if cue is not None:
                found.append(cue)
    return sorted(_nearest_to_means(found, means), key=lambda c: c.start) if found else []


def _spans(pattern: re.Pattern[str], keys: tuple[str, ...], sentence: str, start: int) -> list[tuple[int, int]]:
    """Where the means of a sentence stand; `start` is where the sentence starts."""
    if not any(key in sentence for key in keys):
        return []
    return [(start + match.start(), start + match.end()) for match in pattern.finditer(sentence)]


#: How many calls a cue counts: "3 cuộc điện đàm", but not "tối 6/12 điện đàm".
_SEVERAL = regex(
    r"(?:các|những|nhiều|loạt|hàng loạt|hai|ba|bốn|năm|sáu|bảy|(?<![\d/.-])(?<!ngày )(?<!tháng )(?<!năm )\d+) $"
)
#: Words that say that people met.
MET = (
    *("gặp", "bên lề", "chuyến thăm", "hội nghị", "tiếp đón", "chuyến công du", "họp báo chung"),
    *("dự tiệc", "tiệc tối", "quốc yến"),
)
IN_PERSON = regex(rf"(?<!\w)(?:{'|'.join(MET)})(?!\w)")
_ASIDE = regex(
    r"(?<!gặp )(?<!gặp nhau )bên lề(?!\w)|"
    r"(?<!\w)(?:trong|tại)(?: một)? (?:hội nghị|cuộc gặp|thượng đỉnh|chuyến thăm)(?!\w)"
)
#: How far behind a talk stands where it was held; farther on it is what was talked of ("trao đổi về chuyến thăm").
BESIDE = 24
_GROUP_TALK = regex(
    r"(?<!\w)(?:trò chuyện|nói chuyện|trao đổi|thảo luận|hội đàm|bàn bạc|chia sẻ (?:một|chung) đường dây)(?!\w)"
)


def find_group_talk(lower: str, start: int, end: int) -> list[Cue]:
    """ "Hai ông trò chuyện chừng 15 phút": tells the length of a call told before, and makes none by itself."""
    return [
        Cue("group_talk", "noun_weak", None, m.start(), m.end(), False, False)
        for m in _GROUP_TALK.finditer(lower, start, end)
        if not IN_PERSON.search(lower, start, min(end, m.end() + BESIDE)) and not _ASIDE.search(lower, m.end(), end)
    ][:1]


def _nearest_to_means(found: list[Cue], means: list[tuple[int, int]]) -> list[Cue]:
    """Of several weak verbs before one means ("thảo luận và hội đàm trực tuyến") only the nearest is the cue."""
    kept = []
    for cue in found:
        later = [m for m in means if m[0] >= cue.end]
        between = later and any(o.kind == "weak" and cue.end <= o.start and o.end <= later[0][0] for o in found)
        if (
            cue.kind == "weak"
            and not cue.noun
            and (
                between
                or (
                    not later and any(m[1] <= cue.start and o.end <= m[0] for m in means for o in found if o is not cue)
                )
            )
        ):
            continue
        kept.append(cue)
    return kept


def _read(
    rule: _Rule,
    match: re.Match[str],
    lower: str,
    phone: list[tuple[int, int]],
    video: list[tuple[int, int]],
) -> Cue | None:
    words, kind, channel = match[0], rule.kind, rule.channel
    near_video = _near(match, lower, video, complete=channel is not None)
    near_phone = _near(match, lower, phone, complete=channel is not None)
    if kind == "weak":
        if not (near_phone or near_video):
            return None
        channel = "video" if near_video and not near_phone else "phone"
    elif kind == "noun_weak":
        channel = "video" if near_video else "phone" if near_phone else None
        kind = "weak" if channel else kind
    elif near_video and rule.id != "answer":
        channel = "video"
    noun = words.startswith(("cuộc", "cú", "buổi", "buộc", "câu"))
    before = lower[max(0, match.start() - 14) : match.start()]
    plural = _SEVERAL.search(before) is not None
    return Cue(rule.id, kind, channel, match.start(), match.end(), noun, plural)


#: Another clause or event stands between a talk and a means: "điện đàm với ông A, hai ngày trước cuộc họp trực tuyến".
_OTHERS_MEANS = regex(
    r"[;:]|\.\s|, (?:[^\s,]+ ){0,3}(?:(?:sau|trước) (?:khi|cuộc|phiên|hội nghị|thềm)|trong khi)(?!\w)"
)
#: Beside a word that is a call by itself, a meeting has its own means: "điện đàm, nhất trí triệu tập hội nghị trực
#: tuyến"; not "điện đàm dưới hình thức hội nghị trực tuyến".
_OTHERS_MEETING = regex(
    _OTHERS_MEANS.pattern + r"|(?<!\w)(?:sau|trước) khi [^,;.:]{0,60}(?:họp|hội đàm|gặp) $|"
    r"(?<!qua )(?<!bằng )(?<!thức )(?<!dạng )(?:hội nghị|(?:cuộc|phiên) họp|thượng đỉnh)"
    r"(?: (?:thượng đỉnh|cấp cao|khẩn|khẩn cấp|đặc biệt|bất thường))* $"
)


def _near(match: re.Match[str], lower: str, spans: list[tuple[int, int]], *, complete: bool) -> bool:
    """Whether the means stands in the clause of the cue, `complete` where it is a call by itself: at most 110
    characters away, and nothing between by which the means is another's."""
    others = _OTHERS_MEETING if complete else _OTHERS_MEANS
    for start, end in spans:
        low, high = (match.end(), start) if start >= match.end() else (end, match.start())
        if start < match.end() and match.start() < end:
            return True
        between = lower[low:high]
        if start < match.start() and "," in between and complete:
            continue  # "dự thượng đỉnh trực tuyến, điện đàm với ông A"
        limit = 110 if start >= match.end() else 14
        if start < match.start() and " và " in f" {between} ":
            continue
        if len(between) <= limit and not others.search(between):
            return True
    return False
