"""Whether a candidate holds what was typed and nothing else, by `show | compare`.

The comparison is one of paths. How a value is written is left to the proof that follows the commit:
a device may print a value in another form than it was typed in.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from translator.drivers.juniper_junos.words import words_of_line

__all__ = ["unplanned"]

_EDIT: Final = re.compile(r"\[edit(?P<path>[^\]]*)\]")
_CHANGED: Final = re.compile(r"(?P<sign>[-+!]) +(?P<text>\S.*)")
_TAGS: Final = frozenset({"inactive:", "protect:", "replace:", "active:"})


def unplanned(diff: str, lines: Sequence[str]) -> str:
    """Return what speaks against a commit of the candidate; "" where nothing does.

    Args:
        diff: output of `show | compare`.
        lines: `set` and `delete` lines that were entered.
    """
    planned = [tuple(words_of_line(line)[1:]) for line in lines]
    seen = False
    for path in _paths(diff):
        seen = True
        if not path or not any(_related(path, words) for words in planned):
            return f"the candidate holds what nobody planned: {' '.join(path) or diff[:200]}"
    return "" if seen else "the candidate does not differ from what is active"


def _related(path: tuple[str, ...], words: tuple[str, ...]) -> bool:
    """Whether a path is that of a line; its last word is its value, which it may replace."""
    shared = min(len(path), len(words) - 1)
    return path[:shared] == words[:shared]


def _paths(diff: str) -> Iterator[tuple[str, ...]]:
    """Yield the path of each statement that differs; an empty one for a line that is neither."""
    above: tuple[str, ...] = ()
    stack: list[tuple[str, ...]] = []
    for line in diff.splitlines():
        edit = _EDIT.fullmatch(line.strip())
        changed = _CHANGED.fullmatch(line.rstrip())
        if edit is not None:
            above, stack = tuple(words_of_line(edit["path"])), []
        elif changed is not None:
            words = _words(changed["text"])
            path = (*above, *(word for each in stack for word in each), *words)
            if changed["text"].endswith("{"):
                stack.append(words)
            elif changed["text"] == "}":
                del stack[-1:]
            elif changed["sign"] != "!":  # only the order differs: the terms themselves are shown
                yield path
        elif line.strip():
            yield ()


def _words(text: str) -> tuple[str, ...]:
    """Return the words of a statement, up to a list of values."""
    words = words_of_line(text.rstrip(";{} "))
    words = [word for word in words if word not in _TAGS]
    return tuple(words[: words.index("[")] if "[" in words else words)
