"""A message as Slack's Block Kit: escaped, cut, and inside Slack's limits.

Foreign text is cleaned, then cut on grapheme edges, then escaped, in this order: a cut after escaping could leave half
an entity. Nothing that a newspaper writes can mention, link or format. Limits as documented by Slack, with room:
50 blocks, 3,000 characters in a section; a whole message fails near 13,200 (https://docs.slack.dev/reference/block-kit).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any
from urllib.parse import urlsplit

from services.notify.graphemes import clean, shorten
from services.notify.layout import Button, Line, LineKind, Message, Style, blocks_of
from services.notify.plain import kept_spaces
from services.notify.wording import phrase

SECTION_LIMIT = 2900
MESSAGE_LIMIT = 12_000
#: chat.update takes 4,000 characters of text: docs/slack.md.
PLAIN_LIMIT = 3900
#: What a text without blocks keeps where it is too short for all, the weightiest first.
PLAIN_ORDER: tuple[LineKind, ...] = (
    "headline", "status", "warning", "field", "sources", "section", "bullet", "note", "edited", "quote",
)  # fmt: skip
LINE_LIMITS = (900, 450, 220, 120)
CONTEXT_ITEMS = 10
BUTTON_LIMIT = 75
STYLES: dict[Style, str] = {"plain": "", "bold": "*", "italic": "_", "strike": "~"}
FORMATTING = re.compile(r"[*_~`]")
EMOJI = re.compile(r":(?=[\w+'-]*[A-Za-z][\w+'-]*:|[+-]1:)")
ZERO_WIDTH_SPACE = "\u200b"

Block = dict[str, Any]


def as_blocks(
    message: Message, warnings: Sequence[str] = (), mention: Sequence[str] = (), earlier: str | None = None
) -> list[Block]:
    """The blocks of a message. Before it stand whom it calls by name (`mention`), and `warnings`: that it comes late,
    that it may stand there twice, that it takes the place of an `earlier` one, with its address."""
    marked = _marked(message, warnings, earlier)
    for limit in LINE_LIMITS:
        blocks = [block for lines in blocks_of(message) for block in _block(lines, limit)]
        if marked:
            blocks.insert(0, _context(marked))
        if message.buttons:
            blocks.append(_actions(message.buttons))
        if mention:
            blocks.insert(0, _section(" ".join(map(_named, mention))))
        if _size(blocks) <= MESSAGE_LIMIT and len(blocks) <= 50:
            return blocks
    return blocks[:50]


def as_plain(
    message: Message, warnings: Sequence[str] = (), mention: Sequence[str] = (), earlier: str | None = None
) -> str:
    """The message as one text, for where its blocks do not please: whom it calls by name, its warnings and its links
    are there, and where there is no room for all of it the quotations are left out first, the headline last."""
    head = [*([" ".join(map(_named, mention))] if mention else []), *_marked(message, warnings, earlier)]
    lines = [_line(line, LINE_LIMITS[1]) for line in message.lines]
    room, kept = PLAIN_LIMIT - len("\n".join(head)), set[int]()
    for place in sorted(range(len(lines)), key=lambda place: PLAIN_ORDER.index(message.lines[place].kind)):
        if len(lines[place]) < room:
            kept.add(place)
            room -= len(lines[place]) + 1
    return "\n".join([*head, *(lines[place] for place in sorted(kept))])


def fallback(message: Message) -> str:
    """The one line that a phone and a screen reader get."""
    return escape(clean(message.push))


def escape(text: str) -> str:
    """Text for mrkdwn: the three characters that Slack gives a meaning, and no formatting or emoji by foreign hands.

    https://docs.slack.dev/messaging/formatting-message-text#escaping
    """
    plain = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    plain = EMOJI.sub(":" + ZERO_WIDTH_SPACE, plain)
    return FORMATTING.sub(lambda match: ZERO_WIDTH_SPACE + match.group(), plain)


def as_code(text: str) -> str:
    """Text as a block of code, to be copied letter for letter: Slack formats nothing there, so nothing stands before
    what would be formatted elsewhere; a mark that would end the block is another one of its kind."""
    plain = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("`", "\u2018")
    return f"```{plain}```"


def safe_url(url: str | None) -> str | None:
    """A link that may be printed: http or https with a host and no user name, with Slack's own characters encoded."""
    if url is None or len(url) > 2000 or any(ord(char) < 33 for char in url):
        return None
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.username is not None:
        return None
    for char, code in (("<", "%3C"), (">", "%3E"), ("|", "%7C"), ('"', "%22"), ("&", "&amp;")):
        url = url.replace(char, code)
    return url


def _marked(message: Message, warnings: Sequence[str], earlier: str | None) -> list[str]:
    """The lines before a message, the first of them with the address of the message whose place it takes."""
    marked = [f"⚠ {_cut(clean(words), LINE_LIMITS[1])}" for words in warnings]
    if marked and (link := safe_url(earlier)):
        marked[0] += f" (<{link}|{escape(phrase('earlier_message', message.language))}>)"
    return marked


def _named(whom: str) -> str:
    """A mention in mrkdwn; `whom` is "here", "channel", or the id of a person or a group, as the routes have it.

    https://docs.slack.dev/messaging/formatting-message-text#special-mentions
    """
    if whom in ("here", "channel"):
        return f"<!{whom}>"
    return f"<!subteam^{whom}>" if whom.startswith("S") else f"<@{whom}>"


def _block(lines: list[Line], limit: int) -> list[Block]:
    if lines[0].kind in ("sources", "edited"):
        return [_context([_line(line, limit) for line in lines])]
    return [_section("\n".join(part)) for part in _packed([_line(line, limit) for line in lines])]


def _packed(lines: list[str]) -> list[list[str]]:
    """Lines in portions that fit a section each."""
    portions: list[list[str]] = [[]]
    for line in lines:
        if portions[-1] and sum(map(len, portions[-1])) + len(portions[-1]) + len(line) > SECTION_LIMIT:
            portions.append([])
        portions[-1].append(line)
    return portions


def _section(text: str) -> Block:
    # verbatim: Slack does not look for channel names, mentions and bare links in the text
    return {"type": "section", "text": {"type": "mrkdwn", "text": text, "verbatim": True}}


def _context(texts: list[str]) -> Block:
    elements = [{"type": "mrkdwn", "text": text, "verbatim": True} for text in texts[:CONTEXT_ITEMS]]
    return {"type": "context", "elements": elements}


def _actions(buttons: Sequence[Button]) -> Block:
    """The buttons, in plain text: no name of a country or a person can format one.

    https://docs.slack.dev/reference/block-kit/blocks/actions-block
    """
    elements = [
        {
            "type": "button",
            "action_id": button.action,
            "text": {"type": "plain_text", "text": shorten(clean(button.label), BUTTON_LIMIT), "emoji": False},
            "value": button.value,
            **({"style": button.style} if button.style else {}),
        }
        for button in buttons
    ]
    return {"type": "actions", "elements": elements}


def _line(line: Line, limit: int) -> str:
    """A line in mrkdwn; `limit` counts escaped characters, links apart."""
    bar = "> " if line.kind == "quote" else ""
    parts, room, links = [], limit, SECTION_LIMIT - limit - len(bar)
    for span in line.spans:
        text = _cut(kept_spaces(span.text), room)
        url, mark = safe_url(span.url), STYLES[span.style]
        if url and len(url) + 3 <= links:
            links -= len(url) + 3
            parts.append(f"{mark}<{url}|{text}>{mark}")
        elif text:
            parts.append(f"{mark}{text}{mark}")
        room -= len(text)
        if room <= 0:
            break
    return bar + "".join(parts)


def _cut(text: str, room: int) -> str:
    """Text cut on a grapheme edge and then escaped, so that the escaped form has room."""
    kept = shorten(text, max(room, 1))
    while len(escape(kept)) > room and len(kept) > 1:
        kept = shorten(text, max(min(len(kept) - 1, len(kept) * room // len(escape(kept))), 1))
    return escape(kept)


def _size(blocks: list[Block]) -> int:
    texts = [element["text"] for block in blocks for element in block.get("elements", [block])]
    return sum(len(text if isinstance(text, str) else text["text"]) for text in texts)
