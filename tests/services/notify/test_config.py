"""From the settings to the notifier's options."""

from __future__ import annotations

import datetime as dt

import pytest

from services.notify import config
from services.notify.quiet import QuietHours
from shared.settings import load_settings


def test_the_desks_choices(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REDPHONE_QUIET_HOURS", "23:00-06:00")
    monkeypatch.setenv("REDPHONE_WATCH", "RU-US, CN-US")
    options = config.options(load_settings())
    assert options.quiet == QuietHours(dt.time(23), dt.time(6))
    assert options.watch == (frozenset({"RU", "US"}), frozenset({"CN", "US"}))


def test_by_default_nothing_is_held_back() -> None:
    options = config.options(load_settings())
    assert (options.quiet, options.watch, options.channel) == (None, (), "console")
