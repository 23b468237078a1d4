"""Names of hosts as Ansible writes them: `sw[01:20:2].example`, `[a:f]-gw`, `core:2222`.

Source:
    Ansible, "How to build your inventory": "Adding ranges of hosts", and what `ansible-inventory`
    makes of them.
"""

from __future__ import annotations

import re
import string
from collections.abc import Iterator
from typing import Final

from translator.inventory.source import MAX_HOSTS

__all__ = ["RangeError", "expand", "names_host_and_port", "split_port"]

_LONGEST: Final = 1000
_PORT: Final = re.compile(r"((?:[^:\[\]]|\[[^\]]*\])*):([0-9]{1,9})")
_BRACKETED: Final = re.compile(r"\[(.+)\]:([0-9]{1,9})")
_HOST: Final = re.compile(r"(?:[\w.-]|\[[0-9a-zA-Z]+:[0-9a-zA-Z]+(?::[0-9]+)?\])+")
_BAD_LABEL: Final = re.compile(r"[-_](?:\.|$)|(?:^|\.)(?:[-.]|$)")
_LETTERS: Final = string.ascii_letters


class RangeError(ValueError):
    """A range of hosts is wrong; the text says how."""


def split_port(text: str) -> tuple[str, int | None]:
    """Return name and port of `core:2222`, `sw[1:3]:2222` or `[core]:2222`; None without a port."""
    for form in (_BRACKETED, _PORT):
        found = form.fullmatch(text)
        if found and _HOST.fullmatch(found[1]) and not _BAD_LABEL.search(found[1]):
            return found[1], int(found[2])
    return text, None


def names_host_and_port(text: str) -> bool:
    """Return whether a text with colons is one host with its port rather than several terms."""
    return split_port(text)[1] is not None


def expand(pattern: str) -> list[str]:
    """Return the names that a pattern with any number of ranges stands for, in Ansible's order.

    Raises:
        RangeError: a range is not `begin:end` or `begin:end:step`, or stands for too many names.
    """
    if len(pattern) > _LONGEST:
        raise RangeError(f"a name of {len(pattern)} characters")
    found = [""]
    rest = pattern
    while "[" in rest:
        head, _, tail = rest.partition("[")
        inside, bracket, rest = tail.partition("]")
        if not bracket:
            raise RangeError("a range that is not closed")
        names = _sequence(inside)
        if len(found) * len(names) > MAX_HOSTS:
            raise RangeError(f"ranges that stand for more than {MAX_HOSTS} names")
        found = [f"{name}{head}{part}" for name in found for part in names]
    return [name + rest for name in found]


def _sequence(inside: str) -> list[str]:
    bounds = inside.split(":")
    if len(bounds) not in (2, 3) or not bounds[1]:
        raise RangeError(f"[{inside}], which is neither [begin:end] nor [begin:end:step]")
    begin, end = bounds[0] or "0", bounds[1]
    step = _number(bounds[2], inside) if len(bounds) == 3 else 1
    if step < 1:
        raise RangeError(f"[{inside}], whose step is not 1 or more")
    if len(begin) == len(end) == 1 and begin in _LETTERS and end in _LETTERS:
        first, last = _LETTERS.index(begin), _LETTERS.index(end)
        if first > last:
            raise RangeError(f"[{inside}], which does not ascend")
        return list(_LETTERS[first : last + 1 : step])
    width = len(begin) if begin.startswith("0") and len(begin) > 1 else 0
    if width and width != len(end):
        raise RangeError(f"[{inside}], whose ends are not equally long")
    return list(_numbers(range(_number(begin, inside), _number(end, inside) + 1, step), width))


def _numbers(numbers: range, width: int) -> Iterator[str]:
    if len(numbers) > MAX_HOSTS:
        raise RangeError(f"a range that stands for more than {MAX_HOSTS} names")
    return (str(number).zfill(width) for number in numbers)


def _number(text: str, inside: str) -> int:
    if not text.isascii() or not text.isdigit() or len(text) > 12:
        raise RangeError(f"[{inside}], whose ends are neither two numbers nor two letters")
    return int(text)
