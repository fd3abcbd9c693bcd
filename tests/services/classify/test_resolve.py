"""What a phrase stands for: by name, by office and day, by what the article itself says."""

from __future__ import annotations

import datetime as dt

import pytest

from services.classify.entities import find_entities
from services.classify.leader import Leader, Resolved
from services.classify.lexicon import load_lexicon
from services.classify.normalize import fold
from services.classify.resolve import Resolver
from services.classify.words import cut_words


def resolved(text: str, day: str | None) -> list[Resolved]:
    """The phrases of a text for one leader each, resolved in their order; the first is the sentence's subject."""
    text = fold(text)
    entities = find_entities(text, cut_words(text, 0, len(text)), load_lexicon())
    resolver = Resolver(load_lexicon(), dt.date.fromisoformat(day) if day else None, entities)
    found: list[Resolved] = []
    for entity in entities:
        if entity.pair:
            found += resolver.pair(entity)
        else:
            found.append(resolver.resolve(entity, found[0] if found else None))
    return found


def leader(text: str, day: str | None) -> Leader:
    """The last phrase of a text, which must stand for a leader."""
    found = resolved(text, day)[-1]
    assert isinstance(found, Leader), found
    return found


@pytest.mark.parametrize(
    ("text", "day", "name"),
    [
        ("Tổng thống Mỹ", "2015-01-01", "Barack Obama"),
        ("Tổng thống Mỹ", "2019-01-01", "Donald Trump"),
        ("Tổng thống Mỹ", "2022-01-01", "Joe Biden"),
        ("Tổng thống Mỹ", "2025-06-01", "Donald Trump"),
        ("Thủ tướng Nhật Bản", "2016-05-01", "Shinzo Abe"),
        ("Thủ tướng Đức", "2023-05-01", "Olaf Scholz"),
        ("Lãnh đạo Trung Quốc", "2020-01-01", "Xi Jinping"),
        ("Chủ tịch nước", "2018-01-01", "Tran Dai Quang"),
        ("Tổng Bí thư", "2018-01-01", "Nguyen Phu Trong"),
        ("Thủ tướng", "2023-01-01", "Pham Minh Chinh"),
        ("Giáo hoàng", "2018-01-01", "Pope Francis"),
        ("Tổng thư ký NATO", "2020-01-01", "Jens Stoltenberg"),
        ("Tổng thống đắc cử Mỹ", "2020-12-01", "Joe Biden"),
        ("Tổng thống Mỹ", None, None),
        ("Thủ tướng Đức", "1950-01-01", None),
    ],
)
def test_an_office_stands_for_who_holds_it_on_the_day(text: str, day: str | None, name: str | None) -> None:
    assert leader(text, day).name == name


@pytest.mark.parametrize(
    ("text", "day", "names"),
    [
        ("lãnh đạo Mỹ - Hàn", "2018-05-01", ["Donald Trump", "Moon Jae-in"]),
        ("lãnh đạo Nga - Pháp", "2023-05-01", ["Vladimir Putin", "Emmanuel Macron"]),
        ("Tổng thống Nga và Ukraine", "2020-01-01", ["Vladimir Putin", "Volodymyr Zelensky"]),
    ],
)
def test_a_phrase_for_several(text: str, day: str, names: list[str]) -> None:
    assert [who.name for who in resolved(text, day) if isinstance(who, Leader)] == names


@pytest.mark.parametrize(
    ("text", "day", "name"),
    [
        ("Tổng thống Pháp Macron nói với người đồng cấp Ba Lan", "2023-01-01", "Andrzej Duda"),
        ("Tổng thống Pháp Macron nói với người đồng cấp Ba Lan Duda", "2023-01-01", "Andrzej Duda"),
        ("Tổng thống Pháp và người đồng cấp Nga", "2018-05-01", "Vladimir Putin"),
        ("Tổng thống Pháp Macron gặp Thủ tướng Đức Scholz. Ông", "2023-01-01", "Olaf Scholz"),
        ("Thủ tướng Italy Renzi gặp bà Merkel. Bà", "2015-03-01", "Angela Merkel"),
        ("Bà Merkel gặp Thủ tướng Italy Renzi. Bà", "2015-03-01", "Angela Merkel"),
        ("Nhà lãnh đạo Triều Tiên Kim Jong-un. Ông Kim", "2018-05-01", "Kim Jong-un"),
    ],
)
def test_what_takes_up_somebody_named_before(text: str, day: str, name: str) -> None:
    assert leader(text, day).name == name


@pytest.mark.parametrize(
    ("text", "day", "name"),
    [
        ("Tổng thống Nga Vladimir Puttin", "2022-01-01", "Vladimir Putin"),
        ("Tổng thống Mỹ Joe Baiden", "2022-01-01", "Joe Biden"),
        ("Tổng thống Pháp Emanuel Macrn", "2022-01-01", "Emmanuel Macron"),
        # one letter off, but of another country: a name of its own
        ("Tổng thống Peru Emanuel Macrn", "2022-01-01", "Emanuel Macrn"),
        # nobody whom the data know
        ("Thủ tướng Slovenia Nguyen Novak", "2022-01-01", "Nguyen Novak"),
        ("Thủ tướng Slovenia Nguyen Xyzov họp báo. Ông Xyzov", "2022-01-01", "Nguyen Xyzov"),
    ],
)
def test_misspelt_and_unknown_names(text: str, day: str, name: str) -> None:
    assert leader(text, day).name == name


def test_an_unknown_leader_has_the_country_and_office_of_the_article() -> None:
    who = leader("Thủ tướng Slovenia Nguyen Novak", "2022-01-01")
    assert (who.person, who.country, who.office) == (None, "SI", "prime_minister")


@pytest.mark.parametrize(
    ("text", "day", "capacity"),
    [
        ("Tổng thống đắc cử Mỹ Donald Trump", "2016-12-01", "elect"),
        ("ông Trump", "2016-12-01", "elect"),
        ("ông Trump", "2017-12-01", "full"),
        ("Quyền Tổng thống Hàn Quốc Hwang Kyo-ahn", "2017-04-01", "acting"),
    ],
)
def test_capacity(text: str, day: str, capacity: str) -> None:
    assert leader(text, day).capacity == capacity


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("cựu Tổng thống Mỹ Barack Obama", "2018-01-01"),
        ("ông Obama", "2018-01-01"),
        ("ông Trump", "2015-01-01"),
        ("Phó Tổng thống Mỹ Joe Biden", "2015-01-01"),
        ("Ngoại trưởng Pháp Le Drian gặp người đồng cấp Ba Lan", "2020-01-01"),
        ("người phát ngôn của Tổng thống Pháp", "2020-01-01"),
        ("Chủ tịch Samsung", "2023-01-01"),
        ("Tổng thống", "2023-01-01"),
        ("ông", "2023-01-01"),
        ("ông Trump", "2024-10-09"),
    ],
)
def test_who_is_no_leader_on_the_day(text: str, day: str) -> None:
    assert not isinstance(resolved(text, day)[-1], Leader)


@pytest.mark.parametrize(
    ("text", "office"),
    [
        ("Tổng thống Nga Putin, ông Tập Cận Bình", "president"),
        ("Tổng Bí thư, Chủ tịch Trung Quốc Tập Cận Bình", "president"),
        ("Tổng Bí thư Tập Cận Bình", "general_secretary"),
        ("ông Thongloun Sisoulith", "president"),
    ],
)
def test_without_a_day_a_leader_has_the_office_that_he_still_holds(text: str, office: str) -> None:
    assert leader(text, None).office == office


@pytest.mark.parametrize(
    ("text", "day", "second"),
    [
        ("Tổng Bí thư, Chủ tịch nước Tô Lâm", "2026-05-04", "general_secretary"),
        ("Tổng Bí thư, Chủ tịch nước Tô Lâm nói, Tổng Bí thư Tô Lâm", "2026-05-04", "president"),
        ("Tổng Bí thư, Chủ tịch nước Tô Lâm", "2025-06-04", None),
        ("Chủ tịch nước Tô Lâm", "2026-05-04", None),
        ("Tổng Bí thư, Chủ tịch nước Lào Thongloun Sisoulith", "2026-05-04", "general_secretary"),
    ],
)
def test_one_title_may_name_two_offices(text: str, day: str, second: str | None) -> None:
    text = fold(text)
    entities = find_entities(text, cut_words(text, 0, len(text)), load_lexicon())
    resolver = Resolver(load_lexicon(), dt.date.fromisoformat(day), entities)
    found = [resolver.resolve(entity) for entity in entities][-1]
    assert isinstance(found, Leader)
    assert resolver.participant(found).second_office == second


def test_without_a_day_the_leaders_named_together_tell_the_time() -> None:
    assert leader("Tổng thống Mỹ Barack Obama và Tổng thống Pháp", None).name == "François Hollande"
    assert leader("Tổng thống Mỹ Joe Biden và Tổng thống Pháp", None).name == "Emmanuel Macron"


def test_the_record_of_a_leader() -> None:
    text = fold("Tổng thống Phần Lan Sauli Niinistö")
    entities = find_entities(text, cut_words(text, 0, len(text)), load_lexicon())
    resolver = Resolver(load_lexicon(), dt.date(2022, 1, 1), entities)
    known = resolver.resolve(entities[0])
    assert isinstance(known, Leader)
    person = resolver.participant(known)
    assert (person.person, person.country, person.office) == ("sauli-niinisto", "FI", "president")
    unnamed = resolver.participant(Leader(country="FI"))
    assert (unnamed.name, unnamed.person, unnamed.surname) == (None, None, None)
