"""What the procedures of platforms share that are changed by typing at a prompt."""

from __future__ import annotations

from typing import ClassVar, Final

from translator.drivers.change import Channel, Command, Procedure, TypedAnswer, Work
from translator.drivers.looks import looked
from translator.drivers.reply_reader import StatesReplies
from translator.drivers.steps import carried_out

__all__ = ["NEXT_PAGE", "SHORT_S", "TypesCommands"]

SHORT_S: Final = 30.0
# A device that pages in spite of `terminal length 0`.
NEXT_PAGE: Final = TypedAnswer(r"--More--", " ", line_end=False)


class TypesCommands(StatesReplies):
    """Commands typed one by one, on a platform that saves all that is running.

    Attributes:
        questions: what any listing may ask, with its answer.
    """

    channel = Channel.CLI
    installs_script = False
    saves_running = True
    questions: ClassVar[tuple[TypedAnswer, ...]] = ()

    def _ordered(
        self,
        work: Work,
        text: str,
        timeout_s: float = SHORT_S,
        answers: tuple[TypedAnswer, ...] = (),
    ) -> Procedure[str]:
        """Have a command carried out that is none of the change's lines; return its output."""
        command = Command(text, timeout_s, answers, changes=True)
        return (yield from carried_out(self, work, command))

    def _seen(
        self,
        work: Work,
        text: str,
        timeout_s: float = SHORT_S,
        answers: tuple[TypedAnswer, ...] = (),
        *,
        optional: bool = False,
    ) -> Procedure[str]:
        """Return a listing; with `optional` also what a device says that does not know it."""
        command = Command(text, timeout_s, answers or self.questions)
        return (yield from looked(self, work, command, optional=optional)).text
