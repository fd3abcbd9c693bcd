"""Charsets: what bytes are, whatever they say they are."""

from __future__ import annotations

import codecs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.ingest.charsets import decode
from tests.support.windows1258 import in_1258

WORDS = "<rss>Tổng thống điện đàm</rss>"


@pytest.mark.parametrize(
    ("body", "content_type", "charset"),
    [
        (WORDS.encode(), "", "utf-8"),
        (WORDS.encode(), "text/xml; charset=iso-8859-1", "utf-8"),
        (b'<?xml version="1.0" encoding="windows-1258"?>' + WORDS.encode(), "", "utf-8"),
        (codecs.BOM_UTF8 + WORDS.encode(), "", "utf-8"),
        (codecs.BOM_UTF16_LE + WORDS.encode("utf-16-le"), "", "utf-16"),
        (codecs.BOM_UTF16_BE + WORDS.encode("utf-16-be"), "text/xml; charset=utf-8", "utf-16"),
        (WORDS.encode("utf-16-le"), "", "utf-16-le"),
        (WORDS.encode("utf-16-be"), "", "utf-16-be"),
        (WORDS.encode("utf-32-le"), "", "utf-32-le"),
        ((" \n" + WORDS).encode("utf-32-be"), "text/xml; charset=utf-8", "utf-32-be"),
    ],
)
def test_text(body: bytes, content_type: str, charset: str) -> None:
    decoded = decode(body, content_type)
    assert decoded.text.endswith(WORDS)
    assert decoded.charset == charset


def test_a_legacy_charset_is_believed_when_it_is_declared_and_fits() -> None:
    assert (
        decode("<p>Hội nghị".encode("cp1252", "ignore") + b"\xe9e", "text/html; charset=ISO-8859-1").charset == "cp1252"
    )
    tones = "<p>ti\u0301nh</p>".encode("cp1258")
    assert decode(tones, "text/html; charset=windows-1258").text == "<p>tính</p>"


def test_lies_are_told() -> None:
    assert decode(b'<meta charset="windows-1258">' + WORDS.encode()).remark == "declares cp1258, is utf-8"
    assert decode(WORDS.encode(), "text/xml; charset=utf-8").remark is None
    assert decode(b"<p>plain</p>", "text/xml; charset=windows-1258").remark is None


def test_what_was_encoded_twice_is_decoded_twice() -> None:
    words = f"{WORDS} Ông Đỗ “Mười”, 9.000 ₫…"
    seen = "".join(bytes([code]).decode("cp1252", "ignore") or chr(code) for code in words.encode())
    decoded = decode(seen.encode(), "text/xml; charset=utf-8")
    assert (decoded.text, decoded.charset) == (words, "utf-8")
    assert decoded.remark
    for other in ("Chữ “á»” và điện đàm", "á» á»"):
        assert decode(other.encode()).text == other


def test_a_broken_byte_costs_one_character() -> None:
    decoded = decode("<p>Tổng".encode() + b"\xff" + "thống</p>".encode())
    assert decoded.text == "<p>Tổng\ufffdthống</p>"
    assert decoded.remark


@pytest.mark.parametrize("declared", ["", "utf-8", "windows-1258"])
def test_a_byte_that_no_charset_has_costs_one_character_in_any(declared: str) -> None:
    decoded = decode(in_1258(SENTENCE).replace(b"</p>", b"\x81</p>"), f"text/xml; charset={declared}")
    assert (decoded.text, decoded.garbled) == (SENTENCE.replace("</p>", "\ufffd</p>"), False)
    assert decoded.remark


@pytest.mark.parametrize(
    "name", ["undefined", "unicode_escape", "raw_unicode_escape", "utf-7", "idna", "punycode", "rot13", "hex", "cp037"]
)
def test_a_codec_that_is_no_charset_of_the_web_is_not_believed(name: str) -> None:
    decoded = decode(b"<p>a+AGE- \\u0061\xff</p>", f"text/xml; charset={name}")
    assert (decoded.text, decoded.charset) == ("<p>a+AGE- \\u0061\ufffd</p>", "utf-8")


@pytest.mark.parametrize(
    ("label", "charset"),
    [
        ("latin1", "cp1252"),
        ("windows-1251", "cp1251"),
        ("tis-620", "cp874"),
        ("gb2312", "gbk"),
        ("ks_c-5601", "euc_kr"),
    ],
)
def test_labels_are_those_of_the_web(label: str, charset: str) -> None:
    words = {"cp1252": "é", "cp1251": "Привет", "cp874": "ไทย", "gbk": "北京", "euc_kr": "서울"}[charset]
    assert decode(f"<p>{words}".encode(charset), f"text/html; charset={label}")[:2] == (f"<p>{words}", charset)


SENTENCE = "<p>Tổng thống Mỹ điện đàm với Thủ tướng Nhật Bản về thuế quan, theo văn phòng của ông.</p>"


@pytest.mark.parametrize("content_type", ["", "text/xml; charset=utf-8", "text/xml; charset=ISO-8859-1"])
@pytest.mark.parametrize(
    "words",
    [
        SENTENCE,
        "<p>Ông Putin và ông Trump điện đàm</p>",  # three tones, one of them a letter of its own
        "<p>Putin: được</p>",
        "<p>Hai bên</p>",
        "<p>Ư</p>",
        "<p>Giá 9.000\u20ab, ông São gặp ông José ở quán “Phở”</p>",
    ],
)
def test_vietnamese_in_windows_1258_is_known_by_its_syllables(content_type: str, words: str) -> None:
    decoded = decode(in_1258(words), content_type)
    assert (decoded.text, decoded.garbled) == (words, False)
    assert decoded.charset in {"cp1258", *(["cp1252"] if "bên" in words else [])}  # which has all these letters
    assert decoded.charset == "cp1252" or (decoded.remark or "").endswith("is cp1258")


@pytest.mark.parametrize(
    "words",
    [
        "<p>È così: però non può, ciò che può fare Niccolò lunedì è più di ciò.</p>",
        "<p>L\u2019été à Paris, où la Corée déçoit.</p>",
        "<p>È</p>",
        "<p>Café, là-bas, không</p>".replace("ô", "o"),
        "<p>Það er ekki rétt að ráðherra hafi sagt þetta við mig í dag.</p>",
        "<p>José Antonio: mañana, Perú ganó</p>",
        "<p>Não há acordo, diz João, irmão de Conceição.</p>",
        "<p>São Paulo: as eleições são em março, põe-se aí.</p>",
    ],
)
def test_western_words_are_not_taken_for_vietnamese(words: str) -> None:
    assert decode(words.encode("cp1252"), "text/html; charset=ISO-8859-1").text == words


@pytest.mark.parametrize("charset", ["ISO-8859-1", "windows-1258", "gbk", "utf-8"])
def test_a_cut_character_makes_no_other_charset(charset: str) -> None:
    decoded = decode(SENTENCE.encode() + b"\xe1\xbb<p/>", f"text/xml; charset={charset}")
    assert (decoded.text, decoded.charset) == (f"{SENTENCE}\ufffd<p/>", "utf-8")
    assert not decoded.garbled


@pytest.mark.parametrize(
    ("body", "content_type", "garbled"),
    [
        ("Привет, мир".encode("cp1251") * 9, "", True),
        ("Привет, мир".encode("cp1251") * 9, "text/html; charset=windows-1251", False),
        (b"<p>It\x92s late.</p>", "", False),
        (b"<p>It is late, and nobody is there.</p>" * 99 + b"\x92" * 11, "", False),
    ],
)
def test_what_no_charset_explains_is_garbled(body: bytes, content_type: str, garbled: bool) -> None:
    assert decode(body, content_type).garbled is garbled


_IN_BYTES = [(charset, control) for charset in ("cp1252", "cp1258") for control in "\x00\x0b\x1f"]
_IN_UNICODE = [(charset, no) for charset in ("utf-8", "utf-16", "utf-16-le") for no in "\x00\x0b\x1f\ufffe\uffff"]


@pytest.mark.parametrize(("charset", "forbidden"), _IN_BYTES + _IN_UNICODE)
def test_what_xml_forbids_is_taken_out(charset: str, forbidden: str) -> None:
    body = f"<p>{'a' * 200}\tb{forbidden}\né</p>".encode(charset)
    assert decode(body, f"text/html; charset={charset}").text == f"<p>{'a' * 200}\tb\né</p>"


@given(st.binary(max_size=400), st.text(max_size=30))
def test_any_bytes_are_text_that_xml_may_hold_in_a_charset_that_exists(body: bytes, content_type: str) -> None:
    decoded = decode(body, content_type)
    assert [char for char in decoded.text if (char < " " and char not in "\t\n\r") or char in "\ufffe\uffff"] == []
    assert codecs.lookup(decoded.charset)
    assert decoded.text.encode("utf-8").decode("utf-8") == decoded.text


@given(st.text(st.characters(exclude_categories=["Cc", "Cs", "Cn"]), max_size=400), st.text(max_size=30))
def test_utf_8_comes_back_as_it_was_whatever_is_declared(words: str, content_type: str) -> None:
    assert decode(f"<p>{words}".encode(), content_type).text == f"<p>{words}"
