"""Markup that would cost a parser minutes is found, or taken out, in one pass."""

from __future__ import annotations

import tracemalloc

import pytest

from services.ingest.markup import has_tag_of_many, with_escaped_sections, without_unread


@pytest.mark.parametrize(
    ("tag", "many"),
    [
        ("<p " + 'a="b" ' * 10 + ">", False),
        ("<p " + 'a="b" ' * 11 + ">", True),
        ("<p " + "a=b " * 11 + ">", True),
        ("<p " + "a " * 11 + ">", True),
        ("<p" + "/a" * 11 + ">", True),
        ("<p " + 'a="b"' * 11 + ">", True),
        ("<p " + "a = '>' " * 11 + ">", True),
        ("<p " + '"" ' * 11 + ">", True),
        ("<p " + "= " * 33 + ">", True),
        ("<p>" + "a " * 11 + "</p>", False),
        ("<p a='" + "a " * 11 + "'>", False),
        ("<p a='" + "a " * 11, False),
        ("<p a=b>" * 11, False),
        ("</p " + "a " * 11 + ">", False),
        ("a < b " + "a " * 11, False),
        ("<p a='<p a=\">'>" + "<p " + "a " * 11 + ">", True),
        ("<!-- <1 << -->" + "<p>1 < 2</p>" * 20 + "<p " + "a " * 11 + ">", True),
    ],
)
def test_attributes_are_counted_as_browsers_read_them(tag: str, many: bool) -> None:
    assert has_tag_of_many(f"<html>{tag}</html>", 10) is many


@pytest.mark.parametrize(
    "markup",
    [
        "<a " + '"" ' * 300_000,
        "<a b='" * 30_000,
        "<a<a" * 30_000 + " b='" + "x" * 1_000_000,
        "<p a=b>c < d" * 100_000,
    ],
)
def test_a_tag_without_end_is_read_once_and_takes_no_memory(markup: str) -> None:
    tracemalloc.start()
    has_tag_of_many(markup, 1_000_000)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 5_000_000


@pytest.mark.parametrize(
    ("feed", "rest"),
    [
        ("<item><category>Thế giới</category><title>Tin</title></item>", "<item> Thế giới <title>Tin</title></item>"),
        ('<category term="a"/><dc:subject>b</dc:subject>', "  b "),
        ("<itunes:keywords>a,b</itunes:keywords><Tags>c</Tags>", " a,b  c "),
        ("<tags<category a<keywords", "   "),
        ("<cat<category>egory>", "<cat egory>"),
        ("<subtitle>a</subtitle><category-id>1</category-id>", "<subtitle>a</subtitle><category-id>1</category-id>"),
    ],
)
def test_no_tag_of_a_category_is_left(feed: str, rest: str) -> None:
    assert without_unread(feed) == rest


@pytest.mark.parametrize(
    ("feed", "escaped"),
    [
        ("<a><![CDATA[<p>A & B ]] ></p>]]></a>", "<a>&lt;p>A &amp; B ]] >&lt;/p></a>"),
        ("<![CDATA[]]><![CDATA[[1]]]>", "[1]"),
        ("<a><![CDATA[<p>", "<a><![CDATA[<p>"),
        ("<a><![CDATA[<p></a><a><![CDATA[<p>]]></a>", "<a><![CDATA[<p></a><a>&lt;p></a>"),
        ("<a>" + "<![CDATA[" * 300_000, "<a>" + "<![CDATA[" * 300_000),  # it is the test's end that counts
        ("<![CDATA[" + "]" * 3_000_000, "<![CDATA[" + "]" * 3_000_000),
    ],
)
def test_a_section_becomes_the_text_that_it_stands_for(feed: str, escaped: str) -> None:
    assert with_escaped_sections(feed) == escaped
