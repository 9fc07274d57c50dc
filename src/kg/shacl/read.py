"""A shapes graph read into shapes (SHACL 2.1), and everything in it that is malformed, by name."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import pyoxigraph as ox

from kg.names import rdf, rdfs, sh, xsd
from kg.shacl import node_constraints as several
from kg.shacl import shape_constraints as nested
from kg.shacl import value_constraints as single
from kg.shacl.graph import ShapesGraph, Term
from kg.shacl.literals import has_datatype
from kg.shacl.model import Constraint, Problem, Shape, ShapesError
from kg.shacl.paths import IllTypedPath, departures_of, read_path
from kg.shacl.queries import IllFormedQuery
from kg.shacl.sparql import read_sparql

__all__ = ["Reader", "Shapes"]

_TARGETS = (sh.targetClass, sh.targetNode, sh.targetObjectsOf, sh.targetSubjectsOf)
_LISTS: dict[ox.NamedNode, Callable[[list[Shape]], Constraint]] = {
    sh["and"]: nested.AndConstraint,
    sh["or"]: nested.OrConstraint,
    sh.xone: nested.XoneConstraint,
}
_SINGLE = (sh.property, sh.node, sh["not"], sh.qualifiedValueShape)
_ON_PROPERTY_SHAPES = (sh.minCount, sh.maxCount, sh.uniqueLang, sh.lessThan, sh.lessThanOrEquals)
_ONCE = """datatype nodeKind minCount maxCount minLength maxLength languageIn uniqueLang in closed
    ignoredProperties qualifiedMinCount qualifiedMaxCount deactivated severity""".split()
_PARAMETERS = frozenset(
    """and class closed datatype disjoint equals flags hasValue ignoredProperties in languageIn
    lessThan lessThanOrEquals maxCount maxExclusive maxInclusive maxLength minCount minExclusive
    minInclusive minLength node nodeKind not or pattern property qualifiedMaxCount
    qualifiedMinCount qualifiedValueShape qualifiedValueShapesDisjoint sparql uniqueLang
    xone""".split()
)
# What may stand on a shape without being a constraint, the advanced features included, which
# neither this engine nor the reference (as it is called here) looks at.
_OTHERS = frozenset(
    """path targetClass targetNode targetObjectsOf targetSubjectsOf severity message deactivated
    name description order group defaultValue declare prefixes select ask construct update optional
    labelTemplate parameter validator nodeValidator propertyValidator target rule expression js
    jsLibrary jsFunctionName condition entailment shapesGraph suggestedShapesGraph values
    intersection union filterShape nodes subject predicate object returnType annotationProperty
    resultAnnotation detail""".split()
)
_INTEGERS = {
    xsd[name]
    for name in """integer int long short byte nonNegativeInteger positiveInteger unsignedInt
    unsignedLong unsignedShort unsignedByte negativeInteger nonPositiveInteger""".split()
}


class Shapes:
    """The shapes that have targets, ready to run, and the graph they were read from."""

    def __init__(self, graph: ShapesGraph, targeted: list[Shape], every: list[Shape]) -> None:
        self.graph = graph
        self.targeted = targeted
        self.all = every


class Reader:
    """Reads one shapes graph; raises ShapesError with all its problems."""

    def __init__(self, graph: ShapesGraph) -> None:
        self.graph = graph
        self.problems: list[Problem] = []
        self.shapes: dict[Term, Shape] = {}

    def read(self) -> Shapes:
        """The shapes with targets, in the order of the graph."""
        for node in self._nodes():
            self._shape(node)
        self._custom_components()
        self._recursion()
        if self.problems:
            raise ShapesError(self.problems)
        every = list(self.shapes.values())
        return Shapes(self.graph, [s for s in every if self._has_target(s.node)], every)

    def _nodes(self) -> Iterator[Term]:
        """The shapes of the graph (2.1): by type, by target, by parameter; others by reference."""
        for kind in (sh.NodeShape, sh.PropertyShape):
            yield from self.graph.instances(kind)
        for predicate in _TARGETS:
            yield from (subject for subject, _ in self.graph.pairs(predicate))
        for name in sorted(_PARAMETERS):
            yield from (subject for subject, _ in self.graph.pairs(sh[name]))

    def _has_target(self, node: Term) -> bool:
        return any(self.graph.objects(node, t) for t in _TARGETS) or self.is_class(node)

    def is_class(self, node: Term) -> bool:
        """Whether a shape is a class too, and so its own target (2.1.3.3)."""
        classes = self.graph.subclasses(rdfs.Class)
        return isinstance(node, ox.NamedNode) and not classes.isdisjoint(
            self.graph.objects(node, rdf.type)
        )

    def _problem(self, node: Term, says: str) -> None:
        self.problems.append(Problem(node, says))

    def _shape(self, node: Term) -> Shape:
        if node in self.shapes:
            return self.shapes[node]
        shape = self.shapes[node] = Shape(node)
        values = self.graph.objects
        if isinstance(node, ox.Literal):
            self._problem(node, "a literal can't be a shape")
            return shape
        self._path(shape)
        for severity in values(node, sh.severity):
            shape.severity = severity
            if not isinstance(severity, ox.NamedNode):
                self._problem(node, f"sh:severity is an IRI, not {severity}")
        shape.messages = tuple(
            value for value in values(node, sh.message) if isinstance(value, ox.Literal)
        )
        shape.deactivated = self._true(node, sh.deactivated)
        for name in _ONCE:
            if len(values(node, sh[name])) > 1:
                self._problem(node, f"sh:{name} stands here more than once")
        for predicate in self.graph.out.get(node, {}):
            name = predicate.value.removeprefix(sh.iri)
            if name == predicate.value:
                continue
            if name not in _PARAMETERS and name not in _OTHERS:
                self._problem(node, f"SHACL has no sh:{name}")
        for predicate in _ON_PROPERTY_SHAPES:
            if shape.path is None and values(node, predicate) and not self._broken(node):
                self._problem(node, f"{_short(predicate)} needs a property shape (sh:path)")
        shape.constraints = [c for c in self._constraints(shape) if c is not None]
        return shape

    def _broken(self, node: Term) -> bool:
        return any(problem.shape == node for problem in self.problems)

    def _path(self, shape: Shape) -> None:
        node, paths = shape.node, self.graph.objects(shape.node, sh.path)
        types = set(self.graph.objects(node, rdf.type))
        if sh.PropertyShape in types and len(paths) != 1:
            self._problem(node, f"a property shape has one sh:path, not {len(paths)}")
        elif len(paths) > 1:
            self._problem(node, f"a shape has at most one sh:path, not {len(paths)}")
        elif sh.NodeShape in types and paths:
            self._problem(node, "a node shape has no sh:path")
        elif paths:
            shape.path_node = paths[0]
            try:
                shape.path = read_path(self.graph, paths[0])
                shape.departs |= departures_of(shape.path) - {"repeatedPath"}
            except IllTypedPath as error:
                self._problem(node, f"sh:path is ill-typed: {error}")

    # Parameters

    def _true(self, node: Term, predicate: ox.NamedNode) -> bool:
        """A boolean parameter; both ways to write true are true."""
        found = False
        for value in self.graph.objects(node, predicate):
            if not isinstance(value, ox.Literal) or value.value not in ("true", "false", "1", "0"):
                self._problem(node, f"{_short(predicate)} is true or false, not {value}")
            elif value.value in ("true", "1"):
                found = True
        return found

    def _count(self, node: Term, predicate: ox.NamedNode) -> int | None:
        for value in self.graph.objects(node, predicate):
            if (
                isinstance(value, ox.Literal)
                and value.datatype in _INTEGERS
                and has_datatype(value, value.datatype)
                and int(value.value) >= 0
            ):
                return int(value.value)
            self._problem(node, f"{_short(predicate)} is a whole number from 0, not {value}")
        return None

    def _iris(self, node: Term, predicate: ox.NamedNode) -> Iterator[ox.NamedNode]:
        for value in self.graph.objects(node, predicate):
            if isinstance(value, ox.NamedNode):
                yield value
            else:
                self._problem(node, f"{_short(predicate)} is an IRI, not {value}")

    def _members(self, node: Term, predicate: ox.NamedNode, head: Term) -> list[Term]:
        items = self.graph.items(head)
        if items is None:
            self._problem(node, f"the value of {_short(predicate)} is no well-formed list")
        return items or []

    # Constraints

    def _constraints(self, shape: Shape) -> Iterator[Constraint | None]:
        yield from self._of_values(shape.node)
        yield from self._of_nodes(shape)
        yield from self._of_shapes(shape)
        for value in self.graph.objects(shape.node, sh.sparql):
            try:
                constraint = read_sparql(self.graph, shape, value)
                if constraint is not None:
                    shape.departs |= constraint.departures(shape)
                yield constraint
            except IllFormedQuery as error:
                self._problem(value if isinstance(value, ox.NamedNode) else shape.node, str(error))

    def _of_values(self, node: Term) -> Iterator[Constraint]:
        values = self.graph.objects
        yield from (single.ClassConstraint(value) for value in self._iris(node, sh["class"]))
        yield from (single.DatatypeConstraint(value) for value in self._iris(node, sh.datatype))
        for value in values(node, sh.nodeKind):
            if value in single.KINDS:
                yield single.NodeKindConstraint(value)
            else:
                self._problem(node, f"{value} is no kind of node")
        for predicate in (sh.minExclusive, sh.minInclusive, sh.maxExclusive, sh.maxInclusive):
            for value in values(node, predicate):
                if isinstance(value, ox.Literal):
                    yield single.RangeConstraint(predicate, value)
                else:
                    self._problem(node, f"{_short(predicate)} is a literal, not {value}")
        for predicate in (sh.minLength, sh.maxLength):
            length = self._count(node, predicate)
            if length is not None:
                yield single.LengthConstraint(predicate, length)
        yield from self._patterns(node)
        for head in values(node, sh.languageIn):
            tags = self._members(node, sh.languageIn, head)
            if all(isinstance(tag, ox.Literal) for tag in tags):
                yield single.LanguageInConstraint(tag.value for tag in tags)
            else:
                self._problem(node, "sh:languageIn is a list of language tags")
        for head in values(node, sh["in"]):
            yield single.InConstraint(self._members(node, sh["in"], head))
        for value in values(node, sh.hasValue):
            yield single.HasValueConstraint(value)

    def _patterns(self, node: Term) -> Iterator[Constraint]:
        flags = "".join(
            f.value for f in self.graph.objects(node, sh.flags) if isinstance(f, ox.Literal)
        )
        for value in self.graph.objects(node, sh.pattern):
            if not isinstance(value, ox.Literal):
                self._problem(node, f"sh:pattern is a string, not {value}")
                continue
            try:
                yield single.PatternConstraint(value.value, flags)
            except re.error as error:
                self._problem(node, f"sh:pattern is no regular expression: {error}")

    def _of_nodes(self, shape: Shape) -> Iterator[Constraint]:
        node = shape.node
        least, most = self._count(node, sh.minCount), self._count(node, sh.maxCount)
        if least:
            yield several.MinCountConstraint(least)
        if most is not None:
            yield several.MaxCountConstraint(most)
        for value in self.graph.objects(node, sh.uniqueLang):
            if not isinstance(value, ox.Literal) or value.datatype != xsd.boolean:
                self._problem(node, f"sh:uniqueLang is true or false, not {value}")
            elif value.value == "true":  # "1" says the same, but 4.4.5 names only true
                yield single.UniqueLangConstraint()
            elif value.value == "1":
                shape.departs.add("uniqueLang")
        yield from (several.EqualsConstraint(iri) for iri in self._iris(node, sh.equals))
        yield from (several.DisjointConstraint(iri) for iri in self._iris(node, sh.disjoint))
        for predicate in (sh.lessThan, sh.lessThanOrEquals):
            for iri in self._iris(node, predicate):
                shape.departs.add("lessThan")
                yield several.LessThanConstraint(predicate, iri)
        if self._true(node, sh.closed):
            allowed = [
                path
                for property_shape in self.graph.objects(node, sh.property)
                for path in self.graph.objects(property_shape, sh.path)
            ]
            for head in self.graph.objects(node, sh.ignoredProperties):
                allowed += self._members(node, sh.ignoredProperties, head)
            yield several.ClosedConstraint(p for p in allowed if isinstance(p, ox.NamedNode))

    def _of_shapes(self, shape: Shape) -> Iterator[Constraint]:
        node, values = shape.node, self.graph.objects
        for value in values(node, sh.property):
            other = self._refer(shape, value)
            if other.path is None and not self._broken(value):
                self._problem(value, "a value of sh:property is a property shape: it needs sh:path")
            yield nested.PropertyConstraint(other)
        for value in values(node, sh.node):
            other = self._refer(shape, value)
            if other.path_node is not None:
                self._problem(node, f"sh:node names {value}, which is a property shape")
            yield nested.NodeConstraint(other)
        for value in values(node, sh["not"]):
            yield nested.NotConstraint(self._refer(shape, value))
        for predicate, make in _LISTS.items():
            for head in values(node, predicate):
                members = self._members(node, predicate, head)
                if not members:
                    self._problem(node, f"{_short(predicate)} is a list of at least one shape")
                yield make([self._refer(shape, member) for member in members])
        yield from self._qualified(shape)

    def _refer(self, shape: Shape, node: Term) -> Shape:
        other = self._shape(node)
        shape.references.append(other)
        if node not in self.graph.out and isinstance(node, ox.NamedNode):
            self._problem(shape.node, f"it names {node}, which is not defined")
        return other

    def _qualified(self, shape: Shape) -> Iterator[Constraint]:
        node, values = shape.node, self.graph.objects
        wanted = values(node, sh.qualifiedValueShape)
        least = self._count(node, sh.qualifiedMinCount)
        most = self._count(node, sh.qualifiedMaxCount)
        if not wanted or shape.path is None:
            return
        if least is None and most is None:
            self._problem(node, "sh:qualifiedValueShape needs a minimum or a maximum count")
        disjoint = self._true(node, sh.qualifiedValueShapesDisjoint)
        for value in wanted:
            siblings = self._siblings(node, value) if disjoint else []
            others = [self._refer(shape, sibling) for sibling in siblings]
            yield nested.QualifiedConstraint(self._refer(shape, value), least, most, others)

    def _siblings(self, node: Term, own: Term) -> list[Term]:
        """The qualified value shapes beside this one (4.7.3)."""
        found: dict[Term, None] = {}
        for parent, value in self.graph.pairs(sh.property):
            if value == node:
                for beside in self.graph.objects(parent, sh.property):
                    found.update(dict.fromkeys(self.graph.objects(beside, sh.qualifiedValueShape)))
        found.pop(own, None)
        return list(found)

    # The graph as a whole

    def _custom_components(self) -> None:
        """Shapes with the parameters of a component of the shapes graph's own (6): not compiled."""
        for component in self.graph.instances(sh.ConstraintComponent):
            needed = []
            for parameter in self.graph.objects(component, sh.parameter):
                optional = [
                    value.value in ("true", "1")
                    for value in self.graph.objects(parameter, sh.optional)
                    if isinstance(value, ox.Literal)
                ]
                if not any(optional):
                    needed += self.graph.objects(parameter, sh.path)
            if component.value.startswith(sh.iri) or not needed:  # what SHACL itself declares
                continue
            for shape in self._with(needed):
                shape.unsupported = f"{component} is a constraint component of its own"

    def _with(self, parameters: list[Term]) -> Iterator[Shape]:
        for node, statements in list(self.graph.out.items()):
            if all(parameter in statements for parameter in parameters):
                yield self._shape(node)

    def _recursion(self) -> None:
        """Shapes that refer to themselves have no defined meaning (3.4.3)."""
        state: dict[int, str] = {}

        def visit(shape: Shape) -> None:
            state[id(shape)] = "open"
            for other in shape.references:
                if id(other) not in state:
                    visit(other)
                elif state[id(other)] == "open":
                    self._problem(shape.node, f"it is recursive: it leads back to {other.node}")
                if other.unsupported and not shape.unsupported:
                    shape.unsupported = other.unsupported
                shape.departs |= other.departs
            state[id(shape)] = "done"

        for shape in list(self.shapes.values()):
            if id(shape) not in state:
                visit(shape)


def _short(predicate: ox.NamedNode) -> str:
    return f"sh:{predicate.value.removeprefix(sh.iri)}"
