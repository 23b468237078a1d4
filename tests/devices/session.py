"""One shell on a device, without any network: lines in, answers out."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .device import Device

__all__ = ["Fate", "Question", "Reply", "Session"]


class Fate(Enum):
    """What becomes of the connection after an answer."""

    STAYS = "stays"
    CLOSES = "closes"
    RESETS = "resets"
    HANGS = "hangs"


@dataclass(frozen=True, slots=True)
class Reply:
    """What a device says to a line."""

    text: str = ""
    refused: bool = False
    held: bool = False  # a line was taken for later, nothing is carried out yet
    fate: Fate = Fate.STAYS


@dataclass(frozen=True, slots=True)
class Question:
    """A device waits for an answer instead of a command."""

    prompt: str
    answer: Callable[[str], Reply]
    secret: bool = False


class Session(ABC):
    """The state of one shell: its mode, its terminal settings, an open question.

    Attributes:
        number: identity in the event log, from 1.
        page_lines: lines on a page before `--More--`, 0: no paging.
    """

    def __init__(self, device: Device, user: str, number: int) -> None:
        self.device = device
        self.user = user
        self.number = number
        self.page_lines = 24
        self.question: Question | None = None
        self.closed = False
        self.kick: Callable[[], object] | None = None  # breaks the connection; set by the server

    @property
    @abstractmethod
    def mode(self) -> str:
        """The name of the mode, as the event log shows it."""

    @property
    @abstractmethod
    def configuring(self) -> bool:
        """Whether a line would change a configuration."""

    @abstractmethod
    def prompt(self) -> str:
        """Return the prompt of the mode."""

    @abstractmethod
    def execute(self, line: str) -> Reply:
        """Carry out one line."""

    def greeting(self) -> str:
        """Return what is shown after login."""
        return ""

    def collects(self, pending: str) -> bool | None:
        """Return whether raw input is a unit of several lines, and whole; None: it is not."""
        return None

    def interrupt(self, key: str) -> Reply:
        """Carry out a control character: ^C, ^D or ^Z."""
        return Reply()

    def configuration_replaced(self) -> None:
        """The configuration was exchanged under this session."""
        return

    def shown_prompt(self) -> str:
        """Return the prompt, or the open question."""
        return self.question.prompt if self.question else self.prompt()

    def answer(self, line: str) -> Reply:
        """Answer the open question, or carry out a command."""
        question, self.question = self.question, None
        return question.answer(line) if question else self.execute(line)

    def close(self) -> None:
        """The session is over: give back what it held and break its connection."""
        self.closed = True
        if self.kick is not None:
            self.kick()
