"""What a phrase can stand for: a leader, or nobody who leads, with the reason."""

from __future__ import annotations

import msgspec

#: Why a phrase stands for no leader, as whoever asks reads it.
OTHER_OFFICE = "an office that leads no country"
NO_ANTECEDENT = "a pronoun without anybody named before it"
FORMER = "a former leader"
POWERLESS = "a crown prince who does not govern"
NOT_IN_OFFICE = "a leader who was not in office then"
UNKNOWN = "a name that no list of leaders has"


class Leader(msgspec.Struct, frozen=True, kw_only=True):
    """A resolved leader. `person` and `name` are None for one who stays unnamed."""

    country: str | None
    person: str | None = None
    name: str | None = None
    office: str | None = None
    capacity: str = "full"
    titled: bool = False
    weak: bool = False

    @property
    def key(self) -> str:
        """What tells an article's leaders apart: the id in the leaders' data, or the name, or "?", and the country."""
        return self.person or (self.name or "?").lower() + "@" + (self.country or "?")

    def same_as(self, other: Leader) -> bool:
        """Whether two may be one person: the same one, or one of them unnamed in the same country."""
        if self.person and other.person:
            return self.person == other.person
        if self.name and other.name and not (self.person or other.person):
            return self.name.split()[-1].lower() == other.name.split()[-1].lower()
        return self.country is not None and self.country == other.country


class NotLeader(msgspec.Struct, frozen=True, kw_only=True):
    """A phrase that names no leader, with the reason."""

    reason: str
    person: str | None = None


Resolved = Leader | NotLeader
