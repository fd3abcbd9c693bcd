"""What an alert must never say, checked over the finished message: the rules at the head of every golden file.

`lint` reads only our own lines; quotations keep the paper's words.
"""

from __future__ import annotations

import re

from services.notify.layout import CallView, Message
from services.notify.message import PUSH_LENGTH, who_phoned
from shared.names import Language

#: rule → words that break it, by language
NEVER: dict[str, dict[Language, str]] = {
    "a topic that is not named is not gone": {"en": r"\b(?:gone|dropped)\b", "vi": r"\b(?:đã bị bỏ|biến mất)\b"},
    "no flags": {"en": r"[\U0001F1E6-\U0001F1FF]", "vi": r"[\U0001F1E6-\U0001F1FF]"},
    "no decimal confidence": {"en": r"\b0\.\d", "vi": r"\b0,\d"},
    "no title of courtesy: it tells the gender": {
        "en": r"\b(?:Mrs?|Ms|Madam)\b",
        "vi": r"\b(?:[Ôô]ng|[Bb]à(?! Rịa))\b",
    },
    "the office and the name, no counterpart": {"en": r"\bcounterpart\b", "vi": r"\bđồng cấp\b"},
    "Hanoi time": {"en": r"\bICT\b", "vi": r"\bICT\b"},
    "call, not phone call": {"en": r"\bphone call\b", "vi": r"\bcuộc điện thoại\b"},
}
CALLER: dict[Language, str] = {"en": r"\b(?:called|phoned|rang)\b", "vi": r"\bgọi điện\b"}
FIRST: dict[Language, str] = {"en": r"\b(?:first|last)\b", "vi": r"\b(?:đầu tiên|lần đầu|gần nhất|cuối cùng)\b"}
#: What makes a "first" honest over a thin record: the article's word, our record named as ours, or a quotation.
HEDGED: dict[Language, str] = {
    "en": r"article|in our record|says|\(\w+\)|days? after their last|last spoke|[Ll]ast time",
    "vi": r"bài|trong hồ sơ|theo|\(\w+\)|sau cuộc trước|Từ lần trước",
}
DISCUSSED: dict[Language, str] = {"en": r"\bdiscuss(?:ed)?\b", "vi": r"\bđã (?:bàn|thảo luận)\b"}
QUOTED = re.compile(r"“[^”]*”")


def lint(message: Message, view: CallView) -> tuple[str, ...]:
    """The rules that a message breaks, each with the line; empty for a good one."""
    problems = []
    if len(message.push) > PUSH_LENGTH:
        problems.append(f"push line over {PUSH_LENGTH} characters: {message.push}")
    for line in message.lines:
        if line.kind != "quote":
            own = QUOTED.sub("“”", line.text)
            problems += [f"{rule}: {line.text}" for rule in _broken(own, message.language, view)]
    return tuple(problems)


def _last_phoned(view: CallView) -> bool:
    """Whether it is on record who rang the last time."""
    previous = view.comparison.previous if view.comparison else None
    return previous is not None and previous.initiator is not None and previous.initiator.how == "phoned"


def _broken(text: str, language: Language, view: CallView) -> list[str]:
    def says(words: dict[Language, str]) -> bool:
        return re.search(words[language], text) is not None

    facts = view.facts
    thin = view.comparison is not None and view.comparison.coverage.thin
    broken = [rule for rule, words in NEVER.items() if says(words)]
    if says(CALLER) and who_phoned(facts)[0] is None and not _last_phoned(view):
        broken.append("who phoned whom only where a sentence says so")
    if thin and says(FIRST) and not says(HEDGED):
        broken.append("no first and no last over a thin record")
    if says(DISCUSSED) and not any(topic.mode == "reported" for topic in facts.topics):
        broken.append("an agenda is never discussed")
    return broken
