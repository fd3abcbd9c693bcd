"""The engine with its images, once; the stack, up, with a newspaper and a Slack outside."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.compose import engine as engines
from tests.compose.engine import OUTSIDE, Engine
from tests.compose.stack import Stack, clocked
from tests.support.feed_server import FeedServer
from tests.support.rehearsal import FEEDS, OUTLET, Newspaper, set_clock
from tests.support.slack_server import CHANNEL, TOKEN, SlackServer

PASSWORD, STATUS_TOKEN = "p@ss/w:%#?", "a-token-of-many-signs"


class Feeds(FeedServer):
    """A newspaper that containers reach."""

    address = OUTSIDE


class Slack(SlackServer):
    """A Slack that containers reach."""

    address = OUTSIDE


@dataclass
class World:
    """The stack and what is around it; `calls`: what it knew before it was stopped."""

    stack: Stack
    newspaper: Newspaper
    slack: SlackServer
    clock: Path
    calls: list[str] = field(default_factory=list)


@pytest.fixture(scope="session")
def engine() -> Iterator[Engine]:
    """An engine that has every image of docker-compose.yml."""
    folder = Path(os.environ["COMPOSE_TEST_FOLDER"])
    with engines.running(folder) as engine:
        services = Stack(engine, {}).services()
        engines.make_stand_ins(engine, folder, engines.public_images(services))
        engines.build_ours(engine, folder, services)
        yield engine


@pytest.fixture(scope="session")
def world(engine: Engine, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """The stack, healthy. What is left of it at the end is taken down."""
    home = tmp_path_factory.mktemp("world")
    for name, content in {"postgres_password": PASSWORD, "status_token": STATUS_TOKEN, "slack_token": TOKEN}.items():
        (home / name).write_text(f"{content}\n")
    (home / "slack_app_token").touch()
    clock = home / "clock"
    clock.mkdir(mode=0o755)  # containers read it as another user
    set_clock(clock / "now", "2017-01-01T00:00:00+07:00")
    with Feeds() as feeds, Slack() as slack:
        newspaper = Newspaper(feeds)
        (home / "feeds.csv").write_text(FEEDS.format(outlet=OUTLET, url=newspaper.feed), encoding="utf-8")
        settings = {
            "SECRETS_DIR": str(home),
            "REDPHONE_FEEDS_FILE": str(home / "feeds.csv"),
            "REDPHONE_BUILT_IN_FEEDS": "no",
            "REDPHONE_ALLOW_HOSTS": feeds.host,
            "REDPHONE_SLACK_CHANNEL": CHANNEL,
            "REDPHONE_SLACK_BASE_URL": slack.base_url,
            "REDPHONE_TICK_SECONDS": "0.5",
        }
        stack = Stack(engine, settings, clocked(clock))
        try:
            stack.up()
            yield World(stack, newspaper, slack, clock / "now")
        finally:
            stack.compose("down", "--volumes", "--timeout", "5")
