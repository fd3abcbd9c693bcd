"""URLs → identities: the same story under three spellings of its address is one article.

`canonical_url` takes out what does not name the article (tracking parameters, fragment, default port, case of the
host). `article_key` goes one step further: http or https, with or without `www.`, and where the outlet numbers its
articles, the number alone, since slugs and sections change and numbers do not. Both tables are data files.
"""

from __future__ import annotations

import hashlib
import re
from functools import lru_cache
from typing import NamedTuple
from urllib.parse import quote, unquote, urljoin, urlsplit, urlunsplit

from shared.data_files import data_of

MAX_URL = 1900  # the columns hold 2000 characters, and a key adds a few
_MAX_HOST = 253  # of a name in the DNS, as it is written (RFC 1035, section 2.3.4)
_SAFE = "/:@!$&'()*+,;=~-._%"
_PORTS = {"http": 80, "https": 443}


class Numbering(NamedTuple):
    """How an outlet numbers its articles: `pattern` finds the number at the end of the path."""

    host: str
    pattern: re.Pattern[str]
    example: str


@lru_cache(maxsize=8192)  # a feed shows the same links at each look
def canonical_url(link: str, base: str | None = None) -> str | None:
    """The address without what does not name the article, or None where it is no http(s) address.

    A relative link is joined to `base`. Applying it twice changes nothing.
    """
    if len(link) > 3 * MAX_URL:  # what is quoted is three times as long as what it stands for
        return None
    try:
        parts = urlsplit(urljoin(base, link.strip()) if base else link.strip())
        host, port = (parts.hostname or "").rstrip("."), parts.port
        host = host.encode("idna").decode() if not host.isascii() else host
        link.encode()
    except ValueError:  # a broken IPv6 address, a port that is no number, a label that IDNA refuses, half a character
        return None
    if parts.scheme not in _PORTS or not _is_host(host):
        return None
    authority = f"[{host}]" if ":" in host else host
    if port is not None and port != _PORTS[parts.scheme]:
        authority = f"{authority}:{port}"
    path = quoted(parts.path, safe=_SAFE) or "/"
    url = urlunsplit((parts.scheme, authority, path, _query(parts.query), ""))
    return url if len(url) <= MAX_URL else None


def quoted(path: str, safe: str = _SAFE + "?") -> str:
    """A path or query in the one spelling that all of its spellings have (RFC 3986, sections 6.2.2.1 and 6.2.2.2)."""
    return quote(_plain(path), safe=safe)


def host_of(url: str) -> str:
    """The host (with a port that is not the scheme's own) that is asked for this address, in lower case."""
    parts = urlsplit(url)
    return parts.netloc.rpartition("@")[2].lower()


def is_front_page(url: str) -> bool:
    """Whether this is the address of a whole site, and of no article."""
    parts = urlsplit(url)
    return parts.path in ("", "/") and not parts.query


def article_number(url: str) -> str | None:
    """The outlet's own number of the article, where the outlet is known to number them in its URLs."""
    parts = urlsplit(url)
    numbering = _numberings().get(_site(parts.hostname or ""))
    found = numbering.pattern.search(parts.path) if numbering else None
    return found[1] if found else None


def article_key(url: str) -> str:
    """The identity of an article across feeds: "vnexpress.net#4143030", or the canonical URL without its scheme."""
    number = article_number(url)
    return f"{_site(urlsplit(url).hostname or '')}#{number}" if number else unnumbered_key(url)


def unnumbered_key(url: str) -> str:
    """What :func:`article_key` would be, and was, if it were not known that the outlet numbers its articles."""
    parts = urlsplit(url)
    host = parts.netloc.removeprefix("www.")
    return urlunsplit(("", host, parts.path, parts.query, "")).removeprefix("//")


def key_of(address: str) -> str:
    """The key of the article at an address; what is no address is taken as a key."""
    canonical = canonical_url(address)
    return bounded(article_key(canonical)) if canonical else address


def entry_key(url: str | None, guid: str | None, feed_url: str) -> str:
    """What an entry's article is known by: its URL, or its guid within its feed where it has no URL."""
    return bounded(article_key(url) if url else f"{feed_url}#{guid}")


def bounded(key: str) -> str:
    """A key that fits its column: a long one keeps its beginning and is told apart by its hash."""
    if len(key) <= MAX_URL:
        return key
    return f"{key[: MAX_URL - 65]}#{hashlib.sha256(key.encode()).hexdigest()}"


def _site(host: str) -> str:
    return host.removeprefix("www.").removeprefix("m.").removeprefix("amp.")


def _is_host(host: str) -> bool:
    return (
        len(host) <= _MAX_HOST
        and bool(re.fullmatch(r"[a-z0-9._-]+|[0-9a-f:.]+(?:%\w+)?", host))
        and not host.startswith(".")
    )


def _plain(path: str) -> str:
    """Percent signs that stand for a letter, digit, - . _ or ~ are undone (RFC 3986, section 6.2.2.2); a lone one is
    quoted."""

    def undo(found: re.Match[str]) -> str:
        char = unquote(found[0], errors="strict") if int(found[0][1:], 16) < 0x80 else ""
        return char if re.fullmatch(r"[A-Za-z0-9._~-]", char) else found[0].upper()

    return re.sub(r"%[0-9A-Fa-f]{2}", undo, re.sub(r"%(?![0-9A-Fa-f]{2})", "%25", path))


def _query(query: str) -> str:
    names, prefixes = _trackers()
    kept = [
        part
        for part in query.split("&")
        if part and not (part.split("=")[0].lower() in names or part.lower().startswith(prefixes))
    ]
    return "&".join(quoted(part) for part in kept)


@lru_cache(maxsize=1)
def _trackers() -> tuple[frozenset[str], tuple[str, ...]]:
    rows = data_of("ingest").rows("trackers.csv")
    names = frozenset(row["parameter"] for row in rows if row["kind"] == "name")
    return names, tuple(row["parameter"] for row in rows if row["kind"] == "prefix")


@lru_cache(maxsize=1)
def _numberings() -> dict[str, Numbering]:
    rows = data_of("ingest").rows("article_numbers.csv")
    return {row["host"]: Numbering(row["host"], re.compile(row["pattern"]), row["example"]) for row in rows}
