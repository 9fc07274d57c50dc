"""The statuses that the server may answer with, whatever it is sent.

500 is none of them: it would be a fault of ours.
"""

from __future__ import annotations

__all__ = ["DECLARED"]

DECLARED = frozenset(
    {
        *(200, 204, 303, 304, 308),
        *(400, 401, 403, 404, 405, 406, 408, 409, 411, 412, 413, 414, 415, 417, 422, 429, 431),
        *(503, 504, 507),
    }
)
