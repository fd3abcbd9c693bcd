"""The buttons: which stand under a message, that Slack takes them, and that they are words only."""

from __future__ import annotations

import pytest
from msgspec.structs import replace
from slack_sdk.models.blocks import Block
from slack_sdk.models.views import View

from services.notify.blocks import as_blocks
from services.notify.buttons import MOST_WORDS, pair_of
from services.notify.layout import CallView, Withdrawal, Word
from services.notify.message import render_root, voice_of
from services.notify.preview import Preview, posted
from services.notify.preview import page as drawn
from services.notify.said import said, window
from services.notify.update import render_update
from shared.names import LANGUAGES, Language
from tests.services.notify.golden import ZONE
from tests.services.notify.variations import AT, JAPAN, MACRON, MERZ, UPDATES, XI, facts, view

CALL = replace(view(facts(MACRON, MERZ)), words=())


def word(number: int, kind: str) -> Word:
    return Word(number, kind, "lan", AT, until=AT if kind == "mute" else None)


def actions(shown: CallView, language: Language = "en") -> list[str]:
    return [button.action for button in render_root(shown, language, ZONE).buttons]


@pytest.mark.parametrize(
    ("shown", "expected"),
    [
        (replace(CALL, words=None), []),
        (CALL, ["confirm", "own", "same", "mute", "drop"]),
        (replace(CALL, words=(word(1, "own"),)), ["confirm", "same", "mute", "drop", "undo-own-1"]),
        (replace(view(facts(MACRON, MERZ, XI)), words=()), ["confirm", "own", "same", "drop"]),
        (
            replace(CALL, words=(word(3, "drop"),), withdrawn=Withdrawal("lan", AT, "no")),
            ["undo-drop-3"],
        ),
        (replace(CALL, withdrawn=Withdrawal("article", AT, "")), []),
        (
            replace(CALL, words=tuple(word(n, "split") for n in range(5))),
            ["confirm", "own", "same", "mute", "drop", *(f"undo-split-{n}" for n in range(5 - MOST_WORDS, 5))],
        ),
    ],
)
def test_which_buttons_stand_under_a_root(shown: CallView, expected: list[str]) -> None:
    assert actions(shown) == expected


def test_a_pair_is_two_countries_that_are_known() -> None:
    assert pair_of(CALL) == "DE-FR"
    assert pair_of(view(facts(MACRON, replace(JAPAN, country=None)))) == ""


@pytest.mark.parametrize("language", LANGUAGES)
def test_slack_takes_the_buttons_and_the_window(language: Language) -> None:
    kinds = ("confirm", "own", "mute", "drop", "merge", "split")
    for shown in (CALL, replace(CALL, words=tuple(word(n, kind) for n, kind in enumerate(kinds)))):
        block = as_blocks(render_root(shown, language, ZONE))[-1]
        parsed = Block.parse(block)
        assert parsed is not None
        assert block["type"] == "actions"
        assert len({element["action_id"] for element in block["elements"]}) == len(block["elements"])
        parsed.validate_json()
    opened = window("c1", "https://hooks.example", [("c2", "Putin & <Trump> " * 10)], voice_of(language, ZONE))
    View(**opened).validate_json()
    assert all(len(opened[name]["text"]) <= 24 for name in ("title", "submit", "close"))


def test_a_reply_in_doubt_offers_another_call() -> None:
    name = next(name for name in UPDATES if "invitation" in name)
    shown, judgement, report = UPDATES[name]
    doubtful = replace(shown, words=(), report="12#0", facts=replace(shown.facts, date=None, maybe_second=True))
    buttons = render_update(doubtful, judgement, report, "en", ZONE).buttons
    assert [(button.label, button.value) for button in buttons] == [("Another call", f"{shown.call_id}|12#0")]
    assert render_update(replace(doubtful, words=None), judgement, report, "en", ZONE).buttons == ()


def test_a_preview_draws_the_buttons() -> None:
    page = drawn(Preview("c1", "en", posted(render_root(CALL, "en", ZONE)), ()))
    assert '<span class="button danger">Not a call</span>' in page


@pytest.mark.parametrize("kind", ["interactive", "slash_commands", "hello"])
def test_what_is_not_as_slacks_pages_have_it_says_nothing(kind: str) -> None:
    user = {"id": "U1"}
    window_of = {"callback_id": "same", "id": "V1", "private_metadata": "{", "state": {}}
    for payload in (
        {},
        {"type": "block_actions"},
        {"type": "block_actions", "user": user, "actions": ["confirm"]},
        {"type": "view_submission", "view": {}},
        {"type": "view_submission", "user": user, "view": window_of},
        {"type": 7},
    ):
        assert said(kind, payload) is None
