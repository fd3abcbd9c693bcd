"""The terminal as a channel: alerts as the desk would see them in Slack, replies indented, edits in one line.

A printed message cannot change, so the poster keeps the edited ones; `show_edited` prints them as they stand now.
"""

from __future__ import annotations

import datetime as dt
import itertools

import msgspec
from rich.console import Console
from rich.padding import Padding
from rich.panel import Panel
from rich.style import Style
from rich.text import Text

from services.notify.blocks import safe_url
from services.notify.layout import Line, Message, Span, blocks_of
from services.notify.plain import kept_spaces
from services.notify.poster import CannotLook, Found, Outcome, Post, Sent
from services.notify.wording import phrase

STYLES = {"plain": "", "bold": "bold", "italic": "italic", "strike": "strike"}
LINE_STYLES = {"headline": "bold", "quote": "italic", "sources": "dim", "edited": "dim", "warning": "yellow"}
WIDTH = 100


class ConsolePoster:
    """Prints to a terminal; timestamps are a running number.

    `evidence` is the command that shows all evidence, with `{call}` for the id of the call: a terminal has no page to
    link to. Without it a message says what it says elsewhere.
    """

    interval_s = 0.0

    def __init__(self, console: Console | None = None, evidence: str = "") -> None:
        self._console = console or Console(highlight=False)
        self._evidence = evidence
        self._numbers = itertools.count(1)
        self._edited: dict[str, Post] = {}

    def send(self, post: Post) -> Outcome:
        """Print a message. A terminal has no message to change, so an edit is one line that says what is new."""
        if post.kind == "edit":
            self._console.print(edit_line(post.message))
            self._edited[post.ts or ""] = post
            return Sent(post.ts or "")
        if post.mention:
            self._console.print(Text(" ".join(f"@{whom}" for whom in post.mention), "bold"))
        for words in post.warnings:
            self._console.print(Text(f"⚠ {words}", "yellow"))
        panel = self._panel(post)
        self._console.print(Padding(panel, (0, 0, 0, 4)) if post.kind == "update" else panel)
        return Sent(f"console-{next(self._numbers)}")

    def show_edited(self) -> None:
        """Print the messages that were edited, as they stand now, in the order of their first edit."""
        for post in self._edited.values():
            self._console.rule(f"[dim]{phrase('as_it_stands', post.message.language)}", align="left", style="dim")
            self._console.print(self._panel(post))

    def _panel(self, post: Post) -> Panel:
        return Panel(as_rich(self._led(post)), width=min(WIDTH, self._console.width), padding=(0, 1))

    def _led(self, post: Post) -> Message:
        """The message with the command behind its words "all evidence", where these lead nowhere: on a line of its own,
        so that it is broken as seldom as may be."""
        if not self._evidence or post.kind == "update":
            return post.message
        words = phrase("all_evidence", post.message.language)
        command = self._evidence.replace("{call}", call_of(post.key))
        lines = tuple(part for line in post.message.lines for part in _parted(line, words, command))
        return msgspec.structs.replace(post.message, lines=lines)

    def find(self, post: Post, since: dt.datetime) -> Found:
        """A terminal cannot be read."""
        return CannotLook("a terminal cannot be read", ever=False)

    def wait(self, seconds: float) -> None:
        """A terminal needs no pause."""


def as_rich(message: Message) -> Text:
    """A message as styled text. Foreign text is never read as markup."""
    return Text("\n\n").join(_lines(lines) for lines in blocks_of(message))


def call_of(key: str) -> str:
    """The call's id out of the key of a root or its edit: `root:CALL@CHANNEL`, `edit:CALL@CHANNEL#2`."""
    return key.partition(":")[2].partition("@")[0]


def _parted(line: Line, words: str, command: str) -> tuple[Line, ...]:
    """A line, and behind it the command in the place of words that lead nowhere."""
    place = next((i for i, span in enumerate(line.spans) if span.text == words and span.url is None), None)
    if place is None:
        return (line,)
    spans = (*line.spans[: place - 1], *line.spans[place + 1 :])  # with the separator before the words
    return Line(line.kind, spans), Line(line.kind, (Span(f"{words}: {command}"),))


def edit_line(message: Message) -> Text:
    """An edit in one line: the headline as it is now, and when what was edited."""
    edited = next((line.text for line in message.lines if line.kind == "edited"), "")
    return Text.assemble(("✎ ", "dim"), (message.headline, "dim bold"), (f"  {edited}", "dim"))


def _lines(lines: list[Line]) -> Text:
    return Text("\n").join(_line(line) for line in lines)


def _line(line: Line) -> Text:
    text = Text("┃ " if line.kind == "quote" else "", LINE_STYLES.get(line.kind, ""))
    for span in line.spans:
        text.append(kept_spaces(span.text), _style(span))
    return text


def _style(span: Span) -> Style:
    link = safe_url(span.url)
    return Style.parse(STYLES[span.style] or "none") + (Style(link=link) if link else Style())
