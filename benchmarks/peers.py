"""The peers: Vietnamese tokenizers and a named-entity recogniser. One that cannot be used here says why."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from typing import Any

import msgspec

from shared.records import Article

#: The limit: what the cheapest look at a text costs.
KEYWORDS = ("điện đàm", "gọi điện", "qua điện thoại", "cuộc gọi", "đàm thoại", "trực tuyến")
_PROBE = "Tổng thống Nga Vladimir Putin ngày 12/2 điện đàm."


class Peer(msgspec.Struct, frozen=True):
    """A peer under its name; `read` takes a text. Where `trouble` says why it cannot be used, it is not called."""

    name: str
    read: Callable[[str], Any]
    trouble: str = ""


def load() -> tuple[Peer, ...]:
    """All peers, each tried on a sentence, which also loads its model."""
    return (
        _peer("underthesea ner", "underthesea", "ner"),
        _peer("underthesea word_tokenize", "underthesea", "word_tokenize"),
        _peer("pyvi ViTokenizer", "pyvi.ViTokenizer", "tokenize"),
    )


def _peer(name: str, module: str, function: str) -> Peer:
    try:
        read = getattr(importlib.import_module(module), function)
        read(_PROBE)
    except Exception as error:  # whatever a peer's own trouble is, it is told and the others are measured
        return Peer(name, str, f"{name} could not be used here ({type(error).__name__}: {error})".splitlines()[0])
    return Peer(name, read)


def has_keyword(article: Article) -> bool:
    """Six substring tests over all that an article says."""
    text = "\n".join((article.title, article.summary, article.text)).lower()
    return any(word in text for word in KEYWORDS)


def whole(article: Article) -> str:
    """All that an article says, as the peers read it."""
    return "\n".join(filter(None, (article.title, article.summary, article.text)))
