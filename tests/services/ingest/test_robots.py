"""robots.txt: what an answer means, and whom it lets in."""

from __future__ import annotations

import pytest

from services.ingest.robots import MAX_DELAY_S, allowed, crawl_delay, rules_of
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
        (RULES, "Mozilla/5.0 (compatible; Redphone/0.1; +https://a.vn/redphone/)", False),
        (RULES, "Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko; compatible; Redphone/0.1) Safari/1", False),
        (RULES, "Desk/2 Redphone/0.1", False),
        (RULES, "Desk/2 (+https://redphone/1)", True),
        (RULES, "Desk/2 (not Redphone)", True),
        ("User-agent: Mozilla\nDisallow: /", "Mozilla/5.0 (compatible; Redphone/0.1)", True),
        ("User-agent: Mozilla\nDisallow: /", "Mozilla/5.0", False),
        ("\ufeffUser-agent: *\nDisallow: /the-gioi\n", "Redphone/1.0", False),
    ],
)
def test_allowed(rules: str, agent: str, yes: bool) -> None:
    assert allowed(rules, agent, PAGE) is yes


@pytest.mark.parametrize(
    ("lines", "yes"),
    [
        (["Disallow: /the-gioi/", "Allow: /the-gioi/tin-"], True),  # the longest decides, in whatever order
        (["Allow: /the-gioi/tin-", "Disallow: /the-gioi/"], True),
        (["Disallow: /the-gioi/", "Allow: /the-gioi/"], True),  # of two as long the one that allows
        (["Disallow: /*.html$"], False),
        (["Disallow: /*.htm$"], True),
        (["Disallow: *tin*html"], False),
        (["Disallow: /the-gioi$"], True),
        (["Disallow: /the-gioi/tin-1.html$"], False),
        (["Disallow: /*1*1$"], True),
        (["Disallow: /*?"], True),
        (["Disallow:"], True),
        (["Disallow: /  # all of it"], False),
        (["disallow : /THE-GIOI"], True),
        (["Disallow: /th%65-gioi"], False),
        (["Disallow: /%2Agioi/"], True),  # a star that stands for itself
        (["Disallow: /the-gioi%2Ftin-1"], True),
        (["Sitemap: https://a.vn/s.xml", "Crawl-delay: 5"], True),
    ],
)
def test_patterns(lines: list[str], yes: bool) -> None:
    assert allowed("\n".join(["User-agent: *", *lines]), "Redphone/1.0", PAGE) is yes


def test_groups() -> None:
    shared = "User-agent: a\nUser-agent: Redphone\nDisallow: /x\n\nUser-agent: *\nDisallow: /\n"
    assert allowed(shared, "Redphone/0.1 (news)", PAGE)
    assert not allowed(shared, "Redphone/0.1 (news)", "https://a.vn/x?y=1")
    assert not allowed(shared, "Other", PAGE)
    assert allowed("User-agent: Redphone\nDisallow:\n\nUser-agent: *\nDisallow: /", "Redphone", PAGE)
    assert not allowed("User-agent: *\nDisallow: /a\n\nUser-agent: *\nDisallow: /the", "Redphone", PAGE)


@pytest.mark.parametrize(
    ("pattern", "path", "yes"),
    [
        ("/tin-%2A.html", "/tin-*.html", False),  # RFC 9309, section 2.2.3
        ("/tin-%2a.html", "/tin-%2A.html", False),
        ("/tin-*.html", "/tin-*.html", False),
        ("/gia-5%24", "/gia-5$-va-hon", False),
        ("/gia-5%24", "/gia-5", True),
        ("/gia-5$-va", "/gia-5$-va-hon", False),
        ("/tìm-kiếm/", "/t%C3%ACm-ki%E1%BA%BFm/1", False),
        ("/t%c3%acm-ki%e1%ba%bfm/", "/tìm-kiếm/1", False),
    ],
)
def test_signs_that_stand_for_themselves(pattern: str, path: str, yes: bool) -> None:
    assert allowed(f"User-agent: *\nDisallow: {pattern}", "Redphone", f"https://a.vn{path}") is yes


def test_a_query_is_part_of_the_path() -> None:
    assert not allowed("User-agent: *\nDisallow: /*?print=", "Redphone", f"{PAGE}?print=1")


@pytest.mark.parametrize("pattern", ["/" + "*a" * 900 + "*b$", "/" + "*" * 5000])
def test_no_pattern_takes_long(pattern: str) -> None:
    # tried in every way, the first would never come back
    assert allowed(f"User-agent: *\nDisallow: {pattern}", "Redphone", f"https://a.vn/{'a' * 1800}") is ("b" in pattern)


@pytest.mark.parametrize(("kind", "yes"), [("missing", True), ("forbidden", True), ("server", False), ("dns", False)])
def test_no_file_allows_all_and_a_server_in_trouble_nothing(kind: FetchKind, yes: bool) -> None:
    rules, keep_s = rules_of(Failed(kind=kind, words="no"))
    assert (rules is not None and allowed(rules, "Redphone", PAGE)) is yes
    assert keep_s == (86_400 if yes else 1800)


def test_a_file_is_kept_for_a_day() -> None:
    rules, keep_s = rules_of(Fetched(url=PAGE, body=RULES.encode() + b"\x00\xff", headers={}))
    assert rules is not None
    assert not allowed(rules, "Redphone", PAGE)
    assert "\x00" not in rules
    assert keep_s == 86_400


@pytest.mark.parametrize(
    ("lines", "seconds"),
    [
        ([], 0.0),
        (["User-agent: *", "Crawl-delay: 10", "Disallow: /api/"], 10.0),
        (["User-agent: *", "Disallow: /api/", "crawl-DELAY : 0.5 # kindly"], 0.5),
        (
            ["User-agent: *", "Crawl-delay: 10", "Disallow:", "User-agent: Redphone", "Allow: /"],
            0.0,
        ),  # our own group alone
        (["User-agent: Redphone", "Crawl-delay: 3", "Allow: /", "User-agent: redphone", "Crawl-delay: 7"], 7.0),
        (["User-agent: *", "Crawl-delay: 86400"], MAX_DELAY_S),
        (["User-agent: *", "Crawl-delay: soon"], 0.0),
        (["User-agent: *", "Crawl-delay: -1"], 0.0),
        (["User-agent: *", "Crawl-delay: " + "9" * 99], 0.0),
        (["Crawl-delay: 10"], 0.0),  # of no group
    ],
)
def test_crawl_delay(lines: list[str], seconds: float) -> None:
    assert crawl_delay("\n".join(lines), "Redphone/1.0") == seconds


def test_a_crawl_delay_ends_no_list_of_agents() -> None:
    assert not allowed("User-agent: Redphone\nCrawl-delay: 5\nUser-agent: Other\nDisallow: /", "Redphone/1.0", PAGE)
