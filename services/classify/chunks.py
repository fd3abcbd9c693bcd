"""The runs of words that may name something: phrases that the lexicon knows, longest match first, and capitals."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

from services.classify.lexicon import PARTICLES, Hit, Lexicon
from services.classify.regex import regex
from services.classify.words import Words

_SYLLABLE = regex(
    r"(?:ngh|ng|nh|ch|gh|gi|kh|ph|qu|th|tr|[bcdđghklmnpqrstvx])?"
    r"[aàáảãạăằắẳẵặâầấẩẫậeèéẻẽẹêềếểễệiìíỉĩịoòóỏõọôồốổỗộơờớởỡợuùúủũụưừứửữựyỳýỷỹỵ]{1,3}(?:ng|nh|ch|[cmnpt])?"
)
#: What a name may begin with although it is written small: "van der Bellen", and "ông Lâm", who is Tô Lâm only so.
_BEFORE_A_NAME = PARTICLES | {"ông", "bà"}
_WEEKDAYS = {"hai", "ba", "tư", "năm", "sáu", "bảy"}

#: Fewer words in capitals are a signature or a list of agencies.
_HEADLINE = 5
#: Words that tell what is done, whatever letters they are printed in.
_SHOUTED = frozenset({"đã", "sẽ", "đang", "vừa", "không", "chưa", "gọi", "rất", "và", "là", "có", "nói"})


class Chunk(msgspec.Struct, frozen=True):
    """A run of words that the lexicon knows (or a capitalized word that it does not)."""

    kind: str
    hits: tuple[Hit, ...]
    first: int
    last: int


def find_chunks(words: Words, lexicon: Lexicon) -> list[Chunk]:
    """The runs of words that may name something: those that open with a capital or as a phrase of the lexicon does."""
    openings, trie = lexicon.openings, lexicon.trie
    chunks: list[Chunk] = []
    shouted = _is_all_shouted(words)
    after = 0
    for i, (text, lower) in enumerate(zip(words.texts, words.lowers, strict=True)):
        if i < after or (text == lower and lower not in openings):
            continue
        last, hits = _longest(words, i, trie) if lower in trie and not _is_ordinal(words, i) else (i, ())
        if hits:
            chunks.append(Chunk(_kind_of(hits), hits, i, last))
            after = last + 1
        elif not shouted and text[0].isupper() and _is_name(words, i) and not _is_shouted(words, i):
            chunks.append(Chunk("caps", (), i, i))
    return chunks


def _is_ordinal(words: Words, i: int) -> bool:
    """ "thứ hai ông Trump" counts the time, not two men."""
    return words.lowers[i] in ("hai", "ba", "bốn") and i > 0 and words.lowers[i - 1] == "thứ"


def _longest(words: Words, i: int, trie: Mapping[str | None, Any]) -> tuple[int, tuple[Hit, ...]]:
    """The longest phrase of the trie that starts at word `i`: its last word, and what it means; no hits for none."""
    best: tuple[Hit, ...] = ()
    last = j = i
    node: Any = trie[words.lowers[i]]
    while node is not None:
        hits = node.get(None)
        fit = _fitting(hits, words, i, j) if hits and not _is_this_country(words, j) else ()
        if fit:
            best, last = fit, j
        j += 1
        inside = j < len(words.lowers) and _within_phrase(words.gaps[j])
        node = node.get(words.lowers[j]) if inside else None
    return last, best


def _is_this_country(words: Words, j: int) -> bool:
    """ "Chủ tịch nước này" is the chairman of this country, and no "chủ tịch nước"."""
    return words.lowers[j] == "nước" and words.lowers[j + 1 : j + 2] == ["này"]


def _fitting(hits: list[Hit], words: Words, i: int, j: int) -> tuple[Hit, ...]:
    """Those meanings of the words from `i` to `j` that their capitals and gaps allow."""
    first = words.texts[i]
    spaced = i == j or not "".join(words.gaps[i + 1 : j + 1]).strip()
    capital = (
        first[0].isupper()
        or (first[0].isdigit() and all(text[0].isupper() or text[0].isdigit() for text in words.texts[i : j + 1]))
        or (j > i and words.lowers[i] in _BEFORE_A_NAME and words.texts[j][0].isupper())
    )
    # "Ông chính thức nhậm chức" opens a sentence, and names no ông Chính
    named = words.lowers[i] not in ("ông", "bà") or words.texts[j][0].isupper()
    fit = [
        h
        for h in hits
        if (capital or not h.cased)
        and (named or h.kind not in ("person", "short"))
        and (h.kind != "title" or (spaced and (not h.cased or first.isupper())))
    ]
    return tuple(fit)


def _within_phrase(gap: str) -> bool:
    return gap == " " or (gap.strip() in ("", "-", "'", ".") and len(gap) <= 3)


def _kind_of(hits: tuple[Hit, ...]) -> str:
    if len(hits) == 1:
        return hits[0].kind
    kinds = {h.kind for h in hits}
    for kind in ("title", "person", "country", "metonym", "short"):
        if kind in kinds:
            return kind
    return "caps"


def _is_shouted(words: Words, i: int) -> bool:
    """Whether a word that is no name is printed in capitals: "Tổng thống Peru ĐÃ GỌI cho tôi"."""
    return words.lowers[i] in _SHOUTED and words.texts[i].isupper()


def _is_all_shouted(words: Words) -> bool:
    """Whether a headline is set in capitals, which then tell nothing: "NGÀY MAI, TRUMP SẼ ĐIỆN ĐÀM VỚI PUTIN"."""
    return len(words.texts) >= _HEADLINE and all(map(str.isupper, filter(str.isalpha, words.texts)))


def _is_name(words: Words, i: int) -> bool:
    """Whether a capitalized word is a name: not one that only opens a sentence, nor a number, nor of "thứ Ba"."""
    if words.texts[i].isdigit() or _is_weekday(words, i) or _is_agency(words, i):
        return False
    return not _opens_sentence(words, i) or not _SYLLABLE.fullmatch(words.lowers[i])


def _is_agency(words: Words, i: int) -> bool:
    """Whether a word is of the agency that a newspaper prints before its first sentence: "TPO - ", "VOV.VN - "."""
    end = next((k for k, gap in enumerate(words.gaps[1:4], 1) if gap.strip() in ("-", ") -")), 0)
    return i < end and (words.gaps[0].endswith("(") or all(map(str.isupper, words.texts[:end])))


def _is_weekday(words: Words, i: int) -> bool:
    if words.lowers[i] == "chủ":
        return words.lowers[i + 1 : i + 2] == ["nhật"]
    return words.lowers[i] in _WEEKDAYS and i > 0 and words.lowers[i - 1] == "thứ"


def _opens_sentence(words: Words, i: int) -> bool:
    return i == 0 or words.gaps[i].rstrip().endswith((".", ":", "?", "!", '"', "…", ")", "-"))
