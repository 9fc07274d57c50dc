"""One table of every route, of pages and protocols alike; /openapi.json is written from it.

A test compares it with what the running application answers to, in both directions.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from kg import formats
from kg.finding.ranking import LONGEST
from kg.finding.texts import KINDS

__all__ = ["HTML", "JSON", "PROBLEM", "ROUTES", "Parameter", "Route"]

HTML = "text/html"
JSON = "application/json"
PROBLEM = "application/problem+json"
_GRAPHS = tuple(form.media_type for form in formats.GRAPHS)
_TABLES = tuple(form.media_type for form in formats.RESULTS)
_FORM = "application/x-www-form-urlencoded"


@dataclass(frozen=True)
class Parameter:
    """A parameter of a route. `schema` is JSON Schema; `place` is ``query`` or ``path``."""

    name: str
    description: str
    schema: dict[str, Any]
    place: str = "query"
    required: bool = False


@dataclass(frozen=True)
class Route:
    """One address, with what it takes and gives.

    `path` is a template of OpenAPI. `statuses` are those beside 200, with what they mean;
    `writes` are the methods that need the token; `bodies` are the media types that a method takes.
    """

    path: str
    topic: str
    summary: str
    gives: tuple[str, ...] = (HTML,)
    methods: tuple[str, ...] = ("GET",)
    parameters: tuple[Parameter, ...] = ()
    statuses: tuple[tuple[int, str], ...] = ()
    bodies: tuple[tuple[str, tuple[str, ...]], ...] = ()
    writes: tuple[str, ...] = ()
    schema: str = ""


def _text(name: str, description: str, **more: Any) -> Parameter:
    return Parameter(name, description, {"type": "string", **more})


def _number(name: str, description: str, least: int = 0, **more: Any) -> Parameter:
    return Parameter(name, description, {"type": "integer", "minimum": least, **more})


def _path(name: str, description: str, **more: Any) -> Parameter:
    return Parameter(name, description, {"type": "string", **more}, "path", required=True)


_LANGUAGE = _text(
    "lang", "the language of the page; Accept-Language else", enum=["en", "tr", "az", "ru"]
)
_FROM = _number("from", "how many come before this page")
_FORMAT = _text(
    "format", "a format by its name, instead of Accept", enum=[f.name for f in formats.FORMATS]
)
_TIMEOUT = Parameter(
    "timeout", "a shorter deadline in seconds", {"type": "number", "exclusiveMinimum": 0}
)
_KIND = _text("kind", "only things of this kind", enum=list(KINDS))
_ID = _path("identifier", "the part of an IRI behind …/id/")
_SUFFIX = _path("suffix", "that of a format: ttl, nt, jsonld, …")
_SEE = (303, "Location has a page or data, as Accept says")
_UNKNOWN = ((404, "nothing here has that name"),)
_CHANGED = ((304, "what If-None-Match names is still right"),)
_REFUSED = (
    (400, "the query or a parameter can't be used"),
    (403, "the query asks for what is never done here"),
    (406, "no accepted format can hold the answer"),
    (429, "one client asks too often"),
    (431, "Accept or Accept-Encoding is too long to be weighed"),
    (503, "too many wait, or nobody can answer now"),
    (504, "the deadline has passed"),
    (507, "the answer or its evaluation is too large"),
)
_WRITTEN = (
    (401, "the token is missing or wrong"),
    (403, "writes are off, or of a graph that takes none"),
    (411, "the body does not say its length"),
    (412, "If-Match or If-None-Match does not hold"),
    (413, "the body is too large"),
    (415, "the body is of a kind that is not taken"),
    (422, "the shapes object to what the data would become"),
)
_GRAPH = (
    _text("graph", "the absolute IRI of a graph", format="iri"),
    Parameter("default", "the default graph", {"type": "string"}),
)
_NARROWED = (400, "a parameter has a value that nothing here has")
_CHOICE = (
    _text("uprising", "only what belongs to this uprising"),
    _text("side", "only what is put on this side"),
    _text("source", "only what this work claims"),
    _text("show", "a layer to show; may be given again; empty for none"),
)


def _page(
    path: str,
    topic: str,
    summary: str,
    *parameters: Parameter,
    unknown: bool = False,
    narrowed: bool = False,
) -> Route:
    """A route that gives a page for people; a `narrowed` one refuses a choice it can't use."""
    statuses = (*(_UNKNOWN if unknown else ()), *((_NARROWED,) if narrowed else ()))
    return Route(path, topic, summary, parameters=(*parameters, _LANGUAGE), statuses=statuses)


ROUTES: tuple[Route, ...] = (
    _page("/", "pages", "The front page"),
    _page(
        "/page/{identifier}",
        "pages",
        "What is claimed about a thing, by whom",
        _ID,
        _FROM,
        _number("links", "how many of the things that point to it come before"),
        unknown=True,
    ),
    _page("/list/{name}", "pages", "All things of a kind", _path("name", "people, units, …"), _FROM,
          unknown=True, narrowed=True),
    _page("/map", "pages", "What claims put at a place", *_CHOICE, narrowed=True),
    _page(
        "/timeline",
        "pages",
        "What claims date",
        *_CHOICE,
        Parameter("first", "the first year", {"type": "integer"}),
        Parameter("last", "the last year", {"type": "integer"}),
        narrowed=True,
    ),
    Route("/disputes/{identifier}.json", "pages", "How the claims on a question stand", (JSON,),
          parameters=(_ID,), statuses=_UNKNOWN),
    Route("/cite/{name}", "pages", "A claim as a citation", ("text/plain", "*/*"),
          parameters=(_path("name", "the id of a claim, a dot, and the form"),), statuses=_UNKNOWN),
    _page("/about", "pages", "What this site is, and what it promises"),
    _page("/about/licences", "pages", "Whose work is in it, under which licences"),
    Route("/ontology", "model", "The classes and properties of the model", (HTML, *_GRAPHS)),
    Route("/ontology.{suffix}", "model", "The model in one format", _GRAPHS,
          parameters=(_SUFFIX,), statuses=_UNKNOWN),
    Route("/ontology/{version}", "model", "A version of the model", (),
          parameters=(_path("version", "a version"),), statuses=(_SEE, *_UNKNOWN)),
    Route("/shapes", "model", "The shapes that data is judged by", (HTML, *_GRAPHS)),
    Route("/shapes.{suffix}", "model", "The shapes in one format", _GRAPHS,
          parameters=(_SUFFIX,), statuses=_UNKNOWN),
    Route("/vocab/{name}", "model", "A list of the model with its concepts", (HTML, *_GRAPHS),
          parameters=(_path("name", "role, side, property, …; with a suffix: in that format"),),
          statuses=_UNKNOWN),
    Route("/vocab/{name}/{concept}", "model", "A concept of a list", (),
          parameters=(_path("name", "a list"), _path("concept", "a concept")),
          statuses=(_SEE, *_UNKNOWN)),
    Route("/dataset", "linked data", "The dataset (VoID, DCAT)", (), statuses=(_SEE,)),
    Route("/.well-known/void", "linked data", "Where the dataset is described (VoID, 7.2)", (),
          statuses=((302, "Location is /dataset"),)),
    Route("/dataset.{suffix}", "linked data", "The dataset in one format", (HTML, *_GRAPHS),
          parameters=(_SUFFIX,), statuses=_UNKNOWN),
    Route("/derived/{name}", "linked data", "Something derived", (HTML, *_GRAPHS),
          parameters=(_path("name", "its id; with a suffix: in that format"),),
          statuses=(_SEE, *_UNKNOWN)),
    Route("/graph/{name}", "linked data", "A named graph", (HTML, *_GRAPHS),
          parameters=(_path("name", "its id; with a suffix: in that format"),),
          statuses=(_SEE, *_UNKNOWN)),
    Route("/sitemap.xml", "linked data", "The pages, for crawlers", ("application/xml",)),
    Route("/sitemap/{number}.xml", "linked data", "A part of them", ("application/xml",),
          parameters=(_path("number", "from 1"),), statuses=_UNKNOWN),
    Route("/robots.txt", "linked data", "What crawlers may ask", ("text/plain",)),
    Route("/editor/questions", "SPARQL", "The stored questions as the editor shows them", (JSON,)),
    Route("/static/{filename}", "pages", "Styles, scripts and fonts", ("*/*",),
          parameters=(_path("filename", "a path"),), statuses=_UNKNOWN),
    Route("/id/{identifier}", "linked data", "Leads to the page or the data of a thing", (),
          parameters=(_ID,),
          statuses=((303, "Location has the page, or the data in the accepted format"),
                    *_UNKNOWN, (406, "no accepted format is ours"))),
    Route("/data/{name}", "linked data", "What is stated of a thing, and what points to it",
          _GRAPHS, parameters=(_path("name", "an id, a dot, and the suffix of a format"),),
          statuses=_UNKNOWN),
    _page("/search", "search", "Things and questions by name, in any spelling",
          _text("q", "a name or a question"), _KIND, _FROM),
    Route("/api/search", "search", "Things and questions by name, as JSON", (JSON,),
          parameters=(
              Parameter("q", "a name or a question",
                        {"type": "string", "minLength": 1, "maxLength": LONGEST}, required=True),
              _KIND,
              _number("limit", "how many", 1, maximum=100, default=20),
              _FROM,
          ),
          statuses=(*_CHANGED, (400, "a parameter can't be used"),
                    (503, "the index is being made, or can't be")),
          schema="SearchResult"),
    _page("/queries/", "stored questions", "The stored questions by topic",
          _text("q", "words that must stand in a question")),
    Route("/queries", "stored questions", "Leads to /queries/", (),
          statuses=((308, "Location has the address with its slash"),)),
    _page("/queries/{name}", "stored questions", "A stored question: its form, answer and text",
          _path("name", "topic/question"), _number("offset", "how many rows come before"),
          unknown=True),
    Route("/api/queries", "stored questions", "All stored questions with their parameters", (JSON,),
          statuses=_CHANGED, schema="QueryList"),
    Route("/api/queries/", "stored questions", "Leads to /api/queries", (),
          statuses=((308, "Location has the address without its slash"),)),
    Route("/api/queries/{name}", "stored questions", "The answer to a stored question", _TABLES,
          ("GET", "HEAD", "OPTIONS"),
          (_FORMAT, _TIMEOUT,
           _number("limit", "rows of one page; all of them when left out", 1, maximum=10_000),
           _number("offset", "how many rows come before this page")),
          (*_CHANGED, *_UNKNOWN, *_REFUSED)),
    Route("/openapi.json", "description", "This description", (JSON,), statuses=_CHANGED),
    Route("/sparql", "SPARQL", "SPARQL 1.1 queries; the service description without one",
          (*_TABLES, *_GRAPHS, HTML), ("GET", "HEAD", "POST", "QUERY", "OPTIONS"),
          (_text("query", "the query, where it is not the body"),
           _text("default-graph-uri", "a graph of the default graph; may be given again"),
           _text("named-graph-uri", "a named graph; may be given again"),
           _FORMAT, _TIMEOUT, _text("explain", "what it costs instead of its answer")),
          (*_CHANGED, *_REFUSED, (413, "the body is too large"), (415, "the body is no query")),
          (("POST", ("application/sparql-query", _FORM)),)),
    Route("/update", "SPARQL", "SPARQL 1.1 updates", (JSON,), ("POST", "OPTIONS"),
          (_text("using-graph-uri", "stands for USING; may be given again"),
           _text("using-named-graph-uri", "stands for USING NAMED; may be given again")),
          (*_WRITTEN, (400, "the update can't be used")),
          (("POST", ("application/sparql-update", _FORM)),), ("POST",)),
    Route("/graph-store", "SPARQL", "A whole graph (SPARQL 1.1 Graph Store HTTP Protocol)",
          _GRAPHS, ("GET", "HEAD", "PUT", "POST", "DELETE", "OPTIONS"), _GRAPH,
          (*_CHANGED, *_UNKNOWN, *_WRITTEN, (201, "the graph was made"), (204, "it is done")),
          (("PUT", _GRAPHS), ("POST", (*_GRAPHS, "multipart/form-data"))),
          ("PUT", "POST", "DELETE")),
    Route("/graph-store/{path}", "SPARQL", "The graph of this very address",
          _GRAPHS, ("GET", "HEAD", "PUT", "POST", "DELETE", "OPTIONS"),
          (_path("path", "what stands behind /graph-store/ in the graph's IRI"),),
          (*_CHANGED, *_UNKNOWN, *_WRITTEN, (201, "the graph was made"), (204, "it is done")),
          (("PUT", _GRAPHS), ("POST", (*_GRAPHS, "multipart/form-data"))),
          ("PUT", "POST", "DELETE")),
    Route("/health", "operation", "Whether it is well, which version of the data it has", (JSON,),
          ("GET", "HEAD"), statuses=((503, "there is nobody to answer"),)),
    Route("/metrics", "operation", "Counts and times for Prometheus", ("text/plain",),
          ("GET", "HEAD")),
)  # fmt: skip
"""Every address, in the order in which they are described."""
