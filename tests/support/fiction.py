"""A history that never was, for pictures: a spring of 2027 in which a few leaders telephone about fish and floods.

Every article is invented, its newspapers too; it goes through the same parts as any other. Who reads a picture of it
must not take it for news: so its calls lie ahead of the day on which they were written, and are of quiet matters.
"""

from __future__ import annotations

import datetime as dt

from sqlalchemy.orm import Session, sessionmaker

from redphone.replay import Replay
from shared.records import Article
from shared.settings import Settings
from shared.tables import (
    LOOP,
    AnnouncementRow,
    ArticleRow,
    FeedRow,
    HeartbeatRow,
    PauseRow,
    PulseRow,
    SightRow,
    StartRow,
)
from tests.support.expected import Desk
from tests.support.history import passed_before

#: Half an hour after the last article.
NOW = dt.datetime(2027, 5, 21, 5, 30, tzinfo=dt.UTC)
HANOI = dt.timezone(dt.timedelta(hours=7))
OUTLETS = {"S": "Báo Sông Mây", "T": "Tin Trăng Non", "G": "Nhật báo Giấy Gió"}

#: Outlet, when it came out (Hanoi), title, text.
ARTICLES = (
    (
        "S",
        "2027-01-12 19:10",
        "Thủ tướng Ấn Độ và Thủ tướng Úc điện đàm về nghề cá",
        "Thủ tướng Ấn Độ Narendra Modi ngày 12-1 điện đàm với Thủ tướng Úc Anthony Albanese. Cuộc điện đàm kéo dài "
        "khoảng 25 phút. Hai nhà lãnh đạo trao đổi về nghề cá và an ninh lương thực. Hai bên nhất trí duy trì liên lạc "
        "thường xuyên.",
    ),
    (
        "T",
        "2027-01-28 21:40",
        "Ông Carney gọi điện cho ông Macron",
        "Thủ tướng Canada Mark Carney tối 28-1 gọi điện cho Tổng thống Pháp Emmanuel Macron, theo văn phòng thủ tướng "
        "Canada. Hai ông trao đổi trong 40 phút về thương mại và năng lượng hạt nhân.",
    ),
    (
        "S",
        "2027-02-15 18:20",
        "Lãnh đạo Ấn Độ, Úc bàn chuyện lũ lụt qua điện thoại",
        "Ngày 15-2, Thủ tướng Úc Anthony Albanese điện đàm với Thủ tướng Ấn Độ Narendra Modi theo đề nghị của phía Úc. "
        "Cuộc điện đàm kéo dài 35 phút. Hai nhà lãnh đạo thảo luận về lũ lụt, biến đổi khí hậu và nghề cá.",
    ),
    (
        "G",
        "2027-02-27 20:05",
        "Pháp, Đức điện đàm về tàu đêm Paris – Berlin",
        "Tổng thống Pháp Emmanuel Macron ngày 27-2 điện đàm với Thủ tướng Đức Friedrich Merz. Hai nhà lãnh đạo thảo "
        "luận về năng lượng và thương mại trong cuộc điện đàm kéo dài hơn 50 phút.",
    ),
    (
        "T",
        "2027-03-09 22:15",
        "Canada, Pháp nối lại câu chuyện năng lượng",
        "Tổng thống Pháp Emmanuel Macron ngày 9-3 điện đàm với Thủ tướng Canada Mark Carney. Cuộc điện đàm kéo dài gần "
        "một giờ. Hai bên thảo luận về năng lượng hạt nhân, biến đổi khí hậu và nông nghiệp.",
    ),
    (
        "S",
        "2027-03-22 17:30",
        "Thủ tướng Ấn Độ, Úc và Canada hội đàm trực tuyến",
        "Thủ tướng Ấn Độ Narendra Modi, Thủ tướng Úc Anthony Albanese và Thủ tướng Canada Mark Carney ngày 22-3 hội "
        "đàm trực tuyến. Ba nhà lãnh đạo trao đổi về an ninh lương thực và biến đổi khí hậu.",
    ),
    (
        "S",
        "2027-04-06 19:00",
        "Ông Modi và ông Albanese nói chuyện qua điện thoại 50 phút",
        "Thủ tướng Ấn Độ Narendra Modi và Thủ tướng Úc Anthony Albanese ngày 6-4 điện đàm. Cuộc điện đàm kéo dài 50 "
        "phút, dài hơn các lần trước. Hai nhà lãnh đạo thảo luận về giáo dục, nghề cá và thương mại. Hai bên nhất trí "
        "hợp tác về giáo dục.",
    ),
    (
        "T",
        "2027-04-06 22:30",
        "Ấn Độ, Úc điện đàm gần một giờ",
        "Thủ tướng Úc Anthony Albanese và người đồng cấp Ấn Độ Narendra Modi đã điện đàm hôm 6-4, văn phòng Thủ tướng "
        "Úc cho biết. Hai ông cũng trao đổi về du lịch.",
    ),
    (
        "G",
        "2027-04-19 20:45",
        "Đức – Pháp: cuộc gọi thứ hai trong hai tháng",
        "Thủ tướng Đức Friedrich Merz ngày 19-4 điện đàm với Tổng thống Pháp Emmanuel Macron. Cuộc điện đàm kéo dài 30 "
        "phút. Hai nhà lãnh đạo bàn về nông nghiệp và năng lượng.",
    ),
    (
        "T",
        "2027-05-04 21:20",
        "Thủ tướng Canada điện đàm với Tổng thống Pháp",
        "Thủ tướng Canada Mark Carney ngày 4-5 điện đàm với Tổng thống Pháp Emmanuel Macron. Cuộc điện đàm kéo dài 20 "
        "phút. Hai bên trao đổi về thương mại và nghề cá.",
    ),
    (
        "G",
        "2027-05-17 16:10",
        "Điện Élysée bác tin ông Macron điện đàm với ông Merz",
        "Điện Élysée ngày 17-5 bác bỏ thông tin Tổng thống Pháp Emmanuel Macron điện đàm với Thủ tướng Đức Friedrich "
        "Merz hôm 16-5.",
    ),
    (
        "S",
        "2027-05-20 20:30",
        "Ấn Độ, Úc điện đàm về biển và lương thực",
        "Thủ tướng Ấn Độ Narendra Modi ngày 20-5 điện đàm với Thủ tướng Úc Anthony Albanese theo đề nghị của phía Ấn "
        "Độ. Cuộc điện đàm kéo dài hơn một tiếng rưỡi. Hai nhà lãnh đạo thảo luận về nghề cá, an ninh lương thực và "
        "năng lượng hạt nhân. Hai bên nhất trí hợp tác về nghề cá.",
    ),
    (
        "T",
        "2027-05-21 07:15",
        "Ấn Độ và Úc trao đổi hơn 90 phút qua điện thoại",
        "Thủ tướng Úc Anthony Albanese điện đàm với Thủ tướng Ấn Độ Narendra Modi hôm 20-5. Cuộc điện đàm kéo dài hơn "
        "90 phút, theo văn phòng Thủ tướng Úc. Hai ông còn bàn về giáo dục.",
    ),
    (
        "G",
        "2027-05-21 12:00",
        "Lãnh đạo Canada, Pháp sẽ điện đàm tuần tới",
        "Thủ tướng Canada Mark Carney sẽ điện đàm với Tổng thống Pháp Emmanuel Macron vào ngày 26-5. Hai bên dự kiến "
        "thảo luận về du lịch và thương mại.",
    ),
)


def articles() -> list[tuple[dt.datetime, Article]]:
    """The articles with the moments at which they came out, the oldest first."""
    found = []
    for number, (outlet, at, title, text) in enumerate(ARTICLES, start=1):
        moment = dt.datetime.fromisoformat(at).replace(tzinfo=HANOI)
        url = f"https://paper-{outlet.lower()}.example/{number}"
        article = Article(id=url, title=title, text=text, published_at=moment, url=url, outlet=OUTLETS[outlet])
        found.append((moment, article))
    return found


def fill(sessions: sessionmaker[Session]) -> None:
    """Play the articles at their own times, and stand beside them the loop, the feeds and a day of test articles."""
    replay = Replay(sessions, Settings(), Desk())
    for moment, article in articles():
        replay.play(article, moment)
    with sessions.begin() as session:
        session.add(HeartbeatRow(name=LOOP, at=_ago(0.1)))
        session.add_all(passed_before(NOW, minutes) for minutes in range(24 * 60 - 5, 0, -5))
        session.add(StartRow(service="run", at=_ago(3000), known={}, words=""))
        for number, (letter, outlet) in enumerate(OUTLETS.items()):
            host = f"paper-{letter.lower()}.example"
            session.add(FeedRow(url=f"https://{host}/rss", outlet=outlet, host=host, next_poll_at=_ago(-0.5),
                                last_success_at=_ago(0.5), last_new_at=_ago(30 + 9 * number)))  # fmt: skip


def go_wrong(sessions: sessionmaker[Session]) -> None:
    """Let the same house have a bad night: newspapers that do not answer, reading behind, Slack refusing, a pause."""
    with sessions.begin() as session:
        session.add(PauseRow(by="lan", reason="mưa tin", since=_ago(12)))
        session.add(SightRow(causes="feeds", since=_ago(300), seen_at=_ago(262), told_at=_ago(260)))
        session.add(PulseRow(id=1, seen_at=NOW, brake=1, waiting=1450, oldest_s=420.0))
        session.add_all(
            ArticleRow(key=f"late-{n}", fetched_at=_ago(7), content_hash="", outlet=OUTLETS["S"]) for n in range(40)
        )
        for feed in session.query(FeedRow).limit(2):
            feed.failures, feed.last_error, feed.last_success_at = 7, "dns: Name or service not known", _ago(35)
        for state, error in (("refused", "not_in_channel"), ("held", None)):
            session.add(AnnouncementRow(key=state, kind="digest", channel="#ban-tin", language="vi", state=state,
                                        payload={"push": "Tổng hợp: 3 cuộc gọi trong đêm"}, error=error,
                                        next_attempt_at=_ago(-60), created_at=_ago(25)))  # fmt: skip


def _ago(minutes: float) -> dt.datetime:
    return NOW - dt.timedelta(minutes=minutes)
