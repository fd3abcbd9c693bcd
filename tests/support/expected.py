"""What a replay of the seeds must give: `seeds/expected/`, written anew by `make expected`.

`docs/alert.svg`, the picture in the README, is the root of the last article's lead, drawn by the terminal's poster.
`lines.jsonl` are the lines of `redphone replay seeds/ --json`; `messages.en.txt` and `messages.vi.txt` are the messages
as the desk reads them, edits included, in the order in which they were sent.
"""

from __future__ import annotations

import datetime as dt
import io
import itertools
import re
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from rich._export_format import CONSOLE_SVG_FORMAT
from rich.console import Console

from redphone.articles import in_order, read_articles
from redphone.lines import encode
from redphone.replay import Replay
from services.notify.burst import IN_FULL
from services.notify.console import ConsolePoster
from services.notify.plain import as_text
from services.notify.poster import CannotLook, Found, Outcome, Post, Sent
from shared import db
from shared.names import LANGUAGES, Language
from shared.settings import Settings

ROOT = Path(__file__).parents[2]


class Desk:
    """A poster with a memory."""

    interval_s = 0.0

    def __init__(self) -> None:
        self.posts: list[Post] = []
        self._numbers = itertools.count(1)

    def send(self, post: Post) -> Outcome:
        self.posts.append(post)
        return Sent(post.ts or f"desk-{next(self._numbers)}")

    def find(self, post: Post, since: dt.datetime) -> Found:
        return CannotLook("a memory needs no looking", ever=False)

    def wait(self, seconds: float) -> None:
        """Time passes by itself."""


def played(language: Language, **others: Any) -> tuple[list[str], Sequence[tuple[str, Post]]]:
    """The seeds replayed in a fresh database: the lines, and each message under the id of its article. `others`: more
    settings, by their names."""
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/seeds.sqlite"
        db.migrate(url)
        desk = Desk()
        lines: list[str] = []
        told: list[tuple[str, Post]] = []
        replay = Replay(db.sessions_for(url), Settings(language=language, **others), desk)
        for now, article in in_order(read_articles(str(ROOT / "seeds"), dated=True)):
            lines.append(encode(replay.play(article, now).line))
            told += [(article.id, post) for post in desk.posts[len(told) :]]
        db.close(url)
    return lines, told


def _kind(post: Post) -> str:
    return "in full" if post.kind == "update" and post.key.startswith(IN_FULL) else post.kind


def lead_of_last(told: Sequence[tuple[str, Post]]) -> Post:
    """The root that the last article's lead makes: the one with the most to compare."""
    return next(post for article, post in told if article == told[-1][0] and post.kind == "root")


def picture(post: Post) -> str:
    """A message as the terminal shows it, as SVG with the reader's own fonts."""
    console = Console(record=True, width=100, file=io.StringIO(), color_system="truecolor", force_terminal=True)
    ConsolePoster(console).send(post)
    local = re.sub(r"@font-face \{.*?\}\n", "", CONSOLE_SVG_FORMAT, flags=re.DOTALL)
    return console.export_svg(title="Redphone", code_format=local, unique_id="alert")


def files() -> dict[str, str]:
    """The expected files by their path in the project."""
    found: dict[str, str] = {}
    for language in LANGUAGES:
        lines, told = played(language)
        text = "".join(f"{line}\n" for line in lines)
        if found.setdefault("seeds/expected/lines.jsonl", text) != text:
            raise AssertionError(f"the lines of a replay change with the language {language}")
        found[f"seeds/expected/messages.{language}.txt"] = "\n".join(
            f"=== {_kind(post)} after {article}\n{as_text(post.message)}\n" for article, post in told
        )
        if language == "en":
            found["docs/alert.svg"] = picture(lead_of_last(told))
    return found


if __name__ == "__main__":
    for name, text in files().items():
        (ROOT / name).parent.mkdir(exist_ok=True)
        (ROOT / name).write_text(text, encoding="utf-8")
