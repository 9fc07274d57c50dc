"""The W3C's SPARQL 1.1 tests, sent over HTTP to a running server.

``manifests`` reads the suite, ``answers`` compares, ``evaluation``, ``messages``, ``description``
and ``prose`` each run one kind of test, ``record`` writes what came out, ``__main__`` is the
command. ``reasons.toml`` names every test that may not pass, and why.
"""
