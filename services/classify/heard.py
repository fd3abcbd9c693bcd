"""Who has spoken of a call: the sides that told of it themselves, and who passes words on.

What a leader said on the call is no statement about it: "Trong cuộc điện đàm, ông A nhấn mạnh …" is told by somebody
else. Nor is what a side says of other matters near it.
"""

from __future__ import annotations

from collections.abc import Collection, Container, Iterable, Mapping

import msgspec

from services.classify.event import Event
from services.classify.leader import Leader
from services.classify.mention import Sentence
from services.classify.regex import regex
from services.classify.speakers import Voices
from services.classify.telling import REFERS_BACK, groups_in
from shared.records import Speaker

#: Words that make a sentence one about the call without naming it.
_ABOUT_IT = regex(
    r"(?<!\w)(?:thông cáo|chúng tôi (?:đã|vừa|cũng|có)|cuộc (?:trao đổi|nói chuyện|trò chuyện)|"
    r"xác nhận (?:các )?(?:thông tin|điều|việc) (?:này|trên))(?!\w)"
)

#: What one leader says to the other is said on the call: "ông A nói với ông B rằng …".
_TO_THE_OTHER = regex(r"(?<!\w)(?:nói|thông báo|khẳng định|nhấn mạnh|bày tỏ|chia sẻ) (?:với|cùng|cho) $")


def heard_in(
    sentences: Iterable[Sentence],
    spoken: Mapping[int, Voices],
    people: Mapping[int, dict[int, Leader]],
    telling: Container[int],
    event: Event,
) -> tuple[Speaker, ...]:
    """The distinct voices that speak of a call, those of its parties first; third countries are not heard.

    `spoken` and `people` give the voices and the leaders of the call in each sentence, by its index; the leaders by
    where the phrase for each starts. `telling` are the sentences that tell what was said on the call.
    """
    countries = {who.country for who in event.leaders}
    speakers: dict[str, Speaker] = {}
    for sentence in sentences:
        voice = spoken[sentence.index]
        about = _is_about(sentence, people[sentence.index], event)
        own = _leaders(sentence, voice, event, people[sentence.index]) if about else []
        offices = _offices(voice, event) if about or sentence.index in telling else []
        for speaker in (*own, *offices, *voice.agencies):
            if speaker.side is None or speaker.side in countries:
                first = speakers.setdefault(speaker.id or speaker.text, speaker)
                speakers[speaker.id or speaker.text] = msgspec.structs.replace(
                    first, via=None, hedge=None, network=first.network or speaker.network
                )
    return tuple(sorted(speakers.values(), key=lambda s: s.side is None))


def _is_about(sentence: Sentence, people: Mapping[int, Leader], event: Event) -> bool:
    """Whether a sentence speaks of the call: it names it, both sides, or what somebody made known of it."""
    countries = [who.country for who in event.leaders if who.country]
    return (
        bool(sentence.cues)
        or any(m.sentence.index == sentence.index for m in event.mentions)
        or bool(groups_in(sentence, countries))
        or len({who.country for who in people.values()}) > 1
        or _ABOUT_IT.search(sentence.lower, sentence.start, sentence.end) is not None
        or REFERS_BACK.search(sentence.lower, sentence.start, sentence.end) is not None
    )


def _leaders(sentence: Sentence, voice: Voices, event: Event, people: Collection[int]) -> list[Speaker]:
    """The leaders of the call who speak in a sentence, but for those whose words on the call it tells."""
    persons = {who.person for who in event.leaders}
    told_to = [at for at in people if _TO_THE_OTHER.search(sentence.lower[sentence.start : at])]
    within = [m.cue.end for m in event.mentions if m.sentence.index == sentence.index and m.reading.rule == "within"]
    return [
        speaker
        for start, speaker in voice.parties
        if speaker.id in persons
        and not any(at > start for at in told_to)
        and (speaker.network or not any(end <= start for end in within))
    ]


def _offices(voice: Voices, event: Event) -> list[Speaker]:
    persons = {who.person for who in event.leaders}
    return [speaker for _, speaker in voice.parties if speaker.id not in persons]
