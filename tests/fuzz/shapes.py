# ruff: noqa: UP031
"""Shapes of text that grow without end: what a guard has to hold, one by one.

Each makes a query from a size. `SHAPES` holds every construct that nests, repeats, joins or that
a parser may read again; broken ones (``unterm``) among them, since a parser works on those too.
"""

from __future__ import annotations

from collections.abc import Callable

__all__ = ["PROLOGUE", "SHAPES"]

PROLOGUE = "PREFIX ex: <http://e/> PREFIX : <http://d/> "


def rep(piece: str, n: int, between: str = "") -> str:
    return between.join([piece] * n)


def group(body: str) -> str:
    return "SELECT * {" + body + "}"


def star(n: int, pre: str = "") -> str:
    return "?s " + " ; ".join(f"?p{pre}{i} ?o{pre}{i}" for i in range(n))


SHAPES: dict[str, Callable[[int], str]] = {
    "nested-groups": lambda n: group("{" * n + "}" * n),
    "nested-groups-t": lambda n: group("{?a ?b ?c . " * n + "}" * n),
    "nested-optional": lambda n: group("?a ?b ?c OPTIONAL{" * n + "?a ?b ?c" + "}" * n),
    "nested-minus": lambda n: group("?a ?b ?c MINUS{" * n + "?a ?b ?c" + "}" * n),
    "nested-union": lambda n: group("{?a ?b ?c} UNION {" * n + "}" * n),
    "nested-exists": lambda n: group("?a ?b ?c FILTER EXISTS{" * n + "?a ?b ?c" + "}" * n),
    "nested-notexists": lambda n: group("FILTER NOT EXISTS{" * n + "}" * n),
    "nested-exists-par": lambda n: group(
        "?a ?b ?c FILTER(EXISTS{" * (n // 2) + "?a ?b ?c" + "})" * (n // 2)
    ),
    "nested-parens": lambda n: group("FILTER" + "(" * n + "?x" + ")" * n),
    "nested-not": lambda n: group("FILTER(" + "!(" * n + "?x" + ")" * n + ")"),
    "nested-minus-op": lambda n: group("FILTER(" + "-(" * n + "?x" + ")" * n + ")"),
    "nested-plus": lambda n: group("FILTER(" + "1+(" * n + "?x" + ")" * n + ")"),
    "nested-or": lambda n: group("FILTER(" + "?a||(" * n + "?x" + ")" * n + ")"),
    "nested-and": lambda n: group("FILTER(" + "?a&&(" * n + "?x" + ")" * n + ")"),
    "nested-eq": lambda n: group("FILTER(" + "?a=(" * n + "?x" + ")" * n + ")"),
    "nested-if": lambda n: group("BIND(" + "IF(?a,?b," * n + "?x" + ")" * n + " AS ?z)"),
    "nested-if1": lambda n: group("BIND(" + "IF(" * n + "?x" + ",1,2)" * n + " AS ?z)"),
    "nested-coalesce": lambda n: group("BIND(" + "COALESCE(" * n + "?x" + ")" * n + " AS ?z)"),
    "nested-str": lambda n: group("BIND(" + "STR(" * n + "?x" + ")" * n + " AS ?z)"),
    "nested-regex": lambda n: group("BIND(" + "REGEX(" * n + "?x" + ",'a')" * n + " AS ?z)"),
    "nested-substr": lambda n: group("BIND(" + "SUBSTR(" * n + "?x" + ",1)" * n + " AS ?z)"),
    "nested-replace": lambda n: group(
        "BIND(" + "REPLACE(" * n + "?x" + ",'a','b')" * n + " AS ?z)"
    ),
    "nested-func": lambda n: group("BIND(" + "ex:f(" * n + "?x" + ")" * n + " AS ?z)"),
    "nested-bnodef": lambda n: group("BIND(" + "BNODE(" * n + "?x" + ")" * n + " AS ?z)"),
    "nested-in": lambda n: group("FILTER(" + "?a IN(" * n + "?x" + ")" * n + ")"),
    "nested-notin": lambda n: group("FILTER(" + "?a NOT IN(" * n + "?x" + ")" * n + ")"),
    "nested-count": lambda n: "SELECT (" + "COUNT(" * n + "?x" + ")" * n + " AS ?z){}",
    "nested-sum": lambda n: "SELECT (" + "SUM(" * n + "?x" + ")" * n + " AS ?z){}",
    "nested-gc": lambda n: "SELECT (" + "GROUP_CONCAT(" * n + "?x" + ")" * n + " AS ?z){}",
    "nested-gcs": lambda n: (
        "SELECT (" + "GROUP_CONCAT(" * n + "?x" + ";SEPARATOR='a')" * n + " AS ?z){}"
    ),
    "nested-subselect": lambda n: group("{SELECT * {" * (n // 2) + "?a ?b ?c" + "}}" * (n // 2)),
    "nested-graph": lambda n: group("GRAPH ?g {" * n + "?a ?b ?c" + "}" * n),
    "nested-coll": lambda n: group("?s ?p " + "(" * n + "1" + ")" * n),
    "nested-collsubj": lambda n: group("(" * n + "1" + ")" * n + " ?p ?o"),
    "nested-collc": lambda n: "CONSTRUCT{?s ?p " + "(" * n + "1" + ")" * n + "}WHERE{?s ?p ?o}",
    "nested-collsubjc": lambda n: "CONSTRUCT{" + "(" * n + "1" + ")" * n + " ?p ?o}WHERE{?s ?p ?o}",
    "nested-bnode": lambda n: group("?s ?p " + "[ ?p " * n + "1" + "]" * n),
    "nested-bnodesubj": lambda n: group("[ ?p " * n + "1" + "]" * n + " ?p ?o"),
    "nested-bnodec": lambda n: (
        "CONSTRUCT{?s ?p " + "[ ?p " * n + "1" + "]" * n + "}WHERE{?s ?p ?o}"
    ),
    "nested-bnodeonly": lambda n: group("[ ?p " * n + "1" + "]" * n),
    "nested-path": lambda n: group("?s " + "(" * n + "ex:p" + ")" * n + " ?o"),
    "nested-pathstar": lambda n: group("?s " + "(" * n + "ex:p" + ")*" * n + " ?o"),
    "nested-pathplus": lambda n: group("?s " + "(" * n + "ex:p" + ")+" * n + " ?o"),
    "nested-pathopt": lambda n: group("?s " + "(" * n + "ex:p" + ")?" * n + " ?o"),
    "nested-pathinv": lambda n: group("?s " + "^(" * n + "ex:p" + ")" * n + " ?o"),
    "nested-pathalt": lambda n: group("?s " + "(ex:q|" * n + "ex:p" + ")" * n + " ?o"),
    "nested-pathseq": lambda n: group("?s " + "(ex:q/" * n + "ex:p" + ")" * n + " ?o"),
    "nested-pathseqstar": lambda n: group("?s " + "(ex:q/" * n + "ex:p" + ")*" * n + " ?o"),
    "nested-pathmix": lambda n: group("?s " + "(^ex:q/ex:r|" * n + "ex:p" + ")+" * n + " ?o"),
    "nested-pathpar2": lambda n: group("?s " + "(" * n + "ex:p|ex:q" + ")/ex:r" * n + " ?o"),
    "nested-tt": lambda n: group("?s ?p " + "<<( ?a ?b " * n + "?c" + " )>>" * n),
    "nested-reif": lambda n: group("<< " * n + "?c" + " ?p ?o >>" * n + " ?p ?o"),
    "nested-reifo": lambda n: group("<< ?a ?b " * n + "?c" + " >>" * n + " ?p ?o"),
    "nested-ttx": lambda n: group("BIND(" + "<<( ?a ?b " * n + "?c" + " )>>" * n + " AS ?x)"),
    "nested-annot": lambda n: group("?s ?p ?o " + "{| ?p ?o " * n + " |}" * n),
    "nested-triple": lambda n: group("BIND(" + "TRIPLE(?a,?b," * n + "?c" + ")" * n + " AS ?x)"),
    "nested-lateral": lambda n: group("?a ?b ?c LATERAL{" * n + "?d ?e ?f" + "}" * n),
    "nested-mixed": lambda n: group(
        "{OPTIONAL{?a ?b ?c FILTER EXISTS{" * (n // 3) + "}}}" * (n // 3)
    ),
    "nested-unterminated": lambda n: group("{" * n),
    "nested-unterm-par": lambda n: group("FILTER" + "(" * n),
    "nested-unterm-coll": lambda n: group("?s ?p " + "(" * n),
    "nested-unterm-collsubj": lambda n: group("(" * n),
    "nested-unterm-bn": lambda n: group("[?p " * n),
    "nested-unterm-tt": lambda n: group("<<(" * n),
    "nested-unterm-reif": lambda n: group("<< " * n),
    "nested-unterm-if": lambda n: group("FILTER" + "(IF(" * (n // 2)),
    "nested-unterm-regex": lambda n: group("BIND(" + "REGEX(" * n),
    "nested-unterm-count": lambda n: "SELECT (" + "COUNT(" * n,
    "nested-unterm-gc": lambda n: "SELECT (" + "GROUP_CONCAT(" * n,
    "nested-unterm-exists": lambda n: group("FILTER EXISTS{" * n),
    "nested-unterm-opt": lambda n: group("OPTIONAL{" * n),
    "nested-unterm-sub": lambda n: group("{SELECT * {" * (n // 2)),
    "nested-unterm-path": lambda n: group("?s " + "(" * n),
    "nested-wrongend-sub": lambda n: group("{SELECT * {" * (n // 2) + "}}" * (n // 2) + " %"),
    "nested-optional-values": lambda n: group("OPTIONAL{VALUES ?x {1}" * n + "}" * n),
    "nested-func-unterm": lambda n: group("BIND(" + "ex:f(" * n),
    "many-plus": lambda n: group("FILTER(" + rep("1", n + 1, "+") + ")"),
    "many-minus": lambda n: group("FILTER(" + rep("1", n + 1, "-") + ")"),
    "many-times": lambda n: group("FILTER(" + rep("?a", n + 1, "*") + ")"),
    "many-div": lambda n: group("FILTER(" + rep("?a", n + 1, "/") + ")"),
    "many-or": lambda n: group("FILTER(" + rep("?a", n + 1, "||") + ")"),
    "many-or2": lambda n: group("FILTER(" + rep("?a=?b", n // 2 + 1, "||") + ")"),
    "many-and": lambda n: group("FILTER(" + "&&".join("?a%d" % i for i in range(n + 1)) + ")"),
    "many-andt": lambda n: group(
        "?a0 ?p ?o " + "FILTER(" + "&&".join("?a%d=?o" % i for i in range(n // 2 + 1)) + ")"
    ),
    "many-not": lambda n: group("FILTER(" + rep("!?a", n, "&&") + ")"),
    "many-union": lambda n: group(rep("{?a ?b ?c}", n + 1, " UNION ")),
    "many-union-e": lambda n: group(rep("{}", n + 1, " UNION ")),
    "many-uniond": lambda n: group(" UNION ".join("{?a%d ?b ?c}" % i for i in range(n + 1))),
    "many-groups": lambda n: group(rep("{}", n)),
    "many-groups-t": lambda n: group(rep("{?a ?b ?c}", n)),
    "many-groups-td": lambda n: group("".join("{?a%d ?b%d ?c%d}" % (i, i, i) for i in range(n))),
    "many-optional": lambda n: group("?a ?b ?c" + rep(" OPTIONAL{?a ?b ?c}", n)),
    "many-optionald": lambda n: group(
        "?a ?b ?c" + "".join(" OPTIONAL{?a ex:p%d ?c%d}" % (i, i) for i in range(n))
    ),
    "many-minusg": lambda n: group("?a ?b ?c" + rep(" MINUS{?a ?b ?c}", n)),
    "many-filter": lambda n: group("?a ?b ?c" + rep(" FILTER(?a)", n)),
    "many-filtere": lambda n: group("?a ?b ?c" + rep(" FILTER EXISTS{?a ?b ?c}", n)),
    "many-bind": lambda n: group("?a ?b ?c" + "".join(" BIND(?a AS ?x%d)" % i for i in range(n))),
    "many-bindc": lambda n: group(
        "?a ?b ?x0" + "".join(" BIND(?x%d AS ?x%d)" % (i, i + 1) for i in range(n))
    ),
    "many-valuesg": lambda n: group(rep("VALUES ?x {1}", n)),
    "many-valuesgd": lambda n: group("".join("VALUES ?x%d {1}" % i for i in range(n))),
    "many-subsel": lambda n: group(rep("{SELECT * {?a ?b ?c}}", n)),
    "many-graph": lambda n: group(rep("GRAPH ?g {?a ?b ?c}", n)),
    "many-having": lambda n: "SELECT ?a {?a ?b ?c} GROUP BY ?a HAVING " + rep("(?a)", n),
    "many-proj": lambda n: "SELECT " + "".join("(?a AS ?x%d)" % i for i in range(n)) + "{?a ?b ?c}",
    "many-agg": lambda n: (
        "SELECT " + "".join("(COUNT(?a+%d) AS ?x%d)" % (i, i) for i in range(n)) + "{?a ?b ?c}"
    ),
    "many-groupby": lambda n: (
        "SELECT * {?a ?b ?c} GROUP BY " + "".join("(?a AS ?x%d)" % i for i in range(n))
    ),
    "many-groupbyv": lambda n: (
        "SELECT ?x1 {?a ?b ?c} GROUP BY " + "".join("?x%d " % i for i in range(n))
    ),
    "many-orderby": lambda n: (
        "SELECT * {?a ?b ?c} ORDER BY " + "".join("(?a%d)" % i for i in range(n))
    ),
    "many-lateral": lambda n: group(
        "?a ?b ?c" + "".join(" LATERAL{?a ex:p ?x%d}" % i for i in range(n))
    ),
    "many-in": lambda n: group("FILTER(?a IN(" + rep("1", n, ",") + "))"),
    "many-inexpr": lambda n: group(
        "?a ?b ?c FILTER(?a IN(" + ",".join("?x%d" % i for i in range(n)) + "))"
    ),
    "many-concat": lambda n: group("BIND(CONCAT(" + rep("?a", n, ",") + ") AS ?z)"),
    "many-coalesce": lambda n: group("BIND(COALESCE(" + rep("?a", n, ",") + ") AS ?z)"),
    "many-ex-in": lambda n: group(
        "?a ?b ?c FILTER(" + "||".join("EXISTS{?a ?b ?c%d}" % i for i in range(n)) + ")"
    ),
    "many-describe": lambda n: "DESCRIBE " + "".join("?x%d " % i for i in range(n)) + "{?x1 ?b ?c}",
    "many-from": lambda n: (
        "SELECT * " + "".join("FROM ex:g%d " % i for i in range(n)) + "{?x1 ?b ?c}"
    ),
    "many-vars": lambda n: "SELECT " + "".join("?v%d " % i for i in range(n)) + "{?a ?b ?c}",
    "many-prefix": lambda n: (
        "".join("PREFIX p%d:<http://e/> " % i for i in range(n)) + "SELECT * {}"
    ),
    "many-values": lambda n: group("VALUES ?x {" + "1 " * n + "}"),
    "many-valuesr": lambda n: group("VALUES (?x ?y) {" + "(1 2) " * n + "}"),
    "many-construct": lambda n: "CONSTRUCT {" + "?a ?b ?c . " * n + "} {?a ?b ?c}",
    "patterns-same": lambda n: group(rep("?s ?p ?o", n, " . ")),
    "patterns-chain": lambda n: group(" . ".join("?v%d ex:p ?v%d" % (i, i + 1) for i in range(n))),
    "patterns-chainv": lambda n: group(
        " . ".join("?v%d ?p%d ?v%d" % (i, i, i + 1) for i in range(n))
    ),
    "patterns-star": lambda n: group("?s " + " ; ".join("ex:p%d ?o%d" % (i, i) for i in range(n))),
    "patterns-starv": lambda n: group("?s " + " ; ".join("?p%d ?o%d" % (i, i) for i in range(n))),
    "patterns-objs": lambda n: group("?s ex:p " + " , ".join("?o%d" % i for i in range(n))),
    "patterns-disc": lambda n: group(" . ".join("?s%d ?p%d ?o%d" % (i, i, i) for i in range(n))),
    "patterns-ground": lambda n: group(" . ".join("ex:s ex:p ex:o%d" % i for i in range(n))),
    "patterns-collitems": lambda n: group("?s ?p (" + "?x " * n + ")"),
    "patterns-bnodes": lambda n: group("?s ?p " + ",".join("[?p ?o]" for i in range(n))),
    "patterns-pathpat": lambda n: group(
        " . ".join("?v%d ex:p+ ?v%d" % (i, i + 1) for i in range(n))
    ),
    "patterns-clique": lambda n: group(
        " . ".join("?v%d ?p ?v%d" % (i % 7, (i * 3 + 1) % 7) for i in range(n))
    ),
    "patterns-reif": lambda n: group(" . ".join("<<?s%d ?p ?o>> ?q ?r" % i for i in range(n))),
    "patterns-annot": lambda n: group("?s ?p ?o " + "{| ?q ?r |} " * n),
    "patterns-tilde": lambda n: group("?s ?p ?o " + "~?r " * n),
    "patterns-existsbig": lambda n: group(
        "?s ?p ?o FILTER EXISTS {"
        + " . ".join("?v%d ex:p ?v%d" % (i, i + 1) for i in range(n))
        + "}"
    ),
    "patterns-optbig": lambda n: group(
        "?s ?p ?o OPTIONAL {" + " . ".join("?v%d ex:p ?v%d" % (i, i + 1) for i in range(n)) + "}"
    ),
    "patterns-blocks": lambda n: group(
        " ".join(
            "{" + " . ".join("?v%d_%d ex:p ?v%d_%d" % (j, i, j, i + 1) for i in range(10)) + "}"
            for j in range(n // 10)
        )
    ),
    "patterns-unions": lambda n: group(
        " UNION ".join(
            "{" + " . ".join("?v%d_%d ex:p ?v%d_%d" % (j, i, j, i + 1) for i in range(20)) + "}"
            for j in range(n // 20)
        )
    ),
    "patterns-unionjoin": lambda n: group(
        " . ".join("?v%d ex:p ?v%d" % (i, i + 1) for i in range(n - 4))
        + " {?a ?b ?c} UNION {?d ?e ?f . ?v1 ex:p ?z}"
    ),
    "path-seq": lambda n: group("?s " + rep("ex:p", n, "/") + " ?o"),
    "path-seqinv": lambda n: group("?s " + rep("^ex:p", n, "/") + " ?o"),
    "path-alt": lambda n: group("?s " + rep("ex:p", n, "|") + " ?o"),
    "path-seqstar": lambda n: group("?s " + rep("ex:p*", n, "/") + " ?o"),
    "path-altstar": lambda n: group("?s (" + rep("ex:p*", n, "|") + ")* ?o"),
    "path-seqalt": lambda n: group("?s " + rep("(ex:p|ex:q)", n // 2, "/") + " ?o"),
    "path-neg": lambda n: group("?s !(" + rep("ex:p", n, "|") + ") ?o"),
    "path-seqinstar": lambda n: group("?s (" + rep("ex:p", n, "/") + ")+ ?o"),
    "path-opt": lambda n: group("?s " + rep("ex:p?", n, "/") + " ?o"),
    "groups-star": lambda n: group(star(n)),
    "groups-staropt": lambda n: group(star(n) + " OPTIONAL {" + star(n, pre="b") + "}"),
    "groups-starminus": lambda n: group(star(n) + " MINUS {" + star(n, pre="b") + "}"),
    "groups-starexists": lambda n: group(star(n) + " FILTER EXISTS {" + star(n, pre="b") + "}"),
    "groups-starsub": lambda n: group(star(n) + " {SELECT * {" + star(n, pre="b") + "}}"),
    "groups-starunion": lambda n: group("{" + star(n) + "} UNION {" + star(n, pre="b") + "}"),
    "groups-starunionj": lambda n: group(
        star(n, pre="c") + "{" + star(n) + "} UNION {" + star(n, pre="b") + "}"
    ),
    "groups-optstars": lambda n: group(
        "?s ?p ?o " + " ".join("OPTIONAL {" + star(5, pre="b%d_" % i) + "}" for i in range(n))
    ),
    "groups-opts": lambda n: group(
        "?s ?p ?o " + " ".join("OPTIONAL {" + star(1, pre="b%d_" % i) + "}" for i in range(n))
    ),
    "groups-optsj": lambda n: group(
        " ".join(
            "OPTIONAL {" + star(1, pre="b%d_" % i) + "} ?s ?q%d ?r%d . " % (i, i)
            for i in range(n // 2)
        )
    ),
    "groups-starlat": lambda n: group(star(n) + " LATERAL {" + star(n, pre="b") + "}"),
    "groups-stargraph": lambda n: group(star(n // 2) + " GRAPH ?g {" + star(n // 2, pre="b") + "}"),
    "groups-values": lambda n: group("".join("VALUES ?x {1 2}" for i in range(n))),
    "groups-subsel": lambda n: group(
        "".join("{SELECT ?s {?s ?p%d ?o%d}}" % (i, i) for i in range(n))
    ),
    "groups-unions": lambda n: group(
        "".join("{?s ?p%d ?o%d}UNION{?s ?q%d ?r%d}" % (i, i, i, i) for i in range(n // 2))
    ),
    "groups-bindgr": lambda n: group("".join("{BIND(%d AS ?x)}" % i for i in range(n))),
    "groups-annot": lambda n: group("?s ?p ?o " + "{| ?q ?r |} " * n),
    "groups-seqstar": lambda n: group(
        "?s " + " ; ".join("ex:p/ex:q/ex:r ?o%d" % i for i in range(n // 3))
    ),
    "groups-minuses": lambda n: group(
        "?s ?p ?o " + " ".join("MINUS {" + star(1, pre="b%d_" % i) + "}" for i in range(n))
    ),
    "groups-filters": lambda n: group(
        star(n // 2)
        + " "
        + " ".join(
            "FILTER(?o%d < ?o%d && ?p%d = ?o%d)" % (i, i + 1, i, i) for i in range(n // 2 - 1)
        )
    ),
    "many-describeiri": lambda n: "DESCRIBE " + "".join("ex:x%d " % i for i in range(n)),
    "many-orderbyv": lambda n: (
        "SELECT * {?a ?b ?c} ORDER BY " + "".join("?x%d " % i for i in range(n))
    ),
    "many-inmix": lambda n: group(
        "?a ?b ?c FILTER(?a IN(" + ",".join("ex:x%d" % i for i in range(n)) + "))"
    ),
    "many-notin": lambda n: group(
        "?a ?b ?c FILTER(?a NOT IN(" + ",".join("'x%d'" % i for i in range(n)) + "))"
    ),
    "many-values2": lambda n: group(
        "?a ?b ?c VALUES ?a {"
        + " ".join("ex:x%d" % i for i in range(n))
        + "} VALUES ?b {"
        + " ".join("ex:x%d" % i for i in range(n))
        + "}"
    ),
    "many-valuesw": lambda n: group(
        "VALUES (" + " ".join("?x%d" % i for i in range(n)) + ") {(" + "1 " * n + ")}"
    ),
    "many-concatc": lambda n: group(
        "BIND(CONCAT(" + ",".join("'x%d'" % i for i in range(n)) + ") AS ?z)"
    ),
    "many-coalescec": lambda n: group(
        "?a ?b ?c FILTER(COALESCE(" + ",".join("ex:x%d" % i for i in range(n)) + "))"
    ),
    "many-constr2": lambda n: (
        "CONSTRUCT {" + " . ".join("?a ex:p%d ?c%d" % (i, i) for i in range(n)) + "} {?a ?b ?c}"
    ),
    "many-constrcoll": lambda n: "CONSTRUCT {?a ?b (" + "?a " * n + ")} {?a ?b ?c}",
}
