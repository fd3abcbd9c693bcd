"""What ends a piece of work from outside: it ran out of time, or the process out of memory.

Neither says anything of the article, feed or message that was being worked on, so nobody who catches every mistake
may keep these: they go up, and what was claimed is due again when its lease has ended. The one exception is a document
of somebody else's whose reading takes all memory (:mod:`services.ingest.reading`).
"""

from __future__ import annotations

# celery.exceptions has the same one and takes ten times as long to import
from billiard.exceptions import SoftTimeLimitExceeded

#: Celery's soft time limit (https://docs.celeryq.dev/en/stable/userguide/workers.html#time-limits), and no memory left.
OUT_OF_LIMITS = (SoftTimeLimitExceeded, MemoryError)
