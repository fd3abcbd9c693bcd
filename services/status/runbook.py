"""The pages for whoever is on call at night: which there are, their text, and which one a line of trouble leads to."""

from __future__ import annotations

import re
from functools import lru_cache
from importlib.resources import files
from pathlib import Path

from markdown_it import MarkdownIt

from shared.names import Language

MISSED, LATE, TOO_MUCH = "missed-a-call", "late-or-not-arriving", "too-much-or-wrong"
PAGES = (MISSED, LATE, TOO_MUCH)
_FEEDS = re.compile(
    r"\bfeeds? (?:fail|answered|is watched)|every feed is paused|brought nothing|is not polled:|\bsilent\b"
)
_HANDS = re.compile(r"(?<!\bevery feed is )\bpaused\b|\bmuted\b")


def text_of(page: str, language: Language = "en") -> str:
    """The text of a page (Markdown, as it stands in docs/runbooks). Raises KeyError for a page that there is not."""
    if page not in PAGES:
        raise KeyError(page)
    name = f"{page}.md" if language == "en" else f"{page}.{language}.md"
    packed = files("services.status") / "runbooks" / name
    if packed.is_file():
        return packed.read_text(encoding="utf-8")
    checkout = Path(__file__).parents[2] / "docs" / "runbooks"
    return (checkout / name).read_text(encoding="utf-8")


def title_of(page: str, language: Language = "en") -> str:
    """The first line of a page, without its mark."""
    return text_of(page, language).partition("\n")[0].lstrip("# ")


@lru_cache(maxsize=len(PAGES) * 2)
def html_of(page: str, language: Language = "en") -> str:
    """A page without its title as HTML that may stand in another as it is: HTML within the text shows as text, and
    nothing in it needs a style or a script. Raises KeyError as `text_of` does."""
    rendered: str = (
        MarkdownIt("commonmark", {"html": False})
        .enable("table")
        .disable("image")
        .render(text_of(page, language).partition("\n")[2])
    )
    return rendered


def page_for(line: str) -> str:
    """The page to open for a line that says what is wrong: by default that of alerts that do not arrive."""
    if _HANDS.search(line):
        return TOO_MUCH
    return MISSED if _FEEDS.search(line) else LATE
