"""Which mentions tell of one call, and how old it is."""

from __future__ import annotations

import pytest

from tests.support.telling import pairs, told

RUTO, MACRON = "Tổng thống Kenya William Ruto", "Tổng thống Pháp Emmanuel Macron"


TEA_TIME = f"Tờ Daily Tea đưa tin {RUTO} đã gọi điện cho {MACRON} hôm 13/5."


@pytest.mark.parametrize(
    ("text", "status"),
    [
        (f"{TEA_TIME} Người phát ngôn Phủ Tổng thống Kenya bác bỏ thông tin này.", "denied"),
        (f"{TEA_TIME} Người phát ngôn Phủ Tổng thống Kenya bác bỏ đề xuất này.", "held"),
        # what is denied is what was said, not the call
        (f"{RUTO} đã gọi điện cho {MACRON} và nói chè sẽ tăng giá. Điện Elysee bác bỏ thông tin này.", "held"),
    ],
)
def test_a_report_that_is_denied_in_a_sentence_of_its_own(text: str, status: str) -> None:
    (report,) = told(text)
    assert report.status == status


@pytest.mark.parametrize(
    ("text", "calls"),
    [
        (f"{RUTO} tự gọi điện cho {MACRON}. Cụ thể, ông Ruto gọi điện cho ông Macron hồi tháng 4/2022.", [False]),
        (f"{RUTO} vừa gọi điện cho {MACRON}. Trước đây, ông gọi điện cho ông Macron hồi tháng 4/2022.", [True, False]),
        (f"Trong một cuộc gọi trước đây, {RUTO} hứa giúp {MACRON}.", [False]),
        (f"Trong một cuộc gọi ngắn, {RUTO} hứa giúp {MACRON}.", [True]),
        (f"{RUTO} điện đàm với {MACRON} hôm 13/5. Cuộc điện đàm song phương lần trước, cũng bằng hình thức trực tuyến, "
         "diễn ra ngày 16/3.", [True, False]),
        (f"{RUTO} và {MACRON} vừa điện đàm. Trước đó, hôm 10/5, hai nhà lãnh đạo cũng đã điện đàm.", [True, True]),
        (f"{RUTO} và {MACRON} vừa điện đàm. Cuộc điện đàm hôm 15/5 kéo dài một giờ.", [True]),
        (f"Cuộc điện đàm giữa {RUTO} và {MACRON} kéo dài 45 phút. Lần gần nhất hai nhà lãnh đạo Kenya và Pháp "
         "nói chuyện với nhau là vào tháng 11 năm ngoái trong hội nghị khí hậu.", [True]),
        (f"{RUTO} còn điện đàm với {MACRON} vào tháng 2 và tháng 3/2022.", [False]),
        (f"Trong một cuộc điện đàm gần đây với {RUTO}, {MACRON} hứa mua chè.", [False]),
        (f"{MACRON} khen chè Kenya. Trong cuộc điện đàm gần đây với {RUTO}, ông hứa mua thêm. Hai ông đã điện đàm hôm "
         "14/5.", [True]),
        (f"Phe đối lập chỉ trích các cuộc điện đàm gần đây của {RUTO} với {MACRON}.", [True]),
        (f"{RUTO} cho công bố bản ghi cuộc điện đàm gây tranh cãi hồi tháng 2 với {MACRON}.", [False]),
        (f"Báo này kể về cuộc gọi đầu tiên năm 2022 của {RUTO} với {MACRON}.", [False]),
        (f"Đây là cuộc gọi đầu tiên trong năm 2024 của {RUTO} với {MACRON}.", [True]),
        # another call of the same two, by its day, its number or what is told of it
        (f"{RUTO} vừa điện đàm với {MACRON}. Ngày 9/5, ông Ruto và ông Macron cũng đã điện đàm về chè.", [True, True]),
        (f"{RUTO} vừa điện đàm với {MACRON}. Ngày 14/5, ông Ruto cũng mừng ông Macron qua điện thoại.", [True]),
        (f"{RUTO} điện đàm với {MACRON} lần đầu vào sáng 14/5. Sau cuộc gọi thứ hai lúc chiều cùng ngày, ông báo "
         "tin vui.", [True, True]),
        (f"{RUTO} điện đàm với {MACRON} vào sáng 14/5. Đây là cuộc gọi thứ hai trong ngày của hai ông.", [True]),
        (f"{RUTO} vừa điện đàm với {MACRON}. Hai ông nhất trí sẽ điện đàm lần nữa vào tuần tới.", [True, True]),
        (f"{RUTO} sẽ nói chuyện với {MACRON} trong cuộc điện đàm ngày 16/5. Lần trước là ngày 2/3, khi chè mất giá.",
         [True, False]),
        (f"{RUTO} vừa điện đàm với {MACRON}; lần trước diễn ra hồi tháng 2.", [True, False]),
        (f"{RUTO} vừa điện đàm với {MACRON} lần thứ ba, sau các cuộc trao đổi ngày 12/2 và 18/3.",
         [True, False, False]),
        (f"{RUTO} điện đàm với {MACRON}. Trước đó, hôm 1/5, hai nhà lãnh đạo cũng đã nói chuyện qua điện thoại.",
         [True, False]),
        # a count that names nobody does not hide the calls told around it
        (f"{RUTO} không điện đàm với {MACRON} tuần này. Hai ông đã điện đàm nhiều lần. Cuộc điện đàm gần nhất diễn ra "
         "ngày 17/1.", [True, False]),
        # what stands before an event tells no day by itself
        (f"{RUTO} điện đàm với {MACRON} mười ngày trước lễ nhậm chức.", [True]),
        (f"{RUTO} điện đàm với {MACRON} mười ngày trước.", [False]),
        (f"{RUTO} cho giảm thuế sau cuộc điện đàm với {MACRON}. Hồi tháng 2, sau khi chè mất giá, hai nhà lãnh đạo "
         "cũng đã điện đàm.", [True, False]),
        (f"Điện Elysee ngày 14/5 cho biết trong cuộc điện đàm cùng ngày, {MACRON} hứa giúp {RUTO}. Đây là cuộc điện "
         "đàm đầu tiên giữa hai người kể từ cuộc gọi hôm 21/2.", [True, False]),
        (f"{RUTO} lại điện đàm với {MACRON} vào khuya 14/5. Trưa cùng ngày, hai ông đã điện đàm 105 phút.",
         [True, True]),
        (f"{RUTO} điện đàm với {MACRON} vào khuya 14/5. Tối cùng ngày, hai ông đã điện đàm 105 phút.", [True]),
        (f"{RUTO} gọi cho {MACRON} trưa 14/5. Đến khuya ông Ruto lại điện đàm với ông Macron thêm một giờ nữa.",
         [True, True]),
        (f"{RUTO} hôm 14/5 điện đàm với {MACRON}. Cuộc gọi trước đó hôm 13/5 kéo dài một giờ.", [True, True]),
        (f"{RUTO} vừa điện đàm với {MACRON}. Ông Ruto cho biết sẽ gọi lại cho ông Macron sau cuộc họp.", [True, True]),
        # the title tells the new one, and "lần trước" another
        (f"{RUTO} điện đàm với {MACRON}. Lần trước hai ông nói chuyện qua điện thoại là cuối tháng 3.", [True, False]),
    ],
)  # fmt: skip
def test_news_and_history(text: str, calls: list[bool]) -> None:
    assert [report.news for report in told(text)] == calls


@pytest.mark.parametrize(
    ("later", "statuses"),
    [
        ("Việc hoãn cuộc gọi cho thấy ông bận.", ["denied", "planned"]),
        ("Cuộc điện đàm sẽ kéo dài.", ["denied", "planned"]),
    ],
)
def test_a_call_put_off_and_the_one_in_its_place(later: str, statuses: list[str]) -> None:
    text = (
        f"Cuộc điện đàm giữa {RUTO} và {MACRON} hôm 13/5 đã bị hoãn. Phủ Tổng thống cho biết cuộc điện đàm sẽ diễn ra "
        f"vào ngày 20/5. {later}"
    )
    assert [report.status for report in told(text)] == statuses


@pytest.mark.parametrize(
    ("text", "calls"),
    [
        (
            f"{RUTO} điện đàm với {MACRON}. Sau đó, ông đã nói chuyện riêng với Thủ tướng Ấn Độ Modi.",
            ["FR-KE", "IN-KE"],
        ),
        (f"{RUTO} điện đàm với {MACRON}. Sau đó, ông đã tiếp và nói chuyện riêng với Thủ tướng Ấn Độ Modi.", ["FR-KE"]),
        (f'"Tôi đang nói chuyện với {MACRON}", ông Ruto viết trên mạng xã hội.', ["FR-KE"]),
        (f"Ông Ruto đang nói chuyện với {MACRON} thì mất điện.", []),
    ],
)
def test_a_talk_without_its_means_beside_a_call(text: str, calls: list[str]) -> None:
    assert pairs(told(text, title="Phủ Tổng thống Kenya William Ruto thông báo")) == calls


@pytest.mark.parametrize(
    ("later", "calls"),
    [
        ("Đây là cuộc điện đàm thứ hai với ông Macron trong năm nay.", ["FR-KE"]),
        ("Ông nói sẽ có cuộc điện đàm với đội bóng.", ["FR-KE"]),
    ],
)
def test_a_count_is_of_the_call_told_though_a_minister_tells_it(later: str, calls: list[str]) -> None:
    text = f"{RUTO} điện đàm với {MACRON}. Bộ trưởng Tài chính Njuguna Ndung'u công bố kết quả. {later}"
    assert pairs(told(text)) == calls
