"""Why what happens to packets is not known, with the lines of the text that it comes from."""

from __future__ import annotations

from dataclasses import dataclass

from translator.intents.condition import Condition
from translator.intents.match import ANY
from translator.intents.pipeline import Flow, Rule, Unclear

__all__ = ["Doubt"]


@dataclass(frozen=True, slots=True)
class Doubt:
    """A reason and the lines responsible, so that findings name these beside the sentence."""

    reason: str
    lines: tuple[int, ...] = ()

    @classmethod
    def at(cls, number: int, text: str) -> Doubt:
        """Return the doubt of a line whose words are the whole reason."""
        return cls(f"line {number}: {text}", (number,))

    def rule(self, condition: Condition = ANY) -> Rule:
        """Return the rule that makes the treatment of packets unknown; later rules go on."""
        return Rule(condition, (Unclear(self.reason),), Flow.NEXT, lines=self.lines)
