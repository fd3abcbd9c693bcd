"""What Slack delivers by Socket Mode, as values: a button pressed, a call chosen in a window, a slash command. Pure.

https://docs.slack.dev/reference/interaction-payloads/block_actions-payload
https://docs.slack.dev/reference/interaction-payloads/view-interactions-payload
https://docs.slack.dev/interactivity/implementing-slash-commands
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, TypeAlias

import msgspec

from services.notify.graphemes import clean, shorten
from services.notify.voice import Voice

#: The window in which the other call is chosen, and its one field.
WINDOW, FIELD = "same", "other"
TITLE, OPTION, MOST_OPTIONS = 24, 75, 100


class Pressed(msgspec.Struct, frozen=True, kw_only=True):
    """A click. `key` is the same for a click that is delivered again; `trigger` opens a window for three seconds."""

    key: str
    action: str
    value: str
    by: str
    user: str
    trigger: str = ""
    answer_url: str = ""


class Chosen(msgspec.Struct, frozen=True, kw_only=True):
    """The other call, chosen in the window that `pressed` asked for."""

    pressed: Pressed
    call_id: str


class Asked(msgspec.Struct, frozen=True, kw_only=True):
    """A slash command: the words behind it."""

    words: tuple[str, ...]
    by: str
    answer_url: str


Said: TypeAlias = Pressed | Chosen | Asked


def said(kind: str, payload: Mapping[str, Any]) -> Said | None:
    """What an envelope of a kind says; None for what is nothing to us, or not as Slack's pages have it."""
    try:
        if kind == "slash_commands":
            return Asked(
                words=tuple(str(payload.get("text") or "").split()),
                by=str(payload.get("user_name") or payload["user_id"]),
                answer_url=str(payload["response_url"]),
            )
        if kind == "interactive" and payload["type"] == "block_actions":
            return _pressed(payload, payload["actions"][0])
        if kind == "interactive" and payload["type"] == "view_submission":
            return _chosen(payload, payload["view"])
    except (KeyError, IndexError, TypeError, AttributeError, msgspec.MsgspecError):
        return None
    return None


def _pressed(payload: Mapping[str, Any], action: Mapping[str, Any]) -> Pressed | None:
    if action.get("type") != "button":
        return None
    by, user = _who(payload)
    return Pressed(
        key=f"{user}:{action['action_id']}:{action['value']}:{action['action_ts']}"[:200],
        action=str(action["action_id"]),
        value=str(action["value"]),
        by=by,
        user=user,
        trigger=str(payload.get("trigger_id") or ""),
        answer_url=str(payload.get("response_url") or ""),
    )


def _chosen(payload: Mapping[str, Any], view: Mapping[str, Any]) -> Chosen | None:
    if view["callback_id"] != WINDOW:
        return None
    by, user = _who(payload)
    about = msgspec.json.decode(view["private_metadata"], type=dict[str, str])
    pressed = Pressed(
        key=f"view:{view['id']}"[:200],
        action=WINDOW,
        value=about["call"],
        by=by,
        user=user,
        answer_url=about.get("answer_url", ""),
    )
    return Chosen(pressed=pressed, call_id=str(view["state"]["values"][FIELD][FIELD]["selected_option"]["value"]))


def _who(payload: Mapping[str, Any]) -> tuple[str, str]:
    user = payload["user"]
    return str(user.get("username") or user.get("name") or user["id"])[:100], str(user["id"])[:40]


def window(call_id: str, answer_url: str, others: Sequence[tuple[str, str]], voice: Voice) -> dict[str, Any]:
    """The window in which the other call is chosen: `others` are ids and words. https://docs.slack.dev/surfaces/modals"""
    options = [{"text": _plain(words, OPTION), "value": other} for other, words in others[:MOST_OPTIONS]]
    element = {"type": "static_select", "action_id": FIELD, "options": options}
    label = _plain(voice.say("same_label"), OPTION)
    about = {"call": call_id, "answer_url": answer_url}
    return {
        "type": "modal",
        "callback_id": WINDOW,
        "private_metadata": msgspec.json.encode(about).decode(),
        "title": _plain(voice.say("same_title"), TITLE),
        "submit": _plain(voice.say("same_submit"), TITLE),
        "close": _plain(voice.say("same_close"), TITLE),
        "blocks": [{"type": "input", "block_id": FIELD, "label": label, "element": element}],
    }


def _plain(text: str, limit: int) -> dict[str, Any]:
    return {"type": "plain_text", "text": shorten(clean(text), limit), "emoji": False}
