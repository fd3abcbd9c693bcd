"""The OpenAPI document: FastAPI's own, with the stored records in it as their own types describe them."""

from __future__ import annotations

from typing import Any

import msgspec
from fastapi import FastAPI

from services.status.errors import Problem
from shared.records import CallFacts, Comparison, Judgement, Rejection, Report

RECORDS = (CallFacts, Comparison, Judgement, Rejection, Report)
TEMPLATE = "#/components/schemas/{name}"


def install(app: FastAPI) -> None:
    """Let the application describe itself with the records filled in."""
    plain = app.openapi

    def described() -> dict[str, Any]:
        if app.openapi_schema is None:
            document = plain()
            schemas = document["components"]["schemas"]
            schemas.update(msgspec.json.schema_components(RECORDS, ref_template=TEMPLATE)[1])
            schemas.setdefault("Problem", Problem.model_json_schema())
            app.openapi_schema = _filled(document)
        return app.openapi_schema

    app.openapi = described  # type: ignore[method-assign]


def _filled(value: Any) -> Any:
    """A part of the document with a reference wherever a record is meant."""
    if isinstance(value, list):
        return [_filled(item) for item in value]
    if not isinstance(value, dict):
        return value
    if "x-record" not in value:
        return {key: _filled(item) for key, item in value.items()}
    reference = {"$ref": TEMPLATE.format(name=value["x-record"])}
    nullable = any(option.get("type") == "null" for option in value.get("anyOf", ()))
    return {"anyOf": [reference, {"type": "null"}]} if nullable else reference
