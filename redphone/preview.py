"""`redphone preview`: the messages about a stored call as Slack would get them, so that a template needs no Slack."""

from __future__ import annotations

import sys
from pathlib import Path

import msgspec
from sqlalchemy.orm import Session

from redphone.show import opened
from redphone.terminal import Terminal
from services.notify import burst, words
from services.notify.config import options
from services.notify.console import ConsolePoster
from services.notify.known import Told, told
from services.notify.layout import Message
from services.notify.message import render_root, voice_of
from services.notify.poster import Post
from services.notify.preview import Preview, page, posted
from services.notify.store import page_of
from services.notify.update import render_update
from shared.clock import utc_now
from shared.errors import UsageError
from shared.names import Language
from shared.settings import Settings, load_settings


def preview(call_id: str, language: Language | None, html: Path | None, *, as_json: bool) -> None:
    """Print a call's root and thread, or their blocks as JSON, or write them as a page.

    Raises UsageError for an id that no call has, and for a file that cannot be written.
    """
    settings = load_settings()
    known = opened(settings, lambda session: _known(session, call_id, settings))
    if known is None:
        raise UsageError(f"{call_id}: no call has this id; redphone calls lists them")
    root, replies = _rendered(known, language or settings.language, settings.timezone)
    seen = Preview(known.view.call_id, root.language, posted(root), tuple(posted(reply) for reply in replies))
    if as_json:
        sys.stdout.write(msgspec.json.format(msgspec.json.encode(seen)).decode() + "\n")
    if html is not None:
        _write(html, page(seen))
    if html is None and not as_json:
        _print(known.view.call_id, root, replies)


def _known(session: Session, call_id: str, settings: Settings) -> Told | None:
    """The call with its id, its page, and its buttons and what editors said, where the settings have messages show
    them; None for an id that no call has."""
    found, desk = told(session, call_id), options(settings)
    if found is None:
        return None
    view = msgspec.structs.replace(
        found.view,
        shows_id=desk.shows_id,
        page_url=page_of(found.view.call_id, desk.page_url),
        words=words.standing(session, found.view.call_id, utc_now()) if desk.listens else None,
    )
    return msgspec.structs.replace(found, view=view)


def _rendered(known: Told, language: Language, zone: str) -> tuple[Message, list[Message]]:
    replies = [
        render_update(msgspec.structs.replace(known.view, report=one.name), one.judgement, one.report, language, zone)
        for one in known.updates
    ]
    root = render_root(known.view, language, zone)
    if not known.brief:
        return root, replies
    return burst.brief(root), [burst.in_full(root, voice_of(language, zone)), *replies]


def _write(path: Path, text: str) -> None:
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise UsageError(
            f"{path}: cannot be written ({error.strerror}); name a file in a folder that is there"
        ) from error


def _print(call_id: str, root: Message, replies: list[Message]) -> None:
    poster = ConsolePoster(Terminal(highlight=False))
    poster.send(Post(key=f"root:{call_id}@console", kind="root", channel="console", message=root))
    for reply in replies:
        poster.send(Post(key=f"update:{call_id}@console", kind="update", channel="console", message=reply))
