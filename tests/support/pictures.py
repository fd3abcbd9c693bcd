"""The pictures of docs/: the pages that `redphone preview --html` writes for the seeds' calls, as a browser draws them.

`python -m tests.support.pictures` draws them anew with Chromium. Each carries the fingerprint of its page, so that a
test notices a picture of what messages no longer look like.
"""

from __future__ import annotations

import hashlib
import struct
import subprocess
import sys
import tempfile
import zlib
from pathlib import Path

from msgspec.structs import replace

from services.notify.digest import render_digest
from services.notify.message import render_root
from services.notify.preview import Preview, page, posted
from services.notify.update import render_update
from shared.names import Language
from tests.services.notify import golden, variations
from tests.services.notify.seed_calls import JUDGEMENT_4, MESSAGE_3, MESSAGE_4, UPDATE_REPORT

FOLDER = Path(__file__).parents[2] / "docs"
WIDTH = 776
#: picture → its height in points; it has to be looked at after a change
HEIGHTS = {"slack": 1065, "slack-vi": 1095, "digest": 560, "digest-vi": 560}
PAGE = "https://redphone.example/calls/9f2c"
KEYWORD = b"redphone page"
SIGNATURE = b"\x89PNG\r\n\x1a\n"


def pages() -> dict[str, str]:
    """The page of each picture, as it is now."""
    return {
        "slack": _thread("en"),
        "slack-vi": _thread("vi"),
        "digest": _digest("en"),
        "digest-vi": _digest("vi"),
    }


def _thread(language: Language) -> str:
    root = replace(MESSAGE_3, words=(), shows_id=True, page_url=PAGE)
    reply = render_update(replace(MESSAGE_4, words=(), report="2#0"), JUDGEMENT_4, UPDATE_REPORT, language, golden.ZONE)
    first = render_root(root, language, golden.ZONE)
    return page(Preview(root.call_id, language, posted(first), (posted(reply),)))


def _digest(language: Language) -> str:
    message = render_digest(variations.DIGESTS["digest"], language, golden.ZONE)
    return page(Preview("digest", language, posted(message), ()))


def fingerprint(text: str) -> str:
    """What a picture says of the page that it was drawn from."""
    return hashlib.sha256(text.encode()).hexdigest()


def drawn_from(picture: bytes) -> str:
    """The fingerprint that a picture carries (a PNG's tEXt chunk); empty for one without."""
    return dict(_texts(picture)).get(KEYWORD, b"").decode()


def _texts(picture: bytes) -> list[tuple[bytes, bytes]]:
    found, place = [], len(SIGNATURE)
    while place < len(picture):
        size, kind = struct.unpack_from("!I4s", picture, place)
        if kind == b"tEXt":
            keyword, _, text = picture[place + 8 : place + 8 + size].partition(b"\0")
            found.append((keyword, text))
        place += size + 12
    return found


def signed(picture: bytes, text: str) -> bytes:
    """A picture with the fingerprint of its page, behind its first chunk (https://www.w3.org/TR/png-3/#11tEXt)."""
    head = len(SIGNATURE) + 25  # IHDR always comes first and is as long
    body = b"tEXt" + KEYWORD + b"\0" + fingerprint(text).encode()
    chunk = struct.pack("!I", len(body) - 4) + body + struct.pack("!I", zlib.crc32(body))
    return picture[:head] + chunk + picture[head:]


def draw(browser: str) -> None:
    """Draw all pictures anew."""
    with tempfile.TemporaryDirectory() as folder:
        for name, text in pages().items():
            source, target = Path(folder) / f"{name}.html", Path(folder) / f"{name}.png"
            source.write_text(text, encoding="utf-8")
            size = f"--window-size={WIDTH},{HEIGHTS[name]}"
            options = ["--headless", "--no-sandbox", "--hide-scrollbars", size, f"--screenshot={target}"]
            subprocess.run([browser, *options, source.as_uri()], check=True, capture_output=True)
            (FOLDER / f"{name}.png").write_bytes(signed(target.read_bytes(), text))


if __name__ == "__main__":
    draw(sys.argv[1] if len(sys.argv) > 1 else "chromium")
