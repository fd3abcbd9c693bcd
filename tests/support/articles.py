"""An article page around the shape that a test is about."""

from __future__ import annotations

PARAGRAPHS = [
    "Tổng thống Phần Lan hôm 4/5 điện đàm với Thủ tướng Ấn Độ trong khoảng 40 phút, theo văn phòng tổng thống.",
    "Hai bên nhất trí nối lại đàm phán thương mại, vốn đã dừng từ năm ngoái vì bất đồng về thuế nông sản.",
    "“Chúng tôi muốn có kết quả trước mùa thu”, ông nói với báo giới ở Helsinki sau cuộc điện đàm.",
]


def around(shape: str, *, last: bool = False) -> bytes:
    """The page of an article of three paragraphs, with the shape after the first or after the last."""
    first, *rest = (f"<p>{paragraph}</p>" for paragraph in PARAGRAPHS)
    told = "".join([first, *rest, shape] if last else [first, shape, *rest])
    return (
        "<!DOCTYPE html><html><head><title>Tin</title></head><body><div class='menu'><a href='/'>Trang chủ</a></div>"
        f"<article class='fck_detail'>{told}</article><footer>Bản quyền thuộc về tòa soạn</footer></body></html>"
    ).encode()
