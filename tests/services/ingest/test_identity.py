"""One guid, two addresses: an article that was edited, or two stories."""

from __future__ import annotations

import datetime as dt
import re

import pytest

from services.ingest.identity import Told, is_another_text, is_edited, is_wall
from shared.data_files import data_of

AT = dt.datetime(2026, 5, 4, 5, 0, tzinfo=dt.UTC)
OLD = Told(
    "https://a.vn/1",
    "Na Uy và Kenya bàn vận tải biển",
    "Hai nhà lãnh đạo trao đổi qua điện thoại chiều thứ hai về các tuyến vận tải ở Ấn Độ Dương.",
    AT,
)
NEW = Told("https://a.vn/2", "Tiêu đề khác", "Tóm tắt khác.", AT + dt.timedelta(hours=3))


@pytest.mark.parametrize(
    ("new", "edited"),
    [
        (NEW, False),
        (NEW._replace(title=OLD.title), True),
        (NEW._replace(summary=OLD.summary), True),
        (NEW._replace(published_at=AT), True),
        (NEW._replace(published_at=None), False),
        (NEW._replace(summary=f"Chiều thứ hai, {OLD.summary.replace('chiều thứ hai ', '')}"), True),
        (NEW._replace(summary="Hai nhà lãnh đạo gặp nhau ở Oslo tối chủ nhật để ký một hiệp định khí đốt."), False),
    ],
)
def test_a_guid_needs_a_witness(new: Told, edited: bool) -> None:
    assert is_edited(OLD, new) is edited


def test_what_is_not_said_is_not_said_alike() -> None:
    empty = Told(None, "", "", None)
    assert not is_edited(empty._replace(title="A"), empty._replace(title="B"))
    assert not is_edited(empty._replace(summary="A"), empty._replace(summary="B"))
    assert is_edited(empty._replace(summary="A"), empty._replace(summary="A"))


def test_few_words_in_common_are_no_witness() -> None:
    assert not is_edited(NEW._replace(title="Tin 1", summary="Tin nóng 1"), NEW._replace(
        title="Tin 2", summary="Tin nóng 2", published_at=AT))  # fmt: skip


@pytest.mark.parametrize(
    ("old", "new", "edited"),
    [
        ("https://vnexpress.net/cu-4143030.html", "https://vnexpress.net/moi-4143031.html", False),
        ("https://vnexpress.net/cu-4143030.html", "https://vnexpress.net/moi-4143030.html", True),
        ("https://vnexpress.net/cu-4143030.html", "https://vnexpress.net/moi", True),
        ("https://a.vn/cu-1", "https://a.vn/moi-2", True),
    ],
)
def test_two_numbers_of_the_outlet_are_two_articles_whatever_they_say(old: str, new: str, edited: bool) -> None:
    assert is_edited(OLD._replace(url=old), OLD._replace(url=new)) is edited


@pytest.mark.parametrize(
    ("title", "summary", "text", "another"),
    [
        (OLD.title, OLD.summary, f"Chiều thứ hai, {OLD.summary} Hai bên hẹn gặp lại vào mùa thu.", False),
        (OLD.title, OLD.summary, "Thủ tướng Na Uy gọi cho người đồng cấp châu Phi, bàn tàu bè và bến cảng.", False),
        (OLD.title, OLD.summary, "Bạn cần đăng nhập để đọc tiếp. Vui lòng đăng nhập hoặc đăng ký tài khoản.", True),
        (OLD.title, OLD.summary, "Cơn bão số 3 đổ bộ vào Philippines, hàng nghìn người phải sơ tán trong đêm.", True),
        ("Tin nóng", "Xem trong bài.", "Bạn cần đăng nhập để đọc tiếp.", False),
    ],
    ids=["its own", "in other words", "a form to sign in", "another story", "too few words to say"],
)
def test_a_text_with_nothing_of_the_title_and_summary_is_another_ones(
    title: str, summary: str, text: str, another: bool
) -> None:
    assert is_another_text(title, summary, text) is another


SIGN_IN = "Bạn cần đăng nhập để đọc tiếp. Vui lòng đăng nhập hoặc đăng ký tài khoản miễn phí."
SAME_TWO = (
    "Tổng thống Na Uy và người đồng cấp Kenya hôm chủ nhật gặp nhau tại Oslo. Hai nhà lãnh đạo ký thỏa thuận về cá "
    "hồi, rừng mưa và một quỹ khí hậu mới, theo văn phòng của hai bên."
)


@pytest.mark.parametrize(
    ("headline", "another"),
    [
        ("Na Uy, Kenya lập quỹ khí hậu chung tại Oslo", True),
        (f"{OLD.title} - Báo A", False),
        ("", False),
        ("Oslo", False),
    ],
    ids=["another article", "its own, said otherwise", "no headline", "too few words to say"],
)
def test_what_tells_of_the_same_two_is_another_text_under_another_headline(headline: str, another: bool) -> None:
    assert is_another_text(OLD.title, OLD.summary, SAME_TWO, headline) is another


@pytest.mark.parametrize(
    ("title", "summary", "text", "wall"),
    [
        ("Tin nóng", "Xem trong bài.", SIGN_IN, True),
        (OLD.title, "", SIGN_IN, True),
        (OLD.title, OLD.summary, f"{OLD.summary} {SIGN_IN}", False),
        (
            "Mạng xã hội X lại sập",
            "Người dùng được yêu cầu đăng nhập để đọc tiếp.",
            f"Mạng xã hội X sập. {SIGN_IN}",
            False,
        ),
        ("Tin nóng", "Xem trong bài.", f"{SAME_TWO} " * 6 + SIGN_IN, False),
        (OLD.title, "", SAME_TWO, False),
    ],
    ids=["nothing known", "title alone", "with the lead", "about signing in", "long", "no word of it"],
)
def test_a_form_to_sign_in_is_told_from_an_article_at_the_first_look(
    title: str, summary: str, text: str, wall: bool
) -> None:
    assert is_wall(title, summary, text) is wall


def test_each_pattern_of_a_wall_fits_its_example() -> None:
    rows = data_of("ingest").rows("walls.csv")
    assert [row["example"] for row in rows if not re.search(row["pattern"], row["example"], re.IGNORECASE)] == []
