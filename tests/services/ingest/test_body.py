"""Article pages: the article's words come through, the page's furniture does not."""

from __future__ import annotations

import pytest

from services.ingest.body import MAX_ATTRIBUTES, MAX_DEPTH, MAX_MARKUP, MAX_SIGNS, extract_page

PARAGRAPHS = [
    "Tổng thống Phần Lan hôm 4/5 điện đàm với Thủ tướng Ấn Độ trong khoảng 40 phút, theo văn phòng tổng thống.",
    "Hai bên nhất trí nối lại đàm phán thương mại, vốn đã dừng từ năm ngoái vì bất đồng về thuế nông sản.",
    "“Chúng tôi muốn có kết quả trước mùa thu”, ông nói với báo giới ở Helsinki sau cuộc điện đàm.",
    "Theo Reuters, ông sẽ thăm New Delhi vào tháng 9.",
]
TEASER = "Điều gì chờ đợi quan hệ hai nước sau cuộc gọi"
TEMPLATE = """<!DOCTYPE html><html><head><meta charset="utf-8"><title>Tin</title>
<meta property="article:published_time" content="2026-05-04T12:05:00+07:00"></head><body>
<nav><a href="/">Trang chủ</a> <a href="/the-gioi">Thế giới</a></nav>
<h1>Phần Lan và Ấn Độ điện đàm</h1>
<article class="fck_detail">{body}</article>
<div class="sidebar"><h3>Xem nhiều</h3><ul><li><a href="/1">Giá vàng hôm nay</a></li></ul></div>
<footer>Bản quyền thuộc về tòa soạn</footer></body></html>"""
BODY = "\n".join(
    [
        f"<p class='Normal'>{PARAGRAPHS[0]}</p>",
        "<figure><img src='a.jpg'><figcaption>Ông cười tại cuộc họp báo. Ảnh: AFP</figcaption></figure>",
        f"<p class='Normal'>{PARAGRAPHS[1].replace('đàm phán', '<a href=/x>đàm<br> phán</a>').replace('<br>', '')}</p>",
        f"<p><a href='/2'>{TEASER}</a></p>",
        f"<ul class='list-relate'><li><a href='/3'>{TEASER}</a></li></ul>",
        f"<p>&gt;&gt; Xem thêm: {TEASER}</p>",
        f"<p>Xem thêm: {TEASER}</p>",
        "<table class='tplCaption'><tr><td>Bản đồ châu Âu. Đồ họa: BBC</td></tr></table>",
        f"<p class='Normal'>{PARAGRAPHS[2]}</p>",
        f"<p class='Normal'>{PARAGRAPHS[3]}</p>",
        "<p class='Normal' style='text-align:right'><strong>Nguyễn An</strong> (Theo <em>Reuters, AFP</em>)</p>",
        "<div class='box-tags'>Tags: <a>Phần Lan</a></div><script>track()</script>",
    ]
)
PAGE = TEMPLATE.format(body=BODY).encode()


def test_by_selector() -> None:
    page = extract_page(PAGE, "text/html", "article.fck_detail")
    assert page.how == "selector"
    assert page.text.split("\n") == PARAGRAPHS
    assert page.published_raw == "2026-05-04T12:05:00+07:00"


@pytest.mark.parametrize(
    ("head", "headline"),
    [
        ("", "Phần Lan và Ấn Độ điện đàm"),
        ("<meta property='og:title' content=' Hai bên&nbsp;điện đàm '>", "Hai bên điện đàm"),
        ("<meta property='og:title' content=''>", "Phần Lan và Ấn Độ điện đàm"),
    ],
)
def test_the_headline_is_what_the_page_declares_or_shows(head: str, headline: str) -> None:
    page = TEMPLATE.replace("<title>", f"{head}<title>").format(body=BODY)
    assert extract_page(page.encode(), "text/html", "article.fck_detail").headline == headline
    assert extract_page(b"<p>x</p>", "text/html").headline == ""


LINKED = """<script type="application/ld+json">{{"@graph": [{{"@type": "NewsArticle", "headline": "Tin
 hai dòng", "datePublished" : "{0}"}}], }}</script>"""
TELLS_DATE = '<meta name="pubdate" content="2026-05-04T12:00:00">'


@pytest.mark.parametrize(
    ("head", "shown", "date"),
    [
        ("", "", None),
        ("", '<time datetime=" 2026-05-01 ">hôm kia</time>', "2026-05-01"),
        ("", '<time>12:05</time><time datetime="">x</time>', None),
        (LINKED.format("2026-05-03T08:00:00+07:00"), "", "2026-05-03T08:00:00+07:00"),
        (LINKED.format("2026-05-03"), '<time datetime="2026-05-01">', "2026-05-03"),  # which may be a teaser's
        (LINKED.format(""), '<time datetime="2026-05-01">', "2026-05-01"),
        (TELLS_DATE + LINKED.format("2026-05-03"), '<time datetime="2026-05-01">', "2026-05-04T12:00:00"),
        ("<script>var x = {'datePublished': '2026-05-02', \"datePublished\": \"2026-05-02\"}</script>", "", None),
    ],
)
def test_the_date_is_what_the_page_declares_or_shows(head: str, shown: str, date: str | None) -> None:
    page = f"<!DOCTYPE html><html><head>{head}</head><body>{shown}<p>{PARAGRAPHS[0]}</p></body></html>"
    assert extract_page(page.encode(), "text/html", "body").published_raw == date


@pytest.mark.parametrize("selector", ["", "article.gone", "article[", "h1"])
def test_without_a_selector_that_finds_enough(selector: str) -> None:
    page = extract_page(PAGE, "text/html", selector)
    assert page.how == "general"
    lines = page.text.split("\n")
    assert [line for line in PARAGRAPHS[:3] if line not in lines] == []
    assert "Xem thêm" not in page.text
    assert "Bản quyền" not in page.text


TOLD = "\n".join(f"<p>{line}</p>" for line in PARAGRAPHS[:3])


@pytest.mark.parametrize(
    "furniture",
    [
        f"<p>Xem thêm <a href='/2'>{TEASER}</a></p>",
        f"<p><strong>Đọc thêm</strong> <a href='/2'>{TEASER}</a></p>",
        f"<p>- <a href='/2'>{TEASER}</a></p>",
        f"<p>• <a href='/2'>{TEASER}</a><br>• <a href='/3'>{TEASER} (2)</a></p>",
        f"<p><b><a href='/2'>{TEASER}</a></b></p>",
        f"<p><a href='/2'><b>{TEASER}</b></a></p>",
        f"<p><strong><em>&gt;&gt; <a href='/2'>{TEASER}</a></em></strong></p>",
        f"<div><a href='/2'>{TEASER}</a></div>",
        f"<ul><li>- <a href='/2'>{TEASER}</a></li><li>- <a href='/3'>{TEASER} (2)</a></li></ul>",
        f"<p>Xem thêm {TEASER}</p>",
        f"<p>Đọc thêm “{TEASER}”</p>",
        "<figure><img src='a.jpg'></figure><p><em>Điều gì chờ đợi quan hệ hai nước, ảnh chụp năm ngoái.</em></p>",
        "<p><img src='a.jpg'></p><p><i>Điều gì chờ đợi quan hệ hai nước.</i></p>",
        "<div><img src='a.jpg'><br><em>Điều gì chờ đợi quan hệ hai nước.</em></div>",
        "<p class='img_chu_thich_0407'>Điều gì chờ đợi quan hệ hai nước.</p>",
        "<div class='desc_cation'>Điều gì chờ đợi quan hệ hai nước.</div>",
        "<p class='Image'>Điều gì chờ đợi quan hệ hai nước.</p>",
        "<p>Điều gì chờ đợi quan hệ hai nước tại Helsinki. Ảnh: AFP</p>",
        "<p>Điều gì chờ đợi quan hệ hai nước tại Helsinki (Ảnh: AFP/Getty Images).</p>",
    ],
)
@pytest.mark.parametrize("selector", ["article.fck_detail", ""])
def test_furniture_of_other_shapes(furniture: str, selector: str) -> None:
    first, rest = TOLD.split("\n", 1)
    page = extract_page(TEMPLATE.format(body=f"{first}\n{furniture}\n{rest}").encode(), "", selector)
    assert page.text.split("\n")[-3:] == PARAGRAPHS[:3]
    assert "Điều gì chờ đợi" not in page.text


@pytest.mark.parametrize(
    "own",
    [
        "<p>Xem thêm một lần nữa bản ghi âm, ông nói, sẽ thấy ai gọi trước.</p>",
        "<p>Theo <a href='/2'>văn phòng tổng thống</a></p>",
        "<p>Hai bên hẹn gặp nhau ở <a href='/2'>Helsinki</a>.</p>",
        "<p><em>“Tôi không hối tiếc điều gì”, ông viết trên mạng xã hội tối cùng ngày.</em></p>",
        "<p><b>Phản ứng của các nước</b></p>",
        "<p>Ông gửi kèm một tấm ảnh: bản đồ hai nước năm 1920.</p>",
        "<p>Chủ đề: thuế quan, năng lượng và người nhập cư, theo thông cáo của hai bên.</p>",
    ],
)
def test_what_only_looks_like_furniture(own: str) -> None:
    first, rest = TOLD.split("\n", 1)
    page = extract_page(TEMPLATE.format(body=f"{first}\n{own}\n{rest}").encode(), "", "article.fck_detail")
    assert len(page.text.split("\n")) == 4


def test_a_caption_is_short_and_what_follows_it_is_not() -> None:
    """A whole paragraph in italics under a picture is a statement that the article quotes."""
    body = f"<figure><img src='a.jpg'></figure><p><em>{' '.join([PARAGRAPHS[0]] * 4)}</em></p>{TOLD}"
    page = extract_page(TEMPLATE.format(body=body).encode(), "", "article.fck_detail")
    assert len(page.text.split("\n")) == 4


def test_bare_text_and_line_breaks_are_paragraphs() -> None:
    body = f"<div>{PARAGRAPHS[0]}<br><br>{PARAGRAPHS[1]}<div>{PARAGRAPHS[2]}</div></div>"
    page = extract_page(TEMPLATE.format(body=body).encode(), "", "article.fck_detail")
    assert page.text.split("\n") == PARAGRAPHS[:3]


@pytest.mark.parametrize("selector", ["article", ""])
def test_a_tower_of_marks_is_cut_before_anybody_composes_it(selector: str) -> None:
    """Composing this one would take an hour: it is the test's end that counts."""
    tower = "a" + "\u0301\u0323" * 300_000
    body = f"<html><body><article><p>{'Hai bên đã điện đàm. ' * 30}{tower}</p></article></body></html>"
    assert 600 < len(extract_page(body.encode(), "text/html", selector).text) < 700


def test_line_breaks_of_the_source_are_spaces() -> None:
    body = "".join(f"<p>\n  {line.replace(' ', chr(10))}\n</p>" for line in PARAGRAPHS[:3])
    assert extract_page(TEMPLATE.format(body=body).encode(), "", ".fck_detail").text.split("\n") == PARAGRAPHS[:3]


def test_a_short_item_is_an_article_too() -> None:
    page = extract_page(TEMPLATE.format(body=f"<p>{PARAGRAPHS[2]}</p>").encode(), "", "article.fck_detail")
    assert PARAGRAPHS[2] in page.text


@pytest.mark.parametrize(
    "body",
    [b"", b"<html></html>", b"\x00\xff\xfe", b"%PDF-1.7", b"<figure><figcaption>x" * 500, b"<article><p>" * 99_999],
)
def test_nothing(body: bytes) -> None:
    assert extract_page(body, "text/html", "article").text == ""


@pytest.mark.parametrize(
    ("body", "how"),
    [
        ("<p " + " ".join(f"a{number}=b" for number in range(MAX_ATTRIBUTES + 1)) + f">{TOLD}", "too_large"),
        ("<p " + " ".join(f"a{number}=b" for number in range(200)) + f">{TOLD}", "selector"),
        ("<div><a>x" * 7_000 + TOLD, "too_large"),
        ("<div>" * MAX_DEPTH + TOLD, "too_large"),
        ("<div>" * 100 + TOLD, "selector"),
        ("<br>" * MAX_MARKUP + TOLD, "too_large"),
        ("&x" * (MAX_SIGNS + 1) + TOLD, "too_large"),
        (">" * (MAX_SIGNS + 1) + TOLD, "too_large"),
        ("&x>" * 20_000 + TOLD, "selector"),
    ],
)
def test_what_would_take_minutes_is_not_read(body: str, how: str) -> None:
    page = extract_page(TEMPLATE.format(body=body).encode(), "text/html", "article.fck_detail")
    assert (page.how, page.text != "") == (how, how == "selector")
