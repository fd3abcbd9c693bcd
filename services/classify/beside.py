"""Times and lengths that stand beside a cue and are its own: not those of a statement about it, nor of a clause."""

from __future__ import annotations

import re
from collections.abc import Iterable

from services.classify.cues import Cue
from services.classify.regex import regex
from services.classify.skeleton import Skeleton
from services.classify.times import DAYS, LengthExpr, TimeExpr, number

_SAYING = regex(
    r"(?<!\w)(?<!được )(?:nói|cho biết|cho hay|tuyên bố|thông báo|khẳng định|"
    r"tiết lộ|hé lộ|dẫn lời|dẫn|đưa tin|viết|xác nhận|phát biểu|trả lời|"
    r"công bố|công khai|cung cấp|cảnh báo|bày tỏ|chia sẻ|đăng|(?<!chơi )đùa|kể(?! từ)|bình luận|nhận định|"
    r"phát đi|lên tiếng|chỉ trích|họp báo|bác bỏ|bác tin|phủ nhận|"
    r"đánh giá|nhắc lại|kể lại|mô tả|thuật lại|nhớ lại|hồi tưởng|khi (?:được hỏi|trả lời|đề cập))(?!\w)"
)
_TELLS_OF_HIS_OWN = r"[^,;:]{0,40}?(?: rằng)?(?: [LP].)? ?"
#: "Ông Trump hôm nay thông báo rằng ông vừa có cuộc điện đàm": who tells of his own call tells of it the same day.
_SELF_REPORT = regex(
    rf"^ ?(?:(?:cho biết|nói|thông báo|viết|tuyên bố|cho hay|đăng){_TELLS_OF_HIS_OWN}(?:đã|vừa|mới)|"
    rf"(?:xác nhận|tiết lộ){_TELLS_OF_HIS_OWN}(?:vừa|mới))"  # who confirms a call tells of one already known
    r"(?: (?!đề xuất|đề nghị|từ chối|muốn|nêu|đề cập|nhắc)[^\s,;:]+){0,3} [\"']?$"
)
#: "Ngày 12/10, ông A thông báo đã điện đàm": the same with the day before who tells.
_TELLER = regex(r"^, [LP]. ")
_CLAUSE_BEHIND = regex(
    r"(?<!lần) (?:sau khi|trước khi|để|nhằm|trong khi|kể từ|sau(?! đó)|trước(?! đó| là| diễn ra)|vì|nhưng|về việc|rằng|"
    r"khi|trước cuộc|trước thềm|được đưa|khiến|gây(?! (?:tranh cãi|xôn xao|chú ý|sốc|bão|chấn động))|làm|bị) "
)
_SINCE_THEN = regex(r" kể từ (?:khi )?.*")
_CLAUSE_BEFORE = regex(r" (?:sau khi|trước khi|trong khi|kể từ(?: sau)?(?: khi)?|vì|nhưng|mà|rằng|để|nhằm|dẫn đến) ")
#: A subject right before a time, an apposition between at most: "ông Anwar, nước giữ ghế Chủ tịch ASEAN, đêm 11/12".
_SUBJECT = regex(r"[LPGW].(?:, [^;:\"]{3,60},)? ?$")
#: "Theo thông cáo công bố ngày 2/5": the day of a statement.
_STATED = regex(
    r"(?<!\w)(?:(?:công bố|đưa ra|phát đi|đăng tải|thông cáo|thông báo|bản tin)|"
    r"(?:đăng|đăng tải|đưa|phát) (?:trên|bởi) (?:tờ |báo |trang |kênh |đài )?(?:U.|[^A-Z.,;:]){0,30}?)"
    r"(?: (?:vào|hôm|trong))? $"
)
#: "Trong cuộc điện đàm thứ hai kể từ khi nhậm chức, ngày 19/9, ông A nói": what is said in the call is said on its day.
_IN_IT = regex(r"^(?:[^Q;:\"]*, )?(?:trong|tại)(?: một)? Q[^T;:\"]*, $")
_ITS_SUBJECT = regex(r"T., [LPGW]")
#: "Bà Merkel hôm 3/2 nêu điều đó trong cuộc điện đàm": what is said in the call is said on its day.
_IN_THE_CALL = regex(r"^ [^;:…]{0,160}(?:(?:,| |^)(?:trong|tại)(?: một| các)?|, khi) $")
#: "Ngày 28/7, ông A nói với ông B trong cuộc điện đàm rằng …": said to the other leader himself, so on the call's day.
_SAID_TO = regex(
    r"^,(?: (?:[^A-Z;:…]|[TD].){0,40},)? L. [^A-Z;:…\"]{0,40} [LPW]. (?:[^A-Z;:…\"]{0,40} )?(?:trong|tại)(?: một)? $"
)
#: "Ngày 3/5, ông A bác bỏ mọi cáo buộc trong cuộc điện đàm với ông B", "ông A nói trong cuộc điện đàm": a stand that
#: is taken in the call, a word that is said in it.
_STANDS_IN_IT = regex(
    r", [LP]. (?:(?:đã|cũng) )*(?:(?:bác bỏ|phủ nhận|khẳng định|tái khẳng định|nhấn mạnh|cam kết|bày tỏ)"
    r"(?! (?:rằng|với)) [^A-Z,;:…\"]{2,60}(?<!nêu)(?<!đưa ra)(?<!nói)(?<!được)(?<!cập)|"
    r"(?:nói|cho biết|cảnh báo|tuyên bố|thông báo|phát biểu|chia sẻ)) trong(?: một)? "
)
#: "Ngày 18/8, ông A kể trong cuộc điện đàm với ông B hồi tháng 2": the call has a time of its own.
_OF_ANOTHER_TIME = regex(r"Q.(?: (?:với|giữa|cùng) [LPW].(?: và [LPW].)?)? T.")
#: "Lần gần nhất hai ông nói chuyện là ngày 18/3, trong cuộc điện đàm mà …".
_WAS_ON = regex(r"(?<!\w)(?:là|vào|hôm|hồi) $")
_IN_WHICH = regex(r"(?: \([^()]*\))?, trong(?: một)? ")
#: "Ông dành 75 phút tối 28/4 để thuật lại mọi việc cho Tổng thống B qua điện thoại": the purpose is the call itself.
_SPENT = regex(r"(?<!\w)dành(?: \w+){0,2} [DT].(?:[^A-Z.;:]|[TD].){0,40}(?<!\w)để (?:[^A-Z.;:]|[TD].){0,30}Q")
_SPENT_ON = regex(r"(?<!\w)dành(?: \w+){0,2} D.[^,;:]{0,40}(?<!\w)để ")
_ABOUT = regex(r"(?:về|liên quan tới|liên quan đến)(?: các| một| nội dung| việc)? $")
_SUBORDINATE = regex(r"\s*(?:và |nhưng )?(?:không lâu )?(?:sau|kể từ|trước|từ|khi)(?! đó)(?: khi)? ")
_OPENS = regex(
    r"(?:^|[,;:(])[ \"'-]*(?:(?:tuy nhiên|nhưng|và|rồi|sau đó|trước đó|còn|trong khi đó),? )?"
    r"(?:vào |hôm |trong |từ |(?:sang )?(?:đến |tới )|sang |đúng |tròn |"
    r"trong cùng |cùng |cũng |cũng trong |ngay trong )?$"
)
#: "Cuộc gọi giữa ông A và ông B khi ông A ra sân bay, ngày 27/9/2013, được coi là cột mốc".
_MARKED = regex(r", T., (?:được (?:coi|xem|gọi|mô tả)|đánh dấu|trở thành)(?!\w)")
#: What a newspaper prints before the first sentence: "(TTXVN) ", "VTV.vn - ", "Hà Nội (TTXVN) - ".
_DATELINE = regex(r"^(?:[^;:\"()]{0,24}\([^()]{1,24}\) ?(?:[-–] ?)?|[^;:\"(),]{0,24} ?[-–] )(?=T.)")
#: "Kỷ niệm 70 năm thiết lập quan hệ (18.1.1950 - 18.1.2020)".
_SPAN_OF_YEARS = regex(r"\(T. ?[-–] ?T.\)")
#: "Rời cuộc họp ngày 18/8 để gọi cho ông A": what was broken off was so on that day.
_BROKE_OFF = regex(r"(?<!\w)(?:rời|ngắt|dừng|bỏ dở|gác lại) [^.;:Q]{0,40}$")
#: "Ba ngày trước bức thư": so many days before something else.
_AN_EVENT = regex(
    r" (?:khi|cuộc|vụ|bức|lá|ngày|lễ|chuyến|đợt|trận|phiên|vòng|hội nghị|thượng đỉnh|bầu cử|sinh nhật|thời điểm)(?!\w)"
)
_BREAKS_OFF = regex(
    r" (?:đã |phải )?(?:rời|ngắt|ngắt quãng|tạm dừng|dừng|bỏ dở|gác lại) [^.;:,Q]{1,110} (?:để|nhằm)"
    r"(?: thực hiện| có| tiến hành)?(?: một)? "
)
#: "… để có cuộc điện đàm với ông A vào hôm nay".
_HAS_ITS_DAY = regex(r"Q.[^.;:,Z]* T")
_TO_CALL = regex(r"(?: [^.;:Q]{1,110})? (?:để|nhằm)(?: thực hiện| có| tiến hành)?(?: một)? ")
#: "Sau cuộc điện đàm với ông A tối qua, ông gọi cho ông B": the time is that of the call before the comma.
_OF_ANOTHER = regex(r"Z.(?: [^,;:.Q]{0,24})? (?:với|cùng|cho) [LPUCG].(?: [^,;:.Q]{0,12})?$")
#: "Công bố ngày 2/7 trên mạng xã hội, ngay sau cuộc điện đàm với ông A": the call was on that day.
_JUST_AFTER = regex(r"[^.;:Z]{0,60}, ngay sau(?: khi)?(?: kết thúc)? ")
#: "Điện đàm với ông A tối 16/10 và sẽ gọi cho ông B": the time is that of the call before.
_AND_WILL = regex(r" và (?:sẽ|dự kiến)(?!\w)")
#: "Vào ngày mai, thứ Hai 20/5": the second time says which day the first is.
_APPOSED = regex(r"T., $")
#: "Lần đầu tiên một tổng thống điện đàm với Đài Loan kể từ năm 1979": no call was then.
_SINCE_TIME = regex(r"(?<!\w)(?:kể từ|hiệu lực(?: từ)?) $")
#: "Phá vỡ chính sách được đề ra năm 1979 khi điện đàm với bà A": the year of the policy.
_DONE_THEN = regex(
    r"(?<!\w)(?:(?:được|bị) (?:\w+ ){1,2}|(?:thỏa thuận|nghị quyết|hiệp định|kế hoạch)(?: đã)? (?:đạt được|ký|ký kết) )"
    r"(?:từ |vào |hồi |trong )?$"
)
#: A time that bounds a count ("cuộc điện đàm thứ hai kể từ tháng 1") is no day of the call.
_COUNTS = regex(r"(?:đầu tiên|thứ \w+|lần|cuối cùng)(?: [^,]*)? (?:trong|kể từ|từ|sau|trang|của) (?:vòng )?$")
_COUNTS_WIDE = regex(
    r"(?:đầu tiên|thứ \w+|lần(?! nữa)|cuối cùng)(?: [^,]*)?(?: (?:trong|kể từ|từ|sau|trang|của))?(?: vòng)? $"
)
#: "Cuộc gọi đầu tiên năm 2017 của ông A": of that year, counted or not.
_IN_THAT_YEAR = regex(r"(?:đầu tiên|thứ \w+) $")
#: "Cuộc gọi đầu tiên diễn ra vào năm 2024": the year is the call's, counted or not.
_HAPPENED = regex(r"(?<!\w)(?:diễn ra|tiến hành|thực hiện) (?:(?:vào|hồi) )?(?:(?:đầu|giữa|cuối) )?$")
#: "Khi hai nước đụng độ hồi tháng 7, ông đã gọi": a month holds both.
_MEANWHILE = regex(r"\s*khi ")
#: "Đã nói chuyện qua điện thoại và hai bên sẽ gặp nhau tuần tới": the time is that of what comes next.
_NEXT_IS = regex(r" và [LPGW]. sẽ (?!diễn ra|được|bắt đầu|tiến hành)")
#: "Cuộc hội đàm lần trước, cũng bằng hình thức trực tuyến, diễn ra ngày 16/4".
_BY_MEANS = regex(r", (?:cũng )?(?:bằng|dưới|theo|qua) (?:hình thức )?[^,;:.]{0,30}, ")
#: "Cuộc điện đàm với ông A ngay sau sự kiện này hồi tháng 1": the time is the call's.
_RIGHT_AFTER = regex(r" ngay sau [^,;:.]{2,40}$")
#: "Sóng gió tháng 10/2013, khi bà A gọi điện cho ông B": the clause tells what was then.
_WHEN = regex(r", khi [LPGUW]. (?:[^A-Z.;:,\"]{0,40} )?(?:và [LPGUW]. )?")
#: A year or month behind an event of its own ("cuộc bầu cử năm 2016", "thỏa thuận năm 2015") dates that event.
_EVENT = (
    r"(?:bầu cử|tranh cử|bỏ phiếu|trưng cầu|thượng đỉnh|hội nghị|khủng hoảng|chiến tranh|cuộc chiến|"
    r"đảo chính|thỏa thuận|hiệp định|hiệp ước|nghị quyết|tuyên bố|chuyến thăm|cuộc gặp|vụ|sự cố|thế vận hội)"
    r"(?: [^\s,;:Q]+){0,4} "
)
_OTHER_EVENT = regex(rf"(?<!\w){_EVENT}(?:(?:vào|hồi|trong|hôm|ngày) )?$")
#: "Cuộc điện đàm sau cuộc gặp ở Lyon, ngày 15/3, được coi là bước ngoặt": the day may be that of the meeting.
_BY_AN_EVENT = regex(
    rf"(?<!\w)(?:sau|trước|trong|tại|bên lề)(?: khi| một)? {_EVENT}$|(?<!\w)(?:lễ|cuộc duyệt binh) [^,;:Q]*$"
)
#: "Bước ngoặt diễn ra tháng 3/2013: ngay tại sân bay, ông A gọi cho ông B": what came about is the call.
_CAME_ABOUT = regex(r"(?<!\w)(?:diễn ra|xảy ra|đến)(?: (?:vào|hôm|hồi))? $")
#: Another event between the call and a time has the time for itself: "đặt nền móng cho cuộc gặp tại Hamburg tháng Bảy",
#: "khen cuộc điện đàm trong một cuộc họp hôm 5/12".
_EVENT_BETWEEN = regex(
    r"(?<!\w)(?:cho|đến|tới|là|dọn đường cho|mở đường cho|chuẩn bị|gặp|gặp gỡ) ?"
    r"(?:một |các )?(?:cuộc gặp|chuyến thăm|hội nghị|cuộc họp|vòng đàm phán|trực tiếp|thượng đỉnh|cuộc hội đàm)|"
    r"(?<!\w)(?:lời mời|mời|sang thăm|tới thăm) |(?:đề xuất|đề nghị|yêu cầu) $|"
    r"(?<!\w)(?:mong|muốn|hy vọng|sẽ|dự kiến|chờ|hẹn|nhất trí|đồng ý|thống nhất)(?: sẽ| sớm| được)* "
    r"(?:gặp|đón|tiếp|thăm)(?!\w)|"
    r"(?<!\w)cuộc gặp (?:[^,.;:]{0,30} )?diễn ra |(?<!\w)về (?:các )?(?:vụ|trận|đợt) [^,.;:]{0,30}$|"
    r"(?<!\w)(?:trong|tại) (?:một )?(?:cuộc họp|phiên họp|phiên điều trần|hội thảo|buổi (?:lễ|họp)|"
    r"bài (?:viết|phát biểu)|cuộc phỏng vấn)"
)
_TOLD_THEN = regex(r"\)?,? ?(?:[LNUCP]. )?(?:đã )?(?:nói|cho biết|cho hay|tuyên bố|dẫn|đưa tin|thông báo|viết)")
_SCHEDULED = regex(r"dự kiến|ấn định|lên lịch|diễn ra|tổ chức|xếp lịch|bắt đầu")


def says(text: str) -> bool:
    """Whether a verb of saying stands in a text (lower case)."""
    return _SAYING.search(text) is not None


#: "Ông vừa có cuộc điện đàm": a call of the day on which that is said.
_JUST = regex(
    r"(?:đã|vừa|mới) (?:bắt đầu|kết thúc) Q|"
    r"(?:vừa|vừa mới|mới)(?: có| tiến hành| trực tiếp| kết thúc| bắt đầu| một| thêm)* Q|"
    r"Q[^.;:]{0,60} (?:đã |vừa |mới )+(?:bắt đầu|khởi động|kết thúc)|"
    r"Q(?:[^.;:\"A-Z]|[LPU].){0,30} (?:vào |lúc )?(?:buổi (?:sáng|trưa|chiều|tối)|sáng sớm)(?!\w)"
)
#: "Tôi vừa có cuộc điện đàm với ông A", ông B viết hôm 15/11.
_JUST_QUOTED = regex(
    r"^\"[^\"]*(?:vừa|vừa mới|mới)(?: có| kết thúc| một| thêm)* Q[^\"]*\",? [LPU]. "
    r"(?:viết|đăng|nói|cho biết|thông báo|chia sẻ)(?:[^.;:\"]){0,40}(?P<day>T.)"
)
#: "Hôm thứ Bảy (14/6)", "ngày mai, tức 11/12".
_DATED_TWICE = regex(r"(?P<loose>T.)(?:,| \(|, tức(?: là)?) ?(?P<date>T.)(?P<closed>(?:\)|,(?= Q))?)")
_DAYS_SINCE = regex(r"^(?:chỉ |gần )?(?P<span>(?P<days>\w+) ngày sau)(?: khi)? (?:[^,;:.]{0,30} )?Q.")
#: "Một ngày sau cuộc điện đàm với ông A, ông B hôm 8/5 gọi cho ông C": counted back from what was done later.
_DAYS_BEFORE_A_DEED = regex(rf"{_DAYS_SINCE.pattern}[^.;:TZ]{{0,80}}, [LPW]. (?:[^,.;:Q]{{1,20}} )?T. ")
#: "Ông B hôm 8/5 gọi cho ông C, một ngày sau khi ông điện đàm với ông A".
_DEED_DAYS_AFTER = regex(
    r"^(?![^.;:]*(?<!\w)(?:gặp|thăm|đón|tiếp|nói|cho biết)(?!\w))(?:[^.;:T]{0,60} )?(?:T., [LPW]|"
    r"[LPW]. (?:(?:đã|vào|trong) )*T)[^;:T]*, (?:chỉ )?(?P<span>(?P<days>\w+) ngày sau)(?: khi)? "
    r"(?:[^,;:.TZ]{0,30} )?Q."
)
#: "Bộ Ngoại giao thông báo tối 24/11, Chủ tịch A điện đàm với ông B": the day opens what is told.
_TELLS_THAT = regex(r"(?<!\w)(?:thông báo|cho biết|cho hay|đưa tin|xác nhận)(?: rằng)?,? $")
_ITS_ACTOR = regex(r",? [LGWP]. (?:(?:đã|vừa|lại|cũng|tiếp tục|có|tiến hành|cuộc) )*$")
#: "Cuộc gọi trước đó, ngày 11/10, xoay quanh …".
_APPOSED_DAY = regex(r"(?: trước(?: đó)?| đầu tiên| sau đó)?, ")
_ITS_LENGTH = regex(
    r" \"[^\"]{1,40}\"(?=[, ])|,? kéo dài(?: (?:khoảng|gần|hơn|chừng))? D.(?:,? từ [TD].(?: \d\d?)? (?:đến|tới))? ?$"
)
#: The last call is told with its day: "cuộc điện đàm gần nhất mà hai bên xác nhận là ngày 17/1".
_LAST_WAS = regex(
    r"(?:Q. (?:gần (?:đây )?nhất|cuối cùng|mới nhất|đầu tiên)[^;:.,]{0,60} (?:là|diễn ra)|"
    r"Q[^;:.]{0,90}, (?:và )?lần (?:gần (?:đây )?nhất|mới nhất|sau cùng)(?: là| diễn ra)?) (?:vào |hôm |hồi )*$"
)
#: "Điện đàm với ông A và ông B, lần lượt 3/5 và 4/5.": behind all with whom the talk was, at the end of the clause.
_BEHIND_WHOM = regex(r"Q[^;:.,]*[LPGW]., (?:\(|lần lượt |vào )?(?:T. và )?$")
_ENDS = regex(r"T.(?: và T.)?\)?(?:[.;]|, (?=[^A-Z])|$)")
#: "Chiều 5/4, ngay sau khi Quốc hội bầu ông, bà đã gọi điện": the day stands before a clause that it dates too.
_FIRST_A_CLAUSE = regex(
    r"^, (?:(?:ngay |không lâu |(?:chỉ |chưa đầy )?(?:\w+ ){1,2}(?:ngày|hôm|giờ|phút) )?(?:sau|trước) khi|"
    r"khi (?:chưa|còn|vẫn còn|vừa|mới)) (?:[^,;:.]|, (?=[CU].(?:,| và))){0,90}, "
)
#: "Ông A hôm qua đề nghị tổ chức một cuộc điện đàm vào tuần tới": the day of the wish.
_WISHED_THEN = regex(
    r"^(?:, (?:tại|ở|từ) [^,;:.]{1,20})?(?:, [LGWPC].)? (?:(?:đã|vừa|cũng) )*"
    r"(?:đề nghị|đề xuất|ngỏ ý|ngỏ lời|mời|yêu cầu|kêu gọi|hối thúc|"
    r"thúc giục|khuyên|muốn|mong muốn|bày tỏ (?:mong muốn|hy vọng))(?:(?! (?:trong|tại|qua|khi|sau) )[^,;:.]){1,60}$"
)
#: "Theo thỏa thuận hồi tháng 3, hai ông sẽ điện đàm trước khi gặp nhau".
_AGREED_THEN = regex(r"theo (?:thỏa thuận|thống nhất|cam kết|nhất trí)(?: [^A-Z,;:.]{0,20})? $")
#: The day on which others talked of arranging a call is not the call's.
_ARRANGED = regex(
    r"(?<!\w)(?:thảo luận|bàn|trao đổi)(?!\w).*(?:thiết lập|thu xếp|sắp xếp|chuẩn bị)(?: cho)?(?: một| các)? $"
)


#: "Ngày 24/4 xác nhận ông A đã nhắc tới chuyện đó trong cuộc điện đàm của hai ông hồi cuối tháng 3": the month is the
#: call's, and the day that of who speaks of it.
_ITS_MONTH = regex(r"Q.(?: (?:của|giữa) [LPGW].(?: và [LPGW].)?)? (?P<own>T.)")
#: "Điện đàm với ông A và đồng ý lùi hạn áp thuế từ 1/6 sang 9/7": the day of something else that is put off.
_PUT_OFF = regex(
    r"(?<!\w)(?:lùi|dời|hoãn|gia hạn) (?:hạn|hạn chót|thời hạn|áp|việc áp|thuế)(?!\w)[^,.;:Q]*$|"
    r"(?<!\w)(?:hạn chót|thời hạn) [^,.;:Q]{0,20}$"
)
#: "Ban đầu cuộc điện đàm định vào ngày 11/3 nhưng được đẩy sớm".
_FIRST_MEANT = regex(
    r"(?<!\w)(?:ban đầu|lúc đầu|thoạt đầu|vốn(?= (?:được )?(?:định|dự|lên|ấn|sắp|hẹn)))(?!\w)[^.;:]* "
    r"(?:định|dự kiến|lên lịch|ấn định|sắp xếp|hẹn)[^.;:]*$"
)
_CAME_OTHERWISE = regex(r",? (?:nhưng|song|(?:rồi|sau)(?! (?:tới|đến)))(?!\w)")
#: "Đến chiều 7/6 vẫn không nhắc tới cuộc điện đàm".
_STILL_NOT = regex(r",?[^,Q]*(?<!\w)(?:vẫn|chưa)(?!\w)[^,Q]*$")


def near_times(skeleton: Skeleton) -> list[TimeExpr]:
    """The expressions of time that date the focused cue, and not a statement about it; the nearest first."""
    text = _DATELINE.sub(lambda line: " " * len(line[0]), skeleton.text)
    text = _SPAN_OF_YEARS.sub(lambda span: " " * len(span[0]), text)
    text = _with_one_day_each(text, skeleton)
    focus = text.find("Q")
    found: list[tuple[int, TimeExpr]] = []
    for match in re.finditer(r"T.", text):
        item = skeleton.item(match[0])
        if isinstance(item, TimeExpr) and (
            _dates(text, focus, match.start(), item)
            or _sets(text, focus, match.start(), item)
            or (found and found[-1][1].kind == "relative" and _APPOSED.search(text, 0, match.start()))
        ):
            found.append((abs(match.start() - focus), item))
    if (own := _ITS_MONTH.match(text, focus)) and (item := skeleton.item(own["own"])) in [time for _, time in found]:
        return [item] if isinstance(item, TimeExpr) and item.kind in ("month", "ago") else [time for _, time in found]
    times = [item for _, item in sorted(found, key=lambda f: f[0])]
    since = _days_since(skeleton, text, focus) if not times or _DAYS_BEFORE_A_DEED.search(text) else []
    return since or times or _told_at_once(text, skeleton)


def _with_one_day_each(text: str, skeleton: Skeleton) -> str:
    """The text without a "hôm nay" or "thứ Bảy" whose date stands right behind it: the date is what is meant."""

    def only_date(pair: re.Match[str]) -> str:
        loose, date = (skeleton.item(symbol) for symbol in (pair["loose"], pair["date"]))
        spare = (
            isinstance(loose, TimeExpr)
            and loose.kind in ("relative", "weekday")
            and isinstance(date, TimeExpr)
            and date.kind == "day"
        )
        closed = len(pair["closed"])
        before = pair.end() - pair.start() - 2 - closed
        return " " * before + pair["date"] + " " * closed if spare else pair[0]

    return _DATED_TWICE.sub(only_date, text)


def _days_since(skeleton: Skeleton, text: str, focus: int) -> list[TimeExpr]:
    """ "Hai ngày sau cuộc điện đàm, …": so many days before what the article tells of, or before the one day on which
    the sentence tells that something else was done."""
    told = len(re.findall("T.", text))
    for pattern, days_told in ((_DAYS_SINCE, 0), (_DAYS_BEFORE_A_DEED, 1), (_DEED_DAYS_AFTER, 1)):
        since = pattern.search(text) if told == days_told else None
        days = number(since["days"]) if since and since.start("days") < focus else None
        if since and days:
            start = _place(skeleton, since.start("days"))
            end = start + len(since["span"])
            return [TimeExpr(kind="same_day" if told else "ago", start=start, end=end, shift=-round(days))]
    return []


def _place(skeleton: Skeleton, position: int) -> int:
    """Where a position of the skeleton's text stands in the article: as far behind the symbol before it."""
    symbols = list(re.finditer(r"[A-Z].", skeleton.text[:position]))
    if not symbols:
        return skeleton.start + position
    return skeleton.item(symbols[-1][0]).end + position - symbols[-1].end()


def _told_at_once(text: str, skeleton: Skeleton) -> list[TimeExpr]:
    """The day of a statement where what it tells has just happened: "Tối 15/11 Điện Kremlin cho biết ông vừa …", "Tôi
    vừa có cuộc điện đàm", ông viết tối 15/11."""
    just = _JUST.search(text)
    quoted = _JUST_QUOTED.search(text)
    symbols = [quoted["day"]] if quoted else re.findall(r"T.", text[: just.start()] if just else "")
    items = [skeleton.item(symbol) for symbol in symbols]
    days = [item for item in items if isinstance(item, TimeExpr) and item.kind in DAYS]
    return days if len(days) == 1 else []


def _sets(text: str, focus: int, at: int, time: TimeExpr) -> bool:
    """Whether a month or year opens the sentence or a part of it ("Hồi tháng 11 năm ngoái, ngay sau khi …, ông đã")."""
    wide = time.kind in ("month", "ago") or (time.kind == "year" and time.shift != 0)
    opens = re.search(r"(?:^|[,;:(]|rằng) ?(?:vào |hồi |trong |từ )?$", text[:at].lstrip(' "-')) is not None
    between = text[at + 2 : focus]
    apart = re.search(r"[;:]|Z|(?<!khi) nay ", between) is not None or _WISHED_THEN.match(between) is not None
    return wide and at < focus and opens and between.startswith(",") and not apart


def _dates(text: str, focus: int, at: int, time: TimeExpr) -> bool:
    """Whether the time at `at` dates the focused cue: no clause, no statement and no other cue stands between."""
    if _SINCE_TIME.search(text[:at]):
        return False
    return _dates_what_follows(text, focus, at, time) if at < focus else _dates_what_precedes(text, focus, at, time)


def _dates_what_follows(text: str, focus: int, at: int, time: TimeExpr) -> bool:
    before, raw = text[:at], text[at + 2 : focus]
    if (raw.startswith(",") and _OF_ANOTHER.search(before)) or _AND_WILL.match(raw):
        return False
    if before.endswith(("đến ", "tới ")) and _STILL_NOT.match(raw):
        return False
    if _WHEN.fullmatch(raw) or _JUST_AFTER.fullmatch(raw):
        return True
    if _BREAKS_OFF.fullmatch(raw):
        return _HAS_ITS_DAY.match(text, focus) is None
    if _BROKE_OFF.search(before) and _TO_CALL.fullmatch(raw):
        return True
    if _is_of_another_deed(before, raw, time) or (time.kind == "ago" and _AN_EVENT.match(raw)):
        return False
    if _CAME_ABOUT.search(before) and raw.startswith(":") and not re.search(r"T.|[;…\"]", raw):
        return True
    opens = before.strip(' "(') in ("", "ngay")
    between = _on_one_line(_FIRST_A_CLAUSE.sub(" ", raw) if opens or _OPENS.search(before) else raw)
    if _parts(between):
        return _governs(text, at, between)
    told_of = not _OF_ANOTHER_TIME.match(text, focus) and _is_told_of(before, raw, between, opens=opens)
    if told_of or _is_spent(text, at):
        return True
    if _SAYING.search(between) or _STATED.search(before):
        return False
    counted_from = time.kind == "ago" and not raw.strip()  # "vài ngày trước cuộc gọi" is before the call
    return not (counted_from or _counts(before, time)) and _plainly_before(text, at, raw, between, time)


def _is_of_another_deed(before: str, raw: str, time: TimeExpr) -> bool:
    """Whether a time is that on which a call was arranged or wished for, or something else was done."""
    if _ARRANGED.search(raw) or _AGREED_THEN.search(before):
        return True
    if _WISHED_THEN.match(raw) and not (time.kind == "relative" and time.shift > 0):
        return True
    return time.kind in ("month", "year") and _DONE_THEN.search(before) is not None


def _is_told_of(before: str, raw: str, between: str, *, opens: bool) -> bool:
    """Whether a time belongs to what is told or said on the call, which happened on its day."""
    if _SUBJECT.search(before) and (_SELF_REPORT.search(between) or _IN_THE_CALL.search(raw)):
        return True
    if _WAS_ON.search(before) and _IN_WHICH.fullmatch(raw):
        return True
    if opens and (teller := _TELLER.match(raw)) and _SELF_REPORT.search(raw[teller.end() - 1 :]):
        return True
    if _TELLS_THAT.search(before) and _ITS_ACTOR.fullmatch(raw):
        return True
    if opens and _STANDS_IN_IT.fullmatch(raw):
        return True
    return _SAID_TO.search(raw) is not None and _OPENS.search(before) is not None


def _dates_what_precedes(text: str, focus: int, at: int, time: TimeExpr) -> bool:
    if _IN_IT.search(text[:at]) and _ITS_SUBJECT.match(text, at):
        return True
    between = _on_one_line(text[focus + 2 : at])
    if _parts(between):
        return False
    if _PUT_OFF.search(between) or (_FIRST_MEANT.search(text[:at]) and _CAME_OTHERWISE.match(text, at + 2)):
        return False
    if _LAST_WAS.search(text[:at]) or _is_trailing(text, at):
        return True
    then = f"{text[focus : at - len(', ')]} "  # what stands before the day
    if _MARKED.match(text, at - len(", ")) and not (_SAYING.search(between) or _BY_AN_EVENT.search(then)):
        return True
    return not _SAYING.search(between) and _plainly_behind(text, focus, at, between, time)


def _on_one_line(between: str) -> str:
    """What stands between, without the commas before a leader's name, which part no clauses."""
    return re.sub(r", (?=L.)", " ", between)


def _parts(between: str) -> bool:
    """Whether what stands between parts a time and a cue: another cue, the end of a clause, or many words."""
    return len(between) > 170 or re.search(r"[;:…]|Z", between) is not None


def _is_trailing(text: str, at: int) -> bool:
    """Whether a day ends the clause of whom the call was with: "hai cuộc điện đàm với ông A, hôm 15/11 và 17/11"."""
    return _BEHIND_WHOM.search(text[:at]) is not None and _ENDS.match(text, at) is not None


def _is_spent(text: str, at: int) -> bool:
    """Whether what stands at `at` is the time that somebody took for the call."""
    return any(spent.start() < at < spent.end() for spent in _SPENT.finditer(text))


def _governs(text: str, at: int, between: str) -> bool:
    """Whether a time that opens its sentence dates the cue in the part behind a semicolon or colon, which has no other:
    "Đến ngày 23-12, ông lại tung đòn mới: có cuộc điện đàm với …"."""
    opening = text[:at].strip(' ,"(-')
    opens = re.fullmatch(r"(?:cũng |tuy nhiên,? |nhưng |và )?(?:vào|hôm|trong|đến|tới)?", opening)
    plain = len(between) <= 170 and re.search(r"Z|T.|\"|…", between) is None and not _SAYING.search(between)
    return opens is not None and plain and len(re.findall(r"[;:]", between)) == 1


def _counts(before: str, time: TimeExpr) -> bool:
    """Whether a time bounds a count ("lần thứ hai trong tháng này") and is no day of the call."""
    if time.kind == "year" and time.year is not None and _IN_THAT_YEAR.search(before):
        return False
    narrow = time.kind in (*DAYS, "same_day")
    counts = (_COUNTS if narrow else _COUNTS_WIDE).search(before[-60:]) is not None
    return counts and _HAPPENED.search(before) is None


def _plainly_before(text: str, at: int, raw: str, between: str, time: TimeExpr) -> bool:
    if _ABOUT.search(between) and len(between) < 60:
        return False
    clause = re.split(r"[,;:]", text[:at])[-1]
    meanwhile = time.kind in ("month", "year") and _MEANWHILE.match(clause)
    at_that_hour = time.kind in DAYS and clause.strip(' "') == "từ"  # "từ 9h55 sáng nay, ông đã điện đàm"
    if raw.startswith(",") and _SUBORDINATE.match(clause) and not (meanwhile or at_that_hour):
        return False
    opens = text[max(0, at - 40) : at].strip(' ,"(-') == "" or _OPENS.search(text[:at]) is not None
    clauses = _SPENT_ON.sub("", between)
    return between.count(",") <= (3 if opens else 0) and not _CLAUSE_BEFORE.search(clauses)


def _plainly_behind(text: str, focus: int, at: int, between: str, time: TimeExpr) -> bool:
    if _NEXT_IS.search(between):
        return False
    if _APPOSED_DAY.fullmatch(between) and text.startswith(",", at + 2):
        return True
    between = _ITS_LENGTH.sub("", between)
    if at == focus + 3:
        return not _counts(text[focus:at], time)
    follows = text[at + 2 : at + 34]
    if (
        _counts(text[focus:at], time)
        or _EVENT_BETWEEN.search(between)
        or (time.kind in ("month", "year") and _OTHER_EVENT.search(text[focus:at]))
    ):
        return False
    if _TOLD_THEN.match(follows) and not _CLAUSE_BEHIND.search(between):
        adjacent = re.search(r"[LPGW].\)? ?$", text[focus:at]) is not None
        return (adjacent or re.match(r"\)?, ", follows) is not None) and between.count(",") == 0
    if time.day_part or time.clock:  # an hour is the call's own, whatever happened before it since some other day
        between = _SINCE_THEN.sub("", between)
    between = _RIGHT_AFTER.sub(" ", _BY_MEANS.sub(" ", between))
    scheduled = _SCHEDULED.search(between) is not None
    return between.count(",") <= (1 if scheduled else 0) and not _CLAUSE_BEHIND.search(between + " ")


_BEFORE_LENGTH = regex(
    r"(?:kéo dài|dài|trong|suốt|sau|lâu|mất|thời lượng|Q|khoảng thời gian|"
    r"điện thoại|trực tuyến|video|sau đó|hết|tới|đến|,|vỏn vẹn|trong vòng|"
    r"chỉ|hơn|kéo dài tới|tức|tức là|[LUG].) ?$"
)


#: "Điện đàm tổng cộng 45 phút": how long the call was, where it is one.
_IN_ALL = regex(r"(?<!\w)(?:(?<!lên )|(?<=kéo lên )|(?<=dài lên ))(?:tổng cộng|cả thảy) $")
_SEVERAL_CALLS = regex(r"(?<!\w)(?<!gián đoạn )(?:hai|ba|bốn|năm|\d+|nhiều) (?:lần|cuộc) ")
#: "Điện đàm với ông A rồi với ông B, tổng cộng 45 phút".
_ONE_AFTER_ANOTHER = regex(
    r"(?<!\w)(?:rồi(?: sau đó)?(?: (?:với|cho|tới|gọi))+ (?=[LUPW]\.)|lần lượt (?=Q|với|cho|tới)|Q. lần lượt )"
)
#: "Đã có cuộc điện đàm kéo dài một giờ với ông A, còn yêu cầu nói chuyện với ông B thì …": the length of the other.
_OF_THE_OTHER = regex(r"Z.?(?: (?:kéo )?dài| trong| suốt)?(?: (?:khoảng|gần|hơn|chừng))? $")
#: "Cuộc gọi chỉ tồn tại được 25 phút".
_LIVED = regex(
    r"Q.(?: này)?(?: (?:giữa|với|của) [LPW].(?: (?:và|với) [LPW].)?)?(?: (?:chỉ|đã|mới))* tồn tại(?: được)? $"
)
#: "Ngay trong chuyến thăm của người đã có cuộc gặp kéo dài gần hai giờ với ông": the meeting was so long.
_LONG_MEETING = regex(r"(?<!\w)(?:cuộc gặp|cuộc họp|chuyến thăm|bài phát biểu|chuyến bay)(?: \w+)? kéo dài $")


def near_length(skeleton: Skeleton, cue: Cue, lengths: Iterable[LengthExpr]) -> LengthExpr | None:
    """The length of the focused call, where the sentence gives one. One that stands within the cue's own words is it:
    "nói chuyện khoảng 50 phút qua điện thoại"."""
    within = next((length for length in lengths if cue.start <= length.start and length.end <= cue.end), None)
    if within is not None:
        return within
    text = skeleton.text
    focus = text.find("Q")
    for match in sorted(re.finditer(r"D.", text), key=lambda m: abs(m.start() - focus)):
        item = skeleton.item(match[0])
        several = _SEVERAL_CALLS.search(text, 0, match.start()) or _ONE_AFTER_ANOTHER.search(text, 0, match.start())
        one = not (cue.plural or several)
        if isinstance(item, LengthExpr) and _measures(text, focus, match.start(), one=one):
            return item
    return None


def _measures(text: str, focus: int, at: int, *, one: bool) -> bool:
    if _is_spent(text, at):
        return True
    between = text[focus + 2 : at] if at > focus else text[at + 2 : focus]
    before, after = text[max(0, at - 30) : at], text[at + 2 : at + 16]
    if (
        len(between) > 150
        or "Z" in between
        or _OF_THE_OTHER.search(text, 0, at)
        or re.match(
            r" (?:trước|sau khi|nữa|tới|qua(?! điện| video| trực| đường| mạng)|sau cuộc|sau,|đầu|một lần)", after
        )
    ):
        return False
    if re.search(
        r"(?:(?:dự kiến|theo kế hoạch|lẽ ra|đáng lẽ|đáng ra|sẽ)(?: \w+){0,3}|, sau lần(?: \w+){0,4}) ?$", before
    ):
        return False
    if at > focus and _LONG_MEETING.search(between):
        return False
    if re.search(r"(?:cách đây|trước đó|chỉ|hơn|chậm|muộn) $", before) and "Q" not in before:
        return False
    if (one and _IN_ALL.search(before)) or (at > focus and _LIVED.search(text, focus, at)):
        return True
    return at == focus + 3 or _BEFORE_LENGTH.search(before) is not None or (at < focus and len(between) <= 3)
