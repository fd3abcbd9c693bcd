"""`redphone why URL`: why an article gave an alert or none, and what to do next."""

from __future__ import annotations

import sys

from sqlalchemy.orm import Session, sessionmaker

from redphone.show import require_history
from redphone.terminal import Terminal
from redphone.web import context_of
from services.status.routes.why import WhyAnswer, answer_of
from shared import db
from shared.errors import UsageError
from shared.settings import Settings, load_settings


def why(url: str, *, as_json: bool) -> None:
    """Print the answer. Raises UsageError where there is no history to ask, and where nothing is asked for."""
    if not url.strip():
        raise UsageError("name the address of an article: redphone why URL")
    settings = load_settings()
    require_history(settings.database_url)
    db.prepare_reading(settings.database_url)
    answer = answer_to(url, db.sessions_for(settings.database_url), settings)
    if as_json:
        sys.stdout.write(answer.model_dump_json() + "\n")
        return
    console = Terminal(highlight=False)
    for line in lines_of(answer):
        console.print(line, markup=False, soft_wrap=True)


def answer_to(url: str, sessions: sessionmaker[Session], settings: Settings) -> WhyAnswer:
    """Why the article of an address gave an alert or none."""
    return answer_of(context_of(sessions, settings, settings.broker_url), url.strip())


def lines_of(answer: WhyAnswer) -> list[str]:
    """An answer for people, line by line."""
    lines = [f"article {answer.article_id}: {answer.title}"] if answer.article_id else []
    for reason in answer.reasons:
        lines += [reason.words, *([f"  next: {reason.do}"] if reason.do else [])]
    for miss in answer.near_misses:
        lines.append(f"  near miss ({miss.rule}): {miss.reason}: “{miss.text}”")
    return [" ".join(line.split("\n")) for line in lines]
