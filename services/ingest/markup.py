"""What a document has that a parser would need minutes for: looked for, or taken out, before one begins."""

from __future__ import annotations

import re
from functools import lru_cache

# as browsers read it (HTML Standard, 13.2.5.32): a name, with a value or without. Possessive, so that a tag of ten
# megabytes costs one pass and no memory
_ATTRIBUTE = r"""[\s/]*+(?:[^\s/>=]++|=[^\s/>=]*+)(?:\s*+=\s*+(?:"[^"]*+"?|'[^']*+'?|[^\s>"'][^\s>]*+)?+)?+"""
_UNREAD = re.compile(
    r"</?(?:(?:[^\s<>/:]+:)?(?:category|keywords|subject|tags|author|creator|contributor|owner|publisher|"
    r"managingeditor|webmaster|pos|poslist|player|license|height|width)|media:(?:description|title))(?![\w.-])[^<>]*>?",
    re.IGNORECASE,
)

# what no section has within it comes last, so that many that never end cost no more than one
_SECTION = re.compile(r"<!\[CDATA\[([^<\]]*+(?:(?!<!\[CDATA\[|\]\]>)[<\]][^<\]]*+)*+)\]\]>")
_NAMESPACE = re.compile(r"""(xmlns(?::[\w.-]+)?\s*=\s*)("[^"<]*"|'[^'<]*')""")
_LINK = re.compile(r"<((?:[\w.-]+:)?link)\s*/>\s*(https?://[^\s<>]+)", re.IGNORECASE)
_SPACE = re.compile(r"\s|&#\w+;?")


def has_tag_of_many(markup: str, most: int) -> bool:
    """Whether a tag has more than `most` attributes."""
    return _tags(most).fullmatch(markup) is None


@lru_cache
def _tags(most: int) -> re.Pattern[str]:
    """A document whose tags all have so many attributes or fewer: read in one go, since a page has a thousand tags."""
    tag = rf"[a-zA-Z][^\s/>]*+(?:{_ATTRIBUTE}){{0,{most}}}+(?!{_ATTRIBUTE})"
    return re.compile(rf"[^<]*+(?:<(?:{tag}|(?![a-zA-Z]))[^<]*+)*+")


def with_escaped_sections(feed: str) -> str:
    """A feed whose CDATA sections are text with references instead: whatever stands around them, no parser takes what
    is in them for tags, and a reference costs it a twentieth of one."""
    return _SECTION.sub(lambda found: found[1].replace("&", "&amp;").replace("<", "&lt;"), feed)


def without_unread(feed: str) -> str:
    """A feed without the tags of its categories, keywords, authors, places, players and captions, which nobody reads:
    feedparser compares each category of an entry with all before it, looks for an address in a name by the square of
    its length, breaks on a `gml:pos` that is in no point and on a player or a height within a text, and takes what is
    said of a picture (`media:description`) for the article's summary or text. Their words stay, where no element takes
    them in."""
    return _UNREAD.sub(" ", feed)  # a space, so that what stood around a tag makes no new one


def with_plain_namespaces(feed: str) -> str:
    """A feed without white space, or references to any, in the names of its namespaces: Python's SAX takes a
    namespace and a tag's name apart at each such sign, Unicode's among them, and feedparser breaks on a third part."""
    return _NAMESPACE.sub(lambda found: found[1] + _SPACE.sub("", found[2]), feed)


def with_closed_links(feed: str) -> str:
    """A feed whose links hold their addresses: whoever writes a feed as HTML puts them behind, since there a link holds
    nothing (`<link/>https://…`)."""
    return _LINK.sub(r"<\1>\2</\1>", feed)
