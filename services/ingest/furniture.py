"""What stands on an article page and is not the article: told by its markup first, then, line by line, by its words.

Words and classes are data (`data/furniture.csv`), shapes are here: a paragraph that is a link from end to end, a box
with a linked headline and a sentence, a few words with a picture, a name under the last line. Pure.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

from selectolax.lexbor import LexborNode

from shared.data_files import data_of

_WHOLE = {"html", "body", "main", "article"}  # whatever their class says, they are no box
_INLINE = {"a", "b", "strong", "em", "i", "u", "span", "font", "small"}
_HEADINGS = {"h2", "h3", "h4", "h5", "h6"}
_PARAGRAPHS = {"p", "li", "td", "div", *_HEADINGS}
_HELD = "p, div, ul, ol, table, h2, h3, h4, h5, h6"  # a div with these is a box of paragraphs, and else a paragraph
_LINK = 'a[href]:not([href^="#"])'  # what only names or leads to a place on this page is none
_BLOCK_LINKS = f"{_LINK}:has({', '.join(('p', 'div', *sorted(_HEADINGS)))})"
_DEEPEST = 10  # marks of style around a link, <b><i>…: nested deeper, every link would climb through all of them
_MOST_LINKS = 100  # in a teaser
_SEEN = "img, amp-img, iframe, video, embed"
_CAPTION = 40  # words: what has more beside or under a picture is no caption
_TEASER = 80  # words of a box beside its links: a headline, a date and two or three sentences
_CREDIT = 60  # words: a line that ends with the name of a photographer and has more is a paragraph
_TAIL = 300  # characters: what is hung on the end of a paragraph has no more
_NAME = 6
_SIGNATURE = 200  # characters
_SOURCES = 12  # words: four newspapers, of whom an article is compiled
_STAMP = 12  # words beside the headline of a teaser: what announces it, or its date and hour
_HEADLINE = 4  # words: a link of fewer is a name or a place
_SENTENCE_END = tuple('.!?…:;"”’)')
_STATEMENT_END = tuple(".!…:;")  # a headline may ask, and ends with nothing else
_QUOTES = tuple("“‘\"'")
_QUOTED = '"”’) '
_COMPILED = re.compile(r"\s+\(?(?:tổng hợp|t/h|(?:biên |lược )?dịch|ghi)\)?$", re.IGNORECASE)
_AFTER = re.compile(
    r"(?P<author>[^()]*?)(?:^|[\s(–-]+)(?:(?:tổng hợp|(?:biên |lược )?dịch) (?:theo|từ)|theo):? +(?P<sources>.+)",
    re.IGNORECASE,
)
_WORD = re.compile(r"\w")
_WORDS = re.compile(r"\w+")
_MOST = 0.7  # of the pairs of words of the shorter text: of whom a lead tells a caption tells too
_ALMOST_ALL = 0.9  # of the pairs of words of a caption, in the alternative text of its picture
_FEWEST_PAIRS = 6
_CENTRED = re.compile(r"center|italic", re.IGNORECASE)


def take_out(article: LexborNode, leads: Sequence[str] = ()) -> None:
    """Take everything out of an article's element that its markup shows to be none of its words. `leads`: what its page
    and its feed say that it tells, which is no caption, also where it stands alone with a picture."""
    facts = _Facts()
    captions, boxes = _captions(article, facts, leads), _teaser_boxes(article, facts)
    told = sum(map(facts.words, _outermost([*captions, *boxes])))
    if 2 * told <= facts.words(article):  # else it is a round-up, or a story in pictures: these are the article
        _remove([*captions, *boxes])
    _remove(article.css(_furniture().elements))
    _remove([*_teasers(article), *_linked_lines(article), *_linked_blocks(article)])


def take_boxes_out(page: LexborNode, leads: Sequence[str] = (), *, shapes: bool = True) -> None:
    """Take out of a whole page what general rules would take for text: captions, boxes and paragraphs of links.
    `leads` as above. `shapes`: also boxes that only their shape tells, which may be all that a page has."""
    if shapes:
        facts = _Facts()
        _remove([*_captions(page, facts, leads), *_teaser_boxes(page, facts)])
    _remove([node for node in page.css(_furniture().boxes) if not _is_whole(node)])
    _remove([*_teasers(page), *_linked_lines(page), *_linked_blocks(page)])


def own_lines(lines: Iterable[str]) -> list[str]:
    """The lines that are the article's own, as below; nothing where there is no sentence among them."""
    kept = without_furniture(lines)
    return kept if any(len(line.split()) > _NAME or line.endswith(_SENTENCE_END) for line in kept) else []


def without_furniture(lines: Iterable[str]) -> list[str]:
    """The lines without teasers, captions and credits, and without an author's name under them."""
    worded = (line for line in lines if _WORD.search(line))
    kept = [line for line in map(_without_tail, _unlisted(worded)) if not _is_furniture(line)]
    names = 0
    while names < len(kept) and _is_name(kept[-1 - names]):
        names += 1
    listed = names > 2 or (names < len(kept) and kept[-1 - names].endswith(":"))  # nobody signs three times
    return kept[: len(kept) - names] if not listed else kept


# ---- by its words ----


def _unlisted(lines: Iterable[str]) -> Iterator[str]:
    """The lines without the headlines under a line that says what they are, such as "Tin liên quan"."""
    heading, listing = _furniture().heading, False
    for line in lines:
        if heading.fullmatch(line):
            listing = True
        elif not listing or len(line.split()) > _CAPTION or line.rstrip(_QUOTED).endswith(_STATEMENT_END):
            listing = False
            yield line


def _without_tail(line: str) -> str:
    """A line without what was hung on its last sentence: "… . Xem thêm: headline", "… . (Ảnh: Reuters)"."""
    rest, end = line[:-_TAIL], line[-_TAIL:]
    return (rest + _furniture().asides.sub("", _furniture().tails.sub(_mark_of, end))).rstrip()


def _mark_of(tail: re.Match[str]) -> str:
    return tail[1]  # a function, since `sub` would take the template r"\1" apart for each line


def _is_furniture(line: str) -> bool:
    furniture = _furniture()
    credited = len(line.split()) <= _CREDIT and furniture.ends.search(line.rstrip(" ).")) is not None
    return credited or furniture.lines.match(line) is not None


def _is_name(line: str) -> bool:
    """A last line that signs: "Huyền Lê", "TTXVN/Vietnam+", "Bảo Châu tổng hợp", "Vũ Anh (Theo Reuters, AFP)", "Theo
    BBC". What has a word in small letters is said, not signed."""
    if _furniture().bylines.fullmatch(line):
        return True
    name = " ".join(_furniture().roles.sub("", line).split())  # a row of blanks would be looked through from each
    after = _AFTER.fullmatch(name) if len(name) <= _SIGNATURE else None
    if after is None:
        return _is_author(name)
    sources = _furniture().agencies.sub("", after["sources"]).strip(" .,)")
    return (not after["author"] or _is_author(after["author"])) and (not sources or _is_signed(sources, _SOURCES))


def _is_author(name: str) -> bool:
    name = _COMPILED.sub("", name).strip("() ")
    author, _, newspaper = name.partition("/")
    if newspaper and 2 <= len(author.split()) <= _NAME:  # of whose name only the first word has a capital
        name = author
    return _is_signed(name, _NAME) and "theo" not in name.lower()


def _is_signed(name: str, most: int) -> bool:
    words = [word for word in re.split(r"[\s/&,|()–-]+", name) if word and word != "và"]
    return 0 < len(words) <= most and not name.endswith(_SENTENCE_END) and all(word[0].isupper() for word in words)


# ---- links that lead elsewhere ----


def _teasers(root: LexborNode) -> list[LexborNode]:
    """Paragraphs that are links from end to end, but for a dash, a date or a "Xem thêm": they lead elsewhere."""
    return [paragraph for paragraph in _paragraphs_of(root, _LINK) if _is_teaser(paragraph)]


def _is_teaser(paragraph: LexborNode) -> bool:
    if paragraph.tag in _HEADINGS and not _is_linked(paragraph):  # a heading that is a mark on this page
        return False
    words = len(paragraph.text().split())
    rest = re.findall(r"[^\W_]+", _besides(paragraph, _LINK))
    if not words or len(rest) > _STAMP:
        return False
    said = " ".join(rest)
    stamped = words - len(rest) >= _HEADLINE and _furniture().stamps.fullmatch(said) is not None
    return not said or stamped or _furniture().labels.fullmatch(said) is not None


def _linked_lines(root: LexborNode) -> list[LexborNode]:
    """Headlines that are links and a line of their own between line breaks, in a paragraph that is the article's."""
    return [
        link
        for link in root.css(_LINK)
        if len(link.text().split()) >= _HEADLINE and _stands_alone(link) and _out_of_line(link) is not None
    ]


def _linked_blocks(root: LexborNode) -> list[LexborNode]:
    """Links around a heading or paragraphs of few words. One that was never closed is around the article."""
    return [link for link in root.css(_BLOCK_LINKS) if len(link.text().split()) <= _TEASER]


def _stands_alone(link: LexborNode) -> bool:
    """Whether nothing stands on a link's line beside it, and something in its paragraph or box does."""
    node = link
    for _ in range(_DEEPEST):
        around = [beside for beside in (_beside(node, back=True), _beside(node)) if beside is not None]
        if around:
            return not any(beside.tag == "-text" or beside.tag in _INLINE for beside in around)
        if node.parent is None or node.parent.tag not in _INLINE:
            return False
        node = node.parent
    return False


def _teaser_boxes(root: LexborNode, facts: _Facts) -> list[LexborNode]:
    """Boxes with the headline of another article, linked or beside a picture with the same link, and a few words."""
    pictured = [node.parent for node in root.css("a > img, a > picture") if node.parent is not None]
    bare = [
        link
        for link in root.css(", ".join(f"{box} > {_LINK}" for box in ("div", "li", "td", "section")))
        if _is_bare_headline(link, facts)
    ]
    leading = [heading for heading in root.css(", ".join(_HEADINGS)) if _is_linked(heading)]
    leading += [link for link in pictured if _leads_on(link, root, facts)] + bare
    found = [_box_of(node, root, facts) for node in leading]
    return [box for box in found if box is not None]


def _is_bare_headline(link: LexborNode, facts: _Facts) -> bool:
    """Whether a link is a line of its own in a box of paragraphs: who writes an article puts links into its own."""
    boxed = link.parent is not None and not facts.is_paragraph(link.parent)
    return boxed and len(link.text().split()) >= _HEADLINE and _stands_alone(link)


def _is_linked(heading: LexborNode) -> bool:
    """Whether a heading is a link from end to end, and leads to another page."""
    link = heading.css_first(_LINK)
    return link is not None and not _besides(heading, _LINK).strip()


def _leads_on(link: LexborNode, root: LexborNode, facts: _Facts) -> bool:
    """Whether the link around a picture is also that of a headline nearby."""
    address, box = link.attributes.get("href"), link.parent
    for _ in range(3):
        if box is None or not address or box.mem_id == root.mem_id:
            return False
        if address in facts.headlines(box):
            return True
        box = box.parent
    return False


def _box_of(node: LexborNode, root: LexborNode, facts: _Facts) -> LexborNode | None:
    """The nearest box around a headline that has words beside its links, if it has few."""
    box = node.parent
    for _ in range(_DEEPEST):
        if box is None or box.mem_id == root.mem_id or _is_whole(box):
            return None
        if facts.words(box) > 3 * _TEASER:
            return None
        if facts.beside_links(box):
            return box if facts.beside_links(box) <= _TEASER else None
        box = box.parent
    return None


# ---- pictures ----


def _captions(root: LexborNode, facts: _Facts, leads: Sequence[str]) -> list[LexborNode]:
    """What is said of pictures: a box or table of a picture and a few words, and a short line with a picture or right
    under one that has no words of its own."""
    found = (_caption_of(picture, root, facts) for picture in root.css(_SEEN))
    told = [_pairs(lead) for lead in leads]
    return [node for node in found if node is not None and not any(_is_told(node, pairs) for pairs in told)]


def _is_told(node: LexborNode, told: frozenset[tuple[str, str]]) -> bool:
    """Whether a box says what these pairs of words say, shortened on either side perhaps."""
    said = _pairs(node.text()) if told else frozenset()
    return len(said & told) >= max(_FEWEST_PAIRS, _MOST * min(len(said), len(told)))


def _pairs(text: str) -> frozenset[tuple[str, str]]:
    return frozenset(pairwise(_WORDS.findall(text.casefold())))


def _caption_of(picture: LexborNode, root: LexborNode, facts: _Facts) -> LexborNode | None:
    frame = picture
    for _ in range(_DEEPEST):
        outer = frame.parent
        if outer is None or outer.mem_id == root.mem_id or _is_whole(outer) or facts.words(outer) > _CAPTION:
            break
        frame = outer
    if not facts.words(frame):
        below = _beside(frame)
        if below is None or not facts.is_paragraph(below):
            return None
        return below if _is_caption(below, picture) or _is_credited_below(below) else None
    if facts.is_paragraph(frame):
        return frame if _is_caption(frame, picture) else None
    outer = frame.parent
    return frame if outer is not None and 3 * facts.words(frame) <= facts.words(outer) else None


def _is_caption(paragraph: LexborNode, picture: LexborNode) -> bool:
    """Whether a short line is about the picture that it stands with: in italics or in the middle, without an end, with
    a credit, or what the picture says itself. A line in bold is a heading, and one that begins with a quotation mark is
    somebody's word."""
    text = paragraph.text().strip()
    if not 0 < len(text.split()) <= _CAPTION or text.startswith(_QUOTES):
        return False
    if paragraph.tag in _HEADINGS or not _besides(paragraph, "b, strong").strip():
        return False
    set_apart = any(_CENTRED.search(paragraph.attributes.get(name) or "") for name in ("style", "align", "class"))
    slanted = not _besides(paragraph, "em, i").strip()
    shaped = set_apart or slanted or not text.endswith(_SENTENCE_END)
    return shaped or _is_credited(text) or _is_alternative(text, picture)


def _is_alternative(text: str, picture: LexborNode) -> bool:
    """Whether a line says nothing that the picture's alternative text or title does not say: systems that newspapers
    are written with fill these in from the caption. An alternative text that is the article's headline says less."""
    said = _pairs(text)
    told = (_pairs(picture.attributes.get(name) or "") for name in ("alt", "title"))
    return len(said) >= _FEWEST_PAIRS and any(len(said & pairs) >= _ALMOST_ALL * len(said) for pairs in told)


def _is_credited_below(paragraph: LexborNode) -> bool:
    """Whether a short line has a line beneath it that names a photographer and says nothing else."""
    under = _beside(paragraph)
    text = under.text().strip().rstrip(" ).") if under is not None else ""
    short = paragraph.tag not in _HEADINGS and 0 < len(paragraph.text().split()) <= _CAPTION
    return short and _furniture().ends.match(text) is not None


def _is_credited(text: str) -> bool:
    return _furniture().ends.search(text.rstrip(" ).")) is not None or _without_tail(text) != text


# ---- nodes ----


class _Facts:
    """What is asked of nodes again and again, found out once: else ten thousand links in a box would cost minutes."""

    def __init__(self) -> None:
        self._words: dict[int, int] = {}
        self._beside: dict[int, int] = {}
        self._paragraphs: dict[int, bool] = {}
        self._headlines: dict[int, frozenset[str]] = {}

    def words(self, node: LexborNode) -> int:
        """How many words a node has, with all within it."""
        if node.mem_id not in self._words:
            self._words[node.mem_id] = len(node.text().split())
        return self._words[node.mem_id]

    def beside_links(self, node: LexborNode) -> int:
        """How many of them are in no link."""
        if node.mem_id not in self._beside:
            self._beside[node.mem_id] = len(_besides(node, _LINK).split())
        return self._beside[node.mem_id]

    def is_paragraph(self, node: LexborNode) -> bool:
        """Whether it holds words and no paragraphs."""
        if node.mem_id not in self._paragraphs:
            self._paragraphs[node.mem_id] = _is_paragraph(node)
        return self._paragraphs[node.mem_id]

    def headlines(self, node: LexborNode) -> frozenset[str]:
        """Where the links within it lead whose words could be a headline."""
        if node.mem_id not in self._headlines:
            links = [link for link in node.css(_LINK) if len(link.text().split()) >= _HEADLINE]
            self._headlines[node.mem_id] = frozenset(link.attributes.get("href") or "" for link in links)
        return self._headlines[node.mem_id]


def _is_whole(node: LexborNode) -> bool:
    """Whether a node may be the whole article; an article within another one is a box."""
    return node.tag in _WHOLE and not (node.tag == "article" and _has_parent(node, "article"))


def _has_parent(node: LexborNode, tag: str) -> bool:
    parent = node.parent
    while parent is not None and parent.tag != tag:
        parent = parent.parent
    return parent is not None


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
    holds_more = node.tag in {"div", "td", "li"} and any(inner.mem_id != node.mem_id for inner in node.css(_HELD))
    return node.tag in _PARAGRAPHS and not holds_more


def _besides(paragraph: LexborNode, inner: str) -> str:
    """The words of a paragraph that are in none of these elements; all of them where the elements are too many."""
    rest, nodes = str(paragraph.text()), paragraph.css(inner)
    for node in nodes if len(nodes) <= _MOST_LINKS else ():
        rest = rest.replace(node.text(), "", 1)
    return rest


def _beside(node: LexborNode, *, back: bool = False) -> LexborNode | None:
    """The next node, or the one before, that is no white space and no mark such as a dash."""
    beside = node.prev if back else node.next
    while beside is not None and beside.tag in {"-text", "-comment", "_comment"}:
        if re.search(r"\w", beside.text()) and beside.tag == "-text":
            return beside
        beside = beside.prev if back else beside.next
    return beside


def _remove(nodes: list[LexborNode]) -> None:
    """Take nodes out of their tree. A node inside another one is freed with it and must not be touched again."""
    for node in _outermost(nodes):
        node.decompose()


def _outermost(nodes: list[LexborNode]) -> list[LexborNode]:
    """Each node once, and none that is within another of them."""
    known = {node.mem_id: node for node in nodes}
    return [node for node in known.values() if not _inside(node, known)]


def _inside(node: LexborNode, others: Mapping[int, LexborNode]) -> bool:
    parent = node.parent
    while parent is not None:
        if parent.mem_id in others:
            return True
        parent = parent.parent
    return False


# ---- the data ----


class _Furniture(NamedTuple):
    """CSS selectors of what is no text within an article, of the boxes among it that are none anywhere on a page, and
    the patterns that the kinds in the data stand for."""

    elements: str
    boxes: str
    lines: re.Pattern[str]
    ends: re.Pattern[str]
    tails: re.Pattern[str]
    asides: re.Pattern[str]
    labels: re.Pattern[str]
    stamps: re.Pattern[str]
    heading: re.Pattern[str]
    roles: re.Pattern[str]
    bylines: re.Pattern[str]
    agencies: re.Pattern[str]


@lru_cache(maxsize=1)
def _furniture() -> _Furniture:
    rows = data_of("ingest").rows("furniture.csv")
    parts = {row["kind"]: row["pattern"] for row in rows if row["kind"] in _PARTS}
    parts["label"] = _joined(rows, "label", {})
    return _Furniture(
        elements=", ".join(row["pattern"] for row in rows if row["kind"] in {"element", "box"}),
        boxes=", ".join(row["pattern"] for row in rows if row["kind"] == "box"),
        lines=_compiled(rows, "line", parts),
        ends=_compiled(rows, "end", parts),
        # the mark comes first: looked for behind each place, it would cost as much as all the rest
        tails=re.compile(rf"([.!?…”\"’)])\s*(?:{_joined(rows, 'tail', parts)})", re.IGNORECASE),
        asides=_compiled(rows, "aside", parts),
        labels=_compiled(rows, "label", parts),
        stamps=_compiled(rows, "stamp", parts),
        heading=_compiled(rows, "heading", parts),
        roles=_compiled(rows, "role", parts),
        bylines=_compiled(rows, "byline", parts),
        agencies=_compiled(rows, "agency", parts),
    )


#: Kinds whose pattern stands in those of others, by its name in <angle brackets>, as the labels do.
_PARTS = ("upper", "lower", "syllable", "mark")


def _compiled(rows: Iterable[Mapping[str, str]], kind: str, parts: Mapping[str, str]) -> re.Pattern[str]:
    return re.compile(_joined(rows, kind, parts), re.IGNORECASE)


def _joined(rows: Iterable[Mapping[str, str]], kind: str, parts: Mapping[str, str]) -> str:
    joined = "|".join(row["pattern"] for row in rows if row["kind"] == kind)
    return re.sub(r"<(\w+)>", lambda found: f"(?:{parts[found[1]]})", joined)
