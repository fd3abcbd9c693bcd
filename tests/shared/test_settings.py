"""Settings: typed, from the environment, and a misspelt name is an error."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import make_url

from shared.errors import UsageError
from shared.settings import SECRETS, Settings, load_settings, secret_file_names
from tests.support.processes import ROOT, environment


def test_defaults_need_no_environment() -> None:
    settings = load_settings()
    assert settings.language == "en"
    assert settings.timezone == "Asia/Ho_Chi_Minh"
    assert settings.fresh_hours == 36
    assert settings.database_url.endswith("/data/redphone/redphone.sqlite")
    assert not settings.uses_slack


@pytest.mark.parametrize(
    ("name", "value", "line"),
    [
        ("REDPHONE_LANGAUGE", "vi", "REDPHONE_LANGAUGE is not a setting: did you mean REDPHONE_LANGUAGE?"),
        ("REDPHONE_QQQ", "1", "REDPHONE_QQQ is not a setting: README lists the settings"),
        ("REDPHONE_LANGUAGE", "fr", "REDPHONE_LANGUAGE: write 'en' or 'vi'"),
        ("REDPHONE_TIMEZONE", "{x}", "REDPHONE_TIMEZONE: {x} is no IANA time zone"),
        ("REDPHONE_POSTER", "fax", "REDPHONE_POSTER: write 'auto', 'console' or 'slack'"),
        ("REDPHONE_BUILT_IN_FEEDS", "{x}", "REDPHONE_BUILT_IN_FEEDS: write yes or no"),
        ("REDPHONE_FRESH_HOURS", "0", "REDPHONE_FRESH_HOURS: write a number above 0"),
        ("REDPHONE_FRESH_HOURS", "1e30", "REDPHONE_FRESH_HOURS: write a number up to 87600"),
        ("REDPHONE_FRESH_HOURS", "inf", "REDPHONE_FRESH_HOURS: write a number"),
        ("REDPHONE_FRESH_HOURS", "nan", "REDPHONE_FRESH_HOURS: write a number"),
        ("REDPHONE_FRESH_HOURS", "x", "REDPHONE_FRESH_HOURS: write a number"),
        ("REDPHONE_TICK_SECONDS", "11", "REDPHONE_TICK_SECONDS: write a number up to 10"),
        ("REDPHONE_STATUS_PORT", "-1", "REDPHONE_STATUS_PORT: write a number from 0 up"),
        ("REDPHONE_TIMEZONE", "Hanoi", "REDPHONE_TIMEZONE: Hanoi is no IANA time zone, such as Asia/Ho_Chi_Minh"),
        ("REDPHONE_QUIET_HOURS", "23-6", "REDPHONE_QUIET_HOURS: write two hours, such as 23:00-06:00"),
        ("REDPHONE_QUIET_HOURS", "06:00-06:00", "REDPHONE_QUIET_HOURS: the quiet hours end where they begin"),
        ("REDPHONE_SHIFT_START", "6", "REDPHONE_SHIFT_START: 6 is no hour: write 06:00, or never"),
        ("REDPHONE_DIGEST_HOURS", "06:00,6pm", "REDPHONE_DIGEST_HOURS: 6pm is no hour: write 06:00,18:00, or never"),
        (
            "REDPHONE_RESURFACE",
            "held,correction",
            "REDPHONE_RESURFACE: held is no rule: write correction, second-side,",
        ),
        (
            "REDPHONE_PAGE_URL",
            "status.example",
            "REDPHONE_PAGE_URL: write an http(s) URL, such as https://host.example",
        ),
        ("REDPHONE_BURST", "many", "REDPHONE_BURST: write how many calls in how many minutes, such as 4 in 10m, or"),
        ("REDPHONE_WATCH", "RU-US,Russia", "REDPHONE_WATCH: Russia is no pair of countries: write two codes, such as"),
        ("REDPHONE_STATUS_PORT", "x", "REDPHONE_STATUS_PORT: write a whole number"),
        ("REDPHONE_BROKER_URL", "amqp://me:word@x", "REDPHONE_BROKER_URL: write a Redis URL, such as redis://"),
        ("REDPHONE_BROKER_URL", "redis://", "REDPHONE_BROKER_URL: write a Redis URL, such as redis://"),
        ("REDPHONE_BROKER_URL", "redis://localhost:notaport/0", "REDPHONE_BROKER_URL: write a Redis URL, such as"),
        ("REDPHONE_BROKER_URL", "redis://localhost:65536/0", "REDPHONE_BROKER_URL: write a Redis URL, such as"),
        ("REDPHONE_BROKER_URL", "redis://localhost:0/0", "REDPHONE_BROKER_URL: write a Redis URL, such as"),
        ("REDPHONE_SLACK_BASE_URL", "https://slack.example:x/", "REDPHONE_SLACK_BASE_URL: write an http(s) URL"),
        ("REDPHONE_SLACK_BASE_URL", "slack.com/api", "REDPHONE_SLACK_BASE_URL: write an http(s) URL, such as https://"),
        ("REDPHONE_SLACK_BASE_URL", "https://[", "REDPHONE_SLACK_BASE_URL: write an http(s) URL, such as https://"),
        ("REDPHONE_ALLOW_HOSTS", "a.example,http://b/", "REDPHONE_ALLOW_HOSTS: http://b/ is no host: write names"),
        ("REDPHONE_USER_AGENT", "Báo A/1.0", "REDPHONE_USER_AGENT: write a name and who you are in ASCII, such as"),
        ("REDPHONE_USER_AGENT", "a/1\nCookie: b", "REDPHONE_USER_AGENT: write a name and who you are in ASCII"),
        ("REDPHONE_USER_AGENT", "(a desk)", "REDPHONE_USER_AGENT: write a name and who you are in ASCII, such as"),
    ],
)
def test_what_is_wrong_is_told_in_one_line(monkeypatch: pytest.MonkeyPatch, name: str, value: str, line: str) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(UsageError) as caught:
        load_settings()
    assert str(caught.value).startswith(line)
    assert "\n" not in str(caught.value)


def test_a_token_chooses_slack_and_never_shows(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REDPHONE_SLACK_TOKEN", "xoxb-very-secret")
    settings = load_settings()
    assert settings.uses_slack
    assert "very-secret" not in repr(settings)


def test_hosts_are_separated_by_commas(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REDPHONE_ALLOW_HOSTS", "127.0.0.1, intranet.example:8080,[::1]:80,")
    assert load_settings().allow_hosts == ("127.0.0.1", "intranet.example:8080", "[::1]:80")


@pytest.mark.parametrize("agent", ["Desk", "Desk/2 (news; +https://a.vn)", "Mozilla/5.0 (compatible; Redphone/0.1)"])
def test_ways_to_introduce_oneself(monkeypatch: pytest.MonkeyPatch, agent: str) -> None:
    monkeypatch.setenv("REDPHONE_USER_AGENT", agent)
    assert load_settings().user_agent == agent


@pytest.mark.parametrize("url", ["redis://:word@redis:6379/0", "rediss://redis", "unix:///run/redis.sock"])
def test_ways_to_name_a_broker(monkeypatch: pytest.MonkeyPatch, url: str) -> None:
    monkeypatch.setenv("REDPHONE_BROKER_URL", url)
    assert load_settings().broker_url == url


def _in_a_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, name: str, content: bytes) -> Path:
    path = tmp_path / "secret"
    path.write_bytes(content)
    monkeypatch.setenv(f"{name}_FILE", str(path))
    return path


@pytest.mark.parametrize("name", SECRETS)
def test_each_secret_may_lie_in_a_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, name: str) -> None:
    value = {"broker_url": "redis://:word@redis/0"}.get(name, "postgresql://me:a-long-enough-word@host/name")
    if name == "database_password":
        monkeypatch.setenv("REDPHONE_DATABASE_URL", "postgresql://me@host/name")
    _in_a_file(monkeypatch, tmp_path, f"REDPHONE_{name.upper()}", f"{value}\n".encode())
    found = getattr(load_settings(), name)
    assert (found if isinstance(found, str) else found.get_secret_value()) == value


def test_whatever_is_secret_may_lie_in_a_file() -> None:
    secret = {name for name, field in Settings.model_fields.items() if "SecretStr" in str(field.annotation)}
    assert secret | {"database_url", "broker_url"} == set(SECRETS)
    assert secret_file_names()[3] == "REDPHONE_SLACK_TOKEN_FILE"


@pytest.mark.parametrize(
    ("content", "token"),
    [(b"word", "word"), (b"word\r\n", "word"), (b" word \n\n", " word \n"), (b"", None), (b"\n", None)],
)
def test_only_the_final_newline_is_no_part_of_a_secret(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, content: bytes, token: str | None
) -> None:
    _in_a_file(monkeypatch, tmp_path, "REDPHONE_SLACK_TOKEN", content)
    found = load_settings().slack_token
    assert (found and found.get_secret_value()) == token


@pytest.mark.parametrize(
    ("content", "given", "words"),
    [
        (b"word", {"REDPHONE_SLACK_TOKEN": "word"}, "REDPHONE_SLACK_TOKEN and REDPHONE_SLACK_TOKEN_FILE are both set"),
        (b"word", {"REDPHONE_SLACK_TOKEN_FILE": "/no/such/file"}, "TOKEN_FILE: /no/such/file: No such file or direc"),
        (b"word", {"REDPHONE_SLACK_TOKEN_FILE": "/"}, "REDPHONE_SLACK_TOKEN_FILE: /: Is a directory; name a file that"),
        (b"\xff", {}, "secret' is no text in UTF-8"),
        (b"word", {"REDPHONE_SLACK_TOKEN_FIEL": "x"}, "TOKEN_FIEL is not a setting: did you mean REDPHONE_SLACK_TOKEN"),
    ],
)
def test_a_secret_that_cannot_be_had_is_told_in_one_line(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, content: bytes, given: dict[str, str], words: str
) -> None:
    _in_a_file(monkeypatch, tmp_path, "REDPHONE_SLACK_TOKEN", content)
    for name, value in given.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(UsageError) as caught:
        load_settings()
    assert words in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_command_ends_with_2_where_a_secret_cannot_be_read(tmp_path: Path) -> None:
    known = environment({"REDPHONE_SLACK_TOKEN_FILE": "/no/such/file"}, tmp_path)
    command = [sys.executable, "-m", "redphone", "status"]
    done = subprocess.run(command, env=known, cwd=ROOT, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("redphone: REDPHONE_SLACK_TOKEN_FILE: /no/such/file:")
    assert done.stderr.count("\n") == 1


@pytest.mark.parametrize("password", ["word", "p@ss/w:%#?", "mật khẩu"])
def test_the_password_of_the_database_may_have_any_characters(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, password: str
) -> None:
    monkeypatch.setenv("REDPHONE_DATABASE_URL", "postgresql://me@host:5432/name?sslmode=require")
    _in_a_file(monkeypatch, tmp_path, "REDPHONE_DATABASE_PASSWORD", f"{password}\n".encode())
    url = make_url(load_settings().database_url)
    assert (url.username, url.password, url.host, url.port, url.database) == ("me", password, "host", 5432, "name")
    assert url.query == {"sslmode": "require"}


@pytest.mark.parametrize("url", ["", "postgresql://host/name", "postgresql://me:word@host/name", "sqlite:////x"])
def test_a_password_needs_a_url_that_wants_one(monkeypatch: pytest.MonkeyPatch, url: str) -> None:
    monkeypatch.setenv("REDPHONE_DATABASE_URL", url)
    monkeypatch.setenv("REDPHONE_DATABASE_PASSWORD", "very-secret")
    with pytest.raises(UsageError, match=r"^REDPHONE_DATABASE_PASSWORD: it needs a database URL") as caught:
        load_settings()
    assert "very-secret" not in str(caught.value)
