"""The articles' store, on SQLite and on PostgreSQL: articles once, revisions, what is replayed."""

from __future__ import annotations

import datetime as dt
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import update

from services.ingest import feeds, store
from services.ingest.values import CatalogueFeed
from shared.records import Article
from shared.tables import ArticleRow, EntryRow, FeedRow
from tests.support.listed import (
    HOME,
    HOUR,
    MINUTE,
    NOW,
    OTHER,
    WORLD,
    Sessions,
    article,
    count,
    entry,
    feed_of,
    listed,
    save,
)


@pytest.fixture(autouse=True)
def _feeds(sessions: Sessions) -> None:
    listed(sessions)


# ---- articles ----


def test_an_entry_becomes_an_article_that_waits(sessions: Sessions) -> None:
    stored = save(sessions, WORLD, entry(1, published_raw="raw"))
    assert stored.ids == stored.new
    row = article(sessions, stored.new[0])
    assert (row.key, row.outlet, row.title, row.summary) == ("vnexpress.net#4000001", "VnExpress", "Tin 1", "Tóm tắt 1")
    assert (row.published_at, row.published_raw, row.fetched_at) == (NOW - MINUTE, "raw", NOW)
    assert (row.classify_state, row.silent, row.revision) == ("waiting", False, 1)
    assert (row.body_state, row.body_next_at, row.host) == ("waiting", NOW, "vnexpress.net")


def test_seen_again_it_is_not_stored_again(sessions: Sessions) -> None:
    first = save(sessions, WORLD, entry(1), entry(2))
    again = save(sessions, WORLD, entry(2), entry(1), entry(3))
    assert again.ids[:2] == first.ids[::-1]
    assert again.new == again.ids[2:]
    assert again.revised == ()


def test_the_same_story_in_two_feeds_is_one_article(sessions: Sessions) -> None:
    world = save(sessions, WORLD, entry(1))
    home = save(sessions, HOME, entry(1, url="http://www.vnexpress.net/the-gioi/slug-4000001.html", summary="Ngắn"))
    assert home.ids == world.ids
    assert (home.new, home.revised) == ((), ())
    assert count(sessions, ArticleRow) == 1
    assert count(sessions, EntryRow) == 2


def test_a_story_that_a_feed_without_pages_brought_first_has_its_page_fetched_for_one_with_pages(
    sessions: Sessions,
) -> None:
    (article_id,) = save(sessions, HOME, entry(1)).ids
    assert article(sessions, article_id).body_state == "none"
    save(sessions, WORLD, entry(1), now=NOW + HOUR)
    row = article(sessions, article_id)
    assert (row.body_state, row.body_next_at, row.revision) == ("waiting", NOW + HOUR, 1)
    with sessions.begin() as session:
        session.get_one(ArticleRow, article_id).body_state = "done"
    save(sessions, WORLD, entry(1), now=NOW + 2 * HOUR)
    assert article(sessions, article_id).body_state == "done"


def test_edits_are_those_of_the_feed_with_pages_whichever_was_first(sessions: Sessions) -> None:
    (article_id,) = save(sessions, HOME, entry(1)).ids
    assert save(sessions, WORLD, entry(1)).revised == ()
    assert save(sessions, WORLD, entry(1, title="Tin 1, sửa")).revised == (article_id,)
    assert save(sessions, HOME, entry(1)).revised == ()


def test_a_feed_that_takes_an_article_over_says_its_words_at_once(sessions: Sessions) -> None:
    (article_id,) = save(sessions, HOME, entry(1, title="Hai bên sắp điện đàm")).ids
    held = entry(1, title="Hai bên đã điện đàm", summary="Cuộc gọi kéo dài 70 phút.")
    assert save(sessions, WORLD, held).revised == (article_id,)
    row = article(sessions, article_id)
    assert (row.title, row.summary, row.revision, row.body_state) == (held.title, held.summary, 2, "waiting")
    assert save(sessions, WORLD, held).revised == save(sessions, HOME, entry(1)).revised == ()


@pytest.mark.parametrize("left", ["paused", "unlisted", None])
def test_the_articles_of_a_feed_that_is_asked_no_more_are_edited_by_another(
    sessions: Sessions, left: str | None
) -> None:
    (article_id,) = save(sessions, WORLD, entry(1)).ids
    save(sessions, HOME, entry(1))
    if left == "unlisted":
        listed(sessions, HOME)
    elif left == "paused":
        with sessions.begin() as session:
            feeds.pause_feeds(session, WORLD.url, "an", "twice", NOW)
    edited = save(sessions, HOME, entry(1, title="Tin 1, sửa"))
    assert edited.revised == ((article_id,) if left else ())
    assert article(sessions, article_id).title == ("Tin 1, sửa" if left else "Tin 1")
    assert save(sessions, HOME, entry(1, title="Tin 1, sửa")).revised == ()


def test_an_edit_that_only_a_sister_feed_shows_counts_once_the_articles_own_feed_shows_it_no_more(
    sessions: Sessions,
) -> None:
    edited = entry(1, title="Tin 1, sửa", summary="Tóm tắt khác")
    (article_id,) = save(sessions, WORLD, entry(1)).ids
    save(sessions, HOME, entry(1, summary="Ngắn"))
    assert save(sessions, HOME, edited).revised == ()  # the article's own feed may tell it in its own words
    save(sessions, WORLD, entry(2), entry(3))
    assert save(sessions, HOME, edited).revised == (article_id,)
    assert article(sessions, article_id).title == "Tin 1, sửa"
    assert save(sessions, HOME, edited).revised == ()
    assert save(sessions, WORLD, entry(1)).revised == ()  # as it was, in a cache that is behind
    assert save(sessions, HOME, entry(1, title="Tin 1, sửa lần nữa")).revised == (article_id,)


@pytest.mark.parametrize(("failures", "counts"), [(2, False), (3, True)])
def test_an_edit_that_only_a_sister_feed_shows_counts_while_the_articles_own_feed_fails(
    sessions: Sessions, failures: int, counts: bool
) -> None:
    (article_id,) = save(sessions, WORLD, entry(1)).ids
    save(sessions, HOME, entry(1, summary="Ngắn"))
    with sessions.begin() as session:
        feed_of(session, WORLD).failures = failures
    assert save(sessions, HOME, entry(1, summary="Ngắn")).revised == ()  # the same words are no edit
    assert save(sessions, HOME, entry(1, title="Tin 1, sửa")).revised == ((article_id,) if counts else ())


@pytest.mark.parametrize("home_is_first", [True, False])
def test_an_edit_that_the_articles_own_feed_told_is_no_edit_again_by_its_sister(
    sessions: Sessions, home_is_first: bool
) -> None:
    (article_id,) = save(sessions, WORLD, entry(1)).ids
    save(sessions, HOME, entry(1, summary="Ngắn"))
    tells = [(WORLD, entry(1, title="Tin 1, sửa")), (HOME, entry(1, title="Tin 1, sửa", summary="Ngắn, sửa"))]
    told = [save(sessions, *tell).revised for tell in (reversed(tells) if home_is_first else tells)]
    assert sorted(told) == [(), (article_id,)]
    save(sessions, HOME, tells[1][1])
    save(sessions, WORLD, entry(2))
    assert save(sessions, HOME, tells[1][1]).revised == ()
    assert article(sessions, article_id).summary == "Tóm tắt 1"


def test_another_summary_of_a_sister_feed_is_no_edit_when_the_articles_own_feed_drops_it(sessions: Sessions) -> None:
    save(sessions, WORLD, entry(1))
    save(sessions, HOME, entry(1, summary="Ngắn"))
    save(sessions, WORLD, entry(2))
    assert save(sessions, HOME, entry(1, summary="Ngắn")).revised == ()


@pytest.mark.parametrize("answer", ["cut", "empty"])
def test_what_an_answer_leaves_out_that_is_not_whole_is_shown_still(sessions: Sessions, answer: str) -> None:
    save(sessions, WORLD, entry(1), entry(2))
    save(sessions, HOME, entry(1))
    with sessions.begin() as session:
        left = [entry(2)] if answer == "cut" else []
        store.save_articles(session, left, feed_of(session, WORLD), NOW, whole=answer != "cut")
    assert save(sessions, HOME, entry(1, title="Tin 1, sửa")).revised == ()


def test_what_a_feed_said_before_that_was_remembered_is_no_edit(sessions: Sessions) -> None:
    """The first looks after an upgrade: neither what the feeds show nor what they said is known."""
    save(sessions, WORLD, entry(1))
    save(sessions, HOME, entry(1))
    with sessions.begin() as session:
        session.execute(update(FeedRow).values(shown=None))
        session.execute(update(EntryRow).values(offered_hash=None))
    assert save(sessions, HOME, entry(1, title="Tin 1, sửa")).revised == ()
    save(sessions, WORLD, entry(2))
    assert save(sessions, HOME, entry(1, title="Tin 1, sửa")).revised == ()
    assert len(save(sessions, HOME, entry(1, title="Tin 1, sửa nữa")).revised) == 1


FIRST = NOW - 2 * HOUR


@pytest.mark.parametrize(
    ("shown", "by", "later", "published", "silent"),
    [
        (None, WORLD, FIRST, FIRST, False),
        (None, HOME, FIRST, FIRST, False),
        (None, HOME, NOW - 48 * HOUR, NOW - 48 * HOUR, True),
        (None, WORLD, None, None, False),
        (NOW, WORLD, FIRST, FIRST, False),
        (NOW, HOME, NOW - 48 * HOUR, NOW - 48 * HOUR, True),
        (NOW, WORLD, NOW + HOUR, NOW, False),
        (NOW - HOUR, WORLD, FIRST, NOW - HOUR, False),
        (NOW - HOUR, WORLD, None, NOW - HOUR, False),
    ],
    ids=[
        "none, then one", "none, then a sister's", "none, then an old one", "none, and none", "the future, put right",
        "the future, old in truth", "the future, still", "good, then another", "good, then none",
    ],
)  # fmt: skip
def test_a_date_that_comes_later_counts_where_there_was_no_good_one(
    sessions: Sessions,
    shown: dt.datetime | None,
    by: CatalogueFeed,
    later: dt.datetime | None,
    published: dt.datetime | None,
    silent: bool,
) -> None:
    (article_id,) = save(sessions, WORLD, entry(1, published_at=shown)).ids
    with sessions.begin() as session:
        session.get_one(ArticleRow, article_id).classify_state = "done"
    again = save(sessions, by, entry(1, published_at=later, published_raw="later"), now=NOW + HOUR)
    row = article(sessions, article_id)
    assert (row.published_at, row.silent) == (published, silent)
    changed = published != shown
    assert again.revised == ((article_id,) if changed else ())
    assert (row.revision, row.classify_state) == ((2, "waiting") if changed else (1, "done"))
    assert row.published_raw == ("later" if changed else None)
    assert row.body_state == "waiting"


def test_new_words_and_a_date_are_one_revision(sessions: Sessions) -> None:
    (article_id,) = save(sessions, WORLD, entry(1, published_at=None)).ids
    assert save(sessions, WORLD, entry(1, title="Tin 1, sửa")).revised == (article_id,)
    row = article(sessions, article_id)
    assert (row.title, row.published_at, row.revision) == ("Tin 1, sửa", NOW - MINUTE, 2)


def test_the_same_story_twice_in_one_answer_is_one_article(sessions: Sessions) -> None:
    stored = save(sessions, WORLD, entry(1), entry(1, title="Tin 1 (lặp)"))
    assert len(set(stored.ids)) == len(stored.new) == 1
    again = save(sessions, WORLD, entry(1), entry(1, title="Tin 1 (lặp)"))
    assert (again.new, again.revised) == ((), ())
    assert article(sessions, stored.new[0]).title == "Tin 1"


def test_ids_follow_publication(sessions: Sessions) -> None:
    stored = save(sessions, WORLD, entry(1), entry(3), entry(2))
    assert sorted(stored.ids) == [stored.ids[1], stored.ids[2], stored.ids[0]]


def test_old_entries_go_into_history_silently(sessions: Sessions) -> None:
    stored = save(sessions, WORLD, entry(1), entry(2, published_at=NOW - 40 * HOUR), entry(3, published_at=None))
    assert [article(sessions, article_id).silent for article_id in stored.ids] == [False, True, False]


def test_an_edited_entry_is_a_revision_and_is_read_again(sessions: Sessions) -> None:
    (article_id,) = save(sessions, WORLD, entry(1)).new
    with sessions.begin() as session:
        row = session.get_one(ArticleRow, article_id)
        row.classify_state, row.classify_attempts, row.body_state, row.text = "done", 1, "done", "Toàn văn"
    edited = save(sessions, WORLD, entry(1, title="Tin 1, sửa"), now=NOW + HOUR)
    assert (edited.new, edited.revised) == ((), (article_id,))
    row = article(sessions, article_id)
    assert (row.title, row.text, row.revision) == ("Tin 1, sửa", "Toàn văn", 2)
    assert (row.classify_state, row.classify_attempts) == ("waiting", 0)
    assert (row.body_state, row.body_next_at) == ("waiting", NOW + HOUR)
    assert save(sessions, WORLD, entry(1, title="Tin 1, sửa")).revised == ()


def test_two_caches_that_answer_in_turn_edit_an_article_once(sessions: Sessions) -> None:
    titles = ["Tin 1", "Tin 1, sửa", "Tin 1, sửa lại"]
    revised = [
        save(sessions, WORLD, entry(1, title=titles[place]), now=NOW + minute * MINUTE).revised != ()
        for minute, place in enumerate((0, 1, 0, 1, 0, 2, 1, 0, 2))
    ]
    assert revised == [False, True, False, False, False, True, False, False, False]
    (article_id,) = save(sessions, WORLD, entry(1)).ids
    assert article(sessions, article_id).title == "Tin 1, sửa lại"


def test_a_summary_that_counts_its_readers_is_not_read_with_each_of_them(sessions: Sessions) -> None:
    def revised(first: int, now: dt.datetime) -> int:
        counted = (entry(1, summary=f"Lượt xem: {number}") for number in range(first, first + 30))
        return sum(save(sessions, WORLD, counter, now=now).revised != () for counter in counted)

    assert revised(0, NOW) == 11  # the article itself is the first of twelve
    assert revised(100, NOW + 23 * HOUR) == 0
    assert revised(200, NOW + 25 * HOUR) == 12


def test_an_article_follows_its_address_when_only_that_moves(sessions: Sessions) -> None:
    (article_id,) = save(sessions, WORLD, entry(1)).ids
    moved = "https://vnexpress.net/ten-moi-4000001.html"
    again = save(sessions, WORLD, entry(1, url=moved))
    assert (again.ids, again.new, again.revised) == ((article_id,), (), ())
    row = article(sessions, article_id)
    assert (row.url, row.revision, row.body_state) == (moved, 1, "waiting")
    save(sessions, HOME, entry(1, url="https://vnexpress.net/trang-chu-4000001.html"))
    assert article(sessions, article_id).url == moved  # another feed's address is not taken


def test_a_feed_that_carries_the_text_edits_it(sessions: Sessions) -> None:
    (article_id,) = save(sessions, OTHER, entry(1, url="https://a.vn/1", text="Toàn văn")).new
    again = save(sessions, OTHER, entry(1, url="https://a.vn/1", text="Toàn văn"))
    edited = save(sessions, OTHER, entry(1, url="https://a.vn/1", text="Toàn văn, sửa"))
    assert (again.revised, edited.revised) == ((), (article_id,))
    assert (article(sessions, article_id).text, article(sessions, article_id).revision) == ("Toàn văn, sửa", 2)


def test_a_stable_guid_follows_an_article_to_its_new_address(sessions: Sessions) -> None:
    first = save(sessions, OTHER, entry(1, url="https://a.vn/ten-cu", guid="g1"))
    moved = save(sessions, OTHER, entry(1, url="https://a.vn/ten-moi", guid="g1"))
    assert moved.ids == first.ids
    assert moved.new == ()


def test_a_guid_follows_an_article_to_a_new_title_and_address(sessions: Sessions) -> None:
    old = "Thủ tướng Na Uy và Tổng thống Kenya điện đàm về vận tải biển"
    new = "Kenya và Na Uy bàn vận tải biển qua điện thoại"
    (article_id,) = save(sessions, OTHER, entry(1, url="https://a.vn/ten-cu", guid="g1", title=old)).ids
    with sessions.begin() as session:
        session.get_one(ArticleRow, article_id).body_state = "done"
    edited = save(sessions, OTHER, entry(1, url="https://b.vn/ten-moi", guid="g1", title=new, summary="Ngắn hơn"))
    assert (edited.ids, edited.new, edited.revised) == ((article_id,), (), (article_id,))
    row = article(sessions, article_id)
    assert (row.title, row.url, row.revision, row.body_state) == (new, "https://b.vn/ten-moi", 2, "waiting")
    assert row.host == "b.vn"
    again = save(sessions, OTHER, entry(1, url="https://b.vn/ten-moi", guid="g1", title=new, summary="Ngắn hơn"))
    assert (again.ids, again.new, again.revised, again.unseen) == ((article_id,), (), (), frozenset())


def test_an_article_keeps_its_identity_when_its_outlets_numbers_become_known(sessions: Sessions) -> None:
    """As those of vtcnews.vn and baoquocte.vn did: until then the address was the key."""
    stored = save(sessions, WORLD, entry(1), entry(2))
    with sessions.begin() as session:
        for article_id, number in zip(stored.ids, (1, 2), strict=True):
            session.get_one(ArticleRow, article_id).key = f"vnexpress.net/tin-{4_000_000 + number}.html"
    again = save(sessions, WORLD, entry(1), entry(2), entry(3))
    assert (again.ids[:2], again.new, again.revised) == (stored.ids, again.ids[2:], ())
    assert article(sessions, stored.ids[0]).key == "vnexpress.net#4000001"
    moved = entry(1, url="https://vnexpress.net/slug-khac-4000001.html")
    assert save(sessions, HOME, moved).ids == stored.ids[:1]


def test_two_articles_that_were_one_number_all_along_are_no_trouble(sessions: Sessions) -> None:
    slugs = ["tin-4000001", "slug-khac-4000001"]
    first, second = (save(sessions, WORLD, entry(number)).ids[0] for number in (8, 9))
    with sessions.begin() as session:
        for article_id, slug in zip((first, second), slugs, strict=True):
            session.get_one(ArticleRow, article_id).key = f"vnexpress.net/{slug}.html"
    shown = save(sessions, WORLD, *(entry(1, url=f"https://vnexpress.net/{slug}.html") for slug in slugs))
    assert len(set(shown.ids)) == 1
    assert set(shown.ids) <= {first, second}
    assert shown.new == ()


def test_a_guid_that_is_the_same_for_all_names_nothing_in_later_answers_either(sessions: Sessions) -> None:
    section = "https://a.vn/the-gioi"
    together = [entry(n, url=f"https://a.vn/{n}", guid=section) for n in (1, 2)]
    first = save(sessions, OTHER, *together)
    assert len(first.new) == 2
    alone = entry(3, url="https://a.vn/3", guid=section, published_at=NOW - 2 * MINUTE, summary="Tóm tắt 2")
    later = save(sessions, OTHER, alone)
    assert len(later.new) == 1
    assert later.unseen == set(later.new)
    assert save(sessions, OTHER, alone, *together).unseen == frozenset()


def test_a_guid_that_comes_with_another_story_names_nothing_from_then_on(sessions: Sessions) -> None:
    one = entry(1, url="https://a.vn/1", guid="moi-nhat", title="Động đất ở Chile", summary="Chưa có thương vong.")
    two = entry(2, url="https://a.vn/2", guid="moi-nhat", title="Giá dầu tăng", summary="Thị trường lo thiếu hàng.")
    three = entry(3, url="https://a.vn/3", guid="moi-nhat", title="Giá dầu tăng", summary="Lần này vì lý do khác.")
    ids = [save(sessions, OTHER, story).new for story in (one, two, three)]
    assert [len(new) for new in ids] == [1, 1, 1]
    assert [article(sessions, new[0]).title for new in ids] == [one.title, two.title, three.title]


@pytest.mark.parametrize("guid", ["p{}", "https://a.vn/truc-tiep#p{}"], ids=["a name", "a place on the page"])
def test_stories_at_one_address_are_told_apart_by_their_guids(sessions: Sessions, guid: str) -> None:
    posts = [entry(n, url="https://a.vn/truc-tiep", guid=guid.format(n)) for n in range(1, 7)]
    first = save(sessions, OTHER, *posts[:5])
    assert len(set(first.new)) == 5
    assert [article(sessions, one).title for one in first.ids] == [post.title for post in posts[:5]]
    assert {article(sessions, one).body_state for one in first.ids} == {"none"}  # the page is no single one's
    rolled = save(sessions, OTHER, *posts[1:])
    assert (rolled.ids[:4], len(rolled.new), rolled.revised) == (first.ids[1:], 1, ())
    alone = save(sessions, OTHER, posts[4])
    assert (alone.ids, alone.new, alone.revised) == (first.ids[4:], (), ())
    assert save(sessions, OTHER, *posts[1:]).ids == rolled.ids


def test_a_post_that_stood_alone_at_its_address_stays_what_it_was_when_others_join_it(sessions: Sessions) -> None:
    one, two = (entry(n, url="https://a.vn/truc-tiep", guid=f"p{n}") for n in (1, 2))
    (first,) = save(sessions, OTHER, one).ids
    both = save(sessions, OTHER, two, one)
    assert (both.ids[1], len(both.new), both.revised) == (first, 1, ())


@pytest.mark.parametrize(("hour", "stories"), [(17, 2), (0, 2), (5, 1)], ids=["a day in Vietnam", "a day", "a moment"])
def test_a_day_in_common_makes_no_article_of_two_stories_with_one_guid(
    sessions: Sessions, hour: int, stories: int
) -> None:
    at = NOW.replace(hour=hour)
    one = entry(1, url="https://a.vn/1", guid="moi", title="Động đất ở Chile", published_at=at)
    two = entry(2, url="https://a.vn/2", guid="moi", title="Giá dầu tăng", published_at=at)
    assert len({save(sessions, OTHER, story).ids for story in (one, two)}) == stories


def test_an_article_that_is_still_shown_at_its_old_address_is_another_one(sessions: Sessions) -> None:
    first = save(sessions, OTHER, entry(1, url="https://a.vn/1", guid="g1"))
    both = save(sessions, OTHER, entry(1, url="https://a.vn/1"), entry(1, url="https://a.vn/2", guid="g1"))
    assert both.ids[0] == first.ids[0]
    assert len(both.new) == 1


def test_articles_that_their_outlet_numbers_differently_are_two_whatever_their_guid(sessions: Sessions) -> None:
    first = save(sessions, WORLD, entry(1, guid="g1"))
    second = save(sessions, WORLD, entry(2, guid="g1", title="Tin 1", published_at=NOW - MINUTE))
    assert first.new != second.new
    assert len(second.new) == 1


def test_what_a_feed_had_not_shown_before_is_told_apart_from_what_nobody_had(sessions: Sessions) -> None:
    world = save(sessions, WORLD, entry(1), entry(2))
    home = save(sessions, HOME, entry(2), entry(3))
    assert world.unseen == set(world.ids)
    assert home.unseen == set(home.ids)
    assert home.new == (home.ids[1],)
    assert save(sessions, HOME, entry(2), entry(3)).unseen == set()
    save(sessions, OTHER, entry(1, url="https://a.vn/ten-cu", guid="g1"))
    assert save(sessions, OTHER, entry(1, url="https://a.vn/ten-moi", guid="g1")).unseen == set()


def test_a_guid_that_repeats_loses_no_entry(sessions: Sessions) -> None:
    stored = save(sessions, OTHER, *(entry(n, url=f"https://a.vn/{n}", guid="same") for n in range(3)))
    assert len(set(stored.new)) == 3
    later = save(sessions, OTHER, entry(9, url="https://a.vn/9", guid="same"))
    assert len(later.new) == 1


def test_an_entry_without_a_link_is_known_by_its_guid(sessions: Sessions) -> None:
    stored = save(sessions, OTHER, entry(1, url=None, guid="g1"), entry(2, url=None, guid="g2"))
    assert len(stored.new) == 2
    assert article(sessions, stored.new[0]).body_state == "none"
    assert save(sessions, OTHER, entry(1, url=None, guid="g1")).ids == (stored.ids[0],)


def test_a_thousand_entries(sessions: Sessions) -> None:
    entries = [entry(number) for number in range(1000)]
    assert len(save(sessions, HOME, *entries).new) == 1000
    assert save(sessions, HOME, *entries).new == ()


def test_two_workers_with_the_same_entries_store_each_once(sessions: Sessions) -> None:
    entries = [entry(number) for number in range(30)]
    with ThreadPoolExecutor(4) as pool:
        results = list(pool.map(lambda _: save(sessions, WORLD, *entries), range(4)))
    assert sum(len(stored.new) for stored in results) == count(sessions, ArticleRow) == 30
    assert len({stored.ids for stored in results}) == 1


# ---- replayed ----


def line(**changes: object) -> Article:
    values = {"id": "seed-1", "title": "Tin", "text": "Toàn văn", "published_at": NOW, "outlet": "Báo A", **changes}
    return Article(**values)  # type: ignore[arg-type]


def replay(sessions: Sessions, *articles: Article, silent: bool = False) -> store.Stored:
    with sessions.begin() as session:
        return store.save_replayed(session, articles, NOW, silent)


def test_replayed_twice_is_stored_once(sessions: Sessions) -> None:
    first = replay(sessions, line(), line(id="seed-2"))
    again = replay(sessions, line(), line(id="seed-2"))
    assert len(first.new) == 2
    assert again == store.Stored(first.ids, (), ())
    row = article(sessions, first.ids[0])
    assert (row.key, row.text, row.body_state, row.silent) == ("seed-1", "Toàn văn", "none", False)


def test_a_replayed_line_and_a_polled_entry_with_one_address_are_one_article(sessions: Sessions) -> None:
    polled = save(sessions, WORLD, entry(1))
    assert replay(sessions, line(url="https://vnexpress.net/tin-4000001.html?utm_source=x")).ids == polled.ids


def test_a_replayed_line_has_its_text_and_no_feed_asks_for_its_page(sessions: Sessions) -> None:
    (article_id,) = replay(sessions, line(url="https://vnexpress.net/tin-4000001.html")).ids
    assert save(sessions, WORLD, entry(1)).ids == (article_id,)
    assert article(sessions, article_id).body_state == "none"


def test_a_changed_line_is_a_revision(sessions: Sessions) -> None:
    (article_id,) = replay(sessions, line()).new
    assert replay(sessions, line(text="Toàn văn, sửa")).revised == (article_id,)
    assert replay(sessions, line()).revised == (article_id,)  # by hand there is a way back


def test_a_backfill_is_silent(sessions: Sessions) -> None:
    (article_id,) = replay(sessions, line(), silent=True).new
    assert article(sessions, article_id).silent
