"""What one process of ingest works with, made from the settings: the catalogue, a fetcher, the desk's options."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from services.ingest import catalogue
from services.ingest.fetch import Fetcher
from services.ingest.tasks import Options
from services.ingest.values import CatalogueFeed
from shared.errors import UsageError
from shared.settings import Settings, data_folder


def options(settings: Settings) -> Options:
    """The desk's options."""
    return Options(
        fresh=dt.timedelta(hours=settings.fresh_hours),
        pause=dt.timedelta(seconds=settings.pause_seconds),
        user_agent=settings.user_agent,
    )


def fetcher(settings: Settings) -> Fetcher:
    """A fetcher with its own pool of connections: one per process, never across a fork."""
    return Fetcher(settings.user_agent, settings.allow_hosts)


@contextmanager
def fetcher_to(settings: Settings, place: str) -> Iterator[Fetcher]:
    """A fetcher for a place of this machine's own (host and port) and for no other address that is not public, not even
    those that the desk lets through; its connections end with the `with`."""
    fetch = Fetcher(settings.user_agent, [place])
    try:
        yield fetch
    finally:
        fetch.close()


def feeds(settings: Settings) -> tuple[CatalogueFeed, ...]:
    """The built-in feeds and the newsroom's own, or only these where `REDPHONE_BUILT_IN_FEEDS` is off.

    Raises UsageError for a file that cannot be read.
    """
    lists = [catalogue.built_in()] if settings.built_in_feeds else []
    path = own_file(settings)
    if settings.feeds_file is not None or path.exists():
        lists.append(own_feeds(path))
    return catalogue.merge(*lists)


class Watch:
    """The catalogue, taken over again whenever the newsroom's own file has changed: by hand, or by `feeds import`."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._seen = self._look()

    def follow(self, take: Callable[[tuple[CatalogueFeed, ...]], None]) -> bool:
        """Hand the feeds to `take` where the file is another than at the last look; returns whether it was.

        Raises UsageError, once for each change, for a file that cannot be read: what was taken over before holds. A
        change that `take` raises for is handed over again.
        """
        found = self._look()
        if found == self._seen:
            return False
        try:
            listed = feeds(self._settings)
        except UsageError:
            self._seen = found
            raise
        take(listed)
        self._seen = found
        return True

    def _look(self) -> tuple[int, int, int] | None:
        try:
            at = own_file(self._settings).stat()
        except OSError:
            return None
        return at.st_mtime_ns, at.st_size, at.st_ino


def own_file(settings: Settings) -> Path:
    """Where a newsroom's own feeds are, or would be."""
    return settings.feeds_file or data_folder() / "feeds.csv"


def own_feeds(path: Path) -> tuple[CatalogueFeed, ...]:
    """The feeds of a newsroom's own file. Raises UsageError for one that cannot be read."""
    try:
        return catalogue.read_feeds(path.read_text(encoding="utf-8"), str(path))
    except FileNotFoundError as error:
        raise UsageError(f"REDPHONE_FEEDS_FILE {path}: no such file; name a CSV of feeds, or unset it") from error
    except OSError as error:
        raise UsageError(f"REDPHONE_FEEDS_FILE {path}: cannot be read ({error.strerror})") from error
    except UnicodeDecodeError as error:
        raise UsageError(f"REDPHONE_FEEDS_FILE {path}: not UTF-8; save it as UTF-8") from error
    except catalogue.CatalogueError as error:  # names the file and the line itself
        raise UsageError(f"REDPHONE_FEEDS_FILE {error}") from error
