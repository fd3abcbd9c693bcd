"""What the notifier asks of a channel: send, edit by sending again, and look for a message that may be there.

Three answers to a send, as values: sent, refused, unknown. Unknown is not "failed": the message may stand in the
channel, so it is looked for before anything is sent a second time.
"""

from __future__ import annotations

import datetime as dt
from typing import Literal, Protocol, TypeAlias, runtime_checkable

import msgspec

from services.notify.layout import Message
from services.notify.wording import phrase

Kind = Literal["root", "update", "edit", "digest", "list", "notice"]
#: What to do about a refusal: try later, wait for a person to mend the configuration, send it as plain text, write a
#: new root because the old one cannot be edited or answered, or give this message up.
Remedy = Literal["retry", "repair", "plain", "reroot", "give_up"]
Note = Literal["", "replaces", "possible_repeat"]
#: The error of a refusal that asks the whole channel to wait.
RATE_LIMITED = "ratelimited"
#: What is wrong with a channel where nobody could be asked, where the name is of none that can be seen, and where it
#: takes messages and lets nobody look for one.
NO_ANSWER, UNSEEN, UNREADABLE = "no_answer", "not_seen", "unreadable"


class Place(msgspec.Struct, frozen=True):
    """Where a message stands: its channel by the channel's own id, and its timestamp."""

    channel: str
    ts: str


class Post(msgspec.Struct, frozen=True, kw_only=True):
    """One message for one channel.

    `key` goes along, so that the message can be found again. `ts` is the message that an edit changes, `thread_ts` the
    root that an update answers. `note` is a line set before it, and so are those of `lead`, in finished words; a
    message that takes another's place names it in `replaces`. `plain` asks for text without blocks. `mention`: whom it
    calls by name (here, channel, ids), by rule and never from text.
    """

    key: str
    kind: Kind
    channel: str
    message: Message
    ts: str | None = None
    thread_ts: str | None = None
    broadcast: bool = False
    plain: bool = False
    note: Note = ""
    replaces: Place | None = None
    lead: tuple[str, ...] = ()
    mention: tuple[str, ...] = ()

    @property
    def warnings(self) -> tuple[str, ...]:
        """The lines that are set before the message, in its language."""
        return (*((phrase(self.note, self.message.language),) if self.note else ()), *self.lead)


class Sent(msgspec.Struct, frozen=True):
    """It stands in the channel, under this timestamp; `channel` is the channel's own id, where it has one."""

    ts: str
    channel: str = ""


class Refused(msgspec.Struct, frozen=True):
    """It does not stand there, and why. `retry_after` (seconds) asks the whole channel to wait."""

    error: str
    remedy: Remedy
    retry_after: float | None = None


class Unknown(msgspec.Struct, frozen=True):
    """The answer was lost: it may stand there or not."""

    error: str


class Absent(msgspec.Struct, frozen=True):
    """The channel was read, and it does not stand there."""


class CannotLook(msgspec.Struct, frozen=True):
    """The channel could not be read. `ever` is False where it never can be."""

    error: str
    ever: bool = True


class Checked(msgspec.Struct, frozen=True):
    """Whether a channel would take a message: the word for what is wrong, empty for nothing; the channel's own id and
    the address of its workspace, where they were learned."""

    trouble: str = ""
    channel: str = ""
    workspace: str = ""


Outcome: TypeAlias = Sent | Refused | Unknown
Found: TypeAlias = Sent | Absent | CannotLook


class Poster(Protocol):
    """A channel to the desk. `interval_s` is the least time between two messages of one channel."""

    interval_s: float

    def send(self, post: Post) -> Outcome:
        """Send a root or an update, or edit a root. Never raises for trouble outside the program."""
        ...

    def find(self, post: Post, since: dt.datetime) -> Found:
        """Look for a message that may have been sent after `since`."""
        ...

    def wait(self, seconds: float) -> None:
        """Let the interval of a channel pass."""
        ...


@runtime_checkable
class Asking(Protocol):
    """A poster that can tell, without posting, whether a channel would take a message."""

    def check(self, channel: str) -> Checked:
        """Ask about a channel. Never raises for trouble outside the program."""
        ...
