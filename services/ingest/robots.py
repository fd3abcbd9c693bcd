"""robots.txt (RFC 9309) for article pages: text and answer in, yes or no out.

A feed is published for programs and is asked for without this; the pages that it points to are not. The standard
library's parser takes the first rule that fits and knows no `*` and `$`, which newspapers write.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple
from urllib.parse import urlsplit

from services.ingest.schedule import asked_for
from services.ingest.urls import quoted
from services.ingest.values import Failed, Fetched, NotModified

KEEP_S = 24 * 3600  # RFC 9309, section 2.4: a cached copy serves for a day
RETRY_S = 30 * 60
MAX_DELAY_S = 10 * 60  # of Crawl-delay: who names more wants no reader, and has Disallow to say so
MAX_ROBOTS = 500 * 1024  # RFC 9309, section 2.5: the least that a crawler must read


class Rule(NamedTuple):
    """What a line of a group says about the paths that its pattern matches."""

    allow: bool
    pattern: str


class Group(NamedTuple):
    """Rules for the user agents that are named before them, in lower case, and the pauses that they are asked for."""

    agents: list[str]
    rules: list[Rule]
    delays: list[float]


_SECONDS = re.compile(r"[0-9]{1,9}(?:\.[0-9]{1,9})?")
_EVERYTHING = ""


def rules_of(answer: Fetched | NotModified | Failed) -> tuple[str | None, float]:
    """The rules that an answer to GET /robots.txt means, and how many seconds to keep them; None where nothing may be
    asked for so long.

    RFC 9309, section 2.3.1: no such file means that all is allowed; a server in trouble means that nothing is, for a
    while, or for as long as it asks for.
    """
    if isinstance(answer, Fetched):
        return answer.body[:MAX_ROBOTS].decode("utf-8", errors="replace").replace("\x00", ""), KEEP_S
    if isinstance(answer, NotModified) or answer.kind in {"missing", "gone", "forbidden", "status"}:
        return _EVERYTHING, KEEP_S
    return None, max(RETRY_S, asked_for(answer.retry_after or 0.0))


def allowed(rules: str, user_agent: str, url: str) -> bool:
    """Whether the rules let this user agent ask for this address: the longest pattern that matches decides, of two as
    long the one that allows (RFC 9309, section 2.2.2)."""
    parts = urlsplit(url)
    path = _literal(quoted(f"{parts.path or '/'}?{parts.query}" if parts.query else parts.path or "/"))
    found = (rule for group in _groups_for(rules, user_agent) for rule in group.rules)
    matching = [rule for rule in found if rule.pattern and _matches(rule.pattern, path)]
    return max(matching, key=lambda rule: (len(rule.pattern), rule.allow), default=Rule(True, "")).allow


def crawl_delay(rules: str, user_agent: str) -> float:
    """The seconds between two requests for pages that the rules ask this user agent for; 0 where they name none.

    Crawl-delay is no part of RFC 9309, and written all the same: for Bing it is a span in which a site is asked once
    (blogs.bing.com/webmaster, 3 May 2012). The longest of several counts, up to ten minutes.
    """
    return max((delay for group in _groups_for(rules, user_agent) for delay in group.delays), default=0.0)


def _groups_for(rules: str, user_agent: str) -> list[Group]:
    """The groups that name this user agent, else those for all."""
    ours = _tokens(user_agent)
    groups = list(_groups(rules))
    named = [group for group in groups if not ours.isdisjoint(group.agents)]
    return named or [group for group in groups if "*" in group.agents]


def _tokens(user_agent: str) -> frozenset[str]:
    """The product tokens of a User-Agent (RFC 9309, section 2.2.1), in lower case: its first word, and each word before
    a version, also in a comment. "Mozilla" is none beside others: with it browsers begin, and robots that write
    "Mozilla/5.0 (compatible; Name/1.0)"."""
    first, *others = re.split(r"[\s();,]+", user_agent.strip().lower())
    products = {first, *(word for word in others if "/" in word and "://" not in word)}
    tokens = frozenset(product.partition("/")[0] for product in products)
    return tokens - {"mozilla"} or tokens


def _groups(rules: str) -> Iterator[Group]:
    """The groups in their order; what is neither user agent nor rule is passed over."""
    group = Group([], [], [])
    for line in rules.removeprefix("\ufeff").splitlines():
        name, _, value = line.partition("#")[0].partition(":")
        name, value = name.strip().lower(), value.strip()
        if name == "user-agent":
            if group.rules:  # a Crawl-delay ends no list of agents: RFC 9309, section 2.2.4
                yield group
                group = Group([], [], [])
            group.agents.append(value.partition("/")[0].lower())
        elif name in {"allow", "disallow"} and group.agents:
            group.rules.append(Rule(name == "allow", quoted(value)))
        elif name == "crawl-delay" and group.agents and _SECONDS.fullmatch(value):
            group.delays.append(min(float(value), MAX_DELAY_S))
    yield group


def _literal(piece: str) -> str:
    """A `*` and `$` that stand for themselves, as patterns must write them (RFC 9309, section 2.2.3)."""
    return piece.replace("*", "%2A").replace("$", "%24")


def _matches(pattern: str, path: str) -> bool:
    """`*` stands for any characters and a final `$` for the end of the path. Linear: the first place that fits does."""
    first, *rest = (_literal(piece) for piece in pattern.removesuffix("$").split("*"))
    if not path.startswith(first):
        return False
    last = rest.pop() if pattern.endswith("$") and rest else None
    at = len(first)
    for piece in rest:
        found = path.find(piece, at)
        if found < 0:
            return False
        at = found + len(piece)
    if not pattern.endswith("$"):
        return True
    return path.endswith(last) and len(path) - len(last) >= at if last is not None else len(path) == at
