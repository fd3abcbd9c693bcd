"""Reading an article: its parts normalized and cut into sentences, each with its cues, phrases, times and lengths."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

import msgspec

from services.classify.cue_reader import CueReader
from services.classify.cues import Cue, find_group_talk
from services.classify.entities import find_entities
from services.classify.entity import Entity
from services.classify.lexicon import HOME, Lexicon
from services.classify.mention import Sentence
from services.classify.normalize import Normal, normalize
from services.classify.prefilter import may_name_leader
from services.classify.regex import regex
from services.classify.sentences import split_sentences
from services.classify.times import find_durations, find_times
from services.classify.words import cut_words
from shared.records import Article, Evidence, Part

_TEASER = regex(
    r"[>\s»-]*(?:xem thêm|đọc thêm|(?:các )?(?:tin|bài)(?: viết)? liên quan|(?:tin|bài) cùng chuyên mục|"
    r"có thể bạn quan tâm|mời độc giả|video:|>>)"
)
#: A teaser's first words alone on their line: a heading over a list of headlines.
_HEADING = regex(_TEASER.pattern + r"[\s:|>»]*$")
_ENDED = regex(r"[.!?…][\"')\]]*$")

_OF_LEADERS = {"leader", "group", "group3"}
PARTS: tuple[Part, ...] = ("title", "summary", "text")


#: A sentence before it is read: its part, the part in lower case, where it starts and ends, and its cues.
_Span = tuple[Part, str, int, int, tuple[Cue, ...]]


class ReadArticle(msgspec.Struct, frozen=True):
    """An article as it was read: its sentences in order and, per part, the way back to the raw text."""

    article: Article
    sentences: tuple[Sentence, ...]
    parts: dict[Part, Normal]

    def evidence(self, field: str, part: Part, start: int, end: int) -> Evidence:
        """A slice of a normalized part as evidence: offsets and words of the raw text."""
        raw_start, raw_end = self.parts[part].raw_span(start, end)
        return Evidence(
            field=field,
            part=part,
            start=raw_start,
            end=raw_end,
            text=self.article.part(part)[raw_start:raw_end],
            article=self.article.id,
        )

    def proof(self, field: str, sentence: Sentence) -> Evidence:
        """A whole sentence as evidence of a field."""
        return self.evidence(field, sentence.part, sentence.start, sentence.end)


def _without_teasers(lower: str, sentences: Iterable[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """The sentences but for those that lead to other articles: lines that say so, and the headlines under a heading
    that does, up to a line that ends as a sentence does."""
    listed = False
    for start, end in sentences:
        teaser = _TEASER.match(lower, start, end) is not None
        listed = (listed and not teaser) or _HEADING.match(lower, start, end) is not None
        listed = listed and (teaser or not _ENDED.search(lower, start, end))
        if not (teaser or listed):
            yield start, end


def _of_two(entities: tuple[Entity, ...]) -> bool:
    """Whether a sentence speaks of two leaders together, one of whom may be a pronoun."""
    kinds = [e.kind for e in entities]
    return "group" in kinds or "group3" in kinds or kinds.count("leader") > 1 or {"leader", "pronoun"} <= {*kinds}


def _printed_twice(text: str) -> set[str]:
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return {line for line in lines if lines.count(line) > 1} if len(lines) < 400 else set()


#: What shows a photo's caption: its credit, or who stands where.
_CAPTION = regex(r"Ảnh ?:|\(Ảnh|Ảnh tư liệu|\((?:bên |thứ \w+ từ )?(?:trái|phải|giữa)(?: sang)?\)")
#: How far behind a caption its credit may end: "… ở Hamburg ngày 8/7. Ảnh tư liệu: AFP".
_CREDIT = 20


def _is_caption(text: str, start: int, end: int, twice: set[str]) -> bool:
    return text[start:end] in twice or _CAPTION.search(text[start : end + _CREDIT].split("\n")[0]) is not None


def read_article(article: Article, lexicon: Lexicon) -> ReadArticle | None:
    """Read all parts of an article, in time linear in its length; None where no sentence of it has a cue.

    Cues are looked for first: most articles have none, and then nothing else need be read. Where neither they nor the
    sentences with a word for a leader name one of abroad, nothing else is read either.
    """
    parts = {name: normalize(article.part(name)) for name in PARTS}
    spans = _spans(parts)
    if not any(cues for *_, cues in spans):
        return None
    twice = _printed_twice(parts["text"].text)

    def read(indices: Iterable[int]) -> dict[int, Sentence]:
        return {i: _sentence(i, *spans[i], parts, lexicon, twice) for i in indices}

    known = read(i for i, (*_, cues) in enumerate(spans) if cues)
    if not _name_foreigner(known, lexicon):
        naming = read(i for i, span in enumerate(spans) if i not in known and _may_name(span, parts))
        if not _name_foreigner(naming, lexicon):
            return ReadArticle(article, tuple(known.values()), parts)
        known |= naming
    known |= read(i for i in range(len(spans)) if i not in known)
    return ReadArticle(article, tuple(known[i] for i in range(len(spans))), parts)


def _spans(parts: Mapping[Part, Normal]) -> list[_Span]:
    """The sentences of all parts in order, each with its cues, and nothing else read yet."""
    spans: list[_Span] = []
    of_calls = False
    for name in PARTS:
        text = parts[name].text
        lower = text.lower() if len(text.lower()) == len(text) else text
        cues = CueReader(lower, of_calls)
        for start, end in _without_teasers(lower, split_sentences(text)):
            spans.append((name, lower, start, end, cues.read(start, end)))
        of_calls = cues.of_calls
    return spans


def _may_name(span: _Span, parts: Mapping[Part, Normal]) -> bool:
    """Whether a sentence may name a leader: it holds a word for one, or stands in a headline, where names are bare."""
    name, _, start, end, _ = span
    return name == "title" or may_name_leader(parts[name].text[start:end])


def _name_foreigner(sentences: Mapping[int, Sentence], lexicon: Lexicon) -> bool:
    """Whether any of some sentences names a leader of another country than ours: each call has one."""
    seats = (_seats(entity, lexicon) for sentence in sentences.values() for entity in sentence.entities)
    return any(theirs - {HOME} for theirs in seats)


def _seats(entity: Entity, lexicon: Lexicon) -> set[str]:
    """The countries that an entity may speak for; none where it is no leader or only "Tổng thống"."""
    if entity.kind not in _OF_LEADERS:
        return set()
    of_persons = (term.country for person in entity.persons for term in lexicon.terms_of.get(person, ()))
    of_titles = (title.country for title in entity.titles if title.country is not None)
    return {*entity.countries, *of_persons, *of_titles}


def _sentence(
    index: int,
    name: Part,
    lower: str,
    start: int,
    end: int,
    cues: tuple[Cue, ...],
    parts: dict[Part, Normal],
    lexicon: Lexicon,
    twice: set[str],
) -> Sentence:
    text = parts[name].text
    words = cut_words(text, start, end)
    entities = tuple(find_entities(text, words, lexicon))
    lengths = tuple(find_durations(lower, start, end))
    caption = _is_caption(text, start, end, twice)
    if not cues and not caption and _of_two(entities):
        talk = tuple(find_group_talk(lower, start, end))
        cues = talk if talk and (lengths or find_times(lower, start, end)) else ()
    return Sentence(name, index, start, end, text, lower, words, entities, cues, lengths, caption)
