"""How a call stands: its status in words, and whether a party confirmed it, others report it, or it is disputed."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from services.notify.message import render_root
from services.notify.standing import standing_of, status_key
from shared.records import CallFacts, Contradiction, Duration, Speaker, Topic
from tests.services.notify.variations import AT, ELYSEE, MACRON, MERZ, ROOTS, XI, facts, view

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


def _sources(known: CallFacts) -> str:
    """The line of sources of the call's root."""
    message = render_root(view(known), "en", "Asia/Ho_Chi_Minh")
    return next(line.text for line in message.lines if line.kind == "sources")
