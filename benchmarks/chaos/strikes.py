"""Each fault, carried out."""

from __future__ import annotations

import signal
from collections.abc import Callable, Mapping

from benchmarks.chaos.plant import Plant
from benchmarks.chaos.schedule import SERVICE_OF, Fault
from benchmarks.chaos.traps import GatedSlack
from tests.support import slack_server

SLACK: Mapping[str, slack_server.Fault] = {
    "Slack: 429": slack_server.rate_limited(2),
    "Slack: 5xx, not done": slack_server.server_error(503),
    "Slack: 5xx, done": slack_server.server_error(502, done=True),
    "Slack: reset before": slack_server.reset(),
    "Slack: answer lost": slack_server.lost_answer(),
    "Slack: time-out, done": slack_server.timed_out(),
}


def carry_out(fault: Fault, step: str, plant: Plant, slack: GatedSlack) -> bool:
    """Let a fault happen, aimed at whoever has the step in hand. False where a process was to be killed that did not
    run: it had been killed a moment before."""
    if fault.name in SLACK:
        slack.fail("chat.postMessage", SLACK[fault.name])
        return True
    proxy = plant.proxies.get(fault.link)
    acts: dict[str, Callable[[], bool | None]] = {
        "worker killed": lambda: plant.kill(SERVICE_OF[step]),
        "pool children killed": lambda: plant.kill_children(SERVICE_OF[step]),
        "beat killed": lambda: plant.kill("beat"),
        "status killed": lambda: plant.kill("status"),
        "Redis restarted, empty": plant.restart_redis,
        "Redis flushed": plant.flush_redis,
        "Redis full": lambda: plant.fill_redis(fault.seconds),
        "PostgreSQL restarted": lambda: plant.postgres.restart(signal.SIGQUIT),
        "PostgreSQL's disk full": lambda: plant.fill_disk(fault.seconds),
        "clock put forward and back": lambda: plant.jump(fault.seconds),
    }
    if proxy is not None:
        acts |= {
            "sockets reset": proxy.reset,
            "sockets stalled": lambda: proxy.stall(fault.seconds),
            "sockets half-open": lambda: proxy.half_open(fault.seconds),
            "sockets slow": lambda: proxy.slow(fault.seconds),
        }
    return acts[fault.name]() is not False
