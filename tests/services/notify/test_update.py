from __future__ import annotations

import pytest
from msgspec.structs import replace

from services.notify.plain import as_text
from services.notify.update import render_update
from shared.records import Change, Outcome
from tests.services.notify.golden import ZONE
from tests.services.notify.seed_calls import TEAMS_START, VISITS
from tests.services.notify.variations import UPDATES


@pytest.mark.parametrize(("told", "line"), [(VISITS, True), (TEAMS_START, False)])
def test_an_outcome_told_again_in_the_same_words_is_no_change(told: Outcome, line: bool) -> None:
    view, judgement, report = next(iter(UPDATES.values()))
    change = Change(field="outcomes", kind="changed", before=TEAMS_START.id, after=told.id)
    text = as_text(
        render_update(
            replace(view, facts=replace(view.facts, outcomes=(TEAMS_START,))),
            replace(judgement, changes=(change,)),
            replace(report, outcomes=(told,)),
            "en",
            ZONE,
        )
    )
    assert ("→" in text) is line


def test_what_is_told_for_the_first_time_replaces_no_other_outcome() -> None:
    view, judgement, report = UPDATES["4-update"]
    told = replace(TEAMS_START, id=None, text="đồng ý mở lại đường bay")
    before = replace(TEAMS_START, id=None, text="nhất trí mở lại cửa khẩu")
    text = as_text(
        render_update(
            replace(view, facts=replace(view.facts, outcomes=(before, told))),
            replace(judgement, changes=(Change(field="outcomes", kind="new", after=told.text),)),
            replace(report, outcomes=(told,)),
            "en",
            ZONE,
        )
    )
    assert "mở lại đường bay" in text
    assert "→" not in text


@pytest.mark.parametrize(("changes", "now"), [((Change(field="heard", kind="new", after="RU"),), True), ((), False)])
def test_a_side_speaks_for_the_first_time_only_once(changes: tuple[Change, ...], now: bool) -> None:
    view, judgement, report = UPDATES["4-update"]
    text = as_text(render_update(view, replace(judgement, changes=changes), report, "en", ZONE))
    assert ("now Kremlin" in text) is now


def test_what_is_not_stated_is_no_news_by_itself() -> None:
    view, judgement, report = UPDATES["4-update"]
    account = Change(field="account", kind="new", evidence=report.evidence[:1])
    assert "Still not stated" not in as_text(
        render_update(view, replace(judgement, changes=(account,)), report, "en", ZONE)
    )
