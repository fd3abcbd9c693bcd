"""A label says no more than its phrases: a word of a label needs a word in every phrase that can print it.

`PROOF` is a small glossary, written by hand: an English word of a label and the Vietnamese that may prove it.
"""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from importlib.resources import files

import pytest

#: An English word of a label and what may prove it. Whole words; case does not count.
PROOF = {
    "Houthis?": "houthi",
    "Red Sea": "biển đỏ",
    "Black Sea": "biển đen",
    "Caspian": "caspi|caspian",
    "Azov": "azov",
    "Aegean": "aegean",
    "South China Sea": "biển đông",
    "East China Sea": "hoa đông",
    "Strait": "eo biển",
    "Suez": "suez",
    "Gaza": "gaza|ga-da",
    "Hamas": "hamas",
    "Hezbollah": "hezbollah",
    "Taliban": "taliban",
    "Mosul": "mosul",
    "Wagner": "wagner",
    "THAAD": "thaad|phòng thủ tên lửa tầm cao",
    "S-400": "s-?400",
    "F-35": "f-?35",
    "AUKUS": "aukus",
    "Qatar": "qatar",
    "Kazakhstan": "kazakhstan",
    "CSTO": "csto|hiệp ước an ninh tập thể",
    "Tigray": "tigray",
    "Ethiopia": "ethiopia",
    "Transnistria": "transnistria|pridnestrovie",
    "Moldova": "moldova",
    "Iran": "iran",
    "Syria": "syria|xy-ri|xi-ri",
    "Palestine|Palestinian": "palestine",
    "Mueller": "mueller",
    "Biden": "biden",
    "Navalny": "navalny",
    "Uyghurs?": "duy ngô nhĩ",
    "Tibet": "tây tạng",
    "NATO": "nato",
    "WHO": "who|y tế thế giới",
    "guarantees?": "đảm bảo|bảo đảm",
    "losses": "thiệt hại|tổn thất",
    "casualties": "thương vong",
    "lasting": "lâu dài|bền vững|lâu bền",
    "just": "công bằng",
    "peace": "hòa bình|hoà bình|hòa đàm",
    "talks": "đàm phán|hòa đàm|thảo luận",
    "process": "tiến trình",
    "agreements?": "thỏa thuận|thoả thuận|hiệp định|fta",
    "initiative": "sáng kiến",
    "commitments?": "cam kết",
    "war": "chiến tranh|cuộc chiến|thế chiến|tù binh",
    "conflict": "xung đột",
    "tensions": "căng thẳng",
    "ceasefire": "ngừng bắn|ngưng bắn",
    "truce": "đình chiến|hưu chiến",
    "hostages": "con tin",
    "journalist": "nhà báo",
    "sailors": "thủy thủ",
    "children": "trẻ em",
    "settlements": "định cư",
    "refugees": "tị nạn|tỵ nạn",
    "immigration": "nhập cư",
    "missiles?": "tên lửa|icbm",
    "nuclear": "hạt nhân|nguyên tử",
    "submarines?": "tàu ngầm",
    "embargo": "cấm vận",
    "espionage": "gián điệp|do thám",
    "earthquake": "động đất",
    "visas": "thị thực",
    "tourism": "du lịch",
    "education": "giáo dục",
    "global": "toàn cầu",
    "multilateral": "đa phương",
    "multilateralism": "đa phương",
    "international": "quốc tế|thế giới|icc|hình sự",
    "regional": "khu vực",
    "bilateral": "song phương",
    "strategic": "chiến lược",
    "summit": "thượng đỉnh",
    "meeting": "gặp",
    "visits": "thăm",
    "call": "điện đàm",
    "presidents": "tổng thống",
    "leaders": "lãnh đạo",
    "delegations": "phái đoàn",
    "teams": "đội|nhóm",
    "proposes": "đề xuất|đề nghị",
    "invitation": "lời mời",
    "invited": "mời",
    "conclusions": "kết luận",
    "statement": "tuyên bố",
    "promised": "sẽ|hứa|cam kết",
    "regular": "thường xuyên",
    "immediately|at once": "ngay",
    "closely": "chặt chẽ",
    "contact": "liên lạc|tiếp xúc",
    "hotline": "đường dây nóng",
    "restore|restoring": "khôi phục|nối lại|tái lập",
    "rebuild": "tái thiết|xây dựng lại",
    "improve": "cải thiện",
    "strengthen": "tăng cường",
    "deepen": "sâu sắc",
    "promote": "thúc đẩy",
    "coordinate": "phối hợp",
    "cooperate": "hợp tác",
    "prepare": "chuẩn bị",
    "arrange": "thu xếp",
    "ruled out": "loại trừ",
    "want": "muốn",
    "settling": "giải quyết",
    "prisoners?": "tù",
}
ROWS = [
    (row["name_en"], row["name_vi"], row["phrases"]) if name == "topics" else (row["en"], row["vi"], row["phrases"])
    for name in ("topics", "outcomes")
    for row in csv.DictReader(io.StringIO((files("shared") / "data" / f"{name}.csv").read_text(encoding="utf-8")))
]


def unproven(label: str, phrases: str) -> list[tuple[str, str]]:
    """Words of a label that a phrase of its row does not hold."""
    return [
        (word, phrase)
        for word, proof in PROOF.items()
        if holds(word, label)
        for phrase in phrases.split("|")
        if not holds(proof, phrase)
    ]


def holds(words: str, text: str) -> bool:
    """Whether one of these words stands in a text."""
    return re.search(rf"(?<!\w)(?:{words})(?!\w)", unicodedata.normalize("NFC", text), re.I) is not None


@pytest.mark.parametrize(("en", "vi", "phrases"), ROWS, ids=[en for en, _, _ in ROWS])
def test_every_phrase_proves_the_words_of_its_labels(en: str, vi: str, phrases: str) -> None:
    """In English, and in Vietnamese where the label holds a word of the glossary's right side."""
    assert unproven(en, phrases) == []
    said = [proof for proof in PROOF.values() if holds(proof, vi)]
    assert [(proof, p) for proof in said for p in phrases.split("|") if not holds(proof, p)] == []


@pytest.mark.parametrize(
    ("label", "phrases"),
    [
        ("Houthis, Red Sea", "lực lượng Houthi"),
        ("stop the conflict, reduce losses", "ngừng xung đột"),
        ("security guarantees", "thỏa thuận an ninh"),
        ("peace talks", "tiến trình hòa bình"),
        ("{by} proposes to meet", "nơi tổ chức cuộc gặp"),
    ],
)
def test_a_label_that_says_more_is_caught(label: str, phrases: str) -> None:
    assert unproven(label, phrases)


def test_every_word_of_the_glossary_is_printed_somewhere() -> None:
    labels = "\n".join(en for en, _, _ in ROWS)
    assert [word for word in PROOF if not holds(word, labels)] == []
