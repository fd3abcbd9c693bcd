"""Vietnamese text, one step early: one spelling for what is written in several ways, with a map back.

NFC first (a mark may come as a character of its own), then Đ/Ð, quotation marks, dashes and spaces, then the place
of the tone mark (hoà = hòa). Tone marks are never removed: without them different words become one. Each step after
NFC keeps the length, so offsets need a map only where NFC or an invisible character changed it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

import msgspec

from services.classify.regex import regex

_SAME_LENGTH = {
    "Ð": "Đ",
    "ð": "đ",
    "“": '"',
    "”": '"',
    "„": '"',
    "«": '"',
    "»": '"',
    "‘": "'",
    "’": "'",
    "´": "'",
    "‐": "-",
    "‑": "-",
    "–": "-",
    "—": "-",
    "−": "-",
    "\u00a0": " ",
    "\u202f": " ",
    "\u2009": " ",
    "\t": " ",
    "\r": " ",
}
_INVISIBLE = regex("[\u00ad\u200b-\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]")
#: Characters that NFC leaves alone; none is a mark or invisible. The last before another kind may carry its mark.
_PLAIN = "\u0000-\u00ac\u00ae-\u02ff\u1e00-\u1eff\u2010-\u2027\u2030-\u205e"
_PLAIN_RUN_OR_ONE = regex(f"[{_PLAIN}]+(?![^{_PLAIN}])|.", re.DOTALL)

# The tone stands on the first vowel of an open oa, oe, uy ("hòa") in one school and on the second ("hoà") in the other.
_NEW_TO_OLD = {
    new: old
    for plain_new, plain_old in (
        ("oà oá oả oã oạ", "òa óa ỏa õa ọa"),
        ("oè oé oẻ oẽ oẹ", "òe óe ỏe õe ọe"),
        ("uỳ uý uỷ uỹ uỵ", "ùy úy ủy ũy ụy"),
    )
    for new, old in zip(plain_new.split(), plain_old.split(), strict=True)
}
_NEW_TO_OLD |= {new.capitalize(): old.capitalize() for new, old in _NEW_TO_OLD.items()}
_NEW_TO_OLD |= {new.upper(): old.upper() for new, old in _NEW_TO_OLD.items()}
_OPEN_SYLLABLE = regex("(?:" + "|".join(_NEW_TO_OLD) + r")(?![^\W\d_])")
_AFTER_Q = regex(r"([ùúủũụÙÚỦŨỤ])(?<=[Qq].)([yY])(?![^\W\d_])")
#: What conversions between fonts leave of "đã" and "lãnh đạo"; neither is a word as it stands.
_WORN = regex(r"(?<!\w)(?:đă(?!\w)|[Ll]ănh đạo(?!\w))")
#: Where a line that is long enough may have been cut for its width alone: no end mark, and the next goes on in small
#: letters.
_WRAPPED = regex(r"\n(?=(\w))(?<=[\w,]\n)(?<=[^\n]{40}\n)")


class Normal(msgspec.Struct, frozen=True):
    """Normalized text. `origin[i]` is where its code point i stood in the raw text; None where nothing moved."""

    text: str
    raw: str
    origin: Sequence[int] | None = None

    def raw_span(self, start: int, end: int) -> tuple[int, int]:
        """The slice of the raw text that became `text[start:end]`, whole combining sequences included."""
        if self.origin is None:
            return start, end
        while 0 < end < len(self.origin) and self.origin[end] == self.origin[end - 1]:
            end += 1
        return self.origin[start], self.origin[end] if end < len(self.origin) else len(self.raw)


def fold(text: str) -> str:
    """One spelling for NFC text: Đ, quotes, dashes, spaces and the place of the tone mark. Keeps the length."""
    if text.isascii():
        return text.replace("\t", " ").replace("\r", " ")
    text = _usual(text)
    if "đă" in text or "ănh đạo" in text:
        text = _WORN.sub(lambda m: m[0].replace("ă", "ã"), text)
    text = _OPEN_SYLLABLE.sub(lambda m: _NEW_TO_OLD[m[0]], text)
    return _AFTER_Q.sub(_restore_after_q, text)


def _usual(text: str) -> str:
    for variant, usual in _SAME_LENGTH.items():  # most texts have few of them, and translate() looks at every letter
        text = text.replace(variant, usual)
    return text


def _restore_after_q(match: re.Match[str]) -> str:
    # "quý": the u belongs to the consonant, so the mark is on y in both schools.
    tone = "ùúủũụ".find(match[1].lower())
    y = "ỳýỷỹỵ"[tone]
    return ("U" if match[1].isupper() else "u") + (y.upper() if match[2].isupper() else y)


def normalize(raw: str) -> Normal:
    """Bring raw text into one spelling, in time linear in its length; never raises."""
    if unicodedata.is_normalized("NFC", raw) and not _INVISIBLE.search(raw):
        return Normal(_unwrap(fold(raw)), raw)
    pieces: list[str] = []
    origin: list[int] = []
    for start, cluster in _clusters(raw):
        composed = unicodedata.normalize("NFC", cluster)
        pieces.append(composed)
        if _is_run(cluster):
            origin.extend(range(start, start + len(cluster)))
        else:
            origin.extend([start] * len(composed))
    return Normal(_unwrap(fold("".join(pieces))), raw, origin)


def _unwrap(text: str) -> str:
    return _WRAPPED.sub(lambda line: " " if line[1].islower() else "\n", text)


def normal_text(raw: str) -> str:
    """The text alone in one spelling; the way back is not known."""
    return fold(unicodedata.normalize("NFC", _INVISIBLE.sub("", raw)))


def plain_text(raw: str) -> str:
    """The text alone, for a look at it that must cost little: composed, with usual letters and spaces, nothing
    invisible. Where tone marks stand is left as it is, and the way back is not known."""
    return _usual(unicodedata.normalize("NFC", _INVISIBLE.sub("", raw)))


def _clusters(raw: str) -> list[tuple[int, str]]:
    """Split into runs of plain characters, and characters with the marks that follow them; the invisible fall away."""
    clusters: list[tuple[int, str]] = []
    for match in _PLAIN_RUN_OR_ONE.finditer(raw):
        piece = match[0]
        if _INVISIBLE.match(piece):
            continue
        if clusters and unicodedata.combining(piece[0]) and len(clusters[-1][1]) < 8:
            clusters[-1] = (clusters[-1][0], clusters[-1][1] + piece)
        else:
            clusters.append((match.start(), piece))
    return clusters


def _is_run(cluster: str) -> bool:
    return len(cluster) > 1 and not unicodedata.combining(cluster[1])
