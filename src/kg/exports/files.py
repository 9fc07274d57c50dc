"""Files that appear whole or not at all."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from kg.errors import SettingsError

__all__ = ["write_whole"]


def write_whole(path: Path, data: bytes) -> None:
    """Write a file through a neighbour of it that takes its place when it is complete.

    A full disk or a stopped program leaves what was there before. Raises SettingsError.
    """
    try:
        handle, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
        neighbour = Path(name)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            neighbour.chmod(0o666 & ~_umask())
            neighbour.replace(path)
        except BaseException:
            neighbour.unlink()
            raise
    except OSError as error:
        raise SettingsError(
            f"the file can't be written: {error.strerror}",
            where=str(path),
            hint="name a file in a folder that exists and that you may write to",
        ) from None


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
