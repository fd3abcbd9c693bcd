"""The golden messages: what the renderer makes of the seeds' calls, in both languages, one file each.

`python -m tests.services.notify.golden` writes them anew, so that a change of wording shows as a diff to be read.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import msgspec

from services.notify.digest import render_digest
from services.notify.layout import CallView, Edit, Message
from services.notify.message import render_root
from services.notify.plain import as_text
from services.notify.update import render_update
from shared.names import LANGUAGES, Language
from tests.services.notify import seed_calls, variations

FOLDER = Path(__file__).parent / "messages"
ZONE = "Asia/Ho_Chi_Minh"
VIETNAMESE = {"length": "thời lượng", "Moscow": "Moskva", "Kremlin": "Điện Kremlin", "day": "ngày"}


def roots() -> dict[str, CallView]:
    return {**seed_calls.ROOTS, **variations.ROOTS}


def messages() -> Iterator[tuple[str, CallView, Message]]:
    """Every golden message with its name and what it was made of."""
    for language in LANGUAGES:
        for name, view in roots().items():
            yield f"{name}.{language}", view, render_root(_in(view, language), language, ZONE)
        for name, (view, judgement, report) in variations.UPDATES.items():
            yield f"{name}.{language}", view, render_update(view, judgement, report, language, ZONE)


def digests() -> Iterator[tuple[str, Message]]:
    """Every golden digest with its name."""
    for language in LANGUAGES:
        for name, digest in variations.DIGESTS.items():
            (message,) = render_digest(digest, language, ZONE)
            yield f"{name}.{language}", message


def _in(view: CallView, language: Language) -> CallView:
    """The words of earlier edits are kept in the language in which they were said."""
    if language == "en":
        return view
    edits = tuple(Edit(edit.at, tuple(VIETNAMESE[word] for word in edit.what)) for edit in view.edits)
    return msgspec.structs.replace(view, edits=edits)


def expected(name: str) -> str:
    return (FOLDER / f"{name}.txt").read_text(encoding="utf-8")


def write() -> None:
    """Write every golden file anew, and remove those of messages that are no more."""
    for old in FOLDER.glob("*.txt"):
        old.unlink()
    for name, _, message in messages():
        (FOLDER / f"{name}.txt").write_text(as_text(message), encoding="utf-8")
    for name, message in digests():
        (FOLDER / f"{name}.txt").write_text(as_text(message), encoding="utf-8")


if __name__ == "__main__":
    write()
