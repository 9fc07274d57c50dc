"""``/openapi.json``: the table of routes, and every stored question, in OpenAPI 3.1."""

from __future__ import annotations

import json
import re
from http import HTTPStatus
from typing import Any

from flask import Blueprint, Response, request

from kg import __version__
from kg.catalogue import Parameter as Asked
from kg.catalogue import StoredQuery
from kg.web.routes import JSON, PROBLEM, ROUTES, Parameter, Route
from kg.web.site import Site

__all__ = ["add_to", "describe"]

STORED = "/api/queries/{name}"
_TYPES: dict[str, dict[str, Any]] = {
    "iri": {"type": "string", "description": "an id, a prefixed name or a full IRI"},
    "string": {"type": "string"},
    "langString": {"type": "string", "pattern": "^.+@[A-Za-z]{1,8}(-[A-Za-z0-9]{1,8})*$"},
    "integer": {"type": "integer"},
    "decimal": {"type": "number"},
    "boolean": {"type": "boolean"},
    "date": {"type": "string", "format": "date"},
    "edtf": {"type": "string", "description": "a date in EDTF"},
}
_DEFAULT = re.compile(r'"(.*)"(?:\^\^\S+|@\S+)?|(true|false|-?[0-9.]+)')


def add_to(routes: Blueprint, site: Site) -> None:
    """The route of the description."""

    @routes.get("/openapi.json")
    def openapi() -> Response:
        body = json.dumps(describe(site), ensure_ascii=False, indent=1) + "\n"
        response = Response(body, mimetype=JSON)
        response.headers["Access-Control-Allow-Origin"] = "*"
        response.headers["Cache-Control"] = "public, max-age=0, must-revalidate"
        response.add_etag()
        response.make_conditional(request)
        return response


def describe(site: Site) -> dict[str, Any]:
    """The whole description, with the addresses that this server has."""
    paths: dict[str, Any] = {}
    for route in ROUTES:
        if route.path == STORED:
            for query in site.catalogue:
                paths[route.path.format(name=query.name)] = _stored(route, query)
        else:
            paths[route.path] = _operations(route)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Contested",
            "version": __version__,
            "summary": "Contested history as a graph of claims with their sources.",
            "description": "Every address of this server. /sparql also takes the method QUERY, "
            "which this version of OpenAPI has no word for.",
            "license": {"name": "MIT (the program), CC BY 4.0 (the data)", "identifier": "MIT"},
        },
        "servers": [{"url": site.url("").partition("?")[0].rstrip("/")}],
        "tags": [{"name": topic} for topic in dict.fromkeys(route.topic for route in ROUTES)],
        "paths": paths,
        "components": {
            "schemas": _SCHEMAS,
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
        },
    }


def _operations(route: Route, name: str = "") -> dict[str, Any]:
    """The operations of one path. OPTIONS and HEAD say nothing that GET does not."""
    found: dict[str, Any] = {}
    for method in route.methods:
        if method in ("OPTIONS", "HEAD", "QUERY"):
            continue
        operation: dict[str, Any] = {
            "operationId": f"{method.lower()}-{name or route.path[1:] or 'home'}",
            "summary": route.summary,
            "tags": [route.topic],
            "parameters": [_parameter(p) for p in route.parameters],
            "responses": _responses(route, method),
        }
        bodies = dict(route.bodies).get(method)
        if bodies:
            operation["requestBody"] = {"required": True, "content": {kind: {} for kind in bodies}}
        if method in route.writes:
            operation["security"] = [{"token": []}]
        found[method.lower()] = operation
    return found


def _responses(route: Route, method: str) -> dict[str, Any]:
    found: dict[str, Any] = {}
    writes = method in route.writes
    if route.gives or writes:
        schema = (
            {"schema": {"$ref": f"#/components/schemas/{route.schema}"}} if route.schema else {}
        )
        content = {} if writes else dict.fromkeys(route.gives, schema)
        found["200"] = {"description": HTTPStatus.OK.phrase}
        if content:
            found["200"]["content"] = content
    for status, meaning in route.statuses:
        found[str(status)] = {"description": meaning}
        if status >= HTTPStatus.BAD_REQUEST:
            found[str(status)]["content"] = _PROBLEMS
    found["default"] = {"description": "anything that went wrong", "content": _PROBLEMS}
    return found


def _parameter(parameter: Parameter) -> dict[str, Any]:
    return {
        "name": parameter.name,
        "in": parameter.place,
        "description": parameter.description,
        "required": parameter.required,
        "schema": parameter.schema,
    }


def _stored(route: Route, query: StoredQuery) -> dict[str, Any]:
    """The path of one stored question, with its own parameters before those of all."""
    found = _operations(route, query.name)
    for operation in found.values():
        operation["summary"] = query.question
        operation["description"] = " ".join(query.description.split())
        own = [_asked(parameter) for parameter in query.params]
        operation["parameters"] = own + operation["parameters"]
        content = operation["responses"]["200"]["content"]
        content[JSON] = {"schema": {"$ref": "#/components/schemas/Page"}}
        operation["x-columns"] = dict(query.returns)
    return found


def _asked(parameter: Asked) -> dict[str, Any]:
    schema = dict(_TYPES[parameter.type])
    if parameter.choices:
        schema["enum"] = list(parameter.choices)
    known = _DEFAULT.fullmatch(parameter.default)
    if known:
        text = known.group(1) or known.group(2)
        schema["default"] = json.loads(text) if _is_json(text, schema["type"]) else text
    described: dict[str, Any] = {
        "name": parameter.name,
        "in": "query",
        "description": parameter.description,
        "required": False,
        "schema": schema,
    }
    if not parameter.optional and not known:
        described["description"] += f" (preset: {parameter.default})"
    if parameter.of:
        described["x-of"] = parameter.of
    return described


def _is_json(text: str, kind: str) -> bool:
    return kind in ("integer", "number", "boolean") and bool(
        re.fullmatch(r"true|false|-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?", text)
    )


def _object(**properties: Any) -> dict[str, Any]:
    return {"type": "object", "properties": properties, "required": list(properties)}


_TEXT = {"type": "string"}
_MAYBE_TEXT = {"type": ["string", "null"]}
_WHOLE = {"type": "integer", "minimum": 0}
_NAME = _object(text=_TEXT, language=_MAYBE_TEXT)
_PROBLEMS = {PROBLEM: {"schema": {"$ref": "#/components/schemas/Problem"}}}
_SCHEMAS: dict[str, Any] = {
    "Problem": {
        "description": "RFC 9457",
        "type": "object",
        "required": ["type", "title", "status", "detail"],
        "properties": {
            "type": _TEXT,
            "title": _TEXT,
            "status": {"type": "integer"},
            "detail": {"type": "string", "description": "what is wrong"},
            "where": {"type": "string", "description": "a parameter, or a place in the query"},
            "hint": {"type": "string", "description": "what to do"},
            "request": _TEXT,
        },
    },
    "SearchResult": _object(
        q=_TEXT,
        total=_WHOLE,
        more={"type": "boolean", "description": "whether there are more than were counted"},
        kinds={"type": "object", "additionalProperties": _WHOLE},
        version=_TEXT,
        hits={
            "type": "array",
            "items": _object(
                iri={"type": "string", "format": "iri"},
                page=_MAYBE_TEXT,
                kind=_TEXT,
                score={"type": "number"},
                label=_NAME,
                matched=_object(
                    text=_TEXT,
                    language=_MAYBE_TEXT,
                    field=_TEXT,
                    marks={"type": "array", "items": {"type": "array", "items": _WHOLE}},
                ),
                names={"type": "array", "items": _NAME},
            ),
        },
        next=_MAYBE_TEXT,
        prev=_MAYBE_TEXT,
    ),
    "QueryList": _object(
        queries={
            "type": "array",
            "items": _object(
                name=_TEXT,
                question=_TEXT,
                url=_TEXT,
                page=_TEXT,
                parameters={"type": "array", "items": {"type": "object"}},
                columns={"type": "object", "additionalProperties": _TEXT},
            ),
        }
    ),
    "Page": {
        "type": "object",
        "required": ["head", "results"],
        "properties": {
            "page": _object(
                query=_TEXT,
                limit=_WHOLE,
                offset=_WHOLE,
                total={"type": ["integer", "null"], "minimum": 0},
                first=_MAYBE_TEXT,
                prev=_MAYBE_TEXT,
                next=_MAYBE_TEXT,
                last=_MAYBE_TEXT,
            ),
            "head": {"type": "object"},
            "results": {"type": "object"},
        },
    },
}
