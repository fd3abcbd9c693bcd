"""One name for one thing, in both languages; the data files are checked row by row."""

from __future__ import annotations

from pathlib import Path

import pytest

from shared.names import (
    CAPACITIES,
    LANGUAGES,
    SLOT,
    Language,
    NamesError,
    alphabetical,
    fill,
    load_names,
    quoted,
    read_names,
)
from shared.records import Outcome, Participant, Speaker, Topic

NAMES = load_names()
OFFICES = [
    # the glossary's rows
    ("president", "RU", "full", "Russian President", "Tổng thống Nga"),
    ("president", "VN", "full", "Vietnamese State President", "Chủ tịch nước Việt Nam"),
    ("president", "CN", "full", "Chinese President", "Chủ tịch Trung Quốc"),
    ("president", "CU", "full", "Cuban President", "Chủ tịch Cuba"),
    ("president", "TW", "full", "Taiwan's leader", "Nhà lãnh đạo Đài Loan"),
    ("president", "KP", "full", "North Korean leader", "Nhà lãnh đạo Triều Tiên"),
    ("general_secretary", "KP", "full", "North Korean leader", "Nhà lãnh đạo Triều Tiên"),
    ("general_secretary", "VN", "full", "General Secretary of the Communist Party of Vietnam", "Tổng Bí thư Việt Nam"),
    ("chancellor", "DE", "full", "German Chancellor", "Thủ tướng Đức"),
    ("prime_minister", "DE", "full", "German Chancellor", "Thủ tướng Đức"),
    ("prime_minister", "AT", "full", "Austrian Chancellor", "Thủ tướng Áo"),
    ("prime_minister", "CN", "full", "Chinese Premier", "Thủ tướng Trung Quốc"),
    ("prime_minister", "GB", "full", "UK Prime Minister", "Thủ tướng Anh"),
    ("monarch", "JP", "full", "Emperor of Japan", "Nhật hoàng"),
    ("monarch", "QA", "full", "Qatari Emir", "Quốc vương Qatar"),
    ("monarch", "JO", "full", "Jordanian King", "Quốc vương Jordan"),
    ("crown_prince", "SA", "full", "Saudi Crown Prince", "Thái tử Ả Rập Saudi"),
    ("supreme_leader", "IR", "full", "Iranian Supreme Leader", "Lãnh tụ tối cao Iran"),
    ("chief_executive", "HK", "full", "Hong Kong Chief Executive", "Trưởng đặc khu Hong Kong"),
    ("council_president", "EU", "full", "European Council President", "Chủ tịch Hội đồng châu Âu"),
    ("commission_president", "EU", "full", "European Commission President", "Chủ tịch Ủy ban châu Âu"),
    ("secretary_general", "UN", "full", "UN Secretary-General", "Tổng thư ký Liên hợp quốc"),
    ("pope", "VA", "full", "Pope", "Giáo hoàng"),
    ("president", "US", "elect", "US President-elect", "Tổng thống đắc cử Mỹ"),
    ("president", "KR", "acting", "South Korean acting President", "Quyền Tổng thống Hàn Quốc"),
    ("prime_minister", "BD", "interim", "Bangladeshi interim Prime Minister", "Thủ tướng lâm thời Bangladesh"),
]


@pytest.mark.parametrize(("office", "country", "capacity", "english", "vietnamese"), OFFICES)
def test_offices(office: str, country: str, capacity: str, english: str, vietnamese: str) -> None:
    assert NAMES.title(office, country, capacity, "en") == english
    assert NAMES.title(office, country, capacity, "vi") == vietnamese


@pytest.mark.parametrize(
    ("country", "english", "vietnamese"),
    [
        (
            "VN",
            "General Secretary of the Communist Party of Vietnam and State President",
            "Tổng Bí thư, Chủ tịch nước Việt Nam",
        ),
        ("CN", "Chinese President", "Chủ tịch Trung Quốc"),
    ],
)
def test_two_offices_of_one_person(country: str, english: str, vietnamese: str) -> None:
    assert NAMES.title("president", country, "full", "en", "general_secretary") == english
    assert NAMES.title("president", country, "full", "vi", "general_secretary") == vietnamese


def test_every_office_has_a_default_in_both_languages() -> None:
    for office in {office for office, _ in NAMES.offices if "+" not in office}:  # two in one are of one country
        for capacity in CAPACITIES:
            assert all(NAMES.title(office, "FR", capacity, language) for language in LANGUAGES)


XI = Participant(name="Xi Jinping", country="CN", surname="Xi", name_vi="Tập Cận Bình", office="president")
CHINH = Participant(name="Phạm Minh Chính", country="VN", surname="Phạm", office="prime_minister")
NOBODY = Participant(name=None, country="JP", office="prime_minister")


@pytest.mark.parametrize(
    ("person", "language", "short", "full"),
    [
        (XI, "en", "Xi", "Chinese President Xi Jinping"),
        (XI, "vi", "Tập Cận Bình", "Chủ tịch Trung Quốc Tập Cận Bình"),
        (CHINH, "en", "Phạm Minh Chính", "Vietnamese Prime Minister Phạm Minh Chính"),
        (NOBODY, "en", "the Japanese side", "Japanese Prime Minister (not named)"),
        (NOBODY, "vi", "phía Nhật Bản", "Thủ tướng Nhật Bản (không nêu tên)"),
        (Participant(name="A B", country="ZZ"), "en", "A B", "A B"),
    ],
)
def test_people(person: Participant, language: Language, short: str, full: str) -> None:
    assert NAMES.short(person, language) == short
    assert NAMES.full(person, language) == full


def test_order_is_by_surname_without_marks_and_the_nameless_last() -> None:
    people = [Participant(name=n, country="XX", surname=n) for n in ("Orbán", "Đặng", "Erdoğan", "Öcalan")]
    assert [p.surname for p in alphabetical((NOBODY, *people))] == ["Đặng", "Erdoğan", "Öcalan", "Orbán", None]


@pytest.mark.parametrize(
    ("topic", "english", "vietnamese"),
    [
        (Topic(id="trade", text="", mode="reported", between=("GB", "US")), "UK–US trade", "thương mại Anh – Mỹ"),
        (
            Topic(id="trade_agreement", text="", mode="reported", proposed_by="CL"),
            "trade agreement proposed by Chile",
            "thỏa thuận thương mại do Chile đề xuất",
        ),
        (
            Topic(id="trade_agreement", text="", mode="reported", proposed_by="US"),
            "trade agreement proposed by the US",
            "thỏa thuận thương mại do Mỹ đề xuất",
        ),
    ],
)
def test_a_topic_is_named_with_whose_it_is(topic: Topic, english: str, vietnamese: str) -> None:
    assert (NAMES.topic(topic, "en"), NAMES.topic(topic, "vi")) == (english, vietnamese)


def test_what_the_data_do_not_know_is_given_back_in_its_own_words() -> None:
    stranger = Speaker(id="x", text="báo Ví Dụ")
    assert NAMES.topic(Topic(id=None, text="giá gạo", mode="reported"), "en") == "“giá gạo”"
    assert NAMES.topic(Topic(id="no_such_topic", text="giá gạo", mode="reported"), "vi") == "“giá gạo”"
    assert NAMES.speaker(stranger, "en") == "báo Ví Dụ"
    assert NAMES.speaker(Speaker(id="x", text="phía Berlin", side="DE"), "en") == "German side"
    assert NAMES.country("ZZ", "en") == "ZZ"
    assert NAMES.place("Chiêm Hóa", "en") == "Chiêm Hóa"
    assert NAMES.outcome(Outcome(kind="agreed", text="", mode="reported"), "en", {}) is None


def test_a_country_is_a_place() -> None:
    assert [NAMES.place(name, "en") for name in ("Triều Tiên", "Bắc Hàn", "Thụy Sĩ")] == [
        *("North Korea", "North Korea"),
        "Switzerland",
    ]


def test_one_matter_is_told_once_and_not_beside_what_goes_beyond_it() -> None:
    told = [
        Outcome(kind="agreed", id=name, text=name or "", mode="reported")
        for name in ("talks_immediately", "regular_contact", "teams_start", "negotiate_at_once", None, "work_closely")
    ]
    assert [outcome.id for outcome in NAMES.told_once(told)] == ["regular_contact", "teams_start", None, "work_closely"]
    assert [outcome.id for outcome in NAMES.told_once(told[:2])] == ["talks_immediately", "regular_contact"]


@pytest.mark.parametrize("spelling", ["Moskva", "Matxcơva", "Mátxcơva", "Moscow", "MOSCOW"])
def test_one_place_many_spellings(spelling: str) -> None:
    assert (NAMES.place(spelling, "en"), NAMES.place(spelling, "vi")) == ("Moscow", "Moskva")


@pytest.mark.parametrize(
    ("template", "values", "text"),
    [
        ("{by} invited {other}[ to {place}]", {"by": "A", "other": "B", "place": "C"}, "A invited B to C"),
        ("{by} invited {other}[ to {place}]", {"by": "A", "other": "B"}, "A invited B"),
        ("{by} invited {other}", {"by": "A", "other": ""}, None),
        ("plain", {}, "plain"),
        ("{by}", {"by": "{other} [x]"}, "{other} [x]"),  # what is filled in is never read again
    ],
)
def test_fill(template: str, values: dict[str, str], text: str | None) -> None:
    assert fill(template, values) == text


def test_both_languages_ask_for_the_same_values() -> None:
    for outcome, row in NAMES.outcomes.items():
        english, vietnamese = (set(SLOT.findall(template)) for template in row.template)
        assert english == vietnamese, outcome
        assert row.slot in {"agreed", "length", "next", "since", "status"}, outcome


def test_no_name_is_empty() -> None:
    for table in (NAMES.countries, NAMES.topics, NAMES.speakers, NAMES.places):
        assert all(english and vietnamese for english, vietnamese in table.values())


def test_quotation_marks_are_set_once() -> None:
    assert quoted('"giá gạo"') == quoted("“giá gạo”") == "“giá gạo”"


@pytest.mark.parametrize("broken", ["country,name_en\nRU", "country,name_en\n,Nga\n", "country\nRU,Nga\n"])
def test_a_row_that_does_not_fit_its_header_is_named(tmp_path: Path, broken: str) -> None:
    (tmp_path / "countries.csv").write_text(broken, encoding="utf-8")
    with pytest.raises(NamesError, match=r"countries\.csv line 2"):
        read_names(tmp_path)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(NamesError, match=r"countries\.csv"):
        read_names(tmp_path)
