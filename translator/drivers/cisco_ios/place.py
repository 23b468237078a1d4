"""An interface, subinterface or service instance while its lines are read."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from msgspec import Struct

from translator.drivers.cisco.reader import TextLine
from translator.drivers.cisco_ios.hidden import Hidden
from translator.drivers.doubt import Doubt
from translator.intents.condition import Condition
from translator.intents.match import ANY
from translator.intents.pipeline import Rule

__all__ = ["Chosen", "Place", "Ties", "serve_through"]


@dataclass(frozen=True, slots=True)
class Chosen:
    """What serves some packets of an interface, chosen by something that no header shows.

    Attributes:
        hidden: what is done to packets before the policy looks at them, if it serves output.
    """

    fact: str
    direction: str
    policy: str | None
    lines: tuple[int, ...]
    hidden: tuple[Hidden, ...] = ()


class Ties(Struct):
    """What an interface has to do with others, and packets have behind them where they leave by it.

    Attributes:
        hidden: what is done to packets before output classes look at them, by what does it.
        relations: the lines that tie it to other interfaces.
        elsewhere: what serves its packets where they go `through` other interfaces.
        pre_classified: whether interfaces beneath a tunnel see the header within.
    """

    hidden: dict[str, Hidden] = {}
    relations: list[TextLine] = []
    elsewhere: list[Chosen] = []
    through: dict[str, None] = {}
    pre_classified: bool = False


class Place(Struct):
    """An interface, subinterface or service instance while its lines are read.

    Attributes:
        policies: by direction, "in" or "out".
        unclear: by direction, the rules that say why what happens there is not known.
        ties: what it has to do with others, and packets have behind them where they leave by it;
            None of nearly all.
    """

    name: str
    lines: list[int] = []
    policies: dict[str, str] = {}
    unclear: dict[str, list[Rule]] = {}
    chosen: tuple[Chosen, ...] = ()
    ties: Ties | None = None
    macros: tuple[TextLine, ...] = ()
    shut: bool = False
    filtered: bool = False

    @property
    def has_qos(self) -> bool:
        return bool(self.policies or self.chosen or self.unclear or self.elsewhere)

    @property
    def hidden(self) -> Collection[Hidden]:
        """What is done to packets before output classes look at them."""
        return () if self.ties is None else self.ties.hidden.values()

    @property
    def relations(self) -> Sequence[TextLine]:
        """The lines that tie it to other interfaces."""
        return () if self.ties is None else self.ties.relations

    @property
    def elsewhere(self) -> Sequence[Chosen]:
        """What serves its packets where they go through other interfaces."""
        return () if self.ties is None else self.ties.elsewhere

    def tied(self) -> Ties:
        """Return what it has to do with others, to add to."""
        if self.ties is None:
            self.ties = Ties()
        return self.ties

    def doubt(self, directions: Iterable[str], doubt: Doubt, concerned: Condition = ANY) -> None:
        """Note why what happens to some packets in some directions is not known."""
        for direction in directions:
            self.unclear.setdefault(direction, []).append(doubt.rule(concerned))


def serve_through(outer: Place, nested: list[Place]) -> None:
    """Give an interface the policies of what stands below it: its packets go through one of these.

    A lone virtual circuit takes all packets of its interface.
    """
    if len(nested) == 1 and " pvc " in nested[0].name and not outer.policies:
        outer.policies.update(nested[0].policies)
        for direction, doubts in nested[0].unclear.items():
            outer.unclear.setdefault(direction, []).extend(doubts)
        return
    for direction in ("in", "out"):
        if any(direction in item.policies or direction in item.unclear for item in nested):
            for item in nested:
                fact = item.name[len(outer.name) + 1 :]
                policy = item.policies.get(direction)
                outer.chosen += (Chosen(fact, direction, policy, tuple(item.lines)),)
                outer.unclear.setdefault(direction, []).extend(item.unclear.get(direction, ()))
