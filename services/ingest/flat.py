"""A feed whose items are not read as they stand → the same items, whose elements hold text alone.

An item within an item's text, the elements of another vocabulary in a place that feedparser does not expect, a text, a
comment or an item that does not end: it then loses the item around, those behind, or the whole feed. Here each item
ends where the next one begins or its own end stands, and each of its elements with it; one that ends nowhere in the
feed holds nothing. The feed's own links are left out: we read none, and feedparser breaks on one that ends outside its
image. Pure.
"""

from __future__ import annotations

import html
import re
from collections import Counter
from collections.abc import Mapping

_ITEMS = frozenset({"item", "entry"})
TEXTS = frozenset({"title", "description", "encoded", "summary", "content"})
FIELDS = frozenset({"link", "guid", "id", "pubdate", "published", "issued", "date", "updated", "modified", "created"})
# a CDATA section or a comment that does not end leaves the next one whole, and what stands between is read
_TOKEN = re.compile(
    r"<!\[CDATA\[(?:(?!<!\[CDATA\[).)*?\]\]>|<!--(?:(?!<!--).)*?-->|(?P<open><!\[CDATA\[|<!--|<\?[\w-]*+(?=[^<>]*<))|"
    r"<(?P<end>/)?(?P<name>[a-z_][^\s<>/]*+)[^<>]*?(?P<empty>/)?>",
    re.IGNORECASE | re.DOTALL,
)
_END = re.compile(r"</([^\s<>/]+)")


def flat(feed: str) -> str:
    """The feed with the markup within its items' texts escaped, and taken out of their other elements."""
    last_ends = {found[1]: found.start() for found in _END.finditer(feed)}
    items, at = _Items(last_ends), 0
    kept: list[str] = []
    for found in _TOKEN.finditer(feed):
        kept += feed[at : found.start()], items.written(found)
        at = found.end()
    return "".join([*kept, feed[at:]])


class _Items:
    """Where in the feed we are: in which item, and in which element of it; the names of the tags, or ""."""

    def __init__(self, last_ends: Mapping[str, int]) -> None:
        self._last_ends = last_ends
        self._item = self._element = ""
        self._endless = False  # that element ends nowhere in the feed, and so where the next tag begins
        self._inside: Counter[str] = Counter()  # elements of these two names that are open in that element

    def written(self, found: re.Match[str]) -> str:
        """What stands in the place of the next tag or section of the feed."""
        if found["open"]:
            return ""
        if not found["name"]:
            return found[0]
        return self._in_element(found) if self._element else self._in_item(found)

    def _in_item(self, found: re.Match[str]) -> str:
        name, ends, before = found["name"], found["end"], self._item
        if not before and local_name(name) == "link":
            return ""
        if ends:
            self._item = "" if name == before else before
            return found[0] if name == before or not before else ""
        if local_name(name) in _ITEMS:
            self._item = "" if found["empty"] else name
            return f"</{before}>{found[0]}" if before else found[0]
        if before and not found["empty"]:
            self._endless = self._last_ends.get(name, -1) < found.start()
            if self._endless and local_name(name) not in TEXTS | FIELDS:
                return ""
            self._element = name
        return found[0]

    def _in_element(self, found: re.Match[str]) -> str:
        name, ends, element = found["name"], found["end"], self._element
        if self._endless:
            self._element = ""
            return f"</{element}>{self._in_item(found)}"
        if ends and name in {element, self._item} and not self._inside[name]:
            self._element, self._inside = "", Counter()
            return found[0] if name == element else f"</{element}>{self._in_item(found)}"
        if not found["empty"]:
            self._inside[name] += -1 if ends else 1
        return html.escape(found[0], quote=False) if local_name(element) in TEXTS else ""


def local_name(name: str) -> str:
    """A tag's name in small letters, without the prefix of its namespace."""
    return name.rpartition(":")[2].lower()
