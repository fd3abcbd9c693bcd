"""The alert rules for Prometheus: each has what a person woken by it needs, and names only what /metrics exports."""

from __future__ import annotations

import re
from typing import Any

import pytest
import yaml
from sqlalchemy.orm import Session, sessionmaker

from services.status.context import Context
from services.status.runbook import PAGES
from shared import db
from shared.heartbeat import connect, record
from shared.tables import FeedRow
from tests.services.status.test_api import get
from tests.support.history import NOW, fill
from tests.support.processes import ROOT

RULES = [
    rule
    for group in yaml.safe_load((ROOT / "docs/prometheus-alerts.yml").read_text(encoding="utf-8"))["groups"]
    for rule in group["rules"]
]


@pytest.fixture
def exported(sessions: sessionmaker[Session], redis_url: str) -> str:
    """What /metrics says of the seeds, with workers beside them."""
    fill(sessions)
    with sessions.begin() as session:
        session.add(FeedRow(url="https://c.example/rss", outlet="Báo C", next_poll_at=NOW, polls={"dns": 2, "new": 3}))
    with connect(redis_url) as client:
        record(client, "classify", NOW)
    return get(Context(sessions=sessions, broker_url=redis_url, clock=lambda: NOW), "/metrics").text


def names(expression: str) -> set[str]:
    """The metrics of ours that an expression asks for."""
    return set(re.findall(r"\bredphone_\w+", expression))


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule["alert"])
def test_a_rule_has_what_a_person_woken_by_it_needs(rule: dict[str, Any]) -> None:
    assert set(rule) == {"alert", "expr", "for", "labels", "annotations"}
    assert re.fullmatch(r"\d+[sm]", rule["for"])
    assert rule["labels"]["severity"] in ("critical", "warning")
    assert rule["annotations"]["summary"].endswith(".")
    assert rule["annotations"]["runbook_url"].rpartition("/runbooks/")[2] in PAGES
    assert rule["expr"].count("(") == rule["expr"].count(")")


def test_every_metric_of_a_rule_is_exported(exported: str) -> None:
    asked = {name for rule in RULES for name in names(rule["expr"])}
    assert len(asked) > 10
    families = set(re.findall(r"^# TYPE (\w+) ", exported, re.MULTILINE))
    assert {name for name in asked if name.removesuffix("_bucket") not in families} == set()


def test_every_label_that_a_rule_looks_at_is_exported(exported: str) -> None:
    labels = re.findall(r"(redphone_\w+)\{(\w+)[!=]", " ".join(rule["expr"] for rule in RULES))
    assert labels
    for name, label in labels:
        assert re.search(rf'^{name}\{{[^}}]*\b{label}="', exported, re.MULTILINE), (name, label)


def test_every_alert_that_a_runbook_names_is_a_rule() -> None:
    pages = "".join((ROOT / "docs/runbooks" / f"{page}.md").read_text(encoding="utf-8") for page in PAGES)
    said = set(re.findall(r"\bRedphone[A-Z]\w+", pages))
    assert said
    assert said <= {rule["alert"] for rule in RULES}


def test_polls_are_counted_by_what_they_gave(exported: str) -> None:
    assert 'redphone_polls_total{outcome="dns"} 2.0' in exported.splitlines()
    assert 'redphone_polls_total{outcome="new"} 3.0' in exported.splitlines()


def test_the_disk_is_seen_where_it_is_ours(sqlite_url: str) -> None:
    context = Context(sessions=db.sessions_for(sqlite_url), clock=lambda: NOW)
    said = dict(line.split(" ") for line in get(context, "/metrics").text.splitlines() if line[:1] != "#")
    assert 0 < float(said["redphone_disk_free_ratio"]) < 1
    assert float(said["redphone_database_bytes"]) > 0


def test_the_clock_of_a_server_is_compared_with_ours(postgres_url: str) -> None:
    context = Context(sessions=db.sessions_for(postgres_url), clock=lambda: NOW)
    said = dict(line.split(" ") for line in get(context, "/metrics").text.splitlines() if line[:1] != "#")
    assert abs(float(said["redphone_clock_offset_seconds"])) < 5  # the same machine
    assert "redphone_disk_free_ratio" not in said
