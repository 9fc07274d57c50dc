"""Interim."""

from kg.engine.holdings import Holdings, Opening
from kg.errors import SettingsError


class RemoteHoldings:
    """Interim."""

    @classmethod
    def open(cls, opening: Opening) -> Holdings:
        """Interim."""
        raise SettingsError("not yet")
