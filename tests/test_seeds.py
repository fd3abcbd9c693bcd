"""The five seeds, replayed: every line and every message is expected, to the letter (`make expected` rewrites them)."""

from __future__ import annotations

import pytest

from tests.support import expected


@pytest.fixture(scope="module")
def replayed() -> dict[str, str]:
    return expected.files()


NAMES = (
    "seeds/expected/lines.jsonl",
    "seeds/expected/messages.en.txt",
    "seeds/expected/messages.vi.txt",
    "docs/alert.svg",
)


def test_every_expected_file_is_compared(replayed: dict[str, str]) -> None:
    assert set(replayed) == set(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_a_replay_of_the_seeds_says_what_is_expected(replayed: dict[str, str], name: str) -> None:
    assert replayed[name].split("\n") == (expected.ROOT / name).read_text(encoding="utf-8").split("\n")


def test_six_alerts_and_one_update(replayed: dict[str, str]) -> None:
    kinds = [
        line.split()[1] for line in replayed["seeds/expected/messages.en.txt"].split("\n") if line.startswith("=== ")
    ]
    assert (kinds.count("root"), kinds.count("update")) == (6, 1)
