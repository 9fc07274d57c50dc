"""Mistakes put into the engine on purpose: each must change what it answers on generated shapes.

Each mutant replaces one text of one module, in memory; what the engine with the mistake answers is
compared with what the reference says (once, here), or, for what a change can alter, with a new run.
"""

# ruff: noqa: E501  tables read better on one line each

from __future__ import annotations

import importlib
import importlib.abc
import importlib.util
import random
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from types import ModuleType

import pytest
from generated_data import case, edits, read

from kg import reference
from kg.errors import DatasetError
from kg.shacl.graph import ShapesGraph
from kg.shacl.read import Reader
from kg.shacl.report import compared, read_report

PACKAGE = Path(importlib.util.find_spec("kg.shacl").origin).parent
SEEDS = range(320)
CHANGES = range(90)

HEADER = """@prefix : <http://e/> . @prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
: sh:declare [ sh:prefix "" ; sh:namespace "http://e/"^^xsd:anyURI ] .
"""
DIRECTED = [  # what chance seldom makes
    (
        ":S sh:targetNode :a ; sh:property :P . :P sh:path :p ; sh:xone (:T :T) . :T sh:nodeKind sh:IRI .",
        ":a :p :b .",
    ),
    (
        ":S sh:targetNode :a ; sh:closed true .",
        ":a a <http://www.w3.org/2000/01/rdf-schema#Resource> .",
    ),
    (':S sh:targetNode :a ; sh:path :p ; sh:languageIn ("*") .', ':a :p "x"@en , "y" .'),
    (":S sh:targetNode :a ; sh:path :p ; sh:minCount 3 .", ":a :p 1 , 2 ."),
    (":S sh:targetNode :a ; sh:path :p ; sh:lessThan :q .", ":a :p 2 , 3 ; :q 2 , 3 ."),
    (":S sh:targetNode :a ; sh:path :p ; sh:lessThanOrEquals :q .", ':a :p "b" , 3 ; :q "a" , 3 .'),
    (":S sh:targetNode :a , :b ; sh:path :p ; sh:uniqueLang true .", ':a :p "x"@en , "y"@EN .'),
    (
        ':S sh:targetSubjectsOf :p ; sh:sparql [ sh:prefixes : ; sh:message "See {?value}." ; '
        'sh:select "SELECT $this ?value WHERE { $this :p ?value . FILTER (?value > 1) }" ] .',
        ":a :p 2 . :b :p 1 . :c :p 3 , 4 .",
    ),
    (
        ':S sh:targetNode :b ; sh:sparql [ sh:prefixes : ; sh:select "SELECT $this WHERE '
        '{ { SELECT $this (COUNT(?x) AS ?n) WHERE { ?x :p $this } GROUP BY $this } FILTER (?n > 1) }" ] .',
        ":a :p :b . :c :p :b .",
    ),
    (
        ":S sh:targetNode :a ; sh:path :p ; sh:minInclusive 1.5 ; sh:maxExclusive 3 .",
        ':a :p 1.5 , 3 , 1 , 3.5 , "x" , "1920-01-01"^^xsd:date .',
    ),
    (":S sh:targetNode :a ; sh:path :p ; sh:minExclusive 2 .", ":a :p 2 , 3 , 1 ."),
    (":S sh:targetNode :a ; sh:path :p ; sh:maxInclusive 2 .", ":a :p 2 , 3 , 1 ."),
    (
        ":S sh:targetNode :a ; sh:node :T . :R sh:targetNode :b ; sh:node :T . :T sh:class :A .",
        ":a a :A . :b a :B .",
    ),
    (':S sh:targetNode :a ; sh:path :p ; sh:pattern "^X" ; sh:flags "i" .', ':a :p "xa" , "ax" .'),
    (':S sh:targetNode :a ; sh:path :p ; sh:pattern "b" .', ':a :p "ab" , "ac" .'),
    (':S sh:targetNode :a ; sh:path :p ; sh:languageIn ("en") .', ':a :p "x"@en-GB , "y"@de .'),
    (
        ":S sh:targetNode :a ; sh:path :p ; sh:datatype xsd:byte .",
        ':a :p "abc"^^xsd:byte , "5"^^xsd:byte .',
    ),
    (
        ":S sh:targetNode :a , :b ; sh:property :P , :Q . :P sh:path :p ; sh:qualifiedValueShape :T ; "
        "sh:qualifiedMinCount 1 ; sh:qualifiedValueShapesDisjoint true . :Q sh:path :p ; "
        "sh:qualifiedValueShape :U ; sh:qualifiedMinCount 1 ; sh:qualifiedValueShapesDisjoint true . "
        ":T sh:class :A . :U sh:class :B .",
        ":a :p :x . :x a :A , :B . :b :p :y , :z . :y a :A . :z a :B .",
    ),
    (
        ":S sh:targetSubjectsOf :p ; sh:sparql [ sh:prefixes : ; sh:select "
        '"SELECT $this WHERE { $this :p ?x }" ] .',
        ":a :p 1 , 2 .",
    ),
    (
        ":S sh:targetSubjectsOf :p ; sh:sparql [ sh:prefixes : ; sh:select "
        '"SELECT $this WHERE { $this :p ?x OPTIONAL { ?x :q ?y } }" ] .',
        ":a :p 1 , 2 .",
    ),
    (
        ":S sh:targetSubjectsOf :p ; sh:sparql [ sh:prefixes : ; sh:select "
        '"SELECT $this WHERE { $this :p ?x FILTER (?x > 0) }" ] .',
        ":a :p 1 , 2 . :b :p 0 .",
    ),
    *(
        (
            f':S sh:targetNode :a , :b , :c ; sh:sparql [ sh:prefixes : ; sh:select "{query}" ] .',
            ":a :p :b , :c ; :q :c . :b :p :d ; :q :b ; :r :q . :c :q :a , :d ; :r :p . :d :p :a .",
        )
        for query in (
            "SELECT $this ?value WHERE { $this :p ?value }",
            "SELECT $this WHERE { $this :p ?x . ?x :q ?y }",
            "SELECT $this WHERE { $this :p ?x . $this :q ?x }",
            "SELECT $this ?value WHERE { ?value :p $this . ?value :q ?y }",
            "SELECT $this WHERE { $this :q $this }",
            "SELECT $this WHERE { $this :r ?z . $this ?z ?x }",
            "SELECT $this WHERE { ?x :r ?z . $this :p ?x . ?x ?z $this }",
            "SELECT $this ?value WHERE { $this :r ?z . ?value ?z $this }",
            "SELECT $this ?value WHERE { $this :p|:q ?value }",
            "SELECT $this ?value WHERE { $this ^:q ?value }",
            "SELECT $this ?value WHERE { $this :p+ ?value }",
            "SELECT $this ?value WHERE { ?value :p/:q $this }",
            "SELECT $this ?value WHERE { $this :p ?value FILTER NOT EXISTS { ?value :q ?y . ?y :p ?z } }",
            "SELECT $this ?value WHERE { $this :p ?value FILTER EXISTS { ?value :q ?y } }",
            "SELECT $this ?value WHERE { $this :p ?value FILTER (?value IN (:b, :d)) }",
            "SELECT $this ?value WHERE { $this :p ?value FILTER (?value != :b) }",
        )
    ),
]
NOT_BY_THE_REFERENCE = [  # with the number of results
    (
        ":S sh:targetNode :c ; sh:path [ sh:inversePath (:p :q) ] ; sh:minCount 1 .",
        ":a :p :b . :b :q :c .",
        0,
    ),
    (
        ":S sh:targetNode :b ; sh:path [ sh:inversePath (:p :q) ] ; sh:minCount 1 .",
        ":a :p :b . :a :q :c .",
        1,
    ),
]
DIRECTED_CHANGES = [  # shapes, data, and what comes and goes in turn
    (":S sh:targetClass :A ; sh:path :p ; sh:minCount 1 .", ":a a :B . :b a :A .",
     [("+", ":B <http://www.w3.org/2000/01/rdf-schema#subClassOf> :A ."),
      ("-", ":B <http://www.w3.org/2000/01/rdf-schema#subClassOf> :A .")]),
    (":S sh:targetNode :a ; sh:path :p ; sh:class :A .", ":a :p :b . :b a :B .",
     [("+", ":B <http://www.w3.org/2000/01/rdf-schema#subClassOf> :A ."),
      ("-", ":B <http://www.w3.org/2000/01/rdf-schema#subClassOf> :A .")]),
    (':S sh:targetSubjectsOf :p ; sh:sparql [ sh:prefixes : ; sh:select "SELECT $this WHERE '
     '{ $this :p ?x . FILTER NOT EXISTS { ?o :q ?y . FILTER (?y > ?x) } }" ] .', ":a :p 1 .",
     [("+", ":z :q 2 ."), ("-", ":z :q 2 .")]),
    (':S sh:targetSubjectsOf :p ; sh:not :T . :T sh:node :U . :U sh:sparql [ sh:prefixes : ; sh:select '
     '"SELECT $this WHERE { $this :p ?x . FILTER NOT EXISTS { ?o :q ?y . FILTER (?y > ?x) } }" ] .',
     ":a :p 1 .", [("+", ":z :q 2 ."), ("-", ":z :q 2 .")]),
    (":S sh:targetNode :a ; sh:path (:p :q :r) ; sh:maxCount 1 .", ":a :p :b . :b :q :c . :c :r :d .",
     [("+", ":c :r :e ."), ("-", ":b :q :c ."), ("+", ":b :q :c , :f . :f :r :g .")]),
    (":S sh:targetNode :a ; sh:path [ sh:zeroOrMorePath :p ] ; sh:class :A .",
     ":a :p :b ; a :A . :b :p :c ; a :A . :c a :A .", [("+", ":c :p :d ."), ("-", ":b :p :c .")]),
    (":S sh:targetNode :a ; sh:path [ sh:inversePath [ sh:oneOrMorePath (:p :q) ] ] ; sh:maxCount 0 .",
     ":b :p :x . :x :q :c . :c :p :y .", [("+", ":y :q :a ."), ("-", ":b :p :x .")]),
    (":S sh:targetNode :a ; sh:path :p ; sh:qualifiedValueShape :T ; sh:qualifiedMinCount 1 . "
     ":T sh:path :q ; sh:minCount 1 .", ":a :p :b .", [("+", ":b :q 1 ."), ("-", ":b :q 1 .")]),
    (':S sh:targetObjectsOf :r ; sh:sparql [ sh:prefixes : ; sh:select '
     '"SELECT $this WHERE { ?z :p+ $this . FILTER EXISTS { ?z :q ?w } }" ] .',
     ":x :r :a . :y :q 1 . :y :p :m .", [("+", ":m :p :a ."), ("-", ":y :p :m .")]),
    (':S sh:targetSubjectsOf :q ; sh:sparql [ sh:prefixes : ; sh:select '
     '"SELECT $this WHERE { $this :q ?x . :a :p :b }" ] .', ":x :q 1 .",
     [("+", ":a :p :b ."), ("-", ":a :p :b .")]),
    (':S sh:targetNode :a ; sh:sparql [ sh:prefixes : ; sh:select '
     '"SELECT $this WHERE { { $this :p ?x } UNION { $this :q ?x } }" ] .', ":b :p 1 .",
     [("+", ":a :p 1 ."), ("-", ":a :p 1 ."), ("+", ":a :q 1 .")]),
    (':S sh:targetSubjectsOf :p ; sh:sparql [ sh:prefixes : ; sh:select "SELECT $this WHERE { { '
     'SELECT $this (SUM(IF(EXISTS { ?x :q ?y }, 1, 0)) AS ?n) WHERE { $this :p ?x } GROUP BY $this '
     '} FILTER (?n > 0) }" ] .', ":a :p :b .", [("+", ":b :q 1 ."), ("-", ":b :q 1 .")]),
]  # fmt: skip

# Module, what stands there, what the mistake makes of it.
MUTANTS = [
    ("graph", "if first != value:\n            self.more", "if first == value:\n            self.more"),
    ("graph", "if narrower not in classes:", "if narrower in classes:"),
    ("graph", "for each in self.below(of) for node", "for each in [of] for node"),
    ("engine", "found.update(number(term) for term in values(shape.node, sh.targetNode))", "pass"),
    ("engine", "classes.append(shape.node)", "pass"),
    ("engine", "found |= graph.instances(number(each))", "pass"),
    ("engine", "found.update(graph.column(number(each)).first)", "pass"),
    ("engine", "found.update(graph.inverse(number(each)).first)", "pass"),
    ("engine", "if shape.deactivated or not nodes:\n            return []", "if not nodes:\n            return []"),
    ("engine", "if shape.deactivated or not nodes:\n            return frozenset()", "if not nodes:\n            return frozenset()"),
    ("engine", "new = nodes - seen", "new = nodes if not seen else set()"),
    ("engine", "severity=shape.severity", "severity=sh.Violation"),
    ("engine", "shape=shape.node,", "shape=self.shapes.targeted[0].node,"),
    ("engine", "path=shape.path_node if fault.path is None", "path=None if fault.path is None"),
    ("engine", "value=None if fault.value is None", "value=None if fault.value is not None"),
    ("engine", "fault.messages or shape.messages or", "fault.messages or"),
    ("engine", "constraint=fault.constraint.node", "constraint=None"),
    ("paths", "steps = reversed(self.steps) if back else iter(self.steps)", "steps = iter(self.steps)"),
    ("paths", "for each in self.choices for pair in each", "for each in self.choices[:1] for pair in each"),
    ("paths", "return self.inner.follow(graph, nodes, not back)", "return self.inner.follow(graph, nodes, back)"),
    ("paths", "Column([*((n, n) for n in start), *once.pairs()])", "once"),
    ("paths", 'seen = {node} if self.mark == "*" else set()', "seen = set()"),
    ("paths", 'if self.mark == "+":\n                seen.update(todo)', 'if self.mark == "+":\n                seen.update([node])'),
    ("paths", "todo.append(value)\n            for value in seen", "pass\n            for value in seen"),
    ("paths", "whole = graph.inverse(number) if back", "whole = graph.column(number) if back"),
    ("value_constraints", "return values - run.graph.instances(run.graph.number(self.of))", "return set()"),
    ("value_constraints", "isinstance(term, ox.Literal) and has_datatype", "has_datatype"),
    ("value_constraints", "sh.BlankNodeOrIRI: (ox.BlankNode, ox.NamedNode)", "sh.BlankNodeOrIRI: (ox.NamedNode,)"),
    ("value_constraints", "lambda order: order > 0", "lambda order: order >= 0"),
    ("value_constraints", "lambda order: order >= 0", "lambda order: order > 0"),
    ("value_constraints", "lambda order: order < 0", "lambda order: order <= 0"),
    ("value_constraints", "lambda order: order <= 0", "lambda order: order < 0"),
    ("value_constraints", "return order is not None and self.fits(order)", "return order is None or self.fits(order)"),
    ("value_constraints", "return own >= self.length if", "return own > self.length if"),
    ("value_constraints", "else own <= self.length", "else own < self.length"),
    ("value_constraints", "if self.least and self.length == 0:\n            return True", "pass"),
    ("value_constraints", "chosen |= _FLAGS.get(flag, re.NOFLAG)", "pass"),
    ("value_constraints", "bool(self.pattern.search(", "bool(self.pattern.match("),
    ("value_constraints", '(tag, tag.split("-")[0])', "(tag,)"),
    ("value_constraints", '"*" in self.languages or ', ""),
    ("value_constraints", "return values - {run.graph.number(member)", "return values & {run.graph.number(member)"),
    ("value_constraints", "if wanted not in values.of(focus):", "if wanted in values.of(focus):"),
    ("model", "if focus not in first or (", "if False or ("),
    ("model", "len(more[focus]) < count", "len(more[focus]) < count - 1"),
    ("model", "if len(several) > count and focus in self.focus", "if focus in self.focus"),
    ("model", "if len(several) > count and focus in self.focus", "if len(several) > count"),
    ("model", "for focus in self.focus if focus in self.column.first", "for focus in ()"),
    ("graph", "several[node] = None\n        return", "pass\n        return"),
    ("plans", "if (row[at] in allowed) == wanted", "if True"),
    ("plans", "if (row[at] in allowed) == wanted", "if row[at] in allowed"),
    ("plans", "rows = _existing(graph, rows, steps, wanted)", "pass"),
    ("plans", "if (number in there) == wanted", "if number in there"),
    ("plans", "if shown not in seen:", "if True:"),
    ("plans", "if node in more:", "if False:"),
    ("plans", "elif row[other] == value:", "else:"),
    ("plans", "elif row[other] in values:", "else:"),
    ("plans", "return graph.inverse(number) if back else graph.column(number)", "return graph.column(number)"),
    ("plans", "(graph.inverse if step.back else graph.column)", "graph.column"),
    ("plans", "return path.follow(graph, nodes, back)", "return path.follow(graph, nodes)"),
    ("plans", "len(places) + 1), each.wanted", "len(places)), each.wanted"),
    ("patterns", "return Inverse(self._repeated())", "return self._repeated()"),
    ("patterns", 'Repeated(path, "+") if self._takes("+")', 'path if self._takes("+")'),
    ("patterns", "return choices[0] if len(choices) == 1 else Alternative(tuple(choices))", "return choices[0]"),
    ("patterns", "return steps[0] if len(steps) == 1 else Sequence(tuple(steps))", "return steps[0]"),
    ("patterns", "return Exists(tuple(triples), not denied)", "return Exists(tuple(triples), denied)"),
    ("patterns", "frozenset(iris), not denied)", "frozenset(iris), True)"),
    ("node_constraints", "set(values.of(focus)) ^ set(column.of(focus))", "set(values.of(focus)) - set(column.of(focus))"),
    ("node_constraints", "set(values.of(focus)) & set(column.of(focus))", "set(values.of(focus)) - set(column.of(focus))"),
    ("node_constraints", "self.or_equal = parameter == sh.lessThanOrEquals", "self.or_equal = True"),
    ("node_constraints", "for bound in column.of(focus):", "for bound in list(column.of(focus))[:1]:"),
    ("node_constraints", "if predicate in allowed:\n                continue", "pass"),
    ("node_constraints", "if (predicate, value) != (typed, resource):", "if True:"),
    ("node_constraints", "yield Fault(shape, self, self.component, focus, value, predicate)", "yield Fault(shape, self, self.component, focus, value)"),
    ("shape_constraints", "return values - run.failing(self.other, values)", "return run.failing(self.other, values)"),
    ("shape_constraints", "bad = bad | run.failing(member, values - bad)", "bad = run.failing(member, values)"),
    ("shape_constraints", "values = run.failing(member, values)\n        return values", "values = run.failing(member, values)\n            break\n        return values"),
    ("shape_constraints", "if fits[value] != 1", "if fits[value] < 1"),
    ("shape_constraints", "fits.update(values - run.failing(member, values))", "fits.update(run.failing(member, values))"),
    ("shape_constraints", "by_node.setdefault(fault.origin, [])", "by_node.setdefault(fault.focus, [])"),
    ("shape_constraints", "bad = run.failing(self.other, values.distinct())\n", "bad = set()\n"),
    ("shape_constraints", "fitting = nodes - run.failing(self.other, nodes)", "fitting = run.failing(self.other, nodes)"),
    ("shape_constraints", "fitting = fitting & run.failing(sibling, fitting)", "pass"),
    ("shape_constraints", "count > self.most", "count >= self.most"),
    ("shape_constraints", "count < self.least", "count <= self.least"),
    ("model", "found.update(more[focus])", "pass"),
    ("model", "for focus in self.focus & wanted:", "for focus in self.focus:"),
    ("literals", "if own != datatype:", "if False:"),
    ("literals", "if read.ill_typed:\n        return False", "pass"),
    ("literals", "if isinstance(a.value, str) != isinstance(b.value, str):\n        return None", "pass"),
    ("literals", "return one <= other if or_equal else one < other", "return one < other"),
    ("literals", "return a <= b if or_equal else a < b", "return a <= b"),
    ("literals", "if a is not None or b is not None:\n        return False", "if a is not None or b is not None:\n        return True"),
    ("read", "shape.severity = severity\n", "pass\n"),
    ("read", 'shape.deactivated = self._true(node, sh.deactivated)', "pass"),
    ("read", "allowed += self._members(node, sh.ignoredProperties, head)", "pass"),
    ("read", "for property_shape in self.graph.objects(node, sh.property)", "for property_shape in []"),
    ("read", "siblings = self._siblings(node, value) if disjoint else []", "siblings = []"),
    ("read", "found.pop(own, None)", "pass"),
    ("read", "if least:\n            yield several", "if not least:\n            yield several"),
    ("sparql", "if number in focus and (number, row) not in seen:", "if number in focus:"),
    ("sparql", "if number in focus and (number, row)", "if (number, row)"),
    ("sparql", "for row in dict.fromkeys(rows):", "for row in rows:"),
    ("sparql", 'found.setdefault("value", found["this"])', "pass"),
    ("sparql", 'run.graph.number(path) if isinstance(path, ox.NamedNode) else None', "None"),
    ("sparql", "tuple(_filled(message, found) for message in messages)", "tuple(messages)"),
    ("sparql", "return None\n    path =", "pass\n    path ="),
]  # fmt: skip

# Mistakes in what a change can alter.
OF_CHANGES = [
    ("graph", "del self.first[node]\n            return", "return"),
    ("graph", "self.first[node] = next(iter(several))", "pass"),
    ("graph", "self._inverse[predicate].add(value, subject)", "pass"),
    ("graph", "self._inverse[predicate].discard(value, subject)", "pass"),
    ("graph", "self._instances.clear()", "pass"),
    ("graph", "members.discard if types.isdisjoint", "members.add if types.isdisjoint"),
    ("change", "found = set(self.subjects(rdf.type))", "found = set()"),
    ("change", "found |= self.graph.instances(narrower)", "pass"),
    ("change", "if path is None or values is None or not values:\n            return values", "return values"),
    ("change", "found |= self.instances()", "pass"),
    ("change", "parts.append(constraint.stale_focus(self, shape))", "pass"),
    ("change", "parts.append(self.back(shape.path, constraint.stale_values(self)))", "pass"),
    ("change", "return None if whole else found", "return found"),
    ("paths", "return set(change.objects(self.iri) if back else change.subjects(self.iri))", "return set(change.subjects(self.iri))"),
    ("paths", "steps = self.steps if back else self.steps[::-1]", "steps = self.steps"),
    ("paths", "{node for _, node in before.pairs()} | step.stale(change, back, here)", "step.stale(change, back, here)"),
    ("paths", "return self.inner.stale(change, not back, here)", "return self.inner.stale(change, back, here)"),
    ("paths", 'if self.mark == "?" or not found:\n            return found', "return found"),
    ("value_constraints", "return change.instances()", "return frozenset()"),
    ("node_constraints", "return change.subjects()", "return frozenset()"),
    ("node_constraints", "return change.subjects(self.other)", "return frozenset()"),
    ("shape_constraints", "return union(change.shape(member) for member in self.members)", "return change.shape(self.members[0])"),
    ("shape_constraints", "for shape in (self.other, *self.siblings))", "for shape in self.siblings)"),
    ("sparql", "return None if self.reach is None else self.reach.stale(change)", "return frozenset()"),
    ("reach", "known[other] = pattern.follow(change, known[variable], back)", "known[other] = known[variable]"),
    ("reach", 'found.append(("", starts | ends))', "pass"),
    ("reach", 'if any(True for _ in self._exists(expression, (), "")):', "if False:"),
    ("reach", 'elif name == "Union":\n            yield from self.walk(node.p1, beside, inside)', 'elif name == "Union":\n            pass'),
    ("reach", "found |= reached", "found = reached"),
    ("reach", "if reached is None:\n                return None", "if reached is None:\n                continue"),
    ("reach", "self.path.stale(change, True, here)", "self.path.stale(change, False, here)"),
    ("reach", "left = (*beside, *self._needed(node.p1, inside))", "left = beside; return"),
    ("reach", "yield from self.walk(graph, beside, inside)\n                return", "return"),
    ("engine", "seen -= nodes\n", "pass\n"),
    ("engine", "bad -= nodes\n", "pass\n"),
    ("engine", "self._known.pop(shape, None)", "pass"),
    ("engine", "self.store.update(self.graph, came, gone)", "pass"),
    ("stores", "self._store.remove(quad(*triple))", "pass"),
    ("checker", "graph.discard(*triple)", "pass"),
    ("checker", "by_node.pop(node, None)", "pass"),
    ("checker", "nodes | targets[shape.node]", "nodes"),
]  # fmt: skip


class _Left(Exception):
    """A shape went to the reference."""


def _refuse(*_: object):
    raise _Left


@cache
def corpus() -> list[tuple[list, list, Counter]]:
    """Shapes, data and what the reference says; without those where it departs or gives up."""
    found: list = [
        (read(HEADER + shapes), read(HEADER + data), count)
        for shapes, data, count in NOT_BY_THE_REFERENCE
    ]
    made = [(read(HEADER + shapes), read(HEADER + data)) for shapes, data in DIRECTED]
    made += [case(seed) for seed in SEEDS]
    for shapes, data in made:
        graph = ShapesGraph(shapes)
        if any(s.departs - {"lessThan"} for s in Reader(graph).read().targeted):
            continue
        try:
            report = reference.report(shapes, data)
        except DatasetError:
            continue
        found.append((shapes, data, compared(read_report(report), report, graph)))
    return found


def answers_well(package: ModuleType) -> bool:
    """Whether the engine says on the whole corpus what the reference says."""
    for shapes, data, expected in corpus():
        graph = ShapesGraph(shapes)
        try:
            results = package.validate(shapes, data, _refuse).results
        except _Left:
            continue
        if isinstance(expected, int):
            if len(results) != expected:
                return False
        elif compared(results, graph, graph) != expected:
            return False
    return True


@cache
def histories() -> list[tuple[list, list, list[tuple[list, list, Counter]]]]:
    """Shapes, data and edits, each with the results that a new run gives after it."""
    from kg.shacl import validate

    found = []
    for shapes, data, turns in DIRECTED_CHANGES:
        shapes, start = read(HEADER + shapes), read(HEADER + data)
        steps, now = [], start
        before = Counter(map(plain, validate(shapes, start, _refuse).results))
        for sign, text in turns:
            triples = read(HEADER + text)
            triples = [t for t in triples if "shacl#" not in t.predicate.value]
            now = [*now, *triples] if sign == "+" else [t for t in now if t not in triples]
            after = Counter(map(plain, validate(shapes, now, _refuse).results))
            steps.append((triples, [], after) if sign == "+" else ([], triples, after))
        assert any(after != before for _, _, after in steps), "changes without effect"
        found.append((shapes, start, steps))
    for seed in CHANGES:
        shapes, data = case(seed)
        start = data = list(dict.fromkeys(data))
        chance = random.Random(seed)
        steps = []
        try:
            validate(shapes, data, _refuse)
            for _ in range(5):
                added, removed = edits(data, case(seed + 100_000)[1], chance)
                added = [t for t in added if t not in data]
                data = [t for t in data if t not in removed] + added
                after = Counter(map(plain, validate(shapes, data, _refuse).results))
                steps.append((added, removed, after))
        except _Left:
            continue
        found.append((shapes, start, steps))
    return found


def plain(result) -> tuple:
    return tuple(str(part) for part in vars(result).values())


def follows_well(package: ModuleType) -> bool:
    """Whether the kept validation gives what new runs give."""
    for shapes, data, steps in histories():
        try:
            kept = package.Checker(shapes, data, _refuse)
            for added, removed, after in steps:
                kept.update(added, removed)
                if Counter(map(plain, kept.results)) != after:
                    return False
        except _Left:
            continue
    return True


class _Mutated(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    """Loads kg.shacl anew, with one text replaced."""

    def __init__(self, module: str, old: str, new: str) -> None:
        self.module, self.old, self.new = module, old, new

    def find_spec(self, name, path=None, target=None):
        if name != "kg.shacl" and not name.startswith("kg.shacl."):
            return None
        origin = PACKAGE / f"{name.rpartition('.')[2]}.py"
        if name == "kg.shacl":
            origin = PACKAGE / "__init__.py"
        spec = importlib.util.spec_from_loader(name, self, origin=str(origin))
        if name == "kg.shacl":
            spec.submodule_search_locations = [str(PACKAGE)]
        return spec

    def exec_module(self, module) -> None:
        path = Path(module.__spec__.origin)
        text = path.read_text(encoding="utf-8")
        if module.__name__ == f"kg.shacl.{self.module}":
            assert text.count(self.old) >= 1, "the text no longer occurs"
            text = text.replace(self.old, self.new)
        exec(compile(text, str(path), "exec"), module.__dict__)


@contextmanager
def mutated(module: str, old: str, new: str) -> Iterator[ModuleType]:
    import kg

    own = {n: m for n, m in sys.modules.items() if n == "kg.shacl" or n.startswith("kg.shacl.")}
    attribute = kg.shacl
    finder = _Mutated(module, old, new)
    for name in own:
        del sys.modules[name]
    sys.meta_path.insert(0, finder)
    try:
        yield importlib.import_module("kg.shacl")
    finally:
        sys.meta_path.remove(finder)
        for name in [n for n in sys.modules if n == "kg.shacl" or n.startswith("kg.shacl.")]:
            del sys.modules[name]
        sys.modules.update(own)
        kg.shacl = attribute


def caught(judge, module: str, old: str, new: str) -> bool:
    with mutated(module, old, new) as package:
        try:
            return not judge(package)
        except Exception as error:  # a crash is caught too, but not our own reminder
            if "no longer occurs" in str(error):
                raise
            return True


pytestmark = pytest.mark.xdist_group("mutants")


def test_without_a_mistake_all_is_well() -> None:
    assert len(corpus()) > 200
    assert len(histories()) > 60
    with mutated("engine", "return nodes & bad", "return nodes & bad") as package:
        assert answers_well(package)
        assert follows_well(package)


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda m: f"{m[0]}: {m[1][:50]!r}")
def test_each_mistake_is_caught(mutant: tuple[str, str, str]) -> None:
    assert caught(answers_well, *mutant)


@pytest.mark.parametrize("mutant", OF_CHANGES, ids=lambda m: f"{m[0]}: {m[1][:50]!r}")
def test_each_mistake_about_changes_is_caught(mutant: tuple[str, str, str]) -> None:
    assert caught(follows_well, *mutant)
