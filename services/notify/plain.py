"""A message as plain text, with *bold*, _italic_ and > quotations: for golden files and plain terminals."""

from __future__ import annotations

from services.notify.graphemes import clean
from services.notify.layout import Line, Message, Span, Style, blocks_of

MARKS: dict[Style, str] = {"plain": "", "bold": "*", "italic": "_", "strike": "~"}


def as_text(message: Message) -> str:
    """The whole message; blocks are set apart by an empty line, the sources follow the quotations directly."""
    blocks = ["\n".join(_line(line) for line in lines) for lines in blocks_of(message)]
    text = "\n\n".join(blocks[:-1])
    return f"{text}\n{blocks[-1]}\n" if text else f"{blocks[-1]}\n"


def _line(line: Line) -> str:
    bar = "> " if line.kind == "quote" else ""
    return bar + "".join(_span(span) for span in line.spans)


def _span(span: Span) -> str:
    mark = MARKS[span.style]
    return f"{mark}{kept_spaces(span.text)}{mark}"


def kept_spaces(text: str) -> str:
    """Cleaned text that keeps the spaces at its ends and between a label and its value."""
    inner = clean(text)
    if not inner:
        return " " * len(text)
    before, after = len(text) - len(text.lstrip(" ")), len(text) - len(text.rstrip(" "))
    return " " * before + inner + " " * after
