"""The first look at an article: most of the day's news holds no word that a call is told with, and needs no reading.

One pass finds all keys at once (Aho and Corasick, 1975). The keys are what every cue of `data/cues.csv` holds, so
that no call slips; most lack their first letter, which may be a capital.
"""

from __future__ import annotations

from functools import lru_cache
from itertools import chain

from ahocorasick_rs import AhoCorasick, Implementation

from services.classify.normalize import plain_text

#: Who reads one of these reads of a call, or of something that is told like one.
STRONG_KEYS = frozenset(
    (
        *("iện đàm", "iệm đàm", "àm thoại", "uộc gọi", "ú gọi", "ú điện thoại"),
        *("ọi điện", "ọi cho", "ọi tới", "ọi đến", "ọi lần lượt"),
        *("ọi lại cho", "ọi ngay cho", "ọi riêng cho", "ọi trực tiếp cho", "ọi khẩn cho", "ọi thẳng cho"),
        *("ọi thông báo cho", "ọi báo cho"),
        *("hấc điện thoại", "ấm điện thoại", "ấm máy", "hấc máy", "ốc máy", "ghe máy", "ắt máy", "ối máy"),
        *("gác máy", "cúp máy"),
        *("ừa điện cho", "ã điện cho", "ẽ điện cho", "ũng điện cho"),
        *("dây nóng", "dây bảo mật", "dây an toàn", "dây mật", "dây điện thoại", "dây điện đàm"),
        *("dây liên lạc", "dây trực tiếp", "dây đặc biệt", "dây bí mật", "trên đường dây với", "trên đường dây cùng"),
        *("điện cho Tổng", "điện cho tổng", "điện cho Thủ", "điện cho thủ", "điện cho Chủ", "điện cho chủ"),
        *("điện cho Quốc vương", "điện cho người đồng cấp", "ang trên đường dây"),
    )
)
#: Words of all kinds of news: they count only beside a word for a leader.
WEAK_KEYS = frozenset(
    (
        *("qua điện thoại", "bằng điện thoại", "trên điện thoại", "iện thoại với", "iện thoại cho", "iện thoại của"),
        *("iện thoại chúc", "iện thoại chia", "iện thoại thăm", "iện thoại hỏi", "iện thoại để"),
        *("ói chuyện với", "ói chuyện riêng với", "ói chuyện trực tiếp với", "uộc trao đổi", "uộc trò chuyện"),
        *("iện thoại mừng", "phút điện thoại", "giờ điện thoại", "tiếng điện thoại"),
        *("iện thoại từ", "uộc điện thoại", "huyện điện thoại", "iện thoại trực tiếp"),
        *("qua video", "ọi video", "ghị video", "ọp video", "đàm video", "bằng video", "đổi video", "đỉnh video"),
        *("ideo call", "liên kết video"),
        *("truyền hình trực", "cầu truyền hình", "qua truyền hình", "ghị truyền hình"),
        *("đàm trực tuyến", "ọp trực tuyến", "ghị trực tuyến", "đỉnh trực tuyến", "đổi trực tuyến"),
        *("huyện trực tuyến", "kiến trực tuyến", "gặp trực tuyến", "ọi trực tuyến", "thức trực tuyến"),
        *("nối trực tuyến", "bên trực tuyến", "diễn ra trực tuyến", "luận trực tuyến"),
        *("hận điện", "ghe điện", "ời điện", "qua màn hình", "qua Zoom", "qua kết nối"),
        *("đàm có hình", "huyện có hình", "đổi có hình", "luận có hình", "thoại có hình"),
        *("đàm từ xa", "huyện từ xa", "đổi từ xa", "luận từ xa", "ọp từ xa", "ghị từ xa", "gặp từ xa"),
    )
)
LEADER_KEYS = (
    *("ổng thống", "hủ tướng", "hủ tịch", "ãnh đạo", "guyên thủ", "uốc vương", "hái tử", "iáo hoàng"),
    *("ổng thư ký", "ổng Bí thư", "ổng bí thư", "hà vua", "hật hoàng"),
    *("Putin", "Trump", "Biden", "Macron", "Zelensky"),
)
#: What a text may hold that is not in one spelling: marks that stand alone, and characters that nobody sees.
_MARKS = frozenset(
    (
        *("\u0301", "\u0300", "\u0302", "\u031b", "\u0306", "\u0309", "\u0323"),
        *("\u00ad", "\u200b", "\u200c", "\u200d", "\u2060", "\ufeff", "\u00a0", "\u202f", "\u2009", "\t"),
    )
)
#: A headline may be set in capitals, which the keys are not.
_HEADLINE = 200


@lru_cache(maxsize=1)
def _automaton() -> AhoCorasick:
    keys = sorted(chain(STRONG_KEYS, WEAK_KEYS, _MARKS))
    return AhoCorasick(keys, implementation=Implementation.DFA)


def _keys_in(text: str) -> set[str]:
    return set(_automaton().find_matches_as_strings(text, overlapping=True))


def may_hold_call(text: str) -> bool:
    """Whether a raw text can hold a call at all; one pass over it, which lets no call slip."""
    found = _keys_in(text)
    if not found.isdisjoint(_MARKS):
        text = plain_text(text)
        found = _keys_in(text)
    if not found.isdisjoint(STRONG_KEYS) or text[:_HEADLINE].partition("\n")[0].isupper():
        return True
    return not found.isdisjoint(WEAK_KEYS) and may_name_leader(text)


def may_name_leader(text: str) -> bool:
    """Whether a text holds a word for a leader, or one of the names that headlines give bare."""
    return any(key in text for key in LEADER_KEYS)
