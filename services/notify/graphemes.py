"""Foreign text made safe to show, and cut where a reader sees one character end.

Control characters and the marks that turn the direction of text are taken out. A cut never falls inside a grapheme
(letter and combining marks, joined emoji, a pair of flag letters); the rules are those of Unicode's UAX 29 that news
text needs, not all of them.
"""

from __future__ import annotations

import unicodedata

ZERO_WIDTH_JOINER = "\u200d"
#: Marks that hide text or turn its direction (Unicode Bidirectional Algorithm, the tags and the supplementary variation
#: selectors used to hide text), and those without width or ink that no word needs; the joiners stay, for scripts and
#: emoji that are written with them.
HIDDEN = {
    *range(0x202A, 0x202F), *range(0x2060, 0x2070), 0x200E, 0x200F, 0x061C, *range(0xE0000, 0xE0080),
    *range(0xE0100, 0xE01F0), 0x00AD, 0x034F, 0x115F, 0x1160, 0x180E, 0x200B, 0x3164, 0xFEFF, 0xFFA0,
    *range(0xFFF9, 0xFFFC), *range(0x1D173, 0x1D17B),
}  # fmt: skip
FLAG_LETTERS = range(0x1F1E6, 0x1F200)
SKIN_TONES = range(0x1F3FB, 0x1F400)


def clean(text: str) -> str:
    """One line without control characters, direction marks and runs of spaces."""
    kept = "".join(
        " " if char in "\n\r\t\u2028\u2029" else char
        for char in text
        if ord(char) not in HIDDEN and (unicodedata.category(char) not in ("Cc", "Cs") or char in "\n\r\t")
    )
    return " ".join(kept.split())


def shorten(text: str, limit: int) -> str:
    """At most `limit` code points, cut between words where one ends near, else between graphemes, with "…"."""
    if len(text) <= limit:
        return text
    cut = _edge(text, limit - 1)
    space = text.rfind(" ", 0, cut + 1)
    if space > limit * 0.7:
        cut = space
    return text[:cut].rstrip(" ,;:·–-") + "…"


def _edge(text: str, cut: int) -> int:
    """The last place at or before `cut` where a grapheme ends."""
    while cut > 0 and _joins(text, cut):
        cut -= 1
    return cut


def _joins(text: str, cut: int) -> bool:
    before, after = text[cut - 1], text[cut]
    if unicodedata.category(after).startswith("M") or ord(after) in SKIN_TONES:
        return True
    if ZERO_WIDTH_JOINER in (before, after):
        return True
    if ord(before) in FLAG_LETTERS and ord(after) in FLAG_LETTERS:
        run = len(text[:cut]) - len(text[:cut].rstrip("".join(map(chr, FLAG_LETTERS))))
        return run % 2 == 1
    return False
