"""Every error that is answered, as a problem document (RFC 9457), in one place."""

from __future__ import annotations

import re
from collections.abc import Callable
from http import HTTPStatus
from typing import Any

import msgspec
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, Field
from sqlalchemy.exc import SQLAlchemyError
from starlette.exceptions import HTTPException
from starlette.responses import Response

from shared.errors import ServiceDownError, UsageError

MEDIA_TYPE = "application/problem+json"


class Problem(BaseModel):
    """What went wrong with a request (RFC 9457). `type` is always "about:blank": the status says what kind it is."""

    type: str = "about:blank"
    title: str = Field(description="the status in words")
    status: int
    detail: str = Field(description="what was wrong, and what to do")
    errors: list[str] = Field(default=[], description="each parameter that was wrong, and why")


class Missing(Exception):  # noqa: N818  it is no fault of the program
    """There is nothing under this address. The words say what was looked for."""


def documented(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """These statuses as problems, for the OpenAPI document."""
    return {
        status: {"description": HTTPStatus(status).phrase, "content": {MEDIA_TYPE: {"schema": _REF}}}
        for status in statuses
    }


_REF = {"$ref": "#/components/schemas/Problem"}


def problem(status: int, detail: str, errors: list[str] | None = None, headers: Any = None) -> Response:
    """A problem document as a response."""
    said = {"type": "about:blank", "title": HTTPStatus(status).phrase, "status": status, "detail": detail}
    said |= {"errors": errors or []}
    return Response(msgspec.json.encode(said), status, headers=headers, media_type=MEDIA_TYPE)


def install(app: FastAPI, page: Callable[[Request, int, str], Response]) -> None:
    """Let the application answer all its errors so; `page` says it to whoever looks at a page in a browser."""

    def said(
        request: Request, status: int, detail: str, errors: list[str] | None = None, headers: Any = None
    ) -> Response:
        return page(request, status, detail) if _looks(request) else problem(status, detail, errors, headers)

    @app.exception_handler(RequestValidationError)
    async def invalid(request: Request, error: RequestValidationError) -> Response:
        lines = [f"{one['loc'][1]}: {one['msg']}" for one in error.errors()]
        return said(request, 422, lines[0], lines)

    @app.exception_handler(Missing)
    async def missing(request: Request, error: Missing) -> Response:
        return said(request, 404, str(error))

    @app.exception_handler(HTTPException)
    async def http(request: Request, error: HTTPException) -> Response:
        return said(request, error.status_code, _words(request, error), headers=error.headers)

    @app.exception_handler(UsageError)
    @app.exception_handler(ServiceDownError)
    async def down(_: Request, error: Exception) -> Response:
        return problem(503, str(error))

    @app.exception_handler(SQLAlchemyError)
    async def database(_: Request, error: SQLAlchemyError) -> Response:
        return problem(503, f"the database cannot be asked: {str(error).partition('(Background')[0].strip()}")


#: What programs ask for: a browser that asks for it is shown what they are.
FOR_PROGRAMS = re.compile(r"/(?:v1|static)/|/(?:status|healthz|readyz|metrics)$")


def _looks(request: Request) -> bool:
    """Whether somebody looks at a page."""
    accepted = request.headers.get("accept", "")
    return request.method == "GET" and "text/html" in accepted and not FOR_PROGRAMS.match(request.url.path)


def _words(request: Request, error: HTTPException) -> str:
    if error.status_code == 404:
        return f"{request.url.path} is not served here; /v1/openapi.json lists what is"
    if error.status_code == 405:
        return f"{request.method} is not answered here: everything is read only"
    return str(error.detail)
