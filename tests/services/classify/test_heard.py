"""Who has spoken of a call: statements about it, not words on it nor words of other matters."""

from __future__ import annotations

import datetime as dt

import pytest

from services.classify.extract import extract
from services.classify.lexicon import load_lexicon
from shared.records import Article

TODAY = dt.datetime.fromisoformat("2024-05-15T09:00:00+07:00")
TOLD = "Thủ tướng Nhật Bản Kishida điện đàm với Thủ tướng Australia Albanese."


def heard(text: str) -> list[str]:
    (report,) = extract(Article(id="a", text=text, published_at=TODAY), load_lexicon()).reports
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
        (f"{TOLD}\nÔng Albanese viết trên Facebook rằng khí đốt sẽ rẻ hơn sau cuộc điện đàm.", ["Albanese"]),
    ],
)
def test_who_is_heard(text: str, voices: list[str]) -> None:
    assert heard(text) == voices
