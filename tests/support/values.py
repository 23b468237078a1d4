"""Copies of frozen values with other fields, of both kinds that the project has."""

from __future__ import annotations

import dataclasses
from typing import Any, TypeVar

from msgspec import Struct, structs

__all__ = ["replace"]

_T = TypeVar("_T")


def replace(value: _T, /, **changes: Any) -> _T:
    """Return the value with other fields: a data class or a Struct."""
    if isinstance(value, Struct):
        return structs.replace(value, **changes)
    copy: Any = dataclasses.replace
    changed: _T = copy(value, **changes)
    return changed
