"""A value that must never be seen: no way of printing or storing it shows what it holds."""

from __future__ import annotations

import hmac
from typing import Final, NoReturn

__all__ = ["Secret"]

_SHOWN: Final = "Secret(***)"


class Secret:
    """A password or key passphrase; only `reveal` gives it away, at the one place that needs it."""

    __slots__ = ("_value",)

    def __init__(self, value: str) -> None:
        self._value = value

    def reveal(self) -> str:
        """Return the value itself."""
        return self._value

    def __repr__(self) -> str:
        return _SHOWN

    __str__ = __repr__

    def __format__(self, spec: str) -> str:
        return _SHOWN

    def __bool__(self) -> bool:
        return bool(self._value)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Secret):
            return NotImplemented
        return hmac.compare_digest(self._value.encode(), other._value.encode())

    def __hash__(self) -> int:
        return hash(("Secret", self._value))

    def __reduce__(self) -> NoReturn:
        raise TypeError("a secret is never stored or sent to another process")
