"""The HTML of an article page → the words of the article, and nothing of the page around them.

Where the catalogue knows the outlet's own selector, it finds the text in about a millisecond (selectolax); where there
is none, or it finds too little because the page has changed, trafilatura looks for the text. From both, captions,
teasers, author lines and tags are taken out (:mod:`services.ingest.furniture`).
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from msgspec import structs
from selectolax.lexbor import LexborHTMLParser, LexborNode, SelectolaxError

from services.ingest.charsets import decode
from services.ingest.furniture import own_lines, take_boxes_out, take_out, without_furniture
from services.ingest.markup import has_tag_of_many
from services.ingest.text import few_marks, plain_text, tidy, unescaped
from services.ingest.values import Page

ENOUGH = 200  # characters: a selector that finds fewer has probably lost its page
MAX_TEXT = 200_000
MAX_MARKUP = 30_000  # "<" signs: ten times those of a real page; nested, more of them would cost minutes
MAX_SIGNS = 300_000  # "&" signs, and ">": the parser and the general rules take up to 3 µs for each
MAX_FRAGMENT = 3_000  # the same in a feed, which may carry a thousand texts
MAX_ATTRIBUTES = 1000  # of one tag, or of what looks like one in a script: the parser's time grows with their square
MAX_DEPTH = 200  # boxes within boxes: a real page has some thirty, and each paragraph may be looked for through all
_BLOCKS = "p, div, li, ul, ol, h1, h2, h3, h4, h5, h6, br, tr, td, th, dt, dd, blockquote, section, article, figure"
_TOO_DEEP = ">".join("*" * MAX_DEPTH)
_DATES = ("article:published_time", "pubdate", "datePublished")
_LINKED_DATE = re.compile(r'"datePublished"\s*:\s*"([^"]{4,200})"')
_LEADS = ("og:description", "description")


def extract_page(body: bytes, content_type: str = "", selector: str = "", summary: str = "") -> Page:
    """The text of an article page, a paragraph a line. `selector` is the outlet's CSS selector, "" where none is known;
    `summary` what its feed says of the article.

    A page without an article gives `how="nothing"`, one that it would take minutes to read `how="too_large"`, and
    one in no charset that we know `how="garbled"`.
    """
    decoded = decode(body, content_type)
    markup = decoded.text
    if decoded.garbled:
        return Page(text="", how="garbled")
    if _has_too_much(markup):
        return Page(text="", how="too_large")
    # a line break in the source is white space; the breaks that count are those between blocks
    tree = LexborHTMLParser(markup.replace("\r", " ").replace("\n", " "))
    if tree.css_first(_TOO_DEEP) is not None:
        return Page(text="", how="too_large")
    declared = _declared(tree)
    page = Page(text="", how="nothing", published_raw=_published(tree, declared), headline=_headline(tree, declared))
    leads = [lead for lead in (*(declared.get(name) for name in _LEADS), summary) if lead]
    chosen = _by_selector(tree, selector, leads) if selector else ""
    if len(chosen) >= ENOUGH:
        return structs.replace(page, text=chosen[:MAX_TEXT], how="selector")
    general = _generally(markup, leads)
    if len(general) > len(chosen):
        return structs.replace(page, text=general[:MAX_TEXT], how="general")
    return structs.replace(page, text=chosen[:MAX_TEXT], how="selector" if chosen else "nothing")


def _has_too_much(markup: str) -> bool:
    """Whether it would take long to find the words among the markup."""
    many_signs = len(markup) > MAX_SIGNS and max(markup.count("&"), markup.count(">")) > MAX_SIGNS
    return many_signs or markup.count("<") > MAX_MARKUP or has_tag_of_many(markup, MAX_ATTRIBUTES)


def fragment_text(fragment: str) -> str:
    """The text of an article that a feed carries, a paragraph a line, without the furniture that a page's text is
    without; "" where nothing else is in it."""
    markup = fragment if "<" in fragment else unescaped(fragment)  # escaped twice
    tree = _fragment(markup) if "<" in markup else None
    lines = _lines(tree.body) if tree is not None and tree.body is not None else plain_text(markup).split("\n")
    return "\n".join(without_furniture(lines))


def _fragment(markup: str) -> LexborHTMLParser | None:
    """The tree of a fragment; None where it would take long to walk through."""
    if markup.count("<") > MAX_FRAGMENT or has_tag_of_many(markup, MAX_ATTRIBUTES):
        return None
    tree = LexborHTMLParser(markup.replace("\r", " ").replace("\n", " "))
    return tree if tree.css_first(_TOO_DEEP) is None else None


def _by_selector(tree: LexborHTMLParser, selector: str, leads: Sequence[str]) -> str:
    try:
        root = tree.css_first(selector)
    except SelectolaxError:
        return ""
    return "\n".join(own_lines(_lines(root, leads))) if root is not None else ""


def _lines(root: LexborNode, leads: Sequence[str] = ()) -> list[str]:
    take_out(root, leads)
    for node in root.css(_BLOCKS):
        node.insert_before("\n")
        node.insert_after("\n")
    return tidy(root.text()).split("\n")


def _generally(markup: str, leads: Sequence[str]) -> str:
    without = _by_general_rules(_without_boxes(markup, leads))
    return without or _by_general_rules(_without_boxes(markup, leads, shapes=False))


def _by_general_rules(markup: str) -> str:
    import trafilatura  # 0.3 s to import, and a desk whose outlets all have selectors never needs it

    page = few_marks(markup)  # it composes all text that it finds
    found = trafilatura.extract(page, fast=True, include_comments=False, include_tables=False)
    return "\n".join(own_lines(tidy(found or "").split("\n")))


def _without_boxes(markup: str, leads: Sequence[str], *, shapes: bool = True) -> str:
    """The page without boxes of links and paragraphs that are one link: the general rules take them for text."""
    tree = LexborHTMLParser(markup)
    if tree.body is not None:
        take_boxes_out(tree.body, leads, shapes=shapes)
    return tree.html or ""


def _declared(tree: LexborHTMLParser) -> dict[str, str]:
    """What the page declares of itself: the first words under each name."""
    found: dict[str, str] = {}
    for node in tree.css("meta[content]"):
        said = node.attributes
        name = said.get("property") or said.get("name") or said.get("itemprop") or ""
        content = (said.get("content") or "").strip()
        if content:
            found.setdefault(name, content)
    return found


def _headline(tree: LexborHTMLParser, declared: Mapping[str, str]) -> str:
    shown = tree.css_first("h1") if "og:title" not in declared else None
    return tidy(declared.get("og:title") or (shown.text() if shown is not None else ""))[:300]


def _published(tree: LexborHTMLParser, declared: Mapping[str, str]) -> str | None:
    """The date that the page declares of its article; the first one that it shows, which may be another article's,
    where it declares none."""
    told = [declared[name] for name in _DATES if name in declared] or _linked_dates(tree)
    shown = tree.css_first("time[datetime]") if not told else None
    told += [(shown.attributes.get("datetime") or "").strip()] if shown is not None else []
    return next((words[:200] for words in told if words), None)


def _linked_dates(tree: LexborHTMLParser) -> list[str]:
    """The dates in the linked data of the page (https://schema.org/datePublished), read as text: what is there may be
    no sound JSON."""
    found = (_LINKED_DATE.search(node.text()) for node in tree.css('script[type="application/ld+json"]'))
    return [date[1].strip() for date in found if date]
