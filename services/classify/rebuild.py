"""Puts calls together from their reports and hands, and writes what follows: facts, members, comparisons, doorbells.

Whoever adds a report, takes one back or puts something right by hand ends here. The caller holds the locks of the
pairs of countries.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Sequence

import msgspec
from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.orm import Session

from services.classify import history
from services.classify.facts import dated_by, due_of, hangs_on, merge
from services.classify.hands import Hand, about, bonds, days, edited
from services.classify.history import Around, Known, PairCall, facts_of
from services.classify.identity import Cluster, countries_of, persons_of, resolve
from services.classify.naming import Member, name_calls
from shared.records import CallFacts, Comparison, StoredReport
from shared.search import words_of
from shared.tables import Base, CallPairRow, CallRow, ReportRow

#: For a change of rows that this session does not hold.
UNTRACKED = {"synchronize_session": False}
_PAIRS = insert(Base.metadata.tables["call_pairs"])


class Rebuilder:
    """Works on the calls of some pairs of countries. `rung` collects the reports to decide on.

    `quiet`: nobody is alerted of what changes; at most a root is edited.
    """

    def __init__(self, session: Session, pairs: Collection[str], now: dt.datetime, *, quiet: bool = False) -> None:
        self.session = session
        self.now = now
        self.quiet = quiet
        self.pairs = pairs
        self.hands: tuple[Hand, ...] = ()
        self.heed()
        self.rung: set[int] = set()
        self.founded: set[str] = set()  # calls whose only article tells of no other
        self.beside: set[str] = set()  # calls that this one is put together beside: days may hang on each other
        self._rows: dict[str, CallRow] = {}  # the session itself forgets a row that nobody holds
        self._founded: dict[str, list[PairCall]] = {}

    def heed(self) -> None:
        """Take up the hands that stand, with those of their reports that are there now; hold what else they bind."""
        self.hands = history.standing_hands(self.session, self.pairs)
        history.lock_pairs(self.session, {pair for hand in self.hands for pair in hand.beyond})

    def rebuild(self, call_ids: Collection[str]) -> None:
        """Put these calls together anew, with all that their reports can have to do with."""
        ids, set_by_hand = set(call_ids), days(self.hands)
        for k in history.members(self.session, ids):
            ids |= history.calls_around(self.session, k.stored)
            if day := set_by_hand.get(k.stored.key):
                ids |= history.calls_around(self.session, k.stored, day)
        known = self.known(ids)
        if not known:
            return
        clusters, names = self.named(known)
        changed = self.write_calls(known, clusters, names, call_ids)
        joined = self.move(known, clusters, names)
        for name in changed:
            self.ring(name)
            self.refresh(name)
        self.follow(joined - set(changed))

    def known(self, call_ids: Collection[str], near: Around | None = None) -> list[Known]:
        """The reports of calls, of those `near`, and of those whose place in time or countries a hand has moved: by
        these they would not be found."""
        moved = [hand for hand in self.hands if hand.kind == "merge" or "date" in hand.edits]
        keys = {key for hand in moved for key in (*hand.reports, *hand.others)}
        beyond = history.calls_of_keys(self.session, keys) if keys else set()
        return history.members(self.session, {*call_ids, *beyond}, near)

    def named(
        self, known: Sequence[Known], own: Known | None = None, new: StoredReport | None = None
    ) -> tuple[Sequence[Cluster], Sequence[str]]:
        """The calls of the known reports and a new one, with their ids; `own` is the new one's row, if it has one."""
        rows = [*known, own] if own is not None else known
        members = {k.stored.key: Member(call_id=k.call_id, arrived=k.row_id) for k in rows}
        stored = [*(k.stored for k in known), *([new] if new is not None else [])]
        clusters = resolve(stored, bonds(self.hands), days(self.hands))
        return clusters, name_calls(clusters, members)

    # --- calls ---

    def row(self, call_id: str) -> CallRow:
        """A call's row; asked for once, however often it is needed."""
        if call_id not in self._rows:
            self._rows[call_id] = self.session.get_one(CallRow, call_id)
        return self._rows[call_id]

    def _fetch(self, call_ids: Collection[str]) -> None:
        """Bring the rows of calls, as far as they are there, all at once."""
        if missing := set(call_ids) - self._rows.keys():
            self._rows |= {row.id: row for row in self.session.scalars(select(CallRow).where(CallRow.id.in_(missing)))}

    def write_calls(
        self, known: Sequence[Known], clusters: Sequence[Cluster], names: Sequence[str], touched: Collection[str]
    ) -> list[str]:
        """Write the touched calls and those whose reports are others than before; returns those that say other things
        than they did."""
        before: dict[str, set[str]] = {}
        for k in known:
            before.setdefault(k.call_id, set()).add(k.stored.key)
        written = {
            name: cluster
            for cluster, name in zip(clusters, names, strict=True)
            if name in touched or {member.key for member in cluster.members} != before.get(name)
        }
        self._fetch(written.keys() - self.founded)
        alone = len(written) == 1
        return [name for name, cluster in written.items() if self._write_call(name, cluster, alone=alone)]

    def _write_call(self, call_id: str, cluster: Cluster, *, alone: bool) -> bool:
        """Write a call; a new one that leaves the others `alone` is compared first, and so written once."""
        dropped, edits = about(self.hands, [member.key for member in cluster.members])
        facts = edited(merge(cluster.members, cluster.span, cluster.maybe_second), edits)
        row = self._rows.get(call_id)
        said = _bearing(facts_of(row.facts), row.status) if row is not None else None
        if row is None:
            row = self._rows[call_id] = CallRow(id=call_id, countries="", comparison=None)
        row.merged_into = None
        row.withdrawn = _withdrawal(dropped) if dropped is not None else None
        facts = self.put(row, facts)
        filed_under, row.countries = row.countries, countries_of(facts.participants)
        if alone and said is None:
            self._founded[call_id] = history.calls_of_pairs(self.session, history.pairs_of(row.countries))
            self._compare(row, self._founded[call_id])
        self._file(row, filed_under)
        return _bearing(facts, row.status) != said

    def _file(self, row: CallRow, filed_under: str) -> None:
        """Store a call, under its pairs of countries; a hand may have brought in another country."""
        self.session.add(row)
        self.session.flush()
        if filed_under == row.countries:
            return
        if filed_under:
            self.session.execute(delete(CallPairRow).where(CallPairRow.call_id == row.id))
        self.session.execute(_PAIRS, [{"call_id": row.id, "pair": pair} for pair in history.pairs_of(row.countries)])

    def put(self, row: CallRow, facts: CallFacts) -> CallFacts:
        """Write a call's facts, and when it is due where it is a plan; returns them as they were written."""
        due = due_of(facts)
        if due != row.due_at:
            row.due_at, row.unconfirmed_at = due, None
        facts = msgspec.structs.replace(facts, no_word_by=row.unconfirmed_at)
        row.persons = persons_of(facts.participants)
        row.news = facts.news
        row.status = "withdrawn" if row.withdrawn else "unconfirmed" if facts.no_word_by else facts.status
        row.earliest, row.latest, row.date = facts.earliest, facts.latest, facts.date
        row.facts = msgspec.to_builtins(facts)
        row.words = words_of(row.facts)
        row.updated_at = self.now
        return facts

    def withdraw(self, row: CallRow, by: str) -> None:
        """A call that no report tells of any more."""
        row.withdrawn = {"by": by, "at": self.now.isoformat(), "why": ""}
        row.status, row.updated_at, row.due_at = "withdrawn", self.now, None
        self.look(row.id)

    def move(self, known: Sequence[Known], clusters: Sequence[Cluster], names: Sequence[str]) -> set[str]:
        """Let the reports follow their calls, and return those that some have joined; a call that all have left names
        the one that it was."""
        home = {m.key: name for cluster, name in zip(clusters, names, strict=True) for m in cluster.members}
        self.session.flush()
        moved: dict[str, list[int]] = {}
        for k in known:
            if (name := home[k.stored.key]) != k.call_id:
                moved.setdefault(name, []).append(k.row_id)
        for name, rows in moved.items():
            self.session.execute(update(ReportRow).where(ReportRow.id.in_(rows)).values(call_id=name))
            self.ring(name)
        for call_id in {k.call_id for k in known} - set(names):
            founder = min((k for k in known if k.call_id == call_id), key=lambda k: k.row_id)
            row = self.row(call_id)
            row.merged_into, row.due_at = home[founder.stored.key], None
            self.look(call_id)
        self.session.flush()
        return set(moved)

    # --- doorbells ---

    def ring(self, call_id: str) -> None:
        """Ask for a new decision on a call that changed behind its reports: its message may need an edit."""
        first = select(func.min(ReportRow.id)).where(ReportRow.call_id == call_id, ReportRow.verdict != "background")
        row_id = None if self.quiet else self.session.scalar(first)
        if row_id is None:
            self.look(call_id)
        else:
            self.session.execute(update(ReportRow).where(ReportRow.id == row_id).values(notify_state="waiting"))
            self.rung.add(row_id)
            self.look(call_id, only_withdrawn=True)

    def look(self, call_id: str, *, only_withdrawn: bool = False) -> None:
        """Ask for a look at what the desk was shown of a call; without a reply where nobody is to be alerted."""
        free = ("done", "failed") if self.quiet else ("done", "failed", "quiet")
        change = update(CallRow).where(CallRow.id == call_id, CallRow.notify_state.in_(free))
        if only_withdrawn:
            change = change.where(CallRow.status == "withdrawn")
        self.session.execute(change.values(notify_state="quiet" if self.quiet else "waiting"))

    # --- what hangs on a call ---

    def refresh(self, call_id: str) -> None:
        """Give a changed call its derived day and its comparison, and those that hang on it theirs."""
        derived = self._derive_days(call_id)
        row = self.row(call_id)
        calls = self._founded.pop(call_id, None)
        if calls is None or derived:
            calls = history.calls_of_pairs(self.session, history.pairs_of(row.countries))
            self._compare(row, calls)
        else:
            calls = [*calls, history.pair_call(row)]
        for later in history.later_calls(self.session, row, calls):
            same_pairs = calls if later.countries == row.countries else None
            if self._compare(later, same_pairs):
                self.ring(later.id)

    def follow(self, call_ids: Iterable[str]) -> None:
        """Look at calls that reports have joined and that say what they said: days told beside them can hang on them,
        and theirs on those."""
        for call_id in sorted(call_ids):
            if self._derive_days(call_id):
                self.refresh(call_id)

    def _derive_days(self, call_id: str) -> bool:
        """Days told as "the same day" as another call's: this call's own, and those of calls told beside it. Whether
        this call's own came out otherwise."""
        row = self.row(call_id)
        told = facts = facts_of(row.facts)
        for beside in history.told_beside(self.session, call_id) if call_id not in self.founded else ():
            other = facts_of(beside.facts)
            dated, other_dated = dated_by(facts, other), dated_by(other, facts)
            if dated != facts:
                facts = dated
                self.put(row, facts)
            elif other_dated != other:
                history.lock_pairs(self.session, history.pairs_of(beside.countries))
                self.session.refresh(beside)
                self.put(beside, dated_by(facts_of(beside.facts), facts))
                self.session.flush()
                self._compare(beside)
                self.ring(beside.id)
            elif hangs_on(other, facts) and other.date != facts.date:
                self.rebuild_beside(beside, call_id)
        self.session.flush()
        return facts is not told

    def rebuild_beside(self, beside: CallRow, call_id: str) -> None:
        """Put a call of other countries together anew, by its own reports and hands: its day hung on a call that has
        another now. Not where it is the day of one more call that it can hang on."""
        if beside.id in self.beside or self._has_its_day(beside):
            return
        pairs = history.pairs_of(beside.countries)
        history.lock_pairs(self.session, pairs)
        self.session.flush()
        self.session.refresh(beside)
        own = Rebuilder(self.session, pairs, self.now, quiet=self.quiet)
        own.beside = {*self.beside, beside.id, call_id}
        own.rebuild([beside.id])
        self.rung |= own.rung

    def _has_its_day(self, row: CallRow) -> bool:
        """Whether the derived day of a call is that of one that is told beside it and that it can hang on."""
        facts = facts_of(row.facts)
        others = (facts_of(other.facts) for other in history.told_beside(self.session, row.id))
        return any(other.date == facts.date and hangs_on(facts, other) for other in others)

    def _compare(self, row: CallRow, calls: Sequence[PairCall] | None = None) -> bool:
        """Compare a call with its history; returns whether the comparison changed. Background is not compared.

        `calls` are those of the call's pairs, where they are at hand.
        """
        if not row.news or row.status == "withdrawn":
            return False
        near: Iterable[PairCall] = calls or history.calls_of_pairs(self.session, history.pairs_of(row.countries))
        comparison = history.comparison_of(self.session, row, near)
        if row.comparison is not None and msgspec.convert(row.comparison, Comparison) == comparison:
            return False
        row.comparison = msgspec.to_builtins(comparison)
        self.session.flush()
        return True


def _withdrawal(hand: Hand) -> dict[str, str]:
    return {"by": hand.by, "at": hand.at.isoformat(), "why": hand.reason}


def _bearing(facts: CallFacts, status: str) -> tuple[CallFacts, str]:
    """What of a call bears on its neighbours and its message: not who printed it."""
    return msgspec.structs.replace(facts, sources=facts.sources[:1], evidence=(), heard=()), status
