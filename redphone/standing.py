"""How things stand: printed once, or served over HTTP."""

from __future__ import annotations

import gc
import os
import socket
import sys
from typing import Any

import msgspec
from rich.table import Table

from redphone.show import require_history
from redphone.terminal import Terminal
from redphone.web import context_of, web
from services.status.overall import overall
from services.status.problems import silent_after
from services.status.standing import Snapshots, describe
from services.status.trust import trust
from shared import db, logs
from shared.clock import utc_now
from shared.errors import ServiceDownError, UsageError
from shared.settings import Settings, load_settings

#: Many times what the longest count of a large database takes; who asks over HTTP has gone by then.
GIVEN_UP_S = 30.0
#: An open page holds its stream of events for minutes; it comes back by itself.
LEAVE_TO_ASKERS_S = 3


def show(*, as_json: bool) -> None:
    """Print how things stand. Raises ServiceDownError with what is wrong, where news does not reach the desk."""
    settings = load_settings()
    require_history(settings.database_url)
    db.prepare_reading(settings.database_url)
    tick_s = settings.tick_seconds
    sessions = db.sessions_for(settings.database_url)
    said = describe(sessions, settings.broker_url, utc_now(), tick_s)
    context = context_of(sessions, settings, settings.broker_url)
    snapshot = Snapshots(context).get()
    trusted = trust(snapshot, context.canary_every)
    said["trust"] = {"yes": trusted.yes, "sentence": trusted.sentence}
    said["state"] = overall(snapshot, trusted).state
    if as_json:
        sys.stdout.write(msgspec.json.encode(said).decode() + "\n")
    else:
        _print(said, silent_after(tick_s))
    if said["problems"]:
        raise ServiceDownError("; ".join(said["problems"]))
    if said["state"] == "down":
        raise ServiceDownError(trusted.cause)


def _print(said: dict[str, Any], silent_s: float) -> None:
    """Whether the desk can trust the silence, and since when and why not; then the table and a line for each remark;
    nothing where nobody could be asked. The error tells the problems."""
    table = _table(said, silent_s)
    if table.row_count:
        console = Terminal()
        console.print(said["trust"]["sentence"], markup=False, highlight=False, soft_wrap=True)
        console.print(table)
        for words in said.get("remarks", ()):
            console.print(f"remark: {words}", markup=False, highlight=False, soft_wrap=True)


def _table(said: dict[str, Any], silent_s: float) -> Table:
    table = Table("what", "how many", "oldest waits", box=None, pad_edge=False)
    for name, count in said.get("counts", {}).items():
        table.add_row(name, str(count), "")
    for stage, waiting in said.get("waiting", {}).items():
        age = "–" if waiting["oldest_age_s"] is None else f"{waiting['oldest_age_s']:.0f} s"
        table.add_row(f"waiting for {stage}", str(waiting["count"]), age)
    for state, count in said.get("kept", {}).items():
        table.add_row(f"alerts {state}", str(count), "")
    for stage, lost in said.get("failed", {}).items():
        table.add_row(f"failed for good at {stage}", str(lost["count"]), "")
    if "feeds" in said:
        feeds = [feed for feed in said["feeds"] if feed["watched"]]
        table.add_row("feeds", str(len(feeds)), f"{sum(feed['failures'] > 0 for feed in feeds)} failing")
    for name, age in {**said.get("heartbeats", {}), **said.get("workers", {})}.items():
        table.add_row(name, "silent" if age > silent_s else "alive", f"{age:.0f} s ago")
    if said.get("stopped") is not None and said["mode"] == "embedded":
        table.add_row("loop", "stopped", f"{said['stopped']:.0f} s ago")
    return table


def serve() -> None:
    """Answer over HTTP until stopped. Raises UsageError where the port is taken."""
    import uvicorn

    settings = load_settings()
    require_history(settings.database_url)
    db.prepare_reading(settings.database_url)
    sessions = db.sessions_for(settings.database_url)
    db.give_up_after(sessions, GIVEN_UP_S)
    application = web(sessions, settings, settings.broker_url)
    logs.set_up(settings, "status")
    with listening(settings) as place:
        gc.freeze()  # what is loaded now lives to the end: to look through it for garbage stops all answers for 0.1 s
        config = uvicorn.Config(application, log_config=None, timeout_graceful_shutdown=LEAVE_TO_ASKERS_S)
        uvicorn.Server(config).run([place])


def listening(settings: Settings) -> socket.socket:
    """A socket where the status page is to listen. Raises UsageError where the address is taken or not ours."""
    try:
        return socket.create_server((settings.status_host, settings.status_port))
    except OSError as error:
        where = f"{settings.status_host}:{settings.status_port}"
        reason = os.strerror(error.errno) if error.errno and error.errno > 0 else error.strerror
        raise UsageError(
            f"the status page cannot listen on {where}: {reason}; set REDPHONE_STATUS_HOST or REDPHONE_STATUS_PORT"
        ) from error
