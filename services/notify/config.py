"""From the settings to the notifier's options and its poster: where alerts go is chosen here."""

from __future__ import annotations

import datetime as dt

from services.notify.console import ConsolePoster
from services.notify.decide import Options
from services.notify.poster import Poster
from services.notify.quiet import quiet_hours
from shared.errors import UsageError
from shared.settings import Settings


def options(settings: Settings) -> Options:
    """The desk's choices as the settings have them."""
    return Options(
        channel=settings.slack_channel if settings.uses_slack else "console",
        language=settings.language,
        zone=settings.timezone,
        fresh=dt.timedelta(hours=settings.fresh_hours),
        watch=tuple(frozenset(pair.split("-")) for pair in settings.watch),
        quiet=quiet_hours(settings.quiet_hours),
        digests=tuple(dt.time.fromisoformat(hour) for hour in settings.digest_hours),
    )


def poster(settings: Settings, program: str = "redphone") -> Poster:
    """Slack where a token is set, else the terminal, whose reader calls Redphone as `program`. Raises UsageError for
    Slack without a token."""
    if not settings.uses_slack:
        return ConsolePoster(evidence=f"{program} explain {{call}}")
    if settings.slack_token is None:
        raise UsageError("REDPHONE_POSTER is slack, but REDPHONE_SLACK_TOKEN is not set: set it, or use console")
    from services.notify.slack import SlackPoster

    return SlackPoster(settings.slack_token.get_secret_value(), settings.slack_base_url)
