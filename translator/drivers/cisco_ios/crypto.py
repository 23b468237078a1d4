"""Crypto maps: which packets they encrypt before output policies classify what leaves."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Final

from translator.drivers.cisco.lists import AccessLists
from translator.drivers.cisco.reader import Section, TextLine
from translator.drivers.cisco_ios.hidden import ALL_BUT_TOS, Hidden
from translator.intents.condition import AccessList, AllOf, Condition, Entry
from translator.intents.match import ANY, Match

__all__ = ["CryptoMaps"]

_MATCH: Final = ["match", "address"]
_PRE_CLASSIFY: Final = ["qos", "pre-classify"]


class CryptoMaps:
    """The crypto maps of one text, by IP version and name.

    Args:
        lists: makes the access lists of the text, which only few texts ask for.
    """

    def __init__(self, sections: Iterable[Section], lists: Callable[[], AccessLists]) -> None:
        self._make_lists = lists
        self._lists: AccessLists | None = None
        self._entries: dict[tuple[int, str], dict[int, list[TextLine]]] = {}
        self._encrypted: dict[tuple[int, str], Condition | None] = {}
        for section in sections:
            version, words = 4, section.head.words[2:]
            if words[:1] == ["ipv6"] and len(words) > 2:
                version, words = 6, words[1:]
            if len(words) > 1 and words[1].isdecimal():
                known = self._entries.setdefault((version, words[0]), {})
                known.setdefault(int(words[1]), []).extend(section.body)

    def hidden(self, line: TextLine) -> Hidden | None:
        """Return what a crypto map hides from the output policy of the interface with that line.

        None where all that it encrypts shows its own header to classes (`qos pre-classify`).
        """
        key = (6 if line.keys[0] == "ipv6" else 4, line.words[line.keys.index("map") + 1])
        if key not in self._encrypted:
            self._encrypted[key] = self._condition(key)
        encrypted = self._encrypted[key]
        if encrypted is None:
            return None
        done = f"line {line.number}: {line.text} may encrypt packets"
        return Hidden(done, (line.number,), ALL_BUT_TOS, encrypted)

    def _condition(self, key: tuple[int, str]) -> Condition | None:
        """Return what a map may encrypt so that classes do not see it; None for nothing."""
        of_version = Match(version=key[0])
        if key not in self._entries:
            return of_version
        bodies = (body for _, body in sorted(self._entries[key].items()))
        found = tuple(entry for body in bodies if (entry := self._entry(body)) is not None)
        hides = any(entry.permit for entry in found)
        return AllOf((of_version, AccessList(found))) if hides else None

    def _entry(self, body: list[TextLine]) -> Entry | None:
        """Return whether an entry hides what it encrypts, and what that may be; None for nothing.

        A dynamic one, or one without a list, may take anything.
        """
        taken: Condition = ANY
        names = [line.words[2] for line in body if line.keys[:2] == _MATCH and len(line.keys) == 3]
        if names:
            if self._lists is None:
                self._lists = self._make_lists()
            taken = self._lists.condition(names[-1])
        seen = any(line.keys[:2] == _PRE_CLASSIFY for line in body)
        return None if seen and not names else Entry(not seen, taken)
