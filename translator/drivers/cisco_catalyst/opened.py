"""The ports of one switch, as headers open them: one, or many of which a range says the same."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from translator.drivers.cisco.interface_names import printed_names
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
        self._spelled: dict[str, str] = {}
        self.opened: tuple[Port, ...] = ()
        self.are_unknown = False

    def named(self) -> Iterable[tuple[str, Port]]:
        """Return the names, as they were first written, with their ports, in their order."""
        return self._by_name.items()

    def open(self, names: tuple[str, ...], line: int) -> None:
        """Take in a header in that line, which opens the ports of these names, each once."""
        known = self._by_name
        groups: dict[Port | None, list[str]] = {}
        for name in map(self._name, names):
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

    def reset(self, names: tuple[str, ...], line: int) -> bool:
        """Take in that these ports have no lines any more; return whether one had any about QoS."""
        self.opened, self.are_unknown = (), any(map(is_unknown_range, names[:1]))
        had_any = False
        for name in map(self._name, names):
            port = self._by_name.get(name)
            if port is None or not (port.lines or port.is_unread or port.template):
                continue
            had_any = True
            port.sharers -= 1
            fresh = self._by_name[name] = Port(line)
            fresh.lines.append(line)
        return had_any

    def _name(self, name: str) -> str:
        """Return a name as it was first written, however it is typed now."""
        return self._spelled.setdefault(_in_full(name), name)


@lru_cache(maxsize=4096)
def _in_full(name: str) -> str:
    """Return a name without its shortness, blanks and capitals."""
    printed = printed_names(name)
    return printed[0].lower() if len(printed) == 1 else name.replace(" ", "").lower()
