"""SPARQL text in, bytes out: the only room that evaluates queries."""

from kg.engine.evaluate import Answer, Engine, Request

__all__ = ["Answer", "Engine", "Request"]
