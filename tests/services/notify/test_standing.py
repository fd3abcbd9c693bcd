"""How a call stands: its status in words, and whether a party confirmed it, others report it, or it is disputed."""

from __future__ import annotations

import datetime as dt

import pytest
from msgspec.structs import replace

from services.notify.message import render_root
from services.notify.plain import as_text
from services.notify.standing import in_doubt, standing_of, status_key
from services.notify.update import render_update
from shared.records import CallFacts, Contradiction, Duration, Judgement, Report, Speaker, Topic, When
from tests.services.notify.variations import AT, ELYSEE, HELD, MACRON, MERZ, ROOTS, XI, facts, paper, view

DAY = dt.timedelta(days=1)

AGENDA = (Topic(id="ukraine", text="Ukraine", mode="announced", speaker=ELYSEE),)
DENIED = Contradiction(field="status", values=("held", "denied"))
LENGTHS = Contradiction(field="duration", values=("60", "90"))
LONG = (Duration(minutes=90, bound="exact", text="90 phút", speaker=ELYSEE),)
OF_MACRON = Speaker(id=MACRON.person or "", text="ông Macron", side=MACRON.country)
SAID_ON_IT = (replace(LONG[0], speaker=OF_MACRON),)


@pytest.mark.parametrize(
    ("known", "standing"),
    [
        (facts(MERZ, MACRON), "reported"),
        (facts(MERZ, MACRON, heard=(ELYSEE,)), "confirmed"),
        (facts(MERZ, XI, heard=(ELYSEE,)), "reported"),
        (facts(MERZ, MACRON, heard=(ELYSEE,), contradictions=(DENIED,)), "disputed"),
        (facts(MERZ, MACRON, heard=(ELYSEE,), contradictions=(LENGTHS,)), "confirmed"),
        (facts(MERZ, MACRON, heard=(ELYSEE,), topics=AGENDA), "reported"),
        (facts(MERZ, MACRON, heard=(ELYSEE,), topics=AGENDA, durations=LONG), "confirmed"),
        (facts(MERZ, MACRON, durations=LONG), "confirmed"),
        (facts(MERZ, MACRON, durations=SAID_ON_IT), "reported"),
        (facts(MERZ, MACRON, durations=SAID_ON_IT, heard=(OF_MACRON,)), "confirmed"),
        (facts(MERZ, MACRON, status="planned", heard=(ELYSEE,), topics=AGENDA), "confirmed"),
    ],
)
def test_how_well_a_call_stands(known: CallFacts, standing: str) -> None:
    assert standing_of(known) == standing


@pytest.mark.parametrize(
    ("known", "words"),
    [
        (facts(MERZ, MACRON), "reported, not confirmed by a party"),
        (facts(MERZ, MACRON, heard=(ELYSEE,)), "confirmed by a party"),
        (facts(MERZ, MACRON, heard=(ELYSEE,), status="denied", denial="refused"), "a party says so"),
        (facts(MERZ, MACRON, contradictions=(DENIED,)), "disputed"),
    ],
)
def test_the_root_says_how_well_it_stands(known: CallFacts, words: str) -> None:
    assert words in _sources(known)


def test_a_plan_that_passed_in_silence_is_confirmed_by_nobody() -> None:
    silent = facts(MERZ, MACRON, status="planned", heard=(ELYSEE,), no_word_by=AT)
    assert "confirmed" not in _sources(silent)
    withdrawn = render_root(ROOTS["withdrawn"], "en", "Asia/Ho_Chi_Minh")
    assert "reported" not in withdrawn.lines[-1].text


@pytest.mark.parametrize(
    ("known", "key"),
    [
        (facts(MACRON, XI), "held"),
        (facts(MACRON, XI, status="denied"), "denied"),
        (facts(MACRON, XI, status="denied", denial="refused"), "refused"),
        (replace(facts(MACRON, XI, status="planned"), no_word_by=AT), "unconfirmed"),
    ],
)
def test_a_status_in_words(known: CallFacts, key: str) -> None:
    assert status_key(known) == key


OF_TODAY = Judgement(verdict="update", call_id="c9", reason="")
NO_DAY = Report(participants=(MACRON, XI), status="held", news=True, evidence=(replace(HELD, article="a2"),))
SAYS_DAY = replace(NO_DAY, when=When(date="2026-05-04"))


def told_by(published: dt.datetime | None) -> CallFacts:
    """A call of 4 May, with a second article of some other moment."""
    return facts(MACRON, XI, sources=(paper(), replace(paper("a2", "Báo Hai"), published_at=published)))


@pytest.mark.parametrize(
    ("known", "judgement", "report", "doubt"),
    [
        pytest.param(told_by(AT), OF_TODAY, NO_DAY, False, id="of the day itself"),
        pytest.param(told_by(AT + DAY), OF_TODAY, NO_DAY, True, id="of the day after"),
        pytest.param(told_by(AT + DAY), OF_TODAY, SAYS_DAY, False, id="that gives the day"),
        pytest.param(told_by(AT + DAY), OF_TODAY, replace(NO_DAY, when=When(date="2026-05-??")), True, id="a month"),
        pytest.param(told_by(None), OF_TODAY, NO_DAY, True, id="of no day"),
        pytest.param(told_by(AT + DAY), OF_TODAY, replace(NO_DAY, status="denied"), False, id="that denies it"),
        pytest.param(told_by(AT + DAY), replace(OF_TODAY, verdict="background"), NO_DAY, False, id="no news"),
        pytest.param(told_by(AT), replace(OF_TODAY, against=("hours",)), SAYS_DAY, True, id="another hour"),
        pytest.param(replace(told_by(AT), date=None), OF_TODAY, NO_DAY, True, id="nobody gives a day"),
        pytest.param(replace(told_by(AT), maybe_second=True), OF_TODAY, SAYS_DAY, True, id="hints at a second"),
    ],
)
def test_whether_an_article_may_tell_of_another_call(
    known: CallFacts, judgement: Judgement, report: Report, *, doubt: bool
) -> None:
    assert in_doubt(known, judgement, report, "Asia/Ho_Chi_Minh") is doubt
    spoken = replace(view(known), words=(), report="2#0")
    update = render_update(spoken, judgement, report, "en", "Asia/Ho_Chi_Minh")
    assert ("Same call?" in as_text(update)) is doubt
    assert [button.action for button in update.buttons] == (["split"] if doubt else [])


def _sources(known: CallFacts) -> str:
    """The line of sources of the call's root."""
    message = render_root(view(known), "en", "Asia/Ho_Chi_Minh")
    return next(line.text for line in message.lines if line.kind == "sources")
