"""How answers leave: as JSON of a model, with an ETag where the same question has the same answer for a while."""

from __future__ import annotations

import datetime as dt
import hashlib
import re
from collections.abc import Callable
from typing import Annotated, Any, Generic, NamedTuple, TypeVar

from fastapi import Query, Request
from fastapi.concurrency import run_in_threadpool
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, PlainSerializer, WithJsonSchema
from pydantic.functional_validators import BeforeValidator
from starlette.responses import Response

from services.status.kept import Kept

Item = TypeVar("Item")
JSON = "application/json"
#: How many answers are made at a time: more threads only take the interpreter's lock from each other, and from the loop
#: that hands the answers out (with 40 of them one request in a hundred waited ten times as long).
AT_ONCE = 6
_MOMENT = re.compile(r"\d{4}-\d\d-\d\d([Tt ]\d\d:\d\d(:\d\d(\.\d+)?)?([Zz]|[+-]\d\d:\d\d)?)?")


def _utc(value: dt.datetime) -> str:
    return value.astimezone(dt.UTC).isoformat().replace("+00:00", "Z")


Utc = Annotated[
    dt.datetime,
    PlainSerializer(_utc, return_type=str, when_used="json"),
    WithJsonSchema({"type": "string", "format": "date-time"}),
]
"""A moment in UTC, as ISO 8601 with a Z."""


def _moment(value: object) -> object:
    if isinstance(value, str):
        if not _MOMENT.fullmatch(value):
            raise ValueError("write a day or a moment of ISO 8601, such as 2025-03-18 or 2025-03-18T17:00:00Z")
        return dt.datetime.fromisoformat(value.upper().replace(" ", "T"))
    return value


def _aware(value: dt.datetime) -> dt.datetime:
    try:
        return value.replace(tzinfo=dt.UTC) if value.tzinfo is None else value.astimezone(dt.UTC)
    except OverflowError as error:
        raise ValueError("this moment is outside of the calendar") from error


MomentQuery = Annotated[
    dt.datetime,
    BeforeValidator(_moment),
    AfterValidator(_aware),
    WithJsonSchema({"type": "string", "anyOf": [{"format": "date"}, {"format": "date-time"}]}),
]
"""A day or a moment in a query; without a zone it is UTC."""


def _day(value: object) -> object:
    if isinstance(value, str) and not re.fullmatch(r"\d{4}-\d\d-\d\d", value):
        raise ValueError("write a day of ISO 8601, such as 2025-03-18")
    return value


DayQuery = Annotated[dt.date, BeforeValidator(_day)]
"""A day in a query."""

Limit = Annotated[int, Query(ge=1, le=100, description="at most so many")]
Cursor = Annotated[
    str | None, Query(pattern=r"^[A-Za-z0-9_-]{1,500}$", description="`next` of the page before, for the page after it")
]
Words = Annotated[str, Field(min_length=1, max_length=200, pattern=r"^[^\x00-\x1f\x7f]+$")]
CountryCode = Annotated[str, Field(pattern=r"^[A-Z]{2,5}$", examples=["RU"])]
CallKey = Annotated[str, Field(pattern=r"^[A-Za-z0-9._:-]{1,40}$")]
RowId = Annotated[int, Field(ge=1, le=2_147_483_647)]


class Model(BaseModel):
    """The base of all answers: fixed once made."""

    model_config = ConfigDict(frozen=True)


class Page(Model, Generic[Item]):
    """A page of a list. `next` is the cursor of the page after it, null on the last."""

    items: list[Item]
    next: str | None = None


def record(name: str) -> Any:
    """A field that holds a record of `shared.records` as it is stored: its schema is put in by :mod:`.schema`."""
    return Field(json_schema_extra={"x-record": name})


class Written(NamedTuple):
    """An answer as it goes out, with its ETag."""

    body: bytes
    tag: str
    status: int = 200


def written(answer: BaseModel, status: int = 200) -> Written:
    """An answer as it goes out; its ETag is weak, for gzip changes the bytes and not the meaning."""
    body = answer.model_dump_json().encode()
    return Written(body, f'W/"{hashlib.sha256(body).hexdigest()[:32]}"', status)


async def stable(request: Request, make: Callable[[], BaseModel]) -> Response:
    """An answer with an ETag; 304 without a body where the asker has it already (RFC 9110, section 13.1.2).

    It is made at most once a second for all who ask the same. What `make` raises goes up.
    """
    body, tag, _ = await kept(request, f"{request.url.path}?{request.url.query}", lambda: written(make()))
    headers = {"etag": tag}
    if _has(request.headers.get("if-none-match", ""), tag):
        return Response(status_code=304, headers=headers)
    return Response(body, media_type=JSON, headers=headers)


async def kept(request: Request, question: str, make: Callable[[], Written]) -> Written:
    """An answer made once for all who put this question within a second, `AT_ONCE` of all answers at a time."""
    answers: Kept[Written] = request.app.state.kept
    fresh = answers.fresh(question)
    if fresh is not None:
        return fresh
    async with request.app.state.making:
        return await run_in_threadpool(answers.get, question, make)


def fleeting(answer: BaseModel, status: int = 200) -> Response:
    """An answer that is another one a moment later."""
    return Response(answer.model_dump_json().encode(), status, media_type=JSON)


def _has(header: str, tag: str) -> bool:
    """Whether a list of ETags has this one, by the weak comparison."""
    known = {part.strip().removeprefix("W/") for part in header.split(",")}
    return "*" in known or tag.removeprefix("W/") in known
