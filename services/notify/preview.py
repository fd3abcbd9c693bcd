"""A message as a page that looks like Slack's, drawn from the very blocks that Slack would get.

One HTML file with its own style, no script and nothing from elsewhere. Slack's mrkdwn is read as Slack reads it: bold,
italic, struck through, quotations, links, mentions; everything else is text. Pure.
https://docs.slack.dev/messaging/formatting-message-text
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from html import escape, unescape
from typing import Any

import msgspec

from services.notify.blocks import Block, as_blocks, fallback
from services.notify.layout import Message
from shared.names import Language


class Posted(msgspec.Struct, frozen=True):
    """A message as Slack would get it: the line of text for phones, and the blocks."""

    text: str
    blocks: list[Block]


class Preview(msgspec.Struct, frozen=True):
    """A root and the replies in its thread."""

    call_id: str
    language: Language
    root: Posted
    thread: tuple[Posted, ...]


TAGS = {"*": "b", "_": "i", "~": "s"}
# a mark behind a zero-width space is foreign text: Slack formats only where a mark stands at the edge of a word
INLINE = re.compile(
    r"<(?P<link>https?:[^<>|]*)(?:\|(?P<words>[^<>]*))?>"
    r"|<(?P<mention>[!@#][^<>]*)>"
    r"|(?<![\w\u200b])(?P<mark>[*_~])(?P<inner>[^\s\u200b](?:.*?[^\s\u200b])?)(?P=mark)(?!\w)"
)
STYLE = (
    "body{margin:0;background:#f8f8f8;color:#1d1c1d;font:15px/1.46 Lato,'Helvetica Neue',Arial,sans-serif}"
    "main{max-width:46rem;margin:2rem auto;background:#fff;border:1px solid #ddd;border-radius:8px;padding:1rem}"
    "article{display:flex;gap:.6rem;margin:.6rem 0}article>div{min-width:0}"
    ".face{flex:none;width:36px;height:36px;border-radius:6px;background:#b00020;color:#fff;text-align:center;"
    "font:20px/36px sans-serif}.name{font-weight:900}.app{background:#e8e8e8;color:#616061;border-radius:2px;"
    "font-size:10px;font-weight:700;padding:1px 3px;margin-left:.3rem;vertical-align:2px}"
    "p{margin:.25rem 0 .6rem;white-space:pre-wrap;overflow-wrap:anywhere}"
    "blockquote{margin:.15rem 0;border-left:4px solid #ddd;padding-left:.75rem;white-space:pre-wrap;"
    "overflow-wrap:anywhere}small{display:block;color:#616061;font-size:13px;white-space:pre-wrap;"
    "overflow-wrap:anywhere}a{color:#1264a3;text-decoration:none}a:hover{text-decoration:underline}"
    ".mention{background:#fff1c2;color:#1264a3}.thread{margin-left:46px;border-left:2px solid #ddd;padding-left:.75rem}"
    ".button{display:inline-block;border:1px solid #bbb;border-radius:4px;padding:2px 10px;margin:.4rem .4rem 0 0;"
    "font-size:13px;font-weight:700}.primary{background:#007a5a;color:#fff}.danger{background:#e01e5a;color:#fff}"
    ".push{color:#616061;font-size:13px;border-bottom:1px solid #ddd;padding-bottom:.6rem}"
)


def posted(message: Message) -> Posted:
    """What Slack would get of a message."""
    return Posted(fallback(message), as_blocks(message))


def page(preview: Preview) -> str:
    """The whole page: the push line, the root, and its thread."""
    replies = "".join(_article(reply) for reply in preview.thread)
    thread = f'<div class="thread">{replies}</div>' if replies else ""
    return (
        f'<!doctype html>\n<html lang="{preview.language}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width">'
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">"
        f"<title>{escape(unescape(preview.root.text))}</title><style>{STYLE}</style></head>\n<body><main>"
        f'<div class="push">Push: {mrkdwn(preview.root.text)}</div>\n'
        f"{_article(preview.root)}{thread}</main></body></html>\n"
    )


def _article(message: Posted) -> str:
    blocks = "\n".join(_block(block) for block in message.blocks)
    head = '<span class="name">Redphone</span><span class="app">APP</span>'
    return f'<article><div class="face">\N{BLACK TELEPHONE}</div><div>{head}\n{blocks}</div></article>\n'


def _block(block: Block) -> str:
    if block["type"] == "context":
        return "".join(f"<small>{mrkdwn(element['text'])}</small>" for element in block["elements"])
    if block["type"] == "actions":
        return "".join(
            f'<span class="button {element.get("style", "")}">{_plain(element["text"]["text"])}</span>'
            for element in block["elements"]
        )
    return "".join(_paragraphs(block["text"]["text"].split("\n")))


def _paragraphs(lines: Sequence[str]) -> Iterable[str]:
    """Lines that stand together as one paragraph; each quoted line by itself."""
    plain: list[str] = []
    for line in [*lines, "> "]:
        if not line.startswith("> "):
            plain.append(mrkdwn(line))
            continue
        if plain:
            yield f"<p>{chr(10).join(plain)}</p>"
            plain = []
        if line[2:]:
            yield f"<blockquote>{mrkdwn(line[2:])}</blockquote>"


def mrkdwn(text: str) -> str:
    """One line of mrkdwn as HTML. What Slack would show as text is text here, escaped."""
    parts, done = [], 0
    for match in INLINE.finditer(text):
        parts += [_plain(text[done : match.start()]), _styled(match)]
        done = match.end()
    return "".join([*parts, _plain(text[done:])])


def _styled(match: re.Match[str]) -> str:
    found: dict[str, Any] = match.groupdict()
    if found["link"]:
        address = escape(unescape(found["link"]))
        return f'<a href="{address}">{_plain(found["words"]) if found["words"] else address}</a>'
    if found["mention"]:
        return f'<span class="mention">@{_plain(found["mention"][1:].partition("|")[0])}</span>'
    tag = TAGS[found["mark"]]
    return f"<{tag}>{mrkdwn(found['inner'])}</{tag}>"


def _plain(text: str) -> str:
    return escape(unescape(text))
