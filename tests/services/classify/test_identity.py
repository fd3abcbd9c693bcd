"""Which reports tell of one call: a table of little stories, each with the calls that an editor would see in it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.classify.facts import merge
from services.classify.identity import Bond, countries_of, persons_of, resolve
from shared.records import Claim, StoredReport, When
from tests.support.reports import PAIR, at, lasts, person, told

TRIO = ("Carter", "Petrova", "Haddad")
START = dt.datetime(2031, 5, 6, 13, 0, tzinfo=dt.UTC)
#: "Cuộc điện đàm thứ hai trong hai ngày".
SECOND = (Claim(ordinal=2, text="", scope="days", days=2),)


def calls(reports: Sequence[StoredReport], bonds: Sequence[Bond] = ()) -> list[list[str]]:
    return [[member.article for member in cluster.members] for cluster in resolve(reports, bonds)]


# name, reports, the articles of each call in order of their first report
STORIES: list[tuple[str, list[StoredReport], list[list[str]]]] = [
    (
        "another day is another call",
        [told("a", "2031-05-06 20:00", "2031-05-06"), told("b", "2031-05-12 20:00", "2031-05-12")],
        [["a"], ["b"]],
    ),
    (
        "the evening in Washington is the next morning in Hanoi",
        [told("a", "2031-05-07 09:00", "2031-05-06"), told("b", "2031-05-07 11:00", "2031-05-07")],
        [["a", "b"]],
    ),
    (
        "a call that was over before the next day began anywhere is not the call of the next day",
        [told("a", "2031-05-06 17:00", "2031-05-06"), told("b", "2031-05-07 20:00", "2031-05-07")],
        [["a"], ["b"]],
    ),
    (
        "told days later and a day off, it is the same call",
        [told("a", "2031-05-06 17:00", "2031-05-06"), told("b", "2031-05-10 20:00", "2031-05-07")],
        [["a", "b"]],
    ),
    (
        "other persons, another call",
        [told("a", "2031-05-06 20:00", "2031-05-06"), told("b", "2031-05-06 20:00", "2031-05-06", who=TRIO)],
        [["a"], ["b"]],
    ),
    (
        "no day given: the last call before the article",
        [
            told("a", "2031-05-02 20:00", "2031-05-02"),
            told("b", "2031-05-06 20:00", "2031-05-06"),
            told("c", "2031-05-08 09:00"),
        ],
        [["a"], ["b", "c"]],
    ),
    (
        "the day comes in a later article",
        [
            told("a", "2031-05-07 08:00"),
            told("b", "2031-05-07 10:00"),
            told("c", "2031-06-09 09:00", "2031-05-06", news=False),
        ],
        [["a", "b", "c"]],
    ),
    (
        "no day given, and the last known call is weeks old",
        [told("a", "2031-05-06 20:00", "2031-05-06"), told("b", "2031-06-10 09:00")],
        [["a"], ["b"]],
    ),
    (
        "no day given, days later, and another length: another call",
        [
            told("a", "2031-05-02 20:00", "2031-05-02", durations=(lasts(90),)),
            told("b", "2031-05-03 09:00", durations=(lasts(60),)),
            told("c", "2031-05-07 09:00", durations=(lasts(20),)),
        ],
        [["a", "b"], ["c"]],
    ),
    (
        "no day given, and the last known call is nine days old",
        [told("a", "2031-05-06 20:00", "2031-05-06"), told("b", "2031-05-15 22:00")],
        [["a"], ["b"]],
    ),
    (
        "and with a word as loose as last week it may be that call",
        [
            told("a", "2031-05-06 20:00", "2031-05-06"),
            told("b", "2031-05-15 22:00", when=When(text="tuần trước", since="2031-05-05", until="2031-05-11")),
        ],
        [["a", "b"]],
    ),
    (
        "planned, then held",
        [
            told("a", "2031-05-05 09:00", "2031-05-06", status="planned"),
            told("b", "2031-05-06 22:00", "2031-05-06"),
        ],
        [["a", "b"]],
    ),
    (
        "a wish of six weeks before the call, and one of nine",
        [
            told("a", "2031-03-01 09:00", status="proposed"),
            told("b", "2031-03-25 09:00", status="proposed"),
            told("c", "2031-05-06 22:00", "2031-05-06"),
        ],
        [["a"], ["b", "c"]],
    ),
    (
        "planned anew each time that its day came",
        [
            told("a", "2031-05-05 09:00", "2031-05-06", status="planned"),
            told("b", "2031-05-06 21:00", "2031-05-08", status="planned"),
            told("c", "2031-05-10 22:00", "2031-05-10"),
        ],
        [["a", "b", "c"]],
    ),
    (
        "a plan told before another of an earlier day is not that one anew",
        [
            told("a", "2031-05-05 09:00", "2031-05-08", status="planned"),
            told("b", "2031-05-05 21:00", "2031-05-06", status="planned"),
        ],
        [["a"], ["b"]],
    ),
    (
        "planned without a day, then held",
        [told("a", "2031-05-01 09:00", status="planned"), told("b", "2031-05-09 22:00", "2031-05-09")],
        [["a", "b"]],
    ),
    (
        "wished for, then held",
        [told("a", "2031-05-01 09:00", status="proposed"), told("b", "2031-05-06 22:00", "2031-05-06")],
        [["a", "b"]],
    ),
    (
        "held two days after the planned day",
        [
            told("a", "2031-05-05 09:00", "2031-05-06", status="planned"),
            told("b", "2031-05-08 22:00", "2031-05-08"),
        ],
        [["a", "b"]],
    ),
    (
        "a plan told after the call is the plan of another",
        [told("a", "2031-05-06 22:00", "2031-05-06"), told("b", "2031-05-07 09:00", status="planned")],
        [["a"], ["b"]],
    ),
    (
        "a plan that is cancelled",
        [
            told("a", "2031-05-05 09:00", "2031-05-09", status="planned"),
            told("b", "2031-05-07 09:00", status="denied", denial="cancelled"),
        ],
        [["a", "b"]],
    ),
    (
        "a refusal does not touch the call of last week",
        [
            told("a", "2031-05-02 20:00", "2031-05-02"),
            told("b", "2031-05-05 20:00", status="denied", denial="refused"),
            told("c", "2031-05-06 20:00", status="denied", denial="refused"),
        ],
        [["a"], ["b", "c"]],
    ),
    (
        "one side says that there was no call",
        [told("a", "2031-05-06 20:00", "2031-05-06"), told("b", "2031-05-07 20:00", status="denied", denial="denied")],
        [["a", "b"]],
    ),
    (
        "a second call on the next day, and the text says so",
        [
            told("a", "2031-05-07 09:00", "2031-05-06"),
            told("b", "2031-05-07 22:00", "2031-05-07", claims=SECOND),
            told("c", "2031-05-08 09:00", "2031-05-07"),
            told("d", "2031-05-08 10:00", "2031-05-06"),
        ],
        [["a", "d"], ["b", "c"]],
    ),
    (
        "the count of the text is such a word",
        [
            told("a", "2031-05-07 09:00", "2031-05-06"),
            told("b", "2031-05-07 22:00", "2031-05-07", claims=SECOND),
        ],
        [["a"], ["b"]],
    ),
    (
        "a second call without a day",
        [
            told("a", "2031-05-07 09:00", "2031-05-06"),
            told("b", "2031-05-07 22:00", claims=SECOND),
        ],
        [["a"], ["b"]],
    ),
    (
        "the second call of a week, without a day",
        [
            told("a", "2031-05-03 09:00", "2031-05-03"),
            told("b", "2031-05-06 22:00", claims=(Claim(ordinal=2, text="", scope="days", days=7),)),
        ],
        [["a"], ["b"]],
    ),
    (
        "a report that counts no calls, without a day",
        [told("a", "2031-05-03 09:00", "2031-05-03"), told("b", "2031-05-06 22:00")],
        [["a", "b"]],
    ),
    (
        "two calls on one day, hours apart",
        [
            told("a", "2031-05-06 21:00", "2031-05-06", when=When(date="2031-05-06", start=START)),
            told(
                "b", "2031-05-07 02:00", "2031-05-06", when=When(date="2031-05-06", start=START + dt.timedelta(hours=5))
            ),
        ],
        [["a"], ["b"]],
    ),
    (
        "two papers, one hour",
        [
            told("a", "2031-05-06 21:00", "2031-05-06", when=When(date="2031-05-06", start=START)),
            told(
                "b", "2031-05-06 23:00", "2031-05-06", when=When(date="2031-05-06", start=START + dt.timedelta(hours=1))
            ),
        ],
        [["a", "b"]],
    ),
    (
        "a second call on the same day, and the text says so",
        [
            told("a", "2031-05-06 12:00", "2031-05-06"),
            told("b", "2031-05-06 22:00", "2031-05-06", claims=SECOND),
        ],
        [["a"], ["b"]],
    ),
    (
        "of two calls on one day, what later reports tell of the hour or the length says which one they mean",
        [
            told("a", "2031-05-06 15:00", when=When(date="2031-05-06", day_part="noon"), durations=(lasts(105),)),
            told("b", "2031-05-06 23:00", "2031-05-06", claims=SECOND, durations=(lasts(60),)),
            told("c", "2031-05-07 08:00", "2031-05-06", durations=(lasts(105),)),
            told("d", "2031-05-07 09:00", when=When(date="2031-05-06", day_part="noon")),
            told("e", "2031-05-07 10:00", "2031-05-06"),
        ],
        [["a", "c", "d"], ["b", "e"]],
    ),
    (
        "put off, and held within a week",
        [
            told("a", "2031-05-05 20:00", "2031-05-06", status="planned"),
            told("b", "2031-05-06 20:00", "2031-05-06", status="denied", denial="postponed"),
            told("c", "2031-05-09 20:00", "2031-05-09"),
        ],
        [["a", "b", "c"]],
    ),
    (
        "cancelled, and another held within a week",
        [
            told("a", "2031-05-05 20:00", "2031-05-06", status="planned"),
            told("b", "2031-05-06 20:00", "2031-05-06", status="denied", denial="cancelled"),
            told("c", "2031-05-09 20:00", "2031-05-09"),
        ],
        [["a", "b"], ["c"]],
    ),
    (
        "an article tells of two calls on one day, as another does; the rest tell of the first",
        [
            told("a", "2031-05-06 12:00", "2031-05-06"),
            told("b#0", "2031-05-06 22:00", "2031-05-06"),
            told("b#1", "2031-05-06 22:00", "2031-05-06"),
            told("c#9", "2031-05-07 08:00", "2031-05-06"),
            told("c#10", "2031-05-07 08:00", "2031-05-06"),
        ],
        [["a", "b", "c"], ["b", "c"]],
    ),
    (
        "two calls in one article",
        [
            told("a", "2031-05-10 20:00", "2031-05-06"),
            told("b#0", "2031-05-11 09:00"),
            told("b#1", "2031-05-11 09:00", "2031-05-06"),
        ],
        [["a", "b"], ["b"]],
    ),
    (
        "background with a month: the call of that month",
        [
            told("a", "2031-03-06 20:00", "2031-03-06"),
            told("b", "2031-04-20 20:00", "2031-04-20"),
            told("c", "2031-05-11 09:00", "2031-03-??", news=False),
        ],
        [["a", "c"], ["b"]],
    ),
    (
        "a month told from memory may be a day or two off",
        [told("a", "2031-04-01 20:00", "2031-04-01"), told("b", "2031-05-11 09:00", "2031-03-??", news=False)],
        [["a", "b"]],
    ),
    (
        "background in a month without a call is a call of its own",
        [told("a", "2031-04-20 20:00", "2031-04-20"), told("b", "2031-05-11 09:00", "2031-02-??", news=False)],
        [["a"], ["b"]],
    ),
    (
        "background without any day: the last call that is old enough",
        [
            told("a", "2031-04-20 20:00", "2031-04-20"),
            told("b", "2031-05-10 09:00", "2031-05-10"),
            told("c", "2031-05-11 09:00", news=False),
        ],
        [["a", "c"], ["b"]],
    ),
    (
        "background one digit off is a misprint, news is not",
        [
            told("a", "2031-05-14 20:00", "2031-05-14"),
            told("b", "2031-06-01 20:00", "2031-05-04", news=False),
            told("c", "2031-05-18 20:00", "2031-05-18"),
        ],
        [["a", "b"], ["c"]],
    ),
    (
        "bounds in words: last week",
        [
            told("a", "2031-05-02 20:00", "2031-05-02"),
            told("b", "2031-05-13 09:00", when=When(text="tuần trước", since="2031-05-05", until="2031-05-11")),
        ],
        [["a"], ["b"]],
    ),
    (
        "a year that the text leaves open is the article's, or the one before",
        [
            told("a", "2030-12-20 20:00", "2030-12-20"),
            told("b", "2031-01-10 09:00", "????-12-20", news=False),
        ],
        [["a", "b"]],
    ),
    (
        "a leader named by office alone joins the one call that fits",
        [
            told("a", "2031-05-06 20:00", "2031-05-06", who=("Carter", "Sato")),
            told("b", "2031-05-07 20:00", "2031-05-06", who=("Carter", "?JP")),
        ],
        [["a", "b"]],
    ),
    (
        "and none where two fit",
        [
            told("a", "2031-05-06 20:00", "2031-05-06", who=("Carter", "Sato")),
            told("b", "2031-05-06 20:00", "2031-05-06", who=("Carter", "Mori")),
            told("c", "2031-05-07 20:00", "2031-05-06", who=("Carter", "?JP")),
        ],
        [["a"], ["b"], ["c"]],
    ),
    (
        "neither a publication nor a day: nothing to hold on to",
        [told("a", "2031-05-06 20:00", "2031-05-06"), told("b", None)],
        [["a"], ["b"]],
    ),
]


@pytest.mark.parametrize(("reports", "expected"), [row[1:] for row in STORIES], ids=[row[0] for row in STORIES])
def test_calls_of_a_story(reports: list[StoredReport], expected: list[list[str]]) -> None:
    assert calls(reports) == expected


def test_consecutive_days_that_stay_unclear_are_marked() -> None:
    reports = [told("a", "2031-05-06 23:30", "2031-05-06", who=("Carter", "Sato")),
               told("b", "2031-05-07 22:00", "2031-05-07", who=("Carter", "Sato"))]  # fmt: skip
    (cluster,) = resolve(reports)
    assert cluster.maybe_second


def test_a_time_zone_is_no_doubt() -> None:
    (cluster,) = resolve([told("a", "2031-05-07 09:00", "2031-05-06"), told("b", "2031-05-07 11:00", "2031-05-07")])
    assert not cluster.maybe_second
    assert "two time zones" in " ".join(cluster.link("b#0").agreed)


def test_reports_narrow_the_span() -> None:
    (cluster,) = resolve([told("a", "2031-05-07 08:00"), told("b", "2031-05-07 10:00", "2031-05-06")])
    assert cluster.span.day == dt.date(2031, 5, 6)
    assert cluster.span.latest is not None
    assert cluster.span.latest <= at("2031-05-07 08:00")


def test_a_link_says_what_speaks_against_it() -> None:
    reports = [told("a", "2031-05-14 20:00", "2031-05-14"), told("b", "2031-06-01 20:00", "2031-05-04", news=False)]
    (cluster,) = resolve(reports)
    assert cluster.link("b#0").against == ("2031-05-04 for 2031-05-14: one digit off",)
    with pytest.raises(KeyError):
        cluster.link("c#0")


def test_hands_outweigh_the_rules() -> None:
    reports = [told("a", "2031-05-06 20:00", "2031-05-06"), told("b", "2031-05-06 22:00", "2031-05-06"),
               told("c", "2031-05-20 22:00", "2031-05-20")]  # fmt: skip
    assert calls(reports, [Bond("apart", "a#0", "b#0", "two calls, says the desk")]) == [["a"], ["b"], ["c"]]
    assert calls(reports, [Bond("together", "c#0", "a#0", "misdated")]) == [["a", "b", "c"]]


def test_keys_of_a_call() -> None:
    people = [person("Petrova"), person("Carter"), person("?JP")]
    assert countries_of(people) == "JP-RU-US"
    assert persons_of(people) == "?JP|ben-carter|olga-petrova"


def _story() -> st.SearchStrategy[list[StoredReport]]:
    """Up to a dozen reports of a few pairs within two months, in every kind."""
    days = st.dates(dt.date(2031, 5, 1), dt.date(2031, 6, 20))
    report = st.tuples(
        st.sampled_from([PAIR, ("Carter", "Sato"), ("Carter", "Mori"), ("Carter", "?JP"), TRIO]),
        days,
        st.one_of(st.none(), days.map(str), st.sampled_from(["2031-05-??", "????-05-14", "2031-06-??"])),
        st.sampled_from(["held", "held", "held", "ongoing", "planned", "proposed", "denied"]),
        st.booleans(),
        st.sampled_from([(), (), (), SECOND]),
        st.integers(0, 1),
    )
    return st.lists(report, min_size=2, max_size=12).map(
        lambda rows: [
            told(
                f"{n // (1 + two)}#{n}",
                f"{published} 09:00",
                day,
                who=who,
                status=status,
                news=news,
                claims=claims,
            )
            for n, (who, published, day, status, news, claims, two) in enumerate(rows)
        ]
    )


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_the_order_of_arrival_does_not_matter(data: st.DataObject) -> None:
    reports = data.draw(_story())
    shuffled = data.draw(st.permutations(reports))
    assert resolve(shuffled) == resolve(reports)
    assert [merge(c.members[::-1], c.span) for c in resolve(shuffled)] == [
        merge(c.members, c.span) for c in resolve(reports)
    ]


@settings(max_examples=100, deadline=None)
@given(_story())
def test_every_report_has_one_call(reports: list[StoredReport]) -> None:
    keys = [member.key for cluster in resolve(reports) for member in cluster.members]
    assert sorted(keys) == sorted(report.key for report in reports)
