"""The five seeds, replayed: every line and every message is expected, to the letter (`make expected` rewrites them)."""

from __future__ import annotations

import json
import re

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


def test_the_readme_shows_the_alert_that_it_names(replayed: dict[str, str]) -> None:
    picture = re.sub(r"<[^>]+>", " ", replayed["docs/alert.svg"]).replace("&#160;", " ")
    (named,) = re.findall(
        r"!\[An alert: ([^]]+)\]\(docs/alert\.svg\)", (expected.ROOT / "README.md").read_text("utf-8")
    )
    assert named in " ".join(picture.split())
    assert "Since they last spoke (12 Feb 2025, 90 minutes)" in " ".join(picture.split())


def test_every_slice_of_evidence_stands_in_its_article(replayed: dict[str, str]) -> None:
    texts = {path.stem: path.read_text(encoding="utf-8") for path in (expected.ROOT / "seeds").glob("*.txt")}
    lines = [json.loads(line) for line in replayed["seeds/expected/lines.jsonl"].splitlines()]
    pieces = [
        (piece.get("article") or line["id"], piece)
        for line in lines
        for call in line["calls"]
        for piece in [*call["evidence"], *(piece for change in call["changes"] for piece in change["evidence"])]
    ]
    assert len(pieces) > 50
    assert {article for article, _ in pieces} == set(texts)
    assert [piece for article, piece in pieces if texts[article][piece["start"] : piece["end"]] != piece["text"]] == []


def test_six_alerts_and_one_update(replayed: dict[str, str]) -> None:
    kinds = [
        line.split()[1] for line in replayed["seeds/expected/messages.en.txt"].split("\n") if line.startswith("=== ")
    ]
    assert (kinds.count("root"), kinds.count("update")) == (6, 1)
