"""Write one file: whole, or not at all."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from tempfile import NamedTemporaryFile

from translator.errors import UsageError, Where

__all__ = ["write_file"]


def write_file(path: Path, pieces: Iterable[bytes]) -> None:
    """Write the pieces as a file, over an older one; if that fails, the older one stays.

    Raises:
        UsageError: the file cannot be written.
    """
    try:
        with NamedTemporaryFile("wb", dir=path.parent, prefix=".", delete=False) as file:
            staged = Path(file.name)
            try:
                file.writelines(pieces)
                file.flush()
                staged.chmod(0o644)
                staged.replace(path)
            except BaseException:
                staged.unlink(missing_ok=True)
                raise
    except (OSError, ValueError) as error:
        raise UsageError(
            f"cannot be written: {getattr(error, 'strerror', None) or error}",
            where=Where(str(path)),
            hint="name a file in a folder that exists and that you may write",
        ) from None
