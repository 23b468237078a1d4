"""A Junos configuration: a tree, changed by `set` and `delete`, printed in both forms."""

from __future__ import annotations

import shlex
from collections.abc import Iterator
from dataclasses import dataclass, field

from .schema import ROOT, Statement

__all__ = ["Config", "Item", "StatementError", "split"]


class StatementError(Exception):
    """A word does not fit; `at` is its place among the words."""

    def __init__(self, at: int, word: str) -> None:
        super().__init__(word)
        self.at = at
        self.word = word


@dataclass(slots=True)
class Item:
    """One statement: its words, what kind it is, what stands below it."""

    text: str
    statement: Statement
    values: list[str] = field(default_factory=list)
    children: dict[str, Item] = field(default_factory=dict)
    comment: str = ""
    inactive: bool = False

    def copy(self) -> Item:
        """Return an independent copy."""
        below = {key: item.copy() for key, item in self.children.items()}
        return Item(
            self.text, self.statement, list(self.values), below, self.comment, self.inactive
        )

    @property
    def holds(self) -> bool:
        """Whether other statements may stand below it."""
        return self.statement.kind in ("container", "named")


class Config:
    """One configuration (active, candidate, or kept for rollback)."""

    def __init__(self, root: Item | None = None) -> None:
        self.root = root or Item("", ROOT)

    def copy(self) -> Config:
        """Return an independent copy."""
        return Config(self.root.copy())

    def set(self, words: list[str]) -> Item:
        """Add a statement; return its item.

        Raises:
            StatementError: a word does not fit where it stands, or a value is missing.
        """
        item, at = self.root, 0
        while at < len(words):
            item, at = _step(item, words, at)
        return item

    def find(self, words: list[str]) -> tuple[list[Item], list[str]]:
        """Return the items along a path, and the words that name values of the last one.

        Raises:
            StatementError: there is no such statement.
        """
        chain, at = [self.root], 0
        while at < len(words):
            item = chain[-1]
            if not item.holds:
                return chain, words[at:]
            key, used = next(
                (
                    (key, len(key.split()))
                    for key in item.children
                    if words[at : at + len(key.split())] == key.split()
                ),
                ("", 0),
            )
            if not used:
                raise StatementError(at, words[at])
            chain.append(item.children[key])
            at += used
        return chain, []

    def delete(self, words: list[str]) -> bool:
        """Remove a statement or a value; False when there is none."""
        if not words:
            self.root.children.clear()
            return True
        try:
            chain, values = self.find(words)
        except StatementError:
            return self._delete_starting(words)
        last = chain[-1]
        if values and last.statement.kind == "list" and len(last.values) > 1:
            if values[0] not in last.values:
                return False
            last.values.remove(values[0])
            return True
        if values and values != last.values:
            return False
        self._drop(chain)
        return True

    def _delete_starting(self, words: list[str]) -> bool:
        """`delete interfaces` and the like name the first words of statements."""
        try:
            chain, _ = self.find(words[:-1])
        except StatementError:
            return False
        below = chain[-1].children
        hit = [key for key in below if key.split()[0] == words[-1]]
        for key in hit:
            del below[key]
        return bool(hit)

    @staticmethod
    def _drop(chain: list[Item]) -> None:
        """Remove the last item; containers without a name vanish when they are empty."""
        for parent, item in zip(chain[-2::-1], chain[:0:-1], strict=True):
            del parent.children[_key(item)]
            if parent.children or parent.statement.kind == "named":
                return

    def curly(self, *path: str) -> str:
        """Return the text in braces, of all or of what stands below a path."""
        chain, _ = self.find(list(path))
        last = chain[-1]
        if not last.holds:
            return f"{_leaf(last)}\n"
        return "".join(f"{line}\n" for line in _curly(last, 0))

    def sets(self, *path: str) -> str:
        """Return the text as `set` commands."""
        chain, _ = self.find(list(path))
        start = " ".join(item.text for item in chain[1:-1])
        return "".join(f"{line}\n" for line in _sets(chain[-1], f"set {start}".rstrip()))


def _key(item: Item) -> str:
    return item.text if item.statement.kind != "many" else f"{item.text} {' '.join(item.values)}"


def _step(item: Item, words: list[str], at: int) -> tuple[Item, int]:
    """Go down one statement, making it where it is not yet."""
    word = words[at]
    statement = item.statement.find(word)
    if statement is None:
        raise StatementError(at, word)
    if statement.kind == "any":
        return _free(item, words, at)
    used = 1
    if statement.kind == "named" and statement.word != "*":
        if at + 1 >= len(words):
            raise StatementError(at + 1, "")
        used = 2
    text = " ".join(words[at : at + used])
    at += used
    if statement.kind in ("leaf", "list", "many"):
        return _valued(item, statement, text, words, at)
    child = item.children.setdefault(text, Item(text, statement))
    more = statement.kind == "flag" and at < len(words)
    return (item if more else child), at


def _valued(
    item: Item, statement: Statement, text: str, words: list[str], at: int
) -> tuple[Item, int]:
    end = _value_end(item, statement, words, at)
    values = [word for word in words[at:end] if word not in ("[", "]")]
    if not values:
        raise StatementError(at, "")
    key = text if statement.kind != "many" else f"{text} {' '.join(values)}"
    child = item.children.setdefault(key, Item(text, statement))
    if statement.kind == "list":
        child.values += [value for value in values if value not in child.values]
    else:
        child.values = values
    return (child if end == len(words) else item), end


def _value_end(item: Item, statement: Statement, words: list[str], at: int) -> int:
    """Where the value ends: at the bracket, or before the next statement of the same container."""
    if statement.kind == "many":
        return len(words)
    if words[at : at + 1] == ["["]:
        return words.index("]", at) + 1 if "]" in words[at:] else len(words)
    siblings = {each.word for each in item.statement.below}
    end = at + 1
    while end < len(words) and words[end] not in siblings and statement.kind == "leaf":
        end += 1
    return end


def _free(item: Item, words: list[str], at: int) -> tuple[Item, int]:
    """Where nothing is described each word contains the next; Junos may set other braces."""
    inner = Statement(words[at], "container", below=[Statement("~", "any")])
    return item.children.setdefault(words[at], Item(words[at], inner)), at + 1


def _leaf(item: Item) -> str:
    values = item.values
    if item.statement.kind == "list" and len(values) > 1:
        return f"{item.text} [ {' '.join(values)} ];"
    return " ".join([item.text, *values]) + ";"


def _curly(item: Item, level: int) -> Iterator[str]:
    pad = "    " * level
    for child in item.children.values():
        mark = "inactive: " if child.inactive else ""
        if child.comment:
            yield f"{pad}{child.comment}"
        below = list(child.children.values())
        if not child.holds:
            yield f"{pad}{mark}{_leaf(child)}"
        elif not below:
            yield f"{pad}{mark}{child.text};"
        elif child.statement.one_line or (child.text == "then" and _is_single(below)):
            inner = " ".join(_leaf(each).rstrip(";") for each in below)
            yield f"{pad}{mark}{child.text} {inner};"
        else:
            yield f"{pad}{mark}{child.text} {{"
            yield from _curly(child, level + 1)
            yield f"{pad}}}"


def _is_single(below: list[Item]) -> bool:
    return len(below) == 1 and not below[0].holds and not below[0].comment


def _sets(item: Item, start: str) -> Iterator[str]:
    here = f"{start} {item.text}".rstrip()
    if not item.holds:
        each = item.values if item.statement.kind == "list" else [" ".join(item.values)]
        yield from (f"{here} {value}".rstrip() for value in each)
    elif not item.children and item.text:
        yield here
    for child in item.children.values():
        yield from _sets(child, here)
    if item.inactive:
        yield f"de{here}".replace("deset", "deactivate", 1)


def split(line: str) -> list[str]:
    """Split a statement into words; a quoted text is one word and keeps its quotes."""
    lexer = shlex.shlex(line, posix=False)
    lexer.whitespace_split = True
    lexer.commenters = ""
    return list(lexer)
