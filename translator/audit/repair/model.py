"""What a repair is: commands, what takes them back, and what was proven of both."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["Gap", "Repair"]


@dataclass(frozen=True, slots=True)
class Gap:
    """A moment in which packets are treated neither as before nor as after.

    Attributes:
        first, last: the commands, counted from 1, after which the gap is open; it closes with
            command `last + 1`.
        way: the interfaces between which it shows.
        box: packets concerned, the first of them in `packet`.
        before, meanwhile, after: their treatments.
    """

    first: int
    last: int
    opens: str
    closes: str
    way: str
    box: str
    packet: str
    before: str
    meanwhile: str
    after: str

    def __str__(self) -> str:
        return (
            f"from line {self.first} (`{self.opens}`) until line {self.last + 1} "
            f"(`{self.closes}`) is entered, {self.way}: {self.box} get {self.meanwhile}; "
            f"before {self.before}, after {self.after}"
        )


@dataclass(frozen=True, slots=True)
class Repair:
    """Commands that make a device do what is wanted; no commands where it does already.

    Attributes:
        commands: in the order in which they are entered, headers included.
        rollback: takes the commands back, from the state after all of them.
        atomic: the platform lets all commands take effect at once.
        gaps: where no order of the commands is without a moment between old and new.
        notes: what a reader should know, such as what is left behind.
        assumptions: unverified facts that the proof rests on.
        proof: what was proven, a sentence each.
        text: the configuration after the commands, as the model has it.
    """

    commands: tuple[str, ...] = ()
    rollback: tuple[str, ...] = ()
    atomic: bool = False
    gaps: tuple[Gap, ...] = ()
    notes: tuple[str, ...] = ()
    assumptions: tuple[str, ...] = ()
    proof: tuple[str, ...] = ()
    text: str = ""

    @property
    def needed(self) -> bool:
        """Whether anything has to be entered."""
        return bool(self.commands)
