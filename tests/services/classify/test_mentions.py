"""Noun phrases: who is named in which words, and where the phrase ends."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.classify.entities import find_entities
from services.classify.entity import Entity
from services.classify.lexicon import load_lexicon
from services.classify.normalize import fold
from services.classify.words import cut_words


def phrases(text: str) -> list[tuple[str, Entity]]:
    text = fold(text)
    return [(text[e.start : e.end], e) for e in find_entities(text, cut_words(text, 0, len(text)), load_lexicon())]


def whole(text: str) -> Entity:
    """The one phrase that a text is."""
    ((words, entity),) = phrases(text)
    assert words == fold(text)
    return entity


@pytest.mark.parametrize(
    ("text", "countries", "persons"),
    [
        ("Tổng thống Ba Lan", ("PL",), ()),
        ("tổng thống nước Pháp", ("FR",), ()),
        ("Tổng thống Pháp Emmanuel Macron", ("FR",), ("emmanuel-macron",)),
        ("Tổng thống của Pháp Emmanuel Macron", ("FR",), ("emmanuel-macron",)),
        ("Thủ tướng Đức Olaf Scholz", ("DE",), ("olaf-scholz",)),
        ("Tân Thủ tướng Nhật Bản Sanae Takaichi", ("JP",), ("sanae-takaichi",)),
        ("Tổng thống đương nhiệm Ba Lan", ("PL",), ()),
        ("Quốc vương Jordan Abdullah II", ("JO",), ("abdullah-ii",)),
        ("Chủ tịch Trung Quốc Tập Cận Bình", ("CN",), ("xi-jinping",)),
        ("Tổng thư ký NATO Mark Rutte", ("NATO",), ("mark-rutte",)),
        ("Tổng Bí thư, Chủ tịch nước Tô Lâm", (), ("to-lam",)),
        ("người đồng cấp Ba Lan Andrzej Duda", ("PL",), ("andrzej-duda",)),
        ("ông Macron", (), ("emmanuel-macron",)),
        ("Macron", (), ("emmanuel-macron",)),
        ("TT Macron", (), ("emmanuel-macron",)),
        ("bà Thái", (), ("tsai-ing-wen",)),
        # an apposition is one phrase, on either side
        ("Tổng thống Chile, ông Gabriel Boric", ("CL",), ("gabriel-boric",)),
        ("ông Gabriel Boric, tổng thống Chile", ("CL",), ("gabriel-boric",)),
        ("Thủ tướng kiêm Bộ trưởng Ngoại giao Qatar", ("QA",), ()),
        ("Tổng thống thứ 44 của Mỹ Barack Obama", ("US",), ("barack-obama",)),
    ],
)
def test_leaders(text: str, countries: tuple[str, ...], persons: tuple[str, ...]) -> None:
    entity = whole(text)
    assert (entity.kind, entity.countries, tuple(dict.fromkeys(entity.persons))) == ("leader", countries, persons)


@pytest.mark.parametrize(
    ("text", "name", "countries"),
    [
        ("Thủ tướng Slovenia Nguyen Novak", "Nguyen Novak", ("SI",)),
        ("Tổng thống Pháp Emanuel Makron", "Emanuel Makron", ("FR",)),
        ("Phó Tổng thống Mỹ Kamala Harris", "Kamala Harris", ("US",)),
        ("Ngoại trưởng Nga Sergey Lavrov", "Sergey Lavrov", ("RU",)),
    ],
)
def test_names_that_the_data_do_not_know_are_kept_as_printed(text: str, name: str, countries: tuple[str, ...]) -> None:
    assert (whole(text).name, whole(text).countries, whole(text).persons) == (name, countries, ())


@pytest.mark.parametrize(
    "text",
    [
        "Phó Tổng thống Mỹ Kamala Harris",
        "Ngoại trưởng Nga Sergey Lavrov",
        "Chủ tịch Quốc hội Trần Thanh Mẫn",
        "Chủ tịch Fed Jerome Powell",
        "chủ tịch tập đoàn Samsung",
        "lãnh đạo đảng đối lập",
        "người phát ngôn của Tổng thống Pháp",
        "phu nhân Tổng thống Pháp",
        "đặc phái viên của Tổng thống Mỹ",
        "cựu Tổng thống Mỹ Barack Obama",
        "ứng cử viên tổng thống Mỹ",
    ],
)
def test_who_is_no_leader(text: str) -> None:
    assert whole(text).kind == "nonleader"


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("hai nhà lãnh đạo", "group"),
        ("lãnh đạo hai nước", "group"),
        ("hai bên", "group"),
        ("ba nhà lãnh đạo", "group3"),
        ("hai ngoại trưởng", "nongroup"),
        ("ông", "pronoun"),
        ("Ivanka Trump", "name"),
        ("Hà Lan", "country"),
        ("Nhà Trắng", "country"),
    ],
)
def test_other_phrases(text: str, kind: str) -> None:
    assert whole(text).kind == kind


@pytest.mark.parametrize(
    ("text", "countries"),
    [
        ("lãnh đạo Mỹ - Hàn", ("US", "KR")),
        ("lãnh đạo Mỹ và Hàn Quốc", ("US", "KR")),
        ("Tổng thống Nga và Ukraine", ("RU", "UA")),
        ("lãnh đạo Pháp, Đức và Italy", ("FR", "DE", "IT")),
    ],
)
def test_several_leaders_in_one_phrase(text: str, countries: tuple[str, ...]) -> None:
    assert whole(text).pair
    assert whole(text).countries == countries


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("Tổng thống Nga và Tổng thống Pháp", ["Tổng thống Nga", "Tổng thống Pháp"]),
        ("Trump và Putin", ["Trump", "Putin"]),
        ("Thủ tướng Đức Merz, Tổng thống Pháp Macron", ["Thủ tướng Đức Merz", "Tổng thống Pháp Macron"]),
        ("lần thứ hai ông Macron gọi", ["ông Macron"]),
        ("Đại sứ Nga tại Anh", ["Đại sứ Nga", "Anh"]),
    ],
)
def test_where_one_phrase_ends_and_the_next_begins(text: str, parts: list[str]) -> None:
    assert [words for words, _ in phrases(text)] == parts


@pytest.mark.parametrize(
    ("text", "capacity"),
    [
        ("Tổng thống đắc cử Mỹ Donald Trump", "elect"),
        ("quyền Tổng thống Peru", "acting"),
        ("Thủ tướng lâm thời Bangladesh", "acting"),
        ("cựu Tổng thống Mỹ Barack Obama", "former"),
        ("Tổng thống Peru", "full"),
    ],
)
def test_in_which_capacity(text: str, capacity: str) -> None:
    assert whole(text).capacity == capacity


def test_a_name_is_read_only_with_its_capitals() -> None:
    assert phrases("đồ mỹ nghệ, hàng anh em, tiếng pháp, chữ hàn") == []


SOME = (
    "Tổng thống Thủ tướng cựu ông bà hai nhà lãnh đạo Pháp Mỹ - Hàn và của , ( ) Macron Trump Jr. Novak đồng cấp người"
)


@settings(deadline=None)
@given(st.lists(st.sampled_from(SOME.split(" ")), max_size=14).map(" ".join) | st.text(max_size=60))
def test_phrases_stand_in_their_places(text: str) -> None:
    found = [e for _, e in phrases(text)]
    assert all(0 <= e.start < e.end <= len(text) for e in found)
    assert all(a.end <= b.start for a, b in pairwise(found))
