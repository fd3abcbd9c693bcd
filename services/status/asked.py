"""What a request may ask for by its query: a parameter that is misspelt, or comes twice, would else be passed over in
silence, and the answer would be one to another question."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from fastapi import Request
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute


async def only_known(request: Request) -> None:
    """Dependency of every operation of the API. Raises RequestValidationError, with a line for each parameter that the
    operation does not know and each that is there more than once."""
    route = request.scope["route"]
    known = [field.alias for field in route.dependant.query_params] if isinstance(route, APIRoute) else []
    wrong = refusals((name for name, _ in request.query_params.multi_items()), known)
    if wrong:
        raise RequestValidationError([{"loc": ("query", name), "msg": words} for name, words in wrong])


def refusals(asked: Iterable[str], known: Iterable[str]) -> list[tuple[str, str]]:
    """The names that are wrong in a query, each with why; pure."""
    names = list(known)
    allowed = f"there are {', '.join(names)}" if names else "none is known here"
    return [
        (name, f"no such parameter: {allowed}" if name not in names else "given more than once")
        for name, times in Counter(asked).items()
        if name not in names or times > 1
    ]
