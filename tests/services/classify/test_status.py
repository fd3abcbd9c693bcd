"""The keys of the rules of status: a rule is tried only where one of its own stands."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.classify import status

RULES = {rule.id: (rule.pattern, rule.keys) for rule in status._rules()}


@pytest.mark.parametrize(("pattern", "keys"), RULES.values(), ids=RULES)
def test_whatever_a_rule_takes_holds_one_of_its_keys(pattern: re.Pattern[str], keys: tuple[str, ...]) -> None:
    @settings(max_examples=100, database=None, deadline=None)
    @given(st.from_regex(pattern, fullmatch=True))
    def holds(taken: str) -> None:
        assert any(key in taken for key in keys)

    holds()
