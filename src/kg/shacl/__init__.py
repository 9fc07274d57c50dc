"""SHACL validation without a store: shapes compiled to constraints on sets of nodes.

SHACL Core and the SPARQL-based constraints of SHACL-SPARQL (https://www.w3.org/TR/shacl/). A shape
that can't be compiled goes to the reference, which the caller brings. Results are those of the
reference, save for `DEPARTURES`.
"""

from kg.shacl.engine import Fallback, Validation, validate
from kg.shacl.model import Problem, Result, ShapesError

__all__ = ["DEPARTURES", "Fallback", "Problem", "Result", "ShapesError", "Validation", "validate"]

DEPARTURES = {
    "uniqueLang": 'sh:uniqueLang "1"^^xsd:boolean asks for nothing: SHACL 4.4.5 names only true',
    "shapesGraph": "$shapesGraph is bound to the shapes; the reference refuses such queries",
}
"""Where the reference departs from the W3C suite, and this room follows the suite."""
