"""What a reader could not understand, collected while the tree is read."""

from __future__ import annotations

from translator.drivers.doubt import Doubt
from translator.drivers.juniper_junos.tree import Node
from translator.intents.device import Unread

__all__ = ["Report"]


class Report:
    """Lines whose meaning is not known, with the reason, and notes for the reader of a result."""

    def __init__(self) -> None:
        self.reasons: dict[int, str] = {}
        self._notes: dict[str, None] = {}

    def unread(self, node: Node, reason: str) -> str:
        """Record that a word and all below it was not understood; return the reason."""
        for line in node.all_lines():
            self.reasons.setdefault(line, reason)
        return reason

    def doubt(self, node: Node, reason: str) -> Doubt:
        """Record the same; return the reason with the lines."""
        return Doubt(self.unread(node, reason), tuple(sorted(set(node.all_lines()))))

    def note(self, text: str) -> None:
        """Record a sentence, once."""
        self._notes[text] = None

    @property
    def notes(self) -> tuple[str, ...]:
        """The notes in the order in which they came up."""
        return tuple(self._notes)

    def sweep(self, node: Node) -> None:
        """Record everything below a node that no reader has asked for."""
        for child in node.children.values():
            if child.read:
                self.sweep(child)
            else:
                self.unread(child, f"{child.word} is not understood here")

    def result(self, lines: list[str]) -> tuple[Unread, ...]:
        """Return what was not understood, in the order of the text."""
        return tuple(
            Unread(number, lines[number - 1].strip(), reason)
            for number, reason in sorted(self.reasons.items())
        )
