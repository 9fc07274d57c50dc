"""The web application: the SPARQL endpoint, linked data, and pages for people."""

from kg.web.app import create_app, make_ready

__all__ = ["create_app", "make_ready"]
