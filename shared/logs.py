"""Logs: one event a line, with the ids of what it is about; JSON for machines, plain for a terminal.

What a step has in hand is bound once (:func:`bound`), and every line until its end carries it, those of libraries too:
`article_id`, `report_id`, `call_id`, `announcement_id`, `feed_id`. So one article is followed by its id from the feed
to Slack, whichever process wrote the line. Nothing secret is ever in a line.
"""

from __future__ import annotations

import datetime as dt
import logging
import os
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING
from urllib.parse import unquote

import msgspec

if TYPE_CHECKING:  # every part logs, and not every part reads settings
    from shared.settings import Settings

_bound: ContextVar[Mapping[str, object]] = ContextVar("bound")
_PASSWORD = re.compile(r"://[^/@:]*:(.+)@")
FIELDS = "redphone_fields"
#: A shorter secret would take harmless words with it.
SHORTEST_SECRET = 4
HIDDEN = "***"
#: Libraries that say at INFO what our own lines say with ids, or what nobody asks for.
CHATTY = ("alembic", "httpx", "httpcore", "trafilatura")


@contextmanager
def bound(**ids: object) -> Iterator[None]:
    """Let every line within carry these ids, beside those that are bound already; None is not shown."""
    token = _bound.set({**_bound.get({}), **ids})
    try:
        yield
    finally:
        _bound.reset(token)


def tell(log: logging.Logger, event: str, *, level: int = logging.INFO, **fields: object) -> None:
    """Log an event by its name (`article_read`), with fields of its own beside those that are bound."""
    if log.isEnabledFor(level):
        log.log(level, event, extra={FIELDS: fields})


class Lines(logging.Formatter):
    """One line for each record, as JSON or for people. `service`: which process says it."""

    def __init__(self, settings: Settings, service: str) -> None:
        super().__init__()
        self._as_json, self._service = settings.log_format == "json", service
        self._secrets = secrets_of(settings)

    def format(self, record: logging.LogRecord) -> str:
        """The record as a line; in plain form a traceback follows it."""
        line = self._json(record) if self._as_json else self._plain(record)
        for secret in self._secrets:
            line = line.replace(secret, HIDDEN)
        return line

    def _json(self, record: logging.LogRecord) -> str:
        message = record.getMessage()
        said: dict[str, object] = {
            "at": _moment(record).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "service": self._service,
            "event": str(record.msg),  # the same words each time, whatever is filled in
            **({"message": message} if message != record.msg else {}),
            **_fields(record),
            "logger": record.name,
            "process": record.process,
        }
        if record.exc_info:
            said["trace"] = self.formatException(record.exc_info)
        return msgspec.json.encode(said, enc_hook=str).decode()

    def _plain(self, record: logging.LogRecord) -> str:
        fields = "".join(f"  {name}={value}" for name, value in _fields(record).items())
        line = f"{_moment(record).astimezone():%H:%M:%S} {record.levelname:7} {record.getMessage()}{fields}"
        return f"{line}\n{self.formatException(record.exc_info)}" if record.exc_info else line


def _moment(record: logging.LogRecord) -> dt.datetime:
    return dt.datetime.fromtimestamp(record.created, dt.UTC)


def _fields(record: logging.LogRecord) -> dict[str, object]:
    fields = {**_bound.get({}), **getattr(record, FIELDS, {})}
    return {name: value for name, value in fields.items() if value is not None}


def secrets_of(settings: Settings) -> tuple[str, ...]:
    """What no line may hold: tokens, and the passwords of the database and the broker, as they are written in a URL and
    as they are; the longest first."""
    tokens = (settings.slack_token, settings.slack_app_token, settings.status_token, settings.database_password)
    found = {token.get_secret_value() for token in tokens if token} | {os.environ.get("PGPASSWORD", "")}
    for url in (settings.database_url, settings.broker_url or ""):
        for password in _PASSWORD.findall(url):
            found |= {password, unquote(password)}
    inside = {msgspec.json.encode(secret).decode()[1:-1] for secret in found}
    return tuple(sorted((s for s in found | inside if len(s) >= SHORTEST_SECRET), key=len, reverse=True))


def set_up(settings: Settings, service: str, level: str | None = None) -> None:
    """Let this process log to standard error as the settings have it; `level` in place of theirs."""
    handler = logging.StreamHandler()
    handler.setFormatter(Lines(settings, service))
    logging.basicConfig(handlers=[handler], level=level or settings.log_level, force=True)
    logging.captureWarnings(settings.log_format == "json")
    quieten()


def quieten() -> None:
    """Let libraries that say much say only what is wrong."""
    for name in CHATTY:
        logging.getLogger(name).setLevel(logging.WARNING)
