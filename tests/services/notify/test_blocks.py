"""Foreign text on its way into Slack: no mention, no link, no formatting, no broken block, whatever it says."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from services.notify.blocks import MESSAGE_LIMIT, SECTION_LIMIT, as_blocks, escape, fallback, safe_url
from services.notify.layout import Message
from services.notify.message import render_root
from shared.records import Outcome, Topic
from tests.services.notify.seed_calls import MESSAGE_6
from tests.services.notify.variations import MACRON, XI, facts, paper, sentence, view

MENTION = re.compile(r"<[!@#]")
LINK = re.compile(r"<(?!https?://)")
HOSTILE = [
    "<!channel> hãy đọc ngay",
    "<!here|nhấp vào đây>",
    "<@U012345> & <#C012345>",
    "<https://evil.example|Reuters>",
    "javascript:alert(1)",
    "*đậm* _nghiêng_ ~gạch~ `mã` ```khối```",
    "&lt;!channel&gt;",
    "đuôi \u202emoc.live\u202c đảo",
    "ẩn \U000e0041\U000e0042 chữ",
    "một\ndòng\r\nhai\u2028ba",
    "\x00\x07\x1b[31mđỏ",
    "> trích dẫn giả",
    ":rotating_light: @here @channel @everyone #general",
    "e\u0301" * 300,
    "👨‍👩‍👧‍👦" * 200,
    "🇻🇳" * 400,
    "<" * 5000,
    "&" * 5000,
    "]]>'\"; DROP TABLE calls; --",
    "{people} {mark} [x] {0}",
    "\ud800".encode("utf-16", "surrogatepass").decode("utf-16", "replace"),
]


LONG_URL = "https://example.org/?a=<!here>|b&c=" + "x" * 900


def hostile_message(text: str) -> Message:
    """The text in every place where foreign text can stand."""
    known = facts(
        replace(MACRON, name=text, surname=text, office=None),
        XI,
        topics=(Topic(id=None, text=text, mode="reported", evidence=sentence(text or "?")),),
        outcomes=(Outcome(kind="agreed", text=text, mode="reported"),),
        sources=(paper(outlet=text, url=text), *(paper(f"a{n}", text, f"{LONG_URL}{n}") for n in range(6))),
        evidence=(sentence(text or "?"),),
    )
    return render_root(view(known), "vi", "Asia/Ho_Chi_Minh")


def texts(blocks: list[dict[str, Any]]) -> list[str]:
    return [one["text"] for block in blocks for one in [block.get("text"), *block.get("elements", [])] if one]


def check(message: Message) -> None:
    blocks = as_blocks(message)
    for text in texts(blocks):
        assert 0 < len(text) <= SECTION_LIMIT
        assert not MENTION.search(text)
        assert not LINK.search(text)
        assert "\u202e" not in text
        assert not re.search(r"&(?!amp;|lt;|gt;)", text)
    assert sum(map(len, texts(blocks))) <= MESSAGE_LIMIT
    assert len(blocks) <= 50
    assert not MENTION.search(fallback(message))
    json.dumps(blocks).encode()


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_stays_text(text: str) -> None:
    check(hostile_message(text))


@given(st.text(max_size=400))
def test_any_text_stays_text(text: str) -> None:
    check(hostile_message(text))


def test_formatting_of_foreign_hands_is_defused_and_ours_is_kept() -> None:
    first = as_blocks(hostile_message("*đậm*"))[0]["text"]["text"]
    assert first.startswith("*☎ ")
    assert "\u200b*đậm\u200b*" in first


def test_escape_is_slack_s_three_characters() -> None:
    assert escape("a & b < c > d") == "a &amp; b &lt; c &gt; d"
    assert escape("&lt;") == "&amp;lt;"


@pytest.mark.parametrize(
    ("url", "printed"),
    [
        ("https://example.org/a?b=1&c=2", "https://example.org/a?b=1&amp;c=2"),
        ("https://example.org/a|b", "https://example.org/a%7Cb"),
        ("http://example.org/<x>", "http://example.org/%3Cx%3E"),
        ("javascript:alert(1)", None),
        ("data:text/html,x", None),
        ("https://reuters.com@evil.example/", None),
        ("https:///no-host", None),
        ("https://example.org/a b", None),
        ("//example.org/a", None),
        ("https://[::1", None),
        (None, None),
    ],
)
def test_only_plain_http_links_are_printed(url: str | None, printed: str | None) -> None:
    assert safe_url(url) == printed


def test_a_section_holds_what_slack_allows() -> None:
    blocks = as_blocks(render_root(MESSAGE_6, "en", "Asia/Ho_Chi_Minh"))
    assert [block["type"] for block in blocks] == ["section"] * 4 + ["context"]
    assert all(len(text) <= 3000 for text in texts(blocks))
    assert all(one["verbatim"] for block in blocks for one in [block.get("text"), *block.get("elements", [])] if one)
