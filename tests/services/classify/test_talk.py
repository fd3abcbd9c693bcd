"""Who talks to whom where a sentence does not say it in so many words."""

from __future__ import annotations

import pytest

from services.classify.lexicon import load_lexicon
from services.classify.reading import read_article
from services.classify.written import written_of
from shared.records import Article
from tests.support.telling import pairs, told

RUTO, MACRON = "Tổng thống Kenya William Ruto", "Tổng thống Pháp Emmanuel Macron"
SHARIF, MODI = "Thủ tướng Pakistan Shehbaz Sharif", "Thủ tướng Ấn Độ Narendra Modi"


@pytest.mark.parametrize(
    ("text", "calls"),
    [
        (f"{RUTO} điện đàm với {MACRON}, {MODI} và một số lãnh đạo khác.", ["FR-KE", "IN-KE"]),
        (f"{RUTO} điện đàm với {MACRON}, {MODI} và một số bộ trưởng phản đối.", ["FR-KE", "IN-KE"]),
        (f"{RUTO} điện đàm với {MACRON}, {MODI} phản đối.", ["FR-KE"]),
        (f"{RUTO} có cuộc điện đàm thẳng thắn và rất cởi mở với {MACRON}.", ["FR-KE"]),
        (f"{RUTO} có cuộc điện đàm với Ngoại trưởng Nga và gặp gỡ với {MACRON}.", []),
        (f"{RUTO} trong cuộc điện đàm sau đó với {MACRON} nhắc tới hạn hán.", ["FR-KE"]),
        (f'{RUTO} viết: "Tôi vừa có cuộc điện đàm với người bạn tốt của mình, {MACRON}".', ["FR-KE"]),
        (f'{RUTO} viết: "Tôi vừa có cuộc điện đàm với người bạn thời niên thiếu ở Eldoret".', []),
        (f"Cuộc điện đàm của {RUTO}, {MACRON} và {MODI} bàn về nợ.", ["FR-IN-KE"]),
        ("Cuộc gọi báo trước rạn nứt của lãnh đạo Kenya - Pháp.", ["FR-KE"]),
        (f"Tổng thống Các Tiểu vương quốc Ả Rập Thống nhất (UAE) Mohammed bin Zayed gọi điện cho {RUTO}.", ["AE-KE"]),
        (f"{RUTO} gọi điện cho đương kim Tổng thống Pháp Emmanuel Macron.", ["FR-KE"]),
        (f"{RUTO} gọi lần lượt cho hai ông Emmanuel Macron và Narendra Modi.", ["FR-KE", "IN-KE"]),
        (f"{RUTO} điện đàm với hai người đồng cấp Macron và Putin hôm qua.", ["FR-KE", "KE-RU"]),
        (f"{RUTO} điện đàm với {MACRON} và đồng ý gặp lãnh đạo các nước láng giềng.", ["FR-KE"]),
        (f"{RUTO} điện đàm với lãnh đạo các nước láng giềng, gồm cả {MACRON}.", []),
        (f"Sau khi dự hội nghị cấp cao APEC, {RUTO} nói chuyện trực tuyến với {MACRON}.", ["FR-KE"]),
        (f"Tại hội nghị cấp cao APEC, {RUTO} nói chuyện trực tuyến với {MACRON}.", []),
        (
            f"{MODI} về nước. {RUTO} sẽ gặp {MACRON}, một quan chức xác nhận hôm 13/5. Hai nhà lãnh đạo từng điện đàm.",
            ["FR-KE"],
        ),
        (
            f"{MODI} về nước. {RUTO} sẽ gặp {MACRON}. Một bộ trưởng chờ họ hôm 13/5. Hai nhà lãnh đạo từng điện đàm.",
            [],
        ),
        (f"{RUTO} từ chuyên cơ Không lực Một gọi điện cho {MACRON}.", ["FR-KE"]),
        (f"{RUTO} dừng cuộc họp với {MODI} và bảy lãnh đạo châu Phi để gọi cho {MACRON}.", ["FR-KE"]),
        (f"{MODI} và bảy lãnh đạo châu Phi chờ {RUTO}. Họ muốn ông gọi cho người dân.", []),
        (f"{RUTO} điện đàm với {MACRON} trong khoảng nửa tiếng rồi với {MODI}.", ["FR-KE", "IN-KE"]),
        (f"{RUTO} điện đàm với {MACRON} trong khoảng nửa tiếng rồi gặp {MODI}.", ["FR-KE"]),
        (
            f"{RUTO} có hàng loạt cuộc điện đàm hôm qua. Cụ thể, ông trao đổi với {MACRON}, {SHARIF} và {MODI}.",
            ["FR-KE", "KE-PK", "IN-KE"],
        ),
        (f"{RUTO} có hàng loạt cuộc điện đàm hôm qua. Cụ thể, ông trao đổi với {MACRON}.", []),
        (f"{RUTO} có hàng loạt cuộc gặp hôm qua. Cụ thể, ông trao đổi với {MACRON} và {MODI}.", []),
        (f"{RUTO} và {MODI} đã thảo luận về nợ với {MACRON} trong cuộc hội đàm trực tuyến.", ["FR-IN-KE"]),
        (f"{RUTO} và {MODI} đã thảo luận về nợ với báo giới trước cuộc hội đàm trực tuyến.", ["IN-KE"]),
        (f"{RUTO} điện đàm với {MACRON} và hẹn gặp nhau tại hội nghị thượng đỉnh G20.", ["FR-KE"]),
        (
            f"{RUTO} nói chuyện qua điện thoại với {MACRON} và hai ông sẽ gặp nhau tại hội nghị thượng đỉnh G20.",
            ["FR-KE"],
        ),
        (
            f"{RUTO} điện đàm với {MACRON} và {MODI}. {SHARIF} cũng gọi cho cả hai nhà lãnh đạo.",
            ["FR-KE", "IN-KE", "FR-PK", "IN-PK"],
        ),
        (
            f"{RUTO} nói chuyện điện thoại với {MACRON} giữa lúc châu Phi nhắc tới xung đột Ấn Độ - Pakistan. "
            "Đây là lần đầu lãnh đạo hai nước điện đàm trong năm nay.",
            ["FR-KE"],
        ),
        (f"Theo Jambo, quyết định được đưa ra trong một cuộc gọi hôm qua của {RUTO} với {MACRON}.", ["FR-KE"]),
        (f"{RUTO} họp nội các. Theo Jambo, mọi việc được định đoạt trong một cuộc gọi với {MACRON}.", ["FR-KE"]),
        (f'"{MACRON} ĐÃ GỌI cho tôi hôm nay để chúc mừng", {RUTO} viết. Nợ gọi điện là hết.', ["FR-KE"]),
        (f"Bằng chuyên cơ Không lực Một, {RUTO} lần lượt gọi điện cho {MACRON} và {MODI}.", ["FR-KE", "IN-KE"]),
        (f"{RUTO} gọi điện nói chuyện với các thủ tướng Ấn Độ và Pakistan.", ["IN-KE", "KE-PK"]),
        (f"{RUTO} gọi điện nói về các thủ tướng Ấn Độ và Pakistan.", []),
        (f"15 phút điện thoại giữa {RUTO} và {MACRON} làm nên chuyện.", ["FR-KE"]),
        (f"15 phút điện thoại di động giữa {RUTO} và {MACRON} làm nên chuyện.", []),
        (f"{RUTO} chờ {MACRON} và {MODI}. Tối qua, ba lãnh đạo trao đổi qua video về chè.", ["FR-IN-KE"]),
        (f"{RUTO} chờ {MACRON}, {SHARIF} và {MODI}. Tối qua, ba lãnh đạo trao đổi qua video về chè.", []),
        (f"{RUTO} điện thoại mừng {MODI} thắng cử.", ["IN-KE"]),
        (f"{RUTO} mua điện thoại tặng {MODI}.", []),
        (
            f"{RUTO} về. Trong cuộc điện đàm hôm qua với {MACRON}, hai bên nói về Delhi, nơi {MODI} nghỉ.",
            ["FR-KE"],
        ),
        (f"{RUTO} về nước. Trong cuộc điện đàm hôm qua với {MACRON}, {MODI} nói về Delhi.", ["FR-IN"]),
        (f"{RUTO} gọi điện thúc {MACRON} giảm nợ.", ["FR-KE"]),
        (f"{RUTO} gọi điện thúc các chủ nợ chờ {MACRON}.", []),
        (f'{RUTO} điện đàm với "người bạn" {MACRON}.', ["FR-KE"]),
        (f'"Tôi chờ", {RUTO} trả lời khi được hỏi về {MODI}. Ông cũng đã điện đàm với {MACRON}.', ["FR-KE"]),
        (f"{RUTO} điện đàm với {MACRON}. Trong đêm 1/5, chính một cuộc gọi video đã cứu mùa chè.", ["FR-KE"]),
        (f"{RUTO} vừa điện đàm với {MACRON} và sau đó là {MODI}.", ["FR-KE", "IN-KE"]),
        (f"{RUTO} vừa điện đàm với {MACRON} và sau đó gặp {MODI}.", ["FR-KE"]),
        ("Lãnh đạo Kenya, Pháp và Ấn Độ đạt thỏa thuận trong cuộc điện đàm ba bên.", ["FR-IN-KE"]),
        ("Lãnh đạo Kenya, Pháp và Ấn Độ đạt thỏa thuận trước vòng đàm phán ba bên.", []),
        (f"{RUTO} điện đàm với {MODI} về lễ tang mà hai ông đều dự.", ["IN-KE"]),
        (f"{RUTO} điện đàm với {MODI} trước khi lãnh đạo EU chiều nay họp qua video.", ["IN-KE"]),
        (f'{RUTO} nói ông chờ {MODI}. {MACRON} viết: "Tôi vừa gọi cho {SHARIF}".', ["FR-PK"]),
        (f"{RUTO} điện đàm với {MODI} và những cuộc điện đàm khác nhau về chè nối nhau.", ["IN-KE"]),
    ],
)
def test_whom_a_list_or_a_phrase_names(text: str, calls: list[str]) -> None:
    assert pairs(told(text)) == calls


@pytest.mark.parametrize(
    ("text", "calls"),
    [
        ("Ngoại trưởng Kenya và người đồng cấp Pháp trong cuộc điện đàm hôm qua bàn về cuộc gặp giữa {0} và {1}.", []),
        ("{0} và {1} trong cuộc điện đàm hôm qua đã bàn về cuộc gặp của Ngoại trưởng Kenya.", ["FR-KE"]),
        ("Cuộc điện đàm diễn ra hôm qua giữa Cố vấn an ninh Kenya và Cố vấn an ninh Pháp. Hai bên bàn về cuộc gặp giữa "
         "{0} và {1}. Cuộc điện đàm kéo dài 40 phút.", []),
        ("Trong cuộc điện đàm hôm qua, {0} đã nhắc lại với {1} rằng biên giới vẫn mở.", ["FR-KE"]),
        ("Một cố vấn rời bàn tiệc, mở hồ sơ và gọi điện đến hai thủ đô trong khi {0} và {1} đọc tuyên bố.", []),
        ("Bộ trưởng nói Tổng thống đã nói chuyện điện thoại với {1} bốn hoặc năm lần. {0} vui mừng.", []),
        ("Trong cuộc điện đàm hôm qua với Ngoại trưởng Peru, {0} nói sẽ gặp {1}.", []),
    ],
)  # fmt: skip
def test_a_call_of_officials_is_not_that_of_the_leaders_of_whom_they_talk(text: str, calls: list[str]) -> None:
    assert pairs(told(text.format(RUTO, MACRON))) == calls


@pytest.mark.parametrize(
    ("text", "calls"),
    [
        (f"Giao tranh giữa Ấn Độ và Pakistan lan rộng. {RUTO} sẽ gọi điện cho thủ tướng hai nước.", ["IN-KE", "KE-PK"]),
        (f"{RUTO} sẽ gọi điện cho thủ tướng hai nước để chấm dứt xung đột giữa Ấn Độ và Pakistan.", ["IN-KE", "KE-PK"]),
        (f"{RUTO} sẽ gọi điện cho thủ tướng hai nước.", []),
        (
            f"{RUTO} hôm 14/5 nói với {MACRON} về chè. Trong cuộc điện đàm, lãnh đạo hai nước cũng mong phe đối lập "
            f"Syria đối thoại dưới sự bảo trợ của Liên Hợp Quốc.",
            ["FR-KE"],
        ),
    ],
)
def test_the_leaders_of_two_countries_that_the_text_names(text: str, calls: list[str]) -> None:
    assert sorted(pairs(told(text))) == calls


@pytest.mark.parametrize(
    ("text", "calls"),
    [
        (f'"Hạn hán lan rộng. Tôi sẽ gọi điện cho {MODI}. Chúng tôi cần nước", ông Ruto nói tại Nairobi.', ["IN-KE"]),
        (f'"Hạn hán lan rộng. Tôi sẽ gọi điện cho {MODI}. Chúng tôi cần nước."\nÔng Ruto nói tại Nairobi.', []),
    ],
)
def test_who_speaks_in_a_quotation_of_several_sentences(text: str, calls: list[str]) -> None:
    title = "Ông Macron gặp Tổng thống Kenya William Ruto"
    assert [pair for pair in pairs(told(text, title=title)) if pair == "IN-KE"] == calls


@pytest.mark.parametrize(
    ("text", "calls"),
    [
        (f"{RUTO} và {MACRON} dự lễ. Sau đó ông gọi điện cho {MODI}.", ["IN-KE"]),
        (f"{RUTO} gặp {MACRON}. Theo một quan chức, chuyến đi có sau cuộc điện đàm giữa ông và {MODI}.", ["IN-KE"]),
        (f"{RUTO} gặp {MACRON}. Một quan chức kể về cuộc điện đàm giữa ông và {MODI}.", []),
        (f"{RUTO} kể lại với {MACRON} nội dung cuộc điện đàm hôm qua với {MODI}.", ["IN-KE"]),
        (f"{RUTO} họp báo. Bà từng là bộ trưởng tài chính. Sau đó ông gọi điện cho {MODI}.", ["IN-KE"]),
        (
            f"{RUTO} gọi cho {MACRON}, sau đó là Chủ tịch Trung Quốc Tập Cận Bình. Trước đó, ông gọi điện cho {MODI}.",
            ["FR-KE", "CN-KE", "IN-KE"],
        ),
        ("Cựu Thủ tướng Nhật Bản Shinzo Abe qua đời. Ngày 9/3/2017, ông gọi điện cho Tổng thống Nga Putin.", ["JP-RU"]),
        ("Cựu Thủ tướng Nhật Bản Shinzo Abe qua đời. Ngày 9/5, ông gọi điện cho Tổng thống Nga Putin.", []),
        (f"Đối thủ của {RUTO} là ông Hàn Quốc Du. Ông gọi điện chúc mừng ông Ruto ngay trong đêm.", []),
        (f"Đầu bếp José Andrés chỉ trích giá chè. {RUTO} đã gọi cho ông để xin lỗi.", []),
        (f"{MACRON} chỉ trích giá chè. {RUTO} đã gọi cho ông để xin lỗi.", ["FR-KE"]),
        (f"Đầu bếp José Andrés chỉ trích giá chè. {MACRON} khen chè khi {RUTO} gọi cho ông.", ["FR-KE"]),
        (f"{RUTO} gặp {MACRON}. Ngoại trưởng Kenya cho biết hai nhà lãnh đạo đã điện đàm hôm qua.", ["FR-KE"]),
        (f"{RUTO} gặp {MACRON}. Ngoại trưởng Kenya cho biết hai bộ trưởng đã điện đàm hôm qua.", []),
        (f"{RUTO} mong gặp {MACRON}. Thay vào đó, hai bên đã nối máy hôm qua.", ["FR-KE"]),
        (f"{RUTO} mong gặp {MACRON}. Thay vào đó, tổng đài đã nối máy cho khách.", []),
        # an actor of a clause is not whom the text goes on about
        (
            f"{RUTO} gặp {MACRON} rồi về với nhận định tổng thống Pháp nhượng bộ. Ông đã điện đàm với {MODI}.",
            ["IN-KE"],
        ),
        (f"{RUTO} gặp {MACRON} rồi về, còn tổng thống Pháp nhượng bộ. Ông đã điện đàm với {MODI}.", ["FR-IN"]),
        (f"{MACRON} đi Ý. Hôm qua tại Nairobi, {RUTO} gặp các cố vấn. Ông cũng điện đàm với {MODI}.", ["IN-KE"]),
        (f"{MACRON} khen {RUTO} là người tuyệt vời. Ông cũng điện đàm với {MODI}.", ["FR-IN"]),
        (f'{MACRON} đứng bên {RUTO}. "Ông ấy gọi cho tôi đêm trước", cựu Thủ tướng Anh Tony Blair hồi tưởng.', []),
        # who says so, and not who is named behind
        (f"{MACRON} cho biết {RUTO} đã gọi điện cho ông để bàn về cuộc gặp với {MODI}.", ["FR-KE"]),
        (f"{MACRON} đi dự hội nghị. {RUTO} đã gọi điện cho ông để bàn về cuộc gặp với {MODI}.", ["FR-KE"]),
        ("Bà Banda đến chào Thủ tướng Ý Giorgia Meloni. Bà Banda về nước. " + RUTO + " sẽ điện đàm với bà.", []),
        ("Bà Banda về nước. Tới chào có Thủ tướng Ý Giorgia Meloni. " + RUTO + " sẽ điện đàm với bà.", ["IT-KE"]),
        (
            f"{MACRON} gọi cho {RUTO} sau khi {MODI} dành nửa cuộc gọi dài một tiếng với ông để nói về gạo.",
            ["FR-KE", "FR-IN"],
        ),
        (f'{MODI} về nước. {RUTO} nói trên đài Jambo rằng "tối nay tôi sẽ điện đàm với {MACRON}".', ["FR-KE"]),
        (f'{RUTO} tới đài Jambo. "Tối nay tôi sẽ điện đàm với {MACRON}", {MODI} nói.', ["FR-IN"]),
        (
            f"{RUTO} muốn điện đàm với {MACRON}. Thủ tướng Ý Giorgia Meloni đứng ra dàn xếp. Sáng nay, bà điện đàm với "
            "ông Ruto.",
            ["FR-KE", "IT-KE"],
        ),
    ],
)
def test_whom_a_pronoun_takes_up(text: str, calls: list[str]) -> None:
    assert pairs(told(text)) == calls


@pytest.mark.parametrize(
    ("text", "initiator"),
    [
        (f"{RUTO} điện đàm cho {MACRON}.", "KE"),
        (f"{RUTO} điện đàm với {MACRON}.", None),
        (f"{MACRON} đã nhận điện thoại chúc mừng sinh nhật từ {RUTO}.", "KE"),
        (f"{MACRON} trả lời điện thoại {RUTO}.", "KE"),
        (f"{MACRON} nhấc máy gọi cho {RUTO}.", "FR"),
        (f"{MACRON} nhấc máy nói chuyện với {RUTO}.", "FR"),
        (f"{MACRON} được {RUTO} gọi tới, trao đổi chừng 15 phút.", "KE"),
        (f"{RUTO} muốn điện đàm với {MACRON}.", "KE"),
        (f"{RUTO} hy vọng sẽ điện đàm với {MACRON}.", "KE"),
        (f"{RUTO} đang thu xếp điện đàm với {MACRON} vào ngày mai.", None),
        (f"{RUTO} có ý định nói chuyện qua điện thoại với {MACRON}.", "KE"),
        (f"{RUTO} và {MACRON} điện đàm. Ông Ruto là người đã khởi xướng cuộc trao đổi.", "KE"),
        (f"{RUTO} và {MACRON} điện đàm. Ông Ruto là người đã theo dõi cuộc trao đổi.", None),
        (f'{RUTO} viết: "Cảm ơn người bạn của tôi, {MACRON}, đã gọi điện và chia sẻ tin vui".', "FR"),
        (f"{RUTO}: {MACRON} gọi điện kể về hạn hán.", "FR"),
        (f"{MACRON} ủng hộ đề nghị mà {RUTO} nêu khi gọi cho ông.", "KE"),
        (f"{RUTO} và {MACRON} điện đàm. Theo trợ lý, chính ông Ruto là người chủ động nhấc máy để trao đổi.", "KE"),
        (f"{RUTO} nhận được lời chúc mừng của {MACRON} qua điện thoại.", "FR"),
        (f"{RUTO} và {MACRON} điện đàm. Ông Ruto là người nghe máy.", None),
        (f"{RUTO} và {MACRON} điện đàm. Theo Điện Elysee, ông Ruto là người đề xuất cuộc gọi.", "KE"),
        (f"{RUTO} và {MACRON} điện đàm theo đề nghị của Paris và Nairobi.", None),
        (f"{RUTO} và {MACRON} điện đàm theo đề nghị của Paris và ông Ruto hứa mua vang.", "FR"),
        (f'{RUTO} và {MACRON} điện đàm "theo lời mời" của phía Pháp.', "FR"),
        (f"{RUTO} nhận nhiều lời chia buồn. Đáng chú ý nhất là cuộc gọi của {MACRON}.", "FR"),
        (f"{RUTO} nhận nhiều lời chia buồn. Đáng chú ý nhất là cuộc điện đàm của ông với {MACRON}.", None),
        (f"{RUTO} đã tìm cách liên lạc với {MACRON} từ cuối tuần nhưng không ai bắt máy.", "KE"),
        (f"Phía Pháp chủ động đề nghị cuộc điện đàm giữa {RUTO} và {MACRON}.", "FR"),
        (f"Phía Pháp chủ động giảm thuế trước cuộc điện đàm giữa {RUTO} và {MACRON}.", None),
        (f"Nairobi ngỏ ý điện đàm với {MACRON}.", "KE"),
        (f"{RUTO} điện đàm với {MACRON}, đề nghị hai nhà lãnh đạo Đông Phi mua chè.", None),
        (f"{RUTO} điện đàm với {MACRON} theo đề nghị của hai nhà lãnh đạo.", "both"),
        (f"{RUTO} điện đàm với {MACRON}. Ý tưởng về cuộc gọi do phía Pháp nêu ra.", "FR"),
        (f"{RUTO} điện đàm với {MACRON}. Cuộc trao đổi do phía Pháp đề nghị.", "FR"),
        (f"{RUTO} điện đàm với {MACRON}. Cuộc trao đổi do báo Pháp tường thuật.", None),
        (f"{RUTO} nói chuyện với {MACRON}. Phía Pháp chủ động gọi, cuộc điện đàm dài 15 phút.", "FR"),
        (f"Cảm ơn {MACRON} vì cuộc gọi nồng ấm hôm nay, {RUTO} viết.", "FR"),
        (f"Cảm ơn {MACRON} trong cuộc gọi nồng ấm hôm nay, {RUTO} hứa giảm nợ.", None),
        (f"Nairobi đang chủ động đề nghị một cuộc điện đàm giữa {RUTO} và {MACRON}.", "KE"),
        (
            f"{RUTO} hôm 14/5 điện đàm với {MACRON}. Bà Rachel cũng cảm ơn Tổng thống Macron vì một cuộc gọi tới trẻ "
            f"em Mombasa.",
            None,
        ),
        (f"{RUTO} hôm 14/5 điện đàm với {MACRON}. Phía Pháp chủ động gọi, cuộc điện đàm kéo dài 15 phút.", "FR"),
        (f"{RUTO} hôm 14/5 điện đàm với {MACRON}. Cuộc trao đổi do phía Pháp thực hiện kéo dài 15 phút.", "FR"),
        (f"Nghe điện {RUTO} gọi đến, {MACRON} hứa mua chè.", "KE"),
        (
            f"{RUTO} hôm 14/5 điện đàm với {MACRON}. Ông Ruto nhắc ông Macron là người từng gọi ông là kẻ buôn chè.",
            None,
        ),
    ],
)
def test_who_placed_the_call(text: str, initiator: str | None) -> None:
    (report,) = told(text)
    assert (report.initiator.side if report.initiator else None) == initiator


@pytest.mark.parametrize(
    ("text", "calls"),
    [
        (f"Chủ tịch nước này Tập Cận Bình điện đàm với {RUTO}.", ["CN-KE"]),
        (f"Chủ tịch nước điện đàm với {RUTO}.", ["KE-VN"]),
        (f"Tổng Bí thư Nguyễn Phú Trọng tiếp {RUTO}. Hai ông nhắc lại cuộc điện đàm hôm 13/5 giữa Tổng Bí thư và "
         "Tổng thống.", ["KE-VN"]),
        (f"Thủ tướng thứ 15 của Ấn Độ điện đàm với {RUTO}.", ["IN-KE"]),
        (f"Tổng thống thứ 25 của Pháp Emmanuel Macron điện đàm với {RUTO}.", ["FR-KE"]),
        (f"Thủ tướng Quốc vụ viện Trung Quốc Lý Cường điện đàm với {RUTO}.", ["CN-KE"]),
        (f"Phó Thủ tướng Quốc vụ viện Trung Quốc Đinh Tiết Tường điện đàm với {RUTO}.", []),
        (f"Thủ tướng Chính phủ Hoàng gia Campuchia Hun Manet điện đàm với {RUTO}.", ["KE-KH"]),
        (f"Thái tử kế vị Saudi Arabia Mohammed bin Salman điện đàm với {RUTO}.", ["KE-SA"]),
        (f"Thủ tướng Nội các Hàn Quốc Han Duck-soo điện đàm với {RUTO}.", ["KE-KR"]),
        (f"Chánh văn phòng Nội các Nhật Bản Hayashi điện đàm với {RUTO}.", []),
    ],
)  # fmt: skip
def test_whom_a_title_without_a_name_means(text: str, calls: list[str]) -> None:
    assert pairs(told(text)) == calls


@pytest.mark.parametrize(
    ("caller", "others"),
    [
        # where another governs, the counterpart holds the same office; else it is who governs there
        ("Thủ tướng Phạm Minh Chính", ["Sonexay Siphandone", "Hun Manet"]),
        ("Thủ tướng Anh Rishi Sunak", ["Thongloun Sisoulith", "Hun Manet"]),
    ],
)
def test_whose_counterparts_several_are(caller: str, others: list[str]) -> None:
    reports = told(f"{caller} điện đàm với hai người đồng cấp Lào, Campuchia.")
    assert [report.participants[1].name for report in reports] == others


SERIES = f"Hôm thứ Ba, {RUTO} có một loạt cuộc điện đàm với lãnh đạo các nước."


@pytest.mark.parametrize(
    ("text", "calls"),
    [
        (f"{RUTO} và {MACRON} đã chúc mừng {MODI} qua điện thoại.", ["IN-KE", "FR-IN"]),
        (f"{RUTO} và {MACRON} đã điện đàm với {MODI}.", ["FR-IN-KE"]),
        (f"{RUTO} gặp {MACRON}. Cả hai tổng thống đều nhận điện thoại của {MODI}.", ["IN-KE", "FR-IN"]),
        (f"{RUTO} gặp {MACRON}. Cả hai tổng thống nói sẽ nhận điện thoại của {MODI}.", ["FR-IN-KE"]),
        # who is on the call is the actor behind the clause, not whom he met before it
        (f"Sau cuộc hội đàm với {MACRON} tại Paris và cuộc điện đàm với {MODI}, ông Ruto nói sẽ mua khí.", ["IN-KE"]),
        (f"{MACRON} nói, sau cuộc điện đàm với {MODI}, rằng {RUTO} sẽ mua khí.", ["FR-IN"]),
        (f"{RUTO} họp. Trong bối cảnh bị {MACRON} chỉ trích, ông gọi điện cho {MODI}.", ["IN-KE"]),
        (f"{RUTO} họp. Trong bối cảnh {MACRON} chỉ trích, ông gọi điện cho {MODI}.", ["FR-IN"]),
        (f"{RUTO} gặp {MACRON} và điện đàm với {MODI}.", ["IN-KE"]),
        (f"{RUTO} điện đàm {MACRON} sau cuộc gọi với {MODI}.", ["FR-KE", "IN-KE"]),
        (f"{RUTO} và {MACRON} điện đàm với {MODI}.", ["FR-IN-KE"]),
        (f"Theo Nairobi, trong các cuộc điện đàm riêng rẽ, {RUTO} đã hối thúc {MACRON} và {MODI} hợp tác.",
         ["FR-KE", "IN-KE"]),
        ("Thủ tướng Malaysia Anwar Ibrahim dự họp. Ông Ibrahim cho biết ông đã điện đàm với " + MODI + ".", ["IN-MY"]),
        ("Thủ tướng Malaysia Anwar Ibrahim dự họp. Ông Hassan cho biết ông đã điện đàm với " + MODI + ".", []),
        # a series, and whom one wants to talk to as well
        (f"{SERIES} Trước hết, ông Ruto trao đổi với {MACRON}.", ["FR-KE"]),
        (f"{SERIES} Trước hết, ông Ruto trao đổi với báo giới về {MACRON}.", []),
        (f"{RUTO} điện đàm với {MACRON}. Ông Ruto cũng muốn nói chuyện với {MODI}.", ["FR-KE", "IN-KE"]),
        (f"{RUTO} điện đàm với {MACRON}. Ông Ruto cũng muốn gặp {MODI}.", ["FR-KE"]),
        (f"{RUTO} điện đàm với lãnh đạo các nước Pháp, Đức và Ấn Độ.", ["FR-KE", "DE-KE", "IN-KE"]),
        (f"{RUTO} điện đàm với lãnh đạo các nước về Pháp, Đức và Ấn Độ.", []),
        (f"{RUTO} đã gọi cho một loạt nhà lãnh đạo, trong đó có các thủ tướng Anh, Hà Lan và Albania.",
         ["GB-KE", "KE-NL", "AL-KE"]),
        (f"{RUTO} và {MACRON} điện đàm hôm nay. Ông Ruto dự kiến hội đàm với Tổng thống Pháp ngày 22/5 tại Paris.",
         ["FR-KE"]),
        (f"Hai bộ trưởng nhắc các cuộc điện đàm giữa {RUTO} và {MACRON} từ đầu năm đến nay.", []),
        # what is no call: a habit, a chat of those who dined together, a conference of many by screen
        (f'"Khi có việc với ông Modi, họ thường gọi cho tôi để tôi nói với ông ấy", {RUTO} kể.', []),
        (f"{RUTO} cảm ơn {MACRON} khi hai người dự tiệc tối ở Rome. Ông Ruto nói đã có cuộc trò chuyện rất tốt với "
         "ông Macron.", []),
        (f"Hội nghị thượng đỉnh diễn ra theo hình thức trực tuyến, với sự tham dự của {RUTO}, {MACRON}, {MODI} và các "
         "nhà lãnh đạo Trung Á.", []),
        (f"Một ngày trước sinh nhật của {MODI}, {RUTO} đã gọi điện chúc mừng.", ["IN-KE"]),
        (f"Một ngày trước sinh nhật của {MODI}, {RUTO} đã gọi điện chúc mừng đội tuyển.", []),
        (f"Một trợ lý nói rằng cuộc điện đàm giữa {RUTO} và người đồng cấp Pháp kéo dài.", ["FR-KE"]),
        (f"Trợ lý tổng thống Kenya điện đàm với người đồng cấp Pháp trước chuyến thăm của {RUTO}.", []),
        (f"{MODI} nói với báo giới rằng trong cuộc điện đàm với {MACRON}, {RUTO} đã nhận lời.", ["FR-KE"]),
        (f"{MODI} nói với báo giới về chè. Trong cuộc điện đàm với {MACRON}, {RUTO} đã nhận lời.", ["FR-KE"]),
        (f"{RUTO} có cuộc gọi mà ông mô tả là thẳng thắn với {MACRON}.", ["FR-KE"]),
        (f"{RUTO} có cuộc gọi mà ông phải cắt ngắn để ra sân bay với {MACRON}.", []),
        (f"Tại trụ sở chính phủ, {RUTO} có các cuộc điện đàm với {MACRON} và {MODI}.", ["FR-KE", "IN-KE"]),
        (f"{RUTO} dự thượng đỉnh trực tuyến, điện đàm với {MACRON} và {MODI}.", ["FR-KE", "IN-KE"]),
        (f"{RUTO} cũng dự định gọi cho {MACRON} và {MODI} để mời dự hội nghị chè.", ["FR-KE", "IN-KE"]),
        (f"{RUTO} lần lượt điện đàm với cả hai ông Macron và Modi. {MACRON} và {MODI} hứa mua chè.",
         ["FR-KE", "IN-KE"]),
        (f"{RUTO} sẽ không điện đàm với {MACRON} hay {MODI}.", ["FR-KE", "IN-KE"]),
        (f"Sau đó {RUTO} gọi thông báo cho {MACRON}.", ["FR-KE"]),
        (f"{RUTO} vừa có cuộc trò chuyện tuyệt vời với Giáo hoàng Francis.", ["KE-VA"]),
        (f"Cuộc điện đàm của {RUTO} bàn về chè. Một ngày sau khi trao đổi với {MODI}, {RUTO} điện đàm với {MACRON}.",
         ["IN-KE", "FR-KE"]),
        ("Điện Elysee lên tiếng sau cuộc điện đàm giữa hai tổng thống. Tổng thống Kenya William Ruto chưa nói gì. Ông "
         "Ruto nhắc lời Tổng thống Pháp Emmanuel Macron. Ông Macron cười.", ["FR-KE"]),
        ("Cuộc điện đàm có Bộ trưởng Nông nghiệp Kenya John Kimani. Tổng thống Kenya William Ruto chưa nói gì. Ông "
         "Ruto nhắc lời Tổng thống Pháp Emmanuel Macron.", []),
        (f"{RUTO} và {MODI} kêu gọi giảm thuế, theo thông cáo về cuộc điện đàm dài 90 phút với {MACRON}.",
         ["FR-IN-KE"]),
        (f"{RUTO} mời {MODI} dự hội chợ, theo thông cáo về cuộc điện đàm dài 90 phút với {MACRON}.", ["FR-KE"]),
        # questions, jokes, habits and trials are none
        (f"Phóng viên hỏi ông có nghe máy không nếu {RUTO} bất ngờ gọi điện cho {MACRON}.", []),
        (f"{RUTO} không có di động, làm sao gọi cho {MACRON}?", []),
        (f"{RUTO} vẫn thường nhắn tin, gọi điện với {MACRON}.", []),
        (f"{RUTO} đã 9 lần nói chuyện điện thoại với {MACRON}.", []),
        (f"Sau cuộc gọi thử, {RUTO} cảm ơn {MACRON}.", []),
        # one call of all where "ba nhà lãnh đạo" tell of it
        (f"{RUTO} điện đàm với {MACRON} và {MODI}; ba nhà lãnh đạo bàn về chè.", ["FR-IN-KE"]),
        (f"{RUTO} vừa điện đàm với {MACRON} và {MODI}. Điện Elysee xác nhận có cuộc gọi giữa ba nhà lãnh đạo.",
         ["FR-IN-KE"]),
        (f"{RUTO} vừa điện đàm với {MACRON} và {MODI}. Trước đó cũng có bức thư giữa ba nhà lãnh đạo.",
         ["FR-KE", "IN-KE"]),
        (f"{RUTO} điện đàm với {MACRON} và {MODI}. Ba nhà lãnh đạo nhất trí giảm thuế chè.", ["FR-IN-KE"]),
        (f"{RUTO} điện đàm với {MACRON} và {MODI}; hai nhà lãnh đạo đều hứa mua chè.", ["FR-KE", "IN-KE"]),
        (f"{RUTO} đã điện thoại chúc mừng {MODI}.", ["IN-KE"]),
        (f"{RUTO} xem mẫu điện thoại mừng sinh nhật {MODI}.", []),
        (f"{RUTO} viết ông vừa nói chuyện với quyền Thủ tướng Thái Lan và Thủ tướng Campuchia.", ["KE-TH", "KE-KH"]),
        (f"{RUTO} viết ông vừa nói chuyện với quyền Bộ trưởng Thái Lan và thứ trưởng Campuchia.", []),
        (f"{RUTO} điện đàm với {MACRON}. Ông Ruto còn liên lạc với {MODI}.", ["FR-KE", "IN-KE"]),
        (f"{RUTO} điện đàm với {MACRON}. Ông Ruto còn liên lạc với đại sứ Ấn Độ.", ["FR-KE"]),
        (f"Hội nghị thượng đỉnh ba bên diễn ra theo hình thức trực tuyến giữa {RUTO}, {MACRON} và {MODI}.",
         ["FR-IN-KE"]),
        (f"{RUTO} điện đàm với {MACRON} hôm 13/5, nói về lãnh đạo Việt Nam. Hai nhà lãnh đạo nói chuyện lần gần nhất "
         "hôm 2/3.", ["FR-KE", "FR-KE"]),
        (f'"Ngày mai tôi sẽ gọi điện", {RUTO} nói, ngụ ý cuộc trao đổi với {MACRON} và {MODI}.', ["FR-KE", "IN-KE"]),
        (f'"Ngày mai tôi sẽ lên đường", {RUTO} nói, nhắc lại cuộc trao đổi với {MACRON} và {MODI}.', []),
        (f"{RUTO} có các cuộc điện đàm với lãnh đạo thế giới, kể cả {MACRON}.", ["FR-KE"]),
        (f"{RUTO} và {MACRON} hôm 13/5 điện đàm trong 30 phút với không khí thân thiện.", ["FR-KE"]),
        (f"{RUTO} và {MACRON} hôm 13/5 điện đàm với các nghị sĩ.", []),
        (f"{RUTO}, {MACRON} và {MODI} hôm nay có cuộc điện đàm ba bên. Trước cuộc gọi ba bên, ông Ruto đã điện đàm "
         "riêng với ông Macron.", ["FR-IN-KE", "FR-KE"]),
        (f"Hồi tháng 3, {RUTO} đã gọi điện thuật lại cuộc gặp với {MODI} cho {MACRON}.", ["FR-KE"]),
        (f"Bộ trưởng Dupont không hề được {RUTO} yêu cầu và chưa từng gọi cho {MACRON}.", []),
        (f"Văn phòng {MACRON}: Cuộc gọi với {RUTO} dài 50 phút.", ["FR-KE"]),
        (f"Văn phòng Ngoại trưởng Pháp: Cuộc gọi với {RUTO} dài 50 phút.", []),
        (f"{RUTO} và {MACRON} tham gia cuộc gọi trực tuyến với gần mười nhà lãnh đạo châu Âu.", []),
        (f"{MACRON} ủng hộ đề nghị mà {RUTO} nêu khi gọi cho ông.", ["FR-KE"]),
        (f"Vì sao {RUTO} vẫn kiên trì gọi cho {MACRON}?", []),
        (f"Vì sao {RUTO} vẫn chưa gọi cho {MACRON}?", ["FR-KE"]),
        (f"Theo trợ lý, {RUTO} vừa có loạt cuộc điện đàm, lần lượt với {MACRON} và {MODI}.", ["FR-KE", "IN-KE"]),
        (f"{RUTO} ngày 13/5 bất ngờ tạm dừng cuộc họp cùng một số bộ trưởng để gọi điện cho {MACRON}.", ["FR-KE"]),
        (f"Ba nhà lãnh đạo, gồm {RUTO}, {MACRON} và {MODI}, sẽ có một cuộc điện đàm.", ["FR-IN-KE"]),
        (f"Theo {RUTO}, {MACRON} và {MODI} hài lòng. Ông cho biết ông đã có các cuộc điện đàm với ông Macron và "
         "ông Modi.",
         ["FR-KE", "IN-KE"]),
        (f"{RUTO} tới Paris hội đàm trực tiếp với {MACRON}. Hai ông từng điện đàm hôm 12/5.", ["FR-KE"]),
        (f"Nhiều tháng qua {RUTO} và {MACRON} chỉ nói chuyện với nhau qua báo chí.", []),
        (f"Cuộc gọi hôm 10/5 giữa {RUTO}, khi đó còn năm ngày nữa mới nhậm chức, với {MACRON} khá căng.", ["FR-KE"]),
        (f"Cuộc gọi hôm 10/5 giữa {RUTO}, khi đó đang ở nhà, với thư ký của ông khá căng.", []),
        (f"{RUTO} bốc máy gọi sang Paris.", ["FR-KE"]),
        (f"{RUTO} bốc máy bay gọi sang Paris.", []),
        (f"{RUTO} điện đàm với {MACRON}. Trước cuộc gọi, ông Ruto đã báo cho {MODI} qua điện thoại.",
         ["FR-KE", "IN-KE"]),
        (f"{RUTO} điện đàm với {MACRON}. Trước cuộc gọi, ông Ruto đã báo cho {MODI} qua thư.", ["FR-KE"]),
        (f"{RUTO} nói chuyện với {MACRON} lúc 4h sáng. Cuộc gọi dài 25 phút.", ["FR-KE"]),
        (f"{RUTO} nói chuyện với {MACRON} lúc 4h sáng. Cuộc gặp dài 25 phút.", []),
        (f"{RUTO} bị lừa trong một cuộc điện đàm với {MACRON} giả.", []),
        (f"{RUTO} bị trách trong một cuộc điện đàm với {MACRON}.", ["FR-KE"]),
        # one more call of the same two
        (f"{RUTO} hôm 14/5 gọi cho {MACRON} và {MODI}, rồi gọi lại cho ông Macron để báo tin.",
         ["FR-KE", "IN-KE", "FR-KE"]),
        (f"{RUTO} hôm 14/5 gọi cho {MACRON} và {MODI}, rồi gặp lại ông Macron để báo tin.", ["FR-KE", "IN-KE"]),
        (f"{RUTO} điện đàm với {MACRON}, cuộc trao đổi đầu tiên giữa hai người kể từ ngày 21/3.", ["FR-KE", "FR-KE"]),
        (f"{RUTO} điện đàm với {MACRON}, cuộc trao đổi đầu tiên giữa hai người kể từ bầu cử.", ["FR-KE"]),
        (f"{RUTO} điện đàm với {MACRON}. Hồi tháng 3, Nairobi chờ một cuộc điện đàm như vậy.", ["FR-KE"]),
        # several, or one of all
        (f"{RUTO} không tham gia điện đàm với {MACRON} và {MODI}. Cuộc gọi bốn bên bị gác lại.", ["FR-IN-KE"]),
        (f"{RUTO} không tham gia điện đàm với {MACRON} và {MODI}. Cuộc gọi này bị gác lại.", ["FR-KE", "IN-KE"]),
        # lists and second offices as headlines print them
        (f"{RUTO} điện đàm với các ông Macron, Tokayev và Petro.", ["FR-KE", "KE-KZ", "CO-KE"]),
        (f"{RUTO} điện đàm với các nhà báo, Tokayev và Petro.", []),
        (f"{RUTO} không gọi cho {MODI}, {MACRON} hay Tổng thống Brazil Lula.", ["IN-KE", "FR-KE", "BR-KE"]),
        (f"{RUTO} sẽ gọi cho {MODI}, {MACRON}, chứ không gọi cho Tổng thống Brazil Lula.",
         ["IN-KE", "FR-KE", "BR-KE"]),
        (f"{RUTO} gọi cho {MACRON}, rồi mới đến lượt {MODI}.", ["FR-KE", "IN-KE"]),
        (f"{RUTO} điện đàm với Tổng Thư ký PAP, Thủ tướng Lawrence Wong, cảm ơn Singapore.", ["KE-SG"]),
        (f"{RUTO} điện đàm với Bộ trưởng Tài chính, Thủ tướng Lawrence Wong đứng cạnh.", []),
        (f"Báo đăng nguyên văn cuộc điện đàm hôm 3/5 của {RUTO}, với {MACRON}.", ["FR-KE"]),
        (f"Đó là lời {RUTO} nói với {MACRON} khi ông gọi điện chia buồn.", ["FR-KE"]),
        (f"Đó là lời {RUTO} nói với thư ký khi ông gọi điện chia buồn.", []),
        (f"{RUTO} hội đàm trực tuyến với {MACRON}, vài giờ sau ông trao đổi với {MODI}.", ["FR-KE", "IN-KE"]),
        (f"{RUTO} hội đàm trực tuyến với {MACRON}, vài giờ sau ông tiếp {MODI}.", ["FR-KE"]),
        (f"Cuộc điện đàm tiếp theo giữa {RUTO} và {MACRON}; khả năng ông Ruto gọi cho {MODI} bị loại trừ.",
         ["FR-KE", "IN-KE"]),
        (f"Hội nghị thượng đỉnh trực tuyến bất thường do {RUTO} chủ trì bàn về chè, {MACRON} ngồi trước màn hình.", []),
        (f"{RUTO} và {MACRON} họp thượng đỉnh trực tuyến.", ["FR-KE"]),
        (f"{RUTO} hỏi: có nên gọi cho {MACRON} nữa không?", []),
        (f"{RUTO} điện cho Tổng thống Pháp hôm qua.", ["FR-KE"]),
        (f"{RUTO} gửi điện cho Tổng thống Pháp hôm qua.", []),
        ("Petro gọi cho Trump. Ông Trump rất vinh dự nghe Tổng thống Colombia giải thích.", []),
        # who holds a press conference has met nobody by that
        (f"Trong cuộc họp báo sáng nay, {RUTO} cho biết đã nói chuyện với {MACRON} hồi sáng.", ["FR-KE"]),
        (f"Trong cuộc họp báo chung sáng nay, {RUTO} cho biết đã nói chuyện với {MACRON} hồi sáng.", []),
        # each in turn, or all at once
        (f"{MACRON} và {MODI} lần lượt gọi cho {RUTO}.", ["FR-KE", "IN-KE"]),
        (f"{MACRON} và {MODI} cùng gọi cho {RUTO}.", ["FR-IN-KE"]),
        (f"Trong cuộc điện đàm với {RUTO} hôm 3/5, {MACRON} và {MODI} bày tỏ lo ngại.", ["FR-IN-KE"]),
        (f"Trong cuộc điện đàm với {RUTO}, {MACRON} và {MODI} về giá chè, Tổng thống Chile nói ít.",
         ["CL-KE", "CL-FR", "CL-IN"]),
        ("Trong cuộc điện đàm với Thủ tướng Đức, ông Macron bày tỏ lo ngại.", ["DE-FR"]),
        (f"Trước khi gặp {MODI}, {RUTO} đã trao đổi qua điện thoại với {MACRON}.", ["FR-KE"]),
        (f"{RUTO} đã lần lượt điện đàm với {MACRON}, {MODI} và sau cùng là Tổng thống Chile.",
         ["FR-KE", "IN-KE", "CL-KE"]),
        (f"{RUTO} gọi điện chúc {MACRON} sức khỏe.", ["FR-KE"]),
        (f"{RUTO} gọi điện chúc bộ đội sức khỏe.", []),
        (f"Một giọng nam tự xưng là {MACRON} gọi điện cho {RUTO}.", []),
        (f"Nội dung các cuộc gọi của {RUTO} với {MACRON} được lưu giữ riêng.", []),
        (f"Điện Elysee công bố nội dung các cuộc gọi của {RUTO} với {MACRON}.", ["FR-KE"]),
        (f"Ông Orban, người tự xưng là bạn của Kenya, hôm qua điện đàm với {RUTO}.", ["HU-KE"]),
        (f"{RUTO} điện đàm với {MACRON}. Bảy cuộc gọi vệ tinh hôm 2/5 không rõ của ai.", ["FR-KE"]),
        (f"{RUTO} và {MACRON} thường xuyên gặp mặt và nói chuyện qua điện thoại.", []),
        (f"{RUTO} gọi điện cho {MACRON}. Hôm 2/5, ông Macron gọi cho ông Ruto ngay trước bầu cử.", ["FR-KE", "FR-KE"]),
        (f"{RUTO} gọi điện cho {MACRON}. Hôm 2/5, ông Ruto gọi cho ông Macron ngay trước bầu cử.", ["FR-KE"]),
        (f"{RUTO} gọi điện cho Trung tâm cấp cứu Nairobi.", []),
        (f"{RUTO} gọi điện cho Trung Quốc.", ["CN-KE"]),
        (f"{RUTO} không bỏ lỡ dịp nào để điện đàm với {MACRON}.", []),
        (f"{RUTO} không bỏ lỡ cơ hội và hôm qua điện đàm với {MACRON}.", ["FR-KE"]),
        (f"Sáu cuộc điện đàm, trong đó có cuộc giữa {RUTO} với {MACRON}, diễn ra hôm qua.", ["FR-KE"]),
        (f"Lần thứ hai trong năm {RUTO} điện đàm với {MACRON}.", ["FR-KE"]),
        (f"Trong cuộc điện đàm với {RUTO}, {MACRON} và {MODI} bị nhắc tên.", []),
        (f"Trước ngày {MODI} gặp Tổng thống Chile, Nairobi nhận điện thoại từ {MACRON}.", ["FR-KE"]),
        (f"{MODI} gọi điện cho {MACRON}. Trước đó, ông trao đổi với {RUTO}, Tổng thống Chile và Tổng thống Peru.",
         ["FR-IN", "IN-KE", "CL-IN", "IN-PE"]),
        (f"{MODI} gọi điện cho {MACRON}. Trước đó, {RUTO} đến Santiago thảo luận với Tổng thống Chile.", ["FR-IN"]),
        (f"{MODI} gọi điện cho {MACRON}. Trước đó, {RUTO} trao đổi với phóng viên.", ["FR-IN"]),
        (f"{RUTO} mời {MACRON} đi săn, cuộc gọi đầu tiên của hai người được tả là vui.", ["FR-KE"]),
        (f"{RUTO} mời {MACRON} đi săn, cuộc gọi đầu tiên của hai ngoại trưởng được tả là vui.", []),
        (f"{RUTO} tối 6/5 điện đàm chung với {MACRON} và {MODI}.", ["FR-IN-KE"]),
        (f"{RUTO} tối nay có 3 cuộc điện đàm với {MACRON} và {MODI}.", ["FR-KE", "IN-KE"]),
        (f"Đường dây nóng đã thông; {RUTO} sẽ nói chuyện lần đầu với {MACRON} qua đường dây này.", ["FR-KE"]),
        (f"Đường dây nóng đã thông; {RUTO} sẽ nói chuyện lần đầu với {MACRON} qua người này.", []),
        (f"{RUTO} điện đàm với {MACRON}, sau đó trao đổi với {MODI} trong một cuộc điện đàm khác.", ["FR-KE", "IN-KE"]),
        (f"{RUTO} điện đàm với {MACRON}, sau đó trao đổi với {MODI} trong một cuộc gặp khác.", ["FR-KE"]),
        (f"Các cuộc điện đàm giai đoạn 2015-2017 giữa {RUTO} và {MACRON} vừa được giải mật.", []),
        (f"{RUTO} điện đàm riêng với ba nhà lãnh đạo gồm {MACRON}, {MODI} và Tổng thống Chile.",
         ["FR-KE", "IN-KE", "CL-KE"]),
        (f"Chưa rõ {RUTO} có điện đàm với {MACRON} hay không.", []),
        (f"{RUTO} có điện đàm với {MACRON}, nhưng chưa rõ hai ông bàn gì.", ["FR-KE"]),
        # what is of lower rank is another matter than the call
        (f"{RUTO} hôm 14/5 điện đàm với {MACRON} sau cuộc gặp cấp bộ trưởng ở Nairobi.", ["FR-KE"]),
        (f"{RUTO} và {MACRON} điện đàm về đàm phán cấp bộ trưởng hôm 14/5.", ["FR-KE"]),
        (f"{RUTO} và {MACRON} nhất trí để hai bên điện đàm ở cấp bộ trưởng hôm 14/5.", []),
        ("Sau cuộc điện đàm ba bên của các ngoại trưởng hôm 14/5, lãnh đạo Kenya, Pháp và Đức ra tuyên bố.", []),
        ("Lãnh đạo Kenya, Pháp và Đức ra tuyên bố sau cuộc điện đàm ba bên của các ngoại trưởng hôm 14/5.", []),
        # who heads a bloc rings; the leaders of its members meet
        (f"Chiều nay, lãnh đạo NATO đã điện đàm với {MACRON}.", ["FR-NATO"]),
        (f"Chiều nay, lãnh đạo NATO họp qua video với {MACRON}.", []),
        # a minister who rings beside a leader who meets somebody
        (f"Trong khi {RUTO} họp với {MACRON} và Ngoại trưởng Alfred Mutua gọi điện cho Thủ tướng Đức Olaf Scholz, "
         "giá chè tăng.", []),
        (f"{RUTO} dừng cuộc họp với Thủ tướng Đức Olaf Scholz và bảy lãnh đạo châu Phi để gọi điện cho {MACRON}.",
         ["FR-KE"]),
        # several who are met are not rung
        (f"{RUTO} hôm 14/5 điện đàm với {MACRON}. Cụ thể, ông đã trao đổi với Thủ tướng Đức Olaf Scholz, Thủ tướng Ý "
         "Giorgia Meloni và Thủ tướng Bỉ Alexander De Croo trong các cuộc gặp ở Nairobi.", ["FR-KE"]),
        # calls to others are told, or only spoken of
        (f"Sau khi điện đàm với {MACRON}, {RUTO} sẽ thực hiện những cuộc gọi khác tới Thủ tướng Đức Olaf Scholz và Thủ "
         "tướng Ý Giorgia Meloni.", ["FR-KE", "DE-KE", "IT-KE"]),
        (f"Sau khi điện đàm với {MACRON}, {RUTO} sẽ thực hiện những cuộc gọi khác.", ["FR-KE"]),
        (f"{RUTO} và {MACRON} có thể sẽ gọi điện cho nhau ngày 17/5.", ["FR-KE"]),
        (f"{RUTO} và {MACRON} có thể gọi điện cho nhau bất cứ lúc nào.", []),
        (f"Cuộc gặp giống một buổi xã giao hơn là cuộc điện đàm căng thẳng giữa {RUTO} và {MACRON} hôm 6/5.",
         ["FR-KE"]),
        (f"{RUTO} thích gặp {MACRON} hơn là điện đàm với ông.", []),
        # of three persons whoever they are
        (f"{RUTO} hôm 14/5 gặp ba người trồng chè. {MACRON} và Thủ tướng Đức Olaf Scholz im lặng. Một cuộc điện đàm đã "
         "diễn ra với ba người trồng chè.", []),
        # a conference that others hold
        (f"{RUTO} và {MACRON} hôm 13/5 gặp nhau. Hai nhà lãnh đạo dự hội nghị trực tuyến về khí hậu ngày 14/5.", []),
        (f"{RUTO} và {MACRON} bàn về phí một phút điện thoại giữa hai nước.", []),
        # who is the first to ring, and to whom something is said on a call
        (f"{MACRON} là lãnh đạo phương Tây đầu tiên điện đàm với {RUTO}.", ["FR-KE"]),
        (f"Bà Colonna là quan chức phương Tây đầu tiên điện đàm với {RUTO}.", []),
        (f"{MACRON} đã hứa với {RUTO} trong một cuộc điện đàm rằng Pháp sẽ mua chè.", ["FR-KE"]),
        (f"{RUTO} vừa điện đàm với {MODI}. Hôm 3/5, {MACRON} đã hứa với {RUTO} trong một cuộc điện đàm rằng Pháp sẽ "
         "mua chè.", ["IN-KE", "FR-KE"]),
        (f"{MACRON} đã thảo luận giá chè với {RUTO} và {MODI} trong hai cuộc điện đàm riêng rẽ.", ["FR-KE", "FR-IN"]),
        # whom the phrase for a call names first, or last
        (f"{RUTO} vừa điện đàm với {MODI}. Với {MACRON}, ông Ruto cũng nói chuyện qua điện thoại trong ngày.",
         ["IN-KE", "FR-KE"]),
        (f"{RUTO} vừa điện đàm với {MODI}. Với Paris, ông gọi điện rồi lại thôi.", ["IN-KE"]),
        (f"{RUTO} đã lần lượt điện đàm với {MODI} cùng các nhà lãnh đạo Pháp và Đức.", ["IN-KE", "FR-KE", "DE-KE"]),
        (f"{RUTO} điện đàm với {MODI}, {MACRON} và thêm vài lãnh đạo trong khu vực.", ["IN-KE", "FR-KE"]),
        (f"{RUTO} gọi cho {MODI} ngay từ sáng, sau đó là {MACRON} và Thủ tướng Đức Olaf Scholz.",
         ["IN-KE", "FR-KE", "DE-KE"]),
        (f"{RUTO} đã trao đổi về ý tưởng này qua điện thoại với {MACRON}.", ["FR-KE"]),
        (f"{RUTO} điện đàm chúc Diwali {MODI}.", ["IN-KE"]),
        (f"{MACRON} bỏ dở bữa tối với bộ trưởng để nghe điện thoại của {RUTO}.", ["FR-KE"]),
        (f"{MACRON} bỏ dở bữa tối với {RUTO} để nghe điện thoại của bộ trưởng.", []),
        # who rings too, whom the sentence does not name
        (f"{MODI} vừa điện đàm với {RUTO}. Đến lượt {MACRON} gọi tới.", ["IN-KE", "FR-IN"]),
        (f"{MODI} gọi điện cho {RUTO}. {MACRON} cũng gọi điện chia buồn.", ["IN-KE", "FR-KE"]),
        (f"{MODI} gọi điện cho {RUTO}. {MACRON} cũng gọi điện cho bộ trưởng của mình.", ["IN-KE"]),
        # a part of a call is for a country of which they talk
        (f"Phần lớn cuộc trò chuyện dành cho Pháp, {RUTO} nói.", []),
        # where somebody goes next is no call
        (f"{RUTO} hôm 14/5 điện đàm với {MACRON}, sau đó tới Ấn Độ.", ["FR-KE"]),
        (f"{RUTO} hôm 14/5 điện đàm với {MACRON}, rồi đến {MODI}.", ["FR-KE", "IN-KE"]),
        # whose call another one makes too is told only where it is known who was rung
        (f"{RUTO} điện đàm với {MACRON}. {MODI} cũng gọi điện chúc mừng.", ["FR-KE"]),
        (f"{RUTO} điện đàm với {MACRON}. Phó Tổng thống Kenya cũng gọi điện.", ["FR-KE"]),
        (f"Với {MACRON}, ông Ruto điện đàm là cách giữ kênh đối thoại.", []),
        # each in turn, though the headline tells it of both at once
        ("Thủ tướng Đức Olaf Scholz và các Tổng thống Emmanuel Macron, William Ruto sẽ có cuộc điện đàm ba bên tối "
         "nay.",
         ["DE-FR-KE"]),
        (f"{RUTO} đã điện đàm với {MACRON}, {MODI}.", ["FR-KE", "IN-KE"]),
        (f"Phát biểu sau hội nghị trực tuyến của EU hôm 14/5, {MACRON} cho biết ông đã tìm cách điện đàm với {RUTO} "
         f"nhưng bị từ chối.", ["FR-KE"]),
        (f"{MODI} sẽ tới Kenya, theo thỏa thuận đạt được khi {RUTO} gọi điện mừng sinh nhật ông hôm 13/5.", ["IN-KE"]),
        (f"Với {MACRON}, {RUTO} gọi điện là để trấn an.", ["FR-KE"]),
        (f"{RUTO} cùng {MACRON} gọi video cho hơn 10 lãnh đạo châu Phi.", []),
        (f"{RUTO} cùng {MACRON} gọi điện cho nhau.", ["FR-KE"]),
        (f"{RUTO} nói chuyện điện thoại với {MACRON}; hai bên sẽ trình đề xuất tại hội nghị thượng đỉnh khu vực đồng "
         "euro.", ["FR-KE"]),
        # what "lý do" says is said by nobody called Lý; whose talk somebody is told of is not the listener's
        (f"Lý do: ông vừa điện đàm với {MACRON}.", []),
        (f"Thủ tướng Lý Cường cười. Ông Lý vừa điện đàm với {MACRON}.", ["CN-FR"]),
        (f"{RUTO} vừa điện đàm với {MACRON}. Ông Ruto tóm tắt cho ông Macron nghe cuộc gọi của ông với {MODI}.",
         ["FR-KE", "IN-KE"]),
        (f"{RUTO} vừa điện đàm với {MACRON}. Ông Ruto cũng nghe cuộc gọi của {MODI}.", ["FR-KE", "IN-KE"]),
        # talks with each of several, of which the article says that they were calls
        (f"{RUTO} viết rằng ông vừa có những cuộc nói chuyện rất tốt với {MACRON} và {MODI}. Sau cuộc điện đàm, chè "
         f"lên giá.", ["FR-KE", "IN-KE"]),
        (f"{RUTO} viết rằng ông vừa có những cuộc nói chuyện rất tốt với {MACRON} và {MODI}. Sau cuộc gặp, chè lên "
         f"giá.",
         []),
        # a talk to come of which the next sentence says that it would be a call; and who rings too
        (f"{RUTO} hôm nay nói ông dự tính sẽ nói chuyện với {MACRON}. Một cuộc điện đàm như vậy cần bàn trước.",
         ["FR-KE"]),
        (f"{RUTO} hôm nay nói ông dự tính sẽ nói chuyện với {MACRON}. Một cuộc gặp như vậy cần bàn trước.", []),
        (f"{RUTO} vừa điện đàm với {MACRON}. Trước đó ít giờ ông Ruto cũng gọi {MODI}.", ["FR-KE", "IN-KE"]),
        (f"{RUTO} vừa điện đàm với {MACRON}. Ông Ruto cũng gọi {MODI} là bạn.", ["FR-KE"]),
        (f"{RUTO} vừa điện đàm với {MACRON} và {MODI}. Ông mong sẽ có cuộc điện đàm giữa ba nhà lãnh đạo.",
         ["FR-KE", "IN-KE"]),
        (f"{RUTO} vừa điện đàm với {MACRON}. Ông Ruto cũng gọi {MODI} như một người bạn lớn.", ["FR-KE"]),
        (f"Trợ lý đưa điện thoại cho {MACRON} nghe cuộc gọi của {RUTO}.", ["FR-KE"]),
        (f"{RUTO} và {MACRON} đã điện đàm tới nhiều tiếng đồng hồ.", ["FR-KE"]),
        (f"{RUTO} vừa điện đàm với {MACRON} và {MODI}. Điện Elysee không nêu chi tiết cuộc điện đàm giữa ba nhà lãnh "
         "đạo.", ["FR-IN-KE"]),
        (f"{RUTO} có cuộc điện đàm chung với {MACRON} và {MODI} rồi với nội các bàn về chè.", ["FR-IN-KE"]),
        (f"{RUTO} vừa điện đàm với {MACRON}. Ông cũng gọi {MODI} vài giờ sau vụ phóng tên lửa.", ["FR-KE", "IN-KE"]),
        (f"{RUTO} vừa điện đàm với {MACRON}. Ông cũng gọi {MODI} từ nhà riêng nhằm trấn an đồng minh.",
         ["FR-KE", "IN-KE"]),
        (f"{RUTO} nhận được cuộc gọi của {MACRON} với {MODI} ở cùng đầu dây.", ["FR-KE"]),
        (f"{RUTO} chờ cuộc gọi của {MACRON} với {MODI}.", ["FR-IN"]),
        (f"{RUTO} và {MACRON} tối qua gọi điện cho các đối tác châu Âu.", []),
        (f"{RUTO} đã lần lượt điện thoại cho {MACRON} và {MODI}.", ["FR-KE", "IN-KE"]),
        (f"{RUTO} và {MACRON} đã có cuộc điện đàm với mục đích tháo gỡ bế tắc.", ["FR-KE"]),
        (f"{RUTO} vừa mời {MACRON} tới Nairobi. Lời mời được đưa ra trong cuộc nói chuyện qua điện thoại tối qua.",
         ["FR-KE"]),
        (f"{RUTO} vừa mời {MACRON} tới Nairobi. Lời mời được đưa ra trong cuộc nói chuyện qua điện thoại giữa hai "
         "ngoại trưởng.", []),
        (f"{RUTO} điện đàm với {MODI}. Ngay trước khi nghe máy, ông Ruto nói ông mong {MACRON} nhượng bộ.", ["IN-KE"]),
        (f"{RUTO} điện đàm với {MACRON}. Đầu bếp Kamau, người mở quán, trước đó được ông Ruto gọi điện chia buồn.",
         ["FR-KE"]),
        (f"{RUTO} hôm qua điện đàm với {MACRON}, còn yêu cầu nói chuyện với {MODI} thì bị từ chối.",
         ["FR-KE", "IN-KE"]),
        (f"{RUTO} và {MACRON} hôm qua thống nhất qua điện thoại sẽ gặp nhau ở Paris.", ["FR-KE"]),
        (f"{RUTO} và {MACRON} hôm qua thống nhất sẽ gặp nhau ở Paris để bàn về thuế điện thoại.", []),
        # the given name of a Vietnamese leader is his where the article names him in full
        (f"Tổng Bí thư Tô Lâm thăm Paris. Ông Lâm đã điện đàm với {MACRON}.", ["FR-VN"]),
        (f"Đầu bếp Trần Lâm thăm Paris. Ông Lâm đã điện đàm với {MACRON}.", []),
    ],
)  # fmt: skip
def test_who_is_on_the_call(text: str, calls: list[str]) -> None:
    assert pairs(told(text)) == calls


@pytest.mark.parametrize(
    ("text", "days"),
    [
        (f"{SERIES} Trước hết, ông Ruto trao đổi với {MACRON}. Cùng ngày, nhà lãnh đạo Kenya điện đàm với {MODI}.",
         ["2024-05-14", "2024-05-14"]),
        (f"{SERIES} Mới đây, ông Ruto điện đàm với {MACRON}.", [None]),
        (f"{RUTO} hôm thứ Ba điện đàm với {MACRON}, trước khi điện đàm với {MODI}.", ["2024-05-14", "2024-05-14"]),
        (f"{RUTO} hôm thứ Ba điện đàm với {MACRON}, người từng điện đàm với {MODI}.", ["2024-05-14", None]),
        (f"{RUTO} hôm thứ Ba điện đàm với {MACRON}, chỉ vài giờ sau cuộc gọi video với {MODI}.", ["2024-05-14", None]),
        (f"Ngay sau cuộc điện đàm với {MACRON} vào tối qua, {RUTO} điện đàm với {MODI} vào hôm nay.",
         ["2024-05-14", "2024-05-15"]),
        (f"Phát biểu ngày 14/5, {RUTO} nói ông sẽ gọi cho {MACRON} “vào ngày mai”, vì cần bàn về gạo.", ["2024-05-15"]),
        (f"Thỏa thuận được {RUTO} công bố ngày 12/5 trên mạng xã hội, ngay sau cuộc điện đàm với {MACRON}.",
         ["2024-05-12"]),
        (f"{RUTO} điện đàm với {MACRON}, nói đây là sự tiếp nối cuộc gặp diễn ra vào ba tuần trước.", [None]),
        (f"{RUTO} đã rời cuộc họp ngày 14/5 để gọi cho {MACRON}.", ["2024-05-14"]),
        (f"{RUTO} xem lại biên bản ngày 14/5 để gọi cho {MACRON}.", [None]),
        (f"Theo thỏa thuận đạt được hồi tháng 3, {RUTO} và {MACRON} sẽ điện đàm.", [None]),
        (f"{RUTO} và {MACRON} hôm nay, 15/5, điện đàm trong 80 phút.", ["2024-05-15"]),
        (f"Ngày 14/5, {RUTO} nói ông không hài lòng về cuộc điện đàm hôm trước với {MACRON}.", ["2024-05-13"]),
        (f"{RUTO} khen cuộc điện đàm với {MACRON} ngay sau lễ hội chè hồi tháng 5.", ["2024-05-??"]),
        (f"{RUTO} khen cuộc điện đàm với {MACRON} sau khi lễ hội chè mở hồi tháng 5.", [None]),
        # the day of a statement is the call's where the call has just been, or is told with the part of that day
        (f"{RUTO} hôm nay (15/5) viết trên mạng rằng ông vừa có cuộc điện đàm với {MACRON}.", ["2024-05-15"]),
        (f"{RUTO} hôm nay (15/5) viết trên mạng rằng ông thích cuộc điện đàm với {MACRON}.", [None]),
        (f'"Tôi vừa có cuộc điện đàm dài với {MACRON}", {RUTO} viết tối 14/5.', ["2024-05-14"]),
        (f'"Tôi đã có cuộc điện đàm dài với {MACRON}", {RUTO} viết tối 14/5.', [None]),
        (f"{RUTO} hôm 14/5 khen cuộc điện đàm lúc sáng sớm với {MACRON}.", ["2024-05-14"]),
        (f"Bộ Ngoại giao Pháp thông báo tối 14/5, {MACRON} điện đàm với {RUTO}.", ["2024-05-14"]),
        (f"Bộ Ngoại giao Pháp thông báo ngày 12-5 {MACRON} đã điện đàm với {RUTO}.", ["2024-05-12"]),
        (f"Bộ Ngoại giao Pháp thông báo ngày 12-5 về việc {MACRON} đã điện đàm với {RUTO}.", [None]),
        (f"Bộ Ngoại giao Pháp thông báo tối 14/5, vài giờ trước khi bay, {MACRON} điện đàm với {RUTO}.", [None]),
        # a day said twice, or counted
        (f"{RUTO} sẽ điện đàm với {MACRON} vào ngày mai, tức 15/5.", ["2024-05-15"]),
        (f"Hai ngày sau cuộc điện đàm giữa {RUTO} và {MACRON}, giá chè vẫn chưa tăng.", ["2024-05-13"]),
        (f"Hai ngày sau cuộc điện đàm với {MACRON}, {RUTO} hôm 13/5 gọi điện cho {MODI}.",
         ["2024-05-11", "2024-05-13"]),
        (f"Hai ngày sau cuộc điện đàm với {MACRON}, {RUTO} nói sẽ thăm {MODI} vào ngày 20/5.", [None]),
        (f"{RUTO} hôm 13/5 điện đàm với {MODI}, hai ngày sau khi ông điện đàm với {MACRON}.",
         ["2024-05-13", "2024-05-11"]),
        (f"{RUTO} điện đàm với {MODI} và sẽ gặp ông ngày 20/5, hai ngày sau khi ông điện đàm với {MACRON}.",
         [None, None]),
        (f"Hai ngày sau lễ hội chè, có cuộc điện đàm giữa {RUTO} và {MACRON}.", [None]),
        (f"{RUTO} điện đàm với {MACRON} vài ngày trước.", [None]),
        (f"{RUTO} điện đàm với {MACRON} ba ngày trước.", ["2024-05-12"]),
        (f"{RUTO} và {MACRON} hôm nay điện đàm. Cuộc gọi trước đó, ngày 14/5, chỉ bàn về chè.",
         ["2024-05-15", "2024-05-14"]),
        (f'{RUTO} tiếp tục cuộc điện đàm "cởi mở" với {MACRON}, kéo dài 38 phút vào tối 14/5.', ["2024-05-14"]),
        (f"{RUTO} tiếp tục cuộc điện đàm với {MACRON}, kéo dài 38 phút, và bay tới Paris ngày 14/5.", [None]),
        (f"Chưa đầy một tuần sau lễ nhậm chức, {RUTO} đã điện đàm với {MACRON}.", [None]),
        (f"{RUTO} điện đàm với {MACRON} hôm 6/5 và {MODI} hôm 9/5.", ["2024-05-06", "2024-05-09"]),
        (f"{RUTO} điện đàm với {MACRON} và {MODI} hôm 9/5.", ["2024-05-09", "2024-05-09"]),
        (f"{RUTO} ngày 12/5 điện đàm với {MACRON}. Đây là cuộc điện đàm thứ hai trong hai ngày, sau cuộc trao đổi hôm "
         "11/5.", ["2024-05-12", "2024-05-11"]),
        (f"{RUTO} ngày 12/5 điện đàm với {MACRON}. Đây là bước đi thứ hai trong hai ngày, sau cuộc trao đổi hôm 11/5.",
         ["2024-05-12"]),
        (f"{RUTO} và {MACRON} hôm nay họp trực tuyến. Hai người đã hai lần điện đàm trong năm nay, lần gần nhất là hồi "
         "tháng 3.", ["2024-05-15", "2024-03-??"]),
        (f"{RUTO} hôm 12/5 có cuộc điện đàm với {MACRON} và sau đó là cuộc gọi chừng một giờ với {MODI}.",
         ["2024-05-12", "2024-05-12"]),
        (f"{RUTO} hôm 12/5 điện đàm với {MACRON}. Sau đó, ông Ruto đã điện đàm với {MODI}.",
         ["2024-05-12", "2024-05-12"]),
        (f"{RUTO} hôm 12/5 điện đàm với {MACRON}. Ông Ruto cũng đã điện đàm với {MODI}.", ["2024-05-12", None]),
        (f"{RUTO} hôm 14/5 điện đàm với {MACRON}. Hôm 6/5, ông Ruto gọi điện mừng ông Macron. Cùng ngày 14/5, ông Ruto "
         f"tiếp khách. Cũng trong ngày, ông Ruto gọi điện cho {MODI}.", ["2024-05-14", "2024-05-06", "2024-05-14"]),
        (f'"Hôm nay, tôi đã điện đàm với {MACRON}. Chè sẽ lên giá", {RUTO} nói trong tuyên bố ngày 13/5.',
         ["2024-05-13"]),
        (f'"Hôm nay, tôi đã điện đàm với {MACRON}. Chè sẽ lên giá", {RUTO} nói.', ["2024-05-15"]),
        (f'{RUTO} hôm 12/5 nói giá chè còn thấp. "Ngày mai tôi sẽ điện đàm với {MACRON}", báo dẫn lời ông.',
         ["2024-05-13"]),
        (f'{RUTO} hôm 12/5 thăm đồi chè. "Ngày mai tôi sẽ điện đàm với {MACRON}", báo dẫn lời ông.', ["2024-05-16"]),
        (f"Trên sóng phát hôm 13/5, {RUTO} mô tả cuộc nói chuyện qua điện thoại hôm 7/5 với {MACRON} là tốt.",
         ["2024-05-07"]),
        (f"Ba tuần trước, tại Paris, {MACRON} đã đề nghị {RUTO} điện đàm với {MODI}.", [None]),
        (f"{RUTO} hôm 12/5 gọi cho {MACRON} và {MODI}. Ông Ruto sau đó gọi lại cho ông Macron.",
         ["2024-05-12", "2024-05-12", "2024-05-12"]),
        (f"Cuộc gọi gần đây nhất giữa {RUTO} và {MACRON}, hôm 2/5, kết thúc mà không có gì.", ["2024-05-02"]),
        (f"Một ngày sau cuộc gọi giữa {RUTO} và {MACRON}, ngày 2/5, Kenya tăng giá chè.", [None]),
        (f'"Tôi vừa nói chuyện với {MACRON}. Chè sẽ lên giá", {RUTO} viết trên mạng tối 12/5.', ["2024-05-12"]),
        (f'"Tôi từng nói chuyện với {MACRON}. Chè sẽ lên giá", {RUTO} viết trên mạng tối 12/5.', []),
        (f"Ngày 3/5, một ngày sau khi dọa tăng thuế chè, {RUTO} điện đàm với {MACRON}.", ["2024-05-03"]),
        (f"Ngày 3/5, một ngày sau khi dọa tăng thuế chè, {RUTO} nói ông sẽ điện đàm với {MACRON}.", [None]),
        (f"{RUTO} điện đàm với {MACRON} về hiệp định có hiệu lực từ ngày 3/5.", [None]),
        (f"Hôm sau, 10 tháng Năm, {RUTO} điện đàm với {MACRON}.", ["2024-05-10"]),
        (f"{RUTO} điện đàm với {MACRON}. Cuộc gọi diễn ra hai ngày sau cuộc bầu cử hôm 1/5.", ["2024-05-03"]),
        (f"{RUTO} điện đàm với {MACRON}. Cuộc gọi diễn ra ba ngày trước hội nghị ngày 2/5.", ["2024-04-29"]),
        (f"{RUTO} điện đàm với {MACRON}. Cuộc gọi diễn ra hai ngày sau cuộc bầu cử.", [None]),
        (f"{RUTO} gọi điện cho {MACRON} và {MODI}. Theo Điện Elysee, cuộc gọi diễn ra hôm 10/5.", ["2024-05-10", None]),
        (f"{RUTO} gọi điện cho {MACRON} và {MODI}. Theo các báo, cuộc gọi diễn ra hôm 10/5.", [None, "2024-05-10"]),
        (f"{RUTO} điện đàm với {MACRON} hai lần: hôm 2/5, khi chè rớt giá, và ngày 4/5, sau bầu cử.",
         ["2024-05-02", "2024-05-04"]),
        (f"{RUTO} điện đàm với {MACRON} hai ngày liền: hôm 2/5 nói về chè.", [None]),
        (f"Đây là lần thứ hai {RUTO} điện đàm với {MACRON}, sau lần kéo dài 90 phút ngày 2/5.", [None, "2024-05-02"]),
        (f"Đây là lần thứ hai {RUTO} điện đàm với {MACRON}, sau lần đắc cử ngày 2/5.", [None]),
        (f"{RUTO} điện đàm với {MACRON} tối 12/5 và sẽ gọi cho {MODI} sáng 16/5.", ["2024-05-12", "2024-05-16"]),
        (f"{RUTO} sẽ điện đàm với {MACRON} tối 16/5 và gọi cho {MODI}.", ["2024-05-16", "2024-05-16"]),
        (f"{RUTO} thăm Kiev hai ngày trước khi gọi cho {MACRON} hôm 10/5.", ["2024-05-10"]),
        (f"{RUTO} điện đàm với {MACRON} sau khi chè rớt giá hai lần: hôm 2/5 và hôm 4/5.", [None]),
        (f"Hôm 14/5, {RUTO} điện đàm với {MACRON}. Hôm 1/5 hai ông cũng điện đàm. "
         "Cuộc điện đàm tiếp theo dự kiến diễn ra ngày 20/5.", ["2024-05-14", "2024-05-01", "2024-05-20"]),
        (f"{RUTO} hôm 14/5 điện đàm với {MACRON}. Sau đó ông điện đàm với {MODI}.", ["2024-05-14", "2024-05-14"]),
        (f"{RUTO} hôm 14/5 điện đàm với {MACRON}. Trước đó ông điện đàm với {MODI}.", ["2024-05-14", None]),
        (f"{RUTO} hôm 14/5 điện đàm với {MACRON}. Buổi tối, ông điện đàm với {MODI}.", ["2024-05-14", "2024-05-14"]),
        (f"{RUTO} hôm 14/5 điện đàm với {MACRON}. Buổi tiệc sau, ông điện đàm với {MODI}.", ["2024-05-14", None]),
        (f"{RUTO} hôm 14/5 nói với {MACRON} rằng hạn hán đã qua. Lời đó được đưa ra trong cuộc điện đàm giữa hai ông.",
         ["2024-05-14"]),
        (f"{RUTO} hôm 14/5 nói với báo chí rằng {MACRON} đã giúp. Lời đó có trong cuộc điện đàm giữa hai ông.", [None]),
        (f"{RUTO} và {MACRON} hôm 14/5 nhất trí giảm nợ, theo thông cáo sau cuộc điện đàm giữa họ.", ["2024-05-14"]),
        (f"{RUTO} đang điện đàm với {MACRON}.", ["2024-05-15"]),
        (f"Các cuộc điện đàm giữa {RUTO} với {MACRON} ngày 5/5 và 12/5 bàn về nợ.", ["2024-05-05", "2024-05-12"]),
        (f"Các cuộc họp ngày 5/5 và 12/5 bàn về cuộc điện đàm giữa {RUTO} với {MACRON}.", [None]),
        (f"Điện Elysee thông báo ngày 12/5, {RUTO} lại có cuộc điện đàm với {MACRON}.", ["2024-05-12"]),
        (f"{RUTO} gọi cho {MACRON}. Ông kể lại cuộc nói chuyện ngày 12/5 cho quốc hội.", ["2024-05-12"]),
        (f"{RUTO} điện đàm với {MACRON} hôm 6/5, rồi {SHARIF} và {MODI} hôm 9/5.",
         ["2024-05-06", "2024-05-09", "2024-05-09"]),
        (f"{RUTO} điện đàm với {MACRON} hôm 6/5 và {MODI} để chuẩn bị hội nghị hôm 9/5.", ["2024-05-06", "2024-05-06"]),
        (f"{RUTO} hôm nay điện đàm với {MACRON}, kể cả cuộc điện đàm thượng đỉnh Pháp - Ấn Độ ngày hôm qua.",
         ["2024-05-15", "2024-05-14"]),
        (f"{RUTO} hôm nay tiếp tục điện đàm với {MACRON}. Hôm 14/5, ông Ruto xin lỗi ông Macron trong cuộc gọi.",
         ["2024-05-15", "2024-05-14"]),
        (f"{RUTO} và {MACRON} sẽ điện đàm vào thứ Sáu. Hai bên chốt giá chè trong cuộc gọi ngày 17/5.", ["2024-05-17"]),
        (f"{RUTO} và {MACRON} sẽ điện đàm vào thứ Sáu. Hai bên đã chốt giá chè trong cuộc gọi ngày 10/5.",
         ["2024-05-17", "2024-05-10"]),
        # what was done since has its own day
        (f"{RUTO} ngày 10/5 điện đàm với Thủ tướng Đức Olaf Scholz. Ngày 14/5, ông thăm Mombasa. Buổi tối, ông điện "
         f"đàm với {MACRON}.", ["2024-05-10", "2024-05-14"]),
        (f"{RUTO} ngày 10/5 điện đàm với Thủ tướng Đức Olaf Scholz. Buổi tối, ông điện đàm với {MACRON}.",
         ["2024-05-10", "2024-05-10"]),
        # a debate of others, and what was said on television
        (f"{RUTO} vừa điện đàm với {MACRON}. Cuộc thảo luận ngày 9/5 tại Quốc hội Kenya về chè kéo dài tới khuya.",
         [None]),
        (f"{RUTO} vừa điện đàm với {MACRON}. Cuộc đối thoại nhân quyền ngày 9/5 giữa hai nước từng bị hoãn.", [None]),
        (f"{RUTO} vừa điện đàm với {MACRON}. Cuộc trao đổi ngày 13/5 kéo dài nửa giờ.", ["2024-05-13"]),
        (f"{RUTO} hôm 8/5 cảnh báo {MACRON} trên CNN rằng chè sẽ tăng giá. Trong cuộc điện đàm, ông Macron nói Pháp sẽ "
         "mua chè ở nơi khác.", [None]),
        # attacks have their days, and a call that another matter was left for has its own
        (f"Sau các cuộc điện đàm với {MACRON} về vụ cháy ngày 7/5 và 9/5, {RUTO} cảm ơn đồng minh.", [None]),
        (f"Sau các cuộc điện đàm với {MACRON} ngày 7/5 và 9/5, {RUTO} cảm ơn đồng minh.", ["2024-05-07", "2024-05-09"]),
        (f"{RUTO} ngày 14/5 gác lại chuyến đi Mombasa để có cuộc điện đàm với {MACRON} vào hôm nay.", ["2024-05-15"]),
        (f"{RUTO} ngày 14/5 gác lại chuyến đi Mombasa để điện đàm với {MACRON}.", ["2024-05-14"]),
        # a look back that comes to this year
        (f"Ngày 24/2/2022, giá chè tăng. {RUTO} hôm 10/4 điện đàm với {MACRON}.", ["2024-04-10"]),
        (f"Trận lũ 6/2/2023 cuốn trôi nương chè. Ngày 6/2 vừa qua, {RUTO} dự lễ. Ngày 8/2, ông điện đàm với {MACRON}.",
         ["2024-02-08"]),
        (f"{RUTO} hôm 13/5 điện đàm với {MODI}. Trên đường về, ông còn gọi cho {MACRON}.",
         ["2024-05-13", "2024-05-13"]),
        (f"{RUTO} hôm 13/5 điện đàm với {MODI}. Trước đó trong buổi chiều, ông gọi điện cho {MACRON}.",
         ["2024-05-13", "2024-05-13"]),
        (f"{RUTO} và {MACRON} vừa điện đàm, lần đầu kể từ ngày 29/3, Điện Elysee thông báo.", [None, "2024-03-29"]),
        (f"Ngày 3/5, {RUTO} bác bỏ mọi cáo buộc trong cuộc điện đàm với {MACRON}.", ["2024-05-03"]),
        (f"Ngày 3/5, {RUTO} bình luận với báo giới về cuộc điện đàm với {MACRON}.", [None]),
        (f"{RUTO} hôm qua nói với {MACRON} rằng chè sẽ tăng giá. Đây là cuộc điện đàm thứ tư giữa hai nhà lãnh đạo.",
         ["2024-05-14"]),
        # a day of what was agreed, or given to what was said elsewhere
        (f"Ngày 12/5, {RUTO} điện đàm với {MODI}. Hai bên nhất trí gặp nhau ngày 20/5. Sau đó, ông Ruto điện đàm với "
         f"{MACRON}.", ["2024-05-12", "2024-05-12"]),
        (f"{RUTO} điện đàm với {MACRON} (6/5), {SHARIF} (8/5) và {MODI} (9/5).",
         ["2024-05-06", "2024-05-08", "2024-05-09"]),
        (f"{RUTO} điện đàm với {MACRON} (6/5), gặp {SHARIF} (8/5) và {MODI} (9/5).", ["2024-05-06"]),
        (f"{RUTO} hôm 12/5 cảm ơn {MACRON}. Cũng tại cuộc điện đàm, ông Macron mời ông Ruto thăm Paris.",
         ["2024-05-12"]),
        (f"{RUTO} hôm 12/5 cảm ơn {MACRON}. Cũng tại cuộc họp báo, ông Macron khoe vừa điện đàm với ông Ruto.", [None]),
        (f"Ngày 14/5, {RUTO} khẳng định lập trường đã nêu trong cuộc điện đàm với {MACRON}.", [None]),
        (f"{RUTO} có hai cuộc điện đàm với {MACRON} về giá chè ngày 10/5 và 12/5.", ["2024-05-10", "2024-05-12"]),
        (f"Hôm 10/5, {RUTO} gọi điện cho {MACRON}. Ông Ruto cũng lần lượt điện đàm với {MODI} và Thủ tướng Đức Olaf "
         "Scholz.", ["2024-05-10", "2024-05-10", "2024-05-10"]),
        # what was done since has its own day, however its sentence opens
        (f"Ngày 12/5, {RUTO} điện đàm với {MODI}. Ông Ruto hôm 14/5 dự lễ ở Nairobi. Buổi chiều, ông điện đàm với "
         f"{MACRON}.", ["2024-05-12", "2024-05-14"]),
        (f"Ngày 12/5, {RUTO} điện đàm với {MODI}. Hôm 13/5, ông tiếp khách và nói về chè. Sau đó, ông điện đàm với "
         f"{MACRON}.", ["2024-05-12", "2024-05-13"]),
        (f"{RUTO} hai lần điện đàm với {MACRON} về các cuộc họp hôm 10/5 và 13/5.", ["2024-05-10"]),
        (f"{RUTO} ngày 14/5 điện đàm với {MACRON}. Lần trước hai ông bà nói chuyện là 17/3, sau đó chè lên giá.",
         ["2024-05-14", "2024-03-17"]),
        (f"{RUTO} ngày 14/5 điện đàm với {MACRON}. Tỉ số hôm ấy là 1-3, sau đó hai ông nói chuyện về chè.",
         ["2024-05-14"]),
    ],
)  # fmt: skip
def test_the_day_that_another_call_gives(text: str, days: list[str | None]) -> None:
    assert [report.when.date for report in told(text)] == days


@pytest.mark.parametrize(
    ("text", "status"),
    [
        (f"Cuộc điện đàm giữa {RUTO} và {MACRON} hiện bị loại trừ.", "denied"),
        (f"Cuộc điện đàm giữa {RUTO} và {MACRON} đang được chuẩn bị vào thứ Sáu.", "planned"),
        (f"Cuộc điện đàm giữa {RUTO} và {MACRON} đã được chuẩn bị kỹ.", "held"),
        (f'{RUTO} điện đàm với {MODI}. Ông thừa nhận chưa thể nói chuyện với {MACRON}.', "denied"),
        (f"{RUTO} đã gọi điện cho {MACRON} sau khi hoãn chuyến đi tới Paris.", "held"),
        (f"Cuộc điện đàm giữa {RUTO} và {MACRON} bị hoãn.", "denied"),
        (f"Hai bộ trưởng thảo luận về cuộc gọi hôm qua giữa {RUTO} và {MACRON}.", "held"),
        (f"Hai bộ trưởng thảo luận về khả năng tổ chức cuộc gọi giữa {RUTO} và {MACRON}.", "proposed"),
        (f"{RUTO} đề xuất với {MACRON} rằng hai người sẽ điện đàm.", "proposed"),
        (f"{RUTO} thông báo với {MACRON} rằng hai người sẽ điện đàm.", "planned"),
        (f"Trưa nay, {RUTO} và {MACRON} bắt đầu họp thượng đỉnh trực tuyến, thay cho chuyến thăm Paris bị hoãn.",
         "ongoing"),
        (f"Trưa nay, {RUTO} và {MACRON} bước vào cuộc hội đàm trực tuyến dự kiến kéo dài hai giờ.", "ongoing"),
        (f"Trưa nay, cuộc hội đàm trực tuyến của {RUTO} và {MACRON} kéo dài hai giờ.", "held"),
        (f"{RUTO} công bố ý định điện đàm với {MACRON}.", "planned"),
        (f"{RUTO} nêu ý định điện đàm với {MACRON}.", "proposed"),
        (f"{RUTO} nói về kế hoạch điện đàm với {MACRON}.", "planned"),
        (f"{RUTO} nói về kế hoạch trồng chè trong cuộc điện đàm với {MACRON}.", "held"),
        (f"Hội chợ mà {RUTO} và {MACRON} chọn trong cuộc điện đàm hôm 13/5 đã tạm hoãn.", "held"),
        (f"Cuộc điện đàm của {RUTO} và {MACRON} hôm 13/5 đã tạm hoãn.", "denied"),
        (f'{RUTO} nói vừa có "cuộc điện đàm rất tốt" với {MACRON} và mong gặp ông ở Paris ngày 20/5.', "held"),
        (f"Một tờ báo nói {RUTO} gọi điện cho {MACRON} hôm 13/5; hôm nay văn phòng ông Ruto bác bỏ.", "denied"),
        (f"Một tờ báo nói {RUTO} gọi điện cho {MACRON} hôm 13/5; văn phòng ông Ruto không xác nhận hay phủ nhận.",
         "held"),
        (f"{RUTO} cho biết cuộc điện đàm giữa ông với {MACRON} vẫn chưa thể diễn ra.", "denied"),
        (f"Nairobi bác bỏ phát biểu của một nghị sĩ rằng {RUTO} đã gọi điện cho {MACRON}.", "denied"),
        (f"Nairobi bác bỏ phát biểu của một nghị sĩ rằng {RUTO} đe dọa trong cuộc điện đàm với {MACRON}.", "held"),
        (f"{RUTO} ngày 14/5 điện đàm với {MACRON}. Sáng cùng ngày, người phát ngôn cho biết ông Ruto sẽ có một cuộc "
         "điện đàm.", "held"),
        (f"{RUTO} điện đàm với {MACRON}. Sáng cùng ngày, người phát ngôn cho biết ông Ruto sẽ có một cuộc điện đàm.",
         "planned"),
        (f"Văn phòng chính phủ đang thu xếp cuộc điện đàm giữa {RUTO} và {MACRON}, có thể diễn ra vào tối 15/5.",
         "planned"),
        (f"Văn phòng chính phủ đang thu xếp cuộc điện đàm giữa {RUTO} và {MACRON} sau cuộc gặp hôm 12/5.", "proposed"),
        (f"{RUTO} hôm qua đề nghị tổ chức một cuộc trò chuyện trực tuyến với {MACRON} vào thứ Sáu.", "proposed"),
        (f"Theo kế hoạch, cùng ngày 15/5, {RUTO} còn nói chuyện qua điện thoại với {MACRON}.", "planned"),
        (f"Theo kế hoạch đã định, {RUTO} thăm Paris sau cuộc điện đàm với {MACRON}.", "held"),
        (f"{RUTO} đã gọi điện cho {MACRON}, đáp lại là sự im lặng.", "denied"),
        (f"{RUTO} đã gọi điện cho {MACRON}, đáp lại là lời chúc mừng.", "held"),
        (f"{RUTO} tìm cách nói chuyện qua điện thoại với {MACRON} nhưng không được.", "denied"),
        (f"{RUTO} tìm cách gọi cho {MACRON} trong mấy tuần qua, nhưng ông Macron đều từ chối nhấc máy.", "denied"),
        (f"{RUTO} hôm nay điện đàm với {MACRON}. Hạn hán lan rộng. Chè mất giá. Sông cạn. Hồi đầu năm, {MODI} hối thúc "
         "ông Ruto gọi cho ông Macron.", "held"),
        (f"Điện Elysee nói không biết về bất kỳ cuộc điện đàm nào giữa {RUTO} và {MACRON}.", "denied"),
        (f"Điện Elysee nói không biết ai dự cuộc điện đàm giữa {RUTO} và {MACRON}.", "held"),
        (f"{RUTO} hôm nay điện đàm với {MACRON}. Cuộc điện đàm vốn được lên lịch hôm 13/5 nhưng ông Ruto phải hoãn.",
         "held"),
        (f"{RUTO} và {MACRON} đã điện đàm và ông Ruto sau đó cho hoãn thuế chè 90 ngày.", "held"),
        (f'{RUTO} đã điện đàm với {MACRON} hôm 14/5. "Tối nay đã diễn ra cuộc điện đàm giữa hai ông", trợ lý nói.',
         "held"),
        (f"Trong cuộc điện đàm với {MACRON} hôm qua, {RUTO} nói cuộc họp bốn bên sẽ không thể diễn ra.", "held"),
        (f"{RUTO} và {MACRON} đã bắt đầu cuộc hội đàm trực tuyến được chờ đợi từ lâu.", "ongoing"),
        (f"Hôm 13/5, {RUTO} hé lộ kế hoạch điện đàm với {MACRON}.", "planned"),
        (f"Cuộc điện đàm giữa {RUTO} và {MACRON} bắt đầu lúc 7h, dự kiến kéo dài hai giờ.", "ongoing"),
        (f"Cuộc điện đàm giữa {RUTO} và {MACRON} sẽ bắt đầu lúc 20h, dự kiến kéo dài hai giờ.", "planned"),
        (f"{RUTO} trao đổi qua video với {MACRON} thay cho cuộc gặp bị hủy.", "held"),
        (f"Cuộc trao đổi qua video của {RUTO} với {MACRON} bị hủy.", "denied"),
        (f"Trong cuộc điện đàm được chờ đợi, {RUTO} nói với {MACRON} rằng chè sẽ tăng giá.", "held"),
        (f"{RUTO} nói về cuộc điện đàm được chờ đợi với {MACRON}.", "planned"),
        (f"Cuộc điện đàm giữa {RUTO} và {MACRON}, nếu thành, sẽ diễn ra vào tháng tới.", "proposed"),
        (f"Cuộc điện đàm giữa {RUTO} và {MACRON}, theo kế hoạch, sẽ diễn ra vào tháng tới.", "planned"),
        (f"{RUTO} bác tin báo Madrid rằng ông đã gọi cho {MACRON}.", "denied"),
        (f"{RUTO} bác tin báo Madrid rằng giá chè đã giảm, trong cuộc gọi cho {MACRON}.", "held"),
        (f"{RUTO} và {MACRON} đang trên đường dây.", "ongoing"),
        (f"Lần nói chuyện gần nhất giữa {RUTO} và {MACRON} là cuộc gọi video hôm 2/3.", "held"),
        (f'Cuộc gọi giữa {RUTO} và {MACRON} là chuyện "thuần túy hư cấu".', "denied"),
        (f'Cuộc gọi giữa {RUTO} và {MACRON} là chuyện "rất tốt".', "held"),
        (f"{RUTO} nói ông gọi nhưng {MACRON} không nhấc máy.", "denied"),
        (f"{RUTO} đã gọi cho {MACRON} nhưng máy bận và sẽ gọi lại.", "denied"),
        (f"{RUTO} đã gọi cho {MACRON} nhưng đang bận họp nên chỉ nói vài câu.", "held"),
        (f"{RUTO} và {MACRON} điện đàm. Ông Ruto sẽ lên đường sang Pháp ngày 20/5 và hội đàm với ông Macron tại Paris.",
         "held"),
        (f"{RUTO} gạt phăng đề nghị điện đàm với {MACRON}.", "denied"),
        (f"{RUTO} nói chuyện qua điện thoại với {MACRON} hôm 5/5. \"Tôi chỉ chờ một cuộc gọi\", ông nói.", "held"),
        (f"Cuộc điện đàm giữa {RUTO} và {MACRON} tập trung vào chè, và ông Ruto cảnh báo đối thoại không thể diễn ra.",
         "held"),
        (f"Cuộc điện đàm giữa {RUTO} và {MACRON} mà báo chí đưa tin sẽ được tổ chức hôm nay không diễn ra.", "denied"),
        (f"{RUTO} hôm 2/5 đã điện đàm với {MACRON}, cuộc trao đổi vốn lên lịch hôm 30/4 nhưng bị hủy.", "held"),
        (f"{RUTO} hôm 2/5 hẹn {MACRON}, cuộc điện đàm được lên lịch hôm 30/4 bị hủy vì mưa.", "denied"),
        (f"{RUTO} xin một cuộc điện đàm với {MACRON} nhưng không được Paris hồi âm.", "denied"),
        (f"Nairobi chưa nhận được bất kỳ xác nhận nào về một cuộc điện đàm giữa {RUTO} và {MACRON}.", "proposed"),
        (f"Ngay trước khi tin dữ lan ra, {RUTO} cũng đang trao đổi qua điện thoại với {MACRON}.", "held"),
        (f"{RUTO} đang trao đổi qua điện thoại với {MACRON}.", "ongoing"),
        (f"Cuộc điện đàm giữa {RUTO} với {MACRON} có thể là sai lầm lớn.", "held"),
        (f"{RUTO} hôm qua gọi cho {MACRON}. Hội đồng Bảo an sẽ họp trực tuyến tối nay.", "held"),
        (f"{RUTO} mời {MACRON} sang thăm. Chưa rõ hai ông nói chuyện trực tiếp hay qua điện thoại.", "proposed"),
        (f"Báo Jambo dẫn nguồn tin cho biết {RUTO} có kế hoạch nói chuyện qua điện thoại với {MACRON}.", "proposed"),
        (f"Điện Elysee cho biết {RUTO} có kế hoạch nói chuyện qua điện thoại với {MACRON}.", "planned"),
        (f"{RUTO} bác cách thuật lại của báo chí về cuộc điện đàm với {MACRON}.", "held"),
        (f"{RUTO} bác tin báo chí về cuộc điện đàm với {MACRON}.", "denied"),
        (f'"Tôi muốn gọi lại cho {MACRON}", {RUTO} nói sau cuộc điện đàm khoảng 25 phút.', "held"),
        # whoever is asked may have an answer
        (f"Được hỏi liệu có kế hoạch điện đàm với {MACRON}, {RUTO} nói sẽ gọi trong tuần này, song từ chối nêu giờ.",
         "planned"),
        # who announces a call, and who has only heard of it
        (f"Văn phòng Tổng thống xác nhận {RUTO} sẽ điện đàm với {MACRON}. Trước đó, báo Daily Tea dẫn nguồn tin nói "
         "ông Ruto sẽ điện đàm với ông Macron.", "planned"),
        (f"Báo Daily Tea dẫn nguồn tin cho biết {RUTO} sẽ điện đàm với {MACRON}. Điện Elysee xác nhận cuộc điện đàm "
         f"sắp diễn ra.", "planned"),
        (f"{RUTO} sẽ điện đàm với {MACRON}, báo Daily Tea dẫn các nguồn thạo tin.", "proposed"),
        (f"{RUTO} sẽ điện đàm với {MACRON}, trong khi báo Daily Tea dẫn nguồn tin nói giá chè sắp tăng.", "planned"),
        (f"{RUTO} định điện đàm với {MACRON}.", "proposed"),
        (f"{RUTO} quyết định điện đàm với {MACRON}.", "held"),
        # what is wrong is what they talk of
        (f"{RUTO} gọi điện cho {MACRON}, nói đánh thuế chè là sai.", "held"),
        (f"Cuộc điện đàm giữa {RUTO} và {MACRON} mà báo chí nêu là sai.", "denied"),
        (f"{RUTO} đã điện đàm với {MACRON} để cứu giá chè nhưng bất thành.", "held"),
        (f"Cuộc điện đàm giữa {RUTO} và {MACRON} bất thành.", "denied"),
        (f"{RUTO} điện đàm với {MACRON}, thuyết phục ông này hoãn bài diễn văn.", "held"),
        (f"Cuộc điện đàm giữa {RUTO} và {MACRON} bị hoãn sang tuần sau.", "denied"),
        (f"Trận lũ cuốn trôi nương chè hôm 2/5. Hôm ấy {RUTO} đang nói chuyện điện thoại với {MACRON}.", "held"),
        (f"{RUTO} đang nói chuyện điện thoại với {MACRON}.", "ongoing"),
        (f"Khi phát biểu {RUTO} nói chưa gọi cho {MACRON}; nhưng ít giờ sau, hai ông đã nói chuyện qua điện thoại.",
         "held"),
        (f"{RUTO} nói chưa gọi cho {MACRON}.", "denied"),
        (f"{RUTO} điện đàm với {MACRON}, khép lại những đồn đoán về lý do ông chưa gọi cho nhà lãnh đạo Pháp.", "held"),
        (f"{RUTO} vừa điện đàm với {MACRON}. Đường dây nóng giữa hai bộ trưởng thì không ai bắt máy.", "held"),
        (f"{RUTO} cho biết theo đề nghị của phía Pháp ông vừa điện đàm với {MACRON}.", "held"),
        (f"{RUTO} và {MACRON} có thể điện đàm ngay đầu tuần sau.", "proposed"),
        # a week after the next, and the beginning of the week after something
        (f"{RUTO} đã điện đàm với {MACRON} đầu tuần sau khi phái đoàn hai nước gặp nhau.", "held"),
        # who ends rumours may deny the call
        (f"Phủ Tổng thống Kenya chấm dứt đồn đoán khi xác nhận {RUTO} chưa gọi cho {MACRON}.", "denied"),
        (f"Cuộc điện đàm để bàn về chè giữa {RUTO} và {MACRON} hôm 14/5 bất thành do trục trặc kỹ thuật.", "denied"),
        (f"Cuộc điện đàm giữa {RUTO} và {MACRON} mà báo chí nói là hoàn toàn bịa đặt, Điện Elysee khẳng định.",
         "denied"),
        (f"Điện Elysee: Chuyện ông Ruto gọi cho {MACRON} là 'hoàn toàn hư cấu'. {RUTO} chưa lên tiếng.", "denied"),
        (f"{RUTO} chưa điện đàm với {MACRON} về chè. Tuy nhiên, hai ông đã nói chuyện qua điện thoại trước bầu cử.",
         "denied"),
        (f"Ngày 15/5, {RUTO} tới văn phòng từ sớm. Tối cùng ngày, phát ngôn viên cho biết ông Ruto đang điện đàm với "
         f"{MACRON}.", "ongoing"),
        (f"Theo các nguồn tin, {RUTO} sẽ điện đàm với {MACRON}. Điện Elysee từ chối xác nhận cuộc điện đàm.",
         "proposed"),
        (f"Điện Elysee cho biết {MACRON} sẽ điện đàm với {RUTO} để bàn về giá chè, theo một nguồn tin.", "planned"),
        (f"{RUTO} có cuộc nói chuyện qua điện thoại với {MACRON} để trình bày lý do hoãn Olympic.", "held"),
        (f"Phát ngôn viên cho biết chưa có kế hoạch nào để {RUTO} nói chuyện điện thoại với {MACRON}.", "denied"),
        (f"Phát ngôn viên cho biết có kế hoạch để {RUTO} nói chuyện điện thoại với {MACRON}.", "planned"),
        # what fails, is wrong or is not meant beside a call that was held
        (f"{RUTO} điện đàm với {MACRON} nhằm tìm lối thoát sau khi đàm phán về chè đổ vỡ.", "held"),
        (f"{RUTO} gọi điện cho {MACRON} để cảnh báo rằng vụ chè sẽ thất bại.", "held"),
        (f"Trong cuộc điện đàm với {MACRON}, {RUTO} cho rằng cáo buộc trộm chè là bịa đặt.", "held"),
        (f"{RUTO} chưa gọi cho {MACRON}, nhưng Điện Elysee cho biết hai ông đã điện đàm tối 14/5.", "held"),
        (f"Cuộc điện đàm giữa {RUTO} và {MACRON} xua tan tin đồn hai ông không gọi cho nhau.", "held"),
        (f"{RUTO} không có ý định công khai cuộc điện đàm với {MACRON}.", "held"),
        (f"{RUTO} không có ý định tiến hành một cuộc điện đàm với {MACRON}.", "denied"),
        (f"Điện Elysee không có kế hoạch nào khác ngoài cuộc điện đàm ngày 17/5 giữa {RUTO} và {MACRON}.", "planned"),
        (f"Cuộc điện đàm giữa {RUTO} và {MACRON} để bàn về chè đã đổ vỡ.", "denied"),
        (f"Kế hoạch điện đàm giữa {RUTO} và {MACRON} để tháo gỡ khủng hoảng đã thất bại.", "denied"),
        (f"Cuộc điện đàm giữa {RUTO} và {MACRON} hôm 14/5 cho thấy hai bên sẵn sàng gác lại bất đồng.", "held"),
        (f"Cuộc điện đàm giữa {RUTO} và {MACRON} hôm 14/5 đề cập âm mưu đảo chính bất thành.", "held"),
        (f"Cuộc điện đàm giữa {RUTO} và {MACRON} hôm 14/5 không thất bại như báo chí mô tả.", "held"),
        (f"Cuộc điện đàm giữa {RUTO} và {MACRON} diễn ra sau khi đàm phán về chè đổ vỡ.", "held"),
    ],
)  # fmt: skip
def test_the_status_of_a_call(text: str, status: str) -> None:
    assert told(text)[-1].status == status


@pytest.mark.parametrize(
    ("title", "calls"),
    [
        (f"Kenya hoãn cuộc điện đàm với {MACRON}", ["FR-KE"]),
        (f"Chile hoãn cuộc điện đàm với {MACRON}", []),
    ],
)
def test_a_headline_that_names_one_side_is_of_the_talk_behind_it(title: str, calls: list[str]) -> None:
    assert pairs(told(f"{RUTO} bận cứu hộ, cuộc trao đổi với {MACRON} chưa có lịch mới.", title=title)) == calls


def test_a_title_that_wants_a_call_stands_behind_the_text_that_plans_it() -> None:
    text = f"Người phát ngôn cho biết {RUTO} và {MACRON} sẽ điện đàm trong vài ngày tới."
    (report,) = told(text, title="Ông Ruto muốn sớm gọi cho ông Macron")
    assert report.status == "planned"


@pytest.mark.parametrize(
    ("title", "placed_by"),
    [
        ("Ông Ruto hai lần gọi điện cho ông Macron trong ba ngày", ["KE", "KE"]),
        ("Ông Ruto gọi điện cho ông Macron", ["KE", None]),
    ],
)
def test_who_rang_several_times_placed_each_call(title: str, placed_by: list[str | None]) -> None:
    text = f"{RUTO} và {MACRON} ngày 14/5 lại điện đàm về hạn hán. Cuộc điện đàm đầu tiên diễn ra tối 12/5."
    assert [report.initiator and report.initiator.side for report in told(text, title=title)] == placed_by


@pytest.mark.parametrize(
    ("title", "placed_by"),
    [
        ("Tổng thống Kenya gọi điện cho lãnh đạo hai nước láng giềng", ["KE", "KE"]),
        ("Tổng thống Kenya điện đàm với lãnh đạo hai nước láng giềng", [None, None]),
    ],
)
def test_who_rang_the_leaders_of_several_countries_placed_each_call(title: str, placed_by: list[str | None]) -> None:
    text = f"{RUTO} vừa điện đàm với Tổng thống Uganda Yoweri Museveni và Thủ tướng Ethiopia Abiy Ahmed."
    assert [report.initiator and report.initiator.side for report in told(text, title=title)] == placed_by


@pytest.mark.parametrize(
    ("whom", "placed_by"),
    [("từng người", ["KE", "KE"]), ("một cử tri", [None, None])],
)
def test_who_says_that_he_will_ring_each_places_each_call(whom: str, placed_by: list[str | None]) -> None:
    text = f'{RUTO} sẽ điện đàm với {MACRON} và {MODI}. "Ngày mai tôi sẽ gọi cho {whom}", ông Ruto nói.'
    assert [report.initiator and report.initiator.side for report in told(text)] == placed_by


@pytest.mark.parametrize(
    ("title", "days"),
    [
        ("Hai năm sau trận lũ Kisumu", ["2022-03-01"]),
        ("Lũ lại về Kisumu", ["2024-03-01"]),
    ],
)
def test_a_look_back_goes_on_in_the_year_of_which_it_tells(title: str, days: list[str]) -> None:
    text = f"Đêm 21/2/2022 nước lên. Đến ngày 1/3, {RUTO} điện đàm với {MACRON}."
    assert [report.when.date for report in told(text, title=title)] == days


def test_a_look_back_goes_on_in_the_order_of_its_days() -> None:
    text = f"Ngày 20/12/2022 nước lên. Hôm 18/9, {RUTO} điện đàm với {MACRON}. Ngày 3/2 năm đó, ông gọi cho {MODI}."
    days = [report.when.date for report in told(text, title="Hai năm sau trận lũ Kisumu")]
    assert days == ["2023-09-18", "2023-02-03"]


@pytest.mark.parametrize(("until", "years"), [("sau năm 2025", []), ("năm 2025", [2025])])
def test_a_year_that_is_not_reached_does_not_date_a_text(until: str, years: list[int]) -> None:
    article = Article(id="a", title="", text=f"Hai ông điện đàm về lò phản ứng {until}.")
    article_read = read_article(article, load_lexicon())
    assert article_read is not None
    last = written_of(article_read).last_year
    assert ([last] if last else []) == years


@pytest.mark.parametrize(
    ("text", "calls"),
    [
        (f"Cuộc điện đàm giữa {RUTO} và {MACRON} lại bị trì hoãn.", ["FR-KE denied None"]),
        (f"Cuộc điện đàm giữa {RUTO} và {MACRON} diễn ra khi Paris trì hoãn viện trợ.", ["FR-KE held None"]),
        (f"Cuộc điện đàm giữa {RUTO} và {MACRON} sẽ được dời lịch sang ngày 22/5.", ["FR-KE planned 2024-05-22"]),
        (f"Cuộc điện đàm về gia hạn khoản vay giữa {RUTO} và {MACRON} diễn ra ngày 13/5.", ["FR-KE held 2024-05-13"]),
        # whose "hôm nay" a quotation tells
        (f"{RUTO} ngày 12/5 điện đàm với {MACRON}. \"Ngày mai tôi sẽ điện đàm với ông Macron\", ông Ruto nói hôm nay.",
         ["FR-KE held 2024-05-12", "FR-KE planned 2024-05-16"]),
        (f"{RUTO} ngày 12/5 điện đàm với {MACRON}. Người phát ngôn nói: \"Hôm nay tôi xác nhận hai ông đã điện đàm\".",
         ["FR-KE held 2024-05-12"]),
        # a call of three that was not reached
        (f"{RUTO} ngày 12/5 điện đàm với {MACRON} và {MODI}. Ông chưa thể thu xếp được cuộc điện đàm giữa ba "
         "nhà lãnh đạo.",
         ["FR-KE held 2024-05-12", "IN-KE held 2024-05-12"]),
        (f"{RUTO} ngày 12/5 điện đàm với {MACRON} và {MODI}. Trong cuộc điện đàm giữa ba nhà lãnh đạo, họ bàn về chè.",
         ["FR-IN-KE held 2024-05-12"]),
        # the call has a time of its own
        (f"Ngày 14/5, {RUTO} chia sẻ trong cuộc điện đàm với {MACRON} hồi tháng 2, hai bên bàn về chè.",
         ["FR-KE held 2024-02-??"]),
        (f"Điện Elysee thông báo ngày 14/5 {MACRON} đã điện đàm với {RUTO} vào ngày 12/5.", ["FR-KE held 2024-05-12"]),
        # whose words stand beside it
        (f"Đến tối 14/5, mưa vẫn chưa dứt, {RUTO} gọi điện cho {MACRON}.", ["FR-KE held 2024-05-14"]),
        (f"Hôm 14/5, khi chơi đùa với cháu, {RUTO} nhận cuộc gọi của {MACRON}.", ["FR-KE held 2024-05-14"]),
        (f"Quan hệ hai nước vốn lạnh nhạt, song cuộc điện đàm giữa {RUTO} và {MACRON} dự kiến diễn ra ngày 20/5 nhưng "
         "chưa rõ giờ.", ["FR-KE planned 2024-05-20"]),
        # who talked with whom
        (f"{RUTO} đón nhận cuộc gọi của {MACRON} với {MODI} một cách dè dặt.", ["FR-IN held None"]),
        (f"Trong khi {RUTO} họp nội các thì {MACRON} gọi điện cho con tin vừa được thả.", []),
        (f"Khi {RUTO} còn trên đường ra sân bay thì {MACRON} gọi điện.", ["FR-KE held None"]),
        (f"Sau cuộc gặp giữa nhà vô địch và {RUTO}, tại Nairobi, anh được {MACRON} gọi điện.", []),
        (f"{RUTO} khẳng định {MACRON} phải gọi điện cho mình trước.", []),
        (f"{RUTO} ngày 12/5 điện đàm với {MACRON}. Lần trò chuyện trước, hôm 3/5, diễn ra ở Paris.",
         ["FR-KE held 2024-05-12"]),
        # refusals that were none
        (f"Yêu cầu điện đàm với {RUTO} không bị từ chối, {MACRON} nói.", ["FR-KE proposed None"]),
        (f"{RUTO} gọi cho {MACRON} nhưng đường dây quá bận, phải 10 phút sau mới nối được máy.", ["FR-KE held None"]),
        (f"{RUTO} gọi cho {MACRON} nhưng đường dây quá bận.", ["FR-KE denied None"]),
    ],
)  # fmt: skip
def test_what_stands_beside_a_call_and_is_not_its_own(text: str, calls: list[str]) -> None:
    found = [
        "-".join(sorted(str(country) for country in r.countries)) + f" {r.status} {r.when.date}" for r in told(text)
    ]
    assert found == calls


@pytest.mark.parametrize(
    ("text", "minutes"),
    [
        (f"Cuộc gọi của {RUTO} với {MACRON} chỉ tồn tại được 25 phút.", [25]),
        (f"{RUTO} điện đàm với {MACRON} sau khi lệnh ngừng bắn tồn tại được 3 giờ.", []),
        (f"{RUTO} đã điện đàm ba lần với {MACRON} trong tuần, tổng cộng 90 phút.", []),
        (f"{RUTO} đã điện đàm với {MACRON}, tổng cộng 90 phút.", [90]),
    ],
)
def test_lengths_of_something_else(text: str, minutes: list[int]) -> None:
    assert [d.minutes for r in told(text) for d in r.durations] == minutes


@pytest.mark.parametrize(
    ("text", "calls"),
    [
        (f"{RUTO} họp báo. Ông chính thức điện đàm với {MACRON} hôm 14/5.", ["FR-KE"]),
        (
            f"{RUTO} họp báo. Thủ tướng Phạm Minh Chính thăm Nairobi. Ông Chính điện đàm với {MACRON} hôm 14/5.",
            ["FR-VN"],
        ),
    ],
)
def test_a_pronoun_that_opens_a_sentence_is_no_given_name(text: str, calls: list[str]) -> None:
    assert ["-".join(sorted(str(country) for country in r.countries)) for r in told(text)] == calls
