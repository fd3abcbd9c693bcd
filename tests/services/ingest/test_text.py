"""HTML fragments → plain text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.ingest.text import plain_text, tidy


@pytest.mark.parametrize(
    ("fragment", "text"),
    [
        ("Điện đàm", "Điện đàm"),
        ('<a href="x"><img src="y"></a></br>Tóm tắt', "Tóm tắt"),
        ('<a href="x"><img width=130 height=100 src="y" ></a></br>Tóm tắt', "Tóm tắt"),
        ("<p>Một</p><p>Hai</p>", "Một\nHai"),
        ("Một<br/>Hai", "Một\nHai"),
        ("A &amp; B &lt;!channel&gt;", "A & B <!channel>"),
        ("&lt;p&gt;Hai lần&lt;/p&gt;", "Hai lần"),
        ("5 < 6 và 7 > 3", "5 < 6 và 7 > 3"),
        ("a<script>x()</script>b<style>p{}</style>c<!-- d -->", "a b c"),
        ("a&nbsp;\u200b b \r\n\n c", "a b\nc"),
        ("\n \t a\x0b\u3000b\u2028c\x85d \n\r\n\xa0\n e\x1c\n ", "a b c d\ne"),
        ("<b>đậm", "đậm"),
        (f"a&#{'0' * 5000}65; b &#00000065;", "a b A"),  # Python's int() refuses so many digits
        ("<![CDATA[Điện <b>đàm</b>]]>", "Điện đàm"),  # of a section that was put into another one
        ("", ""),
    ],
)
def test_plain_text(fragment: str, text: str) -> None:
    assert plain_text(fragment) == text


@given(st.text(alphabet="ab<>/&;p lt\n\u200b", max_size=60))
def test_tidy_twice_is_tidy_once(text: str) -> None:
    assert tidy(tidy(text)) == tidy(text)
    assert not plain_text(text).startswith((" ", "\n"))


@pytest.mark.parametrize("opening", ["<script ", "<!-- ", "<style>"])
def test_what_never_ends_is_read_in_one_go(opening: str) -> None:
    # quadratic, this would take minutes; it is enough that it comes back
    assert plain_text(f"Tin {opening * 200_000}").startswith("Tin")
