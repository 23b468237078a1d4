"""What must not stand on a command line at all."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from translator.errors import UsageError

__all__ = ["refuse_passwords"]

_LOOKS_SO: Final = re.compile(
    r"--?(?:[a-z-]*[_-])?(?:passw(?:or)?d|pass|passphrase|secret|pwd|psk|token|enable)"
    r"(?:[_-](?:text|value|string|phrase|secret|password|pass))?",
    re.IGNORECASE,
)
_OURS: Final = frozenset({"--ask-pass"})


def refuse_passwords(arguments: Sequence[str]) -> None:
    """Refuse an option that looks as if it held a password; what it holds is not repeated.

    Raises:
        UsageError: there is one.
    """
    for argument in arguments:
        name = argument.partition("=")[0]
        if argument == "--":
            return
        if name not in _OURS and _LOOKS_SO.fullmatch(name):
            raise UsageError(
                f"{name}: a password on the command line can be read by every process",
                hint="set NET_PASSWORD or NET_SECRET, use --password-command or --ask-pass",
            )
