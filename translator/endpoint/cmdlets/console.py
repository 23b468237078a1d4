"""The text of a PowerShell console, cut into the objects that its cmdlets printed.

Prompts, typed commands and the heads of transcripts stand between objects and are no part of
them. Objects are lists (`Property : Value`, an empty line between two) or rows of a table.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from textwrap import dedent
from typing import Final

from translator.drivers.fsm import Row, rows
from translator.endpoint.cmdlets.printed import Printed, Property, canonical, object_of
from translator.endpoint.cmdlets.table import is_rule, table_objects
from translator.endpoint.powershell.prompt import PROMPT
from translator.errors import PlanError, Where

__all__ = ["colourless", "objects_of"]

_TEMPLATE: Final = "windows/format_list.textfsm"
_COLOUR: Final = re.compile(r"\x1b\[[0-9;]*m")
_PROPERTY: Final = re.compile(r"\w[\w.]*\s+:(\s|$)")
_COMMAND: Final = re.compile(
    r"\b(Get|Set|New|Select|Format|Where|Sort|Out|ForEach)-\w+", re.IGNORECASE
)
# `Get-CsService : The term ... is not recognized`, and how PowerShell 7 says it.
_FAILED: Final = re.compile(r"\s*(Get-\w+)\s*:\s+\S")
# A list on one line, as some pages and mails leave it: `Identity : Global Voice8021p : 0`.
_FLAT: Final = re.compile(r"(?<!\s)\s++(?=\w[\w.]*+\s++:\s)")


@dataclass(frozen=True, slots=True)
class _Block:
    """Lines without an empty line or a prompt between them, moved left to the margin.

    Attributes:
        first: number of the first line.
        width: of the console that printed them, less what they were moved.
    """

    lines: tuple[str, ...]
    first: int
    width: int


def colourless(text: str) -> str:
    """Return a text without the colours that PowerShell 7 gives to headings and names."""
    return _COLOUR.sub("", text)


def objects_of(text: str, file: str, known: Collection[str]) -> Iterator[Printed]:
    """Yield the objects of a text in its order.

    Args:
        known: canonical names of the properties that must not be passed over in silence.

    Raises:
        PlanError: a line that holds a known property is part of no object, a cmdlet failed, or
            the output was cut by a narrow console.
        UsageError: TextFSM is not installed.
    """
    lines = re.split(r"\r\n|\r|\n", colourless(text))
    for block in _blocks(lines):
        at = next((i for i, line in enumerate(block.lines) if _begins(block, i, line)), None)
        before = block.lines if at is None else block.lines[:at]
        for number, line in enumerate(before, block.first):
            _check_between(line, Where(file, number), known)
        if at is None:
            continue
        rest = _Block(block.lines[at:], block.first + at, block.width)
        if is_rule(rest.lines[1] if len(rest.lines) > 1 else ""):
            if at and not _COMMAND.search(block.lines[at - 1]):
                raise _two_lines(Where(file, rest.first - 1))
            yield from table_objects(rest.lines, rest.first, file)
        else:
            yield from _list_objects(rest, file)


def _begins(block: _Block, at: int, line: str) -> bool:
    """Whether a list begins at the line, or it is the header of a table."""
    after = block.lines[at + 1] if at + 1 < len(block.lines) else ""
    return _PROPERTY.match(line) is not None or is_rule(after)


def _blocks(lines: Sequence[str]) -> Iterator[_Block]:
    width = max(len(line.rstrip()) for line in lines)
    kept: list[str] = []
    for number, line in enumerate((*lines, ""), 1):
        if line.strip() and not PROMPT.match(line):
            kept.append(line.expandtabs().rstrip())
        elif kept:
            moved = tuple(dedent("\n".join(kept)).split("\n"))
            shift = len(kept[0]) - len(moved[0])
            yield _Block(moved, number - len(kept), width - shift)
            kept = []


def _check_between(line: str, where: Where, known: Collection[str]) -> None:
    """Refuse a line between objects that is no mere noise."""
    failed = _FAILED.match(line)
    if failed is not None:
        raise PlanError(
            f"{failed[1]} failed when this was saved: {line.strip()[:80]!a}",
            where=where,
            hint="run it in the management shell of the product, with rights to read",
        )
    if _COMMAND.search(line):
        return
    for word in re.findall(r"\w+", line):
        if canonical(word) in known:
            raise PlanError(
                f"{word[:40]} stands on a line that is part of neither a list nor a table",
                where=where,
                hint="give the output as the cmdlet prints it: ... | Format-List",
            )


def _two_lines(where: Where) -> PlanError:
    return PlanError(
        "the header of a table is on more than one line",
        where=where,
        hint="print a list instead of a table: ... | Format-List",
    )


def _list_objects(block: _Block, file: str) -> Iterator[Printed]:
    properties: list[Property] = []
    for item in _properties(block, file):
        # Where the empty lines were lost, the next object begins with the same property.
        if properties and canonical(item.name) == canonical(properties[0].name):
            yield object_of(properties, properties[0].where)
            properties = []
        properties.append(item)
    if properties:
        yield object_of(properties, properties[0].where)


def _properties(block: _Block, file: str) -> Iterator[Property]:
    if len(_FLAT.split(block.lines[0])) > 1 and (len(block.lines) == 1 or _is_identity(block)):
        yield from _flat_properties(block, file)
        return
    for number, line in enumerate(block.lines, block.first):
        if len(line.splitlines()) > 1:  # what only looks like a new line
            raise _no_property(line, Where(file, number))
    for row in rows(_TEMPLATE, "\n".join(block.lines), block.first, extra="cmdlets"):
        for unread in row.unread:
            raise _no_property(unread.text, Where(file, unread.line))
        if row.text("PROPERTY"):
            yield Property(row.text("PROPERTY"), _joined(row, block), Where(file, row.first))


def _is_identity(block: _Block) -> bool:
    """Whether the block begins with an identity, in which no second property can hide."""
    return block.lines[0].lower().startswith("identity")


def _flat_properties(block: _Block, file: str) -> Iterator[Property]:
    for number, line in enumerate(block.lines, block.first):
        for part in _FLAT.split(line):
            if not _PROPERTY.match(part):
                raise _no_property(part, Where(file, number))
            name, _, value = part.partition(":")
            yield Property(name.strip(), value.strip(), Where(file, number))


def _no_property(text: str, where: Where) -> PlanError:
    return PlanError(
        f"{text[:60]!a} is neither `Property : Value` nor more of the line above",
        where=where,
        hint="give the output as the cmdlet prints it, an empty line between objects",
    )


def _joined(row: Row, block: _Block) -> str:
    """The value with its further lines: cut at a blank, or in a word that fills the console."""
    text = row.text("VALUE")
    for number, more in enumerate(row.items("MORE"), row.first):
        is_full = len(block.lines[number - block.first]) == block.width
        text += more if is_full else f" {more}"
    return text.strip()
