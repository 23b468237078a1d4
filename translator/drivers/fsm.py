"""Reads what a command prints with a TextFSM template, and keeps what the template did not know.

A template ends each state with `^. -> Error`. The text is fed line by line, so that such a line
spoils only the record that it belongs to: it comes back with its number, and the next line is
read in the state in which this one was found.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from io import StringIO
from typing import Any, Final

from translator.drivers.templates import template_root
from translator.errors import UsageError
from translator.intents.device import Unread

__all__ = ["Row", "number", "rows"]

# No device prints a longer one; patterns are spared what a hostile text could make of it.
_LONGEST_LINE: Final = 1000
# After so many lines in a row that say nothing, a text is another one; reading on would only cost.
_MOST_UNREAD: Final = 200
_UNKNOWN: Final = "no counter that is known here"


@dataclass(frozen=True, slots=True)
class Row:
    """One record of a template: its values, the lines it came from, and those not understood."""

    values: Mapping[str, Any]
    first: int
    last: int
    unread: tuple[Unread, ...] = ()

    def text(self, name: str) -> str:
        """Return a value, "" where the output does not have it."""
        return str(self.values[name])

    def number(self, name: str) -> int | None:
        """Return a value as a number; None where it is missing or no number (`NA`)."""
        return number(self.text(name))

    def items(self, name: str) -> list[Any]:
        """Return the items of a list value: text, or a mapping of the parts of each."""
        return list(self.values[name])


def number(text: str | None) -> int | None:
    """Return a counter as a number; None where there is none (`NA`, `-`, nothing)."""
    return int(text) if text and text.isascii() and text.isdigit() else None


def rows(
    template: str, text: str, first_line: int = 1, *, extra: str = "counters"
) -> Iterator[Row]:
    """Yield the records of a text; one without values holds lines that belong to no record.

    Args:
        template: such as `cisco_ios/show_policy_map_interface.textfsm`.
        first_line: number of the text's first line in its file.
        extra: the extra of this package that brings TextFSM to whoever reads such texts.

    Raises:
        UsageError: TextFSM is not installed.
    """
    machine = _machine(template, extra)
    from textfsm import TextFSMError  # type: ignore[import-untyped]

    start, last, done = first_line, first_line, 0
    unread: list[Unread] = []
    for at, printed in enumerate(text.split("\n"), first_line):
        line = printed.rstrip()
        if not line:
            continue
        try:
            if len(line) > _LONGEST_LINE:
                raise TextFSMError(_UNKNOWN)
            found = machine.ParseText(line, eof=False)
        except TextFSMError:
            unread.append(Unread(at, line[:_LONGEST_LINE], _UNKNOWN))
            last = at
            if len(unread) >= _MOST_UNREAD:
                unread.append(Unread(at + 1, "", "nothing was read from here on"))
                break
            continue
        if len(found) > done:
            yield _row(machine, found[done], start, last, unread)
            start, done, unread = at, len(found), []
        last = at
    found = machine.ParseText("", eof=True)
    if len(found) > done or unread:
        values = found[done] if len(found) > done else [""] * len(machine.header)
        yield _row(machine, values, start, last, unread)


def _row(machine: Any, values: list[Any], first: int, last: int, unread: list[Unread]) -> Row:
    named = dict(zip(machine.header, values, strict=True))
    return Row(named, first, last, tuple(unread))


def _machine(template: str, extra: str) -> Any:
    """Return a machine of its own for each text: sessions are read in threads."""
    try:
        import textfsm
    except ImportError:
        raise UsageError(
            "what commands print is read with TextFSM, which is not installed",
            hint=f"install it: pip install 'qos-translator[{extra}]'",
        ) from None
    return textfsm.TextFSM(StringIO(_template(template)))


@cache
def _template(name: str) -> str:
    return (template_root() / name).read_text(encoding="utf-8")
