"""Calls of a device's programming interface: what is asked where no line is typed.

NAPALM carries them out. Which of its methods stands behind a call, and what is done about what
that method does wrong, is the session's part (`translator.push.napalm`); a procedure knows what
the call means.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from translator.errors import DriverError

__all__ = ["Call", "Method"]


class Method(StrEnum):
    """What is called, and what the text of its reply is.

    LOCK and UNLOCK do nothing where the session holds the lock already, or does not hold it.
    """

    FACTS = "facts"  # host name, serial number, model and release, as JSON
    CONFIG = "configuration"  # the running configuration, as the library gives it
    LOCK = "lock"
    UNLOCK = "unlock"  # what was not committed is discarded
    LOAD = "load"  # `text` into the candidate: all its lines or none
    COMPARE = "compare"  # the difference between candidate and running configuration
    CHECK = "check"  # whether the candidate could be committed
    COMMIT = "commit"  # `text` is its comment; `number` minutes until it is rolled back, 0: never
    ROLL_BACK = "roll back"  # the candidate becomes configuration `number` of the history


@dataclass(frozen=True, slots=True)
class Call:
    """One call; see `Method`.

    Attributes:
        timeout_s: longest time until its reply is complete.
        changes: it may change the device: the journal holds it before it is made.
        line: number of the change's line that it loads, from 1; 0: none, or several.
    """

    method: Method
    text: str = ""
    number: int = 0
    timeout_s: float = 30.0
    changes: bool = False
    line: int = 0

    def __post_init__(self) -> None:
        if not self.text.replace("\n", "").replace("\t", "").isprintable():
            raise DriverError(
                f"{self.method} of {self.text!r}: it holds a control character",
                hint="only line ends may stand between statements",
            )

    def __str__(self) -> str:
        match self.method:
            case Method.LOAD:
                return f"load of {len(self.text.splitlines())} statements"
            case Method.COMMIT:
                back = f", back in {self.number} minutes" if self.number else ""
                return f"commit {self.text}{back}"
            case Method.ROLL_BACK:
                return f"roll back {self.number}"
        return str(self.method)
