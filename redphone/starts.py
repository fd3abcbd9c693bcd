"""What was touched: each start of a service, with the versions and settings that are others than at its last start."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from sqlalchemy import delete, select, text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session, sessionmaker

from redphone.versions import program, versions
from shared.settings import PREFIX, SECRETS, Settings
from shared.tables import StartRow

KEPT = dt.timedelta(days=30)


def note(sessions: sessionmaker[Session], service: str, settings: Settings, now: dt.datetime) -> None:
    """Write down that a service starts. A database that cannot be written keeps nothing from starting."""
    try:
        with sessions.begin() as session:
            known = _known(session, settings)
            last = session.scalars(
                select(StartRow).where(StartRow.service == service).order_by(StartRow.id.desc()).limit(1)
            ).first()
            session.execute(delete(StartRow).where(StartRow.at < now - KEPT))
            session.add(
                StartRow(service=service, at=now, known=known, words=changed(last.known if last else None, known))
            )
    except SQLAlchemyError:  # whoever does the work will say what is wrong with it
        return


def changed(before: Mapping[str, Any] | None, after: Mapping[str, Any]) -> str:
    """What is another than before, in words; empty for nothing or for a first start. Secrets are not compared."""
    if before is None:
        return ""
    said = [
        f"{name} {before.get(name, '–')} → {value}"
        for name, value in after.items()
        if name != "settings" and before.get(name) != value
    ]
    was, is_ = before.get("settings", {}), after["settings"]
    names = [PREFIX + name.upper() for name in sorted({*was, *is_}) if was.get(name) != is_.get(name)]
    return ", ".join([*said, *names])


def _known(session: Session, settings: Settings) -> dict[str, Any]:
    """The versions, and the settings that somebody set."""
    open_ones = settings.model_dump(mode="json", include=settings.model_fields_set - set(SECRETS))
    schema = session.execute(text("SELECT version_num FROM alembic_version")).scalar_one()
    return {"redphone": program(), "schema": schema, **versions(), "settings": open_ones}
