"""Extraction as a whole: short articles, and what they say about calls between leaders."""

from __future__ import annotations

import datetime as dt
import unicodedata
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.classify import written
from services.classify.days import Days, resolve
from services.classify.extract import extract, glance
from services.classify.lexicon import load_lexicon
from services.classify.times import TimeExpr
from shared.records import Article, Extraction, Report, evidence_in
from tests.support.telling import TODAY, read

CALL = "Thủ tướng Nhật Bản Kishida hôm 14/5 điện đàm với Thủ tướng Australia Albanese."


def only(text: str, **parts: Any) -> Report:
    """The one call that an article tells of."""
    (report,) = read(text, **parts).reports
    return report


def names(report: Report) -> list[str | None]:
    return [person.name for person in report.participants]


@pytest.mark.parametrize(
    ("text", "nothing"),
    [
        ("Giá vàng trong nước hôm nay tăng trở lại.", True),
        ("Thủ tướng Ấn Độ Modi đã điện đàm với Tổng thống Brazil Lula da Silva.", False),
        ("Nhà mạng giải thích vì sao cuộc gọi bị gián đoạn.", False),
    ],
)
def test_a_glance_says_what_reading_says_or_nothing(text: str, nothing: bool) -> None:
    article = Article(id="a", title="Tin", text=text, published_at=TODAY)
    assert glance(article) == (read(text, title="Tin") if nothing else None)


# -- status, news --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "status", "denial"),
    [
        ("Thủ tướng Ấn Độ Modi đã điện đàm với Tổng thống Brazil Lula da Silva.", "held", None),
        ("Thủ tướng Ấn Độ Modi được cho là đã điện đàm với Tổng thống Brazil Lula da Silva.", "held", None),
        ("Tổng thống Chile Boric đang điện đàm với Tổng thống Colombia Petro.", "ongoing", None),
        ("Cuộc điện đàm giữa Tổng thống Chile Boric và Tổng thống Colombia Petro vẫn đang diễn ra.", "ongoing", None),
        ("Thủ tướng Ấn Độ Modi dự kiến điện đàm với Tổng thống Brazil Lula da Silva vào ngày mai.", "planned", None),
        ("Thủ tướng Ấn Độ Modi sẽ điện đàm với Tổng thống Brazil Lula da Silva.", "planned", None),
        ("Thủ tướng Ấn Độ Modi sẽ điện đàm với Tổng thống Brazil Lula da Silva nếu cần.", "proposed", None),
        ("Cuộc điện đàm giữa Thủ tướng Ấn Độ Modi và Tổng thống Brazil Lula kéo dài sang giờ thứ hai.", "held", None),
        (
            "Cuộc gọi Modi - Lula kéo dài sang giờ thứ hai.\nCuộc điện đàm giữa Thủ tướng Ấn Độ Modi và Tổng thống "
            "Brazil Lula da Silva vẫn chưa kết thúc.",
            "ongoing",
            None,
        ),
        ("Tổng thống Thổ Nhĩ Kỳ Erdogan đề xuất điện đàm với Tổng thống Ai Cập el-Sisi.", "proposed", None),
        ("Tổng thống Thổ Nhĩ Kỳ Erdogan có thể sớm điện đàm với Tổng thống Ai Cập el-Sisi.", "proposed", None),
        ("Tổng thống Hàn Quốc Yoon Suk-yeol chưa điện đàm với Thủ tướng Canada Trudeau.", "denied", "denied"),
        ("Seoul bác tin Tổng thống Yoon Suk-yeol điện đàm với Thủ tướng Canada Trudeau.", "denied", "denied"),
        ("Tổng thống Hàn Quốc Yoon Suk-yeol từ chối điện đàm với Thủ tướng Canada Trudeau.", "denied", "refused"),
        ("Cuộc điện đàm giữa Thủ tướng Italy Meloni và Thủ tướng Hà Lan Rutte đã bị hủy.", "denied", "cancelled"),
        ("Cuộc điện đàm giữa Thủ tướng Italy Meloni và Thủ tướng Hà Lan Rutte bị hoãn.", "denied", "postponed"),
        ("Tổng thống Kenya Ruto không nghe điện thoại của Thủ tướng Ethiopia Abiy Ahmed.", "denied", "unanswered"),
        (
            "Tổng thống Pháp Macron điện đàm với Thủ tướng Ba Lan Tusk về cá nhưng không nhận được câu trả lời rõ.",
            "held",
            None,
        ),
        (
            "Tổng thống Pháp Macron đề nghị điện đàm với Thủ tướng Ba Lan Tusk nhưng chưa nhận được hồi đáp.",
            "denied",
            "refused",
        ),
        (
            "Cuộc điện đàm của Tổng thống Pháp Macron với Thủ tướng Ba Lan Tusk, cuộc trao đổi ban đầu dự kiến diễn ra"
            " hôm 14/5, đã bị hủy.",
            "denied",
            "cancelled",
        ),
        (
            "Tổng thống Pháp Macron điện đàm với Thủ tướng Ba Lan Tusk, cuộc trao đổi vốn được lên lịch hai ngày trước"
            " nhưng bị hủy.",
            "held",
            None,
        ),
        (
            "Điện Elysee xác nhận thông tin Tổng thống Pháp Macron sẽ điện đàm với Thủ tướng Ba Lan Tusk.",
            "planned",
            None,
        ),
        ("Theo một số nguồn tin, Tổng thống Pháp Macron sẽ điện đàm với Thủ tướng Ba Lan Tusk.", "proposed", None),
        ("Theo nguồn tin Điện Elysee, Tổng thống Pháp Macron sẽ điện đàm với Thủ tướng Ba Lan Tusk.", "planned", None),
    ],
)
def test_status(text: str, status: str, denial: str | None) -> None:
    report = only(text)
    assert (report.status, report.denial, report.news) == (status, denial, True)


@pytest.mark.parametrize(
    ("text", "news"),
    [
        ("Hôm 14/5, Thủ tướng Đức Scholz điện đàm với Tổng thống Kenya Ruto.", True),
        ("Tuần trước, Thủ tướng Đức Scholz điện đàm với Tổng thống Kenya Ruto.", True),
        ("Thủ tướng Đức Scholz điện đàm với Tổng thống Kenya Ruto.", True),
        ("Hồi tháng 1, Thủ tướng Đức Scholz điện đàm với Tổng thống Kenya Ruto.", False),
        ("Tháng 3/2022, Thủ tướng Đức Scholz từng điện đàm với Tổng thống Pháp Macron.", False),
        ("Năm ngoái, Thủ tướng Đức Scholz điện đàm với Tổng thống Kenya Ruto.", False),
        ("Hôm 2/4, Thủ tướng Đức Scholz điện đàm với Tổng thống Kenya Ruto.", False),
        ("Hồi đầu tháng này, Thủ tướng Đức Scholz điện đàm với Tổng thống Kenya Ruto.", True),
        ("Hồi cuối tháng trước, Thủ tướng Đức Scholz điện đàm với Tổng thống Kenya Ruto.", False),
        ("Hồi tháng 4, Thủ tướng Đức Scholz điện đàm với Tổng thống Kenya Ruto.", False),
        ("Trong tháng 5, Thủ tướng Đức Scholz điện đàm với Tổng thống Kenya Ruto.", True),
        ("Thủ tướng Đức Scholz từng điện đàm với Tổng thống Kenya Ruto.", False),
        ("Tròn một năm trước, khi chưa nhậm chức, Thủ tướng Đức Scholz điện đàm với Tổng thống Kenya Ruto.", False),
    ],
)
def test_news_or_background(text: str, news: bool) -> None:
    assert only(text).news is news


@pytest.mark.parametrize(
    ("passage", "news"),
    [
        ("Căng thẳng tăng lên khi Thủ tướng Đức Scholz điện đàm với Tổng thống Kenya Ruto.", False),
        ("Việc Thủ tướng Đức Scholz điện đàm với Tổng thống Kenya Ruto gây bất ngờ.", False),
        ("Chuyên gia đánh giá cuộc điện đàm giữa Thủ tướng Đức Scholz và Tổng thống Kenya Ruto là hữu ích.", False),
        ("Thủ tướng Đức Scholz là một trong những người đầu tiên gọi điện cho Tổng thống Kenya Ruto.", False),
        ("Tuyên bố được đưa ra sau khi Thủ tướng Đức Scholz điện đàm với Tổng thống Kenya Ruto.", True),
        ("Căng thẳng tăng lên khi Thủ tướng Đức Scholz hôm qua điện đàm với Tổng thống Kenya Ruto.", True),
        ("Thủ tướng Đức Scholz điện đàm với Tổng thống Kenya Ruto khi căng thẳng tăng lên.", True),
    ],
)
def test_what_is_told_in_passing_below_the_head_is_background(passage: str, news: bool) -> None:
    head = "Giá chè ở Mombasa giảm.\nMưa lớn kéo dài.\nNông dân lo lắng.\nCảng biển đông hơn.\n"
    assert only(head + passage).news is news
    assert only(passage).news is True


def test_a_new_call_and_an_older_one_of_the_same_two() -> None:
    new, old = read(
        "Hôm 14/5, Thủ tướng Đức Scholz điện đàm với Tổng thống Kenya Ruto.\n"
        "Hồi tháng 1/2023, ông Scholz đã điện đàm với ông Ruto về lương thực."
    ).reports
    assert (new.news, new.when.date, old.news, old.when.date) == (True, "2024-05-14", False, "2023-01-??")


def test_a_plan_whose_day_has_come_and_gone_was_held_and_is_told_once() -> None:
    report = only(
        "Hôm 14/5, Thủ tướng Nhật Bản Kishida đã điện đàm với Thủ tướng Australia Albanese.\n"
        "Cuộc điện đàm kéo dài khoảng 40 phút.",
        title="Thủ tướng Nhật Bản điện đàm với Thủ tướng Australia",
    )
    assert (report.status, report.when.date, report.durations[0].minutes) == ("held", "2024-05-14", 40)


# -- who -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "who"),
    [
        ("Hai nhà lãnh đạo Pháp - Ba Lan điện đàm.", ["FR", "PL"]),
        ("Lãnh đạo Pháp - Ba Lan điện đàm hôm qua.", ["FR", "PL"]),
        ("Tổng thống Pháp điện đàm với người đồng cấp Ba Lan.", ["FR", "PL"]),
        ("Trong cuộc điện đàm với Thủ tướng Na Uy, Tổng thống Phần Lan nói về biên giới.", ["FI", "NO"]),
        ("Tổng thống Chile Boric nhận cuộc gọi từ Tổng thống Argentina Milei.", ["AR", "CL"]),
        ("Tổng thống Pháp, Thủ tướng Đức và Tổng thống Ukraine đã có cuộc điện đàm ba bên.", ["DE", "FR", "UA"]),
        ("Chủ tịch Ủy ban châu Âu Ursula von der Leyen điện đàm với Thủ tướng Anh Sunak.", ["EU", "GB"]),
        ("Thủ tướng Slovenia Nguyen Novak điện đàm với Tổng thống Kenya Ruto.", ["KE", "SI"]),
    ],
)
def test_who_talks(text: str, who: list[str]) -> None:
    assert sorted(country or "?" for country in only(text).countries) == who


@pytest.mark.parametrize(
    ("text", "others"),
    [
        ("Ông el-Sisi điện đàm với Thủ tướng Nhật Bản Kishida, Thủ tướng Hà Lan Rutte về Gaza.", ["JP", "NL"]),
        ("Ông el-Sisi điện đàm với Thủ tướng Nhật Bản Kishida, Thủ tướng Hà Lan Rutte nói điều đó.", ["JP"]),
        ("Ông el-Sisi điện đàm với người đồng cấp Pháp, Tổng thống Emmanuel Macron về Gaza.", ["FR"]),
        ("Ông el-Sisi đang ở Alexandria và gọi điện cho Thủ tướng Nhật Bản Kishida.", ["JP"]),
        ("Ông el-Sisi rời đi mà không gặp bất cứ quan chức nào, chỉ điện đàm với Thủ tướng Nhật Bản Kishida.", ["JP"]),
        ("Ông el-Sisi điện đàm với ba nhà lãnh đạo châu Á, gồm Thủ tướng Kishida và Thủ tướng Modi.", ["JP", "IN"]),
        ("Ông el-Sisi điện đàm với nhiều lãnh đạo, trong đó có Thủ tướng Nhật Bản Kishida.", ["JP"]),
        ("Ông el-Sisi điện đàm với Thủ tướng Nhật Bản Kishida, trong đó có nói về Thủ tướng Hà Lan Rutte.", ["JP"]),
        ("Các cuộc điện đàm giữa ông el-Sisi và lãnh đạo Nhật Bản, Hà Lan bàn về Gaza.", ["JP", "NL"]),
        ("Trong cuộc điện đàm hôm qua, hai nhà lãnh đạo Ai Cập - Nhật Bản bàn về Gaza.", ["JP"]),
        ("Ông el-Sisi trao đổi qua Zoom với Thủ tướng Nhật Bản Kishida về lũ lụt.", ["JP"]),
        ("Ông el-Sisi điện đàm với tướng Abdel Fattah al-Burhan về Sudan.", ["SD"]),
        ("Ông el-Sisi điện đàm với tướng Osama Askar về Sinai.", []),
        ("Ông el-Sisi cũng nói chuyện với Thủ tướng Nhật Bản Kishida sau khi gác máy với con gái.", ["JP"]),
        ("Quan chức quân sự hai nước Ai Cập, Nhật Bản nói chuyện qua đường dây nóng.", []),
        ('Bộ phim "Số 7" kể chuyện ông el-Sisi phải gọi cho Thủ tướng Nhật Bản Kishida.', []),
        (
            "Ông el-Sisi điện đàm với Thủ tướng Nhật Bản Kishida về Hội nghị thượng đỉnh G20 sẽ diễn ra ở Brazil.",
            ["JP"],
        ),
        ("Ông el-Sisi trao đổi trực tuyến với Thủ tướng Nhật Bản Kishida tại hội nghị thượng đỉnh G20.", []),
        ("Ông el-Sisi lần lượt điện đàm với thủ tướng các nước Nhật Bản và Hà Lan.", ["JP", "NL"]),
        ("Ông el-Sisi lần lượt điện đàm với thủ tướng của hai nước Nhật Bản và Hà Lan.", ["JP", "NL"]),
        ("Ông el-Sisi điện đàm với thủ tướng các nước láng giềng về lũ lụt.", []),
        (
            "Ông el-Sisi nói với các phóng viên về cuộc điện đàm giữa ông và Thủ tướng Nhật Bản Kishida.",
            ["JP"],
        ),
    ],
)
def test_who_is_on_the_other_side(text: str, others: list[str]) -> None:
    told = read(f"Tổng thống Ai Cập Abdel Fattah el-Sisi phát biểu hôm nay.\n{text}").reports
    assert [[p.country for p in report.participants if p.country != "EG"] for report in told] == [[o] for o in others]


def test_calls_one_after_another_are_several() -> None:
    reports = read(
        "Tổng thống Pháp Emmanuel Macron lần lượt điện đàm với Thủ tướng Đức Olaf Scholz và Thủ tướng Italy Giorgia "
        "Meloni hôm qua."
    ).reports
    assert [names(r) for r in reports] == [["Emmanuel Macron", "Olaf Scholz"], ["Emmanuel Macron", "Giorgia Meloni"]]
    assert [r.when.date for r in reports] == ["2024-05-14", "2024-05-14"]


def test_an_office_is_resolved_on_the_day_of_the_article() -> None:
    text = "Tổng thống Mỹ điện đàm với Tổng thống Pháp."
    assert names(only(text)) == ["Joe Biden", "Emmanuel Macron"]
    assert names(only(text, published_at=TODAY.replace(year=2015))) == ["Barack Obama", "François Hollande"]


@pytest.mark.parametrize(
    ("text", "who"),
    [
        # an acting and a full term of one man count once: in 2013 Maduro held two, and Obama the other side
        (
            "Tổng thống Trump được cho là đã điện đàm với Tổng thống Venezuela Maduro.",
            ["Donald Trump", "Nicolás Maduro"],
        ),
        (
            "Tổng thống Obama được cho là đã điện đàm với Tổng thống Venezuela Maduro.",
            ["Barack Obama", "Nicolás Maduro"],
        ),
    ],
)
def test_an_undated_text_is_of_the_time_when_those_whom_it_names_held_office_together(
    text: str, who: list[str]
) -> None:
    assert names(only(text, published_at=None)) == who


def test_a_plan_that_only_a_later_sentence_tells() -> None:
    text = (
        "Kỳ vọng của ông Trump ở cuộc điện đàm với ông Putin.\nHai ông sẽ thảo luận thuế trong cuộc điện đàm ngày 19/5."
    )
    assert only(text, published_at=None).status == "planned"
    assert only(text.replace("sẽ thảo luận", "thảo luận"), published_at=None).status == "held"


def test_the_day_of_the_article_is_vietnams() -> None:
    late_in_paris = dt.datetime.fromisoformat("2024-05-14T23:30:00+02:00")
    assert (
        only("Tổng thống Mỹ và Tổng thống Pháp điện đàm hôm nay.", published_at=late_in_paris).when.date == "2024-05-15"
    )


# -- facts ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "date", "undated"),
    [
        ("chiều qua", "2024-05-14", None),
        ("hôm 14-5", "2024-05-14", "????-05-14"),
        ("hôm 14/5/2024", "2024-05-14", "2024-05-14"),
        ("hôm thứ hai", "2024-05-13", None),
        ("đầu tháng này", "2024-05-??", None),
        ("tuần trước", None, None),
        ("", None, None),
    ],
)
def test_date(words: str, date: str | None, undated: str | None) -> None:
    text = f"Thủ tướng Malaysia Anwar Ibrahim điện đàm với Tổng thống Indonesia Joko Widodo {words}."
    assert only(text).when.date == date
    assert only(text, published_at=None).when.date == undated


_TWO = "Thủ tướng Malaysia Anwar Ibrahim và Tổng thống Indonesia Joko Widodo"


@pytest.mark.parametrize(
    ("text", "date"),
    [
        (f"Đến ngày 12-5, {_TWO} điện đàm với nhau.", "2024-05-12"),
        (f"Kể từ ngày 12-5, khi có thỏa thuận, {_TWO} chưa gặp nhau. Hai ông chỉ điện đàm với nhau.", None),
        (f"Hôm 12/5, một quan chức nhắc lại cuộc điện đàm giữa {_TWO} diễn ra trước đó hai ngày.", "2024-05-10"),
        (f"Cuộc điện đàm giữa {_TWO} diễn ra trước đó hai ngày.", None),
        (f'"{_TWO} hôm nay điện đàm với nhau", Bernama dẫn thông cáo hôm 13/5 cho biết.', "2024-05-13"),
        (f'"Đó là việc tốt", Bernama viết hôm 13/5, sau khi {_TWO} hôm nay điện đàm với nhau.', "2024-05-15"),
        (
            "Thủ tướng Malaysia Anwar Ibrahim hôm 13/5 xác nhận sẽ đi Bali, khi điện đàm với Tổng thống Indonesia "
            "Joko Widodo.",
            "2024-05-13",
        ),
        (
            f"{_TWO} điện đàm lần đầu tiên kể từ khi ông Ibrahim nhậm chức vào trưa ngày 12/5 (theo giờ địa phương).",
            "2024-05-12",
        ),
        (f"Đoàn Malaysia đến Bali hôm 12/5. Chiều hôm đó, {_TWO} điện đàm với nhau.", "2024-05-12"),
        (f"Tiền bị giữ lại vài ngày trước cuộc điện đàm giữa {_TWO}.", None),
        (f"Cuộc điện đàm giữa {_TWO} vẫn đang diễn ra, người phát ngôn nói chiều nay.", "2024-05-15"),
        (f"Cuộc điện đàm giữa {_TWO} rất tốt đẹp, người phát ngôn nói chiều nay.", None),
        (f"Cuộc điện đàm giữa {_TWO} đặt nền móng cho cuộc gặp tại Bali tháng Bảy tới.", None),
        (f"Cuộc điện đàm giữa {_TWO} về chuyến thăm Bali diễn ra hôm 13/5.", "2024-05-13"),
        (f"Đến ngày 12-5, Kuala Lumpur lại có tin mới: {_TWO} đã điện đàm.", "2024-05-12"),
        (f"Ngày 12-5, Bernama đưa tin: {_TWO} đã điện đàm.", None),
        (f"Bão vào Bali hôm 12/5. Vài giờ sau đó, {_TWO} điện đàm với nhau.", "2024-05-12"),
        (f"Bão vào Bali hôm 12/5. Sau đó, {_TWO} điện đàm với nhau.", None),
        (f"Trong ngày thứ Hai, {_TWO} điện đàm với nhau.", "2024-05-13"),
        (f"Từ hôm 12/5 đến nay, {_TWO} đã điện đàm với nhau.", None),
        (
            "Trong cuộc điện đàm thứ hai với Tổng thống Indonesia Joko Widodo kể từ khi nhậm chức, ngày 13/5, "
            "Thủ tướng Malaysia Anwar Ibrahim nói về gạo.",
            "2024-05-13",
        ),
        (
            "Sau cuộc điện đàm với Tổng thống Indonesia Joko Widodo, ngày 13/5, Thủ tướng Malaysia Anwar Ibrahim "
            "nói về gạo.",
            None,
        ),
        (f"Hôm 13/5, Bernama cho biết, cuộc điện đàm giữa {_TWO} đã khởi động.", "2024-05-13"),
        (f"Hôm 13/5, Bernama cho biết, cuộc điện đàm giữa {_TWO} đã được chuẩn bị.", None),
        (f"Kuala Lumpur không xác nhận tin đăng trên tờ The Star hôm 12/5 rằng {_TWO} đã điện đàm với nhau.", None),
        (
            "Năm 2019, Tổng thống Pháp Macron thăm Warsaw. Ngày 3/10/2019 ông ký tuyên bố. Ngày 14/5, ông điện đàm với"
            " Thủ tướng Ba Lan Tusk về Ukraine.",
            "2024-05-14",
        ),
        (
            "Tổng thống Pháp Macron hôm 13/5 nói với Thủ tướng Ba Lan Tusk rằng ông lo ngại. Trong cuộc điện đàm, ông"
            " kêu gọi đoàn kết.",
            "2024-05-13",
        ),
        (
            "Tổng thống Pháp Macron hôm 13/5 nói với Thủ tướng Ba Lan Tusk rằng ông lo ngại. Sau cuộc điện đàm, ông"
            " về Paris.",
            None,
        ),
        ("Thủ tướng Ba Lan Tusk hôm qua cảm ơn Tổng thống Pháp Macron vì cuộc gọi.", None),
    ],
)
def test_the_day_of_a_call_and_not_of_a_statement(text: str, date: str | None) -> None:
    assert only(text).when.date == date


def test_the_same_day_as_a_call_that_stands_further_up() -> None:
    lines = ["Thủ tướng Malaysia Anwar Ibrahim hôm 12/5 điện đàm với Tổng thống Indonesia Joko Widodo."]
    lines += ["Giá gạo ở Jakarta giảm."] * 14
    lines += ["Cùng ngày, ông Anwar cũng điện đàm với Thủ tướng Australia Albanese."]
    assert [report.when.date for report in read("\n".join(lines)).reports] == ["2024-05-12", "2024-05-12"]


def test_hour_zone_and_instant() -> None:
    when = only(
        "Thủ tướng Malaysia Ibrahim điện đàm với Tổng thống Indonesia Widodo lúc 21 giờ ngày 14-5 (giờ Hà Nội)."
    ).when
    assert (when.clock, when.zone) == ("21:00", "Asia/Ho_Chi_Minh")
    assert when.start == dt.datetime.fromisoformat("2024-05-14T21:00:00+07:00")


@pytest.mark.parametrize(
    ("words", "minutes", "bound"),
    [
        ("kéo dài 90 phút", 90, "exact"),
        ("kéo dài hơn một tiếng rưỡi", 90, "over"),
        ("diễn ra trong gần một giờ", 60, "under"),
        ("kéo dài khoảng 40 phút", 40, "about"),
    ],
)
def test_duration(words: str, minutes: int, bound: str) -> None:
    report = only(f"Thủ tướng Italy Meloni điện đàm với Thủ tướng Hà Lan Rutte hôm qua.\nCuộc điện đàm {words}.")
    assert [(d.minutes, d.bound) for d in report.durations] == [(minutes, bound)]


@pytest.mark.parametrize(
    ("text", "side", "how"),
    [
        ("Thủ tướng Nhật Bản Kishida gọi điện cho Thủ tướng Australia Albanese.", "JP", "phoned"),
        ("Thủ tướng Nhật Bản Kishida nhận điện thoại của Thủ tướng Australia Albanese.", "AU", "phoned"),
        (
            "Theo đề nghị của phía Australia, Thủ tướng Nhật Bản Kishida điện đàm với Thủ tướng Australia Albanese.",
            "AU",
            "requested",
        ),
        ("Thủ tướng Nhật Bản Kishida đề nghị điện đàm với Thủ tướng Australia Albanese.", "JP", "requested"),
        (
            "Thủ tướng Nhật Bản Kishida và Thủ tướng Australia Albanese điện đàm theo đề nghị của cả hai bên.",
            "both",
            "requested",
        ),
        (
            "Thủ tướng Nhật Bản Kishida đã thực hiện một cuộc gọi ngắn tới Thủ tướng Australia Albanese.",
            "JP",
            "requested",
        ),
        ("Thủ tướng Nhật Bản Kishida muốn sớm có cuộc điện đàm với Thủ tướng Australia Albanese.", "JP", "requested"),
        (
            "Tokyo đang tìm cách để Thủ tướng Kishida nói chuyện qua điện thoại với Thủ tướng Australia Albanese.",
            "JP",
            "requested",
        ),
        (
            "Tokyo đề nghị tổ chức cuộc điện đàm giữa Thủ tướng Kishida và Thủ tướng Australia Albanese, song Canberra "
            "từ chối.",
            "JP",
            "requested",
        ),
        ("Thủ tướng Nhật Bản Kishida sẽ gọi cho Thủ tướng Australia Albanese vào tối nay.", "JP", "phoned"),
        ("Thủ tướng Nhật Bản Kishida không nghe điện thoại của Thủ tướng Australia Albanese.", "AU", "phoned"),
        (f"{CALL}\nVăn phòng ông Albanese cho biết ông Kishida gọi để chúc mừng.", "JP", "phoned"),
        (f"{CALL}\nNgười phát ngôn xác nhận chính ông Albanese gọi, ngay sau hội nghị.", "AU", "phoned"),
        (f"{CALL}\nÔng Albanese nhận lời nói chuyện theo đề nghị của phía Nhật Bản.", "JP", "requested"),
        (f"{CALL}\nCuộc gọi kéo dài 25 phút, do phía Australia đề xuất.", "AU", "requested"),
        (f"{CALL}\nTrong cuộc điện đàm theo đề nghị của Tokyo, ông Albanese cam kết bán gạo.", "JP", "requested"),
        ("Thủ tướng Ba Lan Tusk cảm ơn Tổng thống Pháp Macron vì cuộc gọi.", "FR", "phoned"),
        (f"{CALL}\nPhía Nhật Bản chủ động gọi, cuộc điện đàm kéo dài 15 phút.", "JP", "phoned"),
        (f"{CALL}\nCuộc gọi do phía Nhật Bản đề xuất kéo dài 15 phút.", "JP", "requested"),
        (f"{CALL}\nTruyền thông xác nhận cuộc trò chuyện, cho biết ông Kishida là phía gọi.", "JP", "phoned"),
    ],
)
def test_initiator(text: str, side: str, how: str) -> None:
    initiator = only(text).initiator
    assert initiator is not None
    assert (initiator.side, initiator.how) == (side, how)


@pytest.mark.parametrize(
    "text",
    [
        "Thủ tướng Nhật Bản Kishida điện đàm với Thủ tướng Australia Albanese.",
        "Thủ tướng Nhật Bản Kishida mời Thủ tướng Australia Albanese tới thăm sau cuộc điện đàm giữa hai người.",
        "Thủ tướng Nhật Bản Kishida đề nghị Thủ tướng Australia Albanese giúp đỡ trong cuộc điện đàm hôm qua.",
        "Thủ tướng Nhật Bản Kishida nói ông sẽ không gọi cho Thủ tướng Australia Albanese.",
        "Thủ tướng Australia Albanese nói Thủ tướng Nhật Bản Kishida có thể gọi cho ông bất cứ lúc nào.",
        "Thủ tướng Nhật Bản Kishida không muốn có cuộc điện đàm với Thủ tướng Australia Albanese.",
        f"{CALL}\nÔng Kishida gọi đó là cuộc trao đổi tốt đẹp.",
        f"{CALL}\nTrong cuộc trao đổi, theo đề nghị của ông Albanese, ông Kishida nhất trí bán gạo.",
        "Tổng thống Pháp Macron cảm ơn Thủ tướng Ba Lan Tusk về những gì đạt được qua điện đàm.",
    ],
)
def test_who_asked_is_not_guessed(text: str) -> None:
    assert only(text).initiator is None


def test_a_length_may_stand_within_the_words_of_the_call() -> None:
    who = "Thủ tướng Nhật Bản Kishida nói chuyện {} qua điện thoại với Thủ tướng Australia Albanese."
    assert [(d.minutes, d.bound) for d in only(who.format("khoảng 50 phút")).durations] == [(50, "about")]
    assert only(who.format("50 ngày trước")).durations == ()


@pytest.mark.parametrize(
    ("text", "channel"),
    [
        ("Thủ tướng Đức Scholz và Tổng thống Kenya Ruto điện đàm.", "phone"),
        ("Thủ tướng Đức Scholz và Tổng thống Kenya Ruto trao đổi qua điện thoại.", "phone"),
        ("Thủ tướng Đức Scholz và Tổng thống Kenya Ruto hội đàm trực tuyến.", "video"),
        ("Thủ tướng Đức Scholz và Tổng thống Kenya Ruto điện đàm qua video.", "video"),
        ("Thủ tướng Đức Scholz điện đàm với Tổng thống Kenya Ruto, hai ngày trước cuộc họp trực tuyến về nợ.", "phone"),
        ("Thủ tướng Đức Scholz điện đàm với Tổng thống Kenya Ruto, nhất trí mở hội nghị trực tuyến về nợ.", "phone"),
        ("Thủ tướng Đức Scholz điện đàm với Tổng thống Kenya Ruto dưới hình thức hội nghị trực tuyến.", "video"),
        ("Thủ tướng Đức Scholz thăm Chad, hai ngày sau cuộc điện đàm với Tổng thống Kenya Ruto.", "phone"),
        ("Thủ tướng Đức Scholz điện đàm với Tổng thống Kenya Ruto, trong một cuộc họp trực tuyến về nợ.", "video"),
    ],
)
def test_channel(text: str, channel: str) -> None:
    assert only(text).channel == channel


@pytest.mark.parametrize(("means", "channel"), [("họp trực tuyến", "phone"), ("kết nối trực tuyến", "video")])
def test_the_means_of_another_meeting_is_not_the_calls(means: str, channel: str) -> None:
    text = "Cuộc gọi giữa Tổng thống Pháp Macron và Thủ tướng Ba Lan Tusk diễn ra"
    first = read(f"{text} sau khi ông Macron {means} với Thủ tướng Ý Meloni.").reports[0]
    assert first.channel == channel


@pytest.mark.parametrize(
    ("text", "ordinal", "scope", "since"),
    [
        (
            "Đây là cuộc điện đàm thứ ba giữa Thủ tướng Đức Scholz và Tổng thống Kenya Ruto kể từ tháng 1.",
            3,
            "since",
            "2024-01",
        ),
        ("Đây là cuộc điện đàm đầu tiên giữa Thủ tướng Đức Scholz và Tổng thống Kenya Ruto.", 1, "ever", None),
        (
            "Đây là lần đầu tiên Thủ tướng Đức Scholz điện đàm với Tổng thống Kenya Ruto kể từ năm 2019.",
            1,
            "since",
            "2019",
        ),
        (
            "Trong cuộc điện đàm đầu tiên với Tổng thống Kenya Ruto sau 3 năm, Thủ tướng Đức Scholz hứa giúp ông.",
            1,
            "after_gap",
            None,
        ),
        (
            "Trong cuộc điện đàm đầu tiên với Tổng thống Kenya Ruto, Thủ tướng Đức Scholz hứa giúp trong 3 năm tới.",
            1,
            "ever",
            None,
        ),
        (
            "Trong cuộc điện đàm lần thứ hai trong tuần này với Tổng thống Kenya Ruto, Thủ tướng Đức Scholz hứa giúp.",
            2,
            "days",
            None,
        ),
        (
            "Trong cuộc điện đàm lần thứ hai với Tổng thống Kenya Ruto, Thủ tướng Đức Scholz hứa giúp trong tuần tới.",
            2,
            "ever",
            None,
        ),
    ],
)
def test_claims(text: str, ordinal: int, scope: str, since: str | None) -> None:
    (claim,) = only(text).claims
    assert (claim.ordinal, claim.scope, claim.since) == (ordinal, scope, since)


@pytest.mark.parametrize(
    ("told", "mode"),
    [
        ("Hai nhà lãnh đạo đã thảo luận về biến đổi khí hậu.", "reported"),
        ("Hai nhà lãnh đạo sẽ thảo luận về biến đổi khí hậu.", "announced"),
        ("Hai nhà lãnh đạo sẽ không thảo luận về biến đổi khí hậu.", "ruled_out"),
    ],
)
def test_topics_have_a_mode(told: str, mode: str) -> None:
    report = only(f"Thủ tướng Nhật Bản Kishida điện đàm với Thủ tướng Australia Albanese.\n{told}")
    assert [(topic.id, topic.mode) for topic in report.topics] == [("climate", mode)]


@pytest.mark.parametrize(
    ("told", "topics"),
    [
        ("Hai nhà lãnh đạo dự kiến thảo luận về biến đổi khí hậu.", [("climate", "announced")]),
        ("Ông Kishida sẽ gặp ông Albanese bên lề hội nghị ở Perth. Hai ông dự kiến thảo luận về biến đổi khí hậu.", []),
        (
            "Ông Kishida sẽ gặp ông Albanese bên lề hội nghị ở Perth. Hai ông đã thảo luận về biến đổi khí hậu.",
            [("climate", "reported")],
        ),
        (
            "Ông Kishida sẽ gặp ông Albanese ở Perth. Trong điện đàm, hai ông sẽ thảo luận về biến đổi khí hậu.",
            [("climate", "announced")],
        ),
    ],
)
def test_the_agenda_of_a_meeting_is_not_the_calls(told: str, topics: list[tuple[str, str]]) -> None:
    report = only(f"Thủ tướng Nhật Bản Kishida vừa điện đàm với Thủ tướng Australia Albanese. {told}")
    assert [(topic.id, topic.mode) for topic in report.topics if topic.id == "climate"] == topics


@pytest.mark.parametrize(
    ("told", "between", "proposed_by"),
    [
        ("Hai nhà lãnh đạo thảo luận về thương mại song phương.", ("AU", "JP"), None),
        ("Hai nhà lãnh đạo thảo luận về rào cản thương mại giữa hai nước.", ("AU", "JP"), None),
        ("Hai nhà lãnh đạo thảo luận về thương mại song phương với Ấn Độ.", (), None),
        ("Hai nhà lãnh đạo thảo luận về rào cản thương mại.", (), None),
        ("Hai nhà lãnh đạo thảo luận về quan hệ kinh tế và thương mại giữa hai nước.", (), None),
        ("Hai nhà lãnh đạo thảo luận về thỏa thuận thương mại toàn diện do phía Ấn Độ đề xuất.", (), "IN"),
        ("Hai nhà lãnh đạo thảo luận về thỏa thuận thương mại toàn diện do các bộ trưởng soạn.", (), None),
    ],
)
def test_a_topic_says_whose_it_is(told: str, between: tuple[str, ...], proposed_by: str | None) -> None:
    report = only(f"Thủ tướng Nhật Bản Kishida điện đàm với Thủ tướng Australia Albanese.\n{told}")
    assert [(t.between, t.proposed_by) for t in report.topics] == [(between, proposed_by)]


@pytest.mark.parametrize(
    ("told", "topics"),
    [
        ("Ông Kishida mời ông Albanese sang thăm Tokyo và thảo luận về biến đổi khí hậu.", ["climate"]),
        ("Ông Kishida mời ông Albanese sang thăm Tokyo để thảo luận về biến đổi khí hậu.", []),
        ("Ông Kishida nói đã giao nhiệm vụ cho các bộ trưởng chỉ đạo đàm phán về biến đổi khí hậu.", []),
    ],
)
def test_what_a_visit_or_a_team_is_for_is_no_topic(told: str, topics: list[str]) -> None:
    report = only(f"Thủ tướng Nhật Bản Kishida điện đàm với Thủ tướng Australia Albanese.\n{told}")
    assert [t.id for t in report.topics if t.id == "climate"] == topics


@pytest.mark.parametrize(
    ("told", "speaker"),
    [
        ("Hai nhà lãnh đạo đã thảo luận về biến đổi khí hậu, ông Kishida cho biết.", "fumio-kishida"),
        ("Ông Kishida cho biết hai nhà lãnh đạo đã thảo luận về biến đổi khí hậu.", "fumio-kishida"),
        ("Hai nhà lãnh đạo đã thảo luận về biến đổi khí hậu, trong đó ông Kishida nói sẽ giúp một tay.", None),
        (
            "“Chúng tôi đã thảo luận về biến đổi khí hậu. Đó là một cuộc trao đổi tốt”, ông Kishida cho biết.",
            "fumio-kishida",
        ),
    ],
)
def test_a_topic_has_the_speaker_who_says_it(told: str, speaker: str | None) -> None:
    report = only(f"Thủ tướng Nhật Bản Kishida điện đàm với Thủ tướng Australia Albanese.\n{told}")
    (topic,) = report.topics
    assert (topic.id, topic.speaker.id if topic.speaker else None) == ("climate", speaker)


@pytest.mark.parametrize(
    ("introduction", "speaker"),
    [
        ("Người phát ngôn Điện Elysée Jean Ninh hôm nay họp báo.", "elysee"),
        ("Người phát ngôn Điện Elysée, ông Jean Ninh, hôm nay họp báo.", "elysee"),
        ("Nhà văn Jean Ninh hôm nay họp báo ở Điện Elysée.", None),
    ],
)
def test_an_aide_speaks_for_the_office_with_which_he_was_introduced(introduction: str, speaker: str | None) -> None:
    text = (
        f"Tổng thống Pháp Macron điện đàm với Thủ tướng Australia Albanese.\n{introduction}\n"
        "Ông Ninh cho biết hai nhà lãnh đạo đã thảo luận về biến đổi khí hậu."
    )
    (topic,) = only(text).topics
    assert (topic.speaker.id if topic.speaker else None) == speaker


@pytest.mark.parametrize(
    ("told", "calls"),
    [
        ("Tổng thống Kenya Ruto và Tổng thống Pháp Macron hôm 13/5 đã dự hội nghị thượng đỉnh trực tuyến đầu tiên.", 1),
        ("Tổng thống Kenya Ruto hôm 13/5 đã dự hội nghị thượng đỉnh trực tuyến về khí hậu.", 0),
        ("Tổng thống Kenya Ruto và Tổng thống Pháp Macron đã hai lần trao đổi qua điện thoại.", 0),
        ("Tổng thống Kenya Ruto và Tổng thống Pháp Macron đã hai lần điện đàm hôm 13/5.", 1),
    ],
)
def test_a_summit_of_two_is_a_call_and_a_count_is_none(told: str, calls: int) -> None:
    assert len(read(told).reports) == calls


@pytest.mark.parametrize(
    ("title", "calls"),
    [
        ("Ông Ruto tự gọi điện cho ông Macron", [("held", False)]),
        ("Ông Ruto sẽ gọi điện cho ông Macron", [("planned", True), ("held", False)]),
    ],
)
def test_a_headline_is_of_the_older_call_that_its_text_tells_of(title: str, calls: list[tuple[str, bool]]) -> None:
    text = "Tổng thống Kenya Ruto đã gọi điện cho Tổng thống Pháp Macron bằng máy riêng vào tháng 4/2022."
    assert [(report.status, report.news) for report in read(text, title=title).reports] == calls


@pytest.mark.parametrize(
    ("text", "statuses"),
    [
        (
            "Theo thông lệ, các cuộc gọi của Tổng thống Kenya Ruto với Tổng thống Pháp Macron đều được lên lịch trước.",
            [],
        ),
        ("Các cuộc gọi của Tổng thống Kenya Ruto với Tổng thống Pháp Macron được lên lịch tuần tới.", ["planned"]),
    ],
)
def test_what_is_done_by_custom_is_no_call(text: str, statuses: list[str]) -> None:
    assert [report.status for report in read(text).reports] == statuses


_RELATED = "Tổng thống Kenya William Ruto điện đàm với Tổng thống Pháp Emmanuel Macron về hạn hán"


@pytest.mark.parametrize(
    ("lines", "countries"),
    [
        (("TIN LIÊN QUAN", _RELATED), []),
        (("Xem thêm:", "Bão vào Mombasa", _RELATED), []),
        (("Tin cùng chuyên mục |", "Bão vào Mombasa.", _RELATED), [{"FR", "KE"}]),
        (("Tin liên quan đến hạn hán được đăng hôm nay.", _RELATED), [{"FR", "KE"}]),
        (("Mưa lớn ở Mombasa", _RELATED), [{"FR", "KE"}]),
    ],
)
def test_headlines_of_other_articles_tell_no_call(lines: tuple[str, ...], countries: list[set[str]]) -> None:
    assert [set(report.countries) for report in read("\n".join(lines)).reports] == countries


@pytest.mark.parametrize(
    ("whom", "countries"),
    [
        ("Đức Hồng y Quốc vụ khanh Pietro Parolin", []),
        ("Đức Thượng phụ Kirill", []),
        ("Đức Đạt Lai Lạt Ma", []),
        ("Đức Giáo hoàng", [{"KE", "VA"}]),
        ("Thủ tướng Đức", [{"DE", "KE"}]),
    ],
)
def test_a_title_of_honour_is_no_germany(whom: str, countries: list[set[str]]) -> None:
    told = read(f"Tổng thống Kenya William Ruto điện đàm với {whom} hôm thứ Sáu.").reports
    assert [set(report.countries) for report in told] == countries


@pytest.mark.parametrize(
    ("later", "statuses"),
    [
        ("Ông Ruto đề nghị điện đàm lần 2 với ông Macron.", ["held", "proposed"]),
        ("Ông Ruto từng đề nghị điện đàm với ông Macron.", ["held"]),
        ("Ông Ruto sẽ gọi lại cho ông Macron hôm nay.", ["held", "planned"]),
        ("Trước đó ông Ruto xin điện đàm nhưng không được hồi đáp.", ["held", "denied"]),
    ],
)
def test_a_second_call_that_lies_ahead_is_another_than_the_one_held(later: str, statuses: list[str]) -> None:
    text = f"Tổng thống Kenya Ruto đã điện đàm với Tổng thống Pháp Macron. {later}"
    assert [report.status for report in read(text).reports] == statuses


@pytest.mark.parametrize(
    ("title", "text", "calls"),
    [
        (
            "Ông Ruto tiếp ông Ramaphosa",
            "Tổng thống Kenya Ruto hôm nay tiếp Tổng thống Nam Phi Cyril Ramaphosa. Tại cuộc gặp, họ đã có cuộc "
            "điện đàm ba bên với Thủ tướng Ethiopia Abiy Ahmed.",
            [{"ET", "KE", "ZA"}],
        ),
        (
            "Ông Ruto tiếp ông Ramaphosa",
            "Tổng thống Kenya Ruto hôm nay tiếp Tổng thống Nam Phi Cyril Ramaphosa. Sau đó ông Ruto điện đàm với "
            "Thủ tướng Ethiopia Abiy Ahmed về cơ chế ba bên.",
            [{"ET", "KE"}],
        ),
        (
            "Ông Ruto cùng lãnh đạo Đông Phi điện đàm với ông Macron",
            "Tổng thống Kenya Ruto, cùng với Tổng thống Uganda Museveni, có cuộc điện đàm với Tổng thống Pháp Macron.",
            [{"FR", "KE", "UG"}],
        ),
        (
            "Ông Ruto điện đàm với ông Macron",
            "Tổng thống Kenya Ruto, cùng với Tổng thống Uganda Museveni, có cuộc điện đàm với Tổng thống Pháp Macron.",
            [{"FR", "KE", "UG"}],
        ),
        (
            "Ông Ruto điện đàm với ông Modi",
            "Tổng thống Kenya Ruto, cùng với Tổng thống Uganda Museveni, có cuộc điện đàm với Tổng thống Pháp Macron.",
            [{"IN", "KE"}, {"FR", "KE", "UG"}],
        ),
        (
            "",
            "Cuộc điện đàm ba bên kéo dài một giờ. Tổng thống Kenya Ruto nói thẳng trong cuộc điện đàm hôm 14/5 với "
            "Tổng thống Uganda Museveni và Tổng thống Pháp Macron.",
            [{"FR", "KE", "UG"}],
        ),
        (
            "",
            "Tổng thống Kenya Ruto hứa mua thêm chè trong cuộc điện đàm với Tổng thống Uganda Museveni và Tổng thống "
            "Pháp Macron.",
            [{"FR", "KE", "UG"}],
        ),
        (
            "",
            "Tổng thống Kenya Ruto hứa mua thêm chè khi điện đàm với Tổng thống Uganda Museveni và Tổng thống Pháp "
            "Macron.",
            [{"KE", "UG"}, {"FR", "KE"}],
        ),
        (
            "",
            "Tổng thống Kenya Ruto hôm nay tiếp Tổng thống Uganda Museveni. Lời mời được nêu trong cuộc điện đàm ba "
            "bên có sự tham gia của Tổng thống Pháp Macron, khi ông Museveni ở Nairobi.",
            [{"FR", "KE", "UG"}],
        ),
        (
            "",
            "Tổng thống Kenya Ruto hôm nay sẽ điện đàm với nhiều nhà lãnh đạo thế giới, bắt đầu với Tổng thống "
            "Pháp Macron.",
            [{"FR", "KE"}],
        ),
        (
            "",
            "Tổng thống Kenya Ruto (phải) và Thủ tướng Ethiopia Abiy Ahmed (trái) điện đàm với Tổng thống Pháp "
            "Emmanuel Macron.",
            [{"ET", "FR", "KE"}],
        ),
        (
            "Ông Trump điện đàm với lãnh đạo Anh, Pháp, Đức",
            "Tổng thống Mỹ Donald Trump điện đàm với các nhà lãnh đạo Anh, Pháp, Đức (E3). Thủ tướng Keir Starmer đã "
            "có cuộc điện đàm với Tổng thống Pháp Emmanuel Macron, Thủ tướng Đức Friedrich Merz và Tổng thống Trump.",
            [{"US", "GB", "FR", "DE"}],
        ),
        (
            "Ông Trump điện đàm với lãnh đạo Anh, Pháp, Đức",
            "Tổng thống Mỹ Donald Trump điện đàm với các nhà lãnh đạo Anh, Pháp, Đức. Thủ tướng Keir Starmer đã có "
            "cuộc điện đàm với Tổng thống Pháp Emmanuel Macron.",
            [{"US", "GB"}, {"US", "FR"}, {"US", "DE"}, {"GB", "FR"}],
        ),
    ],
)
def test_calls_of_three_and_more(title: str, text: str, calls: list[set[str]]) -> None:
    assert [set(report.countries) for report in read(text, title=title).reports] == calls


def test_who_spoke_on_another_day_is_not_heard_on_the_call() -> None:
    text = (
        "Ngày 14/5, Thủ tướng Nhật Bản Kishida điện đàm với Thủ tướng Australia Albanese, Canberra cho biết.\n"
        "Ngày 13/5, ông Kishida cho biết sẽ nghỉ phép.\n"
        "Ông Kishida từng nói rõ rằng muốn cải thiện quan hệ."
    )
    assert "JP" not in [speaker.side for speaker in only(text).heard]


def test_an_undated_text_keeps_early_this_month_apart_from_a_day_late_in_it() -> None:
    text = (
        "Thủ tướng Nhật Bản Kishida điện đàm với Thủ tướng Australia Albanese ngày 28/5.\n"
        "Đầu tháng này, ông Kishida và ông Albanese đã họp trực tuyến qua video."
    )
    told = read(text, published_at=None).reports
    assert [(report.news, report.when.date) for report in told] == [(True, "????-05-28"), (False, None)]


@pytest.mark.parametrize(
    ("told", "calls"),
    [
        ("Tôi vừa có cuộc trao đổi rất tốt đẹp với Thủ tướng Ấn Độ Modi về thuế quan", 1),
        ("Tôi vừa có cuộc trao đổi với các nhà báo về Thủ tướng Ấn Độ Modi và thuế quan", 0),
    ],
)
def test_a_conversation_of_which_a_leader_writes_is_a_call(told: str, calls: int) -> None:
    text = f'Thủ tướng Nhật Bản Kishida viết trên mạng xã hội: "{told}".'
    assert len(read(text).reports) == calls


@pytest.mark.parametrize(
    ("told", "calls"),
    [
        ("Ông Kishida cũng đã trao đổi với Thủ tướng Ấn Độ Modi.", 2),
        ("Ông Kishida cũng đã gặp và trao đổi với Thủ tướng Ấn Độ Modi bên lề hội nghị.", 1),
        ("Ông Kishida cũng đã trao đổi với Bộ trưởng Ngoại giao Ấn Độ.", 1),
    ],
)
def test_also_talked_is_a_call_where_the_sentence_before_tells_of_one(told: str, calls: int) -> None:
    text = f"Thủ tướng Nhật Bản Kishida điện đàm với Thủ tướng Australia Albanese hôm 14/5.\n{told}"
    assert len(read(text).reports) == calls


@pytest.mark.parametrize(
    ("words", "dates"),
    [
        ("về cuộc bầu cử năm 2016", [None]),
        ("về thỏa thuận thương mại năm 2015", [None]),
        ("hôm 14/5", ["2024-05-14"]),
    ],
)
def test_a_year_dates_the_event_that_it_stands_behind(words: str, dates: list[str | None]) -> None:
    report = only(f"Thủ tướng Nhật Bản Kishida điện đàm với Thủ tướng Australia Albanese {words}.")
    assert (report.news, [report.when.date]) == (True, dates)


_OLDER = "Hồi tháng 1/2023, Thủ tướng Đức Scholz điện đàm với Tổng thống Kenya Ruto"


@pytest.mark.parametrize(
    ("text", "topics"),
    [
        (f"{_OLDER} và thảo luận về biến đổi khí hậu.", ["climate"]),
        (f"{_OLDER}. Biến đổi khí hậu là chủ đề của cuộc hội đàm này.", ["climate"]),
        (f"{_OLDER}. Hai nhà lãnh đạo mới đây thảo luận về biến đổi khí hậu bên lề hội nghị.", []),
        (f"{_OLDER}, thúc đẩy quan hệ hai nước.", []),
    ],
)
def test_an_older_call_has_the_topics_of_the_sentences_that_speak_of_it(text: str, topics: list[str]) -> None:
    report = only(text)
    assert (report.news, [topic.id for topic in report.topics]) == (False, topics)


@pytest.mark.parametrize(
    ("told", "topics"),
    [
        ("Hai bên bàn về các vấn đề toàn cầu khác như biến đổi khí hậu.", ["climate"]),
        ("Hai bên bàn về các vấn đề toàn cầu và biến đổi khí hậu.", ["global_issues", "climate"]),
        ("Hai bên bàn về biến đổi khí hậu và nhiều chủ đề khác.", ["climate", "more"]),
        ("Hai bên bàn về nhiều chủ đề khác.", []),
        ("Hai bên bàn về quan hệ song phương và biến đổi khí hậu.", ["climate"]),
        ("Hai bên bàn về quan hệ song phương.\nHai bên cũng bàn về biến đổi khí hậu.", ["climate"]),
        ("Hai bên bàn về quan hệ song phương.", ["bilateral_relations"]),
        ("Hai bên bàn về một thỏa thuận an ninh mới về việc mở rộng NATO.", ["security_agreement"]),
        ("Hai bên bàn về một thỏa thuận an ninh và việc mở rộng NATO.", ["security_agreement", "nato_enlargement"]),
    ],
)
def test_headings_rests_and_generalities(told: str, topics: list[str]) -> None:
    report = only(f"Thủ tướng Nhật Bản Kishida điện đàm với Thủ tướng Australia Albanese.\n{told}")
    assert [topic.id for topic in report.topics] == topics


@pytest.mark.parametrize(
    ("told", "outcomes"),
    [
        (
            "Hội nghị an ninh Nhật Bản - Australia sẽ diễn ra tại Perth vào ngày 20/5.",
            [("security_conference", "2024-05-20")],
        ),
        ("Hội nghị an ninh Nhật Bản - Philippines sẽ diễn ra tại Perth vào ngày 20/5.", []),
        ("Hội nghị an ninh Nhật Bản - Australia từng diễn ra tại Perth vào ngày 20/4.", []),
        ("Hai bên nhất trí để các đội đàm phán của hai nước bắt đầu làm việc ngay.", [("teams_at_once", None)]),
        ("Hai bên nhất trí nỗ lực để các đội đàm phán của hai nước bắt đầu làm việc ngay.", [(None, None)]),
    ],
)
def test_what_is_coming_and_what_was_agreed(told: str, outcomes: list[tuple[str, str | None]]) -> None:
    report = only(f"Thủ tướng Nhật Bản Kishida điện đàm với Thủ tướng Australia Albanese.\n{told}")
    assert [(outcome.id, outcome.date) for outcome in report.outcomes] == outcomes


@pytest.mark.parametrize(
    ("who", "speaker", "role"),
    [
        ("Người phát ngôn của ông Kishida", "fumio-kishida:spokesman", "spokesman"),
        ("Cố vấn của ông Kishida", "japanese_government", None),
        ("Quan chức Australia", "au_government", None),
        ("Cố vấn đặc biệt của Thủ tướng Nhật Bản, ông Sato,", "japanese_government", None),
        ("Chính phủ Nhật Bản", "japanese_government", None),
        ("Ông Kishida", "fumio-kishida", None),
        ("Ông Kishida cũng “", "fumio-kishida", None),
    ],
)
def test_a_spokesman_is_not_his_office_nor_his_leader(who: str, speaker: str, role: str | None) -> None:
    says = "nhấn mạnh" if who.endswith("“") else " cho biết"
    told = f"{who}{says} hai nhà lãnh đạo đã thảo luận về biến đổi khí hậu{'”' if who.endswith('“') else ''}."
    (topic,) = only(f"Thủ tướng Nhật Bản Kishida điện đàm với Thủ tướng Australia Albanese.\n{told}").topics
    assert topic.speaker
    assert (topic.speaker.id, topic.speaker.role) == (speaker, role)


def test_a_call_placed_by_another() -> None:
    first, second = read(
        "Hôm 13/5, Tổng thống Pháp Macron điện đàm với Thủ tướng Ba Lan Tusk ngay trước khi điện đàm với Tổng thống "
        "Romania Klaus Iohannis."
    ).reports
    (anchor,) = first.anchors
    assert (anchor.relation, anchor.firm) == ("just_before", True)
    assert [person.name for person in anchor.participants] == names(second)


# -- what is none --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("Ngoại trưởng Pháp Sejourne điện đàm với người đồng cấp Ba Lan Sikorski.", "an office that leads no country"),
        ("Tổng thống Pháp Macron điện đàm với Ngoại trưởng Ba Lan Sikorski.", "an office that leads no country"),
        ("Cựu Thủ tướng Anh Boris Johnson điện đàm với Tổng thống Ba Lan Duda.", "a former leader"),
        ("Tổng thống Pháp Macron và Thủ tướng Ba Lan Tusk thường xuyên điện đàm.", "only counted or habitual"),
        ("Tổng thống Pháp Macron đã điện đàm 12 lần với Thủ tướng Ba Lan Tusk.", "only counted or habitual"),
        ("Tổng thống Pháp Macron dự hội nghị thượng đỉnh trực tuyến G20.", "a conference of many"),
        ("Tổng thống Pháp Macron điện đàm với Thủ tướng Pháp Attal.", "one country only"),
        ("Tổng thống Pháp Macron điện đàm với khán giả.", "other side is no leader"),
        ("Tổng thống Pháp Macron đồng ý họp qua video với Ba Lan ở cấp cố vấn.", "an office that leads no country"),
        (
            "Tổng thống Pháp Macron và Thủ tướng Ba Lan Tusk từ nay có thể nhấc máy gọi cho nhau.",
            "only counted or habitual",
        ),
        ("Tổng thống Pháp Macron đã gặp hoặc điện đàm với Thủ tướng Ba Lan Tusk năm lần.", "only counted or habitual"),
        ("Máy chủ giữ một số cuộc gọi nhạy cảm của ông Macron với Thủ tướng Ba Lan Tusk.", "only counted or habitual"),
        (
            "Được hỏi liệu ông có muốn điện đàm với Tổng thống Ba Lan Duda, ông Macron im lặng.",
            "only counted or habitual",
        ),
        ("Trợ lý khuyên ông Macron đừng gọi điện cho Tổng thống Ba Lan Duda.", "only counted or habitual"),
        (
            "Tổng thống Pháp Macron thích gọi cho Tổng thống Ba Lan Duda hơn là gọi cho bộ trưởng.",
            "only counted or habitual",
        ),
        (
            "Tổng thống Pháp Macron và Thủ tướng Ba Lan Tusk sẽ gọi điện hoặc gặp nhau khi cần.",
            "only counted or habitual",
        ),
        ("Tổng thống Pháp Macron hứa có những cuộc gọi khác với Thủ tướng Ba Lan Tusk.", "only counted or habitual"),
        ("Lãnh đạo EU chiều nay họp trực tuyến, có Tổng thống Pháp Macron.", "a conference of many"),
    ],
)
def test_near_misses_are_refused_with_a_reason(text: str, reason: str) -> None:
    extraction = read(text)
    assert extraction.reports == ()
    assert reason in [rejection.reason for rejection in extraction.rejections]
    for rejection in extraction.rejections:
        assert text[rejection.evidence.start : rejection.evidence.end] == rejection.evidence.text


@pytest.mark.parametrize(
    "text",
    [
        "Tổng thống Pháp Macron gửi điện mừng tới Tổng thống Ba Lan Duda.",
        "Tổng thống Pháp Macron gặp Tổng thống Ba Lan Duda, nơi hai ông xem một chiếc điện thoại mới.",
        "Tổng thống Pháp Macron kêu gọi Tổng thống Nga Putin ngừng bắn.",
        "Tổng thống Pháp Macron và Tổng thống Ba Lan Duda hội đàm tại Warsaw.",
        "Người phát ngôn của Tổng thống Pháp điện đàm với Tổng thống Ba Lan Duda.",
        "Hãng ra mắt điện thoại cho người cao tuổi.",
        "",
    ],
)
def test_what_is_no_call_gives_none(text: str) -> None:
    assert read(text).reports == ()


# -- evidence ------------------------------------------------------------------------------------------------------


STORY = (
    "Theo Điện Elysee, Tổng thống Pháp Emmanuel Macron và Tổng thống Ba Lan Andrzej Duda đã điện đàm tối 14/5 theo đề "
    "nghị của phía Ba Lan. Cuộc điện đàm kéo dài hơn 50 phút.\nHai nhà lãnh đạo thảo luận về năng lượng và nhất trí "
    "tăng cường quan hệ. Đây là cuộc điện đàm thứ hai của hai ông trong tháng này.\n"
    "Ngoại trưởng Pháp cũng điện đàm với Ngoại trưởng Đức."
)


def assert_evidence_fits(article: Article) -> Extraction:
    extraction = extract(article, load_lexicon())
    for proof in evidence_in(extraction):
        assert article.part(proof.part)[proof.start : proof.end] == proof.text
        assert 0 <= proof.start <= proof.end <= len(article.part(proof.part))
        assert proof.article == article.id
    return extraction


@pytest.mark.parametrize("form", ["NFC", "NFD"])
@pytest.mark.parametrize("noise", ["", "\u200b", "\u00ad"])
def test_every_fact_names_the_words_that_prove_it(form: Any, noise: str) -> None:
    raw = unicodedata.normalize(form, STORY.replace("ống ", f"ống {noise}").replace(" phút", f"{noise} phút"))
    extraction = assert_evidence_fits(Article(id="a", title=raw.split(".")[0], text=raw, published_at=TODAY))
    (report,) = extraction.reports
    assert {"participants", "date", "duration_min", "initiator", "topics", "claim"} <= {
        p.field for p in evidence_in(report)
    }
    said = unicodedata.normalize("NFC", report.durations[0].evidence.text if report.durations[0].evidence else "")
    assert "hơn 50 phút" in said.replace(noise or "\0", "")
    assert extraction.rejections != ()


def test_the_parts_of_an_article_are_read_apart() -> None:
    extraction = assert_evidence_fits(
        Article(id="a", title="Tổng thống Pháp", summary="điện đàm với", text="Tổng thống Nga.")
    )
    assert extraction.reports == ()
    in_summary = assert_evidence_fits(Article(id="a", title="Tin", summary=STORY, published_at=TODAY))
    assert {proof.part for proof in evidence_in(in_summary.reports)} == {"summary"}


PIECES = (
    "Tổng thống|Thủ tướng|cựu|người đồng cấp|Pháp|Ba Lan|Mỹ - Hàn|Emmanuel Macron|ông Tusk|Putin|và|với|của|hai bên",
    "điện đàm|cuộc điện đàm|gọi điện cho|trực tuyến|qua điện thoại|đã|sẽ|không|từ chối|đề nghị|hai nhà lãnh đạo",
    "hôm 14/5|tối qua|tháng 1|kéo dài|90 phút|gần một giờ|lần thứ hai|kể từ khi|nhận lời mời|thảo luận về|Ukraine",
    ',|.|:|\n|"|(|)|\u200b|ế',
)
TEXTS = st.lists(st.sampled_from("|".join(PIECES).split("|")), max_size=30).map(" ".join) | st.text(max_size=80)


@settings(deadline=None, max_examples=150)
@given(TEXTS, TEXTS, st.sampled_from([None, TODAY]))
def test_whatever_comes_in_is_read_and_every_proof_fits(title: str, text: str, published: dt.datetime | None) -> None:
    article = Article(id="a", title=title, text=unicodedata.normalize("NFD", text), published_at=published)
    extraction = assert_evidence_fits(article)
    assert extract(article, load_lexicon()) == extraction
    for report in extraction.reports:
        assert len(report.participants) >= 2
        assert len({person.country for person in report.participants}) >= 2


def test_a_text_that_is_all_cues_takes_work_in_proportion(monkeypatch: pytest.MonkeyPatch) -> None:
    resolved: list[TimeExpr] = []

    def counted(expression: TimeExpr, *more: Any) -> Days:
        resolved.append(expression)
        return resolve(expression, *more)

    monkeypatch.setattr(written, "resolve", counted)
    work = []
    for times in (50, 100):
        resolved.clear()
        read("Tổng thống Chile Boric hôm 14/5 điện đàm với Tổng thống Peru Boluarte trong 30 phút.\n" * times)
        work.append(len(resolved))
    assert work[1] <= 2.1 * work[0]


@pytest.mark.parametrize(
    ("told", "topics"),
    [
        ("Ông Kishida nhấn mạnh tầm quan trọng của an ninh năng lượng.", ["energy"]),
        ("Ông Kishida từng tuyên bố rằng an ninh năng lượng là ưu tiên.", []),
        ("Phát biểu tại một diễn đàn, ông Kishida nhấn mạnh tầm quan trọng của an ninh năng lượng.", []),
        ("Trong khi đó, ông Kishida khẳng định sẽ theo đuổi an ninh năng lượng.", []),
        ("Các chuyên gia cho rằng hai nhà lãnh đạo có thể đã bàn về an ninh năng lượng.", []),
        ("Bộ Ngoại giao Australia nói an ninh năng lượng là ưu tiên.", []),
        ("Vấn đề an ninh năng lượng cũng được hai nhà lãnh đạo đề cập.", ["energy"]),
        ("Họ cũng trao đổi về an ninh năng lượng.", ["energy"]),
        ("Lãnh đạo Nhật Bản và Australia cũng thảo luận về an ninh năng lượng.", ["energy"]),
        ("Lãnh đạo Nhật Bản và Philippines cũng thảo luận về an ninh năng lượng.", []),
        ("Hai nhà lãnh đạo nói về Syria và Ukraine.", ["syria", "ukraine"]),
        ("Hai nhà lãnh đạo nói rằng các quan chức sẽ gặp nhau tại Syria.", []),
        ("Hai nhà lãnh đạo cam kết hỗ trợ những người lính đang chiến đấu chống khủng bố.", []),
        ("Hai nhà lãnh đạo cam kết chống khủng bố.", ["terrorism"]),
        ("Hai nhà lãnh đạo trao đổi vắn tắt bên lề Đại hội đồng Liên hợp quốc.", []),
    ],
)
def test_only_what_the_two_talk_of_is_a_topic(told: str, topics: list[str]) -> None:
    report = only(f"{CALL}\n{told}")
    assert [topic.id for topic in report.topics] == topics


def test_a_call_told_as_the_matter_of_another_has_no_topics_of_its_own() -> None:
    text = (
        "Thủ tướng Nhật Bản Kishida sáng 14/5 điện đàm với Thủ tướng Australia Albanese. Ông Kishida thông báo kết quả "
        "cuộc điện đàm với Tổng thống Hàn Quốc Yoon Suk-yeol. Hai bên bàn về năng lượng hạt nhân."
    )
    main, matter = read(text).reports
    assert ([topic.id for topic in main.topics], [topic.id for topic in matter.topics]) == (["energy"], [])


def test_a_title_of_somebody_named_is_no_topic() -> None:
    text = f"{CALL} Đặc phái viên John Kimani nói cuộc điện đàm hữu ích. Hai bên bàn về việc cử đặc phái viên."
    (report,) = read(text).reports
    assert [topic.text for topic in report.topics] == ["đặc phái viên"]


def test_talk_that_goes_on_after_another_sentence_is_still_of_the_call() -> None:
    filler = "Mùa hoa anh đào năm nay đến sớm."
    more = "Giá vé tàu tăng nhẹ so với tháng trước."
    said = "Ông Kishida nhấn mạnh tầm quan trọng của an ninh năng lượng."
    also = said.replace("nhấn mạnh", "cũng nhấn mạnh")
    assert [t.id for t in only(f"{CALL}\n{filler}\n{also}").topics] == ["energy"]
    assert not only(f"{CALL}\n{filler}\n{said}").topics
    assert not only(f"{CALL}\n{filler}\n{more}\n{also}").topics


@pytest.mark.parametrize(
    ("told", "outcomes"),
    [
        ("Hai bên nhất trí mở lại cửa khẩu phía bắc, theo Reuters.", [("agreed", "nhất trí mở lại cửa khẩu phía bắc")]),
        ('"Hai nhà lãnh đạo cùng cam kết mở cửa khẩu", Nhà Trắng cho biết.', [("agreed", "cam kết mở cửa khẩu")]),
        ("Ông Kishida và ông Albanese thống nhất là sẽ mở cửa khẩu.", [("agreed", "thống nhất là sẽ mở cửa khẩu")]),
        ("Ông Kishida nhất trí mở lại cửa khẩu.", [("agreed", "Ông Kishida nhất trí mở lại cửa khẩu")]),
        ("Ông Kishida cam kết mở lại cửa khẩu.", [("stated", "Ông Kishida cam kết mở lại cửa khẩu")]),
        ("Trong khi đó, ông Kishida cam kết mở lại cửa khẩu.", []),
        ("Hai bên chưa nhất trí mở lại cửa khẩu.", []),
        ("Hai nhà lãnh đạo xác nhận kế hoạch gặp nhau vào mùa thu.", [("meeting", "kế hoạch gặp nhau")]),
        ("Ông Kishida gọi đó là một cuộc gọi khá lâu.", [("stated", "cuộc gọi khá lâu")]),
        ("Bộ trưởng Ngoại giao Australia đã mời ông Kishida thăm Canberra.", []),
        ("Ông Albanese đã mời ông Kishida thăm Canberra.", [("invited", "đã mời")]),
        ("Ông Kishida cho biết ông nhận lời mời từ Quốc vương Thái Lan.", []),
        (
            "Ông Albanese mời ông Kishida ăn tối khi nào có dịp ghé Canberra, theo NHK.",
            [("invited", "Ông Albanese mời ông Kishida ăn tối khi nào có dịp ghé Canberra")],
        ),
    ],
)
def test_what_came_of_a_call_in_its_own_words(told: str, outcomes: list[tuple[str, str]]) -> None:
    report = only(f"{CALL}\n{told}")
    assert [(outcome.kind, outcome.text) for outcome in report.outcomes] == outcomes


@pytest.mark.parametrize(
    ("told", "place"),
    [
        ("Hai bên xác nhận kế hoạch gặp nhau tại hội nghị thượng đỉnh G20 ở Brazil.", "G20"),
        ("Hai bên xác nhận kế hoạch gặp nhau vào tháng 7 bên lề diễn đàn APEC.", "APEC"),
        ("Trên điện thoại, hai bên cho biết sẵn sàng gặp trực tiếp ở Hiroshima.", "Hiroshima"),
        ("Hai bên xác nhận kế hoạch gặp nhau khi giao tranh ở Gaza lắng xuống.", None),
    ],
)
def test_where_two_mean_to_meet_stands_right_behind_that_they_do(told: str, place: str | None) -> None:
    (outcome,) = only(f"{CALL}\n{told}").outcomes
    assert outcome.place == place


@pytest.mark.parametrize(
    ("told", "claims"),
    [
        ("Đây là cuộc điện đàm thứ hai của hai ông kể từ ngày 3/2.", [(2, "2024-02-03", None, False, False)]),
        ("Đây là cuộc điện đàm thứ hai từ khi ông Kishida nhậm chức.", [(2, "2021-10-04", "Kishida", False, False)]),
        ("Đây là cuộc điện đàm đầu tiên kể từ sau vụ động đất ở Hokkaido.", [(1, None, None, False, True)]),
        ("Đây là cuộc điện đàm đầu tiên kể từ vụ động đất hồi tháng 3.", [(1, "2024-03", None, False, True)]),
        (
            "Đây là cuộc điện đàm thứ ba từ khi ông Kishida nhậm chức và là cuộc điện đàm đầu tiên kể từ khi núi lửa "
            "phun trào.",
            [(3, "2021-10-04", "Kishida", False, False), (1, None, None, False, True)],
        ),
        ("Đây là cuộc điện đàm đầu tiên của hai ông.", [(1, None, None, False, False)]),
    ],
)
def test_a_count_keeps_what_bounds_it(told: str, claims: list[tuple[int, str | None, str | None, bool, bool]]) -> None:
    found = only(f"{CALL}\n{told}").claims
    assert [(c.ordinal, c.since, c.since_person, c.elected, c.in_words) for c in found] == claims


def test_a_call_named_by_its_count_is_the_one_that_the_article_counts_within_a_bound() -> None:
    told = "Đây là cuộc điện đàm đầu tiên của hai ông sau vụ động đất ở Hokkaido. Trong cuộc điện đàm đầu tiên, hai ông"
    (claim,) = only(f"{CALL}\n{told} bàn về cứu trợ.").claims
    assert claim.text == "điện đàm đầu tiên … sau vụ động đất ở Hokkaido"


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("Ông Kishida từng phá vỡ chính sách được đề ra năm 2019 khi điện đàm với Thủ tướng Australia Albanese.", None),
        ("Năm 2019, ông Kishida từng phá vỡ một chính sách khi điện đàm với Thủ tướng Australia Albanese.", "Năm 2019"),
    ],
)
def test_the_year_of_something_else_is_not_the_calls(text: str, date: str | None) -> None:
    assert only(f"Thủ tướng Nhật Bản Kishida thăm Canberra.\n{text}").when.text == date


def test_a_count_in_words_is_quoted_with_its_bound() -> None:
    (claim,) = only(f"{CALL}\nĐây là cuộc điện đàm đầu tiên của hai ông kể từ sau vụ động đất ở Hokkaido.").claims
    assert claim.text == "điện đàm đầu tiên … kể từ sau vụ động đất ở Hokkaido"
