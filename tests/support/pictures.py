"""The pictures of docs/: the pages that `redphone preview --html` writes, as a browser draws them. The threads are what
a replay of the seeds sends to Slack: a root as it opens and its update, and a brief root with what tells it in full.

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

from services.notify.digest import render_digest
from services.notify.preview import Preview, page, posted
from shared.names import Language
from tests.services.notify import golden, variations
from tests.support import expected
from tests.support.slack_server import APP_TOKEN, TOKEN

FOLDER = Path(__file__).parents[2] / "docs"
WIDTH = 776
#: picture → its height in points; it has to be looked at after a change
HEIGHTS = {"slack": 1088, "slack-vi": 1138, "brief": 680, "brief-vi": 750, "digest": 560, "digest-vi": 560}
SLACK = {"slack_token": TOKEN, "slack_app_token": APP_TOKEN, "page_url": "https://redphone.example/"}
#: The article whose one call makes the root, and the one that brings it an update and tells another call beside.
FIRST, SECOND = "001_b517533c2e718906", "004_d38fc10908825160"
KEYWORD = b"redphone page"
SIGNATURE = b"\x89PNG\r\n\x1a\n"


def pages() -> dict[str, str]:
    """The page of each picture, as it is now."""
    return {
        "slack": _thread("en"),
        "slack-vi": _thread("vi"),
        "brief": _brief("en"),
        "brief-vi": _brief("vi"),
        "digest": _digest("en"),
        "digest-vi": _digest("vi"),
    }


def _thread(language: Language) -> str:
    _, told = expected.played(language, **SLACK)
    (root,) = [post for article, post in told if (article, post.kind) == (FIRST, "root")]
    (reply,) = [post for article, post in told if (article, post.kind) == (SECOND, "update") and post.broadcast]
    return page(Preview(root.key, language, posted(root.message), (posted(reply.message),)))


def _brief(language: Language) -> str:
    """A call that its article tells beside the news: its root, and the reply that tells it in full."""
    _, told = expected.played(language, **SLACK)
    (root,) = [post for article, post in told if (article, post.kind) == (SECOND, "root")]
    (full,) = [post for article, post in told if (article, post.kind) == (SECOND, "update") and not post.broadcast]
    return page(Preview(root.key, language, posted(root.message), (posted(full.message),)))


def _digest(language: Language) -> str:
    (message,) = render_digest(variations.DIGESTS["digest"], language, golden.ZONE)
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
