"""Calls beside the seeds' own: every status and denial, who phoned, video, three leaders, no names, many sources."""

from __future__ import annotations

import datetime as dt
from typing import Any, get_args

from msgspec.structs import replace

from services.notify.digest import Call, Digest, Rest, Silent
from services.notify.layout import CallView, Withdrawal
from shared.records import (
    Brief,
    CallFacts,
    Change,
    Claim,
    Comparison,
    Contradiction,
    Coverage,
    Denial,
    Duration,
    Evidence,
    Initiator,
    Judgement,
    Outcome,
    Participant,
    Report,
    Source,
    Speaker,
    Topic,
    When,
)
from tests.services.notify.seed_calls import JUDGEMENT_4, KREMLIN, MESSAGE_4, UPDATE_REPORT

MERZ = Participant(name="Friedrich Merz", country="DE", person="merz", surname="Merz", office="chancellor")
MACRON = Participant(name="Emmanuel Macron", country="FR", person="macron", surname="Macron", office="president")
HOLLANDE = Participant(name="François Hollande", country="FR", surname="Hollande", office="president")
XI = Participant(name="Xi Jinping", country="CN", person="xi", surname="Xi", name_vi="Tập Cận Bình", office="president")
LAM = Participant(
    name="Tô Lâm", country="VN", person="to-lam", surname="Tô", name_vi="Tô Lâm", office="general_secretary"
)
JAPAN = Participant(name=None, country="JP", office="prime_minister")
HAN = Participant(name="Han Duck-soo", country="KR", person="han", surname="Han", office="president", capacity="acting")
AT = dt.datetime(2026, 5, 4, 9, 30, tzinfo=dt.UTC)
LINK = "https://example.org/the-gioi/dien-dam-1.html"
THICK = Coverage(articles=2400, months=12, thin=False)


def sentence(text: str, start: int = 0, article: str = "a1") -> Evidence:
    return Evidence(field="call", part="text", start=start, end=start + len(text), text=text, article=article)


def paper(article: str = "a1", outlet: str = "Báo Ví Dụ", url: str | None = LINK, minutes: int = 0) -> Source:
    return Source(article=article, outlet=outlet, url=url, published_at=AT + dt.timedelta(minutes=minutes))


HELD = sentence("Hai nhà lãnh đạo điện đàm ngày 4-5.")


def facts(*people: Participant, **values: Any) -> CallFacts:
    """A call with what matters here; held on 4 May 2026 unless said otherwise."""
    given: dict[str, Any] = {
        "status": "held",
        "news": True,
        "date": "2026-05-04",
        "whens": (When(date="2026-05-04", text="ngày 4-5", evidence=HELD),),
        "sources": (paper(),),
        "evidence": (HELD,),
    }
    return CallFacts(participants=people, **{**given, **values})


def view(known: CallFacts, comparison: Comparison | None = None) -> CallView:
    return CallView(call_id="c9", facts=known, comparison=comparison or Comparison(coverage=THICK), article_at=AT)


RANG = sentence("Tổng thống Pháp đã gọi điện cho Thủ tướng Đức ngày 4-5.", 100)
ELYSEE = Speaker(id="elysee", text="Điện Elysée", side="FR")
PLANNED = sentence("Ông Macron sẽ điện đàm với Thủ tướng Đức Merz vào ngày 4-5.")
KEPT = sentence("Ông Macron đã điện đàm với Thủ tướng Đức Merz.", article="a2")
LAST_YEAR = Brief(call_id="c8", participants=(MACRON, MERZ), date="2026-04-29", channel="phone")

ROOTS: dict[str, CallView] = {
    f"denied-{denial}": view(facts(MACRON, XI, status="denied", denial=denial)) for denial in get_args(Denial)
}
ROOTS |= {
    "ongoing": view(facts(MACRON, MERZ, status="ongoing")),
    "planned": view(facts(MACRON, XI, status="planned", date="2026-05-06", whens=())),
    "proposed": view(facts(MACRON, XI, status="proposed", date=None, whens=())),
    "phoned": view(
        facts(
            MACRON,
            MERZ,
            initiators=(Initiator(side="FR", how="phoned", evidence=RANG),),
            durations=(Duration(minutes=120, bound="about", text="khoảng 2 tiếng", speaker=ELYSEE, evidence=RANG),),
        ),
        Comparison(previous=LAST_YEAR, days=5, nth=9, coverage=THICK),
    ),
    "requested": view(
        facts(LAM, XI, initiators=(Initiator(side="CN", how="requested", evidence=RANG),), channel="video"),
    ),
    "three-leaders": view(
        facts(
            *(MACRON, MERZ, XI),
            topics=(
                Topic(id="ukraine", text="Ukraine", mode="ruled_out", speaker=KREMLIN),
                Topic(id="syria", text="Syria", mode="ruled_out"),
            ),
        )
    ),
    "no-name": view(facts(JAPAN, HAN, date=None, whens=(When(text="tuần trước", evidence=HELD),))),
    "hour-without-zone": view(
        facts(MACRON, MERZ, whens=(When(date="2026-05-04", clock="21:00", day_part="evening", evidence=HELD),))
    ),
    "month-only": view(facts(MACRON, XI, date="2026-04-??", whens=(When(date="2026-04-??", text="tháng 4"),))),
    "disputed": view(
        facts(
            MACRON,
            XI,
            durations=(
                Duration(minutes=90, bound="exact", text="90 phút", speaker=ELYSEE),
                Duration(minutes=60, bound="about", text="khoảng một giờ"),
            ),
            maybe_second=True,
            outcomes=(Outcome(kind="agreed", text="nối lại các chuyến bay thẳng", mode="reported"),),
            topics=(Topic(id=None, text="thị trường gạo", mode="reported"),),
        ),
        Comparison(
            previous_of_countries=Brief(call_id="c7", participants=(XI, HOLLANDE), date=None),
            coverage=THICK,
            claim=Claim(ordinal=12, text="thứ 12", scope="year"),
            claim_agrees=False,
        ),
    ),
    "claim-in-its-own-words": view(
        facts(
            MACRON,
            XI,
            claims=(Claim(ordinal=1, text="lần đầu tiên … từ khi hai nước nối lại quan hệ", scope="since"),),
            contradictions=(Contradiction(field="duration", values=("90", "over 120")),),
        )
    ),
    "many-sources": view(
        facts(
            MACRON,
            MERZ,
            sources=tuple(
                replace(paper(f"a{n}", f"Báo {n}", None if n == 2 else f"{LINK}?n={n}", n), origin="agency")
                for n in range(1, 9)
            ),
        )
    ),
    "late": replace(view(facts(MACRON, MERZ)), late_since=AT, page_url="http://127.0.0.1:8080/calls/c9"),
    "plan-kept": view(
        facts(
            MACRON,
            MERZ,
            whens=(When(date="2026-05-04", text="ngày 4-5", evidence=PLANNED),),
            sources=(replace(paper(), stands=False), paper("a2", "Báo Hai", minutes=90)),
            evidence=(PLANNED, KEPT),
        )
    ),
    "withdrawn": replace(
        view(facts(MACRON, MERZ)),
        withdrawn=Withdrawal(by="Lan", at=AT + dt.timedelta(hours=1), why="a letter, no call"),
    ),
}

KREMLIN_DAY = Change(field="date", kind="changed", before="2026-05-04", after="2026-05-05", evidence=(HELD,))
LATER = AT + dt.timedelta(hours=1)
HOUR_CHANGED = (
    Change(field="start", kind="changed", before=AT.isoformat(), after=LATER.isoformat()),
    Change(field="outcomes", kind="changed", before="mời ông Tập thăm Paris"),
    Change(field="topics", kind="changed", before="thương mại"),
)
OWN_WORDS = Outcome(kind="agreed", text="nối lại các chuyến bay thẳng", mode="reported", evidence=HELD)
UPDATES: dict[str, tuple[CallView, Judgement, Report]] = {
    "4-update": (MESSAGE_4, JUDGEMENT_4, UPDATE_REPORT),
    "update-status": (
        view(
            facts(
                MACRON, XI, status="denied", denial="postponed", sources=(paper(), paper("a2", "Báo Hai", minutes=90))
            )
        ),
        Judgement(
            verdict="update",
            call_id="c9",
            reason="changes status",
            changes=(Change(field="status", kind="changed", before="planned", after="postponed", evidence=(HELD,)),),
        ),
        Report(participants=(MACRON, XI), status="denied", denial="postponed", news=True),
    ),
    "update-correction": (
        view(facts(MACRON, XI, date="2026-05-05", sources=(paper(), paper("a2", "Báo Hai", minutes=90)))),
        Judgement(verdict="repeat", call_id="c9", reason="", changes=(KREMLIN_DAY,)),
        Report(participants=(MACRON, XI), status="held", news=True),
    ),
    "update-invitation": (
        view(facts(MACRON, XI, sources=(paper(), paper("a2", "Báo Hai", minutes=90)))),
        Judgement(
            verdict="update",
            call_id="c9",
            reason="adds outcomes",
            changes=(Change(field="outcomes", kind="new", after="invited", evidence=(HELD,)),),
        ),
        Report(
            participants=(MACRON, XI),
            status="held",
            news=True,
            outcomes=(
                Outcome(
                    kind="invited",
                    id="invited",
                    text="mời ông Tập",
                    by="FR",
                    place="Paris",
                    mode="reported",
                    speaker=Speaker(id="elysee", text="Điện Elysée", side="FR", via="reuters"),
                    evidence=HELD,
                ),
            ),
        ),
    ),
    "update-missed": (
        view(facts(MACRON, XI, whens=(When(date="2026-05-04", start=LATER, zone="VN", evidence=HELD),))),
        Judgement(verdict="repeat", call_id="c9", reason="", changes=HOUR_CHANGED),
        Report(participants=(MACRON, XI), status="held", news=True, outcomes=(OWN_WORDS,)),
    ),
    "update-heard": (
        view(facts(MACRON, XI, heard=(ELYSEE,), sources=(paper(), paper("a2", "Báo Hai", minutes=90)))),
        Judgement(
            verdict="update",
            call_id="c9",
            reason="a side speaks",
            changes=(Change(field="heard", kind="new", after="FR", evidence=(HELD,)),),
        ),
        Report(participants=(MACRON, XI), status="held", news=True, heard=(ELYSEE,)),
    ),
    "update-topics": (
        view(
            facts(
                MACRON,
                XI,
                topics=(Topic(id="trade", text="thương mại", mode="reported", speaker=ELYSEE, evidence=HELD),),
                durations=(Duration(minutes=45, bound="under", text="gần 45 phút"),),
                sources=(paper(), paper("a2", "Báo Hai", minutes=90)),
            )
        ),
        Judgement(
            verdict="update",
            call_id="c9",
            reason="adds topics",
            changes=(Change(field="topics", kind="new", after="trade", evidence=(HELD,)),),
        ),
        Report(
            participants=(MACRON, XI),
            status="held",
            news=True,
            topics=(Topic(id="trade", text="thương mại", mode="reported", speaker=ELYSEE, evidence=HELD),),
        ),
    ),
}

HOUR = dt.timedelta(hours=1)
MORNING = dt.datetime(2026, 5, 4, 23, 0, tzinfo=dt.UTC)  # 06:00 on 5 May in Hanoi
LONG_SILENCE = Comparison(previous=LAST_YEAR, days=41, coverage=THICK)
DIGESTS: dict[str, Digest] = {
    "digest": Digest(
        at=MORNING,
        since=MORNING - 12 * HOUR,
        calls=(
            Call(facts(MACRON, MERZ, durations=(Duration(minutes=45, bound="over", text="45 phút"),)), None, True),
            Call(facts(MACRON, XI, channel="video"), LONG_SILENCE, True),
            Call(facts(LAM, XI, status="proposed", date=None, whens=()), None, False),
        ),
        plans=(facts(MACRON, XI, status="planned", date="2026-05-05", whens=()),),
        silent=(Silent("Báo Ví Dụ", MORNING - 14 * HOUR),),
        mutes=(Rest("Lan", "calls every day", MORNING + 48 * HOUR, ("RU", "US")),),
        paused=Rest("Minh", "storm of alerts", MORNING - HOUR),
        kept={"held": 2, "dead": 1},
        feeds=31,
        last_alert=MORNING - 8 * HOUR,
    ),
    "digest-quiet-night": Digest(at=MORNING, since=MORNING - 12 * HOUR, feeds=1),
}
