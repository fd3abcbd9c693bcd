"""What part a phrase plays in its sentence: who acts, whom a verb takes, who is only cited, who says what is quoted."""

from __future__ import annotations

from collections.abc import Sequence

from services.classify.beside import says
from services.classify.entity import Entity
from services.classify.leader import Leader, Resolved
from services.classify.mention import Sentence
from services.classify.regex import regex

_OBJECT = regex(
    r"(?:với|cùng|cho|của|thời|đến|tới|về|từ|gặp|giữa|bởi|ở|tại|chống|"
    r"vào|theo|do|bị|mời|thăm|ủng hộ|chỉ trích|cáo buộc|gọi|chúc mừng|"
    r"nhờ|hỏi|khen ngợi|khen|ca ngợi|thuyết phục|thúc giục|trấn an|cảm ơn|xin lỗi|"
    r"dẫn lời|dẫn|nhằm vào|đối với|bên cạnh|thay|phía|"
    r"gặp gỡ|tiếp|kêu gọi|đề nghị|yêu cầu|tháp tùng|(?:sau đó|tiếp đó|tiếp theo|kế đến|cuối cùng) là)"
    r"(?: (?:các|những|một số|một loạt|hàng loạt|nhiều|mọi|bất cứ|bất kỳ|một|vị))? ?$"
)
#: "Bộ trưởng không hề được tổng thống yêu cầu": who only orders what another does.
_ORDERS = (" yêu cầu", " đề nghị", " giao", " cử", " ủy quyền")
_APPOSED = regex(r", (?P<word>hiện là |cũng là |đồng thời là |kiêm )?")
#: "Theo hãng tin X, ông A": who is cited before a comma is in no list with the subject behind it.
_CITED = regex(r"(?<!\w)theo (?:\w+ ){0,2}$")
#: "…, người phát ngôn Chính phủ xác nhận hôm 17/11.": who is cited at the end of a sentence.
_AT_THE_END = regex(r", (?:một |các )?$")
_TELLS = regex(
    r" (?:đã |vừa )?(?:cho biết|cho hay|xác nhận|thông báo|nói|tuyên bố|tiết lộ|khẳng định)"
    r"(?: (?:hôm|ngày|tối|sáng|chiều) .{1,16})?[.]?"
)
#: "Ông Sunak, khi đó là thủ tướng Anh", "ông vốn là".
_IS_NOW = regex(r"(?:khi đó|khi ấy|lúc đó|nay|hiện|^|^ (?:từng|vốn|cũng|đã)) là (?:một |vị )?$")
_LIST_LINK = regex(r"(?:,| và|,? cùng| -|-) ?$")


def can_act(entity: Entity) -> bool:
    """Whether a phrase may be who talks: a country is not, nor a bare name, which is as often a paper's."""
    return entity.kind in ("leader", "nonleader", "pronoun") or (entity.kind == "name" and entity.honorific is not None)


def is_object(sentence: Sentence, entity: Entity) -> bool:
    """Whether a phrase stands after a preposition or a verb that takes it; in a list, whether the first does."""
    link = _LIST_LINK.search(sentence.lower, max(sentence.start, entity.start - 8), entity.start)
    if link is not None:
        before = next((e for e in sentence.entities if e.end == link.start()), None)
        if before is not None and before.kind == "country" != entity.kind and link[0] == ", ":
            return False  # "tại Washington, ông A gặp ông B": where it was, and who
        cited = before is not None and _CITED.search(sentence.lower, sentence.start, before.start) is not None
        return before is not None and not cited and is_object(sentence, before)
    if any(cue.end + 1 == entity.start and not cue.noun for cue in sentence.cues):
        return True  # "ông A điện đàm ông B": whom a call is with, without a preposition
    if sentence.lower.endswith("được ", 0, entity.start) and sentence.lower.startswith(_ORDERS, entity.end):
        return True
    return _OBJECT.search(sentence.lower[max(sentence.start, entity.start - 28) : entity.start]) is not None


def is_cited(sentence: Sentence, entity: Entity) -> bool:
    """Whether somebody unnamed is only the source: "theo một quan chức", "…, một quan chức cho biết.", whom no "ông"
    takes up."""
    if entity.kind != "nonleader" or entity.persons or entity.name:
        return False
    at_the_end = _AT_THE_END.search(sentence.lower, sentence.start, entity.start) is not None
    tells = at_the_end and _TELLS.fullmatch(sentence.lower, entity.end, sentence.end) is not None
    return tells or _CITED.search(sentence.lower, sentence.start, entity.start) is not None


def is_apposition(sentence: Sentence, entity: Entity, meaning: dict[int, Resolved]) -> bool:
    """Whether an office that leads no country is another of a leader's: "Tổng thống Kenya, đương kim chủ tịch EAC,"."""
    if entity.kind != "nonleader" or entity.persons:
        return False
    before = [e for e in sentence.entities if e.end < entity.start][-1:]
    if not before or before[0].kind != "leader" or not isinstance(meaning.get(id(before[0])), Leader):
        return False
    link = _APPOSED.fullmatch(sentence.lower, before[0].end, entity.start)
    said = link is not None and (link["word"] or sentence.lower.startswith("đương kim ", entity.start))
    return link is not None and (bool(said) or not entity.name)


def is_what_he_was(sentence: Sentence, entity: Entity) -> bool:
    """Whether an office only says what somebody was then or is now: "ông Sunak, khi đó là thủ tướng Anh", "ông từng là
    ngoại trưởng"."""
    before = next((e for e in reversed(sentence.entities) if e.end <= entity.start), None)
    link = sentence.lower[before.end if before else sentence.start : entity.start]
    return not (entity.persons or entity.name) and _IS_NOW.search(link) is not None


def is_joined(sentence: Sentence, entity: Entity) -> bool:
    """Whether a phrase stands behind "và" in a list of actors, whose first is the one that a pronoun takes up."""
    before = next((e for e in sentence.entities if e.end + len(" và ") == entity.start), None)
    joined = before is not None and sentence.lower[before.end : entity.start] == " và "
    return joined and before is not None and before.kind in ("leader", "pronoun")


#: Organisations that have leaders as countries have, and are none of "hai nước".
_NO_COUNTRIES = ("AUC", "EU", "NATO", "UN")


def countries_told_of(sentence: Sentence) -> list[str]:
    """The countries that a sentence names by themselves, not as somebody's: "xung đột giữa Ấn Độ và Pakistan"."""
    named = (c for e in sentence.entities if e.kind == "country" for c in e.countries)
    return [country for country in dict.fromkeys(named) if country not in _NO_COUNTRIES]


def speaker_of_quote(sentence: Sentence, after: int) -> Entity | None:
    """Who says what a quotation ends with behind `after`: "Tôi vừa gọi cho ông ấy", ông Lula nói."""
    close = sentence.lower.find('"', after, sentence.end)
    behind = next((e for e in sentence.entities if close >= 0 and close < e.start and can_act(e)), None)
    spoken = behind is not None and behind.start - close < 12 and says(sentence.lower[behind.end : behind.end + 40])
    return behind if spoken else None


def speaker_before_quote(sentence: Sentence, inside: int) -> Entity | None:
    """Who says what stands in a quotation around `inside`: "Thủ tướng Hungary nói trên đài rằng "tôi sẽ gọi …"."""
    opens = sentence.lower.rfind('"', sentence.start, inside)
    if opens < 0 or sentence.lower.count('"', sentence.start, inside) % 2 == 0:
        return None
    before = [e for e in sentence.entities if e.end <= opens and can_act(e) and not is_object(sentence, e)]
    return next((e for e in reversed(before) if says(sentence.lower[e.end : opens])), None)


def speakers_of_long_quotes(sentences: Sequence[Sentence]) -> dict[int, Entity]:
    """The speakers of quotations of several sentences, told behind the last, by the index of each sentence."""
    speakers: dict[int, Entity] = {}
    quoted: list[Sentence] = []
    for sentence in sentences:
        if quoted and (sentence.part != quoted[-1].part or "\n" in sentence.text[quoted[-1].end : sentence.start]):
            quoted = []
        ends_or_opens = sentence.lower.count('"', sentence.start, sentence.end) % 2
        if quoted and ends_or_opens and (speaker := speaker_of_quote(sentence, sentence.start)) is not None:
            speakers |= {s.index: speaker for s in [*quoted, sentence]}
        quoted = [] if quoted and ends_or_opens else [*quoted, sentence] if quoted or ends_or_opens else []
    return speakers
