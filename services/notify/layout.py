"""A message as values, before any channel: lines of styled spans. Slack and the terminal each draw the same lines."""

from __future__ import annotations

import datetime as dt
from typing import Literal, TypeAlias

import msgspec

from shared.names import Language
from shared.records import CallFacts, Comparison

Style = Literal["plain", "bold", "italic", "strike"]
LineKind = Literal["headline", "status", "field", "warning", "section", "bullet", "note", "quote", "sources", "edited"]


class Span(msgspec.Struct, frozen=True):
    """A run of text in one style; `url` makes it a link where it is http(s)."""

    text: str
    style: Style = "plain"
    url: str | None = None


Spans: TypeAlias = tuple[Span, ...]


class Line(msgspec.Struct, frozen=True):
    """One line of a message. Lines of different blocks (head, facts, comparison, quotations) are set apart."""

    kind: LineKind
    spans: Spans

    @property
    def text(self) -> str:
        """The words of the line without styles and links."""
        return "".join(span.text for span in self.spans)


class Button(msgspec.Struct, frozen=True):
    """Something an editor can say with a click: `action` is what, `value` of what."""

    action: str
    label: str
    value: str
    style: Literal["", "primary", "danger"] = ""


class Message(msgspec.Struct, frozen=True):
    """A rendered message. `push` is the news in at most 80 characters: what a phone shows."""

    push: str
    language: Language
    lines: tuple[Line, ...]
    buttons: tuple[Button, ...] = ()

    @property
    def headline(self) -> str:
        """The words of the first line."""
        return self.lines[0].text


class Edit(msgspec.Struct, frozen=True):
    """An edit of the root that a reader is told of: when, and the names of the facts that it brought."""

    at: dt.datetime
    what: tuple[str, ...]


class Withdrawal(msgspec.Struct, frozen=True):
    """A root that turned out to be no call: who says so, when and why. It is struck through, never deleted.

    Without a reason it is the article that no longer tells of it. `told_twice`: it is a call that has another root.
    """

    by: str
    at: dt.datetime
    why: str
    told_twice: bool = False


class Word(msgspec.Struct, frozen=True):
    """What an editor said of a call and has not taken back: confirm, own, drop, merge, split or mute. `until` is a
    mute's; `about` is the report of a split."""

    id: int
    kind: str
    by: str
    at: dt.datetime
    until: dt.datetime | None = None
    about: str = ""


class CallView(msgspec.Struct, frozen=True, kw_only=True):
    """All that a message is made of: the call as it is known now, its comparison, and the ledger's side of it.

    `article_at` is when the first article that tells its present status came out, `late_since` when the one that was
    told late did; `edits` are the earlier edits, oldest first. `shows_id`: the message names the call by the id that
    the commands take. `words` are the editors' own, None where nobody hears what a button says. `report` is the one
    that a reply tells of, as a hand on the history names it.
    """

    call_id: str
    facts: CallFacts
    comparison: Comparison | None = None
    article_at: dt.datetime | None = None
    edits: tuple[Edit, ...] = ()
    late_since: dt.datetime | None = None
    page_url: str | None = None
    shows_id: bool = False
    words: tuple[Word, ...] | None = None
    report: str = ""
    withdrawn: Withdrawal | None = None


#: Lines of one block stand together; a block is set apart from the next.
BLOCK_OF: dict[LineKind, int] = {
    "headline": 0, "status": 0, "field": 1, "warning": 1, "section": 2, "bullet": 2, "note": 2,
    "quote": 3, "sources": 4, "edited": 4,
}  # fmt: skip


def blocks_of(message: Message) -> list[list[Line]]:
    """The lines of a message in its blocks: head, facts, comparison, quotations, sources."""
    blocks: list[list[Line]] = []
    for line in message.lines:
        if not blocks or BLOCK_OF[blocks[-1][-1].kind] != BLOCK_OF[line.kind]:
            blocks.append([])
        blocks[-1].append(line)
    return blocks


def bold(text: str) -> Span:
    """A bold run of text."""
    return Span(text, "bold")


def joined(items: list[Spans], separator: str) -> Spans:
    """Runs of spans with a separator between them."""
    spans: list[Span] = []
    for item in items:
        if spans:
            spans.append(Span(separator))
        spans.extend(item)
    return tuple(spans)
