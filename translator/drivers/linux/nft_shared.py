"""What nftables rules become, read once for each distinct text: rulesets repeat themselves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Final

from translator.drivers.linux.chains import Entry
from translator.drivers.linux.nft_rule import RuleReader
from translator.drivers.linux.nft_tokens import Token
from translator.drivers.linux.nft_values import NamedSet
from translator.intents.pipeline import Unclear

__all__ = ["SharedRules"]

_LONGEST_SHARED: Final = 4096  # tokens of a rule worth remembering for others
_Words = tuple[tuple[str, bool], ...]


class SharedRules:
    """Reads the rules of one text; those that name sets mean the same until a set changes."""

    def __init__(self) -> None:
        self._of_sets: dict[tuple[_Words, int], tuple[Entry, ...]] = {}

    def forget_sets(self) -> None:
        """Read rules that name sets anew: what stands in one has changed."""
        self._of_sets.clear()

    def entries(
        self, part: list[Token], sets: Mapping[str, NamedSet], spec: str
    ) -> Sequence[Entry]:
        """Return the entries of a rule in a table with these sets.

        Raises:
            NotReadError: some part of it was not understood.
        """
        line = part[0].line
        if len(part) > _LONGEST_SHARED:
            return RuleReader(part, sets, line, spec).entries()
        words = tuple([(text, quoted) for text, _, quoted in part])
        if "@" in spec and (named := [text[1:] for text, _ in words if text.startswith("@")]):
            return self._with_sets(part, words, named, sets, spec)
        known = _entry_anywhere(words, spec)
        if known is None:
            return _entries_without_sets(tuple(part), spec)
        return (_at(line, known),)

    def _with_sets(
        self,
        part: list[Token],
        words: _Words,
        named: Sequence[str],
        sets: Mapping[str, NamedSet],
        spec: str,
    ) -> Sequence[Entry]:
        line, key = part[0].line, (words, id(sets))
        known = self._of_sets.get(key)
        if known is None:
            found = RuleReader(part, sets, line, spec).entries()
            if all(map(_is_simple, found)):
                self._of_sets[key] = tuple(found)
            return found
        for name in named:
            if name in sets and not sets[name].dynamic:
                sets[name].give()
        return [_at(line, entry) for entry in known]


def _at(line: int, entry: Entry) -> Entry:
    return Entry(
        entry.condition,
        entry.actions,
        entry.verdict,
        entry.target,
        lines=(line,),
        spec=entry.spec,
    )


def _is_simple(entry: Entry) -> bool:
    """Whether nothing of its meaning but its own line names a line."""
    unclear = any(isinstance(action, Unclear) for action in entry.actions)
    return not (entry.body or entry.copies or unclear)


@lru_cache(maxsize=4096)
def _entry_anywhere(words: _Words, spec: str) -> Entry | None:
    """Return what a rule means on any line, None where more of its meaning than that names it."""
    found = RuleReader([Token(text, 0, quoted) for text, quoted in words], {}, 0, spec).entries()
    return found[0] if len(found) == 1 and _is_simple(found[0]) else None


@lru_cache(maxsize=4096)
def _entries_without_sets(part: tuple[Token, ...], spec: str) -> Sequence[Entry]:
    """Devices of a fleet share most of their rules, at the same lines of the same script."""
    return RuleReader(part, {}, part[0].line, spec).entries()
