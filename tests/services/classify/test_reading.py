"""How much of an article is read: all of it only where it names a leader of abroad."""

from __future__ import annotations

import pytest

from services.classify.lexicon import load_lexicon
from services.classify.reading import read_article
from shared.records import Article

FAR = "Thủ tướng Đức Olaf Scholz dự hội nghị ở Nairobi."
RINGS = "Một cử tri gọi điện cho tòa soạn."


@pytest.mark.parametrize(
    ("title", "text", "sentences"),
    [
        ("Mưa lớn", "Bão vào bờ. Nước dâng cao.", None),
        ("Mưa lớn", f"Bão vào bờ. {RINGS} Nước dâng cao.", 1),
        ("Mưa lớn", f"Bão vào bờ. {RINGS} Thủ tướng Phạm Minh Chính đến nơi.", 1),
        ("Mưa lớn", f"Bão vào bờ. {RINGS} {FAR}", 4),
        ("Ông Putin thăm Bình Nhưỡng", f"Bão vào bờ. {RINGS}", 3),
        ("Mưa lớn", "Bão vào bờ. Một cử tri gọi điện cho Tổng thống Đức.", 3),
    ],
)
def test_an_article_is_read_whole_where_it_names_a_leader_of_abroad(
    title: str, text: str, sentences: int | None
) -> None:
    read = read_article(Article(id="a", title=title, text=text), load_lexicon())
    assert (len(read.sentences) if read else None) == sentences
