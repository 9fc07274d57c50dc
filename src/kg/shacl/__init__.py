"""SHACL validation without a store: shapes compiled to constraints on sets of nodes.

SHACL Core and the SPARQL-based constraints of SHACL-SPARQL (https://www.w3.org/TR/shacl/). A shape
that can't be compiled goes to the reference, which the caller brings. Results are those of the
reference, save for `DEPARTURES`.
"""

from kg.shacl.checker import Checker, Update
from kg.shacl.engine import Fallback, Validation, validate
from kg.shacl.model import Problem, Result, ShapesError

__all__ = [
    "DEPARTURES",
    "Checker",
    "Fallback",
    "Problem",
    "Result",
    "ShapesError",
    "Update",
    "Validation",
    "validate",
]

DEPARTURES = {
    "uniqueLang": 'sh:uniqueLang "1"^^xsd:boolean asks for nothing: SHACL 4.4.5 names only true',
    "shapesGraph": "$shapesGraph is bound to the shapes; the reference refuses such queries",
    "inverseSequence": "a sequence walked backwards begins with its last step (SHACL 2.3.1.4); the "
    "reference begins with the first",
    "repeatedPath": "$PATH holds (p?)? and ^(^p) with their parentheses; the reference leaves them "
    "out and can't parse the query",
    "lessThan": "a blank node is neither less nor more: a result (4.5.3); the reference stops",
}
"""Where the reference departs from SHACL or its suite, and this room follows them."""
