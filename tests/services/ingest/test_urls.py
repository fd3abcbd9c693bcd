"""URLs: what names an article and what does not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.ingest import urls
from services.ingest.urls import MAX_URL, article_key, article_number, bounded, canonical_url, host_of, is_front_page


@pytest.mark.parametrize(
    ("link", "canonical"),
    [
        ("https://vnexpress.net/a-4143030.html", "https://vnexpress.net/a-4143030.html"),
        ("HTTPS://VnExpress.NET:443/a.html", "https://vnexpress.net/a.html"),
        ("http://vnexpress.net:80", "http://vnexpress.net/"),
        ("http://127.0.0.1:8080/a", "http://127.0.0.1:8080/a"),
        (" https://a.vn/x#binh-luan ", "https://a.vn/x"),
        ("https://www.bbc.com/vietnamese/articles/c1?at_medium=RSS&at_campaign=rss", "https://www.bbc.com/vietnamese/articles/c1"),
        ("https://a.vn/x?utm_source=zalo&id=7&fbclid=Q&UTM_medium=y", "https://a.vn/x?id=7"),
        ("https://a.vn/x?FBCLID=Q&Id=7&GclId=y", "https://a.vn/x?Id=7"),
        ("https://vnexpress.net/x-3999385.html?vn_source=Home&vn_thumb=0", "https://vnexpress.net/x-3999385.html"),
        ("https://world.kbs.co.kr/service/news_view.htm?lang=v&Seq_Code=1", "https://world.kbs.co.kr/service/news_view.htm?lang=v&Seq_Code=1"),
        ("https://a.vn/điện đàm", "https://a.vn/%C4%91i%E1%BB%87n%20%C4%91%C3%A0m"),
        ("https://a.vn/%c4%91%41", "https://a.vn/%C4%91A"),
        ("https://a.vn/100%", "https://a.vn/100%25"),
        ("https://báo.vn/x", "https://xn--bo-mia.vn/x"),
        ("https://[2001:db8::1]:443/x", "https://[2001:db8::1]/x"),
        ("https://user:secret@a.vn/x", "https://a.vn/x"),
    ],
)  # fmt: skip
def test_canonical(link: str, canonical: str) -> None:
    assert canonical_url(link) == canonical


@pytest.mark.parametrize(
    "link",
    ["", "a.html", "ftp://a.vn/x", "javascript:alert(1)", "file:///etc/passwd", "https://", "https://[::1", "https://a.vn:x/",
     "https://a b.vn/", "data:text/html,x", "https://a.vn/" + "x" * MAX_URL, "https://\ud800.vn/", "https://a.vn/\ud800",
     "https://" + "a." * 126 + "vn/"],
)  # fmt: skip
def test_no_address(link: str) -> None:
    assert canonical_url(link) is None


def test_relative_links_are_joined_to_the_feed() -> None:
    base = "https://a.vn/rss/the-gioi.rss"
    assert canonical_url("/tin-1.html", base) == "https://a.vn/tin-1.html"
    assert canonical_url("//b.vn/tin-1.html", base) == "https://b.vn/tin-1.html"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("https://vnexpress.net/slug-cu-4143030.html", "http://vnexpress.net/the-gioi/slug-moi-4143030.html"),
        ("https://www.vietnamplus.vn/a-post1101437.vnp", "https://m.vietnamplus.vn/b-post1101437.amp"),
        ("https://vtcnews.vn/dien-dam-ar1030123.html", "https://vtcnews.vn/dien-dam-moi-ar1030123.html"),
        ("https://baoquocte.vn/dien-dam-363297.html", "https://baoquocte.vn/dien-dam-moi-363297.html"),
        ("https://www.sggp.org.vn/a.html", "http://sggp.org.vn/a.html"),
    ],
)
def test_same_article(one: str, other: str) -> None:
    assert article_key(one) == article_key(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("https://vnexpress.net/a-4143030.html", "https://vnexpress.net/a-4143031.html"),
        ("https://a.vn/tin-20250206.html", "https://a.vn/khac-20250206.html"),  # a date at the end is no number
        ("https://baoquocte.vn/tin-20250206.html", "https://baoquocte.vn/khac-20250206.html"),
        ("https://a.vn/tin?id=1", "https://a.vn/tin?id=2"),
        ("https://tuoitre.vn/a-20240808100358225.htm", "https://nld.com.vn/a-20240808100358225.htm"),
    ],
)
def test_different_articles(one: str, other: str) -> None:
    assert article_key(one) != article_key(other)


@pytest.mark.parametrize("numbering", list(urls._numberings().values()), ids=lambda numbering: numbering.host)
def test_each_numbering_reads_its_own_example(numbering: urls.Numbering) -> None:
    number = article_number(numbering.example)
    assert number is not None
    assert article_key(numbering.example) == f"{numbering.host}#{number}"


@pytest.mark.parametrize(("quoted", "fits"), [(MAX_URL - 100, True), (3_000_000, False)])
def test_an_address_too_long_to_keep_is_none(quoted: int, fits: bool) -> None:
    assert (canonical_url("https://a.vn/" + "%41" * quoted) is not None) is fits


@pytest.mark.parametrize(
    ("url", "front"),
    [("https://a.vn", True), ("https://a.vn/", True), ("https://a.vn/?p=12", False), ("https://a.vn/tin", False)],
)
def test_the_front_page_is_no_article(url: str, front: bool) -> None:
    assert is_front_page(url) is front


def test_host_of() -> None:
    assert host_of("https://VnExpress.net/x") == "vnexpress.net"
    assert host_of("http://127.0.0.1:8080/x") == "127.0.0.1:8080"


def test_long_keys_fit_and_stay_apart() -> None:
    one, other = bounded("k" * 3000 + "1"), bounded("k" * 3000 + "2")
    assert len(one) <= MAX_URL
    assert one != other
    assert bounded("short") == "short"


links = st.text(max_size=80).map("https://a.vn/".__add__) | st.text(max_size=120)


@given(links)
def test_canonical_twice_is_canonical_once(link: str) -> None:
    once = canonical_url(link)
    if once is not None:
        assert canonical_url(once) == once
        assert once.isascii()
        assert article_key(once) == article_key(once.replace("https://", "http://", 1))


@given(st.text(alphabet="abc=&?%#/", max_size=30), st.sampled_from(["utm_source=x", "fbclid=1", "at_medium=RSS"]))
def test_a_tracker_never_tells_articles_apart(query: str, tracker: str) -> None:
    plain = canonical_url(f"https://a.vn/x?id=1&{query.replace('#', '')}")
    tracked = canonical_url(f"https://a.vn/x?{tracker}&id=1&{query.replace('#', '')}")
    assert plain == tracked
