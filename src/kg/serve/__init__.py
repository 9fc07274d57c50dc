"""``kg serve``: the processes of a server, and the HTTP server itself."""

from kg.serve.supervisor import serve

__all__ = ["serve"]
