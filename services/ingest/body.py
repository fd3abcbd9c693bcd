"""The HTML of an article page → the words of the article, and nothing of the page around them.

Where the catalogue knows the outlet's own selector, it finds the text in about a millisecond (selectolax); where there
is none, or it finds too little because the page has changed, trafilatura looks for the text. From both, captions,
teasers, author lines and tags are taken out; what they look like is data (`data/furniture.csv`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import NamedTuple

from selectolax.lexbor import LexborHTMLParser, LexborNode, SelectolaxError

from services.ingest.charsets import decode
from services.ingest.markup import has_tag_of_many
from services.ingest.text import few_marks, tidy
from services.ingest.values import Page
from shared.data_files import data_of

ENOUGH = 200  # characters: a selector that finds fewer has probably lost its page
MAX_TEXT = 200_000
MAX_MARKUP = 30_000  # "<" signs: ten times those of a real page; nested, more of them would cost minutes
MAX_ATTRIBUTES = 1000  # of one tag, or of what looks like one in a script: the parser's time grows with their square
MAX_DEPTH = 200  # boxes within boxes: a real page has some thirty, and each paragraph may be looked for through all
_BLOCKS = "p, div, li, ul, ol, h1, h2, h3, h4, h5, h6, br, tr, blockquote, section, article, figure"
_WHOLE = {"html", "body", "main", "article"}  # whatever their class says, they are no box
_INLINE = {"a", "b", "strong", "em", "i", "u", "span", "font", "small"}
_PARAGRAPHS = {"p", "li", "h2", "h3", "h4", "td", "div"}
_HELD = "p, div, ul, ol, table, h2, h3, h4"  # a div with these is a box of paragraphs, and else a paragraph
_DEEPEST = 10  # marks of style around a link, <b><i>…: nested deeper, every link would climb through all of them
_MOST_LINKS = 100  # in a teaser
_TOO_DEEP = ">".join("*" * MAX_DEPTH)
_PICTURES = {"figure", "img", "picture"}
_CAPTION = 40  # words: a paragraph in italics under a picture that has more is a statement
_CREDIT = 60  # words: a line that ends with the name of a photographer and has more is a paragraph
_NAME = 6
_SENTENCE_END = tuple('.!?…:;"”’)')
_COMPILED = re.compile(r"\s+\(?(?:tổng hợp|(?:biên |lược )?dịch|ghi)\)?$", re.IGNORECASE)
_DATES = (
    ('meta[property="article:published_time"]', "content"),
    ('meta[name="pubdate"]', "content"),
    ('meta[itemprop="datePublished"]', "content"),
    ("time[datetime]", "datetime"),
)


def extract_page(body: bytes, content_type: str = "", selector: str = "") -> Page:
    """The text of an article page, a paragraph a line. `selector` is the outlet's CSS selector, "" where none is known.

    A page without an article gives `how="nothing"`, one that it would take minutes to read `how="too_large"`, and
    one in no charset that we know `how="garbled"`.
    """
    decoded = decode(body, content_type)
    markup = decoded.text
    if decoded.garbled:
        return Page(text="", how="garbled")
    if markup.count("<") > MAX_MARKUP or has_tag_of_many(markup, MAX_ATTRIBUTES):
        return Page(text="", how="too_large")
    # a line break in the source is white space; the breaks that count are those between blocks
    tree = LexborHTMLParser(markup.replace("\r", " ").replace("\n", " "))
    if tree.css_first(_TOO_DEEP) is not None:
        return Page(text="", how="too_large")
    published = _published(tree)
    chosen = _by_selector(tree, selector) if selector else ""
    if len(chosen) >= ENOUGH:
        return Page(text=chosen[:MAX_TEXT], how="selector", published_raw=published)
    general = _generally(markup)
    if len(general) > len(chosen):
        return Page(text=general[:MAX_TEXT], how="general", published_raw=published)
    return Page(text=chosen[:MAX_TEXT], how="selector" if chosen else "nothing", published_raw=published)


def without_furniture(lines: list[str]) -> list[str]:
    """The lines that are the article's own: no teasers, captions and credits, no author's name under it. Nothing where
    there is no sentence among them."""
    kept = [line for line in lines if line and not _is_furniture(line)]
    if not any(len(line.split()) > _NAME or line.endswith(_SENTENCE_END) for line in kept):
        return []
    names = 0
    while names < len(kept) and _is_name(kept[-1 - names]):
        names += 1
    listed = names > 2 or (names < len(kept) and kept[-1 - names].endswith(":"))  # nobody signs three times
    return kept[: len(kept) - names] if not listed else kept


def _is_furniture(line: str) -> bool:
    furniture = _furniture()
    credited = furniture.ends.search(line.rstrip(" ).")) is not None and len(line.split()) <= _CREDIT
    return credited or furniture.lines.match(line) is not None


def _is_name(line: str) -> bool:
    """A last line like "Nguyễn An (Theo Reuters)" names agencies and stays; "Huyền Lê", "TTXVN/Vietnam+" and "Bảo Châu
    tổng hợp" do not. What has a word in small letters is said, not signed."""
    name = _COMPILED.sub("", line)
    words = [word for word in re.split(r"[\s/&,–-]+", name) if word and word != "và"]
    signed = 0 < len(words) <= _NAME and not name.endswith(_SENTENCE_END) and "theo" not in line.lower()
    return signed and all(word[0].isupper() for word in words)


def _by_selector(tree: LexborHTMLParser, selector: str) -> str:
    try:
        root = tree.css_first(selector)
    except SelectolaxError:
        return ""
    if root is None:
        return ""
    _remove(_captions(root))
    _remove(root.css(_furniture().elements))
    _remove(_teasers(root))
    for node in root.css(_BLOCKS):
        node.insert_before("\n")
        node.insert_after("\n")
    return "\n".join(without_furniture(tidy(root.text()).split("\n")))


def _teasers(root: LexborNode) -> list[LexborNode]:
    """Paragraphs that are links from end to end, but for a dash or a "Xem thêm": they lead to other articles."""
    return [paragraph for paragraph in _paragraphs_of(root, "a") if _is_teaser(paragraph)]


def _is_teaser(paragraph: LexborNode) -> bool:
    rest = re.sub(r"[\W_]+", " ", _besides(paragraph, "a")).strip()
    return bool(paragraph.text().strip()) and (not rest or _furniture().labels.fullmatch(rest) is not None)


def _captions(root: LexborNode) -> list[LexborNode]:
    """Short paragraphs in italics right under a picture, or beside one."""
    return [paragraph for paragraph in _paragraphs_of(root, "em, i") if _is_caption(paragraph)]


def _is_caption(paragraph: LexborNode) -> bool:
    if len(paragraph.text().split()) > _CAPTION or _besides(paragraph, "em, i").strip():
        return False
    return paragraph.css_first("img") is not None or _is_picture(_before(paragraph))


def _paragraphs_of(root: LexborNode, inner: str) -> list[LexborNode]:
    """The paragraphs within the article that these elements are in, each once."""
    found: dict[int, LexborNode | None] = {}
    for node in root.css(inner):
        parent = _out_of_line(node)
        if parent is not None and parent.mem_id not in found:
            found[parent.mem_id] = parent if parent.mem_id != root.mem_id and _is_paragraph(parent) else None
    return [paragraph for paragraph in found.values() if paragraph is not None]


def _out_of_line(node: LexborNode) -> LexborNode | None:
    parent = node.parent
    for _ in range(_DEEPEST):
        if parent is None or parent.tag not in _INLINE:
            return parent
        parent = parent.parent
    return None


def _is_paragraph(node: LexborNode) -> bool:
    holds_more = node.tag == "div" and any(inner.mem_id != node.mem_id for inner in node.css(_HELD))
    return node.tag in _PARAGRAPHS and not holds_more


def _besides(paragraph: LexborNode, inner: str) -> str:
    """The words of a paragraph that are in none of these elements; all of them where the elements are too many."""
    rest, nodes = str(paragraph.text()), paragraph.css(inner)
    for node in nodes if len(nodes) <= _MOST_LINKS else ():
        rest = rest.replace(node.text(), "", 1)
    return rest


def _before(node: LexborNode) -> LexborNode | None:
    previous = node.prev
    while previous is not None and previous.tag == "-text" and not previous.text().strip():
        previous = previous.prev
    return previous


def _is_picture(node: LexborNode | None) -> bool:
    if node is None or node.tag == "-text":
        return False
    return node.tag in _PICTURES or (node.css_first("img") is not None and not node.text().strip())


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
        _remove(_captions(tree.body))
        _remove([node for node in tree.body.css(_furniture().boxes) if node.tag not in _WHOLE])
        _remove(_teasers(tree.body))
    return tree.html or ""


def _published(tree: LexborHTMLParser) -> str | None:
    for selector, attribute in _DATES:
        node = tree.css_first(selector)
        value = (node.attributes.get(attribute) or "").strip() if node is not None else ""
        if value:
            return value[:200]
    return None


class _Furniture(NamedTuple):
    """CSS selectors of what is no text within an article, of the boxes among it that are none anywhere on a page, the
    beginnings and ends of lines that are none, and what may stand before the link of a teaser."""

    elements: str
    boxes: str
    lines: re.Pattern[str]
    ends: re.Pattern[str]
    labels: re.Pattern[str]


@lru_cache(maxsize=1)
def _furniture() -> _Furniture:
    rows = data_of("ingest").rows("furniture.csv")
    return _Furniture(
        elements=", ".join(row["pattern"] for row in rows if row["kind"] in {"element", "box"}),
        boxes=", ".join(row["pattern"] for row in rows if row["kind"] == "box"),
        lines=_any(rows, "line"),
        ends=_any(rows, "end"),
        labels=_any(rows, "label"),
    )


def _any(rows: Iterable[Mapping[str, str]], kind: str) -> re.Pattern[str]:
    return re.compile("|".join(row["pattern"] for row in rows if row["kind"] == kind), re.IGNORECASE)
