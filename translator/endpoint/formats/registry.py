"""The formats of the endpoint side: how each is recognised, read and written.

A new format is one module with a `FORMAT` and its line in `_MODULES`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from importlib import import_module
from typing import Final

from translator.endpoint.settings import Settings
from translator.plan.cells import Cells

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
        group: what formats of its kind are called together, such as "registry files".
        fits: whether a source is of this format, from its content.
        read: every setting of the source, each with its line; None where it is only written.
            Raises PlanError, with file and line, for what cannot be understood without guessing.
        write: the whole file for those settings that the format holds, in the encoding that the
            product wants; None where it is only read.
        holds: whether the format has a place for a setting.
        extension: of a written file, such as `.reg`.
        why_not: why a setting of a kind that the format is for has no place in it; "" for
            settings that it holds, and for kinds that are the business of other formats.
        cells: the rows of the plan's table, header first, for a format that is a table; such a
            format has no settings. Raises PlanError as `read` does.
    """

    name: str
    title: str
    group: str
    fits: Callable[[Source], bool]
    read: Callable[[Source], Settings] | None
    write: Callable[[Settings], bytes] | None
    holds: Callable[[object], bool]
    extension: str = ""
    why_not: Callable[[object], str] = _nothing_to_say
    cells: Callable[[Source], Sequence[Cells]] | None = None


# Asked in this order; the first that fits reads the source. Formats with a signature of their own
# go first, tables of any kind last.
_MODULES: Final[tuple[str, ...]] = (
    "left_out",
    "exported_plan",
    "psched",
    "reg",
    "intune",
    "excel",
    "html",
    "cmdlets",
    "powershell_cs",
    "teams_tenant",
    "netqospolicy",
    "table",
)


def all_formats() -> tuple[EndpointFormat, ...]:
    """Return every format in the order in which they are asked."""
    return tuple(import_module(f"translator.endpoint.formats.{name}").FORMAT for name in _MODULES)
