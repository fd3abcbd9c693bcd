"""How things stand: printed once, or served over HTTP."""

from __future__ import annotations

import sys
from typing import Any

import msgspec
from rich.console import Console
from rich.table import Table

from redphone.show import prepare, require_history
from services.status.app import create_app, describe
from services.status.problems import silent_after
from shared import db
from shared.clock import utc_now
from shared.errors import ServiceDownError
from shared.settings import load_settings


def show(*, as_json: bool) -> None:
    """Print how things stand; exit code 1 where there is a problem."""
    settings = load_settings()
    require_history(settings.database_url)
    prepare(settings.database_url)
    tick_s = settings.tick_seconds
    said = describe(db.sessions_for(settings.database_url), settings.broker_url, utc_now(), tick_s)
    if as_json:
        sys.stdout.write(msgspec.json.encode(said).decode() + "\n")
    else:
        console = Console()
        console.print(_table(said, silent_after(tick_s)))
        for problem in said["problems"]:
            console.print(f"problem: {problem}", markup=False, highlight=False, soft_wrap=True)
    if said["problems"]:
        raise ServiceDownError("; ".join(said["problems"]))


def _table(said: dict[str, Any], silent_s: float) -> Table:
    table = Table("what", "how many", "oldest waits", box=None, pad_edge=False)
    for name, count in said.get("counts", {}).items():
        table.add_row(name, str(count), "")
    for stage, waiting in said.get("waiting", {}).items():
        age = "–" if waiting["oldest_age_s"] is None else f"{waiting['oldest_age_s']:.0f} s"
        table.add_row(f"waiting for {stage}", str(waiting["count"]), age)
    feeds = [feed for feed in said.get("feeds", []) if feed["watched"]]
    table.add_row("feeds", str(len(feeds)), f"{sum(feed['failures'] > 0 for feed in feeds)} failing")
    for name, age in {**said.get("heartbeats", {}), **said.get("workers", {})}.items():
        table.add_row(name, "silent" if age > silent_s else "alive", f"{age:.0f} s ago")
    return table


def serve() -> None:
    """Answer `/healthz` and `/status` until stopped."""
    import uvicorn

    settings = load_settings()
    require_history(settings.database_url)
    prepare(settings.database_url)
    sessions = db.sessions_for(settings.database_url)
    application = create_app(sessions, settings.broker_url, tick_s=settings.tick_seconds)
    uvicorn.run(application, host=settings.status_host, port=settings.status_port, log_level=settings.log_level.lower())
