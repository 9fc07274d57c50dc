"""/openapi.json: valid, whole, and true of the server that gives it."""

from __future__ import annotations

import re

import pytest
from jsonschema import Draft202012Validator
from openapi_spec_validator import validate

from kg.dataset import Dataset
from kg.serve.plan import Plan
from kg.serve.simple import local_front
from kg.settings import ServeSettings
from kg.web import create_app
from kg.web.openapi import STORED
from kg.web.routes import ROUTES
from kg.web.site import Site

BY_PATH = {route.path: route for route in ROUTES}


@pytest.fixture(scope="module")
def front(invented: Dataset):
    settings = ServeSettings.from_environment({}, base_iri="https://example.org/kg/")
    return local_front(Plan(invented.path, settings))


@pytest.fixture(scope="module")
def pages(invented: Dataset):
    """The routes of the running application, as templates with their methods."""
    base = "https://example.org/kg/"
    app = create_app(Site.of(invented, base, lambda _: pytest.fail("nothing is asked"), dict))
    return {
        re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", rule.rule): (rule.methods or set())
        - {"HEAD", "OPTIONS"}
        for rule in app.url_map.iter_rules()
    }


def test_it_is_valid_openapi(article_client, invented_client) -> None:
    for client in (article_client, invented_client):
        response = client.get("/openapi.json")
        assert response.mimetype == "application/json"
        validate(response.get_json())
    tag = response.headers["ETag"]
    assert client.get("/openapi.json", headers={"If-None-Match": tag}).status_code == 304


def test_no_route_of_the_application_is_missing(front, pages) -> None:
    running = {**{path: set(methods) for path, methods in front.routes.items()}}
    for path, methods in pages.items():
        running.setdefault(path, methods)
    described = {path: set(route.methods) for path, route in BY_PATH.items()}
    missing = sorted(set(running) - set(described))
    assert not missing, f"describe {missing} in src/kg/web/routes.py"
    assert not set(described) - set(running), "described, but not there"
    assert described == running


def test_every_stored_question_stands_in_it(article_client, article: Dataset) -> None:
    paths = article_client.get("/openapi.json").get_json()["paths"]
    assert STORED not in paths
    for query in article.catalogue:
        operation = paths[STORED.format(name=query.name)]["get"]
        assert operation["summary"] == query.question
        named = {p["name"]: p["schema"]["type"] for p in operation["parameters"]}
        assert set(named) == {
            *(p.name for p in query.params),
            "format",
            "timeout",
            "limit",
            "offset",
        }
    where = paths["/api/queries/places/what-happened"]["get"]["parameters"]
    first = next(p for p in where if p["name"] == "from")
    assert first["schema"] == {"type": "string", "format": "date", "default": "1921-10-20"}


def test_its_methods_are_those_that_are_allowed(article_client) -> None:
    for path, route in BY_PATH.items():
        if len(route.methods) > 1:
            refused = article_client.open(
                re.sub(r"{\w+}", "figures/side-by-side", path), method="BREW"
            )
            assert refused.status_code == 405
            assert refused.headers["Allow"].split(", ") == list(route.methods), path


def test_answers_are_what_it_says(article_client) -> None:
    spec = article_client.get("/openapi.json").get_json()
    asked = {
        "/api/search": "/api/search?q=Hüseyin",
        "/api/queries": "/api/queries",
        "/api/queries/people/names": "/api/queries/people/names?limit=3",
    }
    for path, target in asked.items():
        content = spec["paths"][path]["get"]["responses"]["200"]["content"]
        response = article_client.get(target)
        schema = content[response.mimetype]["schema"]
        validator = Draft202012Validator({**schema, "components": spec["components"]})
        assert list(validator.iter_errors(response.get_json())) == [], path
    problem = article_client.get("/api/queries/people/names?x=1")
    schema = {"$ref": "#/components/schemas/Problem", "components": spec["components"]}
    assert list(Draft202012Validator(schema).iter_errors(problem.get_json(force=True))) == []
    for route in ROUTES:
        if route.methods == ("GET",) and "{" not in route.path and route.gives:
            response = article_client.get(route.path, query_string={"q": "Baku"})
            assert response.status_code == 200, route.path
            assert response.mimetype in route.gives, route.path
