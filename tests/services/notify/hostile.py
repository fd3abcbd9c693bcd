"""Hostile headlines as messages: each text in every foreign place of a root, its withdrawal, a reply and a digest."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

from msgspec.structs import replace

from services.notify.digest import Digest, Rest, Silent, render_digest
from services.notify.layout import Message, Withdrawal
from services.notify.message import render_root
from services.notify.update import render_update
from shared.records import Change, Claim, Duration, Initiator, Judgement, Outcome, Report, Speaker, Topic, When
from tests.services.notify.variations import AT, MACRON, MERZ, MORNING, facts, paper, sentence, view

ROWS = [
    json.loads(line)
    for line in (Path(__file__).parent / "data" / "hostile.jsonl").read_text(encoding="ascii").splitlines()
]
ZONE = "Asia/Ho_Chi_Minh"


def messages(text: str) -> Iterator[Message]:
    """A root, its withdrawal, a reply and a digest with a foreign text wherever one can stand."""
    proof, who = sentence(text), Speaker(id="x", text=text, side=None, via=text)
    known = facts(
        replace(MACRON, name=text, surname=text, name_vi=text),
        replace(MERZ, name=text, surname=text, country="ZZ"),
        whens=(When(text=text, evidence=proof),),
        date=None,
        durations=(Duration(minutes=40, bound="about", text=text, speaker=who, evidence=proof),),
        initiators=(Initiator(side="FR", how="requested", speaker=who, evidence=proof),),
        topics=(Topic(id=None, text=text, mode="reported", speaker=who, evidence=proof),),
        outcomes=(Outcome(kind="agreed", text=text, mode="reported", speaker=who, evidence=proof, place=text),),
        claims=(Claim(ordinal=1, text=text, scope="since", speaker=who, evidence=proof),),
        heard=(who,),
        sources=(paper("a1", text), paper("a2", text, text), paper(text, "")),
        evidence=(proof,),
    )
    seen, hand = view(known), text or "lan"  # a hand has a name and a reason
    changes = (Change(field="topics", kind="new", after=text, evidence=(proof,)),)
    judgement = Judgement(verdict="update", call_id="c9", reason=text, changes=changes)
    report = Report(participants=known.participants, status="held", news=True, evidence=(proof,))
    yield render_root(seen, "en", ZONE)
    yield render_root(replace(seen, withdrawn=Withdrawal(by=hand, at=AT, why=hand)), "vi", ZONE)
    yield render_update(seen, judgement, report, "vi", ZONE)
    rest = Rest(hand, text, MORNING, (text, "US"))
    digest = Digest(at=MORNING, since=AT, silent=(Silent(hand, AT),), mutes=(rest,), paused=rest)
    yield from render_digest(digest, "en", ZONE)
