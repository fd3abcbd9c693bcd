"""robots.txt (RFC 9309) for article pages: text and answer in, yes or no out.

A feed is published for programs and is asked for without this; the pages that it points to are not.
"""

from __future__ import annotations

from urllib.robotparser import RobotFileParser

from services.ingest.values import Answer, Fetched, NotModified

KEEP_S = 24 * 3600  # RFC 9309, section 2.4: a cached copy serves for a day
RETRY_S = 30 * 60
MAX_ROBOTS = 500 * 1024  # RFC 9309, section 2.5: the least that a crawler must read
_EVERYTHING = ""
_NOTHING = "User-agent: *\nDisallow: /\n"


def rules_of(answer: Answer) -> tuple[str, float]:
    """The rules that an answer to GET /robots.txt means, and how many seconds to keep them.

    RFC 9309, section 2.3.1: no such file means that all is allowed; a server in trouble means that nothing is, for a
    while.
    """
    if isinstance(answer, Fetched):
        return answer.body[:MAX_ROBOTS].decode("utf-8", errors="replace").replace("\x00", ""), KEEP_S
    if isinstance(answer, NotModified) or answer.kind in {"missing", "gone", "forbidden", "status"}:
        return _EVERYTHING, KEEP_S
    return _NOTHING, RETRY_S


def allowed(rules: str, user_agent: str, url: str) -> bool:
    """Whether the rules let this user agent ask for this address."""
    parser = RobotFileParser()
    parser.parse(rules.removeprefix("\ufeff").splitlines())
    return parser.can_fetch(user_agent, url)
