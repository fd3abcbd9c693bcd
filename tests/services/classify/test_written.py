"""How old an undated text is, as far as its own days tell."""

from __future__ import annotations

import pytest

from tests.support.telling import pairs, told

CALL = "Ngày 25/7/2019, Tổng thống Nga Vladimir Putin điện đàm với Thủ tướng Đức Angela Merkel."
HEAD = "Hạ viện họp.\nNghị sĩ tranh cãi.\nPhiên họp kéo dài.\nBáo chí đưa tin.\n"


@pytest.mark.parametrize(
    ("text", "news"),
    [
        (f"{HEAD}Ngày 13/11/2019, phiên điều trần diễn ra. {CALL}", False),
        (f"{HEAD}Ngày 27/7/2019, phiên điều trần diễn ra. {CALL}", True),
        (f"{HEAD}Phiên điều trần sẽ diễn ra ngày 13/11/2019. {CALL}", True),
        (f"{HEAD}Bà Merkel (phải) tại cuộc gặp ngày 13/11/2019. Ảnh: AFP\n{CALL}", True),
        (f"{HEAD}Ông bị luận tội tháng 12/2019. {CALL}", False),
        (f"{HEAD}Ông đắc cử tháng 6/2019. {CALL}", True),
    ],
)
def test_the_latest_date_that_is_over_says_how_old_a_call_is(text: str, news: bool) -> None:
    (report,) = told(text, published_at=None)
    assert report.news == news


def test_a_name_with_an_initial_tells_the_era() -> None:
    """King Salman has reigned since 2015: that the other is Trump, and no nobody, only the years after 2017 allow."""
    text = "Quốc vương Saudi Arabia Salman và Tổng thống Nga V.Putin điện đàm với Tổng thống Mỹ D.Trump."
    (report,) = told(text, published_at=None)
    assert sorted(str(person.person) for person in report.participants) == [
        "donald-trump",
        "salman-bin-abdulaziz-al-saud",
        "vladimir-putin",
    ]


@pytest.mark.parametrize(
    ("text", "calls"),
    [
        ("Ngày 19/7/2024, Tổng thống Ukraine Volodymyr Zelensky nói chuyện qua điện thoại với ông Donald Trump.", []),
        ("Ngày 19/7/2025, Tổng thống Ukraine Volodymyr Zelensky nói chuyện qua điện thoại với ông Donald Trump.",
         ["UA-US"]),
        ("Tổng thống Ukraine Volodymyr Zelensky nói chuyện qua điện thoại với ông Donald Trump.", ["UA-US"]),
    ],
)  # fmt: skip
def test_in_an_article_without_a_day_a_call_has_the_leaders_of_its_own(text: str, calls: list[str]) -> None:
    assert pairs(told(text, published_at=None)) == calls
