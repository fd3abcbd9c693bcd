"""Vietnamese as Windows-1258 has it, which Python's codec does not write: a tone is a character of its own there."""

from __future__ import annotations

import re
import unicodedata

TONES, SHAPES = "[\u0300\u0301\u0303\u0309\u0323]", "[\u0302\u0306\u031b]"


def in_1258(words: str) -> bytes:
    """The words in Windows-1258, where a tone mark stands behind its vowel, which is whole without it; a reference
    stands for what that charset does not have."""
    letters = re.sub(f"({TONES})({SHAPES})", r"\2\1", unicodedata.normalize("NFD", words))
    return "".join(unicodedata.normalize("NFC", part) for part in re.split(f"({TONES})", letters)).encode(
        "cp1258", "xmlcharrefreplace"
    )
