"""Who talks to whom where a sentence does not say it in so many words."""

from __future__ import annotations

import pytest

from tests.support.telling import pairs, told

RUTO, MACRON = "Tổng thống Kenya William Ruto", "Tổng thống Pháp Emmanuel Macron"
SHARIF, MODI = "Thủ tướng Pakistan Shehbaz Sharif", "Thủ tướng Ấn Độ Narendra Modi"


@pytest.mark.parametrize(
    ("text", "calls"),
    [
        (f"{RUTO} điện đàm với {MACRON}, {MODI} và một số lãnh đạo khác.", ["FR-KE", "IN-KE"]),
        (f"{RUTO} điện đàm với {MACRON}, {MODI} và một số bộ trưởng phản đối.", ["FR-KE", "IN-KE"]),
        (f"{RUTO} điện đàm với {MACRON}, {MODI} phản đối.", ["FR-KE"]),
        (f"{RUTO} có cuộc điện đàm thẳng thắn và rất cởi mở với {MACRON}.", ["FR-KE"]),
        (f"{RUTO} có cuộc điện đàm với Ngoại trưởng Nga và gặp gỡ với {MACRON}.", []),
        (f"{RUTO} trong cuộc điện đàm sau đó với {MACRON} nhắc tới hạn hán.", ["FR-KE"]),
        (f'{RUTO} viết: "Tôi vừa có cuộc điện đàm với người bạn tốt của mình, {MACRON}".', ["FR-KE"]),
        (f'{RUTO} viết: "Tôi vừa có cuộc điện đàm với người bạn thời niên thiếu ở Eldoret".', []),
        (f"Cuộc điện đàm của {RUTO}, {MACRON} và {MODI} bàn về nợ.", ["FR-IN-KE"]),
        ("Cuộc gọi báo trước rạn nứt của lãnh đạo Kenya - Pháp.", ["FR-KE"]),
        (f"Tổng thống Các Tiểu vương quốc Ả Rập Thống nhất (UAE) Mohammed bin Zayed gọi điện cho {RUTO}.", ["AE-KE"]),
        (f"{RUTO} gọi điện cho đương kim Tổng thống Pháp Emmanuel Macron.", ["FR-KE"]),
        (f"{RUTO} gọi lần lượt cho hai ông Emmanuel Macron và Narendra Modi.", ["FR-KE", "IN-KE"]),
        (f"{RUTO} điện đàm với hai người đồng cấp Macron và Putin hôm qua.", ["FR-KE", "KE-RU"]),
    ],
)
def test_whom_a_list_or_a_phrase_names(text: str, calls: list[str]) -> None:
    assert pairs(told(text)) == calls


@pytest.mark.parametrize(
    ("text", "calls"),
    [
        ("Ngoại trưởng Kenya và người đồng cấp Pháp trong cuộc điện đàm hôm qua bàn về cuộc gặp giữa {0} và {1}.", []),
        ("{0} và {1} trong cuộc điện đàm hôm qua đã bàn về cuộc gặp của Ngoại trưởng Kenya.", ["FR-KE"]),
        ("Cuộc điện đàm diễn ra hôm qua giữa Cố vấn an ninh Kenya và Cố vấn an ninh Pháp. Hai bên bàn về cuộc gặp giữa "
         "{0} và {1}. Cuộc điện đàm kéo dài 40 phút.", []),
        ("Trong cuộc điện đàm hôm qua, {0} đã nhắc lại với {1} rằng biên giới vẫn mở.", ["FR-KE"]),
        ("Một cố vấn rời bàn tiệc, mở hồ sơ và gọi điện đến hai thủ đô trong khi {0} và {1} đọc tuyên bố.", []),
        ("Bộ trưởng nói Tổng thống đã nói chuyện điện thoại với {1} bốn hoặc năm lần. {0} vui mừng.", []),
        ("Trong cuộc điện đàm hôm qua với Ngoại trưởng Peru, {0} nói sẽ gặp {1}.", []),
    ],
)  # fmt: skip
def test_a_call_of_officials_is_not_that_of_the_leaders_of_whom_they_talk(text: str, calls: list[str]) -> None:
    assert pairs(told(text.format(RUTO, MACRON))) == calls


@pytest.mark.parametrize(
    ("text", "calls"),
    [
        (f"Giao tranh giữa Ấn Độ và Pakistan lan rộng. {RUTO} sẽ gọi điện cho thủ tướng hai nước.", ["IN-KE", "KE-PK"]),
        (f"{RUTO} sẽ gọi điện cho thủ tướng hai nước để chấm dứt xung đột giữa Ấn Độ và Pakistan.", ["IN-KE", "KE-PK"]),
        (f"{RUTO} sẽ gọi điện cho thủ tướng hai nước.", []),
    ],
)
def test_the_leaders_of_two_countries_that_the_text_names(text: str, calls: list[str]) -> None:
    assert sorted(pairs(told(text))) == calls


@pytest.mark.parametrize(
    ("text", "calls"),
    [
        (f'"Hạn hán lan rộng. Tôi sẽ gọi điện cho {MODI}. Chúng tôi cần nước", ông Ruto nói tại Nairobi.', ["IN-KE"]),
        (f'"Hạn hán lan rộng. Tôi sẽ gọi điện cho {MODI}. Chúng tôi cần nước."\nÔng Ruto nói tại Nairobi.', []),
    ],
)
def test_who_speaks_in_a_quotation_of_several_sentences(text: str, calls: list[str]) -> None:
    title = "Ông Macron gặp Tổng thống Kenya William Ruto"
    assert [pair for pair in pairs(told(text, title=title)) if pair == "IN-KE"] == calls


@pytest.mark.parametrize(
    ("text", "calls"),
    [
        (f"{RUTO} và {MACRON} dự lễ. Sau đó ông gọi điện cho {MODI}.", ["IN-KE"]),
        (f"{RUTO} gặp {MACRON}. Theo một quan chức, chuyến đi có sau cuộc điện đàm giữa ông và {MODI}.", ["IN-KE"]),
        (f"{RUTO} gặp {MACRON}. Một quan chức kể về cuộc điện đàm giữa ông và {MODI}.", []),
        (f"{RUTO} kể lại với {MACRON} nội dung cuộc điện đàm hôm qua với {MODI}.", ["IN-KE"]),
    ],
)
def test_whom_a_pronoun_takes_up(text: str, calls: list[str]) -> None:
    assert pairs(told(text)) == calls


@pytest.mark.parametrize(
    ("text", "initiator"),
    [
        (f"{RUTO} điện đàm cho {MACRON}.", "KE"),
        (f"{RUTO} điện đàm với {MACRON}.", None),
        (f"{MACRON} đã nhận điện thoại chúc mừng sinh nhật từ {RUTO}.", "KE"),
        (f"{MACRON} trả lời điện thoại {RUTO}.", "KE"),
        (f"{MACRON} được {RUTO} gọi tới, trao đổi chừng 15 phút.", "KE"),
    ],
)
def test_who_placed_the_call(text: str, initiator: str | None) -> None:
    (report,) = told(text)
    assert (report.initiator.side if report.initiator else None) == initiator


@pytest.mark.parametrize(
    ("text", "calls"),
    [
        (f"Chủ tịch nước này Tập Cận Bình điện đàm với {RUTO}.", ["CN-KE"]),
        (f"Chủ tịch nước điện đàm với {RUTO}.", ["KE-VN"]),
        (f"Tổng Bí thư Nguyễn Phú Trọng tiếp {RUTO}. Hai ông nhắc lại cuộc điện đàm hôm 13/5 giữa Tổng Bí thư và "
         "Tổng thống.", ["KE-VN"]),
    ],
)  # fmt: skip
def test_whom_a_title_without_a_name_means(text: str, calls: list[str]) -> None:
    assert pairs(told(text)) == calls
