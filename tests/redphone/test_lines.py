"""Lines out: the form that other programs read."""

from __future__ import annotations

import json

import msgspec

from redphone.lines import article_line, encode, history_line
from shared.records import (
    Brief,
    Change,
    Comparison,
    Contradiction,
    Duration,
    Evidence,
    Initiator,
    Judgement,
    Outcome,
    Participant,
    Report,
    Topic,
    When,
)


def evidence(field: str, start: int, text: str) -> Evidence:
    return Evidence(field=field, part="text", start=start, end=start + len(text), text=text)


REPORT = Report(
    participants=(
        Participant(name="Donald Trump", country="US", evidence=evidence("participants", 4, "ông Trump")),
        Participant(name=None, country="JP"),
    ),
    status="held",
    news=True,
    channel="phone",
    when=When(date="2025-03-18", text="tối 18-3", evidence=evidence("date", 30, "tối 18-3")),
    durations=(
        Duration(minutes=90, bound="over", text="hơn 90 phút"),
        Duration(minutes=90, bound="exact", text="90 phút"),
    ),
    initiator=Initiator(side="both", how="requested"),
    topics=(
        Topic(id="ukraine", text="Ukraine", mode="reported"),
        Topic(id="ukraine", text="Kiev", mode="announced"),
        Topic(id=None, text="khúc côn cầu", mode="reported"),
        Topic(id="trade", text="thương mại", mode="ruled_out"),
        Topic(id="more", text="nhiều chủ đề khác", mode="reported"),
    ),
    outcomes=(
        Outcome(kind="invited", text="mời thăm", mode="reported"),
        Outcome(kind="meeting", id="delegations_met", text="hai phái đoàn đã gặp", mode="reported"),
    ),
    evidence=(evidence("status", 0, "điện đàm"),),
)


def test_an_article_line() -> None:
    line = json.loads(encode(article_line("a", [REPORT])))
    assert (line["id"], line["alert"]) == ("a", True)
    call = line["calls"][0]
    proofs = call.pop("evidence")
    assert call == {
        "participants": ["Donald Trump", None],
        "countries": ["US", "JP"],
        "status": "held",
        "news": True,
        "channel": "phone",
        "date": "2025-03-18",
        "date_text": "tối 18-3",
        "duration_min": 90,
        "initiator": "both",
        "topics": ["ukraine", "khúc côn cầu"],
        "outcomes": [{"kind": "invited", "text": "mời thăm", "mode": "reported"}],
    }
    assert [(proof["field"], proof["start"]) for proof in proofs] == [("status", 0), ("participants", 4), ("date", 30)]
    assert proofs[0] == {"field": "status", "part": "text", "start": 0, "end": 8, "text": "điện đàm"}


def test_an_article_without_a_call_is_no_alert() -> None:
    assert encode(article_line("a", [])) == '{"id":"a","alert":false,"calls":[]}'


def test_a_line_of_a_replay_says_what_history_makes_of_it() -> None:
    change = Change(field="duration_min", kind="new", after="90", evidence=(evidence("duration_min", 9, "90 phút"),))
    previous = Brief(call_id="c1", participants=REPORT.participants, date="2025-02-12")
    judgement = Judgement(
        verdict="new", call_id="c2", reason="", changes=(change,), comparison=Comparison(previous_of_countries=previous)
    )
    line = json.loads(encode(history_line(REPORT, judgement, "2025-03-18")))
    assert (line["call_id"], line["call_date"], line["verdict"], line["compared_with"]) == (
        "c2",
        "2025-03-18",
        "new",
        "c1",
    )
    assert line["changes"] == [
        {
            "field": "duration_min",
            "kind": "new",
            "before": None,
            "after": "90",
            "text": "90 phút",
            "evidence": [{"field": "duration_min", "part": "text", "start": 9, "end": 16, "text": "90 phút"}],
        }
    ]


def test_a_call_told_in_passing_has_no_topics() -> None:
    (call,) = article_line("a", [msgspec.structs.replace(REPORT, news=False)]).calls
    assert call.topics == []


def test_what_does_not_fit_is_a_conflict_and_another_articles_words_name_it() -> None:
    there = Evidence(field="topics", part="text", start=7, end=11, text="Kiev", article="b")
    here = Evidence(field="duration", part="text", start=30, end=39, text="tối 18-3", article="a")
    report = msgspec.structs.replace(
        REPORT,
        contradictions=(Contradiction(field="duration", values=("hơn 90 phút", "21:00–23:57"), evidence=(here,)),),
        evidence=(here,),
    )
    gone = Change(field="topics", kind="absent", before="gas", after=None, evidence=(there,))
    line = history_line(report, Judgement(verdict="update", call_id="c1", reason="", changes=(gone,)), None)
    assert [(c.field, c.kind, c.before, c.after) for c in line.changes] == [
        ("topics", "absent", "gas", None),
        ("duration", "conflict", "21:00–23:57", "hơn 90 phút"),
    ]
    assert [piece.article for change in line.changes for piece in change.evidence] == ["b", ""]
