"""What drivers of Cisco's text share as `Edits`: commands entered, taken back and predicted."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from translator.drivers.cisco.edit import Editor

__all__ = ["EntersCommands"]


class EntersCommands(ABC):
    """A driver whose device takes commands one by one; reading needs none of this."""

    atomic = False

    @abstractmethod
    def editor(self, text: str) -> Editor:
        """Return the model of the device that holds the text."""

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
