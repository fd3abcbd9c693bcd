"""`redphone why URL`: why an article gave an alert or none, and what to do next."""

from __future__ import annotations

import sys

from redphone.show import require_history
from redphone.terminal import Terminal
from redphone.web import context_of
from services.status.routes.why import WhyAnswer, answer_of
from shared import db
from shared.settings import load_settings


def why(url: str, *, as_json: bool) -> None:
    """Print the answer. Raises UsageError where there is no history to ask."""
    settings = load_settings()
    require_history(settings.database_url)
    db.prepare_reading(settings.database_url)
    context = context_of(db.sessions_for(settings.database_url), settings, settings.broker_url)
    answer = answer_of(context, url.strip())
    if as_json:
        sys.stdout.write(answer.model_dump_json() + "\n")
    else:
        _print(answer)


def _print(answer: WhyAnswer) -> None:
    lines = [f"article {answer.article_id}: {answer.title}"] if answer.article_id else []
    for reason in answer.reasons:
        lines += [f"{reason.answer}: {reason.words}", *([f"  next: {reason.do}"] if reason.do else [])]
    for miss in answer.near_misses:
        lines.append(f"  near miss ({miss.rule}): {miss.reason}: “{miss.text}”")
    console = Terminal(highlight=False)
    for line in lines:
        console.print(" ".join(line.split("\n")), markup=False, soft_wrap=True)
