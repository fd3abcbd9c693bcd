"""Who has spoken of a call: statements about it, not words on it nor words of other matters."""

from __future__ import annotations

import pytest

from tests.support.telling import told

TOLD = "Thủ tướng Nhật Bản Kishida điện đàm với Thủ tướng Australia Albanese."


def heard(text: str) -> list[str]:
    (report,) = told(text)
    return [speaker.text for speaker in report.heard]


@pytest.mark.parametrize(
    ("text", "voices"),
    [
        (f"{TOLD}\nÔng Kishida cho biết hai nhà lãnh đạo đã bàn về lúa gạo.", ["Kishida"]),
        (f"{TOLD}\nÔng Kishida cho biết nước ông sẽ bầu cử sớm.", []),
        (f"{TOLD}\nHội nghị diễn ra ở Tokyo.\nBộ Ngoại giao Nhật Bản cho biết thuế xăng sẽ giảm.", []),
        (f"{TOLD}\nBộ Ngoại giao Nhật Bản cho biết cuộc trao đổi rất tốt đẹp.", ["Bộ Ngoại giao Nhật Bản"]),
        (
            "Trong cuộc điện đàm với Thủ tướng Australia Albanese, Thủ tướng Nhật Bản Kishida cho biết sẽ mua khí.",
            [],
        ),
        (
            "Thủ tướng Nhật Bản Kishida cho biết trong cuộc điện đàm với Thủ tướng Australia Albanese, hai bên đã bàn "
            "về khí đốt.",
            ["Kishida"],
        ),
        # a statement, and what one says to the other
        (f"{TOLD}\nÔng Kishida nói với báo giới rằng cuộc điện đàm rất tốt đẹp.", ["Kishida"]),
        (f"{TOLD}\nÔng Kishida nói với ông Albanese rằng sẽ mua khí đốt.", []),
        (f"{TOLD}\nÔng Kishida mô tả cuộc điện đàm là dài và thuận lợi.", ["Kishida"]),
        (f"{TOLD}\nÔng Kishida gọi cuộc điện đàm là bước ngoặt.", ["Kishida"]),
        (f"{TOLD}\nÔng Kishida gọi thuế xăng là bước lùi sau cuộc điện đàm.", []),
        (
            f"{TOLD}\nBộ Ngoại giao Nhật Bản kể lại những gì ông Albanese nói trong cuộc điện đàm.",
            ["Bộ Ngoại giao Nhật Bản"],
        ),
        (f"{TOLD}\nÔng Albanese nói trong cuộc điện đàm hai bên bàn về khí đốt.", ["Albanese"]),
        # the verb is the subject's, not that of whom he speaks with or of
        (f"{TOLD}\nÔng Albanese bàn với ông Kishida, cho biết sẽ bán khí đốt.", ["Albanese"]),
        (f"{TOLD}\nÔng Albanese khen chuyến thăm của ông Kishida, khẳng định sẽ bán khí đốt.", ["Albanese"]),
        (f"{TOLD}\nNhiều người muốn ông Kishida nói về cuộc trao đổi.", []),
        ("Ông Fumio Kishida và ông Anthony Albanese tuyên bố sẽ hợp tác trong cuộc điện đàm, NHK đưa tin.", ["NHK"]),
        # an office by its name, a government where none is named
        (f"{TOLD}\nTuyên bố của Bộ Ngoại giao Nhật Bản trích lời ông Kishida.", ["Bộ Ngoại giao Nhật Bản"]),
        (
            f"{TOLD}\nCả Văn phòng Thủ tướng Nhật Bản và Chính phủ Australia đều xác nhận thông tin trên.",
            ["Văn phòng Thủ tướng Nhật Bản", "Chính phủ Australia"],
        ),
        (f"{TOLD}\nTại Văn phòng Thủ tướng Nhật Bản, báo giới viết về cuộc trao đổi.", []),
        (f"{TOLD}\nÔng Albanese viết trên Facebook rằng khí đốt sẽ rẻ hơn sau cuộc điện đàm.", ["Albanese"]),
        ("Thủ tướng Nhật Bản Kishida đã nói chuyện qua điện thoại với Thủ tướng Australia Albanese.", []),
        ("Thủ tướng Nhật Bản Kishida đã nói về cuộc điện thoại với Thủ tướng Australia Albanese.", ["Kishida"]),
        (f"{TOLD}\nAustralia xác nhận có cuộc điện đàm.", ["Australia"]),
        (f"{TOLD}\nTàu ngầm của Australia có mặt khi cuộc điện đàm diễn ra.", []),
    ],
)
def test_who_is_heard(text: str, voices: list[str]) -> None:
    assert heard(text) == voices
