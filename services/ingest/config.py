"""What one process of ingest works with, made from the settings: the catalogue, a fetcher, the desk's options."""

from __future__ import annotations

import datetime as dt

from services.ingest import catalogue
from services.ingest.fetch import Fetcher
from services.ingest.tasks import Options
from services.ingest.values import CatalogueFeed
from shared.errors import UsageError
from shared.settings import Settings


def options(settings: Settings) -> Options:
    """The desk's options."""
    return Options(fresh=dt.timedelta(hours=settings.fresh_hours), user_agent=settings.user_agent)


def fetcher(settings: Settings) -> Fetcher:
    """A fetcher with its own pool of connections: one per process, never across a fork."""
    return Fetcher(settings.user_agent, settings.allow_hosts)


def feeds(settings: Settings) -> tuple[CatalogueFeed, ...]:
    """The built-in feeds and the newsroom's own, or only these where `REDPHONE_BUILT_IN_FEEDS` is off.

    Raises UsageError for a file that cannot be read.
    """
    lists = [catalogue.built_in()] if settings.built_in_feeds else []
    if settings.feeds_file is not None:
        name = str(settings.feeds_file)
        try:
            lists.append(catalogue.read_feeds(settings.feeds_file.read_text(encoding="utf-8"), name))
        except (OSError, UnicodeDecodeError, catalogue.CatalogueError) as error:
            raise UsageError(f"REDPHONE_FEEDS_FILE {name}: {error}") from error
    return catalogue.merge(*lists)
