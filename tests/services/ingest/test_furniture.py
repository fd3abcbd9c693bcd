"""What is none of an article's words stays out, shape by shape, and what only looks like it stays in.

The shapes (`furniture.csv`) are those that Vietnamese outlets produce, most of them under classes that no rule knows.
"""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from services.ingest.body import extract_page, fragment_text
from services.ingest.furniture import own_lines
from tests.support.articles import PARAGRAPHS, around

WORDS = {
    "HEADLINE": "Điều gì chờ đợi quan hệ hai nước sau cuộc gọi",
    "SAPO": "Hai nguyên thủ đã trao đổi trong 40 phút về tình hình khu vực, theo thông báo sau đó.",
    "OWN": "Hai phái đoàn sẽ gặp lại nhau ở Helsinki vào mùa thu.",
}
BOTH = pytest.mark.parametrize("selector", ["article.fck_detail", ""], ids=["selector", "general"])


def shapes(*kinds: str) -> pytest.MarkDecorator:
    """The shapes of these kinds in `furniture.csv`, each with the lines of it that are the article's."""
    with (Path(__file__).parent / "furniture.csv").open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["kind"] in kinds]
    said = [(row["shape"].format_map(WORDS), row["kept"]) for row in rows]
    return pytest.mark.parametrize(("shape", "kept"), said, ids=[row["name"] for row in rows])


def lines_of(shape: str, selector: str, *, last: bool = False) -> list[str]:
    """The lines of an article with this shape after its first paragraph, or after its last one."""
    return extract_page(around(shape, last=last), "text/html", selector).text.split("\n")


@BOTH
@shapes("out")
def test_furniture_stays_out(shape: str, kept: str, selector: str) -> None:
    assert (lines_of(shape, selector), kept) == (PARAGRAPHS, "")


@BOTH
@shapes("hung on")
def test_a_teaser_in_a_paragraph_leaves_the_paragraph(shape: str, kept: str, selector: str) -> None:
    assert (lines_of(shape, selector), kept) == ([PARAGRAPHS[0], WORDS["OWN"], *PARAGRAPHS[1:]], "")


@BOTH
@shapes("signed")
def test_who_signed_an_article_stays_out(shape: str, kept: str, selector: str) -> None:
    assert (lines_of(shape, selector, last=True), kept) == (PARAGRAPHS, "")


@shapes("out", "hung on", "signed", "kept")
def test_what_a_feed_carries_is_read_as_a_page_is(shape: str, kept: str) -> None:
    page = around(shape, last=True).decode()
    carried = page.partition("<article class='fck_detail'>")[2].partition("</article><footer>")[0]
    assert fragment_text(carried).split("\n") == lines_of(shape, "article.fck_detail", last=True)


LEAD = "Tổng thống Phần Lan điện đàm với Thủ tướng Ấn Độ tối 4/5, lần đầu tiên kể từ khi hai nước ngừng đàm phán."
OTHER = "Tổng thống Phần Lan tại Helsinki hồi tháng 3, khi hai nước ngừng đàm phán thương mại vì thuế nông sản."


@BOTH
@pytest.mark.parametrize("name", ["name='description'", "property='og:description'"])
@pytest.mark.parametrize("box", ["<div><img src='a.jpg'><p>{}</p></div>", "<p><img src='a.jpg'></p><p><em>{}</em></p>"])
def test_a_lead_that_stands_alone_with_a_picture_is_no_caption(box: str, name: str, selector: str) -> None:
    """What its page declares as its description, or its feed says of it, shortened perhaps, tells it from one."""

    def lines(told: str, declared: str, summary: str = "") -> list[str]:
        head = f"<meta {name} content='{declared}'><title>"
        page = around(box.format(told)).decode().replace("<title>", head)
        return extract_page(page.encode(), "text/html", selector, summary).text.split("\n")

    whole, cut = [PARAGRAPHS[0], LEAD, *PARAGRAPHS[1:]], f"{LEAD[:70]}…"
    assert lines(LEAD, cut) == lines(LEAD, cut, OTHER) == lines(LEAD, "", LEAD) == lines(LEAD, "Báo A", cut) == whole
    assert lines(OTHER, LEAD) == lines(OTHER, "", LEAD) == lines(LEAD, "") == lines(LEAD, "Báo A") == PARAGRAPHS


@shapes("kept")
def test_what_only_looks_like_furniture_stays(shape: str, kept: str) -> None:
    assert lines_of(shape, "article.fck_detail") == [PARAGRAPHS[0], *kept.split(" | "), *PARAGRAPHS[1:]]


@BOTH
@pytest.mark.parametrize(
    "item",
    [
        "<div><h3><a href='/{0}'>Ông số {0} điện đàm ông kế tiếp</a></h3><p>{1}</p></div>",
        "<h3><a href='/{0}'>Ông số {0} điện đàm ông kế tiếp</a></h3><p>{1}</p>",
        "<div><p><img src='a.jpg'></p><p>{1}</p></div>",
        "<div><img src='a.jpg'><p>{1}</p></div>",
    ],
)
def test_where_all_is_boxes_they_are_the_article(item: str, selector: str) -> None:
    """A round-up of the morning's news, a story in pictures."""
    told = [f"Tin số {number}: {PARAGRAPHS[0]}" for number in range(6)]
    shape = "".join(item.format(number, line) for number, line in enumerate(told))
    page = f"<!DOCTYPE html><html><body><article class='fck_detail'>{shape}</article></body></html>"
    assert extract_page(page.encode(), "text/html", selector).text.split("\n") == told


@pytest.mark.parametrize(
    "shape",
    [
        "<div>" + "".join(f"<a href=x{number}><img></a>" for number in range(9000)),
        "<div><h3>" + "<a href=/x>một hai ba bốn</a>" * 9000,
        "<div>" + "<a href=/x>một hai ba bốn</a><p></p>" * 7000,
        "<p>" + "<br><a href=/x>một hai ba bốn</a>" * 7000,
        "<div>" * 90 + "<img>" * 20_000,
        "<div>" + "<!--x-->" * 12_000 + "<img>" * 12_000,
        "<p><a>một hai ba bốn</a> " + "12 " * 30_000 + "x",
        "<p>theo " + "anh " * 30_000,
        "<p>" + ". Xem thêm: " * 20_000,
    ],
)
def test_markup_made_to_be_slow_is_read_all_the_same(shape: str) -> None:
    """Looked at as a pair with each other, these would take minutes: it is the test's end that counts."""
    assert lines_of(shape, "article.fck_detail")[0] == PARAGRAPHS[0]


def test_who_signs_without_end_is_read_all_the_same() -> None:
    """As above: of such a last line nothing but blanks is left to look a name up in."""
    assert own_lines([*PARAGRAPHS, "|tác giả: " * 100_000])[:-1] == PARAGRAPHS
    assert own_lines([*PARAGRAPHS, "theo " * 100_000])[:-1] == PARAGRAPHS


@pytest.mark.parametrize(
    ("last", "kept"),
    [
        ("Huyền Lê", False),
        ("TTXVN/Vietnam+", False),
        ("Nguyễn An (Theo Reuters)", False),
        ("Theo AFP, Reuters.", False),
        ("PV/VOV (theo CNN)", False),
        ("Theo Thông tấn xã Việt Nam", False),
        ("Theo Dân trí", False),
        ("Theo Reuters, cuộc gọi kéo dài 40 phút.", True),
        ("Theo Bộ Ngoại giao Nga", True),
        ("Theo đó, hai bên ngừng bắn", True),
        ("Nga rút quân theo Reuters", True),
        ("“Nguyễn An”", True),
        ("“Theo Reuters”", True),
        ("Ông nói “không”.", True),
        ("Cuộc điện đàm kéo dài bốn mươi phút đồng hồ", True),
        ("Nguyễn Văn An - Trần Bình", False),
        ("Bảo Châu tổng hợp", False),
        ("Minh Anh (tổng hợp)", False),
        ("PV", False),
        ("An An (t/h)", False),
        ("Bài, ảnh: Nguyễn An", False),
        ("Tin và ảnh: Nguyễn An", False),
        ("Bài: Nguyễn An", False),
        ("Ngừng bắn trong 30 ngày", True),
        ("Không có tuyên bố chung", True),
    ],
)
def test_the_name_under_an_article(last: str, kept: bool) -> None:
    assert (last in own_lines([PARAGRAPHS[0], last])) is kept


@pytest.mark.parametrize(
    "closing",
    [
        ["Ngừng bắn trong 30 ngày", "Trao đổi tù binh", "Nối lại đàm phán"],
        ["Hai bên còn bất đồng", "Chưa có lịch gặp", "Đàm phán tiếp tục"],
        ["Tham dự cuộc gọi có:", "Alexander Stubb", "Narendra Modi"],
        ["Alexander Stubb", "Narendra Modi", "Emmanuel Macron"],  # a list: so many have signed no article
    ],
)
def test_short_closing_lines_are_the_articles_own(closing: list[str]) -> None:
    assert own_lines([PARAGRAPHS[0], *closing]) == [PARAGRAPHS[0], *closing]


def test_two_lines_of_names_are_taken_off() -> None:
    assert own_lines([PARAGRAPHS[0], "Huyền Lê", "TTXVN/Vietnam+"]) == [PARAGRAPHS[0]]


@pytest.mark.parametrize(
    "line",
    [
        ">> Tin khác",
        "Xem thêm: Tin khác",
        "Đọc thêm",
        "Đọc thêm > > > Tin khác",
        "Bình luận (12)",
        "Mời bạn đọc theo dõi",
        "Ảnh: Reuters",
        "Tags: Nga",
        "Video: AFP",
        "> Tin khác",
        "Ông Putin tại Điện Kremlin - Ảnh: REUTERS",
        "Ông Putin tại Điện Kremlin hôm 28-11 – Ảnh tư liệu: REUTERS",
        "Ảnh minh họa.",
        "Xem video: Tin khác",
        "Đọc bài gốc tại đây.",
        "Lấy link!",
        "0 bình luận",
        "Bài viết Tin khác đã xuất hiện đầu tiên vào ngày Báo A.",
    ],
)
def test_furniture_lines(line: str) -> None:
    assert own_lines([line, PARAGRAPHS[0]]) == [PARAGRAPHS[0]]


@pytest.mark.parametrize(
    "line",
    [
        "Ảnh hưởng của cuộc điện đàm còn lớn hơn thế.",
        "Xem xét lại thỏa thuận là điều hai bên đã hứa.",
        "Tagore là nhà thơ.",
        "Bình luận của ông trái ngược với phát ngôn tháng trước.",
        "Chủ đề của cuộc điện đàm không được nêu.",
        "Ảnh minh họa mối quan hệ giữa hai nước không còn đúng.",
        "Bài viết của ông xuất hiện trên báo Nga trước cuộc điện đàm.",
        "Hai bên công bố bức ảnh - ảnh: một cái bắt tay, một nụ cười.",
    ],
)
def test_lines_that_only_begin_like_furniture(line: str) -> None:
    assert own_lines([line]) == [line]
