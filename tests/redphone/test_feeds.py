"""`redphone feeds`: list, check, import and export, against a newspaper on loopback."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy.orm import Session, sessionmaker

from redphone.__main__ import run
from services.ingest.catalogue import built_in, read_feeds, read_opml
from shared import db
from shared.settings import load_settings
from shared.tables import FeedRow
from tests.support.feed_server import FeedServer, Reply, always
from tests.support.listed import NOW

ITEM = "<item><title>Tin {0}</title><link>/tin-{0}.html</link><pubDate>Mon, 04 May 2026 12:05:08 GMT+7</pubDate></item>"
RSS = f'<rss version="2.0"><channel><title>Thế giới</title>{ITEM.format(1)}{ITEM.format(2)}</channel></rss>'.encode()
OPML = """<opml version="2.0"><head/><body><outline text="Báo chí"><outline text="Báo A" xmlUrl="https://a.vn/rss"/>
<outline text="VnExpress" xmlUrl="https://vnexpress.net/rss/the-gioi.rss"/></outline></body></opml>"""


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[FeedServer]:
    with FeedServer() as running:
        monkeypatch.setenv("REDPHONE_ALLOW_HOSTS", running.host)
        monkeypatch.setenv("REDPHONE_PAUSE_SECONDS", "0")
        yield running


@pytest.fixture
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = tmp_path / "own" / "feeds.csv"
    monkeypatch.setenv("REDPHONE_FEEDS_FILE", str(path))
    return path


def redphone(*arguments: str) -> int:
    load_settings.cache_clear()
    try:
        return run(list(arguments))
    except SystemExit as end:  # typer ends a command so
        return int(end.code or 0)


def test_check_says_what_a_feed_gives_and_stores_nothing(
    server: FeedServer, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    url = server.serve("/rss", RSS)
    assert redphone("feeds", "check", url) == 0
    out, err = capsys.readouterr()
    assert (out.startswith(f"{url}: HTTP 200, 2 entries in "), err) == (True, "")
    assert "would be stored: 2 articles" in out
    assert "written 'Mon, 04 May 2026 12:05:08 GMT+7'" in out
    assert not (tmp_path / "data").exists()


def test_check_says_it_in_json(server: FeedServer, capsys: pytest.CaptureFixture[str]) -> None:
    url, gone = server.serve("/rss", RSS), server.url("/gone")
    assert redphone("feeds", "check", "--json", url) == 0
    assert redphone("feeds", "--json", "check", gone) == 1
    good, bad = map(json.loads, capsys.readouterr().out.splitlines())
    assert (good["url"], good["usable"], good["said"][0].split(" in ")[0]) == (url, True, f"{url}: HTTP 200, 2 entries")
    assert bad == {"url": gone, "usable": False, "said": [f"{gone}: missing: HTTP 404 Not Found"]}


@pytest.mark.parametrize(
    ("url", "code", "words"),
    [
        ("ftp://a.vn/rss", 2, "'ftp://a.vn/rss' is no http(s) address"),
        ("{server}/gone", 1, "{server}/gone: missing: HTTP 404 Not Found"),
        ("{server}/login", 1, "{server}/login: HTTP 200, but html: an HTML page, no feed: “Đăng nhập”"),
        (
            "http://127.0.0.2:1/rss",
            1,
            "http://127.0.0.2:1/rss: address: 127.0.0.2: not a public address, nor named in REDPHONE_ALLOW_HOSTS",
        ),
    ],
)
def test_a_feed_that_cannot_be_used_is_one_line(
    url: str, code: int, words: str, server: FeedServer, capsys: pytest.CaptureFixture[str]
) -> None:
    server.answer("/login", always(Reply(200, "<html><title>Đăng nhập</title></html>".encode())))
    here = server.url("")
    assert redphone("feeds", "check", url.format(server=here)) == code
    out, err = capsys.readouterr()
    assert (out, err) == ("", f"redphone: {words.format(server=here)}\n")


def test_check_of_all_feeds_tells_each_and_counts_those_that_fail(
    server: FeedServer, own: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("REDPHONE_BUILT_IN_FEEDS", "no")
    urls = server.serve("/rss", RSS), server.serve("/home", RSS), server.url("/gone")
    own.parent.mkdir()
    own.write_text("outlet,url\n" + "".join(f"Báo A,{url}\n" for url in urls), encoding="utf-8")
    assert redphone("feeds", "check") == 1
    out, err = capsys.readouterr()
    assert [line.split(": ")[0] for line in out.splitlines() if not line.startswith(" ")] == list(urls)
    assert err == "redphone: 1 of 3 feeds cannot be used\n"
    assert server.paths() == ["/rss", "/home", "/gone"]


def test_import_adds_what_is_not_known(own: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "reader.opml").write_text(OPML, encoding="utf-8")
    assert redphone("feeds", "import", str(tmp_path / "reader.opml")) == 0
    assert capsys.readouterr().out.startswith(f"1 feed added to {own}; 1 was there already\n")
    (feed,) = read_feeds(own.read_text(encoding="utf-8"), "own")
    assert (feed.outlet, feed.url, feed.world, feed.fetch_body) == ("Báo A", "https://a.vn/rss", False, False)
    assert redphone("feeds", "import", str(tmp_path / "reader.opml"), "--world") == 0
    assert capsys.readouterr().out == f"0 feeds added to {own}; 2 were there already\n"
    assert [path.name for path in own.parent.iterdir()] == ["feeds.csv"]


def test_import_knows_a_feed_under_the_other_spellings_of_its_address(
    own: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    spellings = ("http://VNEXPRESS.net:80/rss/the-gioi.rss", "http://a.vn/rss", "https://www.a.vn/rss", "http://a.vn/b")
    outlines = "".join(f'<outline text="A" xmlUrl="{url}"/>' for url in spellings)
    (tmp_path / "reader.opml").write_text(f"<opml><body>{outlines}</body></opml>", encoding="utf-8")
    assert redphone("feeds", "import", str(tmp_path / "reader.opml")) == 0
    assert capsys.readouterr().out.startswith(f"2 feeds added to {own}; 2 were there already\n")
    feeds = read_feeds(own.read_text(encoding="utf-8"), "own")
    assert [feed.url for feed in feeds] == ["http://a.vn/rss", "http://a.vn/b"]


def test_imported_feeds_are_the_newsrooms_own_without_a_setting(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "reader.opml").write_text(OPML, encoding="utf-8")
    assert redphone("feeds", "import", str(tmp_path / "reader.opml"), "--world") == 0
    capsys.readouterr()
    assert redphone("feeds", "export") == 0
    feeds = read_opml(capsys.readouterr().out.encode(), "out")
    assert [feed.url for feed in feeds if feed not in built_in()] == ["https://a.vn/rss"]
    assert feeds[-1].world


def test_import_leaves_out_what_it_cannot_take_and_says_so(
    own: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "reader.opml"
    path.write_text(
        '<opml version="2.0"><body><outline text="X" xmlUrl="feed:x"/><outline xmlUrl="https://b.vn/rss"/></body></opml>',
        encoding="utf-8",
    )
    assert redphone("feeds", "import", str(path)) == 0
    out, err = capsys.readouterr()
    assert out.startswith(f"1 feed added to {own}\n")
    assert err == f"redphone: {path}, feed 1 (X): 'feed:x' is no http(s) address: left out\n"
    assert [feed.outlet for feed in read_feeds(own.read_text(encoding="utf-8"), "own")] == ["b.vn"]


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("nothing.opml", None, "nothing.opml: cannot be read (No such file or directory)"),
        ("a.opml", "<rss/>", "a.opml: no OPML: the root element is <rss>"),
        ("a.opml", '<opml><body><outline text="folder"/></body></opml>', "a.opml: no feed in it"),
        (
            "a.opml",
            '<opml><body><outline text="A" xmlUrl="x"/></body></opml>',
            "a.opml, feed 1 (A): 'x' is no http(s) address",
        ),
    ],
)
def test_what_is_no_opml_adds_nothing(
    name: str, content: str | None, words: str, own: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    if content is not None:
        (tmp_path / name).write_text(content, encoding="utf-8")
    assert redphone("feeds", "import", str(tmp_path / name)) == 2
    assert capsys.readouterr().err == f"redphone: {tmp_path}/{words}\n"
    assert not own.exists()


def test_export_is_what_import_reads(capsys: pytest.CaptureFixture[str]) -> None:
    assert redphone("feeds", "export") == 0
    assert read_opml(capsys.readouterr().out.encode(), "out.opml") == built_in()


def test_the_list_has_all_feeds_however_many(
    own: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    own.parent.mkdir()
    own.write_text("outlet,url\n" + "".join(f"Z,https://z.vn/{n}.rss\n" for n in range(100, 200)), encoding="utf-8")
    monkeypatch.setenv("COLUMNS", "250")
    assert redphone("feeds", "list") == 0
    assert capsys.readouterr().out.count("https://z.vn/1") == 100
    assert redphone("feeds", "list", "--limit", "3") == 0
    assert capsys.readouterr().out.count("https://") == 3


def test_a_narrow_terminal_shows_each_address_whole(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    assert redphone("feeds", "list") == 0
    out = capsys.readouterr().out
    assert "…" not in "".join(line[12:22] for line in out.splitlines()[3:])
    assert "interval" in out


def test_the_list_shows_state_last_success_next_look_interval_and_entries_a_day(
    sqlite_url: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("REDPHONE_DATABASE_URL", sqlite_url)
    monkeypatch.setenv("REDPHONE_BUILT_IN_FEEDS", "no")
    monkeypatch.setenv("COLUMNS", "200")
    polled = {"next_poll_at": NOW, "last_polled_at": NOW}
    well = {"last_success_at": NOW, "last_new_at": NOW - dt.timedelta(days=8), "interval_s": 750}
    with db.sessions_for(sqlite_url).begin() as session:
        session.add(FeedRow(url="https://a.vn/rss", outlet="Báo A", **polled, **well))
        session.add(FeedRow(url="https://b.vn/rss", outlet="Báo B", **polled, failures=3, last_error="dns: no"))
    for arguments in (["feeds"], ["feeds", "list"]):
        assert redphone(*arguments) == 0
        rows = capsys.readouterr().out.splitlines()
        assert [row.split()[0:2] for row in rows[2:]] == [["Báo", "A"], ["Báo", "B"]]
        assert "silent" in rows[2]  # answered, a week after its last entry
        assert "04/05/2026 12:00" in rows[2]
        assert "750" in rows[2]
        assert "failing" in rows[3]
        assert "dns: no" in rows[3]


@pytest.fixture
def known(sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> sessionmaker[Session]:
    """A database that knows a feed of Báo A."""
    monkeypatch.setenv("REDPHONE_DATABASE_URL", sqlite_url)
    monkeypatch.setenv("REDPHONE_BUILT_IN_FEEDS", "no")
    sessions = db.sessions_for(sqlite_url)
    with sessions.begin() as session:
        session.add(FeedRow(url="https://a.vn/rss", outlet="Báo A", next_poll_at=NOW, interval_s=60))
    return sessions


def listed(capsys: pytest.CaptureFixture[str]) -> list[dict[str, object]]:
    assert redphone("feeds", "list", "--json") == 0
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


@pytest.mark.parametrize(
    "arguments", [("--json",), ("list", "--json"), ("--json", "list"), ("--json", "list", "--limit", "1")]
)
def test_json_holds_wherever_it_stands(
    known: sessionmaker[Session], capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...]
) -> None:
    assert redphone("feeds", *arguments) == 0
    assert [json.loads(line)["outlet"] for line in capsys.readouterr().out.splitlines()] == ["Báo A"]


def test_a_limit_before_the_list_holds_and_one_behind_it_holds_more(capsys: pytest.CaptureFixture[str]) -> None:
    assert redphone("feeds", "--json", "--limit", "3", "list") == 0
    assert len(capsys.readouterr().out.splitlines()) == 3
    assert redphone("feeds", "--json", "--limit", "3", "list", "--limit", "2") == 0
    assert len(capsys.readouterr().out.splitlines()) == 2


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("feeds", "--json", "export"), "feeds export has no --json"),
        (("feeds", "--limit", "3", "export"), "feeds export has no --limit"),
        (("alerts", "--json", "drop", "1", "--reason", "x"), "alerts drop has no --json"),
        (("calls", "--json", "undo", "1"), "calls undo has no --json"),
        (("calls", "--csv", "hands"), "calls hands has no --csv"),
    ],
)
def test_an_option_that_the_subcommand_does_not_have_is_refused(
    capsys: pytest.CaptureFixture[str], arguments: tuple[str, ...], words: str
) -> None:
    assert redphone(*arguments) == 2
    assert capsys.readouterr() == ("", f"redphone: redphone {words}: leave it out\n")


def test_before_the_first_run_the_list_is_the_catalogue(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert redphone("feeds", "list", "--json") == 0
    out, err = capsys.readouterr()
    rows = [json.loads(line) for line in out.splitlines()]
    assert err.startswith(f"redphone: no history at {tmp_path}/data/redphone/redphone.sqlite yet: ")
    assert sorted(str(row["url"]) for row in rows) == sorted(feed.url for feed in built_in())
    assert {(row["state"], row["last_success_at"], row["next_poll_at"]) for row in rows} == {
        ("not yet polled", None, None)
    }
    assert not (tmp_path / "data").exists()


def test_the_list_has_the_catalogues_feeds_that_no_run_has_taken_over(
    known: sessionmaker[Session], own: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    own.parent.mkdir()
    own.write_text("outlet,url\nBáo Mới,https://b.vn/rss\nBáo A,https://a.vn/rss\n", encoding="utf-8")
    rows = listed(capsys)
    assert [(row["outlet"], row["next_poll_at"]) for row in rows] == [
        ("Báo A", "2026-05-04T05:00:00Z"),
        ("Báo Mới", None),
    ]


def test_a_feed_is_paused_with_a_reason_and_resumed(
    known: sessionmaker[Session], capsys: pytest.CaptureFixture[str]
) -> None:
    assert redphone("feeds", "pause", "báo a", "--reason", "lặp bài cũ", "--by", "An") == 0
    assert capsys.readouterr().out == "https://a.vn/rss is paused until redphone feeds resume\n"
    (row,) = listed(capsys)
    assert row["state"] == "paused"
    assert str(row["error"]).startswith("paused by An at ")
    assert str(row["hand"]).endswith(": lặp bài cũ")
    assert redphone("feeds", "resume", "https://a.vn/rss", "--by", "Bình") == 0
    assert capsys.readouterr().out == "https://a.vn/rss is polled again\n"
    (row,) = listed(capsys)
    assert (row["state"], row["error"]) == ("not yet polled", None)
    assert str(row["hand"]).startswith("resumed by Bình at ")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("pause", "Báo B", "--reason", "x"), "Báo B: no feed has this address or outlet; redphone feeds lists them"),
        (("pause", "Báo A", "--reason", " "), "--reason: say why, for whoever comes next"),
        (("resume", "Báo A"), "Báo A: no feed of this address or outlet is paused; redphone feeds lists them"),
    ],
)
def test_what_cannot_be_paused_or_resumed_changes_nothing(
    known: sessionmaker[Session], arguments: tuple[str, ...], words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert redphone("feeds", *arguments, "--by", "An") == 2
    assert capsys.readouterr().err == f"redphone: {words}\n"
    (row,) = listed(capsys)
    assert (row["state"], row["hand"]) == ("not yet polled", None)
