"""Why an article gave an alert or none, in words that tell what to do next. Pure.

The answers are those of the runbook "we missed a call": not seen, not fetched, waiting, failed, no call (with the near
misses), old news, planned or quiet, a repeat, muted, held, paused, on its way, sent.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Literal

import msgspec

Answer = Literal[
    "not_seen", "not_read", "failed", "no_call", "silent", "background", "repeat", "too_old", "quiet", "muted", "held",
    "paused", "waiting", "not_sent", "dropped", "sent",
]  # fmt: skip


class Alert(msgspec.Struct, frozen=True):
    """A message about the call, as the ledger has it."""

    id: int
    kind: str
    state: str
    sent_at: dt.datetime | None
    error: str | None
    channel: str


class Told(msgspec.Struct, frozen=True):
    """One report of the article: its call, what it is to the history, and what was decided. `withdrawn`: by whom and
    why the call was taken back, empty for one that stands."""

    call_id: str
    call: str
    verdict: str
    notify_state: str
    decision: str
    alerts: Sequence[Alert]
    withdrawn: str = ""


class Miss(msgspec.Struct, frozen=True):
    """Words that look like a call, and why they are none."""

    rule: str
    reason: str
    text: str


class Facts(msgspec.Struct, frozen=True, kw_only=True):
    """What is stored of an article."""

    id: int
    read_state: str
    read_error: str | None
    body_state: str
    body_error: str | None
    reports: Sequence[Told]
    misses: Sequence[Miss]
    paused: str = ""


class Reason(msgspec.Struct, frozen=True):
    """Why, for one call of the article or for the article itself; `do` is the next step, empty where there is none."""

    answer: Answer
    words: str
    do: str = ""
    call_id: str | None = None


def not_seen(feeds: Sequence[str], trouble: Sequence[str]) -> Reason:
    """The article was never stored. `feeds`: those that are polled at its host; `trouble`: what they say is wrong."""
    if not feeds:
        return Reason("not_seen", "not seen: no feed of this host is polled", "redphone feeds check URL, then add it")
    if trouble:
        return Reason("not_seen", f"not seen: {trouble[0]}", f"redphone feeds check {feeds[0]}")
    return Reason(
        "not_seen",
        f"not seen: it stood in none of the {len(feeds)} feeds of this host when they were looked at",
        f"redphone feeds check {feeds[0]}; the article may be read with redphone replay FILE --into URL --alert",
    )


def no_address() -> Reason:
    """What was asked for is neither an address nor what an article is known by."""
    return Reason(
        "not_seen", "not seen: this is no address of an article", "give the whole address, as the browser shows it"
    )


def why(facts: Facts) -> list[Reason]:
    """Every reason, one for each call that the article tells of; one alone where it tells of none."""
    if facts.read_state == "failed":
        words = f"it could not be read: {facts.read_error or 'no reason is known'}"
        return [Reason("failed", words, f"redphone explain {facts.id}")]
    if facts.read_state != "done":
        return [Reason("not_read", "it is stored and waits to be read", "redphone status: look at classify")]
    if not facts.reports:
        return [_no_call(facts)]
    return [_of(told, facts.paused) for told in facts.reports]


def _no_call(facts: Facts) -> Reason:
    body = {
        "waiting": "; its page is not fetched yet, only the summary was read",
        "failed": f"; its page could not be fetched ({facts.body_error}), only the summary was read",
    }.get(facts.body_state, "")
    counted = "1 near miss" if len(facts.misses) == 1 else f"{len(facts.misses)} near misses, the first"
    near = f"; {counted}: {facts.misses[0].reason}" if facts.misses else ""
    return Reason("no_call", f"no call was found in it{near}{body}", f"redphone explain {facts.id}")


def _of(told: Told, paused: str) -> Reason:
    """The same, and whether the call was taken back since."""
    reason = _about(told, paused)
    if not told.withdrawn:
        return reason
    words = f"{reason.words}; the call was taken back since: {told.withdrawn}"
    back = f"redphone calls hands {told.call_id} has the number of the hand, redphone calls undo takes it back"
    return msgspec.structs.replace(reason, words=words, do=back)


def _about(told: Told, paused: str) -> Reason:
    """Why one report gave an alert or none."""
    where = f"{told.call} ({told.call_id})"
    by_channel = {one.channel: one for one in told.alerts if _answers_for(one, told)}
    if by_channel:
        # what a channel did not get is asked about, not what another one got
        first, *others = sorted(by_channel.values(), key=lambda one: one.state == "sent")
        said = _said(first, where, told, paused)
        elsewhere = "".join(f"; alert {one.id} to {one.channel} is {one.state}" for one in others)
        return msgspec.structs.replace(said, words=said.words + elsewhere)
    if told.notify_state == "failed":
        return Reason("failed", f"{where}: it could not be decided on: {told.decision}", "", told.call_id)
    if told.notify_state != "done":
        return Reason("waiting", f"{where}: read, and waits for the decision", "redphone status", told.call_id)
    answer, do = _quiet(told)
    return Reason(answer, f"{where}: {told.decision or 'no message'}", do, told.call_id)


def _answers_for(one: Alert, told: Told) -> bool:
    """Whether a message tells what became of a report: one that it made, or one that keeps its call from the desk."""
    made = told.decision.startswith(("root", "update"))
    return one.kind in ("root", "update") and (made or one.state != "sent")


def _said(one: Alert, where: str, told: Told, paused: str) -> Reason:
    if one.state == "sent":
        at = f" at {one.sent_at:%Y-%m-%d %H:%M} UTC" if one.sent_at else ""
        return Reason("sent", f"{where}: alert {one.id} was sent{at} ({told.decision})", "", told.call_id)
    if paused and one.state in ("waiting", "held"):
        words = f"{where}: alert {one.id} waits: {paused}"
        return Reason("paused", words, f"redphone alerts release {one.id}, or redphone resume notify", told.call_id)
    answer, do = _STATES.get(one.state, ("waiting", ""))
    trouble = f": {one.error}" if one.error else ""
    return Reason(answer, f"{where}: alert {one.id} is {one.state}{trouble}", do.format(id=one.id), told.call_id)


_STATES: dict[str, tuple[Answer, str]] = {
    "held": ("held", "redphone alerts release {id} --reason …"),
    "muted": ("muted", "redphone alerts release {id} --reason …; redphone unmute A B"),
    "undated": ("held", "redphone alerts release {id} --reason …; redphone alerts drop {id} --reason …"),
    "unknown": ("waiting", "leave it: it is looked for in the channel first"),
    "refused": ("not_sent", "mend what Slack names, then redphone alerts retry {id}"),
    "dead": ("not_sent", "mend the cause, then redphone alerts retry {id}"),
    "dropped": ("dropped", ""),
}


def _quiet(told: Told) -> tuple[Answer, str]:
    """What kind of silence a decision is, and what to do about a wrong one."""
    if told.verdict == "background":
        return "background", ""
    if "backfill" in told.decision or "history only" in told.decision:
        return "silent", ""
    if "hours old" in told.decision or "hours ago" in told.decision:
        return "too_old", "REDPHONE_FRESH_HOURS is the cut-off"
    if told.verdict in ("repeat", "update"):
        return "repeat", f"redphone calls split {told.call_id} --report … where it tells of another call"
    return "quiet", "it is told in the digest; a pair on the watch list always makes a message"
