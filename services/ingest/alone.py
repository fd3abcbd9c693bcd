"""A feed on which feedparser breaks, or of which it makes nothing → a document for each of its items.

Nothing is believed of how elements lie within each other: an item is what stands up to the next one or to its end, and
of it those elements are kept that we read, each up to its own end or, where it has none, to the next tag. Whatever else
it holds does nothing any more. Pure.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice
from typing import NamedTuple

from services.ingest.flat import FIELDS, TEXTS, local_name
from services.ingest.markup import with_escaped_sections

_COMMENT = re.compile(r"<!--(?:(?!<!--).)*?-->|<!\[CDATA\[|<!--", re.DOTALL)
_ITEM = re.compile(r"<(?P<name>(?:[^\s<>/:!?]++:)?(?:item|entry))(?P<said>\s[^<>]*)?(?<!/)>", re.IGNORECASE)
_TAG = re.compile(r"<(?P<name>[^\s<>/!?]++)(?P<said>[^<>]*?)(?P<empty>/)?>")
_SAID = re.compile(r"""\s(?:href|rel|type|ispermalink|rdf:about)\s*=\s*(?:"[^"<>]*"|'[^'<>]*')""", re.IGNORECASE)
_NAMESPACE = re.compile(r"""\s(xmlns(?::[\w.-]+)?)\s*=\s*("[^"<>]*"|'[^'<>]*')""")
_MOST = 100  # elements of an item that are looked at


class Apart(NamedTuple):
    """A feed taken apart: what stands before its first item, and a document for each item."""

    head: str
    items: Iterator[str]


def apart(feed: str) -> Apart:
    """Take a feed apart; its items are written one by one, as they are asked for."""
    text = _COMMENT.sub("", with_escaped_sections(feed))
    starts = list(_ITEM.finditer(text))
    head = text[: starts[0].start()] if starts else text
    spaces = "".join(f" {name}={space}" for name, space in dict(_NAMESPACE.findall(head)).items())
    places = [*(start.start() for start in starts), len(text)]
    items = zip(starts, places[1:], strict=True)
    return Apart(head, (_document(start, text[start.end() : end], spaces) for start, end in items))


def _document(item: re.Match[str], inside: str, spaces: str) -> str:
    name, own = item["name"], inside.partition(f"</{item['name']}")[0]
    elements = "".join(_elements(own))
    return f"<rss{spaces}><channel><{name}{_kept(item['said'] or '')}>{elements}</{name}></channel></rss>"


def _elements(inside: str) -> Iterator[str]:
    """The elements of an item that we read, the first of each name and all links, as text alone."""
    at, met = 0, set[str]()
    for tag in islice(_TAG.finditer(inside), _MOST):
        name, local = tag["name"], local_name(tag["name"])
        if tag.start() < at or local not in FIELDS | TEXTS or name in met:
            continue
        text = "" if tag["empty"] else _text(inside, tag.end(), name)
        at = tag.end() + len(text)
        if local != "link":
            met.add(name)
        said = text.replace("<", "&lt;") if local in TEXTS else _TAG.sub("", text).replace("<", "&lt;")
        yield f"<{name}{_kept(tag['said'])}>{said}</{name}>"


def _text(inside: str, start: int, name: str) -> str:
    """What stands from there on up to the end of an element with this name, or to the next tag where it has none."""
    end = inside.find(f"</{name}", start)
    if end < 0:
        end = inside.find("<", start)
    return inside[start:end] if end >= 0 else inside[start:]


def _kept(said: str) -> str:
    """Those of a tag's attributes that tell something of an article, and the namespaces that it declares."""
    return "".join(found[0] for pattern in (_NAMESPACE, _SAID) for found in pattern.finditer(said))
