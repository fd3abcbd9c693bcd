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
