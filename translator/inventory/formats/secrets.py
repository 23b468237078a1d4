"""Secrets are never read from an inventory; this says which names hold them, and that it is so."""

from __future__ import annotations

import re
from typing import Final

__all__ = ["SECRETS_NOTE", "is_secret"]

SECRETS_NOTE: Final = (
    "passwords in the inventory are not read: secrets come from the environment, a prompt, "
    "a keyring or an agent"
)
_SECRET: Final = re.compile(r"(?i)(?:^|_)(?:pass|password|passwd|passphrase|secret|token)$")


def is_secret(name: str) -> bool:
    """Return whether a variable of that name holds a password or the like."""
    return _SECRET.search(name) is not None
