"""Real workers while nobody reads: newspapers are asked less, pages not at all, it is said, and passes by itself."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from redphone.views import feeds
from services.status.standing import describe
from shared import db
from shared.brake import load_steps
from shared.clock import utc_now
from shared.tables import ArticleRow, FeedRow
from tests.support import processes
from tests.support.feed_server import HTML, FeedServer
from tests.support.servers import wait_for

STEPS = "waiting,oldest_s,others_s,world_s,pages,why\n2,1,3600,0,no,a test\n"
ITEM = "<item><title>Tin {number}</title><link>{link}</link><guid>{link}</guid></item>"
RSS = '<?xml version="1.0"?><rss version="2.0"><channel><title>B</title>{items}</channel></rss>'
PAGE = f"<html><body><article><p>{'Một bản tin dài về thời tiết. ' * 20}</p></article></body></html>"


class Papers:
    """Two newspapers, one of world news and one not, each with articles whose pages are worth a look."""

    def __init__(self, world: FeedServer, other: FeedServer) -> None:
        self._servers = {"world": world, "other": other}
        self.feeds = {name: self.print(name, 1) for name in self._servers}

    def print(self, name: str, articles: int) -> str:
        server = self._servers[name]
        links = [server.serve(f"/tin-{n}.html", PAGE.encode(), HTML) for n in range(articles)]
        items = "".join(ITEM.format(number=n, link=link) for n, link in enumerate(links))
        return server.serve("/rss", RSS.format(items=items).encode())

    def asked(self, name: str) -> int:
        return self._servers[name].paths().count("/rss")

    def pages(self) -> int:
        return sum(".html" in path for server in self._servers.values() for path in server.paths())


def ask_again(url: str) -> None:
    """All feeds are due, as after a minute."""
    with db.sessions_for(url).begin() as session:
        session.execute(sa.update(FeedRow).values(next_poll_at=utc_now()))


def done(url: str) -> bool:
    with db.reading(db.sessions_for(url)) as session:
        rows = session.execute(sa.select(ArticleRow.classify_state, ArticleRow.body_state)).all()
    return len(rows) == 4 and {tuple(row) for row in rows} == {("done", "done")}


@pytest.fixture
def own_steps(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A newsroom's own file of steps, in use here as in its workers."""
    folder = tmp_path / "own"
    (folder / "shared").mkdir(parents=True)
    (folder / "shared" / "brake.csv").write_text(STEPS, encoding="utf-8")
    monkeypatch.setenv("REDPHONE_DATA_DIR", str(folder))
    load_steps.cache_clear()
    yield folder
    load_steps.cache_clear()


def test_while_nobody_reads_ingest_slows_and_goes_on_by_itself(
    redis_url: str, postgres_url: str, tmp_path: Path, own_steps: Path
) -> None:
    def remarks() -> list[str]:
        said: dict[str, Any] = describe(db.sessions_for(postgres_url), redis_url, utc_now())
        return [words for words in said["remarks"] if "reading is behind" in words]

    with FeedServer() as world, FeedServer() as other, ExitStack() as workers:
        papers = Papers(world, other)
        catalogue = (f"{name},{url},{'yes' if name == 'world' else 'no'},yes" for name, url in papers.feeds.items())
        lines = "\n".join(("outlet,url,world,fetch_body", *catalogue))
        (tmp_path / "feeds.csv").write_text(f"{lines}\n", encoding="utf-8")
        settings = processes.settings(
            postgres_url,
            redis_url,
            feeds=tmp_path / "feeds.csv",
            pause_seconds=0,
            tick_seconds=0.5,
            canary_minutes=0,
            data_dir=own_steps,
        )
        for command in (["worker", "ingest", "--concurrency", "1"], ["beat"]):
            workers.enter_context(processes.redphone(command, settings, tmp_path))
        wait_for("the brake", remarks, 60)
        before = papers.pages(), papers.asked("other"), papers.asked("world")
        for name in papers.feeds:
            papers.print(name, 2)
        ask_again(postgres_url)
        wait_for("world news to be asked as usual", lambda: papers.asked("world") > before[2])
        wait_for("what it brought", lambda: "4 articles wait" in remarks()[0] or "3 articles wait" in remarks()[0])
        assert (papers.pages(), papers.asked("other")) == before[:2]
        with db.reading(db.sessions_for(postgres_url)) as session:
            said = {feed.outlet: (feed.error, feed.next_poll_at) for feed in feeds(session)}
        assert said["other"][0] == "asked 60 min later than usual: reading is behind"
        assert said["world"][0] is None
        workers.enter_context(processes.redphone(["worker", "classify", "--concurrency", "1"], settings, tmp_path))
        try:
            wait_for("everything to be fetched and read", lambda: done(postgres_url), 60)
        except TimeoutError as error:
            raise AssertionError(f"{error}\n{processes.logs(tmp_path)}") from error
    assert remarks() == []
    assert papers.asked("other") > before[1]
    assert "Traceback" not in processes.logs(tmp_path)
