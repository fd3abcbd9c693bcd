"""Which articles carry one text: the index of all texts that tell of calls, and each article's origin in it.

An article is found by the marks of its sketch (see `copies`) and held against the sketches of those that have one of
them; articles that carry one text, and what hangs together by them, have one origin, named by a number.
"""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import bindparam, delete, func, insert, select, update
from sqlalchemy.orm import Session

from services.classify.copies import MARKS, Sketch, likely, marks_of, packed, same_text, telling, unpacked
from shared.tables import Base, FingerprintMarkRow, FingerprintRow


def place(session: Session, article_id: int, sketch: Sketch, *, read: bool) -> int | None:
    """Take an article's text into the index, and return its origin; None for one of too few words. `read`: it may be
    there already, with this text or another."""
    if read:
        known = session.execute(_SKETCHES, {"articles": [article_id]}).one_or_none()
        if known is not None and known.sketch == packed(sketch):
            return int(known.origin_id)
        if known is not None:
            _take_out(session, article_id, unpacked(known.sketch))
    if not sketch:
        return None
    found = marked(session, sketch)
    origins = {origin for _, origin in copied(session, sketch, found)}
    origin = min(origins, default=article_id)
    if len(origins) > 1:
        session.execute(update(FingerprintRow).where(FingerprintRow.origin_id.in_(origins)).values(origin_id=origin))
    session.execute(_PRINT, {"article_id": article_id, "sketch": packed(sketch), "origin_id": origin})
    if marks := telling(marks_of(sketch), found):
        session.execute(_MARKS, [{"mark": mark, "article_id": article_id} for mark in marks])
    return origin


def marked(session: Session, sketch: Sketch) -> list[tuple[int, int]]:
    """The marks of a text that articles have, each with such an article. The text has a mark at least."""
    marks = marks_of(sketch)
    padded = {f"mark_{place}": marks[place] if place < len(marks) else marks[-1] for place in range(MARKS)}
    return [(mark, article) for mark, article in session.execute(_MARKED, padded)]


def copied(session: Session, sketch: Sketch, found: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """Of the articles that have its marks those that carry a text, with their origins."""
    articles = likely(found)
    rows = session.execute(_SKETCHES, {"articles": articles}) if articles else ()
    return [(row.article_id, row.origin_id) for row in rows if same_text(sketch, unpacked(row.sketch))]


def _take_out(session: Session, article_id: int, sketch: Sketch) -> None:
    """Forget the text of an article; those that its number stood for take the number of the first of them."""
    mine = FingerprintMarkRow.article_id == article_id
    session.execute(delete(FingerprintMarkRow).where(mine, FingerprintMarkRow.mark.in_(marks_of(sketch))))
    session.execute(delete(FingerprintRow).where(FingerprintRow.article_id == article_id))
    left = FingerprintRow.origin_id == article_id
    if first := session.scalar(select(func.min(FingerprintRow.article_id)).where(left)):
        session.execute(update(FingerprintRow).where(left).values(origin_id=first))


#: The tables themselves: a row of theirs is read and written once for each article, and is no object in between.
_FINGERPRINTS, _FOUND_BY = (Base.metadata.tables[name] for name in ("fingerprints", "fingerprint_marks"))
_SKETCHES = select(_FINGERPRINTS).where(_FINGERPRINTS.c.article_id.in_(bindparam("articles", expanding=True)))
_MARKED = select(_FOUND_BY.c.mark, _FOUND_BY.c.article_id).where(
    _FOUND_BY.c.mark.in_([bindparam(f"mark_{place}") for place in range(MARKS)])
)
_PRINT, _MARKS = insert(_FINGERPRINTS), insert(_FOUND_BY)
