"""Settings: the environment, read once into one typed object.

Every name starts with `REDPHONE_`. A name that starts so and is not a setting is an error, because a misspelt setting
that silently keeps its default is found at three in the morning. Secrets are `SecretStr`: they never show in a log.
Each of :data:`SECRETS` may lie in a file instead, which `REDPHONE_…_FILE` names.
"""

from __future__ import annotations

import difflib
import os
import re
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import quote, urlsplit, urlunsplit
from zoneinfo import ZoneInfo

from pydantic import Field, SecretStr, ValidationError, ValidationInfo, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from shared.data_files import laid_over
from shared.errors import UsageError

PREFIX = "REDPHONE_"
#: What may lie in a file: whoever may list a container's environment, or its processes', does not see it there.
SECRETS = ("database_url", "database_password", "broker_url", "slack_token", "slack_app_token", "status_token")
_HOUR = re.compile(r"(?:[01]\d|2[0-3]):[0-5]\d")
_HOURS = re.compile(f"{_HOUR.pattern}-{_HOUR.pattern}")
_TOKEN = re.compile(r"[!-~]{16,}")
_PAIR = re.compile(r"[A-Z]{2,5}-[A-Z]{2,5}")
_BURST = re.compile(r"[1-9]\d? in [1-9]\d?m|never")
_WORDS = ("correction", "second-side", "in-doubt")
_STATUS = "(?:held|ongoing|planned|proposed|denied|unconfirmed|any)"
_STEP = re.compile(f"{_STATUS}-{_STATUS}")


def data_folder() -> Path:
    """Where the program keeps what is the user's own (XDG Base Directory Specification). Raises UsageError for a user
    without a home."""
    try:
        return Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share") / "redphone"
    except RuntimeError as error:
        raise UsageError("there is no home folder: set HOME or XDG_DATA_HOME") from error


def default_database_url() -> str:
    """SQLite in the user's data folder; empty for a user without a home, who is told when it is needed."""
    try:
        return f"sqlite:///{data_folder() / 'redphone.sqlite'}"
    except UsageError:
        return ""


class Settings(BaseSettings):
    """All settings, with their defaults. Read them with :func:`load_settings`."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, env_ignore_empty=True, frozen=True, hide_input_in_errors=True)

    database_url: str = Field(
        default_factory=default_database_url,
        description="SQLAlchemy URL of the database: sqlite:///FILE or postgresql://USER:PASSWORD@HOST/NAME",
    )
    database_password: SecretStr | None = Field(
        default=None, description="password of the database's user, where the URL has none; any characters"
    )
    broker_url: str | None = Field(
        default=None, description="Redis URL of the Celery broker; needed by `worker` and `beat`, unused by `run`"
    )
    poster: Literal["auto", "console", "slack"] = Field(
        default="auto", description="where alerts go; auto is slack when a token is set, else console"
    )
    slack_token: SecretStr | None = Field(default=None, description="Slack bot token (xoxb-…)")
    slack_app_token: SecretStr | None = Field(
        default=None, description="Slack app-level token (xapp-…): buttons and /redphone work, by Socket Mode"
    )
    slack_channel: str = Field(default="#redphone", description="Slack channel, by name or id")
    slack_base_url: str = Field(default="https://slack.com/api/", description="where Slack's Web API is")
    routes_file: Path | None = Field(
        default=None,
        description="a newsroom's own routes, read before the built-in ones; routes.csv in the data folder",
    )
    resurface: Annotated[tuple[str, ...], NoDecode] = Field(
        default=("planned-held", "held-denied", "planned-denied", "correction", "second-side", "in-doubt"),
        description="which replies show in the channel too: steps of status and correction, second-side, in-doubt",
    )
    burst: str = Field(
        default="4 in 10m", description="more calls in a channel than this are told briefly, with a list; or never"
    )
    secondary: Literal["brief", "full"] = Field(
        default="brief", description="how a call is told in the channel that its article tells beside another"
    )
    page_url: str | None = Field(
        default=None, description="where people open the status page, such as https://redphone.example; for links"
    )
    language: Literal["en", "vi"] = Field(default="en", description="language of the alerts")
    timezone: str = Field(default="Asia/Ho_Chi_Minh", description="the desk's time zone (IANA name)")
    fresh_hours: float = Field(
        default=36.0, gt=0, le=87_600, description="a call that ended longer ago does not page the desk"
    )
    quiet_hours: str = Field(
        default="",
        description="when alerts are held back, in the desk's zone: 23:00-06:00; never if empty",
    )
    watch: Annotated[tuple[str, ...], NoDecode] = Field(
        default=(), description="pairs of countries, such as RU-US,CN-US, that pass quiet hours and page at any status"
    )
    digest_hours: Annotated[tuple[str, ...], NoDecode] = Field(
        default=(),
        description="when a digest is posted, in the desk's zone: 06:00,18:00; or never; if empty, as its day begins",
    )
    first_contact_days: int = Field(
        default=30, ge=1, le=36_500, description="two who had no call for so many days make a first contact"
    )
    shift_start: str = Field(
        default="06:00",
        description="when a line says that the feeds are watched, in the desk's zone, once a day; or never",
    )
    plan_grace_hours: float = Field(
        default=2.0,
        ge=0,
        le=240,
        description="how long after it was due nobody may tell of a planned call before that is said",
    )
    feeds_file: Path | None = Field(
        default=None,
        description="a newsroom's own feeds, added to the built-in list; feeds.csv in the data folder, where it is",
    )
    keep_text_days: float | None = Field(
        default=None, ge=1, le=36_500, description="how long the text of an article is kept that proves no call"
    )
    data_dir: Path | None = Field(
        default=None,
        description="a folder of data files, such as classify/cues.csv, each in the place of the built-in one",
    )
    built_in_feeds: bool = Field(default=True, description="poll the feeds that come with the program")
    user_agent: str = Field(
        default="Redphone/0.1 (news alerts; feed reader)", description="how the fetcher introduces itself"
    )
    pause_seconds: float = Field(
        default=1.0, ge=0, le=600, description="the rest between two requests to one host, where a feed names none"
    )
    allow_hosts: Annotated[tuple[str, ...], NoDecode] = Field(
        default=(), description="hosts, separated by commas, that may be fetched although their address is private"
    )
    status_host: str = Field(default="127.0.0.1", description="address that the status page listens on")
    status_port: int = Field(default=8080, ge=0, le=65535, description="port of the status page")
    status_token: SecretStr | None = Field(
        default=None, description="what a reader from another machine has to send; without it none is answered"
    )
    status_access: Literal["token", "anyone"] = Field(
        default="token", description="anyone: whoever reaches the status page may read it, from any machine"
    )
    canary_minutes: float = Field(
        default=5.0, ge=0, le=1440, description="how often a test article is sent through every stage; 0: never"
    )
    canary_channel: str = Field(
        default="", description="private Slack channel that the test articles' messages go to; none are posted if empty"
    )
    tick_seconds: float = Field(default=5.0, gt=0, le=10, description="how often workers look for what nobody rang for")
    clock_file: Path | None = Field(
        default=None,
        description="for rehearsals: a file with the time (ISO 8601) at which the clock starts, from where it runs on",
    )
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = Field(default="INFO", description="how much is logged")
    log_format: Literal["human", "json"] = Field(
        default="human",
        description="how a log is written: for people, or JSON with the ids of what is told of",
    )

    @field_validator("data_dir")
    @classmethod
    def _known_files(cls, value: Path | None) -> Path | None:
        if value is not None:
            laid_over(value)
        return value

    @field_validator("status_token")
    @classmethod
    def _token(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None and not _TOKEN.fullmatch(value.get_secret_value()):
            raise ValueError("write 16 or more letters, digits and signs, without spaces")
        return value

    @field_validator("quiet_hours")
    @classmethod
    def _two_hours(cls, value: str) -> str:
        if value and not _HOURS.fullmatch(value):
            raise ValueError("write two hours, such as 23:00-06:00")
        if value and value[:5] == value[6:]:
            raise ValueError("the quiet hours end where they begin; leave it empty for none")
        return value

    @field_validator("digest_hours")
    @classmethod
    def _hours(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        wrong = [hour for hour in value if not _HOUR.fullmatch(hour)]
        if wrong and value != ("never",):
            raise ValueError(f"{wrong[0]} is no hour: write 06:00,18:00, or never")
        return value

    @field_validator("shift_start")
    @classmethod
    def _hour(cls, value: str) -> str:
        if value != "never" and not _HOUR.fullmatch(value):
            raise ValueError(f"{value} is no hour: write 06:00, or never")
        return value

    @field_validator("watch")
    @classmethod
    def _pairs(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        wrong = [pair for pair in value if not _PAIR.fullmatch(pair)]
        if wrong:
            raise ValueError(f"{wrong[0]} is no pair of countries: write two codes, such as RU-US")
        return value

    @field_validator("allow_hosts", "watch", "digest_hours", "resurface", mode="before")
    @classmethod
    def _split(cls, value: object) -> object:
        return tuple(part.strip() for part in value.split(",") if part.strip()) if isinstance(value, str) else value

    @field_validator("allow_hosts")
    @classmethod
    def _host_names(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for host in value:
            if not _HOST.fullmatch(host):
                raise ValueError(
                    f"{host} is no host: write names with or without a port, such as intranet.example:8080"
                )
        return value

    @field_validator("user_agent")
    @classmethod
    def _product(cls, value: str) -> str:
        if not _USER_AGENT.fullmatch(value):
            raise ValueError("write a name and who you are in ASCII, such as BaoA-Desk/1.0 (+https://bao-a.example)")
        return value

    @field_validator("broker_url")
    @classmethod
    def _redis_url(cls, value: str | None) -> str | None:
        if value is not None and not _is_url(value, ("redis", "rediss", "unix")):
            raise ValueError("write a Redis URL, such as redis://localhost:6379/0")
        return value

    @field_validator("resurface")
    @classmethod
    def _rules(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for rule in () if value == ("none",) else value:
            if rule not in _WORDS and not _STEP.fullmatch(rule):
                raise ValueError(f"{rule} is no rule: write {', '.join(_WORDS)}, steps such as planned-held, or none")
        return value

    @field_validator("burst")
    @classmethod
    def _so_many(cls, value: str) -> str:
        if not _BURST.fullmatch(value):
            raise ValueError("write how many calls in how many minutes, such as 4 in 10m, or never")
        return value

    @field_validator("slack_base_url", "page_url")
    @classmethod
    def _web_url(cls, value: str | None) -> str | None:
        if value is not None and not _is_url(value, ("http", "https")):
            raise ValueError("write an http(s) URL, such as https://host.example/")
        return value

    @field_validator("timezone")
    @classmethod
    def _known_zone(cls, value: str) -> str:
        try:
            ZoneInfo(value)
        except (KeyError, ValueError, OSError) as error:
            raise ValueError(f"{value} is no IANA time zone, such as Asia/Ho_Chi_Minh") from error
        return value

    @field_validator("database_password")
    @classmethod
    def _belongs_to_a_url(cls, value: SecretStr | None, info: ValidationInfo) -> SecretStr | None:
        if value is None:
            return value
        needed = "it needs a database URL without a password in it: postgresql://USER@HOST/NAME"
        try:
            user = urlsplit(url := info.data["database_url"]).netloc.rpartition("@")[0]
        except ValueError as error:  # of the URL, which may hold a secret and is not shown
            raise ValueError(needed) from error
        if not url.startswith("postgres") or not user or ":" in user:
            raise ValueError(needed)
        return value

    @property
    def uses_slack(self) -> bool:
        """Whether alerts go to Slack: asked for, or left to `auto` with a token that is set."""
        return self.poster == "slack" or (self.poster == "auto" and self.slack_token is not None)


# a name, an IPv4 address or an IPv6 address in brackets, and a port
_USER_AGENT = re.compile(r"[\w!#$%&'*+.^`|~-]+(?:[/ ][ -~]*)?", re.ASCII)  # RFC 9110, 10.1.5: it begins with a product
_HOST = re.compile(r"(?:[\w-]+(?:\.[\w-]+)*\.?|\[[0-9A-Fa-f:.]+\])(?::\d{1,5})?")


def _is_url(value: str, schemes: tuple[str, ...]) -> bool:
    """Whether a value has one of the schemes, and a host (a socket: a path) behind it, with a port that is one."""
    try:
        parts = urlsplit(value)
        named = parts.port != 0 and parts.hostname
        return parts.scheme in schemes and bool(named or (parts.scheme == "unix" and parts.path))
    except ValueError:  # brackets without an address, a port that is no number up to 65535
        return False


# What a value must be, by the kind of mistake; a validator's own words stand for the rest.
_WANTED = {
    "literal_error": "write {expected}",
    "bool_parsing": "write yes or no",
    "int_parsing": "write a whole number",
    "float_parsing": "write a number",
    "finite_number": "write a number",
    "greater_than": "write a number above {gt:g}",
    "greater_than_equal": "write a number from {ge:g} up",
    "less_than_equal": "write a number up to {le:g}",
}


def setting_names() -> list[str]:
    """Every setting, by the name that the environment may carry."""
    return [PREFIX + name.upper() for name in Settings.model_fields]


def secret_file_names() -> list[str]:
    """The names that say in which file a secret lies."""
    return [f"{PREFIX}{name.upper()}_FILE" for name in SECRETS]


def refuse_misspelt(environment: Mapping[str, str]) -> None:
    """Raise UsageError for a `REDPHONE_` name that is no setting, with the nearest one that is."""
    known = setting_names() + secret_file_names()
    for name in sorted(environment):
        if name.upper().startswith(PREFIX) and name.upper() not in known:
            near = difflib.get_close_matches(name.upper().removeprefix(PREFIX), (k.removeprefix(PREFIX) for k in known))
            hint = f"did you mean {PREFIX}{near[0]}?" if near else "README lists the settings"
            raise UsageError(f"{name} is not a setting: {hint}")


def secrets_in_files(environment: Mapping[str, str]) -> dict[str, Any]:
    """The secrets that lie in files, by the setting's name: the file's content without its final newline. An empty file
    sets nothing, as an empty variable does. Raises UsageError for a file that cannot be read, and for a secret that is
    given twice."""
    given = {name: environment.get(f"{PREFIX}{name.upper()}_FILE", "") for name in SECRETS}
    found = {name: _content(f"{PREFIX}{name.upper()}", path, environment) for name, path in given.items() if path}
    return {name: value for name, value in found.items() if value}


def _content(name: str, path: str, environment: Mapping[str, str]) -> str:
    if environment.get(name):
        raise UsageError(f"{name} and {name}_FILE are both set: leave one of them out")
    try:
        return Path(path).read_text(encoding="utf-8").removesuffix("\n").removesuffix("\r")
    except OSError as error:
        raise UsageError(f"{name}_FILE: {path}: {error.strerror}; name a file that this user may read") from error
    except ValueError as error:  # a zero byte in the path is one too
        raise UsageError(f"{name}_FILE: {path!r} is no text in UTF-8") from error


def _connected(settings: Settings) -> Settings:
    """The settings with the password in the database's URL, so that each part that is given the URL can connect."""
    if settings.database_password is None:
        return settings
    parts = urlsplit(settings.database_url)
    user, _, host = parts.netloc.rpartition("@")
    password = quote(settings.database_password.get_secret_value(), safe="")
    return settings.model_copy(update={"database_url": urlunsplit(parts._replace(netloc=f"{user}:{password}@{host}"))})


@lru_cache(maxsize=1)
def load_settings() -> Settings:
    """Read the environment, and the files that it names. Raises UsageError, one line, where a name or a value is
    wrong."""
    refuse_misspelt(os.environ)
    secrets = secrets_in_files(os.environ)
    try:
        return _connected(Settings(**secrets))
    except ValidationError as error:
        first = error.errors()[0]
        name = PREFIX + "_".join(str(part) for part in first["loc"][:1]).upper()
        wanted = _WANTED.get(first["type"])
        words = wanted.format(**first.get("ctx", {})) if wanted else first["msg"].removeprefix("Value error, ")
        raise UsageError(f"{name}: {words}") from error
