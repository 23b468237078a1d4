"""The formats of the endpoint side: how each is recognised, read and written.

A new format is one module with a `FORMAT` and its line in `_MODULES`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from typing import Final

from translator.endpoint.settings import Settings

__all__ = ["EndpointFormat", "Source", "all_formats"]


@dataclass(frozen=True, slots=True)
class Source:
    """A file as it was read: its name, its bytes, and its text ("" where it is not text)."""

    file: str
    data: bytes
    text: str


def _nothing_to_say(_setting: object) -> str:
    return ""


@dataclass(frozen=True, slots=True)
class EndpointFormat:
    """One format.

    Attributes:
        name: what `--format` takes, such as `reg` or `netqospolicy`.
        title: one line for people.
        fits: whether a source is of this format, from its content.
        read: every setting of the source, each with its line; None where it is only written.
            Raises PlanError, with file and line, for what cannot be understood without guessing.
        write: the whole file for those settings that the format holds, in the encoding that the
            product wants; None where it is only read.
        holds: whether the format has a place for a setting.
        extension: of a written file, such as `.reg`.
        why_not: why a setting of a kind that the format is for has no place in it; "" for
            settings that it holds, and for kinds that are the business of other formats.
    """

    name: str
    title: str
    fits: Callable[[Source], bool]
    read: Callable[[Source], Settings] | None
    write: Callable[[Settings], bytes] | None
    holds: Callable[[object], bool]
    extension: str = ""
    why_not: Callable[[object], str] = _nothing_to_say


# Asked in this order; the first that fits reads the source.
_MODULES: Final[tuple[str, ...]] = (
    "psched",
    "reg",
    "intune",
    "powershell_cs",
    "teams_tenant",
    "netqospolicy",
)


def all_formats() -> tuple[EndpointFormat, ...]:
    """Return every format in the order in which they are asked."""
    return tuple(import_module(f"translator.endpoint.formats.{name}").FORMAT for name in _MODULES)
