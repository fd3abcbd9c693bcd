"""Who says it: the leader, the office or the agency whose word a sentence passes on."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import zip_longest

import msgspec

from services.classify import phrasebook
from services.classify.data_rows import read_table
from services.classify.entity import Entity
from services.classify.leader import Leader
from services.classify.lexicon import Lexicon
from services.classify.mention import Sentence
from services.classify.regex import regex
from services.classify.words import cut_words
from shared.data_files import data_of
from shared.records import Hedge, Speaker

_SAY = (
    r"(?:đã |cũng |vừa |mới )?[\"“]?(?:cho biết|cho hay|thông báo|nói(?! chuyện(?!\w))|tuyên bố|khẳng định|tiết lộ|"
    r"viết|xác nhận|nhấn mạnh|công bố|phát đi|đưa tin|ám chỉ|bày tỏ|cho rằng|chia sẻ|dẫn|"
    r"đăng tải|lên tiếng|trích lời|kể lại|mô tả|"
    r"gọi(?= (?:đây|đó|cuộc (?:điện đàm|gọi|trao đổi|trò chuyện|nói chuyện))(?!\w)))"
)
_AFTER = regex(rf"^(?!từng |luôn |trước đây )(?:[^,.;:]{{0,40}}?,? )?{_SAY}(?!\w)")
_BEFORE = regex(
    r"(?:theo(?: thông báo| thông cáo| tuyên bố| lời| nguồn tin|"
    r" hãng tin| báo| đài)?(?: của| từ)?|dẫn lời|dẫn thông (?:báo|"
    r"cáo)(?: của| từ)?|(?:thông (?:báo|cáo)|tuyên bố) (?:của|từ)) ?$"
)
#: Who is spoken to, of or wished for says nothing: "điện đàm với ông A và nói …", "muốn ông A lên tiếng",
#: "kể lại những gì ông A nói".
_OBJECT = regex(
    r"(?<!\w)(?:với|cùng|cho|tới|đến|về|gặp|giữa|tại|ở|trong|muốn|yêu cầu|đề nghị|kêu gọi|hối thúc|để|những gì|điều)"
    r"(?: người đồng cấp)? ?$"
)
#: A verb behind a comma is that of the subject: "nhiệm kỳ của ông A, khẳng định …".
_POSSESSOR = regex(r"(?<!\w)của ?$")
_BOTH = regex(r" (?:và|cùng) $")
#: "…, theo đề nghị của ông A, báo B dẫn …": it is B that passes words on.
_ANOTHER_QUOTES = regex(r", [^,.;:]{2,40} dẫn (?!lại)")
_WITHIN = regex(r"(?:, (?:trong đó|còn|trong khi|riêng)|;|: ) ?$")
#: What a country says by itself, the verb right behind its name.
_BY_ITSELF = regex(r" (?:đã |cũng |vừa |sau đó )*(?:xác nhận|cho biết|cho hay|thông báo)(?!\w)")
_HINT = regex(r"ám chỉ|bóng gió")
_REPORTEDLY = regex(r"được cho là|nghe nói|có tin")


class Voices(msgspec.Struct, frozen=True):
    """Who speaks in a sentence, in order: the parties of the call with where each stands, and who passes words on.

    `ahead` are the places of those whose words only follow ("…, trong đó ông Trump tuyên bố …").
    """

    parties: tuple[tuple[int, Speaker], ...]
    agencies: tuple[Speaker, ...]
    ahead: frozenset[int] = frozenset()

    @property
    def sayer(self) -> Speaker | None:
        """Who says the sentence: its first party, else the agency that tells it."""
        return self.parties[0][1] if self.parties else self.agencies[0] if self.agencies else None

    def at(self, position: int) -> Speaker | None:
        """Who says what stands at a place: the party named last before it, else the sayer of the sentence."""
        before = [speaker for start, speaker in self.parties if start <= position]
        if before:
            return before[-1]
        behind = [speaker for start, speaker in self.parties if start not in self.ahead]
        return behind[0] if behind else self.agencies[0] if self.agencies else None


def introduced(sentences: Iterable[Sentence]) -> dict[str, Speaker]:
    """The aides whom an article introduces by name, by their last name.

    "Ông Peskov" speaks for the Kremlin where "người phát ngôn Điện Kremlin Dmitry Peskov" stood before.
    """
    found: dict[str, Speaker] = {}
    for sentence in sentences:
        for aide, after in zip_longest(sentence.entities, sentence.entities[1:]):
            named = aide.name or _named_behind(sentence, aide, after)
            if aide.aide and named and len(aide.countries) == 1:
                side = aide.countries[0]
                speaker = Speaker(id=_body_of(sentence, aide, side), text=named, side=side)
                found.setdefault(named.split()[-1], speaker)
    return found


def _named_behind(sentence: Sentence, aide: Entity, after: Entity | None) -> str | None:
    """The name that stands behind an office: "người phát ngôn Điện Kremlin, ông Dmitry Peskov"."""
    beside = after is not None and after.kind == "name" and sentence.text[aide.end : after.start].strip() == ","
    return after.name if after is not None and beside else None


def voices(sentence: Sentence, people: dict[int, Leader], aides: Mapping[str, Speaker], lexicon: Lexicon) -> Voices:
    """The voices of a sentence. `people` gives the leaders of the call by where the phrase for each starts.

    `aides` are those whom the article has introduced, by their last name.
    """
    offices = _offices(sentence)
    countries = _countries(sentence, offices)
    told = sorted([*offices, *_leaders(sentence, people, aides, lexicon), *countries], key=lambda t: t[0])
    agencies = [(start, speaker) for start, speaker in told if not speaker.side]
    parties = _on_network(sentence, [(start, speaker) for start, speaker in told if speaker.side])
    ahead = frozenset(start for start, _ in parties if _WITHIN.search(sentence.lower[sentence.start : start]))
    return Voices(tuple(_passed_on(parties, agencies)), tuple(speaker for _, speaker in agencies), ahead)


@lru_cache(maxsize=1)
def _network() -> re.Pattern[str]:
    """A social network with the words that make it the place where somebody writes: "trên tài khoản mạng xã hội X"."""
    names = sorted((row["name"] for row in read_table(data_of("classify") / "networks.csv")), key=len, reverse=True)
    return re.compile(
        r"(?i:(?<!\w)(?:trên|lên|qua|bài đăng))"
        r"(?: (?:trang|mạng|nền tảng|xã hội|truyền thông|tài khoản|kênh|cá nhân))*"
        rf" (?P<name>{'|'.join(map(re.escape, names))})(?![\w-])"
    )


def _on_network(sentence: Sentence, parties: list[tuple[int, Speaker]]) -> list[tuple[int, Speaker]]:
    """The parties, the one who writes on a social network with its name: the last before it, else the first behind."""
    found = _network().search(sentence.text, sentence.start, sentence.end) if parties else None
    if found is None:
        return parties
    writer = max((start for start, _ in parties if start < found.start()), default=parties[0][0])
    return [
        (start, msgspec.structs.replace(speaker, network=found["name"]) if start == writer else speaker)
        for start, speaker in parties
    ]


def _passed_on(
    parties: list[tuple[int, Speaker]], agencies: list[tuple[int, Speaker]]
) -> Iterator[tuple[int, Speaker]]:
    """The parties, each with the agency that passes on its word: the next one after it, before any other party."""
    opening = next((a.id for at, a in agencies if parties and at < parties[0][0]), None)
    ends = [start for start, _ in parties[1:]]
    for (start, speaker), end in zip_longest(parties, ends):
        via = next((a.id for at, a in agencies if at > start and (end is None or at < end)), None)
        yield start, msgspec.structs.replace(speaker, via=via or opening)


def _offices(sentence: Sentence) -> list[tuple[int, Speaker]]:
    sides = phrasebook.column("speakers", "side")
    found = phrasebook.load("speakers").find(sentence.words)
    return [
        (
            f.start,
            Speaker(
                id=f.id, text=sentence.text[f.start : f.end], side=sides[f.id] or None, hedge=_hedge(sentence, f.end)
            ),
        )
        for f in found
        if _speaks(sentence, f.start, f.end)
    ]


def _countries(sentence: Sentence, offices: Sequence[tuple[int, Speaker]]) -> Iterator[tuple[int, Speaker]]:
    """Countries and capitals that say something by themselves, and not within the name of an office ("phía Moskva"):
    "Ấn Độ xác nhận cuộc gọi", "Tokyo cho biết …"."""
    for entity in sentence.entities:
        within = any(start <= entity.start < start + len(office.text) for start, office in offices)
        alone = entity.kind == "country" and len(entity.countries) == 1 and not within
        if alone and _BY_ITSELF.match(sentence.lower, entity.end) and _speaks(sentence, entity.start, entity.end):
            side = entity.countries[0]
            yield (
                entity.start,
                Speaker(id=_government_of(side), text=sentence.text[entity.start : entity.end], side=side),
            )


def _leaders(
    sentence: Sentence, people: dict[int, Leader], aides: Mapping[str, Speaker], lexicon: Lexicon
) -> Iterator[tuple[int, Speaker]]:
    for entity in sentence.entities:
        if _speaks(sentence, entity.start, entity.end) and not _is_of_both(sentence, entity, people):
            speaker = _aide(sentence, entity, lexicon) if entity.kind == "nonleader" else None
            if entity.kind == "name" and entity.name:
                speaker = aides.get(entity.name.split()[-1])
            if entity.start in people and speaker is None:
                speaker = _person(sentence, entity, people[entity.start], lexicon)
            if speaker:
                yield entity.start, speaker


def _aide(sentence: Sentence, entity: Entity, lexicon: Lexicon) -> Speaker | None:
    """The leader's spokesman ("người phát ngôn của ông Starmer"), or the office of one who works for a country's."""
    if not entity.aide:
        return None
    served = lexicon.persons.get(entity.persons[0]) if entity.persons else None
    terms = lexicon.terms_of.get(entity.persons[0], ()) if entity.persons else ()
    side = entity.countries[0] if entity.countries else terms[-1].country if terms else None
    if side is None:
        return None
    if served and entity.spokesman:
        return Speaker(id=f"{served.id}:spokesman", text=served.surname, side=side, role="spokesman")
    return Speaker(id=_body_of(sentence, entity, side), text=sentence.text[entity.start : entity.end], side=side)


def _body_of(sentence: Sentence, aide: Entity, side: str) -> str:
    """For whom an aide speaks: the office that his own title names, that of the leader whom he serves, else the
    government."""
    named = phrasebook.load("speakers").find(cut_words(sentence.text, aide.start, aide.end))
    if named:
        return named[0].id
    return _office_of(side) if aide.persons or aide.offices else _government_of(side)


def _is_of_both(sentence: Sentence, entity: Entity, people: Mapping[int, Leader]) -> bool:
    """Whether a verb is of both leaders at once, as their words on the call are: "ông A và ông B tuyên bố …"."""
    others = [other for other in sentence.entities if other.start in people and other is not entity]
    between = [(min(entity.end, o.end), max(entity.start, o.start)) for o in others]
    return entity.start in people and any(_BOTH.fullmatch(sentence.lower, start, end) for start, end in between)


def _office_of(side: str) -> str:
    """The office of a country's leader: the first of the country's in the data."""
    sides = phrasebook.column("speakers", "side").items()
    return next((row for row, country in sides if country == side), _government_of(side))


def _government_of(side: str) -> str:
    """Somebody of a country's government, no office told."""
    return f"{side.lower()}_government"


def _person(sentence: Sentence, entity: Entity, leader: Leader, lexicon: Lexicon) -> Speaker:
    known = lexicon.persons.get(leader.person or "")
    return Speaker(
        id=leader.person or "",
        text=known.surname if known else sentence.text[entity.start : entity.end],
        side=leader.country,
    )


def _speaks(sentence: Sentence, start: int, end: int) -> bool:
    before = sentence.lower[max(sentence.start, start - 24) : start]
    behind = sentence.lower[end : min(sentence.end, end + 60)]
    if _ANOTHER_QUOTES.match(sentence.lower, end):
        return False
    if _BEFORE.search(before):
        return True
    if _OBJECT.search(before) or (_POSSESSOR.search(before) and behind.startswith(",")):
        return False
    return _AFTER.match(behind.lstrip(" ,")) is not None


def _hedge(sentence: Sentence, end: int) -> Hedge | None:
    after = sentence.lower[end : end + 30]
    return "hinted" if _HINT.search(after) else "reportedly" if _REPORTEDLY.search(after) else None
