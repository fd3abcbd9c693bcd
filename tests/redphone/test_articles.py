"""Articles in: what is accepted, and what each mistake is answered with."""

from __future__ import annotations

import datetime as dt
import io
import json
from pathlib import Path

import pytest

from redphone.articles import read_articles
from shared.errors import UsageError

ARTICLE = {"id": "a", "title": "Ông Trump điện đàm", "published_at": "2025-03-19T00:10:00+07:00"}


def lines(*articles: object) -> bytes:
    return b"\n".join(json.dumps(article, ensure_ascii=False).encode() for article in articles) + b"\n"


def test_a_folder_like_seeds_has_texts_and_dates() -> None:
    articles = read_articles("seeds", dated=True)
    assert [article.id[:3] for article in articles] == ["000", "001", "002", "003", "004"]
    assert articles[3].text == Path("seeds/003_56b6f42cd140b67f.txt").read_bytes().decode()
    assert articles[3].published_at == dt.datetime(2017, 1, 29, 1, 0, tzinfo=dt.UTC)


def test_a_file_alone_is_the_article_that_its_folder_gives() -> None:
    for article in read_articles("seeds", dated=True):
        assert read_articles(f"seeds/{article.id}.txt", dated=True) == [article]


def test_lines_may_carry_a_mark_blank_lines_other_keys_and_nulls(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_bytes(
        b"\xef\xbb\xbf"
        + lines(ARTICLE | {"summary": None, "source": "x"})
        + b"\r\n \n"
        + lines({"id": "b", "text": "x"})
    )
    assert [(article.id, article.summary) for article in read_articles(str(path))] == [("a", ""), ("b", "")]


def test_a_time_without_a_zone_is_vietnams(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_bytes(lines(ARTICLE | {"published_at": "2025-03-19 00:10"}))
    assert read_articles(str(path))[0].published_at == dt.datetime(2025, 3, 18, 17, 10, tzinfo=dt.UTC)


def test_a_line_separator_inside_a_text_ends_no_line(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_bytes(lines({"id": "a", "text": "một\u2028hai\u0085ba"}))
    assert read_articles(str(path))[0].text == "một\u2028hai\u0085ba"


def test_standard_input(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(lines(ARTICLE))))
    assert [article.id for article in read_articles("-")] == ["a"]


@pytest.mark.parametrize(
    ("body", "complaint"),
    [
        (b"", "{path}: no articles"),
        (b"\xef\xbb\xbf\n \r\n", "{path}: no articles"),
        (b"{}\n", "{path} line 1: Object missing required field `id`"),
        (lines(ARTICLE) + b"not json\n", "{path} line 2: not JSON"),
        (lines(ARTICLE) + b'{"id": "b", "x": ' + b"[" * 100_000, "{path} line 2: not JSON (maximum recursion depth"),
        (lines(ARTICLE) + b"[1]\n", "{path} line 2: Expected `object`, got `array`"),
        (b'{"id": "a", "text": "\xff"}\n', "{path} line 1: not UTF-8 (byte 0xff at position 21); save it as UTF-8"),
        (lines({"id": "", "text": "x"}), "{path} line 1: the id is empty; each article has its own"),
        (lines({"id": "a", "text": " \n"}), "{path} line 1: article a is empty; at least one of title, summary, text"),
        (lines(ARTICLE, ARTICLE), "{path} line 2: id a stands twice, first at {path} line 1; each article has its own"),
        (lines(ARTICLE | {"published_at": "hôm qua"}), "{path} line 1: published_at 'hôm qua' is not ISO 8601"),
        (
            lines(ARTICLE | {"published_at": "9999-12-31T23:59:59-12:00"}),
            "{path} line 1: published_at '9999-12-31T23:59:59-12:00' is outside the years 1900 to 2199",
        ),
        (
            lines(ARTICLE | {"published_at": "0001-01-01T00:00:00+14:00"}),
            "{path} line 1: published_at '0001-01-01T00:00:00+14:00' is outside the years 1900 to 2199",
        ),
    ],
)
def test_a_bad_line_is_named(tmp_path: Path, body: bytes, complaint: str) -> None:
    path = tmp_path / "a.jsonl"
    path.write_bytes(body)
    with pytest.raises(UsageError) as caught:
        read_articles(str(path))
    assert str(caught.value).startswith(complaint.format(path=path))
    assert "\n" not in str(caught.value)


def test_a_replay_needs_dates(tmp_path: Path) -> None:
    (tmp_path / "x.txt").write_text("Ông Trump điện đàm")
    assert read_articles(str(tmp_path))[0].published_at is None
    with pytest.raises(UsageError, match=r"x\.txt: article x has no published_at"):
        read_articles(str(tmp_path), dated=True)


def test_paths_that_lead_nowhere(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"no such file or folder; name a folder like seeds/ or a \.jsonl file"):
        read_articles(str(tmp_path / "nothing.jsonl"))
    with pytest.raises(UsageError, match=r"no \.txt files here"):
        read_articles(str(tmp_path))
    (tmp_path / "x.txt").write_text("x")
    (tmp_path / "dates.json").write_text("[")
    with pytest.raises(UsageError, match=r"dates\.json: "):
        read_articles(str(tmp_path))
