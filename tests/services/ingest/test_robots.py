"""robots.txt: what an answer means, and whom it lets in."""

from __future__ import annotations

import pytest

from services.ingest.robots import allowed, rules_of
from services.ingest.values import Failed, Fetched, FetchKind

PAGE = "https://a.vn/the-gioi/tin-1.html"
RULES = "User-agent: *\nDisallow: /api/\n\nUser-agent: Redphone\nDisallow: /the-gioi/\n"


@pytest.mark.parametrize(
    ("rules", "agent", "yes"),
    [
        ("", "Redphone/1.0", True),
        (RULES, "Redphone/1.0", False),
        (RULES, "Other/1.0", True),
        ("User-agent: *\nDisallow: /\n", "Redphone/1.0", False),
        ("<html>no such file</html>", "Redphone/1.0", True),
        ("\ufeffUser-agent: *\nDisallow: /the-gioi\n", "Redphone/1.0", False),
    ],
)
def test_allowed(rules: str, agent: str, yes: bool) -> None:
    assert allowed(rules, agent, PAGE) is yes


@pytest.mark.parametrize(("kind", "yes"), [("missing", True), ("forbidden", True), ("server", False), ("dns", False)])
def test_no_file_allows_all_and_a_server_in_trouble_nothing(kind: FetchKind, yes: bool) -> None:
    rules, keep_s = rules_of(Failed(kind=kind, words="no"))
    assert allowed(rules, "Redphone", PAGE) is yes
    assert keep_s == (86_400 if yes else 1800)


def test_a_file_is_kept_for_a_day() -> None:
    rules, keep_s = rules_of(Fetched(url=PAGE, body=RULES.encode() + b"\x00\xff", headers={}))
    assert not allowed(rules, "Redphone", PAGE)
    assert "\x00" not in rules
    assert keep_s == 86_400
