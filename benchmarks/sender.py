"""`python -m benchmarks.sender DATABASE SLACK BEGUN`: send what the ledger holds until nothing is open; to be killed.

Time runs 600 times as fast as the wall's, so that leases, backoffs and settling delays take moments. `BEGUN` is the
moment of the wall's clock (seconds since 1970) at which that time began: it goes on over all senders.
"""

from __future__ import annotations

import datetime as dt
import sys
import time

from sqlalchemy import func, select

from services.notify.slack import SlackPoster
from services.notify.store import OPEN
from services.notify.tasks import post_batch
from shared import db
from shared.tables import AnnouncementRow
from tests.support.slack_server import TOKEN

FASTER = 600
EPOCH = dt.datetime(2031, 1, 1, tzinfo=dt.UTC)


def ledger_time(begun: float) -> dt.datetime:
    """What time it is in the ledger."""
    return EPOCH + dt.timedelta(seconds=(time.time() - begun) * FASTER)


def main(database: str, slack: str, begun: float) -> int:
    """Send until every row came to rest."""
    sessions, poster = db.sessions_for(database), SlackPoster(TOKEN, slack, timeout_s=1)
    poster.interval_s = 0.0
    opened = select(func.count(AnnouncementRow.id)).where(AnnouncementRow.state.in_(OPEN))
    while True:
        post_batch(sessions, (), ledger_time(begun), poster)
        with db.reading(sessions) as session:
            if not session.scalar(opened):
                return 0
        time.sleep(0.01)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2], float(sys.argv[3])))
