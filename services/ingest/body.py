"""The HTML of an article page → the words of the article, and nothing of the page around them.

Where the catalogue knows the outlet's own selector, it finds the text in about a millisecond (selectolax); where there
is none, or it finds too little because the page has changed, trafilatura looks for the text. From both, captions,
teasers, author lines and tags are taken out; what they look like is data (`data/furniture.csv`).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import NamedTuple

from selectolax.lexbor import LexborHTMLParser, LexborNode, SelectolaxError

from services.ingest.charsets import decode
from services.ingest.text import few_marks, tidy
from services.ingest.values import Page
from shared.data_files import data_of

ENOUGH = 200  # characters: a selector that finds fewer has probably lost its page
MAX_TEXT = 200_000
MAX_MARKUP = 30_000  # "<" signs: ten times those of a real page; nested, more of them would cost minutes
_BLOCKS = "p, div, li, ul, ol, h1, h2, h3, h4, h5, h6, br, tr, blockquote, section, article, figure"
_WHOLE = {"html", "body", "main", "article"}  # whatever their class says, they are no box
_SENTENCE_END = tuple('.!?…:;"”’)')
_DATES = (
    ('meta[property="article:published_time"]', "content"),
    ('meta[name="pubdate"]', "content"),
    ('meta[itemprop="datePublished"]', "content"),
    ("time[datetime]", "datetime"),
)


def extract_page(body: bytes, content_type: str = "", selector: str = "") -> Page:
    """The text of an article page, a paragraph a line. `selector` is the outlet's CSS selector, "" where none is known.

    Never fails: a page without an article gives `how="nothing"`.
    """
    markup = decode(body, content_type).text
    if markup.count("<") > MAX_MARKUP:
        return Page(text="", how="nothing")
    # a line break in the source is white space; the breaks that count are those between blocks
    tree = LexborHTMLParser(markup.replace("\r", " ").replace("\n", " "))
    published = _published(tree)
    chosen = _by_selector(tree, selector) if selector else ""
    if len(chosen) >= ENOUGH:
        return Page(text=chosen[:MAX_TEXT], how="selector", published_raw=published)
    general = _generally(markup)
    if len(general) > len(chosen):
        return Page(text=general[:MAX_TEXT], how="general", published_raw=published)
    return Page(text=chosen[:MAX_TEXT], how="selector" if chosen else "nothing", published_raw=published)


def without_furniture(lines: list[str]) -> list[str]:
    """The lines that are the article's own: no teasers and credits, no author's name under it."""
    furniture = _furniture().lines
    kept = [line for line in lines if line and not furniture.match(line)]
    while kept and _is_signature(kept[-1]):
        kept.pop()
    return kept


def _by_selector(tree: LexborHTMLParser, selector: str) -> str:
    try:
        root = tree.css_first(selector)
    except SelectolaxError:
        return ""
    if root is None:
        return ""
    _remove(root.css(_furniture().elements))
    _remove(_teasers(root))
    for node in root.css(_BLOCKS):
        node.insert_before("\n")
        node.insert_after("\n")
    return "\n".join(without_furniture(tidy(root.text()).split("\n")))


def _teasers(root: LexborNode) -> list[LexborNode]:
    return [link.parent for link in root.css("a") if link.parent is not None and _is_teaser(link, link.parent)]


def _is_teaser(link: LexborNode, parent: LexborNode) -> bool:
    """A paragraph that is one link from end to end leads to another article."""
    words = link.text().strip()
    return parent.tag in {"p", "li", "h2", "h3", "h4"} and words != "" and parent.text().strip() == words


def _remove(nodes: list[LexborNode]) -> None:
    """Take nodes out of their tree. A node inside another one is freed with it and must not be touched again."""
    doomed = {node.mem_id: node for node in nodes}
    for node in [node for node in doomed.values() if not _inside(node, doomed)]:
        node.decompose()


def _inside(node: LexborNode, others: Mapping[int, LexborNode]) -> bool:
    parent = node.parent
    while parent is not None:
        if parent.mem_id in others:
            return True
        parent = parent.parent
    return False


def _generally(markup: str) -> str:
    import trafilatura  # 0.3 s to import, and a desk whose outlets all have selectors never needs it

    page = few_marks(_without_boxes(markup))  # it composes all text that it finds
    found = trafilatura.extract(page, fast=True, include_comments=False, include_tables=False)
    return "\n".join(without_furniture(tidy(found or "").split("\n")))


def _without_boxes(markup: str) -> str:
    """The page without boxes of links and paragraphs that are one link: the general rules take them for text."""
    tree = LexborHTMLParser(markup)
    if tree.body is not None:
        _remove([node for node in tree.body.css(_furniture().boxes) if node.tag not in _WHOLE])
        _remove(_teasers(tree.body))
    return tree.html or ""


def _is_signature(line: str) -> bool:
    """A last line like "Huyền Lê (Theo Reuters)" names agencies and stays; "Huyền Lê" and "TTXVN/Vietnam+" do not."""
    return len(line.split()) <= 6 and not line.endswith(_SENTENCE_END) and "theo" not in line.lower()


def _published(tree: LexborHTMLParser) -> str | None:
    for selector, attribute in _DATES:
        node = tree.css_first(selector)
        value = (node.attributes.get(attribute) or "").strip() if node is not None else ""
        if value:
            return value[:200]
    return None


class _Furniture(NamedTuple):
    """CSS selectors of what is no text within an article, of the boxes among it that are none anywhere on a page, and
    the beginnings of lines that are none."""

    elements: str
    boxes: str
    lines: re.Pattern[str]


@lru_cache(maxsize=1)
def _furniture() -> _Furniture:
    rows = data_of("ingest").rows("furniture.csv")
    return _Furniture(
        elements=", ".join(row["pattern"] for row in rows if row["kind"] in {"element", "box"}),
        boxes=", ".join(row["pattern"] for row in rows if row["kind"] == "box"),
        lines=re.compile("|".join(row["pattern"] for row in rows if row["kind"] == "line"), re.IGNORECASE),
    )
