"""The alert rules for Prometheus: each has what a person woken by it needs, and names only what /metrics exports."""

from __future__ import annotations

import re
from typing import Any, get_args

import pytest
import yaml
from prometheus_client.parser import text_string_to_metric_families
from promql_parser import AggregateExpr, Call, Expr, MatchOp, VectorSelector, parse, walk
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from services.ingest.schedule import Success
from services.status.context import Context
from services.status.runbook import PAGES
from shared import db
from shared.heartbeat import connect, record
from shared.tables import AnnouncementRow, FeedRow
from tests.services.status.test_api import get
from tests.support.history import NOW, fill
from tests.support.processes import ROOT

RULES = [
    rule
    for group in yaml.safe_load((ROOT / "docs/prometheus-alerts.yml").read_text(encoding="utf-8"))["groups"]
    for rule in group["rules"]
]


#: What Prometheus itself says of each of its targets.
OF_PROMETHEUS = {"up": {"job": {"redphone"}}}


@pytest.fixture
def exported(sessions: sessionmaker[Session], redis_url: str) -> str:
    """What /metrics says of the seeds, with workers beside them, all kinds of polls, and messages not sent."""
    fill(sessions)
    with sessions.begin() as session:
        polls = {"dns": 2, "new": 3, "quiet": 1, "gap": 1, "waits": 1}
        session.add(FeedRow(url="https://c.example/rss", outlet="Báo C", next_poll_at=NOW, polls=polls))
        rows = session.scalars(select(AnnouncementRow).where(AnnouncementRow.state == "sent").limit(3))
        for row, state in zip(rows, ("unknown", "refused", "dead"), strict=True):
            row.state = state
    with connect(redis_url) as client:
        record(client, "classify", NOW)
    return get(Context(sessions=sessions, broker_url=redis_url, clock=lambda: NOW), "/metrics").text


def series(exported: str) -> tuple[dict[str, dict[str, set[str]]], dict[str, str]]:
    """Each metric's labels with their values, and its kind; of a family without a sample its name alone."""
    labels: dict[str, dict[str, set[str]]] = {name: dict(found) for name, found in OF_PROMETHEUS.items()}
    kinds = {"up": "gauge"}
    for family in text_string_to_metric_families(exported):
        for name, found in [(family.name, {}), *((sample.name, sample.labels) for sample in family.samples)]:
            kinds[name] = family.type
            for label, value in found.items():
                labels.setdefault(name, {}).setdefault(label, set()).add(value)
            labels.setdefault(name, {})
    return labels, kinds


def parts(expression: str) -> list[Expr]:
    """Everything that an expression is made of, as Prometheus reads it. Raises ValueError for what it would refuse."""
    found: list[Expr] = []

    def keep(part: Expr) -> None:
        found.append(part)

    walk(parse(expression), keep)
    return found


def selectors(expression: str) -> list[VectorSelector]:
    """The series that an expression asks for."""
    return [part for part in parts(expression) if isinstance(part, VectorSelector)]


def labels_left(expression: str) -> set[str] | None:
    """The labels that a sum leaves on its result; None where nothing is summed up."""
    sums = [part.modifier for part in parts(expression) if isinstance(part, AggregateExpr)]
    return {label for kept in sums if kept is not None for label in kept.labels} if sums else None


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule["alert"])
def test_a_rule_has_what_a_person_woken_by_it_needs(rule: dict[str, Any]) -> None:
    assert set(rule) == {"alert", "expr", "for", "labels", "annotations"}
    assert re.fullmatch(r"\d+[sm]", rule["for"])
    assert rule["labels"]["severity"] in ("critical", "warning")
    assert rule["annotations"]["summary"].endswith(".")
    assert rule["annotations"]["runbook_url"].rpartition("/runbooks/")[2] in PAGES


def test_a_rule_names_only_what_is_exported(exported: str) -> None:
    labels, kinds = series(exported)
    assert sum(map(bool, labels.values())) > 10
    for rule in RULES:
        for selector in selectors(rule["expr"]):
            assert selector.name in labels, rule["alert"]
            for matcher in selector.matchers.matchers:
                values = matcher.value.split("|") if matcher.op in (MatchOp.Re, MatchOp.NotRe) else [matcher.value]
                assert set(values) <= labels[selector.name].get(matcher.name, set()), (rule["alert"], matcher.name)
        for call in (part for part in parts(rule["expr"]) if isinstance(part, Call)):
            [kind] = {kinds[selector.name or ""] for selector in selectors(call.prettify())}
            assert kind == {"rate": "counter", "increase": "counter", "delta": "gauge"}.get(call.func.name, kind)


def test_what_a_rule_sees_becoming_more_is_exported_before_the_first(sqlite_url: str) -> None:
    """Prometheus sees no change in a series that begins with its first row."""
    nothing = get(Context(sessions=db.sessions_for(sqlite_url), clock=lambda: NOW), "/metrics").text.splitlines()
    grows = [part for rule in RULES for part in parts(rule["expr"]) if isinstance(part, Call)]
    watched = {one.name for part in grows if part.func.name == "delta" for one in selectors(part.prettify())}
    assert watched == {"redphone_failed_rows", "redphone_alerts"}
    assert {f'redphone_failed_rows{{stage="{stage}"}} 0.0' for stage in ("body", "classify", "notify", "post")} <= {
        *nothing
    }
    assert {f'redphone_alerts{{kind="{kind}",state="sent"}} 0.0' for kind in ("root", "update", "edit")} <= {*nothing}


def test_a_storm_is_messages_and_no_edits() -> None:
    [rule] = [rule for rule in RULES if rule["alert"] == "RedphoneAlertStorm"]
    [sent] = selectors(rule["expr"])
    assert [(one.name, one.op, one.value) for one in sent.matchers.matchers if one.name == "kind"] == [
        ("kind", MatchOp.NotEqual, "edit")
    ]


def test_a_label_that_a_summary_tells_is_on_the_result(exported: str) -> None:
    labels, _ = series(exported)
    told = [(rule, label) for rule in RULES for label in re.findall(r"\$labels\.(\w+)", rule["annotations"]["summary"])]
    assert told
    for rule, label in told:
        left = labels_left(rule["expr"])
        assert left is None or label in left, rule["alert"]
        assert any(label in labels[selector.name or ""] for selector in selectors(rule["expr"])), rule["alert"]


@pytest.mark.parametrize("broken", ["redphone_state{state=", "sum(redphone_alerts", "rate(redphone_polls_total)"])
def test_what_prometheus_would_refuse_is_found(broken: str) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        parts(broken)


def test_the_rule_on_polls_knows_what_a_good_poll_gives() -> None:
    [rule] = [rule for rule in RULES if rule["alert"] == "RedphonePollsFail"]
    good = {matcher.value for one in selectors(rule["expr"]) for matcher in one.matchers.matchers}
    assert good == {"|".join((*get_args(Success), "waits"))}


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
