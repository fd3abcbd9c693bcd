"""A line to be copied into a story: the news of a call in one sentence, with offices, full names and source. Pure."""

from __future__ import annotations

from services.notify.blocks import safe_url
from services.notify.message import news_of
from services.notify.voice import Voice
from shared.records import CallFacts


def copy_line(facts: CallFacts, voice: Voice) -> str:
    """ "Russian President Vladimir Putin and US President Donald Trump held a call on 28 January, about 1 hour
    (Kremlin). Báo Ví Dụ, https://…": who gives the length stands behind it, and the first article that can be opened is
    named."""
    source = next((source for source in facts.sources if safe_url(source.url)), None)
    told = f" {source.outlet}, {source.url}" if source and source.outlet else f" {source.url}" if source else ""
    return f"{news_of(facts, voice, in_full=True)}.{told}"
