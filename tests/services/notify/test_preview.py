"""The page that looks like Slack's: mrkdwn read as Slack reads it, everything else text, nothing from elsewhere."""

from __future__ import annotations

from html.parser import HTMLParser

import pytest

from services.notify.layout import Line, Message, Span
from services.notify.message import render_root
from services.notify.preview import Posted, Preview, mrkdwn, page, posted
from services.notify.update import render_update
from tests.services.notify.seed_calls import MESSAGE_8
from tests.services.notify.variations import ROOTS, UPDATES

HOSTILE = "<!channel> <script>alert(1)</script> \"' <https://evil.example|click> *bold* _it_ & &amp;"
OPEN_ENDED = {"meta"}


class Tree(HTMLParser):
    """The tags of a page, checked to close in order, and its words."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.links: list[str] = []
        self.words: list[str] = []
        self._open: list[str] = []
        self.feed(text)
        self.close()
        assert self._open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.links += [value or "" for name, value in attrs if name in ("href", "src")]
        if tag not in OPEN_ENDED:
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.words.append(data)


def seen(message: Message, *replies: Message) -> Tree:
    return Tree(page(Preview("c1", message.language, posted(message), tuple(posted(reply) for reply in replies))))


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("*bold* and _italic_ and ~gone~", "<b>bold</b> and <i>italic</i> and <s>gone</s>"),
        ("*_both_*", "<b><i>both</i></b>"),
        ("\u200b*not bold\u200b*", "\u200b*not bold\u200b*"),
        ("snake_case_name 2*3*4", "snake_case_name 2*3*4"),
        ("<https://a.example/?x=1&amp;y=2|Báo>", '<a href="https://a.example/?x=1&amp;y=2">Báo</a>'),
        ("<https://a.example>", '<a href="https://a.example">https://a.example</a>'),
        ("<!here> <@U1|lan>", '<span class="mention">@here</span> <span class="mention">@U1</span>'),
        ("&lt;!here&gt; &amp; &quot;", "&lt;!here&gt; &amp; &quot;"),
        ("<javascript:alert(1)|x>", "&lt;javascript:alert(1)|x&gt;"),
    ],
)
def test_mrkdwn_is_read_as_slack_reads_it(text: str, html: str) -> None:
    assert mrkdwn(text) == html


def test_quoted_lines_stand_apart() -> None:
    block = {"type": "section", "text": {"type": "mrkdwn", "text": "*a*\nb\n> c\n> d"}}
    text = page(Preview("c1", "en", Posted("a", [block]), ()))
    assert "<p><b>a</b>\nb</p><blockquote>c</blockquote><blockquote>d</blockquote>" in text


def test_a_page_shows_the_push_line_the_root_and_its_thread() -> None:
    call, judgement, report = UPDATES["4-update"]
    root = render_root(MESSAGE_8, "vi", "Asia/Ho_Chi_Minh")
    tree = seen(root, render_update(call, judgement, report, "vi", "Asia/Ho_Chi_Minh"))
    words = "".join(tree.words)
    assert words.index(f"Push: {root.push}") < words.index("ĐÃ DIỄN RA") < words.index("Cập nhật: ")
    assert tree.tags.count("article") == 2


@pytest.mark.parametrize("name", sorted(ROOTS))
def test_every_message_makes_a_page_that_closes_its_tags_and_loads_nothing(name: str) -> None:
    tree = seen(render_root(ROOTS[name], "en", "Asia/Ho_Chi_Minh"))
    assert not {"script", "img", "link", "iframe"} & set(tree.tags)
    assert all(link.startswith(("https://", "http://")) for link in tree.links)


def test_foreign_text_stays_text() -> None:
    message = Message(HOSTILE, "en", (Line("headline", (Span(HOSTILE, "bold"),)), Line("sources", (Span(HOSTILE),))))
    tree = seen(message)
    assert not {"script", "a", "i"} & set(tree.tags)
    assert tree.tags.count("b") == 1
    assert "".join(tree.words).count("<!channel> <script>") == 4  # title, push line, headline, sources
    assert 'class="mention"' not in page(Preview("c1", "en", posted(message), ()))
