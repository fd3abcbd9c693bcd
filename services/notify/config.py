"""From the settings to the notifier's options and its poster: where alerts go is chosen here."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import msgspec

from services.notify import routes
from services.notify.burst import rule_of
from services.notify.console import ConsolePoster
from services.notify.decide import Options
from services.notify.poster import Poster
from services.notify.quiet import hours_of
from services.notify.routes import Route
from services.notify.wording import load_wording
from shared.errors import UsageError
from shared.settings import Settings, data_folder


def options(settings: Settings) -> Options:
    """The desk's choices as the settings have them. Raises UsageError for a file of routes or of wording that cannot be
    used, and for a pair to watch of which one is no country."""
    load_wording()  # a phrase that cannot be filled is told before the first alert needs it
    channel = settings.slack_channel if settings.uses_slack else "console"
    return Options(
        channel=channel,
        routes=tuple(_at_home(route, channel) for route in desk_routes(settings)),
        resurface=settings.resurface,
        burst=rule_of(settings.burst),
        secondary=settings.secondary,
        page_url=settings.page_url,
        shows_id=settings.uses_slack,
        listens=settings.uses_slack and settings.slack_app_token is not None,
        language=settings.language,
        zone=settings.timezone,
        fresh=dt.timedelta(hours=settings.fresh_hours),
        watch=tuple(_watched(pair) for pair in settings.watch),
        quiet=hours_of(settings.quiet_hours),
        digests=_digest_hours(settings),
        first_contact=settings.first_contact_days,
        shift=_shift(settings),
    )


def _digest_hours(settings: Settings) -> tuple[dt.time, ...]:
    """The hours of the digests: those that the desk set, and the end of its quiet hours, in which it heard nothing.
    Where it set neither, the beginning of its day: what makes no message of its own would be told nowhere."""
    quiet, shift = hours_of(settings.quiet_hours), _shift(settings)
    after_quiet = {quiet.end} if quiet else set()
    if settings.digest_hours == ("never",):
        return tuple(after_quiet)
    chosen = {dt.time.fromisoformat(hour) for hour in settings.digest_hours}
    return tuple(sorted(chosen | after_quiet)) or ((shift,) if shift else ())


def _shift(settings: Settings) -> dt.time | None:
    return None if settings.shift_start == "never" else dt.time.fromisoformat(settings.shift_start)


def _watched(pair: str) -> frozenset[str]:
    if not routes.is_pair(pair):
        raise UsageError(f"REDPHONE_WATCH: {pair} is no pair of countries that are known: write codes such as RU-US")
    return frozenset(pair.split("-"))


def desk_routes(settings: Settings) -> tuple[Route, ...]:
    """The newsroom's own routes before the built-in ones. Raises UsageError for a file that cannot be used."""
    path = settings.routes_file or _usual_file()
    return routes.laid_over(_own_routes(path), routes.built_in()) if path else routes.built_in()


def _usual_file() -> Path | None:
    """routes.csv in the user's data folder, where it is; a user without a home has none."""
    try:
        path = data_folder() / "routes.csv"
    except UsageError:
        return None
    return path if path.exists() else None


def _own_routes(path: Path) -> tuple[Route, ...]:
    try:
        return routes.read_routes(path.read_text(encoding="utf-8"), str(path))
    except FileNotFoundError as error:
        raise UsageError(f"REDPHONE_ROUTES_FILE {path}: no such file; name a CSV of routes, or unset it") from error
    except OSError as error:
        raise UsageError(f"REDPHONE_ROUTES_FILE {path}: cannot be read ({error.strerror})") from error
    except UnicodeDecodeError as error:
        raise UsageError(f"REDPHONE_ROUTES_FILE {path}: not UTF-8; save it as UTF-8") from error
    except routes.RouteError as error:  # names the file and the line itself
        raise UsageError(f"REDPHONE_ROUTES_FILE {error}") from error


def _at_home(route: Route, channel: str) -> Route:
    """A route that names the desk's own channel is one that names none: a channel has one list of routes."""
    return msgspec.structs.replace(route, channel="") if route.channel == channel else route


def poster(settings: Settings, program: str = "redphone") -> Poster:
    """Slack where a token is set, else the terminal, whose reader calls Redphone as `program`. Raises UsageError for
    Slack without a token."""
    if not settings.uses_slack:
        return ConsolePoster(evidence=f"{program} explain {{call}}")
    if settings.slack_token is None:
        raise UsageError("REDPHONE_POSTER is slack, but REDPHONE_SLACK_TOKEN is not set: set it, or use console")
    from services.notify.slack import SlackPoster

    return SlackPoster(settings.slack_token.get_secret_value(), settings.slack_base_url)
