"""What drivers of Cisco's text share as `Edits`: commands entered, taken back and predicted."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from translator.drivers.base import Slot, Step

if TYPE_CHECKING:
    from translator.drivers.cisco.edit import Editor

__all__ = ["EditModel", "EntersCommands"]


class EditModel(NamedTuple):
    """How a platform takes commands.

    Attributes:
        editor: from the text that a device holds to a model of that device.
        repairs: ways from a text to a rendered one, for some slots; see `drivers.base.Edits`.
        assumptions: what is taken for granted.
    """

    editor: Callable[[str], Editor]
    repairs: Callable[[str, str, Sequence[Slot]], Iterator[tuple[Step, ...]]]
    assumptions: tuple[str, ...]


class EntersCommands(ABC):
    """A driver whose device takes commands one by one; reading needs none of this."""

    atomic = False

    @property
    @abstractmethod
    def edit_model(self) -> EditModel:
        """How commands are taken, imported when it is asked for."""

    @property
    def edit_assumptions(self) -> tuple[str, ...]:
        """What is taken for granted of entering commands."""
        return self.edit_model.assumptions

    def editor(self, text: str) -> Editor:
        """Return the model of the device that holds the text."""
        return self.edit_model.editor(text)

    def repairs(
        self, text: str, rendered: str, slots: Sequence[Slot]
    ) -> Iterator[tuple[Step, ...]]:
        """Yield ways to repair the slots: the first, or all of them if they go `together`."""
        return self.edit_model.repairs(text, rendered, slots)

    def apply(self, text: str, commands: Sequence[str]) -> str:
        """Return the running configuration after the commands were entered."""
        return _entered(self, text, tuple(commands))[0]

    def states(self, text: str, commands: Sequence[str]) -> Iterator[str]:
        """Yield the running configuration after each of the commands, one by one."""
        editor = self.editor(text)
        for line in commands:
            editor.enter(line)
            yield editor.text

    def undo(self, text: str, commands: Sequence[str]) -> tuple[str, ...]:
        """Return the commands that take the commands back."""
        return _entered(self, text, tuple(commands))[1]

    def predict(self, text: str, commands: Sequence[str]) -> str:
        """Return what ciscoconfparse makes of the text when the commands are entered."""
        from translator.drivers.cisco.edit_predict import predict

        return predict(text, commands)


@lru_cache(maxsize=4)  # who asks for the one asks for the other as well
def _entered(
    driver: EntersCommands, text: str, commands: tuple[str, ...]
) -> tuple[str, tuple[str, ...]]:
    """Return the configuration after the commands, and the commands that take them back."""
    editor = driver.editor(text).enter_all(commands)
    return editor.text, editor.undo()
