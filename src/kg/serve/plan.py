"""What a server is to do: the settings, and the dataset they are about, in the engine's terms."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from kg.engine.holdings import Opening
from kg.engine.worker import Bounds
from kg.settings import ServeSettings

__all__ = ["Plan"]


@dataclass(frozen=True)
class Plan:
    """A dataset's folder and how it is served."""

    folder: Path
    settings: ServeSettings

    @property
    def bounds(self) -> Bounds:
        """What one question may cost."""
        return Bounds(memory=self.settings.memory << 20, seconds=self.settings.timeout)

    @property
    def opening(self) -> Opening:
        """How the data is opened."""
        settings = self.settings
        return Opening(
            self.folder,
            store=settings.store,
            merged=settings.merged,
            writable=settings.update_token_file is not None,
            validate=settings.validate,
            journal=settings.journal,
            reload=settings.reload,
        )
