"""What the benchmark's newspapers print: sentences, and article pages with the furniture of real ones. All of it is
synthetic; the same number gives the same article for ever. Pure. Their feeds are in :mod:`benchmarks.newsfeeds`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from random import Random
from typing import NamedTuple

_SUBJECTS = (
    "Bộ trưởng Tài chính", "Hội đồng thành phố", "Cơ quan khí tượng", "Nhóm nghiên cứu", "Liên đoàn bóng đá",
    "Ngân hàng trung ương", "Công ty đường sắt", "Người phát ngôn", "Tòa án tối cao", "Hãng hàng không",
)  # fmt: skip
_VERBS = (
    "công bố",
    "đề nghị",
    "bác bỏ",
    "xem xét",
    "thông qua",
    "hoãn",
    "khởi động",
    "điều tra",
    "ủng hộ",
    "cảnh báo về",
)
_OBJECTS = (
    "kế hoạch cải tạo bến cảng", "mức thuế mới với hàng nhập khẩu", "đợt nắng nóng kéo dài", "thỏa thuận ngừng bắn",
    "dự án đường sắt cao tốc", "kết quả bầu cử sơ bộ", "chương trình tiêm chủng", "gói hỗ trợ nông dân",
    "cuộc diễn tập chung trên biển", "lịch thi đấu của mùa giải mới",
)  # fmt: skip
_TAILS = (
    "sau nhiều tuần thảo luận", "theo một thông cáo phát đi sáng nay", "trong bối cảnh giá năng lượng tăng",
    "dù một số nghị sĩ phản đối", "trước khi kỳ nghỉ hè bắt đầu", "với sự tham gia của năm nước láng giềng",
)  # fmt: skip


#: Who signs an article, one of these under each: names alone, and the agencies that it was written after.
_SIGNED = (
    "Theo Minh Anh / Tuổi Trẻ", "<strong>Vũ Anh</strong> (Theo <em>Reuters, AFP</em>)", "<b>Theo Reuters</b>",
    "(Theo AFP)", "Huyền Lê <em>(theo CNN)</em>", "Theo VOV, Sputnik",
    "Theo <em>Nguyễn Nam</em> (<em>VietnamPlus</em>)", "Bảo Châu (Theo Kyodo News, Guardian)",
    "TTXVN/Vietnam+", "Minh Anh (tổng hợp)",
)  # fmt: skip
#: What only looks so, the last words of an article: one of these in each.
_UNSIGNED = (
    "Theo Reuters, đàm phán sẽ nối lại vào mùa thu.", "“Nguyễn An”", "Hai bên chưa thống nhất (theo Reuters)",
    "Theo Bộ Ngoại giao Nga", "Theo đó, hai bên tiếp tục đàm phán",
)  # fmt: skip
_HEADINGS = ("Tin liên quan", "Tin bài liên quan", "Tin, bài cùng chuyên mục")


def sentence(number: int, salt: int = 0) -> str:
    """A Vietnamese sentence of some fifteen words."""
    chance = Random(number * 1_000_003 + salt)
    parts = (chance.choice(words) for words in (_SUBJECTS, _VERBS, _OBJECTS, _TAILS))
    return " ".join(parts) + f", số {number}."


def text(number: int, sentences: int, salt: int = 0) -> str:
    """Several of them."""
    return " ".join(sentence(number, salt + place) for place in range(1, sentences + 1))


class Page(NamedTuple):
    """An article page: its HTML, the words that are the article's own, and what must not come through."""

    html: str
    article: str
    teasers: tuple[str, ...]


def page(number: int, selector_class: str, size: int = 138_000, told: str | None = None) -> Page:
    """A page of about `size` characters with menus, captions, teasers of many shapes, "Xem thêm", author lines and
    tags, and an article with points, photo credits and a quotation under a picture, and short lines at its end, also
    such as only look like an author's. `told`: what it says before all else."""
    closing = ["Ba điểm được nhất trí là:", "Ngừng bắn trong 30 ngày", "Trao đổi tù binh", "Nối lại đàm phán"]
    closing.append(_UNSIGNED[number % len(_UNSIGNED)])
    points = [f"► {sentence(number, 300)}", f"“Chúng tôi {sentence(number, 301)[:-1].lower()}”, ông nói."]
    paragraphs = [*([told] if told else []), *(text(number, 4, salt) for salt in range(0, 200, 20)), *points, *closing]
    teasers = tuple(f"{sentence(number + 7000 + place)[:-1]} khiến dư luận chú ý" for place in range(22))
    body = [f'<p class="Normal">{paragraph}</p>' for paragraph in paragraphs]
    body[2] = body[2].replace("</p>", f" <a href='/9'>Xem thêm: {teasers[10]}</a></p>")
    body[4] = body[4].replace("</p>", f"<br>&gt;&gt; <a href='/9'>{teasers[11]}</a></p>")
    body[6] = body[6].replace("</p>", " (Ảnh: Reuters)</p>")
    quoted = next(place for place, line in enumerate(body) if "“Chúng tôi" in line)
    body[quoted] = f"<figure><img src='f.jpg'><figcaption>Ảnh: AFP</figcaption></figure><p><em>{points[1]}</em></p>"
    body.insert(1, f'<figure><img src="a.jpg"><figcaption>Toàn cảnh bến cảng {number}. Ảnh: AFP</figcaption></figure>')
    body.insert(3, f"<p><a href='/1'>{teasers[0]}</a></p>")
    body.insert(5, f"<p>&gt;&gt; Xem thêm: {teasers[1]}</p>")
    body.insert(7, f'<div class="box-relate"><h3>Tin liên quan</h3><a href="/2">{teasers[2]}</a></div>')
    body.insert(9, f"<p><b><a href='/6'>{teasers[6]}</a></b></p>")
    body.insert(11, f"<p>- <a href='/7'>{teasers[7]}</a></p>")
    body.insert(13, f"<p><img src='b.jpg'></p><p><em>Bến cảng {number} nhìn từ trên cao, tháng trước.</em></p>")
    body += _more_furniture(number, teasers)
    body.append(f"<p>Xem thêm: {teasers[3]}</p>")
    body.append(f"<p>Xem thêm <a href='/8'>{teasers[8]}</a></p><p>Đọc thêm {teasers[9]}</p>")
    body.append('<p class="author_mail" style="text-align:right"><strong>Nguyễn Văn An</strong></p>')
    body.append(f'<p style="text-align:right">{_SIGNED[number % len(_SIGNED)]}</p><p>minhanh@baoa.example</p>')
    body.append('<div class="box-tags">Tags: <a>kinh tế</a> <a>thế giới</a></div>')
    menu = "".join(f'<li class="menu-item"><a href="/muc-{n}">Chuyên mục {n}</a></li>' for n in range(120))
    aside = "".join(f'<li><a href="/{n}" title="{teasers[4]}">{teasers[4 + n % 2]}</a></li>' for n in range(60))
    head = "<!DOCTYPE html><html><head><meta charset='utf-8'><title>Tin</title>"
    main = f"<h1>{sentence(number)}</h1><article class='{selector_class}'>{''.join(body)}</article>"
    rest = f"<div class='sidebar'><ul>{aside}</ul></div><footer>Bản quyền thuộc về tòa soạn</footer></body></html>"
    filler = max(0, size - len(head) - len(main) - len(rest) - len(menu))
    script = f"<script>var ads = '{'x' * (filler // 2)}';</script>"
    # the other half is what stands under articles: boxes with pictures, headlines and leads of other articles
    boxes = "".join(_box(number + 9000 + place) for place in range(filler // 2 // len(_box(number + 9000))))
    html = (
        f"{head}{script}</head><body><nav><ul>{menu}</ul></nav>{main}<section class='list-news'>{boxes}</section>{rest}"
    )
    return Page(html, "\n".join(paragraphs), teasers)


def _more_furniture(number: int, teasers: Sequence[str]) -> list[str]:
    """Boxes and captions under classes of no meaning, and what announces itself by words."""
    link = f'<a href="/{number}">{{}}</a>'
    return [
        f'<div class="zq"><h3>{link.format(teasers[12])}</h3><p>{teasers[13]}.</p></div>',
        f'<div class="zq"><div>{link.format("<img src=c.jpg>")}</div><div>{link.format(teasers[14])}'
        f'<p class="s">{teasers[15]}.</p></div></div>',
        f"<p>Tham khảo: {teasers[16]}</p><p>Bài đọc nhiều: {teasers[17]}</p>",
        f"<ul><li>{link.format(teasers[18])} <span>12/03/2026</span></li></ul>",
        f"<p><strong>{_HEADINGS[number % len(_HEADINGS)]}</strong></p><ul><li>{teasers[19]}</li></ul>",
        f"<table class='zq'><tr><td><img src='d.jpg'></td></tr><tr><td>{teasers[20]}</td></tr></table>",
        f"<p><img src='e.jpg'></p><p style='text-align:center'>{teasers[21]}.</p>",
    ]


def _box(number: int) -> str:
    link = f'<a href="/tin-tuc-{number}.html" title="{sentence(number)}">'
    picture = (
        f'<div class="thumb-art">{link}<picture><img loading="lazy" src="/{number}.jpg" alt=""></picture></a></div>'
    )
    lead = f'<p class="description">{link}{sentence(number, 1)}</a></p>'
    return f'<div class="item-news"><h3 class="title-news">{link}{sentence(number)}</a></h3>{picture}{lead}</div>'


def token_f1(found: str, wanted: str) -> float:
    """Harmonic mean of precision and recall over words, each counted as often as it stands there."""
    have, want = Counter(found.split()), Counter(wanted.split())
    both = (have & want).total()
    return 2 * both / (have.total() + want.total()) if have or want else 1.0
