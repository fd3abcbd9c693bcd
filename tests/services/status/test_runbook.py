"""The pages for the night: every command in them is one, and each line of trouble leads to the right page."""

from __future__ import annotations

import html
import logging
import re
import shlex
import subprocess
from collections.abc import Iterator
from typing import Any, get_args

import pytest
import typer
import yaml

from redphone.cli import app
from services.status import runbook
from services.status.context import Context
from services.status.lines import rows
from services.status.problems import feeds, missing, paused_feeds, resting, silent, stopped
from services.status.runbook import LATE, MISSED, PAGES, TOO_MUCH, page_for, text_of, title_of
from services.status.values import Feed, Paused
from services.status.why import Answer
from shared import db, logs
from shared.names import LANGUAGES, Language
from shared.settings import Settings
from tests.services.status.test_api import get
from tests.support.history import NOW
from tests.support.processes import ROOT
from tests.support.servers import free_port

SICK = Feed("http://a/rss", "A", 60.0, 60.0, 3, "dns: no")


def commands(text: str) -> Iterator[str]:
    """Every line of a block, and every word in backquotes, that begins with `redphone`, in a shell's words too."""
    for block in re.findall(r"^```\n(.*?)^```", text, re.MULTILINE | re.DOTALL):
        yield from (line for line in block.splitlines() if line.startswith("redphone "))
    plain = re.sub(r"^```\n.*?^```", "", text, flags=re.MULTILINE | re.DOTALL)
    yield from re.findall(r"`(?:[^`]*')?(redphone [^`']*)(?:'[^`]*)?`", plain)


ALL = [(page, line) for page in PAGES for language in LANGUAGES for line in commands(text_of(page, language))]


def parse(command: Any, words: list[str], parent: Any = None) -> Any:
    """Read a command line down to its last command, without doing anything."""
    context = command.make_context(command.name or "redphone", words, parent=parent)
    rest = [*context._protected_args, *context.args]
    if hasattr(command, "resolve_command") and rest:
        _, chosen, left = command.resolve_command(context, rest)
        return parse(chosen, left, context)
    return context


@pytest.mark.parametrize(("page", "line"), ALL)
def test_every_command_of_a_runbook_is_one(page: str, line: str) -> None:
    context = parse(typer.main.get_command(app), shlex.split(line)[1:])
    assert context.command.callback is not None
    assert context.parent is not None, f"{page} names no command: {line}"


def _bones(text: str) -> list[str]:
    """What a page has in either language: its blocks and words in backquotes but for quoted reasons, and its headings'
    levels."""
    code = re.findall(r"^```\n.*?^```|`[^`\n]+`|^#+ |^\*\*|^\||^- ", text, re.MULTILINE | re.DOTALL)
    return [re.sub(r'"[^"\n]* [^"\n]*"', '""', part).replace(".vi.md", ".md") for part in code]


@pytest.mark.parametrize("page", PAGES)
def test_a_page_asks_for_the_same_in_both_languages(page: str) -> None:
    english, vietnamese = (_bones(text_of(page, language)) for language in LANGUAGES)
    assert sorted(vietnamese) == sorted(english)


@pytest.mark.parametrize("page", PAGES)
def test_what_a_page_does_with_containers_can_be_done(page: str) -> None:
    services = yaml.safe_load((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))["services"]
    for line in re.findall(r"docker compose [^`\n|<]+", text_of(page)):
        _, _, what, *words = shlex.split(line)
        named = [word.partition("=")[0] for word in words if word[:1] != "-"]  # "classify=4" is the service four times
        assert named, line
        if what == "run":
            assert named.pop(0) == "cli"
            assert not named or parse(typer.main.get_command(app), words[words.index("cli") + 1 :]).parent is not None
        elif what == "exec":
            assert named[0] in services, line
        else:
            assert what in ("restart", "up", "logs")
            assert set(named) <= set(services), line


def test_an_article_is_followed_by_its_number_also_where_many_are_told_of_at_once() -> None:
    (line,) = re.findall(r"^docker compose logs .*", text_of(LATE), re.MULTILINE)
    *_, bar, program, option, pattern = shlex.split(line)
    assert (bar, program, option) == ("|", "grep", "-E")
    lines = logs.Lines(Settings(log_format="json"), "classify")
    told = [
        ({"article_id": 4711}, True),
        ({"article_ids": [4711]}, True),
        ({"article_ids": [12, 4711, 13]}, True),
        ({"article_id": 14711}, False),
        ({"article_ids": [47110, 14711]}, False),
        ({"call_id": "c1", "announcement_ids": [4711]}, False),
    ]
    said = [lines.format(logging.makeLogRecord({"msg": "x", logs.FIELDS: fields})) for fields, _ in told]
    found = subprocess.run(
        [program, option, pattern], input="\n".join(said), capture_output=True, text=True, check=True
    )
    assert found.stdout.splitlines() == [line for line, (_, follows) in zip(said, told, strict=True) if follows]


def test_the_commands_that_a_night_needs_are_in_the_pages() -> None:
    said = {" ".join(line.split()[1:3]) for _, line in ALL}
    assert said >= {
        "feeds pause", "feeds resume", "feeds check", "alerts release", "alerts drop", "alerts retry", "calls split",
        "calls drop", "pause notify", "resume notify", "reclassify --dry-run", "rules --export", "db prune",
    }  # fmt: skip
    assert {line.split()[1] for _, line in ALL} >= {"why", "status", "replay", "explain", "rules"}


#: Answer of `redphone why` → words by which the page about a missed call names it.
NAMED: dict[Answer, str] = {
    "not_seen": "not seen", "not_read": "waits to be read", "failed": "could not be read", "no_call": "no call was",
    "silent": "history only", "background": "background never alerts", "repeat": "repeat", "too_old": "too old",
    "quiet": "digest", "muted": "muted", "held": "held", "paused": "paused", "waiting": "waits for the decision",
    "not_sent": "is refused, is dead", "dropped": "is dropped", "sent": "sent",
}  # fmt: skip


@pytest.mark.parametrize("answer", get_args(Answer))
def test_every_answer_of_why_has_its_place_in_the_page_about_a_missed_call(answer: Answer) -> None:
    marks = re.findall(r"^\*\*(.+?)\.?\*\*", text_of(MISSED), re.MULTILINE)
    assert any(NAMED[answer] in mark for mark in marks), marks


@pytest.mark.parametrize(
    ("key", "english", "vietnamese"),
    [
        ("canary_in_fetch", "fetch: ", "ở chặng tải nguồn tin: "),
        ("canary_in_feed", "feed: ", "ở chặng nguồn tin: "),
        ("canary_in_store", "store: ", "ở chặng lưu: "),
        ("canary_unread", "was stored and is not read", "đã lưu mà chưa được đọc"),
        ("canary_untold", "was read and is not told", "đã đọc mà chưa được báo"),
        ("canary_overdue", "is overdue: nobody sends it", "đã quá hạn: không ai gửi"),
        ("canary_in_read", "read: ", "ở chặng đọc: "),
        ("canary_in_message", "message: ", "ở chặng soạn tin nhắn: "),
    ],
)
def test_every_place_where_a_test_article_stops_has_its_row(key: str, english: str, vietnamese: str) -> None:
    row = rows()[key]
    assert english in row.english
    assert vietnamese in row.vietnamese
    assert english in text_of(LATE)
    assert vietnamese in text_of(LATE, "vi")


@pytest.mark.parametrize("page", PAGES)
def test_a_page_opens_with_who_notices_the_first_command_and_the_words_for_the_desk(page: str) -> None:
    opening = text_of(page).split("\n## ")[0]
    places = [opening.index(words) for words in ("**Who notices:**", "**First command", "**Post to the desk:**")]
    assert places == sorted(places)
    assert len(list(commands(opening))) >= 1
    assert "## Done when" in text_of(page)


@pytest.mark.parametrize(
    ("line", "page"),
    [
        (feeds([SICK], 5.0)[0].words, MISSED),
        (feeds([Feed("http://a/rss", "A", 60.0, -9000.0, 0, None)], 5.0)[0].words, LATE),  # nobody polls
        ("no feed answered", MISSED),
        ("no feed is watched", MISSED),
        ("every feed is paused by hand", MISSED),
        (silent({"classify": 900.0}, 5.0)[0].words, LATE),
        (missing(["ingest", "classify", "notify"])[0].words, LATE),
        (stopped(900.0).words, LATE),
        ("PostgreSQL at x cannot be reached", LATE),
        (resting(Paused("Minh", "storm", NOW, None), [])[0], TOO_MUCH),
        (paused_feeds([Feed("http://a/rss", "A", 60.0, 60.0, 0, None, False, paused="paused by Minh: loop")])[0],
         TOO_MUCH),
        ("2 alerts given up: redphone alerts retry, once the cause is mended", LATE),
    ],
)  # fmt: skip
def test_a_line_of_trouble_leads_to_its_page(line: str, page: str) -> None:
    assert page_for(line) == page


@pytest.fixture
def away() -> Context:
    """A status service whose database is away."""
    return Context(sessions=db.sessions_for(f"postgresql://me@127.0.0.1:{free_port()}/x"))


@pytest.mark.parametrize("page", PAGES)
def test_the_status_page_shows_a_runbook_without_a_database(page: str, away: Context) -> None:
    shown = get(away, f"/runbooks/{page}")
    assert shown.status_code == 200
    assert "Done when" in shown.text
    assert "redphone" in shown.text
    vietnamese = get(away, f"/runbooks/{page}?lang=vi").text
    assert "Xong khi" in vietnamese
    assert not re.search(r"\b(?:the(?!-)|Done when|Never|What to do|First command)\b", vietnamese)


@pytest.mark.parametrize(
    ("query", "words"),
    [
        (
            "",
            "There is no runbook every&lt;b&gt;thing. There are: “We missed a call, or it is too quiet”; “",
        ),
        ("?lang=vi", "Không có trang hướng dẫn every&lt;b&gt;thing. Hiện có: “"),
    ],
)
def test_a_runbook_that_there_is_not_is_told_with_the_titles_of_those_there_are(
    away: Context, query: str, words: str
) -> None:
    assert get(away, "/runbooks/%2e%2e").status_code == 404
    shown = get(away, f"/runbooks/every%3Cb%3Ething{query}")
    assert shown.status_code == 404
    assert words in shown.text
    assert all(title_of(page, "vi" if query else "en") in shown.text for page in PAGES)
    assert not any(page in shown.text for page in PAGES)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("page", PAGES)
def test_a_runbook_is_html_and_no_markdown(away: Context, page: str, language: Language) -> None:
    shown = get(away, f"/runbooks/{page}?lang={language}").text
    body = shown.partition('<div class="runbook">')[2].partition("</div>")[0]
    first = next(commands(text_of(page, language)))
    assert f"<pre><code>{html.escape(first)}" in body
    assert len(re.findall("<h2>", body)) == len(re.findall("^## ", text_of(page, language), re.MULTILINE))
    assert ("<table>" in body) == (page == "late-or-not-arriving")
    assert not re.search(r"^#|\*\*|```|^\|", re.sub(r"<(code|pre)>.*?</\1>", "", body, flags=re.DOTALL), re.MULTILINE)
    assert not re.search(r" style=|<script|<img", body)


def test_html_in_a_runbook_is_text(monkeypatch: pytest.MonkeyPatch) -> None:
    text = "# T\n\n<script>x</script> [a](javascript:x) ![b](http://a/b.png)\n\n<b onclick=x>c</b>\n"
    monkeypatch.setattr(runbook, "text_of", lambda *_: text)
    made = runbook.html_of.__wrapped__(PAGES[0])
    assert not re.search(r"<(?:script|b|img)|href=.javascript", made)
    assert "&lt;script&gt;" in made


def test_the_wheel_takes_the_pages_along() -> None:
    assert '"docs/runbooks" = "services/status/runbooks"' in (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    assert "COPY docs/runbooks/ docs/runbooks/" in (ROOT / "Dockerfile").read_text(encoding="utf-8")
