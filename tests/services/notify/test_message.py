"""Calls → messages: golden files in both languages, and the rules that hold for every one of them."""

from __future__ import annotations

import re
from typing import Any

import pytest
from msgspec.structs import replace

from services.notify.layout import CallView, Message
from services.notify.lint import lint
from services.notify.message import PUSH_LENGTH, render_root
from services.notify.plain import as_text
from shared.records import (
    Claim,
    Comparison,
    Contradiction,
    Coverage,
    Denial,
    Duration,
    Initiator,
    Source,
    Status,
    Topic,
    When,
)
from tests.services.notify import golden
from tests.services.notify.seed_calls import (
    KREMLIN,
    MESSAGE_1,
    MESSAGE_2,
    MESSAGE_6,
    MESSAGE_7,
    PUTIN,
    TRUMP,
    WHITE_HOUSE,
)
from tests.services.notify.seed_calls import SEEDS as SEED_FOLDER
from tests.services.notify.variations import (
    ELYSEE,
    HELD,
    KEPT,
    LAST_YEAR,
    MACRON,
    MERZ,
    PLANNED,
    THICK,
    facts,
    paper,
    sentence,
    view,
)

MESSAGES = list(golden.messages())


@pytest.mark.parametrize(("name", "of", "message"), MESSAGES, ids=[name for name, _, _ in MESSAGES])
def test_golden(name: str, of: CallView, message: Message) -> None:
    assert as_text(message) == golden.expected(name)


def test_no_golden_file_is_left_over() -> None:
    assert {path.stem for path in golden.FOLDER.glob("*.txt")} == {
        *(name for name, _, _ in MESSAGES),
        *(name for name, _ in golden.digests()),
    }


@pytest.mark.parametrize(("name", "of", "message"), MESSAGES, ids=[name for name, _, _ in MESSAGES])
def test_every_message_keeps_the_rules(name: str, of: CallView, message: Message) -> None:
    assert lint(message, of) == ()
    assert len(message.push) <= PUSH_LENGTH


SEEDS = [(name, message) for name, _, message in MESSAGES if name[0].isdigit()]


@pytest.mark.parametrize(("name", "message"), SEEDS, ids=[name for name, _ in SEEDS])
def test_every_quotation_stands_in_a_seed_letter_for_letter(name: str, message: Message) -> None:
    texts = [" ".join(path.read_text(encoding="utf-8").split()) for path in SEED_FOLDER.glob("*.txt")]
    quotations = [line.spans[1].text for line in message.lines if line.kind == "quote"]
    assert quotations
    assert all(any(quotation in text for text in texts) for quotation in quotations)


@pytest.mark.parametrize(("language", "news", "above"), [("en", 25, 140), ("vi", 30, 175)])
def test_a_seeds_root_is_read_in_half_a_minute(language: str, news: int, above: int) -> None:
    """Words or syllables of the first two lines, and of all that stands above the quotations."""
    for number in "1235678":
        (path,) = golden.FOLDER.glob(f"{number}-*.{language}.txt")
        top = path.read_text(encoding="utf-8").partition("\n> ")[0]
        assert len(re.findall(r"\w+", " ".join(top.split("\n")[:2]))) <= news, path.name
        assert len(re.findall(r"\w+", top)) <= above, path.name


def test_the_order_of_names_never_tells_who_phoned() -> None:
    for people in ((PUTIN, TRUMP), (TRUMP, PUTIN)):
        turned = replace(MESSAGE_6, facts=replace(MESSAGE_6.facts, participants=people))
        assert render_root(turned, "en", golden.ZONE).headline.startswith("☎ Putin and Trump held a call")


def test_who_phoned_is_said_only_with_its_sentence() -> None:
    asked = Initiator(side="DE", how="phoned", evidence=sentence("Thủ tướng Đức gọi điện cho Tổng thống Pháp."))
    told = render_root(view(facts(MACRON, MERZ, initiators=(asked,))), "en", golden.ZONE)
    unproved = render_root(view(facts(MACRON, MERZ, initiators=(replace(asked, evidence=None),))), "en", golden.ZONE)
    assert told.headline == "☎ Merz phoned Macron on 4 May"
    assert unproved.headline == "☎ Macron and Merz held a call on 4 May"


def test_a_length_stands_before_the_day_that_is_missing() -> None:
    told = Duration(minutes=90, bound="over", text="hơn 90 phút", evidence=HELD)
    undated = view(facts(MACRON, MERZ, date=None, whens=(), durations=(told,)))
    headline = render_root(undated, "en", golden.ZONE).headline
    assert headline == "☎ Macron and Merz held a call, over 90 minutes; the article gives no day"


@pytest.mark.parametrize(("status", "told"), [("planned", True), ("held", False)])
def test_what_was_ruled_out_is_told_of_a_plan_and_left_to_the_page_of_a_call_with_an_agenda(
    status: Status, told: bool
) -> None:
    agenda = (
        Topic(id="ukraine", text="Ukraine", mode="announced", speaker=ELYSEE),
        Topic(id="syria", text="Syria", mode="ruled_out", speaker=ELYSEE),
    )
    text = as_text(render_root(view(facts(MACRON, MERZ, status=status, topics=agenda)), "en", golden.ZONE))
    assert ("Ruled out beforehand" in text) is told
    assert "Agenda beforehand" in text


def test_who_is_proved_by_the_fewest_words_where_no_quotation_names_both() -> None:
    whole = "Nhiều người chờ cuộc điện đàm giữa ông Macron và Thủ tướng Merz trong tuần này, các báo viết."
    unnamed = facts(MACRON, MERZ, date=None, whens=(When(text="hôm qua", evidence=sentence("Hai bên điện đàm.", 500)),))
    by_fragment = render_root(view(replace(unnamed, evidence=(sentence(whole),))), "en", golden.ZONE)
    assert "Merz (“cuộc điện đàm giữa ông Macron và Thủ tướng Merz”)" in as_text(by_fragment)
    assert whole not in as_text(by_fragment)
    apart = "Ông Macron, như các báo cho biết vào tối hôm qua, đã có một cuộc dài với Thủ tướng Đức Merz."
    by_sentence = render_root(view(replace(unnamed, evidence=(sentence(apart),))), "en", golden.ZONE)
    assert f"> ① {apart}" in as_text(by_sentence)


def test_a_sentence_with_will_proves_no_call_that_was_held() -> None:
    planned = sentence("Cuộc điện đàm giữa ông Macron và Thủ tướng Merz sẽ diễn ra hôm nay.")
    held = sentence("Hôm nay ông Macron, người vừa thăm Hà Nội, đã điện đàm với Thủ tướng Đức Merz.", article="a2")
    sources = (replace(paper(), stands=False), paper("a2"))
    known = facts(MACRON, MERZ, date=None, whens=(), evidence=(planned, held), sources=sources)
    quoted = [line.text for line in render_root(view(known), "en", golden.ZONE).lines if line.kind == "quote"]
    assert quoted == [f"① {held.text}"]
    by_hand = replace(known, sources=tuple(replace(source, stands=False) for source in sources))
    assert "(“điện đàm giữa ông Macron và Thủ tướng Merz”)" in as_text(render_root(view(by_hand), "en", "UTC"))


PLAN_AND_CALL = (replace(paper(), stands=False), paper("a2"))


def test_the_day_of_a_call_that_was_held_is_not_proved_by_its_plan() -> None:
    plan = When(date="2026-05-04", text="ngày 4-5", evidence=PLANNED)
    told = When(date="2026-05-04", text="chiều 4-5", day_part="afternoon", evidence=KEPT)
    known = facts(MACRON, MERZ, whens=(plan, told), evidence=(PLANNED, KEPT), sources=PLAN_AND_CALL)
    for whens in ((plan, told), (plan, replace(told, day_part=None))):
        held = as_text(render_root(view(replace(known, whens=whens)), "en", golden.ZONE))
        assert "4 May 2026 ①" in held
        assert f"> ① {KEPT.text}\n" in held
        assert PLANNED.text not in held
    assert "*☎ Macron and Merz held a call on the afternoon of 4 May*" in as_text(render_root(view(known), "en", "UTC"))
    no_day = as_text(render_root(view(replace(known, whens=(plan,))), "en", golden.ZONE))
    assert "*When*  4 May 2026 ①" in no_day, "where nobody else tells the day"


def test_the_part_of_the_day_that_a_headline_has_is_proved_below_it() -> None:
    day = When(date="2026-05-04", text="ngày 4-5", evidence=HELD)
    evening = When(date="2026-05-04", text="tối 4-5", day_part="evening", evidence=KEPT)
    known = facts(MACRON, MERZ, whens=(day, evening), sources=(paper(), paper("a2")))
    text = as_text(render_root(view(known), "en", golden.ZONE))
    assert "on the evening of 4 May*" in text
    assert "*When*  evening of 4 May 2026 ①" in text
    assert f"> ① {KEPT.text}\n" in text


@pytest.mark.parametrize("denial", ["denied", "postponed"])
def test_a_denial_is_proved_by_its_own_sentence_and_compared_with_nothing(denial: Denial) -> None:
    denies = sentence("Điện Elysée bác tin về cuộc điện đàm giữa ông Macron và Thủ tướng Merz.", article="a2")
    was = Comparison(
        previous=LAST_YEAR, days=5, nth=2, length="shorter", claim_agrees=True, agreements=(True,), coverage=THICK
    )
    known = facts(
        MACRON,
        MERZ,
        status="denied",
        denial=denial,
        claims=(Claim(ordinal=2, noun="call", scope="month", text="lần thứ hai trong tháng", evidence=HELD),),
        sources=(replace(paper(), stands=False), paper("a2")),
        evidence=(HELD, denies),
        heard=(ELYSEE,),
    )
    text = as_text(render_root(view(known, was), "en", golden.ZONE))
    assert denies.text in text
    assert "(“cuộc điện đàm giữa" not in text, "a denial proves no call"
    assert "only" not in text, "who denies it spoke, too"
    assert "Shorter" not in text
    assert "this month" not in text


def test_days_that_disagree_are_told_unless_a_zone_explains_them() -> None:
    one = When(date="2026-05-04", text="ngày 4-5", evidence=HELD)
    other = When(date="2026-05-05", text="ngày 5-5", evidence=KEPT)
    sources = (paper(), paper("a2"))

    def text_of(*whens: When, **values: Any) -> str:
        return as_text(
            render_root(view(facts(MACRON, MERZ, whens=whens, **{"sources": sources, **values})), "en", "UTC")
        )

    assert "⚠ *When*: 4 May 2026, yet 5 May 2026\n" in text_of(one, other)
    assert "⚠" not in text_of(one, replace(other, zone="Asia/Tokyo"))
    assert "⚠" not in text_of(one, replace(other, date="2026-05-04"))
    assert "⚠" not in text_of(other, one, sources=PLAN_AND_CALL, date="2026-05-05"), "a plan is for another day"


def test_a_length_that_one_article_gives_without_its_speaker_keeps_him() -> None:
    clash = Contradiction(field="duration", values=("95", "over 90"))
    lengths = (LENGTHS[0], replace(LENGTHS[1], speaker=None), LENGTHS[1])
    known = facts(MACRON, MERZ, durations=lengths, contradictions=(clash,))
    assert "yet over 90 minutes (Kremlin)" in as_text(render_root(view(known), "en", golden.ZONE))


@pytest.mark.parametrize(
    ("thin", "days", "english"),
    [
        (False, 1, "the day after their last"),
        (False, 2, "2 days after their last"),
        (True, 1, "the day after the last in our record"),
        (True, 2, "2 days after the last in our record"),
    ],
)
def test_how_long_after_the_last(thin: bool, days: int, english: str) -> None:
    compared = Comparison(previous=LAST_YEAR, days=days, nth=2, coverage=replace(THICK, thin=thin))
    assert f"HELD · {english}\n" in as_text(render_root(view(facts(MACRON, MERZ), compared), "en", golden.ZONE))


@pytest.mark.parametrize(("sources", "what"), [((paper(),), "article"), ((paper(), paper("a2")), "call")])
def test_what_the_record_begins_with(sources: tuple[Source, ...], what: str) -> None:
    first = Comparison(coverage=Coverage(articles=0, months=0, thin=True))
    text = as_text(render_root(view(facts(MACRON, MERZ, sources=sources), first), "en", golden.ZONE))
    assert f"our record begins with this {what}\n" in text


def test_an_hour_is_converted_only_with_its_zone() -> None:
    hanoi = as_text(render_root(MESSAGE_2, "en", "Asia/Ho_Chi_Minh"))
    washington = as_text(render_root(MESSAGE_2, "en", "America/New_York"))
    assert "31 Dec 2021, 03:35 Hanoi time (30 Dec, 3:35 pm US Eastern; Reuters)" in hanoi
    assert "30 Dec 2021, 15:35 US time (Reuters)" in washington
    assert "held a call on 30 December, 50 minutes" in washington


LENGTHS = (
    Duration(minutes=95, bound="exact", text="95 phút", speaker=WHITE_HOUSE),
    Duration(minutes=90, bound="over", text="hơn 90 phút", speaker=KREMLIN),
)


@pytest.mark.parametrize(
    ("values", "english", "vietnamese"),
    [
        (("95", "over 90"), "95 minutes (White House), yet over 90 minutes (Kremlin)",
         "95 phút (Nhà Trắng), nhưng hơn 90 phút (Điện Kremlin)"),
        (("hơn 90 phút", "21:00–23:57"), "over 90 minutes, yet 21:00 to 23:57 is nearly 3",
         "hơn 90 phút, nhưng từ 21:00 đến 23:57 là gần 3 tiếng"),
    ],
)  # fmt: skip
def test_lengths_that_disagree_have_their_speakers_and_an_article_s_own_hours_its_own_length(
    values: tuple[str, str], english: str, vietnamese: str
) -> None:
    clash = Contradiction(field="duration", values=values)
    seen = replace(MESSAGE_6, facts=replace(MESSAGE_6.facts, durations=LENGTHS, contradictions=(clash,)))
    assert f"⚠ *Length*: {english}\n" in as_text(render_root(seen, "en", golden.ZONE))
    assert f"⚠ *Bao lâu*: {vietnamese}\n" in as_text(render_root(seen, "vi", golden.ZONE))


def test_held_and_denied_are_told_in_the_language_of_the_alert() -> None:
    clash = Contradiction(field="status", values=("held", "denied"))
    seen = view(facts(MACRON, MERZ, contradictions=(clash,)))
    assert "⚠ *Status*: held, yet denied\n" in as_text(render_root(seen, "en", golden.ZONE))
    assert "⚠ *Tình trạng*: đã diễn ra, nhưng bị bác bỏ\n" in as_text(render_root(seen, "vi", golden.ZONE))


def test_the_same_call_gives_the_same_message() -> None:
    assert render_root(MESSAGE_1, "vi", golden.ZONE) == render_root(MESSAGE_1, "vi", golden.ZONE)


def test_the_id_and_the_page_of_a_call_stand_in_its_root() -> None:
    shown = replace(view(facts(MACRON, MERZ)), shows_id=True, page_url="https://redphone.example/calls/c9")
    (line,) = [line for line in render_root(shown, "en", golden.ZONE).lines if line.kind == "sources"]
    assert line.text.endswith(" · all evidence · call c9")
    assert [span.url for span in line.spans if span.text == "all evidence"] == [shown.page_url]


@pytest.mark.parametrize(
    ("articles", "said"),
    [
        (4, "no UK–US call in our record; thin record, 4 earlier articles: no “first”"),
        (96, "no UK–US call among 96 earlier articles: no “first”"),
    ],
)
def test_a_record_of_many_articles_is_not_called_thin_for_telling_of_others(articles: int, said: str) -> None:
    assert MESSAGE_7.comparison is not None
    coverage = replace(MESSAGE_7.comparison.coverage, articles=articles)
    told = render_root(
        replace(MESSAGE_7, comparison=replace(MESSAGE_7.comparison, coverage=coverage)), "en", golden.ZONE
    )
    assert said in as_text(told)
