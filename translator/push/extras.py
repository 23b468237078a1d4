"""The libraries that speak with devices: an extra of the installation, asked for first."""

from __future__ import annotations

from importlib.util import find_spec
from typing import Final

from translator.errors import UsageError

__all__ = ["need_napalm", "need_push"]

_LIBRARIES: Final = ("netmiko", "nornir", "paramiko")


def need_push() -> None:
    """Refuse to go on without what sessions with devices need.

    Raises:
        UsageError: a library is not installed.
    """
    _need(_LIBRARIES, "to speak with devices")


def need_napalm() -> None:
    """Refuse to go on without what sessions over NAPALM need beside that.

    Raises:
        UsageError: NAPALM is not installed.
    """
    _need(("napalm",), "to speak with devices over NAPALM")


def _need(names: tuple[str, ...], purpose: str) -> None:
    missing = [name for name in names if not _is_there(name)]
    if missing:
        raise UsageError(
            f"{purpose} {' and '.join(missing)} must be installed",
            hint="pip install 'qos-translator[push]'",
        )


def _is_there(name: str) -> bool:
    try:
        return find_spec(name) is not None
    except (ImportError, ValueError):  # something keeps it from being found
        return False
