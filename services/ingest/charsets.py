"""Bytes → text, for feeds and pages whose declared charset may lie.

What is valid UTF-8 is UTF-8, whatever anybody declares: no text of another charset passes that check by accident, and
"text/xml; charset=iso-8859-1" over UTF-8 is a common lie. A few broken bytes among many good
sequences change nothing about that. Only then are declarations believed, but for those that would make Western letters
of Vietnamese in Windows-1258. That charset keeps Vietnamese tone marks as separate characters, so its text is composed
(NFC).
"""

from __future__ import annotations

import codecs
import re
import unicodedata
from collections.abc import Sequence
from itertools import islice
from typing import NamedTuple

from services.ingest.text import few_marks

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# without a mark they are told by which of four bytes are not zero
_WIDE = {"utf-16-le": {0, 2}, "utf-16-be": {1, 3}, "utf-32-le": {0}, "utf-32-be": {3}}
# Python's names of the charsets that https://encoding.spec.whatwg.org/#names-and-labels lists: other codecs of Python's
# are no charsets ("unicode_escape"), or fail in ways of their own ("undefined")
_CHARSETS = frozenset({
    "utf-8", "cp866", "iso8859-2", "iso8859-3", "iso8859-4", "iso8859-5", "iso8859-6", "iso8859-7", "iso8859-8",
    "iso8859-10", "iso8859-13", "iso8859-14", "iso8859-15", "iso8859-16", "koi8-r", "koi8-u", "mac-roman", "cp874",
    "cp1250", "cp1251", "cp1252", "cp1253", "cp1254", "cp1255", "cp1256", "cp1257", "cp1258", "mac-cyrillic",
    "gbk", "gb18030", "big5", "euc_jp", "iso2022_jp", "cp932", "euc_kr",
})  # fmt: skip
# what the same list calls by another name: what declares itself Latin-1 is Windows-1252
_ALIASES = {
    "iso8859-1": "cp1252", "ascii": "cp1252", "iso8859-9": "cp1254", "iso8859-11": "cp874", "tis-620": "cp874",
    "gb2312": "gbk", "shift_jis": "cp932", "cp949": "euc_kr",
}  # fmt: skip
_DECLARED = re.compile(rb"""(?:encoding|charset)\s*=\s*["']?\s*([A-Za-z0-9._:-]+)""", re.IGNORECASE)
# a word with other letters than those of ASCII, as Windows-1258 and Windows-1252 write them
_WORD = re.compile(rb"[A-Za-z\xc0-\xfd]*[\xc0-\xfd][A-Za-z\xc0-\xfd]*")
_OWN = re.compile(rb"[\xc3\xcc\xd0\xd2\xd5\xdd\xde\xe3\xec\xf0\xf2\xf5\xfd]")  # that mean something else in either
_TONES = str.maketrans("", "", "\u0300\u0301\u0303\u0309\u0323")
# a Vietnamese syllable without its tone: https://en.wikipedia.org/wiki/Vietnamese_phonology
_SYLLABLE = re.compile(
    r"(?:ngh|ng|nh|ch|gh|gi|kh|ph|qu|th|tr|[bcdđghklmnpqrstvx])?"
    r"(?:(?:[aăâeêioôơuưy]|iê|yê|oa|oă|oe|oo|uâ|uê|uô|uơ|uy|uyê|ươ)(?:ng|nh|ch|[cmnpt])|[aeêioôơuưy]|a[iouy]|â[uy]|eo|êu|"
    r"i[au]|iêu|yêu|oa[iouy]?|oeo?|[oôơ]i|u[aêiơy]|uây|uôi|uy[au]|ư[aiu]|ươ[iu])"
)
_MOST_WORDS = 2000  # that are looked at
_LOST = 0.1  # of the characters that are not ASCII: more lost ones make another charset
_MOSTLY = 0.8  # of the words; the others are foreign names
# most Vietnamese letters begin so where UTF-8 was taken for Windows-1252; its signs by their bytes, as browsers do
_TWICE = re.compile("á[»º]")
_IN_1252 = {ord(char): code for code in range(0x80, 0xA0) if (char := bytes([code]).decode("cp1252", "ignore"))}
_HEAD = 1024  # a declaration stands in the first kilobyte (HTML Standard, 13.2.3.2)
# what XML 1.0 does not allow in a document, NUL among it
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
_CONTROLS = bytes(code for code in range(0x20) if chr(code) not in "\t\n\r")  # those of them that are below a space


class Decoded(NamedTuple):
    """The text, the name of the charset that it turned out to be, and what was odd about that. `garbled`: no charset
    explains it, and too much of it is lost."""

    text: str
    charset: str
    remark: str | None = None
    garbled: bool = False


def decode(body: bytes, content_type: str = "") -> Decoded:
    """Decode by byte order mark, the pattern of UTF-16 and UTF-32, UTF-8 check, then by what document and header
    declare.

    Never fails: what nothing explains is read as UTF-8 with replacement characters. Control characters that no XML
    document may hold are taken out.
    """
    decoded = _decode(body, content_type)
    return decoded._replace(text=_NOT_XML.sub("", decoded.text)) if _may_hold_not_xml(body, decoded.text) else decoded


def _may_hold_not_xml(body: bytes, text: str) -> bool:
    """Whether it is worth while to look for such characters. In no charset does a control character come of other bytes
    than theirs, which are found five times as fast, and almost no document has any."""
    return len(body.translate(None, _CONTROLS)) < len(body) or "\ufffe" in text or "\uffff" in text


def _decode(body: bytes, content_type: str) -> Decoded:
    for bom, name in _BOMS:
        if body.startswith(bom):
            return Decoded(body.decode(name, errors="replace"), name.removesuffix("-sig"))
    wide = _wide_without_bom(body)
    if wide:
        return Decoded(body.decode(wide, errors="replace"), wide, f"{wide} without byte order mark")
    declared = _declared(body, content_type)
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError:
        return _not_quite_utf8(body, declared)
    once = _encoded_once(text)
    if once:
        return Decoded(once, "utf-8", "utf-8 that was taken for cp1252 and encoded again")
    lies = declared and declared not in {"utf-8", "cp1252"} and not body.isascii()
    return Decoded(text, "utf-8", f"declares {declared}, is utf-8" if lies else None)


def _encoded_once(text: str) -> str | None:
    """What a text was before somebody took its UTF-8 for Windows-1252 and encoded it again; None where nobody did. That
    the whole of it is valid UTF-8 once more is no accident."""
    if not _TWICE.search(text):
        return None
    try:
        return text.translate(_IN_1252).encode("latin-1").decode("utf-8")
    except UnicodeError:
        return None


def _not_quite_utf8(body: bytes, declared: str | None) -> Decoded:
    text = body.decode("utf-8", errors="replace")
    bad = text.count("\ufffd")
    good = len(text) - len(text.encode("ascii", errors="ignore")) - bad
    as_utf8 = Decoded(text, "utf-8", "some bytes are no valid utf-8", garbled=bad > 10 and bad > len(text) / 100)
    if good >= 4 * bad:  # of a text in another charset, few bytes make a sequence by accident
        return as_utf8._replace(garbled=False)
    if declared in {None, "utf-8", "cp1252"} and good <= bad and _is_vietnamese(body, declared):
        in_1258 = _in_charset(body, "cp1258")
        if in_1258:
            return in_1258._replace(remark=f"declares {declared or 'nothing'}, is cp1258")
    return (_in_charset(body, declared) if declared and declared != "utf-8" else None) or as_utf8


def _in_charset(body: bytes, charset: str) -> Decoded | None:
    """The text in that charset; None where more than a few of its bytes are none of it."""
    text = body.decode(charset, errors="replace")
    lost = text.count("\ufffd")
    if lost > _LOST * (len(text) - len(text.encode("ascii", errors="ignore"))):
        return None
    remark = f"some bytes are no valid {charset}" if lost else None
    return Decoded(unicodedata.normalize("NFC", few_marks(text)), charset, remark)


def _is_vietnamese(body: bytes, declared: str | None) -> bool:
    """Whether this reads as Vietnamese in Windows-1258: its words are syllables of that language, and so are those in
    which that charset has other letters than Windows-1252. Where there are none of these, both read alike."""
    words = [found[0] for found in islice(_WORD.finditer(body), _MOST_WORDS)]
    own = [word for word in words if _OWN.search(word)]
    if not own:
        return declared != "cp1252" and _share(words) == 1
    return _share(own) >= _MOSTLY and _share(words) >= _MOSTLY


def _share(words: Sequence[bytes]) -> float:
    """How many of these words are syllables, of 1; none of none."""
    return sum(map(_is_syllable, words)) / max(1, len(words))


def _is_syllable(word: bytes) -> bool:
    toned = unicodedata.normalize("NFD", word.decode("cp1258", errors="replace").lower())
    return _SYLLABLE.fullmatch(unicodedata.normalize("NFC", toned.translate(_TONES))) is not None


def _wide_without_bom(body: bytes) -> str | None:
    """Markup begins with "<" (and maybe white space before it): in UTF-16 every second byte of it is zero, in UTF-32
    three of four."""
    head = body[:200]
    if len(head) < 8:
        return None
    quarters = [head[place::4] for place in range(4)]
    for name, full in _WIDE.items():
        filled = b"".join(quarters[place] for place in full)
        rest = b"".join(quarters[place] for place in range(4) if place not in full)
        if filled.count(0) == 0 and rest.count(0) > 0.8 * len(rest):
            return name
    return None


def _declared(body: bytes, content_type: str) -> str | None:
    """The first charset that there is, of the document's own declaration and the header's."""
    for source in (body[:_HEAD], content_type.encode("latin-1", errors="replace")):
        found = _DECLARED.search(source)
        if found:
            try:
                name = codecs.lookup(found[1].decode("ascii")).name
            except LookupError:
                continue
            name = _ALIASES.get(name, name)
            if name in _CHARSETS:  # UTF-16 is none of them: it would have shown as such
                return name
    return None
