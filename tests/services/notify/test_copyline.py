"""The line that whoever takes a story may copy."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from services.notify.copyline import copy_line
from services.notify.message import voice_of
from shared.names import Language
from shared.records import CallFacts, Duration, Initiator
from tests.services.notify.variations import ELYSEE, HELD, LINK, MACRON, MERZ, RANG, facts, paper

LONG = (Duration(minutes=60, bound="about", text="khoảng 1 giờ", speaker=ELYSEE, evidence=HELD),)
PHONED = (Initiator(side="FR", how="phoned", evidence=RANG),)
TWO = "French President Emmanuel Macron and German Chancellor Friedrich Merz"
FROM = f"Báo Ví Dụ, {LINK}"


@pytest.mark.parametrize(
    ("known", "language", "line"),
    [
        (facts(MERZ, MACRON), "en", f"{TWO} held a call on 4 May. {FROM}"),
        (
            facts(MERZ, MACRON, durations=LONG),
            "vi",
            "Tổng thống Pháp Emmanuel Macron và Thủ tướng Đức Friedrich Merz điện đàm ngày 4/5, khoảng 1 giờ "
            f"(Điện Élysée). {FROM}",
        ),
        (
            facts(MERZ, MACRON, initiators=PHONED),
            "en",
            f"French President Emmanuel Macron phoned German Chancellor Friedrich Merz on 4 May. {FROM}",
        ),
        (
            facts(MERZ, MACRON, date=None, whens=(), durations=LONG),
            "en",
            f"{TWO} held a call, about 1 hour (Élysée); the article gives no day. {FROM}",
        ),
        (facts(MERZ, MACRON, status="denied", denial="postponed"), "en", f"Call of {TWO} postponed. {FROM}"),
    ],
)
def test_the_news_in_one_sentence_with_its_source(known: CallFacts, language: Language, line: str) -> None:
    assert copy_line(known, voice_of(language, "Asia/Ho_Chi_Minh")) == line


def test_a_link_is_never_built_and_never_a_trick() -> None:
    sources = (replace(paper(), url=None), replace(paper("a2"), url="javascript:alert(1)"))
    assert copy_line(facts(MERZ, MACRON, sources=sources), voice_of("en", "UTC")) == f"{TWO} held a call on 4 May."
