"""`redphone routes`: the rules by which calls go to channels, in the order in which they are read."""

from __future__ import annotations

from rich.table import Table
from rich.text import Text

from redphone.terminal import Terminal
from services.notify.config import desk_routes
from services.notify.quiet import Hours
from services.notify.routes import WATCHED, Route
from shared.settings import load_settings


def show() -> None:
    """Print the routes: whom a call must be about, where it goes then, at what hours and whom it calls by name.

    Raises UsageError for a file of routes that cannot be used.
    """
    settings = load_settings()
    table = Table("route", "calls", "go to", "in", f"at ({settings.timezone})", "mention", box=None, pad_edge=False)
    for route in desk_routes(settings):
        where = f"{route.goes} {route.channel or settings.slack_channel}" if route.goes == "message" else route.goes
        mention = " ".join((*(f"@{whom}" for whom in route.mention), _hours(route.mention_hours)))
        cells = (route.name, _about(route), where, route.language or settings.language, _hours(route.hours), mention)
        table.add_row(*(Text(cell.strip()) for cell in cells))
    Terminal().print(table)


def _about(route: Route) -> str:
    pairs = [*([WATCHED] if route.watched else []), *sorted("-".join(sorted(pair)) for pair in route.pairs)]
    parts = (pairs, sorted(route.countries), sorted(route.statuses), sorted(route.standing))
    return "; ".join(", ".join(part) for part in parts if part) or "all"


def _hours(hours: Hours | None) -> str:
    return f"{hours.start:%H:%M}-{hours.end:%H:%M}" if hours else ""
