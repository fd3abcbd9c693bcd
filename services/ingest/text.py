"""A fragment of HTML, as feeds put into titles and summaries → plain text.

Made for fragments of a sentence or two, a hundred thousand a day: three regular expressions, no tree. VnExpress'
`<a href=…><img …></a></br>Summary` (with its malformed `</br>`) becomes "Summary".
"""

from __future__ import annotations

import html
import re
import unicodedata
from functools import lru_cache

# each stops at the next of its own kind, so that many that never end cost no more than one
_HIDDEN = re.compile(
    r"<!--(?:(?!<!--).)*?-->|<(script|style)\b(?:(?!<(?:script|style)\b).)*?</\1\s*>", re.IGNORECASE | re.DOTALL
)
_SECTION = re.compile(r"<!\[CDATA\[|\]\]>")  # the marks of a section that was put into another one
_BREAK = re.compile(r"</?(?:br|p|div|li|ul|ol|h[1-6]|tr|table|blockquote|figcaption)\b[^<>]*>", re.IGNORECASE)
_TAG = re.compile(r"</?[a-zA-Z][^<>]*>")
_LONG_NUMBER = re.compile(r"&#[0-9]{9,}+;?")  # names no character, and Python refuses to read thousands of digits
_MARKS = 30  # on one character: https://www.unicode.org/reports/tr15/#Stream_Safe_Text_Format
_NO_LATIN = re.compile(r"[^\x00-\u02ff\u1e00-\u1eff]{31}")  # looked for first: thirty times as fast as the marks
_INVISIBLE = re.compile("[\u200b\u200c\u200d\u2060\ufeff\u00ad]")


def plain_text(fragment: str) -> str:
    """The words of an HTML fragment: no tags, entities resolved, one space between words, a line break between blocks.

    Markup that was escaped twice (`&amp;lt;p&amp;gt;`) is taken out too.
    """
    text = fragment
    for _ in range(2):
        text = unescaped(_without_tags(text))
        if not _TAG.search(text):
            break
    return tidy(_TAG.sub(" ", text))


def unescaped(text: str) -> str:
    """The text with its references resolved."""
    return html.unescape(_LONG_NUMBER.sub("", text))


def tidy(text: str) -> str:
    """White space as a reader sees it: single spaces, single line breaks, none at the ends, no invisible characters, no
    tower of marks."""
    visible = few_marks(_INVISIBLE.sub("", text))
    lines = (" ".join(line.split()) for line in visible.split("\n"))
    return "\n".join(line for line in lines if line)


def few_marks(text: str) -> str:
    """The text without the marks beyond the thirtieth on one character, which no language has: whoever composes a row
    of them (NFC) needs time by the square of its length, hours for a megabyte."""
    return _many_marks().sub(r"\1", text) if _NO_LATIN.search(text) else text


@lru_cache(maxsize=1)
def _many_marks() -> re.Pattern[str]:
    marks = "".join(mark for mark in map(chr, range(0x300, 0x20000)) if unicodedata.combining(mark))
    return re.compile(f"([{marks}]{{{_MARKS}}})[{marks}]+")


def _without_tags(text: str) -> str:
    if "<" not in text:
        return text
    return _TAG.sub(" ", _BREAK.sub("\n", _HIDDEN.sub(" ", _SECTION.sub("", text))))
