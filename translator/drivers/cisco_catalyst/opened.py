"""The ports of one switch, as headers open them: one, or many of which a range says the same."""

from __future__ import annotations

from collections.abc import Iterable

from translator.drivers.cisco.places import is_unknown_range
from translator.drivers.cisco_catalyst.port import Port

__all__ = ["Ports"]


class Ports:
    """Ports by their names. Those that had the same lines so far are one, and read a line once.

    Attributes:
        opened: the ports whose lines come next.
        are_unknown: whether the range that opened them does not say which they are.
    """

    def __init__(self) -> None:
        self._by_name: dict[str, Port] = {}
        self.opened: tuple[Port, ...] = ()
        self.are_unknown = False

    def named(self) -> Iterable[tuple[str, Port]]:
        """Return the names with their ports, in the order of the text."""
        return self._by_name.items()

    def open(self, names: tuple[str, ...], line: int) -> None:
        """Take in a header in that line, which opens the ports of these names, each once."""
        known = self._by_name
        groups: dict[Port | None, list[str]] = {}
        for name in names:
            groups.setdefault(known.get(name), []).append(name)
        opened = []
        for port, alike in groups.items():
            if port is None:
                found = Port(line, len(alike))
            else:
                found = port if port.sharers == len(alike) else port.split_off(len(alike))
            opened.append(found)
            known.update(dict.fromkeys(alike, found))
        self.opened = tuple(opened)
        self.are_unknown = any(map(is_unknown_range, names[:1]))
