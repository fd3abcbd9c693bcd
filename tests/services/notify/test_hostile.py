"""Hostile headlines: each stands in every foreign place of a message at once, and is text in every form of it.

`data/hostile.jsonl` has mentions, links, bidi overrides, zero-width characters, hidden tags, right-to-left scripts,
huge graphemes, terminal sequences, mrkdwn, emoji, very long words, templates and markup of other systems.
"""

from __future__ import annotations

import io
import re
import unicodedata
from html.parser import HTMLParser

import pytest
from rich.console import Console
from slack_sdk.models.blocks import Block

from services.notify.blocks import ZERO_WIDTH_SPACE, as_blocks, as_plain, fallback
from services.notify.console import ConsolePoster
from services.notify.graphemes import HIDDEN
from services.notify.layout import Message
from services.notify.message import PUSH_LENGTH
from services.notify.plain import as_text
from services.notify.poster import Post
from services.notify.preview import Preview, page, posted
from tests.services.notify.hostile import ROWS, messages
from tests.services.notify.variations import LINK

TEXTS = [row["text"] for row in ROWS]
OUR_LINK = re.compile(r"<https?://[^<>|\s]+\|[^<>]*>")
EMOJI = re.compile(r":(?:[\w+'-]*[A-Za-z][\w+'-]*|[+-]1):")
WARNING = ("held back until 06:00",)


def test_the_corpus_is_large_and_has_every_kind() -> None:
    assert len(set(TEXTS)) == len(TEXTS) >= 300
    kinds = {"ansi", "bidi", "emoji", "grapheme", "link", "long", "mention", "mrkdwn", "rtl", "tags", "template"}
    assert {row["kind"] for row in ROWS} == kinds | {"zero_width"}


def visible(text: str) -> None:
    """No control character, no mark that hides or turns text."""
    assert not [c for c in text if c != "\n" and unicodedata.category(c) in ("Cc", "Cs")]
    assert not {ord(c) for c in text} & HIDDEN


def harmless(text: str) -> None:
    """Mrkdwn in which only we link and format, and nobody is mentioned."""
    visible(text.replace(ZERO_WIDTH_SPACE, ""))  # ours, before each mark that is text
    links = OUR_LINK.findall(text)
    assert all(link.startswith((f"<{LINK}|", "<https://evil.example", "<http://evil.example")) for link in links)
    rest = re.sub(r"^> ", "", OUR_LINK.sub("", text), flags=re.MULTILINE)
    assert not re.findall(r"[<>]|&(?!(?:amp|lt|gt);)", rest)
    assert not EMOJI.search(rest)
    for mark in "*_~`":
        own = len(re.findall(rf"(?<!\u200b){re.escape(mark)}", rest))
        assert own % 2 == 0, (mark, rest)
        assert mark != "`" or own == 0


@pytest.mark.parametrize("place", range(len(TEXTS)), ids=[f"{row['kind']}-{n}" for n, row in enumerate(ROWS)])
def test_a_hostile_text_is_text_everywhere(place: int) -> None:
    for message in messages(TEXTS[place]):
        _blocks(message)
        _words(message)
        _terminal(message)
        _page(message)


def _blocks(message: Message) -> None:
    blocks = as_blocks(message, WARNING)
    assert 0 < len(blocks) <= 50
    texts = [text for block in blocks for text in _texts(block)]
    assert all(0 < len(text) <= 3000 and text.strip() for text in texts)
    assert sum(map(len, texts)) <= 13_000
    for block in blocks:
        parsed = Block.parse(block)  # Slack's own model of it
        assert parsed is not None
        assert parsed.to_dict() == block  # raises SlackObjectFormationError for what breaks a limit
    for text in texts:
        harmless(text)


def _texts(block: dict[str, object]) -> list[str]:
    parts = block.get("elements") or [block["text"]]
    assert isinstance(parts, list)
    return [part["text"] for part in parts]


def _words(message: Message) -> None:
    assert len(message.push) <= PUSH_LENGTH
    push = fallback(message)
    harmless(push)
    assert "\n" not in push
    assert push.strip()
    text = as_text(message)
    visible(text)
    assert len([line for line in text.split("\n") if line]) == len(message.lines)
    plain = as_plain(message, WARNING)
    harmless(plain)
    assert 0 < len(plain) <= 4000


def _terminal(message: Message) -> None:
    console = Console(file=io.StringIO(), width=100, color_system=None, force_terminal=False)
    ConsolePoster(console).send(Post(key="root:c9@c", kind="root", channel="c", message=message, lead=WARNING))
    assert isinstance(console.file, io.StringIO)
    visible(console.file.getvalue())


class Tags(HTMLParser):
    """Which tags a page has, and where its links lead."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.links: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.links += [value or "" for name, value in attrs if name not in ("class", "lang", "charset", "name")]


def _page(message: Message) -> None:
    seen = Tags(page(Preview("c9", "en", posted(message), ())))
    known = {"html", "head", "meta", "title", "style", "body", "main", "div", "article", "span"}
    assert seen.tags <= known | {"p", "b", "i", "s", "blockquote", "small", "a"}
    links = [link for link in seen.links if ":" in link]
    assert all(link.startswith(("https://", "http://")) for link in links)
