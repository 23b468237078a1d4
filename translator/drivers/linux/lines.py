"""Keeps book of a text's lines: which bear on QoS, which were understood, which were not."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final, NoReturn

from translator.intents.device import Unread

__all__ = ["MOST_UNREAD", "LineBook", "TooMuchUnreadError"]

# No ruleset that somebody runs comes near; a text that is something else is soon done with.
MOST_UNREAD: Final = 5000


class TooMuchUnreadError(Exception):
    """So much was not understood that reading stops: all that follows may do anything."""


@dataclass(slots=True)
class LineBook:
    """Filled while reading; a line that was not understood always bears on QoS.

    Attributes:
        stopped_at: the line where reading stopped, because too much had not been understood.
    """

    _qos: set[int] = field(default_factory=set)
    _understood: set[int] = field(default_factory=set)
    _unread: dict[int, Unread] = field(default_factory=dict)
    _refused: int = 0
    stopped_at: int | None = None

    def qos(self, line: int) -> None:
        """Note that a line bears on QoS."""
        self._qos.add(line)

    def understood(self, line: int) -> None:
        """Note that the whole meaning of a line was read."""
        self._understood.add(line)

    def unread(self, line: int, text: str, reason: str) -> None:
        """Note that a line that bears on QoS was not understood; the first reason stays.

        Raises:
            TooMuchUnreadError: once, when there are too many of them; whoever reads the text says
                that what follows may do anything.
        """
        if self.stopped_at is not None:
            return
        self._qos.add(line)
        self._refused += 1
        if self._refused > MOST_UNREAD:
            why = f"{MOST_UNREAD} parts before it were not understood: reading stops here"
            self.stop(line, text, why)
        self._unread.setdefault(line, Unread(line, text.strip(), reason))

    def stop(self, line: int, text: str, reason: str) -> NoReturn:
        """Note that reading stops at a line, which stands for all that follows.

        Raises:
            TooMuchUnreadError: always.
        """
        self._qos.add(line)
        self.stopped_at = line
        self._unread[line] = Unread(line, text.strip(), reason)
        raise TooMuchUnreadError

    def without_bearing(self, line: int) -> None:
        """Note that a line, read or not, concerns no packet that we speak about."""
        if line == self.stopped_at:
            return
        self._qos.discard(line)
        self._unread.pop(line, None)

    @property
    def qos_lines(self) -> tuple[int, ...]:
        """All lines that bear on QoS, ascending."""
        return tuple(sorted(self._qos))

    @property
    def understood_lines(self) -> tuple[int, ...]:
        """Those of them that were understood, ascending."""
        return tuple(sorted((self._qos & self._understood) - self._unread.keys()))

    @property
    def unread_lines(self) -> tuple[Unread, ...]:
        """The others, ascending."""
        return tuple(self._unread[line] for line in sorted(self._unread))
