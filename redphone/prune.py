"""`redphone db prune`: the texts of old articles that prove no call go, at once."""

from __future__ import annotations

import datetime as dt
import sys

from redphone.show import prepare, require_history
from services.ingest.retention import empty_all
from shared import db
from shared.clock import utc_now
from shared.errors import UsageError
from shared.settings import load_settings


def prune(days: float | None) -> None:
    """Empty them and say how many. Raises UsageError where nobody says how old they have to be."""
    settings, now = load_settings(), utc_now()
    keep = days if days is not None else settings.keep_text_days
    if keep is None:
        raise UsageError("say how long texts are kept: --days 90, or set REDPHONE_KEEP_TEXT_DAYS")
    url = settings.database_url
    require_history(url)
    prepare(url)
    with db.explained(url):
        emptied = empty_all(db.sessions_for(url), now - dt.timedelta(days=keep), now)
    some = "1 article" if emptied == 1 else f"{emptied} articles"
    sys.stdout.write(f"emptied the text of {some}; what proves a call stays, and the room is used again\n")
