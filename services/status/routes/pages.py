"""The pages for people: the same answers as the API's, as HTML. They need no script; a little one says what is new."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import lru_cache
from importlib.resources import files
from itertools import combinations
from typing import Annotated, Any, Literal, get_args
from urllib.parse import urlencode, urlsplit

import msgspec
from fastapi import APIRouter, Query, Request
from jinja2 import Environment, PackageLoader, StrictUndefined
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session
from starlette.responses import HTMLResponse, Response

from services.status.answers import CallKey, Cursor, RowId
from services.status.context import Context, Ctx
from services.status.errors import Missing
from services.status.lines import told
from services.status.marked import Proof, pieces, short
from services.status.overall import LATE_S, status_code
from services.status.picture import Shown, picture
from services.status.queries import alerts as ledger
from services.status.queries import articles as stored
from services.status.queries import changes
from services.status.queries.calls import Filters
from services.status.routes.alerts import alert_item
from services.status.routes.articles import article_of
from services.status.routes.calls import CallDetail, ReportItem, Status, detail_of, page_of
from services.status.routes.feeds import FeedItem, shared_trouble
from services.status.routes.pairs import Pair, Side, history_of
from services.status.routes.standing import Stand
from services.status.routes.status import Stage, StatusAnswer, answer_of
from services.status.runbook import PAGES, html_of, page_for, title_of
from services.status.telling import Teller, trust_words
from services.status.trust import trust
from services.status.values import Trust
from services.status.wording import Voice
from shared.errors import ServiceDownError, UsageError
from shared.heartbeat import STALE
from shared.names import LANGUAGES, load_names
from shared.records import OVER, Evidence, Report, evidence_in

router = APIRouter(include_in_schema=False)
Lang = Annotated[Literal["en", "vi"] | None, Query()]
STATIC = {"style.css": "text/css", "live.js": "text/javascript", "icon.svg": "image/svg+xml"}
#: Characters of a stored text that a page shows; calls on the first page and on each of the list.
MOST_TEXT, FEW, MANY = 100_000, 10, 25
#: Alerts that did not go out, and changes of the last week, on the first page.
UNSENT, CHANGES = 20, 10
WEEK = dt.timedelta(days=7)
#: Below this part of the disk, and beyond these seconds between two clocks, a line is red.
DISK_LOW, CLOCK_OFF_S = 0.1, 5.0


@lru_cache(maxsize=1)
def _templates() -> Environment:
    """The templates; every value is escaped, and one that is missing is a mistake."""
    loader = PackageLoader("services.status")
    return Environment(loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)


@router.get("/static/{name}")
def static(name: str) -> Response:
    """A style, a script or a picture of the pages."""
    if name not in STATIC:
        raise Missing(f"there is no /static/{name}")
    body = (files("services.status") / "static" / name).read_bytes()
    return Response(body, media_type=STATIC[name], headers={"cache-control": "max-age=300"})


@router.get("/")
def home(request: Request, context: Ctx, snapshot: Stand, lang: Lang = None) -> Response:
    """How things stand, and the latest calls; with the database away the last known state."""
    trusted = trust(snapshot, context.canary_every)
    said = answer_of(snapshot, trusted, context.canary_every, context.known.versions)
    page = _Page(request, context, lang, "/v1/status")

    def values() -> dict[str, Any]:
        return {**_stands(said, trusted, page.voice), **_told(context, said, page.voice)}

    return page.shown("home.html", values, status_code(said.state))


@router.get("/calls")
def calls(
    request: Request,
    context: Ctx,
    text: Annotated[str, Query(max_length=200)] = "",
    country: Annotated[str, Query(max_length=5)] = "",
    status: Status | Literal[""] = "",
    cursor: Cursor = None,
    lang: Lang = None,
) -> Response:
    """The calls as a timeline, the latest first."""
    wanted = {"text": _plain(text), "country": _plain(country).upper(), "status": status}
    filters = Filters(text=wanted["text"] or None, country=wanted["country"] or None, status=wanted["status"] or None)
    page = _Page(request, context, lang, _asked("/v1/calls", {**wanted, "cursor": cursor}))

    def values() -> dict[str, Any]:
        found = page_of(context, filters, cursor, MANY)
        older = _asked("/calls", {**wanted, "cursor": found.next, "lang": page.voice.language})
        return {
            "items": found.items, "filters": filters, "statuses": get_args(Status), "cursor": cursor,
            "older": older if found.next else None,
        }  # fmt: skip

    return page.shown("calls.html", values)


def _asked(path: str, query: Mapping[str, str | None]) -> str:
    """An address with those parts of a query that hold something."""
    asked = urlencode({name: value for name, value in query.items() if value})
    return f"{path}?{asked}" if asked else path


@router.get("/calls/{call_id}")
def call(request: Request, context: Ctx, call_id: CallKey, lang: Lang = None) -> Response:
    """One call, its facts, and the evidence in the stored texts."""
    page = _Page(request, context, lang, f"/v1/calls/{call_id}")

    def values() -> dict[str, Any]:
        found = detail_of(context, call_id)
        told = found.reports[:FEW]
        with context.reading() as session:
            words = stored.texts(session, [one.article_id for one in told])
        texts = [_text(one, words[one.article_id]) for one in told if one.article_id in words]
        return {"call": found, "texts": texts, "others": found.reports[FEW:], "pairs": _pairs(found, page.voice)}

    return page.shown("call.html", values)


@router.get("/pairs/{a}/{b}")
def pair(request: Request, context: Ctx, a: Side, b: Side, lang: Lang = None) -> Response:
    """The history of two sides, as a picture and call by call."""
    page = _Page(request, context, lang, f"/v1/pairs/{a}/{b}")

    def values() -> dict[str, Any]:
        found = history_of(context, a, b)
        held = [one for one in found.calls if one.status in OVER and one.date]
        shown = [Shown(one.call_id, one.date or "", one.duration_min, tuple(one.topics)) for one in held]
        return {"pair": found, "picture": picture(shown), "name": _name(found, context, page.voice)}

    return page.shown("pair.html", values)


@router.get("/articles/{article_id}")
def article(request: Request, context: Ctx, article_id: RowId, lang: Lang = None) -> Response:
    """A stored article with what was read in it."""
    page = _Page(request, context, lang, f"/v1/articles/{article_id}")

    def values() -> dict[str, Any]:
        found = article_of(context, article_id)
        proofs = [proof for one in found.reports for proof in _proofs(one.report)]
        words = {"title": found.title, "summary": found.summary, "text": found.text}
        title = short(found.title) or short(found.summary or found.text, 80)
        return {"article": found, "title": title, "href": web_address(found.url), "parts": _parts(words, proofs)}

    return page.shown("article.html", values)


@router.get("/feeds")
def feeds(request: Request, context: Ctx, snapshot: Stand, lang: Lang = None) -> Response:
    """Every feed against its own rhythm, the sick ones first."""
    trusted = trust(snapshot, context.canary_every)
    said = answer_of(snapshot, trusted, context.canary_every, context.known.versions)
    order = ("failing", "silent", "new", "fresh", "paused")
    items = sorted(said.feeds, key=lambda feed: order.index(feed.state))
    return _Page(request, context, lang, "/v1/feeds").shown(
        "feeds.html", lambda: {"s": said, "items": items, **_health(items)}
    )


@router.get("/runbooks/{name}")
def runbook(request: Request, context: Ctx, name: str, lang: Lang = None) -> Response:
    """What to do at night; it needs no database."""
    page = _Page(request, context, lang, "")
    language = page.voice.language
    titles = {known: title_of(known, language) for known in PAGES}

    def values() -> dict[str, Any]:
        if name not in PAGES:
            there = "; ".join(f"“{title}”" for title in titles.values())
            raise Missing(page.voice.say("no_such_runbook", name=name[:80], titles=there))
        return {"html": html_of(name, language), "titles": titles, "here_page": name}

    return page.shown("runbook.html", values)


def not_shown(request: Request, status: int, detail: str) -> Response:
    """A page that says that there is none at this address, or what is wrong with it."""
    asked = request.query_params.get("lang")
    lang = next((language for language in LANGUAGES if language == asked), None)
    page = _Page(request, request.app.state.context, lang, "")
    words = page.voice.say("no_page" if status == 404 else "bad_address", words=detail)
    return page.shown("trouble.html", lambda: {"words": words, "away": False}, status)


class _Page:
    """One answer as HTML: its language, its links, and what stands on every page."""

    def __init__(self, request: Request, context: Context, lang: Literal["en", "vi"] | None, json_at: str) -> None:
        self._request, self._json_at = request, json_at
        self.voice = Voice(lang or context.language, context.zone, context.clock())
        self._default = context.language

    def shown(self, template: str, values: Callable[[], dict[str, Any]], status: int = 200) -> Response:
        """A template with the values; where they cannot be had, a page that says why."""
        try:
            filled = values()
        except Missing as error:
            template, filled, status = "trouble.html", {"words": str(error), "away": False}, 404
        except (UsageError, ServiceDownError, SQLAlchemyError) as error:
            words = str(error).partition("(Background")[0]
            template, filled, status = "trouble.html", {"words": words, "away": True}, 503
        around = {
            "v": self.voice,
            "t": Teller(self.voice),
            "to": self._to,
            "short": short,
            "web": web_address,
            "tell": lambda words: told(words, self.voice),
            "here": self._request.url.path,
            "other_language": self._other_language(),
            "json_at": self._json_at,
            "runbook": page_for,
        }
        return HTMLResponse(_templates().get_template(template).render(around | filled), status)

    def _to(self, path: str) -> str:
        return path if self.voice.language == self._default else f"{path}?lang={self.voice.language}"

    def _other_language(self) -> str:
        other = "vi" if self.voice.language == "en" else "en"
        kept = [(name, value) for name, value in self._request.query_params.multi_items() if name != "lang"]
        return f"?{urlencode([*kept, ('lang', other)])}"


def web_address(url: str | None) -> str | None:
    """An address that a page may link to; None for one of another kind, such as javascript:."""
    try:
        parts = urlsplit(url or "")
    except ValueError:
        return None
    return url if parts.scheme in ("http", "https") and parts.netloc else None


def _plain(text: str) -> str:
    return "".join(char for char in text if char.isprintable()).strip()


def _stands(said: StatusAnswer, trusted: Trust, voice: Voice) -> dict[str, Any]:
    growing = [
        stage.name
        for stage in said.stages
        if not stage.braked and (stage.trend == "growing" or (stage.oldest_age_s or 0) > LATE_S)
    ]
    sick = [feed for feed in said.feeds if feed.state in ("failing", "silent")]
    return {
        "s": said,
        "trust_words": trust_words(trusted, said.at, voice),
        "reasons": [line for line in said.reasons if not trusted.tells(line)],
        "sick": sick,
        **_health(said.feeds),
        "first_growing": growing[0] if growing else None,
        "ground": list(ground_lines(said, voice)),
    }


def ground_lines(said: StatusAnswer, voice: Voice) -> Iterator[dict[str, Any]]:
    """What all of it stands on, line by line: the database with its disk and clock, Redis, each sign of life."""
    ground, say = said.ground, voice.say
    size = in_bytes(ground.database_bytes or 0)
    words = say("ground_database", size=size) if ground.database else say("ground_database_away")
    yield {"words": words, "bad": not ground.database}
    if ground.disk_bytes and ground.disk_free_bytes is not None:
        free, whole = in_bytes(ground.disk_free_bytes), in_bytes(ground.disk_bytes)
        full = ground.disk_free_bytes < DISK_LOW * ground.disk_bytes
        yield {"words": say("ground_disk", free=free, all=whole), "bad": full}
    elif ground.database:
        yield {"words": say("ground_disk_unseen"), "bad": False}
    if ground.clock_offset_s is not None:
        offset = f"{ground.clock_offset_s:+.1f}"
        yield {"words": say("ground_clock", offset=offset), "bad": abs(ground.clock_offset_s) > CLOCK_OFF_S}
    if ground.redis is not None:
        yield {"words": say("ground_redis" if ground.redis else "ground_redis_away"), "bad": not ground.redis}
    for name, age in said.workers.items():
        yield {"words": say("ground_sign", name=name, ago=voice.span(age)), "bad": age > STALE.total_seconds()}


def in_bytes(size: float) -> str:
    """A size in the largest unit that leaves a number of two or more: "12 GB"."""
    for unit, length in (("TB", 1e12), ("GB", 1e9), ("MB", 1e6)):
        if size >= 2 * length:
            return f"{size / length:.0f} {unit}"
    return f"{size / 1e3:.0f} kB"


def _health(feeds: Iterable[FeedItem]) -> dict[str, Any]:
    watched = [feed for feed in feeds if feed.watched]
    fresh = sum(feed.state == "fresh" for feed in watched)
    return {"fresh": fresh, "watched": len(watched), "remark": shared_trouble(watched)}


def _told(context: Context, said: StatusAnswer, voice: Voice) -> dict[str, Any]:
    """The part of the first page that asks the database itself; empty, and said to be, while it is away or would not
    answer."""
    nothing: dict[str, Any] = {
        "asked": False,
        "calls": [],
        "unsent": [],
        "more_unsent": False,
        "changed": [],
        "more_changed": False,
        "to_do": [],
        "links": {},
    }
    if not said.ground.database:
        return nothing
    try:
        found = page_of(context, Filters(), None, FEW).items
        with context.reading() as session:
            unsent = [alert_item(row, {}) for row in ledger.unsent(session, UNSENT + 1)]
            links = _links(session, said.stages)
            touched = changes.lately(session, said.at - WEEK, CHANGES + 1)
            beside = changes.told_beside(session, [at for at, _ in touched])
            changed = [(at, words, *told) for (at, words), told in zip(touched, beside, strict=True)]
    except (UsageError, ServiceDownError, SQLAlchemyError):
        return nothing
    return {
        "asked": True,
        "calls": found,
        "unsent": unsent[:UNSENT],
        "more_unsent": len(unsent) > UNSENT,
        "changed": changed[:CHANGES],
        "more_changed": len(changed) > CHANGES,
        "to_do": [] if found else _to_do(said, voice),
        "links": links,
    }


def _links(session: Session, stages: Iterable[Stage]) -> dict[tuple[str, int], str]:
    """Stage and number of a row → the page that shows it, of the rows that the stages name."""
    named = {
        stage.name: [number for number in (stage.oldest_id, stage.failed_first_id) if number is not None]
        for stage in stages
    }
    pages = {(name, number): f"/articles/{number}" for name in ("body", "classify") for number in named.get(name, ())}
    reports = stored.of_reports(session, named.get("notify", ()))
    calls = ledger.calls_of(session, named.get("post", ()))
    pages |= {("notify", number): f"/articles/{article}" for number, article in reports.items()}
    return pages | {("post", number): f"/calls/{call}" for number, call in calls.items()}


def _to_do(said: StatusAnswer, voice: Voice) -> list[str]:
    """What to do in an empty system, by what is missing first."""
    articles = said.totals.articles if said.totals else 0
    if articles:
        first = voice.say("empty_calls", n=articles)
    else:
        first = voice.say("empty_articles" if said.feeds else "empty_feeds")
    return [first, voice.say("empty_seeds"), voice.say("empty_slack")]


def _text(report: ReportItem, words: dict[str, str]) -> dict[str, Any]:
    return {
        "title": short(report.title) or short(words["summary"] or words["text"], 80),
        "outlet": short(report.outlet or "", 100),
        "published_at": report.published_at,
        "verdict": report.verdict,
        "article_id": report.article_id,
        "href": web_address(report.url),
        "parts": _parts(words, list(_proofs(report.report))),
        "decision": report.decision,
    }


def _parts(words: dict[str, str], proofs: list[Evidence]) -> list[dict[str, Any]]:
    """The parts of an article that have words, cut into marked pieces."""
    shown = []
    for name, text in words.items():
        known = [Proof(one.start, one.end, one.field) for one in proofs if one.part == name]
        if text and (name != "title" or known):
            cut, left_out = pieces(text, known, MOST_TEXT)
            shown.append({"pieces": cut, "left_out": left_out})
    return shown


def _proofs(report: dict[str, Any]) -> Iterable[Evidence]:
    """Every evidence in a stored report, wherever in it."""
    return evidence_in(msgspec.convert(report, Report))


def _pairs(call: CallDetail, voice: Voice) -> list[tuple[str, str, str]]:
    codes = sorted({person.country for person in call.participants if person.country})
    names = load_names()
    return [
        (a, b, f"{names.country(a, voice.language)} – {names.country(b, voice.language)}")
        for a, b in combinations(codes, 2)
    ]


def _name(pair: Pair, context: Context, voice: Voice) -> str:
    if pair.kind == "countries":
        names = load_names()
        return voice.say("pair_of", a=names.country(pair.a, voice.language), b=names.country(pair.b, voice.language))
    known = {leader.person: leader for leader in context.known.leaders()}
    sides = [known[side].name if side in known else side for side in (pair.a, pair.b)]
    return voice.say("pair_of", a=sides[0], b=sides[1])
