"""Text made safe, cut where a reader sees a character end; quotations chosen; a terminal that reads no markup."""

from __future__ import annotations

import io

import pytest
from msgspec.structs import replace
from rich.console import Console

from services.notify.console import ConsolePoster
from services.notify.excerpts import BUDGET, choose
from services.notify.graphemes import clean, shorten
from services.notify.layout import Line, Message, Span
from services.notify.lint import lint
from services.notify.message import render_root
from services.notify.poster import CannotLook, Post, Sent
from shared.names import Language
from shared.records import Brief, Comparison, Coverage, Evidence, Initiator, Source, Topic
from tests.services.notify.seed_calls import MESSAGE_6, MESSAGE_8
from tests.services.notify.variations import MACRON, XI, facts, view


@pytest.mark.parametrize(
    ("text", "cleaned"),
    [
        ("một\ndòng\r\n\thai", "một dòng hai"),
        ("a\u202eb\u2066c\u200fd\ufeff", "abcd"),
        ("\x00a\x1b[31mb", "a[31mb"),
        ("ẩn\U000e0041\U000e0042", "ẩn"),
        ("ẩn\U000e0100\U000e01ef", "ẩn"),
        ("a\u206ab\ufff9c\u3164d\U0001d173", "abcd"),
        ("  hai   khoảng  ", "hai khoảng"),
        ("👨‍👩‍👧 Hòa", "👨‍👩‍👧 Hòa"),
    ],
)
def test_clean(text: str, cleaned: str) -> None:
    assert clean(text) == cleaned


@pytest.mark.parametrize(
    ("text", "limit", "cut"),
    [
        ("ngắn", 10, "ngắn"),
        ("Putin and Trump held a call", 20, "Putin and Trump…"),
        ("e\u0301" * 5, 6, "e\u0301e\u0301…"),
        ("👨‍👩‍👧" * 3, 8, "👨‍👩‍👧…"),
        ("🇻🇳" * 4, 6, "🇻🇳🇻🇳…"),
        ("👍🏽" * 3, 4, "👍🏽…"),
        ("abcdef, ghij", 8, "abcdef…"),
    ],
)
def test_shorten_cuts_between_words_or_graphemes(text: str, limit: int, cut: str) -> None:
    assert shorten(text, limit) == cut
    assert len(cut) <= limit


# --- quotations ----------------------------------------------------------------------------------------------------

SOURCES = (Source(article="a1"), Source(article="a2"))


def words(count: int, start: int, article: str = "a1") -> Evidence:
    text = " ".join(["chữ"] * count)
    return Evidence(field="", part="text", start=start, end=start + len(text), text=text, article=article)


def test_two_sentences_are_always_quoted_a_third_within_the_budget() -> None:
    long = [words(BUDGET, 0), words(BUDGET, 5000), words(5, 9000)]
    short = [words(20, 0), words(20, 500), words(20, 900), words(5, 1500)]
    assert len(choose(long, SOURCES).chosen) == 2
    assert len(choose(short, SOURCES).chosen) == 3


def test_numbers_follow_the_articles_and_their_text() -> None:
    later, first, other = words(5, 900), words(5, 0), words(5, 0, "a2")
    chosen = choose([other, later, first], SOURCES)
    assert [chosen.mark(e) for e in (first, later, other)] == [" ①", " ②", " ③"]
    assert chosen.mark(None) == ""
    assert chosen.mark(words(5, 4000)) == ""


def test_a_short_neighbour_joins_and_a_fragment_gives_way_to_its_sentence() -> None:
    fragment, sentence = words(3, 0), words(20, 0)
    neighbour = words(4, sentence.end + 1)
    chosen = choose([fragment, sentence, neighbour], SOURCES)
    assert len(chosen.chosen) == 1
    assert chosen.chosen[0].text == f"{sentence.text} {neighbour.text}"
    assert chosen.mark(fragment) == chosen.mark(neighbour) == " ①"


# --- lint ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("language", "text", "rule"),
    [
        ("en", "Trump called Putin", "who phoned whom"),
        ("vi", "Trump gọi điện cho Putin", "who phoned whom"),
        ("en", "first since 2017", "no first and no last"),
        ("vi", "lần đầu kể từ 2017", "no first and no last"),
        ("en", "Middle East gone", "not gone"),
        ("en", "they discussed Ukraine", "an agenda is never discussed"),
        ("en", "a phone call", "call, not phone call"),
        ("en", "confidence 0.87", "no decimal confidence"),
        ("en", "🇷🇺 and 🇺🇸", "no flags"),
        ("vi", "Peskov nói ông sẽ thăm Moskva", "no title of courtesy"),
        ("vi", "Bà Meloni và Trump điện đàm", "no title of courtesy"),
        ("en", "Mr. Putin and Mrs Meloni held a call", "no title of courtesy"),
        ("en", "Putin and his US counterpart", "no counterpart"),
        ("vi", "Putin và người đồng cấp Mỹ", "no counterpart"),
        ("en", "18 March, 21:00 ICT", "Hanoi time"),
    ],
)
def test_lint_finds_what_must_not_be_said(language: Language, text: str, rule: str) -> None:
    message = Message("push", language, (Line("headline", (Span(text),)),))
    assert [problem for problem in lint(message, MESSAGE_6) if rule in problem]


@pytest.mark.parametrize("text", ["Bà Rịa – Vũng Tàu, Phương Đông", "“bà Meloni” (bài viết)"])
def test_lint_knows_a_place_and_a_quotation_from_a_title(text: str) -> None:
    assert lint(Message("push", "vi", (Line("field", (Span(text),)),)), MESSAGE_6) == ()


def test_lint_lets_pass_who_phoned_the_last_time() -> None:
    rang = Initiator(side="RU", how="phoned")
    before = Brief(call_id="c0", participants=(MACRON, XI), date="2025-01-01", initiator=rang)
    compared = Comparison(previous=before, coverage=Coverage(articles=9, months=9, thin=True))
    line = Message("push", "en", (Line("bullet", (Span("Last time Putin phoned"),)),))
    assert lint(line, replace(view(facts(MACRON, XI)), comparison=compared)) == ()
    assert lint(line, view(facts(MACRON, XI))) != ()


@pytest.mark.parametrize("text", ["first in our record", "second since January, says the article", "“first since”"])
def test_lint_lets_a_hedged_first_pass(text: str) -> None:
    assert lint(Message("push", "en", (Line("bullet", (Span(text),)),)), MESSAGE_6) == ()


def test_lint_measures_the_push_line() -> None:
    assert "push line over 80" in lint(Message("x" * 81, "en", ()), MESSAGE_6)[0]


# --- the terminal --------------------------------------------------------------------------------------------------


def printed(post: Post, evidence: str = "") -> str:
    console = Console(file=io.StringIO(), width=100, force_terminal=False)
    assert isinstance(ConsolePoster(console, evidence).send(post), Sent)
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue()


def post(message: Message, **values: str) -> Post:
    return Post(key="k", kind="root", channel="console", message=message, **values)  # type: ignore[arg-type]


def test_an_alert_on_the_terminal() -> None:
    text = printed(post(render_root(MESSAGE_6, "en", "Asia/Ho_Chi_Minh")))
    assert "☎ Putin and Trump held a call on 18 March, over an hour and a half" in text
    assert "┃ ① Theo Hãng tin Reuters" in text


def test_a_terminal_names_the_command_that_shows_all_evidence() -> None:
    root = Post(key="root:c1@console", kind="root", channel="console", message=render_root(MESSAGE_6, "en", "UTC"))
    lines = [line.strip("│ ") for line in printed(root, "redphone explain {call}").splitlines()]
    assert lines[-2] == "all evidence: redphone explain c1", "on a line of its own: it is to be pasted"
    assert not lines[-3].endswith("·")
    assert "all evidence:" not in printed(root)


def test_an_edit_on_the_terminal_is_one_line() -> None:
    edit = Post(key="k", kind="edit", channel="console", message=render_root(MESSAGE_8, "en", "UTC"), ts="1")
    assert printed(edit).startswith("✎ ☎ Putin and Trump held a call on 12 February, 90 minutes  Edited")


def test_edited_messages_are_shown_whole_as_they_stand_once_each() -> None:
    console = Console(file=io.StringIO(), width=100, force_terminal=False)
    poster = ConsolePoster(console, "redphone explain {call}")
    root = Post(key="root:c3@console", kind="root", channel="console", message=render_root(MESSAGE_6, "en", "UTC"))
    edit = Post(key="edit:c3@console#1", kind="edit", channel="console", message=root.message, ts="console-1")
    later = Post(
        key="edit:c3@console#2", kind="edit", channel="console", message=render_root(MESSAGE_8, "en", "UTC"), ts=edit.ts
    )
    for said in (root, edit, later):
        poster.send(said)
    assert isinstance(console.file, io.StringIO)
    console.file.truncate(0)
    poster.show_edited()
    text = console.file.getvalue()
    assert text.count("☎") == 1
    assert "☎ Putin and Trump held a call on 12 February, 90 minutes" in text
    assert "│ all evidence: redphone explain c3 " in text


def test_markup_of_foreign_hands_is_text() -> None:
    shout = Topic(id=None, text="[bold red]giá gạo[/] \x1b[31m", mode="reported")
    text = printed(post(render_root(view(facts(MACRON, XI, topics=(shout,))), "en", "UTC"), note="possible_repeat"))
    assert "“[bold red]giá gạo[/] [31m”" in text
    assert "\x1b" not in text
    assert text.startswith("⚠ This message may be here twice")


def test_a_terminal_cannot_be_read() -> None:
    answer = ConsolePoster().find(post(render_root(MESSAGE_6, "en", "UTC")), MESSAGE_6.article_at)  # type: ignore[arg-type]
    assert answer == CannotLook("a terminal cannot be read", ever=False)
