"""Lines of a log: their ids, their form, and nothing secret in them."""

from __future__ import annotations

import io
import json
import logging
from typing import Any, Literal

import pytest
from pydantic import SecretStr

from shared.logs import Lines, bound, tell
from shared.settings import Settings

SETTINGS = Settings(
    slack_token=SecretStr('xoxb-"one"'),
    slack_app_token=SecretStr("xapp-two"),
    status_token=SecretStr("sixteen-and-more"),
    database_url="postgresql://me:p%40ssword@127.0.0.1/x",
    broker_url="redis://:broker-word@127.0.0.1/0",
)


class Told:
    """A logger of its own, and what it wrote."""

    def __init__(self, log_format: Literal["human", "json"]) -> None:
        self.written = io.StringIO()
        self.log = logging.Logger("redphone.test")
        handler = logging.StreamHandler(self.written)
        handler.setFormatter(Lines(SETTINGS.model_copy(update={"log_format": log_format}), "classify"))
        self.log.addHandler(handler)

    @property
    def lines(self) -> list[str]:
        return self.written.getvalue().splitlines()

    @property
    def said(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.lines]


@pytest.fixture
def machine() -> Told:
    return Told("json")


def test_an_event_carries_what_is_bound_around_it(machine: Told) -> None:
    with bound(article_id=7):
        with bound(call_id="c1", report_id=None):
            tell(machine.log, "report_decided", decision="root: first told")
        machine.log.warning("%s is slow", "Slack")
    tell(machine.log, "feed_polled")
    first, second, third = machine.said
    assert {name: first[name] for name in ("level", "service", "event", "article_id", "call_id", "decision")} == {
        "level": "info", "service": "classify", "event": "report_decided", "article_id": 7, "call_id": "c1",
        "decision": "root: first told",
    }  # fmt: skip
    assert "report_id" not in first
    assert (second["event"], second["message"], second["article_id"]) == ("%s is slow", "Slack is slow", 7)
    assert "call_id" not in second
    assert "article_id" not in third


def test_a_traceback_stays_in_its_line(machine: Told) -> None:
    try:
        raise ValueError("two\nlines")
    except ValueError:
        machine.log.exception("article_failed")
    (line,) = machine.said
    assert line["level"] == "error"
    assert line["trace"].endswith("ValueError: two\nlines")


def test_people_read_a_time_a_level_an_event_and_its_ids() -> None:
    told = Told("human")
    with bound(article_id=7):
        tell(told.log, "article_read", calls=2)
    (line,) = told.lines
    assert line[8:] == " INFO    article_read  article_id=7  calls=2"


@pytest.mark.parametrize("log_format", ["human", "json"])
def test_nothing_secret_is_in_a_line(log_format: Literal["human", "json"], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PGPASSWORD", "behind-the-url")
    told = Told(log_format)
    secrets = ['xoxb-"one"', "xapp-two", "sixteen-and-more", "p%40ssword", "p@ssword", "broker-word", "behind-the-url"]
    try:
        raise ValueError(f"with {' '.join(secrets)}")
    except ValueError:
        with bound(header=secrets[0]):
            told.log.exception("sent %s", secrets)
    written = told.written.getvalue()
    assert "ValueError" in written
    for secret in secrets:
        assert secret not in written
        assert json.dumps(secret)[1:-1] not in written
