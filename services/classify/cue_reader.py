"""The cues of an article's sentences, with those that count only behind others.

"Ông cũng trao đổi với Tổng thống Mỹ" names no means: it tells of a call where a sentence shortly before told of one.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Mapping
from functools import lru_cache
from typing import Literal, get_args

from ahocorasick_rs import AhoCorasick, Implementation

from services.classify.cues import BESIDE, IN_PERSON, MET, Cue, cue_keys, find_cues
from services.classify.data_rows import Rule, read_rules
from services.classify.regex import regex

#: Where a rule of `data/cues_in_context.csv` is read: shortly behind a sentence that tells of a call, anywhere in an
#: article that does, behind a cue of the same sentence, in front of a sentence that opens with a call, or where nobody
#: is said to have met anybody.
_Where = Literal["shortly", "article", "behind", "ahead", "unmet"]
#: Cues that say by themselves that a call is spoken of.
_TELLS_OF_A_CALL = {"talk", "ring", "ring_for"}
#: How many sentences behind one that tells of a call "cũng trao đổi với" still means a call.
_SHORTLY = 6
#: How many sentences behind one that tells of a meeting, a talk without its means is rather of those who met.
_MET_LATELY = 4
#: A sentence that opens with the call of the one before: "Cuộc gọi dài 25 phút".
_CALL_AHEAD = regex(
    r'["\s]*(?:(?:trong|tại) )?(?:cuộc|cú) (?:gọi|điện đàm|điện thoại)(?: (?:này|ấy|đó))?'
    r"(?= (?:dài|kéo dài|diễn ra|kết thúc)(?!\w)|,)"
)
_IF = regex(r"(?<!\w)(?:nếu|khi|hễ|muốn)(?!\w)[^.;:]* thì $")


class _Rule(Rule, frozen=True, kw_only=True):
    """A row of `data/cues_in_context.csv`; what its group `talk` takes is the cue."""

    where: _Where
    kind: Literal["weak", "noun_weak"]


@lru_cache(maxsize=1)
def _rules() -> Mapping[_Where, tuple[_Rule, ...]]:
    rules = read_rules("cues_in_context.csv", _Rule, pattern=str)
    return {where: tuple(rule for rule in rules if rule.where == where) for where in get_args(_Where)}


class CueReader:
    """Finds the cues of the sentences of one part of an article, in order.

    `lower` is the part in lower case; `of_calls` says whether anything read so far, or a part before, told of a call.
    """

    def __init__(self, lower: str, of_calls: bool = False) -> None:
        self.of_calls = of_calls
        self._lower = lower
        self._keys = _keys_of(lower)
        self._since = _SHORTLY + 1
        self._since_met = _MET_LATELY + 1

    def read(self, start: int, end: int) -> tuple[Cue, ...]:
        """The cues of the next sentence, from left to right."""
        lower, keyed = self._lower, self._keyed(start, end)
        cues = tuple(find_cues(lower, start, end)) if keyed else ()
        if not cues and self._since <= _SHORTLY:
            cues = _in_context("shortly", lower, start, end)
        if not cues and _CALL_AHEAD.match(lower, end):
            cues = _in_context("ahead", lower, start, end)
        if self.of_calls and all(cue.kind != "weak" for cue in cues):
            cues = (*_in_context("article", lower, start, end), *cues)
        if cues and _tells(cues[-1]):
            cues = (*cues, *_in_context("behind", lower, cues[-1].end, end))
        met = keyed and IN_PERSON.search(lower, start, end) is not None
        self._since_met = 1 if met else self._since_met + 1
        unmet: tuple[Cue, ...] = ()
        if keyed and self._since_met > _MET_LATELY and all(cue.kind == "noun_weak" for cue in cues):
            unmet = _in_context("unmet", lower, start, end)
            cues = unmet or cues
        told = bool(unmet) or any(map(_tells, cues))
        self._since = 1 if told else self._since + 1
        self.of_calls = self.of_calls or told
        return cues

    def _keyed(self, start: int, end: int) -> bool:
        """Whether a sentence holds any of the words that need no sentence before it: most of an article's do not."""
        first = bisect_left(self._keys, start)
        return first < len(self._keys) and self._keys[first] < end


@lru_cache(maxsize=1)
def _automaton() -> AhoCorasick:
    unmet = (key for rule in _rules()["unmet"] for key in rule.keys)
    return AhoCorasick(sorted({*cue_keys(), *MET, *unmet}), implementation=Implementation.DFA)


def _keys_of(lower: str) -> list[int]:
    """Where the keys of cues, of talks where nobody met, and of meetings stand in a part, in order."""
    return sorted(start for _, start, _ in _automaton().find_matches_as_indexes(lower, overlapping=True))


def _tells(cue: Cue) -> bool:
    """Whether a cue says that a call is spoken of: by itself, or with the means beside it."""
    return cue.kind in _TELLS_OF_A_CALL or (cue.kind == "weak" and cue.channel is not None)


def _in_context(where: _Where, lower: str, start: int, end: int) -> tuple[Cue, ...]:
    """The first talk between `start` and `end` that a rule for that place finds, where nothing says that they met."""
    clause = lower[start:end]
    for rule in _rules()[where]:
        if not rule.may_match(clause):
            continue
        for match in rule.pattern.finditer(clause):
            if _at_a_distance(clause, match) and not _IF.search(clause, 0, match.start("talk")):
                return (
                    Cue(rule.id, rule.kind, None, start + match.start("talk"), start + match.end("talk"), False, False),
                )
    return ()


def _at_a_distance(clause: str, match: re.Match[str]) -> bool:
    """Whether nothing before a talk or right behind it says that those who held it had met."""
    return IN_PERSON.search(clause, 0, match.end() + BESIDE) is None
