"""A second opinion: what ciscoconfparse makes of a configuration when commands are entered.

It is told what to do in its own terms (objects, children, line numbers, indentation) and knows
nothing of our reader. Three of its habits are met here: it takes banner text for configuration,
so banners are kept from it; it logs to stdout, which is turned off; and `append_to_family` adds
the line behind every line of the same text, in other families too (measured with 1.9.52), so each
family is parsed by itself and new lines are put where its objects say that the family ends.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Final

from translator.drivers.cisco.edit_tree import depth, words_of
from translator.drivers.cisco.freetext import FreeTexts, may_begin_free_text
from translator.errors import UsageError

__all__ = ["predict"]

_DEFAULT: Final = "class class-default"


def predict(text: str, commands: Sequence[str]) -> str:
    """Return the text after the commands, without its banners.

    Args:
        commands: indented as they stand in a running configuration; that is all it goes by.

    Raises:
        UsageError: ciscoconfparse is not installed.
    """
    known = _Prediction(text)
    for line in commands:
        known.enter(line)
    return "\n".join(known.lines())


def _parsed(lines: list[str]) -> Any:
    try:
        import ciscoconfparse  # type: ignore[import-untyped]  # heavy: 280 ms, starts a thread
        from loguru import logger
    except ImportError:
        raise UsageError(
            "the second opinion on edited configurations needs ciscoconfparse",
            hint="install it: pip install 'qos-translator[edit]'",
        ) from None
    logger.disable("ciscoconfparse")
    return ciscoconfparse.CiscoConfParse(lines, syntax="ios")


class _Prediction:
    """The families that commands touch, each with its lines as they are by now."""

    def __init__(self, text: str) -> None:
        parsed = _parsed(list(_without_free_text(text.replace("\r", "").split("\n"))))
        # Its line numbers are those of its own lines: it drops blank ones.
        self._text: list[str] = list(parsed.ioscfg)
        self._ends: dict[int, int] = {}
        self._families: dict[str, list[str]] = {}
        self._at: dict[str, int] = {}
        for item in parsed.find_objects(r"^\S"):
            last = item.all_children[-1].linenum if item.all_children else item.linenum
            self._ends[item.linenum] = last + 1
            self._at.setdefault(words_of(item.text), item.linenum)
        self._open = ""
        self._class = ""

    def enter(self, line: str) -> None:
        """Take in one command."""
        words = words_of(line)
        level = depth(line)
        if level == 0:
            self._top(words)
        elif level == 1:
            self._child(words)
        else:
            self._grandchild(words)

    def lines(self) -> Iterator[str]:
        """Yield the lines of the whole text as it is predicted."""
        at = {start: head for head, start in self._at.items() if head in self._families}
        new = [head for head in self._families if head not in self._at]
        number = 0
        while number < len(self._text):
            if words_of(self._text[number]) == "end":
                break
            if number in at:
                yield from self._families[at[number]]
                number = self._ends[number]
            else:
                yield self._text[number]
                number += 1
        for head in new:
            yield from self._families[head]
        yield from self._text[number:]

    def _top(self, words: str) -> None:
        self._class = ""
        if words.startswith("no "):
            self._families[self._loaded(words[3:])] = []
            self._open = ""
        else:
            self._open = self._loaded(words)
            if not self._families[self._open]:
                self._families[self._open] = [words]

    def _loaded(self, head: str) -> str:
        """Take a family in hand; a new one has no lines yet."""
        if head not in self._families:
            start = self._at.get(head)
            lines = [] if start is None else self._text[start : self._ends[start]]
            self._families[head] = lines
        return head

    def _child(self, words: str) -> None:
        self._class = ""
        lines = self._families[self._open]
        family = _parsed(lines).find_objects(r"^\S")[0]
        if words.startswith("no "):
            found = [item for item in family.all_children if _same(item.text, words[3:])]
            self._families[self._open] = _without(lines, found[:1])
            return
        present = [item for item in family.children if words_of(item.text) == words]
        if words.startswith("class ") and self._open.startswith("policy-map "):
            self._class = words
            if present:
                return
        last = family.all_children[-1].linenum + 1 if family.all_children else 1
        default = [item.linenum for item in family.children if words_of(item.text) == _DEFAULT]
        lines.insert(default[0] if default and self._class else last, f" {words}")

    def _grandchild(self, words: str) -> None:
        lines = self._families[self._open]
        family = _parsed(lines).find_objects(r"^\S")[0]
        owner = next(item for item in family.children if words_of(item.text) == self._class)
        if words.startswith("no "):
            found = [item for item in owner.all_children if _same(item.text, words[3:])]
            self._families[self._open] = _without(lines, found[:1])
            return
        for item in owner.children:
            if _sets(item.text) == _sets(words):
                lines[item.linenum] = f"  {words}"
                return
        last = owner.all_children[-1].linenum if owner.all_children else owner.linenum
        lines.insert(last + 1, f"  {words}")


def _without(lines: list[str], items: list[Any]) -> list[str]:
    gone = {one.linenum for item in items for one in (item, *item.all_children)}
    return [line for number, line in enumerate(lines) if number not in gone]


def _same(text: str, words: str) -> bool:
    """Whether a line is the one; an entry may have a number that the command leaves out."""
    parts = text.split()
    if parts[:1] == ["sequence"]:
        parts = parts[1:]
    if len(parts) > 1 and parts[0].isdigit():
        parts = parts[1:]
    return " ".join(parts) == words


def _sets(text: str) -> str:
    """Return what a line sets: a line that sets the same replaces it."""
    words = text.split()
    if words[0] in ("police", "description"):
        return text.strip()
    return " ".join(words[:2]) if words[0] == "set" else words[0]


def _without_free_text(lines: list[str]) -> Iterator[str]:
    free_texts, until = FreeTexts(lines), 0
    for number, line in enumerate(lines, 1):
        if number <= until:
            continue
        if may_begin_free_text(line):
            until = free_texts.end(number) or 0
            if until > number:
                continue
        yield line
