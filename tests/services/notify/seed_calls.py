"""The calls of the five seeds as records written by hand: what a careful reader would extract, and the history's view.

Every sentence is found in the seed's own text, so an evidence that is not there is an error. The golden messages show
what the renderer makes of them.
"""

from __future__ import annotations

import datetime as dt
import json
from functools import lru_cache
from pathlib import Path
from zoneinfo import ZoneInfo

from services.notify.layout import CallView, Edit
from shared.records import (
    Anchor,
    Brief,
    CallFacts,
    Change,
    Claim,
    Comparison,
    Contradiction,
    Coverage,
    Duration,
    Evidence,
    Initiator,
    Judgement,
    Outcome,
    Participant,
    Report,
    Source,
    Speaker,
    Topic,
    When,
)

SEEDS = Path(__file__).parents[3] / "seeds"
HANOI = ZoneInfo("Asia/Ho_Chi_Minh")

PUTIN = Participant(name="Vladimir Putin", country="RU", person="vladimir-putin", surname="Putin", office="president")
TRUMP = Participant(name="Donald Trump", country="US", person="donald-trump", surname="Trump", office="president")
BIDEN = Participant(name="Joe Biden", country="US", person="joe-biden", surname="Biden", office="president")
ZELENSKY = Participant(
    name="Volodymyr Zelensky", country="UA", person="volodymyr-zelensky", surname="Zelensky", office="president"
)
STARMER = Participant(
    name="Keir Starmer", country="GB", person="keir-starmer", surname="Starmer", office="prime_minister"
)

KREMLIN = Speaker(id="kremlin", text="Điện Kremlin", side="RU")
WHITE_HOUSE = Speaker(id="white_house", text="Nhà Trắng", side="US")
SAYS_TRUMP = Speaker(id="donald-trump", text="Trump", side="US")
SAYS_ZELENSKY = Speaker(id="volodymyr-zelensky", text="Zelensky", side="UA")
REUTERS = Speaker(id="reuters", text="Reuters")
RT = Speaker(id="rt", text="RT")
NBC = Speaker(id="nbc", text="NBC News")
GUARDIAN = Speaker(id="guardian", text="Guardian")
SPOKESMAN = Speaker(id="keir-starmer:spokesman", text="Starmer", side="GB", role="spokesman")


@lru_cache
def seed(number: str) -> tuple[str, str, dt.datetime]:
    """Id, text and time of publication of a seed."""
    path = next(SEEDS.glob(f"{number}_*.txt"))
    published = json.loads((SEEDS / "dates.json").read_text(encoding="utf-8"))[path.stem]["published_at"]
    return path.stem, path.read_text(encoding="utf-8"), dt.datetime.fromisoformat(published)


def says(number: str, start: str, end: str = "", field: str = "") -> Evidence:
    """The sentence of a seed from the words `start` to the words `end`."""
    article, text, _ = seed(number)
    first = text.index(start)
    last = text.index(end, first) + len(end) if end else first + len(start)
    return Evidence(field=field, part="text", start=first, end=last, text=text[first:last], article=article)


def source(number: str) -> Source:
    article, _, published = seed(number)
    return Source(article=article, published_at=published)


def published(number: str) -> dt.datetime:
    return seed(number)[2]


def thin(articles: int) -> Coverage:
    return Coverage(articles=articles, months=1, thin=True)


def topics(mode: str, speaker: Speaker | None, evidence: Evidence, *ids: str) -> tuple[Topic, ...]:
    """Topics that one sentence names; an id with a space is the article's own words."""
    return tuple(
        Topic(id=None if " " in name else name, text=name, mode=mode, speaker=speaker, evidence=evidence)  # type: ignore[arg-type]
        for name in ids
    )


# --- 003: 28 January 2017 ------------------------------------------------------------------------------------------

FIRST_2017 = says("003", "Ngày 28-1, lần đầu tiên", "nhậm chức.")
ABOUT_AN_HOUR = Duration(
    minutes=60,
    bound="about",
    text="khoảng 1 giờ",
    speaker=KREMLIN,
    evidence=says("003", "Theo thông báo của Điện Kremlin", "1 giờ."),
)
_GLOBAL = says("003", "Ngoài vấn đề Syria", "Israel-Ả Rập.")
_WHITE_HOUSE_2017 = says("003", "Nhà Trắng cũng cho biết", "hòa bình cho Syria.")
_RESULT = says("003", "Kết quả hữu hình nhất", "về Syria.")
_CONTACT = says("003", "Cả hai Tổng thống Putin và Trump thống nhất", "gặp nhau.")

CALL_2017 = CallFacts(
    participants=(PUTIN, TRUMP),
    status="held",
    news=True,
    channel="phone",
    date="2017-01-28",
    whens=(When(date="2017-01-28", text="Ngày 28-1", year_assumed=True, evidence=FIRST_2017),),
    durations=(ABOUT_AN_HOUR,),
    claims=(Claim(ordinal=1, text="lần đầu tiên", scope="ever", official=True, evidence=FIRST_2017),),
    topics=(
        *topics("reported", KREMLIN, says("003", "Điện Kremlin cho biết hai tổng thống", "hai bên."), "trade"),
        *topics("reported", KREMLIN, _GLOBAL, "ukraine", "iran_nuclear", "korean_peninsula", "israel_arab_conflict"),
        *topics("reported", WHITE_HOUSE, _WHITE_HOUSE_2017, "islamic_state", "syria_peace"),
    ),
    outcomes=(
        Outcome(kind="agreed", id="rebuild_relations", text="tái thiết quan hệ", mode="reported", evidence=_RESULT),
        Outcome(
            kind="agreed",
            id="cooperate_on",
            text="hợp tác về Syria",
            names=("Syria",),
            mode="reported",
            evidence=_RESULT,
        ),
        Outcome(kind="agreed", id="regular_contact", text="duy trì liên lạc", mode="reported", evidence=_CONTACT),
        Outcome(kind="agreed", id="work_towards_meeting", text="xúc tiến gặp nhau", mode="reported", evidence=_CONTACT),
    ),
    heard=(KREMLIN, WHITE_HOUSE),
    sources=(source("003"),),
)
MESSAGE_1 = CallView(
    call_id="c1",
    facts=CALL_2017,
    comparison=Comparison(coverage=thin(0), claim=CALL_2017.claims[0]),
    article_at=published("003"),
)

# --- 002: 30 December 2021 -----------------------------------------------------------------------------------------

_REUTERS_2021 = says("002", "Theo Reuters, cuộc điện đàm", "50 phút.")
_VIDEO = says("002", "Đầu tháng này, ông Biden", "Iran 2015.")
_AGENDA_2021 = says("002", "Mặc dù Nhà Trắng", "theo RT.")
_SECOND_2021 = says("002", "Đây là cuộc điện đàm thứ hai", "Thụy Sĩ.")
EASTERN = ZoneInfo("America/New_York")

CALL_2021 = CallFacts(
    participants=(BIDEN, PUTIN),
    status="held",
    news=True,
    channel="phone",
    date="2021-12-30",
    whens=(
        When(
            date="2021-12-30",
            text="3:35 chiều ngày thứ Năm (30/12, giờ miền Đông nước Mỹ)",
            day_part="afternoon",
            clock="15:35",
            zone="America/New_York",
            start=dt.datetime(2021, 12, 30, 15, 35, tzinfo=EASTERN),
            end=dt.datetime(2021, 12, 30, 16, 25, tzinfo=EASTERN),
            speaker=REUTERS,
            evidence=_REUTERS_2021,
        ),
    ),
    durations=(
        Duration(minutes=50, bound="exact", text="50 phút", speaker=REUTERS, evidence=_REUTERS_2021),
        Duration(
            minutes=60,
            bound="under",
            text="khoảng gần một giờ",
            evidence=says("002", "Tổng thống Mỹ Joe Biden và", "liên quan đến Ukraine."),
        ),
    ),
    claims=(
        Claim(ordinal=2, text="thứ hai … tháng Mười Hai này", scope="month", since="2021-12", evidence=_SECOND_2021),
    ),
    topics=(
        *topics(
            "announced",
            Speaker(id="white_house", text="Nhà Trắng", side="US", hedge="hinted"),
            _AGENDA_2021,
            "ukraine",
        ),
        *topics(
            "announced",
            Speaker(id="kremlin", text="phía Moscow", side="RU", via="rt"),
            _AGENDA_2021,
            "security_agreement",
        ),
    ),
    outcomes=(
        Outcome(
            kind="promised",
            id="conclusions_soon",
            text="sớm công bố bản kết luận",
            mode="announced",
            evidence=says("002", "Sau cuộc điện đàm, Nhà Trắng", "quan trọng này."),
        ),
        Outcome(
            kind="next_step",
            id="security_talks",
            text="Hội nghị an ninh Mỹ-Nga",
            place="Geneva",
            date="2022-01-10",
            mode="announced",
            evidence=says("002", "Hội nghị an ninh Mỹ-Nga", "10/1/2022."),
        ),
        Outcome(
            kind="next_step",
            id="without_presidents",
            text="không có sự góp mặt của hai vị tổng thống",
            mode="announced",
            evidence=says("002", "Theo RT, hội nghị này", "hai vị tổng thống."),
        ),
    ),
    heard=(REUTERS, RT),
    sources=(source("002"),),
)
MESSAGE_2 = CallView(
    call_id="c2",
    facts=CALL_2021,
    comparison=Comparison(
        previous=Brief(
            call_id="c0",
            participants=(BIDEN, PUTIN),
            date="2021-12-??",
            when_text="Đầu tháng này",
            channel="video",
            evidence=_VIDEO,
        ),
        nth=2,
        coverage=thin(1),
        claim=CALL_2021.claims[0],
        claim_agrees=True,
        topics_compared=True,
        changes=(
            Change(field="topics", kind="again", before="ukraine", after="ukraine"),
            Change(field="topics", kind="again", before="security_agreement", after="security_agreement"),
            Change(field="topics", kind="absent", before="cyber_security"),
            Change(field="topics", kind="absent", before="iran_nuclear"),
        ),
    ),
    article_at=published("002"),
)

# --- 001 and 004: 12 February 2025 ---------------------------------------------------------------------------------

_TOPICS_001 = says("001", "“Chúng tôi đã thảo luận", "viết.")
_AGREED_001 = says("001", "Cả hai nhà lãnh đạo", "xung đột Ukraine.")
_FIRST_001 = says("001", "Đây là cuộc tiếp xúc", "tháng 1.")
_SAUDI = says("001", "Ông Trump cũng đề xuất", "của mình.")
_NINETY = says("004", "Thông tin này được", 'vô nghĩa này".')
_INVITED = says("004", "Theo người phát ngôn Điện Kremlin", "hòa bình.")
_VISITS = says("004", "“Chúng tôi đã đồng ý hợp tác", "cho biết.")
_TEAM = says("004", "Tổng thống Mỹ khẳng định", "tích cực.")
TOPICS_001 = topics(
    "reported", SAYS_TRUMP, _TOPICS_001,
    "ukraine", "middle_east", "energy", "artificial_intelligence", "dollar_currency",
)  # fmt: skip
FIRST_SINCE_JANUARY = Claim(
    ordinal=1,
    text="tiếp xúc cấp cao chính thức đầu tiên",
    scope="since",
    since="2025-01",
    since_person="Trump",
    official=True,
    high_level=True,
    noun="contact",
    evidence=_FIRST_001,
)
STOP_CONFLICT = Outcome(
    kind="agreed", id="want_conflict_stopped", text="muốn ngừng xung đột", mode="reported", evidence=_AGREED_001
)
SAUDI = Outcome(
    kind="meeting",
    id="meet_proposed",
    text="Saudi Arabia là nơi tổ chức cuộc gặp đầu tiên",
    by="US",
    place="Saudi Arabia",
    mode="reported",
    evidence=_SAUDI,
)
INVITED = Outcome(
    kind="invited",
    id="invited",
    text="mời ông Trump tới Moskva",
    by="RU",
    place="Moskva",
    mode="reported",
    speaker=KREMLIN,
    evidence=_INVITED,
)
TEAMS_START = Outcome(
    kind="agreed", id="teams_start", text="bắt đầu ngay", mode="reported", speaker=SAYS_TRUMP, evidence=_VISITS
)
VISITS = Outcome(
    kind="agreed", id="mutual_visits", text="thăm viếng", mode="reported", speaker=SAYS_TRUMP, evidence=_VISITS
)
TEAM = Outcome(
    kind="next_step",
    id="negotiators",
    text="nhóm đàm phán",
    by="US",
    names=("Rubio", "Ratcliffe", "Waltz", "Witkoff"),
    mode="reported",
    speaker=SAYS_TRUMP,
    evidence=_TEAM,
)
NINETY = Duration(minutes=90, bound="exact", text="90 phút", speaker=SAYS_TRUMP, evidence=_NINETY)
THEN_2017 = Brief(call_id="c1", participants=(PUTIN, TRUMP), date="2017-01-28", channel="phone", duration=ABOUT_AN_HOUR)
THEN_2021 = Brief(call_id="c2", participants=(BIDEN, PUTIN), date="2021-12-30", channel="phone")
SINCE_2017 = Comparison(
    previous=THEN_2017,
    previous_of_countries=THEN_2021,
    nth=2,
    coverage=thin(2),
    claim=FIRST_SINCE_JANUARY,
    claim_agrees=True,
)
CALL_FEBRUARY = CallFacts(
    participants=(TRUMP, PUTIN),
    status="held",
    news=True,
    channel="phone",
    claims=(FIRST_SINCE_JANUARY,),
    topics=TOPICS_001,
    outcomes=(
        STOP_CONFLICT,
        Outcome(
            kind="agreed", id="talks_immediately", text="“ngay lập tức”", mode="reported", speaker=SAYS_TRUMP,
            evidence=_AGREED_001,
        ),
        SAUDI,
    ),
    evidence=(says("001", "cuộc điện đàm giữa Tổng thống Putin và Tổng thống Trump"),),
    heard=(SAYS_TRUMP, WHITE_HOUSE),
    sources=(source("001"),),
)  # fmt: skip
MESSAGE_3 = CallView(call_id="c3", facts=CALL_FEBRUARY, comparison=SINCE_2017, article_at=published("001"))

CALL_FEBRUARY_TWO = CallFacts(
    participants=(TRUMP, PUTIN),
    status="held",
    news=True,
    channel="phone",
    durations=(NINETY,),
    claims=(FIRST_SINCE_JANUARY,),
    topics=TOPICS_001,
    outcomes=(STOP_CONFLICT, TEAMS_START, VISITS, INVITED, SAUDI),
    heard=(SAYS_TRUMP, WHITE_HOUSE, KREMLIN),
    sources=(source("001"), source("004")),
)
UPDATE_REPORT = Report(
    participants=(TRUMP, PUTIN),
    status="held",
    news=True,
    channel="phone",
    durations=(NINETY,),
    outcomes=(TEAMS_START, INVITED, VISITS, TEAM),
    heard=(SAYS_TRUMP, KREMLIN),
)
MESSAGE_4 = CallView(call_id="c3", facts=CALL_FEBRUARY_TWO, comparison=SINCE_2017, article_at=published("001"))
JUDGEMENT_4 = Judgement(
    verdict="update",
    call_id="c3",
    reason="adds a length and outcomes",
    changes=(
        Change(field="duration", kind="new", after="90", evidence=(_NINETY,)),
        Change(field="outcomes", kind="new", after="invited", evidence=(_INVITED,)),
        Change(field="outcomes", kind="new", after="teams_start", evidence=(_VISITS,)),
        Change(field="outcomes", kind="new", after="mutual_visits", evidence=(_VISITS,)),
        Change(field="outcomes", kind="new", after="negotiators", evidence=(_TEAM,)),
        Change(field="heard", kind="new", after="RU", evidence=(_INVITED,)),
    ),
    agreed=("same persons",),
)

# --- 004: Trump and Zelensky ---------------------------------------------------------------------------------------

_ZELENSKY = says("004", "Trước đó, cùng ngày", "Volodymyr Zelensky.")
_STEPS = says("004", "Ông Zelensky xác nhận", "cho Ukraine.")
_MUNICH = says("004", "Để thúc đẩy tiến trình này", "thảo luận.")
CALL_ZELENSKY = CallFacts(
    participants=(TRUMP, ZELENSKY),
    status="held",
    news=True,
    channel="phone",
    whens=(When(text="Trước đó, cùng ngày", evidence=_ZELENSKY),),
    anchors=(
        Anchor(relation="same_day", participants=(PUTIN, TRUMP), text="cùng ngày", evidence=_ZELENSKY),
        Anchor(relation="before", participants=(PUTIN, TRUMP), text="trước đó", firm=False, evidence=_ZELENSKY),
    ),
    topics=topics("reported", SAYS_ZELENSKY, _STEPS, "ending_conflict", "một nền hòa bình bền vững cho Ukraine"),
    outcomes=(
        Outcome(
            kind="meeting", id="officials_meet", text="sẽ trực tiếp gặp", by="US", place="Munich", date="2025-02-14",
            names=("Vance", "Rubio"), mode="announced", evidence=_MUNICH,
        ),
    ),
    heard=(SAYS_ZELENSKY, SAYS_TRUMP),
    sources=(source("004"),),
)  # fmt: skip
MESSAGE_5 = CallView(
    call_id="c4", facts=CALL_ZELENSKY, comparison=Comparison(coverage=thin(3)), article_at=published("004")
)

# --- 000: 18 and 17 March 2025 -------------------------------------------------------------------------------------

_STARTED = says("000", "Theo Hãng tin Reuters", "Donald Trump.")
_ENDED = says("000", "Khoảng 23h57", "kết thúc.")
_LENGTH = says("000", "Cuộc gọi kéo dài hơn một tiếng rưỡi.")
_AGENDA_2025 = says("000", "Phát biểu trước thềm", "thảo luận”.")
_SECOND_2025 = says("000", "Đây là cuộc điện đàm thứ hai", "tháng 1-2025.")
_BOTH = says("000", "Người phát ngôn Điện Kremlin nhấn mạnh", "cả hai bên.")
_FEBRUARY = says("000", "Cuộc điện đàm đầu tiên diễn ra", "“về không”.")
OVER_NINETY = Duration(minutes=90, bound="over", text="hơn một tiếng rưỡi", speaker=NBC, evidence=_LENGTH)
CALL_MARCH = CallFacts(
    participants=(PUTIN, TRUMP),
    status="held",
    news=True,
    channel="phone",
    date="2025-03-18",
    whens=(
        When(
            date="2025-03-18",
            text="khoảng 21h tối 18-3 (giờ Việt Nam)",
            day_part="evening",
            clock="21:00",
            zone="Asia/Ho_Chi_Minh",
            start=dt.datetime(2025, 3, 18, 21, 0, tzinfo=HANOI),
            start_about=True,
            end_reported=dt.datetime(2025, 3, 18, 23, 57, tzinfo=HANOI),
            end_about=True,
            end_speaker=NBC,
            end_evidence=_ENDED,
            speaker=REUTERS,
            evidence=_STARTED,
        ),
    ),
    durations=(OVER_NINETY,),
    initiators=(Initiator(side="both", how="requested", speaker=KREMLIN, evidence=_BOTH),),
    claims=(
        Claim(
            ordinal=2, text="thứ hai … kể từ khi ông Trump nhậm chức", scope="since", since="2025-01",
            since_person="Trump", evidence=_SECOND_2025,
        ),
    ),
    topics=topics("announced", KREMLIN, _AGENDA_2025, "normalising_relations", "ukraine"),
    outcomes=(
        Outcome(
            kind="meeting", id="delegations_met", text="Phái đoàn của hai nước cũng đã gặp mặt", place="Saudi Arabia",
            mode="reported", evidence=says("000", "Phái đoàn của hai nước", "vấn đề Ukraine."),
        ),
        Outcome(
            kind="stated", id="meeting_not_ruled_out", text="không loại trừ khả năng", mode="reported",
            evidence=says("000", "Thậm chí, lãnh đạo hai nước", "thời gian tới."),
        ),
    ),
    contradictions=(
        Contradiction(
            field="duration", values=("hơn một tiếng rưỡi", "21:00–23:57"), evidence=(_LENGTH, _STARTED, _ENDED)
        ),
    ),
    heard=(REUTERS, NBC),
    sources=(source("000"),),
)  # fmt: skip
MESSAGE_6 = CallView(
    call_id="c5",
    facts=CALL_MARCH,
    comparison=Comparison(
        previous=Brief(
            call_id="c3", participants=(PUTIN, TRUMP), date="2025-02-12", duration=NINETY, evidence=_FEBRUARY
        ),
        days=34,
        nth=3,
        coverage=thin(4),
        claim=CALL_MARCH.claims[0],
        claim_agrees=True,
        topics_compared=True,
        length="longer",
        changes=(
            Change(field="topics", kind="new", after="normalising_relations"),
            Change(field="topics", kind="again", before="ukraine", after="ukraine"),
            *(
                Change(field="topics", kind="absent", before=name)
                for name in ("middle_east", "energy", "artificial_intelligence", "dollar_currency")
            ),
        ),
    ),
    article_at=published("000"),
)

_STARMER = says("000", "Theo báo Guardian", "ông Putin.")
_WILLING = says("000", "Người phát ngôn của ông Starmer", "hôm 15-3”.")
_PEACE = says("000", "Ông Starmer cũng", "lâu dài”.")
_TRADE = says("000", "Hai nhà lãnh đạo còn", "của Mỹ.")
CALL_STARMER = CallFacts(
    participants=(STARMER, TRUMP),
    status="held",
    news=True,
    channel="phone",
    date="2025-03-17",
    whens=(When(date="2025-03-17", text="tối 17-3", day_part="evening", speaker=GUARDIAN, evidence=_STARMER),),
    anchors=(Anchor(relation="just_before", participants=(PUTIN, TRUMP), text="ngay trước khi", evidence=_STARMER),),
    topics=(
        *topics("reported", SPOKESMAN, _WILLING, "coalition_of_the_willing"),
        *topics("reported", SPOKESMAN, _PEACE, "just_lasting_peace"),
        *topics("reported", None, _TRADE, "trade", "houthis_yemen"),
    ),
    heard=(GUARDIAN, SPOKESMAN),
    sources=(source("000"),),
)
MESSAGE_7 = CallView(
    call_id="c6", facts=CALL_STARMER, comparison=Comparison(coverage=thin(4)), article_at=published("000")
)

# --- 8: the February call after the replay -------------------------------------------------------------------------

MESSAGE_8 = CallView(
    call_id="c3",
    facts=CallFacts(
        participants=(TRUMP, PUTIN),
        status="held",
        news=True,
        channel="phone",
        date="2025-02-12",
        whens=(When(date="2025-02-12", text="hôm 12-2", evidence=_FEBRUARY),),
        durations=(NINETY,),
        claims=(
            FIRST_SINCE_JANUARY,
            Claim(
                ordinal=1, text="chính thức đầu tiên … trong ba năm qua", scope="after_gap", days=1095, official=True,
                noun="contact", evidence=_FEBRUARY,
            ),
        ),
        topics=TOPICS_001,
        outcomes=(STOP_CONFLICT, TEAMS_START, VISITS, INVITED, SAUDI),
        heard=(SAYS_TRUMP, WHITE_HOUSE, KREMLIN),
        sources=(source("001"), source("004"), source("000")),
    ),
    comparison=Comparison(
        previous=THEN_2017,
        previous_of_countries=THEN_2021,
        days=2937,
        nth=2,
        coverage=thin(2),
        claim=FIRST_SINCE_JANUARY,
        claim_agrees=True,
    ),
    article_at=published("001"),
    edits=(
        Edit(published("004"), ("length", "Moscow", "Kremlin")),
        Edit(published("000"), ("day",)),
    ),
)  # fmt: skip

DERIVED = CallView(
    call_id="c4",
    facts=CallFacts(
        participants=(TRUMP, ZELENSKY),
        status="held",
        news=True,
        date="2025-02-12",
        date_derived="cùng ngày",
        date_clues=(says("004", "cùng ngày"), says("000", "hôm 12-2")),
        anchors=CALL_ZELENSKY.anchors,
        sources=(source("004"), source("000")),
    ),
    comparison=Comparison(coverage=thin(3)),
    article_at=published("004"),
)

ROOTS: dict[str, CallView] = {
    "1-putin-trump-2017": MESSAGE_1,
    "2-biden-putin-2021": MESSAGE_2,
    "3-putin-trump-february": MESSAGE_3,
    "5-trump-zelensky": MESSAGE_5,
    "6-putin-trump-march": MESSAGE_6,
    "7-starmer-trump": MESSAGE_7,
    "8-putin-trump-february-edited": MESSAGE_8,
    "derived-day": DERIVED,
}
