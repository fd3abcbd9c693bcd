"""Which time and which length of a sentence are the call's."""

from __future__ import annotations

import pytest

from tests.support.telling import told

RUTO, MACRON = "Tổng thống Kenya William Ruto", "Tổng thống Pháp Emmanuel Macron"


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("Cuộc gọi cuối cùng giữa {0} và {1} diễn ra vào tháng 3.", "2024-03-??"),
        ("Đây là cuộc gọi cuối cùng giữa {0} và {1} trong tháng 3.", None),
        ("Căng thẳng bùng lên hồi tháng 3/2024, khi {0} gọi điện cho {1}.", "2024-03-??"),
        ("Ông kể điều đó hồi tháng 3/2024, khi được hỏi về cuộc điện đàm giữa {0} và {1}.", None),
        ("Trước đó hôm 13/5, {0} và {1} đã điện đàm.", "2024-05-13"),
        ("Trước cuộc họp hôm 13/5, {0} và {1} đã điện đàm.", None),
        ("{0} và {1} đã nói chuyện qua điện thoại và hai bên sẽ gặp nhau vào ngày 20/5.", None),
        ("{0} và {1} sẽ nói chuyện qua điện thoại vào ngày 20/5.", "2024-05-20"),
        ("Những người biết về cuộc điện đàm hôm 13/5 giữa {0} và {1} kể rằng không khí nặng nề.", "2024-05-13"),
        ("Cuộc điện đàm gần nhất giữa {0} và {1} mà hai bên công bố diễn ra ngày 13/5.", "2024-05-13"),
        ("Cuộc điện đàm giữa {0} và {1} được hai bên công bố ngày 13/5.", None),
        ("{0} trong cuộc điện đàm sau đó với {1} ngày 13/5 nói về hạn hán.", "2024-05-13"),
        ("Khi hai nước tranh cãi hồi tháng 3, {0} đã gọi điện cho {1}.", "2024-03-??"),
        ("Sau khi hai nước tranh cãi hồi tháng 3, {0} đã gọi điện cho {1}.", None),
        ("Ngày 13/5, nhân dịp kỷ niệm 60 năm quan hệ (18.1.1964 - 18.1.2024), {0} và {1} điện đàm.", "2024-05-13"),
        ("{0} và {1} dự kiến điện đàm vào ngày mai, thứ Hai 20/5.", "2024-05-20"),
        ("Tối 13/5, Nhà Trắng thông báo {0} và {1} đã bắt đầu cuộc điện đàm.", "2024-05-13"),
        ("Tối 13/5, Nhà Trắng thông báo {0} và {1} thích điện đàm.", None),
        ("Cuộc điện đàm này giữa {0} và {1} diễn ra khi hạn hán đã kéo dài hơn 3 năm qua.", None),
        ("Ngày 13/5, {0} thông báo đã điện đàm với {1}.", "2024-05-13"),
        ("Ngày 13/5, {0} thông báo lịch các cuộc điện đàm với {1}.", None),
        ("{0} ngày 13/5 nói ông đã điện đàm với {1}.", "2024-05-13"),
        ("{0} ngày 13/5 xác nhận ông đã điện đàm với {1}.", None),
        ("{0} ngày 13/5 xác nhận ông vừa điện đàm với {1}.", "2024-05-13"),
        ("Bước ngoặt diễn ra hồi tháng 3.2024: ngay tại sân bay, {0} gọi điện cho {1}.", "2024-03-??"),
        ("Hai nước trở mặt hồi tháng 3.2024: ngay tại sân bay, hai bộ trưởng to tiếng. {0} gọi điện cho {1}.", None),
        ("Theo thỏa thuận hồi tháng 3, {0} và {1} sẽ điện đàm trước khi gặp nhau.", None),
        ("Hồi tháng 3, {0} và {1} đã điện đàm trước khi gặp nhau.", "2024-03-??"),
        ("{0} hôm qua đề nghị tổ chức một cuộc điện đàm với {1}.", None),
        ("{0} hôm qua đề nghị giảm nợ trong cuộc điện đàm với {1}.", "2024-05-14"),
        ("{0} bắt đầu ngày thứ ba (14/5) bằng cuộc điện đàm với {1}.", "2024-05-14"),
        ("Trong cuộc điện đàm dài hơn 2 giờ hôm 13-5, {0} khen {1}.", "2024-05-13"),
        ("Trong cuộc điện đàm lúc 2 giờ hôm 13-5, {0} khen {1}.", "2024-05-13"),
        ("Trong cuộc điện đàm tối 13/5, {0} và {1} nhất trí gặp nhau ở Lyon vào tháng 6 tới.", "2024-05-13"),
        ("Đầu năm ngoái, {0} và {1} cũng đã điện đàm hôm 21/1.", "2023-01-21"),
        ("{0} đã điện đàm với {1}, nói hai nước sẽ họp trong vòng hai tuần tới.", None),
        ("{0} đã dừng cuộc họp ngày 13/5 tại Nairobi với các bộ trưởng để gọi điện cho {1}.", "2024-05-13"),
        ("{0} đã xem biên bản cuộc họp ngày 13/5 tại Nairobi để gọi điện cho {1}.", None),
        ("Hãng tin Jambo đưa tin, chiều 13/5, ngay sau khi trở về từ Uganda, {0} đã điện đàm với {1}.", "2024-05-13"),
        ("Trước đó, sáng 13/5, chỉ vài giờ sau khi mưa tạnh, {0} đã điện đàm với {1}.", "2024-05-13"),
        ("{0} ngày 13/5 đã ngắt quãng cuộc họp tại Nairobi với các bộ trưởng để gọi điện cho {1}.", "2024-05-13"),
        ("{0} ngày 13/5 đã xem biên bản cuộc họp tại Nairobi để gọi điện cho {1}.", None),
        ("Ba ngày trước bức thư, {0} đã điện đàm với {1}.", None),
        ("Ba ngày trước, {0} đã điện đàm với {1}.", "2024-05-12"),
        ("Một ngày sau trận lũ 6.5, {0} gọi điện cho {1}.", "2024-05-07"),
        ("Điện Elysee ngày 13/5 cung cấp bản tóm tắt cuộc điện đàm hồi tháng 4 của {0} với {1}.", "2024-04-??"),
        ("Từ 9h55 sáng 13/5, {0} đã có cuộc điện đàm với {1}.", "2024-05-13"),
        ("Từ cuộc họp sáng 13/5, {0} đã có cuộc điện đàm với {1}.", None),
        ("Một ngày sau trận lũ ở Nairobi, 7/5, {0} gọi điện cho {1}.", "2024-05-07"),
        ("Ít phút sau trận đấu, 3-1, {0} gọi điện cho {1}.", None),
        ("Cú điện thoại giữa {0} và {1} khi ông ra sân bay, ngày 27/9/2023, được coi là cột mốc.", "2023-09-27"),
        ("Cú điện thoại giữa {0} và {1} khi ông kể về trận bão, ngày 27/9/2023, không có gì lạ.", None),
        ("Cuộc điện đàm giữa {0} và {1} sau cuộc gặp ở Lyon, ngày 15/3, được coi là bước ngoặt.", None),
        ("Cuộc điện đàm giữa {0} và {1} về thỏa thuận chè, ngày 15/3, được coi là bước ngoặt.", "2024-03-15"),
        ("Trong điện đàm với {1}, {0} nói lễ duyệt binh, ngày 9/5, được coi là biểu tượng.", None),
        # the day first meant, of what is put off, and of who keeps silent
        ("Ban đầu cuộc điện đàm giữa {0} và {1} định vào ngày 18/5 nhưng được đẩy sớm.", None),
        ("Ban đầu cuộc điện đàm giữa {0} và {1} định vào ngày 18/5.", "2024-05-18"),
        ("{0} điện đàm với {1} và đồng ý lùi hạn áp thuế chè từ 1/6 sang 9/7.", None),
        ("{0} điện đàm với {1} hôm 12/5 và đồng ý lùi hạn áp thuế chè.", "2024-05-12"),
        ("Đến chiều 14/5, {0} vẫn không nhắc tới cuộc điện đàm với {1}.", None),
        ("Đến chiều 14/5, {0} mới điện đàm với {1}.", "2024-05-14"),
        (
            "Điện Elysee ngày 14/5 xác nhận {1} đã nói về chè trong cuộc điện đàm với {0} hồi cuối tháng 3.",
            "2024-03-??",
        ),
        ("Ngày 14/5, {1} nói trong cuộc điện đàm với {0} rằng chè sẽ tăng giá.", "2024-05-14"),
        ("Ngày 14/5, {1} nói về giá chè đã nêu trong cuộc điện đàm với {0}.", None),
        ("Ngày 14/5, {1} bày tỏ lo ngại trong cuộc điện đàm với {0}.", "2024-05-14"),
    ],
)
def test_the_day_of_a_call(text: str, date: str | None) -> None:
    (report,) = told(text.format(RUTO, MACRON))
    assert report.when.date == date


@pytest.mark.parametrize(
    ("text", "minutes"),
    [
        ("{0} và {1} điện đàm trong ba phần tư giờ.", 45),
        ("{0} và {1} trao đổi qua điện thoại cả giờ đồng hồ.", 60),
        ("{0} và {1} trao đổi qua điện thoại cả về giờ bay.", None),
        ("{0} và {1} dành khoảng một tiếng đồng hồ trên điện thoại để nói về hạn hán.", 60),
        ("Cuộc điện đàm giữa {0} và {1} sẽ diễn ra trong khoảng một giờ.", None),
        ("Cuộc điện đàm giữa {0} và {1} diễn ra trong khoảng một giờ.", 60),
        ("{0} điện đàm với {1} sau cuộc gặp kéo dài hai giờ.", None),
        ("Trong cuộc thảo luận kéo dài 10 phút, họ nói về nợ. {0} điện đàm với {1}.", None),
        ("{0} điện đàm với {1}. Trong cuộc thảo luận kéo dài 10 phút, họ nói về nợ.", 10),
        ("{0} và {1} điện đàm tổng cộng 45 phút.", 45),
        ("{0} và {1} hai lần điện đàm, tổng cộng 45 phút.", None),
        ("{0} điện đàm với {1}. Đây là cuộc gọi thứ ba, nâng thời gian trao đổi lên tổng cộng 120 phút.", None),
        ("{0} điện đàm với {1}. Cuộc gọi bị kéo lên tổng cộng 120 phút.", 120),
        ("Cuộc điện đàm giữa {0} và {1} bị ngắt rồi nối lại, kéo dài tổng cộng 45 phút.", 45),
        ("Cuộc điện đàm giữa {0} và {1} gián đoạn hai lần, tổng cộng 45 phút.", 45),
        ("Cuộc điện đàm giữa {0} và {1} chỉ tồn tại được 25 phút.", 25),
        ("Lệnh ngừng bắn chỉ tồn tại được 25 phút sau cuộc điện đàm giữa {0} và {1}.", None),
    ],
)
def test_the_length_of_a_call(text: str, minutes: int | None) -> None:
    (report,) = told(text.format(RUTO, MACRON))
    assert [length.minutes for length in report.durations] == ([minutes] if minutes else [])
