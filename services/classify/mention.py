"""What is read of a sentence, and a mention of a call in it."""

from __future__ import annotations

from functools import cached_property
from typing import Literal

import msgspec

from services.classify.cues import Cue
from services.classify.entity import Entity
from services.classify.leader import Leader
from services.classify.skeleton import Skeleton
from services.classify.status import Reading
from services.classify.times import LengthExpr, TimeExpr, find_times
from services.classify.words import Words
from shared.records import Part

#: Why calls that are only counted, habitual or invented are refused.
COUNTED = "only counted or habitual"
#: Why "một cuộc điện đàm như vậy" is refused: it names what kind of talk the article tells of.
OF_THAT_KIND = "no call, but the kind of the one that is told"
MentionKind = Literal["full", "partial", "anaphor", "refused"]


class Sentence(msgspec.Struct, frozen=True, dict=True):
    """A sentence with all that was read in it. Offsets are those of the normalized part."""

    part: Part
    index: int
    start: int
    end: int
    text: str
    lower: str
    words: Words
    entities: tuple[Entity, ...]
    cues: tuple[Cue, ...]
    lengths: tuple[LengthExpr, ...]
    caption: bool = False

    @cached_property
    def times(self) -> tuple[TimeExpr, ...]:
        """The expressions of time, read when they are first asked for: nobody asks for those of most sentences."""
        return tuple(find_times(self.lower, self.start, self.end))


class Mention(msgspec.Struct, frozen=True, kw_only=True):
    """One mention of a call. `rule` says who talks, and took `span` of the skeleton.

    `so_far` are the two leaders of whom the article has told up to it, where they are no more than two.
    """

    kind: MentionKind
    sentence: Sentence
    cue: Cue
    rule: str
    span: tuple[int, int]
    skeleton: Skeleton
    leaders: tuple[Leader, ...] = ()
    caller: Leader | None = None
    joint: bool = False
    reading: Reading
    times: tuple[TimeExpr, ...] = ()
    length: LengthExpr | None = None
    reason: str = ""
    group: bool = False
    soft: bool = False
    sides: dict[int, str] = {}
    so_far: tuple[Leader, ...] = ()
