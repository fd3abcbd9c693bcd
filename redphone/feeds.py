"""The catalogue on the command line: try feeds, bring them in from OPML, hand them out as OPML, pause them."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from itertools import groupby
from pathlib import Path

import msgspec

from redphone.writing import reason_of, who, written
from services.ingest import catalogue, config
from services.ingest.check import Checked, describe
from services.ingest.feeds import pause_feeds, resume_feeds
from services.ingest.fetch import Fetcher
from services.ingest.tasks import Options
from services.ingest.urls import canonical_url, host_of, unnumbered_key
from services.ingest.values import CatalogueFeed
from shared.clock import utc_now
from shared.errors import ServiceDownError, UsageError
from shared.settings import load_settings

THREADS = 8


def check(url: str | None, *, as_json: bool = False) -> None:
    """Ask one feed, or each of the catalogue, and print what it gave; `as_json`: a line of JSON for each, also for one
    that cannot be used.

    Raises UsageError for what is no address, ServiceDownError where a feed cannot be used.
    """
    settings = load_settings()
    known = config.feeds(settings)
    feeds = known if url is None else [_feed(url, known)]
    if not feeds:
        raise UsageError("no feeds: REDPHONE_BUILT_IN_FEEDS is off and there are none of your own")
    options = config.options(settings)
    by_host = [list(group) for _, group in groupby(sorted(feeds, key=_host), key=_host)]
    useless: list[Checked] = []
    with closing(config.fetcher(settings)) as fetcher, ThreadPoolExecutor(THREADS) as pool:
        for looks in pool.map(lambda group: _looks(group, fetcher, options), by_host):
            sys.stdout.writelines(_said(look, alone=url is not None, as_json=as_json) for look in looks)
            useless += [look for look in looks if not look.usable]
    if useless:
        said = useless[0].lines[0] if url else f"{len(useless)} of {len(feeds)} feeds cannot be used"
        raise ServiceDownError(said)


def import_opml(path: str, *, world: bool) -> None:
    """Add the feeds of an OPML file to the newsroom's own file; those that are known stay as they are.

    A feed that cannot be taken is told and left out. Raises UsageError for a file that cannot be read or written, or
    that has no feed that can be taken, and then changes nothing.
    """
    settings = load_settings()
    own = config.own_file(settings)
    mine = config.own_feeds(own) if own.exists() else ()
    built_in = catalogue.built_in() if settings.built_in_feeds else ()
    known = {_address(feed) for feed in (*built_in, *mine)}
    refused: list[str] = []
    try:
        listed = catalogue.read_opml(Path(path).read_bytes(), path, world=world, refused=refused.append)
    except OSError as error:
        raise UsageError(f"{path}: cannot be read ({error.strerror})") from error
    except catalogue.CatalogueError as error:
        raise UsageError(str(error)) from error
    if not listed:
        raise UsageError(refused[0] if refused else f"{path}: no feed in it")
    sys.stderr.writelines(f"redphone: {words}: left out\n" for words in refused)
    new: dict[str, CatalogueFeed] = {}
    for feed in listed:
        if _address(feed) not in known:
            new.setdefault(_address(feed), feed)
    if new:
        _write(own, catalogue.write_feeds([*mine, *new.values()]))
    old = len(listed) - len(new)
    there = f"; {old} {'was' if old == 1 else 'were'} there already" if old else ""
    sys.stdout.write(f"{len(new)} feed{'' if len(new) == 1 else 's'} added to {own}{there}\n")
    if new:
        sys.stdout.write("`redphone run` and ingest workers that read this file poll them from the next tick on\n")


def export() -> None:
    """Print the catalogue as OPML."""
    sys.stdout.write(catalogue.write_opml(config.feeds(load_settings())))


def pause(name: str, reason: str, by: str | None) -> None:
    """Poll a feed, or all feeds of an outlet, no more until `resume`; what they brought stays.

    Raises UsageError for a name that no feed has.
    """
    whose, why, now = who(by), reason_of(reason), utc_now()
    paused = written(load_settings(), lambda session: pause_feeds(session, name, whose, why, now))
    if not paused:
        raise UsageError(f"{name}: no feed has this address or outlet; redphone feeds lists them")
    sys.stdout.writelines(f"{url} is paused until redphone feeds resume\n" for url in paused)


def resume(name: str, by: str | None) -> None:
    """Poll feeds again that are paused. Raises UsageError where none of this name is."""
    whose, now = who(by), utc_now()
    resumed = written(load_settings(), lambda session: resume_feeds(session, name, whose, now))
    if not resumed:
        raise UsageError(f"{name}: no feed of this address or outlet is paused; redphone feeds lists them")
    sys.stdout.writelines(f"{url} is polled again\n" for url in resumed)


def _feed(url: str, known: Sequence[CatalogueFeed]) -> CatalogueFeed:
    """The catalogue's row of this address, or one with the defaults."""
    if canonical_url(url) is None:
        raise UsageError(f"{url!r} is no http(s) address")
    listed = next((feed for feed in known if feed.url == url), None)
    return listed or CatalogueFeed(outlet=host_of(url), url=url)


def _address(feed: CatalogueFeed) -> str:
    """The feed's address as two lists may both have it: with http or https, with www or without."""
    return unnumbered_key(canonical_url(feed.url) or feed.url)


def _host(feed: CatalogueFeed) -> str:
    return host_of(feed.url)


def _looks(feeds: Sequence[CatalogueFeed], fetcher: Fetcher, options: Options) -> list[Checked]:
    """Ask the feeds of one host, one after the other, with the pause that the host is due."""
    found: list[Checked] = []
    for feed in feeds:
        if found:
            time.sleep(options.pause.total_seconds() if feed.pause_s is None else feed.pause_s)
        found.append(describe(feed, fetcher(feed.url), utc_now(), options.fresh))
    return found


def _said(look: Checked, *, alone: bool, as_json: bool) -> str:
    """What standard output says of a look; of a feed that was asked alone and cannot be used the error says it."""
    if as_json:
        said = [line.strip() for line in look.lines]
        return msgspec.json.encode({"url": look.url, "usable": look.usable, "said": said}).decode() + "\n"
    return "".join(f"{line}\n" for line in look.lines) if look.usable or not alone else ""


def _write(path: Path, text: str) -> None:
    """Replace the file as a whole, so that a reader never meets half of it."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        part = path.with_name(f".{path.name}.{os.getpid()}")
        part.write_text(text, encoding="utf-8")
        part.replace(path)
    except OSError as error:
        raise UsageError(f"{path}: cannot be written ({error.strerror}); set REDPHONE_FEEDS_FILE") from error
