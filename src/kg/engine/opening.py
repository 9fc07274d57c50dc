"""Open what a server holds, by the name of its store."""

from __future__ import annotations

from kg.engine.disk import DiskHoldings
from kg.engine.holdings import Holdings, MemoryHoldings, Opening
from kg.errors import SettingsError

__all__ = ["open_holdings"]


def open_holdings(opening: Opening) -> Holdings:
    """Holdings of whichever kind. Raises DatasetError, SettingsError."""
    if opening.store == "memory":
        return MemoryHoldings.open(opening)
    if opening.journal is not None:
        raise SettingsError(
            "a journal is for a store in memory",
            where="--journal",
            hint="leave it out: this store keeps what is written by itself",
        )
    if opening.store.startswith(("http://", "https://")):
        from kg.engine.remote import RemoteHoldings

        return RemoteHoldings.open(opening)
    return DiskHoldings.open(opening)
