"""pySHACL, the reference: shapes that our engine does not compile, and what ours is compared with.

This is the only room that knows pySHACL. It never fetches: imports are not followed, and the
graphs that a FROM clause names are not loaded.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files as package_files
from typing import Any

import pyoxigraph as ox
import pyshacl
from pyshacl.errors import ReportableRuntimeError, ShapeLoadError, ValidationFailure
from pyshacl.graph_abstraction import DataGraph
from pyshacl.rdfutil.inoculate import inoculate
from pyshacl.run_type import PySHACLRunType
from rdflib import Graph, Literal
from rdflib.plugins import sparql
from rdflib.plugins.sparql import prepareQuery
from rdflib.plugins.sparql.sparql import Query

from kg.errors import DatasetError
from kg.shacl import DEPARTURES, Result, validate
from kg.shacl.engine import narrowed
from kg.shacl.graph import ShapesGraph, Term
from kg.shacl.read import Reader
from kg.shacl.report import compared, read_report
from kg.terms import rdflib_term

__all__ = [
    "INFERENCES",
    "Difference",
    "difference",
    "enriched",
    "graph_of",
    "report",
    "results",
    "shapes_for_shapes",
]

# rdflib would fetch the graphs that a FROM clause inside a shape names; nothing here dials out.
sparql.SPARQL_LOAD_GRAPHS = False

INFERENCES = ("none", "rdfs", "owlrl", "both")
Triples = Iterable[ox.Quad | ox.Triple]


class _Prepared(Graph):
    """A graph that parses and translates the text of a query once.

    The validator asks one SELECT per focus node with other bindings; parsing it anew each time is
    most of the work. A translated query may be evaluated again, a parsed one may not: translation
    changes its tree.
    """

    def query(self, query_object: Any, *args: Any, **kwargs: Any) -> Any:
        if isinstance(query_object, str):
            names = tuple(sorted((p, str(n)) for p, n in (kwargs.get("initNs") or {}).items()))
            query_object = _translated(query_object, names)
        return super().query(query_object, *args, **kwargs)


@lru_cache(maxsize=512)
def _translated(text: str, names: tuple[tuple[str, str], ...]) -> Query:
    return prepareQuery(text, initNs=dict(names))


def graph_of(triples: Triples) -> Graph:
    """Triples as one rdflib graph, literals as written."""
    graph = _Prepared(bind_namespaces="none")
    for t in triples:
        graph.add((rdflib_term(t.subject), rdflib_term(t.predicate), rdflib_term(t.object)))
    return graph


def _triples(graph: Graph) -> list[ox.Quad]:
    lines = graph.serialize(format="nt", encoding="utf-8")
    return list(ox.parse(lines, format=ox.RdfFormat.N_TRIPLES))


@contextmanager
def _quietly() -> Iterator[None]:
    """The library logs what it raises, and each ill-typed literal with a trace."""
    loggers = [logging.getLogger(n) for n in ("rdflib.term", "pyshacl-validate", "pyshacl")]
    before = [logger.disabled for logger in loggers]
    for logger in loggers:
        logger.disabled = True
    try:
        yield
    finally:
        for logger, disabled in zip(loggers, before, strict=True):
            logger.disabled = disabled


def report(
    shapes: Triples, data: Triples, *, advanced: bool = False, scripts: bool = False
) -> ShapesGraph:
    """The validation report of the reference. Raises DatasetError where it gives up."""
    try:
        with _quietly():
            _, found, text = pyshacl.validate(
                graph_of(data),
                shacl_graph=graph_of(shapes),
                inference="none",
                advanced=advanced,
                js=scripts,
                meta_shacl=False,
            )
    except (ReportableRuntimeError, ShapeLoadError, ValidationFailure) as error:
        raise _gives_up(str(getattr(error, "message", error))) from None
    except RecursionError:
        raise _gives_up("the shapes nest too deep for it") from None
    except (NotImplementedError, ModuleNotFoundError, ImportError) as error:
        raise _gives_up(f"it lacks something: {error}") from None
    except Exception as error:  # its query parser raises what the parser's library raises
        raise _gives_up(f"{type(error).__name__}: {error}") from None
    if not isinstance(found, Graph):
        raise _gives_up(text)
    return ShapesGraph(_triples(found))


def _gives_up(why: str) -> DatasetError:
    first = next((line for line in why.strip().splitlines() if line.strip()), "no reason given")
    return DatasetError(
        f"the reference can't judge these shapes: {first[:300]}",
        where="pySHACL",
        hint="mend what it names; --verbose says which shapes were left to it",
    )


def results(
    shapes: Triples, data: Triples, *, advanced: bool = False, scripts: bool = False
) -> list[Result]:
    """The results of the reference. Raises DatasetError where it gives up."""
    return read_report(report(shapes, data, advanced=advanced, scripts=scripts))


def enriched(data: Triples, ontology: Triples = (), inference: str = "none") -> list[ox.Quad]:
    """Data as the reference would validate it: with the axioms of an ontology, and inferences.

    Of the `ontology` go in what says something of classes and properties, as pySHACL's ``-e``
    does; `inference` is one of `INFERENCES`.
    """
    graph = graph_of(data)
    with _quietly():
        ontology = list(ontology)
        if ontology:
            inoculate(DataGraph.from_rdflib(graph), graph_of(ontology))
        if inference != "none":
            PySHACLRunType._run_pre_inference(DataGraph.from_rdflib(graph), inference)
            for triple in list(graph):
                if isinstance(triple[0], Literal):  # no RDF: its rules state things of literals
                    graph.remove(triple)
    return _triples(graph)


def shapes_for_shapes() -> list[ox.Quad]:
    """SHACL's own shapes for shapes graphs, as they come with the reference."""
    text = (package_files("pyshacl") / "assets" / "shacl-shacl.ttl").read_bytes()
    return list(ox.parse(text, format=ox.RdfFormat.TURTLE))


@dataclass(frozen=True)
class Difference:
    """Where two engines differ: results only here, only by the reference, and what is excused.

    `excused` names shapes on which they differ as `kg.shacl.DEPARTURES` says, with the departures.
    """

    extra: tuple[tuple[str, ...], ...] = ()
    missing: tuple[tuple[str, ...], ...] = ()
    excused: tuple[tuple[Term, tuple[str, ...]], ...] = ()

    def __bool__(self) -> bool:
        return bool(self.extra or self.missing)


def difference(shapes: Triples, data: Triples) -> Difference:
    """Compare our engine with the reference on all shapes.

    Shapes that reach into one of the `DEPARTURES` are compared one by one, and a difference of
    theirs is excused by its name. Raises as `validate` and `report` do.
    """
    shapes, data = list(shapes), list(data)
    graph = ShapesGraph(shapes)
    blank = any(isinstance(end, ox.BlankNode) for q in data for end in (q.subject, q.object))
    excuses: dict[Term, set[str]] = {}
    strict: set[Term] = set()
    for shape in Reader(graph).read().targeted:
        departs = {d for d in shape.departs if d != "lessThan" or blank}
        assert departs <= DEPARTURES.keys()
        if departs:
            excuses[shape.node] = departs
        else:
            strict.add(shape.node)
    extra, missing = _differ(graph, strict, data) if strict else ((), ())
    excused = []
    for node, departs in excuses.items():
        try:
            differs = any(_differ(graph, {node}, data))
        except DatasetError:
            differs = True
        if differs:
            excused.append((node, tuple(sorted(departs))))
    return Difference(extra, missing, tuple(excused))


_Rows = tuple[tuple[str, ...], ...]


def _differ(graph: ShapesGraph, nodes: set[Term], data: list[Any]) -> tuple[_Rows, _Rows]:
    shapes = narrowed(graph, nodes)
    theirs = report(shapes, data)
    ours = validate(shapes, data, fallback=lambda left: results(left, data)).results
    here = compared(ours, graph, graph)
    there = compared(read_report(theirs), theirs, graph)
    return tuple((here - there).elements()), tuple((there - here).elements())
