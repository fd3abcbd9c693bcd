"""Patterns that are compiled when they are first asked."""

from __future__ import annotations

import importlib
import pkgutil
import re

import pytest

from services import classify
from services.classify.regex import regex


def test_it_answers_as_the_compiled_pattern_does() -> None:
    pattern = regex(r"gọi (?P<who>\w+)", re.IGNORECASE)
    found = pattern.search("Ông GỌI bà")
    assert found is not None
    assert (found["who"], pattern.sub("mời", "gọi bà"), pattern.match("bà gọi")) == ("bà", "mời", None)
    assert pattern.pattern == r"gọi (?P<who>\w+)"
    assert pattern.groups == 1


def test_a_mistake_is_told_at_the_first_use() -> None:
    broken = regex("(gọi")
    with pytest.raises(re.error):
        broken.search("gọi")


def test_every_pattern_of_the_classifier_compiles() -> None:
    names = [f"{classify.__name__}.{module.name}" for module in pkgutil.iter_modules(classify.__path__)]
    held = [
        (f"{name}.{key}", value)
        for name in names
        for key, value in vars(importlib.import_module(name)).items()
        if type(value) is type(regex(""))
    ]
    assert len(held) > 200
    for place, pattern in held:
        assert pattern.groups >= 0, place
