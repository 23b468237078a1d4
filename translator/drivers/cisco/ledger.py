"""The account of a text: which lines bear on QoS, which were read, which were not and why."""

from __future__ import annotations

from collections.abc import Iterable

from translator.drivers.cisco.reader import TextLine
from translator.intents.device import Unread

__all__ = ["Ledger", "NotReadError"]


class NotReadError(Exception):
    """The meaning of a line, or of a part of it, is not known; never leaves the drivers."""


class Ledger:
    """Collects line numbers while a text is read; every QoS line ends as understood or unread."""

    def __init__(self) -> None:
        self._qos: set[int] = set()
        self._unread: dict[int, Unread] = {}
        self._notes: dict[str, None] = {}

    def copy(self) -> Ledger:
        """Return an account that goes on from here."""
        other = Ledger()
        other._qos = set(self._qos)
        other._unread = dict(self._unread)
        other._notes = dict(self._notes)
        return other

    def read(self, line: TextLine) -> None:
        """Count a QoS line whose whole meaning was read."""
        self._qos.add(line.number)

    def read_numbers(self, numbers: Iterable[int]) -> None:
        """Count such lines by their numbers."""
        self._qos.update(numbers)

    def unread(self, line: TextLine, reason: str) -> None:
        """Count a QoS line that was not understood."""
        self._qos.add(line.number)
        self._unread.setdefault(line.number, Unread(line.number, line.text, reason))

    def note(self, text: str) -> None:
        """Remember a sentence for the reader, once."""
        self._notes.setdefault(text)

    def add_notes(self, texts: Iterable[str]) -> None:
        """Remember several sentences."""
        for text in texts:
            self.note(text)

    @property
    def qos_lines(self) -> tuple[int, ...]:
        """Numbers of all QoS lines, ascending."""
        return tuple(sorted(self._qos))

    @property
    def understood(self) -> tuple[int, ...]:
        """Numbers of the QoS lines that were read, ascending."""
        return tuple(sorted(self._qos.difference(self._unread))) if self._unread else self.qos_lines

    @property
    def unread_lines(self) -> tuple[Unread, ...]:
        """The QoS lines that were not understood, in their order."""
        return tuple(self._unread[number] for number in sorted(self._unread))

    @property
    def notes(self) -> tuple[str, ...]:
        """The sentences, in the order they came up."""
        return tuple(self._notes)
