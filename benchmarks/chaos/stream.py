"""The stream of articles: invented calls between real leaders, each told by one to three newspapers, and other news.

The same seed gives the same stream for ever. Pure.
"""

from __future__ import annotations

import datetime as dt
import html
from collections.abc import Sequence
from email.utils import format_datetime
from itertools import combinations
from random import Random

import msgspec

from benchmarks.newsprint import sentence, text

PAPERS = 15
ZONE = dt.timezone(dt.timedelta(hours=7))
START = dt.datetime(2025, 3, 19, 8, 0, tzinfo=ZONE)
LEADERS = (
    "Tổng thống Nga Vladimir Putin", "Tổng thống Mỹ Donald Trump", "Tổng thống Pháp Emmanuel Macron",
    "Thủ tướng Anh Keir Starmer", "Thủ tướng Ấn Độ Narendra Modi", "Thủ tướng Italy Giorgia Meloni",
    "Thủ tướng Tây Ban Nha Pedro Sanchez", "Tổng thống Ukraine Volodymyr Zelensky",
    "Thủ tướng Nhật Bản Shigeru Ishiba", "Tổng thống Brazil Luiz Inacio Lula da Silva",
    "Thủ tướng Israel Benjamin Netanyahu", "Thủ tướng Hungary Viktor Orban", "Thủ tướng Malaysia Anwar Ibrahim",
    "Tổng thống Indonesia Prabowo Subianto", "Tổng thống Argentina Javier Milei", "Tổng thống Colombia Gustavo Petro",
    "Thủ tướng Ba Lan Donald Tusk", "Tổng thống Belarus Alexander Lukashenko", "Tổng thống Azerbaijan Ilham Aliyev",
    "Tổng thống Phần Lan Alexander Stubb", "Tổng thống Iran Masoud Pezeshkian", "Thủ tướng Albania Edi Rama",
    "Tổng thống Serbia Aleksandar Vucic", "Thủ tướng Bỉ Bart De Wever", "Thủ tướng Đức Olaf Scholz",
    "Tổng thống Ai Cập Abdel Fattah al-Sisi", "Tổng thống Thổ Nhĩ Kỳ Tayyip Erdogan",
    "Thủ tướng Australia Anthony Albanese", "Thủ tướng Hà Lan Dick Schoof", "Thủ tướng Na Uy Jonas Gahr Store",
    "Tổng thống Kazakhstan Kassym-Jomart Tokayev", "Thủ tướng Pakistan Shehbaz Sharif",
)  # fmt: skip
TOPICS = (
    "thỏa thuận ngừng bắn",
    "thương mại song phương",
    "an ninh năng lượng",
    "trao đổi tù nhân",
    "hợp tác quốc phòng",
)
#: Of the first day all calls are news; those of a week before are told when no pair is left, and make no alert.
DAYS = (18, 11)
MOST_EDITIONS = len(DAYS) * len(LEADERS) * (len(LEADERS) - 1) // 2


class Story(msgspec.Struct, frozen=True):
    """A call that the newspapers tell of: who, on which day of March, about what, for how long."""

    first: str
    second: str
    day: int
    topic: str
    minutes: int


class Printed(msgspec.Struct, frozen=True):
    """An article: where it is printed, its words, the paragraphs of its page (none: the feed tells all), and the call
    that it tells of, if any."""

    number: int
    paper: int
    title: str
    summary: str
    paragraphs: tuple[str, ...]
    published_at: dt.datetime
    story: Story | None

    @property
    def path(self) -> str:
        """Where its page is."""
        return f"/tin-{self.number}.html"


def has_pages(paper: int) -> bool:
    """Whether the pages of a newspaper are fetched: every third one tells all in its feed."""
    return paper % 3 != 0


def stories(day: int) -> list[Story]:
    """The calls of a day, one for each pair of leaders."""
    return [
        Story(first, second, day, TOPICS[(place + day) % len(TOPICS)], 15 + (place * 7 + day) % 60)
        for place, (first, second) in enumerate(combinations(LEADERS, 2))
    ]


def editions(seed: int, count: int) -> list[tuple[Printed, ...]]:
    """So many editions, :data:`MOST_EDITIONS` at most: the first article of each, which has a page, tells of a call
    that nobody told of before; with it come, by chance, another newspaper's word on an earlier call, and other news."""
    chance = Random(seed)
    leading = [paper for paper in range(PAPERS) if has_pages(paper)]
    told = [story for day in DAYS for story in chance.sample(stories(day), len(stories(day)))][:count]
    made: list[tuple[Printed, ...]] = []
    number = 0
    for place, story in enumerate(told):
        again = [told[chance.randrange(place)]] if place and chance.random() < 0.6 else []
        others = chance.randrange(2)
        edition: list[Printed] = []
        for what in (story, *again, *[None] * others):
            number += 1
            paper = chance.randrange(PAPERS) if edition else leading[place % len(leading)]
            edition.append(_printed(number, paper, what, chance))
        made.append(tuple(edition))
    return made


def _printed(number: int, paper: int, story: Story | None, chance: Random) -> Printed:
    at = START - dt.timedelta(minutes=chance.randrange(5, 300))
    if story is None:
        paragraphs = tuple(text(number, 3, salt) for salt in (0, 40, 80)) if has_pages(paper) else ()
        return Printed(number, paper, sentence(number), text(number, 2), paragraphs, at, story)
    whole = told(story, number)
    title, lead = f"Tin thế giới số {number}", whole[0]
    summary, paragraphs = (lead, tuple(whole)) if has_pages(paper) else (" ".join(whole), ())
    return Printed(number, paper, title, summary, paragraphs, at, story)


def told(story: Story, number: int) -> list[str]:
    """The paragraphs of an article about a call."""
    return [
        f"{story.first} ngày {story.day}/3 đã có cuộc điện đàm với {story.second}.",
        f"Cuộc điện đàm kéo dài {story.minutes} phút, hai bên thảo luận về {story.topic}.",
        text(number, 2),
    ]


def feed(printed: Sequence[Printed], base: str) -> bytes:
    """The feed of one newspaper with these articles, the newest first. `base` is the newspaper's address."""
    items = "".join(
        f"<item><title>{html.escape(one.title)}</title><description>{html.escape(one.summary)}</description>"
        f"<link>{base}{one.path}</link><guid>{base}{one.path}</guid>"
        f"<pubDate>{format_datetime(one.published_at)}</pubDate></item>"
        for one in reversed(printed)
    )
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><rss version="2.0"><channel><title>Thế giới</title>{items}'
        "</channel></rss>"
    ).encode()


def page(one: Printed) -> bytes:
    """The page of an article."""
    paragraphs = "".join(f"<p>{html.escape(words)}</p>" for words in one.paragraphs)
    return f"<html><body><nav>Trang chủ</nav><article>{paragraphs}</article></body></html>".encode()
