"""The tables of rules: a rule is tried only where one of its keys stands, and a row that cannot be used is named."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services.classify import arguments, status
from services.classify.data_rows import DataError, Rule

RULES: dict[str, Rule] = {
    rule.place: rule for rules in (arguments._rules(), status._rules()) for rule in rules if rule.keys
}


@pytest.mark.parametrize("rule", RULES.values(), ids=RULES)
def test_whatever_a_rule_takes_holds_one_of_its_keys(rule: Rule) -> None:
    @settings(max_examples=100, database=None, deadline=None, suppress_health_check=list(HealthCheck))
    @given(st.from_regex(rule.pattern, fullmatch=True))
    def holds(taken: str) -> None:
        assert rule.may_match(taken)

    holds()


def test_a_pattern_that_is_none_names_its_row() -> None:
    broken = Rule(id="held", keys=(), place="status.csv, rule held", expression="(đã")
    with pytest.raises(DataError, match=r"^status\.csv, rule held: .*; mend this row$"):
        broken.compile()
