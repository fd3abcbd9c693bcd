"""One call or two: what a text tells of the same leaders behind a call."""

from __future__ import annotations

import pytest

from tests.support.telling import told

RUTO, MACRON = "Tổng thống Kenya William Ruto", "Tổng thống Pháp Emmanuel Macron"


@pytest.mark.parametrize(
    ("text", "calls"),
    [
        # a plan, and the call before it
        (f"{RUTO} dự kiến điện đàm với {MACRON} vào cuối tuần. Tại cuộc điện đàm ngày 6/5, ông đòi Pháp mua chè.",
         ["planned None", "held 2024-05-06"]),
        (f"{RUTO} dự kiến điện đàm với {MACRON} vào cuối tuần. Tại cuộc điện đàm, ông sẽ đòi Pháp mua chè.",
         ["planned None"]),
        (f"Trong cuộc điện đàm ngày 28/4 với {MACRON}, {RUTO} từ chối nhượng bộ. Hai ông sẽ điện đàm vào cuối tuần.",
         ["held 2024-04-28", "planned None"]),
        (f"{RUTO} sẽ điện đàm với {MACRON} ngày 20/5. Trong cuộc điện đàm hôm thứ Hai, ông Ruto và ông Macron tranh "
         f"cãi về chè.", ["planned 2024-05-20", "held 2024-05-13"]),
        (f"{RUTO} sẽ điện đàm với {MACRON} ngày 20/5. Trong cuộc điện đàm hôm thứ Hai, ông Ruto và ông Macron sẽ bàn "
         f"về chè.", ["planned 2024-05-20"]),
        # a call that was called off, and one that was held in another's place
        (f"Cuộc điện đàm giữa {RUTO} và {MACRON} dự kiến diễn ra ngày 14/5. Cuộc gọi ban đầu được ấn định lúc 20h "
         "nhưng đã bị hủy.", ["denied 2024-05-14"]),
        (f"{RUTO} dự định điện đàm với {MACRON}. Cuộc điện đàm lẽ ra bắt đầu lúc 9h song đã bị hủy.", ["denied None"]),
        (f"{RUTO} vừa điện đàm với {MACRON}. Cuộc điện đàm vốn được lên lịch hôm 10/5 nhưng phải hoãn.", ["held None"]),
        # another call is another, and one that rang in vain is not the one that is offered
        (f"{RUTO} hôm 13/5 điện đàm với {MACRON}. Chính một cuộc gọi khác giữa hai ông đã dẫn tới quyết định.",
         ["held 2024-05-13", "held None"]),
        (f"{RUTO} sẵn sàng điện đàm với {MACRON}. Hôm 13/5 ông đã cố gọi cho ông Macron nhưng không kết nối được.",
         ["proposed None", "denied 2024-05-13"]),
        (f"{RUTO} tính điện đàm với {MACRON}. Lần điện đàm gần nhất với ông Macron đã cách đây khá lâu.",
         ["proposed None", "held None"]),
        # what is denied of a day gone by is not the call that is told with its own
        (f"{RUTO} hôm nay dự lễ và cho biết cùng ngày ông đã điện đàm với {MACRON}. Tuần trước, Paris phủ nhận có cuộc "
         "điện đàm nào giữa hai ông hôm 8/5.", ["held 2024-05-15", "denied 2024-05-08"]),
        (f"{RUTO} nói đã điện đàm với {MACRON}. Paris phủ nhận có cuộc điện đàm nào giữa hai ông hôm 8/5.",
         ["denied 2024-05-08"]),
        (f"{RUTO} hôm 12/5 điện đàm với {MACRON}. Trước đó, Điện Elysee thông báo hai ông sẽ điện đàm vào cuối tuần.",
         ["held 2024-05-12"]),
        # who once rang in vain, and one more call that is to come
        (f"{RUTO} hôm 13/5 điện đàm với {MACRON}. Trước đây, ông Ruto từng nói đã gọi cho ông Macron nhưng không được "
         "trả lời.", ["held 2024-05-13", "denied None"]),
        (f"{RUTO} đã gọi cho {MACRON} nhưng không được trả lời.", ["denied None"]),
        (f"Điện Elysee cho biết một cuộc điện đàm nữa giữa {RUTO} và {MACRON} sẽ diễn ra rất sớm. Hôm qua, ông Ruto đã "
         "điện đàm với ông Macron.", ["planned None", "held 2024-05-14"]),
        (f"Điện Elysee cho biết một cuộc điện đàm giữa {RUTO} và {MACRON} sẽ diễn ra rất sớm. Hôm nay, ông Ruto đã "
         "điện đàm với ông Macron.", ["held 2024-05-15"]),
        # one more call that was refused, beside the first
        (f"{RUTO} không nhận cuộc gọi thứ hai của {MACRON}. Trong cuộc điện đàm, ông Ruto đã nói với ông Macron rằng "
         f"chè rẻ.", ["denied None", "held None"]),
        (f"{RUTO} không nhận cuộc gọi của {MACRON}. Điện Elysee cho biết ông không trả lời.", ["denied None"]),
        # "hôm nay" of somebody who is quoted is the day on which he says it
        (f'{RUTO} ngày 12/5 điện đàm với {MACRON}. "Hôm nay tôi có thể xác nhận hai ông đã điện đàm", trợ lý nói.',
         ["held 2024-05-12"]),
        (f"{RUTO} ngày 12/5 điện đàm với {MACRON}. Hôm nay hai ông đã điện đàm lần nữa.",
         ["held 2024-05-12", "held 2024-05-15"]),
    ],
)  # fmt: skip
def test_one_call_or_two(text: str, calls: list[str]) -> None:
    assert [f"{report.status} {report.when.date}" for report in told(text)] == calls
